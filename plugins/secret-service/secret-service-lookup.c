/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lookup: searches the keyring, weighs what is found, and takes the best that has not been refused. */
#include "secret-service.h"

typedef struct {
  char *uri;
  PhPlace place;
  PhSaslNeeds needs;
  PhSaslContext *context;

  GList *found; /* SecretRetrievable, the best first */
  gboolean met_refused, met_locked;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->uri);
  ph_place_clear (&lookup->place);
  g_object_unref (lookup->context);
  g_list_free_full (lookup->found, g_object_unref);
  g_free (lookup);
}

static void try_next (GTask *task);

static void
give_up (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);
  const char *user = ph_sasl_context_get_user (lookup->context);

  if (lookup->met_locked)
    g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "The keyring with the password for %s is locked", lookup->place.host);
  else
    g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "The keyring has no %spassword for %s%s%s",
                           lookup->met_refused ? "other " : "", user != NULL ? user : "", user != NULL ? " on " : "", lookup->place.host);
}

/* ---- weighing ---- */

static int
compare (gconstpointer a, gconstpointer b, gpointer place)
{
  SecretRetrievable *one = (SecretRetrievable *) a, *other = (SecretRetrievable *) b;
  guint fits = ph_secret_service_get_fitness (place, one), other_fits = ph_secret_service_get_fitness (place, other);
  guint64 age = secret_retrievable_get_modified (one), other_age = secret_retrievable_get_modified (other);

  if (fits != other_fits)
    return fits > other_fits ? -1 : 1;
  return age == other_age ? 0 : age > other_age ? -1 : 1;
}

static GList *
weigh (GList *found, PhPlace *place)
{
  for (GList *at = found; at != NULL;)
    {
      GList *next = at->next;

      if (ph_secret_service_get_fitness (place, at->data) == 0)
        {
          g_object_unref (at->data);
          found = g_list_delete_link (found, at);
        }
      at = next;
    }
  return g_list_sort_with_data (found, compare, place);
}

/* ---- one after the other ---- */

static gboolean
give (GTask *task, SecretRetrievable *item, SecretValue *value)
{
  PhSecretService *self = g_task_get_source_object (task);
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *user = g_hash_table_lookup (attributes, "user");
  gsize length = 0;
  const char *text = secret_value_get (value, &length);
  g_autoptr (PhSecret) secret = ph_secret_new_len (text, (gssize) length);

  if (!ph_offers_give (self->offers, lookup->uri, user, secret))
    {
      lookup->met_refused = TRUE;
      return FALSE;
    }

  ph_sasl_context_set_user (lookup->context, user);
  if (lookup->needs & PH_SASL_NEEDS_SECRET)
    ph_sasl_context_set_secret (lookup->context, secret);
  return TRUE;
}

static void
on_secret (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretValue) value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);

  if (error != NULL && !g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    {
      g_task_return_error (task, ph_secret_service_translate (g_steal_pointer (&error), PH_ERROR_NO_CREDENTIALS));
      return;
    }

  /* a person who unlocks one keyring may leave another one locked */
  lookup->met_locked |= error != NULL;
  if (value != NULL && give (task, SECRET_RETRIEVABLE (source), value))
    g_task_return_boolean (task, TRUE);
  else
    try_next (task);
}

static void
try_next (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr (SecretRetrievable) item = NULL;

  if (lookup->found == NULL)
    {
      give_up (task);
      return;
    }

  item = lookup->found->data;
  lookup->found = g_list_delete_link (lookup->found, lookup->found);
  secret_retrievable_retrieve_secret (item, g_task_get_cancellable (task), on_secret, g_object_ref (task));
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Lookup *lookup = g_task_get_task_data (task);
  GError *error = NULL;
  GList *found = secret_password_search_finish (result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, ph_secret_service_translate (error, PH_ERROR_NO_CREDENTIALS));
      return;
    }

  lookup->found = weigh (found, &lookup->place);
  try_next (task);
}

void
ph_secret_service_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (credentials, cancellable, callback, user_data);
  Lookup *lookup = g_new0 (Lookup, 1);
  g_autoptr (GHashTable) attributes = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, ph_secret_service_lookup_async);
  lookup->uri = g_strdup (uri);
  lookup->needs = needs;
  lookup->context = g_object_ref (context);
  g_task_set_task_data (task, lookup, lookup_free);
  if (needs & ~(PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET))
    {
      g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "The keyring has passwords, and no access token for %s", uri);
      return;
    }
  if (!ph_place_read (&lookup->place, uri, &error))
    {
      error->code = PH_ERROR_NO_CREDENTIALS;
      g_task_return_error (task, error);
      return;
    }

  attributes = ph_secret_service_attributes (&lookup->place, ph_sasl_context_get_user (context), FALSE);
  secret_password_searchv (SECRET_SCHEMA_COMPAT_NETWORK, attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK, cancellable, on_found,
                           g_object_ref (task));
}
