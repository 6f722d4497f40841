/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes one whole response, as the framer cut it, a PhResponse with its tree of values.
 *
 *   response       = "*" SP [number SP] name *(SP value) CRLF
 *                  / ("*" / tag) SP ("OK" / "NO" / "BAD" / "BYE" / "PREAUTH") SP resp-text CRLF
 *                  / "+" SP text CRLF
 *   value          = "NIL" / atom / number / quoted / literal / "(" [value *(SP value)] ")"
 *   resp-text      = ["[" code *(SP value) "]" SP] [text]           (RFC 9051 sections 7 and 9)
 *
 * This is wider than the RFC's grammar on purpose: which values stand where is the business of whoever reads the tree, so that an
 * extension needs no line here. Strings stay where they are in @data, but for quoted ones with escapes. The input may nest as deeply
 * as it likes: nothing here recurses.
 *
 * What servers get wrong is read as they meant it: blanks twice, text missing behind OK, a quote within a quoted string, a quoted
 * string whose backslash was meant as such ("\"), a closing parenthesis too many, `]` in a flag. A string or list that isn't closed is not.
 */
#include "imap-parser.h"

#include <string.h>

#define SCRATCH_KEPT 4096

struct _PhImapParser {
  guint           max_depth;
  guint           max_values;
  PhValueBuilder *builder;
  PhValueBuilder *nothing;    /* the empty tree of status responses */
  PhResponse     *response;
  GString        *tag;
  GString        *name;       /* where it is none that grammar knows */
  GString        *code;
  GString        *text;
  char           *scratch;    /* unescaped strings; as large as the response, since escapes only shrink it */
  gsize           scratch_size;

  /* of the response that is being read */
  const char     *start;
  const char     *end;        /* without the line end */
  const char     *p;
  gsize           scratch_used;
  guint           n_values;
  gboolean        sections;   /* FETCH: attribute names hold brackets with blanks in them */
  gboolean        in_code;    /* a "]" outside of parentheses ends it */
  gboolean        escapes;
  gboolean        no_bracket; /* no "]" stands behind p */
  const char     *flaw;
  gboolean        too_much;
};

PhImapParser *
ph_imap_parser_new (guint max_depth, guint max_values)
{
  PhImapParser *self = g_new0 (PhImapParser, 1);

  self->max_depth = max_depth;
  self->max_values = max_values;
  self->builder = ph_value_builder_new ();
  self->nothing = ph_value_builder_new ();
  self->response = ph_response_new_transient ();
  self->tag = g_string_new (NULL);
  self->name = g_string_new (NULL);
  self->code = g_string_new (NULL);
  self->text = g_string_new (NULL);
  return self;
}

void
ph_imap_parser_free (PhImapParser *self)
{
  ph_value_builder_unref (self->builder);
  ph_value_builder_unref (self->nothing);
  ph_response_free (self->response);
  g_string_free (self->tag, TRUE);
  g_string_free (self->name, TRUE);
  g_string_free (self->code, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self->scratch);
  g_free (self);
}

static inline void
skip_blanks (PhImapParser *self)
{
  while (self->p < self->end && (*self->p == ' ' || *self->p == '\t'))
    self->p++;
}

static gboolean
fail (PhImapParser *self, const char *flaw)
{
  self->flaw = flaw;
  return FALSE;
}

static void
add (PhImapParser *self, PhValueKind kind, const char *bytes, gsize length)
{
  ph_value_builder_add (self->builder, kind, bytes, length);
}

/* Of a quoted string with backslashes; @length is what it has with them. */
static const char *
unescape (PhImapParser *self, const char *bytes, gsize *length)
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
read_quoted (PhImapParser *self)
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
read_literal (PhImapParser *self)
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

static inline gboolean
ends_atom (const PhImapParser *self, char c, guint depth)
{
  switch (c)
    {
    case ' ':
    case '\t':
    case '(':
    case '\n':
      return TRUE;
    case ')':
      return depth > 0;
    case ']':
      return self->in_code && depth == 0;
    default:
      return FALSE;
    }
}

/* At "[" of BODY[…]: goes behind "]", over whatever stands between. */
static gboolean
skip_section (PhImapParser *self, const char **p)
{
  const char *bracket;

  if (self->no_bracket)
    return FALSE;

  bracket = memchr (*p, ']', self->end - *p);
  if (bracket == NULL)
    {
      self->no_bracket = TRUE;
      return FALSE;
    }

  *p = bracket;
  return TRUE;
}

static void
read_atom (PhImapParser *self, guint depth)
{
  const char *bytes = self->p;
  const char *p = bytes;
  gsize       length;

  for (; p < self->end && !ends_atom (self, *p, depth); p++)
    {
      if (*p == '[' && self->sections && depth == 1 && p > bytes && !skip_section (self, &p))
        continue;
    }

  length = p - bytes;
  if (length > 0 && p == self->end && p[-1] == '\r')
    length--;
  self->p = p;
  if (length == 3 && g_ascii_strncasecmp (bytes, "NIL", 3) == 0)
    add (self, PH_VALUE_NIL, bytes, length);
  else if (length > 0)
    add (self, PH_VALUE_ATOM, bytes, length);
}

static gboolean
open_list (PhImapParser *self, guint *depth)
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
close_list (PhImapParser *self, guint *depth)
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
read_value (PhImapParser *self, guint *depth)
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
read_values_once (PhImapParser *self)
{
  guint depth = 0;

  self->flaw = NULL;
  self->too_much = FALSE;
  self->scratch_used = 0;
  self->n_values = 0;
  ph_value_builder_reset (self->builder);

  for (;;)
    {
      skip_blanks (self);
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

/* A server that doesn't escape its backslashes is given a second chance, with the whole response: a chance for each string would make
 * hostile input cost its square. */
static gboolean
read_values (PhImapParser *self)
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

/* Takes a word of what may stand in a tag, name or code. */
static gsize
take_word (PhImapParser *self, const char **word)
{
  *word = self->p;
  while (self->p < self->end && *self->p > ' ' && *self->p != '(' && *self->p != '"' && *self->p != ']' && *self->p != '{')
    self->p++;
  return self->p - *word;
}

static void
set_upper (GString *string, const char *word, gsize length)
{
  g_string_truncate (string, 0);
  g_string_append_len (string, word, length);
  g_string_ascii_up (string);
}

static const char *
take_text (PhImapParser *self)
{
  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, self->p, self->end - self->p);
  if (!g_utf8_validate_len (self->text->str, self->text->len, NULL))
    {
      g_autofree char *valid = g_utf8_make_valid (self->text->str, self->text->len);

      g_string_assign (self->text, valid);
    }
  self->p = self->end;
  return self->text->str;
}

/* At "[": the code's name, and its arguments in the builder: values where they can be read as such, otherwise one text. */
static const char *
take_code (PhImapParser *self)
{
  const char *start = self->p;
  const char *arguments, *bracket, *word;
  gsize       length;

  self->p++;
  length = take_word (self, &word);
  if (length == 0 || self->p == self->end)
    {
      self->p = start;
      return NULL;
    }

  set_upper (self->code, word, length);
  arguments = self->p;
  self->in_code = TRUE;
  if (!read_values (self))
    {
      bracket = memchr (arguments, ']', self->end - arguments);
      ph_value_builder_reset (self->builder);
      if (bracket == NULL)
        {
          self->p = start;
          return NULL;
        }
      while (*arguments == ' ')
        arguments++;
      add (self, PH_VALUE_STRING, arguments, bracket - arguments);
      self->p = bracket;
    }

  self->p++;
  return self->code->str;
}

static PhStatus
status_of (PhImapName name)
{
  static const PhStatus statuses[] = { PH_STATUS_NONE, PH_STATUS_OK, PH_STATUS_NO, PH_STATUS_BAD, PH_STATUS_BYE, PH_STATUS_PREAUTH };

  return statuses[name];
}

/* Behind the status word. */
static void
read_status (PhImapParser *self, PhResponseType type, const char *tag, PhImapName status, const char *name)
{
  const char    *code = NULL;
  const PhValue *arguments = NULL;

  skip_blanks (self);
  if (self->p < self->end && *self->p == '[')
    code = take_code (self);
  if (code != NULL)
    arguments = ph_value_builder_peek (self->builder);

  skip_blanks (self);
  ph_response_fill (self->response, type, tag, name, -1, status_of (status), code, arguments, take_text (self),
                    ph_value_builder_peek (self->nothing));
}

static void
read_continuation (PhImapParser *self)
{
  self->p++;
  if (self->p < self->end && *self->p == ' ')
    self->p++;
  ph_response_fill (self->response, PH_RESPONSE_CONTINUATION, NULL, NULL, -1, PH_STATUS_NONE, NULL, NULL, take_text (self),
                    ph_value_builder_peek (self->nothing));
}

static gboolean
read_tagged (PhImapParser *self, PhImapName *name)
{
  const char *word, *text;
  gsize       length;

  length = take_word (self, &word);
  g_string_truncate (self->tag, 0);
  g_string_append_len (self->tag, word, length);

  skip_blanks (self);
  length = take_word (self, &word);
  *name = ph_imap_name_lookup (word, length, &text);
  if (!ph_imap_name_is_status (*name))
    return fail (self, "neither “*” nor “+” nor a tag and a status begins it");

  read_status (self, PH_RESPONSE_TAGGED, self->tag->str, *name, text);
  return TRUE;
}

/* "5 " of "* 5 EXISTS"; -1 without one */
static gboolean
read_number (PhImapParser *self, gint64 *number)
{
  const char *p = self->p;
  guint64     value = 0;

  *number = -1;
  for (; p < self->end && g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint64) (*p - '0');
      if (value > G_MAXUINT32)
        return fail (self, "its number is beyond 32 bits");
    }
  if (p == self->p || (p < self->end && *p != ' '))
    return TRUE;

  *number = (gint64) value;
  self->p = p;
  skip_blanks (self);
  return TRUE;
}

static gboolean
read_untagged (PhImapParser *self, PhImapName *name)
{
  const char *word, *text;
  gint64      number;
  gsize       length;

  self->p++;
  skip_blanks (self);
  if (!read_number (self, &number))
    return FALSE;

  length = take_word (self, &word);
  if (length == 0)
    return fail (self, "it has no name");

  *name = ph_imap_name_lookup (word, length, &text);
  if (ph_imap_name_is_status (*name))
    {
      read_status (self, PH_RESPONSE_UNTAGGED, NULL, *name, text);
      return TRUE;
    }

  if (text == NULL)
    {
      set_upper (self->name, word, length);
      text = self->name->str;
    }
  self->sections = *name == PH_IMAP_NAME_FETCH || number > 0;
  if (!read_values (self))
    return FALSE;

  ph_response_fill (self->response, PH_RESPONSE_UNTAGGED, NULL, text, number, PH_STATUS_NONE, NULL, NULL, NULL,
                    ph_value_builder_peek (self->builder));
  return TRUE;
}

static void
begin (PhImapParser *self, const char *data, gsize length)
{
  self->start = self->p = data;
  self->end = data + length;
  if (self->end > data && self->end[-1] == '\n')
    self->end--;
  if (self->end > data && self->end[-1] == '\r')
    self->end--;

  self->flaw = NULL;
  self->in_code = FALSE;
  self->sections = FALSE;
  if (self->scratch_size > SCRATCH_KEPT)
    {
      g_clear_pointer (&self->scratch, g_free);
      self->scratch_size = 0;
    }
}

PhResponse *
ph_imap_parser_parse (PhImapParser *self, const char *data, gsize length, PhImapName *name, GError **error)
{
  g_autofree char *excerpt = NULL;
  gboolean         understood = TRUE;

  *name = PH_IMAP_NAME_OTHER;
  begin (self, data, length);
  skip_blanks (self);
  if (self->p == self->end)
    return NULL;

  if (*self->p == '*')
    understood = read_untagged (self, name);
  else if (*self->p == '+')
    read_continuation (self);
  else
    understood = read_tagged (self, name);
  if (understood)
    return self->response;

  excerpt = ph_imap_excerpt (data, length);
  g_set_error (error, PH_ERROR, self->too_much ? PH_ERROR_LIMIT : PH_ERROR_PROTOCOL, "can't read the server's response, since %s: %s",
               self->flaw, excerpt);
  return NULL;
}
