/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session makes of connections that are good, bad and hostile; and both ways to wait. */
#include <posthorn/posthorn.h>

#include "ph-await.h"
#include "ph-scripted-server.h"

#include <string.h>

#define GREETING "send 220 mail.example.org ESMTP\n"
#define HELLO GREETING "prefix EHLO \nsend 250-mail.example.org\nsend 250-PIPELINING\nsend 250 8BITMIME\n"
#define QUIT "expect QUIT\nsend 221 bye\nclosed\n"

/* A session with @server; TLS as @mode says, trusting the test's authority. */
static PhSession *
session_for (PhScriptedServer *server, const char *base, PhTlsMode mode)
{
  g_autofree char *uri = ph_scripted_server_uri (server, base);
  g_autofree char *ca = ph_scripted_server_certificate ("ca.pem");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_tls_mode (policy, mode);
  ph_security_policy_set_ca_file (policy, ca);
  ph_session_set_policy (session, policy);
  ph_session_set_hello_name (session, "client.example.org");
  g_assert_cmpstr (ph_session_get_hello_name (session), ==, "client.example.org");
  return session;
}

static void
assert_sentence (const GError *error, int code, const char *part)
{
  g_assert_error (error, PH_ERROR, code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” isn't in “%s”", part, error->message);
}

static void
assert_opening_fails (const char *script, PhTlsMode mode, int code, const char *part)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", mode);
  g_autoptr (GError) error = NULL;

  ph_session_set_timeout (session, PH_TIMEOUT_GREETING, 1);
  ph_session_set_timeout (session, PH_TIMEOUT_TLS, 1);
  g_assert_false (ph_session_open (session, NULL, &error));
  assert_sentence (error, code, part);
  g_assert_false (ph_session_is_open (session));
  ph_scripted_server_finish (server);
}

static void
test_uris (void)
{
  static const struct { const char *uri; int code; } cases[] = {
    { "gopher://localhost", PH_ERROR_UNKNOWN_SCHEME },
    { "no uri at all", PH_ERROR_INVALID_URI },
    { "smtp://alice:secret@localhost", PH_ERROR_INVALID_URI },
    { "smtp:///path", PH_ERROR_INVALID_URI },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ph_session_new (cases[i].uri, &error));
      g_assert_error (error, PH_ERROR, cases[i].code);
      g_assert_null (strstr (error->message, "secret"));
    }
}

static void
test_bad_beginnings (void)
{
  assert_opening_fails ("hang", PH_TLS_NEVER, PH_ERROR_TIMED_OUT, "localhost");
  assert_opening_fails ("close", PH_TLS_NEVER, PH_ERROR_CLOSED, "localhost");
  assert_opening_fails (GREETING "prefix EHLO \nreset", PH_TLS_NEVER, PH_ERROR_CLOSED, "was lost");
  assert_opening_fails ("send HTTP/1.0 400 Bad Request\ngone", PH_TLS_NEVER, PH_ERROR_PROTOCOL, "localhost");
  assert_opening_fails ("send 554 no service\ngone", PH_TLS_NEVER, PH_ERROR_GREETING, "554 no service");
  assert_opening_fails ("endless 400000000 a", PH_TLS_NEVER, PH_ERROR_LIMIT, "localhost");
}

static void
test_starttls_attacks (void)
{
  assert_opening_fails (GREETING "prefix EHLO \nsend 250 mail.example.org\ngone", PH_TLS_REQUIRED, PH_ERROR_TLS_REQUIRED, "TLS");
  assert_opening_fails (GREETING "prefix EHLO \nsend 250-mail.example.org\nsend 250 STARTTLS\nexpect STARTTLS\n"
                                 "raw 220 go\\r\\n250 AUTH PLAIN\\r\\n\ngone",
                        PH_TLS_REQUIRED, PH_ERROR_INJECTED, "plain text");
  assert_opening_fails (GREETING "prefix EHLO \nsend 250-mail.example.org\nsend 250 STARTTLS\nexpect STARTTLS\nsend 220 go\nhang",
                        PH_TLS_REQUIRED, PH_ERROR_TIMED_OUT, "TLS handshake");
  assert_opening_fails (GREETING "prefix EHLO \nsend 250-mail.example.org\nsend 250 STARTTLS\nexpect STARTTLS\nsend 220 go\nclose",
                        PH_TLS_REQUIRED, PH_ERROR_TLS, "TLS handshake");
}

static void
test_single_octets (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    "single 220 mail.example.org ESMTP\\r\\n\nprefix EHLO \nsingle 250-mail.example.org\\r\\n250 8BITMIME\\r\\n\n"
    "expect NOOP\nsingle 250 fine\\r\\n\n" QUIT, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_session_noop (session, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ph_session_has_capability (session, "8bitmime"));
  g_assert_true (ph_session_close (session, NULL, &error));
  g_assert_no_error (error);
  ph_scripted_server_finish (server);
}

static void
test_refused_port (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("hang", NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&server, ph_scripted_server_free);
  g_assert_false (ph_session_open (session, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_CONNECT);
}

static gboolean
accept_it (PhSession *session, PhTlsInfo *info, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(GTlsCertificateFlags *) data = ph_tls_info_get_errors (info);
  /* a blocking call in a handler is told off, and harms nothing */
  g_assert_false (ph_session_noop (session, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  return TRUE;
}

static void
test_certificates (void)
{
  static const struct { const char *name; GTlsCertificateFlags flags; } cases[] = {
    { "expired", G_TLS_CERTIFICATE_EXPIRED },
    { "wrong-name", G_TLS_CERTIFICATE_BAD_IDENTITY },
    { "self-signed", G_TLS_CERTIFICATE_UNKNOWN_CA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhScriptedServer) bad = ph_scripted_server_new ("gone", "--tls", "--certificate", cases[i].name, NULL);
      g_autoptr (PhSession) refusing = session_for (bad, "smtps://localhost", PH_TLS_REQUIRED);
      g_autoptr (PhScriptedServer) same = ph_scripted_server_new (HELLO QUIT, "--tls", "--certificate", cases[i].name, NULL);
      g_autoptr (PhSession) accepting = session_for (same, "smtps://localhost", PH_TLS_REQUIRED);
      g_autoptr (GError) error = NULL;
      GTlsCertificateFlags flags = 0;

      g_assert_false (ph_session_open (refusing, NULL, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_BAD_CERTIFICATE);
      g_clear_error (&error);

      g_signal_connect (accepting, "accept-certificate", G_CALLBACK (accept_it), &flags);
      g_assert_true (ph_session_open (accepting, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (flags & cases[i].flags, ==, cases[i].flags);
      g_assert_true (ph_session_close (accepting, NULL, &error));
      ph_scripted_server_finish (same);
    }
}

/* Found by its domain, a server may show a certificate for the domain (RFC 7817). */
static void
test_domain (void)
{
  static const struct { const char *domain, *kept; gboolean good; } domains[] = {
    { "Mail.Example.ORG", "mail.example.org", TRUE },
    { "alice@mail.example.org", "mail.example.org", TRUE },
    { "example.org", "example.org", FALSE },
    { NULL, NULL, FALSE },
  };
  g_autoptr (PhSession) strange = ph_session_new ("smtps://localhost", NULL);
  g_autoptr (GError) refusal = NULL;

  g_assert_false (ph_session_set_domain (strange, "mail.example.org\r\n", &refusal));
  g_assert_error (refusal, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (domains[i].good ? HELLO QUIT : "gone", "--tls", "--certificate=wrong-name", NULL);
      g_autoptr (PhSession) session = session_for (server, "smtps://localhost", PH_TLS_REQUIRED);
      g_autoptr (GError) error = NULL;

      g_assert_true (ph_session_set_domain (session, domains[i].domain, &error));
      g_assert_cmpstr (ph_session_get_domain (session), ==, domains[i].kept);
      g_assert_cmpint (ph_session_open (session, NULL, &error), ==, domains[i].good);
      g_assert_true (domains[i].good || g_error_matches (error, PH_ERROR, PH_ERROR_BAD_CERTIFICATE));
      g_assert_true (ph_session_close (session, NULL, NULL));
      if (domains[i].good)
        ph_scripted_server_finish (server);
    }
}

static void
test_async (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO "expect NOOP\nsend 250 one\nexpect VRFY bob\nsend 252 perhaps\n" QUIT, "--tls", NULL);
  g_autoptr (PhSession) session = session_for (server, "smtps://localhost", PH_TLS_REQUIRED);
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (PhReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  ph_session_open_async (session, NULL, ph_keep_result, &opened);
  g_assert_null (opened);
  /* while it opens, a blocking call can't work */
  g_assert_false (ph_session_noop (session, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  ph_await_result (&opened);
  g_assert_true (ph_session_open_finish (session, opened, &error));
  g_assert_no_error (error);
  g_assert_nonnull (ph_session_get_tls_info (session));

  ph_session_noop_async (session, NULL, ph_keep_result, &first);
  ph_transport_verify_async (PH_TRANSPORT (session), "bob", NULL, ph_keep_result, &second);
  ph_await_result (&first);
  ph_await_result (&second);
  g_assert_true (ph_session_noop_finish (session, first, &error));
  reply = ph_transport_verify_finish (PH_TRANSPORT (session), second, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ph_reply_get_code (reply), ==, 252);

  ph_session_close_async (session, NULL, ph_keep_result, &closed);
  ph_await_result (&closed);
  g_assert_true (ph_session_close_finish (session, closed, &error));
  g_assert_false (ph_session_is_open (session));
  ph_scripted_server_finish (server);
}

/* Cancelled while the server says nothing: at the greeting, and with a command under way. */
static void
test_cancel (void)
{
  static const char *scripts[] = { "tell here\ngone", HELLO "expect NOOP\ntell here\ngone" };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (scripts[i], NULL);
      g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      ph_session_noop_async (session, cancellable, ph_keep_result, &result);
      for (guint n = 0; n < 5; n++)
        g_main_context_iteration (NULL, FALSE);
      if (i == 1)
        while (!ph_session_is_open (session))
          g_main_context_iteration (NULL, TRUE);
      g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      ph_await_result (&result);
      g_assert_false (ph_session_noop_finish (session, result, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

static gpointer
cancel_once_told (gpointer data)
{
  gpointer *both = data;

  ph_scripted_server_await (both[0], "here");
  g_cancellable_cancel (both[1]);
  return NULL;
}

static void
test_cancel_sync (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (HELLO "expect NOOP\ntell here\ngone", NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { server, cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_once_told, both);
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_session_noop (session, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
collect_trace (PhSession *session, PhTraceDirection direction, GBytes *data, gpointer text)
{
  gsize length;
  const char *octets = g_bytes_get_data (data, &length);

  g_string_append_len (text, octets, length);
}

static void
test_trace_hides_secrets (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    GREETING "prefix EHLO \nsend 250-mail.example.org\nsend 250 AUTH PLAIN\nexpect AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\nsend 235 welcome\n"
    "expect NOOP\nsend 250 fine\n" QUIT, "--tls", NULL);
  g_autoptr (PhSession) session = session_for (server, "smtps://alice@localhost", PH_TLS_REQUIRED);
  g_autoptr (GString) trace = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_signal_connect (session, "trace", G_CALLBACK (collect_trace), trace);
  ph_session_set_password (session, "wonderland");
  ph_session_noop (session, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, "PLAIN");
  ph_session_close (session, NULL, NULL);
  g_assert_nonnull (strstr (trace->str, "***"));
  g_assert_nonnull (strstr (trace->str, "235 welcome"));
  g_assert_null (strstr (trace->str, "wonderland"));
  g_assert_null (strstr (trace->str, "AGFsaWNl"));
  ph_scripted_server_finish (server);
}

static void
test_sends (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO "expect MAIL FROM:<alice@example.org> BODY=8BITMIME\nexpect RCPT TO:<bob@example.net>\nexpect RCPT TO:<eve@example.net>\nexpect DATA\n"
    "send 250 ok\nsend 250 ok\nsend 550 5.1.1 no such user\nsend 354 go\nexpect Subject: x\nexpect \nexpect ..dot\nexpect .\nsend 250 queued\n" QUIT, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\n\n.dot");
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_recipient (envelope, "eve@example.net");
  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ph_delivery_is_accepted (delivery, 0));
  g_assert_false (ph_delivery_is_accepted (delivery, 1));
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, 1)), ==, 550);
  g_assert_true (ph_session_close (session, NULL, &error));
  ph_scripted_server_finish (server);
}

static void
count_progress (PhSession *session, PhCommand *command, guint64 done, guint64 total, gpointer data)
{
  guint64 *last = data;

  g_assert_cmpuint (done, >=, *last);
  g_assert_cmpuint (total, ==, 5000000);
  *last = done;
}

/* Through a body that no descriptor stands behind, to a server that reads late, in both ways of waiting. */
static void
test_sends_much (gconstpointer use_async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO "prefix MAIL FROM:\nprefix RCPT TO:\nsend 250 ok\nsend 250 ok\nexpect DATA\nsend 354 go\nwait go\nread 5000000\nexpect \nexpect .\nsend 250 queued\n" QUIT, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (GInputStream) memory = g_memory_input_stream_new ();
  g_autoptr (GInputStream) stream = g_buffered_input_stream_new (memory);
  g_autoptr (PhBody) body = NULL;
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;
  guint64 last = 0;

  g_memory_input_stream_add_data (G_MEMORY_INPUT_STREAM (memory), g_strnfill (5000000, 'x'), 5000000, g_free);
  body = ph_body_new_for_stream (stream, 5000000);
  ph_envelope_add_recipient (envelope, "bob@example.net");
  g_signal_connect (session, "progress", G_CALLBACK (count_progress), &last);
  ph_scripted_server_release (server, "go");
  if (use_async != NULL)
    {
      g_autoptr (GAsyncResult) result = NULL;

      ph_transport_send_async (PH_TRANSPORT (session), envelope, body, NULL, ph_keep_result, &result);
      ph_await_result (&result);
      delivery = ph_transport_send_finish (PH_TRANSPORT (session), result, &error);
    }
  else
    {
      delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
  g_assert_cmpuint (last, ==, 5000000);
  g_assert_true (ph_session_close (session, NULL, &error));
  ph_scripted_server_finish (server);
}

/* A message that can't be read to its end must never be ended by a dot. */
static void
test_broken_body (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO "prefix MAIL FROM:\nprefix RCPT TO:\nsend 250 ok\nsend 250 ok\nexpect DATA\nsend 354 go\nclosed\n", NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (GInputStream) stream = g_memory_input_stream_new ();
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, 100);
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  g_input_stream_close (stream, NULL, NULL);
  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_set_require_all (envelope, TRUE);
  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
  g_assert_null (delivery);
  g_assert_nonnull (ph_error_get_delivery (error));
  g_assert_false (ph_session_is_open (session));
}

/* A server that refuses in the middle need not take the rest; what it said is what the caller is told. */
static void
test_refused_midway (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO "prefix MAIL FROM:\nprefix RCPT TO:\nsend 250 ok\nsend 250 ok\nexpect DATA\nsend 354 go\nread 100000\nsend 552 5.3.4 too much\ngone\n", NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (GFile) file = g_file_new_for_path ("/dev/zero");
  g_autoptr (GInputStream) stream = G_INPUT_STREAM (g_file_read (file, NULL, NULL));
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, -1);
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
  assert_sentence (error, PH_ERROR_DATA_REFUSED, "552 5.3.4 too much");
  g_assert_cmpint (ph_delivery_get_phase (ph_error_get_delivery (error), 0), ==, PH_DELIVERY_DATA);
  ph_scripted_server_finish (server);
}

static void
test_opens_again (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO "expect NOOP\nclose\naccept\n" HELLO "expect NOOP\nsend 250 fine\n" QUIT, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost", PH_TLS_NEVER);
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_session_noop (session, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_true (ph_session_noop (session, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ph_session_close (session, NULL, &error));
  ph_scripted_server_finish (server);
}

/* @goodbye: the session is closed before it goes; else it goes while it is open. */
static void
test_an_extension_outlives_its_session (gconstpointer goodbye)
{
  g_autofree char *script = g_strconcat ("send * PREAUTH [CAPABILITY IMAP4rev1] hello\n",
                                         goodbye != NULL ? "match (?P<t>\\S+) LOGOUT\nsend * BYE x\nsend ${t} OK x\n" : "", "closed\n", NULL);
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  PhSession *session = session_for (server, "imap://localhost", PH_TLS_NEVER);
  g_autoptr (PhExtension) sort = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_session_open (session, NULL, &error));
  g_assert_no_error (error);
  sort = g_object_ref (ph_session_get_extension (session, PH_TYPE_SORT));
  g_assert_true (ph_extension_get_session (sort) == session);
  if (goodbye != NULL)
    g_assert_true (ph_session_close (session, NULL, &error));
  g_assert_true (ph_extension_get_session (sort) == session);
  g_object_unref (session);

  g_assert_null (ph_extension_get_session (sort));
  g_assert_false (ph_extension_has_capability (sort, "IMAP4rev1"));
  ph_scripted_server_finish (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/uris-that-cannot-be-used", test_uris);
  g_test_add_func ("/session/bad-beginnings", test_bad_beginnings);
  g_test_add_func ("/session/starttls-attacks", test_starttls_attacks);
  g_test_add_func ("/session/single-octets", test_single_octets);
  g_test_add_func ("/session/refused-port", test_refused_port);
  g_test_add_func ("/session/certificates", test_certificates);
  g_test_add_func ("/session/a-certificate-for-the-domain-will-do", test_domain);
  g_test_add_func ("/session/async", test_async);
  g_test_add_func ("/session/cancel", test_cancel);
  g_test_add_func ("/session/cancel-sync", test_cancel_sync);
  g_test_add_func ("/session/trace-hides-secrets", test_trace_hides_secrets);
  g_test_add_func ("/session/sends", test_sends);
  g_test_add_data_func ("/session/sends-much", NULL, test_sends_much);
  g_test_add_data_func ("/session/sends-much-async", "async", test_sends_much);
  g_test_add_func ("/session/broken-body", test_broken_body);
  g_test_add_func ("/session/refused-midway", test_refused_midway);
  g_test_add_func ("/session/opens-again", test_opens_again);
  g_test_add_data_func ("/session/an-extension-outlives-it/closed", "closed", test_an_extension_outlives_its_session);
  g_test_add_data_func ("/session/an-extension-outlives-it/open", NULL, test_an_extension_outlives_its_session);
  return g_test_run ();
}
