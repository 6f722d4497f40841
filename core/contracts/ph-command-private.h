/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* TRUE where progress was set since the last call: the session emits its own "progress" and the command's */
gboolean ph_command_take_progress (PhCommand *self, guint64 *done, guint64 *total);
void     ph_command_emit_progress (PhCommand *self, guint64 done, guint64 total);
/* No program ever gets to see it: nobody listens to its signals */
void     ph_command_set_unseen    (PhCommand *self);
guint    ph_command_get_n_items   (PhCommand *self);
/* It isn't full any more, however many items there are, until all that came are taken */
void     ph_command_lift_bounds   (PhCommand *self);
/* Where the session that runs it keeps what it knows of it */
gpointer *ph_command_get_run      (PhCommand *self);
/* G_TYPE_INVALID where there is no result */
GType     ph_command_get_result_type (PhCommand *self);
/* As ph_command_pop_item (), of a command whose items are messages. @lent: (transfer full) (nullable): the one before, whose memory is
 * used again where nobody else holds it and it is @roomy, as this call says of what it gives. */
PhMessage *ph_command_pop_message (PhCommand *self, PhMessage *lent, gboolean *roomy);

G_END_DECLS
