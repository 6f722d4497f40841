/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IMAP4 against Dovecot: mailboxes, messages, and what the extensions add. */
#include "live.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
test_mailboxes_live_and_die (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *name = async ? "Entwürfe & Pläne/async" : "Entwürfe & Pläne/sync";
  g_autofree char *renamed = g_strconcat (name, " \"2\"", NULL);
  g_autoptr (PhStore) store = live_store_new ("alice", "INBOX");
  g_autoptr (GPtrArray) list = NULL, subscribed = NULL, none = NULL;
  g_autoptr (PhMailboxStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (live_call (async, ph_store_create, store, &error, name));
  g_assert_false (live_call (async, ph_store_create, store, &error, name));
  live_assert_error (error, PH_ERROR_ALREADY_EXISTS);
  g_assert_true (live_call (async, ph_store_subscribe, store, &error, name));
  list = live_call (async, ph_store_list, store, &error, name);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (ph_mailbox_info_get_name (list->pdata[0]), ==, name);
  g_assert_cmpstr (ph_mailbox_info_get_delimiter (list->pdata[0]), ==, "/");
  subscribed = live_call (async, ph_store_list_subscribed, store, &error, "Entw*");
  g_assert_cmpuint (subscribed->len, ==, 1);
  status = live_call (async, ph_store_status, store, &error, name, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (status), ==, 0);
  g_assert_cmpuint (ph_mailbox_status_get_uid_validity (status), >, 0);
  g_assert_true (live_call (async, ph_store_unsubscribe, store, &error, name));
  g_assert_true (live_call (async, ph_store_rename, store, &error, name, renamed));
  g_assert_true (live_call (async, ph_store_delete, store, &error, renamed));
  g_assert_no_error (error);
  none = live_call (async, ph_store_list, store, &error, renamed);
  g_assert_cmpuint (none->len, ==, 0);
  /* Dovecot gives a reason in words only */
  g_assert_null (live_call (async, ph_store_select, store, &error, name));
  live_assert_error (error, PH_ERROR_REFUSED);
}

static void
test_special_uses_and_counts_are_listed (gconstpointer async)
{
  g_autoptr (PhStore) store = live_store_new ("alice", "INBOX");
  const char *const items[] = { "MESSAGES", "UNSEEN", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = live_call (async != NULL, ph_store_list_with_status, store, &error, "*", items);
  gboolean found = FALSE;

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      found |= g_strcmp0 (ph_mailbox_info_get_special_use (list->pdata[i]), "\\Sent") == 0;
      if (ph_mailbox_info_is_selectable (list->pdata[i]))
        g_assert_nonnull (ph_mailbox_info_get_status (list->pdata[i]));
    }
  g_assert_true (found);
}

static guint32
append (PhStore *store, const char *mailbox, const char *subject, const char *const *flags, gboolean async)
{
  g_autoptr (PhBody) body = live_body_new (subject, "A line.\r\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) uids = live_call (async, ph_store_append, store, &error, mailbox, body, flags, NULL);
  guint32 first, last;

  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_set_get_count (uids), ==, 1);
  ph_message_set_get_range (uids, 0, &first, &last);
  return first;
}

static void
test_a_message_from_append_to_expunge (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *box = async ? "Life async" : "Life sync";
  const char *const flags[] = { "\\Flagged", "$Urgent", NULL }, *const seen[] = { "\\Seen", NULL }, *const deleted[] = { "\\Deleted", NULL };
  g_autoptr (PhStore) store = live_store_new ("alice", box);
  guint32 uid = append (store, box, "=?utf-8?q?Gr=C3=BC=C3=9Fe?=", flags, async);
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (uid);
  g_autoptr (PhMessageSet) copied = NULL;
  g_autoptr (PhMessage) message = NULL, changed = NULL;
  g_autoptr (PhMessageEnvelope) envelope = NULL;
  g_autoptr (PhBodyPart) structure = NULL;
  g_autoptr (GPtrArray) from = NULL;
  g_autofree char *text = NULL;
  const char *subject, *type;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_store_get_selected (store)), ==, 1);
  message = live_call (async, ph_store_fetch_one, store, &error, uid,
                       PH_FETCH_FLAGS | PH_FETCH_ENVELOPE | PH_FETCH_BODY_STRUCTURE | PH_FETCH_SIZE | PH_FETCH_TEXT | PH_FETCH_INTERNAL_DATE);
  g_assert_no_error (error);
  g_assert_true (ph_message_has_flag (message, "\\flagged") && ph_message_has_flag (message, "$Urgent"));
  g_assert_false (ph_message_has_flag (message, "\\Seen"));
  envelope = ph_message_get_envelope (message);
  subject = ph_message_envelope_get_subject (envelope);
  g_assert_cmpstr (subject, ==, "Grüße");
  from = ph_message_envelope_get_from (envelope);
  g_assert_cmpuint (from->len, ==, 1);
  g_assert_cmpstr (ph_address_get_email (from->pdata[0]), ==, "alice@example.test");
  structure = ph_message_get_body_structure (message);
  type = ph_body_part_get_media_type (structure);
  g_assert_cmpstr (type, ==, "text/plain");
  text = live_get_section (message, "TEXT");
  g_assert_cmpstr (text, ==, "A line.\r\n");

  g_assert_true (live_call (async, ph_store_store, store, &error, set, PH_STORE_ADD, seen));
  g_assert_true (live_call (async, ph_store_store, store, &error, set, PH_STORE_REMOVE, flags));
  changed = live_call (async, ph_store_fetch_one, store, &error, uid, PH_FETCH_FLAGS);
  g_assert_true (ph_message_has_flag (changed, "\\Seen"));
  g_assert_false (ph_message_has_flag (changed, "\\Flagged"));

  g_assert_null (live_call (async, ph_store_copy, store, &error, set, "no such mailbox"));
  live_assert_error (error, PH_ERROR_NO_MAILBOX);
  copied = live_call (async, ph_store_copy, store, &error, set, "Sent");
  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_set_get_count (copied), ==, 1);
  g_assert_true (live_call (async, ph_store_store, store, &error, set, PH_STORE_SET, deleted));
  g_assert_true (live_call (async, ph_store_expunge, store, &error, set));
  g_assert_no_error (error);
  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_store_get_selected (store)), ==, 0);
  g_assert_null (live_call (async, ph_store_fetch_one, store, &error, uid, PH_FETCH_FLAGS));
  live_assert_error (error, PH_ERROR_NO_MESSAGE);
}

static void
test_search_finds_what_it_should (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *box = async ? "Search async" : "Search sync";
  const char *const seen[] = { "\\Seen", NULL };
  g_autoptr (PhStore) store = live_store_new ("alice", box);
  guint32 first = append (store, box, "apples", NULL, async);
  guint32 second = append (store, box, "=?utf-8?q?P=C3=A4rchen?=", seen, async);
  g_autoptr (PhQuery) unseen = ph_query_unseen (ph_query_new ());
  g_autoptr (PhQuery) umlaut = ph_query_subject (ph_query_new (), "pärchen");
  g_autoptr (PhQuery) none = ph_query_from (ph_query_new (), "no \"one\" \\ at all");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) one = live_call (async, ph_store_search, store, &error, unseen);
  g_autoptr (PhMessageSet) two = live_call (async, ph_store_search, store, &error, umlaut);
  g_autoptr (PhMessageSet) numbers = live_call (async, ph_store_search_numbers, store, &error, umlaut);
  g_autoptr (PhMessageSet) empty = live_call (async, ph_store_search, store, &error, none);

  g_assert_no_error (error);
  g_assert_true (ph_message_set_contains (one, first) && ph_message_set_get_count (one) == 1);
  g_assert_true (ph_message_set_contains (two, second) && ph_message_set_get_count (two) == 1);
  g_assert_true (ph_message_set_contains (numbers, 2) && !ph_message_set_is_by_uid (numbers));
  g_assert_true (ph_message_set_is_empty (empty));
}

static void
test_examine_and_close (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *box = async ? "Close async" : "Close sync";
  const char *const deleted[] = { "\\Deleted", NULL };
  g_autoptr (PhStore) store = live_store_new ("alice", box);
  g_autoptr (PhMailbox) read_only = NULL, kept = NULL, empty = NULL;
  g_autoptr (GError) error = NULL;

  append (store, box, "to go", deleted, async);
  read_only = live_call (async, ph_store_examine, store, &error, box);
  g_assert_true (ph_mailbox_is_read_only (read_only));
  g_assert_true (live_call (async, ph_store_close_mailbox, store, &error, FALSE));
  g_assert_false (ph_mailbox_is_selected (read_only));
  g_assert_null (ph_store_get_selected (store));
  kept = live_call (async, ph_store_select, store, &error, box);
  g_assert_cmpuint (ph_mailbox_get_n_messages (kept), ==, 1);
  g_assert_true (live_call (async, ph_store_close_mailbox, store, &error, TRUE));
  empty = live_call (async, ph_store_select, store, &error, box);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_mailbox_get_n_messages (empty), ==, 0);
}

/* The same again, with memory that serves for each, but for those that are kept; what is large gets its own. */
static void
read_borrowed (PhStore *store, PhMessageSet *all)
{
  g_autoptr (PhMessageIter) iter = ph_store_fetch (store, all, PH_FETCH_FLAGS | PH_FETCH_BODY, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_unref);
  g_autoptr (GError) error = NULL;
  PhMessage *message;
  guint32 last = 0;

  while ((message = ph_message_iter_next_borrowed (iter, NULL, &error)) != NULL)
    {
      g_assert_cmpuint (ph_message_get_uid (message), >, last);
      last = ph_message_get_uid (message);
      if (last % 5 == 0)
        g_ptr_array_add (kept, ph_message_ref (message));
    }
  g_assert_no_error (error);
  g_assert_null (ph_message_iter_next_borrowed (iter, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kept->len, ==, 102);
  for (guint i = 0; i < kept->len; i++)
    {
      g_autoptr (GBytes) body = ph_message_get_section (g_ptr_array_index (kept, i), "");

      g_assert_cmpuint (ph_message_get_uid (g_ptr_array_index (kept, i)) % 5, ==, 0);
      g_assert_nonnull (body);
    }
}

static void
test_an_iterator_gives_each_message_once (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *box = async ? "Many async" : "Many sync";
  g_autoptr (PhStore) store = live_store_new ("alice", box);
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMessageIter) iter = NULL;
  g_autoptr (GError) error = NULL;
  guint32 last = 0;
  guint count = 0;

  for (guint i = 0; i < 4; i++)
    append (store, box, "one of many", NULL, async);
  for (guint i = 0; i < 7; i++) /* 4 · 2⁷: above the bound of undelivered items */
    {
      g_autoptr (PhMessageSet) copied G_GNUC_UNUSED = live_call (async, ph_store_copy, store, &error, all, box);
      g_assert_no_error (error);
    }
  iter = ph_store_fetch (store, all, PH_FETCH_FLAGS | PH_FETCH_ENVELOPE, NULL);
  for (;;)
    {
      g_autoptr (PhMessage) message = live_call (async, ph_message_iter_next, iter, &error);

      g_assert_no_error (error);
      if (message == NULL)
        break;
      g_assert_cmpuint (ph_message_get_uid (message), >, last);
      last = ph_message_get_uid (message);
      count++;
    }
  g_assert_cmpuint (count, ==, 512);
  if (!async)
    read_borrowed (store, all);
}

/* A commands' error in the midst of an iteration: the iterator is dropped, the session goes on. */
static void
test_an_iterator_can_be_dropped (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = live_store_new ("alice", async ? "Many async" : "Many sync");
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMessageSet) set G_GNUC_UNUSED = NULL;
  g_autoptr (PhMessageIter) iter = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessage) message = NULL;

  append (store, async ? "Many async" : "Many sync", "a", NULL, async);
  append (store, async ? "Many async" : "Many sync", "b", NULL, async);
  iter = ph_store_fetch (store, all, PH_FETCH_FLAGS, NULL);
  message = live_call (async, ph_message_iter_next, iter, &error);
  g_assert_no_error (error);
  g_assert_nonnull (message);
  g_clear_object (&iter);
  g_assert_true (live_call (async, ph_session_noop, PH_SESSION (store), &error));
  g_assert_no_error (error);
}

#define MUCH (24 * 1024 * 1024)

/* The n-th octet of a large message: lines of 63 and CRLF, no two blocks alike. */
static void
fill (char *buffer, gsize length)
{
  for (gsize i = 0; i < length; i++)
    buffer[i] = i % 65 == 63 ? '\r' : i % 65 == 64 ? '\n' : (char) ('a' + (i / 65 + i) % 26);
}

/* Since the kernel was last told to forget it (proc(5), clear_refs). */
static guint
get_peak_kib (gboolean forget)
{
  g_autofree char *status = NULL;
  const char *line;

  if (forget)
    g_file_set_contents_full ("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0, NULL);
  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = status != NULL ? strstr (status, "VmHWM:") : NULL;
  return line != NULL ? (guint) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) : 0;
}

/* By valgrind or a sanitizer: memory is theirs, too. */
static gboolean
is_watched (void)
{
  const char *preload = g_getenv ("LD_PRELOAD");

#if defined __SANITIZE_ADDRESS__
  return TRUE;
#elif defined __has_feature
#if __has_feature (address_sanitizer)
  return TRUE;
#endif
#endif
  return preload != NULL && strstr (preload, "vgpreload") != NULL;
}

static void
test_large_literals_stream_both_ways (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *box = async ? "Large async" : "Large sync";
  g_autoptr (PhStore) store = live_store_new ("alice", box);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "posthorn-large-XXXXXX", NULL);
  g_autofree char *back = NULL;
  g_autofree char *expected = g_malloc (MUCH);
  g_autoptr (GFile) file = NULL;
  g_autoptr (PhBody) body = NULL;
  g_autoptr (PhMessageSet) uids = NULL;
  g_autoptr (GFileOutputStream) output = NULL;
  g_autoptr (GError) error = NULL;
  guint32 uid, last;
  guint before, after;
  gsize length;

  fill (expected, MUCH);
  close (g_mkstemp (path));
  g_file_set_contents (path, expected, MUCH, &error);
  g_assert_no_error (error);
  file = g_file_new_for_path (path);
  before = get_peak_kib (TRUE);

  body = ph_body_new_for_file (file, &error);
  uids = live_call (async, ph_store_append, store, &error, box, body, NULL, NULL);
  g_assert_no_error (error);
  ph_message_set_get_range (uids, 0, &uid, &last);
  output = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (live_call (async, ph_store_fetch_to_stream, store, &error, uid, "", G_OUTPUT_STREAM (output)));
  g_assert_no_error (error);
  g_output_stream_close (G_OUTPUT_STREAM (output), NULL, NULL);

  after = get_peak_kib (FALSE);
  g_file_get_contents (path, &back, &length, &error);
  g_unlink (path);
  g_assert_no_error (error);
  g_assert_cmpmem (back, length, expected, MUCH);
  g_test_message ("peak: %u KiB, then %u KiB", before, after);
  if (!is_watched ())
    g_assert_cmpuint (after - before, <, 4096);
}

static void
test_quota (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = live_store_new ("tiny", "INBOX");
  PhQuota *quota = PH_QUOTA (ph_session_get_extension (PH_SESSION (store), PH_TYPE_QUOTA));
  g_autofree char *text = g_strnfill (60 * 1024, 'x');
  g_autoptr (PhBody) body = live_body_new ("too much", text);
  g_autoptr (GPtrArray) resources = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (quota);
  resources = live_call (async, ph_quota_get_root, quota, &error, "INBOX");
  g_assert_no_error (error);
  g_assert_cmpuint (resources->len, ==, 1);
  g_assert_cmpstr (ph_quota_resource_get_name (resources->pdata[0]), ==, "STORAGE");
  g_assert_cmpuint (ph_quota_resource_get_limit (resources->pdata[0]), ==, 20);
  g_assert_null (live_call (async, ph_store_append, store, &error, "INBOX", body, NULL, NULL));
  live_assert_error (error, PH_ERROR_OVER_QUOTA);
  g_assert_true (live_call (async, ph_session_noop, PH_SESSION (store), &error));
}

/* More than may wait between filters, several times over, out of a few compressed octets. */
static void
assert_large_arrives (PhStore *store, const char *box, gboolean async)
{
  g_autofree char *large = g_malloc (MUCH / 4 + 1);
  g_autoptr (PhBody) body = NULL;
  g_autoptr (PhMessageSet) uids = NULL;
  g_autoptr (PhMessage) message = NULL;
  g_autoptr (GBytes) arrived = NULL;
  g_autoptr (GError) error = NULL;
  const void *octets;
  guint32 uid, last;
  gsize length;

  fill (large, MUCH / 4);
  large[MUCH / 4] = '\0';
  body = live_body_new ("large", large);
  uids = live_call (async, ph_store_append, store, &error, box, body, NULL, NULL);
  g_assert_no_error (error);
  ph_message_set_get_range (uids, 0, &uid, &last);
  message = live_call (async, ph_store_fetch_one, store, &error, uid, PH_FETCH_TEXT);
  g_assert_no_error (error);
  arrived = ph_message_get_section (message, "TEXT");
  octets = g_bytes_get_data (arrived, &length);
  g_assert_cmpuint (length, >=, MUCH / 4);
  g_assert_cmpmem (octets, MUCH / 4, large, MUCH / 4);
}

static void
test_compress (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *box = async ? "Small async" : "Small sync";
  g_autoptr (PhSession) session = live_session_new ("imaps", NULL, "alice");
  PhStore *store = PH_STORE (session);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhMessage) message = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  guint32 uid;

  ph_session_use (session, "COMPRESS=DEFLATE");
  g_assert_true (live_call (async, ph_session_open, session, &error));
  g_assert_no_error (error);
  g_assert_true (live_call (async, ph_store_create, store, &error, box));
  mailbox = live_call (async, ph_store_select, store, &error, box);
  g_assert_no_error (error);
  uid = append (store, box, "compressed", NULL, async);
  message = live_call (async, ph_store_fetch_one, store, &error, uid, PH_FETCH_TEXT);
  g_assert_no_error (error);
  text = live_get_section (message, "TEXT");
  g_assert_cmpstr (text, ==, "A line.\r\n");
  assert_large_arrives (store, box, async);
  if (!async)
    {
      /* the server says so itself when asked again */
      g_autoptr (PhReply) reply = ph_session_command (session, "COMPRESS DEFLATE", NULL, &error);

      g_assert_cmpstr (ph_reply_get_response_code (reply), ==, "COMPRESSIONACTIVE");
    }
}

static void
on_added (PhMailbox *mailbox, guint number, guint uid, guint *count)
{
  (*count)++;
}

/* IDLE tells of mail as it comes, steps aside for a command, and comes back. */
static void
test_idle (void)
{
  g_autoptr (PhSession) session = live_session_new ("imaps", NULL, "alice");
  PhStore *watching = PH_STORE (session);
  g_autoptr (PhStore) other = live_store_new ("alice", "Idle");
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  guint count = 0;

  mailbox = live_call (TRUE, ph_store_select, watching, &error, "Idle");
  g_assert_no_error (error);
  g_signal_connect (mailbox, "message-added", G_CALLBACK (on_added), &count);
  ph_store_set_watch (watching, TRUE);
  for (guint i = 1; i <= 3; i++)
    {
      append (other, "Idle", "news", NULL, FALSE);
      while (count < i)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (ph_mailbox_get_n_messages (mailbox), ==, i);
      g_assert_true (live_call (TRUE, ph_session_noop, session, &error));
      g_assert_no_error (error);
    }
  g_assert_true (live_call (TRUE, ph_session_close, session, &error));
  g_assert_false (ph_mailbox_is_selected (mailbox));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  live_add ("/live/imap/mailboxes-live-and-die", test_mailboxes_live_and_die);
  live_add ("/live/imap/special-uses-and-counts-are-listed", test_special_uses_and_counts_are_listed);
  live_add ("/live/imap/a-message-from-append-to-expunge", test_a_message_from_append_to_expunge);
  live_add ("/live/imap/search-finds-what-it-should", test_search_finds_what_it_should);
  live_add ("/live/imap/examine-and-close", test_examine_and_close);
  live_add ("/live/imap/an-iterator-gives-each-message-once", test_an_iterator_gives_each_message_once);
  live_add ("/live/imap/an-iterator-can-be-dropped", test_an_iterator_can_be_dropped);
  live_add ("/live/imap/large-literals-stream-both-ways", test_large_literals_stream_both_ways);
  live_add ("/live/imap/quota", test_quota);
  live_add ("/live/imap/compress", test_compress);
  g_test_add_func ("/live/imap/idle", test_idle);
  return g_test_run ();
}
