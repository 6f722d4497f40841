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

gboolean
ph_value_read_number (const PhValue *self, guint64 *number)
{
  const char *text;
  gsize length;
  guint64 value = 0;

  if (self == NULL)
    return FALSE;
  if (G_LIKELY (self->head == PH_VALUE_NUMBER && ph_value_octets (self)[1] != 0xff))
    {
      const guint8 *p = ph_value_octets (self) + 2;

      for (guint digits = p[-1]; digits > 0; digits--)
        value = value * 10 + (guint64) (*p++ - '0');
      *number = value;
      return TRUE;
    }
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
matches (const char *text, const char *name, gsize length)
{
  for (const char *end = text + length; text < end; text++, name++)
    if (*text != *name && ((*text ^ *name) != 0x20 || !g_ascii_isalpha (*text)))
      return FALSE;
  return TRUE;
}

const PhValue *
ph_value_look_up (const PhValue *pairs, const char *name)
{
  const PhValue *key = ph_value_first (pairs);
  gsize length = strlen (name);

  while (key != NULL)
    {
      const PhValue *value = ph_value_step (key);
      gsize key_length;
      const char *text = ph_value_get_data (key, &key_length);

      if (value == NULL)
        return NULL;
      if (text != NULL && key_length == length && matches (text, name, length))
        return value;
      key = ph_value_step (value);
    }
  return NULL;
}
