/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source of credentials as a plugin: knows one password, promises a token as well, and forgets what was refused. */
#include <posthorn/posthorn-plugin.h>

typedef struct {
  GObject parent;
  PhSaslNeeds refused;
} PhTestKeeper;
typedef GObjectClass PhTestKeeperClass;

static PhSaslNeeds
get_kinds (PhCredentials *credentials, const char *uri)
{
  return PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN;
}

static void
lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  PhTestKeeper *self = (PhTestKeeper *) credentials;
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (PhSecret) password = ph_secret_new ("wonderland");

  g_task_set_source_tag (task, lookup_async);
  if (needs & (PH_SASL_NEEDS_TOKEN | self->refused))
    {
      g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "The keeper has nothing for %s", uri);
      return;
    }
  ph_sasl_context_set_user (context, "alice");
  ph_sasl_context_set_secret (context, password);
  g_task_return_boolean (task, TRUE);
}

static gboolean
lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
refused (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  ((PhTestKeeper *) credentials)->refused |= needs & PH_SASL_NEEDS_SECRET;
}

static void
describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = get_kinds;
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->refused = refused;
}

GType ph_test_keeper_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhTestKeeper, ph_test_keeper, G_TYPE_OBJECT, PH_TYPE_CREDENTIALS, describe)

static void
ph_test_keeper_init (PhTestKeeper *self)
{
}

static void
ph_test_keeper_class_init (PhTestKeeperClass *klass)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_CREDENTIALS, .name = "test-keeper", .summary = "Of a test", .rank = PH_RANK_NONE,
    .needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN, .get_type = ph_test_keeper_get_type },
};

PH_DEFINE_PLUGIN (keeper, "keeper", "Of a test", features)
