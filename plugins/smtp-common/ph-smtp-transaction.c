/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the replies make of a transaction: the content leaves, or the recipients left over are asked in another one, or it ends. Of
 * several in flight the replies come in order, so it is always the first that ends.
 *
 * LMTP answers a content once for each recipient that it accepted (RFC 2033 section 4.2).
 */
#include "ph-smtp-send.h"

/* Messages without a refusal after which contents leave again before their recipients are answered */
#define TRUSTED_AGAIN 8

PhSmtpSend *
ph_smtp_send_land (PhSmtpCore *core)
{
  PhSmtpSend *self = core->first;

  if (self == NULL)
    return NULL;
  core->first = g_steal_pointer (&self->next);
  if (core->last == self)
    core->last = NULL;
  core->n_in_flight--;
  return self;
}

gboolean
ph_smtp_send_is_out (PhSmtpCore *core, PhSmtpSend *self)
{
  return self->end_offset > 0 && self->end_offset <= MIN (core->given, core->written);
}

/* The window: it grows by what was accepted, and closes at a refusal. */
static void
note_success (PhSmtpCore *core)
{
  if (core->window > 0)
    core->window = MIN (core->window + 1, PH_SMTP_MAX_WINDOW);
  else if (++core->n_clean >= TRUSTED_AGAIN)
    core->window = 1;
}

static void
note_refusal (PhSmtpCore *core)
{
  core->window = 0;
  core->n_clean = 0;
}

static gboolean
has_more (PhSmtpSend *self)
{
  gboolean split = self->n_taken > 0;

  for (guint i = 0; self->n_later > 0 && i < self->n_part; i++)
    {
      guint index = ph_smtp_send_get_index (self, i);
      if (self->recipients[index] == PH_SMTP_RECIPIENT_LATER)
        ph_smtp_send_set (self, index, split ? PH_SMTP_RECIPIENT_WAITING : PH_SMTP_RECIPIENT_DECIDED);
    }
  return self->n_waiting > 0;
}

/* The transaction is over and the session lives on. @reset: the server still holds something of it. */
static void
finish (PhSmtpCore *core, PhSmtpSend *self, gboolean reset)
{
  g_autoptr (GObject) landed = (GObject *) ph_smtp_send_land (core);

  g_assert (landed == (GObject *) self);
  if (core->writing == self)
    core->writing = NULL;
  /* what was written behind it began with a RSET of its own */
  if (reset && core->first == NULL && core->standing == PH_WANT_READ)
    {
      ph_smtp_core_write (core, PH_SMTP_SLOT_RSET, "RSET", NULL);
      /* RSET may stand anywhere in a group; what came before it is answered */
      core->group_ended = FALSE;
    }
  if (!self->ended && has_more (self))
    g_queue_push_tail (&core->again, g_steal_pointer (&landed));
  else
    ph_smtp_send_conclude (core, self);
}

/* A server that offered BODY or SIZE and then does not know it is asked once more without. */
static gboolean
try_again (PhSmtpCore *core, PhSmtpSend *self)
{
  int code = self->sender_refusal != NULL ? ph_reply_get_code (self->sender_refusal) : 0;
  gboolean not_understood = (code >= 500 && code <= 504) || code == 555;

  if (!self->own_parameters || self->retried || self->ended || !not_understood || code == 503 ||
      (self->content_begun && !ph_body_can_rewind (self->body)))
    return FALSE;
  self->retried = TRUE;
  core->no_parameters = TRUE;
  g_clear_pointer (&self->sender_refusal, ph_reply_unref);
  g_clear_pointer (&self->refusal, ph_reply_unref);
  return TRUE;
}

static void
refuse_sender (PhSmtpCore *core, PhSmtpSend *self, gboolean reset)
{
  gboolean again = try_again (core, self);

  /* what was said of a recipient without a sender says nothing */
  for (guint i = 0; !self->ended && i < self->n_part; i++)
    ph_smtp_send_set (self, ph_smtp_send_get_index (self, i), PH_SMTP_RECIPIENT_WAITING);
  if (!again)
    {
      note_refusal (core);
      if (!self->ended)
        ph_smtp_send_refuse_all (self, PH_DELIVERY_SENDER, self->sender_refusal);
    }
  finish (core, self, reset);
}

/* Every RCPT was answered, and the content was neither begun nor asked for. */
static void
decide (PhSmtpCore *core, PhSmtpSend *self)
{
  gboolean short_of_all = ph_envelope_get_require_all (self->envelope) && self->n_taken < self->n_part;

  if (self->sender_refusal != NULL)
    refuse_sender (core, self, self->n_taken > 0);
  else if (self->ended)
    finish (core, self, TRUE);
  else if (self->n_taken == 0 || short_of_all)
    {
      if (short_of_all)
        ph_smtp_send_refuse_all (self, PH_DELIVERY_RECIPIENT, self->refusal);
      finish (core, self, TRUE);
    }
  else if (self->chunked)
    ph_smtp_content_begin (core, self);
  else
    ph_smtp_send_write_data (core, self);
}

static void
mail_replied (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  if (!ph_reply_is_ok (reply))
    self->sender_refusal = ph_reply_ref (reply);
  if (self->n_asked > 0)
    return;
  if (self->sender_refusal != NULL)
    refuse_sender (core, self, FALSE);
  else if (self->ended)
    finish (core, self, TRUE);
  else
    ph_smtp_send_write_rcpt (core, self);
}

/* RFC 5321 section 4.5.3.1.10: "too many recipients" is 452, and 552 from some; both say other things, too, which a status tells (RFC 3463
 * section 3.6). */
static gboolean
is_one_too_many (PhSmtpSend *self, PhReply *reply)
{
  int code = ph_reply_get_code (reply);
  const char *status = ph_reply_get_enhanced_status (reply);

  if ((code != 452 && code != 552) || self->n_taken == 0 || ph_envelope_get_require_all (self->envelope) ||
      !ph_body_can_rewind (self->body))
    return FALSE;
  return status == NULL || g_str_has_suffix (status, ".5.3");
}

static void
refuse_recipient (PhSmtpCore *core, PhSmtpSend *self, guint index, PhReply *reply)
{
  if (is_one_too_many (self, reply))
    {
      ph_delivery_set (self->delivery, index, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, reply);
      ph_smtp_send_set (self, index, PH_SMTP_RECIPIENT_LATER);
      return;
    }
  note_refusal (core);
  ph_smtp_send_refuse (self, index, PH_DELIVERY_RECIPIENT, reply);
}

static void
recipient_replied (PhSmtpCore *core, PhSmtpSend *self, guint index, PhReply *reply)
{
  self->n_answered++;
  if (ph_reply_is_ok (reply))
    {
      self->n_taken++;
      if (self->recipients[index] == PH_SMTP_RECIPIENT_ASKED)
        ph_smtp_send_set (self, index, PH_SMTP_RECIPIENT_TAKEN);
    }
  else if (self->sender_refusal == NULL && !self->ended)
    refuse_recipient (core, self, index, reply);

  if (self->data_asked || self->content_begun)
    return;
  if (self->ended && !core->features.pipelining)
    finish (core, self, TRUE);
  else if (self->n_answered == self->n_part)
    decide (core, self);
  else if (self->n_asked == self->n_answered)
    ph_smtp_send_write_rcpt (core, self);
}

/* 354, though the message is not to go. A lone dot ends it, but only where nobody would get an empty message. */
static void
abandon_content (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  if (self->n_taken == 0 && !core->flavor->is_lmtp)
    {
      g_string_append (core->out, ".\r\n");
      ph_smtp_core_expect (core, PH_SMTP_SLOT_LONE_DOT, PH_COMMAND (self), 0);
      return;
    }
  GError *error = self->cancelled != NULL ? g_error_copy (self->cancelled) : NULL;
  if (error == NULL && self->sender_refusal == NULL)
    ph_smtp_send_conclude (core, self);
  if (error == NULL)
    error = ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "%s asked for a message that it had refused", core->host);
  ph_smtp_core_fail (core, NULL, error);
}

/* Some servers say 250 where 354 is meant: whatever is not a refusal asks for the content. What then answers it must be a 2xx, so
 * that a reply too many can't pass for a delivery. */
static void
data_replied (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  gboolean go = ph_reply_is_ok (reply);

  if (go && (self->ended || self->sender_refusal != NULL || self->n_taken == 0))
    abandon_content (core, self, reply);
  else if (go)
    ph_smtp_content_begin (core, self);
  else if (self->sender_refusal != NULL)
    refuse_sender (core, self, self->n_taken > 0);
  else
    {
      note_refusal (core);
      if (!self->ended && self->n_taken > 0)
        ph_smtp_send_refuse_all (self, PH_DELIVERY_DATA, reply);
      finish (core, self, TRUE);
    }
}

/* The lone dot was answered, whatever the answer; or RSET, which took the content back. */
static void
nothing_replied (PhSmtpCore *core, PhSmtpSend *self)
{
  if (self->sender_refusal != NULL)
    refuse_sender (core, self, FALSE);
  else
    finish (core, self, FALSE);
}

/* "If a 5XX or 4XX code is received … the transaction should be considered failed" (RFC 3030 section 2). */
static void
chunk_replied (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  if (ph_reply_is_ok (reply) || self->content_refused)
    return;
  self->content_refused = TRUE;
  if (core->writing == self && core->coder != NULL)
    ((PhSmtpCoder *) core->coder)->chunks.stopped = TRUE;
  note_refusal (core);
  if (self->sender_refusal == NULL && self->n_taken > 0 && !self->ended)
    ph_smtp_send_refuse_all (self, PH_DELIVERY_DATA, reply);
}

/* An answer to what is not all out: a refusal, and the rest can't be taken back. */
static void
refused_early (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  ph_smtp_send_refuse_all (self, PH_DELIVERY_DATA, reply);
  ph_smtp_send_conclude (core, self);
  ph_smtp_core_fail (core, reply, ph_smtp_core_refused (core, PH_ERROR_DATA_REFUSED, reply, NULL, "the message was, before its end,"));
}

static void
settle_recipient (PhSmtpSend *self, guint index, PhReply *reply)
{
  if (self->ended)
    ph_smtp_send_set (self, index, PH_SMTP_RECIPIENT_DECIDED);
  else if (ph_reply_is_ok (reply))
    ph_smtp_send_accept (self, index, reply);
  else
    ph_smtp_send_refuse (self, index, PH_DELIVERY_DATA, reply);
}

/* SMTP: of all that were accepted, LMTP: of the first without an answer. */
static void
settle_content (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply)
{
  gboolean more = TRUE;

  for (guint i = self->n_contents; more && i < self->n_part; i++)
    {
      guint index = ph_smtp_send_get_index (self, i);
      if (self->recipients[index] != PH_SMTP_RECIPIENT_TAKEN)
        continue;
      settle_recipient (self, index, reply);
      self->n_contents = i + 1;
      more = !core->flavor->is_lmtp;
    }
}

/* Another of LMTP's replies is to come */
static gboolean
awaits_more (PhSmtpCore *core, PhSmtpSend *self)
{
  for (guint i = self->n_contents; core->flavor->is_lmtp && i < self->n_part; i++)
    if (self->recipients[ph_smtp_send_get_index (self, i)] == PH_SMTP_RECIPIENT_TAKEN)
      return TRUE;
  return FALSE;
}

static void
content_replied (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply)
{
  gboolean ok = ph_reply_is_ok (reply);

  if (!ph_smtp_send_is_out (core, self))
    {
      if (ok)
        ph_smtp_core_unexpected (core, reply, "a message that has not ended");
      else
        refused_early (core, self, reply);
      return;
    }
  if (ok && !self->content_refused && (self->n_taken == 0 || self->sender_refusal != NULL))
    {
      /* it took what nobody was to get: replies and commands may no longer match */
      ph_smtp_core_unexpected (core, reply, "a message without recipients");
      return;
    }
  settle_content (core, self, reply);
  self->content_taken |= ok;
  if (!ok)
    note_refusal (core);
  if (awaits_more (core, self))
    {
      PhSmtpSlot *again = ph_smtp_ring_push_front (&core->slots, sizeof (PhSmtpSlot));
      *again = *slot;
      return;
    }
  core->n_uncertain--;
  core->uncertain_octets -= (guint64) MAX (self->size, 0);
  if (ok)
    note_success (core);
  /* the content's end has used the transaction up, whatever the answer (RFC 5321 section 4.1.1.4), but not a BDAT's */
  if (self->sender_refusal != NULL)
    refuse_sender (core, self, TRUE);
  else
    finish (core, self, self->chunked && !self->content_taken);
}

void
ph_smtp_send_replied (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply)
{
  int class = ph_reply_get_code (reply) / 100;

  /* A 3xx out of place: replies and commands no longer match */
  if (class == 3 && slot->kind != PH_SMTP_SLOT_DATA && slot->kind != PH_SMTP_SLOT_LONE_DOT)
    {
      g_autofree char *what = ph_smtp_slot_describe (core, slot);
      ph_smtp_core_unexpected (core, reply, what);
      return;
    }
  switch (slot->kind)
    {
    case PH_SMTP_SLOT_MAIL:
      mail_replied (core, self, reply);
      break;
    case PH_SMTP_SLOT_RCPT:
      recipient_replied (core, self, slot->index, reply);
      break;
    case PH_SMTP_SLOT_DATA:
      data_replied (core, self, reply);
      break;
    case PH_SMTP_SLOT_CHUNK:
      chunk_replied (core, self, reply);
      break;
    case PH_SMTP_SLOT_CONTENT:
      content_replied (core, self, slot, reply);
      break;
    default:
      nothing_replied (core, self);
    }
}

/* What the server may have of it is unknown, the rest untouched. */
static void
set_unknown (PhSmtpSend *self)
{
  for (guint i = 0; i < self->n_part; i++)
    {
      guint index = ph_smtp_send_get_index (self, i);
      if (self->recipients[index] == PH_SMTP_RECIPIENT_TAKEN || self->recipients[index] == PH_SMTP_RECIPIENT_ASKED)
        ph_delivery_set (self->delivery, index, PH_FATE_UNKNOWN, PH_DELIVERY_PENDING, NULL);
    }
}

void
ph_smtp_send_cancel (PhSmtpCore *core, PhSmtpSend *self, GError *error)
{
  if (self->ended || ph_command_get_state (PH_COMMAND (self)) == PH_COMMAND_DONE)
    {
      g_error_free (error);
      return;
    }
  if (core->standing == PH_WANT_WRITE_BODY && core->writing == self)
    {
      ph_smtp_core_fail (core, NULL, error);
      return;
    }
  self->cancelled = g_error_copy (error);
  if (self->end_offset > 0 && self->sender_refusal == NULL)
    set_unknown (self);
  self->ended = TRUE;
  ph_smtp_core_complete (core, PH_COMMAND (self), NULL, error);
  if (g_queue_remove (&core->again, self))
    g_object_unref (self);
}
