/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

PhMessageIter *ph_message_iter_new (PhSession *session, PhMessageSet *set, PhFetch items, const char *extra);
/* The same of items that are an extension's; @needs: as ph_command_set_needs () */
PhMessageIter *ph_message_iter_new_needing (PhSession *session, PhMessageSet *set, PhFetch items, const char *extra, const char *needs);

/* Before it is started: only what has changed since @mod_seq (0: any), or only a page (0, 0: all) */
void           ph_message_iter_narrow (PhMessageIter *self, guint64 mod_seq, int first, int last);

/* Of @session's that are under way asynchronously: those whose next message nobody waits for */
guint          ph_message_iter_count_resting (PhSession *session);
/* Where nothing more is read because messages wait to be taken, more may wait from now on. FALSE: it is not because of them. */
gboolean       ph_message_iter_make_room (PhSession *session);

G_END_DECLS
