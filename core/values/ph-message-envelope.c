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

#define N_LISTS (PH_ADDRESS_BCC + 1)

enum { DATE, SUBJECT, IN_REPLY_TO, MESSAGE_ID, N_TEXTS };

/**
 * PhMessageEnvelope:
 *
 * The server's digest of a message's header (RFC 9051 section 7.5.2, ENVELOPE). It is read once, in one piece, and holds its
 * message: what it gives out is valid as long as it is. It does not change; any thread may read it.
 */
struct _PhMessageEnvelope {
  gatomicrefcount refs;
  guint n[N_LISTS];
  PhMessage *message;
  const char *texts[N_TEXTS];
  PhAddress *lists[N_LISTS];
  GPtrArray *decoded;           /* what isn't text as it stands; NULL where all is */
};

G_DEFINE_BOXED_TYPE (PhMessageEnvelope, ph_message_envelope, ph_message_envelope_ref, ph_message_envelope_unref)

static G_GNUC_NO_INLINE const char *
keep_decoded (PhMessageEnvelope *self, const char *text, gsize length, gboolean words)
{
  if (self->decoded == NULL)
    self->decoded = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->decoded, words ? ph_header_text_decode (text, length) : ph_header_text_plain (text, length));
  return g_ptr_array_index (self->decoded, self->decoded->len - 1);
}

static inline const char *
read_text (PhMessageEnvelope *self, PhText text, gboolean words)
{
  /* RFC 9051: NIL and the empty string are the same */
  if (G_UNLIKELY (!text.clean && text.text != NULL && !ph_header_text_is_clean (text.text, text.length, words)))
    return keep_decoded (self, text.text, text.length, words);
  return text.text;
}

/* Where the lists of addresses stand, NULL for what is none; and behind them. Servers repeat the author where there is no Sender or Reply-To (RFC 9051
 * section 7.5.2): for the same octets as in the one before, that is given again, and read once. @n: how many addresses there may be; @room: octets in
 * which their joined text fits, which is no longer than the lists */
static inline const guint8 *
find_lists (const guint8 *p, const PhValue **lists, guint *n, gsize *room)
{
  const PhValue *before = NULL;
  guint32 before_span = 0;

  *n = 0;
  *room = 0;
  for (guint i = 0; i < N_LISTS; i++)
    {
      const PhValue *value = (const PhValue *) p;
      guint32 span;

      if (G_UNLIKELY (*p != PH_VALUE_LIST))
        {
          value = ph_value_at (value);
          if (value == NULL || ph_value_kind (value) != PH_VALUE_LIST)
            {
              p = value != NULL ? ph_value_octets (ph_value_behind (value)) : p;
              lists[i] = NULL;
              before_span = 0;
              continue;
            }
        }
      /* addresses, or one without a list around it */
      span = ph_value_load32 (ph_value_octets (value) + 1);
      p = ph_value_octets (value) + span;
      if (span != before_span || memcmp (value, before, span) != 0)
        {
          before = value;
          before_span = span;
          *n += ph_value_get_count (value);
          *room += span;
        }
      lists[i] = before;
    }
  return p;
}

PhMessageEnvelope *
ph_message_envelope_new_for_value (PhMessage *message, const PhValue *value)
{
  const PhValue *lists[N_LISTS];
  PhText date, subject, in_reply_to, message_id;
  const PhValue *before = NULL;
  PhMessageEnvelope *self;
  PhAddress *addresses, *first = NULL;
  const guint8 *p;
  gsize room;
  guint n, count = 0;
  char *text;

  if (value == NULL || ph_value_kind (value) != PH_VALUE_LIST)
    return NULL;

  p = ph_value_octets (value) + PH_VALUE_LIST_HEAD;
  p = ph_value_take_text (p, &date);
  p = ph_value_take_text (p, &subject);
  p = find_lists (p, lists, &n, &room);
  p = ph_value_take_text (p, &in_reply_to);
  ph_value_take_text (p, &message_id);

  self = ph_message_alloc_view (message, sizeof *self + n * sizeof *addresses + room);
  self->refs = 1;
  self->message = ph_message_hold (message);
  self->decoded = NULL;
  self->texts[DATE] = read_text (self, date, FALSE);
  self->texts[SUBJECT] = read_text (self, subject, TRUE);
  self->texts[IN_REPLY_TO] = read_text (self, in_reply_to, FALSE);
  self->texts[MESSAGE_ID] = read_text (self, message_id, FALSE);

  addresses = (PhAddress *) (self + 1);
  text = (char *) (addresses + n);
  for (guint i = 0; i < N_LISTS; i++)
    {
      if (lists[i] != before)
        {
          before = lists[i];
          first = addresses;
          count = before != NULL ? ph_address_read_list (before, self, first, &text, &self->decoded) : 0;
          addresses += count;
        }
      self->lists[i] = first;
      self->n[i] = count;
    }
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

  g_atomic_int_inc (&self->refs);
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

  PhMessage *message = self->message;
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;
  g_clear_pointer (&self->decoded, g_ptr_array_unref);
  ph_message_free_view (message, self);
  ph_message_release (message);
}

static GPtrArray *
dup_addresses (PhMessageEnvelope *self, PhAddressField field)
{
  guint n = self->n[field];
  GPtrArray *addresses = g_ptr_array_new_full (n, (GDestroyNotify) ph_address_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (addresses, ph_address_ref (&self->lists[field][i]));
  return addresses;
}

/**
 * ph_message_envelope_get_date:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the Date field's text as the sender wrote it
 */
const char *
ph_message_envelope_get_date (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[DATE];
}

/**
 * ph_message_envelope_get_subject:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the subject as UTF-8, encoded words (RFC 2047) decoded
 */
const char *
ph_message_envelope_get_subject (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[SUBJECT];
}

/**
 * ph_message_envelope_get_in_reply_to:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the id of the message that this one answers, with its angle brackets
 */
const char *
ph_message_envelope_get_in_reply_to (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[IN_REPLY_TO];
}

/**
 * ph_message_envelope_get_message_id:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the message's id, with its angle brackets
 */
const char *
ph_message_envelope_get_message_id (PhMessageEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[MESSAGE_ID];
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

  return dup_addresses (self, PH_ADDRESS_FROM);
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

  return dup_addresses (self, PH_ADDRESS_SENDER);
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

  return dup_addresses (self, PH_ADDRESS_REPLY_TO);
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

  return dup_addresses (self, PH_ADDRESS_TO);
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

  return dup_addresses (self, PH_ADDRESS_CC);
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

  return dup_addresses (self, PH_ADDRESS_BCC);
}

/**
 * ph_message_envelope_get_n_addresses:
 * @self: an envelope
 * @field: which field
 *
 * Returns: how many addresses the field has; of a group its members count
 */
guint
ph_message_envelope_get_n_addresses (PhMessageEnvelope *self, PhAddressField field)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail ((guint) field < N_LISTS, 0);

  return self->n[field];
}

/**
 * ph_message_envelope_get_address:
 * @self: an envelope
 * @field: which field
 * @index: counted from 0
 *
 * One address of a field, without an array around it.
 *
 * Returns: (transfer none) (nullable): the address, valid as long as the envelope; %NULL past the last
 */
PhAddress *
ph_message_envelope_get_address (PhMessageEnvelope *self, PhAddressField field, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail ((guint) field < N_LISTS, NULL);

  return index < self->n[field] ? &self->lists[field][index] : NULL;
}
