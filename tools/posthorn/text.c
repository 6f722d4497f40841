/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text for a terminal: what strangers wrote must not move its cursor, change its colours or its reading direction. */
#include "tool.h"

static gboolean
is_dangerous (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) ||      /* C0, DEL, C1 */
         (c >= 0x202a && c <= 0x202e) ||              /* bidirectional embeddings and overrides */
         (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

/* Valid UTF-8 on one line; @text may be NULL, which gives "". */
char *
tool_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_sized_new (64);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\r' || c == '\t')
        g_string_append_c (clean, ' ');
      else
        g_string_append_unichar (clean, is_dangerous (c) ? 0xfffd : c);
    }
  return g_string_free (clean, FALSE);
}

/* In columns of a terminal. */
int
tool_text_width (const char *text)
{
  int width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/* "plaintext client-first"; "" for 0 */
char *
tool_flags_words (GType type, guint value, const char *separator)
{
  GFlagsClass *flags = g_type_class_ref (type);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < flags->n_values; i++)
    if (flags->values[i].value != 0 && (value & flags->values[i].value) == flags->values[i].value)
      g_string_append_printf (words, "%s%s", words->len > 0 ? separator : "", flags->values[i].value_nick);
  g_type_class_unref (flags);
  return g_string_free (words, FALSE);
}

const char *
tool_enum_word (GType type, int value)
{
  GEnumClass *class = g_type_class_ref (type);
  GEnumValue *entry = g_enum_get_value (class, value);
  const char *word = entry != NULL ? entry->value_nick : "unknown";

  g_type_class_unref (class);
  return word; /* static data of the library */
}

/* "12.3 kB" */
char *
tool_format_size (guint64 octets)
{
  return g_format_size (octets);
}

void
tool_print_line (const char *label, const char *text)
{
  g_autofree char *clean = tool_clean (text);

  if (*clean != '\0')
    g_print ("%-14s %s\n", label, clean);
}
