/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The queue of a pool: which message goes to which session, and when. */
#include "ph-transport-pool-private.h"

static PhPoolWorker *
get_worker (PhTransportPool *self, guint index)
{
  return g_ptr_array_index (self->workers, index);
}

static gboolean
can_take (PhTransportPool *self, PhPoolWorker *worker, PhPoolItem *item)
{
  /* a session that was lost would open again by itself, unseen */
  if (!worker->is_open || !ph_session_is_open (PH_SESSION (worker->transport)) || worker->closing || worker->full || worker->exclusive)
    return FALSE;
  if (worker->n_running >= (item->again ? 1 : self->in_flight))
    return FALSE;
  return self->max_messages == 0 || worker->n_given < self->max_messages;
}

/* The one with the least to do; a message that was lost goes alone, lest it take others with it once more. */
static PhPoolWorker *
find_worker (PhTransportPool *self, PhPoolItem *item)
{
  PhPoolWorker *best = NULL;

  for (guint i = 0; i < self->workers->len; i++)
    {
      PhPoolWorker *worker = get_worker (self, i);

      if (can_take (self, worker, item) && (best == NULL || worker->n_running < best->n_running))
        best = worker;
    }
  return best;
}

static guint
count_opening (PhTransportPool *self)
{
  guint n = 0;

  for (guint i = 0; i < self->workers->len; i++)
    n += !get_worker (self, i)->is_open && !get_worker (self, i)->closing;
  return n;
}

static gboolean
is_any_open (PhTransportPool *self)
{
  for (guint i = 0; i < self->workers->len; i++)
    if (get_worker (self, i)->is_open && !get_worker (self, i)->closing)
      return TRUE;
  return FALSE;
}

/* As many more connections as there is work for; when to look again, -1: not by the clock */
static gint64
open_more (PhTransportPool *self, gint64 now)
{
  if (now < self->open_after)
    return self->open_after;
  while (self->workers->len + (self->blocking != NULL) < self->max_connections
         && (guint64) count_opening (self) * self->in_flight < g_queue_get_length (&self->queue))
    ph_pool_open_worker (self);
  return -1;
}

static void
on_idle_close (PhPoolWorker *worker)
{
  if (worker->n_running == 0 && worker->is_open && !worker->closing)
    ph_pool_close_worker (worker);
}

/* Sessions that have had their share, and all once nothing is left to drain */
static void
close_what_is_done (PhTransportPool *self)
{
  gboolean drained = self->n_messages == 0 && !g_queue_is_empty (&self->drains);

  for (guint i = self->workers->len; i-- > 0;)
    {
      PhPoolWorker *worker = get_worker (self, i);

      if (drained || worker->full || (self->max_messages > 0 && worker->n_given >= self->max_messages))
        on_idle_close (worker);
    }
  if (!drained || self->workers->len > 0)
    return;
  for (GTask *task; (task = g_queue_pop_head (&self->drains)) != NULL; g_object_unref (task))
    g_task_return_boolean (task, TRUE);
}

static gint64
hand_out (PhTransportPool *self)
{
  GTask *task;

  while ((task = g_queue_peek_head (&self->queue)) != NULL)
    {
      gint64 now = g_get_monotonic_time ();
      PhPoolWorker *worker = find_worker (self, ph_pool_task_item (task));

      if (worker == NULL)
        return open_more (self, now);
      if (self->rate > 0 && self->next_slot > now)
        return self->next_slot;
      ph_pool_pace (&self->next_slot, now, self->rate);
      g_queue_pop_head (&self->queue);
      ph_pool_start (worker, task);
    }
  return -1;
}

static gboolean
on_source (gpointer data)
{
  g_autoptr (PhTransportPool) self = g_object_ref (data);
  gint64 next;

  g_source_set_ready_time (self->source, -1);
  ph_pool_settle_ended (self);
  next = hand_out (self);
  close_what_is_done (self);
  /* what was woken meanwhile comes first */
  if (self->source != NULL && g_source_get_ready_time (self->source) < 0)
    g_source_set_ready_time (self->source, next);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_source (GSource *source G_GNUC_UNUSED, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = dispatch_source };

void
ph_pool_attach (PhTransportPool *self)
{
  if (self->source != NULL)
    return;
  self->context = g_main_context_ref_thread_default ();
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_name (self->source, "PhTransportPool");
  /* a caller who is told of an end may run a main loop */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_callback (self->source, on_source, self, NULL);
  g_source_attach (self->source, self->context);
}

void
ph_pool_wake (PhTransportPool *self)
{
  if (self->source != NULL)
    g_source_set_ready_time (self->source, 0);
}

/* Where another session only has to take it, back to its place; else behind the others: if it is what ends connections, they come
 * first. */
void
ph_pool_put_back (PhTransportPool *self, GTask *task)
{
  PhPoolItem *item = ph_pool_task_item (task);
  GList *behind = item->limited ? self->queue.head : NULL;

  while (behind != NULL && ph_pool_task_item (behind->data)->serial < item->serial)
    behind = behind->next;
  g_queue_insert_before (&self->queue, behind, task);
  ph_pool_wake (self);
}

/* Nothing more is to be expected of the server for now. */
static void
give_up (PhTransportPool *self, const GError *error)
{
  GQueue given_up = self->queue;

  g_queue_init (&self->queue);
  self->n_failures = 0;
  for (GTask *task; (task = g_queue_pop_head (&given_up)) != NULL;)
    {
      ph_pool_item_give_up (ph_pool_task_item (task), error);
      ph_pool_task_end (self, task);
    }
}

/* A connection brought nothing. Wrong passwords and certificates are not tried again: the server would count that against us. */
void
ph_pool_failed (PhTransportPool *self, const GError *error, gboolean passing)
{
  self->n_failures++;
  self->open_after = g_get_monotonic_time () + ph_pool_back_off ((gint64) self->back_off * 1000, self->n_failures);
  if (!is_any_open (self) && (!passing || self->n_failures >= self->max_attempts))
    give_up (self, error);
  ph_pool_wake (self);
}
