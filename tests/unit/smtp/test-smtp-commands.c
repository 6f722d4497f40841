/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands by themselves, what may share a group, cancelling, arguments that can't be sent, and servers that mean no good. */
#include "smtp-test.h"

#define PIPELINING "250-hi\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n"
#define PLAIN "250 hi\r\n"
#define GROUP "MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n"

static PhCommand *
submit_line (PhHarness *harness, const char *line)
{
  PhCommand *command = ph_command_new_line (line);
  ph_harness_submit (harness, command);
  return command;
}

static GError *
cancelled (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
}

static void
expect_cancelled (PhCommand *command)
{
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_DONE);
  g_assert_error (ph_command_get_error (command), G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The typed calls are lines; the reply tells, refusals included. */
static void
typed_commands (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  PhTransportEngineInterface *iface = PH_TRANSPORT_ENGINE_GET_IFACE (engine);
  g_autoptr (PhCommand) verify = iface->make_verify (engine, "Jones");
  g_autoptr (PhCommand) expand = iface->make_expand (engine, "Example-People");
  g_autoptr (PhCommand) help = iface->make_help (engine, "MAIL");
  g_autoptr (PhCommand) help_all = iface->make_help (engine, NULL);
  g_autoptr (PhCommand) reset = iface->make_reset (engine);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  ph_harness_submit (harness, verify);
  ph_harness_submit (harness, expand);
  ph_harness_submit (harness, help);
  ph_harness_submit (harness, help_all);
  ph_harness_submit (harness, reset);
  ph_harness_submit (harness, noop);
  ph_harness_expect (harness, "VRFY Jones\r\n");
  ph_harness_push (harness, "251 User not local; will forward to <Jones@example.net>\r\n");
  ph_harness_expect_done (harness, verify);
  g_assert_cmpint (ph_reply_get_code (ph_command_get_reply (verify)), ==, 251);
  ph_harness_expect (harness, "EXPN Example-People\r\n");
  ph_harness_push (harness, "250-Jon Postel <Postel@isi.edu>\r\n250 Sue Q. Smith <SQSmith@example.net>\r\n");
  ph_harness_expect_done (harness, expand);
  g_assert_cmpstr (ph_reply_get_text (ph_command_get_reply (expand)), ==, "Jon Postel <Postel@isi.edu>\nSue Q. Smith <SQSmith@example.net>");
  ph_harness_expect (harness, "HELP MAIL\r\n");
  ph_harness_push (harness, "502 5.5.1 no help\r\n");
  ph_harness_expect_error (harness, help, PH_ERROR_BAD_COMMAND);
  g_assert_cmpint (ph_reply_get_code (ph_command_get_reply (help)), ==, 502);
  ph_harness_expect (harness, "HELP\r\n");
  ph_harness_push (harness, "550 no\r\n");
  ph_harness_expect_error (harness, help_all, PH_ERROR_REFUSED);
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect_done (harness, reset);
  ph_harness_expect (harness, "NOOP\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect_done (harness, noop);
}

static void
groups (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autoptr (PhCommand) rset = submit_line (harness, "rset");
  g_autoptr (PhCommand) again = submit_line (harness, "RSET");
  g_autoptr (PhCommand) noop = submit_line (harness, "NOOP");
  g_autoptr (PhCommand) vrfy = submit_line (harness, "VRFY x");
  g_autoptr (PhCommand) last = submit_line (harness, "RSET");
  g_autoptr (PhCommand) alone = ph_command_new_line ("RSET");

  ph_command_set_flags (alone, PH_COMMAND_ALONE);
  ph_harness_submit (harness, alone);
  /* NOOP ends a group: what follows waits for all before it */
  ph_harness_expect (harness, "rset\r\nRSET\r\nNOOP\r\n");
  ph_harness_push (harness, "250 a\r\n250 b\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_push (harness, "250 c\r\n");
  ph_harness_expect (harness, "VRFY x\r\n");
  ph_harness_push (harness, "252 d\r\n");
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_push (harness, "250 e\r\n");
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_push (harness, "250 f\r\n");
  ph_harness_expect_done (harness, rset);
  ph_harness_expect_done (harness, again);
  ph_harness_expect_done (harness, noop);
  ph_harness_expect_done (harness, vrfy);
  ph_harness_expect_done (harness, last);
  ph_harness_expect_done (harness, alone);
  g_assert_cmpstr (ph_reply_get_text (ph_command_get_reply (again)), ==, "b");
}

static void
quits (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) quit = ph_engine_quit (harness->engine);
  g_autoptr (PhCommand) late = ph_command_new_line ("NOOP");

  ph_harness_submit (harness, quit);
  ph_harness_submit (harness, late);
  ph_harness_expect (harness, "QUIT\r\n");
  ph_harness_push (harness, "221 bye\r\n");
  ph_harness_expect_done (harness, quit);
  ph_harness_expect_error (harness, late, PH_ERROR_CLOSED);
  g_assert_true (harness->wants_close);
  ph_harness_close (harness, NULL);
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
  g_autoptr (PhCommand) later = submit_line (harness, "NOOP");
  ph_harness_expect_error (harness, later, PH_ERROR_CLOSED);
}

static void
idle_shutdown (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);

  ph_harness_push (harness, "421 4.4.2 idle for too long\r\n");
  const GError *error = ph_harness_expect_failed (harness, PH_ERROR_SHUTTING_DOWN);
  g_assert_cmpstr (error->message, ==, "mail.example.org closes the session: 421 4.4.2 idle for too long");
}

static void
unasked (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  ph_harness_push (harness, "250 surprise\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_PROTOCOL);
}

static void
shutdown_of_commands (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autoptr (PhCommand) first = submit_line (harness, "RSET");
  g_autoptr (PhCommand) second = submit_line (harness, "NOOP");
  g_autoptr (PhCommand) waiting = submit_line (harness, "NOOP");

  ph_harness_push (harness, "421 4.3.2 bye\r\n");
  ph_harness_expect_error (harness, first, PH_ERROR_SHUTTING_DOWN);
  g_assert_cmpint (ph_reply_get_code (ph_command_get_reply (first)), ==, 421);
  ph_harness_expect_error (harness, second, PH_ERROR_SHUTTING_DOWN);
  ph_harness_expect_error (harness, waiting, PH_ERROR_SHUTTING_DOWN);
  ph_harness_expect_failed (harness, PH_ERROR_SHUTTING_DOWN);
}

static void
late_answer (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_assert_cmpint (ph_engine_get_deadline (harness->engine), ==, 0);
  g_autoptr (PhCommand) command = submit_line (harness, "VRFY x");

  ph_harness_advance (harness, 299);
  ph_harness_push (harness, "250-still here\r\n");
  ph_harness_advance (harness, 299);
  ph_harness_expect_no_event (harness, PH_EVENT_COMMAND);
  ph_harness_advance (harness, 1);
  const GError *error = ph_harness_expect_error (harness, command, PH_ERROR_TIMED_OUT);
  g_assert_cmpstr (error->message, ==, "mail.example.org did not answer VRFY within 300 seconds");
  ph_harness_expect_failed (harness, PH_ERROR_TIMED_OUT);
  g_assert_cmpint (ph_engine_get_deadline (harness->engine), ==, 0);
}

static void
hello_again (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) command = submit_line (harness, "EHLO other.example.com");
  ph_harness_push (harness, "250-hi\r\n250 SIZE 7\r\n");
  ph_harness_expect_done (harness, command);
  ph_harness_expect_capabilities (harness, "SIZE 7");
}

static void
mixed_reply_alone (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) command = submit_line (harness, "VRFY x");

  ph_harness_push (harness, "250-one\r\n550 two\r\n");
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_error (harness, command, PH_ERROR_REFUSED);
}

/* A third party's command with a dialogue of its own: each 3xx is answered by a line. */
typedef struct {
  PhCommand parent;
  guint     n_lines;
} Dialogue;
typedef PhCommandClass DialogueClass;
static GType dialogue_get_type (void);
G_DEFINE_TYPE (Dialogue, dialogue, PH_TYPE_COMMAND)

static void
dialogue_write (PhCommand *command, PhWriter *writer)
{
  ph_writer_atom (writer, "XTALK");
  ph_writer_number (writer, 2);
}

static gboolean
dialogue_proceed (PhCommand *command, const PhResponse *continuation, PhWriter *writer)
{
  Dialogue *self = (Dialogue *) command;

  g_assert_cmpint (ph_response_get_response_type (continuation), ==, PH_RESPONSE_CONTINUATION);
  g_assert_cmpuint (ph_response_get_number (continuation), ==, 334);
  ph_writer_string (writer, ph_response_get_text (continuation));
  return self->n_lines++ < 2;
}

static void
dialogue_class_init (DialogueClass *klass)
{
  klass->write = dialogue_write;
  klass->proceed = dialogue_proceed;
}

static void
dialogue_init (Dialogue *self)
{
}

static void
dialogues (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) command = g_object_new (dialogue_get_type (), NULL);
  g_autoptr (PhCommand) plain = ph_command_new_line ("XTALK");

  ph_harness_submit (harness, command);
  ph_harness_submit (harness, plain);
  ph_harness_expect (harness, "XTALK 2\r\n");
  ph_harness_push (harness, "334 one\r\n");
  ph_harness_expect (harness, "one\r\n");
  ph_harness_push (harness, "334 two\r\n");
  ph_harness_expect (harness, "two\r\n");
  ph_harness_push (harness, "250 done\r\n");
  ph_harness_expect_done (harness, command);
  /* a command that expects none has 3xx for its reply */
  ph_harness_expect (harness, "XTALK\r\n");
  ph_harness_push (harness, "334 one\r\n");
  ph_harness_expect_done (harness, plain);
  g_assert_cmpint (ph_reply_get_code (ph_command_get_reply (plain)), ==, 334);
}

static void
changing_codes (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autoptr (PhCommand) first = submit_line (harness, "RSET");
  g_autoptr (PhCommand) second = submit_line (harness, "RSET");

  ph_harness_push (harness, "250-one\r\n251 two\r\n250 three\r\n");
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_done (harness, first);
  ph_harness_expect_done (harness, second);
  g_assert_cmpint (ph_reply_get_code (ph_command_get_reply (first)), ==, 251);
}

static void
cancel_in_flight (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) sent = submit_line (harness, "VRFY x");
  g_autoptr (PhCommand) unsent = submit_line (harness, "VRFY y");
  g_autoptr (PhCommand) last = submit_line (harness, "NOOP");

  ph_harness_cancel (harness, unsent, cancelled ());
  ph_harness_cancel (harness, sent, cancelled ());
  expect_cancelled (unsent);
  expect_cancelled (sent);
  ph_harness_expect (harness, "VRFY x\r\n");
  ph_harness_push (harness, "252 x\r\n");
  ph_harness_expect (harness, "NOOP\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect_done (harness, last);
  g_assert_cmpstr (ph_reply_get_text (ph_command_get_reply (last)), ==, "ok");
}

static void
cancel_send_before_data (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net", "carol@example.net"), "x");
  g_autoptr (PhCommand) noop = submit_line (harness, "NOOP");

  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect (harness, "MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\n");
  ph_harness_cancel (harness, send, cancelled ());
  expect_cancelled (send);
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect (harness, "NOOP\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect_done (harness, noop);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_PENDING, 0);
}

static void
cancel_send_with_data_asked (gconstpointer data)
{
  gboolean refused = GPOINTER_TO_INT (data);
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x");

  ph_harness_expect (harness, GROUP);
  ph_harness_cancel (harness, send, cancelled ());
  ph_harness_push (harness, refused ? "250 ok\r\n550 no\r\n354 go\r\n" : "250 ok\r\n250 ok\r\n354 go\r\n");
  expect_cancelled (send);
  if (refused)
    {
      /* nobody would get the empty message */
      ph_harness_expect (harness, ".\r\n");
      ph_harness_push (harness, "554 none\r\n");
      ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
      return;
    }
  ph_harness_expect_nothing (harness);
  g_assert_true (harness->wants_close);
}

static void
cancel_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_expect (harness, GROUP "x\r\n");
  ph_harness_cancel (harness, send, cancelled ());
  expect_cancelled (send);
  ph_harness_expect_nothing (harness);
  g_assert_true (harness->wants_close);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

static void
cancel_behind_the_dot (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x");
  g_autoptr (PhCommand) next = smtp_send (harness, TO ("bob@example.net"), "y");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, GROUP "x\r\n.\r\n");
  ph_harness_cancel (harness, send, cancelled ());
  expect_cancelled (send);
  assert_row (send, 0, PH_FATE_UNKNOWN, PH_DELIVERY_PENDING, 0);
  ph_harness_push (harness, "250 taken\r\n");
  ph_harness_expect (harness, GROUP);
  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, "y\r\n.\r\n");
  ph_harness_push (harness, "250 taken, too\r\n");
  ph_harness_expect_done (harness, next);
}

static void
body_cannot_be_read (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, GROUP);
  harness->body_error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "the disk is gone");
  ph_harness_write_body (harness, 3);
  ph_harness_expect (harness, "x\r\n");
  const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_BODY);
  g_assert_cmpstr (error->message, ==, "the message could not be read to its end: the disk is gone");
  ph_harness_expect_failed (harness, PH_ERROR_BODY);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

static void
refused_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_push (harness, "552 5.3.4 too much\r\n");
  const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_DATA_REFUSED);
  g_assert_cmpstr (error->message, ==, "the message was refused by mail.example.org: 552 5.3.4 too much");
  ph_harness_expect_failed (harness, PH_ERROR_DATA_REFUSED);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_DATA, 552);
  ph_harness_write_body (harness, -1);
}

static void
accepted_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_push (harness, "250 thanks\r\n");
  ph_harness_expect_error (harness, send, PH_ERROR_PROTOCOL);
  ph_harness_expect_failed (harness, PH_ERROR_PROTOCOL);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

static void
lost_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_close (harness, g_error_new (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "Broken pipe"));
  const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, "the connection to mail.example.org was lost before it answered the message: Broken pipe");
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

/* The message as the wire has it, wherever body and coder are cut */
static void
content_is_encoded (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autofree char *long_line = g_strnfill (998, 'x');
  g_autofree char *text = g_strconcat ("Subject: x\n\n.\n..\r\n.a\rb\n", long_line, NULL);
  g_autofree char *wire = g_strconcat ("Subject: x\r\n\r\n..\r\n...\r\n..a\r\nb\r\n", long_line, "\r\n.\r\n", NULL);
  G_GNUC_UNUSED g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), text);

  ph_harness_expect (harness, GROUP);
  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, wire);
}

/* Above 64 KiB, and where the size isn't known, DATA waits for the recipients */
static void
large_messages_wait (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autofree char *text = g_strnfill (64 * 1024 + 1, 'x');
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), text);

  ph_harness_expect (harness, "MAIL FROM:<alice@example.com> SIZE=65537\r\nRCPT TO:<bob@example.net>\r\n");
  ph_harness_push (harness, "250 ok\r\n550 no\r\n");
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_expect_error (harness, send, PH_ERROR_RECIPIENTS_REFUSED);
}

static void
unknown_size_waits (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data ("x", 1, NULL);
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 0);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (zlib));
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, -1);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new (NULL);
  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_parameter (envelope, "RET=HDRS");
  ph_envelope_add_recipient_parameter (envelope, 0, "NOTIFY=NEVER");
  g_autoptr (PhCommand) send =
    PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);

  ph_harness_submit (harness, send);
  ph_harness_expect (harness, "MAIL FROM:<> RET=HDRS\r\nRCPT TO:<bob@example.net> NOTIFY=NEVER\r\n");
}

static void
own_parameters_win (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250-SIZE\r\n250 8BITMIME\r\n");
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_parameter (envelope, "body=7BIT");
  ph_envelope_add_parameter (envelope, "Size=99");
  g_autoptr (PhCommand) send =
    PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);

  ph_harness_submit (harness, send);
  ph_harness_expect (harness, "MAIL FROM:<alice@example.com> body=7BIT Size=99\r\n");
}

/* Quirk 2: nothing of it leaves */
static void
test_arguments_that_cannot_be_sent (void)
{
  static const char *const addresses[] = {
    "", "a\r\nDATA@x", "a\nb@x", "a\rb@x", "a b@x", "a@x> SIZE=1", "<a@x>", "\"a@x", "a@x\x7f", "a@x\t", "\"a\\", "\"a\\\r\"@x",
    "caf\xe9@x", "a@\xc3\x28", "a@\xef\xbf\xbd..x",
  };
  static const char *const lines[] = { "", "NOOP\r\nDATA", "NOOP\n", "\r", "DATA", "data x", "BDAT 5 LAST", "starttls" };
  static const char *const parameters[] = { "", "X=a b", "X=a\r\nRSET", "X=\x01" };
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net", addresses[i]), "x");
      const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_INVALID_ARGUMENT);
      g_assert_null (strpbrk (error->message, "\r\n"));
      g_assert_nonnull (ph_error_get_delivery (error));
    }
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autoptr (PhBody) body = ph_body_new_for_text ("x");
      g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
      ph_envelope_add_recipient (envelope, "bob@example.net");
      ph_envelope_add_parameter (envelope, parameters[i]);
      g_autoptr (PhCommand) send =
        PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);
      ph_harness_submit (harness, send);
      ph_harness_expect_error (harness, send, PH_ERROR_INVALID_ARGUMENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (PhCommand) command = submit_line (harness, lines[i]);
      ph_harness_expect_error (harness, command, PH_ERROR_INVALID_ARGUMENT);
    }
  g_autoptr (PhValue) word = ph_value_new_string ("two words");
  PhValue *items[] = { word };
  g_autoptr (PhValue) list = ph_value_new_list (items, 1);
  g_autoptr (PhCommand) words = ph_command_new ("VRFY", list);
  ph_harness_submit (harness, words);
  ph_harness_expect_error (harness, words, PH_ERROR_INVALID_ARGUMENT);
  g_autoptr (PhCommand) nobody = smtp_send (harness, TO (NULL), "x");
  ph_harness_expect_error (harness, nobody, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
}

static void
test_addresses_that_can (void)
{
  static const char *const addresses[] = {
    "a@x", "\"a b\"@x", "\"<a>\"@x", "\"a\\\" b\"@x", "a@[127.0.0.1]", "a@[IPv6:::1]", "@relay,@other:a@x", "Postmaster", "a+b=c/d@x", "\"@\"@x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
      g_autofree char *line = g_strdup_printf ("MAIL FROM:<alice@example.com>\r\nRCPT TO:<%s>\r\n", addresses[i]);
      G_GNUC_UNUSED g_autoptr (PhCommand) send = smtp_send (harness, TO (addresses[i]), "x");
      ph_harness_push (harness, "250 ok\r\n");
      ph_harness_expect (harness, line);
    }
}

static void
test_utf8 (void)
{
  static const struct {
    const char *capabilities, *address, *wire;
    int error;
  } cases[] = {
    { "250 hi\r\n", "bob@b\xc3\xbc" "cher.example", "RCPT TO:<bob@xn--bcher-kva.example>\r\n", -1 },
    { "250 hi\r\n", "b\xc3\xb6" "b@example.net", NULL, PH_ERROR_NOT_SUPPORTED },
    { "250-hi\r\n250 SMTPUTF8\r\n", "b\xc3\xb6" "b@b\xc3\xbc" "cher.example", "RCPT TO:<b\xc3\xb6" "b@b\xc3\xbc" "cher.example>\r\n", -1 },
    { "250-hi\r\n250 SMTPUTF8\r\n", "bob@b\xc3\xbc" "cher.example", "RCPT TO:<bob@b\xc3\xbc" "cher.example>\r\n", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = smtp_open ("smtp", cases[i].capabilities);
      g_autoptr (PhCommand) send = smtp_send (harness, TO (cases[i].address), "x");
      if (cases[i].error >= 0)
        {
          ph_harness_expect_error (harness, send, cases[i].error);
          ph_harness_expect_nothing (harness);
          continue;
        }
      g_autofree char *wire = g_strconcat ("MAIL FROM:<alice@example.com>", i >= 2 ? " SMTPUTF8\r\n" : "\r\n", cases[i].wire, NULL);
      ph_harness_push (harness, "250 ok\r\n");
      ph_harness_expect (harness, wire);
    }

  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 SMTPUTF8\r\n");
  G_GNUC_UNUSED g_autoptr (PhCommand) vrfy = submit_line (harness, "VRFY b\xc3\xb6" "b");
  ph_harness_expect (harness, "VRFY b\xc3\xb6" "b SMTPUTF8\r\n");
  g_autoptr (PhHarness) other = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) refused = submit_line (other, "VRFY b\xc3\xb6" "b");
  ph_harness_expect_error (other, refused, PH_ERROR_NOT_SUPPORTED);
}

static void
test_secret_lines (void)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  G_GNUC_UNUSED g_autoptr (PhCommand) first = submit_line (harness, "RSET");
  g_autoptr (PhCommand) secret = ph_command_new_line ("XSECRET hunter2");
  ph_command_set_flags (secret, PH_COMMAND_SECRET);
  ph_harness_submit (harness, secret);
  G_GNUC_UNUSED g_autoptr (PhCommand) auth = submit_line (harness, "AUTH PLAIN aHVudGVyMg==");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n");
  ph_harness_expect (harness, "RSET\r\nXSECRET hunter2\r\nAUTH PLAIN aHVudGVyMg==\r\n");
  g_assert_null (strstr (ph_harness_get_trace (harness), "hunter2"));
  g_assert_null (strstr (ph_harness_get_trace (harness), "aHVudGVyMg"));
}

static void
test_endless_line (void)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autofree char *text = g_strnfill (16384, '2');
  g_autoptr (PhCommand) command = submit_line (harness, "VRFY x");

  for (guint i = 0; i < 8 && !harness->wants_close; i++)
    ph_harness_push (harness, text);
  ph_harness_expect_error (harness, command, PH_ERROR_LIMIT);
  ph_harness_expect_failed (harness, PH_ERROR_LIMIT);
}

static void
test_endless_reply (void)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) command = submit_line (harness, "VRFY x");
  guint n;

  for (n = 0; n < 2000 && !harness->wants_close; n++)
    ph_harness_push (harness, "250-more\r\n");
  g_assert_cmpuint (n, ==, 1001);
  const GError *error = ph_harness_expect_error (harness, command, PH_ERROR_LIMIT);
  g_assert_cmpstr (error->message, ==, "mail.example.org sent what can't be understood: a reply has more than 1000 lines");
}

/* 50,000 recipients in one group; what is not linear shows */
static void
test_many_recipients (void)
{
  enum { N = 50000 };
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");
  g_autoptr (GString) replies = g_string_new ("250 ok\r\n");

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *address = g_strdup_printf ("user%u@example.net", i);
      ph_envelope_add_recipient (envelope, address);
      g_string_append (replies, i % 2 != 0 ? "550 5.1.1 no\r\n" : "250 ok\r\n");
    }
  g_string_append (replies, "354 go\r\n");
  g_autoptr (PhCommand) send =
    PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);
  ph_harness_submit (harness, send);
  ph_harness_push (harness, replies->str);
  ph_harness_push (harness, "250 taken\r\n");
  ph_harness_expect_done (harness, send);
  PhDelivery *delivery = ph_command_peek_result (send);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, N / 2);
  assert_row (send, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, 250);
  assert_row (send, N - 1, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, 550);
}

static void
test_decode (void)
{
  static const char stream[] = "220 hi\r\n250-SIZE\r\n250 2.1.0 ok\r\ngarbage\r\n550-no\r\n5";
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  const guint8 *data = (const guint8 *) stream;
  gsize length = sizeof stream - 1;
  g_autoptr (GString) got = g_string_new (NULL);

  for (gsize done = 0; done < length;)
    {
      g_autoptr (PhResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      gsize taken = ph_engine_decode (harness->engine, data + done, length - done, TRUE, &response, &error);
      g_assert_cmpuint (taken, >, 0);
      if (error != NULL)
        g_string_append_printf (got, "! %s/", error->message);
      else
        g_string_append_printf (got, "%u %s %s/", ph_response_get_number (response),
                                ph_response_get_name (response) != NULL ? ph_response_get_name (response) : "-",
                                ph_response_get_text (response));
      done += taken;
    }
  g_assert_cmpstr (got->str, ==, "220 - hi/250 2.1.0 SIZE\nok/! not a reply: “garbage”/! the stream ends within a reply/");

  PhResponse *response = NULL;
  g_assert_cmpuint (ph_engine_decode (harness->engine, data, 7, FALSE, &response, NULL), ==, 0);
  g_assert_null (response);
}


static const struct {
  const char *path;
  void (*scenario) (gconstpointer data);
  gconstpointer data;
} scenarios[] = {
  { "typed-commands-are-lines", typed_commands, NULL },
  { "groups-end-where-rfc2920-says", groups, NULL },
  { "quit-closes", quits, NULL },
  { "421-when-idle-ends-the-session", idle_shutdown, NULL },
  { "a-reply-to-nothing-is-fatal", unasked, NULL },
  { "421-ends-all-commands", shutdown_of_commands, NULL },
  { "patience-begins-again-with-each-line", late_answer, NULL },
  { "a-raw-ehlo-changes-the-capabilities", hello_again, NULL },
  { "mixed-classes-are-read-where-nothing-follows", mixed_reply_alone, NULL },
  { "a-command-may-have-a-dialogue-of-its-own", dialogues, NULL },
  { "codes-that-change-are-a-warning", changing_codes, NULL },
  { "cancelled-commands-leave-the-order-right", cancel_in_flight, NULL },
  { "a-send-cancelled-before-data-is-reset", cancel_send_before_data, NULL },
  { "a-send-cancelled-with-data-asked-never-sends-an-empty-message", cancel_send_with_data_asked, GINT_TO_POINTER (FALSE) },
  { "a-send-cancelled-with-all-refused-lives-on", cancel_send_with_data_asked, GINT_TO_POINTER (TRUE) },
  { "a-send-cancelled-within-its-body-closes", cancel_within_the_body, NULL },
  { "a-send-cancelled-behind-the-dot-is-unknown", cancel_behind_the_dot, NULL },
  { "a-body-that-fails-closes-without-a-dot", body_cannot_be_read, NULL },
  { "a-refusal-within-the-body-is-heard", refused_within_the_body, NULL },
  { "an-acceptance-within-the-body-is-none", accepted_within_the_body, NULL },
  { "lost-within-the-body-is-refused", lost_within_the_body, NULL },
  { "quirk-25-content-is-encoded", content_is_encoded, NULL },
  { "large-messages-wait-for-the-recipients", large_messages_wait, NULL },
  { "a-message-of-unknown-size-waits", unknown_size_waits, NULL },
  { "own-parameters-win", own_parameters_win, NULL },
};

static void
run_scenario (gconstpointer index)
{
  ph_harness_every_feed (scenarios[GPOINTER_TO_UINT (index)].scenario, scenarios[GPOINTER_TO_UINT (index)].data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/commands/", scenarios[i].path, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), run_scenario);
    }
  g_test_add_func ("/smtp/commands/quirk-2-nothing-leaves-of-what-cannot-be-sent", test_arguments_that_cannot_be_sent);
  g_test_add_func ("/smtp/commands/addresses-go-as-they-are", test_addresses_that_can);
  g_test_add_func ("/smtp/commands/smtputf8-where-it-is-needed", test_utf8);
  g_test_add_func ("/smtp/commands/secret-lines-are-hidden", test_secret_lines);
  g_test_add_func ("/smtp/commands/an-endless-line-ends", test_endless_line);
  g_test_add_func ("/smtp/commands/an-endless-reply-ends", test_endless_reply);
  g_test_add_func ("/smtp/commands/many-recipients-are-linear", test_many_recipients);
  g_test_add_func ("/smtp/commands/decode-reads-a-recorded-stream", test_decode);
  return g_test_run ();
}
