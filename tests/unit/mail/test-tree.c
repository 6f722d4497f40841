/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Value trees out of text and back. */
#include "test-tree.h"

#include <string.h>

static const char *
add_quoted (PhValueBuilder *builder, const char *p, GStringChunk *chunk)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (p++; *p != '"'; p++)
    {
      if (*p == '\\')
        p++;
      g_assert_true (*p != '\0');
      g_string_append_c (text, *p);
    }
  ph_value_builder_add (builder, PH_VALUE_STRING, g_string_chunk_insert_len (chunk, text->str, (gssize) text->len), text->len);
  return p + 1;
}

static const char *
add_word (PhValueBuilder *builder, const char *p)
{
  const char *start = p;
  int brackets = 0;

  for (; *p != '\0' && (brackets > 0 || strchr (" ()", *p) == NULL); p++)
    brackets += *p == '[' ? 1 : *p == ']' ? -1 : 0;
  if (p - start == 3 && g_ascii_strncasecmp (start, "NIL", 3) == 0)
    ph_value_builder_add (builder, PH_VALUE_NIL, start, 3);
  else
    ph_value_builder_add (builder, PH_VALUE_ATOM, start, (gsize) (p - start));
  return p;
}

static const char *
add_literal (PhValueBuilder *builder, const char *p)
{
  const char *end = strchr (p, '}');

  g_assert_nonnull (end);
  ph_value_builder_add (builder, PH_VALUE_LITERAL, p + 1, (gsize) (end - p - 1));
  return end + 1;
}

PhValue *
test_tree (const char *text)
{
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  GStringChunk *chunk = g_string_chunk_new (256);
  PhValue *tree;
  const char *p = text;

  while (*p != '\0')
    {
      switch (*p)
        {
        case ' ':
          p++;
          break;
        case '(':
          ph_value_builder_open (builder);
          p++;
          break;
        case ')':
          ph_value_builder_close (builder);
          p++;
          break;
        case '"':
          p = add_quoted (builder, p, chunk);
          break;
        case '{':
          p = add_literal (builder, p);
          break;
        default:
          p = add_word (builder, p);
        }
    }
  tree = ph_value_copy (ph_value_builder_peek (builder));
  g_string_chunk_free (chunk);
  return tree;
}

PhValue *
test_value (const char *text)
{
  g_autoptr (PhValue) tree = test_tree (text);

  return ph_value_copy (ph_value_first (tree));
}

static void
append_value (GString *text, const PhValue *value)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  switch (ph_value_get_kind (value))
    {
    case PH_VALUE_NIL:
      g_string_append (text, "NIL");
      return;
    case PH_VALUE_LIST:
      g_string_append_c (text, '(');
      for (const PhValue *child = ph_value_first (value); child != NULL; child = ph_value_next (child))
        {
          if (text->str[text->len - 1] != '(')
            g_string_append_c (text, ' ');
          append_value (text, child);
        }
      g_string_append_c (text, ')');
      return;
    case PH_VALUE_STRING:
      g_string_append_printf (text, "\"%.*s\"", (int) length, data);
      return;
    case PH_VALUE_LITERAL:
      g_string_append_printf (text, "{%.*s}", (int) length, data);
      return;
    case PH_VALUE_NUMBER:
      g_string_append_c (text, '#');
      break;
    case PH_VALUE_ATOM:
    default:
      break;
    }
  g_string_append_len (text, data, (gssize) length);
}

char *
test_tree_string (const PhValue *value)
{
  GString *text = g_string_new (NULL);

  append_value (text, value);
  return g_string_free (text, FALSE);
}
