/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhRegistry: which plugins are there, which files were refused and why. One for the process; any thread. */
#pragma once

#include <posthorn/ph-plugin.h>

G_BEGIN_DECLS

#define PH_TYPE_REGISTRY (ph_registry_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhRegistry, ph_registry, PH, REGISTRY, GObject)

/* One feature as it is installed. Boxed, constant for the life of the process. */
typedef struct _PhFeatureInfo PhFeatureInfo;
#define PH_TYPE_FEATURE_INFO (ph_feature_info_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_feature_info_get_type     (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhFeatureInfo     *ph_feature_info_ref          (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 void               ph_feature_info_unref        (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 PhFeatureKind      ph_feature_info_get_kind     (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 const char        *ph_feature_info_get_name     (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 const char        *ph_feature_info_get_summary  (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 int                ph_feature_info_get_rank     (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 PhSaslFlags        ph_feature_info_get_flags    (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 PhSaslNeeds        ph_feature_info_get_needs    (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 const char        *ph_feature_info_get_protocol (PhFeatureInfo *self);
/* "imap", "imaps" of a protocol (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char             **ph_feature_info_get_schemes  (PhFeatureInfo *self);
/* the plugin that brings it, its version, and its file ("built in" has NULL) */
PH_AVAILABLE_IN_1_0 const char        *ph_feature_info_get_plugin   (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 const char        *ph_feature_info_get_version  (PhFeatureInfo *self);
PH_AVAILABLE_IN_1_0 const char        *ph_feature_info_get_path     (PhFeatureInfo *self);
/* TRUE where a provider (auth/cyrus) found it at run time */
PH_AVAILABLE_IN_1_0 gboolean           ph_feature_info_is_provided  (PhFeatureInfo *self);

/* A file that was refused. Boxed. */
typedef struct _PhPluginFailure PhPluginFailure;
#define PH_TYPE_PLUGIN_FAILURE (ph_plugin_failure_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_plugin_failure_get_type   (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhPluginFailure   *ph_plugin_failure_ref        (PhPluginFailure *self);
PH_AVAILABLE_IN_1_0 void               ph_plugin_failure_unref      (PhPluginFailure *self);
PH_AVAILABLE_IN_1_0 const char        *ph_plugin_failure_get_path   (PhPluginFailure *self);
PH_AVAILABLE_IN_1_0 const GError      *ph_plugin_failure_get_error  (PhPluginFailure *self);
/* the error's message, for bindings */
PH_AVAILABLE_IN_1_0 const char        *ph_plugin_failure_get_reason (PhPluginFailure *self);

/* (transfer none) */
PH_AVAILABLE_IN_1_0 PhRegistry        *ph_registry_get_default      (void);
/* Searched before the compiled-in directory; FALSE and PH_ERROR_PLUGIN where others may write it. Files are read at once. */
PH_AVAILABLE_IN_1_0 gboolean           ph_registry_add_directory    (PhRegistry *self, const char *path, GError **error);
/* All features, by kind, then rank, then name; @provided: providers are asked for theirs, too. (element-type PhFeatureInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_registry_list             (PhRegistry *self, gboolean provided);
/* (element-type PhPluginFailure) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_registry_list_failures    (PhRegistry *self);
/* The best feature of @kind that answers to @name (case-insensitive; patterns match; providers last). (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhFeatureInfo     *ph_registry_find             (PhRegistry *self, PhFeatureKind kind, const char *name);
/* Where find () has nothing: what is lacking, where a provider knows the name. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char              *ph_registry_find_missing     (PhRegistry *self, PhFeatureKind kind, const char *name);
/* Of each extension of @protocol that answers to one of @capabilities (first words), once. (element-type PhFeatureInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_registry_find_extensions  (PhRegistry *self, const char *protocol, const char *const *capabilities);
/* The protocol and scheme for "imaps"; @scheme may be NULL. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhFeatureInfo     *ph_registry_find_scheme      (PhRegistry *self, const char *name, const PhScheme **scheme);
/* An object of the feature's type; PH_ERROR_PLUGIN where its type can't be registered. (transfer full) */
PH_AVAILABLE_IN_1_0 GObject           *ph_registry_create           (PhRegistry *self, PhFeatureInfo *feature, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhFeatureInfo, ph_feature_info_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhPluginFailure, ph_plugin_failure_unref)

G_END_DECLS
