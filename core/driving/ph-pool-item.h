/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One message of a pool: what is left of it to send, and what a try that failed leaves to be tried again. No sessions, no clock. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef enum {
  PH_POOL_DONE,       /* delivery and error stand */
  PH_POOL_AGAIN,      /* some rows are safe to send once more */
} PhPoolVerdict;

typedef struct {
  PhEnvelope *envelope;
  PhBody *body;
  GCancellable *cancellable;
  PhDelivery *delivery;      /* of the whole envelope */
  GArray *left;              /* of guint: the rows that nobody decided */
  GError *error;             /* of the last try, where nobody accepted it */
  guint n_tries;             /* that came to the server's ears */
  gboolean again;            /* it was lost once: the next time it goes alone */
  gboolean lost;             /* the last try ended with the connection */
  gboolean limited;          /* the last try's session takes no more of it */
  guint serial;              /* its place in the queue's order */
  gboolean alone;            /* it is on its way, and no other on the same connection */
} PhPoolItem;

PhPoolItem   *ph_pool_item_new      (PhEnvelope *envelope, PhBody *body, GCancellable *cancellable);
void          ph_pool_item_free     (PhPoolItem *self);
/* The envelope of the rows that are left. (transfer full) */
PhEnvelope   *ph_pool_item_envelope (PhPoolItem *self);
/* What came of a try. @delivery: of ph_pool_item_envelope (), NULL where it came to none */
PhPoolVerdict ph_pool_item_settle   (PhPoolItem *self, PhDelivery *delivery, const GError *error, guint max_tries);
/* The end: TRUE where the delivery is a result, FALSE and an error where nobody accepted the message */
gboolean      ph_pool_item_conclude (PhPoolItem *self, GError **error);
/* Without another try */
void          ph_pool_item_give_up  (PhPoolItem *self, const GError *error);

/* A session that doesn't come about: would it later? */
gboolean      ph_pool_is_passing    (const GError *error);
/* Microseconds to wait after @n_failures in a row; @first: after the first one */
gint64        ph_pool_back_off      (gint64 first, guint n_failures);
/* When the next message may go, where the last slot was @next; moves @next on. @rate: messages a second, 0 for no limit */
gint64        ph_pool_pace          (gint64 *next, gint64 now, double rate);

G_END_DECLS
