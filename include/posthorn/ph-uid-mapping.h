/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which UID a message got where it was copied or moved to (UIDPLUS, RFC 4315). */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_UID_MAPPING (ph_uid_mapping_get_type ())
PH_AVAILABLE_IN_1_0 GType         ph_uid_mapping_get_type         (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhUidMapping *ph_uid_mapping_ref              (PhUidMapping *self);
PH_AVAILABLE_IN_1_0 void          ph_uid_mapping_unref            (PhUidMapping *self);
/* Of the mailbox that the messages went to; 0 where the server doesn't tell */
PH_AVAILABLE_IN_1_0 guint32       ph_uid_mapping_get_uid_validity (PhUidMapping *self);
/* How many pairs are known: 0 where the server has no UIDPLUS */
PH_AVAILABLE_IN_1_0 guint         ph_uid_mapping_get_n_pairs      (PhUidMapping *self);
/* In the order in which the server told them. FALSE behind the last */
PH_AVAILABLE_IN_1_0 gboolean      ph_uid_mapping_get_pair         (PhUidMapping *self, guint index, guint32 *old_uid, guint32 *new_uid);
/* 0 where it isn't known */
PH_AVAILABLE_IN_1_0 guint32       ph_uid_mapping_lookup           (PhUidMapping *self, guint32 old_uid);
/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_uid_mapping_get_new_uids     (PhUidMapping *self);
/* For engines; filled by its owner, not changed once handed on */
PH_AVAILABLE_IN_1_0 PhUidMapping *ph_uid_mapping_new              (void);
PH_AVAILABLE_IN_1_0 void          ph_uid_mapping_set_uid_validity (PhUidMapping *self, guint32 uid_validity);
PH_AVAILABLE_IN_1_0 void          ph_uid_mapping_add              (PhUidMapping *self, guint32 old_uid, guint32 new_uid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhUidMapping, ph_uid_mapping_unref)

G_END_DECLS
