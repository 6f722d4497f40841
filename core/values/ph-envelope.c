/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhEnvelope: who sends and who receives, as SMTP and LMTP carry it. */
#include "ph-envelope-private.h"

#include <string.h>

/**
 * PhEnvelope:
 *
 * Who sends a message and who is to receive it, as SMTP and LMTP carry it (RFC 5321 section
 * 2.3.1). It has nothing to do with the message's header fields.
 *
 * An envelope is filled by its owner and not changed any more once it was handed to a session;
 * from then on any thread may read it.
 */
G_DEFINE_BOXED_TYPE (PhEnvelope, ph_envelope, ph_envelope_ref, ph_envelope_unref)

static void
clear_recipient (PhRecipient *recipient)
{
  g_free (recipient->address);
  g_clear_pointer (&recipient->parameters, g_ptr_array_unref);
  g_free (recipient->original_type);
  g_free (recipient->original);
  g_clear_pointer (&recipient->valid_since, g_date_time_unref);
}

/* A list of parameters ends with a NULL, so that it can be given out as it is. Most are empty: those are NULL. */
static void
parameters_add (GPtrArray **parameters, const char *parameter)
{
  if (*parameters == NULL)
    {
      *parameters = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (*parameters, NULL);
    }
  g_ptr_array_insert (*parameters, (int) (*parameters)->len - 1, g_strdup (parameter));
}

static void
parameters_add_all (GPtrArray **parameters, GPtrArray *others)
{
  for (guint i = 0; others != NULL && i + 1 < others->len; i++)
    parameters_add (parameters, g_ptr_array_index (others, i));
}

static const char *const *
parameters_get (GPtrArray *parameters)
{
  static const char *const none[] = { NULL };

  return parameters != NULL ? (const char *const *) parameters->pdata : none;
}

PhRecipient *
ph_envelope_peek_recipient (PhEnvelope *self, guint index)
{
  return index < self->n_recipients ? &self->recipients[index] : NULL;
}

static void
make_room (PhEnvelope *self)
{
  gboolean is_own = self->recipients == &self->first;

  if (self->n_recipients < self->most_recipients)
    return;
  g_assert (self->most_recipients <= G_MAXUINT / 4);
  self->most_recipients *= 4;
  self->recipients = g_renew (PhRecipient, is_own ? NULL : self->recipients, self->most_recipients);
  if (is_own)
    self->recipients[0] = self->first;
}

static PhRecipient *
append_recipient (PhEnvelope *self, const char *address)
{
  make_room (self);
  PhRecipient *recipient = &self->recipients[self->n_recipients++];

  *recipient = (PhRecipient) { .address = g_strdup (address) };
  return recipient;
}

/**
 * ph_envelope_new:
 * @sender: (nullable): the reverse-path without angle brackets; "" or %NULL is the null reverse-path
 *
 * Makes an envelope without recipients.
 *
 * Returns: (transfer full): a new envelope
 */
PhEnvelope *
ph_envelope_new (const char *sender)
{
  gsize length = sender != NULL ? strlen (sender) : 0;
  PhEnvelope *self = g_malloc (sizeof (PhEnvelope) + length + 1);

  *self = (PhEnvelope) { .most_recipients = 1 };
  g_atomic_ref_count_init (&self->refs);
  memcpy (self->sender, length > 0 ? sender : "", length + 1);
  self->recipients = &self->first;
  return self;
}

/**
 * ph_envelope_ref:
 * @self: an envelope
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhEnvelope *
ph_envelope_ref (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_envelope_unref:
 * @self: (transfer full): an envelope
 *
 * Drops a reference; any thread may.
 */
void
ph_envelope_unref (PhEnvelope *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < self->n_recipients; i++)
    clear_recipient (&self->recipients[i]);
  if (self->recipients != &self->first)
    g_free (self->recipients);
  g_clear_pointer (&self->parameters, g_ptr_array_unref);
  g_free (self->envelope_id);
  g_free (self->auth);
  g_free (self->priority_profile);
  g_free (self->verp);
  g_strfreev (self->solicitation);
  g_clear_pointer (&self->tracking, g_bytes_unref);
  g_clear_pointer (&self->hold_until, g_date_time_unref);
  g_free (self);
}

/**
 * ph_envelope_get_sender:
 * @self: an envelope
 *
 * Returns: (transfer none): the reverse-path as it was given; "" is the null reverse-path
 */
const char *
ph_envelope_get_sender (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sender;
}

/**
 * ph_envelope_add_recipient:
 * @self: an envelope
 * @address: the forward-path without angle brackets, UTF-8
 *
 * Adds a recipient behind the others.
 *
 * Addresses are kept as given and checked when the message is sent: one with CR, LF, NUL, an angle
 * bracket or a blank outside of quotes makes the sending fail with %PH_ERROR_INVALID_ARGUMENT
 * before anything was written.
 */
void
ph_envelope_add_recipient (PhEnvelope *self, const char *address)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (address != NULL);

  append_recipient (self, address);
}

/**
 * ph_envelope_get_n_recipients:
 * @self: an envelope
 *
 * Returns: how many recipients were added
 */
guint
ph_envelope_get_n_recipients (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_recipients;
}

/**
 * ph_envelope_get_recipient:
 * @self: an envelope
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): the address as it was given, %NULL behind the last
 */
const char *
ph_envelope_get_recipient (PhEnvelope *self, guint index)
{
  PhRecipient *recipient;

  g_return_val_if_fail (self != NULL, NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  return recipient != NULL ? recipient->address : NULL;
}

/**
 * ph_envelope_add_parameter:
 * @self: an envelope
 * @parameter: an ESMTP parameter as it is written, "X-TRACE=7"
 *
 * Adds a parameter to the MAIL command that no other function knows. What the engine adds by itself
 * (SIZE, BODY, SMTPUTF8) is left out where a parameter of the same name was given; what was asked for by
 * a function of its own must not be given here again. Checked when sent, as addresses are; whether the
 * server knows it is for the server to say.
 */
void
ph_envelope_add_parameter (PhEnvelope *self, const char *parameter)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (parameter != NULL);

  parameters_add (&self->parameters, parameter);
}

/**
 * ph_envelope_add_recipient_parameter:
 * @self: an envelope
 * @index: which recipient, from 0
 * @parameter: an ESMTP parameter as it is written, "CONNEG"
 *
 * Adds a parameter to the RCPT command of one recipient, as [method@Envelope.add_parameter] does to MAIL.
 */
void
ph_envelope_add_recipient_parameter (PhEnvelope *self, guint index, const char *parameter)
{
  PhRecipient *recipient;

  g_return_if_fail (self != NULL);
  g_return_if_fail (parameter != NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  g_return_if_fail (recipient != NULL);

  parameters_add (&recipient->parameters, parameter);
}

/**
 * ph_envelope_get_parameters:
 * @self: an envelope
 *
 * Returns: (transfer none) (array zero-terminated=1): the parameters for MAIL, in the order in which
 *   they were added; valid until the next is added
 */
const char *const *
ph_envelope_get_parameters (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return parameters_get (self->parameters);
}

/**
 * ph_envelope_get_recipient_parameters:
 * @self: an envelope
 * @index: which recipient, from 0
 *
 * Returns: (transfer none) (array zero-terminated=1) (nullable): the parameters for this RCPT; %NULL
 *   behind the last recipient
 */
const char *const *
ph_envelope_get_recipient_parameters (PhEnvelope *self, guint index)
{
  PhRecipient *recipient;

  g_return_val_if_fail (self != NULL, NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  return recipient != NULL ? parameters_get (recipient->parameters) : NULL;
}

/**
 * ph_envelope_set_require_all:
 * @self: an envelope
 * @require_all: %TRUE: all recipients get the message, or none does
 *
 * Whether one refused recipient is enough to give up. The default is %FALSE: those that were
 * accepted get the message.
 *
 * LMTP answers for each recipient after the content, so with LMTP a recipient that is refused that
 * late doesn't undo what others have accepted.
 */
void
ph_envelope_set_require_all (PhEnvelope *self, gboolean require_all)
{
  g_return_if_fail (self != NULL);

  self->require_all = require_all != FALSE;
}

/**
 * ph_envelope_get_require_all:
 * @self: an envelope
 *
 * Returns: %TRUE where all recipients or none are to get the message
 */
gboolean
ph_envelope_get_require_all (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->require_all;
}

static gboolean
is_plain_recipient (const PhRecipient *recipient)
{
  return recipient->parameters == NULL && recipient->notify == PH_DSN_NOTIFY_DEFAULT && recipient->original_type == NULL &&
         recipient->original == NULL && recipient->valid_since == NULL;
}

/**
 * ph_envelope_is_plain:
 * @self: an envelope
 *
 * Tells whether it names a sender and recipients and asks the server for nothing beyond: no parameter and no option was given. Nearly all
 * are like that, and an engine then need not look for each.
 *
 * [method@Envelope.set_require_all] is no request to the server, and doesn't count.
 *
 * Returns: %TRUE where MAIL and RCPT carry addresses alone, as far as the program is concerned
 */
gboolean
ph_envelope_is_plain (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->parameters != NULL || self->dsn_return != PH_DSN_RETURN_DEFAULT || self->envelope_id != NULL || self->auth != NULL ||
      self->require_tls || self->deliver_by != PH_DELIVER_BY_NONE || self->hold_for != 0 || self->hold_until != NULL || self->has_priority ||
      self->priority_profile != NULL || self->body_type != PH_BODY_TYPE_AUTO || self->utf8_headers || self->solicitation != NULL ||
      self->tracking != NULL || self->conversion_permitted || self->verp != NULL)
    return FALSE;
  for (guint i = 0; i < self->n_recipients; i++)
    if (!is_plain_recipient (&self->recipients[i]))
      return FALSE;
  return TRUE;
}

/**
 * ph_envelope_select:
 * @self: an envelope
 * @indices: (array length=n_indices) (nullable): which recipients, from 0; %NULL: all of them
 * @n_indices: how many those are; not looked at where @indices is %NULL
 *
 * Makes another envelope with all that this one says, for some of its recipients: to send what is left once more, or to
 * split what is too long. It may be changed while @self stays as it is.
 *
 * Returns: (transfer full): a new envelope, its recipients in the order of @indices
 */
PhEnvelope *
ph_envelope_select (PhEnvelope *self, const guint *indices, gsize n_indices)
{
  PhEnvelope *other;

  g_return_val_if_fail (self != NULL, NULL);

  other = ph_envelope_new (self->sender);
  other->require_all = self->require_all;
  ph_envelope_copy_options (other, self);
  parameters_add_all (&other->parameters, self->parameters);
  for (gsize i = 0; i < (indices != NULL ? n_indices : self->n_recipients); i++)
    {
      PhRecipient *copy;
      PhRecipient *recipient = ph_envelope_peek_recipient (self, indices != NULL ? indices[i] : (guint) i);

      g_return_val_if_fail (recipient != NULL, other);

      copy = append_recipient (other, recipient->address);
      parameters_add_all (&copy->parameters, recipient->parameters);
      ph_recipient_copy_options (copy, recipient);
    }
  return other;
}
