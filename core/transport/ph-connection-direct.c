/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocking connections to an address by number: where no proxy can stand between, they need neither resolver nor main loop. */
#include "transport/ph-connection-open.h"
#include "transport/ph-fd-connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

typedef union {
  struct sockaddr     any;
  struct sockaddr_in  v4;
  struct sockaddr_in6 v6;
} Address;

/* FALSE for names, and for addresses with a zone */
static gboolean
read_address (const char *text, guint16 port, Address *address)
{
  *address = (Address) { 0 };
  if (inet_pton (AF_INET, text, &address->v4.sin_addr) == 1)
    {
      address->v4.sin_family = AF_INET;
      address->v4.sin_port = g_htons (port);
      return TRUE;
    }
  if (inet_pton (AF_INET6, text, &address->v6.sin6_addr) != 1)
    return FALSE;
  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = g_htons (port);
  return TRUE;
}

static gboolean
is_loopback (const Address *address)
{
  if (address->any.sa_family == AF_INET)
    return g_ntohl (address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  return IN6_IS_ADDR_LOOPBACK (&address->v6.sin6_addr);
}

gboolean
ph_host_is_this (const char *host)
{
  Address address;

  return g_ascii_strcasecmp (host, "localhost") == 0 || (read_address (host, 0, &address) && is_loopback (&address));
}

gboolean
ph_direct_applies (PhConnector *connector, const char *host, guint16 port)
{
  Address address;

  return port != 0 && read_address (host, port, &address) && ph_connector_is_direct (connector, is_loopback (&address));
}

void
ph_socket_set_options (int fd)
{
  const int on = 1;

  /* no harm where a socket has no such option */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/* 0 when the connection stands, otherwise what is wrong; ETIME: no more patience */
static int
wait_for_connection (int fd, guint timeout, GCancellable *cancellable)
{
  gint64 end = g_get_monotonic_time () + (gint64) timeout * G_USEC_PER_SEC;
  GPollFD fds[2] = { { .fd = fd, .events = G_IO_OUT } };
  guint n = 1 + (cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fds[1]));
  socklen_t length = sizeof (int);
  int ready = 0, code = 0;

  while (ready <= 0 && code == 0 && !g_cancellable_is_cancelled (cancellable))
    {
      gint64 left = (end - g_get_monotonic_time () + 999) / 1000;
      ready = g_poll (fds, n, timeout == 0 ? -1 : (int) CLAMP (left, 0, G_MAXINT));
      if (ready == 0)
        code = ETIME;
      else if (ready < 0 && errno != EINTR)
        code = errno;
    }
  if (n > 1)
    g_cancellable_release_fd (cancellable);
  /* what can be written to, and nothing else, is connected */
  if (code == 0 && fds[0].revents != G_IO_OUT && getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &length) < 0)
    code = errno;
  return code;
}

/* Where nothing can cancel it, a blocking socket waits by itself: for the connection here, for what comes in ph_connection_wait_in_read (). */
static int
connect_socket (int fd, const Address *address, guint timeout, GCancellable *cancellable)
{
  const struct timeval most = { .tv_sec = (time_t) timeout };
  socklen_t length = address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;

  if (cancellable == NULL && timeout != 0 && setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most) < 0)
    return errno;
  if (connect (fd, &address->any, length) == 0)
    return 0;
  if (errno == EINPROGRESS && cancellable == NULL)
    return ETIME;
  return errno == EINPROGRESS || errno == EINTR ? wait_for_connection (fd, timeout, cancellable) : errno;
}

static void
set_error (GError **error, const char *host, guint16 port, guint timeout, int code)
{
  g_autofree char *label = g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);

  if (code == ETIME)
    g_set_error (error, PH_ERROR, PH_ERROR_TIMED_OUT, "%s could not be reached within %u seconds", label, timeout);
  else
    g_set_error (error, PH_ERROR, code == ETIMEDOUT ? PH_ERROR_TIMED_OUT : PH_ERROR_CONNECT, "%s could not be reached: %s", label,
                 g_strerror (code));
}

PhConnection *
ph_direct_connect (const char *host, guint16 port, guint timeout, GCancellable *cancellable, GError **error)
{
  g_autoptr (PhFdConnection) connection = NULL;
  Address address;
  int fd, code;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !read_address (host, port, &address))
    return NULL;
  fd = socket (address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | (cancellable != NULL ? SOCK_NONBLOCK : 0), 0);
  code = fd >= 0 ? connect_socket (fd, &address, timeout, cancellable) : errno;
  if (code == 0 && !g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      ph_socket_set_options (fd);
      connection = g_object_new (PH_TYPE_FD_CONNECTION, NULL);
      ph_fd_connection_take_own (connection, fd, &address.any, cancellable == NULL);
      return PH_CONNECTION (g_steal_pointer (&connection));
    }
  else if (code != 0 && !g_cancellable_set_error_if_cancelled (cancellable, error))
    set_error (error, host, port, timeout, code);
  if (fd >= 0)
    close (fd);
  return NULL;
}
