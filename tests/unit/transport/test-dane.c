/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What DNS has signed of a server's certificate (DANE), against a name server of the test's own; and each kind of record in memory. */
#include "ph-await.h"
#include "ph-scripted-server.h"
#include "tls-peer.h"
#include "transport/ph-dane.h"
#include "transport/ph-security-policy-private.h"
#include "transport/ph-tls-filter.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#define HOST "mail.example.org"
#define SMTP "send 220 mail.example.org ESMTP\nprefix EHLO \nsend 250 mail.example.org\nexpect QUIT\nsend 221 bye\nclosed\n"

/* Certificate @index of a file of the zoo, as selector and type want it, in hexadecimal. */
static char *
data_of (const char *name, guint index, guint selector, guint type)
{
  g_autofree char *path = ph_scripted_server_certificate (name);
  gnutls_x509_crt_t *chain;
  gnutls_datum_t file, octets;
  guint n;
  GString *hex = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpint (gnutls_load_file (path, &file), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_list_import2 (&chain, &n, &file, GNUTLS_X509_FMT_PEM, 0), >=, 0);
  g_assert_cmpint (index, <, n);
  if (selector == 0)
    gnutls_x509_crt_export2 (chain[index], GNUTLS_X509_FMT_DER, &octets);
  else
    {
      gnutls_pubkey_t key;

      gnutls_pubkey_init (&key);
      gnutls_pubkey_import_x509 (key, chain[index], 0);
      gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &octets);
      gnutls_pubkey_deinit (key);
    }
  bytes = g_bytes_new (octets.data, octets.size);
  gnutls_free (octets.data);
  gnutls_free (file.data);
  for (guint i = 0; i < n; i++)
    gnutls_x509_crt_deinit (chain[i]);
  gnutls_free (chain);
  if (type > 0)
    {
      g_string_free (hex, TRUE);
      return g_compute_checksum_for_bytes (type == 1 ? G_CHECKSUM_SHA256 : G_CHECKSUM_SHA512, bytes);
    }
  for (gsize i = 0; i < g_bytes_get_size (bytes); i++)
    g_string_append_printf (hex, "%02x", ((const guint8 *) g_bytes_get_data (bytes, NULL))[i]);
  return g_string_free (hex, FALSE);
}

typedef struct {
  const char  *name;
  const char  *certificate; /* that the server shows */
  const char  *host;
  gboolean     distrusted;  /* the authority is not known here */
  int          usage, selector, type;
  const char  *of; /* the certificate that the record is of; NULL: there is no record */
  guint        index;
  gboolean     required;
  PhDaneResult result;
  const char  *sentence;
} Record;

static const Record records[] = {
  { "this-certificate", "self-signed.pem", HOST, TRUE, 3, 0, 0, "self-signed.pem", .result = PH_DANE_MATCH },
  { "this-certificate-sha256", "expired.pem", HOST, TRUE, 3, 0, 1, "expired.pem", .result = PH_DANE_MATCH },
  { "this-key-sha512", "self-signed.pem", HOST, TRUE, 3, 1, 2, "server.pem", .result = PH_DANE_MATCH },
  { "another-certificate", "server.pem", "localhost", FALSE, 3, 0, 1, "expired.pem", .result = PH_DANE_MISMATCH,
    .sentence = "The certificate of localhost is not the one that its domain has published (DANE)" },
  { "this-authority", "server.pem", "localhost", TRUE, 2, 0, 1, "server.pem", 1, .result = PH_DANE_MATCH },
  { "this-authority-key", "intermediate.pem", "localhost", TRUE, 2, 1, 1, "intermediate.pem", 1, .result = PH_DANE_MATCH },
  { "this-authority-another-name", "server.pem", HOST, TRUE, 2, 0, 1, "server.pem", 1, .result = PH_DANE_MATCH,
    .sentence = "The certificate of mail.example.org is made out to another (localhost, 127.0.0.1, ::1)" },
  { "this-authority-expired", "expired.pem", "localhost", TRUE, 2, 0, 1, "server.pem", 1, .result = PH_DANE_MATCH,
    .sentence = "The certificate of localhost has expired (on 2001-12-31)" },
  { "certificate-and-authorities", "server.pem", "localhost", FALSE, 1, 1, 1, "server.pem", .result = PH_DANE_MATCH },
  { "certificate-without-authorities", "server.pem", "localhost", TRUE, 1, 1, 1, "server.pem", .result = PH_DANE_MATCH,
    .sentence = "The certificate of localhost comes from an authority that is not trusted (CN=Posthorn test authority)" },
  { "authority-and-authorities", "server.pem", "localhost", FALSE, 0, 0, 1, "server.pem", 1, .result = PH_DANE_MATCH },
  { "an-unknown-usage", "server.pem", "localhost", FALSE, 4, 0, 1, "expired.pem", .result = PH_DANE_NO_RECORD },
  { "none", "server.pem", "localhost", FALSE, .result = PH_DANE_NO_RECORD },
  { "none-where-one-is-required", "server.pem", "localhost", FALSE, .required = TRUE, .result = PH_DANE_NO_RECORD,
    .sentence = "The certificate of localhost has no signed record in the domain name system to prove it (DANE)" },
};

static GPtrArray *
make_records (const Record *record)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GByteArray *octets = g_byte_array_new ();
  g_autofree char *hex = NULL;
  guint8 head[3] = { record->usage, record->selector, record->type };

  /* garbage beside it changes nothing */
  g_ptr_array_add (list, g_bytes_new (head, 2));
  g_ptr_array_add (list, g_bytes_new ("\003\001\001short", 8));
  if (record->of == NULL)
    {
      g_byte_array_unref (octets);
      return list;
    }
  hex = data_of (record->of, record->index, record->selector, record->type);
  g_byte_array_append (octets, head, 3);
  for (const char *p = hex; *p != '\0'; p += 2)
    {
      guint8 octet = g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]);

      g_byte_array_append (octets, &octet, 1);
    }
  g_ptr_array_add (list, g_byte_array_free_to_bytes (octets));
  return list;
}

static void
test_record (gconstpointer data)
{
  const Record *record = data;
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autofree char *ca = tls_test_path (record->distrusted ? "self-signed.pem" : "ca.pem");
  g_autoptr (GPtrArray) list = make_records (record);
  g_autoptr (TlsPeer) peer = tls_peer_new (record->certificate, NULL);
  g_autoptr (PhByteQueue) nothing = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PhTlsFilter) tls = NULL;
  PhTlsInfo *info;

  ph_security_policy_set_ca_file (policy, ca);
  ph_security_policy_set_dane (policy, record->required ? PH_DANE_REQUIRED : PH_DANE_PREFER);
  tls = ph_tls_filter_new (policy, record->host, NULL, &error);
  g_assert_no_error (error);
  ph_tls_filter_set_dane (tls, list);
  while (ph_tls_filter_get_info (tls) == NULL && error == NULL)
    {
      ph_filter_send (PH_FILTER (tls), nothing, peer->input, &error);
      tls_peer_run (peer);
      ph_filter_receive (PH_FILTER (tls), peer->output, nothing, &error);
    }
  g_assert_no_error (error);
  info = ph_tls_filter_get_info (tls);
  g_assert_cmpstr (ph_tls_info_get_explanation (info), ==, record->sentence);
  g_assert_cmpint (ph_tls_info_get_dane (info), ==, record->result);
}

/* --- with a name server --- */

typedef struct {
  GSubprocess *process;
  char        *anchor;
  char        *resolver;
} NameServer;

static NameServer *
name_server_new (void)
{
  NameServer *self = g_new0 (NameServer, 1);
  g_autofree char *hex = data_of ("wrong-name.pem", 0, 1, 1);
  g_autofree char *right = g_strdup_printf ("_465._tcp." HOST "=3 1 1 %s", hex);
  g_autofree char *wrong = g_strdup_printf ("_466._tcp." HOST "=3 1 2 %s%s", hex, hex);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  close (g_file_open_tmp ("posthorn-anchor-XXXXXX", &self->anchor, NULL));
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, PH_TEST_PYTHON, PH_TEST_DNS_SERVER,
                                    "example.org.", self->anchor, right, wrong, "_467._tcp." HOST "=forged", "_468._tcp." HOST "=broken",
                                    "_469._tcp." HOST "=nothing", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_assert_true (line != NULL && g_str_has_prefix (line, "port "));
  self->resolver = g_strdup_printf ("127.0.0.1@%s", line + strlen ("port "));
  return self;
}

static void
name_server_free (NameServer *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_remove (self->anchor);
  g_free (self->anchor);
  g_free (self->resolver);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NameServer, name_server_free)

static void
test_lookup (void)
{
  static const struct { guint port; int n; const char *words; } cases[] = {
    { 465, 1, NULL }, { 469, 0, NULL }, { 470, 0, NULL }, { 467, -1, "the answer is forged or broken (DNSSEC)" }, { 468, -1, "the name server failed" },
  };
  g_autoptr (NameServer) server = name_server_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (GPtrArray) list = ph_dane_lookup (HOST, cases[i].port, server->resolver, server->anchor, 30, NULL, &reason);

      if (list == NULL)
        g_test_message ("%s", reason->message);
      g_assert_cmpint (list != NULL ? (int) list->len : -1, ==, cases[i].n);
      if (cases[i].words == NULL)
        continue;
      g_assert_error (reason, PH_ERROR, PH_ERROR_TLS);
      g_assert_true (g_str_has_suffix (reason->message, cases[i].words));
    }
  g_cancellable_cancel (cancelled);
  g_assert_null (ph_dane_lookup (HOST, 465, server->resolver, server->anchor, 30, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (ph_dane_lookup (HOST, 465, server->resolver, "/nonexistent/root.key", 30, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
}

static PhConnection *
connect_to (PhScriptedServer *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) stream =
    g_socket_client_connect_to_host (client, "127.0.0.1", ph_scripted_server_get_port (server), NULL, NULL);

  g_assert_nonnull (stream);
  return ph_connection_new_for_stream (G_IO_STREAM (stream), NULL);
}

/* The authority is unknown here: what opens the session is the record alone. */
static void
test_session (gconstpointer async)
{
  static const struct { guint port; int code; const char *words; } cases[] = {
    { 465, 0, NULL },
    { 466, PH_ERROR_BAD_CERTIFICATE, "is not the one that its domain has published (DANE)" },
    { 467, PH_ERROR_TLS, "What DNS says of the certificate of mail.example.org (DANE) can't be had: the answer is forged or broken (DNSSEC)" },
    { 469, PH_ERROR_BAD_CERTIFICATE, "comes from an authority that is not trusted" },
  };
  g_autoptr (NameServer) names = name_server_new ();
  g_autofree char *ca = ph_scripted_server_certificate ("self-signed.pem");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (cases[i].code == 0 ? SMTP : "gone", "--tls", "--certificate", "wrong-name", NULL);
      g_autofree char *uri = g_strdup_printf ("smtps://" HOST ":%u", cases[i].port);
      g_autoptr (PhSession) session = ph_session_new (uri, NULL);
      g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
      g_autoptr (PhConnection) connection = connect_to (server);
      g_autoptr (GError) error = NULL;

      ph_security_policy_set_ca_file (policy, ca);
      ph_security_policy_set_dane (policy, PH_DANE_PREFER);
      ph_security_policy_set_dane_resolver (policy, names->resolver, names->anchor);
      ph_session_set_policy (session, policy);
      ph_session_set_connection (session, connection);
      g_assert_cmpint (ph_await_open (session, async != NULL, &error), ==, cases[i].code == 0);
      if (cases[i].code == 0)
        {
          g_assert_no_error (error);
          g_assert_cmpint (ph_tls_info_get_dane (ph_session_get_tls_info (session)), ==, PH_DANE_MATCH);
          g_assert_true (ph_session_close (session, NULL, NULL));
        }
      else
        {
          g_assert_error (error, PH_ERROR, cases[i].code);
          g_assert_nonnull (strstr (error->message, cases[i].words));
        }
      g_clear_object (&session);
      g_clear_object (&connection);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dane/records/%s", records[i].name);

      g_test_add_data_func (path, &records[i], test_record);
    }
  g_test_add_func ("/dane/answers-are-proven-or-refused", test_lookup);
  g_test_add_data_func ("/dane/a-session-asks/blocking", NULL, test_session);
  g_test_add_data_func ("/dane/a-session-asks/async", "async", test_session);
  return g_test_run ();
}
