/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a pool watches, and the three ways to hear of it: NOTIFY, IDLE, STATUS. */
#pragma once

#include "ph-store-pool-private.h"

G_BEGIN_DECLS

typedef struct {
  PhPoolWatch     *watch;
  char            *name;
  PhStore         *store;    /* follows it; NULL: it is told of or asked after */
  PhMailboxStatus *status;   /* the last that was heard */
  GSource         *telling;  /* news of one turn are told at once */
  gboolean         told;     /* the server tells of it by itself */
  gboolean         gone;     /* nothing more is heard of it */
} PhWatched;

struct _PhPoolWatch {
  PhStorePool  *pool;           /* owns this */
  GPtrArray    *watched;        /* PhWatched */
  PhStore      *asking;         /* STATUS goes over it, and what is told comes */
  gboolean      asking_follows; /* and one mailbox is followed by it */
  PhNotify     *notify;         /* the server tells of those that are told; NULL: it can't, or not any more */
  GCancellable *cancellable;
  GSource      *timer;
};

/* The watch is gone, and whatever the callback would use with it; an answer that came before counts as little. */
gboolean ph_pool_watch_is_over (GAsyncResult *result);
/* @store selects it and stays there */
void     ph_pool_watch_follow  (PhWatched *self, PhStore *store);
/* Follows what no connection follows yet, as far as connections go, and asks after the rest */
void     ph_pool_watch_spread  (PhPoolWatch *self);
/* in what is asked for */
gboolean ph_pool_watch_differ  (PhMailboxStatus *one, PhMailboxStatus *other);

/* ph-pool-notify.c */
/* FALSE: the server can't */
gboolean ph_pool_notify_begin  (PhPoolWatch *self);
void     ph_pool_notify_end    (PhPoolWatch *self);
/* The mailbox that was followed can't be any more, and perhaps nothing over its connection. @error: why */
void     ph_pool_notify_lost   (PhPoolWatch *self, const GError *error);

G_END_DECLS
