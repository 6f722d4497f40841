/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an envelope asks of the server for one recipient; kept as given, checked by the engine. */
#include "ph-envelope-private.h"

void
ph_recipient_copy_options (PhRecipient *self, const PhRecipient *from)
{
  self->notify = from->notify;
  ph_envelope_keep (&self->original_type, from->original_type);
  ph_envelope_keep (&self->original, from->original);
  g_clear_pointer (&self->valid_since, g_date_time_unref);
  self->valid_since = from->valid_since != NULL ? g_date_time_ref (from->valid_since) : NULL;
  self->valid_since_required = from->valid_since_required;
}

/**
 * ph_envelope_set_recipient_notify:
 * @self: an envelope
 * @index: which recipient, from 0
 * @notify: of what
 *
 * What the sender wants to be told of this recipient (NOTIFY, RFC 3461 section 4.1). Needs DSN. [flags@DsnNotify.NEVER] goes with none of
 * the others.
 */
void
ph_envelope_set_recipient_notify (PhEnvelope *self, guint index, PhDsnNotify notify)
{
  PhRecipient *recipient;

  g_return_if_fail (self != NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  g_return_if_fail (recipient != NULL);

  recipient->notify = notify;
}

/**
 * ph_envelope_get_recipient_notify:
 * @self: an envelope
 * @index: which recipient, from 0
 *
 * Returns: of what the sender wants to be told
 */
PhDsnNotify
ph_envelope_get_recipient_notify (PhEnvelope *self, guint index)
{
  PhRecipient *recipient;

  g_return_val_if_fail (self != NULL, PH_DSN_NOTIFY_DEFAULT);

  recipient = ph_envelope_peek_recipient (self, index);
  return recipient != NULL ? recipient->notify : PH_DSN_NOTIFY_DEFAULT;
}

/**
 * ph_envelope_set_recipient_original:
 * @self: an envelope
 * @index: which recipient, from 0
 * @type: (nullable): the address type, 1 or more of ASCII letters, digits and "-"; %NULL: "rfc822", or "utf-8" where @address is not ASCII
 * @address: (nullable): 500 octets at most as it is sent; %NULL for none
 *
 * The address that the message was first sent to, which reports name in place of the one that it came to (ORCPT, RFC 3461 section 4.2).
 * Needs DSN. It is given plain and encoded when sent: as xtext, or, of type "utf-8", as RFC 6533 section 3 has it.
 */
void
ph_envelope_set_recipient_original (PhEnvelope *self, guint index, const char *type, const char *address)
{
  PhRecipient *recipient;

  g_return_if_fail (self != NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  g_return_if_fail (recipient != NULL);

  ph_envelope_keep (&recipient->original_type, type);
  ph_envelope_keep (&recipient->original, address);
}

/**
 * ph_envelope_get_recipient_original:
 * @self: an envelope
 * @index: which recipient, from 0
 * @type: (out) (optional) (transfer none) (nullable): its type, as it was given
 *
 * Returns: (transfer none) (nullable): the original address, as it was given
 */
const char *
ph_envelope_get_recipient_original (PhEnvelope *self, guint index, const char **type)
{
  PhRecipient *recipient;

  g_return_val_if_fail (self != NULL, NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  if (type != NULL)
    *type = recipient != NULL ? recipient->original_type : NULL;
  return recipient != NULL ? recipient->original : NULL;
}

/**
 * ph_envelope_set_recipient_valid_since:
 * @self: an envelope
 * @index: which recipient, from 0
 * @since: (nullable): when the mailbox was known to be that person's; %NULL takes it back
 * @required: %FALSE: a server without RRVS may have the message, too
 *
 * Delivers only where the mailbox has not changed hands since then (RRVS, RFC 7293). It goes out in UTC, to the second.
 * Where @required, the message is not sent to a server without RRVS, nor passed on to one.
 */
void
ph_envelope_set_recipient_valid_since (PhEnvelope *self, guint index, GDateTime *since, gboolean required)
{
  PhRecipient *recipient;

  g_return_if_fail (self != NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  g_return_if_fail (recipient != NULL);

  if (since != NULL)
    g_date_time_ref (since);
  g_clear_pointer (&recipient->valid_since, g_date_time_unref);
  recipient->valid_since = since;
  recipient->valid_since_required = required != FALSE;
}

/**
 * ph_envelope_get_recipient_valid_since:
 * @self: an envelope
 * @index: which recipient, from 0
 * @required: (out) (optional): as it was set
 *
 * Returns: (transfer none) (nullable): since when
 */
GDateTime *
ph_envelope_get_recipient_valid_since (PhEnvelope *self, guint index, gboolean *required)
{
  PhRecipient *recipient;

  g_return_val_if_fail (self != NULL, NULL);

  recipient = ph_envelope_peek_recipient (self, index);
  if (required != NULL)
    *required = recipient != NULL && recipient->valid_since_required;
  return recipient != NULL ? recipient->valid_since : NULL;
}
