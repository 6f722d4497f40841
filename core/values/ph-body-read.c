/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a body: without waiting, asynchronously, blocking. */
#include "ph-body-data.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

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
    case PH_BODY_KIND_BYTES:
      n = read_bytes (self, buffer, count);
      break;
    case PH_BODY_KIND_FILE:
      n = read_file (self, buffer, count, error);
      break;
    case PH_BODY_KIND_PIPE:
      n = read_pipe (self, buffer, count, error);
      break;
    case PH_BODY_KIND_STREAM:
      n = read_pollable (self, buffer, count, error);
      break;
    case PH_BODY_KIND_REMOTE:
      g_set_error_literal (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "a message that is made of parts or URLs can't be sent this way");
      n = -1;
      break;
    }
  if (n > 0)
    self->position += (guint64) n;
  else if (n == 0 && count > 0)
    ph_body_close_file (self);
  return n;
}

gboolean
ph_body_is_async (PhBody *self)
{
  return self->kind == PH_BODY_KIND_STREAM && !self->pollable;
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

  if (self->kind == PH_BODY_KIND_PIPE)
    child = g_unix_fd_source_new (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  else if (self->kind == PH_BODY_KIND_STREAM && self->pollable)
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
  if (self->kind == PH_BODY_KIND_PIPE && !wait_for_fd (self->fd, cancellable, error))
    return -1;
  if (self->kind != PH_BODY_KIND_STREAM)
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

  if (self->kind != PH_BODY_KIND_BYTES)
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
