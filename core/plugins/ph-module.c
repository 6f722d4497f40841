/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads one module and reads its descriptor; no code of it is called. */
#include "plugins/ph-module.h"

#include <dlfcn.h>
#include <string.h>

#define SUFFIX ".so"

static gboolean
refuse (GError **error, const char *path, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError **error, const char *path, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "The plugin %s can't be used: %s", path, reason);
  return FALSE;
}

char *
ph_module_dup_name (const char *file_name)
{
  gsize length = strlen (file_name);

  if (file_name[0] == '.' || length <= strlen (SUFFIX) || !g_str_has_suffix (file_name, SUFFIX))
    return NULL;

  return g_strndup (file_name, length - strlen (SUFFIX));
}

/* A symbol can't hold a '-' and a file's name often does. */
static char *
make_symbol (const char *name)
{
  return g_strdelimit (g_strdup (name), "-", '_');
}

static gboolean
is_same_name (const char *a, const char *b)
{
  g_autofree char *symbol_a = make_symbol (a);
  g_autofree char *symbol_b = make_symbol (b);

  return strcmp (symbol_a, symbol_b) == 0;
}

/* What is missing in @feature, or NULL */
static const char *
find_fault (const PhFeature *feature)
{
  if (feature->name == NULL || *feature->name == '\0')
    return "a name";
  if (feature->get_type == NULL && feature->list == NULL)
    return "a type";

  switch (feature->kind)
    {
    case PH_FEATURE_PROTOCOL:
      return feature->schemes == NULL ? "schemes" : NULL;
    case PH_FEATURE_EXTENSION:
      return feature->protocol == NULL ? "a protocol" : NULL;
    case PH_FEATURE_MECHANISM:
    case PH_FEATURE_CREDENTIALS:
      return NULL;
    default:
      return "a kind that is known";
    }
}

/* The layout may be another one until magic and version have been read. */
gboolean
ph_module_check (const PhPlugin *plugin, const char *path, const char *name, GError **error)
{
  if (plugin->magic != PH_PLUGIN_MAGIC)
    return refuse (error, path, "its descriptor is none (it starts with 0x%08x)", plugin->magic);
  if (plugin->major != PH_MAJOR_VERSION || plugin->minor > PH_MINOR_VERSION)
    return refuse (error, path, "it was built for version %u.%u of the library, which is %u.%u", plugin->major, plugin->minor,
                   PH_MAJOR_VERSION, PH_MINOR_VERSION);
  if (plugin->name == NULL || !is_same_name (plugin->name, name))
    return refuse (error, path, "it calls itself \"%s\", its file \"%s\"", plugin->name != NULL ? plugin->name : "", name);

  for (gsize i = 0; i < plugin->n_features; i++)
    {
      const char *fault = find_fault (&plugin->features[i]);

      if (fault != NULL)
        return refuse (error, path, "its feature %" G_GSIZE_FORMAT " lacks %s", i + 1, fault);
    }

  return TRUE;
}

static const PhPlugin *
find_descriptor (void *module, const char *path, const char *name, GError **error)
{
  g_autofree char *symbol_name = make_symbol (name);
  g_autofree char *symbol = g_strconcat ("ph_plugin_", symbol_name, NULL);
  const PhPlugin *plugin = dlsym (module, symbol);

  if (plugin == NULL)
    refuse (error, path, "it has no symbol \"%s\"", symbol);

  return plugin;
}

/*
 * Local, so that two modules may use the same names inside; now, so that a missing symbol is found here and not in mid-session. Not by
 * GModule: it looks for functions of its own in each module, and would call them. One that is of use is never closed.
 */
const PhPlugin *
ph_module_load (const char *path, const char *name, GError **error)
{
  void *module;
  const PhPlugin *plugin;

  if (!ph_module_is_complete (path))
    {
      refuse (error, path, "the file is damaged or cut off");
      return NULL;
    }

  module = dlopen (path, RTLD_LOCAL | RTLD_NOW);
  if (module == NULL)
    {
      refuse (error, path, "%s", dlerror ());
      return NULL;
    }

  plugin = find_descriptor (module, path, name, error);
  if (plugin == NULL || !ph_module_check (plugin, path, name, error))
    {
      dlclose (module);
      return NULL;
    }

  return plugin;
}
