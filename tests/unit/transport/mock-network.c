/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A resolver and a proxy resolver of the connector's tests. */
#include "mock-network.h"

#include <string.h>

static char *last_name;
static char *proxy;
static void (*on_lookup) (gpointer);
static gpointer on_lookup_data;

typedef struct { GResolver parent_instance; } MockResolver;
typedef GResolverClass MockResolverClass;
GType mock_resolver_get_type (void);
G_DEFINE_TYPE (MockResolver, mock_resolver, G_TYPE_RESOLVER)

static const struct { const char *name, *v6, *v4, *second; } names[] = {
  { "v6.test", "::1", NULL }, { "v4.test", NULL, "127.0.0.1" }, { "both.test", "::1", "127.0.0.1" }, { "xn--bcher-kva.test", NULL, "127.0.0.1" },
  { "two.test", NULL, "127.0.0.2", "127.0.0.1" }, { "half.test", NULL, "127.0.0.1" },
};

static GList *
find (const char *name, GResolverNameLookupFlags flags, GError **error)
{
  GList *list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (names[i].name, name) != 0)
        continue;
      if (names[i].v6 != NULL && !(flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY))
        list = g_list_append (list, g_inet_address_new_from_string (names[i].v6));
      if (names[i].v4 != NULL && !(flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY))
        list = g_list_append (list, g_inet_address_new_from_string (names[i].v4));
      if (names[i].second != NULL && !(flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY))
        list = g_list_append (list, g_inet_address_new_from_string (names[i].second));
    }
  if (list == NULL)
    g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "Error resolving “%s”: Name or service not known", name);
  return list;
}

static void
free_addresses (gpointer list)
{
  g_list_free_full (list, g_object_unref);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer task)
{
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
lookup_async (GResolver *resolver, const char *name, GResolverNameLookupFlags flags, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GError *error = NULL;
  GList *list;

  g_free (last_name);
  last_name = g_strdup (name);
  if (on_lookup != NULL)
    on_lookup (on_lookup_data);
  if (strcmp (name, "never.test") == 0 || (strcmp (name, "half.test") == 0 && !(flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY)))
    {
      g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

      g_source_set_callback (source, G_SOURCE_FUNC (on_cancelled), g_steal_pointer (&task), g_object_unref);
      g_source_attach (source, g_main_context_get_thread_default ());
      return;
    }
  list = find (name, flags, &error);
  if (list != NULL)
    g_task_return_pointer (task, list, free_addresses);
  else
    g_task_return_error (task, error);
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
plain_lookup_async (GResolver *resolver, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  lookup_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, user_data);
}

static void
mock_resolver_class_init (MockResolverClass *klass)
{
  klass->lookup_by_name_async = plain_lookup_async;
  klass->lookup_by_name_finish = lookup_finish;
  klass->lookup_by_name_with_flags_async = lookup_async;
  klass->lookup_by_name_with_flags_finish = lookup_finish;
}

static void
mock_resolver_init (MockResolver *self)
{
}

typedef struct { GObject parent_instance; } MockProxies;
typedef GObjectClass MockProxiesClass;
static void mock_proxies_implement (GProxyResolverInterface *iface);
GType mock_proxies_get_type (void);
G_DEFINE_TYPE_WITH_CODE (MockProxies, mock_proxies, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, mock_proxies_implement))

static gboolean
is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static char **
get_proxies (void)
{
  const char *uris[] = { proxy != NULL ? proxy : "direct://", NULL };

  return g_strdupv ((char **) uris);
}

static char **
lookup_proxy (GProxyResolver *resolver, const char *uri, GCancellable *cancellable, GError **error)
{
  return get_proxies ();
}

static void
lookup_proxy_async (GProxyResolver *resolver, const char *uri, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_pointer (task, get_proxies (), (GDestroyNotify) g_strfreev);
}

static char **
lookup_proxy_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
mock_proxies_implement (GProxyResolverInterface *iface)
{
  iface->is_supported = is_supported;
  iface->lookup = lookup_proxy;
  iface->lookup_async = lookup_proxy_async;
  iface->lookup_finish = lookup_proxy_finish;
}

static void
mock_proxies_class_init (MockProxiesClass *klass)
{
}

static void
mock_proxies_init (MockProxies *self)
{
}

void
mock_network_install (void)
{
  g_autoptr (GResolver) resolver = g_object_new (mock_resolver_get_type (), NULL);
  g_autoptr (GProxy) socks = NULL;

  g_resolver_set_default (resolver);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "posthorn-test", TRUE);
  /* registers GIO's own extension points first */
  socks = g_proxy_get_default_for_protocol ("socks5");
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, mock_proxies_get_type (), "posthorn-test", 1000);
}

void
mock_network_on_lookup (void (*func) (gpointer), gpointer user_data)
{
  on_lookup = func;
  on_lookup_data = user_data;
}

const char *
mock_network_get_name (void)
{
  return last_name;
}

void
mock_network_set_proxy (const char *uri)
{
  g_free (proxy);
  proxy = g_strdup (uri);
}
