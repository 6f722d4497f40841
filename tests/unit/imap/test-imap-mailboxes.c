/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SELECT and its bookkeeping; LIST, STATUS and the commands that change mailboxes. */
#include "imap-engine-test.h"

static void
expect_change (PhHarness *harness, PhMailboxChangeKind kind, guint32 number)
{
  PhEvent *event = ph_harness_expect_event (harness, PH_EVENT_MAILBOX);

  g_assert_cmpint (event->change.kind, ==, kind);
  g_assert_cmpuint (event->change.number, ==, number);
  g_assert_true (PH_IS_MAILBOX (event->change.mailbox));
}

/* RFC 9051 section 6.3.2 */
static void
test_select (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, select, "Entw\xc3\xbcrfe", FALSE);
  PhMailbox *mailbox;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 SELECT \"Entw&APw-rfe\"\r\n");
  ph_harness_push (harness, "* 172 EXISTS\r\n* 1 RECENT\r\n* OK [UNSEEN 12] Message 12 is first unseen\r\n"
                            "* OK [UIDVALIDITY 3857529045] UIDs valid\r\n* OK [UIDNEXT 4392] Predicted next UID\r\n"
                            "* OK [HIGHESTMODSEQ 715194045007] x\r\n"
                            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
                            "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited\r\n"
                            "* LIST () \"/\" Entw&APw-rfe\r\n"
                            "A1 OK [READ-WRITE] SELECT completed\r\n");
  ph_harness_expect_done (harness, command);
  mailbox = ph_command_peek_result (command);
  g_assert_cmpstr (ph_mailbox_get_name (mailbox), ==, "Entw\xc3\xbcrfe");
  g_assert_cmpuint (ph_mailbox_get_n_messages (mailbox), ==, 172);
  g_assert_cmpuint (ph_mailbox_get_n_recent (mailbox), ==, 1);
  g_assert_cmpuint (ph_mailbox_get_first_unseen (mailbox), ==, 12);
  g_assert_cmpuint (ph_mailbox_get_uid_validity (mailbox), ==, 3857529045u);
  g_assert_cmpuint (ph_mailbox_get_uid_next (mailbox), ==, 4392);
  g_assert_cmpuint (ph_mailbox_get_highest_mod_seq (mailbox), ==, 715194045007u);
  g_assert_cmpuint (g_strv_length ((char **) ph_mailbox_get_flags (mailbox)), ==, 5);
  g_assert_true (g_strv_contains (ph_mailbox_get_permanent_flags (mailbox), "\\*"));
  g_assert_false (ph_mailbox_is_read_only (mailbox));
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
  /* LIST in SELECT's answer (rev2) is nobody's */
  ph_harness_expect_event (harness, PH_EVENT_RESPONSE);
}

static void
test_examine (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, select, "inbox", TRUE);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 EXAMINE \"INBOX\"\r\n");
  ph_harness_push (harness, "* 1 EXISTS\r\nA1 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_true (ph_mailbox_is_read_only (ph_command_peek_result (command)));
}

/* Zeros mean that the server doesn't know. */
static void
test_select_zeros (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, select, "x", FALSE);
  PhMailbox *mailbox;

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 0 EXISTS\r\n* OK [UIDVALIDITY 0]\r\n* OK [UIDNEXT -1]\r\n* OK [HIGHESTMODSEQ 0]\r\n"
                            "* OK [NOMODSEQ] x\r\n* 0 FETCH (FLAGS ())\r\nA1 OK done\r\n");
  ph_harness_expect_done (harness, command);
  mailbox = ph_command_peek_result (command);
  g_assert_cmpuint (ph_mailbox_get_uid_validity (mailbox), ==, 0);
  g_assert_cmpuint (ph_mailbox_get_uid_next (mailbox), ==, 0);
}

static void
test_select_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command = imap_make (harness, select, "Nope", FALSE);
  g_autoptr (PhCommand) fetch = NULL;
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (1);
  const GError *error;

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "A2 NO [NONEXISTENT] no such mailbox\r\n");
  error = ph_harness_expect_error (harness, command, PH_ERROR_NO_MAILBOX);
  g_assert_cmpstr (error->message, ==, "SELECT “Nope” refused by imap.example.org: NO [NONEXISTENT] no such mailbox");
  expect_change (harness, PH_CHANGE_DESELECTED, 0);

  fetch = imap_make (harness, fetch, set, PH_FETCH_FLAGS, NULL, NULL);
  ph_harness_expect (harness, "A2 SELECT \"Nope\"\r\n");
  ph_harness_submit (harness, fetch);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, fetch, PH_ERROR_WRONG_STATE);
}

static void
test_select_not_understood (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command = imap_make (harness, select, "x", FALSE);

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "A2 BAD what?\r\n* 4 EXISTS\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_BAD_COMMAND);
  expect_change (harness, PH_CHANGE_COUNT, 4);
}

/* What comes before CLOSED is the old mailbox', what comes behind it the new one's. */
static void
test_closed_code (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("QRESYNC");
  g_autoptr (PhCommand) command = imap_make (harness, select, "new", FALSE);

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 2 EXPUNGE\r\n* OK [CLOSED] old one\r\n* 50 EXISTS\r\nA2 OK [READ-WRITE] done\r\n");
  expect_change (harness, PH_CHANGE_REMOVED, 2);
  expect_change (harness, PH_CHANGE_DESELECTED, 0);
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
  ph_harness_expect_done (harness, command);
  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_command_peek_result (command)), ==, 50);
}

static void
test_reselect (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command = imap_make (harness, select, "new", FALSE);

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 50 EXISTS\r\nA2 OK [READ-WRITE] done\r\n");
  expect_change (harness, PH_CHANGE_DESELECTED, 0);
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
  ph_harness_expect_done (harness, command);
}

/* RFC 9051 section 7.4, 7.5: at any time, of the selected mailbox. */
static void
test_changes (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  PhEvent *event;

  ph_harness_push (harness, "* 4 EXISTS\r\n*  5  EXISTS\r\n* 2 EXPUNGE\r\n* 1 RECENT\r\n* OK [UIDNEXT 50] x\r\n* OK [READ-ONLY] x\r\n");
  expect_change (harness, PH_CHANGE_COUNT, 4);
  expect_change (harness, PH_CHANGE_COUNT, 5);
  expect_change (harness, PH_CHANGE_REMOVED, 2);
  expect_change (harness, PH_CHANGE_RECENT, 1);
  expect_change (harness, PH_CHANGE_UID_NEXT, 50);
  expect_change (harness, PH_CHANGE_READ_ONLY, 1);

  ph_harness_push (harness, "* 3 FETCH (FLAGS (\\Seen) UID 12)\r\n");
  event = ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
  g_assert_cmpint (event->change.kind, ==, PH_CHANGE_MESSAGE);
  g_assert_cmpuint (event->change.uid, ==, 12);
  g_assert_true (ph_message_has_flag (event->change.message, "\\Seen"));

  ph_harness_push (harness, "* VANISHED 5:6,9\r\n");
  for (guint i = 0; i < 3; i++)
    {
      static const guint32 gone[] = { 5, 6, 9 };

      event = ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
      g_assert_cmpint (event->change.kind, ==, PH_CHANGE_REMOVED);
      g_assert_cmpuint (event->change.uid, ==, gone[i]);
    }
  ph_harness_expect_no_event (harness, PH_EVENT_RESPONSE);
  ph_harness_push (harness, "* VANISHED (EARLIER) 1:4\r\n");
  ph_harness_expect_event (harness, PH_EVENT_RESPONSE);
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
}

static void
test_impossible_changes (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");

  ph_harness_push (harness, "* 4 EXPUNGE\r\n* 0 EXPUNGE\r\n");
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_push (harness, "* VANISHED 1:4294967294\r\n");
  for (guint i = 0; i < 3; i++)
    ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
}

static void
test_no_mailbox (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");

  ph_harness_push (harness, "* 4 EXISTS\r\n* 1 FETCH (FLAGS ())\r\n");
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
}

static void
test_close (gconstpointer data)
{
  static const struct {
    gboolean    expunge;
    const char *capabilities, *first, *second;
  } cases[] = {
    { TRUE, "UNSELECT", "A2 CLOSE\r\n", NULL },
    { FALSE, "UNSELECT", "A2 UNSELECT\r\n", NULL },
    { FALSE, "", "A2 EXAMINE \"INBOX\"\r\n", "A3 CLOSE\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select (cases[i].capabilities);
      g_autoptr (PhCommand) command = imap_make (harness, close, cases[i].expunge);

      ph_harness_submit (harness, command);
      ph_harness_expect (harness, cases[i].first);
      ph_harness_push (harness, "A2 OK done\r\n");
      if (cases[i].second != NULL)
        {
          ph_harness_expect (harness, cases[i].second);
          ph_harness_push (harness, "A3 OK done\r\n");
        }
      ph_harness_expect_done (harness, command);
      expect_change (harness, PH_CHANGE_DESELECTED, 0);
    }
}

static char *
describe (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      PhMailboxInfo   *info = g_ptr_array_index (rows, i);
      const char      *delimiter = ph_mailbox_info_get_delimiter (info);
      g_autofree char *attributes = g_strjoinv (" ", (char **) ph_mailbox_info_get_attributes (info));

      g_string_append_printf (text, "%s%s|%s|%s", i > 0 ? "; " : "", ph_mailbox_info_get_name (info), delimiter != NULL ? delimiter : "NIL", attributes);
    }
  return g_string_free (text, FALSE);
}

static void
test_list (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, list, "", "*", FALSE, NULL);
  g_autofree char *rows = NULL;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 LIST \"\" \"*\"\r\n");
  ph_harness_push (harness, "* LIST (\\HasNoChildren) \"/\" inbox\r\n* LIST () \"/\" \"Entw&APw-rfe\"\r\n* LIST (\\Noselect) NIL {3}\r\na b\r\n"
                            /* forgot to quote, to escape, to encode; a spelling that is none */
                            "* LIST () \"/\" My Mail\tbox\r\n* LIST () \"\\\" Public\\Stuff\r\n* LIST () \"/\" \"\xc3\xa4\"\r\n"
                            "* LIST () \"/\" \"a&b\"\r\n* LIST () \"/\" [Gmail]/All\r\n* LIST () \"/\" NIL\r\n"
                            "* LIST\r\n* LIST ()\r\n"
                            "A1 OK done\r\n");
  ph_harness_expect_done (harness, command);
  rows = describe (ph_command_peek_result (command));
  g_assert_cmpstr (rows, ==, "INBOX|/|\\HasNoChildren; Entw\xc3\xbcrfe|/|; a b|NIL|\\Noselect; My Mail\tbox|/|; Public\\Stuff|\\|; "
                             "\xc3\xa4|/|; a&b|/|; [Gmail]/All|/|; NIL|/|");
}

static void
test_list_forms (gconstpointer data)
{
  static const char *const items[] = { "MESSAGES", "UNSEEN", NULL };
  static const struct {
    const char *capabilities, *pattern;
    gboolean    subscribed, status;
    const char *line;
  } cases[] = {
    { "", "%", TRUE, TRUE, "A1 LSUB \"\" \"%\"\r\n" },
    { "", "", FALSE, FALSE, "A1 LIST \"\" \"\"\r\n" },
    { "LIST-EXTENDED", "", FALSE, FALSE, "A1 LIST \"\" \"\"\r\n" },
    { "LIST-EXTENDED", "*", FALSE, TRUE, "A1 LIST \"\" \"*\" RETURN (CHILDREN)\r\n" },
    { "LIST-EXTENDED SPECIAL-USE", "*", TRUE, FALSE, "A1 LIST (SUBSCRIBED) \"\" \"*\" RETURN (CHILDREN SUBSCRIBED SPECIAL-USE)\r\n" },
    { "LIST-EXTENDED LIST-STATUS", "*", FALSE, TRUE, "A1 LIST \"\" \"*\" RETURN (CHILDREN STATUS (MESSAGES UNSEEN))\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_open (cases[i].capabilities);
      g_autoptr (PhCommand) command = imap_make (harness, list, "", cases[i].pattern, cases[i].subscribed, cases[i].status ? items : NULL);

      ph_harness_submit (harness, command);
      ph_harness_expect (harness, cases[i].line);
      ph_harness_push (harness, "A1 OK done\r\n");
      ph_harness_expect_done (harness, command);
    }
}

static void
test_list_status (gconstpointer data)
{
  static const char *const items[] = { "MESSAGES", NULL };
  g_autoptr (PhHarness) harness = imap_harness_open ("LIST-EXTENDED LIST-STATUS");
  g_autoptr (PhCommand) command = imap_make (harness, list, "", "*", FALSE, items);
  GPtrArray *rows;

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* LIST () \".\" \"INBOX\"\r\n* STATUS \"INBOX\" (MESSAGES 17)\r\n* LIST (\\NonExistent) \".\" \"b\"\r\n"
                            "* STATUS \"other\" (MESSAGES 1)\r\nA1 OK done\r\n");
  ph_harness_expect_done (harness, command);
  rows = ph_command_peek_result (command);
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (ph_mailbox_info_get_status (g_ptr_array_index (rows, 0))), ==, 17);
  g_assert_null (ph_mailbox_info_get_status (g_ptr_array_index (rows, 1)));
  ph_harness_expect_event (harness, PH_EVENT_RESPONSE);
}

/* A server that advertises what it doesn't understand: the plain form is tried, and the feature is off. */
static void
test_lying_feature (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("LIST-EXTENDED");
  g_autoptr (PhCommand) command = imap_make (harness, list, "", "*", FALSE, NULL);
  g_autoptr (PhCommand) again = imap_make (harness, list, "", "*", FALSE, NULL);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 LIST \"\" \"*\" RETURN (CHILDREN)\r\n");
  ph_harness_push (harness, "A1 BAD what?\r\n");
  ph_harness_expect (harness, "A2 LIST \"\" \"*\"\r\n");
  ph_harness_push (harness, "* LIST () \".\" b\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  /* an INBOX there is, listed or not */
  g_assert_cmpuint (((GPtrArray *) ph_command_peek_result (command))->len, ==, 2);

  ph_harness_submit (harness, again);
  ph_harness_expect (harness, "A3 LIST \"\" \"*\"\r\n");
  ph_harness_push (harness, "A3 BAD what?\r\n");
  ph_harness_expect_error (harness, again, PH_ERROR_BAD_COMMAND);
}

static void
test_status (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, status, "blurdy bloop", NULL);
  g_autoptr (PhCommand) other = imap_make (harness, status, "inbox", (const char *const[]){ "UIDNEXT", NULL });
  guint64 next = 0;

  ph_harness_submit (harness, command);
  ph_harness_submit (harness, other);
  /* each names its mailbox, so both may run */
  ph_harness_expect (harness, "A1 STATUS \"blurdy bloop\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\r\nA2 STATUS \"INBOX\" (UIDNEXT)\r\n");
  ph_harness_push (harness, "* STATUS INBOX (UIDNEXT 7)\r\n* STATUS \"blurdy bloop\" (MESSAGES 231 UIDNEXT 44292)\r\nA2 OK x\r\nA1 OK x\r\n");
  ph_harness_expect_done (harness, command);
  ph_harness_expect_done (harness, other);
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (ph_command_peek_result (command)), ==, 231);
  g_assert_true (ph_mailbox_status_get_item (ph_command_peek_result (other), "UIDNEXT", &next));
  g_assert_cmpuint (next, ==, 7);
}

static void
test_status_missing (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, status, "a", NULL);

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "A1 OK done\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_PROTOCOL);
}

static void
test_changing_mailboxes (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  PhCommand *commands[] = {
    imap_make (harness, create, "a"), imap_make (harness, delete, "b\"c"), imap_make (harness, rename, "a", "\xc3\xa4"),
    imap_make (harness, subscribe, "a", TRUE), imap_make (harness, subscribe, "a", FALSE),
  };
  const char *const lines[] = {
    "A1 CREATE \"a\"\r\n", "A2 DELETE \"b\\\"c\"\r\n", "A3 RENAME \"a\" \"&AOQ-\"\r\n", "A4 SUBSCRIBE \"a\"\r\n", "A5 UNSUBSCRIBE \"a\"\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *reply = g_strdup_printf ("A%u OK done\r\n", i + 1);

      ph_harness_submit (harness, commands[i]);
      ph_harness_expect (harness, lines[i]);
      ph_harness_push (harness, reply);
      ph_harness_expect_done (harness, commands[i]);
      g_object_unref (commands[i]);
    }
}

static void
test_unsendable_names (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  PhCommand *commands[] = {
    imap_make (harness, select, "a\r\nA9 DELETE INBOX", FALSE), imap_make (harness, create, "a\nb"), imap_make (harness, rename, "a", "\xff"),
    imap_make (harness, list, "", "*\r", FALSE, NULL), imap_make (harness, status, "a", (const char *const[]){ "X Y", NULL }),
    ph_command_new_line ("NOOP\r\nA9 LOGOUT"), ph_command_new_line ("APPEND a {3}"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      ph_harness_submit (harness, commands[i]);
      ph_harness_expect_error (harness, commands[i], PH_ERROR_INVALID_ARGUMENT);
      g_object_unref (commands[i]);
    }
  ph_harness_expect_nothing (harness);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("select/rfc-example", test_select);
  imap_test ("select/examine-is-read-only", test_examine);
  imap_test ("select/zeros-are-unknown", test_select_zeros);
  imap_test ("select/refused-leaves-none-selected", test_select_refused);
  imap_test ("select/not-understood-changes-nothing", test_select_not_understood);
  imap_test ("select/closed-divides-old-from-new", test_closed_code);
  imap_test ("select/the-old-one-goes", test_reselect);
  imap_test ("select/changes-are-told", test_changes);
  imap_test ("select/impossible-changes-are-not", test_impossible_changes);
  imap_test ("select/no-mailbox-no-changes", test_no_mailbox);
  imap_test ("select/close-and-unselect", test_close);
  imap_test ("list/names-as-they-were-meant", test_list);
  imap_test ("list/forms", test_list_forms);
  imap_test ("list/with-status", test_list_status);
  imap_test ("list/a-lying-feature-is-off", test_lying_feature);
  imap_test ("status/two-at-once", test_status);
  imap_test ("status/must-be-told", test_status_missing);
  imap_test ("mailboxes/changed", test_changing_mailboxes);
  imap_test ("mailboxes/unsendable-names-are-not-sent", test_unsendable_names);
  return g_test_run ();
}
