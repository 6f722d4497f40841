/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the registry's parts know of each other. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* What stands for the path of a plugin without a file */
#define PH_REGISTRY_BUILT_IN "built in"

struct _PhRegistry
{
  GObject parent;

  /* guards all below; recursive, since a provider's code runs inside and may ask again */
  GRecMutex lock;
  gboolean is_loaded;
  GPtrArray *features[PH_FEATURE_CREDENTIALS + 1]; /* by kind */
  GHashTable *paths;       /* plugin's symbol name → where it came from */
  GHashTable *directories; /* resolved, those that were read */
  GPtrArray *failures;
  GHashTable *providers;   /* PhFeatureInfo → its features in a GPtrArray, once it was asked */

  /* the last answer of ph_registry_find_extensions (): session after session, a server lists the same */
  char *asked_protocol;
  char **asked_capabilities;
  guint asked_among; /* so many features: there are never fewer */
  GPtrArray *answer;
};

/* Of ph-registry-load.c; the caller holds the lock. */
G_GNUC_INTERNAL void             ph_registry_add_builtin    (PhRegistry *self);
/* With the first question that is asked: the environment's directories and the compiled-in one */
G_GNUC_INTERNAL void             ph_registry_ensure_loaded  (PhRegistry *self);
G_GNUC_INTERNAL gboolean         ph_registry_load_directory (PhRegistry *self, const char *path, GError **error);
/* @error is taken. A failure that is known already is not kept twice. */
G_GNUC_INTERNAL void             ph_registry_add_failure    (PhRegistry *self, const char *path, GError *error);

/* The type of what ph_registry_create () makes; G_TYPE_INVALID where it fails. */
G_GNUC_INTERNAL GType            ph_registry_check_type     (PhRegistry *self, PhFeatureInfo *feature, GError **error);

/* Of ph-registry-extensions.c */
G_GNUC_INTERNAL void             ph_registry_forget_answer  (PhRegistry *self);
/* As ph_registry_find_extensions (), but others may have the same array: it is not to be changed. (transfer full) */
G_GNUC_INTERNAL GPtrArray       *ph_registry_ask_extensions (PhRegistry *self, const char *protocol, const char *const *capabilities);

/* @path: of the module, NULL where it is built in. @feature and @plugin are constant data. */
G_GNUC_INTERNAL PhFeatureInfo   *ph_feature_info_new          (const PhFeature *feature, const PhPlugin *plugin, const char *path);
/* One that @provider has found. */
G_GNUC_INTERNAL PhFeatureInfo   *ph_feature_info_new_provided (PhFeatureInfo *provider, const PhFeature *feature);
G_GNUC_INTERNAL const PhFeature *ph_feature_info_get_feature  (PhFeatureInfo *self);
/* The type of its objects, once it was found to be what the kind demands; G_TYPE_INVALID before. From any thread. */
G_GNUC_INTERNAL GType            ph_feature_info_get_checked_type (PhFeatureInfo *self);
G_GNUC_INTERNAL void             ph_feature_info_set_checked_type (PhFeatureInfo *self, GType type);
/* Of an extension: whether it is one of those that a server lists */
G_GNUC_INTERNAL gboolean         ph_feature_info_is_listed    (PhFeatureInfo *self, const char *const *capabilities);
/* By kind, then rank, then name, the plugin's name last: the order of lists, and of who is the better of two. */
G_GNUC_INTERNAL int              ph_feature_info_compare      (PhFeatureInfo *a, PhFeatureInfo *b);
/* for arrays of them: to sort, to copy */
G_GNUC_INTERNAL int              ph_feature_info_compare_rows (gconstpointer a, gconstpointer b);
G_GNUC_INTERNAL gpointer         ph_feature_info_ref_row      (gconstpointer info, gpointer data);

/* @error is taken */
G_GNUC_INTERNAL PhPluginFailure *ph_plugin_failure_new       (const char *path, GError *error);

/* Whether the @length octets at @name are what @pattern says; '*' stands for any, case does not count. */
G_GNUC_INTERNAL gboolean         ph_feature_match            (const char *pattern, const char *name, gsize length);
G_GNUC_INTERNAL gboolean         ph_feature_is_pattern       (const char *name);

/* The name of the type that ph_plugin_register_type () refused last in this thread, or NULL; forgets it. */
G_GNUC_INTERNAL const char      *ph_plugin_type_take_refused (void);

G_END_DECLS
