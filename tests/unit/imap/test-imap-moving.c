/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moving and copying, whole sets of any size; what a server refuses, and in which words; limits that it announces. */
#include "imap-engine-test.h"

static void
check_moved (PhCommand *command, const char *uids)
{
  g_autofree char *text = ph_message_set_to_string (ph_command_peek_result (command));

  g_assert_cmpstr (text, ==, uids);
}

/* RFC 6851 section 3.1's example: COPYUID comes in an untagged OK, before the messages go. */
static void
test_move (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("MOVE UIDPLUS");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("42:69", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, move, set, "foo");

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID MOVE 42:69 \"foo\"\r\n");
  ph_harness_push (harness, "* OK [COPYUID 432432 42:69 1202:1229]\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\nA2 OK Done\r\n");
  ph_harness_expect_done (harness, command);
  check_moved (command, "1202:1229");
}

static void
expect_emulation (PhHarness *harness, PhCommand *command, const char *first)
{
  ph_harness_expect (harness, first);
  ph_harness_push (harness, first[1] == '2' ? "A2 OK [COPYUID 1 5:6 9:10] done\r\n" : "A3 OK [COPYUID 1 5:6 9:10] done\r\n");
  ph_harness_expect (harness, first[1] == '2' ? "A3 UID STORE 5:6 +FLAGS.SILENT (\\Deleted)\r\n" : "A4 UID STORE 5:6 +FLAGS.SILENT (\\Deleted)\r\n");
  ph_harness_push (harness, first[1] == '2' ? "A3 OK done\r\n" : "A4 OK done\r\n");
  ph_harness_expect (harness, first[1] == '2' ? "A4 UID EXPUNGE 5:6\r\n" : "A5 UID EXPUNGE 5:6\r\n");
  ph_harness_push (harness, first[1] == '2' ? "* 1 EXPUNGE\r\nA4 OK done\r\n" : "* 1 EXPUNGE\r\nA5 OK done\r\n");
  ph_harness_expect_done (harness, command);
  check_moved (command, "9:10");
}

static void
test_move_emulated (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("UIDPLUS");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("5:6", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, move, set, "foo");

  ph_harness_submit (harness, command);
  expect_emulation (harness, command, "A2 UID COPY 5:6 \"foo\"\r\n");
}

/* A server that offers MOVE and doesn't know it */
static void
test_move_lie (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("MOVE UIDPLUS");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("5:6", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, move, set, "foo");

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID MOVE 5:6 \"foo\"\r\n");
  ph_harness_push (harness, "A2 BAD unknown command\r\n");
  expect_emulation (harness, command, "A3 UID COPY 5:6 \"foo\"\r\n");
}

/* Nothing is flagged, and nothing expunged, where the copy did not come about. */
static void
test_move_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("UIDPLUS");
  g_autoptr (PhHarness) poor = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("5:6", NULL);
  g_autoptr (PhMessageSet) numbers = ph_message_set_new_numbers ("1", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, move, set, "foo");
  g_autoptr (PhCommand) by_number = imap_make (harness, move, numbers, "foo");
  g_autoptr (PhCommand) impossible = imap_make (poor, move, set, "foo");

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID COPY 5:6 \"foo\"\r\n");
  ph_harness_push (harness, "A2 NO [TRYCREATE] no such mailbox\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_NO_MAILBOX);
  ph_harness_submit (harness, by_number);
  ph_harness_expect_error (harness, by_number, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_expect_nothing (harness);

  ph_harness_submit (poor, impossible);
  ph_harness_expect_error (poor, impossible, PH_ERROR_NOT_SUPPORTED);
  ph_harness_expect_nothing (poor);
}

/* 100,000 UIDs with a hole behind each: several lines, and what each tells is put together. */
static void
test_long_copy (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("UIDPLUS");
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  g_autoptr (PhCommand) command = NULL;
  guint n_lines = 0;

  for (guint32 i = 1; i <= 100000; i++)
    ph_message_set_add (set, 2 * i);
  command = imap_make (harness, copy, set, "foo");
  ph_harness_submit (harness, command);
  while (ph_command_get_state (command) != PH_COMMAND_DONE)
    {
      g_autofree char *reply = g_strdup_printf ("A%u OK [COPYUID 1 %u %u] done\r\n", n_lines + 2, n_lines + 1, 1000 + 2 * n_lines);

      n_lines++;
      ph_harness_push (harness, reply);
      g_assert_cmpuint (n_lines, <, 1000);
    }
  ph_harness_expect_done (harness, command);
  g_assert_cmpuint (n_lines, >, 50);
  g_assert_cmpuint (ph_message_set_get_count (ph_command_peek_result (command)), ==, n_lines);
  g_assert_nonnull (strstr (ph_harness_get_trace (harness), "199998,200000 \\\"foo\\\""));
}

static PhCommand *
search_for (PhHarness *harness, const char *text)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  return imap_make (harness, search, ph_query_subject (query, text), TRUE);
}

/* RFC 9051 section 7.1, BADCHARSET with its list */
static void
test_bad_charset (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("LITERAL+");
  g_autoptr (PhCommand) command = search_for (harness, "Gr\303\274n");
  g_autofree char *found = NULL;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID SEARCH CHARSET UTF-8 SUBJECT {5+}\r\nGr\303\274n\r\n");
  ph_harness_push (harness, "A2 NO [BADCHARSET (US-ASCII KOI8-R ISO-8859-1)] can't\r\n");
  ph_harness_expect (harness, "A3 UID SEARCH CHARSET ISO-8859-1 SUBJECT {4+}\r\nGr\374n\r\n");
  ph_harness_push (harness, "* SEARCH 4 5\r\nA3 OK done\r\n");
  ph_harness_expect_done (harness, command);
  found = ph_message_set_to_string (ph_command_peek_result (command));
  g_assert_cmpstr (found, ==, "4:5");
}

static void
test_no_charset (gconstpointer data)
{
  static const char *const replies[] = { "A2 NO [BADCHARSET (US-ASCII)] can't\r\n", "A2 NO [BADCHARSET] can't\r\n",
                                         "A2 NO [BADCHARSET (\"UTF-8//IGNORE\" UTF-8)] can't\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select ("LITERAL+");
      g_autoptr (PhCommand) command = search_for (harness, "Gr\303\274n");
      const GError *error;

      ph_harness_submit (harness, command);
      ph_harness_expect (harness, "A2 UID SEARCH CHARSET UTF-8 SUBJECT {5+}\r\nGr\303\274n\r\n");
      ph_harness_push (harness, replies[i]);
      error = ph_harness_expect_error (harness, command, PH_ERROR_BAD_CHARSET);
      g_assert_true (i != 0 || strstr (error->message, "US-ASCII") != NULL);
      ph_harness_expect_nothing (harness);
    }
}

/* RFC 5530's codes, those of RFC 9051, and what large providers say without one */
static void
test_refusals (gconstpointer data)
{
  static const struct {
    const char *reply;
    PhError     code;
  } cases[] = {
    { "[UNAVAILABLE] x", PH_ERROR_UNAVAILABLE },
    { "[AUTHORIZATIONFAILED] x", PH_ERROR_AUTHENTICATION },
    { "[EXPIRED] x", PH_ERROR_EXPIRED },
    { "[PRIVACYREQUIRED] x", PH_ERROR_PRIVACY_REQUIRED },
    { "[CONTACTADMIN] x", PH_ERROR_CONTACT_ADMIN },
    { "[NOPERM] x", PH_ERROR_NO_PERMISSION },
    { "[INUSE] x", PH_ERROR_IN_USE },
    { "[EXPUNGEISSUED] x", PH_ERROR_EXPUNGED },
    { "[CORRUPTION] x", PH_ERROR_CORRUPTION },
    { "[SERVERBUG] x", PH_ERROR_SERVER_BUG },
    { "[CLIENTBUG] x", PH_ERROR_CLIENT_BUG },
    { "[CANNOT] x", PH_ERROR_CANNOT },
    { "[LIMIT] x", PH_ERROR_THROTTLED },
    { "[OVERQUOTA] x", PH_ERROR_OVER_QUOTA },
    { "[ALREADYEXISTS] x", PH_ERROR_ALREADY_EXISTS },
    { "[NONEXISTENT] x", PH_ERROR_NO_MAILBOX },
    { "[HASCHILDREN] x", PH_ERROR_CANNOT },
    { "[UNKNOWN-CTE] x", PH_ERROR_CANNOT },
    { "[TOOBIG] x", PH_ERROR_TOO_LARGE },
    { "Request is throttled. Suggested Backoff Time: 92415 milliseconds", PH_ERROR_THROTTLED },
    { "[ALERT] Too many simultaneous connections. (Failure)", PH_ERROR_THROTTLED },
    { "no", PH_ERROR_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_open ("");
      g_autoptr (PhCommand) command = imap_make (harness, create, "x");
      g_autofree char *reply = g_strdup_printf ("A1 NO %s\r\n", cases[i].reply);
      const GError *error;

      ph_harness_submit (harness, command);
      ph_harness_push (harness, reply);
      error = ph_harness_expect_error (harness, command, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].reply));
    }
}

/* RFC 7889: what is too large isn't sent. */
static void
test_append_limit (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("LITERAL+ APPENDLIMIT=5");
  g_autoptr (PhBody) small = ph_body_new_for_text ("12345");
  g_autoptr (PhBody) large = ph_body_new_for_text ("123456");
  g_autoptr (PhCommand) taken = imap_make (harness, append, "x", small, NULL, NULL);
  g_autoptr (PhCommand) refused = imap_make (harness, append, "x", large, NULL, NULL);

  ph_harness_submit (harness, refused);
  ph_harness_expect_error (harness, refused, PH_ERROR_TOO_LARGE);
  ph_harness_expect_nothing (harness);
  ph_harness_submit (harness, taken);
  ph_harness_expect (harness, "A1 APPEND \"x\" {5+}\r\n12345\r\n");
}

/* RFC 9585 section 4's example, and what is of no command of ours */
static void
test_in_progress (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, create, "x");
  PhEvent *event;

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* OK [INPROGRESS (\"A1\" 454 1000)] Processed 45% of the mailbox\r\n"
                            "* OK [INPROGRESS (\"A9\" 1 2)] x\r\n* OK [INPROGRESS] x\r\n* OK [INPROGRESS (NIL NIL NIL)] x\r\nA1 OK done\r\n");
  event = ph_harness_expect_event (harness, PH_EVENT_ITEM);
  g_assert_true (event->command == command);
  ph_harness_expect_done (harness, command);
  ph_harness_expect_no_event (harness, PH_EVENT_ITEM);
  ph_harness_expect_no_event (harness, PH_EVENT_WARNING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("move/in-one-command", test_move);
  imap_test ("move/in-three-where-there-is-no-move", test_move_emulated);
  imap_test ("move/offered-but-unknown", test_move_lie);
  imap_test ("move/refused-moves-nothing", test_move_refused);
  g_test_add_data_func ("/imap/copy/a-long-set-takes-several-lines", NULL, test_long_copy);
  imap_test ("search/another-charset", test_bad_charset);
  imap_test ("search/no-charset-will-do", test_no_charset);
  imap_test ("refusals/codes-and-words", test_refusals);
  imap_test ("append/above-the-limit-is-not-sent", test_append_limit);
  imap_test ("progress/as-the-server-tells", test_in_progress);
  return g_test_run ();
}
