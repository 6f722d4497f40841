/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCredentials: where user names and secrets come from. */
#include <posthorn/posthorn.h>

/**
 * PhCredentials:
 *
 * A source of user names and secrets. It is asked only when a login is about to need them, and told when the server did not
 * accept them. Programs give one to [method@Posthorn.Session.set_credentials]; calls come from the session's thread.
 *
 * There are sources of fixed values, [func@Posthorn.Credentials.new_password] and [func@Posthorn.Credentials.new_token]; one that asks
 * a function of the program, [func@Posthorn.Credentials.new_function]; and those that plugins bring (the user's keyring, a file):
 * [func@Posthorn.Credentials.new_named].
 *
 * A source may know only after a look whether it has a password or a token. It then names both as its kinds, and fails a lookup
 * with %PH_ERROR_NO_CREDENTIALS: the login goes on with a mechanism that needs something else.
 */
G_DEFINE_INTERFACE (PhCredentials, ph_credentials, G_TYPE_OBJECT)

static void
ph_credentials_default_init (PhCredentialsInterface *iface)
{
}

/**
 * ph_credentials_get_kinds:
 * @self: a source of credentials
 * @uri: the session's
 *
 * Tells what may be had, which decides what mechanisms come into question. Does not block.
 *
 * Returns: user, secret, token…
 */
PhSaslNeeds
ph_credentials_get_kinds (PhCredentials *self, const char *uri)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS (self), PH_SASL_NEEDS_NOTHING);
  g_return_val_if_fail (uri != NULL, PH_SASL_NEEDS_NOTHING);

  return PH_CREDENTIALS_GET_IFACE (self)->get_kinds (self, uri);
}

/**
 * ph_credentials_lookup_async:
 * @self: a source of credentials
 * @uri: the session's
 * @needs: what is needed
 * @context: where to put it
 * @cancellable: (nullable): to give up
 * @callback: (scope async): called once @context is filled
 * @user_data: for @callback
 *
 * Fetches what @needs says for @uri and puts it into @context.
 */
void
ph_credentials_lookup_async (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PH_IS_CREDENTIALS (self));
  g_return_if_fail (uri != NULL);
  g_return_if_fail (PH_IS_SASL_CONTEXT (context));

  PH_CREDENTIALS_GET_IFACE (self)->lookup_async (self, uri, needs, context, cancellable, callback, user_data);
}

/**
 * ph_credentials_lookup_finish:
 * @self: a source of credentials
 * @result: what the callback got
 * @error: return location
 *
 * Ends ph_credentials_lookup_async(). %PH_ERROR_NO_CREDENTIALS where what is needed isn't to be had.
 *
 * Returns: %TRUE where the context is filled
 */
gboolean
ph_credentials_lookup_finish (PhCredentials *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);

  return PH_CREDENTIALS_GET_IFACE (self)->lookup_finish (self, result, error);
}

/**
 * ph_credentials_refused:
 * @self: a source of credentials
 * @uri: the session's
 * @needs: which kinds were given: the user name, the password, the token
 * @reply: (nullable): the server's words
 *
 * Tells the source that the server did not accept what it gave. A password that was refused is not used again in this login; for
 * a token the source is asked once more, and has to give another one.
 *
 * Called behind the step that read the refusal, in its order among the session's signals, and before the next lookup.
 */
void
ph_credentials_refused (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  g_return_if_fail (PH_IS_CREDENTIALS (self));
  g_return_if_fail (uri != NULL);

  PhCredentialsInterface *iface = PH_CREDENTIALS_GET_IFACE (self);
  if (iface->refused != NULL)
    iface->refused (self, uri, needs, reply);
}
