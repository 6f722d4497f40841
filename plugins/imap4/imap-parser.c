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

#include "imap-digits.h"
#include "imap-reader.h"
#include "imap-run.h"

#include <string.h>

/* Of the number of a FETCH response that is looked at at once */
#define MOST_DIGITS 7
/* Octets of a FETCH response that is worth a look by itself, and in which its head has room */
#define SHORTEST 64
/* A parser that has seen longer ones is not kept for the next session. */
#define SPARE_TEXT 4096

struct _PhImapParser {
  PhImapReader    reader;
  PhValueBuilder *nothing;    /* the empty tree of status responses */
  PhResponse     *response;
  GString        *tag;
  GString        *name;       /* where it is none that grammar knows */
  GString        *code;
  GString        *text;
};

static void drop (PhImapParser *self);

/* One for each thread, of the session that rested or ended last: the next one that hears from its server takes it. */
static GPrivate spare = G_PRIVATE_INIT ((GDestroyNotify) drop);

static PhImapParser *
make (void)
{
  PhImapParser *self = g_new0 (PhImapParser, 1);

  self->nothing = ph_value_builder_new ();
  self->response = ph_response_new_transient ();
  self->tag = g_string_new (NULL);
  self->name = g_string_new (NULL);
  self->code = g_string_new (NULL);
  self->text = g_string_new (NULL);
  return self;
}

PhImapParser *
ph_imap_parser_new (guint max_depth, guint max_values)
{
  PhImapParser *self = g_private_get (&spare);

  if (self != NULL)
    g_private_set (&spare, NULL);
  else
    self = make ();
  ph_imap_reader_init (&self->reader, max_depth, max_values);
  return self;
}

static void
drop (PhImapParser *self)
{
  ph_imap_reader_clear (&self->reader);
  ph_value_builder_unref (self->nothing);
  ph_response_free (self->response);
  g_string_free (self->tag, TRUE);
  g_string_free (self->name, TRUE);
  g_string_free (self->code, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
ph_imap_parser_free (PhImapParser *self)
{
  if (g_private_get (&spare) == NULL && MAX (self->text->allocated_len, self->name->allocated_len) <= SPARE_TEXT &&
      ph_imap_reader_rest (&self->reader))
    g_private_set (&spare, self);
  else
    drop (self);
}

PhValueBuilder *
ph_imap_parser_get_builder (PhImapParser *self)
{
  return self->reader.builder;
}

static gboolean
fail (PhImapParser *self, const char *flaw)
{
  self->reader.flaw = flaw;
  return FALSE;
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
  g_string_append_len (self->text, self->reader.p, self->reader.end - self->reader.p);
  if (!g_utf8_validate_len (self->text->str, self->text->len, NULL))
    {
      g_autofree char *valid = g_utf8_make_valid (self->text->str, self->text->len);

      g_string_assign (self->text, valid);
    }
  self->reader.p = self->reader.end;
  return self->text->str;
}

/* At "[": the code's name, and its arguments in the builder: values where they can be read as such, otherwise one text. */
static const char *
take_code (PhImapParser *self)
{
  const char *start = self->reader.p;
  const char *arguments, *bracket, *word;
  gsize       length;

  self->reader.p++;
  length = ph_imap_reader_take_word (&self->reader, &word);
  if (length == 0 || self->reader.p == self->reader.end)
    {
      self->reader.p = start;
      return NULL;
    }

  set_upper (self->code, word, length);
  arguments = self->reader.p;
  self->reader.in_code = TRUE;
  if (!ph_imap_reader_read_values (&self->reader))
    {
      bracket = memchr (arguments, ']', self->reader.end - arguments);
      ph_value_builder_reset (self->reader.builder);
      if (bracket == NULL)
        {
          self->reader.p = start;
          return NULL;
        }
      while (*arguments == ' ')
        arguments++;
      ph_value_builder_add (self->reader.builder, PH_VALUE_STRING, arguments, bracket - arguments);
      self->reader.p = bracket;
    }

  self->reader.p++;
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

  ph_imap_reader_skip_blanks (&self->reader);
  if (self->reader.p < self->reader.end && *self->reader.p == '[')
    code = take_code (self);
  if (code != NULL)
    arguments = ph_value_builder_peek (self->reader.builder);

  ph_imap_reader_skip_blanks (&self->reader);
  ph_response_fill (self->response, type, tag, name, -1, status_of (status), code, arguments, take_text (self),
                    ph_value_builder_peek (self->nothing));
}

static void
read_continuation (PhImapParser *self)
{
  self->reader.p++;
  if (self->reader.p < self->reader.end && *self->reader.p == ' ')
    self->reader.p++;
  ph_response_fill (self->response, PH_RESPONSE_CONTINUATION, NULL, NULL, -1, PH_STATUS_NONE, NULL, NULL, take_text (self),
                    ph_value_builder_peek (self->nothing));
}

static gboolean
read_tagged (PhImapParser *self, PhImapName *name)
{
  const char *word, *text;
  gsize       length;

  length = ph_imap_reader_take_word (&self->reader, &word);
  g_string_truncate (self->tag, 0);
  g_string_append_len (self->tag, word, length);

  ph_imap_reader_skip_blanks (&self->reader);
  length = ph_imap_reader_take_word (&self->reader, &word);
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
  const char *p = self->reader.p;
  guint64     value = 0;

  *number = -1;
  for (; p < self->reader.end && g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint64) (*p - '0');
      if (value > G_MAXUINT32)
        return fail (self, "its number is beyond 32 bits");
    }
  if (p == self->reader.p || (p < self->reader.end && *p != ' '))
    return TRUE;

  *number = (gint64) value;
  self->reader.p = p;
  ph_imap_reader_skip_blanks (&self->reader);
  return TRUE;
}

static gboolean
read_untagged (PhImapParser *self, PhImapName *name)
{
  const char *word, *text;
  gint64      number;
  gsize       length;

  self->reader.p++;
  ph_imap_reader_skip_blanks (&self->reader);
  if (!read_number (self, &number))
    return FALSE;

  length = ph_imap_reader_take_word (&self->reader, &word);
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
  self->reader.sections = *name == PH_IMAP_NAME_FETCH || number > 0;
  self->reader.names = *name == PH_IMAP_NAME_LIST || *name == PH_IMAP_NAME_LSUB;
  if (!ph_imap_reader_read_values (&self->reader))
    return FALSE;

  ph_response_fill (self->response, PH_RESPONSE_UNTAGGED, NULL, text, number, PH_STATUS_NONE, NULL, NULL, NULL,
                    ph_value_builder_peek (self->reader.builder));
  return TRUE;
}

/* "* 5 FETCH ", as all write it; where its list begins, NULL where it is written in another way */
static const char *
skip_fetch_head (const char *data, gsize length, guint32 *number)
{
  static const char name[] = " FETCH (";
  const char *p = data + 2;
  guint       n;

  if (length < SHORTEST || data[0] != '*' || data[1] != ' ')
    return NULL;

  n = ph_imap_count_digits (p);
  if (n == 0 || n > MOST_DIGITS || memcmp (p + n, name, strlen (name)) != 0)
    return NULL;
  *number = ph_imap_read_digits (p, n);
  return *number > 0 ? p + n + strlen (name) - 1 : NULL;
}

/* A response whose list isn't plain, or ends where what has come ends: what is behind it, NULL where it isn't whole, or has literals */
static const char *
read_line (PhImapParser *self, const char *list, const char *end, const char *readable, const PhValue **attributes)
{
  const char *feed = memchr (list, '\n', (gsize) (end - list));

  /* what announces a literal ends otherwise */
  if (feed == NULL || feed[-1] != '\r' || feed[-2] != ')')
    return NULL;

  ph_imap_reader_begin (&self->reader, list, (gsize) (feed + 1 - list));
  self->reader.readable = readable;
  self->reader.sections = TRUE;
  if (!ph_imap_reader_run_whole (&self->reader) && !ph_imap_reader_read_values (&self->reader))
    return NULL;
  *attributes = ph_value_first (ph_value_builder_peek (self->reader.builder));
  return *attributes != NULL ? feed + 1 : NULL;
}

gsize
ph_imap_parser_read_fetch (PhImapParser *self, const char *data, gsize length, gsize most, PhImapFetched *fetched)
{
  const char *end = data + MIN (length, most);
  const char *list = skip_fetch_head (data, (gsize) (end - data), &fetched->number);
  const char *p;

  if (list == NULL)
    return 0;
  p = ph_imap_run_list (&self->reader, list, end, fetched);
  if (p != NULL && end - p >= 2 && p[-1] == ')' && p[0] == '\r' && p[1] == '\n')
    return (gsize) (p + 2 - data);
  fetched->told = 0;
  p = read_line (self, list, end, data + length, &fetched->attributes);
  return p != NULL ? (gsize) (p - data) : 0;
}

PhResponse *
ph_imap_parser_parse (PhImapParser *self, const char *data, gsize length, PhImapName *name, GError **error)
{
  g_autofree char *excerpt = NULL;
  gboolean         understood = TRUE;

  *name = PH_IMAP_NAME_OTHER;
  ph_imap_reader_begin (&self->reader, data, length);
  ph_imap_reader_skip_blanks (&self->reader);
  if (self->reader.p == self->reader.end)
    return NULL;

  if (*self->reader.p == '*')
    understood = read_untagged (self, name);
  else if (*self->reader.p == '+')
    read_continuation (self);
  else
    understood = read_tagged (self, name);
  if (understood)
    return self->response;

  excerpt = ph_imap_excerpt (data, length);
  g_set_error (error, PH_ERROR, self->reader.too_much ? PH_ERROR_LIMIT : PH_ERROR_PROTOCOL, "can't read the server's response, since %s: %s",
               self->reader.flaw, excerpt);
  return NULL;
}
