/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of a message, recipient by recipient. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhDeliveryPhase:
 * @PH_DELIVERY_PENDING: nothing was heard of this recipient
 * @PH_DELIVERY_SENDER: the reply to MAIL decided
 * @PH_DELIVERY_RECIPIENT: the reply to this RCPT decided
 * @PH_DELIVERY_DATA: the reply to DATA or behind the content decided
 * @PH_DELIVERY_CONNECTION: the connection's end decided
 * @PH_DELIVERY_LIMIT: the session had carried what the server takes in one (LIMITS, RFC 9422) before this recipient's turn: another
 *   session may deliver to it
 *
 * Where a recipient's fate was decided.
 */
typedef enum {
  PH_DELIVERY_PENDING,
  PH_DELIVERY_SENDER,
  PH_DELIVERY_RECIPIENT,
  PH_DELIVERY_DATA,
  PH_DELIVERY_CONNECTION,
  PH_DELIVERY_LIMIT
} PhDeliveryPhase;

/**
 * PhDeliveryFate:
 * @PH_FATE_REFUSED: not delivered to this recipient
 * @PH_FATE_ACCEPTED: the server has taken responsibility
 * @PH_FATE_UNKNOWN: the connection went after the content's end: it may have been delivered
 *
 * What became of one recipient.
 */
typedef enum {
  PH_FATE_REFUSED,
  PH_FATE_ACCEPTED,
  PH_FATE_UNKNOWN
} PhDeliveryFate;

#define PH_TYPE_DELIVERY (ph_delivery_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_delivery_get_type         (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhDelivery     *ph_delivery_ref              (PhDelivery *self);
PH_AVAILABLE_IN_1_0 void            ph_delivery_unref            (PhDelivery *self);
PH_AVAILABLE_IN_1_0 guint           ph_delivery_get_n_recipients (PhDelivery *self);
PH_AVAILABLE_IN_1_0 guint           ph_delivery_get_n_accepted   (PhDelivery *self);
PH_AVAILABLE_IN_1_0 const char     *ph_delivery_get_address      (PhDelivery *self, guint index);
PH_AVAILABLE_IN_1_0 gboolean        ph_delivery_is_accepted      (PhDelivery *self, guint index);
PH_AVAILABLE_IN_1_0 PhDeliveryFate  ph_delivery_get_fate         (PhDelivery *self, guint index);
PH_AVAILABLE_IN_1_0 PhDeliveryPhase ph_delivery_get_phase        (PhDelivery *self, guint index);
/* The reply that decided; NULL where none came. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhReply        *ph_delivery_get_reply        (PhDelivery *self, guint index);

/* For engines: made from an envelope, every recipient refused and pending. */
PH_AVAILABLE_IN_1_0 PhDelivery     *ph_delivery_new              (PhEnvelope *envelope);
PH_AVAILABLE_IN_1_0 PhDelivery     *ph_delivery_renew            (PhDelivery *self, PhEnvelope *envelope);
PH_AVAILABLE_IN_1_0 void            ph_delivery_set              (PhDelivery *self, guint index, PhDeliveryFate fate,
                                                                  PhDeliveryPhase phase, PhReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhDelivery, ph_delivery_unref)

G_END_DECLS
