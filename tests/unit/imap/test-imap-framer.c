/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where responses end: whole, octet by octet, cut at every place. */
#include "imap-framer.h"

#include "imap-test.h"

/* Units are divided by "|", which is no part of them. */
static const char *const streams[] = {
  "* OK ready\r\n|a1 OK done\r\n|",
  "* OK bare line feed\n|* 5 EXISTS\n|",
  "\r\n|\n|* 1 EXPUNGE\r\n|",
  "* 1 FETCH (BODY[] {5}\r\nab\r\n{)\r\n|* 2 EXISTS\r\n|",
  "* 1 FETCH (BODY[] {3+}\r\nabc)\r\n|",
  "* 1 FETCH (BINARY[1] ~{4}\r\n\r\n\r\n FLAGS ())\r\n|",
  "* 1 FETCH (BODY[] {0}\r\n)\r\n|",
  "* 1 FETCH (BODY[1] {2}\r\n\"( BODY[2] {1}\r\n))\r\n|",
  "* LIST () \"/\" {4}\r\na{1}\r\n|",
  /* RFC 9051 section 4.3: the literal's own lines are no responses */
  "* 1 FETCH (BODY[] {33}\r\n* 2 FETCH (BODY[] {10}\r\na1 OK x\r\n)\r\n|",
  /* text holds no literal, whatever it ends in */
  "* OK use {10}\r\n|* NO {3}\r\n|*  BYE {1}\r\n|a1 BAD no {10}\r\n|+ go {10}\r\n|* PREAUTH {1}\r\n|",
  "* OK [X \"{3}\"] y {3}\r\n|",
  /* neither does a quoted string that isn't closed, nor a word that goes on */
  "* LIST () \"/\" \"a {3}\r\n|* LIST () \"/\" a{3}\r\n|",
  /* but behind a delimiter that wasn't escaped */
  "* LIST () \"\\\" {3}\r\nabc\r\n|",
  "* LIST () \"/\" {}\r\n|* LIST () \"/\" {a}\r\n|* LIST () \"/\" {3\r\n|* X }\r\n|}\r\n|* {1}x}\r\n|",
};

static void
split_stream (const char *stream, GByteArray *octets, GArray *ends)
{
  for (const char *p = stream; *p != '\0'; p++)
    {
      if (*p == '|')
        g_array_append_val (ends, octets->len);
      else
        g_byte_array_append (octets, (const guint8 *) p, 1);
    }
}

/* As the driver does: what wasn't taken comes again, with @step more octets behind it (0: @first, then all). */
static void
feed (const GByteArray *octets, const GArray *ends, gsize step, gsize first)
{
  PhImapFramer framer;
  gsize        taken = 0, available = 0;
  guint        unit = 0;

  ph_imap_framer_init (&framer, &imap_test_limits);
  while (available < octets->len)
    {
      gsize       end;
      PhImapFrame frame;

      available = step > 0 ? available + step : available == 0 && first > 0 ? first : octets->len;
      while (taken < available)
        {
          /* a copy of its own, so that a look beyond the end is found */
          g_autofree char *data = g_memdup2 (octets->data + taken, available - taken);

          frame = ph_imap_framer_scan (&framer, data, available - taken, &end, NULL);
          if (frame == PH_IMAP_FRAME_MORE)
            break;
          g_assert_cmpint (frame, ==, PH_IMAP_FRAME_WHOLE);
          taken += end;
          g_assert_cmpuint (unit, <, ends->len);
          g_assert_cmpuint (taken, ==, g_array_index (ends, guint, unit));
          g_assert_false (ph_imap_framer_is_busy (&framer));
          unit++;
        }
    }
  g_assert_cmpuint (unit, ==, ends->len);
}

static void
test_streams (gconstpointer data)
{
  g_autoptr (GByteArray) octets = g_byte_array_new ();
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (guint));

  split_stream (data, octets, ends);
  feed (octets, ends, 0, 0);
  feed (octets, ends, 1, 0);
  for (gsize split = 1; split < octets->len; split++)
    feed (octets, ends, 0, split);
}

static void
expect_limit (const PhLimits *limits, const char *text)
{
  g_autoptr (GError) error = NULL;
  PhImapFramer framer;
  gsize        end;

  ph_imap_framer_init (&framer, limits);
  g_assert_cmpint (ph_imap_framer_scan (&framer, text, strlen (text), &end, &error), ==, PH_IMAP_FRAME_ERROR);
  g_assert_error (error, PH_ERROR, PH_ERROR_LIMIT);
}

static void
test_limits (void)
{
  PhLimits         limits = imap_test_limits;
  PhImapFramer     framer;
  g_autofree char *endless = g_strnfill (1001, 'x');
  gsize            end;

  limits.line = 1000;
  limits.literal = 5000;
  limits.response = 6000;
  expect_limit (&limits, endless);
  expect_limit (&limits, "* 1 FETCH (BODY[] {5001}\r\n");
  expect_limit (&limits, "* 1 FETCH (BODY[] {4294967296}\r\n");
  expect_limit (&limits, "* 1 FETCH (BODY[] {18446744073709551616}\r\n");
  expect_limit (&limits, "* 1 FETCH (BODY[] {99999999999999999999999999999999}\r\n");

  ph_imap_framer_init (&framer, &limits);
  g_assert_cmpint (ph_imap_framer_scan (&framer, "* 1 FETCH (BODY[] {5000}\r\n", 26, &end, NULL), ==, PH_IMAP_FRAME_MORE);
  g_assert_cmpint (ph_imap_framer_scan (&framer, "* 1 FETCH (BODY[] {0005000}\r\n", 0, &end, NULL), ==, PH_IMAP_FRAME_MORE);
}

static void
test_sum_of_literals (void)
{
  PhLimits limits = imap_test_limits;

  limits.response = 100;
  expect_limit (&limits, "* 1 FETCH (A {40}\r\n0123456789012345678901234567890123456789 B {40}\r\n");
}

static void
test_report (void)
{
  static const char text[] = "* 1 FETCH (BODY[] {4}\r\nabcd FLAGS ())\r\n";
  PhImapFramer      framer;
  gsize             end;

  ph_imap_framer_init (&framer, &imap_test_limits);
  framer.stop_at_literals = TRUE;
  g_assert_cmpint (ph_imap_framer_scan (&framer, text, strlen (text), &end, NULL), ==, PH_IMAP_FRAME_LITERAL);
  g_assert_cmpuint (end, ==, 23);
  g_assert_cmpuint (framer.header, ==, 18);
  g_assert_cmpuint (framer.literal, ==, 4);

  /* kept after all */
  g_assert_cmpint (ph_imap_framer_scan (&framer, text, strlen (text), &end, NULL), ==, PH_IMAP_FRAME_WHOLE);
  g_assert_cmpuint (end, ==, strlen (text));

  /* taken out */
  g_assert_cmpint (ph_imap_framer_scan (&framer, text, strlen (text), &end, NULL), ==, PH_IMAP_FRAME_LITERAL);
  ph_imap_framer_divert (&framer, 20);
  g_assert_true (ph_imap_framer_is_busy (&framer));
  g_assert_cmpint (ph_imap_framer_scan (&framer, "* 1 FETCH (BODY[] \"\" FLAGS ())\r\n", 32, &end, NULL), ==, PH_IMAP_FRAME_WHOLE);
  g_assert_cmpuint (end, ==, 32);
}

/* Were an octet looked at more than a few times, this would take minutes. */
static void
test_linear (void)
{
  PhLimits limits = imap_test_limits;
  g_autoptr (GString) text = g_string_new ("* X ");
  PhImapFramer framer;
  gsize        end;

  limits.line = 16 << 20;
  for (guint i = 0; i < 400000; i++)
    g_string_append (text, "\"\\\" ");
  g_string_append (text, "{1}\r\n");

  ph_imap_framer_init (&framer, &limits);
  for (gsize length = 1; length < text->len; length += 13)
    g_assert_cmpint (ph_imap_framer_scan (&framer, text->str, length, &end, NULL), ==, PH_IMAP_FRAME_MORE);
  g_assert_cmpint (ph_imap_framer_scan (&framer, text->str, text->len, &end, NULL), !=, PH_IMAP_FRAME_ERROR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imap/framer/stream-%u", i);

      g_test_add_data_func (path, streams[i], test_streams);
    }
  g_test_add_func ("/imap/framer/limits-are-errors", test_limits);
  g_test_add_func ("/imap/framer/literals-add-up", test_sum_of_literals);
  g_test_add_func ("/imap/framer/a-literal-can-be-taken-out", test_report);
  g_test_add_func ("/imap/framer/hostile-quotes-cost-no-square", test_linear);
  return g_test_run ();
}
