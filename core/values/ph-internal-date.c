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

/* 1 to 12; 0 for what is none */
static int
find_month (const char *name)
{
  /* by the sum of the second letter and the third */
  static const guint8 months[32] = {
    [1] = 7, [2] = 4, [3] = 6, [5] = 11, [7] = 2, [8] = 12, [15] = 1, [19] = 3, [21] = 9, [23] = 10, [26] = 5, [28] = 8
  };
  int month = months[((name[1] | 0x20) + (name[2] | 0x20)) & 31];
  const char *expected = month_names[month > 0 ? month - 1 : 0];

  return (name[0] | 0x20) == expected[0] && (name[1] | 0x20) == expected[1] && (name[2] | 0x20) == expected[2] ? month : 0;
}

static gboolean
read_month (Cursor *cursor, int *month)
{
  *month = cursor->end - cursor->p >= 3 ? find_month (cursor->p) : 0;
  cursor->p += *month > 0 ? 3 : 0;
  return *month > 0;
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

typedef struct {
  int year, month, day, hour, minute, second;
  int zone; /* seconds east of UTC */
} Moment;

static gboolean
read_moment (const char *text, gsize length, Moment *moment)
{
  Cursor cursor = { text, text + length };

  if (!read_date (&cursor, &moment->year, &moment->month, &moment->day))
    return FALSE;
  skip_blanks (&cursor);
  if (!read_time (&cursor, &moment->hour, &moment->minute, &moment->second))
    return FALSE;
  moment->zone = read_zone (&cursor);
  return TRUE;
}

/* Eight octets that should be digits with '0' taken off, and zeros: not zero where one is beyond 9 */
static inline guint64
find_odd (guint64 digits)
{
  return ((digits + G_GUINT64_CONSTANT (0x7676767676767676)) | digits) & G_GUINT64_CONSTANT (0x8080808080808080);
}

/* Of digits one behind the other: at each place the number of it and the next */
static inline guint64
make_pairs (guint64 digits)
{
  return digits * 10 + (digits >> 8);
}

static inline int
get_pair (guint64 pairs, int place)
{
  return (int) (pairs >> (8 * place) & 0xff);
}

static inline guint64
load (const char *p)
{
  guint64 octets;

  memcpy (&octets, p, sizeof octets);
  return GUINT64_FROM_LE (octets);
}

/* "17-Nov-2026 02:44:25 -0700", which nearly all write, eight octets at once; FALSE for all else */
static gboolean
read_usual (const char *text, gsize length, Moment *moment)
{
  guint64 day, year, clock, zone;
  int seconds;

  if (length != strlen ("17-Nov-2026 02:44:25 -0700") || text[2] != '-' || text[6] != '-' || text[20] != ' ' || (text[21] != '+' && text[21] != '-'))
    return FALSE;

  day = (load (text) & 0xffff) ^ (text[0] == ' ' ? 0x3020 : 0x3030);
  year = load (text + 4) >> 24 ^ G_GUINT64_CONSTANT (0x2030303030);
  clock = load (text + 12) ^ G_GUINT64_CONSTANT (0x30303a30303a3030);
  zone = load (text + 18) >> 32 ^ 0x30303030;
  moment->month = find_month (text + 3);
  if ((find_odd (day) | find_odd (year) | find_odd (clock) | find_odd (zone)) != 0 || moment->month == 0)
    return FALSE;
  /* the blank, the colons */
  if (((year & G_GUINT64_CONSTANT (0xff00000000)) | (clock & G_GUINT64_CONSTANT (0x0000ff0000ff0000))) != 0)
    return FALSE;

  day = make_pairs (day);
  year = make_pairs (year);
  clock = make_pairs (clock);
  zone = make_pairs (zone);
  moment->day = get_pair (day, 0);
  moment->year = get_pair (year, 0) * 100 + get_pair (year, 2);
  moment->hour = get_pair (clock, 0);
  moment->minute = get_pair (clock, 3);
  moment->second = MIN (get_pair (clock, 6), 59);
  seconds = get_pair (zone, 0) < 24 && get_pair (zone, 2) < 60 ? get_pair (zone, 0) * 3600 + get_pair (zone, 2) * 60 : 0;
  moment->zone = text[21] == '-' ? -seconds : seconds;
  return TRUE;
}

GDateTime *
ph_internal_date_parse (const char *text, gsize length)
{
  g_autoptr (GTimeZone) zone = NULL;
  Moment moment;

  if (!read_usual (text, length, &moment) && !read_moment (text, length, &moment))
    return NULL;
  zone = get_zone (moment.zone);
  return g_date_time_new (zone, moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second);
}

static gboolean
is_leap_year (int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* As g_date_time_new () takes it */
static gboolean
is_moment (const Moment *moment)
{
  static const guint8 days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  if (moment->year < 1 || moment->day < 1 || moment->day > days[moment->month - 1] || moment->hour > 23 || moment->minute > 59)
    return FALSE;
  return moment->month != 2 || moment->day < 29 || is_leap_year (moment->year);
}

/* Since 1 January 1970; years begin in March here, so that a leap day is the last */
static gint64
count_days (const Moment *moment)
{
  static const guint16 before[12] = { 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275 };
  guint year = (guint) moment->year - (moment->month <= 2), century = year / 100;

  return (gint64) (year * 365 + year / 4 - century + century / 4 + before[moment->month - 1] + (guint) moment->day - 1) - 719468;
}

gboolean
ph_internal_date_read (const char *text, gsize length, gint64 *time, int *offset)
{
  Moment moment;

  if ((!read_usual (text, length, &moment) && !read_moment (text, length, &moment)) || !is_moment (&moment))
    return FALSE;

  *time = count_days (&moment) * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second - moment.zone;
  *offset = moment.zone;
  return TRUE;
}
