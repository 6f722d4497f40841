/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A value tree as text for people: in errors and in replies. */
#include "ph-value-private.h"

#include <string.h>

static void
append_word (const PhValue *value, GString *string, gsize limit)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  if (data == NULL)
    {
      g_string_append (string, "NIL");
      return;
    }

  g_autofree char *text = g_utf8_make_valid (data, (gssize) MIN (length, limit));
  gboolean quoted = ph_value_kind (value) == PH_VALUE_STRING || ph_value_kind (value) == PH_VALUE_LITERAL;
  if (quoted)
    g_string_append_c (string, '"');
  g_string_append (string, text);
  if (quoted)
    g_string_append_c (string, '"');
}

void
ph_value_append_to (const PhValue *self, GString *string, gsize limit)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = self;
  gsize end = string->len + limit;

  while (string->len < end)
    {
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          g_string_append_c (string, '(');
          if (ph_value_first (node) != NULL)
            {
              g_ptr_array_add (open, (gpointer) node);
              node = ph_value_first (node);
              continue;
            }
          g_string_append_c (string, ')');
        }
      else
        append_word (node, string, end - string->len);

      while (open->len > 0 && ph_value_next (node) == NULL)
        {
          node = g_ptr_array_steal_index (open, open->len - 1);
          g_string_append_c (string, ')');
        }
      if (open->len == 0)
        return;
      g_string_append_c (string, ' ');
      node = ph_value_next (node);
    }
  g_string_append (string, "…");
}
