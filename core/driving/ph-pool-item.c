/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who sends what again.
 *
 * A row may be sent once more where no server has taken the message for it nor could have: its connection went before the
 * content's end was out, or the server closed the session with a negative reply (a 4yz reply to the content leaves the message with the
 * client, RFC 5321 section 4.2.5), or the session had no room left for it, which another has. All else is the caller's: a refusal is the server's word, and where the content's end was out
 * and no reply came, a second copy might arrive.
 */
#include "ph-pool-item.h"

#include "values/ph-body-private.h"

#define LONGEST_WAIT (60 * G_USEC_PER_SEC)

PhPoolItem *
ph_pool_item_new (PhEnvelope *envelope, PhBody *body, GCancellable *cancellable)
{
  PhPoolItem *self = g_new0 (PhPoolItem, 1);

  self->envelope = ph_envelope_ref (envelope);
  self->body = g_object_ref (body);
  g_set_object (&self->cancellable, cancellable);
  self->delivery = ph_delivery_new (envelope);
  self->left = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < ph_delivery_get_n_recipients (self->delivery); i++)
    g_array_append_val (self->left, i);
  return self;
}

void
ph_pool_item_free (PhPoolItem *self)
{
  ph_envelope_unref (self->envelope);
  g_object_unref (self->body);
  g_clear_object (&self->cancellable);
  ph_delivery_unref (self->delivery);
  g_array_unref (self->left);
  g_clear_error (&self->error);
  g_free (self);
}

PhEnvelope *
ph_pool_item_envelope (PhPoolItem *self)
{
  if (self->left->len == ph_envelope_get_n_recipients (self->envelope))
    return ph_envelope_ref (self->envelope);
  return ph_envelope_select (self->envelope, (const guint *) (gpointer) self->left->data, self->left->len);
}

/* The connection's end, not the message's */
static gboolean
is_loss (PhPoolItem *self, const GError *error)
{
  if (error == NULL)
    return FALSE;
  /* what another message of the same connection has met takes the connection, too */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return !g_cancellable_is_cancelled (self->cancellable);
  if (g_error_matches (error, PH_ERROR, PH_ERROR_BODY))
    return !self->alone;
  return g_error_matches (error, PH_ERROR, PH_ERROR_CLOSED) || g_error_matches (error, PH_ERROR, PH_ERROR_TIMED_OUT)
         || g_error_matches (error, PH_ERROR, PH_ERROR_SHUTTING_DOWN) || g_error_matches (error, PH_ERROR, PH_ERROR_PROTOCOL)
         || g_error_matches (error, PH_ERROR, PH_ERROR_DELIVERY_UNKNOWN);
}

static gboolean
is_safe (PhDelivery *delivery, guint row, gboolean lost)
{
  PhDeliveryPhase phase = ph_delivery_get_phase (delivery, row);
  PhReply *reply = ph_delivery_get_reply (delivery, row);

  if (ph_delivery_get_fate (delivery, row) != PH_FATE_REFUSED)
    return FALSE;
  if (reply != NULL && ph_reply_get_status (reply) == PH_STATUS_BYE)
    return TRUE;
  return (lost && phase == PH_DELIVERY_PENDING) || phase == PH_DELIVERY_CONNECTION || phase == PH_DELIVERY_LIMIT;
}

static gboolean
was_limited (PhDelivery *delivery)
{
  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    if (ph_delivery_get_phase (delivery, i) == PH_DELIVERY_LIMIT)
      return TRUE;
  return FALSE;
}

static gboolean
was_heard (PhDelivery *delivery)
{
  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    if (ph_delivery_get_phase (delivery, i) != PH_DELIVERY_PENDING)
      return TRUE;
  return FALSE;
}

/* Takes the rows over; those that are safe to send again stay in @left. */
static void
merge (PhPoolItem *self, PhDelivery *delivery, gboolean lost)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->left->len; i++)
    {
      guint row = g_array_index (self->left, guint, i);

      ph_delivery_set (self->delivery, row, ph_delivery_get_fate (delivery, i), ph_delivery_get_phase (delivery, i),
                       ph_delivery_get_reply (delivery, i));
      if (is_safe (delivery, i, lost))
        g_array_append_val (left, row);
    }
  g_array_unref (self->left);
  self->left = g_steal_pointer (&left);
}

PhPoolVerdict
ph_pool_item_settle (PhPoolItem *self, PhDelivery *delivery, const GError *error, guint max_tries)
{
  guint n_before = self->left->len;
  gboolean lost = is_loss (self, error);
  gboolean heard = delivery != NULL && was_heard (delivery);

  self->lost = lost;
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  /* a session takes one message at least, so that this ends */
  self->limited = !lost && delivery != NULL && was_limited (delivery);
  if (!self->limited)
    self->n_tries += heard || self->alone;
  if (delivery != NULL)
    merge (self, delivery, lost);
  else if (!lost)
    g_array_set_size (self->left, 0);
  if (self->left->len == 0 || self->n_tries >= max_tries || g_cancellable_is_cancelled (self->cancellable))
    return PH_POOL_DONE;
  /* all or none: a part of them is none */
  if (ph_envelope_get_require_all (self->envelope) && self->left->len < n_before)
    return PH_POOL_DONE;
  if (!ph_body_rewind (self->body))
    return PH_POOL_DONE;
  self->again |= !self->limited;
  return PH_POOL_AGAIN;
}

void
ph_pool_item_give_up (PhPoolItem *self, const GError *error)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

gboolean
ph_pool_item_conclude (PhPoolItem *self, GError **error)
{
  PhReply *reply = self->error != NULL ? ph_error_get_reply (self->error) : NULL;

  if (ph_delivery_get_n_accepted (self->delivery) > 0)
    return TRUE;
  if (self->error != NULL && self->error->domain != PH_ERROR)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  for (guint i = 0; i < ph_delivery_get_n_recipients (self->delivery); i++)
    if (ph_delivery_get_fate (self->delivery, i) == PH_FATE_UNKNOWN)
      {
        g_propagate_error (error, ph_error_new (PH_ERROR_DELIVERY_UNKNOWN, reply, self->delivery, "%s",
                                                self->error != NULL ? self->error->message : "the message may have been delivered or not"));
        return FALSE;
      }
  if (self->error != NULL)
    g_propagate_error (error, ph_error_new (self->error->code, reply, self->delivery, "%s", self->error->message));
  else
    g_propagate_error (error, ph_error_new (PH_ERROR_FAILED, NULL, self->delivery, "nobody accepted the message"));
  return FALSE;
}

gboolean
ph_pool_is_passing (const GError *error)
{
  PhReply *reply = ph_error_get_reply (error);

  if (error->domain != PH_ERROR)
    return FALSE;
  switch ((PhError) error->code)
    {
    case PH_ERROR_HOST_NOT_FOUND:
    case PH_ERROR_CONNECT:
    case PH_ERROR_CLOSED:
    case PH_ERROR_TIMED_OUT:
    case PH_ERROR_SHUTTING_DOWN:
    case PH_ERROR_THROTTLED:
      return TRUE;
    case PH_ERROR_GREETING:
    case PH_ERROR_HELLO:
    case PH_ERROR_TLS_REQUIRED: /* 454: not for now */
    case PH_ERROR_AUTHENTICATION:
      return reply != NULL && ph_reply_is_temporary (reply);
    default:
      return FALSE;
    }
}

gint64
ph_pool_back_off (gint64 first, guint n_failures)
{
  gint64 wait = first;

  for (guint i = 1; i < n_failures && wait < LONGEST_WAIT; i++)
    wait *= 2;
  return MIN (wait, MAX (first, LONGEST_WAIT));
}

gint64
ph_pool_pace (gint64 *next, gint64 now, double rate)
{
  gint64 slot = MAX (*next, now);

  if (rate <= 0)
    return now;
  *next = slot + (gint64) (G_USEC_PER_SEC / rate);
  return slot;
}
