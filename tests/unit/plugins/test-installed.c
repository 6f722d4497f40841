/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plugins of this tree, as modules or linked in: there, complete, and light until they are used. */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

static gboolean
is_builtin (const char *plugin)
{
  g_auto (GStrv) names = g_strsplit (PH_TEST_BUILTIN, ",", -1);

  return g_strv_contains ((const char *const *) names, plugin);
}

static void
test_all_there (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (GPtrArray) list = ph_registry_list (registry, FALSE);
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) expected = g_strsplit (PH_TEST_PLUGINS, ",", -1);

  for (guint i = 0; i < list->len; i++)
    {
      PhFeatureInfo *info = list->pdata[i];
      const char *plugin = ph_feature_info_get_plugin (info), *path = ph_feature_info_get_path (info);

      g_hash_table_add (found, (gpointer) plugin);
      if (is_builtin (plugin))
        g_assert_null (path);
      else
        g_assert_true (g_str_has_suffix (path, ".so"));
      g_assert_nonnull (ph_feature_info_get_summary (info));
      g_assert_nonnull (ph_feature_info_get_version (info));
    }

  for (guint i = 0; expected[i] != NULL; i++)
    if (!g_hash_table_contains (found, expected[i]))
      g_error ("the plugin %s is missing", expected[i]);
}

static void
test_no_failures (void)
{
  g_autoptr (GPtrArray) failures = ph_registry_list_failures (ph_registry_get_default ());

  for (guint i = 0; i < failures->len; i++)
    g_assert_false (g_str_has_prefix (ph_plugin_failure_get_path (failures->pdata[i]), PH_TEST_PLUGIN_DIR));
}

static void
test_types (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (GPtrArray) list = ph_registry_list (registry, TRUE);

  for (guint i = 0; i < list->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) object = NULL;

      /* a provider is none of what it provides */
      if (strcmp (ph_feature_info_get_name (list->pdata[i]), "*") == 0)
        continue;

      object = ph_registry_create (registry, list->pdata[i], &error);
      g_assert_no_error (error);
      g_assert_nonnull (object);
    }
}

static gboolean
has_mapped (const char *library)
{
  g_autofree char *maps = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  return strstr (maps, library) != NULL;
}

static void
test_light (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (GPtrArray) list = ph_registry_list (registry, FALSE);
  g_autoptr (PhFeatureInfo) plain = ph_registry_find (registry, PH_FEATURE_MECHANISM, "PLAIN");
  g_autoptr (PhFeatureInfo) scram = NULL;

  g_assert_nonnull (plain);
  g_assert_cmpuint (list->len, >, 0);
  g_assert_false (has_mapped ("libsasl2"));

  scram = ph_registry_find (registry, PH_FEATURE_MECHANISM, "SCRAM-SHA-256");
  g_assert_nonnull (scram);
  g_assert_true (has_mapped ("libsasl2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/installed/libsasl2-comes-with-its-first-mechanism", test_light);
  g_test_add_func ("/installed/every-plugin-is-found", test_all_there);
  g_test_add_func ("/installed/none-is-refused", test_no_failures);
  g_test_add_func ("/installed/every-feature-makes-its-object", test_types);

  return g_test_run ();
}
