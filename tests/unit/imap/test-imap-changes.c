/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a mailbox knows of its messages' UIDs, and what has changed since it was looked at: by each of the three ways. */
#include "imap-engine-test.h"

/* Makes true what the engine told of its mailbox, as the session does. */
static void
apply_events (PhHarness *harness)
{
  for (guint i = 0; i < harness->events->len; i++)
    {
      PhEvent *event = g_ptr_array_index (harness->events, i);

      if (event->kind == PH_EVENT_MAILBOX && event->change.mailbox != NULL)
        ph_mailbox_apply (event->change.mailbox, &event->change);
      if (event->kind == PH_EVENT_MAILBOX)
        g_clear_object (&event->change.mailbox);
    }
}

static PhMailbox *
selected (PhHarness *harness)
{
  return ((PhImapEngine *) harness->engine)->mailbox;
}

static void
assert_uids (PhHarness *harness, const char *expected)
{
  g_autoptr (PhMessageSet) uids = NULL;
  g_autofree char *text = NULL;

  apply_events (harness);
  uids = ph_mailbox_get_uids (selected (harness));
  text = ph_message_set_to_string (uids);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_all_uids_by_one_search (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH");
  g_autoptr (PhCommand) map = imap_make (harness, map_uids);

  ph_harness_submit (harness, map);
  ph_harness_expect (harness, "A2 UID SEARCH RETURN (ALL) ALL\r\n");
  ph_harness_push (harness, "* ESEARCH (TAG \"A2\") UID ALL 5,7:8\r\nA2 OK x\r\n");
  assert_uids (harness, "5,7:8");
  ph_harness_expect_done (harness, map);
  g_assert_true (ph_mailbox_has_uids (selected (harness)));

  ph_harness_push (harness, "* 2 EXPUNGE\r\n* 4 EXISTS\r\n");
  assert_uids (harness, "5,8");
  g_assert_cmpuint (ph_mailbox_get_number (selected (harness), 8), ==, 2);
  /* whatever tells a UID is learned: here, flags that nobody asked for */
  ph_harness_push (harness, "* 4 FETCH (FLAGS (\\Seen) UID 12)\r\n* 3 FETCH (UID 11)\r\n* OK x\r\n* 1 EXPUNGE\r\n");
  assert_uids (harness, "8,11:12");
  g_assert_cmpuint (ph_mailbox_get_number (selected (harness), 12), ==, 3);
}

/* The search was answered before the removal was told, or after it; nobody can know. */
static void
test_a_search_with_news_is_repeated (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) map = imap_make (harness, map_uids);

  ph_harness_submit (harness, map);
  ph_harness_expect (harness, "A2 UID SEARCH ALL\r\n");
  ph_harness_push (harness, "* SEARCH 5 7 8\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\nA2 OK x\r\n");
  ph_harness_expect (harness, "A3 UID SEARCH ALL\r\n");
  assert_uids (harness, "");
  ph_harness_push (harness, "* SEARCH 7 8\r\nA3 OK x\r\n");
  ph_harness_expect (harness, "A4 UID SEARCH ALL\r\n");
  ph_harness_push (harness, "* SEARCH 7 8\r\n* 3 EXISTS\r\nA4 OK x\r\n");
  /* enough: while numbers are fetched nothing may go */
  ph_harness_expect (harness, "A5 FETCH 1:* (UID)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 7)\r\n* 2 FETCH (UID 8)\r\n* 3 FETCH (UID 9)\r\nA5 OK x\r\n* 1 EXPUNGE\r\n");
  assert_uids (harness, "8:9");
  ph_harness_expect_done (harness, map);
}

static void
test_nobody_asked_for_uids (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");

  ph_harness_push (harness, "* 1 FETCH (UID 7 FLAGS ())\r\n");
  g_assert_cmpint (ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change.kind, ==, PH_CHANGE_MESSAGE);
  ph_harness_expect_nothing (harness);
}

static void
test_vanished_finds_its_number (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) map = imap_make (harness, map_uids);

  ph_harness_submit (harness, map);
  ph_harness_expect (harness, "A2 UID SEARCH ALL\r\n");
  ph_harness_push (harness, "* SEARCH 5 7 8\r\nA2 OK x\r\n* VANISHED 7\r\n");
  assert_uids (harness, "5,8");
}

/* --- changes --- */

/* The mailbox of every case, UIDVALIDITY 7: 2 and 3 are gone, 4 has other flags, 9 is new. */
static PhMailboxState *
known_state (guint64 mod_seq)
{
  PhMailboxState *state = ph_mailbox_state_new (7, mod_seq);
  const char *const seen[] = { "\\Seen", NULL };

  for (guint32 uid = 1; uid <= 5; uid++)
    ph_mailbox_state_add (state, uid, seen + (uid % 2));
  return state;
}

static void
assert_set (PhMessageSet *set, const char *expected)
{
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_the_same_delta (PhHarness *harness, PhCommand *command, PhDeltaMethod method, guint64 mod_seq)
{
  PhDelta *delta;
  PhMailboxState *state;
  g_autoptr (PhMessageSet) uids = NULL;
  g_auto (GStrv) flags = NULL;

  ph_harness_expect_done (harness, command);
  delta = ph_command_peek_result (command);
  g_assert_cmpint (ph_delta_get_method (delta), ==, method);
  assert_set (ph_delta_get_added (delta), "9");
  assert_set (ph_delta_get_changed (delta), "4");
  assert_set (ph_delta_get_vanished (delta), "2:3");
  g_assert_false (ph_delta_is_reset (delta));
  state = ph_delta_get_state (delta);
  uids = ph_mailbox_state_get_uids (state);
  assert_set (uids, "1,4:5,9");
  g_assert_cmpuint (ph_mailbox_state_get_mod_seq (state), ==, mod_seq);
  flags = ph_mailbox_state_get_flags (state, 4);
  g_assert_cmpstr (flags[0], ==, "\\Flagged");
}

#define MOD_SEQ "* OK [HIGHESTMODSEQ 20] ok\r\n"

static void
test_changes_by_qresync (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("QRESYNC CONDSTORE");
  g_autoptr (PhMailboxState) known = known_state (11);
  g_autoptr (PhCommand) changes = NULL;

  ph_harness_push (harness, "* ENABLED QRESYNC\r\n" MOD_SEQ);
  apply_events (harness);
  changes = imap_make (harness, changes, known);
  ph_harness_submit (harness, changes);
  ph_harness_expect (harness, "A2 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 11 VANISHED)\r\n");
  ph_harness_push (harness, "* VANISHED (EARLIER) 2:3,6:8\r\n* 2 FETCH (UID 4 FLAGS (\\Flagged) MODSEQ (19))\r\n"
                            "* 4 FETCH (UID 9 FLAGS () MODSEQ (21))\r\n"
                            /* touched, and as it was */
                            "* 1 FETCH (UID 1 FLAGS () MODSEQ (13))\r\nA2 OK x\r\n");
  assert_the_same_delta (harness, changes, PH_DELTA_QRESYNC, 21);
}

static void
test_changes_by_condstore (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("CONDSTORE");
  g_autoptr (PhMailboxState) known = known_state (11);
  g_autoptr (PhCommand) changes = NULL;

  ph_harness_push (harness, MOD_SEQ);
  apply_events (harness);
  changes = imap_make (harness, changes, known);
  ph_harness_submit (harness, changes);
  ph_harness_expect (harness, "A2 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 11)\r\n");
  ph_harness_push (harness, "* 2 FETCH (UID 4 FLAGS (\\Flagged) MODSEQ (19))\r\n* 4 FETCH (UID 9 FLAGS () MODSEQ (20))\r\nA2 OK x\r\n");
  ph_harness_expect (harness, "A3 UID SEARCH ALL\r\n");
  ph_harness_push (harness, "* SEARCH 1 4 5 9\r\nA3 OK x\r\n");
  assert_the_same_delta (harness, changes, PH_DELTA_CONDSTORE, 20);
}

static void
test_changes_by_search (gconstpointer data)
{
  /* neither, nothing to begin from, a mailbox without mod-sequences: the same command */
  static const struct { const char *capabilities, *pushed; guint64 known; } cases[] = {
    { "", "", 0 }, { "", MOD_SEQ, 11 }, { "CONDSTORE", MOD_SEQ, 0 }, { "CONDSTORE QRESYNC", "* ENABLED QRESYNC\r\n", 11 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select (cases[i].capabilities);
      g_autoptr (PhMailboxState) known = known_state (cases[i].known);
      g_autoptr (PhCommand) changes = NULL;
      gboolean has_mod_seq = strstr (cases[i].pushed, "MODSEQ") != NULL;

      if (*cases[i].pushed != '\0')
        ph_harness_push (harness, cases[i].pushed);
      apply_events (harness);
      changes = imap_make (harness, changes, known);
      ph_harness_submit (harness, changes);
      ph_harness_expect (harness, "A2 UID FETCH 1:* (UID FLAGS)\r\n");
      ph_harness_push (harness, "* 1 FETCH (FLAGS () UID 1)\r\n* 2 FETCH (UID 4 FLAGS (\\Flagged))\r\n* 3 FETCH (FLAGS (\\Recent) UID 5)\r\n"
                                "* 4 FETCH (UID 9 FLAGS ())\r\nA2 OK x\r\n");
      assert_the_same_delta (harness, changes, PH_DELTA_SEARCH, has_mod_seq ? 20 : 0);
    }
}

/* Advertised, and not understood: without it, and never again in this session. */
static void
test_a_server_that_lies (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("CONDSTORE");
  g_autoptr (PhMailboxState) known = known_state (11);
  g_autoptr (PhCommand) changes = NULL;

  ph_harness_push (harness, MOD_SEQ);
  apply_events (harness);
  changes = imap_make (harness, changes, known);
  ph_harness_submit (harness, changes);
  ph_harness_expect (harness, "A2 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 11)\r\n");
  ph_harness_push (harness, "A2 BAD what?\r\n");
  ph_harness_expect (harness, "A3 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (FLAGS () UID 1)\r\n* 2 FETCH (UID 4 FLAGS (\\Flagged))\r\n* 3 FETCH (FLAGS () UID 5)\r\n"
                            "* 4 FETCH (UID 9 FLAGS ())\r\nA3 OK x\r\n");
  assert_the_same_delta (harness, changes, PH_DELTA_SEARCH, 20);
}

static void
test_another_validity (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("CONDSTORE");
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (6, 11);
  g_autoptr (PhCommand) changes = NULL;
  PhDelta *delta;

  ph_mailbox_state_add (known, 1, NULL);
  ph_harness_push (harness, MOD_SEQ);
  apply_events (harness);
  changes = imap_make (harness, changes, known);
  ph_harness_submit (harness, changes);
  ph_harness_expect (harness, "A2 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (FLAGS () UID 1)\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, changes);
  delta = ph_command_peek_result (changes);
  g_assert_true (ph_delta_is_reset (delta));
  assert_set (ph_delta_get_added (delta), "1");
}

static void
test_without_a_mailbox (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) changes = imap_make (harness, changes, NULL);
  g_autoptr (PhCommand) map = imap_make (harness, map_uids);

  ph_harness_submit (harness, changes);
  ph_harness_submit (harness, map);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, changes, PH_ERROR_WRONG_STATE);
  ph_harness_expect_error (harness, map, PH_ERROR_WRONG_STATE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("changes/all-uids-by-one-search", test_all_uids_by_one_search);
  imap_test ("changes/a-search-with-news-is-repeated", test_a_search_with_news_is_repeated);
  imap_test ("changes/nobody-asked-for-uids", test_nobody_asked_for_uids);
  imap_test ("changes/vanished-finds-its-number", test_vanished_finds_its_number);
  imap_test ("changes/by-qresync", test_changes_by_qresync);
  imap_test ("changes/by-condstore", test_changes_by_condstore);
  imap_test ("changes/by-search", test_changes_by_search);
  imap_test ("changes/a-server-that-lies", test_a_server_that_lies);
  imap_test ("changes/another-validity", test_another_validity);
  imap_test ("changes/without-a-mailbox", test_without_a_mailbox);
  return g_test_run ();
}
