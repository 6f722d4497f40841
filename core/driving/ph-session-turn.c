/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One step and what came of it, and the main loop that takes the next. */
#include "ph-message-iter-private.h"
#include "ph-session-private.h"

#include "contracts/ph-command-private.h"

void
ph_session_selected (PhSession *self,
                     PhMailbox *mailbox)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  g_set_object (&priv->mailbox, mailbox);
  if (priv->keeper != NULL)
    ph_keeper_selected (priv->keeper, priv->mailbox);
}

static void
note_selected (PhSession *self,
               PhCommand *command)
{
  if (ph_command_get_result_type (command) == PH_TYPE_MAILBOX && ph_command_get_error (command) == NULL)
    ph_session_selected (self, ph_command_peek_result (command));
}

/* An engine's own command (IDLE, a step of opening) has no run; nor has a sync call's. */
static void
deliver (PhSession *self,
         PhRecord  *record)
{
  PhRun *run;

  if (record->is_trace)
    {
      ph_session_emit_record (self, record);
      return;
    }

  if (record->refused != PH_SASL_NEEDS_NOTHING)
    {
      ph_session_tell_refused (self, record->refused, record->event.reply);
      return;
    }

  switch (record->event.kind)
    {
    case PH_EVENT_OPENED:
      ph_session_opened (self, record->event.reply);
      break;
    case PH_EVENT_COMMAND:
      ph_session_emit_progress (self, record->event.command);
      note_selected (self, record->event.command);
      ph_session_finish_run (self, record->event.command);
      break;
    case PH_EVENT_ITEM:
      ph_session_emit_progress (self, record->event.command);
      run = *ph_command_get_run (record->event.command);
      if (run != NULL && run->item != NULL)
        run->item (self, record->event.command, run->user_data);
      break;
    case PH_EVENT_FAILED:
      ph_session_tear_down (self, record->event.error);
      break;
    case PH_EVENT_CAPABILITIES:
    case PH_EVENT_MAILBOX:
    case PH_EVENT_RESPONSE:
    case PH_EVENT_ALERT:
    case PH_EVENT_WARNING:
    case PH_EVENT_EXTENSION:
    default:
      ph_session_emit_record (self, record);
      break;
    }
}

/* What may be submitted next; NULL: nothing. While a lost session is being restored, the program's commands wait. */
static GQueue *
next_queue (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->driver == NULL || priv->state != PH_SESSION_OPEN)
    return NULL;
  if (!g_queue_is_empty (&priv->urgent))
    return &priv->urgent;
  if (g_queue_is_empty (&priv->unsubmitted) || (priv->keeper != NULL && ph_keeper_is_active (priv->keeper)))
    return NULL;
  return &priv->unsubmitted;
}

static void
submit_waiting (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  GQueue *queue;

  /* An engine takes commands once it has been started; the driver starts it within its first step. */
  while ((queue = next_queue (self)) != NULL)
    {
      g_autoptr (PhCommand) command = g_queue_pop_head (queue);

      if (ph_command_get_state (command) == PH_COMMAND_DONE)
        continue;
      ph_driver_submit (priv->driver, command);
    }
}

/* Takes what the step brought, one at a time: a handler may start calls, run a main loop, or end the session. */
static void
deliver_all (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhRecord record;

  while (priv->driver != NULL && ph_driver_take_record (priv->driver, &record))
    {
      deliver (self, &record);
      ph_record_clear (&record);
    }
  if (priv->driver != NULL && ph_driver_get_progress_command (priv->driver) != NULL)
    {
      g_autoptr (PhCommand) command = g_object_ref (ph_driver_get_progress_command (priv->driver));

      ph_session_emit_progress (self, command);
    }
  if (priv->driver != NULL && ph_driver_is_closed (priv->driver))
    ph_session_tear_down (self, NULL);
  if (priv->keeper != NULL && priv->state == PH_SESSION_OPEN)
    ph_keeper_settle (priv->keeper);
}

void
ph_session_turn (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (PhSession) alive G_GNUC_UNUSED = g_object_ref (self);

  if (priv->in_step || priv->driver == NULL)
    return;

  ph_driver_set_trace (priv->driver, ph_session_is_traced (self));
  for (;;)
    {
      priv->in_step = TRUE;
      submit_waiting (self);
      ph_driver_step (priv->driver);
      priv->in_step = FALSE;
      priv->progress_heard = PH_UNKNOWN;
      deliver_all (self);
      if (next_queue (self) == NULL)
        break;
    }
}

/* --- in a main loop --- */

void
ph_session_rest (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->driver != NULL && priv->state == PH_SESSION_OPEN && priv->n_iters == 0 &&
      g_queue_is_empty (&priv->unsubmitted) && priv->runs == NULL)
    ph_driver_rest (priv->driver);
}

static gboolean
is_waited_for (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  guint n_runs = 0;

  for (PhRun *run = priv->runs; run != NULL; run = run->next)
    n_runs++;
  return n_runs > ph_message_iter_count_resting (self) || !g_queue_is_empty (&priv->close_tasks);
}

/* Nothing is read while messages of a loop wait to be taken. A program that waits for something else before it takes them would wait for ever:
 * what it waits for comes behind them. */
gboolean
ph_session_let_pass (PhSession *self,
                     gboolean   blocking)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  return !g_queue_is_empty (&priv->iters) && ph_driver_is_paused (priv->driver) && (blocking || is_waited_for (self)) &&
         ph_message_iter_make_room (self);
}

void
ph_session_arm (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->watch == NULL || priv->driver == NULL)
    return;
  if (ph_driver_get_job (priv->driver) != PH_JOB_NONE && priv->job == NULL)
    ph_session_do_job_async (self);
  if (priv->watch == NULL || priv->driver == NULL)
    return;
  ph_session_rest (self);
  ph_watch_set (priv->watch, ph_driver_get_wanted (priv->driver), ph_driver_get_deadline (priv->driver));
  if (ph_driver_is_ready (priv->driver) || ph_session_let_pass (self, FALSE))
    ph_watch_wake (priv->watch);
}

static void
on_ready (gpointer data)
{
  PhSession *self = data;
  g_autoptr (PhSession) alive G_GNUC_UNUSED = g_object_ref (self);

  ph_session_turn (self);
  ph_session_arm (self);
}

/* From now on the caller's main loop carries the session. */
void
ph_session_attach (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->watch != NULL || priv->driver == NULL)
    return;
  if (priv->context == NULL)
    priv->context = g_main_context_ref_thread_default ();
  priv->watch = ph_watch_new (priv->context, ph_driver_get_connection (priv->driver), on_ready, self);
}

void
ph_session_schedule (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->driver == NULL)
    return;
  ph_session_attach (self);
  ph_watch_wake (priv->watch);
}
