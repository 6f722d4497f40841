/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The beginning and the end of a connection's life. */
#include "ph-session-private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "contracts/ph-extension-private.h"
#include "plugins/ph-registry-private.h"
#include "transport/ph-connection-open.h"
#include "values/ph-memory.h"

static char *
name_ipv4 (const guint8 *octets)
{
  return g_strdup_printf ("[%u.%u.%u.%u]", octets[0], octets[1], octets[2], octets[3]);
}

/* RFC 5321 section 4.1.1.1: a fully-qualified name where there is one, otherwise the address in brackets. */
static char *
hello_name (PhSession    *self,
            PhConnection *connection)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  const char *name = priv->hello_name != NULL ? priv->hello_name : g_get_host_name ();
  struct sockaddr_storage storage;
  const struct in6_addr *v6 = &((struct sockaddr_in6 *) &storage)->sin6_addr;
  socklen_t length = sizeof storage;
  char text[INET6_ADDRSTRLEN];
  int fd;

  if (priv->hello_name != NULL || (strchr (name, '.') != NULL && g_str_is_ascii (name)))
    return g_strdup (name);
  fd = ph_connection_get_fd (connection, G_IO_IN);
  if (fd < 0 || getsockname (fd, (struct sockaddr *) &storage, &length) != 0)
    return g_strdup ("localhost");
  if (storage.ss_family == AF_INET)
    return name_ipv4 ((const guint8 *) &((struct sockaddr_in *) &storage)->sin_addr);
  if (storage.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED (v6))
    return name_ipv4 (v6->s6_addr + 12);
  if (storage.ss_family == AF_INET6 && inet_ntop (AF_INET6, v6, text, sizeof text) != NULL)
    return g_strdup_printf ("[IPv6:%s]", text);
  return g_strdup ("localhost");
}

/* The one of @extensions that is @info's; FALSE: none. @extensions may be NULL. */
static gboolean
find_extension (GPtrArray     *extensions,
                PhFeatureInfo *info,
                guint         *index)
{
  for (guint i = 0; extensions != NULL && i < extensions->len; i++)
    {
      *index = i;
      if (g_strcmp0 (ph_extension_get_name (g_ptr_array_index (extensions, i)), ph_feature_info_get_name (info)) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The object that the session had for it before, or a new one. (transfer full) (nullable) */
static GObject *
make_extension (PhSessionPrivate *priv,
                PhFeatureInfo    *info)
{
  guint index;

  if (find_extension (priv->resting, info, &index))
    return g_ptr_array_steal_index (priv->resting, index);
  return ph_registry_create (ph_registry_get_default (), info, NULL);
}

static void
rest_extensions (PhSessionPrivate *priv)
{
  priv->extensions_wait = FALSE;
  while (priv->extensions != NULL && priv->extensions->len > 0)
    {
      PhExtension *extension = g_ptr_array_steal_index (priv->extensions, 0);

      ph_extension_detach (extension);
      if (priv->resting == NULL)
        priv->resting = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (priv->resting, extension);
    }
}

static void
attach_extension (PhSession     *self,
                  PhFeatureInfo *info)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GObject) object = make_extension (priv, info);

  if (!PH_IS_EXTENSION (object))
    return;  /* the registry keeps the reason */
  ph_extension_attach (PH_EXTENSION (object), self, priv->engine, ph_feature_info_get_name (info),
                       ph_session_uses (self, ph_feature_info_get_name (info)));
  if (priv->extensions == NULL)
    priv->extensions = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (priv->extensions, g_object_ref (object));
  ph_engine_add_extension (priv->engine, PH_EXTENSION (object));
}

/* Those that the capabilities call for. What answers by itself and is not listed hears nothing of the server: it is made when somebody asks. */
static void
attach_extensions (PhSession *self,
                   gboolean   all)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  const char *const *capabilities = (const char *const *) priv->capabilities;
  g_autoptr (GPtrArray) infos = ph_registry_ask_extensions (ph_registry_get_default (), ph_feature_info_get_name (priv->protocol), capabilities);
  guint index;

  priv->extensions_wait = FALSE;
  for (guint i = 0; i < infos->len; i++)
    {
      PhFeatureInfo *info = g_ptr_array_index (infos, i);

      if (find_extension (priv->extensions, info, &index))
        continue;
      if (all || ph_feature_info_is_listed (info, capabilities) || find_extension (priv->resting, info, &index))
        attach_extension (self, info);
      else
        priv->extensions_wait = TRUE;
    }
}

void
ph_session_attach_waiting (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->extensions_wait && priv->engine != NULL)
    attach_extensions (self, TRUE);
}

/* Called in the middle of a step: gives the engine the extensions that its new capabilities call for. */
static void
on_capabilities (gpointer data,
                 PhReply *hello)
{
  PhSession *self = data;
  PhSessionPrivate *priv = ph_session_get_private (self);
  const char *const *capabilities = ph_engine_get_capabilities (priv->engine);

  if (hello != NULL)
    {
      g_clear_pointer (&priv->hello, ph_reply_unref);
      priv->hello = ph_reply_ref (hello);
    }
  /* most servers offer the same behind a login: what it calls for is there */
  if (priv->capabilities != NULL && capabilities != NULL && g_strv_equal ((const char *const *) priv->capabilities, capabilities))
    return;
  g_free (priv->capabilities);
  priv->capabilities = ph_strv_pack (capabilities);
  attach_extensions (self, FALSE);
}

static void
start_driver (PhSession    *self,
              PhConnection *connection)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autofree char *name = hello_name (self, connection);
  PhDriverSetup setup = {
    .engine = ph_session_get_engine (self),
    .connection = connection,
    .policy = priv->policy,
    .requires_tls = priv->requires_tls,
    .credentials = priv->credentials,
    .uri = priv->uri,
    .authorization = priv->authorization,
    .domain = priv->domain,
    .port = priv->port,
    .user = priv->user,
    .scheme = priv->scheme,
    .scheme_name = priv->scheme_name,
    .host = priv->host,
    .hello_name = name,
    .uses = (const char *const *) priv->uses,
    .limits = priv->limits,
    .timeouts = priv->timeouts,
    .trace = ph_session_is_traced (self),
    .capabilities = on_capabilities,
    .data = self,
  };
  PhRecord record = { .is_trace = TRUE, .direction = PH_TRACE_NOTE };

  priv->driver = ph_driver_new (&setup);
  ph_session_clear_left ();
  priv->state = PH_SESSION_OPENING;
  if (setup.trace)
    {
      g_autofree char *where = ph_connection_describe (connection);
      g_autofree char *note = g_strdup_printf ("connected to %s (plugin %s)", where, ph_feature_info_get_plugin (priv->protocol));

      record.trace = g_bytes_new (note, strlen (note));
      ph_session_emit_record (self, &record);
      ph_record_clear (&record);
    }
}

/* A connection that the program handed in serves once; one to a program of its own is made each time. NULL without an error: neither. */
static PhConnection *
take_given (PhSession  *self,
            GError    **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->connection == NULL && priv->argv != NULL)
    return ph_connection_new_for_command ((const char *const *) priv->argv, error);
  return g_steal_pointer (&priv->connection);
}

static void
begin (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  g_clear_error (&priv->open_error);
  g_clear_pointer (&priv->capabilities, g_free);
  g_clear_pointer (&priv->greeting, ph_reply_unref);
  g_clear_pointer (&priv->hello, ph_reply_unref);
  g_clear_pointer (&priv->farewell, ph_reply_unref);
  g_clear_pointer (&priv->tls_info, ph_tls_info_unref);
}

gboolean
ph_session_connect (PhSession     *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) reason = NULL;
  g_autoptr (PhConnection) connection = take_given (self, &reason);

  begin (self);
  if (connection == NULL && reason == NULL && ph_direct_applies (priv->connector, priv->host, priv->port))
    connection = ph_direct_connect (priv->host, priv->port, priv->timeouts.connect, cancellable, &reason);
  else if (connection == NULL && reason == NULL)
    connection = priv->connector != NULL
                   ? ph_connector_open (priv->connector, priv->uri, priv->timeouts.connect, cancellable, &reason)
                   : ph_connection_open (priv->uri, priv->timeouts.connect, cancellable, &reason);
  if (connection == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  start_driver (self, connection);
  return TRUE;
}

static void
connected (PhSession    *self,
           PhConnection *connection)
{
  start_driver (self, connection);
  ph_session_schedule (self);
}

static void
on_connection (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (PhSession) self = user_data;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhConnection) connection = source != NULL ? ph_connector_open_finish (PH_CONNECTOR (source), result, &error)
                                                       : ph_connection_open_finish (result, &error);

  g_clear_object (&priv->connect_cancellable);
  if (connection == NULL)
    ph_session_tear_down (self, error);
  else
    connected (self, connection);
}

static gboolean
on_given (gpointer data)
{
  PhSession *self = data;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhConnection) connection = priv->state == PH_SESSION_CONNECTING ? take_given (self, &error) : NULL;

  if (connection != NULL)
    connected (self, connection);
  else if (error != NULL)
    ph_session_tear_down (self, error);
  return G_SOURCE_REMOVE;
}

void
ph_session_connect_async (PhSession    *self,
                          GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  begin (self);
  priv->state = PH_SESSION_CONNECTING;
  g_clear_pointer (&priv->context, g_main_context_unref);
  priv->context = g_main_context_ref_thread_default ();
  if (priv->connection != NULL || priv->argv != NULL)
    {
      GSource *idle = g_idle_source_new ();

      g_source_set_callback (idle, on_given, g_object_ref (self), g_object_unref);
      g_source_attach (idle, priv->context);
      g_source_unref (idle);
      return;
    }
  priv->connect_cancellable = g_cancellable_new ();
  if (priv->connector != NULL)
    ph_connector_open_async (priv->connector, priv->uri, priv->timeouts.connect, priv->connect_cancellable, on_connection, g_object_ref (self));
  else
    ph_connection_open_async (priv->uri, priv->timeouts.connect, priv->connect_cancellable, on_connection, g_object_ref (self));
}

void
ph_session_opened (PhSession *self,
                   PhReply   *greeting)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  priv->state = PH_SESSION_OPEN;
  if (priv->idle && (priv->keeper == NULL || !ph_keeper_is_active (priv->keeper)))
    ph_driver_set_idle (priv->driver, TRUE);
  if (greeting != NULL && priv->greeting == NULL)
    priv->greeting = ph_reply_ref (greeting);
  for (GTask *task; (task = g_queue_pop_head (&priv->open_tasks)) != NULL; g_object_unref (task))
    g_task_return_boolean (task, TRUE);
}

static GError *
why_closed (PhSession    *self,
            const GError *error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  return error != NULL ? g_error_copy (error) : ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The session with %s is closed", priv->host);
}

/* Everybody who still waits is told; a handler may open the session again at once, so what is theirs is taken first. */
static void
tell_all (PhSession    *self,
          const GError *error,
          GQueue       *tasks,
          GQueue       *commands)
{
  for (GTask *task; (task = g_queue_pop_head (tasks)) != NULL; g_object_unref (task))
    g_task_return_error (task, why_closed (self, error));
  for (PhCommand *command; (command = g_queue_pop_head (commands)) != NULL; g_object_unref (command))
    {
      if (ph_command_get_state (command) != PH_COMMAND_DONE)
        ph_command_complete (command, NULL, why_closed (self, error));
      ph_session_finish_run (self, command);
    }
}

void
ph_session_tear_down (PhSession    *self,
                      const GError *error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (PhSession) alive G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (PhMailbox) mailbox = g_steal_pointer (&priv->mailbox);
  g_autoptr (GError) why = error != NULL ? g_error_copy (error) : NULL;
  GQueue tasks = priv->open_tasks;
  GQueue closing = priv->close_tasks;
  GQueue commands = G_QUEUE_INIT;
  gboolean was_up = priv->driver != NULL;
  gboolean restore = priv->keeper != NULL && ph_keeper_lose (priv->keeper, mailbox, error);

  g_queue_init (&priv->open_tasks);
  g_queue_init (&priv->close_tasks);
  g_queue_clear_full (&priv->urgent, g_object_unref);
  if (!restore)
    {
      commands = priv->unsubmitted;
      g_queue_init (&priv->unsubmitted);
    }
  for (PhRun *run = priv->runs; run != NULL; run = run->next)
    if (g_queue_find (&commands, run->command) == NULL && g_queue_find (&priv->unsubmitted, run->command) == NULL)
      g_queue_push_tail (&commands, g_object_ref (run->command));
  if (priv->connect_cancellable != NULL)
    g_cancellable_cancel (priv->connect_cancellable);
  g_clear_pointer (&priv->watch, ph_watch_free);
  if (was_up && ph_driver_get_tls_info (priv->driver) != NULL)
    priv->tls_info = ph_tls_info_ref (ph_driver_get_tls_info (priv->driver));
  ph_session_drop_driver (self);
  rest_extensions (priv);
  priv->state = PH_SESSION_NEW;
  g_clear_error (&priv->open_error);
  priv->open_error = why != NULL ? g_error_copy (why) : NULL;
  g_clear_object (&priv->engine);

  if (mailbox != NULL)
    {
      PhMailboxChange change = { .kind = PH_CHANGE_DESELECTED };

      ph_mailbox_apply (mailbox, &change);
    }
  tell_all (self, why, &tasks, &commands);
  for (GTask *task; (task = g_queue_pop_head (&closing)) != NULL; g_object_unref (task))
    g_task_return_boolean (task, TRUE);
  if (was_up)
    ph_session_emit_closed (self, why);
  if (priv->keeper != NULL)
    ph_keeper_begin (priv->keeper);
}
