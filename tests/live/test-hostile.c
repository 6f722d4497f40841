/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Servers that hang, close, lie, talk garbage or never stop: each costs one clear error, sync and async, and nothing more. */
#include "live.h"
#include "ph-scripted-server.h"

#include <string.h>

#define SMTP_HELLO "send 220 mail.example.org\nprefix EHLO\nraw 250-mail.example.org\\r\\n250-PIPELINING\\r\\n250 ENHANCEDSTATUSCODES\\r\\n\n"
#define IMAP_HELLO "send * OK [CAPABILITY IMAP4rev1] ready\n"

/* With @base a URI without its port; TLS is not asked for unless @tls. */
static PhSession *
session_with (PhScriptedServer *server, const char *base, PhTlsMode tls)
{
  g_autofree char *uri = ph_scripted_server_uri (server, base);
  g_autofree char *authority = ph_scripted_server_certificate ("ca.pem");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, authority);
  ph_security_policy_set_tls_mode (policy, tls);
  ph_session_set_policy (session, policy);
  return session;
}

/* One way for an opening to fail. */
typedef struct {
  const char *name;
  const char *base;
  PhTlsMode   tls;
  const char *script;
  const char *option;    /* of the scripted server */
  PhError     code;
  const char *word;      /* that the sentence has; NULL: any */
} Opening;

static const Opening openings[] = {
  { "smtp-hangs", "smtp://127.0.0.1", PH_TLS_NEVER, "hang", NULL, PH_ERROR_TIMED_OUT, NULL },
  { "imap-hangs", "imap://127.0.0.1", PH_TLS_NEVER, "hang", NULL, PH_ERROR_TIMED_OUT, NULL },
  { "hangs-in-the-handshake", "imaps://localhost", PH_TLS_REQUIRED, "hang", NULL, PH_ERROR_TIMED_OUT, NULL },
  { "smtp-closes", "smtp://127.0.0.1", PH_TLS_NEVER, "close", NULL, PH_ERROR_CLOSED, NULL },
  { "imap-closes", "imap://127.0.0.1", PH_TLS_NEVER, "close", NULL, PH_ERROR_CLOSED, NULL },
  { "resets", "imap://127.0.0.1", PH_TLS_NEVER, "send * OK hi\nmatch \\S+ CAPABILITY\nreset", NULL, PH_ERROR_CLOSED, NULL },
  { "closes-in-the-greeting", "smtp://127.0.0.1", PH_TLS_NEVER, "raw 220-mail\nclose", NULL, PH_ERROR_CLOSED, NULL },
  { "smtp-garbage", "smtp://127.0.0.1", PH_TLS_NEVER, "raw \\x00\\xff\\xfe{}\\r\\n\ngone", NULL, PH_ERROR_PROTOCOL, NULL },
  { "http", "smtp://127.0.0.1", PH_TLS_NEVER, "raw HTTP/1.1 400 Bad Request\\r\\n\\r\\n\ngone", NULL, PH_ERROR_PROTOCOL, NULL },
  { "imap-garbage", "imap://127.0.0.1", PH_TLS_NEVER, "raw \\x00\\xff\\xfe{}\\r\\n\ngone", NULL, PH_ERROR_PROTOCOL, NULL },
  { "tls-garbage", "imaps://localhost", PH_TLS_REQUIRED, "raw * OK this is no TLS\\r\\n\ngone", NULL, PH_ERROR_TLS, NULL },
  { "smtp-refuses", "smtp://127.0.0.1", PH_TLS_NEVER, "send 554 5.3.2 not today\ngone", NULL, PH_ERROR_GREETING, "not today" },
  { "imap-refuses", "imap://127.0.0.1", PH_TLS_NEVER, "send * BYE not today\ngone", NULL, PH_ERROR_GREETING, "not today" },
  { "refuses-every-hello", "smtp://127.0.0.1", PH_TLS_NEVER,
    "send 220 hi\nprefix EHLO\nsend 550 no\nprefix HELO\nsend 550 5.7.1 no again\ngone", NULL, PH_ERROR_HELLO, "no again" },
  { "smtp-endless-line", "smtp://127.0.0.1", PH_TLS_NEVER, "endless 20000000 2", NULL, PH_ERROR_LIMIT, NULL },
  { "smtp-endless-reply", "smtp://127.0.0.1", PH_TLS_NEVER, "endless 20000000 220-hello\\r\\n", NULL, PH_ERROR_LIMIT, NULL },
  { "imap-endless-line", "imap://127.0.0.1", PH_TLS_NEVER, "endless 20000000 *", NULL, PH_ERROR_LIMIT, NULL },
  { "no-starttls-offered", "smtp://localhost", PH_TLS_REQUIRED, SMTP_HELLO "gone", NULL, PH_ERROR_TLS_REQUIRED, NULL },
  { "imap-no-starttls-offered", "imap://localhost", PH_TLS_REQUIRED,
    "send * OK hi\nmatch (?P<tag>\\S+) CAPABILITY\nraw * CAPABILITY IMAP4rev1\\r\\n${tag} OK\\r\\n\ngone", NULL, PH_ERROR_TLS_REQUIRED, NULL },
  { "preauth-would-skip-tls", "imap://localhost", PH_TLS_REQUIRED, "send * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] in\ngone", NULL,
    PH_ERROR_TLS_REQUIRED, NULL },
  { "smtp-injects", "smtp://localhost", PH_TLS_REQUIRED,
    "send 220 hi\nprefix EHLO\nraw 250-hi\\r\\n250 STARTTLS\\r\\n\nexpect STARTTLS\nraw 220 go\\r\\n250 EVIL\\r\\n\ngone", NULL,
    PH_ERROR_INJECTED, NULL },
  { "imap-injects", "imap://localhost", PH_TLS_REQUIRED,
    "send * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nmatch (?P<tag>\\S+) STARTTLS\nraw ${tag} OK go\\r\\n* OK EVIL\\r\\n\ngone", NULL,
    PH_ERROR_INJECTED, NULL },
  { "starttls-refused", "smtp://localhost", PH_TLS_REQUIRED,
    "send 220 hi\nprefix EHLO\nraw 250-hi\\r\\n250 STARTTLS\\r\\n\nexpect STARTTLS\nsend 454 4.7.0 no certificate\ngone", NULL,
    PH_ERROR_TLS_REQUIRED, "no certificate" },
  { "expired", "imaps://localhost", PH_TLS_REQUIRED, "no-tls", "--certificate=expired", PH_ERROR_BAD_CERTIFICATE, "expired" },
  { "wrong-name", "imaps://localhost", PH_TLS_REQUIRED, "no-tls", "--certificate=wrong-name", PH_ERROR_BAD_CERTIFICATE, "localhost" },
  { "self-signed", "imaps://localhost", PH_TLS_REQUIRED, "no-tls", "--certificate=self-signed", PH_ERROR_BAD_CERTIFICATE, NULL },
};

static void
test_opening (const Opening *self, gboolean async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (self->script, self->option, NULL);
  g_autoptr (PhSession) session = session_with (server, self->base, self->tls);
  g_autoptr (GError) error = NULL;

  ph_session_set_timeout (session, PH_TIMEOUT_GREETING, strstr (self->script, "hang") != NULL ? 1 : 50);
  ph_session_set_timeout (session, PH_TIMEOUT_TLS, strstr (self->script, "hang") != NULL ? 1 : 50);
  g_assert_false (live_call (async, ph_session_open, session, &error));
  g_assert_error (error, PH_ERROR, (int) self->code);
  g_test_message ("%s", error->message);
  if (self->word != NULL)
    g_assert_nonnull (strstr (error->message, self->word));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_false (ph_session_is_open (session));
  g_clear_object (&session);
  ph_scripted_server_finish (server);
}

static void
test_opening_sync (gconstpointer data)
{
  test_opening (data, FALSE);
}

static void
test_opening_async (gconstpointer data)
{
  test_opening (data, TRUE);
}

/* Each octet in a segment of its own; what comes of it is what would come at once. */
static void
test_single_octets (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
      "single 220 mail.example.org\\r\\n\nprefix EHLO\nsingle 250-mail.example.org\\r\\n250-PIPELINING\\r\\n250 SIZE 100\\r\\n\n"
      "expect NOOP\nsingle 250-2.0.0 fine\\r\\n250 2.0.0 really\\r\\n\nexpect QUIT\nsingle 221 bye\\r\\n\ngone", NULL);
  g_autoptr (PhSession) session = session_with (server, "smtp://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhReply) reply = live_call (async != NULL, ph_session_command, session, &error, "NOOP");

  g_assert_no_error (error);
  g_assert_cmpstr (ph_reply_get_text (reply), ==, "fine\nreally");
  g_assert_cmpstr (ph_session_get_capability (session, "SIZE"), ==, "100");
  g_assert_true (live_call (async != NULL, ph_session_close, session, &error));
  ph_scripted_server_finish (server);
}

/* The connection goes behind the final dot: nobody knows whether it was delivered. */
static void
test_delivery_unknown (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
      SMTP_HELLO "prefix MAIL\nprefix RCPT\nprefix RCPT\nexpect DATA\nraw 250 ok\\r\\n250 ok\\r\\n550 5.1.1 no\\r\\n354 go\\r\\n\nuntil .\nclose", NULL);
  g_autoptr (PhSession) session = session_with (server, "smtp://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\r\n\r\n.\r\n");
  g_autoptr (GError) error = NULL;
  PhDelivery *delivery;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_recipient (envelope, "nobody@example.net");
  g_assert_null (live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body));
  g_assert_error (error, PH_ERROR, PH_ERROR_DELIVERY_UNKNOWN);
  delivery = ph_error_get_delivery (error);
  g_assert_cmpint (ph_delivery_get_fate (delivery, 0), ==, PH_FATE_UNKNOWN);
  g_assert_cmpint (ph_delivery_get_fate (delivery, 1), ==, PH_FATE_REFUSED);
  ph_scripted_server_finish (server);
}

static void
test_421_in_the_midst_of_recipients (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
      SMTP_HELLO "prefix MAIL\nsend 250 ok\nprefix RCPT\nsend 250 ok\nsend 421 4.3.2 shutting down\nclose", NULL);
  g_autoptr (PhSession) session = session_with (server, "smtp://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\r\n\r\n");
  g_autoptr (GError) error = NULL;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_recipient (envelope, "carol@example.net");
  g_assert_null (live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body));
  g_assert_true (g_error_matches (error, PH_ERROR, PH_ERROR_SHUTTING_DOWN) || g_error_matches (error, PH_ERROR, PH_ERROR_RECIPIENTS_REFUSED));
  g_assert_nonnull (strstr (error->message, "shutting down"));
  g_assert_cmpuint (ph_delivery_get_n_accepted (ph_error_get_delivery (error)), ==, 0);
}

/* Where a cancellation comes: the script tells when it is there and then says nothing more. */
static const char *const moments[][2] = {
  { "imap://127.0.0.1", "accept\ntell now\nhang" },
  { "imap://127.0.0.1", "raw * OK [CAPAB\ntell now\nhang" },
  { "smtp://127.0.0.1", "raw 220-mail\ntell now\nhang" },
  { "smtp://127.0.0.1", "send 220 mail\nprefix EHLO\ntell now\nhang" },
  { "imaps://localhost", "raw \\x16\\x03\\x03\ntell now\nhang" },
  { "smtp://127.0.0.1", SMTP_HELLO "expect NOOP\ntell now\nhang" },
  { "imap://127.0.0.1", IMAP_HELLO "match \\S+ NOOP\nraw * 5 EXI\ntell now\nhang" },
};

typedef struct {
  PhScriptedServer *server;
  GCancellable     *cancellable;
  guint             pause;    /* µs */
} Canceller;

static gpointer
cancel_when_told (gpointer data)
{
  Canceller *self = data;

  ph_scripted_server_await (self->server, "now");
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

static void
test_cancelling (gconstpointer async)
{
  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (moments[i][1], NULL);
      PhSession *session = session_with (server, moments[i][0], strstr (moments[i][0], "s:") ? PH_TLS_REQUIRED : PH_TLS_NEVER);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Canceller canceller = { server, cancellable, 0 };
      GThread *thread = g_thread_new ("canceller", cancel_when_told, &canceller);
      g_autoptr (GError) error = NULL;

      g_assert_false (live_call_full (async != NULL, ph_session_noop, cancellable, session, &error));
      g_thread_join (thread);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_add_weak_pointer (G_OBJECT (session), (gpointer *) &session);
      g_object_unref (session);
      /* a connection that was being made lets go of it in its own time; never is a time-out */
      while (session != NULL)
        g_main_context_iteration (NULL, TRUE);
      ph_scripted_server_finish (server);
    }
}

static gpointer
cancel_after_a_while (gpointer data)
{
  Canceller *self = data;

  g_usleep (self->pause);
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

/* A listener that accepts nobody: the cancellation meets the resolver, the connecting, and the wait for the greeting. */
static void
test_cancelling_while_connecting (gconstpointer async)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_autofree char *uri = g_strdup_printf ("imap://localhost:%u", port);

  g_assert_no_error (error);
  for (guint i = 0; i < 60; i++)
    {
      PhSession *session = ph_session_new (uri, &error);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Canceller canceller = { NULL, cancellable, i * 25 };
      GThread *thread = g_thread_new ("canceller", cancel_after_a_while, &canceller);

      g_assert_false (live_call_full (async != NULL, ph_session_open, cancellable, session, &error));
      g_thread_join (thread);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_object_add_weak_pointer (G_OBJECT (session), (gpointer *) &session);
      g_object_unref (session);
      g_assert_null (session);
    }
}

static void
test_cancelled_before (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("hang", NULL);
  g_autoptr (PhSession) session = session_with (server, "imap://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (live_call_full (async != NULL, ph_session_open, cancellable, session, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A cancelled command's reply comes later, and is not taken for the next one's. */
static void
test_a_cancelled_reply_is_dropped (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
      SMTP_HELLO "expect HELP one\ntell now\nwait go\nsend 214 late\nexpect HELP two\nsend 214 right\nexpect QUIT\nsend 221 bye\ngone", NULL);
  g_autoptr (PhSession) session = session_with (server, "smtp://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { server, cancellable, 0 };
  GThread *thread = g_thread_new ("canceller", cancel_when_told, &canceller);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhReply) reply = NULL;

  g_assert_null (live_call_full (async != NULL, ph_session_command, cancellable, session, &error, "HELP one"));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  ph_scripted_server_release (server, "go");
  reply = live_call (async != NULL, ph_session_command, session, &error, "HELP two");
  g_assert_no_error (error);
  g_assert_cmpstr (ph_reply_get_text (reply), ==, "right");
  g_assert_true (live_call (async != NULL, ph_session_close, session, &error));
  ph_scripted_server_finish (server);
}

static void
test_a_command_times_out (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (IMAP_HELLO "match \\S+ NOOP\nhang", NULL);
  g_autoptr (PhSession) session = session_with (server, "imap://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (GError) error = NULL;

  ph_session_set_timeout (session, PH_TIMEOUT_COMMAND, 1);
  g_assert_false (live_call (async != NULL, ph_session_noop, session, &error));
  live_assert_error (error, PH_ERROR_TIMED_OUT);
  g_assert_false (ph_session_is_open (session));
  g_clear_object (&session);
  ph_scripted_server_finish (server);
}

/* The server has gone meanwhile: the next command finds that out, and opens the session again. */
static void
test_bye_between_commands (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
      IMAP_HELLO "match (?P<tag>\\S+) NOOP\nraw ${tag} OK done\\r\\n* BYE going home\\r\\n\nclose\ntell gone\n"
      "accept\n" IMAP_HELLO "match (?P<tag>\\S+) NOOP\nsend ${tag} OK done\ngone", NULL);
  g_autoptr (PhSession) session = session_with (server, "imap://127.0.0.1", PH_TLS_NEVER);
  g_autoptr (GError) error = NULL;

  g_assert_true (live_call (async != NULL, ph_session_noop, session, &error));
  ph_scripted_server_await (server, "gone");
  g_assert_true (live_call (async != NULL, ph_session_noop, session, &error));
  g_assert_no_error (error);
  g_clear_object (&session);
  ph_scripted_server_finish (server);
}

/* No close_notify: somebody cut the line. */
static void
test_a_cut_tls_line_is_an_error (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server =
      ph_scripted_server_new ("send * OK [CAPABILITY IMAP4rev1] hi\nmatch \\S+ NOOP\nraw * 3 EXISTS\\r\\n\ncut", "--tls", NULL);
  g_autoptr (PhSession) session = session_with (server, "imaps://localhost", PH_TLS_REQUIRED);
  g_autoptr (GError) error = NULL;

  g_assert_false (live_call (async != NULL, ph_session_noop, session, &error));
  g_assert_true (g_error_matches (error, PH_ERROR, PH_ERROR_CLOSED) || g_error_matches (error, PH_ERROR, PH_ERROR_TLS));
  g_test_message ("%s", error->message);
}

static void
test_nobody_listens (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("hang", NULL);
  g_autofree char *uri = ph_scripted_server_uri (server, "smtp://127.0.0.1");
  g_autoptr (PhSession) session = ph_session_new (uri, NULL);
  g_autoptr (PhSession) unknown = ph_session_new ("imaps://no-such-host.invalid", NULL);
  g_autoptr (PhSession) socket = ph_session_new ("lmtp+unix:///nonexistent/lmtp", NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&server, ph_scripted_server_free); /* its port is free again */
  g_assert_false (live_call (async != NULL, ph_session_open, session, &error));
  live_assert_error (error, PH_ERROR_CONNECT);
  g_assert_false (live_call (async != NULL, ph_session_open, unknown, &error));
  live_assert_error (error, PH_ERROR_HOST_NOT_FOUND);
  g_assert_false (live_call (async != NULL, ph_session_open, socket, &error));
  live_assert_error (error, PH_ERROR_CONNECT);
}

static void
test_uris (void)
{
  const struct { const char *uri; PhError code; } uris[] = {
    { "gopher://example.org", PH_ERROR_UNKNOWN_SCHEME },   { "imap", PH_ERROR_INVALID_URI },   { "", PH_ERROR_INVALID_URI },
    { "imap://", PH_ERROR_INVALID_URI },                   { "smtp://host:99999", PH_ERROR_INVALID_URI },
    { "imap://h%st", PH_ERROR_INVALID_URI },           { "://x", PH_ERROR_INVALID_URI },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("<%s>", uris[i].uri);
      g_assert_null (ph_session_new (uris[i].uri, &error));
      g_assert_error (error, PH_ERROR, (int) uris[i].code);
      g_test_message ("%s", error->message);
    }
}

/* A sync call inside of an async call's callback is refused, and nothing breaks. */
static void
on_opened_sync_inside (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_session_open_finish (PH_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
on_trace_call_again (PhSession *session, PhTraceDirection direction, GBytes *bytes, guint *refused)
{
  g_autoptr (GError) error = NULL;

  if (direction == PH_TRACE_NOTE || *refused > 0)
    return;
  g_assert_false (ph_session_noop (session, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  (*refused)++;
}

static void
test_a_sync_call_inside_a_signal_is_pending (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (IMAP_HELLO "gone", NULL);
  g_autoptr (PhSession) session = session_with (server, "imap://127.0.0.1", PH_TLS_NEVER);
  gboolean opened = FALSE;
  guint refused = 0;

  g_signal_connect (session, "trace", G_CALLBACK (on_trace_call_again), &refused);
  ph_session_open_async (session, NULL, on_opened_sync_inside, &opened);
  while (!opened)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (refused, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autofree char *sync = g_strdup_printf ("/hostile/opening/%s/sync", openings[i].name);
      g_autofree char *async = g_strdup_printf ("/hostile/opening/%s/async", openings[i].name);

      g_test_add_data_func (sync, &openings[i], test_opening_sync);
      g_test_add_data_func (async, &openings[i], test_opening_async);
    }
  live_add ("/hostile/single-octets", test_single_octets);
  live_add ("/hostile/delivery-unknown", test_delivery_unknown);
  live_add ("/hostile/421-in-the-midst-of-recipients", test_421_in_the_midst_of_recipients);
  live_add ("/hostile/cancelling-at-any-moment", test_cancelling);
  live_add ("/hostile/cancelling-while-connecting", test_cancelling_while_connecting);
  live_add ("/hostile/cancelled-before", test_cancelled_before);
  live_add ("/hostile/a-cancelled-reply-is-dropped", test_a_cancelled_reply_is_dropped);
  live_add ("/hostile/a-command-times-out", test_a_command_times_out);
  live_add ("/hostile/bye-between-commands", test_bye_between_commands);
  live_add ("/hostile/a-cut-tls-line-is-an-error", test_a_cut_tls_line_is_an_error);
  live_add ("/hostile/nobody-listens", test_nobody_listens);
  g_test_add_func ("/hostile/uris", test_uris);
  g_test_add_func ("/hostile/a-sync-call-inside-a-signal-is-pending", test_a_sync_call_inside_a_signal_is_pending);
  return g_test_run ();
}
