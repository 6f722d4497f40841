/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The TLS filter against a GnuTLS server in memory. */
#include "tls-peer.h"
#include "transport/ph-tls-filter.h"

#include <string.h>

/* The filter and its server, and what stands between them */
typedef struct {
  PhSecurityPolicy *policy;
  PhTlsFilter      *tls;
  PhFilter         *filter;
  TlsPeer          *peer;
  PhByteQueue      *network; /* from the server, not received yet */
  PhByteQueue      *plain;   /* received */
  PhByteQueue      *sending; /* the engine's, not sent yet */
  gsize             step;    /* octets that a receive () is given at most */
  GError           *error;
} Pair;

static Pair *
pair_new (const char *certificate, const char *priority, const char *host, const char *alpn)
{
  Pair *self = g_new0 (Pair, 1);

  self->policy = tls_test_policy ();
  self->tls = ph_tls_filter_new (self->policy, host, alpn, &self->error);
  g_assert_no_error (self->error);
  self->filter = PH_FILTER (self->tls);
  self->peer = tls_peer_new (certificate, priority);
  self->network = ph_byte_queue_new ();
  self->plain = ph_byte_queue_new ();
  self->sending = ph_byte_queue_new ();
  self->step = G_MAXSIZE;
  return self;
}

static void
pair_free (Pair *self)
{
  g_clear_error (&self->error);
  g_object_unref (self->tls);
  g_object_unref (self->policy);
  tls_peer_free (self->peer);
  ph_byte_queue_unref (self->network);
  ph_byte_queue_unref (self->plain);
  ph_byte_queue_unref (self->sending);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static gboolean
pair_send (Pair *self)
{
  gsize before = ph_byte_queue_get_length (self->peer->input);

  if (!ph_filter_send (self->filter, self->sending, self->peer->input, &self->error))
    return FALSE;
  return ph_byte_queue_get_length (self->peer->input) > before;
}

static void
pair_receive (Pair *self)
{
  g_autoptr (PhByteQueue) none = ph_byte_queue_new ();
  g_autoptr (PhByteQueue) part = ph_byte_queue_new ();

  ph_byte_queue_move (self->network, self->peer->output);
  while (ph_byte_queue_get_length (self->network) > 0 && self->error == NULL)
    {
      gsize length;
      const guint8 *data = ph_byte_queue_peek (self->network, &length);

      length = MIN (length, self->step);
      ph_byte_queue_append (part, data, length);
      ph_byte_queue_consume (self->network, length);
      if (!ph_filter_receive (self->filter, part, self->plain, &self->error) ||
          !ph_filter_send (self->filter, none, self->peer->input, &self->error))
        return;
      if (ph_tls_filter_get_state (self->tls) == PH_TLS_STATE_QUESTION)
        break;
    }
  /* what it left comes first the next time */
  ph_byte_queue_move (part, self->network);
  ph_byte_queue_move (self->network, part);
}

/* Until neither side has anything to say */
static void
pair_run (Pair *self)
{
  gboolean goes_on;

  do
    {
      gsize before = ph_byte_queue_get_length (self->network);

      goes_on = self->error == NULL && pair_send (self);
      tls_peer_run (self->peer);
      goes_on |= ph_byte_queue_get_length (self->peer->output) > 0 || before > 0;
      if (self->error == NULL)
        pair_receive (self);
      goes_on |= ph_byte_queue_get_length (self->peer->input) > 0;
    }
  while (goes_on && self->error == NULL && ph_tls_filter_get_state (self->tls) != PH_TLS_STATE_QUESTION);
}

static Pair *
pair_open (const char *priority)
{
  Pair *self = pair_new ("server.pem", priority, "localhost", NULL);

  pair_run (self);
  g_assert_no_error (self->error);
  g_assert_cmpint (ph_tls_filter_get_state (self->tls), ==, PH_TLS_STATE_OPEN);
  return self;
}

static void
expect_plain (Pair *self, const char *text)
{
  gsize length;
  const char *data = (const char *) ph_byte_queue_peek (self->plain, &length);

  g_assert_cmpmem (data, length, text, strlen (text));
  ph_byte_queue_consume (self->plain, length);
}

static void
test_open (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_new ("server.pem", priority, "localhost", "imap");
  PhTlsInfo *info;
  char name[64];
  gsize size = sizeof name;
  guint type;

  ph_byte_queue_append (pair->sending, "hello", 5);
  g_assert_null (ph_tls_filter_get_info (pair->tls));
  pair_run (pair);
  g_assert_no_error (pair->error);
  g_assert_cmpint (ph_tls_filter_get_state (pair->tls), ==, PH_TLS_STATE_OPEN);
  g_assert_cmpstr (pair->peer->received->str, ==, "hello");
  g_assert_cmpint (gnutls_server_name_get (pair->peer->session, name, &size, &type, 0), ==, 0);
  g_assert_cmpstr (name, ==, "localhost");

  info = ph_tls_filter_get_info (pair->tls);
  g_assert_cmpstr (ph_tls_info_get_protocol (info), ==, strstr (priority, "TLS1.3") ? "TLS1.3" : "TLS1.2");
  g_assert_cmpstr (ph_tls_info_get_cipher (info), ==, gnutls_cipher_get_name (gnutls_cipher_get (pair->peer->session)));
  g_assert_null (ph_tls_info_get_alpn (info));
  g_assert_cmpint (ph_tls_info_get_errors (info), ==, 0);
  g_assert_cmpint (ph_tls_info_get_chain (info)->len, ==, 2);
  g_assert_cmpstr (ph_tls_info_get_subject (info), ==, "CN=localhost");
  g_assert_cmpstr (ph_tls_info_get_issuer (info), ==, "CN=Posthorn test authority");
  g_assert_cmpint (g_date_time_get_year (ph_tls_info_get_expiry (info)), ==, 2049);

  tls_peer_send (pair->peer, "welcome", 7);
  pair_run (pair);
  expect_plain (pair, "welcome");
}

static void
test_alpn (void)
{
  g_autoptr (Pair) pair = pair_new ("server.pem", NULL, "localhost", "imap");
  const gnutls_datum_t protocols[] = { { (guint8 *) "http/1.1", 8 }, { (guint8 *) "imap", 4 } };

  gnutls_alpn_set_protocols (pair->peer->session, protocols, 2, 0);
  pair_run (pair);
  g_assert_no_error (pair->error);
  g_assert_cmpstr (ph_tls_info_get_alpn (ph_tls_filter_get_info (pair->tls)), ==, "imap");
}

static void
test_bytes (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_new ("server.pem", priority, "localhost", NULL);

  pair->step = 1;
  ph_byte_queue_append (pair->sending, "hello", 5);
  pair_run (pair);
  g_assert_no_error (pair->error);
  g_assert_cmpstr (pair->peer->received->str, ==, "hello");
  tls_peer_send (pair->peer, "wel", 3);
  tls_peer_send (pair->peer, "come", 4);
  pair_run (pair);
  expect_plain (pair, "welcome");
}

static void
test_large (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_open (priority);
  g_autofree char *data = g_malloc (1 << 20);
  gsize length;
  const guint8 *plain;

  for (gsize i = 0; i < 1 << 20; i++)
    data[i] = (char) (i * 2654435761u >> 13);
  ph_byte_queue_append (pair->sending, data, 1 << 20);
  tls_peer_send (pair->peer, data, 1 << 20);
  pair->step = 100000;
  pair_receive (pair);
  pair_run (pair);
  g_assert_no_error (pair->error);
  plain = ph_byte_queue_peek (pair->plain, &length);
  g_assert_cmpmem (plain, length, data, 1 << 20);
  g_assert_cmpmem (pair->peer->received->str, pair->peer->received->len, data, 1 << 20);
}

/* Receives @length octets of what the network has, behind what was left of earlier ones in @input. */
static void
receive_some (Pair *self, PhByteQueue *input, gsize length)
{
  ph_byte_queue_append (input, ph_byte_queue_peek (self->network, NULL), length);
  ph_byte_queue_consume (self->network, length);
  ph_filter_receive (self->filter, input, self->plain, &self->error);
}

static void
test_parts_of_records (gconstpointer priority)
{
  static const gsize parts[] = { 1, 4, 5, 6, 1000 };
  g_autoptr (Pair) pair = pair_open (priority);
  g_autoptr (PhByteQueue) input = ph_byte_queue_new ();
  char text[20001] = "";

  memset (text, 'x', sizeof text - 1);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      gsize length;

      tls_peer_send (pair->peer, text, sizeof text - 1);
      ph_byte_queue_move (pair->network, pair->peer->output);
      length = ph_byte_queue_get_length (pair->network);
      receive_some (pair, input, parts[i]);
      g_assert_cmpuint (ph_byte_queue_get_length (input), ==, parts[i]);
      g_assert_cmpuint (ph_byte_queue_get_length (pair->plain), ==, 0);
      receive_some (pair, input, length - parts[i] - 1);
      g_assert_cmpuint (ph_byte_queue_get_length (input), <, length - 16384);
      g_assert_cmpuint (ph_byte_queue_get_length (pair->plain), ==, 16384);
      receive_some (pair, input, 1);
      g_assert_no_error (pair->error);
      g_assert_cmpuint (ph_byte_queue_get_length (input), ==, 0);
      expect_plain (pair, text);
    }
}

static void
test_long_record (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_open (priority);
  g_autoptr (PhByteQueue) input = ph_byte_queue_new ();

  ph_byte_queue_append (pair->network, "\x17\x03\x03\xff\xff", 5);
  receive_some (pair, input, 5);
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_TLS);
}

static void
test_addresses (void)
{
  const char *hosts[] = { "127.0.0.1", "::1", "::1%lo" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (Pair) pair = pair_new ("server.pem", NULL, hosts[i], NULL);
      char name[64];
      gsize size = sizeof name;
      guint type;

      pair_run (pair);
      g_assert_no_error (pair->error);
      g_assert_cmpint (ph_tls_filter_get_state (pair->tls), ==, PH_TLS_STATE_OPEN);
      g_assert_cmpint (gnutls_server_name_get (pair->peer->session, name, &size, &type, 0), ==, GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
    }
}

typedef struct {
  const char          *certificate;
  const char          *host;
  GTlsCertificateFlags errors;
  const char          *message;
} BadCertificate;

static const BadCertificate bad_certificates[] = {
  { "expired.pem", "localhost", G_TLS_CERTIFICATE_EXPIRED, "The certificate of localhost has expired (on 2001-12-31)" },
  { "not-yet-valid.pem", "localhost", G_TLS_CERTIFICATE_NOT_ACTIVATED, "The certificate of localhost is not valid before 2048-01-01" },
  { "wrong-name.pem", "localhost", G_TLS_CERTIFICATE_BAD_IDENTITY, "The certificate of localhost is made out to another (mail.example.org)" },
  { "server.pem", "192.0.2.1", G_TLS_CERTIFICATE_BAD_IDENTITY,
    "The certificate of 192.0.2.1 is made out to another (localhost, 127.0.0.1, ::1)" },
  { "server.pem", "bücher.example", G_TLS_CERTIFICATE_BAD_IDENTITY,
    "The certificate of xn--bcher-kva.example is made out to another (localhost, 127.0.0.1, ::1)" },
  { "server.pem", "", G_TLS_CERTIFICATE_BAD_IDENTITY, NULL },
  { "self-signed.pem", "localhost", G_TLS_CERTIFICATE_UNKNOWN_CA, "The certificate of localhost is signed by itself, and not trusted" },
  { "expired.pem", "elsewhere.example", G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_BAD_IDENTITY,
    "The certificate of elsewhere.example has expired (on 2001-12-31), and is made out to another "
    "(localhost, 127.0.0.1, ::1, expired.localhost)" },
};

static void
test_refused (gconstpointer data)
{
  const BadCertificate *bad = data;

  for (int version = 0; version < 2; version++)
    {
      g_autoptr (Pair) pair = pair_new (bad->certificate, version == 0 ? TLS12 : TLS13, bad->host, NULL);

      ph_byte_queue_append (pair->sending, "secret", 6);
      pair_run (pair);
      g_assert_no_error (pair->error);
      g_assert_cmpint (ph_tls_filter_get_state (pair->tls), ==, PH_TLS_STATE_QUESTION);
      g_assert_cmpint (ph_tls_info_get_errors (ph_tls_filter_get_info (pair->tls)), ==, bad->errors);

      ph_tls_filter_answer (pair->tls, FALSE);
      g_assert_false (pair_send (pair));
      g_assert_error (pair->error, PH_ERROR, PH_ERROR_BAD_CERTIFICATE);
      if (bad->message != NULL)
        g_assert_cmpstr (pair->error->message, ==, bad->message);
      g_clear_error (&pair->error);
      g_assert_false (ph_filter_receive (pair->filter, pair->network, pair->plain, &pair->error));
      g_assert_error (pair->error, PH_ERROR, PH_ERROR_BAD_CERTIFICATE);
      g_assert_cmpint (ph_byte_queue_get_length (pair->sending), ==, 6);

      /* the server hears why, and nothing else */
      ph_filter_finish (pair->filter, pair->peer->input);
      tls_peer_run (pair->peer);
      g_assert_cmpint (pair->peer->error, ==, GNUTLS_E_FATAL_ALERT_RECEIVED);
      g_assert_cmpint (pair->peer->received->len, ==, 0);
    }
}

static void
test_accepted (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_new ("self-signed.pem", priority, "localhost", NULL);

  ph_byte_queue_append (pair->sending, "hello", 5);
  pair_run (pair);
  g_assert_cmpint (ph_tls_filter_get_state (pair->tls), ==, PH_TLS_STATE_QUESTION);
  tls_peer_run (pair->peer);
  g_assert_true (pair->peer->is_open);
  tls_peer_send (pair->peer, "greeting", 8);
  ph_byte_queue_move (pair->network, pair->peer->output);

  /* neither side's octets pass until there is an answer */
  g_assert_true (ph_filter_receive (pair->filter, pair->network, pair->plain, &pair->error));
  g_assert_false (pair_send (pair));
  g_assert_no_error (pair->error);
  g_assert_cmpint (ph_byte_queue_get_length (pair->plain), ==, 0);
  g_assert_cmpint (ph_byte_queue_get_length (pair->network), >, 0);

  ph_tls_filter_answer (pair->tls, TRUE);
  pair_run (pair);
  g_assert_no_error (pair->error);
  expect_plain (pair, "greeting");
  g_assert_cmpstr (pair->peer->received->str, ==, "hello");
}

static void
test_cut_off (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_open (priority);
  g_autoptr (Pair) early = pair_new ("server.pem", priority, "localhost", NULL);

  tls_peer_send (pair->peer, "* 1 EX", 6);
  pair_run (pair);
  g_assert_false (ph_filter_end_of_input (pair->filter, &pair->error));
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_CLOSED);
  g_assert_nonnull (strstr (pair->error->message, "cut off"));

  g_assert_true (pair_send (early));
  g_assert_false (ph_filter_end_of_input (early->filter, &early->error));
  g_assert_error (early->error, PH_ERROR, PH_ERROR_CLOSED);
}

static void
test_goodbye (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_open (priority);

  tls_peer_send (pair->peer, "bye", 3);
  gnutls_bye (pair->peer->session, GNUTLS_SHUT_WR);
  pair_receive (pair);
  expect_plain (pair, "bye");
  g_assert_cmpint (ph_tls_filter_get_state (pair->tls), ==, PH_TLS_STATE_CLOSED);
  g_assert_true (ph_filter_end_of_input (pair->filter, &pair->error));
  ph_filter_finish (pair->filter, pair->peer->input);
  ph_filter_finish (pair->filter, pair->peer->input);
  tls_peer_run (pair->peer);
  g_assert_true (pair->peer->saw_goodbye);
}

static void
test_key_update (void)
{
  g_autoptr (Pair) pair = pair_open (TLS13);

  for (int i = 0; i < 3; i++)
    {
      g_string_truncate (pair->peer->received, 0);
      g_assert_cmpint (gnutls_session_key_update (pair->peer->session, GNUTLS_KU_PEER), ==, 0);
      tls_peer_send (pair->peer, "new key", 7);
      pair_receive (pair);
      expect_plain (pair, "new key");
      ph_byte_queue_append (pair->sending, "new key here", 12);
      pair_run (pair);
      g_assert_no_error (pair->error);
      g_assert_cmpint (pair->peer->error, ==, 0);
      g_assert_cmpstr (pair->peer->received->str, ==, "new key here");
    }
}

static void
test_rehandshake (void)
{
  g_autoptr (Pair) pair = pair_open (TLS12);

  g_assert_cmpint (gnutls_rehandshake (pair->peer->session), ==, 0);
  pair_receive (pair);
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_cmpstr (pair->error->message, ==, "localhost asked for a second TLS handshake, which is refused");
}

static void
test_alert (void)
{
  g_autoptr (Pair) pair = pair_new ("server.pem", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", "localhost", NULL);

  pair_run (pair);
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (pair->error->message, "The TLS handshake with localhost failed: the server's alert: "));
}

static void
test_plain_text (void)
{
  g_autoptr (Pair) pair = pair_new ("server.pem", NULL, "localhost", NULL);

  g_assert_true (pair_send (pair));
  ph_byte_queue_append (pair->network, "* OK ready\r\n", 12);
  pair_receive (pair);
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (pair->error->message, "does not speak TLS here"));
}

/* The version that a record's header bears means nothing (RFC 8446 section 5.1) and is not protected. */
static gboolean
is_unprotected (const guint8 *data, gsize length, gsize place)
{
  for (gsize record = 0; record + 5 <= length; record += 5 + (data[record + 3] << 8 | data[record + 4]))
    if (place == record + 1 || place == record + 2)
      return TRUE;
  return FALSE;
}

/* One octet of the server's flight is wrong, at each place in turn. */
static void
test_damage (gconstpointer priority)
{
  gsize length = 1;

  for (gsize i = 0; i < length; i += 1 + i / 12)
    {
      g_autoptr (Pair) pair = pair_new ("server.pem", priority, "localhost", NULL);
      guint8 *data;
      gboolean is_harmless;

      pair_send (pair);
      tls_peer_run (pair->peer);
      data = (guint8 *) ph_byte_queue_peek (pair->peer->output, &length);
      is_harmless = is_unprotected (data, length, i);
      data[i] ^= 0x10;
      pair_run (pair);
      if (pair->error != NULL)
        g_assert_cmpint (pair->error->domain, ==, PH_ERROR);
      else if (!is_harmless)
        g_assert_false (pair->peer->is_open && ph_tls_filter_get_state (pair->tls) == PH_TLS_STATE_OPEN);
    }
}

static void
test_damaged_record (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_open (priority);
  gsize length;
  guint8 *data;

  tls_peer_send (pair->peer, "unharmed", 8);
  data = (guint8 *) ph_byte_queue_peek (pair->peer->output, &length);
  data[length - 1] ^= 1;
  pair_receive (pair);
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_cmpint (ph_byte_queue_get_length (pair->plain), ==, 0);
  g_clear_error (&pair->error);
  g_assert_false (ph_filter_receive (pair->filter, pair->network, pair->plain, &pair->error));
  g_assert_error (pair->error, PH_ERROR, PH_ERROR_TLS);
}

static void
test_client_certificate (gconstpointer priority)
{
  g_autoptr (Pair) pair = pair_new ("server.pem", priority, "localhost", NULL);
  g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
  g_autofree char *certificate = tls_test_path ("client.pem");
  g_autofree char *key = tls_test_path ("client.key");
  guint status = 1;

  ph_security_policy_set_certificate (policy, certificate, key);
  g_object_unref (pair->tls);
  pair->tls = ph_tls_filter_new (policy, "localhost", NULL, &pair->error);
  pair->filter = PH_FILTER (pair->tls);
  tls_peer_ask_client (pair->peer);
  pair_run (pair);
  g_assert_no_error (pair->error);
  g_assert_true (pair->peer->is_open);
  g_assert_cmpint (gnutls_certificate_verify_peers2 (pair->peer->session, &status), ==, 0);
  g_assert_cmpint (status, ==, 0);
}

static void
add_versions (const char *name, GTestDataFunc func)
{
  g_autofree char *tls12 = g_strdup_printf ("/tls-filter/%s/tls1.2", name);
  g_autofree char *tls13 = g_strdup_printf ("/tls-filter/%s/tls1.3", name);

  g_test_add_data_func (tls12, TLS12, func);
  g_test_add_data_func (tls13, TLS13, func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_versions ("handshake-opens-and-octets-pass", test_open);
  add_versions ("it-works-byte-by-byte", test_bytes);
  add_versions ("a-megabyte-passes-both-ways", test_large);
  add_versions ("a-part-of-a-record-waits-for-the-rest", test_parts_of_records);
  add_versions ("a-record-that-is-too-long-is-refused-at-its-head", test_long_record);
  add_versions ("an-accepted-certificate-opens-and-nothing-passes-before", test_accepted);
  add_versions ("an-end-without-goodbye-is-an-error", test_cut_off);
  add_versions ("goodbyes-are-heard-and-said-once", test_goodbye);
  add_versions ("a-damaged-handshake-does-not-open", test_damage);
  add_versions ("a-damaged-record-ends-the-channel-for-good", test_damaged_record);
  add_versions ("a-client-certificate-is-shown", test_client_certificate);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_certificates); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/tls-filter/a-bad-certificate-is-refused/%s-%s", bad_certificates[i].certificate, bad_certificates[i].host);

      g_test_add_data_func (path, &bad_certificates[i], test_refused);
    }
  g_test_add_func ("/tls-filter/alpn-is-agreed-upon", test_alpn);
  g_test_add_func ("/tls-filter/addresses-are-verified-and-not-announced", test_addresses);
  g_test_add_func ("/tls-filter/keys-can-be-updated", test_key_update);
  g_test_add_func ("/tls-filter/a-second-handshake-is-refused", test_rehandshake);
  g_test_add_func ("/tls-filter/a-servers-alert-is-told", test_alert);
  g_test_add_func ("/tls-filter/a-plain-text-server-is-told-apart", test_plain_text);
  return g_test_run ();
}
