/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What restores a store's session after a loss: the connection, the selected mailbox, and what has changed in it meanwhile. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct _PhKeeper PhKeeper;

/* Belongs to @session, and is freed before it */
PhKeeper  *ph_keeper_new       (PhSession *session);
void       ph_keeper_free      (PhKeeper *self);
/* The program selected @mailbox */
void       ph_keeper_selected  (PhKeeper *self, PhMailbox *mailbox);
/* Whether losses are to be made good */
void       ph_keeper_set_enabled (PhKeeper *self, gboolean enabled);
gboolean   ph_keeper_is_enabled  (PhKeeper *self);
/* The session ends by @error (NULL: it was closed); @mailbox (nullable) was selected. TRUE: it will be restored, and commands that were not
 * submitted wait for that; ph_keeper_begin () once everybody was told */
gboolean   ph_keeper_lose      (PhKeeper *self, PhMailbox *mailbox, const GError *error);
void       ph_keeper_begin     (PhKeeper *self);
/* A step is through and the session stands: a mailbox that was left is left for good */
void       ph_keeper_settle    (PhKeeper *self);
/* The program wants something now */
void       ph_keeper_hurry     (PhKeeper *self);
/* Something was lost and is not restored yet: only the keeper's own commands may be submitted */
gboolean   ph_keeper_is_active (PhKeeper *self);
/* Whom the program knows in place of @mailbox, which the engine made and told @change of. (transfer none) */
PhMailbox *ph_keeper_resolve   (PhKeeper *self, PhMailbox *mailbox, const PhMailboxChange *change);
/* Until try number @n (0: the first), in milliseconds; @random is between 0 and 1 */
guint      ph_keeper_get_delay (guint n, double random);
/* whether another try can't help until a person does something */
gboolean   ph_keeper_is_final  (const GError *error);

G_END_DECLS
