/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* INTERNALDATE as servers write it; never through the locale.
 *
 *   date-time      = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE     RFC 9051 section 9
 *   date-day-fixed = (SP DIGIT) / 2DIGIT
 *   date-month     = "Jan" / "Feb" / …
 *   date-year      = 4DIGIT
 *   time           = 2DIGIT ":" 2DIGIT ":" 2DIGIT
 *   zone           = ("+" / "-") 4DIGIT
 *
 * Also read: the form of a Date field, "Fri, 13 Feb 2026"; one-digit days and hours, years of two and three digits (RFC 5322 section 4.3), no seconds, zones
 * by name, without a sign or with a colon, and none at all.
 */
#include "ph-internal-date.h"

#include <string.h>

typedef struct {
  const char *p;
  const char *end;
} Cursor;

static const char month_names[12][4] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };

/* RFC 5322 section 4.3; every other name says nothing, as "-0000" does */
static const struct {
  char name[4];
  int hours;
} zone_names[] = {
  { "EDT", -4 }, { "EST", -5 }, { "CDT", -5 }, { "CST", -6 }, { "MDT", -6 }, { "MST", -7 }, { "PDT", -7 }, { "PST", -8 },
};

static gboolean
skip_char (Cursor *cursor, char c)
{
  if (cursor->p == cursor->end || *cursor->p != c)
    return FALSE;
  cursor->p++;
  return TRUE;
}

static void
skip_blanks (Cursor *cursor)
{
  while (skip_char (cursor, ' ') || skip_char (cursor, '\t'))
    ;
}

/* One to @max digits; returns how many there were. */
static int
read_digits (Cursor *cursor, int max, int *value)
{
  int n = 0;

  *value = 0;
  while (n < max && cursor->p < cursor->end && g_ascii_isdigit (*cursor->p))
    {
      *value = *value * 10 + (*cursor->p++ - '0');
      n++;
    }
  return n;
}

static gboolean
read_month (Cursor *cursor, int *month)
{
  if (cursor->end - cursor->p < 3)
    return FALSE;
  for (int i = 0; i < 12; i++)
    {
      if ((cursor->p[0] | 0x20) != month_names[i][0] || (cursor->p[1] | 0x20) != month_names[i][1] || (cursor->p[2] | 0x20) != month_names[i][2])
        continue;
      cursor->p += 3;
      *month = i + 1;
      return TRUE;
    }
  return FALSE;
}

/* "-", or the blanks of a Date field */
static gboolean
skip_hyphen (Cursor *cursor)
{
  return skip_char (cursor, '-') || skip_char (cursor, ' ');
}

/* "Fri, " */
static void
skip_day_of_week (Cursor *cursor)
{
  if (cursor->end - cursor->p > 4 && g_ascii_isalpha (*cursor->p) && cursor->p[3] == ',')
    cursor->p += 4;
  skip_blanks (cursor);
}

static gboolean
read_date (Cursor *cursor, int *year, int *month, int *day)
{
  int digits;

  skip_blanks (cursor);
  skip_day_of_week (cursor);
  if (read_digits (cursor, 2, day) == 0 || !skip_hyphen (cursor))
    return FALSE;
  if (!read_month (cursor, month) || !skip_hyphen (cursor))
    return FALSE;
  digits = read_digits (cursor, 4, year);
  if (digits < 2)
    return FALSE;
  if (digits == 2)
    *year += *year < 50 ? 2000 : 1900;
  else if (digits == 3)
    *year += 1900;
  return TRUE;
}

static gboolean
read_time (Cursor *cursor, int *hour, int *minute, int *second)
{
  *second = 0;
  if (read_digits (cursor, 2, hour) == 0 || !skip_char (cursor, ':') || read_digits (cursor, 2, minute) == 0)
    return FALSE;
  if (skip_char (cursor, ':') && read_digits (cursor, 2, second) == 0)
    return FALSE;
  /* A leap second has no place in a GDateTime. */
  *second = MIN (*second, 59);
  return TRUE;
}

static int
named_zone (const Cursor *cursor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (zone_names); i++)
    {
      if (cursor->end - cursor->p >= 3 && g_ascii_strncasecmp (cursor->p, zone_names[i].name, 3) == 0)
        return zone_names[i].hours * 3600;
    }
  return 0;
}

/* Seconds east of UTC; 0 for what can't be read: a moment that is hours off beats none. */
static int
read_zone (Cursor *cursor)
{
  int sign = 1;
  int hours, minutes = 0;
  int digits;

  skip_blanks (cursor);
  if (skip_char (cursor, '-'))
    sign = -1;
  else
    skip_char (cursor, '+');
  digits = read_digits (cursor, 4, &hours);
  if (digits == 0)
    return named_zone (cursor);
  if (digits >= 3)
    {
      minutes = hours % 100;
      hours /= 100;
    }
  else if (skip_char (cursor, ':'))
    read_digits (cursor, 2, &minutes);
  if (hours > 23 || minutes > 59)
    return 0;
  return sign * (hours * 3600 + minutes * 60);
}

/* Making a zone costs more than all else here, and mail has few: those of whole quarters of an hour are kept. */
static GTimeZone *
get_zone (int seconds)
{
  enum { QUARTER = 900, REACH = 4 * 24 };
  static GTimeZone *zones[2 * REACH + 1];
  GTimeZone **place = &zones[seconds / QUARTER + REACH];
  GTimeZone *zone;

  if (seconds % QUARTER != 0)
    return g_time_zone_new_offset (seconds);
  zone = g_atomic_pointer_get (place);
  if (zone == NULL)
    {
      zone = g_time_zone_new_offset (seconds);
      if (!g_atomic_pointer_compare_and_exchange (place, NULL, zone))
        {
          g_time_zone_unref (zone);
          zone = g_atomic_pointer_get (place);
        }
    }
  return g_time_zone_ref (zone);
}

GDateTime *
ph_internal_date_parse (const char *text, gsize length)
{
  Cursor cursor = { text, text + length };
  g_autoptr (GTimeZone) zone = NULL;
  int year, month, day, hour, minute, second;

  if (!read_date (&cursor, &year, &month, &day))
    return NULL;
  skip_blanks (&cursor);
  if (!read_time (&cursor, &hour, &minute, &second))
    return NULL;
  zone = get_zone (read_zone (&cursor));
  return g_date_time_new (zone, year, month, day, hour, minute, second);
}
