/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens to files that are no plugins, or broken ones: one sentence each, and the others are loaded. */
#include "plugin-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
load (PluginFixture *fixture, const char *module)
{
  g_autofree char *name = g_strdup_printf ("plugins/%s.so", module);

  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_copy (fixture, module, name, 0644);
  plugin_fixture_copy (fixture, "good-one", "plugins/good-one.so", 0644);
  plugin_fixture_add (fixture, "plugins");
  g_assert_true (plugin_fixture_has (fixture, "X-GOOD"));
}

static void
test_good (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *path = plugin_fixture_path (fixture, "plugins/good-one.so");
  g_autoptr (PhFeatureInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) mechanism = NULL;

  load (fixture, "good-two");
  plugin_fixture_assert_no_failure (fixture);

  info = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "x-good");
  g_assert_cmpstr (ph_feature_info_get_name (info), ==, "X-GOOD");
  g_assert_cmpstr (ph_feature_info_get_plugin (info), ==, "good_one");
  g_assert_cmpstr (ph_feature_info_get_path (info), ==, path);
  g_assert_cmpstr (ph_feature_info_get_version (info), ==, PH_VERSION_STRING);
  g_assert_cmpint (ph_feature_info_get_rank (info), ==, PH_RANK_SECONDARY);

  mechanism = ph_registry_create (fixture->registry, info, &error);
  g_assert_no_error (error);
  g_assert_true (PH_IS_SASL_MECHANISM (mechanism));
}

static void
test_wrong_major (PluginFixture *fixture, gconstpointer data)
{
  load (fixture, "wrong-major");
  plugin_fixture_assert_failure (fixture, "plugins/wrong-major.so", "built for version 2.0 of the library, which is 1.0");
}

static void
test_newer_minor (PluginFixture *fixture, gconstpointer data)
{
  load (fixture, "newer-minor");
  plugin_fixture_assert_failure (fixture, "plugins/newer-minor.so", "built for version 1.1 of the library, which is 1.0");
  g_assert_false (plugin_fixture_has (fixture, "X-newer-minor"));
}

static void
test_no_magic (PluginFixture *fixture, gconstpointer data)
{
  load (fixture, "no-magic");
  plugin_fixture_assert_failure (fixture, "plugins/no-magic.so", "its descriptor is none");
}

static void
test_no_symbol (PluginFixture *fixture, gconstpointer data)
{
  load (fixture, "no-symbol");
  plugin_fixture_assert_failure (fixture, "plugins/no-symbol.so", "no symbol \"ph_plugin_no_symbol\"");
}

static void
test_misnamed (PluginFixture *fixture, gconstpointer data)
{
  load (fixture, "misnamed");
  plugin_fixture_assert_failure (fixture, "plugins/misnamed.so", "calls itself \"another-name\", its file \"misnamed\"");
}

static void
test_renamed (PluginFixture *fixture, gconstpointer data)
{
  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_copy (fixture, "good-one", "plugins/other.so", 0644);
  plugin_fixture_add (fixture, "plugins");
  plugin_fixture_assert_failure (fixture, "plugins/other.so", "no symbol \"ph_plugin_other\"");
}

static void
test_unresolved (PluginFixture *fixture, gconstpointer data)
{
  load (fixture, "unresolved");
  plugin_fixture_assert_failure (fixture, "plugins/unresolved.so", "ph_test_function_that_nobody_has");
}

static void
test_lacking (PluginFixture *fixture, gconstpointer data)
{
  static const char *const modules[] = { "lacks-name", "lacks-type", "lacks-schemes", "lacks-protocol", "lacks-kind" };
  static const char *const words[] = { "lacks a name", "lacks a type", "lacks schemes", "lacks a protocol", "lacks a kind" };

  plugin_fixture_mkdir (fixture, "plugins", 0755);
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    {
      g_autofree char *name = g_strdup_printf ("plugins/%s.so", modules[i]);

      plugin_fixture_copy (fixture, modules[i], name, 0644);
    }

  plugin_fixture_add (fixture, "plugins");
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    {
      g_autofree char *name = g_strdup_printf ("plugins/%s.so", modules[i]);

      plugin_fixture_assert_failure (fixture, name, words[i]);
    }
  g_assert_false (plugin_fixture_has (fixture, "X-FINE"));
}

static void
test_not_elf (PluginFixture *fixture, gconstpointer data)
{
  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_write (fixture, "plugins/text.so", "#!/bin/sh\necho hello\n", 21);
  plugin_fixture_write (fixture, "plugins/empty.so", "", 0);
  plugin_fixture_mkdir (fixture, "plugins/folder.so", 0755);
  plugin_fixture_add (fixture, "plugins");

  plugin_fixture_assert_failure (fixture, "plugins/text.so", "can't be used");
  plugin_fixture_assert_failure (fixture, "plugins/empty.so", "can't be used");
  plugin_fixture_assert_failure (fixture, "plugins/folder.so", "not a regular file");
}

/* A full disk, a transfer that broke off: dlopen () would map what is not there, and the process would die of SIGBUS. */
static void
test_truncated (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *source = g_strdup_printf ("%s/good-one.so", PH_TEST_MODULE_DIR);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (source, &contents, &length, &error);
  g_assert_no_error (error);
  plugin_fixture_mkdir (fixture, "plugins", 0755);

  for (guint i = 0; i < 64; i++)
    {
      g_autofree char *name = g_strdup_printf ("plugins/cut-%02u.so", i);

      plugin_fixture_write (fixture, name, contents, length * i / 64);
    }

  plugin_fixture_add (fixture, "plugins");
  for (guint i = 0; i < 64; i++)
    {
      g_autofree char *name = g_strdup_printf ("plugins/cut-%02u.so", i);

      plugin_fixture_assert_failure (fixture, name, "can't be used");
    }
}

/* The right start of an ELF file, then noise */
static void
test_noise (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree char *source = g_strdup_printf ("%s/good-one.so", PH_TEST_MODULE_DIR);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (source, &contents, &length, NULL));
  for (gsize i = 24; i < MIN (length, 1024); i++)
    contents[i] = (char) g_rand_int (rand);

  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_write (fixture, "plugins/noise.so", contents, length);
  plugin_fixture_add (fixture, "plugins");
  plugin_fixture_assert_failure (fixture, "plugins/noise.so", "can't be used");
}

static void
test_same_name (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *first = plugin_fixture_path (fixture, "first/good-one.so");
  g_autoptr (PhFeatureInfo) info = NULL;

  plugin_fixture_mkdir (fixture, "first", 0755);
  plugin_fixture_mkdir (fixture, "second", 0755);
  plugin_fixture_copy (fixture, "good-one", "first/good-one.so", 0644);
  plugin_fixture_copy (fixture, "good-one", "first/good_one.so", 0644);
  plugin_fixture_copy (fixture, "good-one", "second/good-one.so", 0644);
  plugin_fixture_add (fixture, "first");
  plugin_fixture_add (fixture, "second");
  /* not read again, and so no failure of its own */
  plugin_fixture_add (fixture, "first");

  plugin_fixture_assert_failure (fixture, "second/good-one.so", first);
  plugin_fixture_assert_failure (fixture, "first/good_one.so", first);
  info = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "X-GOOD");
  g_assert_cmpstr (ph_feature_info_get_path (info), ==, first);
}

/* A file that was refused does not keep its name from a good one. */
static void
test_name_of_refused (PluginFixture *fixture, gconstpointer data)
{
  plugin_fixture_mkdir (fixture, "first", 0755);
  plugin_fixture_mkdir (fixture, "second", 0755);
  plugin_fixture_write (fixture, "first/good-one.so", "broken", 6);
  plugin_fixture_copy (fixture, "good-one", "second/good-one.so", 0644);
  plugin_fixture_add (fixture, "first");
  plugin_fixture_add (fixture, "second");

  plugin_fixture_assert_failure (fixture, "first/good-one.so", "can't be used");
  g_assert_true (plugin_fixture_has (fixture, "X-GOOD"));
}

static void
test_same_type (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (PhFeatureInfo) first = NULL, second = NULL;
  g_autoptr (GObject) mechanism = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_copy (fixture, "twin-a", "plugins/twin-a.so", 0644);
  plugin_fixture_copy (fixture, "twin-b", "plugins/twin-b.so", 0644);
  plugin_fixture_add (fixture, "plugins");

  first = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "twin-a");
  second = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "twin-b");
  mechanism = ph_registry_create (fixture->registry, first, &error);
  g_assert_no_error (error);

  for (int i = 0; i < 2; i++)
    {
      g_assert_null (ph_registry_create (fixture->registry, second, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_PLUGIN);
      g_assert_nonnull (strstr (error->message, "PhTestTwin"));
      g_clear_error (&error);
    }

  again = ph_registry_create (fixture->registry, first, &error);
  g_assert_no_error (error);
}

static void
test_wrong_type (PluginFixture *fixture, gconstpointer data)
{
  static const struct {
    PhFeatureKind kind;
    const char *name;
    const char *type;
  } features[] = {
    { PH_FEATURE_PROTOCOL, "xtest", "PhEngine" },
    { PH_FEATURE_MECHANISM, "X-MANY", "PhSaslMechanism" },
    { PH_FEATURE_EXTENSION, "THREAD=REFS", "PhExtension" },
    { PH_FEATURE_CREDENTIALS, "test-keyring", "PhCredentials" },
  };

  load (fixture, "many");
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr (PhFeatureInfo) info = ph_registry_find (fixture->registry, features[i].kind, features[i].name);
      g_autoptr (GError) error = NULL;

      g_assert_null (ph_registry_create (fixture->registry, info, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_PLUGIN);
      g_assert_nonnull (strstr (error->message, features[i].type));
    }
}

static void
test_no_type (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (PhFeatureInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  load (fixture, "good-two");
  info = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "X-good-two");
  g_assert_null (ph_registry_create (fixture->registry, info, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PLUGIN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  PLUGIN_TEST ("/loader/loads-a-good-module", test_good);
  PLUGIN_TEST ("/loader/refuses-another-major-version", test_wrong_major);
  PLUGIN_TEST ("/loader/refuses-a-newer-minor-version", test_newer_minor);
  PLUGIN_TEST ("/loader/refuses-a-descriptor-without-magic", test_no_magic);
  PLUGIN_TEST ("/loader/refuses-a-library-without-the-symbol", test_no_symbol);
  PLUGIN_TEST ("/loader/refuses-a-descriptor-of-another-name", test_misnamed);
  PLUGIN_TEST ("/loader/refuses-a-file-that-was-renamed", test_renamed);
  PLUGIN_TEST ("/loader/refuses-unresolved-symbols-at-once", test_unresolved);
  PLUGIN_TEST ("/loader/refuses-incomplete-features", test_lacking);
  PLUGIN_TEST ("/loader/refuses-what-is-not-elf", test_not_elf);
  PLUGIN_TEST ("/loader/refuses-files-that-were-cut-off", test_truncated);
  PLUGIN_TEST ("/loader/refuses-noise", test_noise);
  PLUGIN_TEST ("/loader/refuses-the-same-name-twice", test_same_name);
  PLUGIN_TEST ("/loader/a-refused-file-takes-no-name", test_name_of_refused);
  PLUGIN_TEST ("/loader/a-type-name-that-is-taken-is-an-error-and-no-hang", test_same_type);
  PLUGIN_TEST ("/loader/refuses-types-of-the-wrong-kind", test_wrong_type);
  PLUGIN_TEST ("/loader/refuses-features-without-a-type", test_no_type);

  return g_test_run ();
}
