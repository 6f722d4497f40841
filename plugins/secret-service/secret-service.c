/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords in the user's keyring, by the Secret Service that GNOME Keyring, KWallet and KeePassXC bring. */
#include "secret-service.h"

#include <posthorn/posthorn-plugin.h>
#include <string.h>

typedef GObjectClass PhSecretServiceClass;

GType ph_secret_service_get_type (void);

GHashTable *
ph_secret_service_attributes (const PhPlace *place, const char *user, gboolean is_whole)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (attributes, (gpointer) "server", g_strdup (place->host));
  if (user != NULL)
    g_hash_table_insert (attributes, (gpointer) "user", g_strdup (user));
  if (is_whole)
    {
      g_hash_table_insert (attributes, (gpointer) "protocol", g_strdup (place->service));
      g_hash_table_insert (attributes, (gpointer) "port", g_strdup_printf ("%u", place->port));
    }
  return attributes;
}

guint
ph_secret_service_get_fitness (const PhPlace *place, SecretRetrievable *item)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *protocol = g_hash_table_lookup (attributes, "protocol");
  const char *text = g_hash_table_lookup (attributes, "port");
  gsize length = strlen (place->service);
  gboolean has_protocol = protocol != NULL && *protocol != '\0';
  guint64 port = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  if (g_hash_table_lookup (attributes, "user") == NULL || (port != 0 && (port > G_MAXUINT16 || !ph_place_has_port (place, (guint) port))))
    return 0;
  /* "imap" or "imaps" */
  if (has_protocol && (!g_str_has_prefix (protocol, place->service) || (protocol[length] != '\0' && strcmp (protocol + length, "s") != 0)))
    return 0;
  return 1 + (has_protocol ? 2 : 0) + (port != 0 ? 1 : 0);
}

GError *
ph_secret_service_translate (GError *error, PhError code)
{
  GError *translated;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || error->domain == PH_ERROR)
    return error;

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    translated = g_error_new (PH_ERROR, (int) code, "The keyring is locked");
  else
    {
      g_dbus_error_strip_remote_error (error);
      translated = g_error_new (PH_ERROR, (int) code, "The keyring can't be asked: %s", error->message);
    }
  g_error_free (error);
  return translated;
}

gboolean
ph_secret_service_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static PhSaslNeeds
ph_secret_service_get_kinds (PhCredentials *credentials, const char *uri)
{
  return PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET;
}

static void
ph_secret_service_refused (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  if (needs & PH_SASL_NEEDS_SECRET)
    ph_offers_refuse (((PhSecretService *) credentials)->offers, uri);
}

static void
ph_secret_service_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = ph_secret_service_get_kinds;
  iface->lookup_async = ph_secret_service_lookup_async;
  iface->lookup_finish = ph_secret_service_finish;
  iface->refused = ph_secret_service_refused;
  iface->store_async = ph_secret_service_store_async;
  iface->store_finish = ph_secret_service_finish;
  iface->clear_async = ph_secret_service_clear_async;
  iface->clear_finish = ph_secret_service_finish;
}

PH_DEFINE_PLUGIN_TYPE (PhSecretService, ph_secret_service, G_TYPE_OBJECT, PH_TYPE_CREDENTIALS, ph_secret_service_describe)

static void
ph_secret_service_finalize (GObject *object)
{
  ph_offers_free (((PhSecretService *) object)->offers);
  G_OBJECT_CLASS (ph_secret_service_parent_class)->finalize (object);
}

static void
ph_secret_service_class_init (PhSecretServiceClass *klass)
{
  klass->finalize = ph_secret_service_finalize;
}

static void
ph_secret_service_init (PhSecretService *self)
{
  self->offers = ph_offers_new ();
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_CREDENTIALS, .name = "secret-service", .summary = "Passwords in the user's keyring (Secret Service)",
    .rank = PH_RANK_PRIMARY, .needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET, .get_type = ph_secret_service_get_type },
};

PH_DEFINE_PLUGIN (secret_service, "secret-service", "Passwords in the user's keyring (Secret Service)", features)
