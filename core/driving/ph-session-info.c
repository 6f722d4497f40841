/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session knows of its server, and what its extensions add. */
#include "ph-session-private.h"

/**
 * ph_session_get_capabilities:
 * @self: a session
 *
 * What the server listed last: "STARTTLS", "SIZE 1000", "AUTH=PLAIN".
 *
 * Returns: (transfer none) (array zero-terminated=1): empty before opening
 */
const char *const *
ph_session_get_capabilities (PhSession *self)
{
  static const char *const none[] = { NULL };
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_SESSION (self), none);

  priv = ph_session_get_private (self);
  return priv->capabilities != NULL ? (const char *const *) priv->capabilities : none;
}

/**
 * ph_session_get_capability:
 * @self: a session
 * @name: the capability's first word, in any case: "SIZE"
 *
 * Returns: (nullable): what stands behind it, "1000" of "SIZE 1000"; empty where there is nothing more; %NULL where the server
 *   doesn't list it
 */
const char *
ph_session_get_capability (PhSession  *self,
                           const char *name)
{
  const char *const *capabilities = ph_session_get_capabilities (self);
  gsize length;

  g_return_val_if_fail (name != NULL, NULL);

  length = strlen (name);
  for (guint i = 0; capabilities[i] != NULL; i++)
    {
      if (g_ascii_strncasecmp (capabilities[i], name, length) != 0)
        continue;
      if (capabilities[i][length] == '\0')
        return capabilities[i] + length;
      if (capabilities[i][length] == ' ')
        return capabilities[i] + length + 1;
    }
  return NULL;
}

/**
 * ph_session_has_capability:
 * @self: a session
 * @name: the capability's first word, in any case: "SIZE", "AUTH=PLAIN"
 *
 * Returns: whether the server lists it
 */
gboolean
ph_session_has_capability (PhSession  *self,
                           const char *name)
{
  return ph_session_get_capability (self, name) != NULL;
}

/**
 * ph_session_get_greeting:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): how the server greeted
 */
PhReply *
ph_session_get_greeting (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->greeting;
}

/**
 * ph_session_get_farewell:
 * @self: a session
 *
 * What the server answered to [method@Session.close].
 *
 * Returns: (transfer none) (nullable): the reply to QUIT or LOGOUT; %NULL where the session did not end by one, and while it is open
 */
PhReply *
ph_session_get_farewell (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->farewell;
}

/**
 * ph_session_get_tls_info:
 * @self: a session
 *
 * The channel of the connection that stands, and of the last one once it has ended, so that what was wrong with a refused certificate
 * can still be read.
 *
 * Returns: (transfer none) (nullable): the TLS channel; %NULL without one
 */
PhTlsInfo *
ph_session_get_tls_info (PhSession *self)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  priv = ph_session_get_private (self);
  return priv->driver != NULL ? ph_driver_get_tls_info (priv->driver) : priv->tls_info;
}

/**
 * ph_session_get_mechanism:
 * @self: a session
 *
 * Returns: (nullable): the SASL mechanism that logged in, "*" for the protocol's own login command; %NULL without a login
 */
const char *
ph_session_get_mechanism (PhSession *self)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  priv = ph_session_get_private (self);
  return priv->driver != NULL ? ph_driver_get_mechanism (priv->driver) : NULL;
}

static PhExtension *
find_attached (PhSession *self,
               GType      type)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  for (guint i = 0; priv->extensions != NULL && i < priv->extensions->len; i++)
    if (g_type_is_a (G_OBJECT_TYPE (g_ptr_array_index (priv->extensions, i)), type))
      return g_ptr_array_index (priv->extensions, i);
  return NULL;
}

/**
 * ph_session_get_extension:
 * @self: an open session
 * @type: an interface or class of an extension, as `PH_TYPE_QUOTA`
 *
 * Returns: (transfer none) (nullable): the session's extension of that type; %NULL where the server lists none of its capabilities, or
 *   no plugin for it is installed
 */
PhExtension *
ph_session_get_extension (PhSession *self,
                          GType      type)
{
  PhExtension *found;

  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  found = find_attached (self, type);
  if (found != NULL)
    return found;
  ph_session_attach_waiting (self);
  return find_attached (self, type);
}

static PhExtension *
find_extension (PhSession *self, GType type, GError **error)
{
  PhExtension *extension = ph_session_get_extension (self, type);

  if (extension == NULL)
    g_propagate_error (error, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s does not offer what %s needs, or no plugin for it is installed",
                                            ph_session_get_host (self), g_type_name (type)));
  return extension;
}

/**
 * ph_session_require_extension:
 * @self: a session
 * @type: an interface or class of an extension, as `PH_TYPE_QUOTA`
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * [method@Session.get_extension] of a session that is opened when needed, with an error in place of %NULL: %PH_ERROR_NOT_SUPPORTED where the
 * server lists none of the extension's capabilities, or no plugin for it is installed; beside these those of [method@Session.open].
 *
 * Returns: (transfer none): the session's extension of that type
 */
PhExtension *
ph_session_require_extension (PhSession *self, GType type, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_open (self, cancellable, error) ? find_extension (self, type, error) : NULL;
}

static void
on_open_for_extension (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (ph_session_open_finish (PH_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * ph_session_require_extension_async:
 * @self: a session
 * @type: an interface or class of an extension, as `PH_TYPE_QUOTA`
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is found, or can't be
 * @user_data: for @callback
 *
 * [method@Session.require_extension] without blocking.
 */
void
ph_session_require_extension_async (PhSession *self, GType type, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PH_IS_SESSION (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_session_require_extension_async);
  g_task_set_task_data (task, GSIZE_TO_POINTER (type), NULL);
  ph_session_open_async (self, cancellable, on_open_for_extension, task);
}

/**
 * ph_session_require_extension_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer none): as [method@Session.require_extension]
 */
PhExtension *
ph_session_require_extension_finish (PhSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return find_extension (self, GPOINTER_TO_SIZE (g_task_get_task_data (G_TASK (result))), error);
}

/**
 * ph_session_get_engine: (skip)
 * @self: a session
 *
 * Returns: (transfer none): the engine of the current connection, or of the next one
 */
PhEngine *
ph_session_get_engine (PhSession *self)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  priv = ph_session_get_private (self);
  /* made while the server's greeting is awaited, mostly; the type was checked when the session was made */
  if (priv->engine == NULL)
    priv->engine = PH_ENGINE (ph_registry_create (ph_registry_get_default (), priv->protocol, NULL));
  return priv->engine;
}

/**
 * ph_session_make_command:
 * @self: a session
 * @name: a command's name
 * @arguments: (nullable): a list of typed arguments
 *
 * Makes a command: of the class that an installed extension has for @name, otherwise a plain one whose reply holds the responses of
 * its name.
 *
 * Returns: (transfer full): for [method@Session.run]
 */
PhCommand *
ph_session_make_command (PhSession     *self,
                         const char    *name,
                         const PhValue *arguments)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_SESSION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  ph_session_attach_waiting (self);
  priv = ph_session_get_private (self);
  for (guint i = 0; priv->extensions != NULL && i < priv->extensions->len; i++)
    {
      PhCommand *command = ph_extension_make_command (g_ptr_array_index (priv->extensions, i), name, arguments);

      if (command != NULL)
        return command;
    }
  return ph_command_new (name, arguments);
}
