/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* New messages: the server says only how many there are; who listens is told which. */
#include "ph-session-private.h"

#include "contracts/ph-command-private.h"
#include "values/ph-mailbox-private.h"

typedef struct {
  PhMailbox *mailbox;
  guint32    uid_next;  /* as it was asked; 0: asked by number */
  GPtrArray *messages;
} Announcement;

static void
announcement_free (gpointer data)
{
  Announcement *self = data;

  g_object_unref (self->mailbox);
  g_ptr_array_unref (self->messages);
  g_free (self);
}

/* They are told of once all are there: by then the mailbox knows their UIDs. */
static void
gather (PhSession *session G_GNUC_UNUSED,
        PhCommand *command,
        gpointer   data)
{
  Announcement *self = data;
  PhMessage *message;

  while ((message = ph_command_pop_item (command)) != NULL)
    g_ptr_array_add (self->messages, message);
}

static void
tell (PhSession    *session,
      Announcement *self,
      PhMessage    *message)
{
  PhSessionPrivate *priv = ph_session_get_private (session);
  guint32 first_new = ph_mailbox_get_first_new (self->mailbox);
  guint32 uid = ph_message_get_uid (message);
  guint32 number = ph_mailbox_get_number (self->mailbox, uid);

  /* it is gone again, or a range to "*" brought the last one, which is not new */
  if (number == 0 || first_new == 0 || number < first_new || uid < self->uid_next)
    return;
  ph_mailbox_set_first_new (self->mailbox, number + 1);
  priv->emitting++;
  ph_mailbox_emit_added (self->mailbox, number, uid);
  priv->emitting--;
}

static void ask (PhSession *session, PhMailbox *mailbox);

static void
tell_all (PhSession *session,
          PhCommand *command,
          gpointer   data)
{
  Announcement *self = data;
  guint32 before = ph_mailbox_get_first_new (self->mailbox);
  guint32 after;

  gather (session, command, data);
  g_object_set_data (G_OBJECT (self->mailbox), "ph-announcing", NULL);
  for (guint i = 0; i < self->messages->len; i++)
    tell (session, self, g_ptr_array_index (self->messages, i));

  after = ph_mailbox_get_first_new (self->mailbox);
  if (after != 0 && after <= ph_mailbox_get_n_messages (self->mailbox) && after > before && ph_command_get_error (command) == NULL)
    ask (session, self->mailbox);  /* more came meanwhile */
  else
    ph_mailbox_set_first_new (self->mailbox, 0);
}

/* By UID: numbers may move before the command is read. */
static void
ask (PhSession *session,
     PhMailbox *mailbox)
{
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_private (session)->engine);
  guint32 uid_next = ph_mailbox_get_uid_next (mailbox);
  g_autoptr (PhMessageSet) set = ph_message_set_new (uid_next != 0);
  g_autoptr (PhCommand) command = NULL;
  Announcement *self = g_new0 (Announcement, 1);

  self->mailbox = g_object_ref (mailbox);
  self->uid_next = uid_next;
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_unref);
  ph_message_set_add_range (set, uid_next != 0 ? uid_next : ph_mailbox_get_first_new (mailbox), PH_MESSAGE_SET_STAR);
  command = PH_STORE_ENGINE_GET_IFACE (engine)->make_fetch (engine, set, PH_FETCH_UID, NULL, NULL);
  g_object_set_data (G_OBJECT (mailbox), "ph-announcing", command);
  ph_session_start (session, command, NULL, gather, tell_all, self, announcement_free);
}

void
ph_session_announce (PhSession *self,
                     PhMailbox *mailbox,
                     guint32    first)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  guint id = g_signal_lookup ("message-added", PH_TYPE_MAILBOX);

  if (!g_signal_has_handler_pending (mailbox, id, 0, TRUE) || !PH_IS_STORE_ENGINE (priv->engine) || priv->state != PH_SESSION_OPEN)
    return;
  if (ph_mailbox_get_first_new (mailbox) == 0)
    ph_mailbox_set_first_new (mailbox, first);
  ph_mailbox_track_uids (mailbox);
  if (g_object_get_data (G_OBJECT (mailbox), "ph-announcing") == NULL)
    ask (self, mailbox);
}
