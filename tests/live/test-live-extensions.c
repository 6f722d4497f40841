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
  return g_test_run ();
}
