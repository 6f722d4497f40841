/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RFC 3461 section 4 and RFC 6533 section 3:
 *
 *   xtext               = *( xchar / hexchar )
 *   xchar               = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
 *   hexchar             = ASCII "+" immediately followed by two upper case hexadecimal digits
 *   utf-8-addr-xtext    = 1*(QCHAR / EmbeddedUnicodeChar)
 *   utf-8-addr-unitext  = 1*(QUCHAR / EmbeddedUnicodeChar)
 *   QCHAR               = %x21-2a / %x2c-3c / %x3e-5b / %x5d-7e
 *   EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"
 *
 * and RFC 3339 section 5.6, in UTC and without fractions, as RFC 4865 section 3 and RFC 7293 section 3.1 want it.
 */
#include "ph-smtp-encode.h"

static gboolean
is_xchar (gunichar c)
{
  return c >= '!' && c <= '~' && c != '+' && c != '=';
}

void
ph_smtp_append_xtext (GString *line, const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (is_xchar ((guchar) *c))
      g_string_append_c (line, *c);
    else
      g_string_append_printf (line, "+%02X", (guint) (guchar) *c);
}

void
ph_smtp_append_unitext (GString *line, const char *address, gboolean utf8)
{
  for (const char *c = address; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar point = g_utf8_get_char (c);
      if (point < 0x80 ? is_xchar (point) && point != '\\' : utf8)
        g_string_append_unichar (line, point);
      else
        g_string_append_printf (line, "\\x{%02X}", point);
    }
}

void
ph_smtp_append_time (GString *line, GDateTime *time)
{
  g_autoptr (GDateTime) utc = g_date_time_to_utc (time);

  g_string_append_printf (line, "%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year (utc), g_date_time_get_month (utc),
                          g_date_time_get_day_of_month (utc), g_date_time_get_hour (utc), g_date_time_get_minute (utc),
                          g_date_time_get_second (utc));
}

gboolean
ph_smtp_is_printable (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c < ' ' || *c > '~')
      return FALSE;
  return *text != '\0';
}
