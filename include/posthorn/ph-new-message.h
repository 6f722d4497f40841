/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message that is to be put into a mailbox: its octets, flags and date. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_NEW_MESSAGE (ph_new_message_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_new_message_get_type  (void) G_GNUC_CONST;
/* @flags, @date: nullable */
PH_AVAILABLE_IN_1_0 PhNewMessage      *ph_new_message_new       (PhBody *body, const char *const *flags, GDateTime *date);
PH_AVAILABLE_IN_1_0 PhNewMessage      *ph_new_message_ref       (PhNewMessage *self);
PH_AVAILABLE_IN_1_0 void               ph_new_message_unref     (PhNewMessage *self);
PH_AVAILABLE_IN_1_0 PhBody            *ph_new_message_get_body  (PhNewMessage *self);
PH_AVAILABLE_IN_1_0 const char *const *ph_new_message_get_flags (PhNewMessage *self);
PH_AVAILABLE_IN_1_0 GDateTime         *ph_new_message_get_date  (PhNewMessage *self);
/* For extensions: the same with further items of APPEND (RFC 4466), a list of names and values; the server must list @capability. (transfer full) */
PH_AVAILABLE_IN_1_0 PhNewMessage      *ph_new_message_extended  (PhNewMessage *self, const char *capability, const PhValue *items);
/* For engines. (transfer none) (nullable) (array zero-terminated=1): capabilities; NULL: none is needed */
PH_AVAILABLE_IN_1_0 const char *const *ph_new_message_get_needs (PhNewMessage *self);
/* For engines: a list; NULL: none. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue     *ph_new_message_get_items (PhNewMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhNewMessage, ph_new_message_unref)

G_END_DECLS
