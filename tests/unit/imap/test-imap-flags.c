/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FETCH responses of nothing but flags: what is read in one pass comes to the same as framer and parser say, and nothing odd is read so. */
#include "imap-flags.h"
#include "imap-framer.h"
#include "imap-parser.h"

#include "imap-test.h"

/* What it takes of @line, with @more behind it; each octet that is looked at must be there. */
static gsize
read_line (const char *line, gsize length, const char *more)
{
  gsize size = length + strlen (more);
  g_autofree char *data = g_malloc (MAX (size, 1));
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  g_autoptr (PhImapParser) parser = ph_imap_parser_new (64, 1000);
  g_autofree char *here = NULL, *there = NULL;
  g_autoptr (GError) error = NULL;
  PhImapFramer framer;
  PhImapFlags flags;
  PhImapName name;
  PhResponse *response;
  gsize taken, end = 0;

  memcpy (data, line, length);
  memcpy (data + length, more, size - length);
  ph_imap_flags_begin (&flags, builder);
  taken = ph_imap_flags_read (&flags, data, size);
  if (taken == 0)
    return 0;

  ph_imap_framer_init (&framer, &imap_test_limits);
  g_assert_cmpint (ph_imap_framer_scan (&framer, data, size, &end, &error), ==, PH_IMAP_FRAME_WHOLE);
  g_assert_cmpuint (taken, ==, end);
  response = ph_imap_parser_parse (parser, data, taken, &name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ph_response_get_name (response), ==, "FETCH");
  g_assert_cmpuint (ph_response_get_number (response), ==, flags.number);
  there = imap_test_print (ph_value_first (ph_response_get_values (response)));
  here = imap_test_print (flags.attributes);
  g_assert_cmpstr (here, ==, there);

  g_autoptr (PhMessage) message = ph_message_new (flags.number, flags.attributes);
  g_assert_cmpuint (ph_message_get_uid (message), ==, flags.uid);
  return taken;
}

static const char *const tails[] = {
  "", "*", "* 7 FETCH (UID 8 FLAGS ())\r\n", "A2 OK done, and more of it than anybody would ever want to look at in one go\r\n"
};

static void
test_plain_ones_are_read (void)
{
  static const char *const lines[] = {
    "* 123456 FETCH (UID 654321 FLAGS (\\Seen $Junk))\r\n",
    "* 1 FETCH (UID 1 FLAGS ())\r\n",
    "* 1 FETCH (FLAGS () UID 1)\r\n",
    "* 23 FETCH (FLAGS (\\Seen \\Answered) UID 4827313)\r\n",
    "* 999999999 FETCH (UID 999999999 FLAGS (a))\r\n",
    "* 12345678 FETCH (UID 00000007 FLAGS (\\Seen ))\r\n",
    "* 5 FETCH (UID 7 FLAGS (exactly16octets_ more.than.16.octets.are.in.this.one $Forwarded {odd x]y a\"b caf\xc3\xa9 \\*))\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tails); j++)
      {
        gboolean odd = strstr (lines[i], "{odd") != NULL;

        g_assert_cmpuint (read_line (lines[i], strlen (lines[i]), tails[j]), ==, odd ? 0 : strlen (lines[i]));
      }
}

static void
test_odd_ones_are_not (void)
{
  static const char *const lines[] = {
    "", "*", "* ", "* 5 FETCH (UID 7 FLAGS (\\Seen)", "* 5 FETCH (UID 7 FLAGS (\\Seen))", "* 5 FETCH (UID 7 FLAGS (\\Seen))\r",
    "* 5 FETCH (UID 7 FLAGS (\\Seen))\n", "* 0 FETCH (UID 7 FLAGS ())\r\n", "* 5 FETCH (UID 0 FLAGS ())\r\n",
    "* 5 FETCH (UID 4294967295 FLAGS ())\r\n", "* 5 FETCH (UID 99999999999999999999 FLAGS ())\r\n", "* 5 FETCH (UID 7)\r\n",
    "* 5 FETCH (FLAGS (a))\r\n", "* 5 FETCH (UID 7 UID 8 FLAGS ())\r\n", "* 5 FETCH (FLAGS () FLAGS () UID 7)\r\n",
    "* 5 FETCH (UID 7  FLAGS ())\r\n", "* 5 fetch (UID 7 FLAGS ())\r\n", "* 5 FETCH (uid 7 FLAGS ())\r\n",
    "* 5 FETCH (UID 7 FLAGS (a  b))\r\n", "* 5 FETCH (UID 7 FLAGS (NIL))\r\n", "* 5 FETCH (UID 7 FLAGS (17))\r\n",
    "* 5 FETCH (UID 7 FLAGS (\"a\"))\r\n", "* 5 FETCH (UID 7 FLAGS ({1}\r\na))\r\n", "* 5 FETCH (UID 7 FLAGS (a[b))\r\n",
    "* 5 FETCH (UID 7 FLAGS ((a)))\r\n", "* 5 FETCH (UID 7 FLAGS (a)) \r\n", "* 5 FETCH (UID 7 FLAGS (a)))\r\n",
    "* 5 FETCH (UID 7 FLAGS (a) MODSEQ (9))\r\n", "* 5 FETCH (UID 7x FLAGS ())\r\n", "* 5 FETCH (UID \"7\" FLAGS ())\r\n",
    "* 5 FETCH (UID 7 FLAGS (a\tb))\r\n", "* 5 FETCH (UID 7 FLAGS (~{1}\r\na))\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpuint (read_line (lines[i], strlen (lines[i]), ""), ==, 0);
}

/* However long the words are, and wherever the data ends */
static void
test_every_length (void)
{
  for (guint length = 1; length < 600; length++)
    {
      g_autoptr (GString) line = g_string_new ("* 5 FETCH (UID 7 FLAGS (\\");
      guint n = 0;

      while (line->len < length + 25)
        g_string_append_c (line, "abcdefgh"[n++ % 8]);
      g_string_append (line, " $x))\r\n");
      for (guint j = 0; j < G_N_ELEMENTS (tails); j++)
        {
          gsize taken = read_line (line->str, line->len, tails[j]);

          g_assert_true (taken == line->len || (taken == 0 && length > 180));
        }
      for (gsize end = line->len > 60 ? line->len - 60 : 0; end < line->len; end++)
        g_assert_cmpuint (read_line (line->str, end, ""), ==, 0);
    }

  /* beyond what lists mark */
  for (guint n = 60; n < 200; n++)
    {
      g_autoptr (GString) line = g_string_new ("* 5 FETCH (UID 7 FLAGS (a");

      for (guint i = 1; i < n; i++)
        g_string_append (line, " b");
      g_string_append (line, "))\r\n");
      g_assert_cmpuint (read_line (line->str, line->len, tails[2]), ==, line->len);
    }
}

/* One octet changed, one after the other: the same as the parser says, or nothing */
static void
test_every_octet (void)
{
  static const char line[] = "* 12 FETCH (UID 6543 FLAGS (\\Seen $Junk))\r\n";

  for (guint i = 0; i < sizeof line - 1; i++)
    for (guint octet = 0; octet < 256; octet++)
      {
        char changed[sizeof line];

        memcpy (changed, line, sizeof line);
        changed[i] = (char) octet;
        read_line (changed, sizeof line - 1, "");
        read_line (changed, sizeof line - 1, tails[3]);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/flags/plain-ones-are-read", test_plain_ones_are_read);
  g_test_add_func ("/imap/flags/odd-ones-are-not", test_odd_ones_are_not);
  g_test_add_func ("/imap/flags/every-length", test_every_length);
  g_test_add_func ("/imap/flags/every-octet", test_every_octet);

  return g_test_run ();
}
