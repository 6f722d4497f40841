/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The grammar of a .netrc file, as ftp, curl and Python's netrc read it.
 *
 *   file    = *(comment / machine / default / macdef)
 *   machine = "machine" name *(login / password / account / comment / macdef)
 *   default = "default"      *(login / password / account / comment / macdef)
 *   macdef  = "macdef" name, lines up to an empty one
 *   comment = "#" up to the end of the line, where a keyword would be
 *
 * Words are divided by blanks and line ends; one in double quotes may hold them. A backslash takes the next octet as it is.
 */
#include "netrc-parser.h"

#include <string.h>

typedef struct {
  char *at, *end;
  guint line;
  char *word;           /* the last, NUL-terminated */
  gboolean is_quoted;   /* it was, so it is no keyword */
  gboolean ends_line;   /* a line's end stood behind it */
  gboolean is_broken;   /* a quote was not closed */
} Reader;

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_blanks (Reader *self)
{
  for (; self->at < self->end && is_blank (*self->at); self->at++)
    self->line += *self->at == '\n';
}

/* Words shrink where they stand, and a NUL takes the place of what was behind them. FALSE at the end. */
static gboolean
next_word (Reader *self)
{
  char *to, close = '\0';

  skip_blanks (self);
  if (self->at == self->end)
    return FALSE;

  self->is_quoted = *self->at == '"';
  if (self->is_quoted)
    close = *self->at++;
  self->word = to = self->at;
  while (self->at < self->end && (close != '\0' ? *self->at != close : !is_blank (*self->at)))
    {
      if (*self->at == '\\' && self->at + 1 < self->end)
        self->at++;
      self->line += *self->at == '\n';
      *to++ = *self->at++;
    }

  self->is_broken = close != '\0' && self->at == self->end;
  if (close != '\0' && !self->is_broken)
    self->at++;
  self->ends_line = self->at < self->end && *self->at == '\n';
  if (self->at < self->end && is_blank (*self->at))
    self->line += *self->at++ == '\n';
  *to = '\0';
  return !self->is_broken;
}

static void
skip_line (Reader *self)
{
  while (self->at < self->end && *self->at != '\n')
    self->at++;
  if (self->at < self->end)
    {
      self->at++;
      self->line++;
    }
}

/* A macro is for ftp: its lines say nothing of who logs in, and may look as if they did. */
static gboolean
skip_macro (Reader *self)
{
  char *start;

  if (!next_word (self))
    return FALSE;

  if (!self->ends_line)
    skip_line (self);
  do
    {
      start = self->at;
      skip_line (self);
    }
  while (self->at < self->end && *start != '\n' && strncmp (start, "\r\n", 2) != 0);
  return TRUE;
}

/* ---- entries ---- */

typedef struct {
  Reader reader;
  const char *host, *user;

  gboolean in_entry;    /* a machine's, or the default's */
  gboolean matches;     /* the machine is the one that is looked for */
  gboolean is_default;
  NetrcEntry entry;     /* that is being read */
  NetrcEntry found, fallback;
} Search;

/* An entry without a login is for everybody; one without a password may still say who logs in, unless another one has both. */
static void
end_entry (Search *self)
{
  NetrcEntry *place = self->is_default ? &self->fallback : &self->found;
  const NetrcEntry *entry = &self->entry;

  if (self->in_entry && (self->matches || self->is_default) &&
      (self->user == NULL || entry->login == NULL || strcmp (entry->login, self->user) == 0) &&
      (place->password == NULL && (entry->password != NULL || (place->login == NULL && entry->login != NULL))))
    *place = *entry;

  memset (&self->entry, 0, sizeof self->entry);
  self->matches = self->is_default = FALSE;
}

static gboolean
read_value (Search *self, const char **value)
{
  if (!self->in_entry || !next_word (&self->reader))
    return FALSE;

  *value = self->reader.word;
  return TRUE;
}

static gboolean
begin_machine (Search *self)
{
  end_entry (self);
  self->in_entry = TRUE;
  if (!next_word (&self->reader))
    return FALSE;

  self->matches = g_ascii_strcasecmp (self->reader.word, self->host) == 0;
  return TRUE;
}

static gboolean
read_keyword (Search *self)
{
  Reader *reader = &self->reader;
  const char *word = reader->is_quoted ? "" : reader->word;

  if (*word == '#')
    {
      if (!reader->ends_line)
        skip_line (reader);
      return TRUE;
    }
  if (strcmp (word, "machine") == 0)
    return begin_machine (self);
  if (strcmp (word, "default") == 0)
    {
      end_entry (self);
      self->in_entry = self->is_default = TRUE;
      return TRUE;
    }
  if (strcmp (word, "macdef") == 0)
    return skip_macro (reader);
  if (strcmp (word, "login") == 0 || strcmp (word, "user") == 0)
    return read_value (self, &self->entry.login);
  if (strcmp (word, "password") == 0 || strcmp (word, "passwd") == 0)
    return read_value (self, &self->entry.password);
  return strcmp (word, "account") == 0 && read_value (self, &self->entry.account);
}

static gboolean
has_anything (const NetrcEntry *entry)
{
  return entry->login != NULL || entry->password != NULL;
}

/* TRUE where all of it could be read; otherwise the reader stands in what could not, which began in @line */
static gboolean
read_all (Search *self, guint *line)
{
  for (;;)
    {
      skip_blanks (&self->reader);
      *line = self->reader.line;
      if (self->reader.at == self->reader.end)
        return TRUE;
      if (!next_word (&self->reader) || !read_keyword (self))
        return FALSE;
    }
}

NetrcResult
netrc_find (char *text, gsize length, const char *host, const char *user, NetrcEntry *entry, guint *line)
{
  Search self = { .reader = { .at = text, .end = text + length, .line = 1 }, .host = host, .user = user };

  text[length] = '\0';
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    self.reader.at += 3;
  /* a NUL ends the text before its end */
  if (strlen (text) < length)
    self.reader.end = text + strlen (text);
  if (!read_all (&self, line) || self.reader.end < text + length)
    return NETRC_MALFORMED;

  end_entry (&self);
  *entry = has_anything (&self.found) ? self.found : self.fallback;
  return has_anything (entry) ? NETRC_FOUND : NETRC_NOTHING;
}
