/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the keeper's two parts share: ph-keeper.c, the session's side, and ph-keeper-try.c, one try after the other. */
#pragma once

#include "ph-keeper.h"

#include "ph-session-private.h"
#include "ph-wake.h"

G_BEGIN_DECLS

struct _PhKeeper {
  PhSession      *session;   /* owns this */
  PhWake         *wake;
  GMainContext   *context;   /* whose wakings are heard of */

  PhMailbox      *mailbox;   /* the program's: selected, or to be selected again */
  PhMailbox      *stand_in;  /* the engine's that stands behind it; NULL: they are the same */
  PhMailboxState *flags;     /* where mod-sequences can't tell what changed */

  gboolean        enabled;
  gboolean        active;
  gboolean        told;      /* what the program was told of that */
  guint           n_tries;
  gint64          tried_at;
  gint64          restored_at;
  GSource        *timer;     /* until the next try, or until a silent server is given up */
  gboolean        checking;
  guint           epoch;     /* of this try: answers to an earlier one mean nothing */
  PhMailbox      *fresh;     /* selected in this try */
};

/* ph-keeper.c */
G_GNUC_INTERNAL void      ph_keeper_clear_timer (PhKeeper *self);
G_GNUC_INTERNAL void      ph_keeper_set_timer   (PhKeeper *self, guint milliseconds, GSourceFunc func);

/* ph-keeper-try.c */
/* The next one, after the wait that @error (NULL: none yet) calls for; or the end, where no try can help */
G_GNUC_INTERNAL void      ph_keeper_try_again   (PhKeeper *self, const GError *error);
/* at once: a source's function, with the keeper */
G_GNUC_INTERNAL gboolean  ph_keeper_on_timer    (gpointer keeper);
G_GNUC_INTERNAL void      ph_keeper_give_up     (PhKeeper *self, const GError *error);
/* "notify::restoring", where that has changed */
G_GNUC_INTERNAL void      ph_keeper_tell_active (PhKeeper *self);
/* @done is given a try's command as long as that try counts: ph_keeper_get_valid () */
G_GNUC_INTERNAL void      ph_keeper_run         (PhKeeper *self, PhCommand *command, PhRunFunc done);
/* of what @done was given; NULL: an answer to an earlier try. (transfer none) (nullable) */
G_GNUC_INTERNAL PhKeeper *ph_keeper_get_valid   (gpointer data);

G_END_DECLS
