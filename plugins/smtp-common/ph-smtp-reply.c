/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Replies, RFC 5321 section 4.2:
 *
 *   Greeting       = ( "220 " (Domain / address-literal) [ SP textstring ] CRLF ) /
 *                    ( "220-" (Domain / address-literal) [ SP textstring ] CRLF
 *                    *( "220-" [ textstring ] CRLF )
 *                    "220" [ SP textstring ] CRLF )
 *   Reply-line     = *( Reply-code "-" [ textstring ] CRLF )
 *                    Reply-code [ SP textstring ] CRLF
 *   Reply-code     = %x32-35 %x30-35 %x30-39
 *   textstring     = 1*(%d09 / %d32-126)
 *
 * and enhanced status codes at the start of the text, RFC 3463 section 2 and RFC 2034 section 4:
 *
 *   status-code    = class "." subject "." detail
 *   class          = "2" / "4" / "5"
 *   subject        = 1*3digit
 *   detail         = 1*3digit
 *
 * Read more generously: lines may end in LF alone or in several CRs before it, any octet may stand in the text, the text may
 * follow the code without a blank, and the second digit may be any.
 */
#include "ph-smtp-reply.h"

void
ph_smtp_reply_parser_init (PhSmtpReplyParser *self, gsize max_line, guint max_lines, gsize max_octets)
{
  *self = (PhSmtpReplyParser){ .max_line = max_line, .max_lines = max_lines, .max_octets = max_octets };
  self->line = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->recent = g_new0 (PhSmtpRecentReply, PH_SMTP_RECENT);
}

void
ph_smtp_reply_parser_clear (PhSmtpReplyParser *self)
{
  /* an engine that was never started has none */
  if (self->line == NULL)
    return;
  g_string_free (self->line, TRUE);
  g_string_free (self->text, TRUE);
  self->line = self->text = NULL;
  for (guint i = 0; i < PH_SMTP_RECENT; i++)
    g_clear_pointer (&self->recent[i].reply, ph_reply_unref);
  g_clear_pointer (&self->recent, g_free);
  g_clear_pointer (&self->long_reply, ph_reply_unref);
  g_clear_pointer (&self->long_octets, g_free);
}

gboolean
ph_smtp_reply_parser_is_within (PhSmtpReplyParser *self)
{
  return self->n_lines > 0 || self->line->len > 0;
}

PhStatus
ph_smtp_reply_status (int code)
{
  if (code == 421)
    return PH_STATUS_BYE;
  if (code >= 500 && code <= 504)
    return PH_STATUS_BAD;
  return code < 400 ? PH_STATUS_OK : PH_STATUS_NO;
}

static void
forget_reply (PhSmtpReplyParser *self)
{
  g_string_truncate (self->line, 0);
  g_string_truncate (self->text, 0);
  self->n_lines = 0;
  self->n_octets = 0;
  self->code = 0;
  self->enhanced[0] = '\0';
}

/* Octets of a number of one to three digits, 0 where there is none */
static gsize
scan_number (const char *text, gsize length)
{
  gsize n = 0;

  while (n < length && g_ascii_isdigit (text[n]))
    n++;
  return n <= 3 ? n : 0;
}

/* Octets of an enhanced status at the start of @text, with the blank behind it; 0 where there is none of @code's class. */
static gsize
scan_enhanced (PhSmtpReplyParser *self, const char *text, gsize length, int code)
{
  if (length < 5 || text[0] != '0' + code / 100 || code / 100 == 3 || text[1] != '.')
    return 0;

  gsize subject = scan_number (text + 2, length - 2);
  gsize end = 2 + subject;
  if (subject == 0 || end >= length || text[end] != '.')
    return 0;
  gsize detail = scan_number (text + end + 1, length - end - 1);
  end += 1 + detail;
  if (detail == 0 || (end < length && text[end] != ' ' && text[end] != '\t'))
    return 0;

  memcpy (self->enhanced, text, end);
  self->enhanced[end] = '\0';
  return MIN (end + 1, length);
}

/* NUL would end the text early: U+FFFD stands for it, as for all octets that are not UTF-8. */
static void
append_text (GString *to, const char *text, gsize length)
{
  const char *nul;

  while ((nul = memchr (text, '\0', length)) != NULL)
    {
      g_string_append_len (to, text, nul - text);
      g_string_append (to, "\xef\xbf\xbd");
      length -= (gsize) (nul - text) + 1;
      text = nul + 1;
    }
  g_string_append_len (to, text, (gssize) length);
}

static void
set_protocol_error (GError **error, const char *line, gsize length)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  append_text (shown, line, MIN (length, 80));
  g_autofree char *valid = g_utf8_make_valid (shown->str, (gssize) shown->len);
  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "not a reply: “%s”%s", valid, length > 80 ? "…" : "");
}

static void
note_code (PhSmtpReplyParser *self, int code)
{
  if (self->n_lines == 0)
    self->flaw = PH_SMTP_REPLY_FAIR;
  else if (code / 100 != self->code / 100)
    {
      self->flaw = PH_SMTP_REPLY_CLASSES;
      code = MAX (code, self->code);
    }
  else if (code != self->code)
    self->flaw = MAX (self->flaw, PH_SMTP_REPLY_CODES);
  self->code = code;
}

/* One line without its end. @last: the reply ends here. */
static gboolean
read_line (PhSmtpReplyParser *self, const char *line, gsize length, gboolean *last, GError **error)
{
  while (length > 0 && line[length - 1] == '\r')
    length--;
  if (length < 3 || line[0] < '2' || line[0] > '5' || !g_ascii_isdigit (line[1]) || !g_ascii_isdigit (line[2]) ||
      (length > 3 && g_ascii_isdigit (line[3])))
    {
      set_protocol_error (error, line, length);
      return FALSE;
    }

  int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  const char *text = line + 3;
  gsize rest = length - 3;
  *last = rest == 0 || text[0] != '-';
  if (rest > 0 && (text[0] == '-' || text[0] == ' ' || text[0] == '\t'))
    {
      text++;
      rest--;
    }
  note_code (self, code);
  if (self->n_lines++ > 0)
    g_string_append_c (self->text, '\n');
  gsize skip = scan_enhanced (self, text, rest, code);
  append_text (self->text, text + skip, rest - skip);
  return TRUE;
}

static PhReply *
end_reply (PhSmtpReplyParser *self)
{
  PhReply *reply = ph_reply_new (ph_smtp_reply_status (self->code), self->code, self->text->str);

  /* of another class only where the codes were mixed */
  if (self->enhanced[0] == '0' + self->code / 100)
    ph_reply_set_enhanced_status (reply, self->enhanced);
  forget_reply (self);
  return reply;
}

static gboolean
check_limits (PhSmtpReplyParser *self, gsize line_length, GError **error)
{
  if (line_length > self->max_line)
    g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "a line of a reply is longer than %" G_GSIZE_FORMAT " octets", self->max_line);
  else if (self->n_lines >= self->max_lines)
    g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "a reply has more than %u lines", self->max_lines);
  else if (self->n_octets > self->max_octets)
    g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "a reply is longer than %" G_GSIZE_FORMAT " octets", self->max_octets);
  else
    return TRUE;
  return FALSE;
}

/* A line that came before is the same reply; values don't change. NULL for one that is new. (transfer full) */
static PhReply *
find_recent (PhSmtpReplyParser *self, const char *line, gsize length)
{
  for (guint n = 0; n < PH_SMTP_RECENT; n++)
    {
      guint i = (self->expected + n) % PH_SMTP_RECENT;
      PhSmtpRecentReply *found = &self->recent[i];
      if (found->length != length || found->reply == NULL || memcmp (found->line, line, length) != 0)
        continue;
      found->came_again = TRUE;
      self->expected = i + 1;
      self->flaw = PH_SMTP_REPLY_FAIR;
      return ph_reply_ref (found->reply);
    }
  return NULL;
}

/* What came again since the hand was here stays for another round: replies that never come again drive out nothing else. */
static void
keep_recent (PhSmtpReplyParser *self, const char *line, gsize length, PhReply *reply)
{
  PhSmtpRecentReply *place;

  if (length > PH_SMTP_RECENT_LENGTH)
    return;
  while ((place = &self->recent[self->hand++ % PH_SMTP_RECENT])->came_again)
    place->came_again = FALSE;
  g_clear_pointer (&place->reply, ph_reply_unref);
  *place = (PhSmtpRecentReply){ .reply = ph_reply_ref (reply), .length = (guint16) length };
  memcpy (place->line, line, length);
  self->expected = self->hand;
}

/* The same of a reply of several lines: what is offered behind a login is mostly what was offered before. */
static gboolean
has_come_again (const PhSmtpReplyParser *self, const char *octets, gsize length)
{
  return self->long_reply != NULL && length >= self->long_length && memcmp (octets, self->long_octets, self->long_length) == 0;
}

static void
keep_long (PhSmtpReplyParser *self, const guint8 *octets, gsize length, PhReply *reply)
{
  if (length > PH_SMTP_LONGEST || self->flaw != PH_SMTP_REPLY_FAIR)
    return;
  g_clear_pointer (&self->long_reply, ph_reply_unref);
  g_free (self->long_octets);
  self->long_reply = ph_reply_ref (reply);
  self->long_octets = g_memdup2 (octets, length);
  self->long_length = length;
}

gsize
ph_smtp_reply_parser_feed (PhSmtpReplyParser *self, const guint8 *data, gsize length, PhReply **reply, GError **error)
{
  gboolean whole = self->line->len == 0 && self->n_lines == 0;
  gsize done = 0;

  *reply = NULL;
  while (done < length)
    {
      const char *start = (const char *) data + done;
      const char *newline = memchr (start, '\n', length - done);
      gsize part = newline != NULL ? (gsize) (newline - start) : length - done;
      gboolean last = FALSE, good;

      done += part + (newline != NULL);
      self->n_octets += part + (newline != NULL);
      if (!check_limits (self, self->line->len + part, error))
        {
          forget_reply (self);
          return done;
        }
      if (newline == NULL)
        {
          g_string_append_len (self->line, start, (gssize) part);
          return done;
        }
      gboolean at_once = self->line->len == 0 && self->n_lines == 0;
      if (at_once && (*reply = find_recent (self, start, part)) != NULL)
        {
          self->n_octets = 0;
          return done;
        }
      if (at_once && has_come_again (self, start, length))
        {
          self->n_octets = 0;
          self->flaw = PH_SMTP_REPLY_FAIR;
          *reply = ph_reply_ref (self->long_reply);
          return self->long_length;
        }
      if (self->line->len == 0)
        good = read_line (self, start, part, &last, error);
      else
        {
          g_string_append_len (self->line, start, (gssize) part);
          good = read_line (self, self->line->str, self->line->len, &last, error);
          g_string_truncate (self->line, 0);
        }
      if (!good)
        {
          forget_reply (self);
          return done;
        }
      if (last)
        {
          *reply = end_reply (self);
          if (at_once)
            keep_recent (self, start, part, *reply);
          else if (whole)
            keep_long (self, data, done, *reply);
          return done;
        }
    }
  return done;
}
