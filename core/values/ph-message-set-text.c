/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PhMessageSet as the protocol writes it.
 *
 *   sequence-set = (seq-number / seq-range) ["," sequence-set]      RFC 9051 section 9
 *   seq-range    = seq-number ":" seq-number                        either order
 *   seq-number   = nz-number / "*"
 */
#include "ph-message-set-data.h"

static gboolean
parse_number (const char **cursor, guint32 *number)
{
  const char *p = *cursor;
  guint64 value = 0;

  if (*p == '*')
    {
      *cursor = p + 1;
      *number = PH_MESSAGE_SET_STAR;
      return TRUE;
    }
  for (; g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint64) (*p - '0');
      if (value > G_MAXUINT32)
        return FALSE;
    }
  if (p == *cursor || value == 0)
    return FALSE;
  *cursor = p;
  *number = (guint32) value;
  return TRUE;
}

static gboolean
parse_ranges (PhMessageSet *self, const char *text, const char **where)
{
  const char *p = text;

  for (;;)
    {
      guint32 first, last;

      *where = p;
      if (!parse_number (&p, &first))
        return FALSE;
      last = first;
      if (*p == ':')
        {
          p++;
          if (!parse_number (&p, &last))
            return FALSE;
        }
      ph_message_set_add_range (self, first, last);
      if (*p == '\0')
        return TRUE;
      *where = p;
      if (*p++ != ',')
        return FALSE;
    }
}

static PhMessageSet *
new_parsed (const char *text, gboolean by_uid, GError **error)
{
  g_autoptr (PhMessageSet) self = ph_message_set_new (by_uid);
  const char *where;

  if (!parse_ranges (self, text, &where))
    {
      g_autofree char *shown = g_utf8_make_valid (where, (gssize) strnlen (where, 40));

      g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL,
                                              "Not a message set: a number from 1 to 4294967295, a range or “*” is missing at “%s”",
                                              shown));
      return NULL;
    }
  ph_message_set_tidy (self);
  return g_steal_pointer (&self);
}

/**
 * ph_message_set_new_from_string:
 * @text: a set of UIDs, "1:3,7,9:*"
 * @error: return location for a #GError
 *
 * Reads a set of UIDs. Ranges may be in either order, overlap and repeat.
 *
 * Returns: (transfer full): a new set, or %NULL with %PH_ERROR_INVALID_ARGUMENT: empty, a zero, a
 *   number above 4294967295, anything else
 */
PhMessageSet *
ph_message_set_new_from_string (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return new_parsed (text, TRUE, error);
}

/**
 * ph_message_set_new_numbers:
 * @text: a set of sequence numbers, "1:3,7,9:*"
 * @error: return location for a #GError
 *
 * As [ctor@MessageSet.new_from_string], for sequence numbers.
 *
 * Returns: (transfer full): a new set, or %NULL with %PH_ERROR_INVALID_ARGUMENT
 */
PhMessageSet *
ph_message_set_new_numbers (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return new_parsed (text, FALSE, error);
}

static void
append_number (GString *text, guint32 number)
{
  if (number == PH_MESSAGE_SET_STAR)
    g_string_append_c (text, '*');
  else
    g_string_append_printf (text, "%u", number);
}

/**
 * ph_message_set_to_string:
 * @self: a set
 *
 * Writes the set as RFC 9051 does, "1:3,7,9:*"; "$" for one that the server keeps.
 *
 * Returns: (transfer full): its text; "" for an empty set, which no command can carry
 */
char *
ph_message_set_to_string (PhMessageSet *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  ph_message_set_tidy (self);
  text = g_string_new (self->saved ? "$" : NULL);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      const PhMessageRange *range = &ph_message_set_get_ranges (self)[i];

      if (i > 0)
        g_string_append_c (text, ',');
      append_number (text, range->first);
      if (range->last == range->first)
        continue;
      g_string_append_c (text, ':');
      append_number (text, range->last);
    }
  return g_string_free (text, FALSE);
}
