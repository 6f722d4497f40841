/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where fetched messages are kept: files of their own, an mbox, a Maildir. */
#pragma once

#include "tool.h"

typedef struct _ToolKeep ToolKeep;

/* @format: "eml", "mbox", "maildir", NULL for files; @path: where; @single: one message is to be kept */
ToolKeep *tool_keep_new (const char *format, const char *path, gboolean single, PhStore *store, const char *mailbox, GError **error);
void tool_keep_free (ToolKeep *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolKeep, tool_keep_free)

/* Where @message (UID, flags, date) is already; NULL: it isn't. (transfer full) */
char *tool_keep_find (ToolKeep *self, PhMessage *message);
/* Keeps it; it appears under its name when it is complete. @octets: the whole message, NULL: it is fetched. The name. (transfer full) */
char *tool_keep_add (ToolKeep *self, PhMessage *message, GBytes *octets, GError **error);
