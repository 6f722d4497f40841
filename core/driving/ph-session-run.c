/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running commands: one step, two ways to wait for the next. */
#include "ph-message-iter-private.h"
#include "ph-session-private.h"

#include <errno.h>
#include <poll.h>

#include "contracts/ph-command-private.h"

/* Takes it off the list; who holds it frees it. */
static void
unlink_run (PhSessionPrivate *priv,
            PhRun            *run)
{
  if (run->previous != NULL)
    run->previous->next = run->next;
  else
    priv->runs = run->next;
  if (run->next != NULL)
    run->next->previous = run->previous;
  else
    priv->last_run = run->previous;
  *ph_command_get_run (run->command) = NULL;
}

static void
run_free (PhRun *run)
{
  g_autoptr (PhCommand) command G_GNUC_UNUSED = run->is_lent ? NULL : run->command;
  g_autofree PhRun *own G_GNUC_UNUSED = run->is_lent ? NULL : run;

  if (run->cancelled != NULL)
    {
      g_source_destroy (run->cancelled);
      g_source_unref (run->cancelled);
    }
  /* may free one that is lent */
  if (run->destroy != NULL)
    run->destroy (run->user_data);
}

void
ph_session_drop_runs (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhRun *run;

  while ((run = priv->runs) != NULL)
    {
      unlink_run (priv, run);
      run_free (run);
    }
}

void
ph_session_finish_run (PhSession *self,
                       PhCommand *command)
{
  PhRun *run = *ph_command_get_run (command);

  if (run == NULL)
    return;
  unlink_run (ph_session_get_private (self), run);
  if (run->done != NULL)
    run->done (self, command, run->user_data);
  run_free (run);
}

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

static void
rest (PhSession *self)
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
static gboolean
let_pass (PhSession *self,
          gboolean   blocking)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  return !g_queue_is_empty (&priv->iters) && ph_driver_is_paused (priv->driver) && (blocking || is_waited_for (self)) &&
         ph_message_iter_make_room (self);
}

static void
arm (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->watch == NULL || priv->driver == NULL)
    return;
  if (ph_driver_get_job (priv->driver) != PH_JOB_NONE && priv->job == NULL)
    ph_session_do_job_async (self);
  if (priv->watch == NULL || priv->driver == NULL)
    return;
  rest (self);
  ph_watch_set (priv->watch, ph_driver_get_wanted (priv->driver), ph_driver_get_deadline (priv->driver));
  if (ph_driver_is_ready (priv->driver) || let_pass (self, FALSE))
    ph_watch_wake (priv->watch);
}

static void
on_ready (gpointer data)
{
  PhSession *self = data;
  g_autoptr (PhSession) alive G_GNUC_UNUSED = g_object_ref (self);

  ph_session_turn (self);
  arm (self);
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

/* What was not submitted is simply dropped; the engine knows what to do with the rest. */
void
ph_session_cancel (PhSession    *self,
                   PhCommand    *command,
                   const GError *error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (g_queue_remove (&priv->unsubmitted, command) || g_queue_remove (&priv->urgent, command))
    {
      ph_command_complete (command, NULL, g_error_copy (error));
      ph_session_finish_run (self, command);
      g_object_unref (command);
    }
  else if (priv->driver != NULL && ph_command_get_state (command) != PH_COMMAND_DONE)
    {
      ph_driver_cancel (priv->driver, command, g_error_copy (error));
    }
}

typedef struct {
  PhSession *session;
  PhCommand *command;
} Cancelled;

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  Cancelled *cancelled = data;
  g_autoptr (PhSession) self = g_object_ref (cancelled->session);
  g_autoptr (PhCommand) command = g_object_ref (cancelled->command);
  g_autoptr (GError) error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  ph_session_cancel (self, command, error);
  ph_session_schedule (self);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (PhSession    *self,
                   PhRun        *run,
                   GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Cancelled *cancelled = g_new (Cancelled, 1);

  cancelled->session = self;  /* outlives its runs */
  cancelled->command = run->command;
  run->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_priority (run->cancelled, G_PRIORITY_HIGH); /* what is cancelled already is never sent */
  g_source_set_callback (run->cancelled, (GSourceFunc) (void (*) (void)) on_cancelled, cancelled, g_free);
  g_source_attach (run->cancelled, context);
}

static void
link_run (PhSessionPrivate *priv,
          PhRun            *run)
{
  run->next = NULL;
  run->previous = priv->last_run;
  if (run->previous != NULL)
    run->previous->next = run;
  else
    priv->runs = run;
  priv->last_run = run;
  *ph_command_get_run (run->command) = run;
}

static void
add_run (PhSession      *self,
         PhCommand      *command,
         GCancellable   *cancellable,
         PhRunFunc       item,
         PhRunFunc       done,
         gpointer        user_data,
         GDestroyNotify  destroy)
{
  PhRun *run = g_new0 (PhRun, 1);

  run->command = g_object_ref (command);
  run->item = item;
  run->done = done;
  run->user_data = user_data;
  run->destroy = destroy;
  link_run (ph_session_get_private (self), run);
  if (cancellable != NULL)
    watch_cancellable (self, run, cancellable);
}

static void
carry_on (PhSession *self)
{
  if (ph_session_get_private (self)->state == PH_SESSION_NEW)
    ph_session_connect_async (self, NULL);
  else
    ph_session_schedule (self);
}

void
ph_session_enqueue (PhSession      *self,
                    PhCommand      *command,
                    GCancellable   *cancellable,
                    PhRunFunc       item,
                    PhRunFunc       done,
                    gpointer        user_data,
                    GDestroyNotify  destroy)
{
  add_run (self, command, cancellable, item, done, user_data, destroy);
  g_queue_push_tail (&ph_session_get_private (self)->unsubmitted, g_object_ref (command));
}

void
ph_session_enqueue_lent (PhSession *self,
                         PhRun     *run,
                         PhCommand *command)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  run->command = command;
  run->is_lent = TRUE;
  link_run (priv, run);
  /* the queue is for what has to wait */
  if (!priv->in_step && priv->driver != NULL && priv->state == PH_SESSION_OPEN && g_queue_is_empty (&priv->urgent) &&
      g_queue_is_empty (&priv->unsubmitted) && (priv->keeper == NULL || !ph_keeper_is_active (priv->keeper)))
    ph_driver_submit (priv->driver, command);
  else
    g_queue_push_tail (&priv->unsubmitted, g_object_ref (command));
}

void
ph_session_start (PhSession      *self,
                  PhCommand      *command,
                  GCancellable   *cancellable,
                  PhRunFunc       item,
                  PhRunFunc       done,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  ph_session_enqueue (self, command, cancellable, item, done, user_data, destroy);
  if (priv->keeper != NULL && ph_keeper_is_active (priv->keeper))
    ph_keeper_hurry (priv->keeper);
  else
    carry_on (self);
}

void
ph_session_start_urgent (PhSession      *self,
                         PhCommand      *command,
                         PhRunFunc       done,
                         gpointer        user_data,
                         GDestroyNotify  destroy)
{
  add_run (self, command, NULL, NULL, done, user_data, destroy);
  g_queue_push_tail (&ph_session_get_private (self)->urgent, g_object_ref (command));
  carry_on (self);
}

/* --- without one --- */

gboolean
ph_session_may_block (PhSession  *self,
                      GError    **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->emitting == 0 && !priv->in_step && priv->state != PH_SESSION_CONNECTING && priv->job == NULL &&
      (priv->keeper == NULL || !ph_keeper_is_active (priv->keeper)))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING,
                       "The session is in the middle of something else: inside of a handler, while an async call connects or logs in, or while it is restored, "
                       "use async calls");
  return FALSE;
}

static int
milliseconds_until (gint64 deadline)
{
  gint64 left;

  if (deadline == 0)
    return -1;
  left = deadline - g_get_monotonic_time ();
  return left <= 0 ? 0 : (int) MIN ((left + 999) / 1000, 3600 * 1000);
}

static gboolean
on_source (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_cancellable (GCancellable *cancellable G_GNUC_UNUSED,
                gpointer      data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
add_source (GMainContext *context,
            GSource      *source,
            gboolean     *fired,
            GPtrArray    *sources)
{
  g_source_set_callback (source, on_source, fired, NULL);
  g_source_attach (source, context);
  g_ptr_array_add (sources, source);
}

static void
source_drop (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* Connections without a descriptor: a loop of our own around their sources. */
static void
wait_by_sources (PhSession    *self,
                 GIOCondition  wanted,
                 gint64        deadline,
                 GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhConnection *connection = ph_driver_get_connection (priv->driver);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (source_drop);
  gboolean fired = FALSE;
  GSource *source;

  source = wanted != 0 ? ph_connection_create_source (connection, wanted) : NULL;
  if (source != NULL)
    add_source (context, source, &fired, sources);
  if (cancellable != NULL)
    {
      source = g_cancellable_source_new (cancellable);
      g_source_set_callback (source, (GSourceFunc) (void (*) (void)) on_cancellable, &fired, NULL);
      g_source_attach (source, context);
      g_ptr_array_add (sources, source);
    }
  if (deadline != 0)
    {
      source = g_timeout_source_new (MAX (milliseconds_until (deadline), 0));
      add_source (context, source, &fired, sources);
    }
  while (!fired)
    g_main_context_iteration (context, TRUE);
}

/* FALSE: the connection has no descriptor. */
static gboolean
wait_by_poll (PhSession    *self,
              GIOCondition  wanted,
              gint64        deadline,
              GCancellable *cancellable)
{
  PhConnection *connection = ph_driver_get_connection (ph_session_get_private (self)->driver);
  GPollFD fds[3];
  guint n = 0;
  gboolean with_cancellable;

  for (guint i = 0; i < 2; i++)
    {
      GIOCondition condition = i == 0 ? G_IO_IN : G_IO_OUT;

      if ((wanted & condition) == 0)
        continue;
      fds[n].fd = ph_connection_get_fd (connection, condition);
      fds[n].events = condition;
      fds[n].revents = 0;
      if (fds[n++].fd < 0)
        return FALSE;
    }
  with_cancellable = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fds[n]);
  g_poll (fds, n + (with_cancellable ? 1 : 0), milliseconds_until (deadline));
  if (with_cancellable)
    g_cancellable_release_fd (cancellable);
  return TRUE;
}

static void
wait_for_more (PhSession    *self,
               GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  GIOCondition wanted = ph_driver_get_wanted (priv->driver);
  gint64 deadline = ph_driver_get_deadline (priv->driver);

  if (!wait_by_poll (self, wanted, deadline, cancellable))
    wait_by_sources (self, wanted, deadline, cancellable);
}

gboolean
ph_session_wait_amid (PhSession      *self,
                      PhSessionTest   test,
                      gpointer        user_data,
                      GCancellable   *cancellable,
                      GError        **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  for (;;)
    {
      ph_session_turn (self);
      if (test (self, user_data))
        break;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (priv->driver == NULL)
        break;  /* torn down: what was tested for can't come any more */
      if (ph_driver_get_job (priv->driver) != PH_JOB_NONE)
        ph_session_do_job (self, cancellable);
      else if (!ph_driver_is_ready (priv->driver) && !let_pass (self, TRUE))
        wait_for_more (self, cancellable);
    }

  arm (self);
  return TRUE;
}

gboolean
ph_session_wait (PhSession      *self,
                 PhSessionTest   test,
                 gpointer        user_data,
                 GCancellable   *cancellable,
                 GError        **error)
{
  if (!ph_session_wait_amid (self, test, user_data, cancellable, error))
    return FALSE;
  rest (self);
  return TRUE;
}
