/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension COMPRESS=DEFLATE (RFC 4978): everything behind the server's OK is deflated, in both directions.
 *
 *   compress  = "COMPRESS" SP algorithm        RFC 4978 section 5
 *   algorithm = "DEFLATE"
 *
 * Two zlib streams cost memory for as long as the session lives, so it is used only where the program asks for it: ph_session_use (), or
 * PhCompress. TLS itself compresses nothing, since there is none below 1.2 here. Over TLS, remember that an attacker who chooses part of
 * what is sent may learn the rest from its length (RFC 4978 section 4).
 */
#include <posthorn/posthorn-plugin.h>

typedef struct {
  PhExtension parent;
  int         level;
  gboolean    is_active;
  guint64     sent, sent_deflated;
  guint64     received, received_deflated;
} PhImapCompress;

/* --- the filter: what deflates, and counts --- */

typedef struct {
  GObject         parent;
  PhFilter       *deflate;
  PhImapCompress *extension;
} PhImapDeflate;

typedef GObjectClass PhImapDeflateClass;

static void ph_imap_deflate_describe (PhFilterInterface *iface);

GType ph_imap_deflate_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapDeflate, ph_imap_deflate, G_TYPE_OBJECT, PH_TYPE_FILTER, ph_imap_deflate_describe)

static gboolean
ph_imap_deflate_receive (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  PhImapDeflate *self = (PhImapDeflate *) (gpointer) filter;
  gsize          before = ph_byte_queue_get_length (input), made = ph_byte_queue_get_length (output);
  gboolean       done = ph_filter_receive (self->deflate, input, output, error);

  self->extension->received_deflated += before - ph_byte_queue_get_length (input);
  self->extension->received += ph_byte_queue_get_length (output) - made;
  return done;
}

static gboolean
ph_imap_deflate_send (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  PhImapDeflate *self = (PhImapDeflate *) (gpointer) filter;
  gsize          before = ph_byte_queue_get_length (input), made = ph_byte_queue_get_length (output);
  gboolean       done = ph_filter_send (self->deflate, input, output, error);

  self->extension->sent += before - ph_byte_queue_get_length (input);
  self->extension->sent_deflated += ph_byte_queue_get_length (output) - made;
  return done;
}

static gboolean
ph_imap_deflate_end_of_input (PhFilter *filter, GError **error)
{
  return ph_filter_end_of_input (((PhImapDeflate *) (gpointer) filter)->deflate, error);
}

static void
ph_imap_deflate_describe (PhFilterInterface *iface)
{
  iface->receive = ph_imap_deflate_receive;
  iface->send = ph_imap_deflate_send;
  iface->end_of_input = ph_imap_deflate_end_of_input;
}

static void
ph_imap_deflate_finalize (GObject *object)
{
  PhImapDeflate *self = (PhImapDeflate *) (gpointer) object;

  if (self->extension != NULL)
    self->extension->is_active = FALSE;
  g_clear_object (&self->deflate);
  g_clear_object (&self->extension);
  G_OBJECT_CLASS (ph_imap_deflate_parent_class)->finalize (object);
}

static void
ph_imap_deflate_class_init (PhImapDeflateClass *klass)
{
  klass->finalize = ph_imap_deflate_finalize;
}

static void
ph_imap_deflate_init (PhImapDeflate *self)
{
}

/* --- the command --- */

typedef struct {
  PhCommand       parent;
  PhImapCompress *extension;
} PhImapCompressCommand;

typedef PhCommandClass PhImapCompressCommandClass;

GType ph_imap_compress_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapCompressCommand, ph_imap_compress_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static void
ph_imap_compress_command_write (PhCommand *command, PhWriter *writer)
{
  if (((PhImapCompressCommand *) command)->extension->is_active)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_WRONG_STATE, NULL, NULL, "The session is compressed already"));
      return;
    }
  ph_writer_atom (writer, "COMPRESS");
  ph_writer_atom (writer, "DEFLATE");
}

/* Raw deflate, no header: RFC 1951. */
static PhFilter *
ph_imap_compress_command_get_filter (PhCommand *command)
{
  PhImapCompress *extension = ((PhImapCompressCommand *) command)->extension;
  PhImapDeflate  *self = g_object_new (ph_imap_deflate_get_type (), NULL);
  g_autoptr (GZlibDecompressor) receiving = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GZlibCompressor) sending = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, extension->level);

  self->deflate = ph_filter_new_converter (G_CONVERTER (receiving), G_CONVERTER (sending));
  self->extension = g_object_ref (extension);
  extension->is_active = TRUE;
  extension->sent = extension->sent_deflated = extension->received = extension->received_deflated = 0;
  return PH_FILTER (self);
}

static void
ph_imap_compress_command_finalize (GObject *object)
{
  g_clear_object (&((PhImapCompressCommand *) (gpointer) object)->extension);
  G_OBJECT_CLASS (ph_imap_compress_command_parent_class)->finalize (object);
}

static void
ph_imap_compress_command_class_init (PhImapCompressCommandClass *klass)
{
  klass->parent_class.finalize = ph_imap_compress_command_finalize;
  klass->write = ph_imap_compress_command_write;
  klass->get_filter = ph_imap_compress_command_get_filter;
}

static void
ph_imap_compress_command_init (PhImapCompressCommand *self)
{
  ph_command_set_name (&self->parent, "COMPRESS");
  ph_command_set_flags (&self->parent, PH_COMMAND_ALONE);
  ph_command_set_needs (&self->parent, "COMPRESS=DEFLATE");
}

/* --- the extension --- */

typedef PhExtensionClass PhImapCompressClass;

static void ph_imap_compress_describe (PhCompressInterface *iface);

GType ph_imap_compress_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapCompress, ph_imap_compress, PH_TYPE_EXTENSION, PH_TYPE_COMPRESS, ph_imap_compress_describe)

static PhCommand *
make (PhImapCompress *self)
{
  PhImapCompressCommand *command = g_object_new (ph_imap_compress_command_get_type (), NULL);

  command->extension = g_object_ref (self);
  return &command->parent;
}

static PhCommand *
ph_imap_compress_make_start (PhCompress *self)
{
  return make ((PhImapCompress *) self);
}

static void
ph_imap_compress_set_level (PhCompress *self, int level)
{
  ((PhImapCompress *) self)->level = level;
}

static int
ph_imap_compress_get_level (PhCompress *self)
{
  return ((PhImapCompress *) self)->level;
}

static gboolean
ph_imap_compress_get_octets (PhCompress *compress, guint64 *sent, guint64 *sent_deflated, guint64 *received, guint64 *received_deflated)
{
  PhImapCompress *self = (PhImapCompress *) compress;

  *sent = self->sent;
  *sent_deflated = self->sent_deflated;
  *received = self->received;
  *received_deflated = self->received_deflated;
  return self->is_active;
}

static void
ph_imap_compress_describe (PhCompressInterface *iface)
{
  iface->make_start = ph_imap_compress_make_start;
  iface->set_level = ph_imap_compress_set_level;
  iface->get_level = ph_imap_compress_get_level;
  iface->get_octets = ph_imap_compress_get_octets;
}

static PhCommand *
ph_imap_compress_make_step (PhExtension *self, PhStage stage)
{
  return stage == PH_STAGE_AUTHENTICATED && ph_extension_is_requested (self) ? make ((PhImapCompress *) self) : NULL;
}

static PhCommand *
ph_imap_compress_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  return g_ascii_strcasecmp (name, "COMPRESS") == 0 ? make ((PhImapCompress *) self) : NULL;
}

static void
ph_imap_compress_class_init (PhImapCompressClass *klass)
{
  static const char *const commands[] = { "COMPRESS", NULL };

  klass->commands = commands;
  klass->make_step = ph_imap_compress_make_step;
  klass->make_command = ph_imap_compress_make_command;
}

static void
ph_imap_compress_init (PhImapCompress *self)
{
  self->level = -1;
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "COMPRESS=DEFLATE", .summary = "Deflates the channel when asked for (RFC 4978)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_compress_get_type },
};

PH_DEFINE_PLUGIN (imap4_compress, "imap4-compress", "The IMAP extension COMPRESS=DEFLATE", features)
