/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds where one whole response ends in what was received; looks at each octet once.
 *
 *   response      = *(line-part literal) line-part CRLF
 *   literal       = "{" number64 ["+"] "}" CRLF *CHAR8        (RFC 9051 section 9)
 *   literal8      = "~{" number64 ["+"] "}" CRLF *OCTET
 *
 * A bare LF ends a line, too. Neither the text of a status response nor a quoted string holds a literal, whatever they end in;
 * the parser can't tell that any more, since it is only given what was cut here.
 */
#include "imap-framer.h"

#include "imap-grammar.h"

#include <string.h>

void
ph_imap_framer_init (PhImapFramer *self, const PhLimits *limits)
{
  memset (self, 0, sizeof *self);
  self->max_line = limits->line;
  self->max_literal = limits->literal;
  self->max_response = limits->response;
}

gboolean
ph_imap_framer_is_busy (const PhImapFramer *self)
{
  return self->scanned > 0;
}

/* A continuation request, a tagged reply and an untagged status end in text for people. */
static gboolean
ends_in_text (const char *p, const char *end)
{
  const char *word, *text;

  if (*p != '*')
    return TRUE;

  p++;
  while (p < end && *p == ' ')
    p++;
  word = p;
  while (p < end && g_ascii_isalpha (*p))
    p++;

  return ph_imap_name_is_status (ph_imap_name_lookup (word, p - word, &text));
}

static gboolean
is_quoted (const char *start, const char *place, const char *end, gboolean escapes, gboolean *unclosed)
{
  *unclosed = FALSE;

  for (const char *p = start; p < place; p++)
    {
      if (*p != '"' || !ph_imap_is_token_start (p, start))
        continue;

      p = ph_imap_find_quote (p + 1, end, escapes);
      *unclosed = p == NULL;
      if (p == NULL || p >= place)
        return TRUE;
    }

  return FALSE;
}

/* Whether the line up to @end (its CRLF excluded) announces a literal of @size octets, at @header. */
static gboolean
announces_literal (const char *start, const char *end, gboolean first_line, gsize *header, guint64 *size)
{
  const char *p = end - 1;
  guint64     number = 0, factor = 1;
  gboolean    unclosed;

  if (p > start && p[-1] == '+')
    p--;
  for (p--; p > start && g_ascii_isdigit (*p); p--)
    {
      guint64 digit = (guint64) (*p - '0');

      /* a number beyond 64 bits is beyond every limit */
      if (digit != 0 && (factor == 0 || digit > (G_MAXUINT64 - number) / factor))
        number = G_MAXUINT64;
      else
        number += digit * factor;
      factor = factor > G_MAXUINT64 / 10 ? 0 : factor * 10;
    }

  if (p < start || *p != '{' || !g_ascii_isdigit (p[1]))
    return FALSE;
  if (p > start && p[-1] == '~')
    p--;
  if (!ph_imap_is_token_start (p, start) || (first_line && ends_in_text (start, p)))
    return FALSE;
  if (is_quoted (start, p, end, TRUE, &unclosed) && (!unclosed || is_quoted (start, p, end, FALSE, &unclosed)))
    return FALSE;

  *header = p - start;
  *size = number;
  return TRUE;
}

static PhImapFrame
fail (GError **error, const char *what, guint64 limit)
{
  g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "%s is longer than the limit of %" G_GUINT64_FORMAT " octets", what, limit);
  return PH_IMAP_FRAME_ERROR;
}

PhImapFrame
ph_imap_framer_scan (PhImapFramer *self, const char *data, gsize length, gsize *end, GError **error)
{
  while (self->scanned < length)
    {
      const char *start = data + self->line_start;
      const char *feed = memchr (data + self->scanned, '\n', length - self->scanned);
      const char *line_end = feed != NULL ? feed : data + length;
      gsize       header;

      self->scanned = length;
      if ((gsize) (line_end - start) > self->max_line)
        {
          *end = self->line_start + self->max_line + 1;
          return fail (error, "a line from the server", self->max_line);
        }
      if (feed == NULL)
        return PH_IMAP_FRAME_MORE;

      if (line_end > start && line_end[-1] == '\r')
        line_end--;
      *end = feed + 1 - data;
      if (*end > self->max_response)
        return fail (error, "a response from the server", self->max_response);

      if (line_end == start || line_end[-1] != '}' ||
          !announces_literal (start, line_end, self->line_start == 0, &header, &self->literal))
        {
          self->scanned = self->line_start = 0;
          return PH_IMAP_FRAME_WHOLE;
        }

      self->header = self->line_start + header;
      if (!self->stop_at_literals && self->literal > self->max_literal)
        return fail (error, "a literal from the server", self->max_literal);
      if (!self->stop_at_literals && self->literal > self->max_response - *end)
        return fail (error, "a response from the server", self->max_response);

      self->scanned = self->line_start = *end + MIN (self->literal, G_MAXSIZE / 2);
      if (self->stop_at_literals)
        return PH_IMAP_FRAME_LITERAL;
    }

  return PH_IMAP_FRAME_MORE;
}

void
ph_imap_framer_divert (PhImapFramer *self, gsize length)
{
  self->scanned = self->line_start = length;
}
