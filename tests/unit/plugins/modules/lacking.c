/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The feature that -DTEST_FEATURE says lacks what its kind demands. */
#include <posthorn/posthorn-plugin.h>

static GType
get_type (void)
{
  return G_TYPE_INVALID;
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_MECHANISM, .name = "X-FINE", .summary = "Of a test", .get_type = get_type },
  TEST_FEATURE,
};

/* one macro more, so that TEST_PLUGIN is replaced first */
#define DEFINE_PLUGIN(symbol, name, summary, features) PH_DEFINE_PLUGIN (symbol, name, summary, features)

DEFINE_PLUGIN (TEST_PLUGIN, TEST_NAME, "Of a test", features)
