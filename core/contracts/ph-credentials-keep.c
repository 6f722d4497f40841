/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a source of credentials may do beyond looking up: keep a password, forget it, list accounts. */
#include <posthorn/posthorn.h>

/* A blocking call runs the asynchronous one in a main context of its own. */
typedef struct {
  GMainContext *context;
  GAsyncResult *result;
} Wait;

static void
wait_begin (Wait *wait)
{
  *wait = (Wait){ .context = g_main_context_new () };
  g_main_context_push_thread_default (wait->context);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Wait *) data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (wait->context, TRUE);

  return wait->result;
}

/* What the source let go of with the result may have something to clean up in the context. */
static void
wait_end (Wait *wait)
{
  g_object_unref (wait->result);
  while (g_main_context_iteration (wait->context, FALSE))
    ;
  g_main_context_pop_thread_default (wait->context);
  g_main_context_unref (wait->context);
}

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
 * ph_credentials_store:
 * @self: a source of credentials
 * @uri: of the server
 * @user: (nullable): who logs in; %NULL: the user of @uri
 * @password: the password
 * @cancellable: (nullable): to give up
 * @error: return location
 *
 * Keeps a password for the logins to come, in place of what was kept for that user and server. A program calls it once a login
 * with it went well. Blocks; a person may be asked to unlock the keyring meanwhile.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the source keeps nothing, %PH_ERROR_INVALID_URI, %PH_ERROR_INVALID_ARGUMENT where there is no
 * user name, or with what the source says.
 *
 * Returns: %TRUE where it is kept
 */
gboolean
ph_credentials_store (PhCredentials *self, const char *uri, const char *user, PhSecret *password, GCancellable *cancellable, GError **error)
{
  Wait wait;
  gboolean done;

  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (uri != NULL && password != NULL, FALSE);

  wait_begin (&wait);
  ph_credentials_store_async (self, uri, user, password, cancellable, keep_result, &wait);
  done = ph_credentials_store_finish (self, wait_for_result (&wait), error);
  wait_end (&wait);
  return done;
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
 * ph_credentials_clear:
 * @self: a source of credentials
 * @uri: of the server
 * @user: (nullable): whose; %NULL: of the user of @uri, or of anybody where it has none
 * @cancellable: (nullable): to give up
 * @error: return location
 *
 * Forgets a password that is kept. No source does so by itself, not even when a server has refused it. Blocks.
 *
 * Fails with %PH_ERROR_NO_CREDENTIALS where nothing was kept, %PH_ERROR_NOT_SUPPORTED where the source keeps nothing,
 * %PH_ERROR_INVALID_URI, or with what the source says.
 *
 * Returns: %TRUE where it is forgotten
 */
gboolean
ph_credentials_clear (PhCredentials *self, const char *uri, const char *user, GCancellable *cancellable, GError **error)
{
  Wait wait;
  gboolean done;

  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  wait_begin (&wait);
  ph_credentials_clear_async (self, uri, user, cancellable, keep_result, &wait);
  done = ph_credentials_clear_finish (self, wait_for_result (&wait), error);
  wait_end (&wait);
  return done;
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
 * ph_credentials_list_accounts:
 * @self: a source of credentials
 * @cancellable: (nullable): to give up
 * @error: return location
 *
 * Lists the mail accounts that a person has set up where the source looks, in GNOME's settings for one. Empty where there is none,
 * and where the source knows of no such thing. Blocks.
 *
 * Returns: (transfer container) (element-type PhAccount): the accounts; %NULL and what the source says
 */
GPtrArray *
ph_credentials_list_accounts (PhCredentials *self, GCancellable *cancellable, GError **error)
{
  Wait wait;
  GPtrArray *accounts;

  g_return_val_if_fail (PH_IS_CREDENTIALS (self), NULL);

  wait_begin (&wait);
  ph_credentials_list_accounts_async (self, cancellable, keep_result, &wait);
  accounts = ph_credentials_list_accounts_finish (self, wait_for_result (&wait), error);
  wait_end (&wait);
  return accounts;
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
  if (iface->list_async != NULL)
    {
      iface->list_async (self, cancellable, callback, user_data);
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
  return PH_CREDENTIALS_GET_IFACE (self)->list_finish (self, result, error);
}
