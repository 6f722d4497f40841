/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageList: a mailbox as a GListModel whose rows are fetched when they are looked at. */
#include "ph-message-list-data.h"

#define DEFAULT_WINDOW 50

/**
 * PhMessageList:
 *
 * The messages of a mailbox as a list on a screen wants them: a [iface@Gio.ListModel] of [class@MessageRow], in the order of the mailbox
 * or the newest first.
 *
 * A row is made when it is asked for, and fetched together with its neighbours; what is never shown is never fetched. The list follows
 * the mailbox, whoever changes it: [signal@Gio.ListModel::items-changed] tells each removed and each added row exactly. Through a loss and
 * [method@Store.set_restore] it goes on as it is.
 *
 * Which messages there are it learns by [method@Store.map_uids], once; [method@MessageList.is_loading] until then. Works from the main loop
 * that carries the store.
 *
 * ```c
 * PhMessageList *list = ph_message_list_new (store, mailbox, PH_FETCH_ENVELOPE | PH_FETCH_FLAGS, TRUE);
 * GtkSelectionModel *selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (list)));
 * ```
 */
enum { PROP_0, PROP_LOADING, PROP_WINDOW, N_PROPERTIES };
enum { FAILED, N_SIGNALS };

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void ph_message_list_describe (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhMessageList, ph_message_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ph_message_list_describe))

/* Number to position and back: the same */
static guint
turn (PhMessageList *self,
      guint          position)
{
  return self->newest_first ? ph_uid_map_get_count (self->map) - 1 - position : position;
}

static guint32
uid_at (PhMessageList *self,
        guint          position)
{
  return ph_uid_map_get_uid (self->map, turn (self, position) + 1);
}

/* --- the model --- */

static GType
ph_message_list_get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return PH_TYPE_MESSAGE_ROW;
}

static guint
ph_message_list_get_n_items (GListModel *model)
{
  return ph_uid_map_get_count (PH_MESSAGE_LIST (model)->map);
}

static gpointer
ph_message_list_get_item (GListModel *model,
                          guint       position)
{
  PhMessageList *self = PH_MESSAGE_LIST (model);
  PhMessageRow *row;

  if (position >= ph_uid_map_get_count (self->map))
    return NULL;
  row = ph_message_list_hold_row (self, uid_at (self, position));
  ph_message_list_want_row (self, row);
  return row;
}

static void
ph_message_list_describe (GListModelInterface *iface)
{
  iface->get_item_type = ph_message_list_get_item_type;
  iface->get_n_items = ph_message_list_get_n_items;
  iface->get_item = ph_message_list_get_item;
}

/* --- following the mailbox --- */

static void
load (PhMessageList *self)
{
  g_autoptr (PhMessageSet) uids = ph_mailbox_get_uids (self->mailbox);
  guint before = ph_uid_map_get_count (self->map);

  ph_message_list_forget_rows (self);
  ph_uid_map_load (self->map, uids);
  self->loading = FALSE;
  if (before != 0 || ph_uid_map_get_count (self->map) != 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, ph_uid_map_get_count (self->map));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
on_mapped (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (PhMessageList) self = g_weak_ref_get (data);
  g_autoptr (GError) error = NULL;
  gboolean mapped = ph_store_map_uids_finish (PH_STORE (source), result, &error);

  ph_message_list_free_weak (data);
  if (self == NULL || !self->loading)
    return;
  if (mapped)
    load (self);
  else
    ph_message_list_emit_failed (self, error);
}

static void
on_removed (PhMailbox     *mailbox G_GNUC_UNUSED,
            guint          number,
            guint          uid,
            PhMessageList *self)
{
  guint32 own = ph_uid_map_get_number (self->map, uid);
  guint position;

  if (self->loading || own == 0)
    return;  /* it was not told of yet */
  position = turn (self, own - 1);
  ph_uid_map_remove (self->map, own);
  ph_message_list_forget_row (self, uid);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
on_added (PhMailbox     *mailbox G_GNUC_UNUSED,
          guint          number,
          guint          uid,
          PhMessageList *self)
{
  guint32 count = ph_uid_map_get_count (self->map);

  if (self->loading || uid <= ph_uid_map_get_known_before (self->map, count))
    return;
  ph_uid_map_set_count (self->map, count + 1);
  ph_uid_map_learn (self->map, count + 1, uid);
  g_list_model_items_changed (G_LIST_MODEL (self), self->newest_first ? 0 : count, 0, 1);
}

static void
on_flags (PhMailbox     *mailbox G_GNUC_UNUSED,
          PhMessage     *message,
          PhMessageList *self)
{
  guint32 uid = ph_message_get_uid (message);
  PhMessageRow *row;

  if (uid == 0)
    uid = ph_mailbox_get_uid (self->mailbox, ph_message_get_number (message));
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (uid));
  if (row != NULL)
    ph_message_row_take_flags (row, message);
}

static void
on_reset (PhMailbox     *mailbox G_GNUC_UNUSED,
          guint          before G_GNUC_UNUSED,
          PhMessageList *self)
{
  load (self);
}

/* --- the object --- */

void
ph_message_list_emit_failed (PhMessageList *self,
                             const GError  *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
ph_message_list_dispose (GObject *object)
{
  PhMessageList *self = PH_MESSAGE_LIST (object);

  if (self->idle != NULL)
    g_source_destroy (self->idle);
  g_clear_pointer (&self->idle, g_source_unref);
  if (self->mailbox != NULL)
    g_signal_handlers_disconnect_by_data (self->mailbox, self);
  ph_message_list_forget_rows (self);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (ph_message_list_parent_class)->dispose (object);
}

static void
ph_message_list_finalize (GObject *object)
{
  PhMessageList *self = PH_MESSAGE_LIST (object);

  ph_uid_map_free (self->map);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->asked);
  g_array_unref (self->wanted);
  G_OBJECT_CLASS (ph_message_list_parent_class)->finalize (object);
}

static void
ph_message_list_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PhMessageList *self = PH_MESSAGE_LIST (object);

  if (id == PROP_LOADING)
    g_value_set_boolean (value, self->loading);
  else if (id == PROP_WINDOW)
    g_value_set_uint (value, self->window);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ph_message_list_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  if (id == PROP_WINDOW)
    ph_message_list_set_window (PH_MESSAGE_LIST (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ph_message_list_class_init (PhMessageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ph_message_list_dispose;
  object_class->finalize = ph_message_list_finalize;
  object_class->get_property = ph_message_list_get_property;
  object_class->set_property = ph_message_list_set_property;
  /**
   * PhMessageList:loading: (getter is_loading)
   *
   * It is not known yet which messages there are.
   */
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PhMessageList:window: (getter get_window) (setter set_window)
   *
   * How many rows around one that is asked for are fetched with it.
   */
  properties[PROP_WINDOW] = g_param_spec_uint ("window", NULL, NULL, 0, PH_LIST_MAX_ROWS, DEFAULT_WINDOW,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  /**
   * PhMessageList::failed:
   * @self: the list
   * @error: why
   *
   * Rows could not be fetched, or it could not be learned which there are. Rows are asked for again when they are shown again.
   */
  signals[FAILED] = g_signal_new ("failed", PH_TYPE_MESSAGE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
ph_message_list_init (PhMessageList *self)
{
  self->map = ph_uid_map_new ();
  self->rows = g_hash_table_new (NULL, NULL);
  self->asked = g_hash_table_new (NULL, NULL);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->window = DEFAULT_WINDOW;
  self->loading = TRUE;
  g_queue_init (&self->kept);
}

/**
 * ph_message_list_new:
 * @store: the store that has selected @mailbox
 * @mailbox: the mailbox
 * @items: what to fetch of each message that is shown
 * @newest_first: whether the message that came last stands first
 *
 * Returns: (transfer full): a list, empty until it is known which messages there are
 */
PhMessageList *
ph_message_list_new (PhStore   *store,
                     PhMailbox *mailbox,
                     PhFetch    items,
                     gboolean   newest_first)
{
  PhMessageList *self;
  GWeakRef *weak;

  g_return_val_if_fail (PH_IS_STORE (store), NULL);
  g_return_val_if_fail (PH_IS_MAILBOX (mailbox), NULL);

  self = g_object_new (PH_TYPE_MESSAGE_LIST, NULL);
  self->store = g_object_ref (store);
  self->mailbox = g_object_ref (mailbox);
  self->items = items;
  self->newest_first = newest_first;
  g_signal_connect (mailbox, "message-removed", G_CALLBACK (on_removed), self);
  g_signal_connect (mailbox, "message-added", G_CALLBACK (on_added), self);
  g_signal_connect (mailbox, "flags-changed", G_CALLBACK (on_flags), self);
  g_signal_connect (mailbox, "uid-validity-changed", G_CALLBACK (on_reset), self);
  if (ph_mailbox_has_uids (mailbox))
    {
      load (self);
      return self;
    }
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  ph_store_map_uids_async (store, NULL, on_mapped, weak);
  return self;
}

/**
 * ph_message_list_get_mailbox:
 * @self: a list
 *
 * Returns: (transfer none): the mailbox
 */
PhMailbox *
ph_message_list_get_mailbox (PhMessageList *self)
{
  g_return_val_if_fail (PH_IS_MESSAGE_LIST (self), NULL);

  return self->mailbox;
}

/**
 * ph_message_list_is_loading: (get-property loading)
 * @self: a list
 *
 * Returns: %TRUE until it is known which messages there are
 */
gboolean
ph_message_list_is_loading (PhMessageList *self)
{
  g_return_val_if_fail (PH_IS_MESSAGE_LIST (self), FALSE);

  return self->loading;
}

/**
 * ph_message_list_find:
 * @self: a list
 * @uid: a UID
 * @position: (out) (optional): where it stands
 *
 * Returns: whether the list has that message
 */
gboolean
ph_message_list_find (PhMessageList *self,
                      guint32        uid,
                      guint         *position)
{
  guint32 number;

  g_return_val_if_fail (PH_IS_MESSAGE_LIST (self), FALSE);

  number = ph_uid_map_get_number (self->map, uid);
  if (number == 0)
    return FALSE;
  if (position != NULL)
    *position = turn (self, number - 1);
  return TRUE;
}

/**
 * ph_message_list_set_window: (set-property window)
 * @self: a list
 * @n_rows: how many rows around one that is asked for are fetched with it, at most 200; 0: none
 *
 * How far the list looks ahead. Default: 50.
 */
void
ph_message_list_set_window (PhMessageList *self,
                            guint          n_rows)
{
  g_return_if_fail (PH_IS_MESSAGE_LIST (self));

  n_rows = MIN (n_rows, PH_LIST_MAX_ROWS);
  if (self->window == n_rows)
    return;
  self->window = n_rows;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WINDOW]);
}

/**
 * ph_message_list_get_window: (get-property window)
 * @self: a list
 *
 * Returns: how many rows around one that is asked for are fetched with it
 */
guint
ph_message_list_get_window (PhMessageList *self)
{
  g_return_val_if_fail (PH_IS_MESSAGE_LIST (self), 0);

  return self->window;
}
