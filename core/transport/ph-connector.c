/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConnector: by which way connections are made. */
#include "transport/ph-connection-open.h"

/**
 * PhConnector:
 *
 * By which way a session reaches its server: through which proxy, and from which
 * of this machine's addresses. Without one, the system's proxies are asked
 * ([iface@Gio.ProxyResolver]), and the system picks the address.
 *
 * Any number of sessions can share a connector. It is set up before the first
 * session uses it; after that, any thread can use it.
 *
 * ```c
 * g_autoptr (PhConnector) connector = ph_connector_new ();
 *
 * if (!ph_connector_set_proxy (connector, "socks5://127.0.0.1:9050", &error))
 *   return fail (error);
 * ph_session_set_connector (session, connector);
 * ```
 */
struct _PhConnector {
  GObject parent_instance;

  char           *proxy;
  char           *source_text;
  GProxyResolver *proxies;
  GSocketAddress *source;
};

G_DEFINE_FINAL_TYPE (PhConnector, ph_connector, G_TYPE_OBJECT)

/* GIO has a client for each. */
static const struct { const char *scheme; int port; } proxy_kinds[] = {
  { "socks5", 1080 }, { "socks4a", 1080 }, { "socks4", 1080 }, { "http", 80 }, { "https", 443 },
};

static void
ph_connector_finalize (GObject *object)
{
  PhConnector *self = PH_CONNECTOR (object);

  g_free (self->proxy);
  g_free (self->source_text);
  g_clear_object (&self->proxies);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (ph_connector_parent_class)->finalize (object);
}

static void
ph_connector_class_init (PhConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_connector_finalize;
}

static void
ph_connector_init (PhConnector *self)
{
}

/**
 * ph_connector_new:
 *
 * Makes a connector: the system's proxies, any address of this machine.
 *
 * Returns: (transfer full): a new connector
 */
PhConnector *
ph_connector_new (void)
{
  return g_object_new (PH_TYPE_CONNECTOR, NULL);
}

/* With the port that goes with its scheme, which GIO does not know. (transfer full); a password in it is in no error */
static char *
read_proxy (const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (g_strcmp0 (text, "direct://") == 0)
    return g_strdup (text);
  if (host == NULL || *host == '\0')
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The proxy is no URI such as “socks5://host:port”");
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (proxy_kinds); i++)
    if (g_str_equal (g_uri_get_scheme (uri), proxy_kinds[i].scheme))
      return g_uri_join (G_URI_FLAGS_ENCODED | G_URI_FLAGS_NON_DNS, proxy_kinds[i].scheme, g_uri_get_userinfo (uri), host,
                         g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : proxy_kinds[i].port, "", NULL, NULL);
  g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "“%s” is no kind of proxy: there are socks5, socks4a, socks4, http and https",
               g_uri_get_scheme (uri));
  return NULL;
}

/**
 * ph_connector_set_proxy:
 * @self: a connector that no session has used yet
 * @uri: (nullable): `socks5://host:port`, `socks4a:`, `socks4:`, `http:` (CONNECT)
 *   or `https:`, perhaps with a user and a password; `direct://` for no proxy at
 *   all; %NULL for the system's
 * @error: return location for an error
 *
 * Sets by way of which proxy servers are reached. All kinds but `socks4` look the
 * server's name up themselves. SOCKS5 is RFC 1928 with RFC 1929, CONNECT is RFC
 * 9110 section 9.3.6. Unix sockets need none, and this machine (`localhost`,
 * `127.0.0.0/8`, `::1`) is never looked for behind the system's.
 *
 * Returns: %TRUE, or %FALSE with %PH_ERROR_INVALID_ARGUMENT
 */
gboolean
ph_connector_set_proxy (PhConnector *self, const char *uri, GError **error)
{
  char *proxy = NULL;

  g_return_val_if_fail (PH_IS_CONNECTOR (self), FALSE);

  if (uri != NULL && (proxy = read_proxy (uri, error)) == NULL)
    return FALSE;
  g_clear_object (&self->proxies);
  if (proxy != NULL)
    self->proxies = g_simple_proxy_resolver_new (proxy, NULL);
  g_free (self->proxy);
  self->proxy = proxy;
  return TRUE;
}

/**
 * ph_connector_get_proxy:
 * @self: a connector
 *
 * Gets the proxy.
 *
 * Returns: (transfer none) (nullable): its URI, with the port; %NULL: the system's
 */
const char *
ph_connector_get_proxy (PhConnector *self)
{
  g_return_val_if_fail (PH_IS_CONNECTOR (self), NULL);

  return self->proxy;
}

/**
 * ph_connector_set_source_address:
 * @self: a connector that no session has used yet
 * @address: (nullable): an address of this machine: `192.0.2.7`, `2001:db8::7`;
 *   %NULL for any
 * @error: return location for an error
 *
 * Sets from which address connections are made. Servers are then reached by
 * addresses of the same family alone.
 *
 * Returns: %TRUE, or %FALSE with %PH_ERROR_INVALID_ARGUMENT
 */
gboolean
ph_connector_set_source_address (PhConnector *self, const char *address, GError **error)
{
  GSocketAddress *source = NULL;

  g_return_val_if_fail (PH_IS_CONNECTOR (self), FALSE);

  if (address != NULL && (source = g_inet_socket_address_new_from_string (address, 0)) == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "“%s” is not an address", address);
      return FALSE;
    }
  g_clear_object (&self->source);
  self->source = source;
  g_free (self->source_text);
  self->source_text = g_strdup (address);
  return TRUE;
}

/**
 * ph_connector_get_source_address:
 * @self: a connector
 *
 * Gets from which address connections are made.
 *
 * Returns: (transfer none) (nullable): the address; %NULL: any
 */
const char *
ph_connector_get_source_address (PhConnector *self)
{
  g_return_val_if_fail (PH_IS_CONNECTOR (self), NULL);

  return self->source_text;
}

void
ph_connector_prepare (PhConnector *self, GSocketClient *client, GSocketConnectable *address)
{
  if (G_IS_UNIX_SOCKET_ADDRESS (address))
    return;
  if ((self == NULL || self->proxies == NULL) && G_IS_NETWORK_ADDRESS (address))
    g_socket_client_set_enable_proxy (client, !ph_host_is_this (g_network_address_get_hostname (G_NETWORK_ADDRESS (address))));
  if (self == NULL)
    return;
  if (self->proxies != NULL)
    g_socket_client_set_proxy_resolver (client, self->proxies);
  g_socket_client_set_local_address (client, self->source);
}

/* GIO has the class of a machine without settings for proxies, but not its type. */
gboolean
ph_connector_is_direct (PhConnector *self, gboolean to_this_host)
{
  if (self != NULL && self->source != NULL)
    return FALSE;
  if (self != NULL && self->proxies != NULL)
    return g_str_equal (self->proxy, "direct://");
  return to_this_host || g_str_equal (G_OBJECT_TYPE_NAME (g_proxy_resolver_get_default ()), "GDummyProxyResolver");
}
