/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What framer and parser must agree on: the words that begin a response, and where a quoted string ends. */
#pragma once

#include <posthorn/posthorn.h>

/* Names that the engine itself acts on; all others are PH_IMAP_NAME_OTHER. */
typedef enum {
  PH_IMAP_NAME_OTHER,
  PH_IMAP_NAME_OK,
  PH_IMAP_NAME_NO,
  PH_IMAP_NAME_BAD,
  PH_IMAP_NAME_BYE,
  PH_IMAP_NAME_PREAUTH,
  PH_IMAP_NAME_FETCH,
  PH_IMAP_NAME_FLAGS,
  PH_IMAP_NAME_EXISTS,
  PH_IMAP_NAME_EXPUNGE,
  PH_IMAP_NAME_RECENT,
  PH_IMAP_NAME_VANISHED,
  PH_IMAP_NAME_CAPABILITY,
  PH_IMAP_NAME_ENABLED,
  PH_IMAP_NAME_SEARCH,
  PH_IMAP_NAME_ESEARCH,
  PH_IMAP_NAME_LIST,
  PH_IMAP_NAME_LSUB,
  PH_IMAP_NAME_STATUS
} PhImapName;

/* @text: set to the name in upper case, constant; NULL where it is none of the above */
PhImapName  ph_imap_name_lookup    (const char *word, gsize length, const char **text);

static inline gboolean
ph_imap_name_is_status (PhImapName name)
{
  return name >= PH_IMAP_NAME_OK && name <= PH_IMAP_NAME_PREAUTH;
}

/* ASCII; @upper is in upper case and has @length characters. Called for each attribute of each FETCH response. */
static inline gboolean
ph_imap_is_word (const char *text, const char *upper, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if ((c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c) != upper[i])
        return FALSE;
    }

  return TRUE;
}

/* Whether what stands at @p can follow a closing quote: also another string without a blank before it, but a quote that could itself close
 * is none that opens. */
static inline gboolean
ph_imap_may_follow_string (const char *p, const char *end)
{
  if (p == end || *p == ' ' || *p == ')' || *p == '(' || *p == ']' || *p == '\r' || *p == '\t')
    return TRUE;
  return *p == '"' && p + 1 < end && p[1] != ' ' && p[1] != ')' && p[1] != '(' && p[1] != '"' && p[1] != '\r';
}

/*
 * @p stands behind an opening quote; returns the closing one, or NULL where there is none before @end. A quote within
 * a string that a server forgot to escape is known by what follows it: after a closing one comes a blank, a
 * parenthesis, a bracket or the end. @escapes FALSE: a backslash is a character like others.
 */
const char *ph_imap_find_quote     (const char *p, const char *end, gboolean escapes);

/* Whether a new token can begin at @p of a line that begins at @start. */
gboolean    ph_imap_is_token_start (const char *p, const char *start);

/* @text, or what of it fits 80 characters, made fit for a message: control characters and bytes beyond ASCII escaped. */
char       *ph_imap_excerpt        (const char *text, gsize length);

/* NULL where @text is no base64; g_base64_decode () would skip what it doesn't know. (transfer full) */
guint8     *ph_imap_decode_base64  (const char *text, gsize *length);
