/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module whose descriptor is as the build says: -DTEST_SYMBOL, and what is to be wrong in it. */
#include <posthorn/posthorn-plugin.h>

#ifndef TEST_MAGIC
#define TEST_MAGIC PH_PLUGIN_MAGIC
#endif
#ifndef TEST_MAJOR
#define TEST_MAJOR PH_MAJOR_VERSION
#endif
#ifndef TEST_MINOR
#define TEST_MINOR PH_MINOR_VERSION
#endif
#ifndef TEST_MECHANISM
#define TEST_MECHANISM "X-" TEST_NAME
#endif

static GType
get_type (void)
{
  return G_TYPE_INVALID;
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_MECHANISM, .name = TEST_MECHANISM, .summary = "Of a test", .get_type = get_type },
};

extern PH_PLUGIN_EXPORT const PhPlugin TEST_SYMBOL;
const PhPlugin TEST_SYMBOL = {
  .magic = TEST_MAGIC,
  .major = TEST_MAJOR,
  .minor = TEST_MINOR,
  .name = TEST_NAME,
  .version = "0.1",
  .features = features,
  .n_features = G_N_ELEMENTS (features),
};
