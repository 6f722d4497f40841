/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a URI to a connection, waiting and not: addresses, names, unix sockets, proxies, and all that can fail. */
#include "mock-network.h"
#include "ph-await.h"
#include "transport/ph-connection-open.h"
#include "transport/ph-fd-connection.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef PhConnection *(*OpenFunc) (const char *uri, guint timeout, GCancellable *cancellable, GError **error);

/* The async call, waited for in the default context */
static PhConnection *
open_async (const char *uri, guint timeout, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ph_connection_open_async (uri, timeout, cancellable, ph_keep_result, &result);
  g_assert_null (result);
  ph_await_result (&result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return ph_connection_open_finish (result, error);
}

static const struct { const char *name; OpenFunc open; } ways[] = { { "sync", ph_connection_open }, { "async", open_async } };

static GSocket *
new_server (GSocketAddress *address, int backlog)
{
  g_autoptr (GError) error = NULL;
  GSocket *server = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  gboolean success;

  g_assert_no_error (error);
  success = g_socket_bind (server, address, TRUE, &error);
  g_assert_no_error (error);
  if (success && backlog >= 0)
    g_assert_cmpint (listen (g_socket_get_fd (server), backlog), ==, 0);
  return server;
}

/* @port 0: any; @backlog -1: bound, but not listening */
static GSocket *
new_inet_server (const char *host, guint16 port, int backlog)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);

  return new_server (address, backlog);
}

static guint16
get_port (GSocket *server)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (server, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* Connects until there is no room: who comes now waits without an answer. */
static GPtrArray *
fill (GSocket *server)
{
  GPtrArray *guests = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (server, NULL);

  for (int i = 0; i < 3; i++)
    {
      GSocket *guest = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

      g_socket_set_blocking (guest, FALSE);
      g_socket_connect (guest, address, NULL, NULL);
      g_ptr_array_add (guests, guest);
    }
  return guests;
}

static char *
make_uri (const char *host, guint16 port)
{
  return g_strdup_printf ("x-connector://alice@%s:%u", host, port);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static int
get_option (PhConnection *connection, int level, int name)
{
  int value = 0;
  socklen_t length = sizeof value;

  getsockopt (ph_connection_get_fd (connection, G_IO_IN), level, name, &value, &length);
  return value;
}

static void
expect_nothing (PhConnection *connection)
{
  g_autoptr (GError) error = NULL;
  char octet;

  g_assert_cmpint (ph_connection_try_read (connection, &octet, 1, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static gpointer
say_something_later (gpointer socket)
{
  g_autoptr (GSocket) client = g_socket_accept (socket, NULL, NULL);

  g_usleep (50 * 1000);
  g_assert_cmpint (g_socket_send (client, "220", 3, NULL, NULL), ==, 3);
  return g_steal_pointer (&client);
}

/* One that nothing can cancel waits in its read where it is told to, and there only. */
static void
test_wait_in_read (void)
{
  g_autoptr (GSocket) server = new_inet_server ("127.0.0.1", 0, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhConnection) connection = ph_direct_connect ("127.0.0.1", get_port (server), 20, NULL, &error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PhConnection) polled = ph_direct_connect ("127.0.0.1", get_port (server), 20, cancellable, NULL);
  g_autoptr (GThread) thread = g_thread_new ("server", say_something_later, server);
  g_autoptr (GSocket) client = NULL;
  char text[8];

  g_assert_no_error (error);
  g_assert_false (ph_connection_can_wait (polled));
  g_assert_true (ph_connection_can_wait (connection));
  ph_connection_wait_in_read (connection, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (ph_connection_try_read (connection, text, sizeof text, &error), ==, 3);
  expect_nothing (connection);
  g_assert_true (ph_connection_can_wait (connection));
  client = g_thread_join (g_steal_pointer (&thread));

  /* a wait in vain is the last: what is left of the time is poll ()'s */
  ph_connection_wait_in_read (connection, 20 * 1000);
  expect_nothing (connection);
  g_assert_false (ph_connection_can_wait (connection));
  g_assert_cmpint (g_socket_send (client, "250", 3, NULL, NULL), ==, 3);
  g_assert_cmpint (g_poll (&(GPollFD) { .fd = ph_connection_get_fd (connection, G_IO_IN), .events = G_IO_IN }, 1, 60 * 1000), ==, 1);
  g_assert_cmpint (ph_connection_try_read (connection, text, sizeof text, &error), ==, 3);
}

static void
test_addresses (void)
{
  const struct { const char *server, *host, *name; } cases[] = {
    { "127.0.0.1", "127.0.0.1", "127.0.0.1" }, { "::1", "[::1]", "[::1]" },
    { "127.0.0.1", "v4.test", "127.0.0.1" },   { "::1", "v6.test", "[::1]" },    { "127.0.0.1", "bücher.test", "127.0.0.1" },
    { "127.0.0.1", "both.test", "127.0.0.1" }, { "::1", "localhost", "[::1]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
      {
        g_autoptr (GSocket) server = new_inet_server (cases[i].server, 0, 4);
        g_autofree char *uri = make_uri (cases[i].host, get_port (server));
        g_autofree char *expected = g_strdup_printf ("%s:%u", cases[i].name, get_port (server));
        g_autofree char *name = NULL;
        g_autoptr (GError) error = NULL;
        g_autoptr (PhConnection) connection = ways[way].open (uri, 30, NULL, &error);
        int fd;

        g_assert_no_error (error);
        fd = ph_connection_get_fd (connection, G_IO_IN);
        name = ph_connection_describe (connection);
        g_assert_cmpstr (name, ==, expected);
        g_assert_false (ph_connection_is_local (connection));
        g_assert_true (ph_connection_is_loopback (connection));
        g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, !=, 0);
        expect_nothing (connection);
        g_assert_cmpint (get_option (connection, IPPROTO_TCP, TCP_NODELAY), ==, 1);
        g_assert_cmpint (get_option (connection, SOL_SOCKET, SO_KEEPALIVE), ==, 1);
        g_assert_cmpint (ph_connection_try_write (connection, "hello", 5, &error), ==, 5);
      }
  g_assert_cmpstr (mock_network_get_name (), !=, NULL);
}

static void
test_idn (void)
{
  g_autoptr (GSocket) server = new_inet_server ("127.0.0.1", 0, 4);
  g_autofree char *uri = make_uri ("bücher.test", get_port (server));
  g_autoptr (PhConnection) connection = ph_connection_open (uri, 30, NULL, NULL);

  g_assert_nonnull (connection);
  g_assert_cmpstr (mock_network_get_name (), ==, "xn--bcher-kva.test");
}

static void
expect_error (const char *uri, guint timeout, GQuark domain, int code, const char *message)
{
  for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      g_autoptr (GError) error = NULL;
      guint before = count_descriptors ();

      g_assert_null (ways[way].open (uri, timeout, NULL, &error));
      g_assert_error (error, domain, code);
      if (message != NULL)
        g_assert_cmpstr (error->message, ==, message);
      g_test_message ("%s", error->message);
      /* the first call makes what the thread keeps */
      if (way > 0)
        g_assert_cmpuint (count_descriptors (), ==, before);
    }
}

static void
test_refused (void)
{
  g_autoptr (GSocket) server = new_inet_server ("127.0.0.1", 0, -1);
  guint16 port = get_port (server);
  const char *hosts[] = { "127.0.0.1", "v4.test", "both.test" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *uri = make_uri (hosts[i], port);
      g_autofree char *message = g_strdup_printf ("%s:%u could not be reached: Connection refused", hosts[i], port);

      expect_error (uri, 30, PH_ERROR, PH_ERROR_CONNECT, message);
    }
  /* an address with a zone is one, and not a name to be looked up; the loopback device has none of this kind */
  expect_error ("x-connector://[fe80::1%25lo]:7", 5, PH_ERROR, PH_ERROR_CONNECT, NULL);
}

static void
test_unknown_host (void)
{
  expect_error ("x-connector://nowhere.invalid", 30, PH_ERROR, PH_ERROR_HOST_NOT_FOUND,
                "nowhere.invalid:7 could not be reached: Error resolving “nowhere.invalid”: Name or service not known");
}

static void
test_bad_uris (void)
{
  g_autofree char *long_path = g_strnfill (200, 'p');
  g_autofree char *long_uri = g_strdup_printf ("x-connector+unix:///%s", long_path);

  expect_error ("not a uri", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-connector://", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-connector:///path", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-connector://host:0", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-connector://host:99999", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-connector+unix://run/socket", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-connector+unix:run/socket", 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error (long_uri, 30, PH_ERROR, PH_ERROR_INVALID_URI, NULL);
  expect_error ("x-nothing://host", 30, PH_ERROR, PH_ERROR_UNKNOWN_SCHEME, "No installed plugin speaks “x-nothing”");
  expect_error ("x-connector+carrier-pigeon://host", 30, PH_ERROR, PH_ERROR_UNKNOWN_SCHEME, NULL);
}

/* IPv6 does not answer: IPv4 is tried long before the system gives up, and also where IPv6 refuses. */
static void
test_both_families (void)
{
  for (int answers = 0; answers < 2; answers++)
    for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
      {
        g_autoptr (GSocket) four = new_inet_server ("127.0.0.1", 0, 4);
        g_autoptr (GSocket) six = new_inet_server ("::1", get_port (four), answers ? -1 : 0);
        G_GNUC_UNUSED g_autoptr (GPtrArray) guests = answers ? NULL : fill (six);
        g_autofree char *uri = make_uri ("both.test", get_port (four));
        g_autoptr (GError) error = NULL;
        guint before = count_descriptors ();
        g_autoptr (PhConnection) connection = ways[way].open (uri, 20, NULL, &error);

        g_assert_no_error (error);
        g_assert_cmpint (get_option (connection, SOL_SOCKET, SO_DOMAIN), ==, AF_INET);
        g_assert_cmpuint (count_descriptors (), <=, before + 1);
      }
}

/* Of two addresses of one family the first does not answer, or DNS does not say whether there is IPv6: neither holds the rest up. */
static void
test_next_address (void)
{
  for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      g_autoptr (GSocket) good = new_inet_server ("127.0.0.1", 0, 4);
      g_autoptr (GSocket) silent = new_inet_server ("127.0.0.2", get_port (good), 0);
      G_GNUC_UNUSED g_autoptr (GPtrArray) guests = fill (silent);
      const char *hosts[] = { "two.test", "half.test" };

      for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
        {
          g_autofree char *uri = make_uri (hosts[i], get_port (good));
          g_autofree char *expected = g_strdup_printf ("127.0.0.1:%u", get_port (good));
          g_autofree char *name = NULL;
          g_autoptr (GError) error = NULL;
          g_autoptr (PhConnection) connection = ways[way].open (uri, 20, NULL, &error);

          g_assert_no_error (error);
          name = ph_connection_describe (connection);
          g_assert_cmpstr (name, ==, expected);
        }
    }
}

static void
count_lookup (gpointer count)
{
  ++*(guint *) count;
}

/* What is an address already is not looked up, and needs no thread for it. */
static void
test_literal (void)
{
  const struct { const char *server, *host; } cases[] = { { "127.0.0.1", "127.0.0.1" }, { "::1", "[::1]" } };
  guint n_lookups = 0;

  mock_network_on_lookup (count_lookup, &n_lookups);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
      {
        g_autoptr (GSocket) server = new_inet_server (cases[i].server, 0, 4);
        g_autofree char *uri = make_uri (cases[i].host, get_port (server));
        g_autoptr (PhConnection) connection = ways[way].open (uri, 20, NULL, NULL);

        g_assert_nonnull (connection);
      }
  mock_network_on_lookup (NULL, NULL);
  g_assert_cmpuint (n_lookups, ==, 0);
}

/* What is known of a socket that was made here need not be asked for: it is the same as what the kernel says. */
static void
test_direct (void)
{
  const char *const hosts[] = { "127.0.0.1", "::1" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (GSocket) server = new_inet_server (hosts[i], 0, 4);
      g_autoptr (GError) error = NULL;
      g_autoptr (PhConnection) connection = ph_direct_connect (hosts[i], get_port (server), 20, NULL, &error);
      g_autoptr (PhConnection) other = NULL;
      g_autofree char *name = NULL;
      g_autofree char *expected = NULL;
      int fd;

      g_assert_no_error (error);
      fd = ph_connection_get_fd (connection, G_IO_IN);
      other = ph_connection_new_for_fd (fcntl (fd, F_DUPFD_CLOEXEC, 3), &error);
      g_assert_no_error (error);
      name = ph_connection_describe (connection);
      expected = ph_connection_describe (other);
      g_assert_cmpstr (name, ==, expected);
      g_assert_true (ph_connection_is_loopback (connection));
      g_assert_false (ph_connection_is_local (connection));
      g_assert_cmpint (fcntl (fd, F_GETFL) & O_NONBLOCK, !=, 0);
      g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, !=, 0);
      g_assert_cmpint (ph_connection_try_write (connection, "hello", 5, &error), ==, 5);
    }
}

static void
test_timeout (void)
{
  g_autoptr (GSocket) server = new_inet_server ("127.0.0.1", 0, 0);
  G_GNUC_UNUSED g_autoptr (GPtrArray) guests = fill (server);
  g_autofree char *uri = make_uri ("127.0.0.1", get_port (server));
  g_autofree char *message = g_strdup_printf ("127.0.0.1:%u could not be reached within 1 seconds", get_port (server));

  expect_error (uri, 1, PH_ERROR, PH_ERROR_TIMED_OUT, message);
  expect_error ("x-connector://never.test", 1, PH_ERROR, PH_ERROR_TIMED_OUT, "never.test:7 could not be reached within 1 seconds");
}

static void
expect_cancelled (const char *uri, GCancellable *cancellable)
{
  for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      g_autoptr (GError) error = NULL;

      g_cancellable_reset (cancellable);
      g_assert_null (ways[way].open (uri, 0, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return NULL;
}

static void
cancel_from_thread (gpointer cancellable)
{
  g_thread_unref (g_thread_new ("cancel", cancel_in_thread, g_object_ref (cancellable)));
}

static void
test_cancel (void)
{
  g_autoptr (GSocket) server = new_inet_server ("127.0.0.1", 0, 0);
  G_GNUC_UNUSED g_autoptr (GPtrArray) guests = fill (server);
  g_autofree char *uri = make_uri ("v4.test", get_port (server));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  mock_network_on_lookup (cancel_from_thread, cancellable);
  expect_cancelled ("x-connector://never.test", cancellable);
  expect_cancelled (uri, cancellable);
  mock_network_on_lookup (NULL, NULL);

  g_cancellable_cancel (cancellable);
  g_assert_null (ph_connection_open (uri, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (open_async (uri, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
accept_all (gpointer server)
{
  for (int i = 0; i < 2; i++)
    g_clear_object (&(GSocket *){ g_socket_accept (server, NULL, NULL) });
  return NULL;
}

static void
test_unix (void)
{
  g_autofree char *directory = g_dir_make_tmp ("posthorn-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "a socket", NULL);
  g_autofree char *uri = g_strdup_printf ("x-connector+unix://alice@%s/a%%20socket", directory);
  g_autofree char *missing = g_strdup_printf ("%s could not be reached: No such file or directory", path);
  g_autofree char *refused = g_strdup_printf ("%s could not be reached: Connection refused", path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  expect_error (uri, 30, PH_ERROR, PH_ERROR_CONNECT, missing);
  for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      G_GNUC_UNUSED g_autoptr (GSocket) server = new_server (address, 4);
      g_autofree char *name = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (PhConnection) connection = ways[way].open (uri, 30, NULL, &error);

      g_assert_no_error (error);
      name = ph_connection_describe (connection);
      g_assert_cmpstr (name, ==, path);
      g_assert_true (ph_connection_is_local (connection));
      g_unlink (path);
    }

  /* full: waits until someone is let in */
  for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      g_autoptr (GSocket) server = new_server (address, 0);
      G_GNUC_UNUSED g_autoptr (GPtrArray) guests = fill (server);
      g_autoptr (GError) error = NULL;
      g_autoptr (PhConnection) connection = NULL;
      GThread *thread;

      if (way == 0)
        expect_error (uri, 1, PH_ERROR, PH_ERROR_TIMED_OUT, NULL);
      thread = g_thread_new ("accept", accept_all, server);
      connection = ways[way].open (uri, 30, NULL, &error);
      g_assert_no_error (error);
      g_thread_join (thread);
      g_clear_object (&server);
      g_clear_object (&connection);
      if (way == 1)
        expect_error (uri, 30, PH_ERROR, PH_ERROR_CONNECT, refused);
      g_unlink (path);
    }
  g_rmdir (directory);
}

/* As much of RFC 1928 as it takes: any name will do, and it is this one which answers. */
static gpointer
serve_socks (gpointer server)
{
  g_autoptr (GSocket) client = g_socket_accept (server, NULL, NULL);
  char request[300];
  char *host;

  g_assert_cmpint (g_socket_receive (client, request, sizeof request, NULL, NULL), >=, 3);
  g_socket_send (client, "\5\0", 2, NULL, NULL);
  g_assert_cmpint (g_socket_receive (client, request, sizeof request, NULL, NULL), >, 7);
  g_assert_cmpint (request[3], ==, 3);
  host = g_strndup (request + 5, (guint8) request[4]);
  g_socket_send (client, "\5\0\0\1\177\0\0\1\0\7hello", 15, NULL, NULL);
  return host;
}

static void
test_proxy (void)
{
  for (gsize way = 0; way < G_N_ELEMENTS (ways); way++)
    {
      g_autoptr (GSocket) server = new_inet_server ("127.0.0.1", 0, 4);
      g_autofree char *proxy = g_strdup_printf ("socks5://127.0.0.1:%u", get_port (server));
      g_autofree char *host = NULL, *name = NULL;
      g_autoptr (PhConnection) connection = NULL;
      g_autoptr (GError) error = NULL;
      char buffer[6] = "";
      gssize n;
      GThread *thread = g_thread_new ("socks", serve_socks, server);

      mock_network_set_proxy (proxy);
      connection = ways[way].open ("x-connector://behind.invalid:25", 30, NULL, &error);
      g_assert_no_error (error);
      host = g_thread_join (thread);
      g_assert_cmpstr (host, ==, "behind.invalid");
      name = ph_connection_describe (connection);
      g_assert_cmpstr (name, ==, "behind.invalid:25");
      /* the proxy is near, the server is not */
      g_assert_false (ph_connection_is_loopback (connection));
      do
        n = ph_connection_try_read (connection, buffer, 5, NULL);
      while (n < 0);
      g_assert_cmpstr (buffer, ==, "hello");
      mock_network_set_proxy (NULL);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  mock_network_install ();
  ph_registry_add_directory (ph_registry_get_default (), PH_TEST_MODULES, &error);
  g_assert_no_error (error);
  g_test_add_func ("/connector/addresses-and-names-are-reached", test_addresses);
  g_test_add_func ("/connector/international-names-are-looked-up-in-ascii", test_idn);
  g_test_add_func ("/connector/a-refused-port-is-said-so", test_refused);
  g_test_add_func ("/connector/an-unknown-host-is-said-so", test_unknown_host);
  g_test_add_func ("/connector/bad-uris-are-told-apart", test_bad_uris);
  g_test_add_func ("/connector/the-other-family-is-tried", test_both_families);
  g_test_add_func ("/connector/the-next-address-is-tried-soon", test_next_address);
  g_test_add_func ("/connector/an-address-is-not-looked-up", test_literal);
  g_test_add_func ("/connector/without-asking-the-kernel", test_direct);
  g_test_add_func ("/connector/a-read-waits-where-it-is-told-to", test_wait_in_read);
  g_test_add_func ("/connector/patience-ends", test_timeout);
  g_test_add_func ("/connector/it-can-be-cancelled-at-any-time", test_cancel);
  g_test_add_func ("/connector/unix-sockets-are-reached", test_unix);
  g_test_add_func ("/connector/a-proxy-is-used-and-not-mistaken-for-the-server", test_proxy);
  result = g_test_run ();
  mock_network_set_proxy (NULL);
  return result;
}
