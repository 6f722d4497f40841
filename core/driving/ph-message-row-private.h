/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list's side of PhMessageRow. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

PhMessageRow *ph_message_row_new        (guint32 uid);
/* What was fetched */
void          ph_message_row_take       (PhMessageRow *self, PhMessage *message);
/* What the server told of its flags only */
void          ph_message_row_take_flags (PhMessageRow *self, PhMessage *message);

G_END_DECLS
