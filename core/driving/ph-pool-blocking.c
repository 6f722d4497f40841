/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool without a main loop: one session, and the same rules. And waiting for the rest. */
#include "ph-transport-pool-private.h"

#include "values/ph-body-private.h"

/* FALSE where it was cancelled */
static gboolean
wait_until (gint64 time, GCancellable *cancellable, GError **error)
{
  gint64 left;

  while ((left = time - g_get_monotonic_time ()) > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      GPollFD fd;
      gboolean has_fd = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fd);

      g_poll (&fd, has_fd, (int) MIN ((left + 999) / 1000, G_MAXINT32));
      if (has_fd)
        g_cancellable_release_fd (cancellable);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
find_session (PhTransportPool *self, GCancellable *cancellable, GError **error)
{
  if (self->blocking == NULL)
    {
      if (self->workers->len >= self->max_connections)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "Every connection of the pool is taken by asynchronous calls");
          return FALSE;
        }
      self->blocking = ph_pool_new_transport (self, error);
    }
  if (self->blocking != NULL && self->max_messages > 0 && self->n_blocking >= self->max_messages)
    {
      ph_session_close (PH_SESSION (self->blocking), cancellable, NULL);
      self->n_blocking = 0;
    }
  return self->blocking != NULL;
}

/* FALSE: it was not the message's fault, and waiting doesn't help (any more) */
static gboolean
open_session (PhTransportPool *self, GCancellable *cancellable, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) cause = NULL;

      if (!wait_until (self->open_after, cancellable, error))
        return FALSE;
      if (ph_session_is_open (PH_SESSION (self->blocking)))
        return TRUE;
      self->n_blocking = 0;
      if (ph_session_open (PH_SESSION (self->blocking), cancellable, &cause))
        return TRUE;
      self->n_failures++;
      self->open_after = g_get_monotonic_time () + ph_pool_back_off ((gint64) self->back_off * 1000, self->n_failures);
      if (!ph_pool_is_passing (cause) || self->n_failures >= self->max_attempts)
        {
          self->n_failures = 0;
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
    }
}

static PhPoolVerdict
try_once (PhTransportPool *self, PhPoolItem *item)
{
  g_autoptr (PhEnvelope) envelope = ph_pool_item_envelope (item);
  g_autoptr (PhCommand) command = NULL;
  g_autoptr (GError) error = NULL;
  PhPoolVerdict verdict;

  item->alone = TRUE;
  self->n_blocking++;
  command = ph_transport_make_send (self->blocking, envelope, item->body);
  ph_session_run (PH_SESSION (self->blocking), command, item->cancellable, &error);
  verdict = ph_pool_item_settle (item, ph_command_peek_result (command), error, self->max_attempts);
  self->n_failures = item->lost ? self->n_failures + 1 : 0;
  if (item->limited)
    ph_session_close (PH_SESSION (self->blocking), item->cancellable, NULL);
  if (item->lost && verdict == PH_POOL_AGAIN)
    self->open_after = g_get_monotonic_time () + ph_pool_back_off ((gint64) self->back_off * 1000, self->n_failures);
  return verdict;
}

static gboolean
send_item (PhTransportPool *self, PhPoolItem *item, GError **error)
{
  PhPoolVerdict verdict;

  if (!ph_body_open (item->body, error))
    return FALSE;
  do
    {
      GError *cause = NULL;

      if (!wait_until (ph_pool_pace (&self->next_slot, g_get_monotonic_time (), self->rate), item->cancellable, &cause)
          || !find_session (self, item->cancellable, &cause) || !open_session (self, item->cancellable, &cause))
        {
          ph_pool_item_give_up (item, cause);
          g_error_free (cause);
          break;
        }
      verdict = try_once (self, item);
    }
  while (verdict == PH_POOL_AGAIN);
  return ph_pool_item_conclude (item, error);
}

/**
 * ph_transport_pool_send:
 * @self: a pool
 * @envelope: from whom, to whom
 * @body: the message
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Sends a message and waits for it, trying again as the asynchronous call does. One session serves all blocking calls; where
 * asynchronous ones have all the connections, %G_IO_ERROR_PENDING.
 *
 * Returns: (transfer full): one row per recipient, as of [method@Transport.send]; %NULL where nobody accepted the message
 */
PhDelivery *
ph_transport_pool_send (PhTransportPool *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable, GError **error)
{
  PhPoolItem *item;
  PhDelivery *delivery = NULL;

  g_return_val_if_fail (PH_IS_TRANSPORT_POOL (self), NULL);
  g_return_val_if_fail (envelope != NULL, NULL);
  g_return_val_if_fail (PH_IS_BODY (body), NULL);

  item = ph_pool_item_new (envelope, body, cancellable);
  if (send_item (self, item, error))
    delivery = ph_delivery_ref (item->delivery);
  ph_pool_item_free (item);
  return delivery;
}

static void
on_drained (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/**
 * ph_transport_pool_drain:
 * @self: a pool
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Waits until every message has ended, then closes the sessions. Meanwhile it runs the main context in which the messages were
 * handed in, so their callbacks are called; it's for programs that have no main loop of their own.
 *
 * Returns: %FALSE where the waiting was cancelled; the messages go on then
 */
gboolean
ph_transport_pool_drain (PhTransportPool *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PhTransport) blocking = NULL;

  g_return_val_if_fail (PH_IS_TRANSPORT_POOL (self), FALSE);

  blocking = g_steal_pointer (&self->blocking);
  if (blocking != NULL)
    ph_session_close (PH_SESSION (blocking), cancellable, NULL);
  ph_transport_pool_drain_async (self, cancellable, on_drained, &result);
  while (result == NULL)
    g_main_context_iteration (self->context, TRUE);
  return ph_transport_pool_drain_finish (self, result, error);
}
