/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where messages to be appended come from: a file of one, an mbox, a Maildir. */
#pragma once

#include "tool.h"

typedef struct _ToolTake ToolTake;

/* @path: NULL or "-" for standard input; @format: "eml", "mbox", "maildir", NULL: by what is there */
ToolTake *tool_take_new (const char *path, const char *format, GError **error);
void tool_take_free (ToolTake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolTake, tool_take_free)

/* How many messages there are; 0: that is known at the end */
guint tool_take_get_count (ToolTake *self);
/*
 * The next message, its lines ended by CR LF; NULL where there is none, and with @error. (transfer full)
 * @flags: (transfer full): as IMAP names them, %NULL: none; @date: (transfer full): when it was received, %NULL: not known
 */
PhBody *tool_take_next (ToolTake *self, char ***flags, GDateTime **date, GError **error);
