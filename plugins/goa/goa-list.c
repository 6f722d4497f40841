/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the service what accounts there are. */
#include "goa.h"

GError *
goa_translate (GError *error, const char *what)
{
  GError *translated;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || error->domain == PH_ERROR)
    return error;

  g_dbus_error_strip_remote_error (error);
  translated = g_error_new (PH_ERROR, PH_ERROR_NO_CREDENTIALS, "%s: %s", what, error->message);
  g_error_free (error);
  return translated;
}

static void
return_failure (GTask *task, GError *error)
{
  g_task_return_error (task, goa_translate (error, "GNOME Online Accounts can't be asked"));
}

static void
on_objects (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      return_failure (task, error);
      return;
    }

  g_task_set_task_data (task, g_object_ref (source), g_object_unref);
  g_task_return_pointer (task, g_variant_get_child_value (reply, 0), (GDestroyNotify) g_variant_unref);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, &error);

  if (connection == NULL)
    return_failure (task, error);
  else
    g_dbus_connection_call (connection, GOA_NAME, GOA_PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL,
                            G_VARIANT_TYPE ("(a{oa{sa{sv}}})"), G_DBUS_CALL_FLAGS_NONE, -1, g_task_get_cancellable (task), on_objects,
                            g_object_ref (task));
}

void
goa_list_objects_async (gpointer source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, goa_list_objects_async);
  /* all of the process share the connection that is being made: cancelled here, it would fail for them */
  g_bus_get (G_BUS_TYPE_SESSION, NULL, on_bus, task);
}

GVariant *
goa_list_objects_finish (GAsyncResult *result, GDBusConnection **connection, GError **error)
{
  GVariant *objects = g_task_propagate_pointer (G_TASK (result), error);

  if (objects != NULL)
    *connection = g_object_ref (g_task_get_task_data (G_TASK (result)));
  return objects;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GDBusConnection) connection = NULL;
  GError *error = NULL;
  g_autoptr (GVariant) objects = goa_list_objects_finish (result, &connection, &error);

  if (objects != NULL)
    g_task_return_pointer (task, goa_account_list (objects), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
goa_list_accounts_async (PhCredentials *credentials, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (credentials, cancellable, callback, user_data);

  g_task_set_source_tag (task, goa_list_accounts_async);
  goa_list_objects_async (credentials, cancellable, on_listed, task);
}

GPtrArray *
goa_list_accounts_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
