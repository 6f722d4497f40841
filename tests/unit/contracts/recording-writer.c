/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PhWriter that writes down what it is told. */
#include "recording-writer.h"

struct _RecordingWriter {
  GObject  parent_instance;
  GString *record;
};

static void recording_writer_iface_init (PhWriterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RecordingWriter, recording_writer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_WRITER, recording_writer_iface_init))

static void G_GNUC_PRINTF (2, 3)
record (PhWriter *writer, const char *format, ...)
{
  RecordingWriter *self = RECORDING_WRITER (writer);
  va_list arguments;

  if (self->record->len > 0)
    g_string_append (self->record, "; ");
  va_start (arguments, format);
  g_string_append_vprintf (self->record, format, arguments);
  va_end (arguments);
}

static void
recording_writer_atom (PhWriter *self, const char *word)
{
  record (self, "atom %s", word);
}

static void
recording_writer_string (PhWriter *self, const char *text)
{
  record (self, "string %s", text);
}

static void
recording_writer_mailbox (PhWriter *self, const char *name)
{
  record (self, "mailbox %s", name);
}

static void
recording_writer_number (PhWriter *self, guint64 number)
{
  record (self, "number %" G_GUINT64_FORMAT, number);
}

static void
recording_writer_bytes (PhWriter *self, GBytes *bytes)
{
  record (self, "bytes %" G_GSIZE_FORMAT, g_bytes_get_size (bytes));
}

static void
recording_writer_body (PhWriter *self, PhBody *body)
{
  record (self, "body %" G_GINT64_FORMAT, ph_body_get_size (body));
}

static void
recording_writer_secret (PhWriter *self, PhSecret *secret)
{
  record (self, "secret");
}

static void
recording_writer_line (PhWriter *self, const char *text)
{
  record (self, "line %s", text);
}

static void
recording_writer_open (PhWriter *self)
{
  record (self, "open");
}

static void
recording_writer_close (PhWriter *self)
{
  record (self, "close");
}

static void
recording_writer_fail (PhWriter *self, GError *error)
{
  record (self, "fail %d", error->code);
  g_error_free (error);
}

static void
recording_writer_iface_init (PhWriterInterface *iface)
{
  iface->atom = recording_writer_atom;
  iface->string = recording_writer_string;
  iface->mailbox = recording_writer_mailbox;
  iface->number = recording_writer_number;
  iface->bytes = recording_writer_bytes;
  iface->body = recording_writer_body;
  iface->secret = recording_writer_secret;
  iface->line = recording_writer_line;
  iface->open = recording_writer_open;
  iface->close = recording_writer_close;
  iface->fail = recording_writer_fail;
}

static void
recording_writer_finalize (GObject *object)
{
  g_string_free (RECORDING_WRITER (object)->record, TRUE);

  G_OBJECT_CLASS (recording_writer_parent_class)->finalize (object);
}

static void
recording_writer_class_init (RecordingWriterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = recording_writer_finalize;
}

static void
recording_writer_init (RecordingWriter *self)
{
  self->record = g_string_new (NULL);
}

PhWriter *
recording_writer_new (void)
{
  return g_object_new (recording_writer_get_type (), NULL);
}

char *
recording_writer_take (PhWriter *writer)
{
  RecordingWriter *self = RECORDING_WRITER (writer);
  char *taken = g_string_free (self->record, FALSE);

  self->record = g_string_new (NULL);
  return taken;
}
