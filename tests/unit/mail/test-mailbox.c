/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailbox, PhMailboxInfo, PhMailboxStatus. */
#include "test-tree.h"

#include "values/ph-mailbox-private.h"

typedef struct {
  PhMailbox *mailbox;
  GString *log; /* notified properties and emitted signals, in order */
} Fixture;

static void
on_notify (PhMailbox *mailbox, GParamSpec *pspec, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%s;", pspec->name);
}

static void
on_added (PhMailbox *mailbox, guint number, guint uid, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "added %u %u;", number, uid);
}

static void
on_removed (PhMailbox *mailbox, guint number, guint uid, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "removed %u %u of %u;", number, uid, ph_mailbox_get_n_messages (mailbox));
}

static void
on_flags (PhMailbox *mailbox, PhMessage *message, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "flags %u;", ph_message_get_number (message));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->mailbox = ph_mailbox_new ("Entwürfe");
  fixture->log = g_string_new (NULL);
  g_signal_connect (fixture->mailbox, "notify", G_CALLBACK (on_notify), fixture);
  g_signal_connect (fixture->mailbox, "message-added", G_CALLBACK (on_added), fixture);
  g_signal_connect (fixture->mailbox, "message-removed", G_CALLBACK (on_removed), fixture);
  g_signal_connect (fixture->mailbox, "flags-changed", G_CALLBACK (on_flags), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->mailbox);
  g_string_free (fixture->log, TRUE);
}

static void
apply (Fixture *fixture, PhMailboxChangeKind kind, guint32 number, guint32 uid)
{
  const PhMailboxChange change = { .kind = kind, .number = number, .uid = uid };

  ph_mailbox_apply (fixture->mailbox, &change);
}

static void
apply_words (Fixture *fixture, PhMailboxChangeKind kind, const char *const *words)
{
  const PhMailboxChange change = { .kind = kind, .words = (char **) words };

  ph_mailbox_apply (fixture->mailbox, &change);
}

static void
expect (Fixture *fixture, const char *log)
{
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_truncate (fixture->log, 0);
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  const PhMailboxChange mod_seq = { .kind = PH_CHANGE_MOD_SEQ, .mod_seq = G_MAXUINT64 };
  PhMailbox *mailbox = fixture->mailbox;

  g_assert_cmpstr (ph_mailbox_get_name (mailbox), ==, "Entwürfe");
  apply (fixture, PH_CHANGE_COUNT, 5, 0);
  apply (fixture, PH_CHANGE_RECENT, 1, 0);
  apply (fixture, PH_CHANGE_UNSEEN, 3, 0);
  apply (fixture, PH_CHANGE_UID_VALIDITY, G_MAXUINT32, 0);
  apply (fixture, PH_CHANGE_UID_NEXT, 99, 0);
  apply (fixture, PH_CHANGE_READ_ONLY, 1, 0);
  ph_mailbox_apply (mailbox, &mod_seq);
  expect (fixture, "n-messages;n-recent;first-unseen;uid-validity;uid-next;read-only;highest-mod-seq;");
  g_assert_cmpuint (ph_mailbox_get_n_messages (mailbox), ==, 5);
  g_assert_cmpuint (ph_mailbox_get_n_recent (mailbox), ==, 1);
  g_assert_cmpuint (ph_mailbox_get_first_unseen (mailbox), ==, 3);
  g_assert_cmpuint (ph_mailbox_get_uid_validity (mailbox), ==, G_MAXUINT32);
  g_assert_cmpuint (ph_mailbox_get_uid_next (mailbox), ==, 99);
  g_assert_cmpuint (ph_mailbox_get_highest_mod_seq (mailbox), ==, G_MAXUINT64);
  g_assert_true (ph_mailbox_is_read_only (mailbox));
}

static void
test_same_value_is_no_news (Fixture *fixture, gconstpointer data)
{
  const char *const words[] = { "\\Seen", NULL };

  apply (fixture, PH_CHANGE_COUNT, 5, 0);
  apply_words (fixture, PH_CHANGE_FLAGS, words);
  apply_words (fixture, PH_CHANGE_PERMANENT_FLAGS, words);
  expect (fixture, "n-messages;flags;permanent-flags;permanent-flags;");
  apply (fixture, PH_CHANGE_COUNT, 5, 0);
  apply (fixture, PH_CHANGE_READ_ONLY, 0, 0);
  apply_words (fixture, PH_CHANGE_FLAGS, words);
  apply_words (fixture, PH_CHANGE_PERMANENT_FLAGS, words);
  expect (fixture, "");
}

static void
test_missing_permanent_flags_are_all (Fixture *fixture, gconstpointer data)
{
  const char *const words[] = { "\\Seen", "x]y", NULL };
  const char *const none[] = { NULL };

  g_assert_cmpuint (g_strv_length ((char **) ph_mailbox_get_permanent_flags (fixture->mailbox)), ==, 0);
  apply_words (fixture, PH_CHANGE_FLAGS, words);
  g_assert_true (g_strv_equal (ph_mailbox_get_permanent_flags (fixture->mailbox), words));
  apply_words (fixture, PH_CHANGE_PERMANENT_FLAGS, none);
  g_assert_true (g_strv_equal (ph_mailbox_get_permanent_flags (fixture->mailbox), none));
  apply_words (fixture, PH_CHANGE_FLAGS, NULL);
  g_assert_cmpuint (g_strv_length ((char **) ph_mailbox_get_flags (fixture->mailbox)), ==, 0);
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  apply (fixture, PH_CHANGE_COUNT, 5, 0);
  apply (fixture, PH_CHANGE_UNSEEN, 3, 0);
  g_string_truncate (fixture->log, 0);
  apply (fixture, PH_CHANGE_REMOVED, 5, 50);
  expect (fixture, "n-messages;removed 5 50 of 4;");
  apply (fixture, PH_CHANGE_REMOVED, 1, 0);
  g_assert_true (g_str_has_suffix (fixture->log->str, ";removed 1 0 of 3;"));
  g_assert_cmpuint (ph_mailbox_get_first_unseen (fixture->mailbox), ==, 2);
  apply (fixture, PH_CHANGE_REMOVED, 2, 20);
  g_assert_cmpuint (ph_mailbox_get_first_unseen (fixture->mailbox), ==, 0);
  g_string_truncate (fixture->log, 0);
  apply (fixture, PH_CHANGE_REMOVED, 0, 7);
  expect (fixture, "n-messages;removed 0 7 of 1;");
}

static void
test_bogus_removal_is_ignored (Fixture *fixture, gconstpointer data)
{
  apply (fixture, PH_CHANGE_REMOVED, 1, 0);
  apply (fixture, PH_CHANGE_REMOVED, 0, 0);
  expect (fixture, "");
  apply (fixture, PH_CHANGE_COUNT, 2, 0);
  apply (fixture, PH_CHANGE_REMOVED, 3, 0);
  expect (fixture, "n-messages;");
  g_assert_cmpuint (ph_mailbox_get_n_messages (fixture->mailbox), ==, 2);
}

/* @uids are those of the messages from @number on. */
static void
apply_uids (Fixture *fixture, guint32 number, const char *uids)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (uids, NULL);
  const PhMailboxChange change = { .kind = PH_CHANGE_UIDS, .number = number, .uids = set };

  ph_mailbox_apply (fixture->mailbox, &change);
}

static void
test_uids (Fixture *fixture, gconstpointer data)
{
  PhMailbox *mailbox = fixture->mailbox;
  g_autoptr (PhMessageSet) uids = NULL;
  g_autofree char *text = NULL;

  apply (fixture, PH_CHANGE_COUNT, 4, 0);
  apply_uids (fixture, 1, "10,20,30,40");
  g_assert_cmpuint (ph_mailbox_get_uid (mailbox, 2), ==, 0);
  ph_mailbox_track_uids (mailbox);
  apply_uids (fixture, 1, "10,20,30,40");
  g_assert_true (ph_mailbox_has_uids (mailbox));
  g_assert_cmpuint (ph_mailbox_get_uid_next (mailbox), ==, 41);
  g_string_truncate (fixture->log, 0);

  apply (fixture, PH_CHANGE_REMOVED, 2, 0);
  apply (fixture, PH_CHANGE_REMOVED, 0, 30);
  apply (fixture, PH_CHANGE_REMOVED, 0, 30);
  expect (fixture, "n-messages;removed 2 20 of 3;n-messages;removed 2 30 of 2;");
  apply (fixture, PH_CHANGE_COUNT, 3, 0);
  g_assert_false (ph_mailbox_has_uids (mailbox));
  apply_uids (fixture, 3, "50");
  g_assert_cmpuint (ph_mailbox_get_number (mailbox, 50), ==, 3);
  g_assert_cmpuint (ph_mailbox_get_uid_next (mailbox), ==, 51);
  uids = ph_mailbox_get_uids (mailbox);
  text = ph_message_set_to_string (uids);
  g_assert_cmpstr (text, ==, "10,40,50");
}

/* What was known is given up where the server says something else; its last word counts. */
static void
test_contradicting_uids (Fixture *fixture, gconstpointer data)
{
  ph_mailbox_track_uids (fixture->mailbox);
  apply (fixture, PH_CHANGE_COUNT, 4, 0);
  apply_uids (fixture, 1, "10,20");
  apply_uids (fixture, 3, "15");
  g_assert_cmpuint (ph_mailbox_get_uid (fixture->mailbox, 3), ==, 15);
  g_assert_cmpuint (ph_mailbox_get_uid (fixture->mailbox, 1), ==, 0);
  apply_uids (fixture, 9, "90");
  apply_uids (fixture, 0, "90");
  g_assert_cmpuint (ph_mailbox_get_number (fixture->mailbox, 90), ==, 0);
  /* gone is one of the two that may have that UID, and nobody knows which */
  g_string_truncate (fixture->log, 0);
  apply (fixture, PH_CHANGE_REMOVED, 0, 12);
  expect (fixture, "n-messages;removed 0 12 of 3;");
  g_assert_cmpuint (ph_mailbox_get_number (fixture->mailbox, 15), ==, 2);
}

static void
test_kept_flags (Fixture *fixture, gconstpointer data)
{
  const char *const words[] = { "\\Seen", "$Junk", NULL };
  const char *const open[] = { "\\Seen", "\\*", NULL };

  g_assert_true (ph_mailbox_keeps_flag (fixture->mailbox, "\\Deleted"));
  apply_words (fixture, PH_CHANGE_PERMANENT_FLAGS, words);
  g_assert_true (ph_mailbox_keeps_flag (fixture->mailbox, "\\seen"));
  g_assert_true (ph_mailbox_keeps_flag (fixture->mailbox, "$junk"));
  g_assert_false (ph_mailbox_keeps_flag (fixture->mailbox, "\\Deleted"));
  g_assert_false (ph_mailbox_keeps_flag (fixture->mailbox, "new"));
  apply_words (fixture, PH_CHANGE_PERMANENT_FLAGS, open);
  g_assert_true (ph_mailbox_keeps_flag (fixture->mailbox, "new"));
  g_assert_false (ph_mailbox_keeps_flag (fixture->mailbox, "\\Deleted"));
}

static void
test_message_signals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhMessage) message = ph_message_new (4, NULL);
  PhMailboxChange change = { .kind = PH_CHANGE_MESSAGE, .message = message };

  ph_mailbox_apply (fixture->mailbox, &change);
  ph_mailbox_emit_added (fixture->mailbox, 5, 77);
  change.message = NULL;
  ph_mailbox_apply (fixture->mailbox, &change);
  expect (fixture, "flags 4;added 5 77;");
}

static void
test_deselected (Fixture *fixture, gconstpointer data)
{
  g_assert_true (ph_mailbox_is_selected (fixture->mailbox));
  apply (fixture, PH_CHANGE_DESELECTED, 0, 0);
  apply (fixture, PH_CHANGE_DESELECTED, 0, 0);
  g_assert_false (ph_mailbox_is_selected (fixture->mailbox));
  expect (fixture, "selected;");
}

static void
test_properties (Fixture *fixture, gconstpointer data)
{
  const char *const words[] = { "\\Seen", NULL };
  g_autofree char *name = NULL;
  g_auto (GStrv) flags = NULL;
  guint n_messages;
  guint64 mod_seq;
  gboolean selected;

  apply (fixture, PH_CHANGE_COUNT, 5, 0);
  apply_words (fixture, PH_CHANGE_FLAGS, words);
  g_object_get (fixture->mailbox, "name", &name, "n-messages", &n_messages, "highest-mod-seq", &mod_seq, "permanent-flags", &flags,
                "selected", &selected, NULL);
  g_assert_cmpstr (name, ==, "Entwürfe");
  g_assert_cmpuint (n_messages, ==, 5);
  g_assert_cmpuint (mod_seq, ==, 0);
  g_assert_cmpstr (flags[0], ==, "\\Seen");
  g_assert_true (selected);
}

typedef struct {
  const char *attribute;
  const char *special_use;
  gboolean selectable;
} InfoCase;

static const InfoCase infos[] = {
  { "\\HasNoChildren", NULL, TRUE },
  { "\\ALL", "\\All", TRUE },
  { "\\archive", "\\Archive", TRUE },
  { "\\Drafts", "\\Drafts", TRUE },
  { "\\fLagged", "\\Flagged", TRUE },
  { "\\Junk", "\\Junk", TRUE },
  { "\\SENT", "\\Sent", TRUE },
  { "\\trash", "\\Trash", TRUE },
  { "\\important", "\\Important", TRUE },
  { "\\Spam", "\\Junk", TRUE },
  { "\\NOSELECT", NULL, FALSE },
  { "\\NonExistent", NULL, FALSE },
  { "Sent", NULL, TRUE },
};

static void
test_info (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      const char *const attributes[] = { "\\Marked", infos[i].attribute, NULL };
      g_autoptr (PhMailboxInfo) info = ph_mailbox_info_new ("a/b", "/", attributes);

      g_assert_cmpstr (ph_mailbox_info_get_special_use (info), ==, infos[i].special_use);
      g_assert_cmpint (ph_mailbox_info_is_selectable (info), ==, infos[i].selectable);
      g_assert_true (ph_mailbox_info_has_attribute (info, infos[i].attribute));
      g_assert_true (ph_mailbox_info_has_attribute (info, "\\MARKED"));
      g_assert_false (ph_mailbox_info_has_attribute (info, "\\Unmarked"));
      g_assert_true (g_strv_equal (ph_mailbox_info_get_attributes (info), attributes));
    }
}

static void
test_bare_info (void)
{
  g_autoptr (PhMailboxInfo) info = ph_mailbox_info_new ("INBOX", NULL, NULL);
  g_autoptr (PhMailboxInfo) flat = ph_mailbox_info_new ("x", "", NULL);
  const char *const no_inferiors[] = { "\\NoInferiors", NULL };
  g_autoptr (PhMailboxInfo) leaf = ph_mailbox_info_new ("x", "/", no_inferiors);

  g_assert_cmpstr (ph_mailbox_info_get_name (info), ==, "INBOX");
  g_assert_null (ph_mailbox_info_get_delimiter (info));
  g_assert_null (ph_mailbox_info_get_delimiter (flat));
  g_assert_cmpuint (g_strv_length ((char **) ph_mailbox_info_get_attributes (info)), ==, 0);
  g_assert_null (ph_mailbox_info_get_status (info));
  g_assert_true (ph_mailbox_info_has_attribute (leaf, "\\HasNoChildren"));
}

static void
test_status (void)
{
  g_autoptr (PhValue) items = test_value ("(MESSAGES 231 uidnext 44292 SIZE 99999999999 UNSEEN \"3\" DELETED NIL UIDVALIDITY -1 ODD)");
  g_autoptr (PhMailboxStatus) status = ph_mailbox_status_new ("blurdybloop", items);
  g_autoptr (PhMailboxInfo) info = ph_mailbox_info_new ("blurdybloop", "/", NULL);
  guint64 value = 1;

  ph_mailbox_info_set_status (info, status);
  ph_mailbox_info_set_status (info, ph_mailbox_info_get_status (info));
  g_assert_true (ph_mailbox_info_get_status (info) == status);
  g_assert_cmpstr (ph_mailbox_status_get_name (status), ==, "blurdybloop");
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (status), ==, 231);
  g_assert_cmpuint (ph_mailbox_status_get_n_unseen (status), ==, 3);
  g_assert_cmpuint (ph_mailbox_status_get_uid_next (status), ==, 44292);
  g_assert_cmpuint (ph_mailbox_status_get_uid_validity (status), ==, 0);
  g_assert_true (ph_mailbox_status_get_item (status, "size", &value));
  g_assert_cmpuint (value, ==, 99999999999);
  g_assert_true (ph_mailbox_status_get_item (status, "UIDNEXT", NULL));
  g_assert_false (ph_mailbox_status_get_item (status, "DELETED", &value));
  g_assert_cmpuint (value, ==, 0);
  g_assert_false (ph_mailbox_status_get_item (status, "ODD", &value));
  g_assert_false (ph_mailbox_status_get_item (status, "RECENT", &value));
}

static void
test_empty_status (void)
{
  g_autoptr (PhMailboxStatus) status = ph_mailbox_status_new ("x", NULL);

  g_assert_cmpuint (ph_mailbox_status_get_n_messages (status), ==, 0);
  g_assert_false (ph_mailbox_status_get_item (status, "MESSAGES", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/mailbox/numbers", Fixture, NULL, set_up, test_numbers, tear_down);
  g_test_add ("/mailbox/same-value-is-no-news", Fixture, NULL, set_up, test_same_value_is_no_news, tear_down);
  g_test_add ("/mailbox/missing-permanent-flags-are-all", Fixture, NULL, set_up, test_missing_permanent_flags_are_all, tear_down);
  g_test_add ("/mailbox/removed", Fixture, NULL, set_up, test_removed, tear_down);
  g_test_add ("/mailbox/bogus-removal-is-ignored", Fixture, NULL, set_up, test_bogus_removal_is_ignored, tear_down);
  g_test_add ("/mailbox/uids", Fixture, NULL, set_up, test_uids, tear_down);
  g_test_add ("/mailbox/contradicting-uids", Fixture, NULL, set_up, test_contradicting_uids, tear_down);
  g_test_add ("/mailbox/kept-flags", Fixture, NULL, set_up, test_kept_flags, tear_down);
  g_test_add ("/mailbox/message-signals", Fixture, NULL, set_up, test_message_signals, tear_down);
  g_test_add ("/mailbox/deselected", Fixture, NULL, set_up, test_deselected, tear_down);
  g_test_add ("/mailbox/properties", Fixture, NULL, set_up, test_properties, tear_down);
  g_test_add_func ("/mailbox-info/attributes-and-special-uses", test_info);
  g_test_add_func ("/mailbox-info/bare", test_bare_info);
  g_test_add_func ("/mailbox-status/numbers", test_status);
  g_test_add_func ("/mailbox-status/empty", test_empty_status);
  return g_test_run ();
}
