/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may write a module's file, and so run code in this process? Only root and the user, or it is refused. */
#include "plugins/ph-module.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Most entries of passwd and group are below 1 KiB; a group with thousands of members is nobody's own. */
#define ENTRY_SIZE 16384

static gboolean
refuse (GError **error, const char *path, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError **error, const char *path, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "%s is not trusted: %s", path, reason);
  return FALSE;
}

static gboolean
has_no_other_member (const struct group *group, const char *user)
{
  for (char **member = group->gr_mem; *member != NULL; member++)
    if (strcmp (*member, user) != 0)
      return FALSE;

  return TRUE;
}

/*
 * Where every user has a group of the same name, as on Debian, a umask of 002 is common and harmless. A primary group that all
 * users share ("users", "staff") is not the user's own.
 */
static gboolean
is_own_group (gid_t gid)
{
  g_autofree char *user_entry = g_malloc (ENTRY_SIZE);
  g_autofree char *group_entry = g_malloc (ENTRY_SIZE);
  struct passwd user, *found_user = NULL;
  struct group group, *found_group = NULL;

  if (getpwuid_r (geteuid (), &user, user_entry, ENTRY_SIZE, &found_user) != 0 || found_user == NULL || user.pw_gid != gid)
    return FALSE;
  if (getgrgid_r (gid, &group, group_entry, ENTRY_SIZE, &found_group) != 0 || found_group == NULL)
    return FALSE;

  return strcmp (group.gr_name, user.pw_name) == 0 && has_no_other_member (&group, user.pw_name);
}

/* With an access control list, the group's bits are its mask: whom it lets write can't be seen in them. */
static gboolean
has_acl (const char *path)
{
  return getxattr (path, "system.posix_acl_access", NULL, 0) > 0;
}

static guint64
read_number (const char *path, guint64 fallback)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

/* uid_map has lines of "first-inside first-outside count"; the whole range in one line is no namespace at all. */
static gboolean
is_mapped (uid_t uid)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/self/uid_map", &text, NULL, NULL))
    return TRUE;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      guint64 first = 0, outside = 0, count = 0;

      if (sscanf (*line, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &first, &outside, &count) == 3 && uid >= first &&
          uid - first < count)
        return TRUE;
    }
  return FALSE;
}

/* The kernel's number for who has none in a user namespace. It is asked for with every file and directory, and read once. */
static uid_t
get_overflow_user (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) read_number ("/proc/sys/kernel/overflowuid", 65534) + 1);

  return (uid_t) (once - 1);
}

/*
 * In a user namespace (Flatpak, bubblewrap) everybody who has no number there, root among them, appears as one and the same user, and
 * sometimes as the user of the process. Who it is can't be told.
 */
static gboolean
is_hidden (uid_t uid)
{
  return uid == get_overflow_user () && !is_mapped (uid);
}

/* Whoever set the namespace up has put it there, and nobody in it can change it. */
static gboolean
is_read_only (const char *path)
{
  struct statvfs status;

  return statvfs (path, &status) == 0 && (status.f_flag & ST_RDONLY);
}

static gboolean
check_owner (const char *path, const struct stat *status, GError **error)
{
  if (is_hidden (status->st_uid))
    return is_read_only (path) || refuse (error, path, "in this user namespace its owner can't be told, and it is not mounted read-only");
  if (status->st_uid == 0 || status->st_uid == geteuid ())
    return TRUE;

  return refuse (error, path, "it belongs to user %u, who is neither root nor the user of this process (%u)", (guint) status->st_uid,
                 (guint) geteuid ());
}

static gboolean
check_mode (const char *path, const struct stat *status, GError **error)
{
  guint mode = status->st_mode & 07777;

  if (mode & S_IWOTH)
    return refuse (error, path, "everybody may write it (mode %04o)", mode);
  if ((mode & S_IWGRP) && has_acl (path))
    return refuse (error, path, "its access control list lets others write it (mode %04o)", mode);
  if ((mode & S_IWGRP) && !is_own_group (status->st_gid))
    return refuse (error, path, "group %u, which is not the user's own, may write it (mode %04o)", (guint) status->st_gid, mode);

  return TRUE;
}

/* What lies in a sticky directory, such as /tmp, can be replaced by its owner only; that owner is checked, too. */
static gboolean
check_directory (const char *path, gboolean is_parent, GError **error)
{
  struct stat status;

  if (lstat (path, &status) != 0)
    return refuse (error, path, "%s", g_strerror (errno));
  if (!check_owner (path, &status, error))
    return FALSE;
  if (is_parent && (status.st_mode & S_ISVTX))
    return TRUE;

  return check_mode (path, &status, error);
}

/* @path has no symbolic links. From the directory itself upwards: who may write one of them may exchange the next. */
static gboolean
check_directories (const char *path, GError **error)
{
  g_autofree char *directory = g_strdup (path);

  if (!check_directory (directory, FALSE, error))
    return FALSE;

  while (strcmp (directory, "/") != 0)
    {
      char *parent = g_path_get_dirname (directory);

      g_free (directory);
      directory = parent;
      if (!check_directory (directory, TRUE, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_file (const char *path, const struct stat *status, GError **error)
{
  if (!S_ISREG (status->st_mode))
    return refuse (error, path, "it is not a regular file");

  return check_owner (path, status, error) && check_mode (path, status, error);
}

/*
 * There is no race to lose between these checks and dlopen (): the path that they return has no symbolic links, and if they pass,
 * none of its parts can be exchanged by anybody but root and the user.
 */
char *
ph_module_trust (const char *path, gboolean is_directory, GError **error)
{
  g_autofree char *resolved = realpath (path, NULL);
  g_autofree char *directory = NULL;
  struct stat status;

  if (resolved == NULL || lstat (resolved, &status) != 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_PLUGIN, "%s can't be read: %s", path, g_strerror (errno));
      return NULL;
    }

  if (is_directory)
    return check_directories (resolved, error) ? g_steal_pointer (&resolved) : NULL;

  directory = g_path_get_dirname (resolved);
  if (!check_file (resolved, &status, error) || !check_directories (directory, error))
    return NULL;

  return g_steal_pointer (&resolved);
}

/* A symbolic link leads elsewhere, where all has to be looked at. */
char *
ph_module_trust_entry (const char *path, const char *directory, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *resolved = g_build_filename (directory, name, NULL);
  struct stat status;

  if (lstat (resolved, &status) != 0 || S_ISLNK (status.st_mode))
    return ph_module_trust (path, FALSE, error);

  return check_file (resolved, &status, error) ? g_steal_pointer (&resolved) : NULL;
}
