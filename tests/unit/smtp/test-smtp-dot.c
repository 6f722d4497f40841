/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The content coder against a naive model, its input and output cut at random. */
#include "ph-smtp-dot.h"

#include <string.h>

/* Octet by octet, with the whole of the input in sight */
static GString *
model (const char *input, gsize length)
{
  GString *output = g_string_new (NULL);
  gboolean line_start = TRUE;

  for (gsize i = 0; i < length; i++)
    {
      if (input[i] == '\n' || input[i] == '\r')
        {
          g_string_append (output, "\r\n");
          if (input[i] == '\r' && i + 1 < length && input[i + 1] == '\n')
            i++;
          line_start = TRUE;
          continue;
        }
      if (line_start && input[i] == '.')
        g_string_append_c (output, '.');
      g_string_append_c (output, input[i]);
      line_start = FALSE;
    }
  if (!line_start)
    g_string_append (output, "\r\n");
  return output;
}

/* Input in pieces of up to @piece, output in pieces of up to @room; 0: random ones of up to 7 and 9 */
static GString *
code (const char *input, gsize length, gsize piece, gsize room)
{
  PhSmtpDot state = { 0 };
  GString *output = g_string_new (NULL);
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize done = 0;

  while (result != G_CONVERTER_FINISHED)
    {
      gsize most = piece != 0 ? piece : (gsize) g_test_rand_int_range (1, 8);
      gsize part = MIN (most, length - done);
      gsize space = room != 0 ? room : (gsize) g_test_rand_int_range (2, 10);
      g_autofree guint8 *in = g_memdup2 (input + done, part);
      g_autofree guint8 *out = g_malloc (space);
      g_autoptr (GError) error = NULL;
      gsize taken, made;
      gboolean at_end = done + part == length;

      result = ph_smtp_dot_convert (&state, in, part, out, space, at_end ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &taken, &made,
                                    &error);
      g_assert_no_error (error);
      g_assert_cmpuint (taken, <=, part);
      g_assert_cmpuint (made, <=, space);
      g_assert_true (taken > 0 || made > 0 || result == G_CONVERTER_FINISHED);
      g_string_append_len (output, (char *) out, (gssize) made);
      done += taken;
    }
  g_assert_cmpuint (done, ==, length);
  return output;
}

static void
check (const char *input, gsize length, gsize piece, gsize room)
{
  g_autoptr (GString) expected = model (input, length);
  g_autoptr (GString) got = code (input, length, piece, room);

  if (!g_string_equal (expected, got))
    {
      g_autofree char *shown = g_strescape (input, NULL), *came = g_strescape (got->str, NULL), *wanted = g_strescape (expected->str, NULL);
      g_error ("\"%s\" in pieces of %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT ": \"%s\", expected \"%s\"", shown, piece, room, came, wanted);
    }
}

static void
test_table (void)
{
  static const struct {
    const char *input, *output;
  } cases[] = {
    { "", "" },
    { "a", "a\r\n" },
    { "a\n", "a\r\n" },
    { "a\r\nb\r\n", "a\r\nb\r\n" },
    { "a\rb", "a\r\nb\r\n" },
    { "a\r\rb\n\n", "a\r\n\r\nb\r\n\r\n" },
    { "\r", "\r\n" },
    { ".", "..\r\n" },
    { ".\r\n", "..\r\n" },
    { "a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n" },
    { "a\n.b\r..c", "a\r\n..b\r\n...c\r\n" },
    { "a.b.\n", "a.b.\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) expected = model (cases[i].input, strlen (cases[i].input));
      g_assert_cmpstr (expected->str, ==, cases[i].output);
      for (gsize piece = 1; piece < 8; piece++)
        for (gsize room = 2; room < 8; room++)
          check (cases[i].input, strlen (cases[i].input), piece, room);
    }
}

static void
test_random (void)
{
  static const char alphabet[] = "\r\n.ab\r\n.";

  for (guint round = 0; round < 20000; round++)
    {
      char input[41] = "";
      gsize length = (gsize) g_test_rand_int_range (0, sizeof input - 1);
      for (gsize i = 0; i < length; i++)
        input[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      check (input, length, 0, 0);
      check (input, length, 1, 2);
      check (input, length, 64, 128);
    }
}

static void
test_no_room (void)
{
  PhSmtpDot state = { 0 };
  g_autoptr (GError) error = NULL;
  guint8 out[1];
  gsize taken, made;

  g_assert_cmpint (ph_smtp_dot_convert (&state, (const guint8 *) "\n", 1, out, 1, 0, &taken, &made, &error), ==, G_CONVERTER_ERROR);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_cmpint (ph_smtp_dot_convert (&state, (const guint8 *) "", 0, out, 1, 0, &taken, &made, &error), ==, G_CONVERTER_ERROR);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

/* 4 MiB of what would be quadratic if a line's end were sought again for each CR */
static void
test_many_crs (void)
{
  gsize length = 4 << 20;
  g_autofree char *input = g_strnfill (length, '\r');
  g_autofree guint8 *output = g_malloc (length * 2);
  PhSmtpDot state = { 0 };
  gsize taken, made;

  g_assert_cmpint (ph_smtp_dot_convert (&state, (guint8 *) input, length, output, length * 2, G_CONVERTER_INPUT_AT_END, &taken, &made, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_assert_cmpuint (made, ==, length * 2);
}

static void
test_seven_bits (void)
{
  PhSmtpDot state = { .seven_bit = TRUE };
  g_autoptr (GError) error = NULL;
  guint8 out[128];
  gsize taken, made;
  const char *ascii = "forty octets of nothing but ASCII in here\r\n";

  g_assert_cmpint (ph_smtp_dot_convert (&state, (const guint8 *) ascii, strlen (ascii), out, sizeof out, 0, &taken, &made, &error), ==,
                   G_CONVERTER_CONVERTED);
  for (gsize at = 0; at < strlen (ascii); at++)
    {
      g_autofree char *other = g_strdup (ascii);
      other[at] = (char) 0xe4;
      g_assert_cmpint (ph_smtp_dot_convert (&state, (guint8 *) other, strlen (other), out, sizeof out, 0, &taken, &made, &error), ==,
                       G_CONVERTER_ERROR);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_clear_error (&error);
    }
}

static void
test_chunks (void)
{
  PhSmtpChunks state = { 0 };
  g_autoptr (GError) error = NULL;
  guint8 out[64];
  gsize taken, made;

  g_assert_cmpint (ph_smtp_chunks_convert (&state, (const guint8 *) "abc", 3, out, sizeof out, 0, &taken, &made, &error), ==,
                   G_CONVERTER_CONVERTED);
  g_assert_cmpmem (out, made, "BDAT 3\r\nabc", 11);
  g_assert_cmpuint (taken, ==, 3);
  g_assert_cmpint (ph_smtp_chunks_convert (&state, NULL, 0, out, sizeof out, G_CONVERTER_INPUT_AT_END, &taken, &made, &error), ==,
                   G_CONVERTER_FINISHED);
  g_assert_cmpmem (out, made, "BDAT 0 LAST\r\n", 13);
  g_assert_cmpuint (state.n_chunks, ==, 1);
  state.stopped = TRUE;
  g_assert_cmpint (ph_smtp_chunks_convert (&state, (const guint8 *) "abc", 3, out, sizeof out, 0, &taken, &made, &error), ==, G_CONVERTER_ERROR);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* Many octets are looked at at once: a single fault is found wherever it stands among clean lines, whatever the length. */
static void
test_one_fault (void)
{
  static const char *const faults[] = { "\r", "\n", "\r\n.", "\n.", "\n\r", "\r\r\n" };
  char text[160];

  for (gsize length = 20; length < sizeof text; length += 13)
    for (gsize at = 0; at + 3 <= length; at++)
      for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
        {
          for (gsize n = 0; n < length; n++)
            text[n] = "0123456789abcdef.\r\n"[n % 19];
          memcpy (text + at, faults[i], strlen (faults[i]));
          check (text, length, length, 2 * length + 64);
        }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp/content/table-holds-in-all-pieces", test_table);
  g_test_add_func ("/smtp/content/agrees-with-a-naive-model", test_random);
  g_test_add_func ("/smtp/content/one-fault-anywhere-is-found", test_one_fault);
  g_test_add_func ("/smtp/content/too-little-room-is-told", test_no_room);
  g_test_add_func ("/smtp/content/is-linear", test_many_crs);
  g_test_add_func ("/smtp/dot/seven-bits", test_seven_bits);
  g_test_add_func ("/smtp/dot/chunks", test_chunks);
  return g_test_run ();
}
