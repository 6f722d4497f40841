/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads values one after another out of a response: the part of the parser that makes the tree.
 *
 *   value   = "NIL" / atom / number / quoted / literal / "(" [value *(SP value)] ")"      (RFC 9051 section 9)
 *   quoted  = DQUOTE *(any CHAR but DQUOTE and "\" / "\" CHAR) DQUOTE
 *   literal = ["~"] "{" number ["+"] "}" CRLF octets
 *
 * Strings stay where they are, but for quoted ones with escapes. The input may nest as deeply as it likes: nothing here recurses.
 */
#include "imap-reader.h"

#include "imap-grammar.h"
#include "imap-run.h"

#include <string.h>

#define SCRATCH_KEPT 4096

void
ph_imap_reader_init (PhImapReader *self, guint max_depth, guint max_values)
{
  PhImapReader fresh = {
    .max_depth = max_depth,
    .max_values = max_values,
    .builder = self->builder != NULL ? self->builder : ph_value_builder_new (),
    .scratch = self->scratch,
    .scratch_size = self->scratch_size,
  };

  *self = fresh;
}

gboolean
ph_imap_reader_rest (PhImapReader *self)
{
  ph_value_builder_reset (self->builder);
  return self->scratch_size <= SCRATCH_KEPT;
}

void
ph_imap_reader_clear (PhImapReader *self)
{
  g_clear_pointer (&self->builder, ph_value_builder_unref);
  g_clear_pointer (&self->scratch, g_free);
}

void
ph_imap_reader_begin (PhImapReader *self, const char *data, gsize length)
{
  self->start = self->p = data;
  self->end = data + length;
  if (self->end > data && self->end[-1] == '\n')
    self->end--;
  if (self->end > data && self->end[-1] == '\r')
    self->end--;
  self->readable = self->end;

  self->flaw = NULL;
  self->in_code = FALSE;
  self->sections = FALSE;
  self->names = FALSE;
  if (self->scratch_size > SCRATCH_KEPT)
    {
      g_clear_pointer (&self->scratch, g_free);
      self->scratch_size = 0;
    }
}

static gboolean
fail (PhImapReader *self, const char *flaw)
{
  self->flaw = flaw;
  return FALSE;
}

static void
add (PhImapReader *self, PhValueKind kind, const char *bytes, gsize length)
{
  ph_value_builder_add (self->builder, kind, bytes, length);
}

/* Of a quoted string with backslashes; @length is what it has with them. */
static const char *
unescape (PhImapReader *self, const char *bytes, gsize *length)
{
  gsize size = self->end - self->start;
  char *copy, *to;

  if (self->scratch_size < size)
    {
      g_free (self->scratch);
      self->scratch = g_malloc (size);
      self->scratch_size = size;
    }

  copy = to = self->scratch + self->scratch_used;
  for (gsize i = 0; i < *length; i++)
    {
      if (bytes[i] == '\\' && i + 1 < *length)
        i++;
      *to++ = bytes[i];
    }

  *length = to - copy;
  self->scratch_used += *length;
  return copy;
}

static gboolean
read_quoted (PhImapReader *self)
{
  const char *bytes = self->p + 1;
  const char *line_end = self->end;
  const char *quote = ph_imap_find_quote (bytes, line_end, self->escapes);
  gsize       length;

  if (quote == NULL)
    return fail (self, "a quoted string is not closed");

  length = quote - bytes;
  self->p = quote + 1;
  if (memchr (bytes, '\n', length) != NULL)
    return fail (self, "a quoted string is not closed");
  if (self->escapes && memchr (bytes, '\\', length) != NULL)
    bytes = unescape (self, bytes, &length);

  add (self, PH_VALUE_STRING, bytes, length);
  return TRUE;
}

/* At "{"; FALSE without a flaw where it is just a brace. */
static gboolean
read_literal (PhImapReader *self)
{
  const char *p = self->p;
  guint64     size = 0;

  if (*p == '~')
    p++;
  p++;
  if (p == self->end || !g_ascii_isdigit (*p))
    return FALSE;
  for (; p < self->end && g_ascii_isdigit (*p); p++)
    size = MIN (size, G_MAXUINT32) * 10 + (guint64) (*p - '0');
  if (p < self->end && *p == '+')
    p++;
  if (p == self->end || *p != '}')
    return FALSE;
  p++;
  if (p < self->end && *p == '\r')
    p++;
  if (p == self->end || *p != '\n')
    return FALSE;

  p++;
  if (size > (guint64) (self->end - p))
    return fail (self, "a literal is longer than the response");

  add (self, PH_VALUE_LITERAL, p, size);
  self->p = p + size;
  return TRUE;
}

/* Which characters can end an atom, or ask for a second look */
enum {
  ENDS_ATOM     = 1 << 0,
  CLOSES_LIST   = 1 << 1,
  CLOSES_CODE   = 1 << 2,
  OPENS_SECTION = 1 << 3,
  IS_ODD        = 1 << 4,
  IS_TAB        = 1 << 5
};

static const guint8 classes[256] = {
  [' '] = ENDS_ATOM,   ['\t'] = IS_TAB,     ['\n'] = ENDS_ATOM,    ['('] = ENDS_ATOM,
  [')'] = CLOSES_LIST, [']'] = CLOSES_CODE, ['['] = OPENS_SECTION,
  ['{'] = IS_ODD,      ['~'] = IS_ODD,
};

/* At "[" of BODY[…]: goes behind "]", over whatever stands between. */
static void
skip_section (PhImapReader *self, const char **p)
{
  const char *bracket = self->no_bracket ? NULL : memchr (*p, ']', self->end - *p);

  self->no_bracket = bracket == NULL;
  if (bracket != NULL)
    *p = bracket;
}

static gboolean
is_nil (const char *bytes)
{
  return (bytes[0] & ~0x20) == 'N' && (bytes[1] & ~0x20) == 'I' && (bytes[2] & ~0x20) == 'L';
}

static guint8
get_mask (const PhImapReader *self, guint depth)
{
  guint8 mask = self->names ? ENDS_ATOM : ENDS_ATOM | IS_TAB;

  if (depth > 0)
    mask |= CLOSES_LIST;
  else if (self->in_code)
    mask |= CLOSES_CODE;
  if (self->sections && depth == 1)
    mask |= OPENS_SECTION;
  return mask;
}

static void
read_atom (PhImapReader *self, guint depth)
{
  guint8      mask = get_mask (self, depth);
  const char *bytes = self->p;
  const char *p = bytes;
  gsize       length;

  for (;;)
    {
      while (p < self->end && (classes[(guint8) *p] & mask) == 0)
        p++;
      if (p == self->end || *p != '[')
        break;
      if (p > bytes)
        skip_section (self, &p);
      p++;
    }

  length = p - bytes;
  if (length > 0 && p == self->end && p[-1] == '\r')
    length--;
  self->p = p;
  if (length == 3 && is_nil (bytes))
    add (self, PH_VALUE_NIL, bytes, length);
  else if (length > 0)
    add (self, PH_VALUE_ATOM, bytes, length);
}

static gboolean
open_list (PhImapReader *self, guint *depth)
{
  if (*depth >= self->max_depth)
    {
      self->too_much = TRUE;
      return fail (self, "it nests deeper than the limit");
    }

  ph_value_builder_open (self->builder);
  (*depth)++;
  self->p++;
  return TRUE;
}

static void
close_list (PhImapReader *self, guint *depth)
{
  /* one too many is forgiven */
  if (*depth > 0)
    {
      ph_value_builder_close (self->builder);
      (*depth)--;
    }
  self->p++;
}

static gboolean
read_value (PhImapReader *self, guint *depth)
{
  if (++self->n_values > self->max_values)
    {
      self->too_much = TRUE;
      return fail (self, "it has more values than the limit");
    }

  switch (*self->p)
    {
    case '(':
      return open_list (self, depth);
    case ')':
      close_list (self, depth);
      return TRUE;
    case '"':
      return read_quoted (self);
    case '\n':
      return fail (self, "a line ends in the middle");
    case '~':
      if (self->p + 1 == self->end || self->p[1] != '{')
        break;
      G_GNUC_FALLTHROUGH;
    case '{':
      if (read_literal (self))
        return TRUE;
      if (self->flaw != NULL)
        return FALSE;
      break;
    default:
      break;
    }

  read_atom (self, *depth);
  return TRUE;
}

/* Up to the response's end, or in a response code up to its "]". */
static gboolean
read_values_once (PhImapReader *self)
{
  guint depth = 0;

  self->flaw = NULL;
  self->too_much = FALSE;
  self->scratch_used = 0;
  self->n_values = 0;
  ph_value_builder_reset (self->builder);

  for (;;)
    {
      if (self->escapes && !self->in_code && !self->singly)
        {
          ph_imap_run (self);
          depth = ph_value_builder_get_depth (self->builder);
        }
      ph_imap_reader_skip_blanks (self);
      if (self->p == self->end)
        break;
      if (self->in_code && depth == 0 && *self->p == ']')
        return TRUE;
      if (!read_value (self, &depth))
        return FALSE;
    }

  if (self->in_code)
    return fail (self, "a response code is not closed");
  return depth == 0 || fail (self, "a list is not closed");
}

gboolean
ph_imap_reader_run_whole (PhImapReader *self)
{
  const char *start = self->p;

  self->n_values = 0;
  ph_value_builder_reset (self->builder);
  if (!self->singly)
    {
      ph_imap_run (self);
      if (self->p == self->end && ph_value_builder_get_depth (self->builder) == 0)
        return TRUE;
    }
  self->p = start;
  return FALSE;
}

/* A server that doesn't escape its backslashes is given a second chance, with the whole response: a chance for each string would make
 * hostile input cost its square. */
gboolean
ph_imap_reader_read_values (PhImapReader *self)
{
  const char *start = self->p;

  self->escapes = TRUE;
  self->no_bracket = FALSE;
  if (read_values_once (self))
    return TRUE;
  if (self->too_much || memchr (start, '\\', self->end - start) == NULL)
    return FALSE;

  self->p = start;
  self->escapes = FALSE;
  return read_values_once (self);
}

gsize
ph_imap_reader_take_word (PhImapReader *self, const char **word)
{
  *word = self->p;
  while (self->p < self->end && *self->p > ' ' && *self->p != '(' && *self->p != '"' && *self->p != ']' && *self->p != '{')
    self->p++;
  return self->p - *word;
}
