/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DEFLATE as a filter: IMAP's COMPRESS, RFC 4978. */
#include <posthorn/posthorn.h>

#include <string.h>

#define RECEIVE_LIMIT (256 * 1024)

static PhFilter *
new_deflate (void)
{
  g_autoptr (GZlibDecompressor) receiving = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GZlibCompressor) sending = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1);

  return ph_filter_new_converter (G_CONVERTER (receiving), G_CONVERTER (sending));
}

static void
expect (PhByteQueue *queue, const void *data, gsize length)
{
  gsize queued;
  const guint8 *octets = ph_byte_queue_peek (queue, &queued);

  g_assert_cmpmem (octets, queued, data, length);
  ph_byte_queue_consume (queue, queued);
}

/* Through one filter and out of another, in pieces of @step octets */
static void
pass (PhFilter *from, PhFilter *to, const char *data, gsize length, gsize step)
{
  g_autoptr (PhByteQueue) plain = ph_byte_queue_new (), wire = ph_byte_queue_new ();
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;
  gsize n;

  ph_byte_queue_append (plain, data, length);
  g_assert_true (ph_filter_send (from, plain, wire, &error));
  g_assert_cmpuint (ph_byte_queue_get_length (plain), ==, 0);
  while ((n = MIN (ph_byte_queue_get_length (wire), step)) > 0)
    {
      ph_byte_queue_append (input, ph_byte_queue_peek (wire, NULL), n);
      ph_byte_queue_consume (wire, n);
      do
        g_assert_true (ph_filter_receive (to, input, output, &error));
      while (ph_byte_queue_get_length (input) > 0);
    }
  expect (output, data, length);
}

static void
test_pieces (void)
{
  g_autofree char *large = g_malloc (300000);
  const char *lines[] = { "a NOOP\r\n", "x", "* 1 FETCH (FLAGS (\\Seen))\r\n" };

  for (gsize i = 0; i < 300000; i++)
    large[i] = (char) (i % 7 == 0 ? i * 2654435761u >> 11 : i >> 8);
  for (gsize step = 1; step <= 100000; step = step < 10 ? step + 1 : step * 10)
    {
      g_autoptr (PhFilter) from = new_deflate ();
      g_autoptr (PhFilter) to = new_deflate ();

      for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
        pass (from, to, lines[i], strlen (lines[i]), step);
      pass (from, to, large, 300000, step);
      pass (from, to, "end", 3, step);
    }
}

static void
test_nothing (void)
{
  g_autoptr (PhFilter) filter = new_deflate ();
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();

  for (int i = 0; i < 3; i++)
    {
      g_assert_true (ph_filter_send (filter, input, output, NULL));
      g_assert_true (ph_filter_receive (filter, input, output, NULL));
    }
  g_assert_cmpuint (ph_byte_queue_get_length (output), ==, 0);
  g_assert_true (ph_filter_end_of_input (filter, NULL));
}

/* 64 MB in 64 KB: no call makes much more than the limit, and all of it comes. */
static void
test_bomb (void)
{
  g_autoptr (PhFilter) from = new_deflate ();
  g_autoptr (PhFilter) to = new_deflate ();
  g_autoptr (PhByteQueue) plain = ph_byte_queue_new (), wire = ph_byte_queue_new (), output = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *zeros = g_malloc0 (1 << 20);
  gsize total = 0;

  for (int i = 0; i < 64; i++)
    {
      ph_byte_queue_append (plain, zeros, 1 << 20);
      g_assert_true (ph_filter_send (from, plain, wire, &error));
    }
  while (ph_byte_queue_get_length (wire) > 0)
    {
      gsize length;

      g_assert_true (ph_filter_receive (to, wire, output, &error));
      g_assert_no_error (error);
      length = ph_byte_queue_get_length (output);
      g_assert_cmpuint (length, <=, RECEIVE_LIMIT + 32 * 1024);
      g_assert_cmpuint (length, >, 0);
      total += length;
      ph_byte_queue_consume (output, length);
    }
  g_assert_cmpuint (total, ==, 64 << 20);
}

static void
test_garbage (void)
{
  g_autoptr (PhFilter) filter = new_deflate ();
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;

  ph_byte_queue_append (input, "\xff\xff\xff\xff in plain text", 18);
  g_assert_false (ph_filter_receive (filter, input, output, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "The compressed stream can't be read on"));
}

static void
test_behind_the_end (void)
{
  static const guint8 whole[] = { 0x4b, 0x04, 0x00 }; /* "a", the last block */
  g_autoptr (PhFilter) filter = new_deflate ();
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;

  ph_byte_queue_append (input, whole, sizeof whole);
  g_assert_true (ph_filter_receive (filter, input, output, &error));
  expect (output, "a", 1);
  g_assert_true (ph_filter_end_of_input (filter, &error));
  ph_byte_queue_append (input, "x", 1);
  g_assert_false (ph_filter_receive (filter, input, output, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

/* A converter that wants more room than it is given at first, and whole pairs */
typedef struct { GObject parent_instance; } Doubler;
typedef GObjectClass DoublerClass;
static void doubler_implement (GConverterIface *iface);
GType doubler_get_type (void);
G_DEFINE_TYPE_WITH_CODE (Doubler, doubler, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, doubler_implement))

static GConverterResult
doubler_convert (GConverter *converter, const void *input, gsize length, void *output, gsize room, GConverterFlags flags, gsize *used,
                 gsize *made, GError **error)
{
  if (length < 2)
    {
      if (length == 0 && (flags & G_CONVERTER_FLUSH))
        return G_CONVERTER_FLUSHED;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "half a pair");
      return G_CONVERTER_ERROR;
    }
  if (room < 100000)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "more room");
      return G_CONVERTER_ERROR;
    }
  memset (output, *(const char *) input, 100000);
  *used = 2;
  *made = 100000;
  return G_CONVERTER_CONVERTED;
}

static void
doubler_implement (GConverterIface *iface)
{
  iface->convert = doubler_convert;
}

static void
doubler_class_init (DoublerClass *klass)
{
}

static void
doubler_init (Doubler *self)
{
}

static void
test_room (void)
{
  g_autoptr (GConverter) converter = g_object_new (doubler_get_type (), NULL);
  g_autoptr (PhFilter) filter = ph_filter_new_converter (converter, converter);
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();

  ph_byte_queue_append (input, "aabbc", 5);
  g_assert_true (ph_filter_receive (filter, input, output, NULL));
  g_assert_cmpuint (ph_byte_queue_get_length (output), ==, 200000);
  g_assert_cmpuint (ph_byte_queue_get_length (input), ==, 1);
  ph_byte_queue_consume (output, 200000);
  ph_byte_queue_consume (input, 1);
  ph_byte_queue_append (input, "aabb", 4);
  g_assert_true (ph_filter_send (filter, input, output, NULL));
  g_assert_cmpuint (ph_byte_queue_get_length (output), ==, 200000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/converter-filter/what-is-sent-can-be-read-in-any-pieces", test_pieces);
  g_test_add_func ("/converter-filter/nothing-becomes-nothing", test_nothing);
  g_test_add_func ("/converter-filter/a-bomb-comes-in-small-parts", test_bomb);
  g_test_add_func ("/converter-filter/garbage-is-an-error", test_garbage);
  g_test_add_func ("/converter-filter/nothing-comes-behind-the-end", test_behind_the_end);
  g_test_add_func ("/converter-filter/room-grows-and-halves-wait", test_room);
  return g_test_run ();
}
