/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a file to a descriptor: is it to be trusted, can it be loaded, does it say what it must say? */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* The plugins that are linked in, up to NULL. */
G_GNUC_INTERNAL extern const PhPlugin *const ph_builtin_plugins[];

/*
 * PH_ERROR_PLUGIN, with @path and the reason in the message, where others than root and the user may write it or what leads to
 * it. @resolved: where it is, without symbolic links.
 */
G_GNUC_INTERNAL gboolean        ph_module_is_trusted (const char *path, char **resolved, GError **error);
/* Loads a module for the life of the process. PH_ERROR_PLUGIN where it isn't one, or not for this library. */
G_GNUC_INTERNAL const PhPlugin *ph_module_load       (const char *path, GError **error);
/* "cram-md5" of "/…/cram-md5.so"; NULL where it isn't a module's name. (transfer full) */
G_GNUC_INTERNAL char           *ph_module_get_name   (const char *path);
/* Magic, version, and a feature table that can be read; also of built-in ones. */
G_GNUC_INTERNAL gboolean        ph_module_check      (const PhPlugin *plugin, const char *name, GError **error);

G_END_DECLS
