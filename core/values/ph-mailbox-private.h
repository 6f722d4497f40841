/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session's side of PhMailbox. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* Emits "message-added"; @uid 0 where the server did not say it. The count is ph_mailbox_apply ()'s business. */
void ph_mailbox_emit_added (PhMailbox *self, guint32 number, guint32 uid);

G_END_DECLS
