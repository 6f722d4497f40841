/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The octets of a plan, a piece at a time; what a content is encoded to stands in memory one block at a time. */
#include "ph-mime-stream.h"

#include <string.h>

struct _PhMimeStream {
  GInputStream parent_instance;

  PhMimePlan *plan;
  guint piece;
  gsize offset;          /* in a piece of text */
  PhMimeReader *reader;  /* of a content that was begun */
  goffset position;
};

static void pollable_init (GPollableInputStreamInterface *iface);
static void seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhMimeStream, ph_mime_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, pollable_init)
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_init))

static gsize
read_text (PhMimeStream *self, GBytes *text, void *buffer, gsize count)
{
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  gsize n = MIN (count, length - self->offset);

  memcpy (buffer, data + self->offset, n);
  self->offset += n;
  return n;
}

static gssize
read_piece (PhMimeStream *self, PhMimePiece *piece, void *buffer, gsize count, GError **error)
{
  if (piece->text != NULL)
    return (gssize) read_text (self, piece->text, buffer, count);
  if (self->reader == NULL)
    self->reader = ph_mime_reader_new (piece->content);
  return ph_mime_reader_read (self->reader, buffer, count, error);
}

static gssize
ph_mime_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  PhMimeStream *self = PH_MIME_STREAM (stream);
  gsize done = 0;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  while (done < count && self->piece < self->plan->pieces->len)
    {
      gssize n = read_piece (self, &g_array_index (self->plan->pieces, PhMimePiece, self->piece), (char *) buffer + done, count - done, error);

      if (n < 0)
        return -1;
      if (n == 0)
        {
          g_clear_pointer (&self->reader, ph_mime_reader_free);
          self->offset = 0;
          self->piece++;
        }
      done += (gsize) n;
    }
  self->position += (goffset) done;
  return (gssize) done;
}

static gboolean
can_poll (GPollableInputStream *stream)
{
  return PH_MIME_STREAM (stream)->plan->is_local;
}

static gboolean
is_readable (GPollableInputStream *stream G_GNUC_UNUSED)
{
  return TRUE;
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) now = g_timeout_source_new (0);

  return g_pollable_source_new_full (stream, now, cancellable);
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  return ph_mime_stream_read (G_INPUT_STREAM (stream), buffer, count, NULL, error);
}

static void
pollable_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = can_poll;
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

static goffset
tell (GSeekable *seekable)
{
  return PH_MIME_STREAM (seekable)->position;
}

static gboolean
can_seek (GSeekable *seekable G_GNUC_UNUSED)
{
  return TRUE;
}

/* To the start and nowhere else: that is what sending once more needs. */
static gboolean
seek (GSeekable *seekable, goffset offset, GSeekType type, GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  PhMimeStream *self = PH_MIME_STREAM (seekable);

  if (type != G_SEEK_SET || offset != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "A message can be read again from its start only");
      return FALSE;
    }
  g_clear_pointer (&self->reader, ph_mime_reader_free);
  self->piece = 0;
  self->offset = 0;
  self->position = 0;
  return TRUE;
}

static gboolean
can_truncate (GSeekable *seekable G_GNUC_UNUSED)
{
  return FALSE;
}

static gboolean
truncate_to (GSeekable *seekable G_GNUC_UNUSED, goffset offset G_GNUC_UNUSED, GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "A message can't be truncated");
  return FALSE;
}

static void
seekable_init (GSeekableIface *iface)
{
  iface->tell = tell;
  iface->can_seek = can_seek;
  iface->seek = seek;
  iface->can_truncate = can_truncate;
  iface->truncate_fn = truncate_to;
}

static void
ph_mime_stream_finalize (GObject *object)
{
  PhMimeStream *self = PH_MIME_STREAM (object);

  g_clear_pointer (&self->reader, ph_mime_reader_free);
  g_clear_pointer (&self->plan, ph_mime_plan_unref);
  G_OBJECT_CLASS (ph_mime_stream_parent_class)->finalize (object);
}

static void
ph_mime_stream_class_init (PhMimeStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_mime_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = ph_mime_stream_read;
}

static void
ph_mime_stream_init (PhMimeStream *self G_GNUC_UNUSED)
{
}

GInputStream *
ph_mime_stream_new (PhMimePlan *plan)
{
  PhMimeStream *self = g_object_new (PH_MIME_TYPE_STREAM, NULL);

  self->plan = ph_mime_plan_ref (plan);
  return G_INPUT_STREAM (self);
}
