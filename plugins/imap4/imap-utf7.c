/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mailbox names in modified UTF-7 (RFC 3501 section 5.1.3).
 *
 *   name     = *(printable / "&-" / "&" base64 "-")
 *   printable: U+0020 to U+007E except "&"
 *   base64:    of UTF-16BE, with "," for "/", without padding
 *
 * Decoding refuses what encoding wouldn't write: two spellings of one name would be two names for the user.
 */
#include "imap-utf7.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* Bits on their way between units of 6, 8 or 16 */
typedef struct {
  guint32 bits;
  guint   n;
} BitQueue;

static gboolean
is_direct (gunichar c)
{
  return c >= 0x20 && c <= 0x7e;
}

static void
encode_unit (GString *out, BitQueue *queue, guint16 unit)
{
  queue->bits = (queue->bits << 16) | unit;
  queue->n += 16;
  while (queue->n >= 6)
    {
      queue->n -= 6;
      g_string_append_c (out, alphabet[(queue->bits >> queue->n) & 0x3f]);
    }
}

static void
end_shift (GString *out, BitQueue *queue)
{
  if (queue->n > 0)
    g_string_append_c (out, alphabet[(queue->bits << (6 - queue->n)) & 0x3f]);
  g_string_append_c (out, '-');
  *queue = (BitQueue){ 0 };
}

static void
encode_char (GString *out, BitQueue *queue, gunichar c)
{
  if (c > 0xffff)
    {
      encode_unit (out, queue, (guint16) (0xd800 + ((c - 0x10000) >> 10)));
      encode_unit (out, queue, (guint16) (0xdc00 + ((c - 0x10000) & 0x3ff)));
    }
  else
    encode_unit (out, queue, (guint16) c);
}

char *
ph_imap_utf7_encode (const char *name)
{
  GString *out = g_string_new (NULL);
  BitQueue queue = { 0 };
  gboolean shifted = FALSE;

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (shifted && is_direct (c))
        end_shift (out, &queue);
      if (!shifted && !is_direct (c))
        g_string_append_c (out, '&');
      shifted = !is_direct (c);

      if (shifted)
        encode_char (out, &queue, c);
      else if (c == '&')
        g_string_append (out, "&-");
      else
        g_string_append_c (out, (char) c);
    }

  if (shifted)
    end_shift (out, &queue);
  return g_string_free (out, FALSE);
}

/* One UTF-16 unit more; @high is a surrogate that waits for its other half. */
static gboolean
decode_unit (GString *out, guint16 unit, guint16 *high)
{
  gboolean is_high = unit >= 0xd800 && unit <= 0xdbff;
  gboolean is_low = unit >= 0xdc00 && unit <= 0xdfff;

  if (is_low != (*high != 0) || unit == 0)
    return FALSE;

  if (is_high)
    {
      *high = unit;
      return TRUE;
    }

  if (is_low)
    g_string_append_unichar (out, 0x10000 + ((gunichar) (*high - 0xd800) << 10) + (unit - 0xdc00));
  else
    g_string_append_unichar (out, unit);
  *high = 0;
  return TRUE;
}

/* From behind "&" to "-" */
static gboolean
decode_shift (GString *out, const char *p, const char *end)
{
  BitQueue queue = { 0 };
  guint16  high = 0;

  if (p == end)
    {
      g_string_append_c (out, '&');
      return TRUE;
    }

  for (; p < end; p++)
    {
      const char *digit = strchr (alphabet, *p);

      if (digit == NULL || *p == '\0')
        return FALSE;

      queue.bits = (queue.bits << 6) | (guint32) (digit - alphabet);
      queue.n += 6;
      if (queue.n < 16)
        continue;

      queue.n -= 16;
      if (!decode_unit (out, (guint16) (queue.bits >> queue.n), &high))
        return FALSE;
    }

  return high == 0;
}

char *
ph_imap_utf7_decode (const char *name, gsize length)
{
  g_autoptr (GString) out = g_string_sized_new (length);
  g_autofree char *again = NULL;
  const char      *end = name + length;

  for (const char *p = name; p < end; p++)
    {
      const char *minus;

      if (!is_direct ((guint8) *p))
        return NULL;
      if (*p != '&')
        {
          g_string_append_c (out, *p);
          continue;
        }

      minus = memchr (p, '-', end - p);
      if (minus == NULL || !decode_shift (out, p + 1, minus))
        return NULL;
      p = minus;
    }

  again = ph_imap_utf7_encode (out->str);
  if (strlen (again) != length || memcmp (again, name, length) != 0)
    return NULL;

  return g_strdup (out->str);
}
