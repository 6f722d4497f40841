/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTransportPool: many messages to one server, over a few sessions. */
#pragma once

#include <posthorn/ph-transport.h>

G_BEGIN_DECLS

#define PH_TYPE_TRANSPORT_POOL (ph_transport_pool_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhTransportPool, ph_transport_pool, PH, TRANSPORT_POOL, GObject)

/*
 * Signals: "new-session" (PhTransport), before it is opened: for policy, credentials, timeouts, hello name.
 * Properties: "max-connections" (5), "max-messages" per connection (100), "rate" in messages a second (0: no limit),
 * "in-flight" messages per connection (4), "max-attempts" (5), "back-off" in milliseconds (1000), "idle-timeout" in seconds (30).
 */

/* PH_ERROR_INVALID_URI, PH_ERROR_UNKNOWN_SCHEME, PH_ERROR_PLUGIN, and PH_ERROR_NOT_SUPPORTED where it names no transport. (transfer full) */
PH_AVAILABLE_IN_1_0 PhTransportPool *ph_transport_pool_new               (const char *uri, GError **error);
PH_AVAILABLE_IN_1_0 const char      *ph_transport_pool_get_uri           (PhTransportPool *self);
PH_AVAILABLE_IN_1_0 guint            ph_transport_pool_get_n_connections (PhTransportPool *self);
/* Messages that were handed in and have not ended */
PH_AVAILABLE_IN_1_0 guint            ph_transport_pool_get_n_messages    (PhTransportPool *self);

/* As ph_transport_send (), and what is safe to send once more is sent once more. (transfer full) */
PH_AVAILABLE_IN_1_0 PhDelivery      *ph_transport_pool_send              (PhTransportPool *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_transport_pool_send_async        (PhTransportPool *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhDelivery      *ph_transport_pool_send_finish       (PhTransportPool *self, GAsyncResult *result, GError **error);

/* Until every message has ended and every session is closed. The blocking call runs the main context of the messages. */
PH_AVAILABLE_IN_1_0 gboolean         ph_transport_pool_drain             (PhTransportPool *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_transport_pool_drain_async       (PhTransportPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean         ph_transport_pool_drain_finish      (PhTransportPool *self, GAsyncResult *result, GError **error);

G_END_DECLS
