/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a file to a descriptor: is it to be trusted, can it be loaded, does it say what it must say? */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* The plugins that are linked in, up to NULL. */
G_GNUC_INTERNAL extern const PhPlugin *const ph_builtin_plugins[];

/*
 * Where @path is, symbolic links followed; NULL and PH_ERROR_PLUGIN, with the file and the reason in the message, where others
 * than root and the user may write it or a directory on the way to it.
 */
G_GNUC_INTERNAL char           *ph_module_trust     (const char *path, gboolean is_directory, GError **error);
/* The same of a file; @directory: what ph_module_trust () has returned for the one that it is in, which isn't looked at again */
G_GNUC_INTERNAL char           *ph_module_trust_entry (const char *path, const char *directory, GError **error);
/* Loads a file that is trusted, for the life of the process. PH_ERROR_PLUGIN where it isn't a module, or not for this library. */
G_GNUC_INTERNAL const PhPlugin *ph_module_load      (const char *path, const char *name, GError **error);
/* FALSE where the file is shorter than its headers say */
G_GNUC_INTERNAL gboolean        ph_module_is_complete (const char *path);
/* "cram-md5" of "cram-md5.so"; NULL where it isn't a module's file name. (transfer full) */
G_GNUC_INTERNAL char           *ph_module_dup_name  (const char *file_name);
/* Magic, version, name and a feature table that can be used. @path is for the message. */
G_GNUC_INTERNAL gboolean        ph_module_check     (const PhPlugin *plugin, const char *path, const char *name, GError **error);

G_END_DECLS
