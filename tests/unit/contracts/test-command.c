/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command's life: written, read, ended, and what it keeps. */
#include "contracts/ph-command-private.h"
#include "recording-writer.h"

/* Whose finish() does what it is told */
typedef struct {
  PhCommand parent_instance;
  gboolean  succeeds;
  GError   *error;
  guint     n_finished;
} TestCommand;

typedef PhCommandClass TestCommandClass;
GType test_command_get_type (void);
G_DEFINE_TYPE (TestCommand, test_command, PH_TYPE_COMMAND)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestCommand, g_object_unref)

static gboolean
test_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  TestCommand *self = (TestCommand *) command;

  self->n_finished++;
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return self->succeeds;
}

static void
test_command_class_init (TestCommandClass *klass)
{
  klass->finish = test_command_finish;
}

static void
test_command_init (TestCommand *self)
{
  self->succeeds = TRUE;
}

static PhResponse *
make_response (const char *name, guint32 number)
{
  PhResponse *response = ph_response_new_transient ();

  ph_response_fill (response, PH_RESPONSE_UNTAGGED, NULL, name, number, PH_STATUS_NONE, NULL, NULL, NULL, NULL);
  return response;
}

static void
assert_writes (PhCommand *command, const char *expected)
{
  g_autoptr (PhWriter) writer = recording_writer_new ();

  ph_command_write (command, writer);
  g_autofree char *record = recording_writer_take (writer);
  g_assert_cmpstr (record, ==, expected);
}

static void
test_name_and_arguments_are_written (void)
{
  g_autoptr (PhValue) word = ph_value_new_string ("INBOX");
  g_autoptr (PhValue) list = ph_value_new_list (&word, 1);
  PhValue *items[] = { word, list };
  g_autoptr (PhValue) arguments = ph_value_new_list (items, 2);
  g_autoptr (PhCommand) command = ph_command_new ("UID THING", arguments);
  g_autoptr (PhCommand) bare = ph_command_new ("NOOP", NULL);
  g_autoptr (PhCommand) line = ph_command_new_line ("XYZZY  a {3}");

  assert_writes (command, "atom UID; atom THING; string INBOX; open; string INBOX; close");
  assert_writes (bare, "atom NOOP");
  assert_writes (line, "line XYZZY  a {3}");
  g_assert_cmpstr (ph_command_get_name (command), ==, "UID THING");
  g_assert_cmpstr (ph_command_get_name (line), ==, "XYZZY");
}

static void
test_the_name_for_people_is_not_written (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("SELECT", NULL);

  ph_command_set_name (command, "SELECT of \"Work\"");
  assert_writes (command, "atom SELECT");
  g_assert_cmpstr (ph_command_get_name (command), ==, "SELECT of \"Work\"");
  ph_command_set_name (command, NULL);
  g_assert_cmpstr (ph_command_get_name (command), ==, "SELECT");

  /* a derived class that was not named is still something to talk of */
  g_autoptr (PhCommand) nameless = g_object_new (test_command_get_type (), NULL);
  g_assert_cmpstr (ph_command_get_name (nameless), ==, "TestCommand");
  assert_writes (nameless, "fail 1");
}

static void
test_properties_say_what_getters_say (void)
{
  g_autoptr (PhCommand) command = g_object_new (PH_TYPE_COMMAND, "name", "X", "flags", PH_COMMAND_ALONE | PH_COMMAND_IDLE, NULL);
  g_autofree char *name = NULL;
  PhCommandFlags flags;
  PhCommandState state;

  g_object_get (command, "name", &name, "flags", &flags, "state", &state, NULL);
  g_assert_cmpstr (name, ==, "X");
  g_assert_cmpuint (flags, ==, PH_COMMAND_ALONE | PH_COMMAND_IDLE);
  g_assert_cmpuint (ph_command_get_flags (command), ==, flags);
  g_assert_cmpint (state, ==, PH_COMMAND_NEW);
}

static void
test_responses_of_its_name_are_kept (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("UID SEARCH", NULL);
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_OK, 0, "done");
  g_autoptr (PhResponse) search = make_response ("SEARCH", 1);
  g_autoptr (PhResponse) other = make_response ("EXISTS", 2);

  g_assert_true (ph_command_receive (command, search));
  g_assert_false (ph_command_receive (command, other));
  g_assert_true (ph_command_receive (command, search));
  ph_command_complete (command, reply, NULL);
  g_assert_cmpuint (ph_reply_get_responses (reply)->len, ==, 2);
  g_assert_null (ph_command_get_error (command));
}

static void
test_a_raw_line_keeps_all_responses (void)
{
  g_autoptr (PhCommand) command = ph_command_new_line ("NOOP");
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, 0, "no");
  g_autoptr (PhResponse) exists = make_response ("EXISTS", 2);
  g_autoptr (PhResponse) recent = make_response ("RECENT", 1);

  g_assert_true (ph_command_receive (command, exists));
  g_assert_true (ph_command_receive (command, recent));
  ph_command_complete (command, reply, NULL);
  g_assert_cmpuint (ph_reply_get_responses (ph_command_get_reply (command))->len, ==, 2);
  g_assert_error (ph_command_get_error (command), PH_ERROR, PH_ERROR_REFUSED);
}

static void
test_a_renewed_command_forgets (void)
{
  g_autoptr (PhCommand) command = ph_command_new_line ("X");
  g_autoptr (PhReply) no = ph_reply_new (PH_STATUS_NO, 0, "no");
  g_autoptr (PhReply) ok = ph_reply_new (PH_STATUS_OK, 0, "done");
  g_autoptr (PhResponse) exists = make_response ("EXISTS", 2);

  g_assert_true (ph_command_receive (command, exists));
  ph_command_push_item (command, PH_TYPE_REPLY, ph_reply_ref (no));
  ph_command_take_boxed (command, PH_TYPE_REPLY, ph_reply_ref (no));
  ph_command_set_progress (command, 1, 2);
  ph_command_complete (command, no, NULL);
  g_assert_nonnull (ph_command_get_error (command));
  ph_command_renew (command);
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_NEW);
  g_assert_null (ph_command_get_error (command));
  g_assert_null (ph_command_get_reply (command));
  g_assert_null (ph_command_get_result (command));
  g_assert_null (ph_command_pop_item (command));
  g_assert_cmpstr (ph_command_get_name (command), ==, "X");
  ph_command_complete (command, ok, NULL);
  g_assert_cmpuint (ph_reply_get_responses (ok)->len, ==, 0);
  g_assert_no_error (ph_command_get_error (command));
}

static void
test_what_is_kept_is_bounded (void)
{
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_OK, 0, "done");
  g_autoptr (PhCommand) many = ph_command_new_line ("X");
  g_autoptr (PhResponse) small = make_response ("X", 1);

  for (guint i = 0; i <= 100000; i++)
    g_assert_true (ph_command_receive (many, small));
  ph_command_complete (many, reply, NULL);
  g_assert_error (ph_command_get_error (many), PH_ERROR, PH_ERROR_LIMIT);
  g_assert_cmpuint (ph_reply_get_responses (reply)->len, ==, 0);

  g_autoptr (PhReply) second = ph_reply_new (PH_STATUS_OK, 0, "done");
  g_autoptr (PhCommand) large = ph_command_new_line ("X");
  g_autofree char *octets = g_strnfill (10 << 20, 'x');
  g_autoptr (PhValue) value = ph_value_new_string (octets);
  g_autoptr (PhResponse) response = ph_response_new_transient ();
  ph_response_fill (response, PH_RESPONSE_UNTAGGED, NULL, "X", -1, PH_STATUS_NONE, NULL, NULL, NULL, value);
  for (guint i = 0; i < 7; i++)
    g_assert_true (ph_command_receive (large, response));
  ph_command_complete (large, second, NULL);
  g_assert_error (ph_command_get_error (large), PH_ERROR, PH_ERROR_LIMIT);
}

static void
test_a_command_ends_once (void)
{
  g_autoptr (PhCommand) command = g_object_new (test_command_get_type (), NULL);
  g_autoptr (PhReply) ok = ph_reply_new (PH_STATUS_OK, 0, "fine");
  g_autoptr (PhReply) no = ph_reply_new (PH_STATUS_NO, 0, "no");

  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_NEW);
  ph_command_set_state (command, PH_COMMAND_QUEUED);
  ph_command_set_state (command, PH_COMMAND_SENT);
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_SENT);
  ph_command_complete (command, ok, NULL);
  ph_command_complete (command, no, g_error_new_literal (PH_ERROR, PH_ERROR_CLOSED, "late"));
  ph_command_set_state (command, PH_COMMAND_QUEUED);

  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_DONE);
  g_assert_true (ph_command_get_reply (command) == ok);
  g_assert_null (ph_command_get_error (command));
  g_assert_cmpuint (((TestCommand *) command)->n_finished, ==, 1);
}

static void
test_finish_decides_after_ok_only (void)
{
  g_autoptr (PhReply) ok = ph_reply_new (PH_STATUS_OK, 0, "fine");
  g_autoptr (PhReply) no = ph_reply_new (PH_STATUS_NO, 0, "no");
  g_autoptr (TestCommand) failing = g_object_new (test_command_get_type (), NULL);
  g_autoptr (TestCommand) silent = g_object_new (test_command_get_type (), NULL);
  g_autoptr (TestCommand) refused = g_object_new (test_command_get_type (), NULL);
  g_autoptr (TestCommand) cancelled = g_object_new (test_command_get_type (), NULL);
  g_autoptr (TestCommand) lost = g_object_new (test_command_get_type (), NULL);

  failing->succeeds = FALSE;
  failing->error = g_error_new_literal (PH_ERROR, PH_ERROR_PROTOCOL, "odd");
  ph_command_complete (PH_COMMAND (failing), ok, NULL);
  g_assert_error (ph_command_get_error (PH_COMMAND (failing)), PH_ERROR, PH_ERROR_PROTOCOL);

  silent->succeeds = FALSE;
  ph_command_complete (PH_COMMAND (silent), ok, NULL);
  g_assert_error (ph_command_get_error (PH_COMMAND (silent)), PH_ERROR, PH_ERROR_FAILED);

  ph_command_complete (PH_COMMAND (refused), no, NULL);
  g_assert_cmpuint (refused->n_finished, ==, 0);

  ph_command_complete (PH_COMMAND (cancelled), ok, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x"));
  g_assert_cmpuint (cancelled->n_finished, ==, 0);
  g_assert_error (ph_command_get_error (PH_COMMAND (cancelled)), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (ph_command_get_reply (PH_COMMAND (cancelled)) == ok);

  ph_command_complete (PH_COMMAND (lost), NULL, NULL);
  g_assert_error (ph_command_get_error (PH_COMMAND (lost)), PH_ERROR, PH_ERROR_FAILED);
}

static void
test_a_refusal_becomes_the_right_error (void)
{
  static const struct {
    PhStatus    status;
    int         code;
    const char *enhanced;
    const char *response_code;
    PhError     expected;
  } cases[] = {
    { PH_STATUS_NO, 0, NULL, NULL, PH_ERROR_REFUSED },
    { PH_STATUS_NO, 550, "5.1.1", NULL, PH_ERROR_REFUSED },
    { PH_STATUS_BAD, 0, NULL, NULL, PH_ERROR_BAD_COMMAND },
    { PH_STATUS_BAD, 500, NULL, NULL, PH_ERROR_BAD_COMMAND },
    { PH_STATUS_BAD, 0, NULL, "NONEXISTENT", PH_ERROR_NO_MAILBOX },
    { PH_STATUS_BYE, 0, NULL, NULL, PH_ERROR_SHUTTING_DOWN },
    { PH_STATUS_BYE, 421, NULL, NULL, PH_ERROR_SHUTTING_DOWN },
    { PH_STATUS_NONE, 0, NULL, NULL, PH_ERROR_REFUSED },
    { PH_STATUS_NO, 0, NULL, "NONEXISTENT", PH_ERROR_NO_MAILBOX },
    { PH_STATUS_NO, 0, NULL, "trycreate", PH_ERROR_NO_MAILBOX },
    { PH_STATUS_NO, 0, NULL, "ALREADYEXISTS", PH_ERROR_ALREADY_EXISTS },
    { PH_STATUS_NO, 0, NULL, "NOPERM", PH_ERROR_NO_PERMISSION },
    { PH_STATUS_NO, 0, NULL, "READ-ONLY", PH_ERROR_NO_PERMISSION },
    { PH_STATUS_NO, 0, NULL, "OVERQUOTA", PH_ERROR_OVER_QUOTA },
    { PH_STATUS_NO, 0, NULL, "EXPIRED", PH_ERROR_EXPIRED },
    { PH_STATUS_NO, 0, NULL, "UNAVAILABLE", PH_ERROR_UNAVAILABLE },
    { PH_STATUS_NO, 0, NULL, "INUSE", PH_ERROR_IN_USE },
    { PH_STATUS_NO, 0, NULL, "LIMIT", PH_ERROR_THROTTLED },
    { PH_STATUS_NO, 0, NULL, "AUTHENTICATIONFAILED", PH_ERROR_AUTHENTICATION },
    { PH_STATUS_NO, 0, NULL, "AUTHORIZATIONFAILED", PH_ERROR_AUTHENTICATION },
    { PH_STATUS_NO, 0, NULL, "TOOBIG", PH_ERROR_TOO_LARGE },
    { PH_STATUS_NO, 0, NULL, "CANNOT", PH_ERROR_CANNOT },
    { PH_STATUS_NO, 452, NULL, NULL, PH_ERROR_OVER_QUOTA },
    { PH_STATUS_NO, 552, "5.2.2", NULL, PH_ERROR_OVER_QUOTA },
    { PH_STATUS_NO, 452, "4.3.1", NULL, PH_ERROR_OVER_QUOTA },
    { PH_STATUS_NO, 452, "4.5.3", NULL, PH_ERROR_REFUSED },
    { PH_STATUS_NO, 552, "5.3.4", NULL, PH_ERROR_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhCommand) command = ph_command_new ("X", NULL);
      g_autoptr (PhReply) reply = ph_reply_new (cases[i].status, cases[i].code, "words");

      ph_reply_set_enhanced_status (reply, cases[i].enhanced);
      ph_reply_set_response_code (reply, cases[i].response_code, NULL);
      ph_command_complete (command, reply, NULL);
      g_assert_error (ph_command_get_error (command), PH_ERROR, (int) cases[i].expected);
      g_assert_true (ph_error_get_reply (ph_command_get_error (command)) == reply);
    }
}

static void
test_an_error_is_a_sentence (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("RCPT", NULL);
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, 550, "no such user");

  ph_reply_set_enhanced_status (reply, "5.1.1");
  ph_command_set_name (command, "RCPT TO:<bob@example.net>");
  ph_command_complete (command, reply, NULL);
  g_assert_cmpstr (ph_command_get_error (command)->message, ==, "RCPT TO:<bob@example.net> refused: 550 5.1.1 no such user");
}

static void
test_a_result_is_kept (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("X", NULL);
  PhValue *value = ph_value_new_atom ("result");
  GValue number = G_VALUE_INIT;

  g_assert_null (ph_command_get_result (command));
  g_assert_null (ph_command_peek_result (command));
  ph_command_take_boxed (command, PH_TYPE_VALUE, value);
  g_assert_true (ph_command_peek_result (command) == value);
  g_assert_true (G_VALUE_HOLDS (ph_command_get_result (command), PH_TYPE_VALUE));

  g_value_init (&number, G_TYPE_UINT64);
  g_value_set_uint64 (&number, 7);
  ph_command_take_result (command, &number);
  g_assert_false (G_IS_VALUE (&number));
  g_assert_cmpuint (g_value_get_uint64 (ph_command_get_result (command)), ==, 7);
  g_assert_null (ph_command_peek_result (command));

  GObject *object = g_object_new (PH_TYPE_COMMAND, NULL);
  ph_command_take_boxed (command, PH_TYPE_COMMAND, object);
  g_assert_true (ph_command_peek_result (command) == object);
  g_assert_cmpuint (object->ref_count, ==, 1);
  ph_command_take_boxed (command, G_TYPE_PTR_ARRAY, g_ptr_array_new ());
  g_assert_nonnull (ph_command_peek_result (command));
}

static void
on_progress (PhCommand *command, guint64 done, guint64 total, guint64 *sum)
{
  *sum += done + total;
}

static void
test_progress_is_taken_once (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("APPEND", NULL);
  guint64 done = 0, total = 0, sum = 0;

  g_assert_false (ph_command_take_progress (command, &done, &total));
  ph_command_set_progress (command, 1, 10);
  ph_command_set_progress (command, 2, 10);
  g_assert_true (ph_command_take_progress (command, &done, &total));
  g_assert_cmpuint (done, ==, 2);
  g_assert_cmpuint (total, ==, 10);
  g_assert_false (ph_command_take_progress (command, &done, &total));

  g_signal_connect (command, "progress", G_CALLBACK (on_progress), &sum);
  g_signal_emit_by_name (command, "progress", done, total);
  g_assert_cmpuint (sum, ==, 12);
}

static void
test_defaults_expect_nothing (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("X", NULL);
  g_autoptr (PhWriter) writer = recording_writer_new ();
  g_autoptr (PhResponse) continuation = ph_response_new_transient ();

  ph_response_fill (continuation, PH_RESPONSE_CONTINUATION, NULL, NULL, -1, PH_STATUS_NONE, NULL, NULL, "go on", NULL);
  g_assert_false (ph_command_proceed (command, continuation, writer));
  g_assert_false (ph_command_receive (command, continuation));
  ph_command_interrupt (command, writer);
  g_assert_null (ph_command_get_filter (command));
  g_autofree char *record = recording_writer_take (writer);
  g_assert_cmpstr (record, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/command/name-and-arguments-are-written", test_name_and_arguments_are_written);
  g_test_add_func ("/command/the-name-for-people-is-not-written", test_the_name_for_people_is_not_written);
  g_test_add_func ("/command/properties-say-what-getters-say", test_properties_say_what_getters_say);
  g_test_add_func ("/command/responses-of-its-name-are-kept", test_responses_of_its_name_are_kept);
  g_test_add_func ("/command/a-raw-line-keeps-all-responses", test_a_raw_line_keeps_all_responses);
  g_test_add_func ("/command/what-is-kept-is-bounded", test_what_is_kept_is_bounded);
  g_test_add_func ("/command/ends-once", test_a_command_ends_once);
  g_test_add_func ("/command/finish-decides-after-ok-only", test_finish_decides_after_ok_only);
  g_test_add_func ("/command/a-refusal-becomes-the-right-error", test_a_refusal_becomes_the_right_error);
  g_test_add_func ("/command/an-error-is-a-sentence", test_an_error_is_a_sentence);
  g_test_add_func ("/command/a-result-is-kept", test_a_result_is_kept);
  g_test_add_func ("/command/a-renewed-one-forgets", test_a_renewed_command_forgets);
  g_test_add_func ("/command/progress-is-taken-once", test_progress_is_taken_once);
  g_test_add_func ("/command/defaults-expect-nothing", test_defaults_expect_nothing);

  return g_test_run ();
}
