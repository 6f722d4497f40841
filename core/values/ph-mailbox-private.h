/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session's side of PhMailbox. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* Emits "message-added"; @uid 0 where the server did not say it. The count is ph_mailbox_apply ()'s business. */
void    ph_mailbox_emit_added    (PhMailbox *self, guint32 number, guint32 uid);
/* The number of the first message that "message-added" is still to tell of, kept through removals; 0: none */
guint32 ph_mailbox_get_first_new (PhMailbox *self);
void    ph_mailbox_set_first_new (PhMailbox *self, guint32 number);
/* ph-mailbox-become.c: takes over what @fresh, another object of the same mailbox, knows, with a signal for each difference */
void    ph_mailbox_become        (PhMailbox *self, PhMailbox *fresh);
/* "flags-changed" for each message that @delta found changed */
void    ph_mailbox_take_flags    (PhMailbox *self, PhDelta *delta);

G_END_DECLS
