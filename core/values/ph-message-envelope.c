/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageEnvelope: the server's digest of a message's header.
 *
 *   envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc
 *              SP env-bcc SP env-in-reply-to SP env-message-id ")"              RFC 9051 section 9
 *
 * Four of these are nstrings, six lists of addresses or NIL. Missing fields read as NIL.
 */
#include "ph-address-private.h"
#include "ph-encoded-word.h"
#include "ph-message-private.h"

/**
 * PhMessageEnvelope:
 *
 * The server's digest of a message's header (RFC 9051 section 7.5.2, ENVELOPE). It is a view: each getter
 * reads the server's words anew and decodes them, so keep what is needed often.
 */
struct _PhMessageEnvelope {
  gatomicrefcount refs;
  PhValue *value;
};

G_DEFINE_BOXED_TYPE (PhMessageEnvelope, ph_message_envelope, ph_message_envelope_ref, ph_message_envelope_unref)

enum { DATE, SUBJECT, FROM, SENDER, REPLY_TO, TO, CC, BCC, IN_REPLY_TO, MESSAGE_ID };

PhMessageEnvelope *
ph_message_envelope_new_for_value (const PhValue *value)
{
  PhMessageEnvelope *self;

  if (ph_value_get_kind (value) != PH_VALUE_LIST)
    return NULL;
  self = g_new0 (PhMessageEnvelope, 1);
  g_atomic_ref_count_init (&self->refs);
  self->value = ph_value_copy (value);
  return self;
}

/**
 * ph_message_envelope_ref:
 * @self: an envelope
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMessageEnvelope *
ph_message_envelope_ref (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_message_envelope_unref:
 * @self: (transfer full): an envelope
 *
 * Drops a reference; any thread may.
 */
void
ph_message_envelope_unref (PhMessageEnvelope *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  ph_value_free (self->value);
  g_free (self);
}

static char *
dup_field (PhMessageEnvelope *self, guint field, gboolean decode)
{
  gsize length;
  const char *data = ph_value_get_data (ph_value_get_child (self->value, field), &length);

  /* RFC 9051: NIL and the empty string are the same */
  if (data == NULL || length == 0)
    return NULL;
  return decode ? ph_header_text_decode (data, length) : ph_header_text_plain (data, length);
}

static GPtrArray *
dup_addresses (PhMessageEnvelope *self, guint field)
{
  return ph_address_list_from_value (ph_value_get_child (self->value, field));
}

/**
 * ph_message_envelope_get_date:
 * @self: an envelope
 *
 * Returns: (transfer full) (nullable): the Date field's text as the sender wrote it
 */
char *
ph_message_envelope_get_date (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_field (self, DATE, FALSE);
}

/**
 * ph_message_envelope_get_subject:
 * @self: an envelope
 *
 * Returns: (transfer full) (nullable): the subject as UTF-8, encoded words (RFC 2047) decoded
 */
char *
ph_message_envelope_get_subject (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_field (self, SUBJECT, TRUE);
}

/**
 * ph_message_envelope_get_in_reply_to:
 * @self: an envelope
 *
 * Returns: (transfer full) (nullable): the id of the message that this one answers, with its angle brackets
 */
char *
ph_message_envelope_get_in_reply_to (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_field (self, IN_REPLY_TO, FALSE);
}

/**
 * ph_message_envelope_get_message_id:
 * @self: an envelope
 *
 * Returns: (transfer full) (nullable): the message's id, with its angle brackets
 */
char *
ph_message_envelope_get_message_id (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_field (self, MESSAGE_ID, FALSE);
}

/**
 * ph_message_envelope_get_from:
 * @self: an envelope
 *
 * Returns: (transfer container) (element-type PhAddress): who wrote the message; empty where the server told
 *   none. Of a group its members are given
 */
GPtrArray *
ph_message_envelope_get_from (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_addresses (self, FROM);
}

/**
 * ph_message_envelope_get_sender:
 * @self: an envelope
 *
 * Returns: (transfer container) (element-type PhAddress): who sent it; servers repeat From where there is no Sender
 */
GPtrArray *
ph_message_envelope_get_sender (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_addresses (self, SENDER);
}

/**
 * ph_message_envelope_get_reply_to:
 * @self: an envelope
 *
 * Returns: (transfer container) (element-type PhAddress): where answers go; servers repeat From where there is no Reply-To
 */
GPtrArray *
ph_message_envelope_get_reply_to (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_addresses (self, REPLY_TO);
}

/**
 * ph_message_envelope_get_to:
 * @self: an envelope
 *
 * Returns: (transfer container) (element-type PhAddress): to whom it was written
 */
GPtrArray *
ph_message_envelope_get_to (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_addresses (self, TO);
}

/**
 * ph_message_envelope_get_cc:
 * @self: an envelope
 *
 * Returns: (transfer container) (element-type PhAddress): who got a copy
 */
GPtrArray *
ph_message_envelope_get_cc (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_addresses (self, CC);
}

/**
 * ph_message_envelope_get_bcc:
 * @self: an envelope
 *
 * Returns: (transfer container) (element-type PhAddress): who got a copy unseen by the others
 */
GPtrArray *
ph_message_envelope_get_bcc (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_addresses (self, BCC);
}
