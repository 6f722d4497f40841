/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBody: a message's octets, from memory, a descriptor or a stream, behind one way of reading. */
#include "ph-body-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gfiledescriptorbased.h>
#include <glib-unix.h>

/**
 * PhBody:
 *
 * A message's octets, wherever they are: in memory, in a file, behind a descriptor or a stream. They go
 * out as they are, apart from what the protocol adds on the line (dot-stuffing, a literal's length).
 *
 * A body is read by one command at a time. One made of bytes, text, a file or a seekable stream can be
 * sent again; a pipe or socket only once. Many that wait are best made by [ctor@Body.new_for_closed_file]: each holds no
 * descriptor before its turn.
 */
typedef enum {
  KIND_BYTES,
  KIND_FILE, /* a regular file: pread, which neither waits nor moves an offset that others share */
  KIND_PIPE, /* any other descriptor: polled before each read */
  KIND_STREAM,
  KIND_REMOTE /* a URL, or parts: never read by itself */
} Kind;

struct _PhBody {
  GObject parent_instance;

  Kind kind;
  gint64 size;

  GBytes *bytes;
  GInputStream *stream;
  gboolean pollable;
  int fd;
  gboolean owns_fd;
  GFile *file; /* to be opened when its turn comes, and closed behind its end; else NULL */
  gboolean is_closed;

  char *url;
  GPtrArray *parts; /* PhBody */

  goffset start; /* where the body begins in the file or stream */
  guint64 position;
};

G_DEFINE_FINAL_TYPE (PhBody, ph_body, G_TYPE_OBJECT)

static void
ph_body_finalize (GObject *object)
{
  PhBody *self = PH_BODY (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_object (&self->file);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self->url);
  if (self->owns_fd)
    close (self->fd);
  G_OBJECT_CLASS (ph_body_parent_class)->finalize (object);
}

static void
ph_body_class_init (PhBodyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_body_finalize;
}

static void
ph_body_init (PhBody *self)
{
  self->size = -1;
  self->fd = -1;
}

static PhBody *
body_new (Kind kind)
{
  PhBody *self = g_object_new (PH_TYPE_BODY, NULL);

  self->kind = kind;
  return self;
}

PhBody *
ph_body_new_remote (const char *url, GPtrArray *parts, gint64 size)
{
  PhBody *self = body_new (KIND_REMOTE);

  self->url = g_strdup (url);
  self->parts = parts;
  self->size = size;
  return self;
}

/**
 * ph_body_get_url:
 * @self: a body
 *
 * Returns: (transfer none) (nullable): the URL that it was made for; %NULL of any other body
 */
const char *
ph_body_get_url (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), NULL);

  return self->url;
}

/**
 * ph_body_get_n_parts:
 * @self: a body
 *
 * Returns: how many parts it was made of; 0 of any other body
 */
guint
ph_body_get_n_parts (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), 0);

  return self->parts != NULL ? self->parts->len : 0;
}

/**
 * ph_body_get_part:
 * @self: a body
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): one of its parts; %NULL behind the last
 */
PhBody *
ph_body_get_part (PhBody *self, guint index)
{
  g_return_val_if_fail (PH_IS_BODY (self), NULL);

  return index < ph_body_get_n_parts (self) ? g_ptr_array_index (self->parts, index) : NULL;
}

/**
 * ph_body_new_for_bytes:
 * @bytes: the octets; referenced
 *
 * A body in memory.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_bytes (GBytes *bytes)
{
  PhBody *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = body_new (KIND_BYTES);
  self->bytes = g_bytes_ref (bytes);
  self->size = (gint64) g_bytes_get_size (bytes);
  return self;
}

void
ph_body_set_bytes (PhBody *self, GBytes *bytes)
{
  g_assert (self->kind == KIND_BYTES);

  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = bytes;
  self->size = bytes != NULL ? (gint64) g_bytes_get_size (bytes) : 0;
  self->position = 0;
}

/**
 * ph_body_new_for_text:
 * @text: a message as UTF-8 text; copied
 *
 * A body in memory, for bindings and short messages.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_text (const char *text)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new (text, strlen (text));
  return ph_body_new_for_bytes (bytes);
}

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
  self->kind = KIND_FILE;
  self->fd = fd;
  self->start = start;
  return TRUE;
}

static gboolean
can_seek (GInputStream *stream)
{
  return G_IS_SEEKABLE (stream) && g_seekable_can_seek (G_SEEKABLE (stream));
}

/* Only where seeking cannot block */
static gint64
find_size (PhBody *self)
{
  GSeekable *seekable;
  goffset end;

  if (self->kind == KIND_FILE)
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

  self = body_new (KIND_STREAM);
  self->stream = g_object_ref (stream);
  self->pollable = G_IS_POLLABLE_INPUT_STREAM (stream) && g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (stream));
  if (!use_descriptor (self, stream) && can_seek (stream))
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
  self->kind = S_ISREG (info.st_mode) ? KIND_FILE : KIND_PIPE;
  self->fd = fd;
  self->owns_fd = TRUE;
  if (self->kind == KIND_FILE)
    {
      self->start = MAX (lseek (fd, 0, SEEK_CUR), 0);
      self->size = size_from (fd, self->start);
    }
  return TRUE;
}

static PhBody *
new_taking_fd (int fd, const char *name, GError **error)
{
  g_autoptr (PhBody) self = body_new (KIND_PIPE);

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

  self = body_new (KIND_FILE);
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

/* Until it is sent once more; its size is kept. */
static void
close_file (PhBody *self)
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

/**
 * ph_body_get_size:
 * @self: a body
 *
 * Returns: its length in octets from the start, -1 where it isn't known
 */
gint64
ph_body_get_size (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), -1);

  /* one that was read to its end has its size, and stays closed */
  if (self->size < 0 && self->position == 0)
    ph_body_open (self, NULL);
  return self->size;
}

/* Waiting and cancelling keep their codes, everything else is the caller's message that can't be read. */
static gssize
fail_read (GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return -1;
    }
  g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "The message can't be read to its end: %s", cause->message));
  g_error_free (cause);
  return -1;
}

static gssize
fail_errno (int code, GError **error)
{
  return fail_read (g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code)), error);
}

static gssize
read_bytes (PhBody *self, void *buffer, gsize count)
{
  gsize size;
  const char *data = g_bytes_get_data (self->bytes, &size);
  gsize n = MIN (count, size - (gsize) self->position);

  if (n > 0)
    memcpy (buffer, data + self->position, n);
  return (gssize) n;
}

static gssize
read_file (PhBody *self, void *buffer, gsize count, GError **error)
{
  gssize n;

  do
    n = pread (self->fd, buffer, count, self->start + (off_t) self->position);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : fail_errno (errno, error);
}

/* The descriptor may be blocking, and its flags are others', too; so it is asked first. */
static gssize
read_pipe (PhBody *self, void *buffer, gsize count, GError **error)
{
  GPollFD poll_fd = { self->fd, G_IO_IN, 0 };
  gssize n;

  do
    {
      if (g_poll (&poll_fd, 1, 0) == 0)
        return fail_errno (EAGAIN, error);
      n = read (self->fd, buffer, count);
    }
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : fail_errno (errno, error);
}

static gssize
read_pollable (PhBody *self, void *buffer, gsize count, GError **error)
{
  GError *cause = NULL;
  gssize n;

  if (!self->pollable)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "The stream can't be polled");
      return -1;
    }
  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->stream), buffer, count, NULL, &cause);
  return n >= 0 ? n : fail_read (cause, error);
}

gssize
ph_body_read (PhBody *self, void *buffer, gsize count, GError **error)
{
  gssize n = 0;

  /* No read may answer "too much at once". */
  count = MIN (count, G_MAXINT32);
  if (!ph_body_open (self, error))
    return -1;
  switch (self->kind)
    {
    case KIND_BYTES:
      n = read_bytes (self, buffer, count);
      break;
    case KIND_FILE:
      n = read_file (self, buffer, count, error);
      break;
    case KIND_PIPE:
      n = read_pipe (self, buffer, count, error);
      break;
    case KIND_STREAM:
      n = read_pollable (self, buffer, count, error);
      break;
    case KIND_REMOTE:
      g_set_error_literal (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "a message that is made of parts or URLs can't be sent this way");
      n = -1;
      break;
    }
  if (n > 0)
    self->position += (guint64) n;
  else if (n == 0 && count > 0)
    close_file (self);
  return n;
}

gboolean
ph_body_is_async (PhBody *self)
{
  return self->kind == KIND_STREAM && !self->pollable;
}

static gboolean
dispatch_source (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

/* Ready when its child is; descriptors' and streams' own sources each want another kind of callback. */
static GSourceFuncs wait_funcs = { .dispatch = dispatch_source };

GSource *
ph_body_create_source (PhBody *self)
{
  g_autoptr (GSource) child = NULL;
  GSource *source;

  if (self->kind == KIND_PIPE)
    child = g_unix_fd_source_new (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  else if (self->kind == KIND_STREAM && self->pollable)
    child = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->stream), NULL);
  else
    child = g_timeout_source_new (0);
  source = g_source_new (&wait_funcs, sizeof (GSource));
  g_source_set_name (source, "PhBody");
  g_source_set_dummy_callback (child);
  g_source_add_child_source (source, child);
  return source;
}

static void
on_stream_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PhBody *self = g_task_get_source_object (task);
  GError *cause = NULL;
  GError *error = NULL;
  GBytes *bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &cause);

  if (bytes == NULL)
    {
      fail_read (cause, &error);
      g_task_return_error (task, error);
      return;
    }
  self->position += g_bytes_get_size (bytes);
  g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

/* TRUE: the task has its answer */
static gboolean
try_read (GTask *task)
{
  PhBody *self = g_task_get_source_object (task);
  gsize count = GPOINTER_TO_SIZE (g_task_get_task_data (task));
  GError *error = NULL;
  g_autofree char *buffer = g_malloc (count);
  gssize n;

  if (g_task_return_error_if_cancelled (task))
    return TRUE;
  n = ph_body_read (self, buffer, count, &error);
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_error_free (error);
      return FALSE;
    }
  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_bytes_new (buffer, (gsize) n), (GDestroyNotify) g_bytes_unref);
  return TRUE;
}

static gboolean
on_readable (gpointer user_data)
{
  return try_read (user_data) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

void
ph_body_read_async (PhBody *self, gsize count, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSource) source = NULL;

  g_task_set_source_tag (task, ph_body_read_async);
  count = MIN (count, G_MAXINT32);
  g_task_set_task_data (task, GSIZE_TO_POINTER (count), NULL);
  if (ph_body_is_async (self))
    {
      g_input_stream_read_bytes_async (self->stream, count, G_PRIORITY_DEFAULT, cancellable, on_stream_read, g_steal_pointer (&task));
      return;
    }
  if (try_read (task))
    return;
  source = ph_body_create_source (self);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }
  g_source_set_callback (source, on_readable, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

GBytes *
ph_body_read_finish (PhBody *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* FALSE: cancelled */
static gboolean
wait_for_fd (int fd, GCancellable *cancellable, GError **error)
{
  GPollFD poll_fds[2] = { { fd, G_IO_IN, 0 } };
  gboolean has_second = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &poll_fds[1]);

  g_poll (poll_fds, has_second ? 2 : 1, -1);
  if (has_second)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gssize
ph_body_read_blocking (PhBody *self, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  GError *cause = NULL;
  gssize n;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (self->kind == KIND_PIPE && !wait_for_fd (self->fd, cancellable, error))
    return -1;
  if (self->kind != KIND_STREAM)
    return ph_body_read (self, buffer, count, error);
  n = g_input_stream_read (self->stream, buffer, MIN (count, G_MAXINT32), cancellable, &cause);
  if (n < 0)
    return fail_read (cause, error);
  self->position += (guint64) n;
  return n;
}

const guint8 *
ph_body_peek_memory (PhBody *self, gsize *length)
{
  gsize size;
  const guint8 *data;

  if (self->kind != KIND_BYTES)
    return NULL;
  data = g_bytes_get_data (self->bytes, &size);
  *length = size - (gsize) self->position;
  /* an empty one has no data, and is in memory all the same */
  return data != NULL ? data + self->position : (const guint8 *) "";
}

void
ph_body_skip (PhBody *self, gsize length)
{
  self->position += length;
}

/**
 * ph_body_get_bytes:
 * @self: a body
 *
 * Returns: (transfer none) (nullable): the octets that it was made of, where they are in memory; %NULL of any other body
 */
GBytes *
ph_body_get_bytes (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), NULL);

  return self->bytes;
}

/**
 * ph_body_peek: (skip)
 * @self: a body
 * @offset: from the start, in octets
 * @buffer: where they go
 * @count: how many at most
 *
 * Looks at octets without reading them away, where that needs no waiting: in memory and in regular files.
 *
 * Returns: how many there are at @offset; 0 behind the end and where it can't be looked at
 */
gssize
ph_body_peek (PhBody *self, guint64 offset, void *buffer, gsize count)
{
  gssize n = 0;

  g_return_val_if_fail (PH_IS_BODY (self), 0);

  if (self->kind == KIND_BYTES)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (self->bytes, &size);

      n = (gssize) (offset < size ? MIN (count, size - offset) : 0);
      if (n > 0)
        memcpy (buffer, data + offset, (gsize) n);
    }
  else if (self->kind == KIND_FILE && ph_body_open (self, NULL))
    {
      n = pread (self->fd, buffer, MIN (count, G_MAXINT32), self->start + (off_t) offset);
    }
  return MAX (n, 0);
}

/**
 * ph_body_can_rewind: (skip)
 * @self: a body
 *
 * Returns: whether it can be read a second time: memory, files, and streams that can seek
 */
gboolean
ph_body_can_rewind (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), FALSE);

  for (guint i = 0; i < ph_body_get_n_parts (self); i++)
    if (!ph_body_can_rewind (ph_body_get_part (self, i)))
      return FALSE;
  return self->kind == KIND_BYTES || self->kind == KIND_FILE || self->kind == KIND_REMOTE ||
         (self->kind == KIND_STREAM && can_seek (self->stream));
}

/**
 * ph_body_rewind: (skip)
 * @self: a body
 *
 * Goes back to where it was read from first.
 *
 * Returns: %FALSE where octets were read that can't be read again
 */
gboolean
ph_body_rewind (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), FALSE);

  if (self->file != NULL)
    {
      close_file (self);
      self->position = 0;
      return TRUE;
    }
  for (guint i = 0; i < ph_body_get_n_parts (self); i++)
    if (!ph_body_rewind (ph_body_get_part (self, i)))
      return FALSE;
  if (self->position == 0)
    return TRUE;
  if (!ph_body_can_rewind (self) ||
      (self->kind == KIND_STREAM && !g_seekable_seek (G_SEEKABLE (self->stream), self->start, G_SEEK_SET, NULL, NULL)))
    return FALSE;
  self->position = 0;
  return TRUE;
}
