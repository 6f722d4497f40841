/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments on the wire: quoting, literals of each kind, charsets, and nothing that breaks out of its line. */
#include "imap-writer.h"

#include "imap-test.h"

/* The line as text: "…" for synchronizing, [secret …] and [body n] for what they are. */
static char *
finish (PhImapWriter *writer, GError **error)
{
  GPtrArray *segments = ph_imap_writer_end (writer, error);
  GString   *text = g_string_new (NULL);

  for (guint i = 0; segments != NULL && i < segments->len; i++)
    {
      const PhImapSegment *segment = g_ptr_array_index (segments, i);

      if (segment->kind == PH_IMAP_SEGMENT_SYNC)
        g_string_append (text, "…");
      else if (segment->kind == PH_IMAP_SEGMENT_BODY)
        g_string_append_printf (text, "[body %d]", (int) segment->length);
      else if (segment->kind == PH_IMAP_SEGMENT_SECRET)
        g_string_append_printf (text, "[secret %.*s]", (int) segment->data->len, segment->data->data);
      else
        g_string_append_len (text, (char *) segment->data->data, segment->data->len);
    }

  return g_string_free (text, FALSE);
}

static void
expect (PhImapWriter *writer, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = finish (writer, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, line);
  ph_imap_writer_begin (writer, "a1", FALSE);
}

static void
expect_refused (PhImapWriter *writer, PhError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = finish (writer, &error);

  g_assert_error (error, PH_ERROR, (int) code);
  g_assert_cmpstr (text, ==, "");
  ph_imap_writer_begin (writer, "a1", FALSE);
}

static PhImapWriter *
new_writer (PhImapFeatures features, gboolean utf8)
{
  PhImapWriter *writer = ph_imap_writer_new ();

  ph_imap_writer_set_features (writer, features, utf8);
  ph_imap_writer_begin (writer, "a1", FALSE);
  return writer;
}

static void
test_elements (void)
{
  g_autoptr (GObject) object = (GObject *) new_writer (0, FALSE);
  PhImapWriter *self = (PhImapWriter *) object;
  PhWriter     *writer = PH_WRITER (self);

  g_assert_true (ph_imap_writer_is_empty (self));
  expect (self, "a1\r\n");

  ph_writer_atom (writer, "STORE");
  ph_writer_atom (writer, "1:*");
  ph_writer_open (writer);
  ph_writer_atom (writer, "\\Seen");
  ph_writer_open (writer);
  ph_writer_close (writer);
  ph_writer_number (writer, G_MAXUINT64);
  ph_writer_close (writer);
  ph_writer_string (writer, "");
  ph_writer_string (writer, "a\"b\\c");
  ph_writer_line (writer, "BODY.PEEK[HEADER.FIELDS (DATE)]");
  expect (self, "a1 STORE 1:* (\\Seen () 18446744073709551615) \"\" \"a\\\"b\\\\c\" BODY.PEEK[HEADER.FIELDS (DATE)]\r\n");

  ph_imap_writer_begin (self, NULL, FALSE);
  ph_writer_atom (writer, "DONE");
  g_assert_false (ph_imap_writer_is_empty (self));
  expect (self, "DONE\r\n");
}

static void
test_literals (void)
{
  static const struct {
    PhImapFeatures features;
    gsize          length;
    const char    *header;
  } cases[] = {
    { 0, 5000, "{5000}\r\n…" },
    { PH_IMAP_LITERAL_PLUS, 5000, "{5000+}\r\n" },
    { PH_IMAP_LITERAL_PLUS, 65536, "{65536+}\r\n" },
    { PH_IMAP_LITERAL_PLUS, 65537, "{65537}\r\n…" },
    { PH_IMAP_LITERAL_MINUS, 4096, "{4096+}\r\n" },
    { PH_IMAP_LITERAL_MINUS, 4097, "{4097}\r\n…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GObject) object = (GObject *) new_writer (cases[i].features, FALSE);
      g_autofree char *text = g_strnfill (cases[i].length, 'x');
      g_autofree char *line = g_strdup_printf ("a1 %s%s\r\n", cases[i].header, text);

      ph_writer_string (PH_WRITER (object), text);
      expect ((PhImapWriter *) object, line);
    }
}

static void
test_bytes (void)
{
  g_autoptr (GObject) object = (GObject *) new_writer (0, FALSE);
  g_autoptr (GObject) binary = (GObject *) new_writer (PH_IMAP_BINARY | PH_IMAP_LITERAL_PLUS, FALSE);
  g_autoptr (GBytes) lines = g_bytes_new_static ("a\r\nb", 4);
  g_autoptr (GBytes) plain = g_bytes_new_static ("ab", 2);
  g_autoptr (GBytes) nul = g_bytes_new_static ("a\0b", 3);

  ph_writer_bytes (PH_WRITER (object), plain);
  ph_writer_bytes (PH_WRITER (object), lines);
  expect ((PhImapWriter *) object, "a1 \"ab\" {4}\r\n…a\r\nb\r\n");
  ph_writer_bytes (PH_WRITER (object), nul);
  expect_refused ((PhImapWriter *) object, PH_ERROR_INVALID_ARGUMENT);

  ph_writer_bytes (PH_WRITER (binary), nul);
  GPtrArray *segments = ph_imap_writer_end ((PhImapWriter *) binary, NULL);
  const PhImapSegment *segment = g_ptr_array_index (segments, 0);
  g_assert_cmpmem (segment->data->data, segment->data->len, "a1 ~{3+}\r\na\0b\r\n", 15);
}

static void
test_charsets (void)
{
  g_autoptr (GObject) ascii = (GObject *) new_writer (0, FALSE);
  g_autoptr (GObject) utf8 = (GObject *) new_writer (0, TRUE);

  ph_writer_string (PH_WRITER (ascii), "\xc3\xa4");
  ph_writer_mailbox (PH_WRITER (ascii), "Entw\xc3\xbcrfe & mehr");
  expect ((PhImapWriter *) ascii, "a1 {2}\r\n…\xc3\xa4 \"Entw&APw-rfe &- mehr\"\r\n");

  ph_writer_string (PH_WRITER (utf8), "\xc3\xa4");
  ph_writer_mailbox (PH_WRITER (utf8), "Entw\xc3\xbcrfe & mehr");
  ph_writer_mailbox (PH_WRITER (utf8), "inBox");
  expect ((PhImapWriter *) utf8, "a1 \"\xc3\xa4\" \"Entw\xc3\xbcrfe & mehr\" \"INBOX\"\r\n");
}

static void
test_body (void)
{
  g_autoptr (GObject) object = (GObject *) new_writer (PH_IMAP_LITERAL_MINUS, FALSE);
  g_autoptr (PhBody) body = ph_body_new_for_text ("From: a\r\n\r\nb\r\n");
  g_autoptr (GInputStream) memory = g_memory_input_stream_new ();
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (zlib));
  g_autoptr (PhBody) unknown = ph_body_new_for_stream (stream, -1);

  ph_writer_atom (PH_WRITER (object), "APPEND");
  ph_writer_body (PH_WRITER (object), body);
  expect ((PhImapWriter *) object, "a1 APPEND {14+}\r\n[body 14]\r\n");

  ph_writer_body (PH_WRITER (object), unknown);
  expect_refused ((PhImapWriter *) object, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_secrets (void)
{
  g_autoptr (GObject) object = (GObject *) new_writer (0, FALSE);
  g_autoptr (PhSecret) plain = ph_secret_new ("se\"cret");
  g_autoptr (PhSecret) accent = ph_secret_new ("\xc3\xa4");
  g_autoptr (PhSecret) broken = ph_secret_new ("a\r\nb");

  ph_writer_atom (PH_WRITER (object), "LOGIN");
  ph_writer_secret (PH_WRITER (object), plain);
  ph_writer_secret (PH_WRITER (object), accent);
  ph_writer_atom (PH_WRITER (object), "x");
  expect ((PhImapWriter *) object, "a1 LOGIN [secret \"se\\\"cret\"] [secret {2}\r\n]…[secret \xc3\xa4] x\r\n");

  ph_writer_secret (PH_WRITER (object), broken);
  expect_refused ((PhImapWriter *) object, PH_ERROR_INVALID_ARGUMENT);

  ph_imap_writer_begin ((PhImapWriter *) object, "a1", TRUE);
  ph_writer_atom (PH_WRITER (object), "x");
  expect ((PhImapWriter *) object, "a1[secret  x\r\n]");
}

static void
test_injection (void)
{
  const char *const evil[] = { "a\r\na2 DELETE x", "a\nb", "a\rb", "\r", "\n" };
  const char *const words[] = { "", "a b", "a(b", "a)b", "a\"b", "{5}", "a\r", "a\x7f", "\xc3\xa4", "a\tb" };
  const char *const announcements[] = { "X {5}", "X {5+}", "X ~{5}", "{0}" };
  g_autoptr (GObject) object = (GObject *) new_writer (PH_IMAP_LITERAL_PLUS, TRUE);
  PhImapWriter *self = (PhImapWriter *) object;
  PhWriter     *writer = PH_WRITER (self);

  for (guint i = 0; i < G_N_ELEMENTS (evil); i++)
    {
      ph_writer_string (writer, evil[i]);
      expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
      ph_writer_mailbox (writer, evil[i]);
      expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
      ph_writer_line (writer, evil[i]);
      expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
      ph_writer_atom (writer, evil[i]);
      expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      ph_writer_atom (writer, words[i]);
      expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (announcements); i++)
    {
      ph_writer_line (writer, announcements[i]);
      expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
    }

  ph_writer_string (writer, "\xff");
  expect_refused (self, PH_ERROR_INVALID_ARGUMENT);
  ph_writer_line (writer, "X {5}x");
  expect (self, "a1 X {5}x\r\n");
  ph_writer_string (writer, "X {5}");
  expect (self, "a1 \"X {5}\"\r\n");
}

static void
test_first_error (void)
{
  g_autoptr (GObject) object = (GObject *) new_writer (0, FALSE);

  ph_writer_fail (PH_WRITER (object), g_error_new_literal (PH_ERROR, PH_ERROR_NOT_SUPPORTED, "no"));
  ph_writer_atom (PH_WRITER (object), "a b");
  ph_writer_fail (PH_WRITER (object), g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "no"));
  expect_refused ((PhImapWriter *) object, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/writer/elements", test_elements);
  g_test_add_func ("/imap/writer/literals-as-the-server-takes-them", test_literals);
  g_test_add_func ("/imap/writer/octets", test_bytes);
  g_test_add_func ("/imap/writer/charsets", test_charsets);
  g_test_add_func ("/imap/writer/a-body-has-its-length", test_body);
  g_test_add_func ("/imap/writer/secrets-are-apart", test_secrets);
  g_test_add_func ("/imap/writer/nothing-leaves-its-line", test_injection);
  g_test_add_func ("/imap/writer/the-first-error-stays", test_first_error);
  return g_test_run ();
}
