/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhPluginFailure: a file that the registry refused, and why. */
#include "plugins/ph-registry-private.h"

/**
 * PhPluginFailure:
 *
 * A plugin's file (or a whole directory) that was refused, and the reason: broken plugins are data, not messages on a terminal.
 *
 * Constant; any thread may use it. See [method@Registry.list_failures].
 */
struct _PhPluginFailure
{
  char *path;
  GError *error;
};

G_DEFINE_BOXED_TYPE (PhPluginFailure, ph_plugin_failure, ph_plugin_failure_ref, ph_plugin_failure_unref)

PhPluginFailure *
ph_plugin_failure_new (const char *path, GError *error)
{
  PhPluginFailure *self = g_atomic_rc_box_new0 (PhPluginFailure);

  self->path = g_strdup (path);
  self->error = error;
  return self;
}

/**
 * ph_plugin_failure_ref:
 * @self: a failure
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 */
PhPluginFailure *
ph_plugin_failure_ref (PhPluginFailure *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
ph_plugin_failure_clear (gpointer data)
{
  PhPluginFailure *self = data;

  g_free (self->path);
  g_error_free (self->error);
}

/**
 * ph_plugin_failure_unref:
 * @self: (transfer full): a failure
 *
 * Drops a reference.
 */
void
ph_plugin_failure_unref (PhPluginFailure *self)
{
  g_atomic_rc_box_release_full (self, ph_plugin_failure_clear);
}

/**
 * ph_plugin_failure_get_path:
 * @self: a failure
 *
 * The file or directory that was refused, as it was found; "built in" for a plugin that is linked into the library.
 *
 * Returns: (transfer none) (type filename): a path
 */
const char *
ph_plugin_failure_get_path (PhPluginFailure *self)
{
  return self->path;
}

/**
 * ph_plugin_failure_get_error:
 * @self: a failure
 *
 * Why it was refused; the code is always %PH_ERROR_PLUGIN.
 *
 * Returns: (transfer none): the error, owned by @self
 */
const GError *
ph_plugin_failure_get_error (PhPluginFailure *self)
{
  return self->error;
}

/**
 * ph_plugin_failure_get_reason:
 * @self: a failure
 *
 * The message of [method@PluginFailure.get_error]: one sentence that names the file.
 *
 * Returns: (transfer none): the reason
 */
const char *
ph_plugin_failure_get_reason (PhPluginFailure *self)
{
  return self->error->message;
}
