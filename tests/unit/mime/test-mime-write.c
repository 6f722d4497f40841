/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a message is written as: GMime's own octets where nothing has to change, and what must change where something does. */
#include "mime-test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Each as it might come out of a file, and each must go out as GMime itself writes it. */
static const char *const messages[] = {
  "From: a@example.org\nTo: b@example.org\nSubject: plain\n\none\n.\n\nlast without an end",
  "From: a@example.org\r\nSubject: folded\r\n\tand folded again\r\nX-Odd : blank before the colon\r\n\r\nCR LF\r\nlines\r\n",
  "From: a@example.org\n\n",
  "From: a@example.org\nContent-Type: multipart/mixed; boundary=\"a b\"\nTo: x@y\nMIME-Version: 1.0\n\npreamble\n"
  "--a b\nContent-Type: text/plain\n\nfirst\n\n--a b\n\nno fields\n--a b\nContent-Type: message/rfc822\n\n"
  "Bcc: of-the-inner-one@example.org\nSubject: inner\n\ninner text\n--a b--\nepilogue",
  "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\na\n--y\n\nb\n--y--\n\n--x\n\nc\n--x--\n",
  "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
  "AAECAwQFBgcICQ==\n--x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nh=C3=A4=\n ll=3D\n--x--\n",
  "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nnever ended\n",
  "Subject: 8-bit\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGr\xc3\xbc\xc3\x9f" "e\n",
};

static void
test_as_gmime (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (GMimeMessage) message = mime_parse (messages[i]);
      g_autofree char *expected = mime_print (message);
      g_autofree char *written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE);
      g_autofree char *after = mime_print (message);

      g_assert_cmpstr (written, ==, expected);
      g_assert_cmpstr (after, ==, expected);
    }
}

/* Parsed from a file, whose contents GMime leaves there. */
static void
test_from_file (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *path = NULL;
      int fd = g_file_open_tmp ("mime-XXXXXX", &path, NULL);
      g_autoptr (GMimeStream) stream = g_mime_stream_fs_new (fd);
      g_autoptr (GMimeParser) parser = NULL;
      g_autoptr (GMimeMessage) message = NULL;
      g_autofree char *expected = NULL;
      g_autofree char *written = NULL;

      g_unlink (path);
      g_assert_cmpint (write (fd, messages[i], strlen (messages[i])), ==, strlen (messages[i]));
      lseek (fd, 0, SEEK_SET);
      parser = g_mime_parser_new_with_stream (stream);
      message = g_mime_parser_construct_message (parser, NULL);
      expected = mime_print (message);
      written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE);
      g_assert_cmpstr (written, ==, expected);
    }
}

static void
test_any_step (void)
{
  g_autoptr (GMimeMessage) message = mime_parse (messages[3]);
  g_autoptr (PhMimePlan) plan = ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, NULL);
  g_autoptr (GByteArray) whole = mime_read (plan, 100000);

  for (gsize step = 1; step < 80; step += step < 8 ? 1 : 17)
    {
      g_autoptr (GByteArray) pieces = mime_read (plan, step);

      g_assert_cmpmem (pieces->data, pieces->len, whole->data, whole->len);
    }
}

static void
test_begins_again (void)
{
  g_autoptr (GMimeMessage) message = mime_parse (messages[5]);
  g_autoptr (PhMimePlan) plan = ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, NULL);
  g_autoptr (GInputStream) stream = ph_mime_stream_new (plan);
  g_autoptr (GInputStream) beside = ph_mime_stream_new (plan);
  g_autoptr (GByteArray) whole = mime_read (plan, 100000);
  g_autofree guint8 *buffer = g_malloc (whole->len);
  gsize n;

  for (guint half = 0; half < 2; half++)
    {
      g_assert_true (g_input_stream_read_all (stream, buffer, whole->len - 20 * half, &n, NULL, NULL));
      g_assert_cmpmem (buffer, n, whole->data, whole->len - 20 * half);
      /* another reader of the same message, in between */
      g_assert_cmpint (g_input_stream_skip (beside, 30, NULL, NULL), ==, 30);
      g_assert_true (g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, NULL));
    }
  g_assert_false (g_seekable_seek (G_SEEKABLE (stream), 5, G_SEEK_SET, NULL, NULL));
}

/* A message with one attachment of @length octets, in memory or in a file; to be encoded as base64. (transfer full) */
static GMimeMessage *
with_attachment (GMimeStream *content, GMimeContentEncoding encoding)
{
  GMimeMessage *message = mime_parse ("From: a@example.org\nTo: b@example.org\n\n");
  g_autoptr (GMimeMultipart) mixed = g_mime_multipart_new_with_subtype ("mixed");
  g_autoptr (GMimePart) part = g_mime_part_new_with_type ("application", "octet-stream");
  g_autoptr (GMimeDataWrapper) wrapper = g_mime_data_wrapper_new_with_stream (content, GMIME_CONTENT_ENCODING_DEFAULT);

  g_mime_part_set_content (part, wrapper);
  g_mime_part_set_content_encoding (part, encoding);
  g_mime_multipart_add (mixed, GMIME_OBJECT (part));
  g_mime_message_set_mime_part (message, GMIME_OBJECT (mixed));
  return message;
}

/* What is computed is what comes out, whatever the length leaves over; and it's what GMime writes. */
static void
test_base64_lengths (void)
{
  g_autofree char *octets = g_malloc (300);

  for (guint i = 0; i < 300; i++)
    octets[i] = (char) (i * 7);
  for (guint length = 0; length < 300; length++)
    {
      g_autoptr (GMimeStream) content = g_mime_stream_mem_new_with_buffer (octets, length);
      g_autoptr (GMimeMessage) message = with_attachment (content, GMIME_CONTENT_ENCODING_BASE64);
      g_autofree char *written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE);
      g_autofree char *expected = mime_print (message);

      g_assert_cmpstr (written, ==, expected);
    }
}

static void
test_binary (void)
{
  g_autoptr (GMimeStream) content = g_mime_stream_mem_new_with_buffer ("a\0b\r\nc\nd", 8);
  g_autoptr (GMimeMessage) message = with_attachment (content, GMIME_CONTENT_ENCODING_DEFAULT);
  g_autofree char *before = mime_print (message);
  g_autofree char *written = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED);
  written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_CONVERT);
  mime_assert_has (written, "\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBiDQpjCmQ=\r\n");
  after = mime_print (message);
  g_assert_cmpstr (before, ==, after);
}

static void
test_long_lines (void)
{
  g_autofree char *line = g_strnfill (999, 'x');
  g_autofree char *text = g_strconcat ("From: a@example.org\n\nshort\n", line + 1, "\n", line + 1, NULL);
  g_autofree char *longer = g_strconcat (text, "y\n", NULL);
  g_autoptr (GMimeMessage) fits = mime_parse (text);
  g_autoptr (GMimeMessage) message = mime_parse (longer);
  g_autoptr (PhMimePlan) plan = ph_mime_plan_new (fits, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, NULL);
  g_autofree char *written = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (plan);
  g_assert_null (ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED);
  written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_CONVERT);
  mime_assert_has (written, "Content-Transfer-Encoding: quoted-printable\r\n");
}

static void
test_seven_bit (void)
{
  g_autoptr (GMimeMessage) message = mime_parse (
    "From: J\xc3\xb6rg <a@example.org>\nSubject: Gr\xc3\xbc\xc3\x9f" "e\nContent-Transfer-Encoding: 8bit\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    "Gr\xc3\xbc\xc3\x9f" "e, und \"=\" \nzweite Zeile\n--x\nContent-Type: text/plain; charset=utf-8\n\n"
    "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\n\xd0\xbc\xd0\xb8\xd1\x80\n--x\n\nASCII\n--x--\n");
  g_autofree char *written = mime_write (message, PH_MIME_FORM_SEVEN_BIT, PH_MIME_NONE);
  g_autoptr (GMimeMessage) again = mime_parse (written);
  GMimeMultipart *mixed = GMIME_MULTIPART (g_mime_message_get_mime_part (again));

  for (const char *c = written; *c != '\0'; c++)
    g_assert_cmpint ((guchar) *c, <, 0x80);
  mime_assert_has (written, "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe, und \"=3D\"=20\r\nzweite Zeile\r\n");
  mime_assert_has (written, "Content-Transfer-Encoding: base64\r\n\r\n0L/RgNC40LLQtdGCDQrQvNC40YA=\r\n");
  mime_assert_has (written, "Content-Transfer-Encoding: 7bit\r\n");
  mime_assert_lacks (written, "8bit");
  g_assert_cmpstr (g_mime_message_get_subject (again), ==, "Gr\xc3\xbc\xc3\x9f" "e");
  g_assert_cmpint (g_mime_multipart_get_count (mixed), ==, 3);
}

static void
test_signed (void)
{
  static const char text[] =
    "From: a@example.org\nContent-Type: multipart/signed; boundary=x; protocol=\"application/pgp-signature\"\n\n"
    "--x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\xc3\xa4\n--x\n"
    "Content-Type: application/pgp-signature\n\nnothing\n--x--\n";
  g_autoptr (GMimeMessage) message = mime_parse (text);
  g_autofree char *expected = mime_print (message);
  g_autofree char *written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_CONVERT);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (written, ==, expected);
  g_assert_null (ph_mime_plan_new (message, PH_MIME_FORM_SEVEN_BIT, PH_MIME_CONVERT, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED);
  mime_assert_has (error->message, "signature");
}

static void
test_too_deep (void)
{
  g_autoptr (GMimeMessage) message = g_mime_message_new (TRUE);
  g_autoptr (GMimeObject) inner = GMIME_OBJECT (g_mime_text_part_new ());
  g_autoptr (PhMimePlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 101; i++)
    {
      GMimeMultipart *outer = g_mime_multipart_new ();

      g_mime_multipart_add (outer, inner);
      g_object_unref (inner);
      inner = GMIME_OBJECT (outer);
    }
  g_mime_message_set_mime_part (message, inner);
  g_assert_null (ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_mime_message_set_mime_part (message, g_mime_multipart_get_part (GMIME_MULTIPART (inner), 0));
  plan = ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error);
  g_assert_no_error (error);
}

#define LARGE (64 * 1024 * 1024)

static gint64
resident (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  sscanf (text, "%*d %ld", &pages);
  return pages * 4096;
}

/* 64 MB that lie in a file are read from there, and not held. */
static void
test_large_attachment (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("mime-XXXXXX", &path, NULL);
  g_autoptr (GMimeStream) content = NULL;
  g_autoptr (GMimeMessage) message = NULL;
  g_autoptr (PhMimePlan) plan = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *buffer = g_malloc (64 * 1024);
  gint64 before = resident ();
  guint64 total = 0;
  gssize n;

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (ftruncate (fd, LARGE), ==, 0);
  content = g_mime_stream_fs_new (fd);
  message = with_attachment (content, GMIME_CONTENT_ENCODING_BASE64);
  plan = ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, NULL);
  stream = ph_mime_stream_new (plan);
  g_assert_cmpuint (plan->scan.octets, >, LARGE / 3 * 4);
  g_assert_true (g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (stream)));
  while ((n = g_input_stream_read (stream, buffer, 64 * 1024, NULL, NULL)) > 0)
    total += (guint64) n;
  g_assert_cmpuint (total, ==, plan->scan.octets);
  if (g_getenv ("PH_TEST_SANITIZED") == NULL)
    g_assert_cmpint (resident () - before, <, 8 * 1024 * 1024);
}

static void
test_unreadable (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("mime-XXXXXX", &path, NULL);
  g_autoptr (GMimeStream) content = g_mime_stream_fs_new_with_bounds (g_open (path, O_WRONLY, 0), 0, 100);
  g_autoptr (GMimeMessage) message = with_attachment (content, GMIME_CONTENT_ENCODING_DEFAULT);
  g_autoptr (GError) error = NULL;

  close (fd);
  g_unlink (path);
  g_assert_null (ph_mime_plan_new (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();
  g_test_add_func ("/mime/write/as-gmime-writes-it", test_as_gmime);
  g_test_add_func ("/mime/write/out-of-a-file", test_from_file);
  g_test_add_func ("/mime/write/the-same-at-any-step", test_any_step);
  g_test_add_func ("/mime/write/begins-again-and-shares-nothing", test_begins_again);
  g_test_add_func ("/mime/write/base64-of-every-length", test_base64_lengths);
  g_test_add_func ("/mime/write/binary-content", test_binary);
  g_test_add_func ("/mime/write/long-lines", test_long_lines);
  g_test_add_func ("/mime/write/seven-bit", test_seven_bit);
  g_test_add_func ("/mime/write/signed-parts-are-left-alone", test_signed);
  g_test_add_func ("/mime/write/too-deep", test_too_deep);
  g_test_add_func ("/mime/write/large-attachments-stay-in-their-files", test_large_attachment);
  g_test_add_func ("/mime/write/unreadable-content", test_unreadable);
  return g_test_run ();
}
