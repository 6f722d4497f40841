/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pool's watching. Where the server has NOTIFY, one connection is told of all (ph-pool-notify.c). Else a connection for each of the first
 * mailboxes, which follows it by IDLE, and STATUS for the others, over the first connection. Where the server has no IDLE, the first
 * connection asks after all.
 */
#include "ph-pool-watch.h"

static const char *const items[] = { "MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", NULL };

static void
watched_free (gpointer data)
{
  PhWatched *self = data;

  if (self->telling != NULL)
    g_source_destroy (self->telling);
  g_clear_pointer (&self->telling, g_source_unref);
  if (self->store != NULL)
    {
      PhMailbox *mailbox = ph_store_get_selected (self->store);

      if (mailbox != NULL)
        g_signal_handlers_disconnect_by_data (mailbox, self);
      g_signal_handlers_disconnect_by_data (self->store, self);
      ph_store_set_restore (self->store, FALSE);
    }
  g_clear_object (&self->store);
  g_clear_pointer (&self->status, ph_mailbox_status_unref);
  g_free (self->name);
  g_free (self);
}

gboolean
ph_pool_watch_is_over (GAsyncResult *result)
{
  return g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)));
}

/* --- followed --- */

static PhMailboxStatus *
status_of (PhMailbox *mailbox)
{
  const struct {
    const char *name;
    guint64     value;
  } numbers[] = {
    { "MESSAGES", ph_mailbox_get_n_messages (mailbox) },
    { "UIDNEXT", ph_mailbox_get_uid_next (mailbox) },
    { "UIDVALIDITY", ph_mailbox_get_uid_validity (mailbox) },
  };
  PhValue *values[2 * G_N_ELEMENTS (numbers)];
  g_autoptr (PhValue) list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      values[2 * i] = ph_value_new_atom (numbers[i].name);
      values[2 * i + 1] = ph_value_new_number (numbers[i].value);
    }
  list = ph_value_new_list (values, G_N_ELEMENTS (values));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    ph_value_free (values[i]);
  return ph_mailbox_status_new (ph_mailbox_get_name (mailbox), list);
}

static gboolean
tell (gpointer data)
{
  PhWatched *self = data;
  g_autoptr (PhStorePool) pool = g_object_ref (self->watch->pool);
  PhMailbox *mailbox = ph_store_get_selected (self->store);
  g_autoptr (PhMailboxStatus) status = mailbox != NULL ? status_of (mailbox) : NULL;

  g_clear_pointer (&self->telling, g_source_unref);
  if (status != NULL)
    ph_store_pool_emit_news (pool, ph_mailbox_status_get_name (status), status);
  return G_SOURCE_REMOVE;
}

static void
on_news (PhWatched *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  if (self->telling != NULL)
    return;
  self->telling = g_idle_source_new ();
  g_source_set_priority (self->telling, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->telling, tell, self, NULL);
  g_source_attach (self->telling, context);
}

/* It can't be followed any more. */
static void
lose (PhWatched    *self,
      const GError *error)
{
  g_autoptr (PhStorePool) pool = g_object_ref (self->watch->pool);
  PhPoolWatch *watch = self->watch;

  self->gone = TRUE;
  ph_store_pool_emit_failed (pool, self->name, error);
  if (pool->watch == watch)
    ph_pool_notify_lost (watch, error);
}

/* "restoring" ended without the mailbox: it is gone, or the login is refused. */
static void
on_restoring (PhStore    *store,
              GParamSpec *pspec G_GNUC_UNUSED,
              PhWatched  *self)
{
  g_autoptr (GError) error = NULL;

  if (ph_store_is_restoring (store) || ph_store_get_selected (store) != NULL || self->gone)
    return;
  error = ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The connection that followed “%s” was lost and could not be restored", self->name);
  lose (self, error);
}

static void
on_examined (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMailbox) mailbox = ph_store_examine_finish (PH_STORE (source), result, &error);
  PhWatched *self = data;

  if (ph_pool_watch_is_over (result))
    return;
  if (mailbox == NULL)
    {
      lose (self, error);
      return;
    }
  g_signal_connect_swapped (mailbox, "message-added", G_CALLBACK (on_news), self);
  g_signal_connect_swapped (mailbox, "message-removed", G_CALLBACK (on_news), self);
  g_signal_connect_swapped (mailbox, "flags-changed", G_CALLBACK (on_news), self);
  g_signal_connect_swapped (mailbox, "uid-validity-changed", G_CALLBACK (on_news), self);
  g_signal_connect (source, "notify::restoring", G_CALLBACK (on_restoring), self);
  /* not before: what restoring needs to know of the mailbox is asked first */
  ph_store_set_watch (PH_STORE (source), TRUE);
}

void
ph_pool_watch_follow (PhWatched *self,
                      PhStore   *store)
{
  self->store = g_object_ref (store);
  ph_store_set_restore (store, TRUE);
  ph_store_examine_async (store, self->name, self->watch->cancellable, on_examined, self);
}

/* --- asked after --- */

gboolean
ph_pool_watch_differ (PhMailboxStatus *one,
                      PhMailboxStatus *other)
{
  for (guint i = 0; items[i] != NULL; i++)
    {
      guint64 a = 0, b = 0;

      if (ph_mailbox_status_get_item (one, items[i], &a) != ph_mailbox_status_get_item (other, items[i], &b) || a != b)
        return TRUE;
    }
  return FALSE;
}

static void
on_status (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMailboxStatus) status = ph_store_status_finish (PH_STORE (source), result, &error);
  PhWatched *self = data;
  gboolean is_news;

  if (ph_pool_watch_is_over (result))
    return;
  if (g_error_matches (error, PH_ERROR, PH_ERROR_NO_MAILBOX) || g_error_matches (error, PH_ERROR, PH_ERROR_REFUSED) ||
      g_error_matches (error, PH_ERROR, PH_ERROR_AUTHENTICATION))
    {
      self->gone = TRUE;
      ph_store_pool_emit_failed (self->watch->pool, self->name, error);
      return;
    }
  if (status == NULL)
    return;  /* the next question finds a new connection */
  is_news = self->status != NULL && ph_pool_watch_differ (self->status, status);
  g_clear_pointer (&self->status, ph_mailbox_status_unref);
  self->status = ph_mailbox_status_ref (status);
  if (is_news)
    ph_store_pool_emit_news (self->watch->pool, self->name, status);
}

void
ph_pool_watch_poll (PhPoolWatch *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);

      if (watched->store == NULL && !watched->gone && !watched->told)
        ph_store_status_async (self->asking, watched->name, items, self->cancellable, on_status, watched);
    }
}

static gboolean
on_timer (gpointer data)
{
  ph_pool_watch_poll (data);
  return G_SOURCE_CONTINUE;
}

/* --- the watch --- */

void
ph_pool_watch_spread (PhPoolWatch *self)
{
  guint n_followed = ph_session_has_capability (PH_SESSION (self->asking), "IDLE") ? MAX (self->pool->max_connections, 2) - 1 : 0;

  for (guint i = 0; i < self->watched->len; i++)
    if (((PhWatched *) g_ptr_array_index (self->watched, i))->store != NULL && n_followed > 0)
      n_followed--;
  for (guint i = 0; i < self->watched->len && n_followed > 0; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);
      g_autoptr (PhStore) store = NULL;

      if (watched->store != NULL || watched->gone)
        continue;
      store = self->asking_follows ? ph_store_pool_make_store (self->pool) : g_object_ref (self->asking);
      self->asking_follows = TRUE;
      ph_pool_watch_follow (watched, store);
      n_followed--;
    }
  ph_pool_watch_poll (self);
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  PhPoolWatch *self = data;
  g_autoptr (GError) error = NULL;
  gboolean opened = ph_session_open_finish (PH_SESSION (source), result, &error);

  if (ph_pool_watch_is_over (result))
    return;
  for (guint i = 0; !opened && !ph_pool_watch_is_over (result) && i < self->watched->len; i++)
    {
      g_autofree char *name = g_strdup (((PhWatched *) g_ptr_array_index (self->watched, i))->name);

      ph_store_pool_emit_failed (self->pool, name, error);
    }
  if (opened && !ph_pool_notify_begin (self))
    ph_pool_watch_spread (self);
}

PhPoolWatch *
ph_pool_watch_new (PhStorePool       *pool,
                   const char *const *mailboxes)
{
  PhPoolWatch *self = g_new0 (PhPoolWatch, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->pool = pool;
  self->watched = g_ptr_array_new_with_free_func (watched_free);
  self->cancellable = g_cancellable_new ();
  self->asking = ph_store_pool_make_store (pool);
  for (; *mailboxes != NULL; mailboxes++)
    {
      PhWatched *watched = g_new0 (PhWatched, 1);

      watched->watch = self;
      watched->name = g_strdup (*mailboxes);
      g_ptr_array_add (self->watched, watched);
    }
  self->timer = g_timeout_source_new_seconds (pool->poll_interval);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, context);
  ph_session_open_async (PH_SESSION (self->asking), self->cancellable, on_opened, self);
  return self;
}

void
ph_pool_watch_free (PhPoolWatch *self)
{
  g_cancellable_cancel (self->cancellable);
  ph_pool_notify_end (self);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_ptr_array_unref (self->watched);
  g_object_unref (self->asking);
  g_object_unref (self->cancellable);
  g_free (self);
}

guint
ph_pool_watch_get_n_connections (PhPoolWatch *self)
{
  guint n = 1;

  for (guint i = 0; i < self->watched->len; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);

      n += watched->store != NULL && watched->store != self->asking;
    }
  return n;
}
