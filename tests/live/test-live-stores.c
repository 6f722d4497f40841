/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dovecot, Cyrus and Courier, with the same calls: what a program is told must be the same, word for word, whatever the server can do itself. */
#include "live-stores.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  guint    server;
  gboolean async;
  PhStore *store;
  GString *told; /* one line for each call */
} Run;

static void
tell (Run *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
tell (Run *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (self->told, format, arguments);
  va_end (arguments);
  g_string_append_c (self->told, '\n');
}

static void
tell_set (Run *self, const char *what, PhMessageSet *set, GError **error)
{
  g_autofree char *text = set != NULL ? ph_message_set_to_string (set) : NULL;

  g_assert_no_error (*error);
  tell (self, "%s: %s", what, text != NULL ? text : "unknown");
}

/* --- names --- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (ph_mailbox_info_get_name (*(PhMailboxInfo *const *) a), ph_mailbox_info_get_name (*(PhMailboxInfo *const *) b));
}

static void
try_names (Run *self)
{
  static const char *const names[] = { "Entwürfe", "Tom & Jerry", "two words", "日本語", "It's #1" };
  const char *const items[] = { "MESSAGES", NULL };
  gsize prefix = strlen (live_stores[self->server].prefix);
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *first = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = live_store_name (self->server, names[i]);

      tell (self, "create %s: %d", names[i], live_call (self->async, ph_store_create, self->store, &error, name));
      g_assert_no_error (error);
      tell (self, "again: %d", live_call (self->async, ph_store_create, self->store, &error, name));
      g_clear_error (&error);
    }
  list = live_call (self->async, ph_store_list_with_status, self->store, &error, "*", items);
  g_assert_no_error (error);
  g_ptr_array_sort (list, compare_names);
  for (guint i = 0; i < list->len; i++)
    {
      const char *name = ph_mailbox_info_get_name (list->pdata[i]);
      const char *own = g_str_has_prefix (name, live_stores[self->server].prefix) ? name + prefix : name;

      if (g_strv_contains (names, own))
        tell (self, "%s: %u", own, ph_mailbox_status_get_n_messages (ph_mailbox_info_get_status (list->pdata[i])));
    }

  /* one only: Courier takes its time for each */
  first = live_store_name (self->server, names[0]);
  tell (self, "delete: %d", live_call (self->async, ph_store_delete, self->store, &error, first));
  g_assert_no_error (error);
}

/* --- messages --- */

static const char mime[] =
  "From: =?utf-8?q?J=C3=BCrgen?= <alice@example.test>\r\nTo: bob@example.test, \"C, D\" <c@example.test>\r\n"
  "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Wed, 17 Jul 1996 02:23:25 -0700\r\nMessage-ID: <1@example.test>\r\nMIME-Version: 1.0\r\n"
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
  "needle Stra\xc3\x9f" "e {5}\r\n--b\r\nContent-Type: application/pdf; name*=utf-8''%c3%a4.pdf\r\n"
  "Content-Disposition: attachment; filename*=utf-8''%c3%a4.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";

static void
append (Run *self, const char *mailbox, const char *text, const char *const *flags)
{
  g_autoptr (PhBody) body = ph_body_new_for_text (text);
  g_autoptr (GDateTime) date = g_date_time_new_utc (2020, 2, 29, 12, 0, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) uids = live_call (self->async, ph_store_append, self->store, &error, mailbox, body, flags, date);

  tell_set (self, "append", uids, &error);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
sorted_flags (PhMessage *message)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (char **flag = flags; *flag != NULL; flag++)
    if (g_ascii_strcasecmp (*flag, "\\Recent") != 0)
      g_ptr_array_add (sorted, *flag);
  g_ptr_array_sort (sorted, compare_words);
  g_ptr_array_add (sorted, NULL);
  return g_strjoinv (" ", (char **) sorted->pdata);
}

static void
tell_structure (Run *self, PhBodyPart *part)
{
  g_autofree char *filename = ph_body_part_get_filename (part);

  tell (self, "  %s %s%s", ph_body_part_get_media_type (part), ph_body_part_is_attachment (part) ? "attached " : "", filename != NULL ? filename : "");
  for (guint i = 0; i < ph_body_part_get_n_parts (part); i++)
    {
      g_autoptr (PhBodyPart) child = ph_body_part_get_part (part, i);

      tell_structure (self, child);
    }
}

static void
tell_message (Run *self, PhMessage *message)
{
  g_autofree char *flags = sorted_flags (message);
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
  g_autofree char *when = g_date_time_format_iso8601 (date);
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (PhBodyPart) structure = ph_message_get_body_structure (message);
  g_autofree char *header = live_get_section (message, "HEADER");
  g_autofree char *text = live_get_section (message, "TEXT");

  tell (self, "%u [%s] %s %" G_GUINT64_FORMAT " %s", ph_message_get_uid (message), flags, when, ph_message_get_size (message),
        ph_message_envelope_get_subject (envelope));
  for (guint i = 0; i < ph_message_envelope_get_n_addresses (envelope, PH_ADDRESS_TO); i++)
    {
      g_autofree char *address = ph_address_to_string (ph_message_envelope_get_address (envelope, PH_ADDRESS_TO, i));

      tell (self, "  to %s", address);
    }
  tell_structure (self, structure);
  tell (self, "%s%s", header, text);
}

static void
try_fetch (Run *self)
{
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages =
    live_call (self->async, ph_store_fetch_all, self->store, &error, all,
               PH_FETCH_FLAGS | PH_FETCH_INTERNAL_DATE | PH_FETCH_SIZE | PH_FETCH_ENVELOPE | PH_FETCH_BODY_STRUCTURE | PH_FETCH_HEADER | PH_FETCH_TEXT, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    tell_message (self, messages->pdata[i]);
}

static void
search (Run *self, const char *what, PhQuery *query)
{
  g_autoptr (PhQuery) owned G_GNUC_UNUSED = query;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) found = live_call (self->async, ph_store_search, self->store, &error, query);

  tell_set (self, what, found, &error);
}

static void
try_search (Run *self)
{
  g_autoptr (GDateTime) day = ph_date (2020, 3, 1);

  search (self, "all", ph_query_new ());
  search (self, "unseen", ph_query_unseen (ph_query_new ()));
  search (self, "keyword", ph_query_flag (ph_query_new (), "$Urgent"));
  search (self, "subject in UTF-8", ph_query_subject (ph_query_new (), "grüße"));
  search (self, "subject with quotes", ph_query_subject (ph_query_new (), "\\ and \" b"));
  search (self, "body", ph_query_body (ph_query_new (), "needle"));
  search (self, "body in UTF-8", ph_query_body (ph_query_new (), "Straße"));
  search (self, "from and before", ph_query_before (ph_query_from (ph_query_new (), "bob"), day));
  search (self, "since", ph_query_since (ph_query_new (), day));
  search (self, "larger", ph_query_larger (ph_query_new (), 300));
}

static void
store_flags (Run *self, const char *uids, PhStoreMode mode, const char *const *flags)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (uids, NULL);
  g_autoptr (GError) error = NULL;

  live_call (self->async, ph_store_store, self->store, &error, set, mode, flags);
  g_assert_no_error (error);
}

static void
tell_flags (Run *self)
{
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages = live_call (self->async, ph_store_fetch_all, self->store, &error, all, PH_FETCH_FLAGS, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    {
      g_autofree char *flags = sorted_flags (messages->pdata[i]);

      tell (self, "%u [%s]", ph_message_get_uid (messages->pdata[i]), flags);
    }
}

static void
try_changes (Run *self, const char *target)
{
  g_autoptr (PhMessageSet) one = ph_message_set_new_uid (1), two = ph_message_set_new_uid (2), third = ph_message_set_new_uid (3);
  g_autofree char *nowhere = live_store_name (self->server, "no such mailbox");
  g_autoptr (PhMessageSet) copied = NULL, moved = NULL;
  g_autoptr (GError) error = NULL;

  store_flags (self, "1:2", PH_STORE_ADD, (const char *const[]){ "\\Flagged", "$Mine", NULL });
  store_flags (self, "2:3", PH_STORE_SET, (const char *const[]){ "\\Answered", NULL });
  store_flags (self, "1", PH_STORE_REMOVE, (const char *const[]){ "$Mine", NULL });
  tell_flags (self);
  copied = live_call (self->async, ph_store_copy, self->store, &error, two, target);
  tell_set (self, "copy", copied, &error);
  moved = live_call (self->async, ph_store_move, self->store, &error, third, target);
  tell_set (self, "move", moved, &error);
  tell (self, "count: %u", ph_mailbox_get_n_messages (ph_store_get_selected (self->store)));
  store_flags (self, "1:2", PH_STORE_ADD, (const char *const[]){ "\\Deleted", NULL });
  live_call (self->async, ph_store_expunge, self->store, &error, two);
  g_assert_no_error (error);
  tell_flags (self);
  tell (self, "no such: %d", live_call (self->async, ph_store_copy, self->store, &error, one, nowhere) != NULL);
  g_assert_nonnull (error);
}

static char *
run_all (guint server, gboolean async)
{
  g_autoptr (PhStore) store = live_store_open (server);
  Run self = { server, async, store, g_string_new (NULL) };
  g_autofree char *box = live_store_name (server, async ? "Box async" : "Box sync");
  g_autofree char *target = live_store_name (server, async ? "Target async" : "Target sync");
  g_autoptr (GError) error = NULL;

  if (!async)
    try_names (&self);
  live_store_make (store, target);
  live_store_make (store, box);
  append (&self, box, mime, (const char *const[]){ "$Urgent", NULL });
  append (&self, box, live_plain_message, (const char *const[]){ "\\Seen", NULL });
  append (&self, box, live_empty_message, NULL);
  live_call (async, ph_session_noop, PH_SESSION (store), &error);
  g_assert_no_error (error);
  try_fetch (&self);
  try_search (&self);
  try_changes (&self, target);
  return g_string_free (self.told, FALSE);
}

static void
assert_same_lines (const char *one, const char *other)
{
  g_auto (GStrv) a = g_strsplit (one, "\n", -1), b = g_strsplit (other, "\n", -1);

  for (guint i = 0; a[i] != NULL && b[i] != NULL; i++)
    g_assert_cmpstr (a[i], ==, b[i]);
  g_assert_cmpuint (g_strv_length (a), ==, g_strv_length (b));
}

static void
test_the_same_answers (gconstpointer async)
{
  g_autofree char *first = run_all (0, async != NULL);

  for (guint i = 1; i < LIVE_N_STORES; i++)
    {
      g_autofree char *other = run_all (i, async != NULL);

      g_test_message ("%s", live_stores[i].name);
      assert_same_lines (other, first);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  live_add ("/live/stores/the-same-answers", test_the_same_answers);
  return g_test_run ();
}
