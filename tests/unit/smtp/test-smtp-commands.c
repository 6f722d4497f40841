/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands by themselves, what may share a group, and servers that mean no good. */
#include "smtp-test.h"

#define PIPELINING "250-hi\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n"
#define PLAIN "250 hi\r\n"

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
  g_test_add_func ("/smtp/commands/secret-lines-are-hidden", test_secret_lines);
  g_test_add_func ("/smtp/commands/an-endless-line-ends", test_endless_line);
  g_test_add_func ("/smtp/commands/an-endless-reply-ends", test_endless_reply);
  g_test_add_func ("/smtp/commands/decode-reads-a-recorded-stream", test_decode);
  return g_test_run ();
}
