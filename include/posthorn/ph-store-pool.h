/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStorePool: several connections of one account, each with a mailbox of its own. PhMailboxLock: one of them, for one caller. */
#pragma once

#include <posthorn/ph-store.h>

G_BEGIN_DECLS

#define PH_TYPE_MAILBOX_LOCK (ph_mailbox_lock_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhMailboxLock, ph_mailbox_lock, PH, MAILBOX_LOCK, GObject)

/* With the mailbox selected until release; nobody else uses it. (transfer none) */
PH_AVAILABLE_IN_1_0 PhStore       *ph_mailbox_lock_get_store   (PhMailboxLock *self);
PH_AVAILABLE_IN_1_0 PhMailbox     *ph_mailbox_lock_get_mailbox (PhMailboxLock *self);
/* Also by dropping the last reference. The connection goes on to the next who waits */
PH_AVAILABLE_IN_1_0 void           ph_mailbox_lock_release     (PhMailboxLock *self);

#define PH_TYPE_STORE_POOL (ph_store_pool_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhStorePool, ph_store_pool, PH, STORE_POOL, GObject)

/* Signals: "news" (string mailbox, PhMailboxStatus), "failed" (string mailbox, GError): it isn't watched any more. */

/* Its connections are made as @model is: URI, user, credentials, policy, limits, timeouts, features. @model itself is left alone */
PH_AVAILABLE_IN_1_0 PhStorePool   *ph_store_pool_new               (PhStore *model);
/* 1 to 100, default 4 */
PH_AVAILABLE_IN_1_0 void           ph_store_pool_set_max_connections (PhStorePool *self, guint n);
PH_AVAILABLE_IN_1_0 guint          ph_store_pool_get_max_connections (PhStorePool *self);
PH_AVAILABLE_IN_1_0 guint          ph_store_pool_get_n_connections (PhStorePool *self);
/* A connection with @mailbox selected, for the caller alone. The blocking call fails with G_IO_ERROR_BUSY where it would have to wait for
 * another lock's release. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMailboxLock *ph_store_pool_lock              (PhStorePool *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_store_pool_lock_async        (PhStorePool *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMailboxLock *ph_store_pool_lock_finish       (PhStorePool *self, GAsyncResult *result, GError **error);
/* "news" of these mailboxes from now on, and of no others; NULL: of none. Only with a main loop */
PH_AVAILABLE_IN_1_0 void           ph_store_pool_watch             (PhStorePool *self, const char *const *mailboxes);
/* Seconds between two questions about mailboxes that no connection follows; default 60 */
PH_AVAILABLE_IN_1_0 void           ph_store_pool_set_poll_interval (PhStorePool *self, guint seconds);
/* Asks about these now */
PH_AVAILABLE_IN_1_0 void           ph_store_pool_poll              (PhStorePool *self);
/* Ends all connections; who waits for a lock gets PH_ERROR_CLOSED */
PH_AVAILABLE_IN_1_0 void           ph_store_pool_close             (PhStorePool *self);

G_END_DECLS
