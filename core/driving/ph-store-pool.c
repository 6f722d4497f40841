/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStorePool: who has which connection, and who waits for one. */
#include "ph-store-pool-private.h"

#include "ph-session-private.h"

#define DEFAULT_CONNECTIONS 4
#define MAX_CONNECTIONS 100
#define DEFAULT_POLL_INTERVAL 60

/**
 * PhStorePool:
 *
 * The connections of one account. An IMAP connection has one mailbox selected at a time; a program that reads in one mailbox, moves messages
 * in another and wants to hear of new mail in all needs several, and must not select a mailbox while another part of it works in the one
 * before. The pool knows which connection has which mailbox, gives each to one caller at a time ([method@StorePool.lock]), makes new ones up to
 * [method@StorePool.set_max_connections], and keeps others for the watching.
 *
 * [method@StorePool.watch] tells of news in any number of mailboxes by one signal. Where the server has NOTIFY (RFC 5465), one connection is
 * told of all of them. Else as many as there are connections for are followed by IDLE, the others are asked after by STATUS; where the server
 * has no IDLE, all are.
 *
 * ```c
 * g_autoptr (PhStorePool) pool = ph_store_pool_new (store);
 * g_autoptr (PhMailboxLock) lock = ph_store_pool_lock (pool, "Archive", NULL, &error);
 * ph_store_search (ph_mailbox_lock_get_store (lock), query, NULL, &error);
 * ```
 *
 * A pool and its connections belong to one thread.
 */
enum { NEWS, FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhStorePool, ph_store_pool, G_TYPE_OBJECT)

static void
pooled_free (gpointer data)
{
  PhPooled *connection = data;

  g_object_unref (connection->store);
  g_free (connection);
}

static void
ph_store_pool_dispose (GObject *object)
{
  PhStorePool *self = PH_STORE_POOL (object);

  ph_store_pool_close (self);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (ph_store_pool_parent_class)->dispose (object);
}

static void
ph_store_pool_finalize (GObject *object)
{
  g_ptr_array_unref (PH_STORE_POOL (object)->connections);
  G_OBJECT_CLASS (ph_store_pool_parent_class)->finalize (object);
}

static void
ph_store_pool_class_init (PhStorePoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ph_store_pool_dispose;
  object_class->finalize = ph_store_pool_finalize;
  /**
   * PhStorePool::news:
   * @self: the pool
   * @mailbox: which mailbox
   * @status: how it stands now: MESSAGES, UIDNEXT, UIDVALIDITY, and UNSEEN where the server said it with them
   *
   * Messages came or went, or flags changed, in a mailbox that is watched.
   */
  signals[NEWS] = g_signal_new ("news", PH_TYPE_STORE_POOL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                PH_TYPE_MAILBOX_STATUS);
  /**
   * PhStorePool::failed:
   * @self: the pool
   * @mailbox: which mailbox
   * @error: why
   *
   * A mailbox could not be watched, and isn't any more: it does not exist, or the login was refused.
   */
  signals[FAILED] = g_signal_new ("failed", PH_TYPE_STORE_POOL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                  G_TYPE_ERROR);
}

static void
ph_store_pool_init (PhStorePool *self)
{
  self->max_connections = DEFAULT_CONNECTIONS;
  self->poll_interval = DEFAULT_POLL_INTERVAL;
  self->connections = g_ptr_array_new_with_free_func (pooled_free);
  g_queue_init (&self->waiting);
}

void
ph_store_pool_emit_news (PhStorePool     *self,
                         const char      *mailbox,
                         PhMailboxStatus *status)
{
  g_signal_emit (self, signals[NEWS], 0, mailbox, status);
}

void
ph_store_pool_emit_failed (PhStorePool  *self,
                           const char   *mailbox,
                           const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, mailbox, error);
}

PhStore *
ph_store_pool_make_store (PhStorePool *self)
{
  return PH_STORE (ph_session_new_like (PH_SESSION (self->model)));
}

/**
 * ph_store_pool_new:
 * @model: a store with all its settings made
 *
 * Nothing is connected before it is needed.
 *
 * Returns: (transfer full): a pool whose connections have @model's settings
 */
PhStorePool *
ph_store_pool_new (PhStore *model)
{
  PhStorePool *self;

  g_return_val_if_fail (PH_IS_STORE (model), NULL);

  self = g_object_new (PH_TYPE_STORE_POOL, NULL);
  self->model = PH_STORE (ph_session_new_like (PH_SESSION (model)));
  return self;
}

/* --- locks --- */

static const char *
selected_name (PhPooled *connection)
{
  PhMailbox *mailbox = ph_store_get_selected (connection->store);

  return mailbox != NULL ? ph_mailbox_get_name (mailbox) : NULL;
}

static gboolean
is_writable (PhPooled *connection)
{
  return !ph_mailbox_is_read_only (ph_store_get_selected (connection->store));
}

/* One that has the mailbox already, else the one that was idle longest, else a new one. NULL: all are busy */
static PhPooled *
find_free (PhStorePool *self,
           const char  *mailbox)
{
  PhPooled *best = NULL;
  guint n_watching = self->watch != NULL ? ph_pool_watch_get_n_connections (self->watch) : 0;

  for (guint i = 0; i < self->connections->len; i++)
    {
      PhPooled *connection = g_ptr_array_index (self->connections, i);

      if (connection->busy)
        continue;
      if (g_strcmp0 (selected_name (connection), mailbox) == 0)
        return connection;
      if (best == NULL || connection->used < best->used)
        best = connection;
    }
  /* whatever is watched, one is always there for work */
  if (best != NULL || (self->connections->len > 0 && self->connections->len + n_watching >= self->max_connections))
    return best;
  best = g_new0 (PhPooled, 1);
  best->pool = self;
  best->store = ph_store_pool_make_store (self);
  g_ptr_array_add (self->connections, best);
  return best;
}

/* A connection that the server closed while nobody used it is opened again by the next try. */
static gboolean
was_stale (PhPooled     *connection,
           const GError *error)
{
  return connection->used != 0 && (g_error_matches (error, PH_ERROR, PH_ERROR_CLOSED) || g_error_matches (error, PH_ERROR, PH_ERROR_SHUTTING_DOWN));
}

static void serve (PhStorePool *self);
static void select_for (GTask *task, PhPooled *connection);

static void
on_selected (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (GTask) task = data;
  PhPooled *connection = g_object_get_data (G_OBJECT (task), "connection");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMailbox) mailbox = ph_store_select_finish (PH_STORE (source), result, &error);

  if (mailbox != NULL)
    {
      g_task_return_pointer (task, ph_mailbox_lock_new (connection, mailbox), g_object_unref);
      return;
    }
  if (was_stale (connection, error))
    {
      connection->used = 0;
      select_for (task, connection);
      return;
    }
  g_task_return_error (task, g_steal_pointer (&error));
  ph_store_pool_give_back (connection);
}

static void
select_for (GTask    *task,
            PhPooled *connection)
{
  g_object_set_data (G_OBJECT (task), "connection", connection);
  ph_store_select_async (connection->store, g_task_get_task_data (task), g_task_get_cancellable (task), on_selected, g_object_ref (task));
}

static void
serve_one (GTask    *task,
           PhPooled *connection)
{
  PhMailbox *mailbox = ph_store_get_selected (connection->store);

  connection->busy = TRUE;
  if (g_strcmp0 (selected_name (connection), g_task_get_task_data (task)) == 0 && is_writable (connection))
    g_task_return_pointer (task, ph_mailbox_lock_new (connection, mailbox), g_object_unref);
  else
    select_for (task, connection);
}

static void
serve (PhStorePool *self)
{
  while (!g_queue_is_empty (&self->waiting))
    {
      GTask *first = g_queue_peek_head (&self->waiting);
      g_autoptr (GTask) task = NULL;
      PhPooled *connection = NULL;

      if (!g_cancellable_is_cancelled (g_task_get_cancellable (first)))
        {
          connection = find_free (self, g_task_get_task_data (first));
          if (connection == NULL)
            return;
        }
      task = g_queue_pop_head (&self->waiting);
      if (connection != NULL)
        serve_one (task, connection);
      else
        g_task_return_error_if_cancelled (task);
    }
}

void
ph_store_pool_give_back (PhPooled *connection)
{
  PhStorePool *self = connection->pool;

  connection->busy = FALSE;
  connection->used = ++self->clock;
  serve (self);
}

/**
 * ph_store_pool_lock_async:
 * @self: a pool
 * @mailbox: which mailbox, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when there is a connection with @mailbox selected
 * @user_data: for @callback
 *
 * [method@StorePool.lock] without blocking. Where all connections are in use, the first that is given back comes to who waits longest.
 */
void
ph_store_pool_lock_async (PhStorePool         *self,
                          const char          *mailbox,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (PH_IS_STORE_POOL (self));
  g_return_if_fail (mailbox != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_store_pool_lock_async);
  g_task_set_task_data (task, g_strdup (mailbox), g_free);
  g_queue_push_tail (&self->waiting, task);
  serve (self);
}

/**
 * ph_store_pool_lock_finish:
 * @self: a pool
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@StorePool.lock]
 */
PhMailboxLock *
ph_store_pool_lock_finish (PhStorePool   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ph_store_pool_lock:
 * @self: a pool
 * @mailbox: which mailbox, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * A connection that has @mailbox selected for reading and writing, for the caller alone until the lock is released or dropped.
 *
 * Fails with %G_IO_ERROR_BUSY where all connections are in use: who blocks the thread would wait for himself. Otherwise as
 * [method@Store.select].
 *
 * Returns: (transfer full): the lock
 */
PhMailboxLock *
ph_store_pool_lock (PhStorePool   *self,
                    const char    *mailbox,
                    GCancellable  *cancellable,
                    GError       **error)
{
  PhPooled *connection;
  g_autoptr (PhMailbox) selected = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (PH_IS_STORE_POOL (self), NULL);
  g_return_val_if_fail (mailbox != NULL, NULL);

  connection = g_queue_is_empty (&self->waiting) ? find_free (self, mailbox) : NULL;
  if (connection == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "All %u connections are in use", self->connections->len);
      return NULL;
    }
  connection->busy = TRUE;
  if (g_strcmp0 (selected_name (connection), mailbox) == 0 && is_writable (connection))
    return ph_mailbox_lock_new (connection, ph_store_get_selected (connection->store));
  selected = ph_store_select (connection->store, mailbox, cancellable, &local);
  if (selected == NULL && was_stale (connection, local))
    {
      g_clear_error (&local);
      selected = ph_store_select (connection->store, mailbox, cancellable, &local);
    }
  if (selected != NULL)
    return ph_mailbox_lock_new (connection, selected);
  g_propagate_error (error, g_steal_pointer (&local));
  ph_store_pool_give_back (connection);
  return NULL;
}

/* --- settings --- */

/**
 * ph_store_pool_set_max_connections:
 * @self: a pool
 * @n: 1 to 100
 *
 * How many connections there are at most, those that watch included. Servers have a limit of their own for each user. Default: 4.
 */
void
ph_store_pool_set_max_connections (PhStorePool *self,
                                   guint        n)
{
  g_return_if_fail (PH_IS_STORE_POOL (self));

  self->max_connections = CLAMP (n, 1, MAX_CONNECTIONS);
  serve (self);
}

/**
 * ph_store_pool_get_max_connections:
 * @self: a pool
 *
 * Returns: how many connections there are at most
 */
guint
ph_store_pool_get_max_connections (PhStorePool *self)
{
  g_return_val_if_fail (PH_IS_STORE_POOL (self), 0);

  return self->max_connections;
}

/**
 * ph_store_pool_get_n_connections:
 * @self: a pool
 *
 * Returns: how many connections were made and not given up, those that watch included
 */
guint
ph_store_pool_get_n_connections (PhStorePool *self)
{
  g_return_val_if_fail (PH_IS_STORE_POOL (self), 0);

  return self->connections->len + (self->watch != NULL ? ph_pool_watch_get_n_connections (self->watch) : 0);
}

/**
 * ph_store_pool_set_poll_interval:
 * @self: a pool
 * @seconds: 1 or more
 *
 * How often mailboxes are asked after that are watched and that no connection follows; counts from the next [method@StorePool.watch].
 * Default: 60.
 */
void
ph_store_pool_set_poll_interval (PhStorePool *self,
                                 guint        seconds)
{
  g_return_if_fail (PH_IS_STORE_POOL (self));

  self->poll_interval = MAX (seconds, 1);
}

/**
 * ph_store_pool_watch:
 * @self: a pool
 * @mailboxes: (nullable) (array zero-terminated=1): names, UTF-8; %NULL: none
 *
 * From now on #PhStorePool::news comes for each of @mailboxes, and for no other. All but one of the pool's connections may be taken for
 * it; one is where the server has NOTIFY. Works from the main loop of the caller.
 */
void
ph_store_pool_watch (PhStorePool       *self,
                     const char *const *mailboxes)
{
  g_return_if_fail (PH_IS_STORE_POOL (self));

  g_clear_pointer (&self->watch, ph_pool_watch_free);
  if (mailboxes != NULL && *mailboxes != NULL)
    self->watch = ph_pool_watch_new (self, mailboxes);
}

/**
 * ph_store_pool_poll:
 * @self: a pool
 *
 * Asks now after the mailboxes that are watched and that no connection follows.
 */
void
ph_store_pool_poll (PhStorePool *self)
{
  g_return_if_fail (PH_IS_STORE_POOL (self));

  if (self->watch != NULL)
    ph_pool_watch_poll (self->watch);
}

/**
 * ph_store_pool_close:
 * @self: a pool
 *
 * Ends the watching and every connection that nobody has locked; who waits for one is told %PH_ERROR_CLOSED. The pool may be used again.
 */
void
ph_store_pool_close (PhStorePool *self)
{
  GTask *task;

  g_return_if_fail (PH_IS_STORE_POOL (self));

  g_clear_pointer (&self->watch, ph_pool_watch_free);
  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    {
      g_task_return_error (task, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The pool was closed"));
      g_object_unref (task);
    }
  for (guint i = self->connections->len; i-- > 0;)
    if (!((PhPooled *) g_ptr_array_index (self->connections, i))->busy)
      g_ptr_array_remove_index (self->connections, i);
}
