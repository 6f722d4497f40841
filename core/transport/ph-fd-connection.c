/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection that is one descriptor, read and written without a stream in between. */
#include "transport/ph-fd-connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

typedef union {
  struct sockaddr     any;
  struct sockaddr_in  v4;
  struct sockaddr_in6 v6;
} PhPeer;

typedef struct {
  int      fd; /* -1: closed */
  char    *name; /* NULL: that of the peer, made when it is asked for */
  PhPeer   peer;
  gboolean is_socket;
  gboolean is_local;
  gboolean is_loopback;
  gboolean can_wait; /* a blocking socket: each call says whether it waits */
  gboolean waits;    /* the next read does */
  gint64   patience; /* microseconds, as the kernel was told; -1: no end */
} PhFdConnectionPrivate;

static void ph_fd_connection_implement (PhConnectionInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PhFdConnection, ph_fd_connection, G_TYPE_OBJECT,
                         G_ADD_PRIVATE (PhFdConnection)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_CONNECTION, ph_fd_connection_implement))

static PhFdConnectionPrivate *
get_private (gpointer self)
{
  return ph_fd_connection_get_instance_private (PH_FD_CONNECTION (self));
}

static const char *
get_name (PhFdConnectionPrivate *priv)
{
  gboolean is_v4 = priv->peer.any.sa_family == AF_INET;
  const void *address = is_v4 ? (const void *) &priv->peer.v4.sin_addr : (const void *) &priv->peer.v6.sin6_addr;
  char text[INET6_ADDRSTRLEN];

  if (priv->name == NULL && priv->peer.any.sa_family != AF_UNSPEC &&
      inet_ntop (priv->peer.any.sa_family, address, text, sizeof text) != NULL)
    priv->name = g_strdup_printf (is_v4 ? "%s:%u" : "[%s]:%u", text, g_ntohs (is_v4 ? priv->peer.v4.sin_port : priv->peer.v6.sin6_port));
  return priv->name;
}

static gssize
fail (PhFdConnectionPrivate *priv, int code, GError **error)
{
  if (code == EAGAIN || code == EWOULDBLOCK)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Nothing can pass at the moment");
  else
    g_set_error (error, PH_ERROR, PH_ERROR_CLOSED, "The connection to %s was lost: %s", get_name (priv), g_strerror (code));
  return -1;
}

static gssize
fail_closed (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
  return -1;
}

static gssize
ph_fd_connection_try_read (PhConnection *connection, void *buffer, gsize count, GError **error)
{
  PhFdConnectionPrivate *priv = get_private (connection);
  gboolean waits = priv->waits;
  int flags = waits ? 0 : MSG_DONTWAIT;
  gssize n;

  priv->waits = FALSE;
  if (priv->fd < 0)
    return fail_closed (error);
  do
    n = priv->is_socket ? recv (priv->fd, buffer, count, flags) : read (priv->fd, buffer, count);
  while (n < 0 && errno == EINTR);
  /* nothing for a long time, or somebody has made the socket non-blocking: from now on poll () is asked, which keeps time to the moment */
  if (n < 0 && waits)
    priv->can_wait = FALSE;
  return n < 0 ? fail (priv, errno, error) : n;
}

/* write () without the signal that ends the process when a pipe's reader has gone: only send () has a flag for that. */
static gssize
write_quietly (int fd, const void *buffer, gsize count)
{
  const struct timespec at_once = { 0, 0 };
  sigset_t pipe_signal, before, pending;
  gboolean was_pending;
  gssize n;
  int code;

  sigemptyset (&pipe_signal);
  sigaddset (&pipe_signal, SIGPIPE);
  sigpending (&pending);
  was_pending = sigismember (&pending, SIGPIPE) == 1;
  pthread_sigmask (SIG_BLOCK, &pipe_signal, &before);
  n = write (fd, buffer, count);
  code = errno;
  if (n < 0 && code == EPIPE && !was_pending)
    while (sigtimedwait (&pipe_signal, NULL, &at_once) < 0 && errno == EINTR)
      ;
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = code;
  return n;
}

static gssize
ph_fd_connection_try_write (PhConnection *connection, const void *buffer, gsize count, GError **error)
{
  PhFdConnectionPrivate *priv = get_private (connection);
  gssize n;

  if (priv->fd < 0)
    return fail_closed (error);
  do
    n = priv->is_socket ? send (priv->fd, buffer, count, MSG_NOSIGNAL | MSG_DONTWAIT) : write_quietly (priv->fd, buffer, count);
  while (n < 0 && errno == EINTR);
  return n < 0 ? fail (priv, errno, error) : n;
}

static int
ph_fd_connection_get_fd (PhConnection *connection, GIOCondition condition)
{
  return get_private (connection)->fd;
}

static GSource *
ph_fd_connection_create_source (PhConnection *connection, GIOCondition condition)
{
  return ph_fd_source_new (get_private (connection)->fd, condition);
}

static void
ph_fd_connection_close (PhConnection *connection)
{
  ph_fd_connection_shut (PH_FD_CONNECTION (connection));
}

static gboolean
ph_fd_connection_is_local (PhConnection *connection)
{
  return get_private (connection)->is_local;
}

static char *
ph_fd_connection_describe (PhConnection *connection)
{
  return g_strdup (get_name (get_private (connection)));
}

static void
ph_fd_connection_finalize (GObject *object)
{
  PhFdConnectionPrivate *priv = get_private (object);

  ph_fd_connection_shut (PH_FD_CONNECTION (object));
  g_free (priv->name);
  G_OBJECT_CLASS (ph_fd_connection_parent_class)->finalize (object);
}

static void
ph_fd_connection_class_init (PhFdConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_fd_connection_finalize;
}

static void
ph_fd_connection_implement (PhConnectionInterface *iface)
{
  iface->try_read = ph_fd_connection_try_read;
  iface->try_write = ph_fd_connection_try_write;
  iface->get_fd = ph_fd_connection_get_fd;
  iface->create_source = ph_fd_connection_create_source;
  iface->close = ph_fd_connection_close;
  iface->is_local = ph_fd_connection_is_local;
  iface->describe = ph_fd_connection_describe;
}

static void
ph_fd_connection_init (PhFdConnection *self)
{
  get_private (self)->fd = -1;
}

static char *
name_address (GSocketAddress *address, int fd)
{
  const char *path;

  if (G_IS_INET_SOCKET_ADDRESS (address))
    return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
  if (!G_IS_UNIX_SOCKET_ADDRESS (address))
    return g_strdup_printf ("descriptor %d", fd);
  path = g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address));
  return g_strdup (*path != '\0' ? path : "a local socket");
}

/* ::ffff:127.0.0.0/104, IPv4 as a dual-stack socket shows it */
static gboolean
is_mapped_loopback (const guint8 *octets)
{
  return memcmp (octets, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f", 13) == 0;
}

static gboolean
is_loopback_address (GSocketAddress *address)
{
  GInetAddress *inet;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;
  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  if (g_inet_address_get_is_loopback (inet))
    return TRUE;
  return g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6 && is_mapped_loopback (g_inet_address_to_bytes (inet));
}

static gboolean
read_socket (PhFdConnectionPrivate *priv, int fd, int type, GError **error)
{
  g_autoptr (GSocketAddress) peer = NULL;
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;

  if (type != SOCK_STREAM)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "Descriptor %d is not a stream socket", fd);
      return FALSE;
    }
  if (getpeername (fd, (struct sockaddr *) &storage, &length) < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "Descriptor %d is not connected: %s", fd, g_strerror (errno));
      return FALSE;
    }
  peer = g_socket_address_new_from_native (&storage, length);
  priv->is_socket = TRUE;
  priv->is_local = storage.ss_family == AF_UNIX;
  priv->is_loopback = is_loopback_address (peer);
  g_free (priv->name);
  priv->name = name_address (peer, fd);
  return TRUE;
}

gboolean
ph_fd_connection_take (PhFdConnection *self, int fd, GError **error)
{
  PhFdConnectionPrivate *priv = get_private (self);
  struct stat status;
  socklen_t length = sizeof (int);
  int flags, type;

  g_return_val_if_fail (priv->fd < 0, FALSE);

  if (fstat (fd, &status) < 0 || (flags = fcntl (fd, F_GETFD)) < 0 || fcntl (fd, F_SETFD, flags | FD_CLOEXEC) < 0 ||
      !g_unix_set_fd_nonblocking (fd, TRUE, NULL))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "Descriptor %d can't be used: %s", fd, g_strerror (errno));
      return FALSE;
    }
  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0)
    {
      priv->is_local = S_ISFIFO (status.st_mode);
      g_free (priv->name);
      priv->name = name_address (NULL, fd);
    }
  else if (!read_socket (priv, fd, type, error))
    return FALSE;
  priv->fd = fd;
  return TRUE;
}

void
ph_fd_connection_take_own (PhFdConnection *self, int fd, const struct sockaddr *peer, gboolean can_wait)
{
  PhFdConnectionPrivate *priv = get_private (self);

  g_return_if_fail (priv->fd < 0);

  priv->fd = fd;
  priv->is_socket = TRUE;
  priv->can_wait = can_wait;
  priv->patience = -1;
  g_clear_pointer (&priv->name, g_free);
  if (peer->sa_family == AF_INET)
    {
      priv->peer.v4 = *(const struct sockaddr_in *) peer;
      priv->is_loopback = *(const guint8 *) &priv->peer.v4.sin_addr == 127;
    }
  else
    {
      priv->peer.v6 = *(const struct sockaddr_in6 *) peer;
      priv->is_loopback = IN6_IS_ADDR_LOOPBACK (&priv->peer.v6.sin6_addr) || is_mapped_loopback (priv->peer.v6.sin6_addr.s6_addr);
    }
}

void
ph_fd_connection_set_name (PhFdConnection *self, const char *name)
{
  PhFdConnectionPrivate *priv = get_private (self);

  g_free (priv->name);
  priv->name = g_strdup (name);
}

void
ph_fd_connection_set_distant (PhFdConnection *self)
{
  PhFdConnectionPrivate *priv = get_private (self);

  priv->is_loopback = FALSE;
  priv->is_local = FALSE;
}

void
ph_fd_connection_shut (PhFdConnection *self)
{
  PhFdConnectionPrivate *priv = get_private (self);

  if (priv->fd >= 0)
    close (priv->fd);
  priv->fd = -1;
}

gboolean
ph_connection_is_loopback (PhConnection *self)
{
  return PH_IS_FD_CONNECTION (self) && get_private (self)->is_loopback;
}

gboolean
ph_connection_can_wait (PhConnection *self)
{
  return PH_IS_FD_CONNECTION (self) && get_private (self)->can_wait;
}

void
ph_connection_wait_in_read (PhConnection *self, gint64 most)
{
  PhFdConnectionPrivate *priv = get_private (self);

  g_return_if_fail (priv->can_wait);

  priv->waits = most != 0;
  if (most > 0 && (priv->patience < 0 || priv->patience > most))
    {
      /* half of it, so that the next wait, of as long a patience less a moment, finds the kernel told */
      gint64 half = MAX (most / 2, 1);
      const struct timeval time = { .tv_sec = half / G_USEC_PER_SEC, .tv_usec = half % G_USEC_PER_SEC };

      priv->waits = setsockopt (priv->fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0;
      priv->can_wait = priv->waits;
      priv->patience = half;
    }
}

gboolean
ph_socket_pair (int fds[2], GError **error)
{
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0)
    return TRUE;
  g_set_error (error, PH_ERROR, PH_ERROR_CONNECT, "No socket pair could be made: %s", g_strerror (errno));
  return FALSE;
}

/**
 * ph_connection_new_for_fd:
 * @fd: a connected stream socket, or another descriptor that can be polled
 * @error: return location for an error
 *
 * Makes a connection of a descriptor, for programs that have connected by
 * themselves or were handed a socket.
 *
 * @fd belongs to the connection from now on: it becomes non-blocking and
 * close-on-exec, and is closed with it. Where an error is returned, it stays
 * the caller's.
 *
 * Unix sockets and pipes count as local, see [method@Connection.is_local].
 *
 * Returns: (transfer full): a new connection, or %NULL with
 *   %PH_ERROR_INVALID_ARGUMENT where @fd is not a descriptor, or a socket
 *   that isn't a connected stream
 */
PhConnection *
ph_connection_new_for_fd (int fd, GError **error)
{
  g_autoptr (PhFdConnection) self = g_object_new (PH_TYPE_FD_CONNECTION, NULL);

  if (!ph_fd_connection_take (self, fd, error))
    return NULL;
  return PH_CONNECTION (g_steal_pointer (&self));
}

static gboolean
source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback == NULL ? G_SOURCE_REMOVE : callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = source_dispatch };

GSource *
ph_either_source_new (void)
{
  GSource *source = g_source_new (&source_funcs, sizeof (GSource));

  g_source_set_static_name (source, "PhConnection");
  return source;
}

void
ph_either_source_add (GSource *self, GSource *child)
{
  g_source_set_dummy_callback (child);
  g_source_add_child_source (self, child);
  g_source_unref (child);
}

GSource *
ph_fd_source_new (int fd, GIOCondition condition)
{
  GSource *source = ph_either_source_new ();

  /* a closed connection is always ready: the next call says so */
  if (fd >= 0)
    g_source_add_unix_fd (source, fd, condition | G_IO_ERR | G_IO_HUP);
  else
    g_source_set_ready_time (source, 0);
  return source;
}
