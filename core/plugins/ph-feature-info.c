/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhFeatureInfo: one feature as it is installed. */
#include "plugins/ph-registry-private.h"

#include <string.h>

/**
 * PhFeatureInfo:
 *
 * What an installed plugin brings: a protocol, a SASL mechanism, an extension of a protocol, or a source of credentials.
 *
 * Comes from [class@Registry]. Constant for the life of the process; any thread may use it. Reading it calls none of the
 * plugin's code.
 */
struct _PhFeatureInfo
{
  const PhFeature *feature;
  const PhPlugin *plugin;
  char *path;
  gboolean provided;
  gsize checked_type; /* atomic */
};

G_DEFINE_BOXED_TYPE (PhFeatureInfo, ph_feature_info, ph_feature_info_ref, ph_feature_info_unref)

PhFeatureInfo *
ph_feature_info_new (const PhFeature *feature, const PhPlugin *plugin, const char *path)
{
  PhFeatureInfo *self = g_atomic_rc_box_new0 (PhFeatureInfo);

  self->feature = feature;
  self->plugin = plugin;
  self->path = g_strdup (path);
  return self;
}

PhFeatureInfo *
ph_feature_info_new_provided (PhFeatureInfo *provider, const PhFeature *feature)
{
  PhFeatureInfo *self = ph_feature_info_new (feature, provider->plugin, provider->path);

  self->provided = TRUE;
  return self;
}

const PhFeature *
ph_feature_info_get_feature (PhFeatureInfo *self)
{
  return self->feature;
}

GType
ph_feature_info_get_checked_type (PhFeatureInfo *self)
{
  return (GType) g_atomic_pointer_get (&self->checked_type);
}

void
ph_feature_info_set_checked_type (PhFeatureInfo *self, GType type)
{
  g_atomic_pointer_set (&self->checked_type, (gsize) type);
}

int
ph_feature_info_compare (PhFeatureInfo *a, PhFeatureInfo *b)
{
  int order;

  if (a->feature->kind != b->feature->kind)
    return a->feature->kind < b->feature->kind ? -1 : 1;
  if (a->feature->rank != b->feature->rank)
    return a->feature->rank > b->feature->rank ? -1 : 1;

  order = g_ascii_strcasecmp (a->feature->name, b->feature->name);
  return order != 0 ? order : strcmp (a->plugin->name, b->plugin->name);
}

int
ph_feature_info_compare_rows (gconstpointer a, gconstpointer b)
{
  return ph_feature_info_compare (*(PhFeatureInfo *const *) a, *(PhFeatureInfo *const *) b);
}

gpointer
ph_feature_info_ref_row (gconstpointer info, gpointer data)
{
  return ph_feature_info_ref ((PhFeatureInfo *) info);
}

/**
 * ph_feature_info_ref:
 * @self: a feature
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 */
PhFeatureInfo *
ph_feature_info_ref (PhFeatureInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
ph_feature_info_clear (gpointer data)
{
  PhFeatureInfo *self = data;

  g_free (self->path);
}

/**
 * ph_feature_info_unref:
 * @self: (transfer full): a feature
 *
 * Drops a reference.
 */
void
ph_feature_info_unref (PhFeatureInfo *self)
{
  g_atomic_rc_box_release_full (self, ph_feature_info_clear);
}

/**
 * ph_feature_info_get_kind:
 * @self: a feature
 *
 * What it is.
 *
 * Returns: the kind
 */
PhFeatureKind
ph_feature_info_get_kind (PhFeatureInfo *self)
{
  return self->feature->kind;
}

/**
 * ph_feature_info_get_name:
 * @self: a feature
 *
 * The protocol's or mechanism's name, or the capability that an extension answers to. A `*` in it stands for anything: an extension
 * may answer to several capabilities (`QUOTA=RES-*`), and a provider's name covers all that it might find.
 *
 * Returns: (transfer none): the name
 */
const char *
ph_feature_info_get_name (PhFeatureInfo *self)
{
  return self->feature->name;
}

/**
 * ph_feature_info_get_summary:
 * @self: a feature
 *
 * One line for people, in English.
 *
 * Returns: (transfer none) (nullable): the summary
 */
const char *
ph_feature_info_get_summary (PhFeatureInfo *self)
{
  return self->feature->summary;
}

/**
 * ph_feature_info_get_rank:
 * @self: a feature
 *
 * Which of several that would do is taken: the highest. A negative one is never taken by itself.
 *
 * Returns: the rank
 */
int
ph_feature_info_get_rank (PhFeatureInfo *self)
{
  return self->feature->rank;
}

/**
 * ph_feature_info_get_flags:
 * @self: a feature
 *
 * How secure a mechanism is; %PH_SASL_NONE for other kinds.
 *
 * Returns: the flags
 */
PhSaslFlags
ph_feature_info_get_flags (PhFeatureInfo *self)
{
  return self->feature->kind == PH_FEATURE_MECHANISM ? (PhSaslFlags) self->feature->flags : PH_SASL_NONE;
}

/**
 * ph_feature_info_get_needs:
 * @self: a feature
 *
 * What a mechanism needs to know, and what credentials may give; %PH_SASL_NEEDS_NOTHING for other kinds.
 *
 * Returns: the needs
 */
PhSaslNeeds
ph_feature_info_get_needs (PhFeatureInfo *self)
{
  PhFeatureKind kind = self->feature->kind;

  return kind == PH_FEATURE_MECHANISM || kind == PH_FEATURE_CREDENTIALS ? (PhSaslNeeds) self->feature->needs : PH_SASL_NEEDS_NOTHING;
}

/**
 * ph_feature_info_get_protocol:
 * @self: a feature
 *
 * The protocol that an extension extends.
 *
 * Returns: (transfer none) (nullable): the protocol's name; %NULL for other kinds
 */
const char *
ph_feature_info_get_protocol (PhFeatureInfo *self)
{
  return self->feature->protocol;
}

/**
 * ph_feature_info_get_schemes:
 * @self: a feature
 *
 * The URI schemes that a protocol answers to: `imap`, `imaps`.
 *
 * Returns: (transfer full) (array zero-terminated=1): the schemes, none for other kinds
 */
char **
ph_feature_info_get_schemes (PhFeatureInfo *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (const PhScheme *scheme = self->feature->schemes; scheme != NULL && scheme->scheme != NULL; scheme++)
    g_strv_builder_add (builder, scheme->scheme);

  return g_strv_builder_end (builder);
}

/**
 * ph_feature_info_get_plugin:
 * @self: a feature
 *
 * The plugin that brings it: its file's name without `.so`.
 *
 * Returns: (transfer none): the plugin's name
 */
const char *
ph_feature_info_get_plugin (PhFeatureInfo *self)
{
  return self->plugin->name;
}

/**
 * ph_feature_info_get_version:
 * @self: a feature
 *
 * The plugin's own version.
 *
 * Returns: (transfer none) (nullable): the version
 */
const char *
ph_feature_info_get_version (PhFeatureInfo *self)
{
  return self->plugin->version;
}

/**
 * ph_feature_info_get_path:
 * @self: a feature
 *
 * The plugin's file.
 *
 * Returns: (transfer none) (nullable) (type filename): the path; %NULL where the plugin is built into the library
 */
const char *
ph_feature_info_get_path (PhFeatureInfo *self)
{
  return self->path;
}

/**
 * ph_feature_info_is_provided:
 * @self: a feature
 *
 * Whether a provider found it at run time, as `cyrus` finds the mechanisms of libsasl2.
 *
 * Returns: %FALSE where the plugin itself names it
 */
gboolean
ph_feature_info_is_provided (PhFeatureInfo *self)
{
  return self->provided;
}
