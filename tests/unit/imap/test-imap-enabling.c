/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ENABLE (RFC 5161) and what comes of it: IMAP4rev2, UTF8=ACCEPT, QRESYNC and CONDSTORE (RFC 7162), UIDONLY (RFC 9586). */
#include "imap-engine-test.h"

/* A session that asked for @uses, of a server with @capabilities; @enabled is what it answers to @words. */
static PhHarness *
open_with (const char *capabilities, const char *const *uses, const char *words, const char *enabled)
{
  PhHarness       *harness = imap_harness_new ();
  g_autofree char *greeting = g_strdup_printf ("* PREAUTH [CAPABILITY IMAP4rev1 ENABLE %s] hello\r\n", capabilities);
  g_autofree char *line = g_strdup_printf ("A1 ENABLE %s\r\n", words);
  g_autofree char *answer = g_strdup_printf ("* ENABLED %s\r\nA1 OK done\r\n", enabled);

  harness->setup.uses = uses;
  ph_harness_start (harness);
  ph_harness_push (harness, greeting);
  ph_harness_expect (harness, line);
  ph_harness_push (harness, answer);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  return harness;
}

static PhHarness *
select_with (const char *capabilities, const char *const *uses, const char *words, const char *enabled, const char *line)
{
  PhHarness *harness = open_with (capabilities, uses, words, enabled);
  g_autoptr (PhCommand) command = imap_make (harness, select, "INBOX", FALSE);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, line);
  ph_harness_push (harness, "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [HIGHESTMODSEQ 320162400] x\r\nA2 OK [READ-WRITE] x\r\n");
  ph_harness_expect_done (harness, command);
  return harness;
}

static void
assert_enabled (PhHarness *harness, const char *expected)
{
  g_autofree char *joined = g_strjoinv (" ", (char **) PH_STORE_ENGINE_GET_IFACE (imap_store (harness))->get_enabled (imap_store (harness)));

  g_assert_cmpstr (joined, ==, expected);
}

/* What was asked for and is offered; what counts is the server's word. */
static void
test_what_is_asked_for (gconstpointer data)
{
  static const char *const uses[] = { "qresync", "UTF8=ACCEPT", "COMPRESS=DEFLATE", NULL };
  g_autoptr (PhHarness) harness = open_with ("QRESYNC UTF8=ACCEPT UIDONLY", uses, "UTF8=ACCEPT QRESYNC", "QRESYNC");
  g_autoptr (PhCommand) create = imap_make (harness, create, "Entwürfe");

  assert_enabled (harness, "QRESYNC");
  ph_harness_submit (harness, create);
  ph_harness_expect (harness, "A2 CREATE \"Entw&APw-rfe\"\r\n");
}

/* RFC 9755: such a server must be told, whoever asks or not. */
static void
test_a_server_of_utf8_only (gconstpointer data)
{
  g_autoptr (PhHarness) harness = open_with ("UTF8=ONLY", NULL, "UTF8=ACCEPT", "UTF8=ACCEPT");
  g_autoptr (PhCommand) create = imap_make (harness, create, "Entwürfe");

  ph_harness_submit (harness, create);
  ph_harness_expect (harness, "A2 CREATE \"Entwürfe\"\r\n");
}

static void
test_not_without_a_wish (gconstpointer data)
{
  static const char *const uses[] = { "QRESYNC", NULL };
  g_autoptr (PhHarness) harness = imap_harness_open ("ENABLE QRESYNC IMAP4rev2 UIDONLY");
  g_autoptr (PhHarness) old = imap_harness_new ();

  assert_enabled (harness, "");
  /* and never to a server that has no ENABLE */
  old->setup.uses = uses;
  ph_harness_start (old);
  ph_harness_push (old, "* PREAUTH [CAPABILITY IMAP4rev1 QRESYNC] hello\r\n");
  ph_harness_expect_event (old, PH_EVENT_OPENED);
  ph_harness_expect_nothing (old);
}

/* RFC 9051 appendix E: what it has within it counts now, though not listed. */
static void
test_rev2 (gconstpointer data)
{
  static const char *const uses[] = { "IMAP4rev2", NULL };
  g_autoptr (PhHarness) harness = select_with ("IMAP4rev2", uses, "IMAP4rev2", "IMAP4rev2", "A2 SELECT \"INBOX\"\r\n");
  g_autoptr (PhQuery) query = ph_query_subject (ph_query_new (), "für");
  g_autoptr (PhCommand) search = imap_make (harness, search, query, TRUE);
  g_autoptr (PhCommand) list = imap_make (harness, list, "", "*", TRUE, NULL);
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (PhCommand) move = imap_make (harness, move, set, "Entwürfe");
  GPtrArray *rows;

  ph_harness_submit (harness, search);
  ph_harness_expect (harness, "A3 UID SEARCH RETURN (ALL) SUBJECT \"für\"\r\n");
  ph_harness_push (harness, "* ESEARCH (TAG \"A3\") UID ALL 5\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, search);
  ph_harness_submit (harness, list);
  ph_harness_expect (harness, "A4 LIST (SUBSCRIBED) \"\" \"*\" RETURN (CHILDREN SUBSCRIBED SPECIAL-USE)\r\n");
  ph_harness_push (harness, "* LIST (\\Subscribed) \"/\" \"Entwürfe\" (\"OLDNAME\" (\"alt\"))\r\nA4 OK x\r\n");
  ph_harness_expect_done (harness, list);
  rows = ph_command_peek_result (list);
  g_assert_cmpstr (ph_mailbox_info_get_name (g_ptr_array_index (rows, 0)), ==, "Entwürfe");
  g_assert_cmpstr (ph_mailbox_info_get_old_name (g_ptr_array_index (rows, 0)), ==, "alt");
  ph_harness_submit (harness, move);
  ph_harness_expect (harness, "A5 UID MOVE 5 \"Entwürfe\"\r\n");
}

/* RFC 7162 section 3.2.5.1: the example's answers, to its question without what servers can do without */
static void
test_resume_in_one_line (gconstpointer data)
{
  static const char *const uses[] = { "QRESYNC", NULL };
  static const char *const answered[] = { "\\Answered", "\\Seen", NULL };
  g_autoptr (PhHarness) harness = open_with ("QRESYNC", uses, "QRESYNC", "QRESYNC");
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (67890007, 90060115194045000);
  g_autoptr (PhMessageSet) uids = ph_message_set_new_from_string ("41:211,214:541", NULL);
  g_autoptr (PhCommand) command = NULL;
  g_autofree char *vanished = NULL, *changed = NULL;
  PhDelta *delta;

  ph_mailbox_state_add_uids (known, uids);
  ph_mailbox_state_add (known, 117, answered);
  command = imap_make (harness, resume, "INBOX", FALSE, known);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 SELECT \"INBOX\" (QRESYNC (67890007 90060115194045000))\r\n");
  ph_harness_push (harness, "* OK [CLOSED]\r\n* 100 EXISTS\r\n* 11 RECENT\r\n* OK [UIDVALIDITY 67890007] UIDVALIDITY\r\n"
                            "* OK [UIDNEXT 600] Predicted next UID\r\n* OK [HIGHESTMODSEQ 90060115205545359] Highest mailbox mod-sequence\r\n"
                            "* OK [UNSEEN 7] There are some unseen messages in the mailbox\r\n"
                            "* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)\r\n"
                            "* VANISHED (EARLIER) 41,43:116,118,120:211,214:540\r\n"
                            "* 49 FETCH (UID 117 FLAGS (\\Seen \\Answered) MODSEQ (90060115194045001))\r\n"
                            "* 50 FETCH (UID 119 FLAGS (\\Draft $MDNSent) MODSEQ (90060115194045308))\r\n"
                            "* 51 FETCH (UID 541 FLAGS (\\Seen $Forwarded) MODSEQ (90060115194045001))\r\n"
                            "A2 OK [READ-WRITE] mailbox selected\r\n");
  ph_harness_expect_done (harness, command);
  delta = ph_command_peek_result (command);
  vanished = ph_message_set_to_string (ph_delta_get_vanished (delta));
  changed = ph_message_set_to_string (ph_delta_get_changed (delta));
  g_assert_cmpstr (vanished, ==, "41,43:116,118,120:211,214:540");
  /* 117 is what it was */
  g_assert_cmpstr (changed, ==, "119,541");
  g_assert_true (ph_message_set_is_empty (ph_delta_get_added (delta)));
  g_assert_cmpint (ph_delta_get_method (delta), ==, PH_DELTA_QRESYNC);
  g_assert_cmpuint (ph_mailbox_state_get_mod_seq (ph_delta_get_state (delta)), ==, 90060115205545359);
  g_assert_cmpuint (ph_mailbox_get_n_messages (((PhImapEngine *) harness->engine)->mailbox), ==, 100);
  ph_harness_expect_nothing (harness);
}

/* The same section: the mailbox is another one. And a server that has neither extension. */
static void
test_resume_anew (gconstpointer data)
{
  static const char *const uses[] = { "QRESYNC", NULL };
  g_autoptr (PhHarness) harness = open_with ("QRESYNC", uses, "QRESYNC", "QRESYNC");
  g_autoptr (PhHarness) plain = imap_harness_open ("");
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (67890007, 20050715194045000);
  g_autoptr (PhCommand) command = imap_make (harness, resume, "INBOX", FALSE, known);
  g_autoptr (PhCommand) first = imap_make (plain, resume, "INBOX", FALSE, NULL);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 SELECT \"INBOX\" (QRESYNC (67890007 20050715194045000))\r\n");
  ph_harness_push (harness, "* 464 EXISTS\r\n* OK [UIDVALIDITY 3857529045] UIDVALIDITY\r\n* OK [HIGHESTMODSEQ 90060128194045007] Highest\r\n"
                            "A2 OK [READ-WRITE] Sorry, UIDVALIDITY mismatch\r\n");
  ph_harness_expect (harness, "A3 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 9 FLAGS ())\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_true (ph_delta_is_reset (ph_command_peek_result (command)));
  g_assert_true (ph_message_set_contains (ph_delta_get_added (ph_command_peek_result (command)), 9));

  ph_harness_submit (plain, first);
  ph_harness_expect (plain, "A1 SELECT \"INBOX\"\r\n");
  ph_harness_push (plain, "* 1 EXISTS\r\n* OK [UIDVALIDITY 3] x\r\nA1 OK x\r\n");
  ph_harness_expect (plain, "A2 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (plain, "* 1 FETCH (UID 9 FLAGS ())\r\nA2 OK x\r\n");
  ph_harness_expect_done (plain, first);
  g_assert_cmpuint (ph_mailbox_state_get_uid_validity (ph_delta_get_state (ph_command_peek_result (first))), ==, 3);
}

/* By EXAMINE the same, and nothing may be changed there. */
static void
test_resume_read_only (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, resume, "INBOX", TRUE, NULL);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 EXAMINE \"INBOX\"\r\n");
  ph_harness_push (harness, "* 1 EXISTS\r\n* OK [UIDVALIDITY 3] x\r\nA1 OK x\r\n");
  ph_harness_expect (harness, "A2 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 9 FLAGS ())\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_true (ph_message_set_contains (ph_delta_get_added (ph_command_peek_result (command)), 9));
  g_assert_true (ph_mailbox_is_read_only (((PhImapEngine *) harness->engine)->mailbox));
}

/* UIDNOTSTICKY (RFC 4315 section 3), from a server that doesn't even change UIDVALIDITY: what is known by UID is known of nothing. */
static void
test_uids_that_do_not_stick (gconstpointer data)
{
  static const char *const uses[] = { "QRESYNC", NULL };
  g_autoptr (PhHarness) harness = open_with ("QRESYNC", uses, "QRESYNC", "QRESYNC");
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (7, 100);
  g_autoptr (PhCommand) command = NULL, again = NULL;
  PhDelta *delta;

  ph_mailbox_state_add (known, 5, NULL);
  command = imap_make (harness, resume, "INBOX", FALSE, known);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 SELECT \"INBOX\" (QRESYNC (7 100))\r\n");
  ph_harness_push (harness, "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [HIGHESTMODSEQ 100] x\r\nA2 OK [UIDNOTSTICKY] Non-persistent UIDs\r\n");
  ph_harness_expect (harness, "A3 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 5 FLAGS ())\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, command);
  delta = ph_command_peek_result (command);
  g_assert_true (ph_delta_is_reset (delta));
  g_assert_true (ph_message_set_contains (ph_delta_get_added (delta), 5));
  g_assert_false (ph_mailbox_get_uids_stick (((PhImapEngine *) harness->engine)->mailbox));

  again = imap_make (harness, changes, known);
  ph_harness_submit (harness, again);
  ph_harness_expect (harness, "A4 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 5 FLAGS ())\r\nA4 OK x\r\n");
  ph_harness_expect_done (harness, again);
  g_assert_true (ph_delta_is_reset (ph_command_peek_result (again)));
}

/* RFC 9051 appendix E: IMAP4rev2 has no \\Recent, and asking for it may be BAD. */
static void
test_no_recent (gconstpointer data)
{
  static const char *const uses[] = { "IMAP4rev2", NULL };
  static const char *const two[] = { "MESSAGES", "RECENT", NULL };
  g_autoptr (PhHarness) harness = open_with ("IMAP4rev2", uses, "IMAP4rev2", "IMAP4rev2");
  g_autoptr (PhHarness) rev1 = imap_harness_open ("ENABLE IMAP4rev2");
  g_autoptr (PhCommand) status = imap_make (harness, status, "INBOX", two);
  g_autoptr (PhCommand) nothing = imap_make (harness, status, "INBOX", &two[1]);
  g_autoptr (PhCommand) list = imap_make (harness, list, "", "*", FALSE, two);
  g_autoptr (PhCommand) old = imap_make (rev1, status, "INBOX", two);

  ph_harness_submit (harness, status);
  ph_harness_expect (harness, "A2 STATUS \"INBOX\" (MESSAGES)\r\n");
  ph_harness_push (harness, "* STATUS INBOX (MESSAGES 3)\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, status);
  ph_harness_submit (harness, nothing);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, nothing, PH_ERROR_NOT_SUPPORTED);
  ph_harness_submit (harness, list);
  ph_harness_expect (harness, "A4 LIST \"\" \"*\" RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES))\r\n");
  ph_harness_submit (rev1, old);
  ph_harness_expect (rev1, "A1 STATUS \"INBOX\" (MESSAGES RECENT)\r\n");
}

static void
test_resume_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("CONDSTORE");
  g_autoptr (PhCommand) command = imap_make (harness, resume, "gone", FALSE, NULL);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 SELECT \"gone\" (CONDSTORE)\r\n");
  ph_harness_push (harness, "A1 NO [NONEXISTENT] x\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_NO_MAILBOX);
  g_assert_null (((PhImapEngine *) harness->engine)->mailbox);
}

/* RFC 7162 section 3.1.3, example 5; MODIFIED of several lines is added up */
static void
test_store_unchanged (gconstpointer data)
{
  static const char *const deleted[] = { "\\Deleted", NULL };
  static const char *const uses[] = { "CONDSTORE", NULL };
  g_autoptr (PhHarness) harness = select_with ("CONDSTORE", uses, "CONDSTORE", "CONDSTORE", "A2 SELECT \"INBOX\" (CONDSTORE)\r\n");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("7,5,9", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, store_unchanged, set, PH_STORE_ADD, deleted, 320162338);
  g_autoptr (PhCommand) never = imap_make (harness, store_unchanged, set, PH_STORE_ADD, deleted, 0);
  g_autofree char *left = NULL;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A3 UID STORE 5,7,9 (UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\\Deleted)\r\n");
  ph_harness_push (harness, "* 5 FETCH (MODSEQ (320162350))\r\nA3 OK [MODIFIED 7,9] Conditional STORE failed\r\n");
  ph_harness_expect_done (harness, command);
  left = ph_message_set_to_string (ph_command_peek_result (command));
  g_assert_cmpstr (left, ==, "7,9");

  /* example 7: of what has any flags at all */
  ph_harness_submit (harness, never);
  ph_harness_expect (harness, "A4 UID STORE 5,7,9 (UNCHANGEDSINCE 0) +FLAGS.SILENT (\\Deleted)\r\n");
  /* a message that is gone is no message that changed (section 3.1.3, example 9) */
  ph_harness_push (harness, "A4 NO [MODIFIED 7] Some of the messages no longer exist.\r\n");
  ph_harness_expect_error (harness, never, PH_ERROR_EXPUNGED);
}

/* Section 3.1.2.2: NOMODSEQ; and a server that never heard of it */
static void
test_no_mod_sequences (gconstpointer data)
{
  static const char *const deleted[] = { "\\Deleted", NULL };
  const char *const capabilities[] = { "CONDSTORE", "" };

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select (capabilities[i]);
      g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
      g_autoptr (PhCommand) store = imap_make (harness, store_unchanged, set, PH_STORE_ADD, deleted, 5);
      g_autoptr (PhCommand) fetch = imap_make (harness, fetch_some, set, PH_FETCH_FLAGS, NULL, 5, 0, 0);

      ph_harness_push (harness, "* OK [NOMODSEQ] Sorry, this mailbox format doesn't support modsequences\r\n");
      ph_harness_expect_no_event (harness, PH_EVENT_RESPONSE);
      ph_harness_submit (harness, store);
      ph_harness_submit (harness, fetch);
      ph_harness_expect_error (harness, store, PH_ERROR_NOT_SUPPORTED);
      ph_harness_expect_error (harness, fetch, PH_ERROR_NOT_SUPPORTED);
      ph_harness_expect_nothing (harness);
    }
}

/* RFC 7162 section 3.1.4.1, example 14; MODSEQ among the items */
static void
test_fetch_changed (gconstpointer data)
{
  static const char *const uses[] = { "CONDSTORE", NULL };
  g_autoptr (PhHarness) harness = select_with ("CONDSTORE", uses, "CONDSTORE", "CONDSTORE", "A2 SELECT \"INBOX\" (CONDSTORE)\r\n");
  g_autoptr (PhHarness) old = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, fetch_some, set, PH_FETCH_FLAGS | PH_FETCH_MOD_SEQ, NULL, 12345, 0, 0);
  g_autoptr (PhCommand) without = imap_make (old, fetch, set, PH_FETCH_MOD_SEQ, NULL, NULL);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_take_items (old, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A3 UID FETCH 1:* (UID FLAGS MODSEQ) (CHANGEDSINCE 12345)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 4 MODSEQ (65402) FLAGS (\\Seen))\r\n* 2 FETCH (UID 6 MODSEQ (75403) FLAGS (\\Deleted))\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 2);
  g_assert_cmpuint (ph_message_get_mod_seq (g_ptr_array_index (ph_harness_get_items (harness), 1)), ==, 75403);

  ph_harness_submit (old, without);
  ph_harness_expect (old, "A2 UID FETCH 1:* (UID)\r\n");
  ph_harness_push (old, "* 1 FETCH (UID 4)\r\nA2 OK x\r\n");
  ph_harness_expect_done (old, without);
  g_assert_cmpuint (ph_harness_get_items (old)->len, ==, 1);
}

/* RFC 9586 section 3: no numbers any more */
static void
test_uidonly (gconstpointer data)
{
  static const char *const uses[] = { "UIDONLY", NULL };
  g_autoptr (PhHarness) harness = select_with ("UIDONLY", uses, "UIDONLY", "UIDONLY", "A2 SELECT \"INBOX\"\r\n");
  g_autoptr (PhMessageSet) uids = ph_message_set_new_from_string ("25900:26600", NULL);
  g_autoptr (PhMessageSet) numbers = ph_message_set_new_numbers ("1:3", NULL);
  g_autoptr (PhCommand) fetch = imap_make (harness, fetch, uids, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhCommand) refused = imap_make (harness, fetch, numbers, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhCommand) late = imap_make (harness, fetch, uids, PH_FETCH_BODY, NULL, NULL);
  PhEvent *event;

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, fetch);
  ph_harness_expect (harness, "A3 UID FETCH 25900:26600 (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 25996 UIDFETCH (UID 25996 FLAGS (\\Seen))\r\n* 25997 UIDFETCH (FLAGS (\\Flagged \\Answered))\r\nA3 OK FETCH done\r\n");
  ph_harness_expect_done (harness, fetch);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 1);
  g_assert_cmpuint (ph_message_get_uid (g_ptr_array_index (ph_harness_get_items (harness), 0)), ==, 25996);
  g_assert_cmpuint (ph_message_get_number (g_ptr_array_index (ph_harness_get_items (harness), 0)), ==, 0);
  /* what nobody asked for is news of the mailbox, by the UID in front */
  event = ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
  g_assert_cmpint (event->change.kind, ==, PH_CHANGE_MESSAGE);
  g_assert_cmpuint (event->change.uid, ==, 25997);
  g_assert_cmpuint (ph_message_get_uid (event->change.message), ==, 25997);
  g_assert_true (ph_message_has_flag (event->change.message, "\\Answered"));

  ph_harness_submit (harness, refused);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, refused, PH_ERROR_NOT_SUPPORTED);

  /* a literal in one, and a removal */
  ph_harness_submit (harness, late);
  ph_harness_expect (harness, "A4 UID FETCH 25900:26600 (UID BODY.PEEK[])\r\n");
  ph_harness_push (harness, "* 25998 UIDFETCH (UID 25998 BODY[] {3}\r\na)c)\r\n* VANISHED 25996\r\nA4 OK x\r\n");
  ph_harness_expect_done (harness, late);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 2);
  event = ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
  g_assert_cmpint (event->change.kind, ==, PH_CHANGE_REMOVED);
  g_assert_cmpuint (event->change.uid, ==, 25996);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  imap_test ("enabling/what-is-asked-for", test_what_is_asked_for);
  imap_test ("enabling/a-server-of-utf8-only", test_a_server_of_utf8_only);
  imap_test ("enabling/not-without-a-wish", test_not_without_a_wish);
  imap_test ("enabling/rev2", test_rev2);
  imap_test ("enabling/resume-in-one-line", test_resume_in_one_line);
  imap_test ("enabling/resume-anew", test_resume_anew);
  imap_test ("enabling/resume-refused", test_resume_refused);
  imap_test ("enabling/resume-read-only", test_resume_read_only);
  imap_test ("enabling/uids-that-do-not-stick", test_uids_that_do_not_stick);
  imap_test ("enabling/no-recent", test_no_recent);
  imap_test ("enabling/store-unchanged", test_store_unchanged);
  imap_test ("enabling/no-mod-sequences", test_no_mod_sequences);
  imap_test ("enabling/fetch-changed", test_fetch_changed);
  imap_test ("enabling/uidonly", test_uidonly);

  return g_test_run ();
}
