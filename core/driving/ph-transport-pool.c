/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTransportPool: many messages to one server, over a few sessions. */
#include "ph-transport-pool-private.h"

#include "values/ph-body-private.h"

/**
 * PhTransportPool:
 *
 * Many messages to one server: they wait in a queue, and a few sessions take them from there. It bounds the connections, the messages
 * that each carries, how many are on their way at once, and how many are sent in a second.
 *
 * Each message has its own answer, as with [method@Transport.send]. What is safe to send once more is sent once more, over another
 * connection: a message whose connection was lost before its end was out, or that the server put off because it closes (421). A
 * refusal is not: it's the caller's to decide on. Nor is a message whose connection went between its end and the reply
 * (%PH_ERROR_DELIVERY_UNKNOWN): a second copy might arrive. Of a message that some recipients have got, only the others are tried
 * again.
 *
 * What a server takes in one session (LIMITS, RFC 9422) is kept to; what is left goes over another one.
 *
 * A server that can't be reached is tried again with growing pauses, up to [property@TransportPool:max-attempts] times in a row;
 * then every waiting message fails. What doesn't pass by waiting (a wrong password, a bad certificate) fails them at once.
 *
 * ```c
 * g_autoptr (PhTransportPool) pool = ph_transport_pool_new ("smtp://alice@mail.example.org", &error);
 * g_signal_connect (pool, "new-session", G_CALLBACK (set_password), NULL);
 * for (i = 0; i < n_messages; i++)
 *   ph_transport_pool_send_async (pool, envelopes[i], bodies[i], NULL, on_sent, NULL);
 * ph_transport_pool_drain (pool, NULL, &error);
 * ```
 *
 * A body is read when its turn has come; [ctor@Body.new_for_closed_file] makes one that has no descriptor until then. No two messages may
 * share a body.
 *
 * A pool and its sessions belong to one thread, and asynchronous calls to one main context: the thread-default one of the first.
 */

enum { NEW_SESSION, N_SIGNALS };
enum { PROP_0, PROP_URI, PROP_MAX_CONNECTIONS, PROP_MAX_MESSAGES, PROP_IN_FLIGHT, PROP_MAX_ATTEMPTS, PROP_BACK_OFF, PROP_IDLE_TIMEOUT, PROP_RATE, N_PROPERTIES };

static guint signals[N_SIGNALS];
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (PhTransportPool, ph_transport_pool, G_TYPE_OBJECT)

static void
ph_transport_pool_dispose (GObject *object)
{
  PhTransportPool *self = PH_TRANSPORT_POOL (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_ptr_array_set_size (self->workers, 0);
  g_clear_object (&self->blocking);
  G_OBJECT_CLASS (ph_transport_pool_parent_class)->dispose (object);
}

static void
ph_transport_pool_finalize (GObject *object)
{
  PhTransportPool *self = PH_TRANSPORT_POOL (object);

  g_ptr_array_unref (self->workers);
  g_queue_clear_full (&self->spare, g_object_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->uri);
  G_OBJECT_CLASS (ph_transport_pool_parent_class)->finalize (object);
}

static guint *
find_number (PhTransportPool *self, guint id)
{
  switch (id)
    {
    case PROP_MAX_CONNECTIONS:
      return &self->max_connections;
    case PROP_MAX_MESSAGES:
      return &self->max_messages;
    case PROP_IN_FLIGHT:
      return &self->in_flight;
    case PROP_MAX_ATTEMPTS:
      return &self->max_attempts;
    case PROP_BACK_OFF:
      return &self->back_off;
    case PROP_IDLE_TIMEOUT:
      return &self->idle_timeout;
    default:
      return NULL;
    }
}

static void
ph_transport_pool_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PhTransportPool *self = PH_TRANSPORT_POOL (object);
  guint *number = find_number (self, id);

  if (number != NULL)
    g_value_set_uint (value, *number);
  else if (id == PROP_RATE)
    g_value_set_double (value, self->rate);
  else if (id == PROP_URI)
    g_value_set_string (value, self->uri);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ph_transport_pool_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PhTransportPool *self = PH_TRANSPORT_POOL (object);
  guint *number = find_number (self, id);

  if (number != NULL)
    *number = g_value_get_uint (value);
  else if (id == PROP_RATE)
    self->rate = g_value_get_double (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  ph_pool_wake (self);
}

static void
install_number (GObjectClass *object_class, guint id, const char *name, guint lowest, guint number)
{
  properties[id] = g_param_spec_uint (name, NULL, NULL, lowest, G_MAXINT32, number, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, id, properties[id]);
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * PhTransportPool:uri: (getter get_uri)
   *
   * The server.
   */
  properties[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_URI, properties[PROP_URI]);
  /**
   * PhTransportPool:max-connections:
   *
   * How many connections there are at most.
   */
  install_number (object_class, PROP_MAX_CONNECTIONS, "max-connections", 1, 5);
  /**
   * PhTransportPool:max-messages:
   *
   * How many messages a connection carries before it is closed and another takes its place; 0: without end.
   */
  install_number (object_class, PROP_MAX_MESSAGES, "max-messages", 0, 100);
  /**
   * PhTransportPool:in-flight:
   *
   * How many messages a session has at once. The more, the less it waits for the server; and the more are tried again where a
   * connection is lost.
   */
  install_number (object_class, PROP_IN_FLIGHT, "in-flight", 1, 4);
  /**
   * PhTransportPool:max-attempts:
   *
   * How often a message is tried, the first time included; and how many connections in a row may bring nothing before all
   * that waits fails.
   */
  install_number (object_class, PROP_MAX_ATTEMPTS, "max-attempts", 1, 5);
  /**
   * PhTransportPool:back-off:
   *
   * Milliseconds to wait after a connection that brought nothing; doubled after each further one, up to a minute.
   */
  install_number (object_class, PROP_BACK_OFF, "back-off", 0, 1000);
  /**
   * PhTransportPool:idle-timeout:
   *
   * Seconds after which a session that has nothing to do is closed; 0: never.
   */
  install_number (object_class, PROP_IDLE_TIMEOUT, "idle-timeout", 0, 30);
  /**
   * PhTransportPool:rate:
   *
   * How many messages are begun in a second, over all connections; 0: as many as go.
   */
  properties[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 0, 1e6, 0, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_RATE, properties[PROP_RATE]);
}

static void
ph_transport_pool_class_init (PhTransportPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ph_transport_pool_dispose;
  object_class->finalize = ph_transport_pool_finalize;
  object_class->get_property = ph_transport_pool_get_property;
  object_class->set_property = ph_transport_pool_set_property;
  install_properties (object_class);
  /**
   * PhTransportPool::new-session:
   * @self: the pool
   * @session: a session that is about to be opened
   *
   * To set it up: policy, credentials, timeouts, hello name, signals. It must not be used otherwise.
   */
  signals[NEW_SESSION] = g_signal_new ("new-session", PH_TYPE_TRANSPORT_POOL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       PH_TYPE_TRANSPORT);
}

static void
ph_transport_pool_init (PhTransportPool *self)
{
  self->workers = g_ptr_array_new_with_free_func (ph_pool_worker_free);
  g_queue_init (&self->queue);
  g_queue_init (&self->drains);
}

/**
 * ph_transport_pool_new:
 * @uri: a server that takes mail, as for [ctor@Session.new]
 * @error: return location for an error
 *
 * Makes a pool without connections.
 *
 * Returns: (transfer full): a pool; %NULL with %PH_ERROR_INVALID_URI, %PH_ERROR_UNKNOWN_SCHEME, %PH_ERROR_PLUGIN, or
 *   %PH_ERROR_NOT_SUPPORTED where what is there takes no mail
 */
PhTransportPool *
ph_transport_pool_new (const char *uri, GError **error)
{
  g_autoptr (PhSession) session = NULL;
  PhTransportPool *self;

  g_return_val_if_fail (uri != NULL, NULL);

  session = ph_session_new (uri, error);
  if (session == NULL)
    return NULL;
  if (!PH_IS_TRANSPORT (session))
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s takes no mail", uri));
      return NULL;
    }
  self = g_object_new (PH_TYPE_TRANSPORT_POOL, NULL);
  self->uri = g_strdup (uri);
  return self;
}

/**
 * ph_transport_pool_get_uri:
 * @self: a pool
 *
 * Returns: the server that it was made for
 */
const char *
ph_transport_pool_get_uri (PhTransportPool *self)
{
  g_return_val_if_fail (PH_IS_TRANSPORT_POOL (self), NULL);

  return self->uri;
}

/**
 * ph_transport_pool_get_n_connections:
 * @self: a pool
 *
 * Returns: how many connections there are now, those that are being opened or closed included
 */
guint
ph_transport_pool_get_n_connections (PhTransportPool *self)
{
  g_return_val_if_fail (PH_IS_TRANSPORT_POOL (self), 0);

  return self->workers->len + (self->blocking != NULL && ph_session_is_open (PH_SESSION (self->blocking)));
}

/**
 * ph_transport_pool_get_n_messages:
 * @self: a pool
 *
 * Returns: how many messages were handed in and have not ended: waiting, or on their way
 */
guint
ph_transport_pool_get_n_messages (PhTransportPool *self)
{
  g_return_val_if_fail (PH_IS_TRANSPORT_POOL (self), 0);

  return self->n_messages;
}

/**
 * ph_transport_pool_send_async:
 * @self: a pool
 * @envelope: from whom, to whom
 * @body: the message; read when its turn has come
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it has ended
 * @user_data: for @callback
 *
 * Hands in a message. Its order among the others is kept as long as nothing has to be tried again, and more than one connection
 * may overtake each other.
 */
void
ph_transport_pool_send_async (PhTransportPool *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PH_IS_TRANSPORT_POOL (self));
  g_return_if_fail (envelope != NULL);
  g_return_if_fail (PH_IS_BODY (body));

  ph_pool_attach (self);
  task = ph_pool_task_new (self, envelope, body, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_transport_pool_send_async);
  self->n_messages++;
  ph_pool_task_item (task)->serial = self->n_serials++;
  g_queue_push_tail (&self->queue, task);
  ph_pool_wake (self);
}

/**
 * ph_transport_pool_send_finish:
 * @self: a pool
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): one row per recipient, as of [method@Transport.send]; %NULL where nobody accepted the message
 */
PhDelivery *
ph_transport_pool_send_finish (PhTransportPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
source_drop (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
on_drain_cancelled (GCancellable *cancellable G_GNUC_UNUSED, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  PhTransportPool *self = g_task_get_source_object (task);

  if (g_queue_remove (&self->drains, task))
    {
      g_task_return_error_if_cancelled (task);
      g_object_unref (task);
    }
  return G_SOURCE_REMOVE;
}

/**
 * ph_transport_pool_drain_async:
 * @self: a pool
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Waits until every message has ended, then closes the sessions. Cancelling ends the waiting, not the messages.
 */
void
ph_transport_pool_drain_async (PhTransportPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PH_IS_TRANSPORT_POOL (self));

  ph_pool_attach (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_transport_pool_drain_async);
  if (cancellable != NULL)
    {
      GSource *cancelled = g_cancellable_source_new (cancellable);

      g_source_set_callback (cancelled, (GSourceFunc) (void (*) (void)) on_drain_cancelled, task, NULL);
      g_source_attach (cancelled, self->context);
      g_task_set_task_data (task, cancelled, source_drop);
    }
  g_queue_push_tail (&self->drains, task);
  ph_pool_wake (self);
}

/**
 * ph_transport_pool_drain_finish:
 * @self: a pool
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: %FALSE where the waiting was cancelled
 */
gboolean
ph_transport_pool_drain_finish (PhTransportPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
