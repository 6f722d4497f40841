/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message from a file or standard input, its lines ended by CR LF, its size known. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

static gboolean
fail (GError **error, const char *what, const char *path)
{
  g_set_error (error, PH_ERROR, PH_ERROR_BODY, "can't %s %s: %s", what, path, g_strerror (errno));
  return FALSE;
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/* Lone LF and lone CR become CR LF. @last_cr: whether the octet before @data was a CR, which has been turned already. */
static gsize
convert (const char *data, gsize length, gboolean *last_cr, char *out)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (data[i] == '\r' || (data[i] == '\n' && !*last_cr))
        {
          out[n++] = '\r';
          out[n++] = '\n';
        }
      else if (data[i] != '\n')
        out[n++] = data[i];
      *last_cr = data[i] == '\r';
    }
  return n;
}

static gboolean
copy (int from, int to, const char *name, GError **error)
{
  g_autofree char *data = g_malloc (CHUNK);
  g_autofree char *out = g_malloc (2 * CHUNK);
  gboolean last_cr = FALSE;

  while (TRUE)
    {
      gssize got = read (from, data, CHUNK);

      if (g_cancellable_set_error_if_cancelled (tool_cancellable (), error))
        return FALSE;
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail (error, "read", name);
      if (got == 0)
        return TRUE;
      if (!write_all (to, out, convert (data, (gsize) got, &last_cr, out)))
        return fail (error, "write a temporary copy of", name);
    }
}

/*
 * The copy has no name in the file system, so that nothing can leave it behind. It is made even where the file could be sent
 * as it is: an IMAP literal's size must be known before its first octet, and a pipe's is not.
 */
int
tool_message_copy (const char *path, GError **error)
{
  gboolean standard = path == NULL || strcmp (path, "-") == 0;
  const char *name = standard ? "standard input" : path;
  int from = standard ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  g_autofree char *temporary = NULL;
  gboolean copied;
  int to;

  if (from < 0)
    {
      fail (error, "open", name);
      return -1;
    }
  to = g_file_open_tmp ("posthorn-XXXXXX", &temporary, error);
  if (to >= 0)
    unlink (temporary);
  copied = to >= 0 && copy (from, to, name, error);
  if (copied && lseek (to, 0, SEEK_CUR) == 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_BODY, "there is no message in %s", name);
      copied = FALSE;
    }
  if (!standard)
    close (from);
  if (copied && lseek (to, 0, SEEK_SET) == 0)
    return to;
  if (to >= 0)
    close (to);
  return -1;
}

PhBody *
tool_message_open (const char *path, GError **error)
{
  int fd = tool_message_copy (path, error);
  PhBody *body = fd >= 0 ? ph_body_new_for_fd (fd, error) : NULL;

  if (fd >= 0)
    close (fd);
  return body;
}
