/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A filter of two GConverters, one for each direction: DEFLATE, mostly. */
#include <posthorn/posthorn.h>

#define PH_TYPE_CONVERTER_FILTER (ph_converter_filter_get_type ())
G_DECLARE_FINAL_TYPE (PhConverterFilter, ph_converter_filter, PH, CONVERTER_FILTER, GObject)

/* A few octets can unpack to gigabytes: one receive () makes no more than about so much, and leaves the rest of its input. */
#define RECEIVE_LIMIT (256 * 1024)
#define PIECE (16 * 1024)
/* What a converter may want to write at once */
#define MAX_PIECE (1024 * 1024)

struct _PhConverterFilter {
  GObject parent_instance;

  GConverter *receiving;
  GConverter *sending;
  gboolean    received_end;
};

static void ph_converter_filter_implement (PhFilterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhConverterFilter, ph_converter_filter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_FILTER, ph_converter_filter_implement))

typedef struct {
  GConverter      *converter;
  GConverterFlags  flags;
  gsize            room; /* for the next call; grows where the converter can't do with it */
} Conversion;

typedef enum { STEP_ERROR, STEP_DONE, STEP_PARTIAL, STEP_FLUSHED, STEP_FINISHED } Step;

/* One call of the converter, once it had room enough. */
static Step
convert (Conversion *self, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  for (;; self->room *= 2)
    {
      g_autoptr (GError) reason = NULL;
      gsize length, used = 0, made = 0;
      const guint8 *data = ph_byte_queue_peek (input, &length);
      guint8 *room = ph_byte_queue_reserve (output, self->room);
      GConverterResult result = g_converter_convert (self->converter, length > 0 ? data : (const guint8 *) "", length, room, self->room,
                                                     self->flags, &used, &made, &reason);

      if (result != G_CONVERTER_ERROR)
        {
          ph_byte_queue_consume (input, used);
          ph_byte_queue_commit (output, made);
          return result == G_CONVERTER_FLUSHED ? STEP_FLUSHED : result == G_CONVERTER_FINISHED ? STEP_FINISHED : STEP_DONE;
        }
      ph_byte_queue_commit (output, 0);
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        return STEP_PARTIAL;
      if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NO_SPACE) || self->room >= MAX_PIECE)
        {
          g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "The compressed stream can't be read on: %s", reason->message);
          return STEP_ERROR;
        }
    }
}

static gboolean
ph_converter_filter_receive (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  PhConverterFilter *self = PH_CONVERTER_FILTER (filter);
  Conversion conversion = { self->receiving, G_CONVERTER_NO_FLAGS, PIECE };
  gsize limit = ph_byte_queue_get_length (output) + RECEIVE_LIMIT;
  gboolean had_input = ph_byte_queue_get_length (input) > 0;

  /* Once all input is taken, a converter may still hold octets that found no room: then it is asked until it has none. A few bits of
   * input are all that this can be, so it needs no limit. */
  while (had_input && (ph_byte_queue_get_length (input) == 0 || ph_byte_queue_get_length (output) < limit))
    {
      if (self->received_end)
        {
          if (ph_byte_queue_get_length (input) == 0)
            break;
          g_set_error_literal (error, PH_ERROR, PH_ERROR_PROTOCOL, "The server went on behind the end of its compressed stream");
          return FALSE;
        }
      switch (convert (&conversion, input, output, error))
        {
        case STEP_ERROR:
          return FALSE;
        case STEP_PARTIAL:
          return TRUE;
        case STEP_FINISHED:
          self->received_end = TRUE;
          break;
        default:
          break;
        }
    }
  return TRUE;
}

static gboolean
ph_converter_filter_send (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  PhConverterFilter *self = PH_CONVERTER_FILTER (filter);
  Conversion conversion = { self->sending, G_CONVERTER_FLUSH, PIECE };

  if (ph_byte_queue_get_length (input) == 0)
    return TRUE;
  for (;;)
    switch (convert (&conversion, input, output, error))
      {
      case STEP_ERROR:
        return FALSE;
      case STEP_DONE:
        break;
      default:
        return TRUE;
      }
}

/* DEFLATE between mail programs ends with the connection; who may be cut off is for the engine to say. */
static gboolean
ph_converter_filter_end_of_input (PhFilter *filter, GError **error)
{
  return TRUE;
}

static void
ph_converter_filter_finalize (GObject *object)
{
  PhConverterFilter *self = PH_CONVERTER_FILTER (object);

  g_clear_object (&self->receiving);
  g_clear_object (&self->sending);
  G_OBJECT_CLASS (ph_converter_filter_parent_class)->finalize (object);
}

static void
ph_converter_filter_class_init (PhConverterFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_converter_filter_finalize;
}

static void
ph_converter_filter_implement (PhFilterInterface *iface)
{
  iface->receive = ph_converter_filter_receive;
  iface->send = ph_converter_filter_send;
  iface->end_of_input = ph_converter_filter_end_of_input;
}

static void
ph_converter_filter_init (PhConverterFilter *self)
{
}

/**
 * ph_filter_new_converter:
 * @receiving: what the network's octets go through
 * @sending: what the engine's octets go through; must know %G_CONVERTER_FLUSH
 *
 * Makes a filter of two converters, such as #GZlibDecompressor and
 * #GZlibCompressor with %G_ZLIB_COMPRESSOR_FORMAT_RAW for IMAP's
 * COMPRESS=DEFLATE (RFC 4978).
 *
 * What is sent is flushed each time, so that the peer can read it. One call of
 * [method@Filter.receive] makes no more than about 256 KiB; the rest stays in
 * its input for the next.
 *
 * Returns: (transfer full): a new filter. It fails with %PH_ERROR_PROTOCOL where
 *   a converter does
 */
PhFilter *
ph_filter_new_converter (GConverter *receiving, GConverter *sending)
{
  PhConverterFilter *self;

  g_return_val_if_fail (G_IS_CONVERTER (receiving) && G_IS_CONVERTER (sending), NULL);

  self = g_object_new (PH_TYPE_CONVERTER_FILTER, NULL);
  self->receiving = g_object_ref (receiving);
  self->sending = g_object_ref (sending);
  return PH_FILTER (self);
}
