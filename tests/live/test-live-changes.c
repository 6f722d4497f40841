/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dovecot, Cyrus and Courier, while another client changes what is there: a large mailbox, idling, several mailboxes at once. */
#include "live-stores.h"

#include <stdio.h>
#include <string.h>

#define N_MESSAGES 20000

static void
on_count (PhMailbox *mailbox, GParamSpec *pspec, guint *count)
{
  *count = ph_mailbox_get_n_messages (mailbox);
}

static void
test_idle (gconstpointer data)
{
  guint server = GPOINTER_TO_UINT (data);
  g_autofree char *name = live_store_name (server, "Idle");
  g_autoptr (PhStore) watcher = live_store_open (server), other = live_store_open (server);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  guint count = 0;

  live_store_make (other, name);
  mailbox = live_call (TRUE, ph_store_select, watcher, &error, name);
  g_assert_no_error (error);
  ph_store_set_watch (watcher, TRUE);
  g_signal_connect (mailbox, "notify::n-messages", G_CALLBACK (on_count), &count);
  for (guint i = 1; i <= 2; i++)
    {
      g_autoptr (PhBody) body = ph_body_new_for_text (live_empty_message);
      g_autoptr (PhMessageSet) uids G_GNUC_UNUSED = ph_store_append (other, name, body, NULL, NULL, NULL, &error);

      g_assert_no_error (error);
      while (count < i)
        g_main_context_iteration (NULL, TRUE);
      /* it steps aside, and comes back */
      live_call (TRUE, ph_session_noop, PH_SESSION (watcher), &error);
      g_assert_no_error (error);
    }
}

static void
count_removed (PhMailbox *mailbox, guint number, guint uid, guint *n)
{
  (*n)++;
}

/* Straight into the Maildir, where lines end in LF: Courier's COPY is slow */
static void
write_maildir (const char *mailbox, guint n)
{
  g_auto (GStrv) lines = g_strsplit (live_plain_message, "\r\n", -1);
  g_autofree char *text = g_strjoinv ("\n", lines);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/alice/Maildir/%s/cur/1600000000.M%06u.localhost:2,", live_get ("COURIER_MAIL_DIR"), mailbox, i);
      FILE *file = fopen (path, "w");

      g_assert_nonnull (file);
      fputs (text, file);
      g_assert_cmpint (fclose (file), ==, 0);
    }
}

/* Doubled by COPY until there are so many */
static void
fill (guint server, PhStore *store, const char *name, guint n)
{
  g_autoptr (PhBody) body = ph_body_new_for_text (live_plain_message);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) uids = NULL;

  live_store_make (store, name);
  if (g_str_equal (live_stores[server].name, "courier"))
    {
      write_maildir (strchr (name, '.'), n);
      return;
    }
  uids = ph_store_append (store, name, body, NULL, NULL, NULL, &error);
  for (guint have = 1; have < n && error == NULL;)
    {
      guint more = MIN (have, n - have);
      g_autoptr (PhMessageSet) numbers = ph_message_set_new (FALSE);
      g_autoptr (PhMessageSet) copied = NULL;

      ph_session_noop (PH_SESSION (store), NULL, &error);
      g_assert_no_error (error);
      ph_message_set_add_range (numbers, 1, more);
      copied = ph_store_copy (store, numbers, name, NULL, &error);
      have += more;
    }
  g_assert_no_error (error);
  ph_session_noop (PH_SESSION (store), NULL, &error);
  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_store_get_selected (store)), ==, n);
}

static void
change (PhStore *store, const char *uids, const char *flag, gboolean expunge)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (uids, NULL);
  g_autoptr (GError) error = NULL;

  ph_store_store (store, set, PH_STORE_ADD, (const char *const[]){ flag, NULL }, NULL, &error);
  g_assert_no_error (error);
  if (expunge)
    ph_store_expunge (store, set, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_set (PhMessageSet *set, const char *expected)
{
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, expected);
}

/* 20,000 messages: listed, mapped, and kept true while another client removes some, flags some and adds one; and the same told afterwards. */
static void
test_a_large_mailbox (gconstpointer data)
{
  guint server = GPOINTER_TO_UINT (data);
  g_autofree char *name = live_store_name (server, "Large");
  g_autoptr (PhStore) store = live_store_open (server), other = live_store_open (server);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL), uids = NULL;
  g_autoptr (PhMessageIter) iter = NULL;
  g_autoptr (PhDelta) before = NULL, delta = NULL;
  g_autoptr (PhBody) body = ph_body_new_for_text (live_plain_message);
  g_autoptr (GError) error = NULL;
  guint n = 0, n_removed = 0;

  fill (server, other, name, N_MESSAGES);
  mailbox = ph_store_select (store, name, NULL, &error);
  g_assert_no_error (error);
  ph_session_noop (PH_SESSION (other), NULL, &error);
  g_assert_no_error (error);
  /* no sizes: Courier reads each file for them */
  iter = ph_store_fetch (store, all, PH_FETCH_FLAGS, NULL);
  for (PhMessage *message; (message = ph_message_iter_next (iter, NULL, &error)) != NULL; n++)
    {
      g_assert_cmpuint (ph_message_get_uid (message), ==, n + 1);
      ph_message_unref (message);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, N_MESSAGES);
  g_assert_true (ph_store_map_uids (store, NULL, &error));
  before = ph_store_get_changes (store, NULL, NULL, &error);
  g_assert_no_error (error);

  g_signal_connect (mailbox, "message-removed", G_CALLBACK (count_removed), &n_removed);
  change (other, "100:300,20000", "\\Deleted", TRUE);
  change (other, "500:502", "\\Flagged", FALSE);
  uids = ph_store_append (other, name, body, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  ph_session_noop (PH_SESSION (store), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_removed, ==, 202);
  g_assert_cmpuint (ph_mailbox_get_n_messages (mailbox), ==, N_MESSAGES - 202 + 1);
  g_assert_cmpuint (ph_mailbox_get_number (mailbox, 301), ==, 100);

  delta = ph_store_get_changes (store, ph_delta_get_state (before), NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s tells the difference by way %d", live_stores[server].name, ph_delta_get_method (delta));
  assert_set (ph_delta_get_added (delta), "20001");
  assert_set (ph_delta_get_changed (delta), "500:502");
  assert_set (ph_delta_get_vanished (delta), "100:300,20000");
}

static void
on_news (PhStorePool *pool, const char *mailbox, PhMailboxStatus *status, GString *log)
{
  g_string_append_printf (log, "%s %u;", mailbox, ph_mailbox_status_get_n_messages (status));
}

static void
await_news (GString *log, const char *mailbox, guint n)
{
  g_autofree char *news = g_strdup_printf ("%s %u;", mailbox, n);

  while (strstr (log->str, news) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
on_time (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
bring (PhStore *store, const char *name)
{
  g_autoptr (PhBody) body = ph_body_new_for_text (live_plain_message);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) uids G_GNUC_UNUSED = ph_store_append (store, name, body, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
}

/* News of three mailboxes over two connections, whatever the server has for it: NOTIFY, or an IDLE and STATUS. */
static void
test_news_of_several_mailboxes (gconstpointer data)
{
  static const char *const names[] = { "News 1", "News 2", "News 3" };
  guint server = GPOINTER_TO_UINT (data);
  g_autoptr (PhStore) other = live_store_open (server);
  g_autoptr (PhStorePool) pool = ph_store_pool_new (other);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) mailboxes = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  gboolean begun = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = live_store_name (server, names[i]);

      live_store_make (other, name);
      g_strv_builder_add (builder, name);
    }
  mailboxes = g_strv_builder_end (builder);
  ph_store_pool_set_max_connections (pool, 2);
  ph_store_pool_set_poll_interval (pool, 1);
  g_signal_connect (pool, "news", G_CALLBACK (on_news), log);
  ph_store_pool_watch (pool, (const char *const *) mailboxes);
  /* what is there when the watch begins is no news, and nothing tells when it has */
  g_timeout_add_seconds (2, on_time, &begun);
  while (!begun)
    g_main_context_iteration (NULL, TRUE);
  for (guint round = 1; round <= 2; round++)
    for (guint i = 0; mailboxes[i] != NULL; i++)
      {
        bring (other, mailboxes[i]);
        await_news (log, mailboxes[i], round);
      }
  g_assert_cmpuint (ph_store_pool_get_n_connections (pool), <=, 2);
  ph_store_pool_watch (pool, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < LIVE_N_STORES; i++)
    {
      g_autofree char *idle = g_strdup_printf ("/live/changes/%s/idle", live_stores[i].name);
      g_autofree char *news = g_strdup_printf ("/live/changes/%s/news-of-several-mailboxes", live_stores[i].name);
      g_autofree char *large = g_strdup_printf ("/live/changes/%s/a-large-mailbox", live_stores[i].name);

      g_test_add_data_func (idle, GUINT_TO_POINTER (i), test_idle);
      g_test_add_data_func (news, GUINT_TO_POINTER (i), test_news_of_several_mailboxes);
      /* Dovecot's: test-live-mailbox.c */
      if (i > 0)
        g_test_add_data_func (large, GUINT_TO_POINTER (i), test_a_large_mailbox);
    }
  return g_test_run ();
}
