/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For how long a server asks to be left alone: there is no code for it in any protocol, so it is read out of what is said for people. */
#include <posthorn/posthorn.h>

#include <string.h>

/* Nobody means more, and a server must not switch a client off for ever. */
#define MAX_DELAY 86400

static const struct {
  const char *unit;
  guint64     milliseconds;
} units[] = {
  { "ms", 1 }, { "milli", 1 }, { "sec", 1000 }, { "min", 60 * 1000 }, { "hour", 3600 * 1000 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 3600 * 1000 },
};

/* What stands before the number */
static const char *const words[] = { "backoff time", "try again in", "try again after", "again later in", "retry in", "retry after", "please wait", "wait for" };

/* "299910 milliseconds", "5 minutes", "(30 s)": in milliseconds; 0: it can't be read */
static guint64
read_time (const char *text)
{
  guint64 number = 0;

  text += strspn (text, " \t:=(~");
  if (g_str_has_prefix (text, "about "))
    text += strlen ("about ");
  if (!g_ascii_isdigit (*text))
    return 0;
  for (; g_ascii_isdigit (*text); text++)
    number = MIN (number * 10 + (guint64) (*text - '0'), MAX_DELAY * G_GUINT64_CONSTANT (1000));
  text += strspn (text, " \t-");
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gsize length = strlen (units[i].unit);

      /* a letter alone is a unit where no word begins with it */
      if (g_str_has_prefix (text, units[i].unit) && (length > 1 || !g_ascii_isalpha (text[1])))
        return number * units[i].milliseconds;
    }
  return 0;
}

/**
 * ph_reply_get_delay:
 * @self: a reply
 *
 * For how long the server asks to be left alone. No protocol has a code for it; large providers say it in words: "Suggested Backoff Time:
 * 299910 milliseconds", "try again in 5 minutes". Only of a refusal, and of one that is temporary ([method@Reply.is_temporary]).
 *
 * Returns: seconds, rounded up, at most a day; 0 where it isn't said
 */
guint
ph_reply_get_delay (PhReply *self)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (self != NULL, 0);

  if (!ph_reply_is_temporary (self))
    return 0;
  folded = g_ascii_strdown (ph_reply_get_text (self), -1);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *found = strstr (folded, words[i]);
      guint64     milliseconds = found != NULL ? read_time (found + strlen (words[i])) : 0;

      if (milliseconds > 0)
        return (guint) MIN ((milliseconds + 999) / 1000, MAX_DELAY);
    }
  return 0;
}
