/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sessions of a pool, and a message on one of them. */
#include "ph-transport-pool-private.h"

#include "contracts/ph-command-private.h"
#include "ph-outbox-private.h"
#include "values/ph-body-private.h"

/* --- a message --- */

typedef struct {
  PhPoolItem *item;
  GSource *cancelled;
  PhPoolWorker *worker;  /* that has it */
  PhCommand *command;
} PhPoolJob;

static void
job_free (gpointer data)
{
  PhPoolJob *job = data;

  if (job->cancelled != NULL)
    {
      g_source_destroy (job->cancelled);
      g_source_unref (job->cancelled);
    }
  g_clear_object (&job->command);
  ph_pool_item_free (job->item);
  g_free (job);
}

PhPoolItem *
ph_pool_task_item (GTask *task)
{
  return ((PhPoolJob *) g_task_get_task_data (task))->item;
}

void
ph_pool_task_end (PhTransportPool *self, GTask *task)
{
  PhPoolItem *item = ph_pool_task_item (task);
  GError *error = NULL;

  self->n_messages--;
  ph_pool_wake (self);
  if (ph_pool_item_conclude (item, &error))
    g_task_return_pointer (task, ph_delivery_ref (item->delivery), (GDestroyNotify) ph_delivery_unref);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

/* Only where it waits; on its way the session hears of it by itself. */
static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;
  PhTransportPool *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!g_queue_remove (&self->queue, task))
    return G_SOURCE_REMOVE;
  g_cancellable_set_error_if_cancelled (cancellable, &error);
  ph_pool_item_give_up (ph_pool_task_item (task), error);
  ph_pool_task_end (self, task);
  return G_SOURCE_REMOVE;
}

GTask *
ph_pool_task_new (PhTransportPool *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PhPoolJob *job = g_new0 (PhPoolJob, 1);

  /* its delivery may tell of some who got it before */
  g_task_set_check_cancellable (task, FALSE);
  job->item = ph_pool_item_new (envelope, body, cancellable);
  g_task_set_task_data (task, job, job_free);
  if (cancellable != NULL)
    {
      job->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (job->cancelled, (GSourceFunc) (void (*) (void)) on_cancelled, task, NULL);
      g_source_attach (job->cancelled, self->context);
    }
  return task;
}

/* --- a session --- */

PhTransport *
ph_pool_new_transport (PhTransportPool *self, GError **error)
{
  PhSession *session = ph_session_new (self->uri, error);

  if (session != NULL)
    g_signal_emit_by_name (self, "new-session", session);
  return (PhTransport *) session;
}

static void
stop_idling (PhPoolWorker *worker)
{
  if (worker->idle == NULL)
    return;
  g_source_destroy (worker->idle);
  g_clear_pointer (&worker->idle, g_source_unref);
}

void
ph_pool_worker_free (gpointer data)
{
  PhPoolWorker *worker = data;

  stop_idling (worker);
  g_signal_handlers_disconnect_by_data (worker->transport, worker);
  g_object_unref (worker->transport);
  g_free (worker);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  PhPoolWorker *worker = data;
  g_autoptr (PhTransportPool) self = worker->pool;

  ph_session_close_finish (PH_SESSION (source), result, NULL);
  g_ptr_array_remove_fast (self->workers, worker);
  ph_pool_wake (self);
}

void
ph_pool_close_worker (PhPoolWorker *worker)
{
  stop_idling (worker);
  worker->closing = TRUE;
  g_object_ref (worker->pool);
  ph_session_close_async (PH_SESSION (worker->transport), NULL, on_closed, worker);
}

static gboolean
on_idle (gpointer data)
{
  ph_pool_close_worker (data);
  return G_SOURCE_REMOVE;
}

static void
start_idling (PhPoolWorker *worker)
{
  if (worker->pool->idle_timeout == 0 || worker->closing)
    return;
  worker->idle = g_timeout_source_new_seconds (worker->pool->idle_timeout);
  g_source_set_callback (worker->idle, on_idle, worker, NULL);
  g_source_attach (worker->idle, worker->pool->context);
}

/* The connection went. Where the server never decided on anything over it, that counts against the server. */
static void
drop_worker (PhTransportPool *self, PhPoolWorker *worker, const GError *error)
{
  gboolean had_verdict = worker->had_verdict;

  g_ptr_array_remove_fast (self->workers, worker);
  if (!had_verdict && error != NULL)
    ph_pool_failed (self, error, TRUE);
  ph_pool_wake (self);
}

/* Behind the messages' own ends, or when nothing was on its way. */
static void
on_lost (PhSession *session G_GNUC_UNUSED, const GError *error, gpointer data)
{
  PhPoolWorker *worker = data;
  g_autoptr (PhTransportPool) self = NULL;

  if (!worker->is_open || worker->closing)
    return;
  self = g_object_ref (worker->pool);
  worker->is_open = FALSE;
  if (worker->n_running == 0)
    drop_worker (self, worker, error);
}

static void
on_open (GObject *source, GAsyncResult *result, gpointer data)
{
  PhPoolWorker *worker = data;
  g_autoptr (PhTransportPool) self = worker->pool;
  g_autoptr (GError) error = NULL;

  worker->is_open = ph_session_open_finish (PH_SESSION (source), result, &error);
  if (worker->is_open)
    {
      start_idling (worker);
      ph_pool_wake (self);
      return;
    }
  g_ptr_array_remove_fast (self->workers, worker);
  ph_pool_failed (self, error, ph_pool_is_passing (error));
}

void
ph_pool_open_worker (PhTransportPool *self)
{
  g_autoptr (GError) error = NULL;
  PhTransport *transport = ph_pool_new_transport (self, &error);
  PhPoolWorker *worker;

  if (transport == NULL)
    {
      ph_pool_failed (self, error, FALSE);
      return;
    }
  worker = g_new0 (PhPoolWorker, 1);
  worker->pool = g_object_ref (self);
  worker->transport = transport;
  g_ptr_array_add (self->workers, worker);
  g_signal_connect (transport, "closed", G_CALLBACK (on_lost), worker);
  ph_session_open_async (PH_SESSION (worker->transport), NULL, on_open, worker);
}

static void
release_worker (PhTransportPool *self, PhPoolWorker *worker, const GError *error, gboolean decided)
{
  worker->n_running--;
  worker->exclusive = FALSE;
  worker->had_verdict |= decided;
  if (decided)
    self->n_failures = 0;
  if (worker->n_running > 0)
    return;
  if (worker->is_open)
    start_idling (worker);
  else if (!worker->closing)
    drop_worker (self, worker, error);
}

/* Commands are for one session each, but nobody sees these: the next message has their memory. @command (transfer full). Who else still holds
 * it is an engine that waits for a reply to what was cancelled. */
static void
keep_command (PhPoolWorker *worker, PhCommand *command)
{
  if (worker->is_open && g_atomic_int_get (&G_OBJECT (command)->ref_count) == 1 &&
      ph_transport_renew_send (worker->transport, command, NULL, NULL))
    g_queue_push_tail (&worker->pool->spare, command);
  else
    g_object_unref (command);
}

static PhCommand *
make_command (PhPoolWorker *worker, PhEnvelope *envelope, PhBody *body)
{
  PhCommand *command = g_queue_pop_tail (&worker->pool->spare);

  if (command != NULL && ph_transport_renew_send (worker->transport, command, envelope, body))
    return command;
  g_clear_object (&command);
  command = ph_transport_make_send (worker->transport, envelope, body);
  ph_command_set_unseen (command);
  return command;
}

static void
settle (PhTransportPool *self, GTask *task)
{
  PhPoolJob *job = g_task_get_task_data (task);
  PhCommand *command = g_steal_pointer (&job->command);
  PhPoolWorker *worker = g_steal_pointer (&job->worker);
  const GError *failure = ph_command_get_error (command);
  g_autoptr (GError) error = failure != NULL ? g_error_copy (failure) : NULL;
  PhPoolVerdict verdict = ph_pool_item_settle (job->item, ph_command_peek_result (command), error, self->max_attempts);
  gboolean lost = job->item->lost;

  keep_command (worker, command);
  worker->full |= job->item->limited;
  if (verdict == PH_POOL_DONE)
    ph_pool_task_end (self, task);
  else
    ph_pool_put_back (self, task);
  release_worker (self, worker, error, !lost);
}

void
ph_pool_settle_ended (PhTransportPool *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->ended)) != NULL)
    settle (self, task);
}

/* In the middle of the session's news: the caller hears of it from the pool's source. */
static void
on_done (PhSession *session G_GNUC_UNUSED, PhCommand *command G_GNUC_UNUSED, gpointer data)
{
  PhTransportPool *self = g_task_get_source_object (data);

  g_queue_push_tail (&self->ended, data);
  ph_pool_wake (self);
}

/* @task: (transfer full) */
void
ph_pool_start (PhPoolWorker *worker, GTask *task)
{
  PhPoolJob *job = g_task_get_task_data (task);
  g_autoptr (PhEnvelope) envelope = ph_pool_item_envelope (job->item);
  g_autoptr (GError) error = NULL;

  /* before the session is troubled with it */
  if (!ph_body_open (job->item->body, &error))
    {
      ph_pool_item_give_up (job->item, error);
      ph_pool_task_end (worker->pool, task);
      return;
    }
  stop_idling (worker);
  worker->n_given++;
  worker->n_running++;
  worker->exclusive = job->item->again;
  job->item->alone = job->item->again || worker->pool->in_flight == 1;
  job->worker = worker;
  job->command = make_command (worker, envelope, job->item->body);
  ph_session_start (PH_SESSION (worker->transport), job->command, job->item->cancellable, NULL, on_done, task, NULL);
}
