/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One part's content on its way out: source → decoder → line ends → encoder → line ends.
 *
 * GMime's filters are driven here, not through its filtered stream: that one takes a piece that a filter keeps for later for
 * the end of all, and the first octets of a short base64 content are such a piece.
 */
#include "ph-mime-content.h"

#include "ph-mime-header.h"

#include <errno.h>
#include <string.h>

#define BLOCK (32 * 1024)

struct _PhMimeContent {
  gatomicrefcount refs;
  GMimeDataWrapper *wrapper; /* NULL: there is none, and nothing to read */
  GMimeContentEncoding encoding;
  gboolean is_text;
};

struct _PhMimeReader {
  GMimeStream *stream; /* its own view, so that two may read one content */
  GPtrArray *filters;
  char *block;
  const char *ready;   /* in the last filter's buffer, or in block */
  gsize n_ready;
  gboolean ended;
};

void
ph_mime_scan (PhMimeScan *self, const char *data, gsize length)
{
  gsize column = self->column;

  self->octets += length;
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) data[i];

      if (c == '\n')
        column = 0;
      else
        column++;
      self->eight_bit |= c >= 0x80;
      /* 998 and the CR before the end */
      self->binary |= c == 0 || column > PH_MIME_MAX_LINE + 1 || (column == PH_MIME_MAX_LINE + 1 && c != '\r');
    }
  self->column = column;
}

static gboolean
is_identity (GMimeContentEncoding encoding)
{
  return encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
         && encoding != GMIME_CONTENT_ENCODING_UUENCODE;
}

PhMimeContent *
ph_mime_content_new (GMimeDataWrapper *wrapper, GMimeContentEncoding encoding, gboolean is_text)
{
  PhMimeContent *self = g_new0 (PhMimeContent, 1);

  g_atomic_ref_count_init (&self->refs);
  g_set_object (&self->wrapper, wrapper);
  self->encoding = encoding;
  self->is_text = is_text;
  return self;
}

PhMimeContent *
ph_mime_content_ref (PhMimeContent *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ph_mime_content_unref (PhMimeContent *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_object (&self->wrapper);
  g_free (self);
}

static GMimeStream *
get_stream (PhMimeContent *self)
{
  return self->wrapper != NULL ? g_mime_data_wrapper_get_stream (self->wrapper) : NULL;
}

gint64
ph_mime_content_get_length (PhMimeContent *self)
{
  GMimeStream *stream = get_stream (self);

  return stream != NULL ? g_mime_stream_length (stream) : 0;
}

gboolean
ph_mime_content_is_local (PhMimeContent *self)
{
  GMimeStream *stream = get_stream (self);

  return stream == NULL || GMIME_IS_STREAM_MEM (stream) || GMIME_IS_STREAM_MMAP (stream) || GMIME_IS_STREAM_FS (stream)
         || GMIME_IS_STREAM_FILE (stream);
}

/* 76 characters a line (RFC 2045 section 6.8) and CR LF behind each, the last one, too */
static guint64
base64_length (guint64 octets)
{
  guint64 quanta = (octets + 2) / 3;

  return 4 * quanta + 2 * ((quanta + 18) / 19);
}

static gboolean
is_encoded_here (PhMimeContent *self)
{
  return self->wrapper != NULL && self->encoding != g_mime_data_wrapper_get_encoding (self->wrapper)
         && !(is_identity (self->encoding) && is_identity (g_mime_data_wrapper_get_encoding (self->wrapper)));
}

/* Nothing changes the length before it is encoded */
static gboolean
is_computable (PhMimeContent *self)
{
  return is_encoded_here (self) && self->encoding == GMIME_CONTENT_ENCODING_BASE64 && !self->is_text
         && is_identity (g_mime_data_wrapper_get_encoding (self->wrapper)) && ph_mime_content_get_length (self) >= 0;
}

gboolean
ph_mime_content_scan (PhMimeContent *self, PhMimeScan *scan, GError **error)
{
  g_autoptr (PhMimeReader) reader = NULL;
  g_autofree char *buffer = NULL;
  g_autoptr (GError) cause = NULL;
  gssize n;

  if (is_computable (self))
    {
      scan->octets += base64_length ((guint64) ph_mime_content_get_length (self));
      scan->column = 0;
      return TRUE;
    }
  reader = ph_mime_reader_new (self);
  buffer = g_malloc (BLOCK);
  while ((n = ph_mime_reader_read (reader, buffer, BLOCK, &cause)) > 0)
    ph_mime_scan (scan, buffer, (gsize) n);
  if (n < 0)
    g_propagate_error (error, ph_mime_error (PH_ERROR_BODY, "a part of the message can't be read to its end: %s", cause->message));
  return n == 0;
}

static void
take_filter (PhMimeReader *self, GMimeFilter *filter)
{
  g_ptr_array_add (self->filters, filter);
}

PhMimeReader *
ph_mime_reader_new (PhMimeContent *content)
{
  PhMimeReader *self = g_new0 (PhMimeReader, 1);
  GMimeStream *stream = get_stream (content);

  self->filters = g_ptr_array_new_with_free_func (g_object_unref);
  if (stream == NULL)
    {
      self->ended = TRUE;
      return self;
    }
  self->block = g_malloc (BLOCK);
  self->stream = g_mime_stream_substream (stream, stream->bound_start, stream->bound_end);
  if (is_encoded_here (content) && !is_identity (g_mime_data_wrapper_get_encoding (content->wrapper)))
    take_filter (self, g_mime_filter_basic_new (g_mime_data_wrapper_get_encoding (content->wrapper), FALSE));
  /* lines end by LF for quoted-printable, which knows no other, and by CR LF for base64 (RFC 2045 section 6.8) */
  if (is_encoded_here (content) && content->is_text && content->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
    take_filter (self, g_mime_filter_dos2unix_new (FALSE));
  if (is_encoded_here (content) && content->is_text && content->encoding == GMIME_CONTENT_ENCODING_BASE64)
    take_filter (self, g_mime_filter_unix2dos_new (FALSE));
  if (is_encoded_here (content) && !is_identity (content->encoding))
    take_filter (self, g_mime_filter_basic_new (content->encoding, TRUE));
  if (content->encoding != GMIME_CONTENT_ENCODING_BINARY)
    take_filter (self, g_mime_filter_unix2dos_new (FALSE));
  return self;
}

void
ph_mime_reader_free (PhMimeReader *self)
{
  g_clear_object (&self->stream);
  g_ptr_array_unref (self->filters);
  g_free (self->block);
  g_free (self);
}

/* GMime's filters don't write to what they are given */
static void
run_filters (PhMimeReader *self, char *data, gsize length)
{
  gsize room = 0;

  for (guint i = 0; i < self->filters->len; i++)
    {
      GMimeFilter *filter = g_ptr_array_index (self->filters, i);

      if (self->ended)
        g_mime_filter_complete (filter, data, length, room, &data, &length, &room);
      else
        g_mime_filter_filter (filter, data, length, room, &data, &length, &room);
    }
  self->ready = data;
  self->n_ready = length;
}

static gboolean
read_block (PhMimeReader *self, GError **error)
{
  gssize n;

  errno = 0;
  /* some streams take reading behind their end for an error */
  n = g_mime_stream_eos (self->stream) ? 0 : g_mime_stream_read (self->stream, self->block, BLOCK);
  if (n < 0)
    {
      int code = errno != 0 ? errno : EIO;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
      return FALSE;
    }
  /* a stream may have nothing for now and yet more to come */
  self->ended = n == 0 && g_mime_stream_eos (self->stream);
  if (n == 0 && !self->ended)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "its stream gives nothing and doesn't end");
      return FALSE;
    }
  run_filters (self, self->block, (gsize) n);
  return TRUE;
}

gssize
ph_mime_reader_read (PhMimeReader *self, void *buffer, gsize count, GError **error)
{
  gsize n;

  while (self->n_ready == 0)
    {
      if (self->ended)
        return 0;
      if (!read_block (self, error))
        return -1;
    }
  n = MIN (count, self->n_ready);
  memcpy (buffer, self->ready, n);
  self->ready += n;
  self->n_ready -= n;
  return (gssize) n;
}
