/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhOutbox: many commands, one after the other, on one session, each with a result of its own. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_OUTBOX (ph_outbox_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhOutbox, ph_outbox, PH, OUTBOX, GObject)

/**
 * PhOutboxFunc:
 * @self: the outbox
 * @tag: the number that was given with the message
 * @delivery: (nullable): a row for each recipient
 * @error: (nullable): why nobody got the message; %NULL where anybody did
 * @user_data: what was given with the function
 *
 * A message's end. @delivery and @error are the outbox's.
 */
typedef void (*PhOutboxFunc) (PhOutbox *self, guint64 tag, PhDelivery *delivery, const GError *error, gpointer user_data);

PH_AVAILABLE_IN_1_0 PhOutbox  *ph_outbox_new             (PhSession *session);
PH_AVAILABLE_IN_1_0 PhSession *ph_outbox_get_session     (PhOutbox *self);
/* Commands that may be pushed and not done; 1 to 100000, default 256 */
PH_AVAILABLE_IN_1_0 guint      ph_outbox_get_max_pending (PhOutbox *self);
PH_AVAILABLE_IN_1_0 void       ph_outbox_set_max_pending (PhOutbox *self, guint max_pending);
PH_AVAILABLE_IN_1_0 guint      ph_outbox_get_n_pending   (PhOutbox *self);

/* Waits while max-pending are under way. What becomes of @command stands in it, and ::finished tells when. FALSE: it was not taken */
PH_AVAILABLE_IN_1_0 gboolean   ph_outbox_push            (PhOutbox *self, PhCommand *command, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_outbox_push_async      (PhOutbox *self, PhCommand *command, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean   ph_outbox_push_finish     (PhOutbox *self, GAsyncResult *result, GError **error);
/* The same of messages in memory, without a command: the handler is told what becomes of them. */
PH_AVAILABLE_IN_1_0 void       ph_outbox_set_handler     (PhOutbox *self, PhOutboxFunc handler, gpointer user_data, GDestroyNotify destroy);
PH_AVAILABLE_IN_1_0 gboolean   ph_outbox_send            (PhOutbox *self, PhEnvelope *envelope, GBytes *message, guint64 tag, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_outbox_send_async      (PhOutbox *self, PhEnvelope *envelope, GBytes *message, guint64 tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean   ph_outbox_send_finish     (PhOutbox *self, GAsyncResult *result, GError **error);
/* Waits until all that was pushed is done, well or not. FALSE: cancelled */
PH_AVAILABLE_IN_1_0 gboolean   ph_outbox_flush           (PhOutbox *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_outbox_flush_async     (PhOutbox *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean   ph_outbox_flush_finish    (PhOutbox *self, GAsyncResult *result, GError **error);

G_END_DECLS
