/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A login within a session that is open. */
#include "ph-session-private.h"

/* (transfer full); NULL: it can't be */
static PhCommand *
make_login (PhSession  *self,
            GError    **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhCommand *command = NULL;

  if (priv->user == NULL && priv->credentials == NULL)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_NO_CREDENTIALS, NULL, NULL, "Neither a user nor credentials were given to log in to %s with",
                                              priv->host));
      return NULL;
    }
  command = ph_engine_make_login (ph_session_get_engine (self));
  if (command == NULL)
    g_propagate_error (error, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "“%s” logs in while the session opens, and not later",
                                            priv->scheme_name));
  else
    ph_driver_set_login (priv->driver, priv->user, priv->authorization, priv->credentials);
  return command;
}

/**
 * ph_session_log_in:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Logs in, by what [method@Session.set_user], [method@Session.set_authorization] and [method@Session.set_credentials] say now, on a connection
 * where nobody is logged in: because the session was opened without a user, or because the last one was logged out
 * ([method@Unauthenticate.run]). A session that isn't open is opened, which logs in, too. A client certificate that the connection was made
 * with is used only where neither a password nor a token is at hand.
 *
 * Fails with %PH_ERROR_WRONG_STATE where somebody is logged in, %PH_ERROR_NOT_SUPPORTED where the protocol can't, %PH_ERROR_NO_CREDENTIALS,
 * %PH_ERROR_NO_MECHANISM, %PH_ERROR_THROTTLED and %PH_ERROR_AUTHENTICATION; the session is then open as before. %PH_ERROR_SERVER_UNPROVEN and a
 * cancelled login end the connection.
 *
 * Returns: whether it is logged in
 */
gboolean
ph_session_log_in (PhSession     *self,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr (PhCommand) command = NULL;

  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);

  if (ph_session_get_private (self)->state != PH_SESSION_OPEN)
    return ph_session_open (self, cancellable, error);
  command = make_login (self, error);
  return command != NULL && ph_session_run (self, command, cancellable, error);
}

/**
 * ph_session_log_in_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Session.log_in] without blocking.
 */
void
ph_session_log_in_async (PhSession           *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GError) error = NULL;
  PhCommand *command;

  g_return_if_fail (PH_IS_SESSION (self));

  if (ph_session_get_private (self)->state != PH_SESSION_OPEN)
    {
      ph_session_open_async (self, cancellable, callback, user_data);
      return;
    }
  command = make_login (self, &error);
  if (command != NULL)
    ph_session_call_async (self, command, cancellable, callback, user_data, ph_session_log_in_async);
  else
    g_task_report_error (self, callback, user_data, ph_session_log_in_async, g_steal_pointer (&error));
}

/**
 * ph_session_log_in_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Session.log_in]
 */
gboolean
ph_session_log_in_finish (PhSession     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
