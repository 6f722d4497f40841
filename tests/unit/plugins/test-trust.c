/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may write a module or what leads to it? Only root and the user, or it is refused, and the message says which and why. */
#include "plugin-fixture.h"

#include <errno.h>
#include <grp.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Nobody's, on any system that this runs on */
#define FOREIGN_ID 64999

static void
make_plugins (PluginFixture *fixture)
{
  plugin_fixture_mkdir (fixture, "outer", 0755);
  plugin_fixture_mkdir (fixture, "outer/plugins", 0755);
  plugin_fixture_copy (fixture, "good-one", "outer/plugins/good-one.so", 0644);
}

static void
chown_to (PluginFixture *fixture, const char *name, uid_t user, gid_t group)
{
  g_autofree char *path = plugin_fixture_path (fixture, name);

  g_assert_cmpint (chown (path, user, group), ==, 0);
}

static void
assert_file_refused (PluginFixture *fixture, const char *words)
{
  plugin_fixture_add (fixture, "outer/plugins");
  plugin_fixture_assert_failure (fixture, "outer/plugins/good-one.so", words);
  g_assert_false (plugin_fixture_has (fixture, "X-GOOD"));
}

static void
assert_loaded (PluginFixture *fixture)
{
  plugin_fixture_add (fixture, "outer/plugins");
  plugin_fixture_assert_no_failure (fixture);
  g_assert_true (plugin_fixture_has (fixture, "X-GOOD"));
}

static void
test_private (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  plugin_fixture_chmod (fixture, "outer/plugins", 0700);
  plugin_fixture_chmod (fixture, "outer/plugins/good-one.so", 0600);
  assert_loaded (fixture);
}

static void
test_writable_file (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  plugin_fixture_copy (fixture, "good-two", "outer/plugins/good-two.so", 0644);
  plugin_fixture_chmod (fixture, "outer/plugins/good-one.so", 0646);
  assert_file_refused (fixture, "everybody may write it (mode 0646)");
  g_assert_true (plugin_fixture_has (fixture, "X-good-two"));
}

static void
test_writable_directory (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  plugin_fixture_chmod (fixture, "outer/plugins", 0757);
  plugin_fixture_add_refused (fixture, "outer/plugins", "outer/plugins", "everybody may write it (mode 0757)");
  plugin_fixture_assert_failure (fixture, "outer/plugins", "everybody may write it");
  g_assert_false (plugin_fixture_has (fixture, "X-GOOD"));

  /* others can't replace the file in a sticky directory, but add one of their own */
  plugin_fixture_chmod (fixture, "outer/plugins", 01777);
  plugin_fixture_add_refused (fixture, "outer/plugins", "outer/plugins", "everybody may write it (mode 1777)");
}

static void
test_writable_parent (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  plugin_fixture_chmod (fixture, "outer", 0777);
  plugin_fixture_add_refused (fixture, "outer/plugins", "outer", "everybody may write it (mode 0777)");
}

static void
test_sticky_parent (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  plugin_fixture_chmod (fixture, "outer", 01777);
  assert_loaded (fixture);
}

static gboolean
has_own_group (gid_t *gid)
{
  struct passwd *user = getpwuid (geteuid ());
  struct group *group = user != NULL ? getgrgid (user->pw_gid) : NULL;

  if (group == NULL || strcmp (group->gr_name, user->pw_name) != 0 || group->gr_mem[0] != NULL)
    return FALSE;

  *gid = group->gr_gid;
  return TRUE;
}

/* A umask of 002 where everybody has a group of his own */
static void
test_own_group (PluginFixture *fixture, gconstpointer data)
{
  gid_t gid;

  make_plugins (fixture);
  if (!has_own_group (&gid))
    {
      g_test_message ("this user has no group of his own: the next test is the one that counts");
      return;
    }

  chown_to (fixture, "outer/plugins/good-one.so", -1, gid);
  chown_to (fixture, "outer/plugins", -1, gid);
  plugin_fixture_chmod (fixture, "outer/plugins/good-one.so", 0664);
  plugin_fixture_chmod (fixture, "outer/plugins", 02775);
  assert_loaded (fixture);
}

/* A group that is not the user's own: any for root, another one of his for a user who has one */
static gboolean
find_other_group (gid_t *other)
{
  gid_t groups[64], own = (gid_t) -1;
  int n = getgroups (G_N_ELEMENTS (groups), groups);

  *other = FOREIGN_ID;
  if (geteuid () == 0)
    return TRUE;

  has_own_group (&own);
  for (int i = 0; i < n; i++)
    if (groups[i] != own)
      {
        *other = groups[i];
        return TRUE;
      }

  return FALSE;
}

static void
test_other_group (PluginFixture *fixture, gconstpointer data)
{
  gid_t other;

  make_plugins (fixture);
  if (!find_other_group (&other))
    {
      g_test_message ("this user is in no other group and can't give files away");
      return;
    }

  chown_to (fixture, "outer/plugins", -1, other);
  plugin_fixture_chmod (fixture, "outer/plugins", 0775);
  plugin_fixture_add_refused (fixture, "outer/plugins", "outer/plugins", "which is not the user's own, may write it (mode 0775)");

  plugin_fixture_chmod (fixture, "outer/plugins", 0755);
  chown_to (fixture, "outer/plugins/good-one.so", -1, other);
  plugin_fixture_chmod (fixture, "outer/plugins/good-one.so", 0664);
  assert_file_refused (fixture, "which is not the user's own, may write it (mode 0664)");
}

static void
test_foreign_owner (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  if (geteuid () != 0)
    {
      g_test_message ("only root can give files away");
      return;
    }

  chown_to (fixture, "outer/plugins", FOREIGN_ID, -1);
  plugin_fixture_add_refused (fixture, "outer/plugins", "outer/plugins", "it belongs to user 64999");
  chown_to (fixture, "outer/plugins", 0, -1);

  chown_to (fixture, "outer", FOREIGN_ID, -1);
  plugin_fixture_add_refused (fixture, "outer/plugins", "outer", "it belongs to user 64999");
  chown_to (fixture, "outer", 0, -1);

  chown_to (fixture, "outer/plugins/good-one.so", FOREIGN_ID, -1);
  assert_file_refused (fixture, "it belongs to user 64999");
}

/* The kernel's form of an access control list: owner rwx, user 64999 rwx, group r-x, mask rwx, others r-x */
static const guint8 acl[] = {
  2, 0, 0, 0,
  0x01, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,
  0x02, 0, 7, 0, 0xe7, 0xfd, 0x00, 0x00,
  0x04, 0, 5, 0, 0xff, 0xff, 0xff, 0xff,
  0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,
  0x20, 0, 5, 0, 0xff, 0xff, 0xff, 0xff,
};

static void
test_acl (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *path = plugin_fixture_path (fixture, "outer/plugins");

  make_plugins (fixture);
  if (setxattr (path, "system.posix_acl_access", acl, sizeof acl, 0) != 0)
    {
      g_test_message ("no access control lists here: %s", g_strerror (errno));
      return;
    }

  plugin_fixture_add_refused (fixture, "outer/plugins", "outer/plugins", "access control list");
}

/* What counts is where a link leads. */
static void
test_links (PluginFixture *fixture, gconstpointer data)
{
  make_plugins (fixture);
  plugin_fixture_mkdir (fixture, "open", 0755);
  plugin_fixture_copy (fixture, "good-two", "open/good-two.so", 0644);
  plugin_fixture_copy (fixture, "many", "outer/many.so", 0644);
  plugin_fixture_symlink (fixture, "open/good-two.so", "outer/plugins/good-two.so");
  plugin_fixture_symlink (fixture, "outer/many.so", "outer/plugins/many.so");
  plugin_fixture_symlink (fixture, "nowhere", "outer/plugins/dangling.so");
  plugin_fixture_symlink (fixture, "outer/plugins/loop.so", "outer/plugins/loop.so");
  plugin_fixture_symlink (fixture, "outer/plugins", "link");
  plugin_fixture_chmod (fixture, "open", 0777);

  plugin_fixture_add (fixture, "link");
  g_assert_true (plugin_fixture_has (fixture, "X-GOOD"));
  g_assert_true (plugin_fixture_has (fixture, "X-MANY"));
  g_assert_false (plugin_fixture_has (fixture, "X-good-two"));
  plugin_fixture_assert_failure (fixture, "link/dangling.so", "can't be read");
  plugin_fixture_assert_failure (fixture, "link/loop.so", "can't be read");
}

static void
test_link_to_open_directory (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *culprit = plugin_fixture_path (fixture, "outer/plugins");
  g_autofree char *path = plugin_fixture_path (fixture, "link/good-one.so");
  g_autoptr (GPtrArray) failures = NULL;

  make_plugins (fixture);
  plugin_fixture_mkdir (fixture, "link", 0755);
  plugin_fixture_symlink (fixture, "outer/plugins/good-one.so", "link/good-one.so");
  plugin_fixture_chmod (fixture, "outer/plugins", 0777);
  plugin_fixture_add (fixture, "link");

  failures = ph_registry_list_failures (fixture->registry);
  for (guint i = 0; i < failures->len; i++)
    if (strcmp (ph_plugin_failure_get_path (failures->pdata[i]), path) == 0)
      {
        g_assert_nonnull (strstr (ph_plugin_failure_get_reason (failures->pdata[i]), culprit));
        return;
      }

  g_assert_not_reached ();
}

/* Opening one would wait for somebody to write into it. */
static void
test_fifo (PluginFixture *fixture, gconstpointer data)
{
  g_autofree char *path = plugin_fixture_path (fixture, "outer/plugins/pipe.so");

  make_plugins (fixture);
  g_assert_cmpint (mkfifo (path, 0644), ==, 0);
  plugin_fixture_add (fixture, "outer/plugins");
  plugin_fixture_assert_failure (fixture, "outer/plugins/pipe.so", "not a regular file");
  g_assert_true (plugin_fixture_has (fixture, "X-GOOD"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  PLUGIN_TEST ("/trust/what-only-the-user-can-read-is-fine", test_private);
  PLUGIN_TEST ("/trust/refuses-a-file-that-everybody-may-write", test_writable_file);
  PLUGIN_TEST ("/trust/refuses-a-directory-that-everybody-may-write", test_writable_directory);
  PLUGIN_TEST ("/trust/refuses-what-is-below-a-directory-that-everybody-may-write", test_writable_parent);
  PLUGIN_TEST ("/trust/a-sticky-directory-above-is-fine", test_sticky_parent);
  PLUGIN_TEST ("/trust/the-users-own-group-may-write", test_own_group);
  PLUGIN_TEST ("/trust/other-groups-may-not-write", test_other_group);
  PLUGIN_TEST ("/trust/refuses-what-belongs-to-others", test_foreign_owner);
  PLUGIN_TEST ("/trust/sees-through-access-control-lists", test_acl);
  PLUGIN_TEST ("/trust/follows-links-to-where-they-lead", test_links);
  PLUGIN_TEST ("/trust/refuses-a-link-into-an-open-directory", test_link_to_open_directory);
  PLUGIN_TEST ("/trust/never-opens-a-pipe", test_fifo);

  return g_test_run ();
}
