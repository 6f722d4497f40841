/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxLock: a pool's connection with a mailbox selected, for one caller. */
#include "ph-store-pool-private.h"

/**
 * PhMailboxLock:
 *
 * A connection of a [class@StorePool] that has a mailbox selected, and that nobody else uses until
 * [method@MailboxLock.release]: no other caller can select another mailbox under the one who holds it.
 */
struct _PhMailboxLock {
  GObject    parent_instance;
  PhPooled  *connection;
  PhStore   *store;
  PhMailbox *mailbox;
};

G_DEFINE_FINAL_TYPE (PhMailboxLock, ph_mailbox_lock, G_TYPE_OBJECT)

static void
ph_mailbox_lock_dispose (GObject *object)
{
  PhMailboxLock *self = PH_MAILBOX_LOCK (object);

  ph_mailbox_lock_release (self);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (ph_mailbox_lock_parent_class)->dispose (object);
}

static void
ph_mailbox_lock_class_init (PhMailboxLockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ph_mailbox_lock_dispose;
}

static void
ph_mailbox_lock_init (PhMailboxLock *self)
{
}

PhMailboxLock *
ph_mailbox_lock_new (PhPooled  *connection,
                     PhMailbox *mailbox)
{
  PhMailboxLock *self = g_object_new (PH_TYPE_MAILBOX_LOCK, NULL);

  self->connection = connection;
  g_object_ref (connection->pool);
  self->store = g_object_ref (connection->store);
  self->mailbox = g_object_ref (mailbox);
  return self;
}

/**
 * ph_mailbox_lock_get_store:
 * @self: a lock
 *
 * Returns: (transfer none): the connection; leave its mailbox selected
 */
PhStore *
ph_mailbox_lock_get_store (PhMailboxLock *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX_LOCK (self), NULL);

  return self->store;
}

/**
 * ph_mailbox_lock_get_mailbox:
 * @self: a lock
 *
 * Returns: (transfer none): the mailbox
 */
PhMailbox *
ph_mailbox_lock_get_mailbox (PhMailboxLock *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX_LOCK (self), NULL);

  return self->mailbox;
}

/**
 * ph_mailbox_lock_release:
 * @self: a lock
 *
 * Gives the connection back to the pool; a second time does nothing. Dropping the lock does the same.
 */
void
ph_mailbox_lock_release (PhMailboxLock *self)
{
  PhPooled *connection;

  g_return_if_fail (PH_IS_MAILBOX_LOCK (self));

  connection = g_steal_pointer (&self->connection);
  if (connection != NULL)
    {
      G_GNUC_UNUSED g_autoptr (PhStorePool) pool = connection->pool;

      ph_store_pool_give_back (connection);
    }
}
