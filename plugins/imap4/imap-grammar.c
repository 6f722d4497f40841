/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What framer and parser must agree on: the words that begin a response, and where a quoted string ends. */
#include "imap-grammar.h"

#include <string.h>

#define EXCERPT_LENGTH 80

static const struct {
  const char *text;
  PhImapName  name;
} names[] = {
  /* by length, frequent ones first; see first_of_length */
  { "OK", PH_IMAP_NAME_OK },
  { "NO", PH_IMAP_NAME_NO },
  { "BAD", PH_IMAP_NAME_BAD },
  { "BYE", PH_IMAP_NAME_BYE },
  { "LIST", PH_IMAP_NAME_LIST },
  { "LSUB", PH_IMAP_NAME_LSUB },
  { "FETCH", PH_IMAP_NAME_FETCH },
  { "FLAGS", PH_IMAP_NAME_FLAGS },
  { "EXISTS", PH_IMAP_NAME_EXISTS },
  { "RECENT", PH_IMAP_NAME_RECENT },
  { "STATUS", PH_IMAP_NAME_STATUS },
  { "SEARCH", PH_IMAP_NAME_SEARCH },
  { "EXPUNGE", PH_IMAP_NAME_EXPUNGE },
  { "ESEARCH", PH_IMAP_NAME_ESEARCH },
  { "PREAUTH", PH_IMAP_NAME_PREAUTH },
  { "ENABLED", PH_IMAP_NAME_ENABLED },
  { "VANISHED", PH_IMAP_NAME_VANISHED },
  { "CAPABILITY", PH_IMAP_NAME_CAPABILITY },
};

/* names[first_of_length[n]] to names[first_of_length[n + 1]] have n letters */
static const guint8 first_of_length[] = { 0, 0, 0, 2, 4, 6, 8, 12, 16, 17, 17, 18 };

PhImapName
ph_imap_name_lookup (const char *word, gsize length, const char **text)
{
  *text = NULL;
  if (length + 1 >= G_N_ELEMENTS (first_of_length))
    return PH_IMAP_NAME_OTHER;

  for (guint i = first_of_length[length]; i < first_of_length[length + 1]; i++)
    {
      const char *name = names[i].text;
      gsize       j = 0;

      /* letters only: clearing bit 5 makes them upper case */
      while (j < length && (word[j] & ~0x20) == name[j])
        j++;
      if (j == length)
        {
          *text = name;
          return names[i].name;
        }
    }

  return PH_IMAP_NAME_OTHER;
}

const char *
ph_imap_find_quote (const char *p, const char *end, gboolean escapes)
{
  for (; p < end; p++)
    {
      if (*p == '"' && ph_imap_may_follow_string (p + 1, end))
        return p;
      if (*p == '\\' && escapes)
        p++;
    }

  return NULL;
}

gboolean
ph_imap_is_token_start (const char *p, const char *start)
{
  return p == start || p[-1] == ' ' || p[-1] == '(' || p[-1] == ')' || p[-1] == '"';
}

char *
ph_imap_excerpt (const char *text, gsize length)
{
  GString *excerpt = g_string_new (NULL);

  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
    length--;

  for (gsize i = 0; i < MIN (length, EXCERPT_LENGTH); i++)
    {
      if (g_ascii_isprint (text[i]))
        g_string_append_c (excerpt, text[i]);
      else
        g_string_append_printf (excerpt, "\\x%02x", (guint8) text[i]);
    }
  if (length > EXCERPT_LENGTH)
    g_string_append (excerpt, "…");

  return g_string_free (excerpt, FALSE);
}

guint8 *
ph_imap_decode_base64 (const char *text, gsize *length)
{
  gsize digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize padding = strspn (text + digits, "=");
  gsize blanks = strspn (text + digits + padding, " ");

  if (text[digits + padding + blanks] != '\0' || padding > 2 || (digits + padding) % 4 != 0)
    return NULL;

  return g_base64_decode (text, length);
}
