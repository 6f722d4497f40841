/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of each kind of feature, names and ranks to choose between, and a provider. */
#include <posthorn/posthorn-plugin.h>

/* Not what any kind demands */
static GType
get_wrong_type (void)
{
  return G_TYPE_OBJECT;
}

static const PhScheme schemes[] = {
  { "xtest", 4242, FALSE, "xtest", NULL },
  { "xtests", 4343, TRUE, "xtest", "xtest" },
  { NULL, 0, FALSE, NULL, NULL },
};

static const PhScheme other_schemes[] = {
  { "xtests", 4444, TRUE, "other", NULL },
  { NULL, 0, FALSE, NULL, NULL },
};

static const PhFeature provided[] = {
  { .kind = PH_FEATURE_MECHANISM, .name = "X-FOUND-1", .summary = "Found", .rank = 1, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "X-FOUND-2", .summary = "Found", .rank = 2, .get_type = get_wrong_type },
  /* a plugin's own comes first */
  { .kind = PH_FEATURE_MECHANISM, .name = "X-MANY", .summary = "Found", .rank = 9999, .get_type = get_wrong_type },
  { .name = NULL },
};

/* Tells the test how often it was asked. */
static const PhFeature *
list (void)
{
  const char *before = g_getenv ("PH_TEST_LISTED");
  g_autofree char *now = g_strdup_printf ("%d", before != NULL ? atoi (before) + 1 : 1);

  g_setenv ("PH_TEST_LISTED", now, TRUE);
  return provided;
}

#define EXTENSION(extension_name, extension_rank) \
  { .kind = PH_FEATURE_EXTENSION, .name = extension_name, .summary = "Of a test", .rank = extension_rank, .protocol = "xtest", \
    .get_type = get_wrong_type }

static const PhFeature features[] = {
  { .kind = PH_FEATURE_PROTOCOL, .name = "xtest", .summary = "Of a test", .rank = 10, .schemes = schemes, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_PROTOCOL, .name = "other", .summary = "Of a test", .rank = 20, .schemes = other_schemes, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "X-MANY", .summary = "Of a test", .rank = 5, .flags = PH_SASL_MUTUAL,
    .needs = PH_SASL_NEEDS_TOKEN, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "X-MANY-*", .summary = "Any of many", .rank = 5, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "X-MANY-ONE", .summary = "The one", .rank = 5, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "X-MANY-TWO", .summary = "The lesser", .rank = 4, .get_type = get_wrong_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "X-FOUND-*", .summary = "The provider", .list = list },
  EXTENSION ("QUOTA", 1),
  EXTENSION ("QUOTA=RES-*", 3),
  EXTENSION ("THREAD=*", 2),
  EXTENSION ("SECRET", -1),
  { .kind = PH_FEATURE_EXTENSION, .name = "QUOTA", .summary = "Another's", .protocol = "other", .get_type = get_wrong_type },
  { .kind = PH_FEATURE_CREDENTIALS, .name = "test-keyring", .summary = "Of a test", .get_type = get_wrong_type },
};

PH_DEFINE_PLUGIN (many, "many", "Of a test", features)
