/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Built twice, as two plugins with one type name: a second g_type_register_static () of it would hang the process. */
#include <posthorn/posthorn-plugin.h>

typedef struct { GObject parent; } PhTestTwin;
typedef GObjectClass PhTestTwinClass;

static GBytes *
respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  return g_bytes_new_static (TEST_NAME, strlen (TEST_NAME));
}

static void
describe (PhSaslMechanismInterface *iface)
{
  iface->respond = respond;
}

GType ph_test_twin_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhTestTwin, ph_test_twin, G_TYPE_OBJECT, PH_TYPE_SASL_MECHANISM, describe)

static void
ph_test_twin_init (PhTestTwin *self)
{
}

static void
ph_test_twin_class_init (PhTestTwinClass *klass)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_MECHANISM, .name = TEST_NAME, .summary = "Of a test", .get_type = ph_test_twin_get_type },
};

/* one macro more, so that TEST_PLUGIN is replaced first */
#define DEFINE_PLUGIN(symbol, name, summary, features) PH_DEFINE_PLUGIN (symbol, name, summary, features)

DEFINE_PLUGIN (TEST_PLUGIN, TEST_NAME, "Of a test", features)
