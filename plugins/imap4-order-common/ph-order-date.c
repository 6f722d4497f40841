/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Date field in UTC (RFC 5322 section 3.3 with the obsolete forms of section 4.3).
 *
 *   date-time = [day-name ","] day month year [hour ":" minute [":" second] [zone]]
 *   zone      = ("+" / "-") 4DIGIT / "UT" / "GMT" / "EST" … / anything else: UTC
 */
#include "ph-order.h"

#include <string.h>

/* Blanks and comments, which nest (RFC 5322 section 3.2.2) */
static const char *
skip (const char *at)
{
  guint depth = 0;

  for (; *at != '\0'; at++)
    if (*at == '(')
      depth++;
    else if (*at == ')' && depth > 0)
      depth--;
    else if (*at == '\\' && depth > 0 && at[1] != '\0')
      at++;
    else if (depth == 0 && !g_ascii_isspace (*at))
      break;
  return at;
}

static const char *
skip_word (const char *at)
{
  while (g_ascii_isalpha (*at))
    at++;
  return at;
}

/* Up to @max digits; FALSE: not one */
static gboolean
read_number (const char **at, guint max, int *number, guint *n_digits)
{
  guint n = 0;

  *number = 0;
  for (; n < max && g_ascii_isdigit ((*at)[n]); n++)
    *number = *number * 10 + ((*at)[n] - '0');
  *at += n;
  if (n_digits != NULL)
    *n_digits = n;
  return n > 0 && !g_ascii_isdigit (**at);
}

static gboolean
read_month (const char **at, int *month)
{
  static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

  for (int i = 0; i < 12; i++)
    if (g_ascii_strncasecmp (*at, names + 3 * i, 3) == 0)
      {
        *month = i + 1;
        *at = skip_word (*at);
        return TRUE;
      }
  return FALSE;
}

/* RFC 5322 section 4.3 */
static int
widen_year (int year, guint n_digits)
{
  if (n_digits == 2)
    return year < 50 ? year + 2000 : year + 1900;
  return n_digits == 3 ? year + 1900 : year;
}

static gboolean
read_day (const char **at, int *day, int *month, int *year)
{
  guint n_digits;

  *at = skip (*at);
  if (g_ascii_isalpha (**at))
    {
      *at = skip (skip_word (*at));
      if (**at == ',')
        *at = skip (*at + 1);
    }
  if (!read_number (at, 2, day, NULL))
    return FALSE;
  *at = skip (*at);
  if (**at == '-')
    *at = skip (*at + 1);
  if (!read_month (at, month))
    return FALSE;
  *at = skip (*at);
  if (**at == '-')
    *at = skip (*at + 1);
  if (!read_number (at, 4, year, &n_digits))
    return FALSE;
  *year = widen_year (*year, n_digits);
  return TRUE;
}

/* Seconds since midnight; -1: no such time */
static int
read_time (const char **at)
{
  int hour = 0, minute = 0, second = 0;

  *at = skip (*at);
  if (!read_number (at, 2, &hour, NULL))
    return -1;
  *at = skip (*at);
  if (**at != ':' && **at != '.')
    return -1;
  *at = skip (*at + 1);
  if (!read_number (at, 2, &minute, NULL))
    return -1;
  *at = skip (*at);
  if (**at == ':' || **at == '.')
    {
      *at = skip (*at + 1);
      if (!read_number (at, 2, &second, NULL))
        return -1;
    }
  if (hour > 23 || minute > 59 || second > 60)
    return -1;
  return hour * 3600 + minute * 60 + MIN (second, 59);
}

/* Seconds east of Greenwich */
static int
read_zone (const char *at)
{
  static const struct {
    const char *name;
    int         hours;
  } zones[] = { { "EDT", -4 }, { "EST", -5 }, { "CDT", -5 }, { "CST", -6 }, { "MDT", -6 }, { "MST", -7 }, { "PDT", -7 }, { "PST", -8 } };
  int offset;

  at = skip (at);
  if (*at == '+' || *at == '-')
    {
      int         sign = *at == '-' ? -1 : 1;
      const char *digits = at + 1;
      guint       n_digits;

      if (read_number (&digits, 4, &offset, &n_digits) && n_digits == 4 && offset % 100 < 60)
        return sign * (offset / 100 * 3600 + offset % 100 * 60);
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    if (g_ascii_strncasecmp (at, zones[i].name, 3) == 0 && !g_ascii_isalpha (at[3]))
      return zones[i].hours * 3600;
  return 0;
}

gboolean
ph_order_parse_date (const char *text, gint64 *seconds)
{
  g_autoptr (GDateTime) midnight = NULL;
  int day, month, year, time;

  if (text == NULL || !read_day (&text, &day, &month, &year))
    return FALSE;
  midnight = g_date_time_new_utc (year, month, day, 0, 0, 0);
  if (midnight == NULL)
    return FALSE;

  time = read_time (&text);
  *seconds = g_date_time_to_unix (midnight) + MAX (time, 0) - (time >= 0 ? read_zone (text) : 0);
  return TRUE;
}
