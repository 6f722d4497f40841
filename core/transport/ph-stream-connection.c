/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection made of any GIOStream: sockets by their descriptor, pollable streams as they are, others by a pump. */
#include "transport/ph-fd-connection.h"
#include "transport/ph-stream-pump.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PH_TYPE_STREAM_CONNECTION (ph_stream_connection_get_type ())
G_DECLARE_FINAL_TYPE (PhStreamConnection, ph_stream_connection, PH, STREAM_CONNECTION, PhFdConnection)

/* With @input and @output, octets go through them; without, by the parent's descriptor: the stream's own, or the pump's. */
struct _PhStreamConnection {
  PhFdConnection parent_instance;

  GIOStream             *stream;
  GPollableInputStream  *input;
  GPollableOutputStream *output;
  PhStreamPump          *pump;
};

static void ph_stream_connection_implement (PhConnectionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhStreamConnection, ph_stream_connection, PH_TYPE_FD_CONNECTION,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_CONNECTION, ph_stream_connection_implement))

static PhConnectionInterface *parent_iface;

static gssize
fail (PhStreamConnection *self, GError *reason, GError **error)
{
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) || self->stream == NULL)
    g_propagate_error (error, reason);
  else
    {
      g_set_error (error, PH_ERROR, PH_ERROR_CLOSED, "The connection was lost: %s", reason->message);
      g_error_free (reason);
    }
  return -1;
}

/* The pump's end of the pair tells that it is closed; only the pump knows why. */
static gssize
fail_pump (PhStreamConnection *self, gssize result, GError **error)
{
  GError *reason = self->pump == NULL ? NULL : ph_stream_pump_get_error (self->pump);

  if (reason == NULL)
    return result;
  g_clear_error (error);
  return fail (self, reason, error);
}

static gssize
ph_stream_connection_try_read (PhConnection *connection, void *buffer, gsize count, GError **error)
{
  PhStreamConnection *self = PH_STREAM_CONNECTION (connection);
  g_autoptr (GError) reason = NULL;
  gssize n;

  if (self->input != NULL)
    {
      n = g_pollable_input_stream_read_nonblocking (self->input, buffer, count, NULL, &reason);
      return n < 0 ? fail (self, g_steal_pointer (&reason), error) : n;
    }
  n = parent_iface->try_read (connection, buffer, count, &reason);
  if (n < 0)
    g_propagate_error (error, g_error_copy (reason));
  if (n == 0 || (n < 0 && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    return fail_pump (self, n, error);
  return n;
}

static gssize
ph_stream_connection_try_write (PhConnection *connection, const void *buffer, gsize count, GError **error)
{
  PhStreamConnection *self = PH_STREAM_CONNECTION (connection);
  g_autoptr (GError) reason = NULL;
  gssize n;

  if (self->output != NULL)
    {
      n = g_pollable_output_stream_write_nonblocking (self->output, buffer, count, NULL, &reason);
      return n < 0 ? fail (self, g_steal_pointer (&reason), error) : n;
    }
  n = parent_iface->try_write (connection, buffer, count, &reason);
  if (n < 0)
    g_propagate_error (error, g_error_copy (reason));
  if (n < 0 && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return fail_pump (self, n, error);
  return n;
}

static GSource *
ph_stream_connection_create_source (PhConnection *connection, GIOCondition condition)
{
  PhStreamConnection *self = PH_STREAM_CONNECTION (connection);
  GSource *source;

  if (self->input == NULL)
    return parent_iface->create_source (connection, condition);
  source = ph_either_source_new ();
  if (condition & G_IO_IN)
    ph_either_source_add (source, g_pollable_input_stream_create_source (self->input, NULL));
  if (condition & G_IO_OUT)
    ph_either_source_add (source, g_pollable_output_stream_create_source (self->output, NULL));
  return source;
}

static void
ph_stream_connection_close (PhConnection *connection)
{
  PhStreamConnection *self = PH_STREAM_CONNECTION (connection);

  ph_fd_connection_shut (PH_FD_CONNECTION (self));
  self->input = NULL;
  self->output = NULL;
  /* the pump closes the stream once it has written the rest */
  if (self->pump == NULL && self->stream != NULL)
    ph_stream_close_quietly (self->stream);
  g_clear_pointer (&self->pump, ph_stream_pump_end);
  g_clear_object (&self->stream);
}

static void
ph_stream_connection_finalize (GObject *object)
{
  ph_stream_connection_close (PH_CONNECTION (object));
  G_OBJECT_CLASS (ph_stream_connection_parent_class)->finalize (object);
}

static void
ph_stream_connection_class_init (PhStreamConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_stream_connection_finalize;
}

static void
ph_stream_connection_implement (PhConnectionInterface *iface)
{
  parent_iface = g_type_interface_peek_parent (iface);
  iface->try_read = ph_stream_connection_try_read;
  iface->try_write = ph_stream_connection_try_write;
  iface->create_source = ph_stream_connection_create_source;
  iface->close = ph_stream_connection_close;
}

static void
ph_stream_connection_init (PhStreamConnection *self)
{
}

static gboolean
take_socket (PhStreamConnection *self, GSocket *socket, GError **error)
{
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);

  if (fd < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The stream's socket can't be used: %s", g_strerror (errno));
      return FALSE;
    }
  if (ph_fd_connection_take (PH_FD_CONNECTION (self), fd, error))
    return TRUE;
  close (fd);
  return FALSE;
}

static gboolean
take_pump (PhStreamConnection *self, GError **error)
{
  int fds[2];

  if (!ph_socket_pair (fds, error))
    return FALSE;
  if (!ph_fd_connection_take (PH_FD_CONNECTION (self), fds[0], error))
    {
      close (fds[0]);
      close (fds[1]);
      return FALSE;
    }
  ph_fd_connection_set_distant (PH_FD_CONNECTION (self));
  self->pump = ph_stream_pump_new (self->stream, fds[1]);
  return TRUE;
}

static gboolean
take_stream (PhStreamConnection *self, GError **error)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  GOutputStream *output = g_io_stream_get_output_stream (self->stream);

  if (G_IS_SOCKET_CONNECTION (self->stream) && !G_IS_TCP_WRAPPER_CONNECTION (self->stream))
    return take_socket (self, g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->stream)), error);

  if (G_IS_POLLABLE_INPUT_STREAM (input) && g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (input)) &&
      G_IS_POLLABLE_OUTPUT_STREAM (output) && g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (output)))
    {
      self->input = G_POLLABLE_INPUT_STREAM (input);
      self->output = G_POLLABLE_OUTPUT_STREAM (output);
    }
  else if (!take_pump (self, error))
    return FALSE;
  ph_fd_connection_set_name (PH_FD_CONNECTION (self), G_OBJECT_TYPE_NAME (self->stream));
  return TRUE;
}

/**
 * ph_connection_new_for_stream:
 * @stream: an open stream
 * @error: return location for an error
 *
 * Makes a connection of any stream. Sockets are read and written directly,
 * pollable streams without waiting; for others, two threads carry octets to and
 * from a socket pair.
 *
 * The connection uses @stream alone from now on, holds a reference, and closes
 * it with itself. The stream of a unix socket counts as local, any other does
 * not.
 *
 * Returns: (transfer full): a new connection, or %NULL with
 *   %PH_ERROR_INVALID_ARGUMENT where @stream is closed, or %PH_ERROR_CONNECT
 *   where the system gives no socket pair
 */
PhConnection *
ph_connection_new_for_stream (GIOStream *stream, GError **error)
{
  g_autoptr (PhStreamConnection) self = NULL;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  if (g_io_stream_is_closed (stream))
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The stream is closed");
      return NULL;
    }
  self = g_object_new (PH_TYPE_STREAM_CONNECTION, NULL);
  self->stream = g_object_ref (stream);
  if (!take_stream (self, error))
    {
      /* it stays the caller's */
      g_clear_object (&self->stream);
      return NULL;
    }
  return PH_CONNECTION (g_steal_pointer (&self));
}
