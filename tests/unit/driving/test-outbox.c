/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many messages on one session, over real sockets, against scripts. */
#include <posthorn/posthorn.h>

#include "ph-plain-session.h"

#define HELLO "send 220 mail.example.org ESMTP\nprefix EHLO \nsend 250-mail.example.org\nsend 250-PIPELINING\nsend 250 8BITMIME\n"
#define CHUNKING "send 220 hi\nprefix EHLO \nsend 250-hi\nsend 250-PIPELINING\nsend 250-8BITMIME\nsend 250 CHUNKING\n"
#define GROUP "prefix MAIL FROM:\nprefix RCPT TO:\nexpect DATA\n"
#define ACCEPT "send 250 ok\nsend 250 ok\nsend 354 go\n"
#define QUIT "expect QUIT\nsend 221 bye\nclosed\n"

static PhCommand *
make_send (PhSession *session, const char *text)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhBody) body = ph_body_new_for_text (text);

  ph_envelope_add_recipient (envelope, "bob@example.net");
  return ph_transport_make_send (PH_TRANSPORT (session), envelope, body);
}

static void
count (PhOutbox *outbox, PhCommand *command, gpointer data)
{
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_DONE);
  (*(guint *) data)++;
}

/* The end of a message and the beginning of the next come together: the script answers neither before it has both. */
static void
test_pipelines (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO GROUP ACCEPT "expect one\nexpect .\n" GROUP "send 250 taken\n" ACCEPT "expect two\nexpect .\n" GROUP
    "send 554 5.7.1 no\n" ACCEPT "expect three\nexpect .\nsend 250 taken\n" QUIT, NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (PhCommand) one = make_send (session, "one");
  g_autoptr (PhCommand) two = make_send (session, "two");
  g_autoptr (PhCommand) three = make_send (session, "three");
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_signal_connect (outbox, "finished", G_CALLBACK (count), &n);
  g_assert_true (ph_outbox_push (outbox, one, NULL, &error));
  g_assert_true (ph_outbox_push (outbox, two, NULL, &error));
  g_assert_true (ph_outbox_push (outbox, three, NULL, &error));
  g_assert_true (ph_outbox_flush (outbox, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpuint (ph_outbox_get_n_pending (outbox), ==, 0);
  g_assert_no_error (ph_command_get_error (one));
  g_assert_error (ph_command_get_error (two), PH_ERROR, PH_ERROR_DATA_REFUSED);
  g_assert_no_error (ph_command_get_error (three));
  g_assert_false (ph_outbox_push (outbox, one, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_WRONG_STATE);
  g_assert_true (ph_session_close (session, NULL, NULL));
  ph_scripted_server_finish (server);
}

/* With one pending at most, a push waits for the one before. */
static void
test_bound (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO GROUP ACCEPT "expect one\nexpect .\nsend 250 taken\n" GROUP ACCEPT "expect two\nexpect .\nsend 250 taken\n" QUIT, NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (PhCommand) one = make_send (session, "one");
  g_autoptr (PhCommand) two = make_send (session, "two");
  g_autoptr (GError) error = NULL;

  ph_outbox_set_max_pending (outbox, 1);
  g_assert_cmpuint (ph_outbox_get_max_pending (outbox), ==, 1);
  g_assert_true (ph_outbox_push (outbox, one, NULL, &error));
  g_assert_true (ph_outbox_push (outbox, two, NULL, &error));
  g_assert_cmpint (ph_command_get_state (one), ==, PH_COMMAND_DONE);
  g_assert_true (ph_outbox_flush (outbox, NULL, &error));
  g_assert_no_error (ph_command_get_error (two));
  g_assert_true (ph_session_close (session, NULL, NULL));
  ph_scripted_server_finish (server);
}

static void
on_pushed (GObject *outbox, GAsyncResult *result, gpointer data)
{
  g_assert_true (ph_outbox_push_finish (PH_OUTBOX (outbox), result, NULL));
  (*(guint *) data)++;
}

static void
on_flushed (GObject *outbox, GAsyncResult *result, gpointer data)
{
  g_assert_true (ph_outbox_flush_finish (PH_OUTBOX (outbox), result, NULL));
  *(gboolean *) data = TRUE;
}

static void
on_push_cancelled (GObject *outbox, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_outbox_push_finish (PH_OUTBOX (outbox), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_async (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO GROUP ACCEPT "expect one\nexpect .\nsend 250 taken\n" GROUP ACCEPT "expect two\nexpect .\nclose\n", NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (PhCommand) one = make_send (session, "one");
  g_autoptr (PhCommand) two = make_send (session, "two");
  g_autoptr (PhCommand) three = make_send (session, "three");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean flushed = FALSE;
  guint n = 0;

  ph_outbox_set_max_pending (outbox, 1);
  ph_outbox_push_async (outbox, one, cancellable, on_pushed, &n);
  ph_outbox_push_async (outbox, three, cancellable, on_push_cancelled, NULL);
  ph_outbox_push_async (outbox, two, NULL, on_pushed, &n);
  ph_outbox_flush_async (outbox, NULL, on_flushed, &flushed);
  g_cancellable_cancel (cancellable);
  while (!flushed || n < 2 || ph_outbox_get_n_pending (outbox) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (ph_command_get_error (one));
  g_assert_error (ph_command_get_error (two), PH_ERROR, PH_ERROR_DELIVERY_UNKNOWN);
  g_assert_cmpint (ph_command_get_state (three), ==, PH_COMMAND_NEW);
  ph_scripted_server_finish (server);
}

static void
test_unreachable (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("send 554 5.3.2 no\nclose\n", NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (PhCommand) one = make_send (session, "one");
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_signal_connect (outbox, "finished", G_CALLBACK (count), &n);
  g_assert_false (ph_outbox_push (outbox, one, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_GREETING);
  g_assert_error (ph_command_get_error (one), PH_ERROR, PH_ERROR_GREETING);
  g_assert_cmpuint (n, ==, 1);
  ph_scripted_server_finish (server);
}

/* What a handler is told, message by message */
typedef struct {
  guint       n_ends, n_destroyed;
  guint64     tags[8];
  PhDelivery *deliveries[8];
  int         codes[8];     /* of PH_ERROR; -1: none */
} Ends;

static void
on_end (PhOutbox *outbox, guint64 tag, PhDelivery *delivery, const GError *error, gpointer data)
{
  Ends *ends = data;

  g_assert_cmpuint (ends->n_ends, <, G_N_ELEMENTS (ends->tags));
  ends->tags[ends->n_ends] = tag;
  ends->deliveries[ends->n_ends] = ph_delivery_ref (delivery);
  ends->codes[ends->n_ends++] = error != NULL ? error->code : -1;
}

static void
on_handler_gone (gpointer data)
{
  ((Ends *) data)->n_destroyed++;
}

static void
assert_end (Ends *ends, guint i, guint64 tag, int code, const char *address, PhDeliveryFate fate)
{
  g_assert_cmpuint (ends->tags[i], ==, tag);
  g_assert_cmpint (ends->codes[i], ==, code);
  g_assert_cmpuint (ph_delivery_get_n_recipients (ends->deliveries[i]), ==, 1);
  g_assert_cmpstr (ph_delivery_get_address (ends->deliveries[i], 0), ==, address);
  g_assert_cmpint (ph_delivery_get_fate (ends->deliveries[i], 0), ==, fate);
  ph_delivery_unref (ends->deliveries[i]);
}

static void
on_message_gone (gpointer data)
{
  ++*(guint *) data;
}

static PhEnvelope *
envelope_to (const char *address)
{
  PhEnvelope *envelope = ph_envelope_new ("alice@example.org");

  ph_envelope_add_recipient (envelope, address);
  return envelope;
}

static gboolean
send_text (PhOutbox *outbox, const char *address, const char *text, guint64 tag, guint *n_gone, GError **error)
{
  g_autoptr (PhEnvelope) envelope = envelope_to (address);
  g_autoptr (GBytes) message = g_bytes_new_with_free_func (text, strlen (text), on_message_gone, n_gone);

  return ph_outbox_send (outbox, envelope, message, tag, NULL, error);
}

/* What is used again for the next message says nothing of the one before, and what was told of that one stays. */
static void
test_send (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO GROUP ACCEPT "expect one\nexpect .\nsend 250 taken\n"
    "prefix MAIL FROM:\nexpect RCPT TO:<nobody@example.net>\nexpect DATA\nsend 250 ok\nsend 550 5.1.1 no\nsend 554 no\nexpect RSET\nsend 250 ok\n"
    "prefix MAIL FROM:\nexpect RCPT TO:<carol@example.net>\nsend 250 ok\nsend 250 ok\nexpect DATA\nsend 354 go\n"
    "expect three\nexpect .\nsend 250 taken\n"
    "prefix MAIL FROM:\nprefix RCPT TO:\nsend 250 ok\nsend 250 ok\nexpect DATA\nsend 354 go\nexpect four\nexpect .\nclose\n", NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (GError) error = NULL;
  Ends ends = { 0 };
  guint n_gone = 0;

  ph_outbox_set_max_pending (outbox, 1);
  ph_outbox_set_handler (outbox, on_end, &ends, on_handler_gone);
  g_assert_true (send_text (outbox, "bob@example.net", "one", 10, &n_gone, &error));
  g_assert_true (send_text (outbox, "nobody@example.net", "two", 20, &n_gone, &error));
  g_assert_true (send_text (outbox, "carol@example.net", "three", G_MAXUINT64, &n_gone, &error));
  g_assert_cmpuint (n_gone, >=, 1);
  g_assert_true (send_text (outbox, "dave@example.net", "four", 40, &n_gone, &error));
  g_assert_true (ph_outbox_flush (outbox, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ph_outbox_get_n_pending (outbox), ==, 0);
  g_clear_object (&outbox);
  g_assert_cmpuint (n_gone, ==, 4);
  g_assert_cmpuint (ends.n_destroyed, ==, 1);
  g_assert_cmpuint (ends.n_ends, ==, 4);
  assert_end (&ends, 0, 10, -1, "bob@example.net", PH_FATE_ACCEPTED);
  assert_end (&ends, 1, 20, PH_ERROR_RECIPIENTS_REFUSED, "nobody@example.net", PH_FATE_REFUSED);
  assert_end (&ends, 2, G_MAXUINT64, -1, "carol@example.net", PH_FATE_ACCEPTED);
  assert_end (&ends, 3, 40, PH_ERROR_DELIVERY_UNKNOWN, "dave@example.net", PH_FATE_UNKNOWN);
  ph_scripted_server_finish (server);
}

/* A command and a message share the line, and each is told in its way. */
static void
test_send_beside_push (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO GROUP ACCEPT "expect one\nexpect .\n" GROUP "send 250 taken\n" ACCEPT "expect two\nexpect .\nsend 250 taken\n" QUIT, NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (PhCommand) one = make_send (session, "one");
  g_autoptr (GError) error = NULL;
  Ends ends = { 0 };
  guint n = 0, n_gone = 0;

  g_signal_connect (outbox, "finished", G_CALLBACK (count), &n);
  ph_outbox_set_handler (outbox, on_end, &ends, NULL);
  g_assert_true (ph_outbox_push (outbox, one, NULL, &error));
  g_assert_true (send_text (outbox, "bob@example.net", "two", 2, &n_gone, &error));
  g_assert_true (ph_outbox_flush (outbox, NULL, &error));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (ends.n_ends, ==, 1);
  assert_end (&ends, 0, 2, -1, "bob@example.net", PH_FATE_ACCEPTED);
  g_assert_true (ph_session_close (session, NULL, NULL));
  ph_scripted_server_finish (server);
}

static void
on_sent (GObject *outbox, GAsyncResult *result, gpointer data)
{
  g_assert_true (ph_outbox_send_finish (PH_OUTBOX (outbox), result, NULL));
  (*(guint *) data)++;
}

static void
on_send_cancelled (GObject *outbox, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_outbox_send_finish (PH_OUTBOX (outbox), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_send_async (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    HELLO GROUP ACCEPT "expect one\nexpect .\nsend 250 taken\n" GROUP ACCEPT "expect two\nexpect .\nclose\n", NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob@example.net");
  g_autoptr (GBytes) one = g_bytes_new_static ("one", 3);
  g_autoptr (GBytes) two = g_bytes_new_static ("two", 3);
  Ends ends = { 0 };
  gboolean flushed = FALSE;
  guint n = 0;

  ph_outbox_set_max_pending (outbox, 1);
  ph_outbox_set_handler (outbox, on_end, &ends, NULL);
  ph_outbox_send_async (outbox, envelope, one, 1, cancellable, on_sent, &n);
  ph_outbox_send_async (outbox, envelope, one, 3, cancellable, on_send_cancelled, NULL);
  ph_outbox_send_async (outbox, envelope, two, 2, NULL, on_sent, &n);
  ph_outbox_flush_async (outbox, NULL, on_flushed, &flushed);
  g_cancellable_cancel (cancellable);
  while (!flushed || n < 2 || ph_outbox_get_n_pending (outbox) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (ends.n_ends, ==, 2);
  assert_end (&ends, 0, 1, -1, "bob@example.net", PH_FATE_ACCEPTED);
  assert_end (&ends, 1, 2, PH_ERROR_DELIVERY_UNKNOWN, "bob@example.net", PH_FATE_UNKNOWN);
  ph_scripted_server_finish (server);
}

/* The call tells it, and nobody else. */
static void
test_send_unreachable (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("send 554 5.3.2 no\nclose\n", NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  g_autoptr (GError) error = NULL;
  Ends ends = { 0 };
  guint n_gone = 0;

  ph_outbox_set_handler (outbox, on_end, &ends, NULL);
  g_assert_false (send_text (outbox, "bob@example.net", "one", 1, &n_gone, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_GREETING);
  g_assert_cmpuint (ends.n_ends, ==, 0);
  g_assert_cmpuint (n_gone, ==, 1);
  ph_scripted_server_finish (server);
}

static void
assert_body_error (PhSession *session, PhBody *body)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
  g_assert_null (delivery);
  g_assert_cmpint (ph_delivery_get_fate (ph_error_get_delivery (error), 0), ==, PH_FATE_REFUSED);
}

/* Between two chunks a message can be taken back, and the session lives on. */
static void
test_stream_breaks (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    CHUNKING "prefix MAIL FROM:\nprefix RCPT TO:\nsend 250 ok\nsend 250 ok\nexpect BDAT 2\nread 2\nexpect RSET\nsend 250 ok\n"
    "send 250 ok\nexpect NOOP\nsend 250 ok\n" QUIT, NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data ("ab\xff\xff", 4, NULL);
  g_autoptr (GCharsetConverter) converter = g_charset_converter_new ("ISO-8859-1", "UTF-8", NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (converter));
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, -1);
  g_autoptr (GError) error = NULL;

  assert_body_error (session, body);
  g_assert_true (ph_session_noop (session, NULL, &error));
  g_assert_true (ph_session_close (session, NULL, &error));
  ph_scripted_server_finish (server);
}

/* The octets that would make a chunk whole wait until it is known that none are behind them. */
static void
test_file_grows (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (
    CHUNKING "prefix MAIL FROM:\nprefix RCPT TO:\nexpect BDAT 10 LAST\nclosed\n", NULL);
  g_autoptr (PhSession) session = ph_plain_session_new (server, "smtp://localhost");
  g_autoptr (GFileIOStream) io = NULL;
  g_autoptr (GFile) file = g_file_new_tmp (NULL, &io, NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (io));
  g_autoptr (PhBody) body = NULL;

  g_assert_true (g_output_stream_write_all (output, "0123456789", 10, NULL, NULL, NULL));
  body = ph_body_new_for_file (file, NULL);
  g_assert_true (g_output_stream_write_all (output, "more", 4, NULL, NULL, NULL));
  assert_body_error (session, body);
  g_assert_false (ph_session_is_open (session));
  ph_scripted_server_finish (server);
  g_file_delete (file, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/messages-share-the-line", test_pipelines);
  g_test_add_func ("/outbox/waits-at-its-bound", test_bound);
  g_test_add_func ("/outbox/async", test_async);
  g_test_add_func ("/outbox/a-session-that-does-not-open", test_unreachable);
  g_test_add_func ("/outbox/messages-without-commands", test_send);
  g_test_add_func ("/outbox/a-command-and-a-message", test_send_beside_push);
  g_test_add_func ("/outbox/messages-without-commands-async", test_send_async);
  g_test_add_func ("/outbox/messages-without-a-session", test_send_unreachable);
  g_test_add_func ("/outbox/a-stream-that-breaks-between-chunks-is-taken-back", test_stream_breaks);
  g_test_add_func ("/outbox/a-file-that-grew-is-never-whole", test_file_grows);
  return g_test_run ();
}
