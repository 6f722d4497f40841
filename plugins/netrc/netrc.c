/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Credentials out of a .netrc file, read anew for each login. */
#include "netrc-file.h"
#include "ph-offers.h"

#include <posthorn/posthorn.h>
#include <posthorn/posthorn-plugin.h>

typedef struct {
  GObject parent;

  char *path; /* NULL: the default one */
  PhOffers *offers;
} PhNetrc;
typedef GObjectClass PhNetrcClass;

enum { PROP_0, PROP_PATH };

/* A lookup: a worker thread reads the file, the session's thread fills the context. */
typedef struct {
  char *path, *uri, *host, *user;
  PhSaslNeeds needs;
  PhSaslContext *context;

  char *login;
  PhSecret *password;
} Lookup;

GType ph_netrc_get_type (void);

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->path);
  g_free (lookup->uri);
  g_free (lookup->host);
  g_free (lookup->user);
  g_free (lookup->login);
  g_clear_pointer (&lookup->password, ph_secret_unref);
  g_object_unref (lookup->context);
  g_free (lookup);
}

static PhSaslNeeds
ph_netrc_get_kinds (PhCredentials *credentials, const char *uri)
{
  return PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Lookup *lookup = data;
  GError *error = NULL;

  if (netrc_read (lookup->path, lookup->host, lookup->user, &lookup->login, &lookup->password, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
ph_netrc_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  PhNetrc *self = (PhNetrc *) credentials;
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Lookup *lookup = g_new0 (Lookup, 1);

  g_task_set_source_tag (task, ph_netrc_lookup_async);
  lookup->path = self->path != NULL ? g_strdup (self->path) : netrc_default_path ();
  lookup->uri = g_strdup (uri);
  lookup->host = g_strdup (ph_sasl_context_get_host (context));
  lookup->user = g_strdup (ph_sasl_context_get_user (context));
  lookup->needs = needs;
  lookup->context = g_object_ref (context);
  g_task_set_task_data (task, lookup, lookup_free);
  g_task_run_in_thread (task, read_in_thread);
}

static gboolean
fill (PhNetrc *self, Lookup *lookup, GError **error)
{
  const char *user = lookup->user != NULL ? lookup->user : lookup->login;
  const char *lacking = NULL;

  if (lookup->needs & ~(PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET))
    lacking = "no access token";
  else if ((lookup->needs & PH_SASL_NEEDS_USER) && user == NULL)
    lacking = "no login";
  else if ((lookup->needs & PH_SASL_NEEDS_SECRET) && lookup->password == NULL)
    lacking = "no password";
  else if ((lookup->needs & PH_SASL_NEEDS_SECRET) && !ph_offers_give (self->offers, lookup->uri, user, lookup->password))
    lacking = "no other password than the one that was refused";
  if (lacking != NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "%s has %s for %s", lookup->path, lacking, lookup->host);
      return FALSE;
    }

  if (user != NULL)
    ph_sasl_context_set_user (lookup->context, user);
  if (lookup->needs & PH_SASL_NEEDS_SECRET)
    ph_sasl_context_set_secret (lookup->context, lookup->password);
  return TRUE;
}

static gboolean
ph_netrc_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error) &&
         fill ((PhNetrc *) credentials, g_task_get_task_data (G_TASK (result)), error);
}

static void
ph_netrc_refused (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  if (needs & PH_SASL_NEEDS_SECRET)
    ph_offers_refuse (((PhNetrc *) credentials)->offers, uri);
}

static void
ph_netrc_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = ph_netrc_get_kinds;
  iface->lookup_async = ph_netrc_lookup_async;
  iface->lookup_finish = ph_netrc_lookup_finish;
  iface->refused = ph_netrc_refused;
}

PH_DEFINE_PLUGIN_TYPE (PhNetrc, ph_netrc, G_TYPE_OBJECT, PH_TYPE_CREDENTIALS, ph_netrc_describe)

static void
ph_netrc_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, ((PhNetrc *) object)->path);
}

static void
ph_netrc_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PhNetrc *self = (PhNetrc *) object;

  g_free (self->path);
  self->path = g_value_dup_string (value);
}

static void
ph_netrc_finalize (GObject *object)
{
  PhNetrc *self = (PhNetrc *) object;

  g_free (self->path);
  ph_offers_free (self->offers);
  G_OBJECT_CLASS (ph_netrc_parent_class)->finalize (object);
}

static void
ph_netrc_class_init (PhNetrcClass *klass)
{
  klass->get_property = ph_netrc_get_property;
  klass->set_property = ph_netrc_set_property;
  klass->finalize = ph_netrc_finalize;
  g_object_class_install_property (klass, PROP_PATH,
                                   g_param_spec_string ("path", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
ph_netrc_init (PhNetrc *self)
{
  self->offers = ph_offers_new ();
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_CREDENTIALS, .name = "netrc", .summary = "Logins and passwords out of ~/.netrc", .rank = PH_RANK_SECONDARY,
    .needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET, .get_type = ph_netrc_get_type },
};

PH_DEFINE_PLUGIN (netrc, "netrc", "Logins and passwords out of ~/.netrc", features)
