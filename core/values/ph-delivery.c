/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhDelivery: what became of a message, recipient by recipient. */
#include <posthorn/posthorn-plugin.h>

/**
 * PhDelivery:
 *
 * What became of a message, one row per recipient in the envelope's order. A partial refusal is a
 * result and not an error: look at each row.
 *
 * Engines fill it while they send; once the command is done it doesn't change any more.
 */
typedef struct {
  PhReply *reply;
  PhDeliveryFate fate;
  PhDeliveryPhase phase;
} Row;

struct _PhDelivery {
  gatomicrefcount refs;
  guint n_rows;
  PhEnvelope *envelope; /* has the addresses */
  Row rows[];
};

G_DEFINE_BOXED_TYPE (PhDelivery, ph_delivery, ph_delivery_ref, ph_delivery_unref)

static const Row no_row = { NULL, PH_FATE_REFUSED, PH_DELIVERY_PENDING };

static const Row *
get_row (PhDelivery *self, guint index)
{
  return index < self->n_rows ? &self->rows[index] : &no_row;
}

/**
 * ph_delivery_new:
 * @envelope: whose recipients the rows are for; referenced
 *
 * For engines: a delivery of which nothing was heard, every recipient %PH_FATE_REFUSED and
 * %PH_DELIVERY_PENDING.
 *
 * Returns: (transfer full): a new delivery
 */
PhDelivery *
ph_delivery_new (PhEnvelope *envelope)
{
  PhDelivery *self;
  guint n_rows;

  g_return_val_if_fail (envelope != NULL, NULL);

  n_rows = ph_envelope_get_n_recipients (envelope);
  self = g_malloc0 (sizeof (PhDelivery) + n_rows * sizeof (Row));
  g_atomic_ref_count_init (&self->refs);
  self->n_rows = n_rows;
  self->envelope = ph_envelope_ref (envelope);
  return self;
}

/**
 * ph_delivery_renew: (skip)
 * @self: (transfer full): a delivery
 * @envelope: whose recipients the rows are for; referenced
 *
 * For engines: ph_delivery_new() with the memory of @self, where nobody else holds it and it has as many rows.
 *
 * Returns: (transfer full): a new delivery
 */
PhDelivery *
ph_delivery_renew (PhDelivery *self, PhEnvelope *envelope)
{
  g_return_val_if_fail (self != NULL && envelope != NULL, NULL);

  if (!g_atomic_ref_count_compare (&self->refs, 1) || self->n_rows != ph_envelope_get_n_recipients (envelope))
    {
      ph_delivery_unref (self);
      return ph_delivery_new (envelope);
    }
  for (guint i = 0; i < self->n_rows; i++)
    {
      g_clear_pointer (&self->rows[i].reply, ph_reply_unref);
      self->rows[i] = no_row;
    }
  ph_envelope_ref (envelope);
  ph_envelope_unref (self->envelope);
  self->envelope = envelope;
  return self;
}

/**
 * ph_delivery_ref:
 * @self: a delivery
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhDelivery *
ph_delivery_ref (PhDelivery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_delivery_unref:
 * @self: (transfer full): a delivery
 *
 * Drops a reference; any thread may.
 */
void
ph_delivery_unref (PhDelivery *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < self->n_rows; i++)
    g_clear_pointer (&self->rows[i].reply, ph_reply_unref);
  ph_envelope_unref (self->envelope);
  g_free (self);
}

/**
 * ph_delivery_get_n_recipients:
 * @self: a delivery
 *
 * Returns: how many rows there are: as many as the envelope had recipients
 */
guint
ph_delivery_get_n_recipients (PhDelivery *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_rows;
}

/**
 * ph_delivery_get_n_accepted:
 * @self: a delivery
 *
 * Returns: for how many recipients the server has taken responsibility
 */
guint
ph_delivery_get_n_accepted (PhDelivery *self)
{
  guint n_accepted = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->n_rows; i++)
    n_accepted += self->rows[i].fate == PH_FATE_ACCEPTED;
  return n_accepted;
}

/**
 * ph_delivery_get_address:
 * @self: a delivery
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): the recipient's address as the envelope had it, %NULL behind
 *   the last
 */
const char *
ph_delivery_get_address (PhDelivery *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  return index < self->n_rows ? ph_envelope_get_recipient (self->envelope, index) : NULL;
}

/**
 * ph_delivery_is_accepted:
 * @self: a delivery
 * @index: from 0
 *
 * Returns: %TRUE where the server has taken responsibility for this recipient
 */
gboolean
ph_delivery_is_accepted (PhDelivery *self, guint index)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return get_row (self, index)->fate == PH_FATE_ACCEPTED;
}

/**
 * ph_delivery_get_fate:
 * @self: a delivery
 * @index: from 0
 *
 * Returns: what became of this recipient; %PH_FATE_REFUSED behind the last
 */
PhDeliveryFate
ph_delivery_get_fate (PhDelivery *self, guint index)
{
  g_return_val_if_fail (self != NULL, PH_FATE_REFUSED);

  return get_row (self, index)->fate;
}

/**
 * ph_delivery_get_phase:
 * @self: a delivery
 * @index: from 0
 *
 * Returns: where this recipient's fate was decided; %PH_DELIVERY_PENDING where nothing was heard of it
 */
PhDeliveryPhase
ph_delivery_get_phase (PhDelivery *self, guint index)
{
  g_return_val_if_fail (self != NULL, PH_DELIVERY_PENDING);

  return get_row (self, index)->phase;
}

/**
 * ph_delivery_get_reply:
 * @self: a delivery
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): the reply that decided, %NULL where none came
 */
PhReply *
ph_delivery_get_reply (PhDelivery *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_row (self, index)->reply;
}

/**
 * ph_delivery_set:
 * @self: a delivery
 * @index: which recipient, from 0
 * @fate: what became of it
 * @phase: where that was decided
 * @reply: (nullable): the reply that decided; referenced
 *
 * For engines: what was heard of one recipient. A later call replaces an earlier one.
 */
void
ph_delivery_set (PhDelivery *self, guint index, PhDeliveryFate fate, PhDeliveryPhase phase, PhReply *reply)
{
  Row *row;

  g_return_if_fail (self != NULL);
  g_return_if_fail (index < self->n_rows);

  row = &self->rows[index];
  row->fate = fate;
  row->phase = phase;
  if (reply != NULL)
    ph_reply_ref (reply);
  g_clear_pointer (&row->reply, ph_reply_unref);
  row->reply = reply;
}
