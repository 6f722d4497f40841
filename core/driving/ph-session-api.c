/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every session can do: open, close, run a command. */
#include "ph-session-private.h"

#include "contracts/ph-command-private.h"

static gboolean
is_open (PhSession *self,
         gpointer   user_data)
{
  return ph_session_get_private (self)->state == PH_SESSION_OPEN;
}

/* Sync: whatever stands, or nothing, becomes an open session. @wait: for one who goes on at once, or who doesn't */
static gboolean
open_now (PhSession     *self,
          gboolean     (*wait) (PhSession *, PhSessionTest, gpointer, GCancellable *, GError **),
          GCancellable  *cancellable,
          GError       **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) cancelled = NULL;

  if (priv->state == PH_SESSION_OPEN)
    return TRUE;
  if (priv->state == PH_SESSION_NEW && !ph_session_connect (self, cancellable, error))
    return FALSE;
  if (!wait (self, is_open, NULL, cancellable, &cancelled))
    {
      ph_session_tear_down (self, cancelled);
      g_propagate_error (error, g_steal_pointer (&cancelled));
      return FALSE;
    }
  if (priv->state == PH_SESSION_OPEN)
    return TRUE;
  g_propagate_error (error, priv->open_error != NULL ? g_error_copy (priv->open_error)
                                                     : ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The session with %s is closed", priv->host));
  return FALSE;
}

/**
 * ph_session_open:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Connects, reads the greeting and the capabilities, starts TLS and logs in, in the order and with the demands of the session's
 * policy. Every other call does this by itself where it is needed; an open session is left as it is.
 *
 * Fails with %PH_ERROR_HOST_NOT_FOUND, %PH_ERROR_CONNECT, %PH_ERROR_TIMED_OUT, %PH_ERROR_CLOSED, %PH_ERROR_GREETING, %PH_ERROR_HELLO,
 * %PH_ERROR_TLS, %PH_ERROR_BAD_CERTIFICATE, %PH_ERROR_TLS_REQUIRED, %PH_ERROR_INJECTED, %PH_ERROR_AUTHENTICATION,
 * %PH_ERROR_NO_MECHANISM, %PH_ERROR_NO_CREDENTIALS, %PH_ERROR_SERVER_UNPROVEN, %PH_ERROR_PROTOCOL, %PH_ERROR_LIMIT or
 * %G_IO_ERROR_CANCELLED; the connection has then ended.
 *
 * Returns: whether the session is open
 */
gboolean
ph_session_open (PhSession     *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);

  return ph_session_may_block (self, error) && open_now (self, ph_session_wait, cancellable, error);
}

static gboolean
on_open_cancelled (GCancellable *cancellable,
                   gpointer      data)
{
  GTask *task = data;
  g_autoptr (PhSession) self = g_object_ref (g_task_get_source_object (task));
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;

  if (!g_queue_remove (&priv->open_tasks, task))
    return G_SOURCE_REMOVE;
  g_cancellable_set_error_if_cancelled (cancellable, &error);
  g_task_return_error (task, g_error_copy (error));
  g_object_unref (task);
  /* nobody else wants it open */
  if (g_queue_is_empty (&priv->open_tasks) && g_queue_is_empty (&priv->unsubmitted))
    ph_session_tear_down (self, error);
  return G_SOURCE_REMOVE;
}

/**
 * ph_session_open_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the session is open, or could not be opened
 * @user_data: for @callback
 *
 * [method@Session.open] without blocking.
 */
void
ph_session_open_async (PhSession           *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  PhSessionPrivate *priv;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PH_IS_SESSION (self));

  priv = ph_session_get_private (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_session_open_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (priv->state == PH_SESSION_OPEN)
    {
      ph_session_attach (self);
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_queue_push_tail (&priv->open_tasks, g_object_ref (task));
  if (cancellable != NULL)
    {
      GSource *source = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, source, (GSourceFunc) (void (*) (void)) on_open_cancelled);
      g_object_set_data_full (G_OBJECT (task), "cancelled", source, (GDestroyNotify) g_source_unref);
    }
  if (priv->state == PH_SESSION_NEW)
    ph_session_connect_async (self, cancellable);
  else
    ph_session_schedule (self);
}

/**
 * ph_session_open_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the session is open; see [method@Session.open] for the errors
 */
gboolean
ph_session_open_finish (PhSession     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
is_down (PhSession *self,
         gpointer   user_data)
{
  return ph_session_get_private (self)->driver == NULL;
}

static void
keep_farewell (PhSessionPrivate *priv,
               PhCommand        *command)
{
  PhReply *reply = ph_command_get_reply (command);

  g_clear_pointer (&priv->farewell, ph_reply_unref);
  priv->farewell = reply != NULL ? ph_reply_ref (reply) : NULL;
}

/**
 * ph_session_close:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Says goodbye (QUIT, LOGOUT) and ends the connection. The goodbye's reply is waited for, so that commands before it are known to
 * be done. A session that isn't open closes with success, one that is lost meanwhile, too; it may be opened again.
 *
 * Returns: %FALSE only where it was cancelled; the connection has ended all the same
 */
gboolean
ph_session_close (PhSession     *self,
                  GCancellable  *cancellable,
                  GError       **error)
{
  PhSessionPrivate *priv;
  g_autoptr (PhCommand) command = NULL;
  gboolean down;

  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);

  if (!ph_session_may_block (self, error))
    return FALSE;
  priv = ph_session_get_private (self);
  if (priv->driver == NULL)
    return TRUE;
  if (priv->state != PH_SESSION_OPEN)
    {
      ph_session_tear_down (self, NULL);
      return TRUE;
    }

  command = ph_engine_quit (priv->engine);
  g_queue_push_tail (&priv->unsubmitted, g_object_ref (command));
  ph_driver_keep_goodbye (priv->driver, command);
  down = ph_session_wait (self, is_down, NULL, cancellable, error);
  keep_farewell (priv, command);
  if (!down)
    ph_session_tear_down (self, NULL);
  return down;
}

/* The connection's end follows in the same turn and completes the task; where the goodbye failed, it is ended here. */
static void
on_quit (PhSession *self,
         PhCommand *command,
         gpointer   user_data)
{
  keep_farewell (ph_session_get_private (self), command);
  g_queue_push_tail (&ph_session_get_private (self)->close_tasks, g_object_ref (user_data));
  if (ph_command_get_error (command) != NULL)
    ph_session_tear_down (self, NULL);
}

/**
 * ph_session_close_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the server has said goodbye
 * @user_data: for @callback
 *
 * [method@Session.close] without blocking.
 */
void
ph_session_close_async (PhSession           *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  PhSessionPrivate *priv;
  g_autoptr (GTask) task = NULL;
  g_autoptr (PhCommand) command = NULL;

  g_return_if_fail (PH_IS_SESSION (self));

  priv = ph_session_get_private (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_session_close_async);
  if (priv->state != PH_SESSION_OPEN)
    {
      if (priv->state != PH_SESSION_NEW)
        ph_session_tear_down (self, NULL);
      g_task_return_boolean (task, TRUE);
      return;
    }

  command = ph_engine_quit (priv->engine);
  ph_session_start (self, command, cancellable, NULL, on_quit, g_object_ref (task), g_object_unref);
}

/**
 * ph_session_close_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Session.close]
 */
gboolean
ph_session_close_finish (PhSession     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ph_session_is_open:
 * @self: a session
 *
 * Returns: whether it is open, as far as is known: a server that went silently is noticed by the next command
 */
gboolean
ph_session_is_open (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);

  return is_open (self, NULL);
}

static gboolean
is_done (PhSession *self,
         gpointer   command)
{
  return ph_command_get_state (command) == PH_COMMAND_DONE;
}

/* The command's own error, as the caller's. */
static gboolean
outcome (PhCommand  *command,
         GError    **error)
{
  const GError *failure = ph_command_get_error (command);

  if (failure == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (failure);
  return FALSE;
}

gboolean
ph_session_check_new (PhCommand  *command,
                      GError    **error)
{
  if (ph_command_get_state (command) == PH_COMMAND_NEW && *ph_command_get_run (command) == NULL)
    return TRUE;
  g_propagate_error (error, ph_error_new (PH_ERROR_WRONG_STATE, NULL, NULL, "%s was run before; a command runs once",
                                          ph_command_get_name (command)));
  return FALSE;
}

/**
 * ph_session_run:
 * @self: a session
 * @command: a command that was not run before
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Runs @command and waits for its end, opening the session where it isn't open. The command keeps its reply and result, after
 * failure too. Cancelling takes an unsent command back; the reply of one that was sent is read and dropped, and a message
 * or literal that is half written ends the session.
 *
 * Returns: whether the command succeeded
 */
gboolean
ph_session_run (PhSession     *self,
                PhCommand     *command,
                GCancellable  *cancellable,
                GError       **error)
{
  PhSessionPrivate *priv;
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);
  g_return_val_if_fail (PH_IS_COMMAND (command), FALSE);

  if (!ph_session_may_block (self, error) || !ph_session_check_new (command, error))
    return FALSE;
  priv = ph_session_get_private (self);
  if (!open_now (self, ph_session_wait_amid, cancellable, &failure))
    {
      ph_command_complete (command, NULL, g_error_copy (failure));
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  g_queue_push_tail (&priv->unsubmitted, g_object_ref (command));
  if (!ph_session_wait (self, is_done, command, cancellable, &failure))
    {
      ph_session_cancel (self, command, failure);
      ph_session_turn (self);
    }
  if (ph_command_get_state (command) != PH_COMMAND_DONE)
    ph_command_complete (command, NULL, failure != NULL ? g_error_copy (failure)
                                                        : ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The session with %s ended before %s was done",
                                                                        priv->host, ph_command_get_name (command)));
  return outcome (command, error);
}

static void
on_run_done (PhSession *self,
             PhCommand *command,
             gpointer   user_data)
{
  GError *error = NULL;

  if (outcome (command, &error))
    g_task_return_boolean (user_data, TRUE);
  else
    g_task_return_error (user_data, error);
}

/**
 * ph_session_run_async:
 * @self: a session
 * @command: a command that was not run before
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when @command is done
 * @user_data: for @callback
 *
 * [method@Session.run] without blocking. Any number of commands may be under way; they share the line as far as the protocol
 * allows.
 */
void
ph_session_run_async (PhSession           *self,
                      PhCommand           *command,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (PH_IS_COMMAND (command));

  ph_session_call_async (self, g_object_ref (command), cancellable, callback, user_data, ph_session_run_async);
}

/**
 * ph_session_run_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the command succeeded
 */
gboolean
ph_session_run_finish (PhSession     *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  return ph_session_call_finish (result, error);
}

void
ph_session_call_async (PhSession           *self,
                       PhCommand           *command,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data,
                       gpointer             tag)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, command, g_object_unref);
  /* what the command says of its end counts, so that nothing that was done is reported as cancelled */
  g_task_set_check_cancellable (task, FALSE);
  if (!ph_session_check_new (command, &error))
    g_task_return_error (task, error);
  else
    ph_session_start (self, command, cancellable, NULL, on_run_done, g_object_ref (task), g_object_unref);
}
