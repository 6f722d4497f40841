/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changes IMAP's grammar or bookkeeping: mod-sequences, kept and counted searches, several messages at once. Against Dovecot, and with
 * "cyrus-imaps" as argument against Cyrus, which keeps no search and makes mailboxes for a use. */
#include "live.h"

static const char *service = "imap";

static PhSession *
open_with (const char *const *uses)
{
  PhSession *session = live_session_new (service, NULL, "alice");
  g_autoptr (GError) error = NULL;

  for (; uses != NULL && *uses != NULL; uses++)
    ph_session_use (session, *uses);
  g_assert_true (ph_session_open (session, NULL, &error));
  g_assert_no_error (error);
  return session;
}

/* A mailbox with @count messages, UIDs from 1, not selected. */
static void
fill (PhStore *store, const char *name, guint count, gboolean async)
{
  const char *const flags[] = { "\\Seen", NULL };
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_new_message_unref);
  g_autoptr (PhMessageSet) uids = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = g_strdup_printf ("1:%u", count);
  g_autofree char *text = NULL;

  ph_store_delete (store, name, NULL, NULL);
  g_assert_true (ph_store_create (store, name, NULL, &error));
  for (guint i = 1; i <= count; i++)
    {
      g_autofree char *subject = g_strdup_printf ("message %u", i);
      g_autoptr (PhBody) body = live_body_new (subject, "A line.\r\n");

      g_ptr_array_add (messages, ph_new_message_new (body, i % 2 == 0 ? flags : NULL, NULL));
    }
  uids = live_call (async, ph_store_append_all, store, &error, name, messages);
  g_assert_no_error (error);
  text = ph_message_set_to_string (uids);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_set (PhMessageSet *set, const char *expected)
{
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_searches (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhSession) session = open_with (NULL);
  PhStore *store = PH_STORE (session);
  g_autoptr (PhQuery) unseen = ph_query_unseen (ph_query_new ());
  g_autoptr (PhQuery) young = ph_query_younger (ph_query_new (), 3600);
  g_autoptr (PhQuery) all = ph_query_new ();
  g_autoptr (PhMessageSet) saved = ph_message_set_new_saved ();
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhSearchResult) counted = NULL, kept = NULL, lowest = NULL, newest = NULL, young_ones = NULL;
  g_autoptr (PhUidMapping) mapping = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GError) error = NULL;

  fill (store, "Counting", 10, async);
  mailbox = live_call (async, ph_store_select, store, &error, "Counting");
  counted = live_call (async, ph_store_search_for, store, &error, unseen, PH_SEARCH_MIN | PH_SEARCH_MAX | PH_SEARCH_COUNT);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_search_result_get_min (counted), ==, 1);
  g_assert_cmpuint (ph_search_result_get_max (counted), ==, 9);
  g_assert_cmpuint (ph_search_result_get_count (counted), ==, 5);
  young_ones = live_call (async, ph_store_search_for, store, &error, young, PH_SEARCH_COUNT);
  g_assert_cmpuint (ph_search_result_get_count (young_ones), ==, 10);

  lowest = live_call (async, ph_store_search_page, store, &error, all, 2, 4);
  g_assert_no_error (error);
  assert_set (ph_search_result_get_set (lowest), "2:4");
  g_assert_cmpuint (ph_search_result_get_count (lowest), ==, 10);
  newest = live_call (async, ph_store_search_page, store, &error, unseen, -1, -2);
  g_assert_no_error (error);
  assert_set (ph_search_result_get_set (newest), "7,9");

  kept = live_call (async, ph_store_search_for, store, &error, unseen, PH_SEARCH_SAVE);
  g_assert_no_error (error);
  mapping = live_call (async, ph_store_copy_mapped, store, &error, saved, "Counting");
  g_assert_no_error (error);
  g_assert_cmpuint (ph_uid_mapping_get_n_pairs (mapping), ==, 5);
  g_assert_cmpuint (ph_uid_mapping_lookup (mapping, 9), ==, 15);
  g_assert_cmpuint (ph_uid_mapping_get_uid_validity (mapping), ==, ph_mailbox_get_uid_validity (mailbox));

  batches = live_call (async, ph_store_get_uid_batches, store, &error, 500);
  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 1);
  assert_set (g_ptr_array_index (batches, 0), "1:15");
}

static void
test_a_page_of_messages (void)
{
  g_autoptr (PhSession) session = open_with (NULL);
  PhStore *store = PH_STORE (session);
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhMessageIter) iter = NULL;
  g_autoptr (PhMessage) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  fill (store, "Pages", 5, FALSE);
  mailbox = ph_store_select (store, "Pages", NULL, &error);
  g_assert_nonnull (mailbox);
  iter = ph_store_fetch_page (store, all, PH_FETCH_FLAGS, NULL, -1, -2);
  first = ph_message_iter_next (iter, NULL, &error);
  second = ph_message_iter_next (iter, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_get_uid (first), ==, 4);
  g_assert_cmpuint (ph_message_get_uid (second), ==, 5);
  g_assert_null (ph_message_iter_next (iter, NULL, &error));
  g_assert_no_error (error);
}

static void
test_mod_sequences (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *const uses[] = { "QRESYNC", NULL };
  const char *const flagged[] = { "\\Flagged", NULL };
  g_autoptr (PhSession) session = open_with (uses);
  PhStore *store = PH_STORE (session);
  g_autoptr (PhMessageSet) third = ph_message_set_new_uid (3), all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhDelta) first = NULL, later = NULL;
  g_autoptr (PhMessageSet) left = NULL, done = NULL;
  g_autoptr (PhMessageIter) changed = NULL;
  g_autoptr (PhMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) enabled = ph_store_get_enabled (store);
  guint64 before;

  g_assert_true (g_strv_contains ((const char *const *) enabled, "QRESYNC"));
  fill (store, "Sequences", 4, async);
  first = live_call (async, ph_store_resume, store, &error, "Sequences", NULL);
  g_assert_no_error (error);
  assert_set (ph_delta_get_added (first), "1:4");
  g_assert_cmpint (ph_delta_get_method (first), ==, PH_DELTA_SEARCH);
  before = ph_mailbox_get_highest_mod_seq (ph_store_get_selected (store));
  g_assert_cmpuint (before, >, 0);

  done = live_call (async, ph_store_store_unchanged, store, &error, third, PH_STORE_ADD, flagged, before);
  g_assert_no_error (error);
  assert_set (done, "");
  left = live_call (async, ph_store_store_unchanged, store, &error, all, PH_STORE_REMOVE, flagged, before);
  g_assert_no_error (error);
  assert_set (left, "3");

  changed = ph_store_fetch_changed (store, all, PH_FETCH_FLAGS | PH_FETCH_MOD_SEQ, NULL, before);
  message = ph_message_iter_next (changed, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_get_uid (message), ==, 3);
  g_assert_cmpuint (ph_message_get_mod_seq (message), >, before);
  g_clear_object (&changed);

  g_assert_true (ph_store_store (store, all, PH_STORE_REMOVE, flagged, NULL, &error));
  {
    const char *const deleted[] = { "\\Deleted", NULL };
    g_autoptr (PhMessageSet) second = ph_message_set_new_uid (2);

    g_assert_true (ph_store_store (store, second, PH_STORE_ADD, deleted, NULL, &error));
    g_assert_true (ph_store_expunge (store, NULL, NULL, &error));
    g_assert_true (ph_store_store (store, third, PH_STORE_ADD, flagged, NULL, &error));
  }
  g_assert_true (ph_store_close_mailbox (store, FALSE, NULL, &error));
  later = live_call (async, ph_store_resume, store, &error, "Sequences", ph_delta_get_state (first));
  g_assert_no_error (error);
  g_assert_cmpint (ph_delta_get_method (later), ==, PH_DELTA_QRESYNC);
  assert_set (ph_delta_get_vanished (later), "2");
  assert_set (ph_delta_get_changed (later), "3");
  assert_set (ph_delta_get_added (later), "");
}

static void
test_replacing_and_decoding (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhSession) session = open_with (NULL);
  PhStore *store = PH_STORE (session);
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: new\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
                                                  "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n");
  g_autoptr (PhNewMessage) message = ph_new_message_new (body, NULL, NULL);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhMessageSet) new_uid = NULL, left = NULL;
  g_autoptr (PhQuery) all = ph_query_new ();
  g_autoptr (GError) error = NULL;

  fill (store, "Replacing", 2, async);
  mailbox = live_call (async, ph_store_select, store, &error, "Replacing");
  g_assert_nonnull (mailbox);
  new_uid = live_call (async, ph_store_replace, store, &error, 1, "Replacing", message);
  g_assert_no_error (error);
  assert_set (new_uid, "3");
  left = live_call (async, ph_store_search, store, &error, all);
  assert_set (left, "2:3");
  g_assert_true (live_call (async, ph_store_fetch_decoded_to_stream, store, &error, 3, "1", stream));
  g_assert_no_error (error);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), "hello", 5);
}

static gboolean
has_use (GPtrArray *listed, const char *name, const char *use)
{
  for (guint i = 0; i < listed->len; i++)
    if (g_str_equal (ph_mailbox_info_get_name (g_ptr_array_index (listed, i)), name))
      return g_strcmp0 (ph_mailbox_info_get_special_use (g_ptr_array_index (listed, i)), use) == 0;

  return FALSE;
}

static void
test_mailboxes_for_a_use (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *const any[] = { "*", NULL };
  const char *const two[] = { "Used", "INB%", NULL };
  const char *const items[] = { "MESSAGES", "SIZE", NULL };
  /* Cyrus gives each use away once, and lets no mailbox go that has one */
  const char *name = async ? "Mine async" : "Mine sync";
  const char *const mine_is_for[] = { async ? "\\Junk" : "\\Archive", NULL };
  g_autoptr (PhSession) session = open_with (NULL);
  PhStore *store = PH_STORE (session);
  g_autoptr (GPtrArray) special = NULL, listed = NULL;
  g_autoptr (GError) error = NULL;
  guint64 size = 0;

  special = live_call (async, ph_store_list_selected, store, &error, any, PH_LIST_SPECIAL_USE, NULL);
  g_assert_no_error (error);
  for (guint i = 0; i < special->len; i++)
    g_assert_nonnull (ph_mailbox_info_get_special_use (g_ptr_array_index (special, i)));
  fill (store, "Used", 2, async);
  listed = live_call (async, ph_store_list_selected, store, &error, two, PH_LIST_ALL, items);
  g_assert_no_error (error);
  g_assert_cmpuint (listed->len, ==, 2);
  for (guint i = 0; i < listed->len; i++)
    {
      PhMailboxStatus *status = ph_mailbox_info_get_status (g_ptr_array_index (listed, i));

      g_assert_nonnull (status);
      g_assert_true (ph_mailbox_status_get_item (status, "SIZE", &size));
    }
  if (ph_session_has_capability (session, "CREATE-SPECIAL-USE"))
    {
      g_autoptr (GPtrArray) mine = NULL;
      gboolean made = live_call (async, ph_store_create_for, store, &error, name, mine_is_for);

      g_assert_no_error (error);
      g_assert_true (made);
      mine = live_call (async, ph_store_list_selected, store, &error, any, PH_LIST_SPECIAL_USE, NULL);
      g_assert_no_error (error);
      g_assert_true (has_use (mine, name, mine_is_for[0]));
      return;
    }
  g_assert_false (live_call (async, ph_store_create_for, store, &error, name, mine_is_for));
  live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    service = argv[1];

  live_add ("/live/features/searches", test_searches);
  g_test_add_func ("/live/features/a-page-of-messages", test_a_page_of_messages);
  live_add ("/live/features/mod-sequences", test_mod_sequences);
  live_add ("/live/features/replacing-and-decoding", test_replacing_and_decoding);
  live_add ("/live/features/mailboxes-for-a-use", test_mailboxes_for_a_use);

  return g_test_run ();
}
