/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection that records what passes through another one. */
#include "recorder.h"

/**
 * RecorderConnection:
 *
 * A connection around another one, whose octets it keeps. It stands below TLS and compression: behind STARTTLS it records what an
 * eavesdropper would see. Give it to [method@Posthorn.Session.set_connection].
 */
struct _RecorderConnection
{
  GObject parent;

  PhConnection *inner;
  GByteArray *sent;
  GByteArray *received;
};

static void recorder_connection_describe_interface (PhConnectionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RecorderConnection, recorder_connection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_CONNECTION, recorder_connection_describe_interface))

static gssize
recorder_connection_try_read (PhConnection *connection, void *buffer, gsize count, GError **error)
{
  RecorderConnection *self = RECORDER_CONNECTION (connection);
  gssize n = ph_connection_try_read (self->inner, buffer, count, error);

  if (n > 0)
    g_byte_array_append (self->received, buffer, (guint) n);
  return n;
}

static gssize
recorder_connection_try_write (PhConnection *connection, const void *buffer, gsize count, GError **error)
{
  RecorderConnection *self = RECORDER_CONNECTION (connection);
  gssize n = ph_connection_try_write (self->inner, buffer, count, error);

  if (n > 0)
    g_byte_array_append (self->sent, buffer, (guint) n);
  return n;
}

static int
recorder_connection_get_fd (PhConnection *connection, GIOCondition condition)
{
  return ph_connection_get_fd (RECORDER_CONNECTION (connection)->inner, condition);
}

static GSource *
recorder_connection_create_source (PhConnection *connection, GIOCondition condition)
{
  return ph_connection_create_source (RECORDER_CONNECTION (connection)->inner, condition);
}

static void
recorder_connection_close (PhConnection *connection)
{
  ph_connection_close (RECORDER_CONNECTION (connection)->inner);
}

static gboolean
recorder_connection_is_local (PhConnection *connection)
{
  return ph_connection_is_local (RECORDER_CONNECTION (connection)->inner);
}

static char *
recorder_connection_describe (PhConnection *connection)
{
  g_autofree char *inner = ph_connection_describe (RECORDER_CONNECTION (connection)->inner);

  return g_strdup_printf ("%s (recorded)", inner);
}

static void
recorder_connection_describe_interface (PhConnectionInterface *iface)
{
  iface->try_read = recorder_connection_try_read;
  iface->try_write = recorder_connection_try_write;
  iface->get_fd = recorder_connection_get_fd;
  iface->create_source = recorder_connection_create_source;
  iface->close = recorder_connection_close;
  iface->is_local = recorder_connection_is_local;
  iface->describe = recorder_connection_describe;
}

static void
recorder_connection_finalize (GObject *object)
{
  RecorderConnection *self = RECORDER_CONNECTION (object);

  g_clear_object (&self->inner);
  g_byte_array_unref (self->sent);
  g_byte_array_unref (self->received);
  G_OBJECT_CLASS (recorder_connection_parent_class)->finalize (object);
}

static void
recorder_connection_class_init (RecorderConnectionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = recorder_connection_finalize;
}

static void
recorder_connection_init (RecorderConnection *self)
{
  self->sent = g_byte_array_new ();
  self->received = g_byte_array_new ();
}

/**
 * recorder_connection_new:
 * @inner: the connection to record
 *
 * Records what passes through @inner from now on.
 *
 * Returns: (transfer full): a connection
 */
RecorderConnection *
recorder_connection_new (PhConnection *inner)
{
  RecorderConnection *self = g_object_new (RECORDER_TYPE_CONNECTION, NULL);

  self->inner = g_object_ref (inner);
  return self;
}

/**
 * recorder_connection_get_sent:
 * @self: a recorder
 *
 * Returns: (transfer full): every octet that was sent so far
 */
GBytes *
recorder_connection_get_sent (RecorderConnection *self)
{
  return g_bytes_new (self->sent->data, self->sent->len);
}

/**
 * recorder_connection_get_received:
 * @self: a recorder
 *
 * Returns: (transfer full): every octet that was received so far
 */
GBytes *
recorder_connection_get_received (RecorderConnection *self)
{
  return g_bytes_new (self->received->data, self->received->len);
}
