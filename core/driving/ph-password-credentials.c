/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A user and a password that are known already, as a source of credentials. */
#include <posthorn/posthorn.h>

#define PH_TYPE_PASSWORD_CREDENTIALS (ph_password_credentials_get_type ())
G_DECLARE_FINAL_TYPE (PhPasswordCredentials, ph_password_credentials, PH, PASSWORD_CREDENTIALS, GObject)

struct _PhPasswordCredentials
{
  GObject parent;

  char *user;
  PhSecret *password;
};

static void ph_password_credentials_describe (PhCredentialsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhPasswordCredentials, ph_password_credentials, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_CREDENTIALS, ph_password_credentials_describe))

static PhSaslNeeds
ph_password_credentials_get_kinds (PhCredentials *credentials)
{
  PhPasswordCredentials *self = PH_PASSWORD_CREDENTIALS (credentials);

  return PH_SASL_NEEDS_SECRET | (self->user != NULL ? PH_SASL_NEEDS_USER : PH_SASL_NEEDS_NOTHING);
}

/* What the session put into the context, the URI's user for one, stays unless another was given here. */
static gboolean
fill (PhPasswordCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GError **error)
{
  if (needs & (PH_SASL_NEEDS_TOKEN | PH_SASL_NEEDS_TICKET | PH_SASL_NEEDS_CERTIFICATE))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is a password for %s and nothing else", uri);
      return FALSE;
    }

  if (self->user != NULL)
    ph_sasl_context_set_user (context, self->user);
  if (needs & PH_SASL_NEEDS_SECRET)
    ph_sasl_context_set_secret (context, self->password);

  if ((needs & PH_SASL_NEEDS_USER) && ph_sasl_context_get_user (context) == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is a password for %s and no user name", uri);
      return FALSE;
    }

  return TRUE;
}

static void
ph_password_credentials_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (credentials, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, ph_password_credentials_lookup_async);
  if (fill (PH_PASSWORD_CREDENTIALS (credentials), uri, needs, context, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
ph_password_credentials_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ph_password_credentials_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = ph_password_credentials_get_kinds;
  iface->lookup_async = ph_password_credentials_lookup_async;
  iface->lookup_finish = ph_password_credentials_lookup_finish;
}

static void
ph_password_credentials_finalize (GObject *object)
{
  PhPasswordCredentials *self = PH_PASSWORD_CREDENTIALS (object);

  g_free (self->user);
  ph_secret_unref (self->password);

  G_OBJECT_CLASS (ph_password_credentials_parent_class)->finalize (object);
}

static void
ph_password_credentials_class_init (PhPasswordCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_password_credentials_finalize;
}

static void
ph_password_credentials_init (PhPasswordCredentials *self)
{
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
  PhPasswordCredentials *self;

  g_return_val_if_fail (password != NULL, NULL);

  self = g_object_new (PH_TYPE_PASSWORD_CREDENTIALS, NULL);
  self->user = g_strdup (user);
  self->password = ph_secret_ref (password);
  return PH_CREDENTIALS (self);
}
