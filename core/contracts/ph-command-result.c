/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCommand: what came of it: reply, error, result, items and progress. */
#include "ph-command-data.h"
#include "ph-command-private.h"

#include "values/ph-message-private.h"

/* Undelivered items at which a command is full, and octets of the messages among them */
#define FULL_ITEMS 256
#define FULL_SIZE (1024 * 1024)
/* Messages of up to so many octets get memory of their own when they are taken: few of them are there at once. */
#define LARGEST_STORED 2048
/* Octets in which a parser writes such a message: a parenthesis comes to ten, and some more make it sure of that sooner */
#define RESERVED (16 * LARGEST_STORED)
/* Octets of a message that is lent, with room for what is read of it */
#define LENT (2 * LARGEST_STORED)
G_STATIC_ASSERT (LENT <= G_MAXUINT16);

/**
 * ph_command_get_reply:
 * @self: a command
 *
 * The server's last word on the command, after failure too.
 *
 * Returns: (transfer none) (nullable): the reply; %NULL while the command runs, and where none came
 */
PhReply *
ph_command_get_reply (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ph_command_get_priv (self)->reply;
}

/**
 * ph_command_get_error:
 * @self: a command
 *
 * Why the command failed.
 *
 * Returns: (transfer none) (nullable): the error; %NULL while the command runs, and after success
 */
const GError *
ph_command_get_error (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ph_command_get_priv (self)->error;
}

/**
 * ph_command_get_result:
 * @self: a command
 *
 * The typed result, after failure too where there is one (a [struct@Posthorn.Delivery]).
 *
 * Returns: (transfer none) (nullable): the result; %NULL where there is none
 */
const GValue *
ph_command_get_result (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (priv->boxed != NULL)
    {
      g_value_init (&priv->result, priv->boxed_type);
      if (G_TYPE_IS_BOXED (priv->boxed_type))
        g_value_take_boxed (&priv->result, g_steal_pointer (&priv->boxed));
      else
        g_value_take_object (&priv->result, g_steal_pointer (&priv->boxed));
    }
  return G_IS_VALUE (&priv->result) ? &priv->result : NULL;
}

/**
 * ph_command_peek_result: (skip)
 * @self: a command
 *
 * The boxed or object inside of the result.
 *
 * Returns: (transfer none) (nullable): what is inside, valid as long as the command; %NULL without a result
 */
gpointer
ph_command_peek_result (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (priv->boxed != NULL)
    return priv->boxed;
  const GValue *result = ph_command_get_result (self);
  return result != NULL && g_value_fits_pointer (result) ? g_value_peek_pointer (result) : NULL;
}

/**
 * ph_command_take_result: (skip)
 * @self: a command
 * @value: an initialized value; unset afterwards
 *
 * For command classes and engines: @value's content becomes the result, in place of one that was there.
 */
void
ph_command_take_result (PhCommand *self, GValue *value)
{
  g_return_if_fail (self != NULL && G_IS_VALUE (value));

  PhCommandPrivate *priv = ph_command_get_priv (self);
  ph_command_clear_result (priv);
  priv->result = *value;
  *value = (GValue) G_VALUE_INIT;
}

/**
 * ph_command_take_boxed: (skip)
 * @self: a command
 * @type: a boxed type or that of an object
 * @boxed: (transfer full) (nullable): a boxed or object of that type
 *
 * For command classes and engines: ph_command_take_result() in short.
 */
void
ph_command_take_boxed (PhCommand *self, GType type, gpointer boxed)
{
  g_return_if_fail (self != NULL && (type == PH_TYPE_DELIVERY || G_TYPE_IS_BOXED (type) || G_TYPE_IS_OBJECT (type)));

  PhCommandPrivate *priv = ph_command_get_priv (self);
  ph_command_clear_result (priv);
  priv->boxed_type = type;
  priv->boxed = boxed;
  /* no pointer to keep: a value all the same */
  if (boxed == NULL)
    g_value_init (&priv->result, type);
}

GType
ph_command_get_result_type (PhCommand *self)
{
  PhCommandPrivate *priv = ph_command_get_priv (self);

  if (priv->boxed != NULL)
    return priv->boxed_type;
  return G_IS_VALUE (&priv->result) ? G_VALUE_TYPE (&priv->result) : G_TYPE_INVALID;
}

gpointer *
ph_command_get_run (PhCommand *self)
{
  return &ph_command_get_priv (self)->run;
}

void
ph_command_clear_result (PhCommandPrivate *priv)
{
  if (G_VALUE_TYPE (&priv->result) != G_TYPE_INVALID)
    g_value_unset (&priv->result);
  /* once per message: GLib would look up its type to learn the same */
  if (priv->boxed != NULL && priv->boxed_type == PH_TYPE_DELIVERY)
    ph_delivery_unref (priv->boxed);
  else if (priv->boxed != NULL && G_TYPE_IS_BOXED (priv->boxed_type))
    g_boxed_free (priv->boxed_type, priv->boxed);
  else if (priv->boxed != NULL)
    g_object_unref (priv->boxed);
  priv->boxed = NULL;
}

void
ph_command_clear_items (PhCommandPrivate *priv)
{
  for (guint i = 0; i < priv->n_items; i++)
    {
      PhItem *item = priv->items + ((priv->first_item + i) & (priv->items_capacity - 1));
      if (item->stored > 0)
        continue;
      if (G_TYPE_IS_OBJECT (item->type))
        g_object_unref (item->data);
      else
        g_boxed_free (item->type, item->data);
    }
  g_clear_pointer (&priv->items, g_free);
  g_clear_pointer (&priv->stored, g_free);
  priv->n_items = priv->items_capacity = 0;
  priv->items_size = 0;
  priv->stored_start = priv->stored_end = priv->stored_capacity = 0;
}

static G_GNUC_NO_INLINE void
ph_command_grow_items (PhCommandPrivate *priv)
{
  guint capacity = MAX (priv->items_capacity * 2, 8);
  PhItem *items = g_new (PhItem, capacity);

  for (guint i = 0; i < priv->n_items; i++)
    items[i] = priv->items[(priv->first_item + i) & (priv->items_capacity - 1)];
  g_free (priv->items);
  priv->items = items;
  priv->items_capacity = capacity;
  priv->first_item = 0;
}

/* The ring's next place */
static inline PhItem *
ph_command_add_item (PhCommandPrivate *priv)
{
  if (G_UNLIKELY (priv->n_items == priv->items_capacity))
    ph_command_grow_items (priv);

  return priv->items + ((priv->first_item + priv->n_items++) & (priv->items_capacity - 1));
}

/* What counts against FULL_SIZE: messages are as large as the server likes. */
static inline gsize
ph_command_item_size (const PhItem *item)
{
  return item->type == PH_TYPE_MESSAGE ? ((PhMessage *) item->data)->tree.size : 0;
}

static inline gboolean
ph_command_has_room (PhCommandPrivate *priv)
{
  return (priv->n_items < FULL_ITEMS && priv->items_size < FULL_SIZE) || priv->boundless;
}

/**
 * ph_command_push_item: (skip)
 * @self: a command
 * @type: a boxed type or that of an object
 * @boxed: (transfer full) (not nullable): a boxed or object of that type
 *
 * For command classes and engines: a piece of the running command's result. At 256 undelivered ones, or messages of 1 MiB in all, the command
 * is full (ph_command_is_full()) and the engine takes no more octets; what it had begun to read may still be pushed.
 */
void
ph_command_push_item (PhCommand *self, GType type, gpointer boxed)
{
  g_return_if_fail (self != NULL && boxed != NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  PhItem *item = ph_command_add_item (priv);
  item->type = type;
  item->data = boxed;
  item->stored = 0;
  priv->items_size += ph_command_item_size (item);
}

/* Room behind what is stored */
static G_GNUC_NO_INLINE void
ph_command_grow_stored (PhCommandPrivate *priv, gsize size)
{
  gsize used = priv->stored_end - priv->stored_start;

  /* what was taken leaves room in front */
  if (priv->stored_start > 0)
    memmove (priv->stored, priv->stored + priv->stored_start, used);
  priv->stored_start = 0;
  priv->stored_end = used;
  if (priv->stored_capacity / 2 >= used + size)
    return;
  priv->stored_capacity = MAX (priv->stored_capacity * 2, used + 2 * size);
  priv->stored = g_realloc (priv->stored, priv->stored_capacity);
}

/**
 * ph_command_reserve_message: (skip)
 * @self: a command
 * @size: (out): how many octets there are
 *
 * For engines whose parser writes trees by the functions of `ph-value-builder.h`: where it may write the attributes of the next message, a list. Given to
 * [method@Posthorn.Command.push_message], they become the message's where they are; nothing happens where they are not.
 * In front of it is the head of a list, the root of what is written.
 *
 * Returns: (transfer none): room for the list, until an item is pushed or taken
 */
guint8 *
ph_command_reserve_message (PhCommand *self, gsize *size)
{
  g_return_val_if_fail (self != NULL && size != NULL, NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  guint8 *room;

  G_STATIC_ASSERT (sizeof (PhMessage) >= PH_VALUE_LIST_HEAD);
  if (G_UNLIKELY (priv->stored_capacity - priv->stored_end < RESERVED))
    ph_command_grow_stored (priv, RESERVED);
  room = priv->stored + priv->stored_end + sizeof (PhMessage);
  room[-PH_VALUE_LIST_HEAD] = PH_VALUE_LIST | PH_VALUE_ROOT | PH_VALUE_TRANSIENT;
  *size = priv->stored_capacity - priv->stored_end - sizeof (PhMessage);
  return room;
}

/**
 * ph_command_push_message: (skip)
 * @self: a command
 * @number: the message's sequence number, 0 unknown
 * @uid: its UID where that is known already, else 0
 * @attributes: a list of name, value, name, value… as FETCH writes it; copied, unless it is where [method@Posthorn.Command.reserve_message] has room
 *
 * For command classes and engines: ph_command_push_item() of a [struct@Posthorn.Message] that is made when it is taken, which costs a
 * fraction where messages are small and many.
 *
 * Returns: %FALSE where the command is full by now
 */
gboolean
ph_command_push_message (PhCommand *self, guint32 number, guint32 uid, const PhValue *attributes)
{
  g_return_val_if_fail (self != NULL && attributes != NULL, FALSE);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  PhItem *item = ph_command_add_item (priv);

  item->stored = ph_message_measure (attributes, LARGEST_STORED);
  if (G_UNLIKELY (item->stored == 0))
    {
      item->type = PH_TYPE_MESSAGE;
      item->data = ph_message_new_with_uid (number, uid, attributes);
      priv->items_size += ph_command_item_size (item);
      return ph_command_has_room (priv);
    }

  if (G_UNLIKELY (priv->stored_capacity - priv->stored_end < item->stored))
    ph_command_grow_stored (priv, item->stored);
  ph_message_write (priv->stored + priv->stored_end, item->stored, number, uid, attributes);
  priv->stored_end += item->stored;
  return ph_command_has_room (priv);
}

static inline void
ph_command_take_stored (PhCommandPrivate *priv, gsize size, PhMessage *message)
{
  memcpy (message, priv->stored + priv->stored_start, size);
  priv->stored_start += size;
  if (priv->stored_start == priv->stored_end)
    priv->stored_start = priv->stored_end = 0;
}

static inline const PhItem *
ph_command_take_item (PhCommandPrivate *priv)
{
  const PhItem *item = priv->items + priv->first_item;

  priv->first_item = (priv->first_item + 1) & (priv->items_capacity - 1);
  priv->n_items--;
  if (item->stored == 0)
    priv->items_size -= ph_command_item_size (item);
  if (priv->n_items == 0)
    priv->boundless = FALSE;
  return item;
}

/**
 * ph_command_pop_item: (skip)
 * @self: a command
 *
 * The oldest item that was not taken yet.
 *
 * Returns: (transfer full) (nullable): a boxed or object of the type that it was pushed with; %NULL where there is none
 */
gpointer
ph_command_pop_item (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (priv->n_items == 0)
    return NULL;

  const PhItem *item = ph_command_take_item (priv);
  if (item->stored == 0)
    return item->data;
  PhMessage *message = g_malloc (item->stored);
  ph_command_take_stored (priv, item->stored, message);
  return message;
}

PhMessage *
ph_command_pop_message (PhCommand *self, PhMessage *lent, gboolean *roomy)
{
  PhCommandPrivate *priv = ph_command_get_priv (self);
  const PhItem *item = priv->n_items > 0 ? ph_command_take_item (priv) : NULL;

  if (lent != NULL && (item == NULL || item->stored == 0 || !*roomy || g_atomic_int_get (&lent->tree.ref_count) != 1))
    g_clear_pointer (&lent, ph_message_unref);
  if (item == NULL || item->stored == 0)
    {
      *roomy = FALSE;
      return item != NULL ? item->data : NULL;
    }

  if (lent == NULL)
    lent = g_malloc (LENT);
  *roomy = TRUE;
  ph_command_take_stored (priv, item->stored, lent);
  ph_message_set_room (lent, item->stored, LENT);
  return lent;
}

/**
 * ph_command_is_full: (skip)
 * @self: a command
 *
 * Tells whether so many items wait to be taken that the engine must stop reading (%PH_WANT_PAUSE).
 *
 * Returns: %TRUE at 256 undelivered items, and where the messages among them are 1 MiB or more
 */
gboolean
ph_command_is_full (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !ph_command_has_room (ph_command_get_priv (self));
}

void
ph_command_lift_bounds (PhCommand *self)
{
  ph_command_get_priv (self)->boundless = TRUE;
}

guint
ph_command_get_n_items (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ph_command_get_priv (self)->n_items;
}

/**
 * ph_command_set_progress: (skip)
 * @self: a command
 * @done: octets that have passed
 * @total: octets in all, 0 where that is unknown
 *
 * For engines and the driver: the session emits [signal@Posthorn.Command::progress] after the step.
 */
void
ph_command_set_progress (PhCommand *self, guint64 done, guint64 total)
{
  g_return_if_fail (self != NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  priv->has_progress = TRUE;
  priv->progress_done = done;
  priv->progress_total = total;
}

gboolean
ph_command_take_progress (PhCommand *self, guint64 *done, guint64 *total)
{
  g_return_val_if_fail (self != NULL, FALSE);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (!priv->has_progress)
    return FALSE;
  priv->has_progress = FALSE;
  *done = priv->progress_done;
  *total = priv->progress_total;
  return TRUE;
}
