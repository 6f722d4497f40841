/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of IMAP's grammar share. */
#pragma once

#include <posthorn/posthorn-plugin.h>
#include <string.h>

static const PhLimits imap_test_limits = {
  .line = 1 << 20, .literal = 128 << 20, .response = 256 << 20, .nesting = 64, .values = 4000000, .reply_lines = 1000
};

/* A tree as text: atoms as they are, 'string', <literal>, #number, NIL, (lists). */
static inline char *
imap_test_print (const PhValue *root)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();

  for (const PhValue *node = ph_value_first (root); node != NULL || open->len > 0;)
    {
      gsize       length;
      const char *data;

      if (node == NULL)
        {
          g_string_append_c (text, ')');
          node = ph_value_next (g_ptr_array_steal_index (open, open->len - 1));
          continue;
        }

      if (text->len > 0 && text->str[text->len - 1] != '(')
        g_string_append_c (text, ' ');
      data = ph_value_get_data (node, &length);
      switch (ph_value_get_kind (node))
        {
        case PH_VALUE_NIL:
          g_string_append (text, "NIL");
          break;
        case PH_VALUE_ATOM:
          g_string_append_len (text, data, (gssize) length);
          break;
        case PH_VALUE_NUMBER:
          g_string_append_printf (text, "#%.*s", (int) length, data);
          break;
        case PH_VALUE_STRING:
          g_string_append_printf (text, "'%.*s'", (int) length, data);
          break;
        case PH_VALUE_LITERAL:
          g_string_append_printf (text, "<%.*s>", (int) length, data);
          break;
        case PH_VALUE_LIST:
        default:
          g_string_append_c (text, '(');
          g_ptr_array_add (open, (gpointer) node);
          node = ph_value_first (node);
          continue;
        }
      node = ph_value_next (node);
    }

  return g_string_free (text, FALSE);
}
