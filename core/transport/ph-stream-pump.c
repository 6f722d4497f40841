/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pump between a stream that blocks and one end of a socket pair. */
#include "transport/ph-stream-pump.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE (16 * 1024)

/* Shared by the connection and two threads, each of which holds a reference; the last one closes the stream. */
struct _PhStreamPump {
  GIOStream    *stream;
  int           fd;
  GCancellable *stop; /* the reading */
  GMutex        lock;
  GError       *error;
};

static void
ph_stream_pump_clear (gpointer data)
{
  PhStreamPump *self = data;

  close (self->fd);
  ph_stream_close_quietly (self->stream);
  g_object_unref (self->stream);
  g_object_unref (self->stop);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
}

static void
ph_stream_pump_unref (PhStreamPump *self)
{
  g_atomic_rc_box_release_full (self, ph_stream_pump_clear);
}

static void
keep_error (PhStreamPump *self, GError *error)
{
  g_mutex_lock (&self->lock);
  if (self->error == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  g_mutex_unlock (&self->lock);
  g_clear_error (&error);
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize n = send (fd, data, length, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= n;
    }
  return TRUE;
}

static gpointer
carry_in (gpointer data)
{
  PhStreamPump *self = data;
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  g_autofree guint8 *buffer = g_malloc (PIECE);
  GError *error = NULL;
  gssize n;

  while ((n = g_input_stream_read (input, buffer, PIECE, self->stop, &error)) > 0)
    if (!write_all (self->fd, buffer, n))
      break;
  if (n < 0)
    keep_error (self, error);
  shutdown (self->fd, SHUT_WR);
  ph_stream_pump_unref (self);
  return NULL;
}

static gpointer
carry_out (gpointer data)
{
  PhStreamPump *self = data;
  GOutputStream *output = g_io_stream_get_output_stream (self->stream);
  g_autofree guint8 *buffer = g_malloc (PIECE);
  GError *error = NULL;
  gssize n;

  while ((n = recv (self->fd, buffer, PIECE, 0)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0 && (!g_output_stream_write_all (output, buffer, n, NULL, NULL, &error) || !g_output_stream_flush (output, NULL, &error)))
      break;
  if (error != NULL)
    {
      keep_error (self, error);
      shutdown (self->fd, SHUT_RDWR);
      g_cancellable_cancel (self->stop);
    }
  ph_stream_pump_unref (self);
  return NULL;
}

PhStreamPump *
ph_stream_pump_new (GIOStream *stream, int fd)
{
  PhStreamPump *self = g_atomic_rc_box_new0 (PhStreamPump);

  self->stream = g_object_ref (stream);
  self->fd = fd;
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_thread_unref (g_thread_new ("posthorn-in", carry_in, g_atomic_rc_box_acquire (self)));
  g_thread_unref (g_thread_new ("posthorn-out", carry_out, g_atomic_rc_box_acquire (self)));
  return self;
}

GError *
ph_stream_pump_get_error (PhStreamPump *self)
{
  GError *error;

  g_mutex_lock (&self->lock);
  error = self->error == NULL ? NULL : g_error_copy (self->error);
  g_mutex_unlock (&self->lock);
  return error;
}

void
ph_stream_pump_end (PhStreamPump *self)
{
  g_cancellable_cancel (self->stop);
  ph_stream_pump_unref (self);
}

static gpointer
close_in_thread (gpointer data)
{
  g_io_stream_close (data, NULL, NULL);
  g_object_unref (data);
  return NULL;
}

void
ph_stream_close_quietly (GIOStream *stream)
{
  /* a socket without a wrapping, closed by now, or from a thread where it doesn't matter */
  if (g_io_stream_is_closed (stream))
    return;
  if (G_IS_SOCKET_CONNECTION (stream) && !G_IS_TCP_WRAPPER_CONNECTION (stream))
    g_io_stream_close (stream, NULL, NULL);
  else
    g_thread_unref (g_thread_new ("posthorn-close", close_in_thread, g_object_ref (stream)));
}
