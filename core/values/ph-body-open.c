/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies behind files, descriptors and streams: opened, measured, closed until their turn comes. */
#include "ph-body-data.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <sys/stat.h>
#include <unistd.h>

static gint64
size_from (int fd, goffset start)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return -1;
  return MAX (info.st_size - start, 0);
}

/* A regular file behind @stream needs no thread to be read. */
static gboolean
use_descriptor (PhBody *self, GInputStream *stream)
{
  int fd;
  off_t start;

  if (!G_IS_FILE_INPUT_STREAM (stream) || !G_IS_FILE_DESCRIPTOR_BASED (stream))
    return FALSE;
  fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream));
  start = lseek (fd, 0, SEEK_CUR);
  if (start < 0 || size_from (fd, start) < 0)
    return FALSE;
  self->kind = PH_BODY_KIND_FILE;
  self->fd = fd;
  self->start = start;
  return TRUE;
}

gboolean
ph_body_can_seek (GInputStream *stream)
{
  return G_IS_SEEKABLE (stream) && g_seekable_can_seek (G_SEEKABLE (stream));
}

/* Only where seeking cannot block */
static gint64
find_size (PhBody *self)
{
  GSeekable *seekable;
  goffset end;

  if (self->kind == PH_BODY_KIND_FILE)
    return size_from (self->fd, self->start);
  if (!G_IS_MEMORY_INPUT_STREAM (self->stream))
    return -1;
  seekable = G_SEEKABLE (self->stream);
  if (!g_seekable_seek (seekable, 0, G_SEEK_END, NULL, NULL))
    return -1;
  end = g_seekable_tell (seekable);
  g_seekable_seek (seekable, self->start, G_SEEK_SET, NULL, NULL);
  return end - self->start;
}

/**
 * ph_body_new_for_stream:
 * @stream: read from where it stands; referenced
 * @size: in octets, -1 where it isn't known
 *
 * A body behind a stream. Without a size it can't become an IMAP literal, but SMTP and LMTP take it. A
 * stream that can be polled is read in the session's own step, any other by its asynchronous calls.
 *
 * Nobody else may use the stream until the command is done; where it stands then is not said.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_stream (GInputStream *stream, gint64 size)
{
  PhBody *self;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (size >= -1, NULL);

  self = ph_body_new_of_kind (PH_BODY_KIND_STREAM);
  self->stream = g_object_ref (stream);
  self->pollable = G_IS_POLLABLE_INPUT_STREAM (stream) && g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (stream));
  if (!use_descriptor (self, stream) && ph_body_can_seek (stream))
    self->start = g_seekable_tell (G_SEEKABLE (stream));
  self->size = size >= 0 ? size : find_size (self);
  return self;
}

static gboolean
take_fd (PhBody *self, int fd, const char *name, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || S_ISDIR (info.st_mode))
    {
      int code = S_ISDIR (info.st_mode) ? EISDIR : errno;

      g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "%s can't be read as a message: %s", name, g_strerror (code)));
      close (fd);
      return FALSE;
    }
  self->kind = S_ISREG (info.st_mode) ? PH_BODY_KIND_FILE : PH_BODY_KIND_PIPE;
  self->fd = fd;
  self->owns_fd = TRUE;
  if (self->kind == PH_BODY_KIND_FILE)
    {
      self->start = MAX (lseek (fd, 0, SEEK_CUR), 0);
      self->size = size_from (fd, self->start);
    }
  return TRUE;
}

static PhBody *
new_taking_fd (int fd, const char *name, GError **error)
{
  g_autoptr (PhBody) self = ph_body_new_of_kind (PH_BODY_KIND_PIPE);

  return take_fd (self, fd, name, error) ? g_steal_pointer (&self) : NULL;
}

/* Non-blocking, since a named pipe would wait for its writer; the descriptor is nobody else's. */
static int
open_path (const char *path, const char *name, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0)
    {
      int code = errno;

      g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "%s can't be read as a message: %s", name, g_strerror (code)));
    }
  return fd;
}

/* A file that only GIO can reach. */
static PhBody *
new_for_remote_file (GFile *file, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &local_error);
  g_autoptr (GFileInfo) info = NULL;
  gint64 size = -1;

  if (stream == NULL)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "%s can't be read as a message: %s", name, local_error->message));
      return NULL;
    }
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  if (info != NULL && g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_STANDARD_SIZE))
    size = g_file_info_get_size (info);
  return ph_body_new_for_stream (G_INPUT_STREAM (stream), size);
}

/**
 * ph_body_new_for_file:
 * @file: opened at once and read when it is sent
 * @error: return location for a #GError
 *
 * A body in a file. It must not change until it was sent: one that turns out shorter or longer than it
 * was makes the command fail with %PH_ERROR_BODY.
 *
 * Returns: (transfer full): a new body, or %NULL with %PH_ERROR_BODY
 */
PhBody *
ph_body_new_for_file (GFile *file, GError **error)
{
  g_autofree char *name = NULL;
  const char *path;
  int fd;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  name = g_file_get_parse_name (file);
  path = g_file_peek_path (file);
  if (path == NULL)
    return new_for_remote_file (file, name, error);
  fd = open_path (path, name, error);
  return fd >= 0 ? new_taking_fd (fd, name, error) : NULL;
}

/**
 * ph_body_new_for_closed_file:
 * @file: a file of this machine, opened when it is sent
 *
 * A body in a file that is opened when its turn comes and closed behind its end, so that any number may wait. A file that can't be opened
 * then makes the command fail with %PH_ERROR_BODY; one that is not of this machine, too.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_closed_file (GFile *file)
{
  PhBody *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = ph_body_new_of_kind (PH_BODY_KIND_FILE);
  self->file = g_object_ref (file);
  self->is_closed = TRUE;
  return self;
}

gboolean
ph_body_open (PhBody *self, GError **error)
{
  g_autofree char *name = NULL;
  int fd;

  if (!self->is_closed)
    return TRUE;
  name = g_file_get_parse_name (self->file);
  if (g_file_peek_path (self->file) == NULL)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "%s is not a file of this machine", name));
      return FALSE;
    }
  fd = open_path (g_file_peek_path (self->file), name, error);
  if (fd < 0 || !take_fd (self, fd, name, error))
    return FALSE;
  self->is_closed = FALSE;
  return TRUE;
}

void
ph_body_close_file (PhBody *self)
{
  if (self->file == NULL || self->is_closed)
    return;
  close (self->fd);
  self->fd = -1;
  self->owns_fd = FALSE;
  self->is_closed = TRUE;
}

/**
 * ph_body_new_for_fd:
 * @fd: a descriptor that can be read; duplicated, so the caller closes its own
 * @error: return location for a #GError
 *
 * A body behind a descriptor: a file from where it stands, a pipe or socket until its end. The offset and the
 * flags that @fd shares with others are left alone.
 *
 * Returns: (transfer full): a new body, or %NULL with %PH_ERROR_BODY
 */
PhBody *
ph_body_new_for_fd (int fd, GError **error)
{
  g_autofree char *name = g_strdup_printf ("Descriptor %d", fd);
  int own = fcntl (fd, F_DUPFD_CLOEXEC, 3);

  if (own < 0)
    {
      int code = errno;

      g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "%s can't be read as a message: %s", name, g_strerror (code)));
      return NULL;
    }
  return new_taking_fd (own, name, error);
}
