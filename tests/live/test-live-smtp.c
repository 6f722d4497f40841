/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SMTP against Postfix: every way in, what it refuses, and that the octets arrive as they were. */
#include "live.h"

#include <string.h>
#include <sys/socket.h>

static PhEnvelope *
envelope_to (const char *first, const char *second)
{
  PhEnvelope *envelope = ph_envelope_new ("alice@example.test");

  ph_envelope_add_recipient (envelope, first);
  if (second != NULL)
    ph_envelope_add_recipient (envelope, second);
  return envelope;
}

static void
assert_sends (PhSession *session, const char *subject, gboolean async)
{
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", NULL);
  g_autoptr (PhBody) body = live_body_new (subject, "Hello.\r\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = live_call (async, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body);

  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, 0)), ==, 250);
}

static void
assert_closes (PhSession *session, gboolean async)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (live_call (async, ph_session_close, session, &error));
  g_assert_no_error (error);
  g_assert_false (ph_session_is_open (session));
}

/* The message's octets as bob's mailbox has them, without what servers put before. */
static char *
fetch_last (const char *subject)
{
  g_autoptr (PhStore) store = live_wait_for_mail ("bob", 1);
  g_autoptr (PhQuery) query = ph_query_subject (ph_query_new (), subject);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) found = ph_store_search (store, query, NULL, &error);
  g_autoptr (PhMessage) message = NULL;
  guint32 uid;

  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_set_get_count (found), ==, 1);
  ph_message_set_get_range (found, 0, &uid, &uid);
  message = ph_store_fetch_one (store, uid, PH_FETCH_TEXT, NULL, &error);
  g_assert_no_error (error);
  return live_get_section (message, "TEXT");
}

/* Logs in by STARTTLS and the one mechanism, and sends. */
static void
check_mechanism (const char *mechanism, gboolean async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (GError) error = NULL;

  ph_security_policy_set_mechanisms (ph_session_get_policy (session), (const char *const[]){ mechanism, NULL });
  g_assert_true (live_call (async, ph_session_open, session, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, mechanism);
  g_assert_nonnull (ph_session_get_tls_info (session));
  g_assert_true (g_str_has_prefix (ph_tls_info_get_protocol (ph_session_get_tls_info (session)), "TLS1."));
  assert_sends (session, mechanism, async);
  assert_closes (session, async);
}

static void
test_plain (gconstpointer async)
{
  check_mechanism ("PLAIN", async != NULL);
}

static void
test_login (gconstpointer async)
{
  check_mechanism ("LOGIN", async != NULL);
}

static void
test_cram_md5 (gconstpointer async)
{
  check_mechanism ("CRAM-MD5", async != NULL);
}

static void
test_scram (gconstpointer async)
{
  check_mechanism ("SCRAM-SHA-256", async != NULL);
}

static void
test_tls_at_once (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("smtps", NULL, "bob");

  assert_sends (session, "by smtps", async != NULL);
  g_assert_nonnull (ph_session_get_mechanism (session));
  assert_closes (session, async != NULL);
}

static void
test_without_tls_only_when_told (gconstpointer async)
{
  g_autoptr (PhSession) strict = live_session_new ("smtp", NULL, NULL);
  g_autoptr (PhSession) session = live_session_new ("smtp", "127.0.0.1", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (live_call (async != NULL, ph_session_open, strict, &error));
  live_assert_error (error, PH_ERROR_TLS_REQUIRED);

  ph_security_policy_set_tls_mode (ph_session_get_policy (session), PH_TLS_NEVER);
  assert_sends (session, "in plain text", async != NULL);
  g_assert_null (ph_session_get_tls_info (session));
  g_assert_null (ph_session_get_mechanism (session));
}

static void
test_each_recipient_has_a_fate (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhEnvelope) envelope = envelope_to ("nobody@example.test", "bob@example.test");
  g_autoptr (PhBody) body = live_body_new ("to one of two", "Hello.\r\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body);
  PhReply *reply;

  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_recipients (delivery), ==, 2);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
  g_assert_false (ph_delivery_is_accepted (delivery, 0));
  g_assert_cmpint (ph_delivery_get_phase (delivery, 0), ==, PH_DELIVERY_RECIPIENT);
  reply = ph_delivery_get_reply (delivery, 0);
  g_assert_cmpint (ph_reply_get_code (reply), ==, 550);
  g_assert_cmpstr (ph_reply_get_enhanced_status (reply), ==, "5.1.1");
  g_assert_true (ph_delivery_is_accepted (delivery, 1));
  assert_sends (session, "after a partial refusal", async != NULL);
}

static void
test_all_refused_is_an_error_with_each_reply (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhEnvelope) envelope = envelope_to ("nobody@example.test", "noone@example.test");
  g_autoptr (PhBody) body = live_body_new ("to nobody", "Hello.\r\n");
  g_autoptr (GError) error = NULL;
  PhDelivery *delivery;

  g_assert_null (live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body));
  g_assert_error (error, PH_ERROR, PH_ERROR_RECIPIENTS_REFUSED);
  delivery = ph_error_get_delivery (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 0);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, i)), ==, 550);
  g_assert_nonnull (strstr (error->message, "550"));
  assert_sends (session, "after a refusal", async != NULL);
}

static void
test_nothing_goes_without_a_login (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, NULL);
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", NULL);
  g_autoptr (PhBody) body = live_body_new ("from a stranger", "Hello.\r\n");
  g_autoptr (GError) error = NULL;

  g_assert_null (live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body));
  live_assert_error (error, PH_ERROR_RECIPIENTS_REFUSED);
}

static void
test_wrong_password (gconstpointer async)
{
  const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", NULL };

  for (gsize i = 0; mechanisms[i] != NULL; i++)
    {
      g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
      g_autoptr (GError) error = NULL;

      ph_security_policy_set_mechanisms (ph_session_get_policy (session), (const char *const[]){ mechanisms[i], NULL });
      ph_session_set_password (session, "looking-glass");
      g_assert_false (live_call (async != NULL, ph_session_open, session, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_AUTHENTICATION);
      g_assert_nonnull (strstr (error->message, "535"));
      g_assert_null (strstr (error->message, "looking-glass"));
      g_assert_cmpint (ph_reply_get_code (ph_error_get_reply (error)), ==, 535);
    }
}

static void
test_an_unknown_authority_is_refused (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;

  ph_session_set_policy (session, policy);
  g_assert_false (live_call (async != NULL, ph_session_open, session, &error));
  live_assert_error (error, PH_ERROR_BAD_CERTIFICATE);
}

static void
test_no_line_can_be_smuggled_in (gconstpointer async)
{
  const char *const addresses[] = { "bob@example.test>\r\nRCPT TO:<alice@example.test", "bob@example.test\nDATA", "a b@example.test", "a>b@example.test" };
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", addresses[i]);
      g_autoptr (PhBody) body = live_body_new ("smuggled", "Hello.\r\n");
      g_autoptr (GError) error = NULL;

      g_assert_null (live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body));
      live_assert_error (error, PH_ERROR_INVALID_ARGUMENT);
    }
  assert_sends (session, "after smuggling", async != NULL);
}

static void
test_octets_arrive_as_they_were (gconstpointer async)
{
  const char *text = ".\r\n..\r\n.dot\r\nBe\xc3\xa9\r\n\r\n.\r\nA last line\r\n";
  g_autofree char *subject = g_strdup_printf ("exact %s", async != NULL ? "async" : "sync");
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", NULL);
  g_autoptr (PhBody) body = live_body_new (subject, text);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = NULL;
  g_autofree char *arrived = NULL;

  live_empty_inbox ("bob");
  delivery = live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body);
  g_assert_no_error (error);
  arrived = fetch_last (subject);
  g_assert_cmpstr (arrived, ==, text);
}

/* 20 MB of lines, through a pipe of unknown length: nothing of it may be held. */
static gpointer
write_much (gpointer data)
{
  g_autoptr (GIOStream) stream = data;
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  g_autofree char *line = g_strnfill (76, 'x');
  const char *head = "Subject: much\r\n\r\n";

  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  for (guint i = 0; i < 20 * 1024 * 1024 / 78; i++)
    {
      g_output_stream_write_all (output, line, 76, NULL, NULL, NULL);
      g_output_stream_write_all (output, "\r\n", 2, NULL, NULL, NULL);
    }
  g_io_stream_close (stream, NULL, NULL);
  return NULL;
}

static void
test_a_stream_of_unknown_length_is_sent (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) one = NULL, other = NULL;
  g_autoptr (GSocketConnection) reader = NULL, writer = NULL;
  g_autoptr (PhBody) body = NULL;
  g_autoptr (PhDelivery) delivery = NULL;
  GThread *thread;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  one = g_socket_new_from_fd (fds[0], &error);
  other = g_socket_new_from_fd (fds[1], &error);
  g_assert_no_error (error);
  reader = g_socket_connection_factory_create_connection (one);
  writer = g_socket_connection_factory_create_connection (other);
  body = ph_body_new_for_stream (g_io_stream_get_input_stream (G_IO_STREAM (reader)), -1);
  thread = g_thread_new ("writer", write_much, g_object_ref (writer));

  delivery = live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body);
  g_thread_join (thread);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
}

static void
test_too_large_is_told_before_anything_is_sent (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", NULL);
  g_autoptr (GInputStream) empty = g_memory_input_stream_new ();
  g_autoptr (PhBody) body = ph_body_new_for_stream (empty, G_GINT64_CONSTANT (1) << 33);
  g_autoptr (GError) error = NULL;

  g_assert_null (live_call (async != NULL, ph_transport_send, PH_TRANSPORT (session), &error, envelope, body));
  live_assert_error (error, PH_ERROR_TOO_LARGE);
  assert_sends (session, "after too large a one", async != NULL);
}

static void
test_the_small_commands (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  PhTransport *transport = PH_TRANSPORT (session);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhReply) verified = live_call (async, ph_transport_verify, transport, &error, "bob@example.test");
  g_autoptr (PhReply) unknown = live_call (async, ph_transport_verify, transport, &error, "nobody@example.test");
  g_autoptr (PhReply) expanded = live_call (async, ph_transport_expand, transport, &error, "staff");
  g_autoptr (PhReply) reset = live_call (async, ph_transport_reset, transport, &error);
  g_autoptr (PhReply) raw = live_call (async, ph_session_command, session, &error, "XYZZY now");

  g_assert_no_error (error);
  g_assert_cmpint (ph_reply_get_code (verified), ==, 252);
  g_assert_cmpint (ph_reply_get_code (unknown), ==, 550);
  g_assert_cmpint (ph_reply_get_status (expanded), ==, PH_STATUS_BAD);
  g_assert_cmpint (ph_reply_get_code (reset), ==, 250);
  g_assert_cmpint (ph_reply_get_code (raw), ==, 500);
  g_assert_true (live_call (async, ph_session_noop, session, &error));
  g_assert_null (live_call (async, ph_session_command, session, &error, "NOOP\r\nRSET"));
  live_assert_error (error, PH_ERROR_INVALID_ARGUMENT);
  g_assert_true (ph_session_has_capability (session, "size"));
  g_assert_cmpstr (ph_session_get_capability (session, "SIZE"), ==, "67108864");
}

/* Ten at once, all queued before the first has left. */
static void
test_many_sends_share_a_session (void)
{
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  GAsyncResult *results[10] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.test", NULL);
      g_autoptr (PhBody) body = live_body_new ("one of ten", "Hello.\r\n");

      ph_transport_send_async (PH_TRANSPORT (session), envelope, body, NULL, live_done, &results[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhDelivery) delivery = NULL;

      while (results[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      delivery = ph_transport_send_finish (PH_TRANSPORT (session), results[i], &error);
      g_assert_no_error (error);
      g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
      g_object_unref (results[i]);
    }
}

/* Others' mail may still be on its way there */
static guint
count_arrived (const char *user, const char *subject, guint at_least)
{
  g_autoptr (PhStore) store = live_wait_for_mail (user, at_least);
  guint n = 0;

  for (gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC; g_get_monotonic_time () < deadline;)
    {
      g_autoptr (PhQuery) query = ph_query_subject (ph_query_new (), subject);
      g_autoptr (PhMessageSet) found = ph_store_search (store, query, NULL, NULL);

      n = (guint) ph_message_set_get_count (found);
      if (n >= at_least)
        break;
    }
  return n;
}

/* As many as Postfix takes in one burst, the refused among them: each has its own end, and those who were accepted have one copy each. */
static void
test_a_burst_of_chunks (void)
{
  enum { N = 300 };
  g_autoptr (PhSession) session = live_session_new ("submission", NULL, "alice");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (GPtrArray) commands = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  guint n_accepted = 0;

  live_empty_inbox ("bob");
  for (guint i = 0; i < N; i++)
    {
      g_autoptr (PhEnvelope) envelope = envelope_to (i % 60 == 59 ? "nobody@example.test" : "bob@example.test", NULL);
      g_autoptr (PhBody) body = live_body_new ("one of many", ".\r\nHello.\r\n");
      PhCommand *command = ph_transport_make_send (PH_TRANSPORT (session), envelope, body);

      g_ptr_array_add (commands, command);
      g_assert_true (ph_outbox_push (outbox, command, NULL, &error));
    }
  g_assert_true (ph_outbox_flush (outbox, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ph_session_has_capability (session, "CHUNKING"));
  for (guint i = 0; i < N; i++)
    {
      const GError *end = ph_command_get_error (commands->pdata[i]);

      n_accepted += end == NULL;
      if (i % 60 == 59)
        g_assert_error (end, PH_ERROR, PH_ERROR_RECIPIENTS_REFUSED);
      else
        g_assert_no_error (end);
    }
  g_assert_cmpuint (n_accepted, ==, N - N / 60);
  g_assert_cmpuint (count_arrived ("bob", "one of many", n_accepted), ==, n_accepted);
}

static void
test_ipv6 (void)
{
  g_autoptr (PhSession) session = NULL;

  if (strcmp (live_get ("IPV6"), "1") != 0)
    {
      g_test_message ("this machine has no IPv6: localhost stands for 127.0.0.1 alone");
      return;
    }
  session = live_session_new ("submission", "[::1]", "alice");
  assert_sends (session, "over IPv6", FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  live_add ("/live/smtp/starttls-and-plain", test_plain);
  live_add ("/live/smtp/starttls-and-login", test_login);
  live_add ("/live/smtp/starttls-and-cram-md5", test_cram_md5);
  live_add ("/live/smtp/starttls-and-scram-sha-256", test_scram);
  live_add ("/live/smtp/tls-at-once", test_tls_at_once);
  live_add ("/live/smtp/without-tls-only-when-told", test_without_tls_only_when_told);
  live_add ("/live/smtp/each-recipient-has-a-fate", test_each_recipient_has_a_fate);
  live_add ("/live/smtp/all-refused-is-an-error-with-each-reply", test_all_refused_is_an_error_with_each_reply);
  live_add ("/live/smtp/nothing-goes-without-a-login", test_nothing_goes_without_a_login);
  live_add ("/live/smtp/wrong-password", test_wrong_password);
  live_add ("/live/smtp/an-unknown-authority-is-refused", test_an_unknown_authority_is_refused);
  live_add ("/live/smtp/no-line-can-be-smuggled-in", test_no_line_can_be_smuggled_in);
  live_add ("/live/smtp/octets-arrive-as-they-were", test_octets_arrive_as_they_were);
  live_add ("/live/smtp/a-stream-of-unknown-length-is-sent", test_a_stream_of_unknown_length_is_sent);
  live_add ("/live/smtp/too-large-is-told-before-anything-is-sent", test_too_large_is_told_before_anything_is_sent);
  live_add ("/live/smtp/the-small-commands", test_the_small_commands);
  g_test_add_func ("/live/smtp/many-sends-share-a-session", test_many_sends_share_a_session);
  g_test_add_func ("/live/smtp/a-burst-of-chunks", test_a_burst_of_chunks);
  g_test_add_func ("/live/smtp/ipv6", test_ipv6);
  return g_test_run ();
}
