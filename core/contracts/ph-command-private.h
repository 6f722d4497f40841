/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* TRUE where progress was set since the last call: the session emits its own "progress" and the command's */
gboolean ph_command_take_progress (PhCommand *self, guint64 *done, guint64 *total);
void     ph_command_emit_progress (PhCommand *self, guint64 done, guint64 total);
guint    ph_command_get_n_items   (PhCommand *self);

G_END_DECLS
