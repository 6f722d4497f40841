/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a .netrc file into memory that is wiped, and only one that nobody else can read. */
#include "netrc-file.h"

#include "netrc-parser.h"

#include <errno.h>
#include <fcntl.h>
#include <posthorn/posthorn.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nobody's file is longer; what is longer is something else */
#define LONGEST (256 * 1024)

#define fail(error, ...) (g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, __VA_ARGS__), FALSE)

char *
netrc_default_path (void)
{
  /* a program that has more rights than who started it does not let him say what it reads */
  const char *path = getauxval (AT_SECURE) == 0 ? g_getenv ("NETRC") : NULL;

  return path != NULL && *path != '\0' ? g_strdup (path) : g_build_filename (g_get_home_dir (), ".netrc", NULL);
}

static gboolean
read_text (int fd, const char *path, char *text, gsize *length, GError **error)
{
  *length = 0;
  while (*length <= LONGEST)
    {
      gssize got = read (fd, text + *length, LONGEST + 1 - *length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail (error, "%s can't be read: %s", path, g_strerror (errno));
      if (got == 0)
        return TRUE;
      *length += (gsize) got;
    }

  return fail (error, "%s is longer than %d octets, so it is no netrc file", path, LONGEST);
}

/* As ftp, curl and Python have it: names may be read by others, passwords not. */
static gboolean
check_private (const char *path, const struct stat *status, GError **error)
{
  if (status->st_uid != geteuid () && status->st_uid != 0)
    return fail (error, "%s belongs to another user, so its password is not used", path);
  if ((status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail (error, "Others can read or write %s, so its password is not used: chmod 600 helps", path);
  return TRUE;
}

static gboolean
take_entry (const char *path, char *text, gsize length, const struct stat *status, const char *host, const char *user, char **login,
            PhSecret **password, GError **error)
{
  NetrcEntry entry;
  guint line = 0;
  NetrcResult result = netrc_find (text, length, host, user, &entry, &line);

  /* the words of a broken line may be a password */
  if (result == NETRC_MALFORMED)
    return fail (error, "Line %u of %s is malformed", line, path);
  if (result == NETRC_NOTHING && user != NULL)
    return fail (error, "%s has nothing for %s on %s", path, user, host);
  if (result == NETRC_NOTHING)
    return fail (error, "%s has nothing for %s", path, host);
  if (entry.login != NULL && !g_utf8_validate (entry.login, -1, NULL))
    return fail (error, "The login for %s in %s is not UTF-8", host, path);
  if (entry.password != NULL && !check_private (path, status, error))
    return FALSE;

  *login = g_strdup (entry.login);
  *password = entry.password != NULL ? ph_secret_new (entry.password) : NULL;
  return TRUE;
}

gboolean
netrc_read (const char *path, const char *host, const char *user, char **login, PhSecret **password, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  char *text;
  gsize length = 0;
  struct stat status;
  gboolean found;

  *login = NULL;
  *password = NULL;
  if (fd < 0)
    return fail (error, "%s can't be opened: %s", path, g_strerror (errno));
  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    {
      close (fd);
      return fail (error, "%s is not a file", path);
    }

  text = g_malloc (LONGEST + 2);
  found = read_text (fd, path, text, &length, error) && take_entry (path, text, length, &status, host, user, login, password, error);
  ph_wipe (text, LONGEST + 2);
  g_free (text);
  close (fd);
  return found;
}
