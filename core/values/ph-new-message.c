/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNewMessage: what goes into a mailbox with its octets. */
#include <posthorn/posthorn-plugin.h>

/**
 * PhNewMessage:
 *
 * A message that is to be put into a mailbox: [method@Store.append_all], [method@Store.replace]. Not changed once it is made.
 */
struct _PhNewMessage {
  gatomicrefcount refs;
  PhBody         *body;
  char          **flags;
  GDateTime      *date;
  char          **needs; /* NULL: nothing */
  PhValue        *items; /* a list of names and values; NULL: none */
};

G_DEFINE_BOXED_TYPE (PhNewMessage, ph_new_message, ph_new_message_ref, ph_new_message_unref)

/**
 * ph_new_message_new:
 * @body: its octets, of known size
 * @flags: (nullable) (array zero-terminated=1): its flags, `\\Seen`, `$Junk` …
 * @date: (nullable): when it was received; %NULL: now
 *
 * Describes a message that is to be put into a mailbox.
 *
 * Returns: (transfer full): a new message
 */
PhNewMessage *
ph_new_message_new (PhBody *body, const char *const *flags, GDateTime *date)
{
  static const char *const none[] = { NULL };
  PhNewMessage *self;

  g_return_val_if_fail (PH_IS_BODY (body), NULL);

  self = g_new0 (PhNewMessage, 1);
  g_atomic_ref_count_init (&self->refs);
  self->body = g_object_ref (body);
  self->flags = g_strdupv ((char **) (flags != NULL ? flags : none));
  self->date = date != NULL ? g_date_time_ref (date) : NULL;
  return self;
}

/**
 * ph_new_message_ref:
 * @self: a message
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhNewMessage *
ph_new_message_ref (PhNewMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_new_message_unref:
 * @self: (transfer full): a message
 *
 * Drops a reference; any thread may.
 */
void
ph_new_message_unref (PhNewMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->body);
  g_strfreev (self->flags);
  g_clear_pointer (&self->date, g_date_time_unref);
  g_clear_pointer (&self->items, ph_value_free);
  g_strfreev (self->needs);
  g_free (self);
}

/**
 * ph_new_message_get_body:
 * @self: a message
 *
 * Returns: (transfer none): its octets
 */
PhBody *
ph_new_message_get_body (PhNewMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}

/**
 * ph_new_message_get_flags:
 * @self: a message
 *
 * Returns: (transfer none) (array zero-terminated=1): its flags, perhaps none
 */
const char *const *
ph_new_message_get_flags (PhNewMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->flags;
}

/**
 * ph_new_message_get_date:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): when it was received; %NULL: when it is put there
 */
GDateTime *
ph_new_message_get_date (PhNewMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->date;
}

static char **
add_need (const char *const *needs, const char *capability)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  if (needs != NULL)
    g_strv_builder_addv (all, (const char **) needs);
  if (needs == NULL || !g_strv_contains (needs, capability))
    g_strv_builder_add (all, capability);
  return g_strv_builder_end (all);
}

/**
 * ph_new_message_extended: (skip)
 * @self: a message
 * @capability: what the server must list
 * @items: a list of names and values; copied
 *
 * For extensions: the same message with further items of APPEND (append-ext, RFC 4466), behind those that it has.
 *
 * Returns: (transfer full): a new message
 */
PhNewMessage *
ph_new_message_extended (PhNewMessage *self, const char *capability, const PhValue *items)
{
  g_return_val_if_fail (self != NULL && capability != NULL, NULL);

  PhNewMessage *copy = ph_new_message_new (self->body, (const char *const *) self->flags, self->date);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  for (const PhValue *item = ph_value_first (self->items); item != NULL; item = ph_value_next (item))
    g_ptr_array_add (all, ph_value_copy (item));
  for (const PhValue *item = ph_value_first (items); item != NULL; item = ph_value_next (item))
    g_ptr_array_add (all, ph_value_copy (item));
  copy->items = ph_value_new_array (all);
  copy->needs = add_need ((const char *const *) self->needs, capability);
  return copy;
}

/**
 * ph_new_message_get_needs: (skip)
 * @self: a message
 *
 * For engines: what it can't be put into a mailbox without.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): capabilities; %NULL: none is needed
 */
const char *const *
ph_new_message_get_needs (PhNewMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->needs;
}

/**
 * ph_new_message_get_items: (skip)
 * @self: a message
 *
 * For engines: further items of APPEND.
 *
 * Returns: (transfer none) (nullable): a list of names and values; %NULL: none
 */
const PhValue *
ph_new_message_get_items (PhNewMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->items;
}
