/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore: a session that has mailboxes. */
#include "ph-message-iter-private.h"
#include "ph-session-private.h"

/**
 * PhStore:
 *
 * A session that has mailboxes: IMAP4 (RFC 9051, RFC 3501).
 *
 * [ctor@Session.new] returns one for `imap:` and `imaps:` URIs. Each call opens the session when needed. Mailbox names are UTF-8;
 * their encoding on the wire is the engine's business.
 *
 * ```c
 * g_autoptr (PhMailbox) mailbox = ph_store_select (store, "INBOX", NULL, &error);
 * g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
 * g_autoptr (PhMessageSet) unseen = ph_store_search (store, query, NULL, &error);
 * ```
 */
struct _PhStore {
  PhSession parent_instance;
};

enum { PROP_0, PROP_WATCH, PROP_SELECTED, PROP_RESTORE, PROP_RESTORING, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (PhStore, ph_store, PH_TYPE_SESSION)

static void
ph_store_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_WATCH:
      g_value_set_boolean (value, ph_store_get_watch (PH_STORE (object)));
      break;
    case PROP_RESTORE:
      g_value_set_boolean (value, ph_store_get_restore (PH_STORE (object)));
      break;
    case PROP_RESTORING:
      g_value_set_boolean (value, ph_store_is_restoring (PH_STORE (object)));
      break;
    case PROP_SELECTED:
      g_value_set_object (value, ph_store_get_selected (PH_STORE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_store_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  if (id == PROP_WATCH)
    ph_store_set_watch (PH_STORE (object), g_value_get_boolean (value));
  else if (id == PROP_RESTORE)
    ph_store_set_restore (PH_STORE (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ph_store_class_init (PhStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ph_store_get_property;
  object_class->set_property = ph_store_set_property;
  /**
   * PhStore:watch: (getter get_watch) (setter set_watch)
   *
   * Whether the selected mailbox is followed while nothing else is to be done.
   */
  properties[PROP_WATCH] =
    g_param_spec_boolean ("watch", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * PhStore:selected: (getter get_selected)
   *
   * The selected mailbox.
   */
  properties[PROP_SELECTED] = g_param_spec_object ("selected", NULL, NULL, PH_TYPE_MAILBOX, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PhStore:restore: (getter get_restore) (setter set_restore)
   *
   * Whether a lost session is restored.
   */
  properties[PROP_RESTORE] =
    g_param_spec_boolean ("restore", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * PhStore:restoring: (getter is_restoring)
   *
   * The session was lost, and is neither restored nor given up yet.
   */
  properties[PROP_RESTORING] = g_param_spec_boolean ("restoring", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  /**
   * PhStore::restored:
   * @self: the store
   * @mailbox: (nullable): the mailbox, selected again; %NULL: none was selected, and the session stands for what an extension listens to (NOTIFY)
   *
   * A lost session stands again, and @mailbox has told by its signals what changed meanwhile.
   */
  g_signal_new ("restored", PH_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PH_TYPE_MAILBOX);
}

static void
ph_store_init (PhStore *self)
{
}

/**
 * ph_store_get_selected:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): the selected mailbox
 */
PhMailbox *
ph_store_get_selected (PhStore *self)
{
  g_return_val_if_fail (PH_IS_STORE (self), NULL);

  return ph_session_get_private (PH_SESSION (self))->mailbox;
}

/**
 * ph_store_set_watch:
 * @self: a store
 * @watch: whether to follow the selected mailbox
 *
 * Follows the selected mailbox while nothing else is to be done: by IDLE where the server has it, else by asking now and then. A
 * command that is queued meanwhile ends the waiting by itself. Works from the main loop in which the session was opened, so open
 * the session by an async call, or run one now and then.
 */
void
ph_store_set_watch (PhStore  *self,
                    gboolean  watch)
{
  PhSessionPrivate *priv;

  g_return_if_fail (PH_IS_STORE (self));

  priv = ph_session_get_private (PH_SESSION (self));
  watch = !!watch;
  if (priv->idle == watch)
    return;
  priv->idle = watch;
  if (priv->driver != NULL && priv->state == PH_SESSION_OPEN)
    {
      ph_driver_set_idle (priv->driver, watch);
      ph_session_schedule (PH_SESSION (self));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCH]);
}

/**
 * ph_store_get_watch:
 * @self: a store
 *
 * Returns: whether the selected mailbox is followed
 */
gboolean
ph_store_get_watch (PhStore *self)
{
  g_return_val_if_fail (PH_IS_STORE (self), FALSE);

  return ph_session_get_private (PH_SESSION (self))->idle;
}

/**
 * ph_store_set_restore:
 * @self: a store
 * @restore: whether a lost session is to be restored
 *
 * Where the connection is lost while a mailbox is selected, connects again, logs in, selects the mailbox, and makes the
 * [class@Mailbox] that the program has true again: #PhMailbox::message-removed, #PhMailbox::message-added and #PhMailbox::flags-changed tell what
 * changed meanwhile, or #PhMailbox::uid-validity-changed that everything did. Then #PhStore::restored comes. Changed flags are known by
 * mod-sequence (CONDSTORE); for servers without, all flags are fetched once when the mailbox is selected.
 *
 * It tries at once, then after 1, 2, 4 … 300 seconds, and at once when there is a network again ([iface@Gio.NetworkMonitor]) or the
 * machine has woken up (logind). After a change of the network or a sleep a connection that seems to stand is tried by NOOP, and
 * given up where no answer comes within the patience of %PH_TIMEOUT_CONNECT. What a person has to mend ends it: a refused login, a bad
 * certificate, a mailbox that is gone.
 *
 * A command that was under way at the loss fails. One that is run meanwhile waits for the restored session; a blocking call fails with
 * %G_IO_ERROR_PENDING. Works from the main loop in which the session was opened.
 */
void
ph_store_set_restore (PhStore  *self,
                      gboolean  restore)
{
  PhSessionPrivate *priv;

  g_return_if_fail (PH_IS_STORE (self));

  priv = ph_session_get_private (PH_SESSION (self));
  restore = !!restore;
  if (ph_store_get_restore (self) == restore)
    return;
  if (priv->keeper == NULL)
    priv->keeper = ph_keeper_new (PH_SESSION (self));
  ph_keeper_set_enabled (priv->keeper, restore);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESTORE]);
}

/**
 * ph_store_get_restore:
 * @self: a store
 *
 * Returns: whether a lost session is restored
 */
gboolean
ph_store_get_restore (PhStore *self)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_STORE (self), FALSE);

  priv = ph_session_get_private (PH_SESSION (self));
  return priv->keeper != NULL && ph_keeper_is_enabled (priv->keeper);
}

/**
 * ph_store_is_restoring: (get-property restoring)
 * @self: a store
 *
 * Returns: whether the session was lost, and is neither restored nor given up yet
 */
gboolean
ph_store_is_restoring (PhStore *self)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_STORE (self), FALSE);

  priv = ph_session_get_private (PH_SESSION (self));
  return priv->keeper != NULL && ph_keeper_is_active (priv->keeper);
}

/* --- fetching --- */

/**
 * ph_store_fetch:
 * @self: a store
 * @set: which messages
 * @items: what of each
 * @extra: (nullable): further items as RFC 9051 section 6.4.5 writes them, "BODY.PEEK[1.2]"
 *
 * Fetches messages one after the other. The server is read as fast as messages are taken, so any number of them needs little
 * memory. Nothing happens before the first is asked for.
 *
 * Returns: (transfer full): an iterator
 */
PhMessageIter *
ph_store_fetch (PhStore      *self,
                PhMessageSet *set,
                PhFetch       items,
                const char   *extra)
{
  g_return_val_if_fail (PH_IS_STORE (self), NULL);
  g_return_val_if_fail (set != NULL, NULL);

  return ph_message_iter_new (PH_SESSION (self), set, items, extra);
}

static GPtrArray *
new_messages (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_unref);
}

/**
 * ph_store_fetch_all:
 * @self: a store
 * @set: which messages
 * @items: what of each
 * @extra: (nullable): further items as RFC 9051 section 6.4.5 writes them
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Fetches messages all at once; for few, or for little of each. [method@Store.fetch] has no such bound.
 *
 * Returns: (element-type PhMessage) (transfer container): what came; messages that are gone are missing
 */
GPtrArray *
ph_store_fetch_all (PhStore       *self,
                    PhMessageSet  *set,
                    PhFetch        items,
                    const char    *extra,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr (PhMessageIter) iter = ph_store_fetch (self, set, items, extra);
  g_autoptr (GPtrArray) messages = new_messages ();
  g_autoptr (GError) local = NULL;
  PhMessage *message;

  while ((message = ph_message_iter_next (iter, cancellable, &local)) != NULL)
    g_ptr_array_add (messages, message);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&messages);
}

static void
gather (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  PhMessageIter *iter = PH_MESSAGE_ITER (source);
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable;
  GError *error = NULL;
  PhMessage *message = ph_message_iter_next_finish (iter, result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (message == NULL)
    {
      g_task_return_pointer (task, g_ptr_array_ref (g_task_get_task_data (task)), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  g_ptr_array_add (g_task_get_task_data (task), message);
  cancellable = g_task_get_cancellable (task);
  ph_message_iter_next_async (iter, cancellable, gather, g_steal_pointer (&task));
}

/**
 * ph_store_fetch_all_async:
 * @self: a store
 * @set: which messages
 * @items: what of each
 * @extra: (nullable): further items as RFC 9051 section 6.4.5 writes them
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.fetch_all] without blocking.
 */
void
ph_store_fetch_all_async (PhStore             *self,
                          PhMessageSet        *set,
                          PhFetch              items,
                          const char          *extra,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (PhMessageIter) iter = ph_store_fetch (self, set, items, extra);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, ph_store_fetch_all_async);
  g_task_set_task_data (task, new_messages (), (GDestroyNotify) g_ptr_array_unref);
  ph_message_iter_next_async (iter, cancellable, gather, task);
}

/**
 * ph_store_fetch_all_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMessage) (transfer container): what came
 */
GPtrArray *
ph_store_fetch_all_finish (PhStore       *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static PhMessage *
only_one (GPtrArray  *messages,
          GError    **error)
{
  if (messages == NULL)
    return NULL;
  if (messages->len > 0)
    return ph_message_ref (g_ptr_array_index (messages, 0));
  g_propagate_error (error, ph_error_new (PH_ERROR_NO_MESSAGE, NULL, NULL, "The mailbox has no message of that UID"));
  return NULL;
}

/**
 * ph_store_fetch_one:
 * @self: a store
 * @uid: which message
 * @items: what of it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Fetches one message. %PH_ERROR_NO_MESSAGE where there is none of that UID.
 *
 * Returns: (transfer full): the message
 */
PhMessage *
ph_store_fetch_one (PhStore       *self,
                    guint32        uid,
                    PhFetch        items,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (uid);
  g_autoptr (GPtrArray) messages = ph_store_fetch_all (self, set, items, NULL, cancellable, error);

  return only_one (messages, error);
}

/**
 * ph_store_fetch_one_async:
 * @self: a store
 * @uid: which message
 * @items: what of it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.fetch_one] without blocking.
 */
void
ph_store_fetch_one_async (PhStore             *self,
                          guint32              uid,
                          PhFetch              items,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (uid);

  ph_store_fetch_all_async (self, set, items, NULL, cancellable, callback, user_data);
}

/**
 * ph_store_fetch_one_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the message
 */
PhMessage *
ph_store_fetch_one_finish (PhStore       *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr (GPtrArray) messages = ph_store_fetch_all_finish (self, result, error);

  return only_one (messages, error);
}
