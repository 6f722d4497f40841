/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mail transaction, RFC 5321 sections 3.3 and 4.1.1.2 to 4.1.1.5:
 *
 *   mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
 *   rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters] CRLF
 *   data = "DATA" CRLF
 *   rset = "RSET" CRLF
 *
 * with SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), PIPELINING (RFC 2920) and LMTP's replies (RFC 2033 section 4.2).
 *
 * DATA goes with MAIL and RCPT where the message is small: then a round trip is saved, and little is lost where all recipients
 * are refused. Larger ones, and those that must go to all or none, wait for the recipients' replies.
 */
#include "ph-smtp-send.h"

#include "ph-smtp-address.h"

#define SMALL (64 * 1024)

PhCommand *
ph_smtp_send_new (const PhSmtpFlavor *flavor, PhEnvelope *envelope, PhBody *body)
{
  PhSmtpSend *self = g_object_new (flavor->get_send_type (), NULL);

  self->envelope = ph_envelope_ref (envelope);
  self->body = g_object_ref (body);
  self->delivery = ph_delivery_new (envelope);
  self->n_recipients = ph_delivery_get_n_recipients (self->delivery);
  self->recipients = g_new0 (guint8, self->n_recipients + 1);
  self->coder = g_object_new (flavor->get_coder_type (), NULL);
  ph_command_set_name (PH_COMMAND (self), "the message");
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_DELIVERY, ph_delivery_ref (self->delivery));
  return PH_COMMAND (self);
}

void
ph_smtp_send_finalize (GObject *object)
{
  PhSmtpSend *self = (PhSmtpSend *) object;

  ph_envelope_unref (self->envelope);
  g_clear_object (&self->body);
  g_clear_pointer (&self->delivery, ph_delivery_unref);
  g_clear_object (&self->coder);
  g_clear_pointer (&self->sender_refusal, ph_reply_unref);
  g_clear_pointer (&self->refusal, ph_reply_unref);
  g_clear_pointer (&self->acceptance, ph_reply_unref);
  g_clear_error (&self->cancelled);
  g_free (self->recipients);
}

char *
ph_smtp_send_describe (PhSmtpSend *self, const PhSmtpSlot *slot)
{
  if (slot->kind == PH_SMTP_SLOT_MAIL)
    return g_strdup_printf ("MAIL FROM:<%s>", ph_envelope_get_sender (self->envelope));
  return g_strdup_printf ("RCPT TO:<%s>", ph_envelope_get_recipient (self->envelope, slot->index));
}

static gboolean
check_parameters (const char *const *parameters, GError **error)
{
  for (; parameters != NULL && *parameters != NULL; parameters++)
    if (!ph_smtp_parameter_check (*parameters, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_address (PhSmtpSend *self, const char *address, PhSmtpAddressForm *highest, GError **error)
{
  PhSmtpAddressForm form;

  if (!ph_smtp_address_check (address, &form, error))
    return FALSE;
  *highest = MAX (*highest, form);
  return TRUE;
}

static gboolean
check_envelope (PhSmtpSend *self, PhSmtpAddressForm *form, GError **error)
{
  PhEnvelope *envelope = self->envelope;

  *form = PH_SMTP_ADDRESS_ASCII;
  if (self->n_recipients == 0 || ph_envelope_get_n_recipients (envelope) != self->n_recipients)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "the envelope has no recipients, or had others before"));
      return FALSE;
    }
  if (!check_address (self, ph_envelope_get_sender (envelope), form, error) ||
      !check_parameters (ph_envelope_get_parameters (envelope), error))
    return FALSE;
  for (guint i = 0; i < self->n_recipients; i++)
    {
      const char *address = ph_envelope_get_recipient (envelope, i);
      if (!check_address (self, address, form, error) || !check_parameters (ph_envelope_get_recipient_parameters (envelope, i), error))
        return FALSE;
      if (*address == '\0')
        {
          g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "a recipient's address is empty"));
          return FALSE;
        }
    }
  return TRUE;
}

/* Everything that can be known to fail before an octet is written */
static gboolean
check (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  PhSmtpAddressForm form;
  gint64 size = ph_body_get_size (self->body);

  if (!check_envelope (self, &form, error))
    return FALSE;
  if (form == PH_SMTP_ADDRESS_LOCAL && !core->features.smtp_utf8)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s takes ASCII addresses only", core->host));
      return FALSE;
    }
  self->smtp_utf8 = form != PH_SMTP_ADDRESS_ASCII && core->features.smtp_utf8;
  if (size > 0 && core->features.size_limit > 0 && (guint64) size > core->features.size_limit)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_TOO_LARGE, NULL, NULL, "the message has %" G_GINT64_FORMAT
                                              " octets, and %s takes %" G_GUINT64_FORMAT " at most", size, core->host,
                                              core->features.size_limit));
      return FALSE;
    }
  return TRUE;
}

static void
append_parameters (GString *line, const char *const *parameters)
{
  for (; parameters != NULL && *parameters != NULL; parameters++)
    g_string_append_printf (line, " %s", *parameters);
}

static gboolean
has_parameter (PhSmtpSend *self, const char *keyword)
{
  const char *const *parameters = ph_envelope_get_parameters (self->envelope);
  gsize length = strlen (keyword);

  for (; parameters != NULL && *parameters != NULL; parameters++)
    if (g_ascii_strncasecmp (*parameters, keyword, length) == 0 && ((*parameters)[length] == '\0' || (*parameters)[length] == '='))
      return TRUE;
  return FALSE;
}

static void
append_path (PhSmtpSend *self, GString *line, const char *address)
{
  PhSmtpAddressForm form = PH_SMTP_ADDRESS_ASCII;

  ph_smtp_address_check (address, &form, NULL);
  g_autofree char *converted = ph_smtp_address_convert (address, form, self->smtp_utf8);
  g_string_append_printf (line, "<%s>", converted);
}

static void
write_mail (PhSmtpCore *core, PhSmtpSend *self)
{
  gint64 size = ph_body_get_size (self->body);

  self->own_parameters = FALSE;
  g_string_append (core->out, "MAIL FROM:");
  append_path (self, core->out, ph_envelope_get_sender (self->envelope));
  if (core->features.size && size >= 0 && !core->no_parameters && !has_parameter (self, "SIZE"))
    {
      g_string_append_printf (core->out, " SIZE=%" G_GINT64_FORMAT, size);
      self->own_parameters = TRUE;
    }
  if (core->features.eight_bit_mime && !core->no_parameters && !has_parameter (self, "BODY"))
    {
      g_string_append (core->out, " BODY=8BITMIME");
      self->own_parameters = TRUE;
    }
  if (self->smtp_utf8 && !has_parameter (self, "SMTPUTF8"))
    g_string_append (core->out, " SMTPUTF8");
  append_parameters (core->out, ph_envelope_get_parameters (self->envelope));
  g_string_append (core->out, "\r\n");
  ph_smtp_core_expect (core, PH_SMTP_SLOT_MAIL, PH_COMMAND (self), 0);
}

static void
write_recipient (PhSmtpCore *core, PhSmtpSend *self)
{
  guint index = self->n_asked++;

  g_string_append (core->out, "RCPT TO:");
  append_path (self, core->out, ph_envelope_get_recipient (self->envelope, index));
  append_parameters (core->out, ph_envelope_get_recipient_parameters (self->envelope, index));
  g_string_append (core->out, "\r\n");
  ph_smtp_core_expect (core, PH_SMTP_SLOT_RCPT, PH_COMMAND (self), index);
}

static void
write_data (PhSmtpCore *core, PhSmtpSend *self)
{
  g_string_append (core->out, "DATA\r\n");
  ph_smtp_core_expect (core, PH_SMTP_SLOT_DATA, PH_COMMAND (self), 0);
  self->data_asked = TRUE;
}

static void
write_group (PhSmtpCore *core, PhSmtpSend *self)
{
  gint64 size = ph_body_get_size (self->body);

  write_mail (core, self);
  if (!core->features.pipelining)
    return;
  while (self->n_asked < self->n_recipients)
    write_recipient (core, self);
  if (size >= 0 && size <= SMALL && !ph_envelope_get_require_all (self->envelope))
    write_data (core, self);
}

void
ph_smtp_send_begin (PhSmtpCore *core, PhSmtpSend *self)
{
  g_autoptr (GError) error = NULL;

  if (!check (core, self, &error))
    {
      ph_smtp_core_complete (core, PH_COMMAND (self), NULL, ph_error_new (error->code, NULL, self->delivery, "%s", error->message));
      return;
    }
  g_set_object ((GObject **) &core->send, (GObject *) self);
  ph_command_set_state (PH_COMMAND (self), PH_COMMAND_SENT);
  write_group (core, self);
}

/* The transaction is over and the session lives on. @reset: the server still holds something of it. */
static void
finish (PhSmtpCore *core, PhSmtpSend *self, gboolean reset)
{
  if (reset)
    ph_smtp_core_write (core, PH_SMTP_SLOT_RSET, "RSET");
  /* RSET may stand anywhere in a group; what came before it is answered */
  core->group_ended = FALSE;
  ph_smtp_send_conclude (core, self);
  g_clear_object (&core->send);
}

/* A server that offered BODY or SIZE and then does not know it is asked once more without. */
static gboolean
try_again (PhSmtpCore *core, PhSmtpSend *self)
{
  int code = self->sender_refusal != NULL ? ph_reply_get_code (self->sender_refusal) : 0;
  gboolean not_understood = (code >= 500 && code <= 504) || code == 555;

  if (!self->own_parameters || self->retried || self->ended || !not_understood || code == 503)
    return FALSE;
  self->retried = TRUE;
  core->no_parameters = TRUE;
  g_clear_pointer (&self->sender_refusal, ph_reply_unref);
  g_clear_pointer (&self->refusal, ph_reply_unref);
  memset (self->recipients, PH_SMTP_RECIPIENT_WAITING, self->n_recipients);
  self->n_asked = self->n_answered = self->n_taken = 0;
  self->data_asked = FALSE;
  write_group (core, self);
  return TRUE;
}

static void
refuse_sender (PhSmtpCore *core, PhSmtpSend *self, gboolean reset)
{
  if (try_again (core, self))
    return;
  if (!self->ended)
    {
      /* what was said of a recipient without a sender says nothing */
      memset (self->recipients, PH_SMTP_RECIPIENT_WAITING, self->n_recipients);
      ph_smtp_send_refuse_all (self, PH_DELIVERY_SENDER, self->sender_refusal);
    }
  finish (core, self, reset);
}

/* Every RCPT was answered and DATA was not asked. */
static void
decide (PhSmtpCore *core, PhSmtpSend *self)
{
  gboolean short_of_all = ph_envelope_get_require_all (self->envelope) && self->n_taken < self->n_recipients;

  if (self->sender_refusal != NULL)
    refuse_sender (core, self, self->n_taken > 0);
  else if (self->ended)
    finish (core, self, TRUE);
  else if (self->n_taken == 0 || short_of_all)
    {
      ph_smtp_send_refuse_all (self, PH_DELIVERY_RECIPIENT, self->refusal);
      finish (core, self, TRUE);
    }
  else
    write_data (core, self);
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
    write_recipient (core, self);
}

static void
recipient_replied (PhSmtpCore *core, PhSmtpSend *self, guint index, PhReply *reply)
{
  self->n_answered++;
  if (ph_reply_is_ok (reply))
    {
      self->n_taken++;
      if (self->recipients[index] == PH_SMTP_RECIPIENT_WAITING)
        self->recipients[index] = PH_SMTP_RECIPIENT_TAKEN;
    }
  else if (self->sender_refusal == NULL && !self->ended)
    ph_smtp_send_refuse (self, index, PH_DELIVERY_RECIPIENT, reply);

  if (self->data_asked)
    return;
  if (self->ended && !core->features.pipelining)
    finish (core, self, TRUE);
  else if (self->n_answered == self->n_recipients)
    decide (core, self);
  else if (self->n_asked == self->n_answered)
    write_recipient (core, self);
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

static void
begin_content (PhSmtpCore *core, PhSmtpSend *self)
{
  self->n_contents = core->flavor->is_lmtp ? self->n_taken : 1;
  for (guint i = 0; i < self->n_recipients && core->flavor->is_lmtp; i++)
    if (self->recipients[i] == PH_SMTP_RECIPIENT_TAKEN)
      ph_smtp_core_expect (core, PH_SMTP_SLOT_CONTENT, PH_COMMAND (self), i);
  if (!core->flavor->is_lmtp)
    ph_smtp_core_expect (core, PH_SMTP_SLOT_CONTENT, PH_COMMAND (self), 0);
  core->standing = PH_WANT_WRITE_BODY;
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
    begin_content (core, self);
  else if (self->sender_refusal != NULL)
    refuse_sender (core, self, self->n_taken > 0);
  else
    {
      if (!self->ended)
        ph_smtp_send_refuse_all (self, PH_DELIVERY_DATA, reply);
      finish (core, self, TRUE);
    }
}

/* The lone dot was answered, whatever the answer. */
static void
nothing_replied (PhSmtpCore *core, PhSmtpSend *self)
{
  if (self->sender_refusal != NULL)
    refuse_sender (core, self, FALSE);
  else
    finish (core, self, FALSE);
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
content_replied (PhSmtpCore *core, PhSmtpSend *self, guint index, PhReply *reply)
{
  gboolean is_lmtp = core->flavor->is_lmtp;

  if (!self->dot_written && ph_reply_is_ok (reply))
    {
      ph_smtp_core_unexpected (core, reply, "a message that has not ended");
      return;
    }
  if (!self->dot_written)
    {
      refused_early (core, self, reply);
      return;
    }
  self->n_contents--;
  for (guint i = is_lmtp ? index : 0; !self->ended && i < (is_lmtp ? index + 1 : self->n_recipients); i++)
    if (self->recipients[i] == PH_SMTP_RECIPIENT_TAKEN && ph_reply_is_ok (reply))
      ph_smtp_send_accept (self, i, reply);
    else if (self->recipients[i] == PH_SMTP_RECIPIENT_TAKEN)
      ph_smtp_send_refuse (self, i, PH_DELIVERY_DATA, reply);
  /* the content's end has used the transaction up, whatever the answer (RFC 5321 section 4.1.1.4) */
  if (self->n_contents == 0)
    finish (core, self, FALSE);
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
    case PH_SMTP_SLOT_CONTENT:
      content_replied (core, self, slot->index, reply);
      break;
    default:
      nothing_replied (core, self);
    }
}

void
ph_smtp_send_fill_want (PhSmtpSend *self, PhWant *want)
{
  want->body = self->body;
  want->length = -1;
  want->coder = G_CONVERTER (self->coder);
  want->command = PH_COMMAND (self);
}

void
ph_smtp_send_body_written (PhSmtpCore *core, PhSmtpSend *self, const GError *error)
{
  if (error != NULL)
    {
      /* without its last dot the message does not exist: the connection's end takes it back */
      ph_smtp_core_fail (core, NULL, ph_error_new (PH_ERROR_BODY, NULL, NULL, "the message could not be read to its end: %s",
                                                   error->message));
      return;
    }
  g_string_append (core->out, ".\r\n");
  self->dot_queued = TRUE;
}

void
ph_smtp_send_given (PhSmtpSend *self)
{
  self->dot_written |= self->dot_queued;
}

void
ph_smtp_send_cancel (PhSmtpCore *core, PhSmtpSend *self, GError *error)
{
  if (self->ended)
    {
      g_error_free (error);
      return;
    }
  if (core->standing == PH_WANT_WRITE_BODY || (self->dot_queued && !self->dot_written))
    {
      ph_smtp_core_fail (core, NULL, error);
      return;
    }
  self->cancelled = g_error_copy (error);
  if (self->dot_written)
    for (guint i = 0; i < self->n_recipients; i++)
      if (self->recipients[i] == PH_SMTP_RECIPIENT_TAKEN)
        ph_delivery_set (self->delivery, i, PH_FATE_UNKNOWN, PH_DELIVERY_PENDING, NULL);
  self->ended = TRUE;
  ph_smtp_core_complete (core, PH_COMMAND (self), NULL, error);
}
