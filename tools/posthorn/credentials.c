/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Credentials that look for a password or a token only when a mechanism wants one, and keep it for the next. */
#include "tool.h"

#define TOOL_TYPE_CREDENTIALS (tool_credentials_get_type ())
G_DECLARE_FINAL_TYPE (ToolCredentials, tool_credentials, TOOL, CREDENTIALS, GObject)

struct _ToolCredentials
{
  GObject parent;

  char *user;
  /* once known: several mechanisms may be tried; a token until it is refused */
  PhSecret *password;
  PhSecret *token;
};

static void tool_credentials_describe (PhCredentialsInterface *iface);

G_DEFINE_TYPE_WITH_CODE (ToolCredentials, tool_credentials, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PH_TYPE_CREDENTIALS, tool_credentials_describe))

static void
tool_credentials_finalize (GObject *object)
{
  ToolCredentials *self = TOOL_CREDENTIALS (object);

  g_free (self->user);
  g_clear_pointer (&self->password, ph_secret_unref);
  g_clear_pointer (&self->token, ph_secret_unref);
  G_OBJECT_CLASS (tool_credentials_parent_class)->finalize (object);
}

/* Kerberos is only tried when it is asked for by name: most people's tickets, if any, are for other servers. */
static PhSaslNeeds
tool_credentials_get_kinds (PhCredentials *credentials, const char *uri G_GNUC_UNUSED)
{
  ToolCredentials *self = TOOL_CREDENTIALS (credentials);
  guint kinds = PH_SASL_NEEDS_NOTHING;

  if (self->user != NULL)
    kinds |= PH_SASL_NEEDS_USER;
  if (tool_has_token ())
    kinds |= PH_SASL_NEEDS_TOKEN;
  if (tool_has_password () || (!tool_has_token () && tool_can_ask ()))
    kinds |= PH_SASL_NEEDS_SECRET;
  if (tool_options.mechanism != NULL)
    kinds |= PH_SASL_NEEDS_TICKET;
  return (PhSaslNeeds) kinds;
}

static void
tool_credentials_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ToolCredentials *self = TOOL_CREDENTIALS (credentials);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, tool_credentials_lookup_async);
  if (self->user != NULL)
    ph_sasl_context_set_user (context, self->user);
  if ((needs & PH_SASL_NEEDS_TOKEN) != 0)
    {
      if (self->token == NULL)
        self->token = tool_read_token (&error);
      if (self->token == NULL)
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      ph_sasl_context_set_token (context, self->token);
    }
  if ((needs & PH_SASL_NEEDS_SECRET) != 0)
    {
      g_autofree char *clean = tool_clean (uri);
      g_autofree char *prompt = g_strdup_printf ("Password of %s for %s: ", self->user != NULL ? self->user : "you", clean);

      if (self->password == NULL)
        self->password = tool_read_password (prompt, &error);
      if (self->password == NULL)
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      ph_sasl_context_set_secret (context, self->password);
    }
  g_task_return_boolean (task, TRUE);
}

static gboolean
tool_credentials_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The command that made the token may have a fresh one. */
static void
tool_credentials_refused (PhCredentials *credentials, const char *uri G_GNUC_UNUSED, PhSaslNeeds needs, PhReply *reply G_GNUC_UNUSED)
{
  if ((needs & PH_SASL_NEEDS_TOKEN) != 0)
    g_clear_pointer (&TOOL_CREDENTIALS (credentials)->token, ph_secret_unref);
}

static void
tool_credentials_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = tool_credentials_get_kinds;
  iface->lookup_async = tool_credentials_lookup_async;
  iface->lookup_finish = tool_credentials_lookup_finish;
  iface->refused = tool_credentials_refused;
}

static void
tool_credentials_class_init (ToolCredentialsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tool_credentials_finalize;
}

static void
tool_credentials_init (ToolCredentials *self G_GNUC_UNUSED)
{
}

/* @user: nullable */
PhCredentials *
tool_credentials_new (const char *user)
{
  ToolCredentials *self = g_object_new (TOOL_TYPE_CREDENTIALS, NULL);

  self->user = g_strdup (user);
  return PH_CREDENTIALS (self);
}
