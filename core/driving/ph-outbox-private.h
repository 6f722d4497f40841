/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outbox's inside, shared by its files. */
#pragma once

#include <posthorn/ph-outbox.h>

#include "ph-session-private.h"

G_BEGIN_DECLS

/* A message that was given without a command: that, and what of it is used again */
typedef struct _PhSending PhSending;

struct _PhOutbox {
  GObject    parent_instance;

  PhSession *session;
  guint      max_pending;
  guint      n_pending;
  gint64     last_turn;   /* monotonic; when the session was last given the time to write */
  GQueue     pushes;      /* GTask with its command or message: wait for room */
  GQueue     flushes;     /* GTask: wait for the end of all */

  /* ph-outbox-send.c */
  PhOutboxFunc   handler;
  gpointer       handler_data;
  GDestroyNotify handler_destroy;
  guint          n_sendings;  /* under way */
  PhSending     *latest;  /* done; its session may be about to let go of it */
  PhSending     *idle;    /* a list */
};

/* Until half of what is pending is done, and the session stands. FALSE: *@failed where it can't be opened */
gboolean ph_outbox_make_ready      (PhOutbox *self, gboolean *failed, GCancellable *cancellable, GError **error);
/* One more is queued, whose end ph_outbox_done () tells: gives the session the time to write */
void     ph_outbox_queued          (PhOutbox *self);
/* One less is pending: those that wait go on. */
void     ph_outbox_done            (PhOutbox *self);
/* For an async call whose turn comes when there is room; ph_outbox_start_send () starts one of ph_outbox_send_async () */
void     ph_outbox_start_or_wait   (PhOutbox *self, GTask *task);
void     ph_outbox_start_send      (PhOutbox *self, GTask *task);
void     ph_outbox_clear_sendings  (PhOutbox *self);

/* ph-transport.c: ph_transport_make_send () with the memory of @command, which is done and held by the caller alone; without @envelope and
 * @body it lets go of its body. FALSE: it can't be */
gboolean ph_transport_renew_send   (PhTransport *self, PhCommand *command, PhEnvelope *envelope, PhBody *body);

G_END_DECLS
