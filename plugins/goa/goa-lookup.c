/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lookup: finds the account, has its credentials ensured where they are in doubt, and asks for the token or the password. */
#include "goa.h"

/* The service may renew a token at the provider's */
#define PATIENCE (120 * 1000)

typedef struct {
  char *uri;
  PhPlace place;
  PhSaslNeeds needs;
  PhSaslContext *context;
  gboolean is_doubtful;

  GDBusConnection *connection;
  GoaAccount account;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->uri);
  ph_place_clear (&lookup->place);
  g_object_unref (lookup->context);
  g_clear_object (&lookup->connection);
  goa_account_clear (&lookup->account);
  g_free (lookup);
}

static void G_GNUC_PRINTF (2, 3)
return_lack (GTask *task, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_task_return_error (task, g_error_new_valist (PH_ERROR, PH_ERROR_NO_CREDENTIALS, format, args));
  va_end (args);
}

static void
call (GTask *task, const char *interface, const char *method, GVariant *arguments, const char *type, GAsyncReadyCallback callback)
{
  Lookup *lookup = g_task_get_task_data (task);

  g_dbus_connection_call (lookup->connection, GOA_NAME, lookup->account.path, interface, method, arguments, G_VARIANT_TYPE (type),
                          G_DBUS_CALL_FLAGS_NONE, PATIENCE, g_task_get_cancellable (task), callback, g_object_ref (task));
}

static void
return_failure (GTask *task, GError *error)
{
  Lookup *lookup = g_task_get_task_data (task);
  g_autofree char *what = g_strdup_printf ("The account %s needs attention in the settings of GNOME Online Accounts", lookup->account.label);

  g_task_return_error (task, goa_translate (error, what));
}

static void
set_user (Lookup *lookup)
{
  /* what the session knows stays */
  if (lookup->account.user != NULL && ph_sasl_context_get_user (lookup->context) == NULL)
    ph_sasl_context_set_user (lookup->context, lookup->account.user);
}

static void
on_secret (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PhGoa *self = g_task_get_source_object (task);
  Lookup *lookup = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *text = NULL;
  g_autoptr (PhSecret) secret = NULL;

  if (reply == NULL)
    {
      return_failure (task, error);
      return;
    }

  g_variant_get_child (reply, 0, "&s", &text);
  secret = ph_secret_new (text);
  if (!ph_offers_give (self->offers, lookup->uri, lookup->account.id, secret))
    {
      return_lack (task, "GNOME Online Accounts has nothing for %s but what was refused", lookup->account.label);
      return;
    }

  set_user (lookup);
  if (lookup->needs & PH_SASL_NEEDS_TOKEN)
    ph_sasl_context_set_token (lookup->context, secret);
  else
    ph_sasl_context_set_secret (lookup->context, secret);
  g_task_return_boolean (task, TRUE);
}

static void
ask_for_secret (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);
  g_autofree char *password = g_strconcat (lookup->place.service, "-password", NULL);

  if (lookup->needs & PH_SASL_NEEDS_TOKEN)
    call (task, GOA_OAUTH2, "GetAccessToken", NULL, "(si)", on_secret);
  else
    call (task, GOA_PASSWORD, "GetPassword", g_variant_new ("(s)", password), "(s)", on_secret);
}

static void
on_ensured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL)
    ask_for_secret (task);
  else
    return_failure (task, error);
}

/* What the account can't give lets another mechanism have its turn, so nothing is ensured for it. */
static void
use_account (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);
  const GoaAccount *account = &lookup->account;

  if ((lookup->needs & (PH_SASL_NEEDS_TOKEN | PH_SASL_NEEDS_SECRET)) == 0)
    {
      set_user (lookup);
      g_task_return_boolean (task, TRUE);
    }
  else if ((lookup->needs & PH_SASL_NEEDS_TOKEN) && !account->has_token)
    return_lack (task, "The account %s of GNOME Online Accounts has no access token", account->label);
  else if ((lookup->needs & PH_SASL_NEEDS_SECRET) && !account->has_password)
    return_lack (task, "The account %s of GNOME Online Accounts has no password", account->label);
  else if (lookup->is_doubtful || account->needs_attention)
    call (task, GOA_ACCOUNT, "EnsureCredentials", NULL, "(i)", on_ensured);
  else
    ask_for_secret (task);
}

static void
on_objects (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PhGoa *self = g_task_get_source_object (task);
  Lookup *lookup = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) objects = goa_list_objects_finish (result, &lookup->connection, &error);
  const char *user = ph_sasl_context_get_user (lookup->context);

  if (objects == NULL)
    g_task_return_error (task, error);
  else if (goa_account_find (&lookup->account, objects, self->account, &lookup->place, user))
    use_account (task);
  else
    return_lack (task, "GNOME Online Accounts has no account for %s", lookup->uri);
}

void
goa_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  PhGoa *self = (PhGoa *) credentials;
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Lookup *lookup = g_new0 (Lookup, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, goa_lookup_async);
  lookup->uri = g_strdup (uri);
  lookup->needs = needs;
  lookup->context = g_object_ref (context);
  lookup->is_doubtful = g_hash_table_remove (self->doubtful, uri);
  g_task_set_task_data (task, lookup, lookup_free);
  if (!ph_place_read (&lookup->place, uri, &error))
    {
      error->code = PH_ERROR_NO_CREDENTIALS;
      g_task_return_error (task, error);
      return;
    }

  goa_list_objects_async (self, cancellable, on_objects, g_object_ref (task));
}

gboolean
goa_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
