/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Servers by SRV records (RFC 2782, RFC 6186, RFC 8314): one question for each service that an installed protocol names. */
#include "transport/ph-server-private.h"

#include <string.h>

/* Of one service; more is no service but a nuisance */
#define MAX_TARGETS 16

/* Which schemes there are, those with TLS from the first octet first within their protocol. Constant data. */
static GPtrArray *
list_schemes (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (GPtrArray) features = ph_registry_list (registry, FALSE);
  GPtrArray *schemes = g_ptr_array_new ();

  for (guint i = 0; i < features->len; i++)
    {
      PhFeatureInfo *info = g_ptr_array_index (features, i);
      g_auto (GStrv) names = ph_feature_info_get_kind (info) == PH_FEATURE_PROTOCOL ? ph_feature_info_get_schemes (info) : NULL;
      guint first = schemes->len;

      for (char **name = names; name != NULL && *name != NULL; name++)
        {
          const PhScheme *scheme = NULL;
          G_GNUC_UNUSED g_autoptr (PhFeatureInfo) best = ph_registry_find_scheme (registry, *name, &scheme);

          if (scheme != NULL && scheme->srv != NULL && !g_ptr_array_find (schemes, scheme, NULL))
            g_ptr_array_insert (schemes, scheme->implicit_tls ? (int) first : -1, (gpointer) scheme);
        }
    }
  return schemes;
}

static void
free_targets (GList *targets)
{
  g_list_free_full (targets, (GDestroyNotify) g_srv_target_free);
}

static void
add_targets (GPtrArray *servers, const PhScheme *scheme, GList *targets, const char *user, const char *domain)
{
  guint n = 0;

  for (GList *link = targets; link != NULL && n < MAX_TARGETS; link = link->next, n++)
    {
      /* "." says: there is no such service here */
      PhServer *server = ph_server_new (scheme, g_srv_target_get_hostname (link->data), g_srv_target_get_port (link->data), user, domain);

      if (server != NULL)
        g_ptr_array_add (servers, server);
    }
}

static gboolean
ask_all (GPtrArray *servers, const char *user, const char *domain, GCancellable *cancellable, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GPtrArray) schemes = list_schemes ();
  g_autoptr (GError) trouble = NULL;

  for (guint i = 0; i < schemes->len; i++)
    {
      const PhScheme *scheme = g_ptr_array_index (schemes, i);
      g_autoptr (GError) reason = NULL;
      GList *targets = g_resolver_lookup_service (resolver, scheme->srv, "tcp", domain, cancellable, &reason);

      add_targets (servers, scheme, targets, user, domain);
      free_targets (targets);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (reason != NULL && trouble == NULL && !g_error_matches (reason, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
        trouble = g_steal_pointer (&reason);
    }
  if (servers->len > 0)
    return TRUE;
  g_set_error (error, PH_ERROR, PH_ERROR_HOST_NOT_FOUND, "The domain %s names no server for mail%s%s", domain, trouble != NULL ? ": " : "",
               trouble != NULL ? trouble->message : "");
  return FALSE;
}

/**
 * ph_server_find:
 * @address: a mail address, or a domain
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Looks up by which servers mail of @address is read and sent: the SRV records of
 * its domain for each service that an installed protocol names, such as `_imaps`
 * and `_submissions` (RFC 6186, RFC 8314). Of one protocol, servers with TLS from
 * the first octet come first, and those of one service in the order that their
 * priorities and weights call for.
 *
 * Returns: (transfer container) (element-type PhServer): the servers, at least one;
 *   %NULL with %PH_ERROR_INVALID_ARGUMENT, %PH_ERROR_HOST_NOT_FOUND or
 *   %G_IO_ERROR_CANCELLED
 */
GPtrArray *
ph_server_find (const char *address, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  if (!ph_server_read_address (address, &local, &domain, error))
    return NULL;
  servers = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_server_unref);
  return ask_all (servers, local != NULL ? address : NULL, domain, cancellable, error) ? g_steal_pointer (&servers) : NULL;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *servers = ph_server_find (data, cancellable, &error);

  if (servers != NULL)
    g_task_return_pointer (task, servers, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * ph_server_find_async:
 * @address: a mail address, or a domain
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async): called when done
 * @user_data: data for @callback
 *
 * The same as [func@Server.find], without waiting: @callback is called in the
 * thread-default main context.
 */
void
ph_server_find_async (const char *address, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (address != NULL);

  g_task_set_source_tag (task, ph_server_find_async);
  g_task_set_task_data (task, g_strdup (address), g_free);
  g_task_run_in_thread (task, find_in_thread);
}

/**
 * ph_server_find_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Completes [func@Server.find_async].
 *
 * Returns: (transfer container) (element-type PhServer): the servers, or %NULL with an
 *   error
 */
GPtrArray *
ph_server_find_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
