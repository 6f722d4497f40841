/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConnection: octets in, octets out, and how to wait for either. */
#include <posthorn/posthorn.h>

/**
 * PhConnection:
 *
 * The way to a server, which knows nothing of what it carries. The library has its own for TCP, unix sockets, child processes,
 * descriptors and streams; a program may implement another and give it to [method@Posthorn.Session.set_connection].
 *
 * Nothing here waits. Whoever uses a connection polls its descriptor, or attaches the source that it makes. It is used by one
 * thread at a time.
 */
G_DEFINE_INTERFACE (PhConnection, ph_connection, G_TYPE_OBJECT)

static void
ph_connection_default_init (PhConnectionInterface *iface)
{
}

/**
 * ph_connection_try_read: (skip)
 * @self: a connection
 * @buffer: where to
 * @count: octets, at most; not 0
 * @error: return location
 *
 * Reads what is there, without waiting. %G_IO_ERROR_WOULD_BLOCK where there is nothing yet, %G_IO_ERROR_CLOSED behind
 * ph_connection_close().
 *
 * Returns: how many octets were read; 0 at the end of the stream, -1 for an error
 */
gssize
ph_connection_try_read (PhConnection *self, void *buffer, gsize count, GError **error)
{
  g_return_val_if_fail (PH_IS_CONNECTION (self), -1);

  return PH_CONNECTION_GET_IFACE (self)->try_read (self, buffer, count, error);
}

/**
 * ph_connection_try_write: (skip)
 * @self: a connection
 * @buffer: octets
 * @count: how many
 * @error: return location
 *
 * Writes what can be written, without waiting. %G_IO_ERROR_WOULD_BLOCK where nothing can.
 *
 * Returns: how many octets were taken; -1 for an error
 */
gssize
ph_connection_try_write (PhConnection *self, const void *buffer, gsize count, GError **error)
{
  g_return_val_if_fail (PH_IS_CONNECTION (self), -1);

  return PH_CONNECTION_GET_IFACE (self)->try_write (self, buffer, count, error);
}

/**
 * ph_connection_get_fd: (skip)
 * @self: a connection
 * @condition: %G_IO_IN or %G_IO_OUT
 *
 * The descriptor to poll for @condition.
 *
 * Returns: a descriptor that stays the connection's; -1 where there is none
 */
int
ph_connection_get_fd (PhConnection *self, GIOCondition condition)
{
  g_return_val_if_fail (PH_IS_CONNECTION (self), -1);

  PhConnectionInterface *iface = PH_CONNECTION_GET_IFACE (self);
  return iface->get_fd != NULL ? iface->get_fd (self, condition) : -1;
}

/**
 * ph_connection_create_source: (skip)
 * @self: a connection
 * @condition: %G_IO_IN, %G_IO_OUT or both
 *
 * A source for connections without a descriptor. Its callback is a #GSourceFunc.
 *
 * Returns: (transfer full) (nullable): a source that fires once @condition may hold; %NULL where the descriptor is to be polled
 */
GSource *
ph_connection_create_source (PhConnection *self, GIOCondition condition)
{
  g_return_val_if_fail (PH_IS_CONNECTION (self), NULL);

  PhConnectionInterface *iface = PH_CONNECTION_GET_IFACE (self);
  return iface->create_source != NULL ? iface->create_source (self, condition) : NULL;
}

/**
 * ph_connection_close:
 * @self: a connection
 *
 * Ends the connection, without waiting and once. Further calls give %G_IO_ERROR_CLOSED.
 */
void
ph_connection_close (PhConnection *self)
{
  g_return_if_fail (PH_IS_CONNECTION (self));

  PH_CONNECTION_GET_IFACE (self)->close (self);
}

/**
 * ph_connection_is_local:
 * @self: a connection
 *
 * Tells whether nobody on a network can read or change what passes, as with a unix socket or a pipe. Plain passwords are
 * allowed there.
 *
 * Returns: %TRUE for a local connection
 */
gboolean
ph_connection_is_local (PhConnection *self)
{
  g_return_val_if_fail (PH_IS_CONNECTION (self), FALSE);

  PhConnectionInterface *iface = PH_CONNECTION_GET_IFACE (self);
  return iface->is_local != NULL && iface->is_local (self);
}

/**
 * ph_connection_describe:
 * @self: a connection
 *
 * Where the connection leads, for people: "127.0.0.1:25", "/run/dovecot/lmtp".
 *
 * Returns: (transfer full): UTF-8
 */
char *
ph_connection_describe (PhConnection *self)
{
  g_return_val_if_fail (PH_IS_CONNECTION (self), NULL);

  PhConnectionInterface *iface = PH_CONNECTION_GET_IFACE (self);
  return iface->describe != NULL ? iface->describe (self) : g_strdup (G_OBJECT_TYPE_NAME (self));
}
