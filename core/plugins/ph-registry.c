/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhRegistry: finds plugins, keeps what they bring and which files were refused. */
#include "plugins/ph-registry-private.h"

#include <string.h>

/**
 * PhRegistry:
 *
 * Which plugins are there, what they bring, and which files were refused.
 *
 * There is one for the process, [func@Registry.get_default]; every method may be called from any thread. Plugins are searched in this
 * order, and of two with the same name the first is taken, the other refused:
 *
 * 1. those that are built into the library;
 * 2. directories that the program adds ([method@Registry.add_directory]);
 * 3. the directories that the environment variable `POSTHORN_PLUGIN_PATH` lists, absolute and separated by colons. It is ignored
 *    in a process with more rights than its user (set-user-ID, file capabilities): who may set a variable must not thereby
 *    run code with those rights;
 * 4. the directory that was compiled in (`pkg-config --variable=plugindir posthorn-1`).
 *
 * A file is only loaded where nobody but root and the user may write it or a directory on the way to it. Loading calls no code of
 * the plugin: its descriptor is data. Modules are never unloaded. What was refused is kept and can be listed
 * ([method@Registry.list_failures]); `posthorn plugins` shows it.
 */
G_DEFINE_FINAL_TYPE (PhRegistry, ph_registry, G_TYPE_OBJECT)

static gboolean
is_provider (PhFeatureInfo *info)
{
  return ph_feature_info_get_feature (info)->list != NULL;
}

static gboolean
is_missing (PhFeatureInfo *info)
{
  return ph_feature_info_get_feature (info)->missing != NULL;
}

/* The empty array stands while list () runs: a provider that asks the registry gets an answer and not itself. */
static GPtrArray *
ask_provider (PhRegistry *self, PhFeatureInfo *provider)
{
  GPtrArray *found = g_hash_table_lookup (self->providers, provider);

  if (found != NULL)
    return found;

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_feature_info_unref);
  g_hash_table_insert (self->providers, provider, found);

  for (const PhFeature *feature = ph_feature_info_get_feature (provider)->list (); feature != NULL && feature->name != NULL; feature++)
    g_ptr_array_add (found, ph_feature_info_new_provided (provider, feature));

  return found;
}

/* The higher rank; of equals, the one that says the name itself. */
static gboolean
is_better (PhFeatureInfo *info, PhFeatureInfo *best)
{
  if (best == NULL)
    return TRUE;
  if (ph_feature_info_get_rank (info) != ph_feature_info_get_rank (best))
    return ph_feature_info_get_rank (info) > ph_feature_info_get_rank (best);

  return ph_feature_is_pattern (ph_feature_info_get_name (best)) && !ph_feature_is_pattern (ph_feature_info_get_name (info));
}

/* Of one kind: what can be had, or what is missing */
static PhFeatureInfo *
find_best (GPtrArray *features, const char *name, gboolean missing)
{
  gsize length = strlen (name);
  PhFeatureInfo *best = NULL;

  for (guint i = 0; i < features->len; i++)
    {
      PhFeatureInfo *info = g_ptr_array_index (features, i);

      if (ph_feature_match (ph_feature_info_get_name (info), name, length) && !is_provider (info) && is_missing (info) == missing && is_better (info, best))
        best = info;
    }

  return best;
}

static PhFeatureInfo *
find_provided (PhRegistry *self, PhFeatureKind kind, const char *name, gboolean missing)
{
  PhFeatureInfo *best = NULL;

  for (guint i = 0; i < self->features[kind]->len; i++)
    {
      PhFeatureInfo *provider = g_ptr_array_index (self->features[kind], i);
      PhFeatureInfo *info;

      if (!is_provider (provider) || !ph_feature_match (ph_feature_info_get_name (provider), name, strlen (name)))
        continue;

      info = find_best (ask_provider (self, provider), name, missing);
      if (info != NULL && is_better (info, best))
        best = info;
    }

  return best;
}

static gpointer
ref_failure (gconstpointer failure, gpointer data)
{
  return ph_plugin_failure_ref ((PhPluginFailure *) failure);
}

static GPtrArray *
new_feature_array (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_feature_info_unref);
}

static void
add_installed (GPtrArray *list, GPtrArray *provided)
{
  for (guint i = 0; i < provided->len; i++)
    if (!is_missing (g_ptr_array_index (provided, i)))
      g_ptr_array_add (list, ph_feature_info_ref (g_ptr_array_index (provided, i)));
}

/* ---- the object ---- */

static void
ph_registry_finalize (GObject *object)
{
  PhRegistry *self = PH_REGISTRY (object);

  g_clear_pointer (&self->providers, g_hash_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->features); i++)
    g_clear_pointer (&self->features[i], g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_clear_pointer (&self->paths, g_hash_table_unref);
  g_clear_pointer (&self->directories, g_hash_table_unref);
  ph_registry_forget_answer (self);
  g_rec_mutex_clear (&self->lock);

  G_OBJECT_CLASS (ph_registry_parent_class)->finalize (object);
}

static void
ph_registry_class_init (PhRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_registry_finalize;
}

static void
ph_registry_init (PhRegistry *self)
{
  g_rec_mutex_init (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (self->features); i++)
    self->features[i] = new_feature_array ();
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_plugin_failure_unref);
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->directories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->providers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);

  ph_registry_add_builtin (self);
}

/**
 * ph_registry_get_default:
 *
 * The registry that all sessions use. Any thread may call it; plugins are searched with the first question asked, not yet here.
 *
 * Returns: (transfer none): the registry
 */
PhRegistry *
ph_registry_get_default (void)
{
  static PhRegistry *registry = NULL;

  if (g_once_init_enter (&registry))
    g_once_init_leave (&registry, g_object_new (PH_TYPE_REGISTRY, NULL));

  return registry;
}

/**
 * ph_registry_add_directory:
 * @self: the registry
 * @path: (type filename): an absolute path
 * @error: return location for a #GError
 *
 * Reads the plugins of a directory that the program brings. Called before anything else was asked, it comes before the
 * environment's and the compiled-in directory; of two plugins with the same name the first is taken. A directory that was read already is
 * not read again.
 *
 * Fails with %PH_ERROR_PLUGIN where the path is not absolute, cannot be read, or others than root and the user may write the directory
 * or one above it. A file in it that is refused is no error here: see [method@Registry.list_failures].
 *
 * Returns: %TRUE where the directory was read
 */
gboolean
ph_registry_add_directory (PhRegistry *self, const char *path, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = NULL;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (PH_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  locker = g_rec_mutex_locker_new (&self->lock);
  if (ph_registry_load_directory (self, path, &local_error))
    return TRUE;

  ph_registry_add_failure (self, path, g_error_copy (local_error));
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * ph_registry_list:
 * @self: the registry
 * @provided: whether providers are asked for theirs, too; this may load libraries
 *
 * Everything that is installed, ordered by kind, then rank, highest first, then name. Providers themselves are among them, by the pattern
 * that covers their names.
 *
 * Returns: (transfer container) (element-type PhFeatureInfo): the features
 */
GPtrArray *
ph_registry_list (PhRegistry *self, gboolean provided)
{
  g_autoptr (GRecMutexLocker) locker = NULL;
  GPtrArray *list;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);

  locker = g_rec_mutex_locker_new (&self->lock);
  ph_registry_ensure_loaded (self);

  list = new_feature_array ();
  for (guint kind = 0; kind < G_N_ELEMENTS (self->features); kind++)
    {
      GPtrArray *features = self->features[kind];

      g_ptr_array_extend (list, features, ph_feature_info_ref_row, NULL);
      for (guint i = 0; provided && i < features->len; i++)
        if (is_provider (g_ptr_array_index (features, i)))
          add_installed (list, ask_provider (self, g_ptr_array_index (features, i)));
    }

  g_ptr_array_sort (list, ph_feature_info_compare_rows);
  return list;
}

/**
 * ph_registry_list_failures:
 * @self: the registry
 *
 * Every file and directory that was refused so far, and why, in the order in which they were found.
 *
 * Returns: (transfer container) (element-type PhPluginFailure): the failures
 */
GPtrArray *
ph_registry_list_failures (PhRegistry *self)
{
  g_autoptr (GRecMutexLocker) locker = NULL;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);

  locker = g_rec_mutex_locker_new (&self->lock);
  ph_registry_ensure_loaded (self);

  return g_ptr_array_copy (self->failures, ref_failure, NULL);
}

/**
 * ph_registry_find:
 * @self: the registry
 * @kind: what is looked for
 * @name: a name, in any case: "SCRAM-SHA-256", "imap4"
 *
 * The feature that answers to a name: of those that plugins name themselves, the one of the highest rank; where there is none, what
 * a provider finds. Only then is a provider asked, which may load libraries.
 *
 * Returns: (transfer full) (nullable): the feature, or %NULL where none is installed
 */
PhFeatureInfo *
ph_registry_find (PhRegistry *self, PhFeatureKind kind, const char *name)
{
  g_autoptr (GRecMutexLocker) locker = NULL;
  PhFeatureInfo *info;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (kind < G_N_ELEMENTS (self->features), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  locker = g_rec_mutex_locker_new (&self->lock);
  ph_registry_ensure_loaded (self);

  info = find_best (self->features[kind], name, FALSE);
  if (info == NULL)
    info = find_provided (self, kind, name, FALSE);

  return info != NULL ? ph_feature_info_ref (info) : NULL;
}

/**
 * ph_registry_find_missing:
 * @self: the registry
 * @kind: what was looked for
 * @name: a name that [method@Registry.find] has no feature for
 *
 * What is lacking: a provider may know a name that it can't bring, for want of a library's module.
 *
 * Returns: (transfer full) (nullable): what a person has to know, "libsasl2 has no module for it"; %NULL where nobody knows the name
 */
char *
ph_registry_find_missing (PhRegistry *self, PhFeatureKind kind, const char *name)
{
  g_autoptr (GRecMutexLocker) locker = NULL;
  PhFeatureInfo *info;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (kind < G_N_ELEMENTS (self->features), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  locker = g_rec_mutex_locker_new (&self->lock);
  ph_registry_ensure_loaded (self);

  info = find_provided (self, kind, name, TRUE);
  return info != NULL ? g_strdup (ph_feature_info_get_feature (info)->missing) : NULL;
}

static const PhScheme *
find_scheme (PhFeatureInfo *info, const char *name)
{
  const PhScheme *scheme = ph_feature_info_get_feature (info)->schemes;

  for (; scheme != NULL && scheme->scheme != NULL; scheme++)
    if (g_ascii_strcasecmp (scheme->scheme, name) == 0)
      return scheme;

  return NULL;
}

/**
 * ph_registry_find_scheme:
 * @self: the registry
 * @name: a URI's scheme in any case, "imaps"
 * @scheme: (out) (optional) (nullable) (transfer none): where to put what the protocol says of it; constant data
 *
 * The protocol that speaks a scheme, the one of the highest rank where there are several.
 *
 * Returns: (transfer full) (nullable): the protocol, or %NULL where none is installed
 */
PhFeatureInfo *
ph_registry_find_scheme (PhRegistry *self, const char *name, const PhScheme **scheme)
{
  g_autoptr (GRecMutexLocker) locker = NULL;
  PhFeatureInfo *best = NULL;
  const PhScheme *found = NULL;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  locker = g_rec_mutex_locker_new (&self->lock);
  ph_registry_ensure_loaded (self);

  for (guint i = 0; i < self->features[PH_FEATURE_PROTOCOL]->len; i++)
    {
      PhFeatureInfo *info = g_ptr_array_index (self->features[PH_FEATURE_PROTOCOL], i);
      const PhScheme *of_this = find_scheme (info, name);

      if (of_this != NULL && is_better (info, best))
        {
          best = info;
          found = of_this;
        }
    }

  if (scheme != NULL)
    *scheme = found;

  return best != NULL ? ph_feature_info_ref (best) : NULL;
}

/* ---- making objects ---- */

static GType
get_required_type (PhFeatureKind kind)
{
  switch (kind)
    {
    case PH_FEATURE_PROTOCOL:
      return PH_TYPE_ENGINE;
    case PH_FEATURE_MECHANISM:
      return PH_TYPE_SASL_MECHANISM;
    case PH_FEATURE_EXTENSION:
      return PH_TYPE_EXTENSION;
    case PH_FEATURE_CREDENTIALS:
    default:
      return PH_TYPE_CREDENTIALS;
    }
}

/* Calls the plugin's code, and so without the lock. */
static GType
get_feature_type (PhFeatureInfo *info, GError **error)
{
  const PhFeature *feature = ph_feature_info_get_feature (info);
  GType required = get_required_type (feature->kind);
  GType type = ph_feature_info_get_checked_type (info);
  const char *refused;

  if (type != G_TYPE_INVALID)
    return type;
  if (feature->get_type != NULL)
    type = feature->get_type ();
  refused = ph_plugin_type_take_refused ();
  if (type == G_TYPE_INVALID && refused != NULL)
    g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "%s of the plugin \"%s\" can't be used: another module has a type named %s",
                 feature->name, ph_feature_info_get_plugin (info), refused);
  else if (type == G_TYPE_INVALID)
    g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "%s of the plugin \"%s\" can't be used: it has no type", feature->name,
                 ph_feature_info_get_plugin (info));
  else if (!g_type_is_a (type, required) || !G_TYPE_IS_OBJECT (type) || G_TYPE_IS_ABSTRACT (type))
    g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "%s of the plugin \"%s\" can't be used: its type %s is no %s", feature->name,
                 ph_feature_info_get_plugin (info), g_type_name (type), g_type_name (required));
  else
    {
      ph_feature_info_set_checked_type (info, type);
      return type;
    }

  return G_TYPE_INVALID;
}

GType
ph_registry_check_type (PhRegistry *self, PhFeatureInfo *feature, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = NULL;
  g_autoptr (GError) local_error = NULL;
  GType type = get_feature_type (feature, &local_error);
  const char *path;

  if (type != G_TYPE_INVALID)
    return type;

  path = ph_feature_info_get_path (feature);
  locker = g_rec_mutex_locker_new (&self->lock);
  ph_registry_add_failure (self, path != NULL ? path : PH_REGISTRY_BUILT_IN, g_error_copy (local_error));
  g_propagate_error (error, g_steal_pointer (&local_error));
  return G_TYPE_INVALID;
}

/**
 * ph_registry_create:
 * @self: the registry
 * @feature: what to make
 * @error: return location for a #GError
 *
 * Makes an object of a feature's type: an engine, a mechanism, an extension, a source of credentials. The first call for a feature runs
 * code of its plugin for the first time.
 *
 * Fails with %PH_ERROR_PLUGIN where the type's name is taken by another module, or the type isn't what the feature's kind
 * demands; the failure is kept, too.
 *
 * Returns: (transfer full): the object
 */
GObject *
ph_registry_create (PhRegistry *self, PhFeatureInfo *feature, GError **error)
{
  GType type;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (feature != NULL, NULL);

  type = ph_registry_check_type (self, feature, error);
  return type != G_TYPE_INVALID ? g_object_new (type, NULL) : NULL;
}
