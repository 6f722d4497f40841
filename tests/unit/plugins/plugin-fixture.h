/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Directories with modules in them, as a registry is to find them. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* Everything is below one private directory that goes with the fixture; names are relative to it. */
typedef struct {
  char       *top;
  PhRegistry *registry; /* one of its own: nothing but what the test adds, what is built in and what is installed */
} PluginFixture;

void        plugin_fixture_setup   (PluginFixture *self, gconstpointer data);
void        plugin_fixture_cleanup (PluginFixture *self, gconstpointer data);

/* Of a file or directory. (transfer full) */
char       *plugin_fixture_path    (PluginFixture *self, const char *name);
void        plugin_fixture_mkdir   (PluginFixture *self, const char *name, int mode);
/* A copy of the module @module that the build made, as @name */
void        plugin_fixture_copy    (PluginFixture *self, const char *module, const char *name, int mode);
void        plugin_fixture_write   (PluginFixture *self, const char *name, const char *data, gsize length);
void        plugin_fixture_symlink (PluginFixture *self, const char *target, const char *name);
void        plugin_fixture_chmod   (PluginFixture *self, const char *name, int mode);

void        plugin_fixture_add     (PluginFixture *self, const char *directory);
/* The directory is refused, and the message holds the path of @culprit and @words */
void        plugin_fixture_add_refused (PluginFixture *self, const char *directory, const char *culprit, const char *words);
/* @file was refused with a message that holds its path and @words */
void        plugin_fixture_assert_failure (PluginFixture *self, const char *file, const char *words);
void        plugin_fixture_assert_no_failure (PluginFixture *self);
gboolean    plugin_fixture_has     (PluginFixture *self, const char *mechanism);

#define PLUGIN_TEST(path, function) \
  g_test_add (path, PluginFixture, NULL, plugin_fixture_setup, function, plugin_fixture_cleanup)

G_END_DECLS
