/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A mailbox of 20,000 messages that another client changes at the same time: numbers and UIDs, the delta call, the list, the pool. */
#include "live.h"

#include <string.h>

#define N_MESSAGES 20000

static void
done (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

static PhStore *
open_mailbox (const char *name, const char *first_command, PhMailbox **mailbox)
{
  PhStore *store = PH_STORE (live_session_new ("imaps", NULL, "alice"));
  g_autoptr (PhReply) reply = first_command != NULL ? ph_session_command (PH_SESSION (store), first_command, NULL, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (first_command == NULL || ph_reply_is_ok (reply));
  *mailbox = ph_store_select (store, name, NULL, &error);
  g_assert_no_error (error);
  return store;
}

static PhMessageSet *
set_of (const char *text)
{
  return ph_message_set_new_from_string (text, NULL);
}

static void
append (PhStore *store, const char *name, const char *subject)
{
  g_autoptr (PhBody) body = live_body_new (subject, "text\r\n");
  g_autoptr (PhMessageSet) uids = NULL;
  g_autoptr (GError) error = NULL;

  uids = ph_store_append (store, name, body, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
flag (PhStore *store, const char *uids, const char *name)
{
  g_autoptr (PhMessageSet) set = set_of (uids);
  const char *const flags[] = { name, NULL };
  g_autoptr (GError) error = NULL;

  ph_store_store (store, set, PH_STORE_ADD, flags, NULL, &error);
  g_assert_no_error (error);
}

static void
expunge (PhStore *store, const char *uids)
{
  g_autoptr (PhMessageSet) set = set_of (uids);
  g_autoptr (GError) error = NULL;

  flag (store, uids, "\\Deleted");
  ph_store_expunge (store, set, NULL, &error);
  g_assert_no_error (error);
}

static void
noop (PhStore *store)
{
  g_autoptr (GError) error = NULL;

  ph_session_noop (PH_SESSION (store), NULL, &error);
  g_assert_no_error (error);
}

/* Each message once appended, the others copied. */
static PhStore *
make_mailbox (const char *name, guint n)
{
  PhStore *store = live_store_new ("alice", name);
  g_autoptr (GError) error = NULL;

  append (store, name, "first");
  for (guint have = 1; have < n;)
    {
      guint more = MIN (have, n - have);
      g_autoptr (PhMessageSet) numbers = ph_message_set_new (FALSE);
      g_autoptr (PhMessageSet) copied = NULL;

      noop (store);
      ph_message_set_add_range (numbers, 1, more);
      copied = ph_store_copy (store, numbers, name, NULL, &error);
      g_assert_no_error (error);
      have += more;
    }
  noop (store);
  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_store_get_selected (store)), ==, n);
  return store;
}

static void
assert_true_to_server (PhStore *store)
{
  PhMailbox *mailbox = ph_store_get_selected (store);
  g_autoptr (PhQuery) all = ph_query_new ();
  g_autoptr (PhMessageSet) found = ph_store_search (store, all, NULL, NULL);
  g_autoptr (PhMessageSet) known = ph_mailbox_get_uids (mailbox);
  g_autofree char *expected = ph_message_set_to_string (found);
  g_autofree char *got = ph_message_set_to_string (known);

  g_assert_cmpstr (got, ==, expected);
  g_assert_true (ph_mailbox_has_uids (mailbox));
  g_assert_cmpuint (ph_message_set_get_count (found), ==, ph_mailbox_get_n_messages (mailbox));
}

static void
count_removed (PhMailbox *mailbox, guint number, guint uid, guint *n)
{
  g_assert_cmpuint (number, !=, 0);
  g_assert_cmpuint (uid, !=, 0);
  (*n)++;
}

static void
test_numbers_and_uids (gconstpointer first_command)
{
  g_autoptr (PhStore) other = make_mailbox ("great", N_MESSAGES);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhStore) store = open_mailbox ("great", first_command, &mailbox);
  g_autoptr (GError) error = NULL;
  guint n_removed = 0;

  g_assert_true (ph_store_map_uids (store, NULL, &error));
  g_assert_no_error (error);
  assert_true_to_server (store);
  g_signal_connect (mailbox, "message-removed", G_CALLBACK (count_removed), &n_removed);
  expunge (other, "100:3000,19000,20000");
  append (other, "great", "new");
  noop (store);
  g_assert_cmpuint (n_removed, ==, 2903);
  g_assert_cmpuint (ph_mailbox_get_n_messages (mailbox), ==, N_MESSAGES - 2903 + 1);
  g_assert_cmpuint (ph_mailbox_get_number (mailbox, 3001), ==, 100);
  g_assert_cmpuint (ph_mailbox_get_uid (mailbox, 100), ==, 3001);
  /* the new one's UID comes with whatever tells it */
  g_assert_true (ph_store_map_uids (store, NULL, &error));
  assert_true_to_server (store);
}

/* --- delta --- */

static void
assert_set (PhMessageSet *set, const char *expected)
{
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_the_same_delta_by_each_way (void)
{
  static const struct {
    const char *first_command;
    gboolean    with_mod_seq;
    PhDeltaMethod method;
  } ways[] = {
    { "ENABLE QRESYNC", TRUE, PH_DELTA_QRESYNC },
    { NULL, TRUE, PH_DELTA_CONDSTORE },
    { NULL, FALSE, PH_DELTA_SEARCH },
  };
  g_autoptr (PhStore) other = make_mailbox ("delta", 1000);
  g_autoptr (PhDelta) first = NULL;
  g_autoptr (PhMailboxState) without = NULL;
  g_autoptr (GError) error = NULL;
  PhMailboxState *state;

  flag (other, "10:20", "\\Seen");
  first = ph_store_get_changes (other, NULL, NULL, &error);
  g_assert_no_error (error);
  state = ph_delta_get_state (first);
  g_assert_cmpuint (ph_mailbox_state_get_n_messages (state), ==, 1000);
  without = ph_mailbox_state_new (ph_mailbox_state_get_uid_validity (state), 0);
  ph_mailbox_state_inherit (without, state, NULL, NULL);

  expunge (other, "1:5,500,1000");
  flag (other, "15:25", "\\Seen");
  flag (other, "30,900", "$Junk");
  append (other, "delta", "one");
  append (other, "delta", "two");
  flag (other, "1002", "\\Flagged");
  append (other, "delta", "three");
  expunge (other, "1003");

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (PhMailbox) mailbox = NULL;
      g_autoptr (PhStore) store = open_mailbox ("delta", ways[i].first_command, &mailbox);
      g_autoptr (PhDelta) delta = ph_store_get_changes (store, ways[i].with_mod_seq ? state : without, NULL, &error);
      g_autoptr (PhDelta) nothing = NULL;
      g_auto (GStrv) flags = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (ph_delta_get_method (delta), ==, ways[i].method);
      g_assert_false (ph_delta_is_reset (delta));
      assert_set (ph_delta_get_added (delta), "1001:1002");
      assert_set (ph_delta_get_changed (delta), "21:25,30,900");
      assert_set (ph_delta_get_vanished (delta), "1:5,500,1000");
      flags = ph_mailbox_state_get_flags (ph_delta_get_state (delta), 1002);
      g_assert_true (g_strv_contains ((const char *const *) flags, "\\Flagged"));
      nothing = ph_store_get_changes (store, ph_delta_get_state (delta), NULL, &error);
      assert_set (ph_delta_get_added (nothing), "");
      assert_set (ph_delta_get_changed (nothing), "");
      assert_set (ph_delta_get_vanished (nothing), "");
    }
}

/* --- the list --- */

/* What a view believes, by nothing but items-changed */
static void
on_items_changed (GListModel *list, guint position, guint removed, guint added, GArray *view)
{
  g_assert_cmpuint (position + removed, <=, view->len);
  g_array_remove_range (view, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (PhMessageRow) row = g_list_model_get_item (list, position + i);
      guint32 uid = ph_message_row_get_uid (row);

      g_array_insert_val (view, position + i, uid);
    }
  g_assert_cmpuint (view->len, ==, g_list_model_get_n_items (list));
}

static void
iterate_until_fetched (PhMessageRow *row)
{
  while (ph_message_row_get_message (row) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
async_noop (PhStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;

  ph_session_noop_async (PH_SESSION (store), NULL, done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_a_list_on_a_screen (gconstpointer newest_first)
{
  g_autoptr (PhStore) other = make_mailbox ("list", N_MESSAGES);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhStore) store = open_mailbox ("list", NULL, &mailbox);
  g_autoptr (PhMessageList) list =
    ph_message_list_new (store, mailbox, PH_FETCH_ENVELOPE | PH_FETCH_FLAGS, newest_first != NULL);
  GListModel *model = G_LIST_MODEL (list);
  g_autoptr (GArray) view = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (PhMessageRow) row = NULL, same = NULL, neighbour = NULL;
  g_autoptr (PhMessageEnvelope) envelope = NULL;
  const char *subject = NULL;
  guint position;

  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), view);
  while (ph_message_list_is_loading (list))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (view->len, ==, N_MESSAGES);
  g_assert_cmpuint (g_array_index (view, guint32, 0), ==, newest_first != NULL ? N_MESSAGES : 1);

  row = g_list_model_get_item (model, 1000);
  iterate_until_fetched (row);
  envelope = ph_message_get_envelope (ph_message_row_get_message (row));
  subject = ph_message_envelope_get_subject (envelope);
  g_assert_cmpstr (subject, ==, "first");
  same = g_list_model_get_item (model, 1000);
  g_assert_true (same == row);
  /* its neighbours come with it */
  neighbour = g_list_model_get_item (model, 1010);
  iterate_until_fetched (neighbour);

  for (guint round = 0; round < 5; round++)
    {
      g_autofree char *some = g_strdup_printf ("%u:%u,%u", 1 + round * 700, 50 + round * 700, N_MESSAGES - round);

      expunge (other, some);
      append (other, "list", "later");
      flag (other, "9000", round % 2 == 0 ? "\\Seen" : "\\Flagged");
      async_noop (store);
      while (!ph_message_list_find (list, N_MESSAGES + 1 + round, NULL))
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_true (ph_message_list_find (list, ph_message_row_get_uid (row), &position));
  g_clear_object (&same);
  same = g_list_model_get_item (model, position);
  g_assert_true (same == row);
  assert_true_to_server (store);
  {
    g_autoptr (PhMessageSet) uids = ph_mailbox_get_uids (mailbox);
    gsize n = 0;
    g_autofree guint32 *values = ph_message_set_to_array (uids, &n);

    g_assert_cmpuint (view->len, ==, n);
    for (gsize i = 0; i < n; i++)
      g_assert_cmpuint (g_array_index (view, guint32, newest_first != NULL ? n - 1 - i : i), ==, values[i]);
  }
}

/* --- the pool --- */

static void
test_locks (void)
{
  g_autoptr (PhStore) model = make_mailbox ("one", 1);
  G_GNUC_UNUSED g_autoptr (PhStore) second = make_mailbox ("two", 1);
  g_autoptr (PhStorePool) pool = ph_store_pool_new (model);
  g_autoptr (PhMailboxLock) one = NULL, two = NULL, again = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PhStore *store;

  ph_store_pool_set_max_connections (pool, 2);
  one = ph_store_pool_lock (pool, "one", NULL, &error);
  g_assert_no_error (error);
  two = ph_store_pool_lock (pool, "two", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ph_mailbox_lock_get_store (one) != ph_mailbox_lock_get_store (two));
  g_assert_cmpuint (ph_store_pool_get_n_connections (pool), ==, 2);
  g_assert_null (ph_store_pool_lock (pool, "one", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);

  ph_store_pool_lock_async (pool, "one", NULL, done, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  /* a mailbox that isn't there takes no connection away */
  store = ph_mailbox_lock_get_store (one);
  ph_mailbox_lock_release (one);
  ph_mailbox_lock_release (one);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  again = ph_store_pool_lock_finish (pool, result, &error);
  g_assert_no_error (error);
  g_assert_true (ph_mailbox_lock_get_store (again) == store);
  g_assert_true (ph_mailbox_is_selected (ph_mailbox_lock_get_mailbox (again)));
  g_clear_object (&again);
  g_assert_null (ph_store_pool_lock (pool, "none such", NULL, &error));
  /* Dovecot gives no code with it */
  live_assert_error (error, PH_ERROR_REFUSED);
  again = ph_store_pool_lock (pool, "one", NULL, &error);
  g_assert_no_error (error);
}

static void
on_pool_news (PhStorePool *pool, const char *mailbox, PhMailboxStatus *status, GString *log)
{
  g_string_append_printf (log, "%s %u;", mailbox, ph_mailbox_status_get_n_messages (status));
}

static void
await_news (GString *log, const char *news)
{
  while (strstr (log->str, news) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_pool_failed (PhStorePool *pool, const char *mailbox, const GError *error, GString *log)
{
  g_string_append_printf (log, "%s failed;", mailbox);
}

/* By NOTIFY: one connection is told of all, and nothing is asked after. */
static void
test_news_of_several_mailboxes (void)
{
  const char *const mailboxes[] = { "two", "one", "none such", "three", NULL };
  g_autoptr (PhStore) other = make_mailbox ("one", 1);
  G_GNUC_UNUSED g_autoptr (PhStore) second = make_mailbox ("two", 1);
  G_GNUC_UNUSED g_autoptr (PhStore) third = make_mailbox ("three", 1);
  g_autoptr (PhStorePool) pool = ph_store_pool_new (other);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (PhMailboxLock) lock = NULL;
  g_autoptr (GError) error = NULL;

  ph_store_pool_set_max_connections (pool, 2);
  ph_store_pool_set_poll_interval (pool, 3600);
  g_signal_connect (pool, "news", G_CALLBACK (on_pool_news), log);
  g_signal_connect (pool, "failed", G_CALLBACK (on_pool_failed), log);
  ph_store_pool_watch (pool, mailboxes);
  await_news (log, "none such failed;");
  g_assert_cmpuint (ph_store_pool_get_n_connections (pool), ==, 1);
  append (other, "two", "news");
  await_news (log, "two 2;");
  append (other, "one", "news");
  await_news (log, "one 2;");
  g_string_truncate (log, 0);
  flag (other, "1", "\\Flagged");
  await_news (log, "one 2;");
  expunge (other, "1");
  await_news (log, "one 1;");
  append (other, "three", "news");
  await_news (log, "three 2;");
  /* and there is one for work */
  lock = ph_store_pool_lock (pool, "one", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ph_store_delete (other, "three", NULL, &error));
  await_news (log, "three failed;");
  ph_store_pool_watch (pool, NULL);
  g_assert_cmpuint (ph_store_pool_get_n_connections (pool), ==, 1);
}

/* --- NOTIFY (RFC 5465), by itself --- */

static void
on_status (PhNotify *notify, PhMailboxStatus *status, GString *log)
{
  g_string_append_printf (log, "status %s %u;", ph_mailbox_status_get_name (status), ph_mailbox_status_get_n_messages (status));
}

static void
on_listed (PhNotify *notify, PhMailboxInfo *info, GString *log)
{
  const char *old_name = ph_mailbox_info_get_old_name (info);

  g_string_append_printf (log, "%s %s%s%s;", ph_mailbox_info_has_attribute (info, "\\NonExistent") ? "gone" : "listed",
                          ph_mailbox_info_get_name (info), old_name != NULL ? " was " : "", old_name != NULL ? old_name : "");
}

static void
on_message (PhNotify *notify, PhMessage *message, GString *log)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  const char *subject = envelope != NULL ? ph_message_envelope_get_subject (envelope) : NULL;

  g_string_append_printf (log, "message %u %s;", ph_message_get_uid (message), subject != NULL ? subject : "-");
}

static void
await_told (PhStore *store, GString *log, const char *what)
{
  while (strstr (log->str, what) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_string_truncate (log, 0);
}

static void
test_notify (void)
{
  const char *const subtree[] = { "tree", NULL };
  g_autoptr (PhStore) other = make_mailbox ("one", 1);
  G_GNUC_UNUSED g_autoptr (PhStore) in_tree = make_mailbox ("tree", 1);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhStore) store = open_mailbox ("one", NULL, &mailbox);
  PhNotify *notify = PH_NOTIFY (ph_session_get_extension (PH_SESSION (store), PH_TYPE_NOTIFY));
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhNotifyRequest) unknown = ph_notify_request_new ();
  g_autoptr (GPtrArray) statuses = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (notify);
  g_signal_connect (notify, "status", G_CALLBACK (on_status), log);
  g_signal_connect (notify, "mailbox", G_CALLBACK (on_listed), log);
  g_signal_connect (notify, "message", G_CALLBACK (on_message), log);
  ph_notify_request_add (request, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_MESSAGES);
  ph_notify_request_set_fetch (request, "ENVELOPE");
  ph_notify_request_add (request, PH_NOTIFY_SUBTREE, subtree, PH_NOTIFY_MESSAGES | PH_NOTIFY_NAMES | PH_NOTIFY_SUBSCRIPTIONS);
  statuses = ph_notify_set (notify, request, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (statuses->len, ==, 1);
  g_assert_cmpstr (ph_mailbox_status_get_name (statuses->pdata[0]), ==, "tree");
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (statuses->pdata[0]), ==, 1);

  ph_store_set_watch (store, TRUE);
  append (other, "tree", "news");
  await_told (store, log, "status tree 2;");
  append (other, "one", "the new one");
  await_told (store, log, "message 2 the new one;");
  ph_store_delete (other, "tree/leaf", NULL, NULL);
  ph_store_delete (other, "tree/leaves", NULL, NULL);
  g_assert_true (ph_store_create (other, "tree/leaf", NULL, &error));
  await_told (store, log, "listed tree/leaf;");
  g_assert_true (ph_store_subscribe (other, "tree/leaf", NULL, &error));
  await_told (store, log, "listed tree/leaf;");
  g_assert_true (ph_store_rename (other, "tree/leaf", "tree/leaves", NULL, &error));
  await_told (store, log, "tree/leaves was tree/leaf;");
  g_assert_true (ph_store_delete (other, "tree/leaves", NULL, &error));
  await_told (store, log, "gone tree/leaves;");

  /* Dovecot has no annotations, and says what it has */
  ph_notify_request_add (unknown, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_ANNOTATIONS);
  g_assert_null (ph_notify_set (notify, unknown, FALSE, NULL, &error));
  live_assert_error (error, PH_ERROR_CANNOT);
  g_assert_true (ph_notify_get_request (notify) == request);
  g_assert_true (ph_notify_none (notify, NULL, &error));
  g_assert_null (ph_notify_get_request (notify));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/live-mailbox/numbers-and-uids/expunge", NULL, test_numbers_and_uids);
  g_test_add_data_func ("/live-mailbox/numbers-and-uids/vanished", "ENABLE QRESYNC", test_numbers_and_uids);
  g_test_add_func ("/live-mailbox/the-same-delta-by-each-way", test_the_same_delta_by_each_way);
  g_test_add_data_func ("/live-mailbox/a-list-on-a-screen/oldest-first", NULL, test_a_list_on_a_screen);
  g_test_add_data_func ("/live-mailbox/a-list-on-a-screen/newest-first", "", test_a_list_on_a_screen);
  g_test_add_func ("/live-mailbox/locks", test_locks);
  g_test_add_func ("/live-mailbox/news-of-several-mailboxes", test_news_of_several_mailboxes);
  g_test_add_func ("/live-mailbox/notify", test_notify);
  return g_test_run ();
}
