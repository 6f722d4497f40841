/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pool's inside, shared by its files. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct {
  PhStorePool *pool;
  PhStore     *store;
  gboolean     busy;     /* somebody has it, or it is being selected for somebody */
  guint64      used;     /* when it was given back; the lowest goes first */
} PhPooled;

typedef struct _PhPoolWatch PhPoolWatch;

struct _PhStorePool {
  GObject      parent_instance;

  PhStore     *model;
  guint        max_connections;
  guint        poll_interval;
  GPtrArray   *connections;  /* PhPooled, for locks */
  GQueue       waiting;      /* GTask */
  guint64      clock;
  PhPoolWatch *watch;
};

/* A store with the model's settings. (transfer full) */
PhStore       *ph_store_pool_make_store (PhStorePool *self);
void           ph_store_pool_give_back  (PhPooled *connection);
PhMailboxLock *ph_mailbox_lock_new      (PhPooled *connection, PhMailbox *mailbox);
void           ph_store_pool_emit_news  (PhStorePool *self, const char *mailbox, PhMailboxStatus *status);
void           ph_store_pool_emit_failed (PhStorePool *self, const char *mailbox, const GError *error);

/* ph-pool-watch.c */
PhPoolWatch   *ph_pool_watch_new        (PhStorePool *pool, const char *const *mailboxes);
void           ph_pool_watch_free       (PhPoolWatch *self);
void           ph_pool_watch_poll       (PhPoolWatch *self);
guint          ph_pool_watch_get_n_connections (PhPoolWatch *self);

G_END_DECLS
