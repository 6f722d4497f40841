/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Typed arguments to octets: the one place that knows of quoting, literals and charsets.
 *
 *   string   = quoted / literal                                    (RFC 9051 section 9)
 *   quoted   = DQUOTE *(any CHAR but CR, LF; "\" before DQUOTE and "\") DQUOTE
 *   literal  = "{" number "}" CRLF, wait for "+", octets           synchronizing
 *            / "{" number "+}" CRLF octets                         LITERAL+, or LITERAL- up to 4096 octets (RFC 7888)
 *   literal8 = "~" literal                                         octets with NUL, where the server has BINARY (RFC 3516)
 *
 * A string is never written as an atom: every server takes a quoted string where the grammar says astring, and some places (ID) take
 * nothing else. 8-bit text goes as a literal unless UTF8=ACCEPT is on. CR, LF and NUL can't leave but inside a literal of octets.
 */
#include "imap-writer.h"

#include "imap-digits.h"
#include "imap-keys.h"
#include "imap-utf7.h"

#include <string.h>

#define MAX_QUOTED 1024
#define MAX_LITERAL_MINUS 4096
/* With LITERAL+ a server can't refuse a literal before it has all of it; for a large one the round trip is worth it. */
#define MAX_LITERAL_PLUS (64 * 1024)

struct _PhImapWriter {
  GObject        parent;
  PhImapFeatures features;
  gboolean       utf8;

  /* of the line that is being written */
  GPtrArray     *segments;
  gboolean       secret;
  gboolean       spaced;   /* the next element needs a blank before it */
  gboolean       empty;
  gboolean       raw;      /* what was written last came as it is */
  GError        *error;
  GPtrArray     *extensions;   /* the engine's; NULL: there are none */
};

typedef GObjectClass PhImapWriterClass;

static void ph_imap_writer_describe (PhWriterInterface *iface);

PH_DEFINE_PLUGIN_TYPE (PhImapWriter, ph_imap_writer, G_TYPE_OBJECT, PH_TYPE_WRITER, ph_imap_writer_describe)

static void
refuse (PhImapWriter *self, const char *what, const char *why)
{
  if (self->error == NULL)
    g_set_error (&self->error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "%s can’t be sent, since it %s", what, why);
}

/* The segment to append to. */
static GByteArray *
get_text (PhImapWriter *self)
{
  PhImapSegmentKind kind = self->secret ? PH_IMAP_SEGMENT_SECRET : PH_IMAP_SEGMENT_TEXT;
  PhImapSegment    *segment = NULL;

  if (self->segments->len > 0)
    segment = g_ptr_array_index (self->segments, self->segments->len - 1);
  if (segment == NULL || segment->kind != kind)
    {
      segment = ph_imap_segment_new (kind);
      g_ptr_array_add (self->segments, segment);
    }

  return segment->data;
}

static void
append (PhImapWriter *self, const char *text, gsize length)
{
  g_byte_array_append (get_text (self), (const guint8 *) text, length);
  self->empty = FALSE;
  self->raw = FALSE;
}

static void
separate (PhImapWriter *self)
{
  if (self->spaced)
    append (self, " ", 1);
  self->spaced = TRUE;
}

/* Announces a literal; the octets come next. */
static void
announce (PhImapWriter *self, guint64 length, gboolean binary)
{
  g_autofree char *header = NULL;
  gboolean         direct;

  direct = ((self->features & PH_IMAP_LITERAL_PLUS) != 0 && length <= MAX_LITERAL_PLUS) ||
           ((self->features & PH_IMAP_LITERAL_MINUS) != 0 && length <= MAX_LITERAL_MINUS);
  header = g_strdup_printf ("%s{%" G_GUINT64_FORMAT "%s}\r\n", binary ? "~" : "", length, direct ? "+" : "");
  append (self, header, strlen (header));
  if (!direct)
    g_ptr_array_add (self->segments, ph_imap_segment_new (PH_IMAP_SEGMENT_SYNC));
}

static void
append_quoted (PhImapWriter *self, const char *text, gsize length)
{
  append (self, "\"", 1);
  for (gsize i = 0, start = 0; i <= length; i++)
    {
      if (i < length && text[i] != '"' && text[i] != '\\')
        continue;
      append (self, text + start, i - start);
      if (i < length)
        append (self, "\\", 1);
      start = i;
    }
  append (self, "\"", 1);
}

static gboolean
is_quotable (PhImapWriter *self, const char *text, gsize length)
{
  if (length > MAX_QUOTED)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    if (text[i] == '\0' || text[i] == '\r' || text[i] == '\n' || ((guint8) text[i] >= 0x80 && !self->utf8))
      return FALSE;

  return TRUE;
}

static void
append_string (PhImapWriter *self, const char *text, gsize length)
{
  separate (self);
  if (is_quotable (self, text, length))
    {
      append_quoted (self, text, length);
      return;
    }

  announce (self, length, FALSE);
  append (self, text, length);
}

static gboolean
is_sendable (PhImapWriter *self, const char *what, const char *text, gsize length)
{
  if (memchr (text, '\r', length) != NULL || memchr (text, '\n', length) != NULL)
    refuse (self, what, "holds a line break");
  else if (memchr (text, '\0', length) != NULL)
    refuse (self, what, "holds a NUL");
  else if (!g_utf8_validate_len (text, length, NULL))
    refuse (self, what, "is not UTF-8");

  return self->error == NULL;
}

static void
ph_imap_writer_atom (PhWriter *writer, const char *word)
{
  PhImapWriter *self = (PhImapWriter *) writer;

  if (*word == '\0')
    {
      refuse (self, "A word", "is empty");
      return;
    }
  for (const char *p = word; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || strchr ("(){\"", *p) != NULL)
      {
        g_autofree char *what = g_strescape (word, NULL);
        g_autofree char *quoted = g_strdup_printf ("“%.80s”", what);

        refuse (self, quoted, "holds characters that a word can’t");
        return;
      }

  separate (self);
  append (self, word, strlen (word));
}

static void
ph_imap_writer_string (PhWriter *writer, const char *text)
{
  PhImapWriter *self = (PhImapWriter *) writer;

  if (is_sendable (self, "A text", text, strlen (text)))
    append_string (self, text, strlen (text));
}

static void
ph_imap_writer_mailbox (PhWriter *writer, const char *name)
{
  PhImapWriter    *self = (PhImapWriter *) writer;
  g_autofree char *encoded = NULL;

  if (!is_sendable (self, "A mailbox name", name, strlen (name)))
    return;

  if (g_ascii_strcasecmp (name, "INBOX") == 0)
    name = "INBOX";
  else if (!self->utf8)
    name = encoded = ph_imap_utf7_encode (name);
  append_string (self, name, strlen (name));
}

static void
ph_imap_writer_number (PhWriter *writer, guint64 number)
{
  PhImapWriter *self = (PhImapWriter *) writer;
  char          text[PH_IMAP_NUMBER_ROOM];
  const char   *end = text + sizeof text;
  const char   *start = ph_imap_put_digits (text + sizeof text, number);

  separate (self);
  append (self, start, (gsize) (end - start));
}

static void
ph_imap_writer_bytes (PhWriter *writer, GBytes *bytes)
{
  PhImapWriter *self = (PhImapWriter *) writer;
  gsize         length;
  const char   *data = g_bytes_get_data (bytes, &length);
  gboolean      binary = length > 0 && memchr (data, '\0', length) != NULL;

  if (binary && (self->features & PH_IMAP_BINARY) == 0)
    {
      refuse (self, "A text", "holds a NUL, and the server does not offer BINARY");
      return;
    }

  separate (self);
  if (is_quotable (self, data, length) && (length == 0 || g_utf8_validate_len (data, length, NULL)))
    {
      append_quoted (self, data, length);
      return;
    }
  announce (self, length, binary);
  append (self, data, length);
}

/* Of what can be looked at without reading it: memory and regular files */
static gboolean
has_nul (PhBody *body)
{
  char    piece[8192];
  guint64 offset = 0;
  gssize  got;

  while ((got = ph_body_peek (body, offset, piece, sizeof piece)) > 0)
    {
      if (memchr (piece, '\0', (gsize) got) != NULL)
        return TRUE;
      offset += (guint64) got;
    }

  return FALSE;
}

static PhBody *
get_piece (PhBody *body, guint index)
{
  return ph_body_get_n_parts (body) > 0 ? ph_body_get_part (body, index) : index == 0 ? body : NULL;
}

static gboolean
has_url (PhBody *body)
{
  PhBody *piece;

  for (guint i = 0; (piece = get_piece (body, i)) != NULL; i++)
    if (ph_body_get_url (piece) != NULL)
      return TRUE;

  return FALSE;
}

/* What the server is to put together from what it has: an extension knows how that is said. */
static void
write_by_extension (PhImapWriter *self, PhBody *body)
{
  for (guint i = 0; self->extensions != NULL && i < self->extensions->len; i++)
    if (ph_extension_write_body (g_ptr_array_index (self->extensions, i), body, PH_WRITER (self)))
      return;

  ph_writer_fail (PH_WRITER (self), ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL,
                                                  "The server does not put messages together: what a URL stands for can’t be part of one"));
}

static void
append_body (PhImapWriter *self, PhBody *body)
{
  PhImapSegment *segment = ph_imap_segment_new (PH_IMAP_SEGMENT_BODY);

  segment->body = g_object_ref (body);
  segment->length = ph_body_get_size (body);
  g_ptr_array_add (self->segments, segment);
}

static void
ph_imap_writer_body (PhWriter *writer, PhBody *body)
{
  PhImapWriter *self = (PhImapWriter *) writer;
  PhBody       *piece;
  gint64        size = ph_body_get_size (body);
  gboolean      binary = FALSE;

  if (has_url (body))
    {
      write_by_extension (self, body);
      return;
    }
  if (size < 0)
    {
      refuse (self, "A message", "has no known size");
      return;
    }

  for (guint i = 0; (piece = get_piece (body, i)) != NULL && !binary; i++)
    binary = has_nul (piece);
  if (binary && (self->features & PH_IMAP_BINARY) == 0)
    {
      refuse (self, "A message", "holds a NUL, and the server does not offer BINARY");
      return;
    }

  separate (self);
  announce (self, size, binary);
  for (guint i = 0; (piece = get_piece (body, i)) != NULL; i++)
    append_body (self, piece);
}

/* A segment of its own, large enough from the start: growing would leave copies in freed memory. */
static void
begin_secret (PhImapWriter *self, gsize length)
{
  PhImapSegment *segment = ph_imap_segment_new (PH_IMAP_SEGMENT_SECRET);

  if (self->spaced)
    append (self, " ", 1);
  self->spaced = FALSE;
  g_byte_array_unref (segment->data);
  segment->data = g_byte_array_sized_new (length);
  g_ptr_array_add (self->segments, segment);
}

static void
ph_imap_writer_secret (PhWriter *writer, PhSecret *secret)
{
  PhImapWriter *self = (PhImapWriter *) writer;
  gsize         length;
  const char   *text = ph_secret_get (secret, &length);
  gboolean      was_secret = self->secret;

  if (!is_sendable (self, "A secret", text, length))
    return;

  /* worst case: every character escaped, in quotes, or behind a literal's header */
  begin_secret (self, 2 * length + 40);
  self->secret = TRUE;
  append_string (self, text, length);
  self->secret = was_secret;
}

void
ph_imap_writer_secret_word (PhImapWriter *self, const char *word)
{
  gboolean was_secret = self->secret;

  self->empty = FALSE;
  if (*word == '\0')
    return;

  begin_secret (self, strlen (word) + 2);
  self->secret = TRUE;
  append (self, word, strlen (word));
  self->secret = was_secret;
}

static void
ph_imap_writer_line (PhWriter *writer, const char *text)
{
  PhImapWriter *self = (PhImapWriter *) writer;

  if (strpbrk (text, "\r\n") != NULL)
    {
      refuse (self, "A line", "holds a line break");
      return;
    }
  if (*text == '\0')
    return;

  separate (self);
  append (self, text, strlen (text));
  self->raw = TRUE;
}

static void
ph_imap_writer_open (PhWriter *writer)
{
  PhImapWriter *self = (PhImapWriter *) writer;

  separate (self);
  append (self, "(", 1);
  self->spaced = FALSE;
}

static void
ph_imap_writer_close (PhWriter *writer)
{
  PhImapWriter *self = (PhImapWriter *) writer;

  append (self, ")", 1);
  self->spaced = TRUE;
}

static void
ph_imap_writer_fail (PhWriter *writer, GError *error)
{
  PhImapWriter *self = (PhImapWriter *) writer;

  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

static void
ph_imap_writer_describe (PhWriterInterface *iface)
{
  iface->atom = ph_imap_writer_atom;
  iface->string = ph_imap_writer_string;
  iface->mailbox = ph_imap_writer_mailbox;
  iface->number = ph_imap_writer_number;
  iface->bytes = ph_imap_writer_bytes;
  iface->body = ph_imap_writer_body;
  iface->secret = ph_imap_writer_secret;
  iface->line = ph_imap_writer_line;
  iface->open = ph_imap_writer_open;
  iface->close = ph_imap_writer_close;
  iface->fail = ph_imap_writer_fail;
  iface->search = ph_imap_writer_search;
}

static void
ph_imap_writer_finalize (GObject *object)
{
  PhImapWriter *self = (PhImapWriter *) object;

  g_clear_error (&self->error);
  g_ptr_array_unref (self->segments);

  G_OBJECT_CLASS (ph_imap_writer_parent_class)->finalize (object);
}

static void
ph_imap_writer_class_init (PhImapWriterClass *klass)
{
  klass->finalize = ph_imap_writer_finalize;
}

static void
ph_imap_writer_init (PhImapWriter *self)
{
  self->segments = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_imap_segment_free);
}

PhImapWriter *
ph_imap_writer_new (void)
{
  return g_object_new (PH_TYPE_IMAP_WRITER, NULL);
}

void
ph_imap_writer_set_extensions (PhImapWriter *self, GPtrArray *extensions)
{
  self->extensions = extensions;
}

const char *
ph_imap_writer_get_list_verb (PhImapWriter *self)
{
  for (guint i = 0; self->extensions != NULL && i < self->extensions->len; i++)
    {
      PhExtension *extension = g_ptr_array_index (self->extensions, i);
      const char  *verb = PH_EXTENSION_GET_CLASS (extension)->list_verb;

      if (verb != NULL && ph_extension_has_capability (extension, verb))
        return verb;
    }

  return "LIST";
}

const char *
ph_imap_writer_get_page_option (PhImapWriter *self, int first, int last)
{
  const char *option = NULL;

  for (guint i = 0; option == NULL && self->extensions != NULL && i < self->extensions->len; i++)
    option = ph_extension_get_page_option (g_ptr_array_index (self->extensions, i), first, last);
  return option;
}

void
ph_imap_writer_set_features (PhImapWriter *self, PhImapFeatures features, gboolean utf8)
{
  self->features = features;
  self->utf8 = utf8;
}

PhImapFeatures
ph_imap_writer_get_features (PhImapWriter *self)
{
  return self->features;
}

gboolean
ph_imap_writer_get_utf8 (PhImapWriter *self)
{
  return self->utf8;
}

void
ph_imap_writer_begin (PhImapWriter *self, const char *tag, gboolean secret)
{
  g_clear_error (&self->error);
  g_ptr_array_set_size (self->segments, 0);

  self->secret = FALSE;
  self->spaced = FALSE;
  if (tag != NULL)
    {
      separate (self);
      append (self, tag, strlen (tag));
    }
  self->secret = secret;
  self->empty = TRUE;
}

gboolean
ph_imap_writer_is_empty (PhImapWriter *self)
{
  return self->empty && self->error == NULL;
}

/* Of a line that came as it is: the server would take what follows for a literal. */
static gboolean
ends_like_literal (PhImapWriter *self)
{
  const GByteArray *text = get_text (self);
  guint             i = text->len;

  if (!self->raw || i == 0 || text->data[--i] != '}')
    return FALSE;
  if (i > 0 && text->data[i - 1] == '+')
    i--;
  while (i > 0 && g_ascii_isdigit (text->data[i - 1]))
    i--;

  return i > 0 && text->data[i - 1] == '{';
}

/* Behind a secret it needs no write of its own. */
static void
end_line (PhImapWriter *self)
{
  const PhImapSegment *last = self->segments->len > 0 ? g_ptr_array_index (self->segments, self->segments->len - 1) : NULL;

  self->secret |= last != NULL && last->kind == PH_IMAP_SEGMENT_SECRET;
  append (self, "\r\n", 2);
}

GPtrArray *
ph_imap_writer_end (PhImapWriter *self, GError **error)
{
  if (self->error == NULL && ends_like_literal (self))
    refuse (self, "A line", "ends in the announcement of a literal");
  if (self->error != NULL)
    {
      g_ptr_array_set_size (self->segments, 0);
      g_propagate_error (error, g_steal_pointer (&self->error));
      return NULL;
    }

  end_line (self);
  return self->segments;
}
