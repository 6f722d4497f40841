/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IMAP's extensions, each by its typed interface: against Dovecot, and with "cyrus-imaps" as argument against Cyrus. What only one of them has
 * must be NOT_SUPPORTED with the other. */
#include "live.h"

#include <string.h>

static const char *service = "imaps";

static gboolean
is_cyrus (void)
{
  return strcmp (service, "cyrus-imaps") == 0;
}

static PhStore *
open_as (const char *user)
{
  PhStore *store = PH_STORE (live_session_new (service, NULL, user));
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_session_open (PH_SESSION (store), NULL, &error));
  g_assert_no_error (error);
  return store;
}

/* alice's, with @mailbox made anew; not selected */
static PhStore *
open_with (const char *mailbox)
{
  PhStore *store = open_as ("alice");
  g_autoptr (GError) error = NULL;

  ph_store_delete (store, mailbox, NULL, NULL);
  ph_store_create (store, mailbox, NULL, &error);
  g_assert_no_error (error);
  return store;
}

static gpointer
require (PhStore *store, GType type, gboolean async)
{
  g_autoptr (GError) error = NULL;
  PhExtension *extension = live_call (async, ph_session_require_extension, PH_SESSION (store), &error, type);

  g_assert_no_error (error);
  return extension;
}

/* Neither server always gives a code with it. */
static void
assert_refused (GError **error)
{
  g_assert_true (g_error_matches (*error, PH_ERROR, PH_ERROR_NO_MAILBOX) || g_error_matches (*error, PH_ERROR, PH_ERROR_REFUSED));
  g_test_message ("%s", (*error)->message);
  g_clear_error (error);
}

/* Of @identifier; NULL where there is no row for it */
static char *
get_rights (PhAcl *acl, const char *mailbox, const char *identifier, gboolean async)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = live_call (async, ph_acl_get, acl, &error, mailbox);

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (ph_acl_entry_get_identifier (entries->pdata[i]), identifier) == 0)
      return g_strdup (ph_acl_entry_get_rights (entries->pdata[i]));
  return NULL;
}

static void
test_acl (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Geteilt \303\244");
  PhAcl *acl = require (store, PH_TYPE_ACL, async);
  const char *box = "Geteilt \303\244";
  g_autoptr (GError) error = NULL;
  g_autoptr (PhAclRights) rights = NULL;
  g_autofree char *mine = NULL, *first = NULL, *more = NULL, *less = NULL, *gone = NULL, *added = ph_acl_get_added_rights (acl);

  g_assert_nonnull (strchr (added, 'x'));
  mine = live_call (async, ph_acl_get_my_rights, acl, &error, box);
  g_assert_no_error (error);
  g_assert_nonnull (strchr (mine, 'a'));
  g_assert_true (live_call (async, ph_acl_set, acl, &error, box, "bob", "lr"));
  g_assert_no_error (error);
  first = get_rights (acl, box, "bob", async);
  g_assert_cmpstr (first, ==, "lr");
  g_assert_true (live_call (async, ph_acl_set, acl, &error, box, "bob", "+s"));
  more = get_rights (acl, box, "bob", async);
  g_assert_cmpstr (more, ==, "lrs");
  g_assert_true (live_call (async, ph_acl_set, acl, &error, box, "bob", "-r"));
  less = get_rights (acl, box, "bob", async);
  g_assert_cmpstr (less, ==, "ls");
  rights = live_call (async, ph_acl_list_rights, acl, &error, box, "bob");
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length ((char **) ph_acl_rights_get_optional (rights)), >, 5);
  g_assert_true (live_call (async, ph_acl_delete, acl, &error, box, "bob"));
  g_assert_no_error (error);
  gone = get_rights (acl, box, "bob", async);
  g_assert_null (gone);
  g_assert_null (live_call (async, ph_acl_get, acl, &error, "No such mailbox"));
  assert_refused (&error);
}

static void
test_list_my_rights (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Rights");
  PhAcl *acl = require (store, PH_TYPE_ACL, async);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = live_call (async, ph_acl_list_my_rights, acl, &error, "Rights");
  g_autofree char *rights = NULL;

  if (!is_cyrus ())
    {
      live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  rights = ph_mailbox_info_get_my_rights (rows->pdata[0]);
  g_assert_nonnull (strchr (rights, 'a'));
}

static void
test_quota (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Quota");
  PhQuota *quota = require (store, PH_TYPE_QUOTA, async);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) resources = live_call (async, ph_quota_get_root, quota, &error, "INBOX");
  g_auto (GStrv) names = ph_quota_get_resources (quota);
  g_autoptr (PhMailboxStatus) deleted = NULL;

  g_assert_no_error (error);
  /* Cyrus' accounts have none; Dovecot's have two */
  g_assert_cmpuint (resources->len, ==, is_cyrus () ? 0 : 2);
  g_test_message ("%u names", g_strv_length (names));
  g_assert_null (live_call (async, ph_quota_set, quota, &error, "alice", "STORAGE", 1));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  deleted = live_call (async, ph_quota_get_deleted, quota, &error, "INBOX");
  if (g_strv_length (names) == 0)
    live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
  else
    g_assert_no_error (error);
  g_assert_true (live_call (async, ph_session_noop, PH_SESSION (store), &error));
}

static void
assert_kept (PhMetadata *metadata, const char *mailbox, const char *name, const char *text, gboolean async)
{
  const char *const names[] = { name, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMetadataResult) result = live_call (async, ph_metadata_get, metadata, &error, mailbox, names, PH_METADATA_DEPTH_SELF, 0);
  PhMetadataEntry *entry;
  g_autofree char *kept = NULL;

  g_assert_no_error (error);
  entry = ph_metadata_result_find (result, name);
  kept = entry != NULL ? ph_metadata_entry_dup_text (entry) : NULL;
  g_assert_cmpstr (kept, ==, text);
}

static void
test_metadata (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *const names[] = { "/private/comment", "/shared/comment", NULL };
  g_autoptr (PhStore) store = open_with ("Metadaten \303\244");
  PhMetadata *metadata = require (store, PH_TYPE_METADATA, async);
  const char *box = "Metadaten \303\244";
  const char *text = "zwei Zeilen:\r\n\"\303\244\" und \\ (x";
  g_autoptr (GBytes) value = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) large = g_bytes_new_take (g_strnfill (3000, 'x'), 3000);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMetadataResult) small = NULL;

  g_assert_true (live_call (async, ph_metadata_set, metadata, &error, box, "/private/comment", value));
  g_assert_no_error (error);
  assert_kept (metadata, box, "/private/comment", text, async);
  g_assert_true (live_call (async, ph_metadata_set, metadata, &error, box, "/private/comment", NULL));
  g_assert_no_error (error);
  assert_kept (metadata, box, "/private/comment", NULL, async);

  g_ptr_array_add (entries, ph_metadata_entry_new ("/private/comment", value));
  g_ptr_array_add (entries, ph_metadata_entry_new ("/shared/comment", large));
  g_assert_true (live_call (async, ph_metadata_set_all, metadata, &error, box, entries));
  g_assert_no_error (error);
  small = live_call (async, ph_metadata_get, metadata, &error, box, names, PH_METADATA_DEPTH_SELF, 1000);
  g_assert_no_error (error);
  g_assert_nonnull (ph_metadata_result_find (small, names[0]));
  g_assert_null (ph_metadata_result_find (small, names[1]));
  g_assert_cmpuint (ph_metadata_result_get_longest (small), ==, 3000);
  g_assert_false (live_call (async, ph_metadata_set, metadata, &error, "No such mailbox", names[0], value));
  assert_refused (&error);
}

static void
test_metadata_list (gconstpointer data)
{
  gboolean async = data != NULL;
  const char *const names[] = { "/private/comment", NULL };
  g_autoptr (PhStore) store = open_with ("Listed");
  PhMetadata *metadata = require (store, PH_TYPE_METADATA, async);
  g_autoptr (GBytes) value = g_bytes_new ("here", 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL, entries = NULL;
  g_autofree char *text = NULL;

  g_assert_true (live_call (async, ph_metadata_set, metadata, &error, "Listed", names[0], value));
  g_assert_no_error (error);
  rows = live_call (async, ph_metadata_list, metadata, &error, "Listed", names);
  if (!is_cyrus ())
    {
      live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  entries = ph_mailbox_info_get_metadata (rows->pdata[0]);
  g_assert_cmpuint (entries->len, ==, 1);
  text = ph_metadata_entry_dup_text (entries->pdata[0]);
  g_assert_cmpstr (text, ==, "here");
}

/* TRUE where the server has it; otherwise it must be refused */
static gboolean
offers (PhStore *store, GType type, gboolean has, gboolean async)
{
  g_autoptr (GError) error = NULL;

  if (has)
    return TRUE;
  g_assert_null (live_call (async, ph_session_require_extension, PH_SESSION (store), &error, type));
  live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
  return FALSE;
}

static void
test_namespaces (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_as ("alice");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) namespaces = live_call (async, ph_namespaces_get, PH_NAMESPACES (require (store, PH_TYPE_NAMESPACES, async)), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (namespaces->len, >=, 1);
  g_assert_cmpint (ph_namespace_get_kind (namespaces->pdata[0]), ==, PH_NAMESPACE_PERSONAL);
  g_assert_cmpstr (ph_namespace_get_prefix (namespaces->pdata[0]), ==, "");
  g_assert_cmpstr (ph_namespace_get_delimiter (namespaces->pdata[0]), ==, "/");
}

static void
test_id (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = PH_STORE (live_session_new (service, NULL, "alice"));
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) server = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  ph_session_use (PH_SESSION (store), "ID");
  g_hash_table_insert (fields, (gpointer) "name", (gpointer) "test");
  server = live_call (async, ph_id_exchange, PH_ID (require (store, PH_TYPE_ID, async)), &error, fields);
  g_assert_no_error (error);
  name = g_hash_table_lookup (server, "name");
  g_assert_cmpstr (name, ==, is_cyrus () ? "Cyrus IMAPD" : "Dovecot");
}

/* A Cyrus that is told to list no SPECIAL-USE, and whose LIST says nothing of what mailboxes are for */
static void
test_xlist (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = PH_STORE (live_session_new ("cyrus-xlist", NULL, "alice"));
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  guint n_drafts = 0;

  rows = live_call (async, ph_store_list, store, &error, "*");
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    if (g_strcmp0 (ph_mailbox_info_get_name (rows->pdata[i]), "Drafts") == 0)
      {
        g_assert_cmpstr (ph_mailbox_info_get_special_use (rows->pdata[i]), ==, "\\Drafts");
        n_drafts++;
      }
  g_assert_cmpuint (n_drafts, ==, 1);
}

static void
test_comparator (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_as ("alice");
  g_autoptr (GError) error = NULL;

  offers (store, PH_TYPE_LANGUAGE, FALSE, async);
  if (!offers (store, PH_TYPE_COMPARATOR, !is_cyrus (), async))
    return;
  g_assert_null (live_call (async, ph_comparator_get, PH_COMPARATOR (require (store, PH_TYPE_COMPARATOR, async)), &error));
  live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
}

/* The only message of a mailbox that is selected by it */
static PhMessage *
bring (PhStore *store, const char *mailbox, const char *text, PhMessageSet **uids)
{
  g_autoptr (PhBody) body = live_body_new ("facts", text);
  g_autoptr (GDateTime) long_ago = ph_date (2001, 2, 3);
  g_autoptr (PhMailbox) selected = NULL;
  g_autoptr (GError) error = NULL;
  guint32 uid, last;

  *uids = ph_store_append (store, mailbox, body, NULL, long_ago, NULL, &error);
  g_assert_no_error (error);
  selected = ph_store_select (store, mailbox, NULL, &error);
  g_assert_no_error (error);
  ph_message_set_get_range (*uids, 0, &uid, &last);
  return ph_store_fetch_one (store, uid, PH_FETCH_FLAGS, NULL, &error);
}

static void
test_preview (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Preview");
  g_autoptr (PhMessageSet) uids = NULL;
  g_autoptr (PhMessage) plain = bring (store, "Preview", "First words of it.\r\n", &uids);
  g_autoptr (PhMessageIter) iter = ph_preview_fetch (require (store, PH_TYPE_PREVIEW, async), uids, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessage) message = live_call (async, ph_message_iter_next, iter, &error);
  g_autofree char *preview = NULL;

  g_assert_no_error (error);
  g_assert_null (ph_message_get_preview (plain));
  g_assert_nonnull (ph_message_get_attribute (message, "PREVIEW"));
  preview = ph_message_get_preview (message);
  /* Cyrus shows what another program made, and says NIL until then */
  if (is_cyrus ())
    g_assert_null (preview);
  else
    g_assert_true (g_str_has_prefix (preview, "First words of it."));
}

static void
test_save_date (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Saved");
  g_autoptr (PhMessageSet) uids = NULL, today = NULL, earlier = NULL;
  G_GNUC_UNUSED g_autoptr (PhMessage) plain = bring (store, "Saved", "x", &uids);
  PhSaveDate *save_date = require (store, PH_TYPE_SAVE_DATE, async);
  g_autoptr (PhMessageIter) iter = ph_save_date_fetch (save_date, uids);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessage) message = live_call (async, ph_message_iter_next, iter, &error);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc (), yesterday = g_date_time_add_days (now, -1);
  g_autoptr (GDateTime) saved = ph_message_get_save_date (message);

  g_assert_no_error (error);
  g_assert_cmpint (ABS (g_date_time_difference (now, saved)), <, G_TIME_SPAN_HOUR);
  g_clear_object (&iter);
  today = live_call (async, ph_save_date_search, save_date, &error, yesterday, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_set_get_count (today), ==, 1);
  earlier = live_call (async, ph_save_date_search, save_date, &error, NULL, yesterday);
  g_assert_no_error (error);
  g_assert_true (ph_message_set_is_empty (earlier));
}

static void
test_object_ids (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Identified");
  g_autoptr (PhMessageSet) uids = NULL, found = NULL;
  G_GNUC_UNUSED g_autoptr (PhMessage) plain = bring (store, "Identified", "x", &uids);
  g_autoptr (PhMessage) message = NULL;
  g_autoptr (PhMessageIter) iter = NULL;
  g_autoptr (PhMailboxStatus) status = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *email = NULL, *mailbox = NULL;
  PhObjectIds *ids;

  if (!offers (store, PH_TYPE_OBJECT_IDS, is_cyrus (), async))
    return;
  ids = require (store, PH_TYPE_OBJECT_IDS, async);
  iter = ph_object_ids_fetch (ids, uids);
  message = live_call (async, ph_message_iter_next, iter, &error);
  g_assert_no_error (error);
  email = ph_message_get_email_id (message);
  g_assert_nonnull (email);
  g_clear_object (&iter);
  found = live_call (async, ph_object_ids_search, ids, &error, email, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_set_get_count (found), ==, 1);
  status = live_call (async, ph_object_ids_get_status, ids, &error, "Identified");
  g_assert_no_error (error);
  mailbox = ph_mailbox_status_get_mailbox_id (status);
  g_assert_cmpstr (mailbox, ==, ph_object_ids_get_selected (ids));
}

static char *
get_note (PhAnnotations *notes, PhMessageSet *uids, const char *pattern, gboolean async)
{
  const char *patterns[] = { pattern, NULL };
  g_autoptr (PhMessageIter) iter = ph_annotations_fetch (notes, uids, patterns);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessage) message = live_call (async, ph_message_iter_next, iter, &error);
  g_autoptr (GPtrArray) entries = NULL;

  g_assert_no_error (error);
  entries = ph_message_get_annotations (message);
  g_assert_cmpuint (entries->len, <=, 1);
  return entries->len > 0 ? ph_metadata_entry_dup_text (entries->pdata[0]) : NULL;
}

/* @text: NULL removes it */
static GPtrArray *
make_note (const char *name, const char *text)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  g_autoptr (GBytes) value = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  g_ptr_array_add (entries, ph_metadata_entry_new (name, value));
  return entries;
}

static void
test_annotations (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Annotated");
  g_autoptr (PhMessageSet) uids = NULL, found = NULL, nothing = NULL, appended = NULL;
  G_GNUC_UNUSED g_autoptr (PhMessage) plain = bring (store, "Annotated", "x", &uids);
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: b\r\n\r\nb\r\n");
  g_autoptr (PhNewMessage) bare = ph_new_message_new (body, NULL, NULL), noted = NULL;
  g_autoptr (GPtrArray) mine = make_note ("/private/comment", "Gr\303\274n \"und\" mehr"), all = make_note ("/shared/altsubject", "zz");
  g_autoptr (GPtrArray) removed = make_note ("/private/comment", NULL), first = make_note ("/shared/altsubject", "aa"), one = NULL;
  g_autoptr (PhQuery) every = ph_query_new ();
  g_autoptr (PhSortResult) order = NULL, reversed = NULL;
  g_autoptr (PhSortOrder) keys = ph_sort_order_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *shared = NULL, *gone = NULL;
  const guint32 *numbers;
  PhAnnotations *notes;
  gsize n;

  if (!offers (store, PH_TYPE_ANNOTATIONS, is_cyrus (), async))
    return;
  notes = require (store, PH_TYPE_ANNOTATIONS, async);
  g_assert_cmpuint (ph_annotations_get_support (notes, NULL) & PH_ANNOTATIONS_WRITABLE, !=, 0);
  g_assert_true (live_call (async, ph_annotations_store, notes, &error, uids, mine));
  g_assert_no_error (error);
  g_assert_true (live_call (async, ph_annotations_store, notes, &error, uids, all));
  g_assert_no_error (error);
  text = get_note (notes, uids, "/comment", async);
  g_assert_cmpstr (text, ==, "Gr\303\274n \"und\" mehr");
  shared = get_note (notes, uids, "/shared/%", async);
  g_assert_cmpstr (shared, ==, "zz");
  found = live_call (async, ph_annotations_search, notes, &error, "/private/comment", "und");
  g_assert_no_error (error);
  g_assert_cmpuint (ph_message_set_get_count (found), ==, 1);
  nothing = live_call (async, ph_annotations_search, notes, &error, "/private/comment", "nirgends");
  g_assert_no_error (error);
  g_assert_true (ph_message_set_is_empty (nothing));
  noted = ph_annotations_annotate (notes, bare, first, &error);
  g_assert_no_error (error);
  one = g_ptr_array_new ();
  g_ptr_array_add (one, noted);
  appended = live_call (async, ph_store_append_all, store, &error, "Annotated", one);
  g_assert_no_error (error);
  order = live_call (async, ph_annotations_sort, notes, &error, "/shared/altsubject", FALSE, every);
  g_assert_no_error (error);
  numbers = ph_sort_result_get_numbers (order, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (numbers[0], >, numbers[1]);
  g_assert_true (ph_annotations_sort_by (notes, keys, "/shared/altsubject", TRUE, &error));
  g_assert_no_error (error);
  reversed = live_call (async, ph_sort_messages, PH_SORT (require (store, PH_TYPE_SORT, async)), &error, keys, every, TRUE);
  g_assert_no_error (error);
  numbers = ph_sort_result_get_numbers (reversed, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (numbers[0], <, numbers[1]);
  g_assert_true (live_call (async, ph_annotations_store, notes, &error, uids, removed));
  g_assert_no_error (error);
  gone = get_note (notes, uids, "/private/comment", async);
  g_assert_null (gone);
}

/* SELECT "Selected with notes" (ANNOTATE), which Dovecot must not be sent */
static void
test_selected_with_annotations (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) first G_GNUC_UNUSED = open_with ("Selected with notes");
  g_autoptr (PhStore) store = PH_STORE (live_session_new (service, NULL, "alice"));
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  PhAnnotations *notes;

  ph_session_use (PH_SESSION (store), "ANNOTATE-EXPERIMENT-1");
  mailbox = live_call (async, ph_store_select, store, &error, "Selected with notes");
  g_assert_no_error (error);
  g_assert_nonnull (mailbox);
  if (!offers (store, PH_TYPE_ANNOTATIONS, is_cyrus (), async))
    return;
  notes = require (store, PH_TYPE_ANNOTATIONS, async);
  g_assert_true (ph_extension_is_requested (PH_EXTENSION (notes)));
  g_assert_cmpuint (ph_annotations_get_support (notes, NULL) & PH_ANNOTATIONS_WRITABLE, !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    service = argv[1];
  live_add ("/live/extensions/acl", test_acl);
  live_add ("/live/extensions/list-my-rights", test_list_my_rights);
  live_add ("/live/extensions/quota", test_quota);
  live_add ("/live/extensions/metadata", test_metadata);
  live_add ("/live/extensions/list-metadata", test_metadata_list);
  live_add ("/live/extensions/namespaces", test_namespaces);
  live_add ("/live/extensions/id", test_id);
  live_add ("/live/extensions/comparator", test_comparator);
  if (is_cyrus ())
    live_add ("/live/extensions/xlist", test_xlist);
  live_add ("/live/extensions/preview", test_preview);
  live_add ("/live/extensions/save-date", test_save_date);
  live_add ("/live/extensions/object-ids", test_object_ids);
  live_add ("/live/extensions/annotations", test_annotations);
  live_add ("/live/extensions/selected-with-annotations", test_selected_with_annotations);
  return g_test_run ();
}
