/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses out of an ENVELOPE. */
#pragma once

#include "ph-value-private.h"

G_BEGIN_DECLS

/* One of an envelope's lives in it, and holds it. */
struct _PhAddress {
  gatomicrefcount    refs;
  PhMessageEnvelope *envelope; /* NULL: it stands alone */
  const char        *name;
  const char        *email;
};

/* Octets that are copied at once, however many are meant */
#define PH_ADDRESS_SHORT 16

/* Behind @from stand the ends of three lists at least (the address or its list, the envelope, the attributes), and behind @to is room for what of
 * the list was not text. */
static inline char *
ph_address_put_text (char *to, const char *from, gsize length)
{
  G_STATIC_ASSERT (1 + 1 + 3 * PH_VALUE_LIST_END >= PH_ADDRESS_SHORT);

  if (G_LIKELY (length <= PH_ADDRESS_SHORT))
    memcpy (to, from, PH_ADDRESS_SHORT);
  else if (length <= 2 * PH_ADDRESS_SHORT)
    {
      memcpy (to, from, PH_ADDRESS_SHORT);
      memcpy (to + length - PH_ADDRESS_SHORT, from + length - PH_ADDRESS_SHORT, PH_ADDRESS_SHORT);
    }
  else
    memcpy (to, from, length);
  return to + length;
}

static inline gboolean
ph_address_is_nil (const guint8 *value)
{
  static const guint8 nil[2] = { PH_VALUE_NIL, 0 };

  return memcmp (value, nil, sizeof nil) == 0;
}

/* What a placeholder may be, by its first letters: MISSING_…, UNSPECIFIED-DOMAIN, .MISSING-… */
static inline gboolean
ph_address_may_be_placeholder (const guint8 *text)
{
  guint second = text[1] | 0x20;

  /* the second letter tells most */
  if (second == 'i')
    return (text[0] | 0x20) == 'm' && (text[2] | 0x20) == 's';
  if (second == 'n')
    return (text[0] | 0x20) == 'u';
  return text[0] == '.';
}

/* The length of a word that is no empty string, clean, and no placeholder; 0 for all others */
static inline guint
ph_address_take_word (const guint8 *word)
{
  guint length = word[1];

  if (G_UNLIKELY (*word != (PH_VALUE_STRING | PH_VALUE_CLEAN)))
    return 0;
  if (length - 14 <= 19 - 14 && G_UNLIKELY (ph_address_may_be_placeholder (word + 2)))
    return 0;
  return length;
}

/* An address as nearly all are: clean, without a route, with mailbox and host; its text goes to @to. Returns what is behind that, NULL where it is to be
 * looked at field by field. */
static inline char *
ph_address_take_usual (const guint8 *value, PhAddress *address, PhMessageEnvelope *envelope, char *to)
{
  const guint8 *p = value + PH_VALUE_LIST_HEAD;
  guint length = 0;

  if (*p == (PH_VALUE_STRING | PH_VALUE_CLEAN))
    length = p[1];
  else if (!ph_address_is_nil (p))
    return NULL;
  address->name = length > 0 ? (const char *) p + 2 : NULL;
  address->envelope = envelope;
  address->email = to;
  p += 3 + length;
  if (!ph_address_is_nil (p))
    return NULL;

  p += 3;
  length = ph_address_take_word (p);
  if (length == 0)
    return NULL;
  to = ph_address_put_text (to, (const char *) p + 2, length);
  *to++ = '@';

  p += 3 + length;
  length = ph_address_take_word (p);
  if (length == 0)
    return NULL;
  to = ph_address_put_text (to, (const char *) p + 2, length);
  *to++ = '\0';
  return to;
}

/* From @first on, where @n addresses were read already */
guint ph_address_read_odd (const PhValue *list, const PhValue *first, guint n, PhMessageEnvelope *envelope, PhAddress *addresses, char **text,
                           GPtrArray **decoded);

/* The members of an env-from and its like, at most as many as @list has children, into @addresses. Their text stays where it is,
 * goes to *@text, which has as many octets as the list, or into @decoded, which is made where it is needed. */
static inline guint
ph_address_read_list (const PhValue *list, PhMessageEnvelope *envelope, PhAddress *addresses, char **text, GPtrArray **decoded)
{
  const guint8 *p = ph_value_octets (list) + PH_VALUE_LIST_HEAD;
  PhAddress *address = addresses;
  char *to = *text;

  for (; *p == PH_VALUE_LIST; p += ph_value_load32 (p + 1), address++)
    {
      char *behind = ph_address_take_usual (p, address, envelope, to);

      if (G_UNLIKELY (behind == NULL))
        break;
      to = behind;
    }
  *text = to;
  if (G_LIKELY (*p == PH_VALUE_END))
    return (guint) (address - addresses);
  return ph_address_read_odd (list, ph_value_at ((const PhValue *) p), (guint) (address - addresses), envelope, addresses, text, decoded);
}

G_END_DECLS
