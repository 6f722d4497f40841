/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes JSON to standard output as it goes along: exact 64-bit integers, no tree in memory, no depth to run out of. */
#include "tool.h"

#include <string.h>

#define FLUSH_AT (64 * 1024)

static GString *pending;
static gboolean need_comma;

static void
flush (void)
{
  fwrite (pending->str, 1, pending->len, stdout);
  g_string_truncate (pending, 0);
}

/* What stands before any element. */
static void
begin (void)
{
  if (pending == NULL)
    pending = g_string_sized_new (FLUSH_AT + 1024);
  if (pending->len >= FLUSH_AT)
    flush ();
  if (need_comma)
    g_string_append_c (pending, ',');
  need_comma = TRUE;
}

static void
append_escaped (const char *text, gsize length)
{
  g_string_append_c (pending, '"');
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c == '"' || c == '\\')
        g_string_append_printf (pending, "\\%c", c);
      else if (c == '\n')
        g_string_append (pending, "\\n");
      else if (c == '\r')
        g_string_append (pending, "\\r");
      else if (c == '\t')
        g_string_append (pending, "\\t");
      else if (c < 0x20 || c == 0x7f)
        g_string_append_printf (pending, "\\u%04x", c);
      else
        g_string_append_c (pending, (char) c);
      if (pending->len >= FLUSH_AT)
        flush ();
    }
  g_string_append_c (pending, '"');
}

static void
open_with (char bracket)
{
  begin ();
  g_string_append_c (pending, bracket);
  need_comma = FALSE;
}

static void
close_with (char bracket)
{
  g_string_append_c (pending, bracket);
  need_comma = TRUE;
}

void
tool_json_open_object (void)
{
  open_with ('{');
}

void
tool_json_close_object (void)
{
  close_with ('}');
}

void
tool_json_open_array (void)
{
  open_with ('[');
}

void
tool_json_close_array (void)
{
  close_with (']');
}

void
tool_json_key (const char *key)
{
  begin ();
  append_escaped (key, strlen (key));
  g_string_append_c (pending, ':');
  need_comma = FALSE;
}

void
tool_json_null (void)
{
  begin ();
  g_string_append (pending, "null");
}

void
tool_json_boolean (gboolean value)
{
  begin ();
  g_string_append (pending, value ? "true" : "false");
}

void
tool_json_number (guint64 value)
{
  begin ();
  g_string_append_printf (pending, "%" G_GUINT64_FORMAT, value);
}

void
tool_json_integer (gint64 value)
{
  begin ();
  g_string_append_printf (pending, "%" G_GINT64_FORMAT, value);
}

/* NUL is a character like others in JSON, but not to g_utf8_validate_len (). */
static gboolean
is_utf8 (const char *data, gsize length)
{
  while (length > 0)
    {
      const char *nul = memchr (data, '\0', length);
      gsize piece = nul != NULL ? (gsize) (nul - data) : length;

      if (!g_utf8_validate_len (data, piece, NULL))
        return FALSE;
      if (nul == NULL)
        return TRUE;
      data += piece + 1;
      length -= piece + 1;
    }
  return TRUE;
}

static void
append_base64 (const guint8 *data, gsize length)
{
  g_string_append_c (pending, '"');
  while (length > 0)
    {
      /* a multiple of 3 has no padding, so that pieces join */
      gsize piece = MIN (length, 3 * 8192);
      g_autofree char *text = g_base64_encode (data, piece);

      g_string_append (pending, text);
      if (pending->len >= FLUSH_AT)
        flush ();
      data += piece;
      length -= piece;
    }
  g_string_append_c (pending, '"');
}

/* {"@key": text}, or {"base64": …} where @data isn't UTF-8; without a @key the bare text in the first case. */
void
tool_json_bytes (const char *key, const void *data, gsize length)
{
  gboolean utf8 = is_utf8 (data, length);

  if (utf8 && key == NULL)
    {
      begin ();
      append_escaped (data, length);
      return;
    }
  tool_json_open_object ();
  tool_json_key (utf8 ? key : "base64");
  begin ();
  if (utf8)
    append_escaped (data, length);
  else
    append_base64 (data, length);
  tool_json_close_object ();
}

/* @text may be NULL. */
void
tool_json_string (const char *text)
{
  if (text == NULL)
    tool_json_null ();
  else
    tool_json_bytes (NULL, text, strlen (text));
}

/* Ends a line, so that a reader in a pipe sees each object when it is complete. */
void
tool_json_end (void)
{
  g_string_append_c (pending, '\n');
  need_comma = FALSE;
  flush ();
  fflush (stdout);
}

void
tool_json_member (const char *key, const char *text)
{
  tool_json_key (key);
  tool_json_string (text);
}

void
tool_json_member_number (const char *key, guint64 value)
{
  tool_json_key (key);
  tool_json_number (value);
}

void
tool_json_member_boolean (const char *key, gboolean value)
{
  tool_json_key (key);
  tool_json_boolean (value);
}

void
tool_json_member_words (const char *key, const char *const *words)
{
  tool_json_key (key);
  tool_json_open_array ();
  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    tool_json_string (words[i]);
  tool_json_close_array ();
}

void
tool_json_member_flags (const char *key, GType type, guint value)
{
  g_autofree char *words = tool_flags_words (type, value, " ");
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  tool_json_member_words (key, *words != '\0' ? (const char *const *) list : NULL);
}

void
tool_json_member_date (const char *key, GDateTime *date)
{
  g_autofree char *text = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

  tool_json_member (key, text);
}
