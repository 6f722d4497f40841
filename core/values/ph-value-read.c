/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading values as servers really write them: numbers in quotes, empty strings for NIL. */
#include "ph-value-read.h"

gboolean
ph_value_read_number (const PhValue *self, guint64 *number)
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

const PhValue *
ph_value_look_up (const PhValue *pairs, const char *name)
{
  const PhValue *key = ph_value_first (pairs);

  while (key != NULL)
    {
      const PhValue *value = ph_value_next (key);

      if (value == NULL)
        return NULL;
      if (ph_value_is (key, name))
        return value;
      key = ph_value_next (value);
    }
  return NULL;
}
