/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command NOTIFY, and what it tells the extension. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

typedef struct _PhImapNotify PhImapNotify;

/* NOTIFY SET, or NONE where @request is NULL. @again: the extension's own, on a new connection. (transfer full) */
PhCommand *ph_imap_notify_command_new (PhImapNotify *notify, PhNotifyRequest *request, gboolean status, gboolean again);

/* imap4-notify.c: the server took it; @request may be NULL */
void       ph_imap_notify_accepted    (PhImapNotify *self, PhNotifyRequest *request);
/* the server would not have again what it had before */
void       ph_imap_notify_lost        (PhImapNotify *self, PhReply *reply);

G_END_DECLS
