/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who sends and who receives, as SMTP and LMTP carry it (RFC 5321 section 2.3.1); not the headers. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_ENVELOPE (ph_envelope_get_type ())
PH_AVAILABLE_IN_1_0 GType       ph_envelope_get_type                (void) G_GNUC_CONST;
/* @sender: the reverse-path without angle brackets; "" or NULL is the null reverse-path */
PH_AVAILABLE_IN_1_0 PhEnvelope *ph_envelope_new                     (const char *sender);
PH_AVAILABLE_IN_1_0 PhEnvelope *ph_envelope_ref                     (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 void        ph_envelope_unref                   (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_sender              (PhEnvelope *self);
/* Addresses are kept as given and checked when sent: CR, LF, NUL, brackets and blanks outside quotes are refused. */
PH_AVAILABLE_IN_1_0 void        ph_envelope_add_recipient           (PhEnvelope *self, const char *address);
PH_AVAILABLE_IN_1_0 guint       ph_envelope_get_n_recipients        (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_recipient           (PhEnvelope *self, guint index);
/* Free ESMTP parameters, "BODY=8BITMIME"; the first for MAIL, the second for recipient @index */
PH_AVAILABLE_IN_1_0 void        ph_envelope_add_parameter           (PhEnvelope *self, const char *parameter);
PH_AVAILABLE_IN_1_0 void        ph_envelope_add_recipient_parameter (PhEnvelope *self, guint index, const char *parameter);
/* (transfer none) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_envelope_get_parameters           (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 const char *const *ph_envelope_get_recipient_parameters (PhEnvelope *self, guint index);
/* TRUE: all recipients or none get the message. Default FALSE. */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_require_all         (PhEnvelope *self, gboolean require_all);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_get_require_all         (PhEnvelope *self);
/* Another envelope with all that this one says, for some of its recipients (each index once, in this order). @indices NULL: all.
 * (transfer full) */
PH_AVAILABLE_IN_1_0 PhEnvelope *ph_envelope_select                  (PhEnvelope *self, const guint *indices, gsize n_indices);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhEnvelope, ph_envelope_unref)

G_END_DECLS
