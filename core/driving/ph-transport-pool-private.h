/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of PhTransportPool share. */
#pragma once

#include "ph-pool-item.h"

G_BEGIN_DECLS

/* One session of the pool, and how it stands */
typedef struct {
  PhTransportPool *pool;
  PhTransport *transport;
  guint n_given;         /* messages, since it was opened */
  guint n_running;
  gboolean is_open;
  gboolean closing;
  gboolean full;         /* the server takes no more over it */
  gboolean exclusive;    /* what it has goes alone */
  gboolean had_verdict;  /* the server has decided on a message */
  GSource *idle;
} PhPoolWorker;

struct _PhTransportPool {
  GObject parent_instance;

  /* settings */
  char *uri;
  guint max_connections;
  guint max_messages;
  guint in_flight;
  guint max_attempts;
  guint back_off;
  guint idle_timeout;
  double rate;

  /* of asynchronous use, in one main context */
  GMainContext *context;
  GSource *source;       /* everything is dispatched from here, so that nothing runs inside of a caller's callback */
  GQueue queue;          /* of GTask, each with its PhPoolJob */
  GQueue ended;          /* of GTask: what became of it stands in its command, and nobody was told */
  GQueue spare;          /* of PhCommand: done, without a body, and seen by nobody */
  GPtrArray *workers;    /* of PhPoolWorker */
  GQueue drains;         /* of GTask */

  /* of blocking use */
  PhTransport *blocking;
  guint n_blocking;      /* messages that it was given */

  guint n_messages;
  guint n_serials;       /* messages that were handed in, ever */
  guint n_failures;      /* connections in a row that brought nothing */
  gint64 open_after;     /* monotonic; no connection before */
  gint64 next_slot;      /* by the rate */
};

/* ph-pool-session.c */
PhTransport *ph_pool_new_transport (PhTransportPool *self, GError **error);
void         ph_pool_worker_free   (gpointer worker);
void         ph_pool_open_worker   (PhTransportPool *self);
void         ph_pool_close_worker  (PhPoolWorker *worker);
void         ph_pool_start         (PhPoolWorker *worker, GTask *task);
/* Of all that has ended on its session */
void         ph_pool_settle_ended  (PhTransportPool *self);
PhPoolItem  *ph_pool_task_item     (GTask *task);
GTask       *ph_pool_task_new      (PhTransportPool *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
void         ph_pool_task_end      (PhTransportPool *self, GTask *task);

/* ph-pool-queue.c */
void         ph_pool_attach        (PhTransportPool *self);
void         ph_pool_wake          (PhTransportPool *self);
void         ph_pool_failed        (PhTransportPool *self, const GError *error, gboolean passing);
void         ph_pool_put_back      (PhTransportPool *self, GTask *task);

G_END_DECLS
