/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a source of credentials may do beyond looking up: keep a password, forget it, list accounts. */
#include <posthorn/posthorn.h>

static void
return_unsupported (PhCredentials *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_return_new_error (task, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "This source of credentials keeps no passwords");
}

/**
 * ph_credentials_can_store:
 * @self: a source of credentials
 *
 * Tells whether the source can keep a password: a keyring can, a fixed password or a function of the program can't.
 *
 * Returns: %TRUE where [method@Credentials.store] and [method@Credentials.clear] work
 */
gboolean
ph_credentials_can_store (PhCredentials *self)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);

  return PH_CREDENTIALS_GET_IFACE (self)->store_async != NULL;
}

/**
 * ph_credentials_store_async:
 * @self: a source of credentials
 * @uri: of the server
 * @user: (nullable): who logs in; %NULL: the user of @uri
 * @password: the password
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called once it is kept
 * @user_data: for @callback
 *
 * The asynchronous form of [method@Credentials.store].
 */
void
ph_credentials_store_async (PhCredentials *self, const char *uri, const char *user, PhSecret *password, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PH_IS_CREDENTIALS (self));
  g_return_if_fail (uri != NULL && password != NULL);

  if (ph_credentials_can_store (self))
    PH_CREDENTIALS_GET_IFACE (self)->store_async (self, uri, user, password, cancellable, callback, user_data);
  else
    return_unsupported (self, ph_credentials_store_async, cancellable, callback, user_data);
}

/**
 * ph_credentials_store_finish:
 * @self: a source of credentials
 * @result: what the callback got
 * @error: return location
 *
 * Ends ph_credentials_store_async().
 *
 * Returns: %TRUE where it is kept
 */
gboolean
ph_credentials_store_finish (PhCredentials *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);

  if (g_async_result_is_tagged (result, ph_credentials_store_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return PH_CREDENTIALS_GET_IFACE (self)->store_finish (self, result, error);
}

/**
 * ph_credentials_clear_async:
 * @self: a source of credentials
 * @uri: of the server
 * @user: (nullable): whose; %NULL: of the user of @uri, or of anybody where it has none
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called once it is forgotten
 * @user_data: for @callback
 *
 * The asynchronous form of [method@Credentials.clear].
 */
void
ph_credentials_clear_async (PhCredentials *self, const char *uri, const char *user, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (PH_IS_CREDENTIALS (self));
  g_return_if_fail (uri != NULL);

  if (ph_credentials_can_store (self))
    PH_CREDENTIALS_GET_IFACE (self)->clear_async (self, uri, user, cancellable, callback, user_data);
  else
    return_unsupported (self, ph_credentials_clear_async, cancellable, callback, user_data);
}

/**
 * ph_credentials_clear_finish:
 * @self: a source of credentials
 * @result: what the callback got
 * @error: return location
 *
 * Ends ph_credentials_clear_async().
 *
 * Returns: %TRUE where it is forgotten
 */
gboolean
ph_credentials_clear_finish (PhCredentials *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);

  if (g_async_result_is_tagged (result, ph_credentials_clear_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return PH_CREDENTIALS_GET_IFACE (self)->clear_finish (self, result, error);
}

/**
 * ph_credentials_list_accounts_async:
 * @self: a source of credentials
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called once they are known
 * @user_data: for @callback
 *
 * The asynchronous form of [method@Credentials.list_accounts].
 */
void
ph_credentials_list_accounts_async (PhCredentials *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PhCredentialsInterface *iface;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PH_IS_CREDENTIALS (self));

  iface = PH_CREDENTIALS_GET_IFACE (self);
  if (iface->list_accounts_async != NULL)
    {
      iface->list_accounts_async (self, cancellable, callback, user_data);
      return;
    }

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_credentials_list_accounts_async);
  g_task_return_pointer (task, g_ptr_array_new_with_free_func ((GDestroyNotify) ph_account_unref), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * ph_credentials_list_accounts_finish:
 * @self: a source of credentials
 * @result: what the callback got
 * @error: return location
 *
 * Ends ph_credentials_list_accounts_async().
 *
 * Returns: (transfer container) (element-type PhAccount): the accounts; %NULL and what the source says
 */
GPtrArray *
ph_credentials_list_accounts_finish (PhCredentials *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS (self), NULL);

  if (g_async_result_is_tagged (result, ph_credentials_list_accounts_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return PH_CREDENTIALS_GET_IFACE (self)->list_accounts_finish (self, result, error);
}
