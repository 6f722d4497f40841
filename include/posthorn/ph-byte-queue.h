/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Octets on their way between two layers; empty, it owns next to no memory. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_BYTE_QUEUE (ph_byte_queue_get_type ())
PH_AVAILABLE_IN_1_0 GType         ph_byte_queue_get_type   (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhByteQueue  *ph_byte_queue_new        (void);
PH_AVAILABLE_IN_1_0 PhByteQueue  *ph_byte_queue_ref        (PhByteQueue *self);
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_unref      (PhByteQueue *self);
PH_AVAILABLE_IN_1_0 gsize         ph_byte_queue_get_length (PhByteQueue *self);
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_append     (PhByteQueue *self, const void *data, gsize length);
/* what is queued, in one piece; valid until the queue changes */
PH_AVAILABLE_IN_1_0 const guint8 *ph_byte_queue_peek       (PhByteQueue *self, gsize *length);
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_consume    (PhByteQueue *self, gsize length);
/* room of at least @length octets at the end, to be written directly; commit says how many were */
PH_AVAILABLE_IN_1_0 guint8       *ph_byte_queue_reserve    (PhByteQueue *self, gsize length);
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_commit     (PhByteQueue *self, gsize length);
/* all of @from goes behind @self's end */
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_move       (PhByteQueue *self, PhByteQueue *from);
/* before a secret is appended: until ph_byte_queue_wipe (), memory is overwritten before it is given back */
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_set_secret (PhByteQueue *self);
/* drops what is queued, overwrites the memory and gives it back */
PH_AVAILABLE_IN_1_0 void          ph_byte_queue_wipe       (PhByteQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhByteQueue, ph_byte_queue_unref)

G_END_DECLS
