/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search keys as RFC 9051 section 6.4.4 writes them, each word an argument, into a query. */
#include "tool.h"

#include <string.h>

#define DEEPEST 16

typedef struct
{
  char **next; /* the word to read */
  guint depth;
} Words;

typedef struct
{
  const char *name;
  PhQuery *(*plain) (PhQuery *);
  PhQuery *(*text) (PhQuery *, const char *);
  PhQuery *(*day) (PhQuery *, GDateTime *);
  PhQuery *(*size) (PhQuery *, guint32);
  const char *flag; /* of a key that is NOT of a flag */
} Key;

static const Key keys[] = {
  { "ALL", .plain = ph_query_all },
  { "ANSWERED", .plain = ph_query_answered },
  { "BCC", .text = ph_query_bcc },
  { "BEFORE", .day = ph_query_before },
  { "BODY", .text = ph_query_body },
  { "CC", .text = ph_query_cc },
  { "DELETED", .plain = ph_query_deleted },
  { "DRAFT", .plain = ph_query_draft },
  { "FILTER", .text = ph_query_filter },
  { "FLAGGED", .plain = ph_query_flagged },
  { "FROM", .text = ph_query_from },
  { "KEYWORD", .text = ph_query_flag },
  { "LARGER", .size = ph_query_larger },
  { "OLDER", .size = ph_query_older },
  { "ON", .day = ph_query_on },
  { "SEEN", .plain = ph_query_seen },
  { "SENTBEFORE", .day = ph_query_sent_before },
  { "SENTSINCE", .day = ph_query_sent_since },
  { "SINCE", .day = ph_query_since },
  { "SMALLER", .size = ph_query_smaller },
  { "SUBJECT", .text = ph_query_subject },
  { "TEXT", .text = ph_query_text },
  { "TO", .text = ph_query_to },
  { "UNANSWERED", .flag = "\\Answered" },
  { "UNDELETED", .flag = "\\Deleted" },
  { "UNDRAFT", .flag = "\\Draft" },
  { "UNFLAGGED", .flag = "\\Flagged" },
  { "UNKEYWORD", .text = ph_query_not_flag },
  { "UNSEEN", .plain = ph_query_unseen },
  { "YOUNGER", .size = ph_query_younger },
};

static gboolean parse_key (Words *words, PhQuery *query, GError **error);

/* "2026-11-23" or "23-Nov-2026" */
static GDateTime *
parse_day (const char *word)
{
  static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
  g_auto (GStrv) parts = g_strsplit (word, "-", 4);
  guint64 number[3] = { 0, 0, 0 };

  if (g_strv_length (parts) != 3)
    return NULL;
  for (int i = 0; i < 3; i++)
    {
      for (guint month = 0; i == 1 && month < G_N_ELEMENTS (months); month++)
        if (g_ascii_strcasecmp (parts[1], months[month]) == 0)
          number[1] = month + 1;
      if (number[i] == 0 && !g_ascii_string_to_unsigned (parts[i], 10, 1, 9999, &number[i], NULL))
        return NULL;
    }
  return number[0] > 31 ? ph_date ((int) number[0], (int) number[1], (int) number[2])
                        : ph_date ((int) number[2], (int) number[1], (int) number[0]);
}

static gboolean
apply (const Key *key, const char *value, PhQuery *query, GError **error)
{
  g_autoptr (GDateTime) day = NULL;
  guint64 octets;

  if (key->text != NULL)
    key->text (query, value);
  else if (key->day != NULL)
    {
      day = parse_day (value);
      if (day == NULL)
        return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "%s is no day: write 2026-11-23 or 23-Nov-2026", value);
      key->day (query, day);
    }
  else
    {
      if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT32, &octets, NULL))
        return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "%s is no number of octets or seconds, up to 4294967295", value);
      key->size (query, (guint32) octets);
    }
  return TRUE;
}

static gboolean
parse_known (const Key *key, Words *words, PhQuery *query, GError **error)
{
  if (key->plain != NULL)
    key->plain (query);
  else if (key->flag != NULL)
    ph_query_not_flag (query, key->flag);
  else if (*words->next == NULL)
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "the search key %s needs a value", key->name);
  else
    return apply (key, *words->next++, query, error);
  return TRUE;
}

static PhQuery *
parse_one (Words *words, GError **error)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  return parse_key (words, query, error) ? g_steal_pointer (&query) : NULL;
}

static gboolean
parse_not (Words *words, PhQuery *query, GError **error)
{
  g_autoptr (PhQuery) other = parse_one (words, error);

  if (other == NULL)
    return FALSE;
  ph_query_not (query, other);
  return TRUE;
}

static gboolean
parse_fuzzy (Words *words, PhQuery *query, GError **error)
{
  g_autoptr (PhQuery) other = parse_one (words, error);

  if (other == NULL)
    return FALSE;
  ph_query_fuzzy (query, other);
  return TRUE;
}

static gboolean
parse_or (Words *words, PhQuery *query, GError **error)
{
  g_autoptr (PhQuery) one = parse_one (words, error);
  g_autoptr (PhQuery) other = one != NULL ? parse_one (words, error) : NULL;

  if (other == NULL)
    return FALSE;
  ph_query_or (query, one, other);
  return TRUE;
}

static gboolean
parse_header (Words *words, PhQuery *query, GError **error)
{
  if (words->next[0] == NULL || words->next[1] == NULL)
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "the search key HEADER needs a field and a value");
  ph_query_header (query, words->next[0], words->next[1]);
  words->next += 2;
  return TRUE;
}

static gboolean
parse_set (const char *word, gboolean by_uid, PhQuery *query, GError **error)
{
  g_autoptr (PhMessageSet) set =
    by_uid ? ph_message_set_new_from_string (word, error) : ph_message_set_new_numbers (word, error);

  if (set == NULL)
    return FALSE;
  ph_query_in_set (query, set);
  return TRUE;
}

static gboolean
parse_uid (Words *words, PhQuery *query, GError **error)
{
  if (*words->next == NULL)
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "the search key UID needs a set, like 5 or 1:9");
  return parse_set (*words->next++, TRUE, query, error);
}

static gboolean
parse_word (Words *words, PhQuery *query, GError **error)
{
  const char *word = *words->next++;

  if (g_ascii_isdigit (*word) || *word == '*')
    return parse_set (word, FALSE, query, error);
  if (g_ascii_strcasecmp (word, "NOT") == 0)
    return parse_not (words, query, error);
  if (g_ascii_strcasecmp (word, "FUZZY") == 0)
    return parse_fuzzy (words, query, error);
  if (g_ascii_strcasecmp (word, "OR") == 0)
    return parse_or (words, query, error);
  if (g_ascii_strcasecmp (word, "HEADER") == 0)
    return parse_header (words, query, error);
  if (g_ascii_strcasecmp (word, "UID") == 0)
    return parse_uid (words, query, error);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_ascii_strcasecmp (word, keys[i].name) == 0)
      return parse_known (&keys[i], words, query, error);
  return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "there is no search key %s; --raw sends keys as they are", word);
}

static gboolean
parse_key (Words *words, PhQuery *query, GError **error)
{
  gboolean ok;

  if (*words->next == NULL)
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "a search key is missing at the end");
  if (words->depth >= DEEPEST)
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "search keys are nested too deeply at %s", *words->next);
  words->depth++;
  ok = parse_word (words, query, error);
  words->depth--;
  return ok;
}

/* All of @words must hold; a single argument with blanks is taken apart as a shell would. */
PhQuery *
tool_parse_keys (char **words, GError **error)
{
  g_autoptr (PhQuery) query = ph_query_new ();
  g_auto (GStrv) split = NULL;
  Words reader = { .next = words };

  if (words[0] != NULL && words[1] == NULL && strchr (words[0], ' ') != NULL)
    {
      if (!g_shell_parse_argv (words[0], NULL, &split, error))
        return NULL;
      reader.next = split;
    }
  do
    if (!parse_key (&reader, query, error))
      return NULL;
  while (*reader.next != NULL);
  return g_steal_pointer (&query);
}
