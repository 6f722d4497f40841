/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading values as servers really write them: numbers in quotes, empty strings for NIL. */
#include "ph-value-private.h"
#include "ph-value-read.h"

const guint8 *
ph_value_take_odd_text (const guint8 *p, PhText *text)
{
  const PhValue *value = ph_value_at ((const PhValue *) p);

  *text = (PhText) { NULL, 0, FALSE };
  if (value == NULL)
    return p;
  if (ph_value_kind (value) != PH_VALUE_LIST && ph_value_kind (value) != PH_VALUE_NIL)
    {
      text->text = ph_value_word_text (value, &text->length);
      if (text->length == 0)
        text->text = NULL;
    }
  return ph_value_octets (ph_value_behind (value));
}

/* One digit to eight, before which a list begins: pairs of them become numbers, these pairs of numbers, and so on */
static inline guint64
read_eight (const guint8 *p, guint digits)
{
  guint64 octets;

  G_STATIC_ASSERT (PH_VALUE_LIST_HEAD + 2 >= sizeof octets - 1);
  memcpy (&octets, p + digits - sizeof octets, sizeof octets);
  octets = (GUINT64_FROM_LE (octets) & G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f)) >> (64 - 8 * digits) << (64 - 8 * digits);
  octets = (octets * (1 + (10 << 8))) >> 8 & G_GUINT64_CONSTANT (0x00ff00ff00ff00ff);
  octets = (octets * (1 + (100 << 16))) >> 16 & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  return octets * (1 + (G_GUINT64_CONSTANT (10000) << 32)) >> 32;
}

/* Longer ones, and what servers write in another way */
static G_GNUC_NO_INLINE gboolean
read_odd_number (const PhValue *self, guint64 *number)
{
  const char *text;
  gsize length;
  guint64 value = 0;

  if (ph_value_get_number (self, number))
    return TRUE;
  text = ph_value_get_data (self, &length);
  if (text == NULL || length == 0)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guint) (text[i] - '0');

      if (!g_ascii_isdigit (text[i]) || value > (G_MAXUINT64 - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }
  *number = value;
  return TRUE;
}

gboolean
ph_value_read_number (const PhValue *self, guint64 *number)
{
  guint digits;

  if (self == NULL)
    return FALSE;
  digits = ph_value_octets (self)[1];
  if (G_UNLIKELY (self->head != PH_VALUE_NUMBER || digits - 1 >= 8))
    return read_odd_number (self, number);
  *number = read_eight (ph_value_octets (self) + 2, digits);
  return TRUE;
}

/* What isn't told is 0. */
guint64
ph_value_read_number_or_zero (const PhValue *self)
{
  guint64 number;
  guint digits;

  if (self == NULL)
    return 0;
  digits = ph_value_octets (self)[1];
  if (G_LIKELY (self->head == PH_VALUE_NUMBER && digits - 1 < 8))
    return read_eight (ph_value_octets (self) + 2, digits);
  return read_odd_number (self, &number) ? number : 0;
}

guint32
ph_value_read_uint32 (const PhValue *self)
{
  guint64 number;

  return ph_value_read_number (self, &number) && number <= G_MAXUINT32 ? (guint32) number : 0;
}

gboolean
ph_value_is_empty (const PhValue *self)
{
  gsize length;

  if (ph_value_is_nil (self))
    return TRUE;
  return ph_value_get_data (self, &length) != NULL && length == 0;
}

/* ASCII letters match in either case */
static inline gboolean
match_octets (const char *text, const char *name, gsize length)
{
  for (const char *end = text + length; text < end; text++, name++)
    if (*text != *name && ((*text ^ *name) != 0x20 || !g_ascii_isalpha (*text)))
      return FALSE;
  return TRUE;
}

/* Eight octets at once */
static inline gboolean
match_eight (guint64 octets, guint64 others)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 lower, letters;

  others ^= octets;
  if ((others & ~(ones * 0x20)) != 0)
    return FALSE;
  lower = (octets | ones * 0x20) & (ones * 0x7f);
  letters = ((lower + ones * (0x80 - 'a')) ^ (lower + ones * (0x80 - 'z' - 1))) & ~octets & (ones * 0x80);
  return (others & ~(letters >> 2)) == 0;
}

/* The last block overlaps the one before. */
static inline gboolean
matches (const char *text, const char *name, gsize length)
{
  enum { HALF = sizeof (guint32), BLOCK = sizeof (guint64) };
  const guint8 *octets = (const guint8 *) text, *others = (const guint8 *) name;
  gsize last = length - BLOCK;

  if (length < HALF)
    return match_octets (text, name, length);
  if (length <= BLOCK)
    return match_eight ((guint64) ph_value_load32 (octets) << 32 | ph_value_load32 (octets + length - HALF),
                        (guint64) ph_value_load32 (others) << 32 | ph_value_load32 (others + length - HALF));
  for (gsize i = 0; i < last; i += BLOCK)
    if (!match_eight (ph_value_load64 (octets + i), ph_value_load64 (others + i)))
      return FALSE;
  return match_eight (ph_value_load64 (octets + last), ph_value_load64 (others + last));
}

static G_GNUC_NO_INLINE const PhValue *
look_up_from (const PhValue *key, const char *name, gsize length)
{
  while (key != NULL)
    {
      const PhValue *value = ph_value_step (key);
      gsize key_length;
      const char *text;

      if (value == NULL)
        return NULL;
      if (ph_value_kind (key) != PH_VALUE_LIST && ph_value_kind (key) != PH_VALUE_NIL)
        {
          text = ph_value_word_text (key, &key_length);
          if (key_length == length && matches (text, name, length))
            return value;
        }
      key = ph_value_step (value);
    }
  return NULL;
}

const PhValue *
ph_value_look_up (const PhValue *pairs, const char *name)
{
  gsize length = strlen (name);
  const guint8 *key;

  if (pairs == NULL || ph_value_kind (pairs) != PH_VALUE_LIST)
    return NULL;

  /* most have one, and many know its name */
  key = ph_value_octets (pairs) + PH_VALUE_LIST_HEAD;
  if ((*key & ~PH_VALUE_CLEAN) == PH_VALUE_STRING && key[1] == length && length < 0xff && matches ((const char *) key + 2, name, length))
    return ph_value_at ((const PhValue *) (key + 3 + length));
  return look_up_from (ph_value_at ((const PhValue *) key), name, length);
}
