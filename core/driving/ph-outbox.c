/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhOutbox: a session's queue with a bound, for programs that have many messages. */
#include "ph-outbox-private.h"

#define MAX_PENDING 100000

/* For so long what is pushed waits for more, in microseconds. A peer that answers at once would have it one message a write otherwise. */
#define LINGER 5000

/**
 * PhOutbox:
 *
 * Many messages on one session.
 *
 * A command that is pushed is queued, and as many as the protocol and the server allow share the line: over SMTP the end of one message
 * and the beginning of the next leave together (RFC 2920), and where the server takes chunks nothing waits for an answer at all (RFC 3030).
 * How far the session runs ahead of the answers it finds out by itself: it begins with few messages, goes further while all goes well, and
 * waits for each recipient's reply again once something is refused.
 *
 * Each command keeps its own result, [signal@Outbox::finished] tells when it is there. When the connection is lost, those under
 * way end with an error each: %PH_ERROR_DELIVERY_UNKNOWN where the message may have been delivered, any other where it was not; the next
 * push opens the session again.
 *
 * ```c
 * g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
 * g_signal_connect (outbox, "finished", G_CALLBACK (on_finished), NULL);
 * while (next_message (&envelope, &body))
 *   {
 *     g_autoptr (PhCommand) command = ph_transport_make_send (PH_TRANSPORT (session), envelope, body);
 *     if (!ph_outbox_push (outbox, command, NULL, &error))
 *       return fail (error);
 *   }
 * ph_outbox_flush (outbox, NULL, &error);
 * ```
 *
 * Where the server limits what it takes in one session (LIMITS, RFC 9422), messages beyond that end with %PH_ERROR_THROTTLED, unsent, and are
 * to be pushed again once the session was closed; [class@TransportPool] does so by itself.
 *
 * Commands of any kind may be pushed. Messages in memory may go without a command ([method@Outbox.send]), which costs less. The outbox
 * holds its session, and what is under way holds the outbox.
 */
enum {
  PROP_0,
  PROP_SESSION,
  PROP_MAX_PENDING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];
static guint finished_signal;

G_DEFINE_FINAL_TYPE (PhOutbox, ph_outbox, G_TYPE_OBJECT)

static void
ph_outbox_finalize (GObject *object)
{
  PhOutbox *self = PH_OUTBOX (object);

  ph_outbox_clear_sendings (self);
  if (self->handler_destroy != NULL)
    self->handler_destroy (self->handler_data);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (ph_outbox_parent_class)->finalize (object);
}

static void
ph_outbox_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  PhOutbox *self = PH_OUTBOX (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_MAX_PENDING:
      g_value_set_uint (value, self->max_pending);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_outbox_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  PhOutbox *self = PH_OUTBOX (object);

  switch (id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;
    case PROP_MAX_PENDING:
      ph_outbox_set_max_pending (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_outbox_class_init (PhOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ph_outbox_get_property;
  object_class->set_property = ph_outbox_set_property;
  object_class->finalize = ph_outbox_finalize;

  /**
   * PhOutbox:session: (getter get_session)
   *
   * Where commands run.
   */
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, PH_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * PhOutbox:max-pending: (getter get_max_pending) (setter set_max_pending)
   *
   * How many commands may be pushed and not done; a further push waits until half of them are.
   */
  properties[PROP_MAX_PENDING] = g_param_spec_uint ("max-pending", NULL, NULL, 1, MAX_PENDING, 256,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PhOutbox::finished:
   * @self: the outbox
   * @command: a command that was pushed
   *
   * @command is done: its error says whether well, its result is there, after failure too. Async calls may be started here.
   */
  finished_signal = g_signal_new ("finished", PH_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PH_TYPE_COMMAND);
}

static void
ph_outbox_init (PhOutbox *self)
{
  g_queue_init (&self->pushes);
  g_queue_init (&self->flushes);
}

/**
 * ph_outbox_new:
 * @session: an SMTP or LMTP session, or any other
 *
 * Returns: (transfer full): a new outbox
 */
PhOutbox *
ph_outbox_new (PhSession *session)
{
  g_return_val_if_fail (PH_IS_SESSION (session), NULL);

  return g_object_new (PH_TYPE_OUTBOX, "session", session, NULL);
}

/**
 * ph_outbox_get_session: (get-property session)
 * @self: an outbox
 *
 * Returns: (transfer none): where its commands run
 */
PhSession *
ph_outbox_get_session (PhOutbox *self)
{
  g_return_val_if_fail (PH_IS_OUTBOX (self), NULL);

  return self->session;
}

/**
 * ph_outbox_get_max_pending: (get-property max-pending)
 * @self: an outbox
 *
 * Returns: how many commands may be pushed and not done
 */
guint
ph_outbox_get_max_pending (PhOutbox *self)
{
  g_return_val_if_fail (PH_IS_OUTBOX (self), 0);

  return self->max_pending;
}

/**
 * ph_outbox_set_max_pending: (set-property max-pending)
 * @self: an outbox
 * @max_pending: 1 to 100000
 *
 * Bounds how many commands may be pushed and not done. What is held for each is the command with its message.
 */
void
ph_outbox_set_max_pending (PhOutbox *self,
                           guint     max_pending)
{
  g_return_if_fail (PH_IS_OUTBOX (self));
  g_return_if_fail (max_pending >= 1 && max_pending <= MAX_PENDING);

  if (self->max_pending == max_pending)
    return;
  self->max_pending = max_pending;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_PENDING]);
}

/**
 * ph_outbox_get_n_pending:
 * @self: an outbox
 *
 * Returns: how many commands were pushed and are not done
 */
guint
ph_outbox_get_n_pending (PhOutbox *self)
{
  g_return_val_if_fail (PH_IS_OUTBOX (self), 0);

  return self->n_pending;
}

/* Half of them: so that what leaves, leaves in large writes. */
static gboolean
has_room (PhSession *session G_GNUC_UNUSED,
          gpointer   user_data)
{
  PhOutbox *self = user_data;

  return self->n_pending <= self->max_pending / 2;
}

static gboolean
is_empty (PhSession *session G_GNUC_UNUSED,
          gpointer   user_data)
{
  return ((PhOutbox *) user_data)->n_pending == 0;
}

static void
tell (PhOutbox  *self,
      PhCommand *command)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);

  priv->emitting++;
  g_signal_emit (self, finished_signal, 0, command);
  priv->emitting--;
}

static void start (PhOutbox *self, GTask *task);

/* @task (transfer full) */
static void
end_waiting (GTask *task)
{
  GSource *source = g_object_get_data (G_OBJECT (task), "cancelled");

  if (source != NULL)
    g_source_destroy (source);  /* it holds the task */
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

void
ph_outbox_done (PhOutbox *self)
{
  while (has_room (self->session, self) && !g_queue_is_empty (&self->pushes))
    {
      GTask *task = g_queue_pop_head (&self->pushes);

      start (self, task);
      end_waiting (task);
    }
  while (self->n_pending == 0 && !g_queue_is_empty (&self->flushes))
    end_waiting (g_queue_pop_head (&self->flushes));
}

static void
on_done (PhSession *session G_GNUC_UNUSED,
         PhCommand *command,
         gpointer   user_data)
{
  PhOutbox *self = user_data;

  self->n_pending--;
  tell (self, command);
  ph_outbox_done (self);
}

static void
start (PhOutbox *self,
       GTask    *task)
{
  if (g_task_get_source_tag (task) == ph_outbox_send_async)
    {
      ph_outbox_start_send (self, task);
      return;
    }
  self->n_pending++;
  ph_session_start (self->session, g_task_get_task_data (task), NULL, NULL, on_done, g_object_ref (self), g_object_unref);
}

gboolean
ph_outbox_make_ready (PhOutbox      *self,
                      gboolean      *failed,
                      GCancellable  *cancellable,
                      GError       **error)
{
  *failed = FALSE;
  if (self->n_pending >= self->max_pending)
    {
      if (!ph_session_wait_amid (self->session, has_room, self, cancellable, error))
        return FALSE;
      self->last_turn = g_get_monotonic_time ();
    }
  *failed = !ph_session_is_open (self->session) && !ph_session_open (self->session, cancellable, error);
  return !*failed;
}

void
ph_outbox_queued (PhOutbox *self)
{
  gint64 now = g_get_monotonic_time ();

  self->n_pending++;
  if (now - self->last_turn < LINGER)
    return;
  self->last_turn = now;
  ph_session_turn (self->session);
}

/**
 * ph_outbox_push:
 * @self: an outbox
 * @command: a command that was not run before, as [method@Transport.make_send] makes it
 * @cancellable: (nullable): a cancellable; ends the waiting, not the command
 * @error: return location for an error
 *
 * Queues @command, opening the session where it isn't open. Waits while [property@Outbox:max-pending] are under way. How the command ends is
 * not told here; a success means that it will be told by [signal@Outbox::finished].
 *
 * What was pushed leaves at once where nothing left in the last five milliseconds, otherwise with what is pushed next or with
 * [method@Outbox.flush], which whoever stops pushing is to call.
 *
 * Fails where the session can't be opened, which ends @command with the same error; with %PH_ERROR_WRONG_STATE where @command was run
 * before; with %G_IO_ERROR_PENDING inside of a signal handler; and with %G_IO_ERROR_CANCELLED: @command may then be pushed again.
 *
 * Returns: whether @command was taken
 */
gboolean
ph_outbox_push (PhOutbox      *self,
                PhCommand     *command,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean failed;

  g_return_val_if_fail (PH_IS_OUTBOX (self), FALSE);
  g_return_val_if_fail (PH_IS_COMMAND (command), FALSE);

  if (!ph_session_may_block (self->session, error) || !ph_session_check_new (command, error))
    return FALSE;
  if (!ph_outbox_make_ready (self, &failed, cancellable, &failure))
    {
      if (failed)
        {
          ph_command_complete (command, NULL, g_error_copy (failure));
          tell (self, command);
        }
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  ph_session_enqueue (self->session, command, NULL, NULL, on_done, g_object_ref (self), g_object_unref);
  ph_outbox_queued (self);
  return TRUE;
}

static gboolean
on_cancelled (GCancellable *cancellable G_GNUC_UNUSED,
                   gpointer      data)
{
  GTask *task = data;
  PhOutbox *self = g_task_get_source_object (task);

  if (g_queue_remove (&self->pushes, task) || g_queue_remove (&self->flushes, task))
    {
      g_task_return_error_if_cancelled (task);
      g_object_unref (task);
    }
  return G_SOURCE_REMOVE;
}

static void
wait_in (GQueue *queue,
         GTask  *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_queue_push_tail (queue, g_object_ref (task));
  if (cancellable != NULL)
    {
      GSource *source = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, source, (GSourceFunc) (void (*) (void)) on_cancelled);
      g_object_set_data_full (G_OBJECT (task), "cancelled", source, (GDestroyNotify) g_source_unref);
    }
}

void
ph_outbox_start_or_wait (PhOutbox *self,
                         GTask    *task)
{
  if (self->n_pending >= self->max_pending || !g_queue_is_empty (&self->pushes))
    {
      wait_in (&self->pushes, task);
      return;
    }
  start (self, task);
  g_task_return_boolean (task, TRUE);
}

/**
 * ph_outbox_push_async:
 * @self: an outbox
 * @command: a command that was not run before
 * @cancellable: (nullable): a cancellable; ends the waiting, not the command
 * @callback: (scope async): called when @command was queued and another may be pushed
 * @user_data: for @callback
 *
 * [method@Outbox.push] without blocking. That the session can't be opened is told by the command alone.
 */
void
ph_outbox_push_async (PhOutbox            *self,
                      PhCommand           *command,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (PH_IS_OUTBOX (self));
  g_return_if_fail (PH_IS_COMMAND (command));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_outbox_push_async);
  /* what was taken is not reported as cancelled */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_object_ref (command), g_object_unref);
  if (!ph_session_check_new (command, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  ph_outbox_start_or_wait (self, task);
}

/**
 * ph_outbox_push_finish:
 * @self: an outbox
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Outbox.push]
 */
gboolean
ph_outbox_push_finish (PhOutbox      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ph_outbox_flush:
 * @self: an outbox
 * @cancellable: (nullable): a cancellable; ends the waiting, not the commands
 * @error: return location for an error
 *
 * Waits until every command that was pushed is done, well or not; what they came to stands in them.
 *
 * Returns: %FALSE only where it was cancelled, or with %G_IO_ERROR_PENDING inside of a signal handler
 */
gboolean
ph_outbox_flush (PhOutbox      *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_return_val_if_fail (PH_IS_OUTBOX (self), FALSE);

  if (!ph_session_may_block (self->session, error))
    return FALSE;
  return self->n_pending == 0 || ph_session_wait (self->session, is_empty, self, cancellable, error);
}

/**
 * ph_outbox_flush_async:
 * @self: an outbox
 * @cancellable: (nullable): a cancellable; ends the waiting, not the commands
 * @callback: (scope async): called when all is done
 * @user_data: for @callback
 *
 * [method@Outbox.flush] without blocking.
 */
void
ph_outbox_flush_async (PhOutbox            *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PH_IS_OUTBOX (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_outbox_flush_async);
  if (self->n_pending == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  wait_in (&self->flushes, task);
  ph_session_schedule (self->session);
}

/**
 * ph_outbox_flush_finish:
 * @self: an outbox
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Outbox.flush]
 */
gboolean
ph_outbox_flush_finish (PhOutbox      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
