/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands under way on behalf of callers: begun, queued, cancelled, done. */
#include "ph-session-private.h"

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
