/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension COMPRESS=DEFLATE (RFC 4978): everything behind the server's OK is deflated, in both directions.
 *
 *   compress  = "COMPRESS" SP algorithm        RFC 4978 section 5
 *   algorithm = "DEFLATE"
 *
 * A pair of zlib streams costs a session some 96 KB, so it is used only where the program asks for it: ph_session_use (). Over TLS,
 * remember that an attacker who chooses part of what is sent may learn the rest from its length (RFC 4978 section 4).
 */
#include <posthorn/posthorn-plugin.h>

typedef struct { PhCommand parent; } PhImapCompressCommand;
typedef PhCommandClass PhImapCompressCommandClass;

GType ph_imap_compress_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapCompressCommand, ph_imap_compress_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static void
ph_imap_compress_command_write (PhCommand *command, PhWriter *writer)
{
  ph_writer_atom (writer, "COMPRESS");
  ph_writer_atom (writer, "DEFLATE");
}

/* Raw deflate, no header: RFC 1951. */
static PhFilter *
ph_imap_compress_command_get_filter (PhCommand *command)
{
  g_autoptr (GZlibDecompressor) receiving = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GZlibCompressor) sending = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1);

  return ph_filter_new_converter (G_CONVERTER (receiving), G_CONVERTER (sending));
}

static void
ph_imap_compress_command_class_init (PhImapCompressCommandClass *klass)
{
  klass->write = ph_imap_compress_command_write;
  klass->get_filter = ph_imap_compress_command_get_filter;
}

static void
ph_imap_compress_command_init (PhImapCompressCommand *self)
{
  ph_command_set_name (&self->parent, "COMPRESS");
  ph_command_set_flags (&self->parent, PH_COMMAND_ALONE);
}

typedef struct { PhExtension parent; } PhImapCompress;
typedef PhExtensionClass PhImapCompressClass;

GType ph_imap_compress_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapCompress, ph_imap_compress, PH_TYPE_EXTENSION, G_TYPE_INVALID, NULL)

static PhCommand *
make (void)
{
  return g_object_new (ph_imap_compress_command_get_type (), NULL);
}

static PhCommand *
ph_imap_compress_make_step (PhExtension *self, PhStage stage)
{
  return stage == PH_STAGE_AUTHENTICATED && ph_extension_is_requested (self) ? make () : NULL;
}

static PhCommand *
ph_imap_compress_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  return g_ascii_strcasecmp (name, "COMPRESS") == 0 ? make () : NULL;
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
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "COMPRESS=DEFLATE", .summary = "Deflates the channel when asked for (RFC 4978)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_compress_get_type },
};

PH_DEFINE_PLUGIN (imap4_compress, "imap4-compress", "The IMAP extension COMPRESS=DEFLATE", features)
