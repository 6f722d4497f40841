/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source's calls that block: each runs its asynchronous form in a main context of its own. */
#include <posthorn/posthorn.h>

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

/**
 * ph_credentials_lookup:
 * @self: a source of credentials
 * @uri: the session's
 * @needs: what is needed
 * @context: where to put it
 * @cancellable: (nullable): to give up
 * @error: return location
 *
 * Fetches what @needs says for @uri and puts it into @context. Blocks, except for sources that have their answer at hand. Fails with
 * %PH_ERROR_NO_CREDENTIALS where what is needed isn't to be had, or with what the source says.
 *
 * Returns: %TRUE where the context is filled
 */
gboolean
ph_credentials_lookup (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GCancellable *cancellable,
                       GError **error)
{
  PhCredentialsInterface *iface;
  Wait wait;
  gboolean done;

  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (context), FALSE);

  iface = PH_CREDENTIALS_GET_IFACE (self);
  if (iface->lookup_now != NULL)
    return !g_cancellable_set_error_if_cancelled (cancellable, error) && iface->lookup_now (self, uri, needs, context, error);

  wait_begin (&wait);
  ph_credentials_lookup_async (self, uri, needs, context, cancellable, keep_result, &wait);
  done = ph_credentials_lookup_finish (self, wait_for_result (&wait), error);
  wait_end (&wait);
  return done;
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
