/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A user and a password or a token that are known already, as a source of credentials. */
#include <posthorn/posthorn.h>

#define PH_TYPE_FIXED_CREDENTIALS (ph_fixed_credentials_get_type ())
G_DECLARE_FINAL_TYPE (PhFixedCredentials, ph_fixed_credentials, PH, FIXED_CREDENTIALS, GObject)

struct _PhFixedCredentials
{
  GObject parent;

  char *user;
  PhSaslNeeds kind; /* of the secret: password or token */
  PhSecret *secret;
};

static void ph_fixed_credentials_describe (PhCredentialsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhFixedCredentials, ph_fixed_credentials, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_CREDENTIALS, ph_fixed_credentials_describe))

static PhSaslNeeds
ph_fixed_credentials_get_kinds (PhCredentials *credentials, const char *uri)
{
  PhFixedCredentials *self = PH_FIXED_CREDENTIALS (credentials);

  return self->kind | (self->user != NULL ? PH_SASL_NEEDS_USER : PH_SASL_NEEDS_NOTHING);
}

/* What the session put into the context, the URI's user for one, stays unless another was given here. */
static gboolean
ph_fixed_credentials_lookup_now (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GError **error)
{
  PhFixedCredentials *self = PH_FIXED_CREDENTIALS (credentials);
  const char *what = self->kind == PH_SASL_NEEDS_TOKEN ? "an access token" : "a password";

  if (needs & ~(self->kind | PH_SASL_NEEDS_USER))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is %s for %s and nothing else", what, uri);
      return FALSE;
    }

  if (self->user == NULL && (needs & PH_SASL_NEEDS_USER) && ph_sasl_context_get_user (context) == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is %s for %s and no user name", what, uri);
      return FALSE;
    }

  if (self->user != NULL)
    ph_sasl_context_set_user (context, self->user);
  if (needs & PH_SASL_NEEDS_SECRET)
    ph_sasl_context_set_secret (context, self->secret);
  if (needs & PH_SASL_NEEDS_TOKEN)
    ph_sasl_context_set_token (context, self->secret);
  return TRUE;
}

static void
ph_fixed_credentials_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (credentials, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, ph_fixed_credentials_lookup_async);
  if (ph_fixed_credentials_lookup_now (credentials, uri, needs, context, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
ph_fixed_credentials_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ph_fixed_credentials_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = ph_fixed_credentials_get_kinds;
  iface->lookup_async = ph_fixed_credentials_lookup_async;
  iface->lookup_finish = ph_fixed_credentials_lookup_finish;
  iface->lookup_now = ph_fixed_credentials_lookup_now;
}

static void
ph_fixed_credentials_finalize (GObject *object)
{
  PhFixedCredentials *self = PH_FIXED_CREDENTIALS (object);

  g_free (self->user);
  ph_secret_unref (self->secret);

  G_OBJECT_CLASS (ph_fixed_credentials_parent_class)->finalize (object);
}

static void
ph_fixed_credentials_class_init (PhFixedCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_fixed_credentials_finalize;
}

static void
ph_fixed_credentials_init (PhFixedCredentials *self)
{
}

static PhCredentials *
new_fixed (const char *user, PhSaslNeeds kind, PhSecret *secret)
{
  PhFixedCredentials *self = g_object_new (PH_TYPE_FIXED_CREDENTIALS, NULL);

  self->user = g_strdup (user);
  self->kind = kind;
  self->secret = ph_secret_ref (secret);
  return PH_CREDENTIALS (self);
}

/**
 * ph_credentials_new_password:
 * @user: (nullable): the user's name, UTF-8; %NULL: the session's, from its URI or [method@Session.set_user]
 * @password: the password; referenced
 *
 * Makes a source of credentials of a name and a password that are known already. May be used by any number of sessions, in any
 * thread.
 *
 * Returns: (transfer full): the source
 */
PhCredentials *
ph_credentials_new_password (const char *user, PhSecret *password)
{
  g_return_val_if_fail (password != NULL, NULL);

  return new_fixed (user, PH_SASL_NEEDS_SECRET, password);
}

/**
 * ph_credentials_new_token:
 * @user: (nullable): the user's name, UTF-8; %NULL: the session's, from its URI or [method@Session.set_user]
 * @token: the OAuth 2 access token; referenced
 *
 * Makes a source of credentials of a name and a token that are known already. Tokens expire; a program that can renew them gives
 * [func@Credentials.new_function] instead. May be used by any number of sessions, in any thread.
 *
 * Returns: (transfer full): the source
 */
PhCredentials *
ph_credentials_new_token (const char *user, PhSecret *token)
{
  g_return_val_if_fail (token != NULL, NULL);

  return new_fixed (user, PH_SASL_NEEDS_TOKEN, token);
}

/**
 * ph_credentials_new_named:
 * @name: the name of a feature of the kind %PH_FEATURE_CREDENTIALS: "secret-service"
 * @error: return location
 *
 * Makes the source of credentials that a plugin brings. What can be set on it are properties of its object.
 *
 * Fails with %PH_ERROR_PLUGIN where no plugin brings one of that name, or it can't be made.
 *
 * Returns: (transfer full): the source
 */
PhCredentials *
ph_credentials_new_named (const char *name, GError **error)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  feature = ph_registry_find (registry, PH_FEATURE_CREDENTIALS, name);
  if (feature == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "No plugin that is installed brings credentials by the name of \"%s\"", name);
      return NULL;
    }
  return (PhCredentials *) ph_registry_create (registry, feature, error);
}
