/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A private directory, a registry, and what goes into the one to be found by the other. */
#include "plugin-fixture.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
plugin_fixture_setup (PluginFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_unsetenv ("POSTHORN_PLUGIN_PATH");
  self->top = g_dir_make_tmp ("ph-plugins-XXXXXX", &error);
  g_assert_no_error (error);
  self->registry = g_object_new (PH_TYPE_REGISTRY, NULL);
}

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *walk)
{
  return g_remove (path);
}

void
plugin_fixture_cleanup (PluginFixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->registry);
  g_assert_cmpint (nftw (self->top, remove_entry, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
  g_free (self->top);
}

char *
plugin_fixture_path (PluginFixture *self, const char *name)
{
  return g_build_filename (self->top, name, NULL);
}

void
plugin_fixture_chmod (PluginFixture *self, const char *name, int mode)
{
  g_autofree char *path = plugin_fixture_path (self, name);

  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

void
plugin_fixture_mkdir (PluginFixture *self, const char *name, int mode)
{
  g_autofree char *path = plugin_fixture_path (self, name);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  plugin_fixture_chmod (self, name, mode);
}

void
plugin_fixture_write (PluginFixture *self, const char *name, const char *data, gsize length)
{
  g_autofree char *path = plugin_fixture_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
  plugin_fixture_chmod (self, name, 0644);
}

void
plugin_fixture_copy (PluginFixture *self, const char *module, const char *name, int mode)
{
  g_autofree char *source = g_strdup_printf ("%s/%s.so", PH_TEST_MODULE_DIR, module);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (source, &data, &length, &error);
  g_assert_no_error (error);
  plugin_fixture_write (self, name, data, length);
  plugin_fixture_chmod (self, name, mode);
}

void
plugin_fixture_symlink (PluginFixture *self, const char *target, const char *name)
{
  g_autofree char *target_path = plugin_fixture_path (self, target);
  g_autofree char *path = plugin_fixture_path (self, name);

  g_assert_cmpint (symlink (target_path, path), ==, 0);
}

void
plugin_fixture_add (PluginFixture *self, const char *directory)
{
  g_autofree char *path = plugin_fixture_path (self, directory);
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_registry_add_directory (self->registry, path, &error));
  g_assert_no_error (error);
}

static void
assert_says (const char *message, const char *path, const char *words)
{
  g_test_message ("%s", message);
  g_assert_nonnull (strstr (message, path));
  g_assert_nonnull (strstr (message, words));
}

void
plugin_fixture_add_refused (PluginFixture *self, const char *directory, const char *culprit, const char *words)
{
  g_autofree char *path = plugin_fixture_path (self, directory);
  g_autofree char *culprit_path = plugin_fixture_path (self, culprit);
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_registry_add_directory (self->registry, path, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PLUGIN);
  assert_says (error->message, culprit_path, words);
}

void
plugin_fixture_assert_failure (PluginFixture *self, const char *file, const char *words)
{
  g_autofree char *path = plugin_fixture_path (self, file);
  g_autoptr (GPtrArray) failures = ph_registry_list_failures (self->registry);

  for (guint i = 0; i < failures->len; i++)
    {
      PhPluginFailure *failure = g_ptr_array_index (failures, i);

      if (strcmp (ph_plugin_failure_get_path (failure), path) != 0)
        continue;

      g_assert_error (ph_plugin_failure_get_error (failure), PH_ERROR, PH_ERROR_PLUGIN);
      g_assert_cmpstr (ph_plugin_failure_get_reason (failure), ==, ph_plugin_failure_get_error (failure)->message);
      assert_says (ph_plugin_failure_get_reason (failure), path, words);
      return;
    }

  g_error ("%s was not refused", path);
}

/* What is installed in the compiled-in directory is not the test's. */
void
plugin_fixture_assert_no_failure (PluginFixture *self)
{
  g_autoptr (GPtrArray) failures = ph_registry_list_failures (self->registry);

  for (guint i = 0; i < failures->len; i++)
    g_assert_false (g_str_has_prefix (ph_plugin_failure_get_path (failures->pdata[i]), self->top));
}

gboolean
plugin_fixture_has (PluginFixture *self, const char *mechanism)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (self->registry, PH_FEATURE_MECHANISM, mechanism);

  return info != NULL;
}
