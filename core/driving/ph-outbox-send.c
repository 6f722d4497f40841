/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhOutbox: messages from memory, by the thousand: no command is shown for them, so that one can be used for many. */
#include "ph-outbox-private.h"

#include "contracts/ph-command-private.h"
#include "values/ph-body-private.h"

struct _PhSending {
  PhRun      run;
  PhOutbox  *outbox;    /* while under way; which hold it together */
  PhCommand *command;
  PhBody    *body;
  guint64    tag;
  PhSending *next;
};

/* What ph_outbox_send_async () was given */
typedef struct {
  PhEnvelope *envelope;
  GBytes     *message;
  guint64     tag;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  ph_envelope_unref (request->envelope);
  g_bytes_unref (request->message);
  g_free (request);
}

static void
sending_free (PhSending *sending)
{
  g_clear_object (&sending->command);
  g_object_unref (sending->body);
  g_free (sending);
}

/* Nobody ever saw its command or body: who else still holds them is the engine, that waits for a reply to what was cancelled. */
static gboolean
is_free (PhSending *sending)
{
  return g_atomic_int_get (&G_OBJECT (sending->command)->ref_count) == 1 && ph_command_get_state (sending->command) == PH_COMMAND_DONE &&
         g_atomic_int_get (&G_OBJECT (sending->body)->ref_count) == 2;
}

static void
settle_latest (PhOutbox *self)
{
  PhSending *sending = g_steal_pointer (&self->latest);

  if (sending == NULL)
    return;
  if (!is_free (sending))
    {
      sending_free (sending);
      return;
    }
  ph_body_set_bytes (sending->body, NULL);
  sending->next = self->idle;
  self->idle = sending;
}

void
ph_outbox_clear_sendings (PhOutbox *self)
{
  PhSending *sending;

  g_clear_pointer (&self->latest, sending_free);
  while ((sending = self->idle) != NULL)
    {
      self->idle = sending->next;
      sending_free (sending);
    }
}

static void on_done (PhSession *session, PhCommand *command, gpointer user_data);
static void end (gpointer data);

static PhSending *
sending_new (PhOutbox   *self,
             PhEnvelope *envelope,
             GBytes     *message,
             guint64     tag)
{
  PhTransport *transport = PH_TRANSPORT (self->session);
  PhSending *sending;

  settle_latest (self);
  sending = self->idle;
  if (sending != NULL)
    {
      self->idle = sending->next;
      ph_body_set_bytes (sending->body, message);
      if (!ph_transport_renew_send (transport, sending->command, envelope, sending->body))
        g_clear_object (&sending->command);
    }
  else
    {
      sending = g_new0 (PhSending, 1);
      sending->body = ph_body_new_for_bytes (message);
      sending->run = (PhRun) { .done = on_done, .user_data = sending, .destroy = end };
    }
  if (sending->command == NULL)
    {
      sending->command = ph_transport_make_send (transport, envelope, sending->body);
      ph_command_set_unseen (sending->command);
    }
  sending->tag = tag;
  sending->outbox = self->n_sendings++ == 0 ? g_object_ref (self) : self;
  return sending;
}

static void
on_done (PhSession *session,
         PhCommand *command,
         gpointer   user_data)
{
  PhSending *sending = user_data;
  PhOutbox *self = sending->outbox;
  PhSessionPrivate *priv = ph_session_get_private (session);

  self->n_pending--;
  if (self->handler != NULL)
    {
      priv->emitting++;
      self->handler (self, sending->tag, ph_command_peek_result (command), ph_command_get_error (command), self->handler_data);
      priv->emitting--;
    }
  ph_outbox_done (self);
}

/* The session lets go of the command right behind this. */
static void
end (gpointer data)
{
  PhSending *sending = data;
  PhOutbox *self = g_steal_pointer (&sending->outbox);

  settle_latest (self);
  self->latest = sending;
  if (--self->n_sendings == 0)
    g_object_unref (self);
}

/**
 * ph_outbox_set_handler:
 * @self: an outbox
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): called with each message's end; %NULL for none
 * @user_data: for @handler
 * @destroy: (nullable): called with @user_data when another handler is set, or the outbox ends
 *
 * Sets who is told what became of messages given to [method@Outbox.send]. As in a handler of [signal@Outbox::finished], async calls may be
 * started there.
 */
void
ph_outbox_set_handler (PhOutbox       *self,
                       PhOutboxFunc    handler,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  GDestroyNotify old_destroy;
  gpointer old_data;

  g_return_if_fail (PH_IS_OUTBOX (self));

  old_destroy = self->handler_destroy;
  old_data = self->handler_data;
  self->handler = handler;
  self->handler_data = user_data;
  self->handler_destroy = destroy;
  if (old_destroy != NULL)
    old_destroy (old_data);
}

/**
 * ph_outbox_send:
 * @self: an outbox of a [class@Transport]
 * @envelope: from whom, to whom
 * @message: the message
 * @tag: a number of the caller's, by which the handler knows the message
 * @cancellable: (nullable): a cancellable; ends the waiting, not the sending
 * @error: return location for an error
 *
 * [method@Outbox.push] for messages in memory, at half the cost: there is no command, and [signal@Outbox::finished] is not emitted. What
 * became of it is told to the handler ([method@Outbox.set_handler]).
 *
 * Fails as [method@Outbox.push] does; the handler is not called then.
 *
 * Returns: whether the message was taken
 */
gboolean
ph_outbox_send (PhOutbox      *self,
                PhEnvelope    *envelope,
                GBytes        *message,
                guint64        tag,
                GCancellable  *cancellable,
                GError       **error)
{
  PhSending *sending;
  gboolean failed;

  g_return_val_if_fail (PH_IS_OUTBOX (self) && PH_IS_TRANSPORT (self->session), FALSE);
  g_return_val_if_fail (envelope != NULL && message != NULL, FALSE);

  if (!ph_session_may_block (self->session, error) || !ph_outbox_make_ready (self, &failed, cancellable, error))
    return FALSE;
  sending = sending_new (self, envelope, message, tag);
  ph_session_enqueue_lent (self->session, &sending->run, sending->command);
  ph_outbox_queued (self);
  return TRUE;
}

void
ph_outbox_start_send (PhOutbox *self,
                      GTask    *task)
{
  Request *request = g_task_get_task_data (task);
  PhSending *sending = sending_new (self, request->envelope, request->message, request->tag);

  self->n_pending++;
  ph_session_start (self->session, sending->command, NULL, NULL, on_done, sending, end);
}

/**
 * ph_outbox_send_async:
 * @self: an outbox of a [class@Transport]
 * @envelope: from whom, to whom
 * @message: the message
 * @tag: a number of the caller's, by which the handler knows the message
 * @cancellable: (nullable): a cancellable; ends the waiting, not the sending
 * @callback: (scope async): called when the message was queued and another may be given
 * @user_data: for @callback
 *
 * [method@Outbox.send] without blocking. That the session can't be opened is told to the handler.
 */
void
ph_outbox_send_async (PhOutbox            *self,
                      PhEnvelope          *envelope,
                      GBytes              *message,
                      guint64              tag,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (PH_IS_OUTBOX (self) && PH_IS_TRANSPORT (self->session));
  g_return_if_fail (envelope != NULL && message != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_outbox_send_async);
  /* what was taken is not reported as cancelled */
  g_task_set_check_cancellable (task, FALSE);
  request = g_new (Request, 1);
  *request = (Request) { ph_envelope_ref (envelope), g_bytes_ref (message), tag };
  g_task_set_task_data (task, request, request_free);
  ph_outbox_start_or_wait (self, task);
}

/**
 * ph_outbox_send_finish:
 * @self: an outbox
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Outbox.send]
 */
gboolean
ph_outbox_send_finish (PhOutbox      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
