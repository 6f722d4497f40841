/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps passwords and forgets them, when the program says so. */
#include "secret-service.h"

/* NULL where the URI can't be read: the caller is told. *@user NULL: the URI's */
static GTask *
begin (PhCredentials *credentials, const char *uri, const char **user, PhPlace *place, gpointer tag, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (credentials, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, tag);
  if (!ph_place_read (place, uri, &error))
    {
      g_task_return_error (task, error);
      return NULL;
    }

  if (*user == NULL)
    *user = place->user;
  return g_steal_pointer (&task);
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, ph_secret_service_translate (error, PH_ERROR_FAILED));
}

void
ph_secret_service_store_async (PhCredentials *credentials, const char *uri, const char *user, PhSecret *password, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_auto (PhPlace) place = { 0 };
  g_autoptr (GTask) task = begin (credentials, uri, &user, &place, ph_secret_service_store_async, cancellable, callback, user_data);
  g_autoptr (GHashTable) attributes = NULL;
  g_autofree char *label = NULL;

  if (task == NULL)
    return;
  if (user == NULL)
    {
      g_task_return_new_error (task, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "%s names no user whose password it could be", uri);
      return;
    }

  attributes = ph_secret_service_attributes (&place, user, TRUE);
  label = g_strdup_printf ("Mail of %s on %s (%s)", user, place.host, place.service);
  secret_password_storev (SECRET_SCHEMA_COMPAT_NETWORK, attributes, SECRET_COLLECTION_DEFAULT, label, ph_secret_get (password, NULL), cancellable,
                          on_stored, g_object_ref (task));
}

/* ---- forgetting ---- */

typedef struct {
  PhPlace place;
  GList *found;         /* SecretRetrievable */
  gboolean has_cleared;
} Clearing;

static void
clearing_free (gpointer data)
{
  Clearing *clearing = data;

  ph_place_clear (&clearing->place);
  g_list_free_full (clearing->found, g_object_unref);
  g_free (clearing);
}

static void clear_next (GTask *task);

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Clearing *clearing = g_task_get_task_data (task);
  GError *error = NULL;

  if (!(SECRET_IS_ITEM (source) ? secret_item_delete_finish (SECRET_ITEM (source), result, &error) : secret_password_clear_finish (result, &error)))
    {
      if (error == NULL)
        error = g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "The keyring did not remove the password");
      g_task_return_error (task, ph_secret_service_translate (error, PH_ERROR_FAILED));
      return;
    }

  clearing->has_cleared = TRUE;
  clear_next (task);
}

/* By the item itself: its attributes might be those of another one, too, that has some more. */
static void
delete (GTask *task, SecretRetrievable *item)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);

  if (SECRET_IS_ITEM (item))
    secret_item_delete (SECRET_ITEM (item), g_task_get_cancellable (task), on_deleted, g_object_ref (task));
  else
    secret_password_clearv (NULL, attributes, g_task_get_cancellable (task), on_deleted, g_object_ref (task));
}

static void
clear_next (GTask *task)
{
  Clearing *clearing = g_task_get_task_data (task);

  while (clearing->found != NULL)
    {
      g_autoptr (SecretRetrievable) item = clearing->found->data;

      clearing->found = g_list_delete_link (clearing->found, clearing->found);
      if (ph_secret_service_get_fitness (&clearing->place, item) > 0)
        {
          delete (task, item);
          return;
        }
    }

  if (clearing->has_cleared)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "The keyring has no such password");
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Clearing *clearing = g_task_get_task_data (task);
  GError *error = NULL;

  clearing->found = secret_password_search_finish (result, &error);
  if (error != NULL)
    g_task_return_error (task, ph_secret_service_translate (error, PH_ERROR_FAILED));
  else
    clear_next (task);
}

void
ph_secret_service_clear_async (PhCredentials *credentials, const char *uri, const char *user, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Clearing *clearing = g_new0 (Clearing, 1);
  g_autoptr (GTask) task = begin (credentials, uri, &user, &clearing->place, ph_secret_service_clear_async, cancellable, callback, user_data);
  g_autoptr (GHashTable) attributes = NULL;

  if (task == NULL)
    {
      clearing_free (clearing);
      return;
    }

  g_task_set_task_data (task, clearing, clearing_free);
  attributes = ph_secret_service_attributes (&clearing->place, user, FALSE);
  secret_password_searchv (SECRET_SCHEMA_COMPAT_NETWORK, attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK, cancellable, on_found,
                           g_object_ref (task));
}
