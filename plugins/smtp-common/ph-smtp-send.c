/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mail transaction, RFC 5321 sections 3.3 and 4.1.1.2 to 4.1.1.5:
 *
 *   mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
 *   rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters] CRLF
 *   data = "DATA" CRLF
 *   rset = "RSET" CRLF
 *
 * with PIPELINING (RFC 2920); the parameters are ph-smtp-parameters.c's.
 *
 * DATA or BDAT goes with MAIL and RCPT where the message is small: then a round trip is saved, and little is lost where all recipients
 * are refused. Larger ones, and those that must go to all or none, wait for the recipients' replies; so does the content of a
 * BDAT while the window is closed.
 */
#include "ph-smtp-send.h"

#include "ph-smtp-parameters.h"

/* @delivery (transfer full) */
static void
fill (PhSmtpSend *self, PhEnvelope *envelope, PhBody *body, PhDelivery *delivery)
{
  self->envelope = ph_envelope_ref (envelope);
  self->body = g_object_ref (body);
  self->delivery = delivery;
  self->n_recipients = ph_delivery_get_n_recipients (self->delivery);
  self->recipients = self->n_recipients <= sizeof self->few ? self->few : g_new0 (guint8, self->n_recipients);
  self->n_waiting = self->n_recipients;
  self->in_pieces = ph_smtp_pieces_are (body);
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_DELIVERY, ph_delivery_ref (self->delivery));
}

PhCommand *
ph_smtp_send_new (const PhSmtpFlavor *flavor, PhEnvelope *envelope, PhBody *body)
{
  PhSmtpSend *self = g_object_new (flavor->get_send_type (), NULL);

  fill (self, envelope, body, ph_delivery_new (envelope));
  ph_command_set_name (PH_COMMAND (self), "the message");
  return PH_COMMAND (self);
}

void
ph_smtp_send_init (PhSmtpSend *self)
{
  self->recipients = self->few;
}

static void
clear (PhSmtpSend *self)
{
  g_clear_pointer (&self->envelope, ph_envelope_unref);
  g_clear_object (&self->body);
  g_clear_pointer (&self->delivery, ph_delivery_unref);
  g_clear_pointer (&self->sender_refusal, ph_reply_unref);
  g_clear_pointer (&self->refusal, ph_reply_unref);
  g_clear_pointer (&self->acceptance, ph_reply_unref);
  g_clear_error (&self->cancelled);
  g_free (self->part);
  g_free (self->mail_parameters);
  if (self->recipients != self->few)
    g_free (self->recipients);
}

void
ph_smtp_send_finalize (GObject *object)
{
  clear ((PhSmtpSend *) object);
}

gboolean
ph_smtp_send_renew (const PhSmtpFlavor *flavor, PhCommand *command, PhEnvelope *envelope, PhBody *body)
{
  PhSmtpSend *self = (PhSmtpSend *) command;

  if (G_OBJECT_TYPE (command) != flavor->get_send_type ())
    return FALSE;
  if (envelope == NULL || body == NULL)
    {
      g_clear_object (&self->body);
      return TRUE;
    }
  ph_command_renew (command);
  PhDelivery *delivery = ph_delivery_renew (g_steal_pointer (&self->delivery), envelope);
  clear (self);
  memset ((char *) self + sizeof self->parent, 0, sizeof *self - sizeof self->parent);
  ph_smtp_send_init (self);
  fill (self, envelope, body, delivery);
  return TRUE;
}

guint
ph_smtp_send_get_index (PhSmtpSend *self, guint i)
{
  return self->part != NULL ? self->part[i] : i;
}

void
ph_smtp_send_set (PhSmtpSend *self, guint index, PhSmtpRecipient state)
{
  guint8 before = self->recipients[index];

  self->n_waiting += (state == PH_SMTP_RECIPIENT_WAITING) - (before == PH_SMTP_RECIPIENT_WAITING);
  self->n_later += (state == PH_SMTP_RECIPIENT_LATER) - (before == PH_SMTP_RECIPIENT_LATER);
  self->recipients[index] = (guint8) state;
}

char *
ph_smtp_send_describe (PhSmtpSend *self, const PhSmtpSlot *slot)
{
  if (slot->kind == PH_SMTP_SLOT_MAIL)
    return g_strdup_printf ("MAIL FROM:<%s>", ph_envelope_get_sender (self->envelope));
  return g_strdup_printf ("RCPT TO:<%s>", ph_envelope_get_recipient (self->envelope, slot->index));
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
  if (!check_address (self, ph_envelope_get_sender (envelope), form, error))
    return FALSE;
  for (guint i = 0; i < self->n_recipients; i++)
    {
      const char *address = ph_envelope_get_recipient (envelope, i);
      if (!check_address (self, address, form, error))
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
  gint64 size = self->size = ph_body_get_size (self->body);

  self->plain = ph_envelope_is_plain (self->envelope);
  if (!check_envelope (self, &form, error) || !ph_smtp_parameters_check (core, self, form, error))
    return FALSE;
  self->all_ascii = form == PH_SMTP_ADDRESS_ASCII;
  if (size > 0 && core->features.size_limit > 0 && (guint64) size > core->features.size_limit)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_TOO_LARGE, NULL, NULL, "the message has %" G_GINT64_FORMAT
                                              " octets, and %s takes %" G_GUINT64_FORMAT " at most", size, core->host,
                                              core->features.size_limit));
      return FALSE;
    }
  return ph_smtp_content_examine (core, self, error);
}

gboolean
ph_smtp_send_has_parameter (PhSmtpSend *self, const char *keyword, const char *value)
{
  const char *const *parameters = !self->plain ? ph_envelope_get_parameters (self->envelope) : NULL;
  gsize length = strlen (keyword);

  for (; parameters != NULL && *parameters != NULL; parameters++)
    if (g_ascii_strncasecmp (*parameters, keyword, length) == 0 && ((*parameters)[length] == '\0' || (*parameters)[length] == '='))
      return value == NULL || g_ascii_strcasecmp (*parameters + length + ((*parameters)[length] == '='), value) == 0;
  return FALSE;
}

static void
append_path (PhSmtpSend *self, GString *line, const char *address)
{
  PhSmtpAddressForm form = PH_SMTP_ADDRESS_ASCII;

  PH_SMTP_PUT (line, "<");
  if (self->all_ascii)
    ph_smtp_put (line, address, strlen (address));
  else
    {
      ph_smtp_address_check (address, &form, NULL);
      g_autofree char *converted = ph_smtp_address_convert (address, form, self->smtp_utf8);
      g_string_append (line, converted);
    }
  PH_SMTP_PUT (line, ">");
}

static void
write_mail (PhSmtpCore *core, PhSmtpSend *self)
{
  PH_SMTP_PUT (core->out, "MAIL FROM:");
  append_path (self, core->out, ph_envelope_get_sender (self->envelope));
  ph_smtp_parameters_write_mail (core, self, core->out);
  PH_SMTP_PUT (core->out, "\r\n");
  ph_smtp_core_expect (core, PH_SMTP_SLOT_MAIL, PH_COMMAND (self), 0);
}

void
ph_smtp_send_write_rcpt (PhSmtpCore *core, PhSmtpSend *self)
{
  guint index = ph_smtp_send_get_index (self, self->n_asked++);

  PH_SMTP_PUT (core->out, "RCPT TO:");
  append_path (self, core->out, ph_envelope_get_recipient (self->envelope, index));
  if (!self->plain)
    ph_smtp_parameters_write_recipient (core, self, index, core->out);
  PH_SMTP_PUT (core->out, "\r\n");
  ph_smtp_send_set (self, index, PH_SMTP_RECIPIENT_ASKED);
  ph_smtp_core_expect (core, PH_SMTP_SLOT_RCPT, PH_COMMAND (self), index);
}

void
ph_smtp_send_write_data (PhSmtpCore *core, PhSmtpSend *self)
{
  PH_SMTP_PUT (core->out, "DATA\r\n");
  ph_smtp_core_expect (core, PH_SMTP_SLOT_DATA, PH_COMMAND (self), 0);
  self->data_asked = TRUE;
}

/* The content leaves, or is asked for, before the recipients are answered. */
static gboolean
is_eager (PhSmtpCore *core, PhSmtpSend *self)
{
  gint64 size = self->size;

  if (size < 0 || size > PH_SMTP_SMALL || self->in_pieces || ph_envelope_get_require_all (self->envelope))
    return FALSE;
  return !self->chunked || (core->n_uncertain < core->window && core->uncertain_octets + (guint64) size <= PH_SMTP_MAX_UNCERTAIN);
}

static void
write_group (PhSmtpCore *core, PhSmtpSend *self)
{
  write_mail (core, self);
  if (!core->features.pipelining)
    return;
  while (self->n_asked < self->n_part)
    ph_smtp_send_write_rcpt (core, self);
  if (!is_eager (core, self))
    return;
  if (self->chunked)
    ph_smtp_content_begin (core, self);
  else
    ph_smtp_send_write_data (core, self);
}

/* Nothing of an earlier transaction counts */
static void
prepare (PhSmtpSend *self)
{
  self->n_asked = self->n_answered = self->n_taken = self->n_contents = 0;
  self->own_parameters = self->data_asked = self->content_begun = self->content_refused = self->content_taken = FALSE;
  self->n_chunks = self->n_pieces = 0;
  self->end_offset = 0;
}

/* @self (transfer full) */
static void
take_off (PhSmtpCore *core, PhSmtpSend *self)
{
  if (core->last != NULL)
    core->last->next = self;
  else
    core->first = self;
  core->last = self;
  core->n_in_flight++;
  core->writing = self;
}

/* Nothing is written for it, and more was perhaps before. */
static void
give_up (PhSmtpCore *core, PhSmtpSend *self, const GError *error)
{
  if (self->acceptance != NULL)
    ph_smtp_send_conclude (core, self);
  else
    ph_smtp_core_complete (core, PH_COMMAND (self), NULL, ph_error_new (error->code, NULL, self->delivery, "%s", error->message));
}

/* What a refused BDAT leaves behind is cleared by RSET alone (RFC 3030 section 2), and some servers keep a transaction whose recipients
 * were all refused; so while it isn't known how the one before goes, RSET goes first. */
void
ph_smtp_send_begin (PhSmtpCore *core, PhSmtpSend *self)
{
  g_autoptr (GError) error = NULL;
  gboolean reset = core->needs_reset || (core->last != NULL && core->last->chunked);

  if (reset)
    {
      PH_SMTP_PUT (core->out, "RSET\r\n");
      ph_smtp_core_expect (core, PH_SMTP_SLOT_RSET, NULL, 0);
    }
  core->needs_reset = FALSE;
  if (reset && !core->features.pipelining)
    {
      g_queue_push_head (&core->again, self);
      return;
    }
  if ((!self->checked && !check (core, self, &error)) || !ph_smtp_limits_choose (core, self, &error))
    {
      give_up (core, self, error);
      g_object_unref (self);
      return;
    }
  self->checked = TRUE;
  prepare (self);
  ph_command_set_state (PH_COMMAND (self), PH_COMMAND_SENT);
  take_off (core, self);
  write_group (core, self);
}
