/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a command to what its caller gets: success, a copy of the result, or the reply. */
#include "ph-session-calls.h"

static gpointer
copy_result (PhCommand *command)
{
  const GValue *value = ph_command_get_result (command);

  if (value == NULL)
    return NULL;
  if (G_VALUE_HOLDS_OBJECT (value))
    return g_value_dup_object (value);
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_dup_string (value);
  return g_value_dup_boxed (value);
}

/* A refusal is an answer here; no answer is the error. */
static PhReply *
reply_of (PhCommand  *command,
          GError    **error)
{
  PhReply *reply = ph_command_get_reply (command);
  const GError *failure = ph_command_get_error (command);

  if (reply != NULL && (failure == NULL || failure->domain == PH_ERROR))
    return ph_reply_ref (reply);
  if (error != NULL)
    *error = failure != NULL ? g_error_copy (failure)
                             : ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "%s got no reply", ph_command_get_name (command));
  return NULL;
}

gboolean
ph_session_call (PhSession     *self,
                 PhCommand     *command,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr (PhCommand) owned = command;

  return ph_session_run (self, owned, cancellable, error);
}

gpointer
ph_session_call_result (PhSession     *self,
                        PhCommand     *command,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr (PhCommand) owned = command;

  return ph_session_run (self, owned, cancellable, error) ? copy_result (owned) : NULL;
}

PhReply *
ph_session_call_reply (PhSession     *self,
                       PhCommand     *command,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr (PhCommand) owned = command;
  g_autoptr (GError) local = NULL;

  if (!ph_session_run (self, owned, cancellable, &local) && ph_command_get_reply (owned) == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return reply_of (owned, error);
}

gboolean
ph_session_call_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gpointer
ph_session_call_result_finish (GAsyncResult  *result,
                               GError       **error)
{
  return ph_session_call_finish (result, error) ? copy_result (g_task_get_task_data (G_TASK (result))) : NULL;
}

PhReply *
ph_session_call_reply_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_autoptr (GError) local = NULL;

  if (!ph_session_call_finish (result, &local) && ph_command_get_reply (g_task_get_task_data (G_TASK (result))) == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return reply_of (g_task_get_task_data (G_TASK (result)), error);
}

/**
 * ph_session_command:
 * @self: a session
 * @line: a command as it is to be sent, without tag and line end
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * The raw door: sends @line and returns the server's reply, a refusal included. In the reply stand the untagged responses that came
 * meanwhile. CR, LF and NUL in @line are refused with %PH_ERROR_INVALID_ARGUMENT before anything is sent.
 *
 * Returns: (transfer full): the reply; %NULL only where there is none
 */
/**
 * ph_session_command_async:
 * @self: a session
 * @line: a command as it is to be sent, without tag and line end
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the reply is there
 * @user_data: for @callback
 *
 * [method@Session.command] without blocking.
 */
/**
 * ph_session_command_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Session.command]
 */
PH_DEFINE_CALL (PhReply *, PhSession, ph_session, command, PH_PARAMETERS (const char *line, ), self, ph_command_new_line (line),
                ph_session_call_reply, ph_session_call_reply_finish)

/**
 * ph_session_noop:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Does nothing (NOOP), which tells whether the server is still there and lets it say what is new.
 *
 * Returns: whether it answered
 */
/**
 * ph_session_noop_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the server has answered
 * @user_data: for @callback
 *
 * [method@Session.noop] without blocking.
 */
/**
 * ph_session_noop_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Session.noop]
 */
PH_DEFINE_CALL (gboolean, PhSession, ph_session, noop, PH_NO_PARAMETERS, self,
                ph_engine_make_noop (ph_session_get_engine (self)), ph_session_call, ph_session_call_finish)
