/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is found, in which order, and when a provider is asked. */
#include "plugin-fixture.h"

#include <string.h>
#include <unistd.h>

static void
load_many (PluginFixture *fixture)
{
  g_unsetenv ("PH_TEST_LISTED");
  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_copy (fixture, "many", "plugins/many.so", 0644);
  plugin_fixture_add (fixture, "plugins");
}

static void
assert_found (PluginFixture *fixture, PhFeatureKind kind, const char *name, const char *found)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (fixture->registry, kind, name);

  g_assert_cmpstr (info != NULL ? ph_feature_info_get_name (info) : NULL, ==, found);
}

static void
test_find (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (PhFeatureInfo) info = NULL;

  load_many (fixture);
  assert_found (fixture, PH_FEATURE_MECHANISM, "x-many", "X-MANY");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANY-other", "X-MANY-*");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANY-", "X-MANY-*");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANYONE", NULL);
  assert_found (fixture, PH_FEATURE_MECHANISM, "", NULL);
  /* of equal rank, the one that says the name; otherwise the rank */
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANY-one", "X-MANY-ONE");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANY-two", "X-MANY-*");
  /* the kind counts */
  assert_found (fixture, PH_FEATURE_PROTOCOL, "X-MANY", NULL);
  assert_found (fixture, PH_FEATURE_PROTOCOL, "XTEST", "xtest");
  assert_found (fixture, PH_FEATURE_CREDENTIALS, "Test-Keyring", "test-keyring");
  assert_found (fixture, PH_FEATURE_EXTENSION, "thread=", "THREAD=*");

  info = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "X-MANY");
  g_assert_cmphex (ph_feature_info_get_flags (info), ==, PH_SASL_MUTUAL);
  g_assert_cmphex (ph_feature_info_get_needs (info), ==, PH_SASL_NEEDS_TOKEN);
  g_assert_cmpstr (ph_feature_info_get_summary (info), ==, "Of a test");
  g_assert_null (ph_feature_info_get_protocol (info));
  g_assert_false (ph_feature_info_is_provided (info));
}

static const char *
get_listed (void)
{
  return g_getenv ("PH_TEST_LISTED");
}

static void
test_provider (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (PhFeatureInfo) info = NULL;

  load_many (fixture);
  g_ptr_array_unref (ph_registry_list (fixture->registry, FALSE));
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANY", "X-MANY");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-OTHER", NULL);
  assert_found (fixture, PH_FEATURE_PROTOCOL, "X-FOUND-1", NULL);
  g_assert_null (get_listed ());

  assert_found (fixture, PH_FEATURE_MECHANISM, "x-found-1", "X-FOUND-1");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-FOUND-2", "X-FOUND-2");
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-FOUND-3", NULL);
  assert_found (fixture, PH_FEATURE_MECHANISM, "X-MANY", "X-MANY");
  all = ph_registry_list (fixture->registry, TRUE);
  g_assert_cmpstr (get_listed (), ==, "1");

  info = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "X-FOUND-1");
  g_assert_true (ph_feature_info_is_provided (info));
  g_assert_cmpstr (ph_feature_info_get_plugin (info), ==, "many");
}

static gboolean
lists (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (ph_feature_info_get_name (list->pdata[i]), name) == 0)
      return TRUE;

  return FALSE;
}

static void
test_list (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) own = NULL, all = NULL;

  load_many (fixture);
  own = ph_registry_list (fixture->registry, FALSE);
  g_assert_true (lists (own, "X-MANY-ONE") && lists (own, "X-FOUND-*") && !lists (own, "X-FOUND-1"));

  all = ph_registry_list (fixture->registry, TRUE);
  g_assert_true (lists (all, "X-MANY-ONE") && lists (all, "X-FOUND-*") && lists (all, "X-FOUND-1"));

  for (guint i = 1; i < all->len; i++)
    {
      PhFeatureInfo *first = all->pdata[i - 1], *second = all->pdata[i];

      if (ph_feature_info_get_kind (first) != ph_feature_info_get_kind (second))
        g_assert_cmpint (ph_feature_info_get_kind (first), <, ph_feature_info_get_kind (second));
      else if (ph_feature_info_get_rank (first) != ph_feature_info_get_rank (second))
        g_assert_cmpint (ph_feature_info_get_rank (first), >, ph_feature_info_get_rank (second));
      else
        g_assert_cmpint (g_ascii_strcasecmp (ph_feature_info_get_name (first), ph_feature_info_get_name (second)), <=, 0);
    }
}

static void
assert_extensions (PluginFixture *fixture, const char *protocol, const char *capabilities, const char *expected)
{
  g_auto (GStrv) words = g_strsplit (capabilities, ",", -1);
  g_autoptr (GPtrArray) list = ph_registry_find_extensions (fixture->registry, protocol, (const char *const *) words);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "", ph_feature_info_get_name (list->pdata[i]));

  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_extensions (PluginFixture *fixture, gconstpointer data)
{
  load_many (fixture);
  assert_extensions (fixture, "xtest", "", "");
  assert_extensions (fixture, "xtest", "IDLE,NAMESPACE", "");
  assert_extensions (fixture, "xtest", "quota", "QUOTA");
  assert_extensions (fixture, "xtest", "QUOTA 12 three", "QUOTA");
  assert_extensions (fixture, "xtest", "QUOTABLE", "");
  assert_extensions (fixture, "xtest", "THREAD=REFS,QUOTA=RES-STORAGE,QUOTA=RES-MESSAGE,QUOTA", "QUOTA=RES-*,THREAD=*,QUOTA");
  assert_extensions (fixture, "xtest", "SECRET", "");
  assert_extensions (fixture, "other", "QUOTA", "QUOTA");
  assert_extensions (fixture, "nobody", "QUOTA", "");
}

static void
test_schemes (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (PhFeatureInfo) plain = NULL, secure = NULL;
  g_auto (GStrv) schemes = NULL;
  const PhScheme *scheme = (const PhScheme *) 1;

  load_many (fixture);
  plain = ph_registry_find_scheme (fixture->registry, "XTest", &scheme);
  g_assert_cmpstr (ph_feature_info_get_name (plain), ==, "xtest");
  g_assert_cmpuint (scheme->port, ==, 4242);
  g_assert_false (scheme->implicit_tls);
  schemes = ph_feature_info_get_schemes (plain);
  g_assert_cmpstrv (schemes, ((const char *[]){ "xtest", "xtests", NULL }));

  /* two protocols speak it: the higher rank */
  secure = ph_registry_find_scheme (fixture->registry, "xtests", &scheme);
  g_assert_cmpstr (ph_feature_info_get_name (secure), ==, "other");
  g_assert_cmpuint (scheme->port, ==, 4444);

  g_assert_null (ph_registry_find_scheme (fixture->registry, "gopher", &scheme));
  g_assert_null (scheme);
  g_assert_null (ph_registry_find_scheme (fixture->registry, "gopher", NULL));
}

static void
test_directories (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_registry_add_directory (fixture->registry, "plugins", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PLUGIN);
  g_assert_nonnull (strstr (error->message, "not an absolute path"));
  plugin_fixture_add_refused (fixture, "nowhere", "nowhere", "can't be read");
  plugin_fixture_write (fixture, "file", "", 0);
  plugin_fixture_add_refused (fixture, "file", "file", "Not a directory");
}

/* ---- the environment ---- */

static void
set_path (PluginFixture *fixture, const char *before, const char *name, const char *after)
{
  g_autofree char *path = plugin_fixture_path (fixture, name);
  g_autofree char *value = g_strconcat (before, path, after, NULL);

  g_setenv ("POSTHORN_PLUGIN_PATH", value, TRUE);
}

static void
test_environment (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *added = plugin_fixture_path (fixture, "added/good-one.so");
  g_autoptr (PhFeatureInfo) info = NULL;

  plugin_fixture_mkdir (fixture, "first", 0755);
  plugin_fixture_mkdir (fixture, "added", 0755);
  plugin_fixture_copy (fixture, "good-one", "first/good-one.so", 0644);
  plugin_fixture_copy (fixture, "good-two", "first/good-two.so", 0644);
  plugin_fixture_copy (fixture, "good-one", "added/good-one.so", 0644);
  plugin_fixture_write (fixture, "first/README", "no plugin", 9);
  plugin_fixture_write (fixture, "first/good-one.so.1", "no plugin", 9);
  plugin_fixture_write (fixture, "first/.hidden.so", "no plugin", 9);
  set_path (fixture, ":relative:", "first", ":/nonexistent-directory::");

  /* what the program adds comes first, though the variable is read later */
  plugin_fixture_add (fixture, "added");
  info = ph_registry_find (fixture->registry, PH_FEATURE_MECHANISM, "X-GOOD");
  g_assert_cmpstr (ph_feature_info_get_path (info), ==, added);
  g_assert_true (plugin_fixture_has (fixture, "X-good-two"));
  plugin_fixture_assert_failure (fixture, "first/good-one.so", added);
}

static void
test_environment_failures (PluginFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) failures = NULL;
  gboolean relative = FALSE, missing = FALSE;

  plugin_fixture_mkdir (fixture, "open", 0777);
  set_path (fixture, "relative:", "open", ":/nonexistent-directory");
  plugin_fixture_assert_failure (fixture, "open", "everybody may write it");

  failures = ph_registry_list_failures (fixture->registry);
  for (guint i = 0; i < failures->len; i++)
    {
      relative |= strcmp (ph_plugin_failure_get_path (failures->pdata[i]), "relative") == 0;
      missing |= strcmp (ph_plugin_failure_get_path (failures->pdata[i]), "/nonexistent-directory") == 0;
    }
  g_assert_true (relative && missing);
}

/* A process whose effective user is not the one who started it is what a set-user-ID program is, for the kernel. */
static void
become_another (gpointer data)
{
  if (geteuid () == 0 && setresuid (64999, 0, 0) != 0)
    _exit (99);
}

static char *
run (const char *program, GSpawnChildSetupFunc setup)
{
  const char *const argv[] = { program, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, 0, setup, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return g_steal_pointer (&output);
}

static void
test_privileged (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *ordinary = NULL, *pretended = NULL;

  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_copy (fixture, "good-two", "plugins/good-two.so", 0644);
  plugin_fixture_write (fixture, "plugins/broken.so", "broken", 6);
  set_path (fixture, "", "plugins", "");

  ordinary = run (PH_TEST_SHOW_ENVIRONMENT, NULL);
  g_assert_cmpstr (ordinary, ==, "ordinary found refused\n");
  pretended = run (PH_TEST_SHOW_ENVIRONMENT "-privileged", NULL);
  g_assert_cmpstr (pretended, ==, "privileged nothing unread\n");

  if (geteuid () == 0)
    {
      g_autofree char *real = run (PH_TEST_SHOW_ENVIRONMENT, become_another);

      g_assert_cmpstr (real, ==, "privileged nothing unread\n");
    }
}

/* ---- threads ---- */

static gpointer
ask_all (gpointer data)
{
  PhRegistry *registry = data;

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (GPtrArray) list = ph_registry_list (registry, i % 2);
      g_autoptr (GPtrArray) failures = ph_registry_list_failures (registry);
      g_autoptr (PhFeatureInfo) found = ph_registry_find (registry, PH_FEATURE_MECHANISM, "X-FOUND-1");
      g_autoptr (PhFeatureInfo) good = ph_registry_find (registry, PH_FEATURE_MECHANISM, "X-GOOD");
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) object = ph_registry_create (registry, good, &error);

      g_assert_no_error (error);
      g_assert_nonnull (object);
      g_assert_null (ph_registry_create (registry, found, NULL));
      g_assert_cmpuint (list->len, >, 2);
      g_assert_nonnull (failures);
    }

  return NULL;
}

static void
test_threads (PluginFixture *fixture, gconstpointer data)
{
  GThread *threads[8];

  g_unsetenv ("PH_TEST_LISTED");
  plugin_fixture_mkdir (fixture, "plugins", 0755);
  plugin_fixture_copy (fixture, "good-one", "plugins/good-one.so", 0644);
  plugin_fixture_copy (fixture, "many", "plugins/many.so", 0644);
  set_path (fixture, "", "plugins", "");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, ask_all, fixture->registry);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpstr (get_listed (), ==, "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  PLUGIN_TEST ("/registry/finds-by-name-pattern-and-rank", test_find);
  PLUGIN_TEST ("/registry/asks-providers-last-and-once", test_provider);
  PLUGIN_TEST ("/registry/lists-by-kind-rank-and-name", test_list);
  PLUGIN_TEST ("/registry/matches-extensions-by-the-first-word", test_extensions);
  PLUGIN_TEST ("/registry/finds-who-speaks-a-scheme", test_schemes);
  PLUGIN_TEST ("/registry/refuses-directories-that-it-can-not-read", test_directories);
  PLUGIN_TEST ("/registry/reads-the-environment-after-the-program", test_environment);
  PLUGIN_TEST ("/registry/reports-what-is-wrong-in-the-environment", test_environment_failures);
  PLUGIN_TEST ("/registry/ignores-the-environment-when-privileged", test_privileged);
  PLUGIN_TEST ("/registry/serves-many-threads", test_threads);

  return g_test_run ();
}
