/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ph_connector_open and ph_connection_open: from a URI to a connection, by TCP or unix socket. */
#include "transport/ph-connection-open.h"
#include "transport/ph-fd-connection.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <sys/un.h>
#include <unistd.h>

/* A unix socket whose backlog is full refuses at once and tells nobody when there is room: ask again after so many milliseconds. */
#define BUSY_RETRY 20

typedef struct {
  GSocketClient      *client;
  GSocketConnectable *address;
  char               *label;
  guint               timeout; /* seconds */
  GCancellable       *stop;    /* the caller's, or the timer */
  gulong              chained;
  GSource            *timer;
  GSource            *retry;
  gboolean            timed_out;
  gboolean            proxied;
} Opening;

static void try_connect (GTask *task);

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
opening_free (Opening *self)
{
  drop_source (&self->timer);
  drop_source (&self->retry);
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  g_clear_object (&self->address);
  g_clear_object (&self->stop);
  g_free (self->label);
  g_free (self);
}

static GSocketConnectable *
read_unix_path (const char *uri, GUri *parsed, GError **error)
{
  const char *path = g_uri_get_path (parsed);

  if (*path != '/' || (g_uri_get_host (parsed) != NULL && *g_uri_get_host (parsed) != '\0'))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "The URI “%s” must hold a socket's absolute path behind three slashes", uri);
      return NULL;
    }
  if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "The path %s is too long for a unix socket", path);
      return NULL;
    }
  return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
}

static GSocketConnectable *
read_host (const char *uri, GUri *parsed, guint16 default_port, char **label, GError **error)
{
  const char *host = g_uri_get_host (parsed);
  int port = g_uri_get_port (parsed);
  g_autofree char *ascii = NULL;

  if (port == -1)
    port = default_port;
  if (host == NULL || *host == '\0' || port == 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "The URI “%s” names no %s", uri, port == 0 ? "usable port" : "host");
      return NULL;
    }
  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "“%s” is not a host name", host);
      return NULL;
    }
  *label = g_strdup_printf (strchr (host, ':') ? "[%s]:%d" : "%s:%d", host, port);
  return g_network_address_new (ascii, port);
}

static GSocketConnectable *
read_uri (const char *uri, char **label, GError **error)
{
  g_autoptr (PhFeatureInfo) protocol = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_HAS_PASSWORD, &reason);
  g_autofree char *name = NULL;
  const PhScheme *scheme = NULL;
  gboolean local;

  if (parsed == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "The URI can't be read: %s", reason->message);
      return NULL;
    }
  local = g_str_has_suffix (g_uri_get_scheme (parsed), "+unix");
  name = g_strndup (g_uri_get_scheme (parsed), strlen (g_uri_get_scheme (parsed)) - (local ? strlen ("+unix") : 0));
  protocol = ph_registry_find_scheme (ph_registry_get_default (), name, &scheme);
  if (protocol == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_UNKNOWN_SCHEME, "No installed plugin speaks “%s”", name);
      return NULL;
    }
  if (!local)
    return read_host (uri, parsed, scheme->port, label, error);
  *label = g_strdup (g_uri_get_path (parsed));
  return read_unix_path (uri, parsed, error);
}

/* GIO puts "Could not connect to …" before what the system said, in the user's language: say it from the code where there is one. */
static const char *
get_reason (const GError *error)
{
  static const struct { int code, system; } reasons[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, ECONNREFUSED }, { G_IO_ERROR_HOST_UNREACHABLE, EHOSTUNREACH },
    { G_IO_ERROR_NETWORK_UNREACHABLE, ENETUNREACH }, { G_IO_ERROR_NOT_FOUND, ENOENT },
    { G_IO_ERROR_PERMISSION_DENIED, EACCES },        { G_IO_ERROR_CONNECTION_CLOSED, ECONNRESET },
  };

  for (gsize i = 0; error->domain == G_IO_ERROR && i < G_N_ELEMENTS (reasons); i++)
    if (error->code == reasons[i].code)
      return g_strerror (reasons[i].system);
  return error->message;
}

static GError *
translate (Opening *self, GCancellable *cancellable, const GError *error)
{
  GError *cancelled = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &cancelled))
    return cancelled;
  if (self->timed_out)
    return g_error_new (PH_ERROR, PH_ERROR_TIMED_OUT, "%s could not be reached within %u seconds", self->label, self->timeout);
  if (error->domain == G_RESOLVER_ERROR)
    return g_error_new (PH_ERROR, PH_ERROR_HOST_NOT_FOUND, "%s could not be reached: %s", self->label, error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (PH_ERROR, PH_ERROR_TIMED_OUT, "%s could not be reached: %s", self->label, g_strerror (ETIMEDOUT));
  return g_error_new (PH_ERROR, PH_ERROR_CONNECT, "%s could not be reached: %s", self->label, get_reason (error));
}

/* The descriptor is taken out of GIO's socket: no stream stands between it and us. */
static PhConnection *
take_connection (Opening *self, GSocketConnection *stream, GError **error)
{
  g_autoptr (PhFdConnection) connection = NULL;
  int fd = g_socket_get_fd (g_socket_connection_get_socket (stream));
  int own;

  ph_socket_set_options (fd);
  /* a proxy that is spoken to by TLS: the stream is more than its socket */
  if (G_IS_TCP_WRAPPER_CONNECTION (stream))
    return ph_connection_new_for_stream (G_IO_STREAM (stream), error);

  own = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  if (own < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_CONNECT, "%s could not be reached: %s", self->label, g_strerror (errno));
      return NULL;
    }
  connection = g_object_new (PH_TYPE_FD_CONNECTION, NULL);
  if (!ph_fd_connection_take (connection, own, error))
    {
      close (own);
      g_prefix_error (error, "%s could not be reached: ", self->label);
      (*error)->code = PH_ERROR_CONNECT;
      return NULL;
    }
  if (self->proxied)
    {
      ph_fd_connection_set_distant (connection);
      ph_fd_connection_set_name (connection, self->label);
    }
  return PH_CONNECTION (g_steal_pointer (&connection));
}

static gboolean
on_retry (gpointer user_data)
{
  GTask *task = user_data;
  Opening *self = g_task_get_task_data (task);

  g_object_ref (task);
  drop_source (&self->retry);
  try_connect (task);
  return G_SOURCE_REMOVE;
}

static void
on_connected (GObject *client, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GError) error = NULL;
  Opening *self = g_task_get_task_data (task);
  GError *failure = NULL;
  PhConnection *connection;

  stream = g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);
  if (stream == NULL && G_IS_UNIX_SOCKET_ADDRESS (self->address) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      self->retry = g_timeout_source_new (BUSY_RETRY);
      g_source_set_callback (self->retry, on_retry, g_steal_pointer (&task), g_object_unref);
      g_source_attach (self->retry, g_main_context_get_thread_default ());
      return;
    }

  drop_source (&self->timer);
  g_cancellable_disconnect (g_task_get_cancellable (task), self->chained);
  if (stream == NULL)
    failure = translate (self, g_task_get_cancellable (task), error);
  else if ((connection = take_connection (self, stream, &failure)) != NULL)
    {
      g_task_return_pointer (task, connection, g_object_unref);
      return;
    }
  g_task_return_error (task, failure);
}

static void
try_connect (GTask *task)
{
  Opening *self = g_task_get_task_data (task);

  g_socket_client_connect_async (self->client, self->address, self->stop, on_connected, task);
}

static gboolean
on_timeout (gpointer user_data)
{
  Opening *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->stop);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer stop)
{
  g_cancellable_cancel (stop);
}

static void
on_event (GSocketClient *client, GSocketClientEvent event, GSocketConnectable *address, GIOStream *stream, gpointer user_data)
{
  Opening *self = user_data;

  if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATING)
    self->proxied = TRUE;
}

/* @address, @label, @task (transfer full) */
static void
begin (PhConnector *connector, GSocketConnectable *address, char *label, guint timeout, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Opening *self = g_new0 (Opening, 1);

  g_task_set_task_data (task, self, (GDestroyNotify) opening_free);
  self->client = g_socket_client_new ();
  self->address = address;
  self->label = label;
  self->timeout = timeout;
  self->stop = g_cancellable_new ();
  ph_connector_prepare (connector, self->client, address);
  g_signal_connect (self->client, "event", G_CALLBACK (on_event), self);
  if (timeout > 0)
    {
      self->timer = g_timeout_source_new (MIN (timeout, G_MAXUINT / 1000) * 1000);
      g_source_set_callback (self->timer, on_timeout, self, NULL);
      g_source_attach (self->timer, g_main_context_get_thread_default ());
    }
  if (cancellable != NULL)
    self->chained = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (self->stop), g_object_unref);
  try_connect (task);
}

static void
open_async (PhConnector *connector, const char *uri, guint timeout, GTask *task)
{
  char *label = NULL;
  GError *error = NULL;
  GSocketConnectable *address = read_uri (uri, &label, &error);

  if (address != NULL)
    {
      begin (connector, address, label, timeout, task);
      return;
    }
  g_free (label);
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * ph_connector_open_async:
 * @self: a connector
 * @uri: where to: `imap://host`, `smtp://host:port`, `lmtp+unix:///path`. A user in it does not matter
 * @timeout: seconds that it may take; 0 for no limit but the system's
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async): called when done
 * @user_data: data for @callback
 *
 * The same as [method@Connector.open], without waiting: @callback is called in
 * the thread-default main context.
 */
void
ph_connector_open_async (PhConnector *self, const char *uri, guint timeout, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PH_IS_CONNECTOR (self));
  g_return_if_fail (uri != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_connector_open_async);
  open_async (self, uri, timeout, task);
}

/**
 * ph_connector_open_finish:
 * @self: a connector
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Completes [method@Connector.open_async].
 *
 * Returns: (transfer full): a connection, or %NULL with an error
 */
PhConnection *
ph_connector_open_finish (PhConnector *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ph_connection_open_async:
 * @uri: where to: `imap://host`, `smtp://host:port`, `lmtp+unix:///path`. A user in it does not matter
 * @timeout: seconds that it may take; 0 for no limit but the system's
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async): called when done
 * @user_data: data for @callback
 *
 * The same as [func@Connection.open], without waiting: @callback is called in
 * the thread-default main context.
 */
void
ph_connection_open_async (const char *uri, guint timeout, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (uri != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_connection_open_async);
  open_async (NULL, uri, timeout, task);
}

/**
 * ph_connection_open_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Completes [func@Connection.open_async].
 *
 * Returns: (transfer full): a connection, or %NULL with an error
 */
PhConnection *
ph_connection_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer kept)
{
  *(GAsyncResult **) kept = g_object_ref (result);
}

/* One context per thread, and not one per call: what GIO leaves behind (a name still being looked up, a slower address) ends with the
 * next call. A dropped context would leak it, as each holds the other. */
static GMainContext *
get_waiting_context (void)
{
  static GPrivate context = G_PRIVATE_INIT ((GDestroyNotify) g_main_context_unref);

  if (g_private_get (&context) == NULL)
    g_private_set (&context, g_main_context_new ());
  return g_private_get (&context);
}

/* GIO tries address after address in its own waiting call: the other one is the better one. */
static PhConnection *
open_blocking (PhConnector *connector, const char *uri, guint timeout, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *label = NULL;
  g_autoptr (GSocketConnectable) address = read_uri (uri, &label, error);
  GMainContext *context;

  if (address == NULL)
    return NULL;
  if (G_IS_NETWORK_ADDRESS (address))
    {
      const char *host = g_network_address_get_hostname (G_NETWORK_ADDRESS (address));
      guint16 port = g_network_address_get_port (G_NETWORK_ADDRESS (address));

      if (ph_direct_applies (connector, host, port))
        return ph_direct_connect (host, port, timeout, cancellable, error);
    }
  context = get_waiting_context ();
  g_main_context_push_thread_default (context);
  begin (connector, g_steal_pointer (&address), g_steal_pointer (&label), timeout, g_task_new (connector, cancellable, keep_result, &result));
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ph_connector_open:
 * @self: a connector
 * @uri: where to: `imap://host`, `smtp://host:port`, `lmtp+unix:///path`. A user in it does not matter
 * @timeout: seconds that it may take; 0 for no limit but the system's
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Connects to a server by way of @self, otherwise as [func@Connection.open].
 * A proxy that refuses is %PH_ERROR_CONNECT.
 *
 * Returns: (transfer full): a connection, or %NULL with an error
 */
PhConnection *
ph_connector_open (PhConnector *self, const char *uri, guint timeout, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PH_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return open_blocking (self, uri, timeout, cancellable, error);
}

/**
 * ph_connection_open:
 * @uri: where to: `imap://host`, `smtp://host:port`, `lmtp+unix:///path`. A user in it does not matter
 * @timeout: seconds that it may take; 0 for no limit but the system's
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Connects to a server. The scheme must be that of an installed protocol, which
 * also knows the port; with `+unix` behind the scheme, the path is that of a
 * unix socket.
 *
 * A host is looked up, and connected to by way of the system's proxies where
 * there are any. Its addresses are tried at short intervals, IPv6 and IPv4 in
 * turn, and the first that answers is taken (RFC 8305). TLS is not begun here.
 *
 * Returns: (transfer full): a connection, or %NULL with %PH_ERROR_INVALID_URI,
 *   %PH_ERROR_UNKNOWN_SCHEME, %PH_ERROR_HOST_NOT_FOUND, %PH_ERROR_CONNECT,
 *   %PH_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED
 */
PhConnection *
ph_connection_open (const char *uri, guint timeout, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (uri != NULL, NULL);

  return open_blocking (NULL, uri, timeout, cancellable, error);
}
