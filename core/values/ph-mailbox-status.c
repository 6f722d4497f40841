/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxStatus: what one STATUS response told (RFC 9051 section 7.3.4). */
#include "ph-value-read.h"

/**
 * PhMailboxStatus:
 *
 * What STATUS told of one mailbox: numbers by their names.
 */
struct _PhMailboxStatus {
  gatomicrefcount refs;
  char *name;
  PhValue *items;
};

G_DEFINE_BOXED_TYPE (PhMailboxStatus, ph_mailbox_status, ph_mailbox_status_ref, ph_mailbox_status_unref)

/**
 * ph_mailbox_status_new:
 * @name: the mailbox' name in UTF-8
 * @items: (nullable): a list of name, number, name, number… as STATUS writes it; copied
 *
 * For engines: one STATUS response.
 *
 * Returns: (transfer full): a new status
 */
PhMailboxStatus *
ph_mailbox_status_new (const char *name, const PhValue *items)
{
  PhMailboxStatus *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new0 (PhMailboxStatus, 1);
  g_atomic_ref_count_init (&self->refs);
  self->name = g_strdup (name);
  self->items = items != NULL ? ph_value_copy (items) : NULL;
  return self;
}

/**
 * ph_mailbox_status_ref:
 * @self: a status
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMailboxStatus *
ph_mailbox_status_ref (PhMailboxStatus *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_mailbox_status_unref:
 * @self: (transfer full): a status
 *
 * Drops a reference; any thread may.
 */
void
ph_mailbox_status_unref (PhMailboxStatus *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_clear_pointer (&self->items, ph_value_free);
  g_free (self);
}

/**
 * ph_mailbox_status_get_name:
 * @self: a status
 *
 * Returns: (transfer none): the mailbox' name in UTF-8
 */
const char *
ph_mailbox_status_get_name (PhMailboxStatus *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * ph_mailbox_status_get_item:
 * @self: a status
 * @item: "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", "RECENT", "DELETED", "SIZE", "HIGHESTMODSEQ" …; case does not matter
 * @value: (out) (optional): the number, 0 where it wasn't told
 *
 * Tells one number.
 *
 * Returns: %FALSE where it wasn't told, or not as a number
 */
gboolean
ph_mailbox_status_get_item (PhMailboxStatus *self, const char *item, guint64 *value)
{
  guint64 number = 0;
  gboolean told;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (item != NULL, FALSE);

  told = ph_value_read_number (ph_value_look_up (self->items, item), &number);
  if (value != NULL)
    *value = told ? number : 0;
  return told;
}

/**
 * ph_mailbox_status_get_value:
 * @self: a status
 * @item: `MAILBOXID` …; case does not matter
 *
 * Tells an item that is no number.
 *
 * Returns: (transfer none) (nullable): its value; %NULL where it wasn't told
 */
const PhValue *
ph_mailbox_status_get_value (PhMailboxStatus *self, const char *item)
{
  g_return_val_if_fail (self != NULL && item != NULL, NULL);

  return ph_value_look_up (self->items, item);
}

static guint32
get_uint32 (PhMailboxStatus *self, const char *item)
{
  return ph_value_read_uint32 (ph_value_look_up (self->items, item));
}

/**
 * ph_mailbox_status_get_n_messages:
 * @self: a status
 *
 * Returns: how many messages there are; 0 where it wasn't told
 */
guint32
ph_mailbox_status_get_n_messages (PhMailboxStatus *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_uint32 (self, "MESSAGES");
}

/**
 * ph_mailbox_status_get_n_unseen:
 * @self: a status
 *
 * Returns: how many messages lack \Seen; 0 where it wasn't told
 */
guint32
ph_mailbox_status_get_n_unseen (PhMailboxStatus *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_uint32 (self, "UNSEEN");
}

/**
 * ph_mailbox_status_get_uid_next:
 * @self: a status
 *
 * Returns: the UID that the next message will have at least; 0 where it wasn't told
 */
guint32
ph_mailbox_status_get_uid_next (PhMailboxStatus *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_uint32 (self, "UIDNEXT");
}

/**
 * ph_mailbox_status_get_uid_validity:
 * @self: a status
 *
 * Returns: what the UIDs are good for; 0 where it wasn't told
 */
guint32
ph_mailbox_status_get_uid_validity (PhMailboxStatus *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_uint32 (self, "UIDVALIDITY");
}
