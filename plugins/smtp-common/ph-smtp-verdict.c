/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each recipient's fate, and the one error that it comes to where nobody got the message. */
#include "ph-smtp-send.h"

static void
decide (PhSmtpSend *self, guint index, PhDeliveryFate fate, PhDeliveryPhase phase, PhReply *reply)
{
  ph_smtp_send_set (self, index, PH_SMTP_RECIPIENT_DECIDED);
  ph_delivery_set (self->delivery, index, fate, phase, reply);
}

void
ph_smtp_send_refuse (PhSmtpSend *self, guint index, PhDeliveryPhase phase, PhReply *reply)
{
  decide (self, index, PH_FATE_REFUSED, phase, reply);
  if (self->refusal == NULL && reply != NULL)
    {
      self->refusal = ph_reply_ref (reply);
      self->refused_index = index;
    }
}

void
ph_smtp_send_refuse_all (PhSmtpSend *self, PhDeliveryPhase phase, PhReply *reply)
{
  for (guint i = 0; i < self->n_recipients; i++)
    if (self->recipients[i] != PH_SMTP_RECIPIENT_DECIDED)
      ph_smtp_send_refuse (self, i, phase, reply);
}

void
ph_smtp_send_accept (PhSmtpSend *self, guint index, PhReply *reply)
{
  decide (self, index, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, reply);
  ph_reply_ref (reply);
  g_clear_pointer (&self->acceptance, ph_reply_unref);
  self->acceptance = reply;
}

/* Of a refusal at RCPT: the first one's sentence, and how many more there were. */
static GError *
recipients_error (PhSmtpCore *core, PhSmtpSend *self)
{
  const char *address = ph_delivery_get_address (self->delivery, self->refused_index);
  g_autofree char *said = ph_smtp_reply_sentence (self->refusal);
  g_autofree char *more = NULL;
  guint n_refused = 0;

  for (guint i = 0; i < self->n_recipients; i++)
    {
      PhReply *reply = ph_delivery_get_reply (self->delivery, i);
      n_refused += reply != NULL && !ph_reply_is_ok (reply);
    }
  if (ph_envelope_get_require_all (self->envelope))
    more = g_strdup (self->n_recipients > 1 ? " (and the message was to go to all or none)" : "");
  else if (n_refused > 1)
    more = g_strdup_printf (" (and %u more refused)", n_refused - 1);
  return ph_error_new (PH_ERROR_RECIPIENTS_REFUSED, self->refusal, self->delivery, "RCPT TO:<%s> refused by %s: %s%s", address, core->host,
                       said, more != NULL ? more : "");
}

static GError *
make_error (PhSmtpCore *core, PhSmtpSend *self)
{
  if (self->sender_refusal != NULL)
    {
      g_autofree char *what = g_strdup_printf ("MAIL FROM:<%s>", ph_envelope_get_sender (self->envelope));
      return ph_smtp_core_refused (core, PH_ERROR_SENDER_REFUSED, self->sender_refusal, self->delivery, what);
    }
  for (guint i = 0; i < self->n_recipients; i++)
    if (ph_delivery_get_phase (self->delivery, i) == PH_DELIVERY_DATA)
      return ph_smtp_core_refused (core, PH_ERROR_DATA_REFUSED, ph_delivery_get_reply (self->delivery, i), self->delivery, "the message was");
  return recipients_error (core, self);
}

static void
end (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply, GError *error)
{
  self->ended = TRUE;
  ph_smtp_core_complete (core, PH_COMMAND (self), reply, error);
}

void
ph_smtp_send_conclude (PhSmtpCore *core, PhSmtpSend *self)
{
  if (self->ended)
    return;
  if (self->acceptance != NULL)
    {
      end (core, self, self->acceptance, NULL);
      return;
    }
  GError *error = make_error (core, self);
  end (core, self, ph_error_get_reply (error), error);
}

void
ph_smtp_send_fail (PhSmtpCore *core, PhSmtpSend *self, GError *error)
{
  g_autoptr (GError) cause = error;

  for (guint i = 0; i < self->n_recipients; i++)
    if (self->recipients[i] != PH_SMTP_RECIPIENT_DECIDED)
      decide (self, i, PH_FATE_REFUSED, PH_DELIVERY_DATA, NULL);
  end (core, self, NULL, ph_error_new (cause->code, NULL, self->delivery, "%s", cause->message));
}

/* Of those that RCPT accepted and nothing answered since: all, or LMTP's first */
static void
refuse_taken (PhSmtpSend *self, gboolean only_first, PhReply *reply)
{
  for (guint i = 0; i < self->n_recipients && self->sender_refusal == NULL; i++)
    {
      if (self->recipients[i] != PH_SMTP_RECIPIENT_TAKEN)
        continue;
      ph_smtp_send_refuse (self, i, PH_DELIVERY_DATA, reply);
      if (only_first)
        return;
    }
}

void
ph_smtp_send_shut_down (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply)
{
  if (self->ended)
    return;
  switch (slot->kind)
    {
    case PH_SMTP_SLOT_MAIL:
      ph_smtp_send_refuse_all (self, PH_DELIVERY_SENDER, reply);
      break;
    case PH_SMTP_SLOT_RCPT:
      if (self->sender_refusal == NULL)
        ph_smtp_send_refuse (self, slot->index, PH_DELIVERY_RECIPIENT, reply);
      break;
    case PH_SMTP_SLOT_CHUNK:
    case PH_SMTP_SLOT_CONTENT:
    case PH_SMTP_SLOT_DATA:
      refuse_taken (self, core->flavor->is_lmtp && slot->kind == PH_SMTP_SLOT_CONTENT, reply);
      break;
    default:
      break;
    }
}

/* Rows that no reply decided: unknown where the content's end was out and no reply to RCPT refused. */
static gboolean
settle (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  gboolean is_out = ph_smtp_send_is_out (core, self);
  gboolean unknown = FALSE;

  if (self->sender_refusal != NULL)
    ph_smtp_send_refuse_all (self, PH_DELIVERY_SENDER, self->sender_refusal);
  for (guint i = 0; i < self->n_recipients; i++)
    {
      PhSmtpRecipient state = self->recipients[i];
      gboolean maybe = is_out && (state == PH_SMTP_RECIPIENT_TAKEN || state == PH_SMTP_RECIPIENT_ASKED);
      /* what was put off has a row that says why */
      if (state != PH_SMTP_RECIPIENT_DECIDED && state != PH_SMTP_RECIPIENT_LATER)
        decide (self, i, maybe ? PH_FATE_UNKNOWN : PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, reply);
      unknown |= maybe;
    }
  return unknown;
}

void
ph_smtp_send_lost (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply, const GError *error)
{
  if (self->ended)
    return;
  /* only a reply that says that the session ends decides anything for those that it did not answer */
  PhReply *last = reply != NULL && !ph_reply_is_ok (reply) ? reply : NULL;
  gboolean unknown = settle (core, self, last);
  if (self->acceptance != NULL)
    end (core, self, self->acceptance, NULL);
  else if (unknown)
    end (core, self, last, ph_error_new (PH_ERROR_DELIVERY_UNKNOWN, last, self->delivery, "the message may have been delivered or not: %s",
                                         error->message));
  else if (self->sender_refusal != NULL)
    end (core, self, self->sender_refusal, make_error (core, self));
  else if (error->domain == PH_ERROR)
    end (core, self, last, ph_error_new (error->code, last, self->delivery, "%s", error->message));
  else
    end (core, self, last, g_error_copy (error));
}
