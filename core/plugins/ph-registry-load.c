/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the registry looks for plugins, and what it does with those that it can't use. */
#include "plugins/ph-module.h"
#include "plugins/ph-registry-private.h"

#include <string.h>
#include <sys/auxv.h>

void
ph_registry_add_failure (PhRegistry *self, const char *path, GError *error)
{
  /* a feature that can't be created fails again and again */
  for (guint i = 0; i < self->failures->len; i++)
    {
      PhPluginFailure *failure = g_ptr_array_index (self->failures, i);

      if (strcmp (ph_plugin_failure_get_reason (failure), error->message) == 0)
        {
          g_error_free (error);
          return;
        }
    }

  g_ptr_array_add (self->failures, ph_plugin_failure_new (path, error));
}

static char *
make_key (const char *name)
{
  return g_strdelimit (g_strdup (name), "-", '_');
}

static void
add_plugin (PhRegistry *self, const PhPlugin *plugin, const char *path)
{
  g_hash_table_insert (self->paths, make_key (plugin->name), g_strdup (path != NULL ? path : PH_REGISTRY_BUILT_IN));
  for (gsize i = 0; i < plugin->n_features; i++)
    {
      PhFeatureInfo *info = ph_feature_info_new (&plugin->features[i], plugin, path);

      g_ptr_array_add (self->features[ph_feature_info_get_kind (info)], info);
    }
}

void
ph_registry_add_builtin (PhRegistry *self)
{
  for (const PhPlugin *const *plugin = ph_builtin_plugins; *plugin != NULL; plugin++)
    {
      GError *error = NULL;

      if (ph_module_check (*plugin, PH_REGISTRY_BUILT_IN, (*plugin)->name, &error))
        add_plugin (self, *plugin, NULL);
      else
        ph_registry_add_failure (self, PH_REGISTRY_BUILT_IN, error);
    }
}

/* A name is taken by the first file that can be used, not by one that was refused. @resolved: where @path is */
static gboolean
load_file (PhRegistry *self, const char *path, const char *resolved, const char *name, GError **error)
{
  g_autofree char *key = make_key (name);
  const char *other = g_hash_table_lookup (self->paths, key);
  const PhPlugin *plugin;

  if (other != NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "The plugin %s was not loaded: %s has the same name, \"%s\"", path, other, name);
      return FALSE;
    }

  plugin = ph_module_load (resolved, name, error);
  if (plugin == NULL)
    return FALSE;

  add_plugin (self, plugin, path);
  return TRUE;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Sorted, so that what is found does not depend on the file system. */
static GPtrArray *
list_files (GDir *dir)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".so"))
      g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_strings);
  return names;
}

static void
load_files (PhRegistry *self, const char *directory, const char *resolved_directory, GDir *dir)
{
  g_autoptr (GPtrArray) names = list_files (dir);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (directory, names->pdata[i], NULL);
      g_autofree char *name = ph_module_dup_name (names->pdata[i]);
      g_autofree char *resolved = NULL;
      GError *error = NULL;

      if (name == NULL)
        continue;
      resolved = ph_module_trust_entry (path, resolved_directory, &error);
      if (resolved == NULL || !load_file (self, path, resolved, name, &error))
        ph_registry_add_failure (self, path, error);
    }
}

gboolean
ph_registry_load_directory (PhRegistry *self, const char *path, GError **error)
{
  g_autofree char *resolved = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!g_path_is_absolute (path))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "The plugin directory \"%s\" was not read: it is not an absolute path", path);
      return FALSE;
    }

  resolved = ph_module_trust (path, TRUE, error);
  if (resolved == NULL)
    return FALSE;
  if (!g_hash_table_add (self->directories, g_strdup (resolved)))
    return TRUE;

  dir = g_dir_open (resolved, 0, &local_error);
  if (dir == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "The plugin directory %s was not read: %s", path, local_error->message);
      return FALSE;
    }

  load_files (self, path, resolved, dir);
  return TRUE;
}

static void
load_environment (PhRegistry *self)
{
  const char *variable = getauxval (AT_SECURE) ? NULL : g_getenv ("POSTHORN_PLUGIN_PATH");
  g_auto (GStrv) paths = NULL;

  if (variable == NULL)
    return;

  paths = g_strsplit (variable, G_SEARCHPATH_SEPARATOR_S, -1);
  for (char **path = paths; *path != NULL; path++)
    {
      GError *error = NULL;

      if (**path != '\0' && !ph_registry_load_directory (self, *path, &error))
        ph_registry_add_failure (self, *path, error);
    }
}

/* With the first question that is asked. A compiled-in directory that does not exist is nobody's mistake. */
void
ph_registry_ensure_loaded (PhRegistry *self)
{
  GError *error = NULL;

  if (self->is_loaded)
    return;

  self->is_loaded = TRUE;
  load_environment (self);
  if (g_file_test (PH_PLUGIN_DIR, G_FILE_TEST_EXISTS) && !ph_registry_load_directory (self, PH_PLUGIN_DIR, &error))
    ph_registry_add_failure (self, PH_PLUGIN_DIR, error);
}
