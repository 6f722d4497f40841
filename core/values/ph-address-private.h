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

/* What a placeholder may be, by its length and first letters: MISSING_…, UNSPECIFIED-DOMAIN, .MISSING-… */
static inline gboolean
ph_address_may_be_placeholder (const guint8 *word)
{
  guint length = word[1];

  if (length < 14 || length > 19)
    return FALSE;
  if (word[2] == '.')
    return TRUE;
  /* the second letter tells most */
  return ((word[3] | 0x20) == 'i' && (word[2] | 0x20) == 'm' && (word[4] | 0x20) == 's') || ((word[3] | 0x20) == 'n' && (word[2] | 0x20) == 'u');
}

/* An address as nearly all are: clean, without a route, with mailbox and host. FALSE where it is to be looked at field by field. */
static inline gboolean
ph_address_take_usual (const guint8 *value, PhAddress *address, PhMessageEnvelope *envelope, char **text)
{
  enum { CLEAN = PH_VALUE_STRING | PH_VALUE_CLEAN };
  const guint8 *p = value + PH_VALUE_LIST_HEAD, *local, *host;
  const char *name = NULL;
  char *to = *text;

  if (*p == CLEAN && p[1] > 0)
    name = (const char *) p + 2;
  else if (*p != PH_VALUE_NIL)
    return FALSE;
  p += 3 + p[1];
  if (p[0] != PH_VALUE_NIL || p[1] != 0)
    return FALSE;
  local = p + 3;
  if (*local != CLEAN || local[1] == 0 || ph_address_may_be_placeholder (local))
    return FALSE;
  host = local + 3 + local[1];
  if (*host != CLEAN || host[1] == 0 || ph_address_may_be_placeholder (host))
    return FALSE;

  address->envelope = envelope;
  address->name = name;
  address->email = to;
  to = ph_address_put_text (to, (const char *) local + 2, local[1]);
  *to++ = '@';
  to = ph_address_put_text (to, (const char *) host + 2, host[1]);
  *to++ = '\0';
  *text = to;
  return TRUE;
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
  guint n = 0;

  while (*p == PH_VALUE_LIST && ph_address_take_usual (p, &addresses[n], envelope, text))
    {
      p += ph_value_load32 (p + 1);
      n++;
    }
  if (G_LIKELY (*p == PH_VALUE_END))
    return n;
  return ph_address_read_odd (list, ph_value_at ((const PhValue *) p), n, envelope, addresses, text, decoded);
}

G_END_DECLS
