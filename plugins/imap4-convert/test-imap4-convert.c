/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CONVERT in the harness: RFC 5259's examples, by UID; no server of Debian's converts. */
#include "imap-extension-test.h"

GType ph_imap_convert_get_type (void);

#define ASCII_WORDS "(\"text/plain\" (\"charset\" \"us-ascii\"))"

static const char *const ascii[] = { "charset", "us-ascii", NULL };

static ExtTest *
open_with (const char *capabilities)
{
  ExtTest *test = ext_open (ph_imap_convert_get_type (), "CONVERT", capabilities);

  ext_select (test, "SELECT \"INBOX\"");
  return test;
}

static PhCommand *
convert (ExtTest *test, const char *section, const char *target, const char *const *parameters, PhConvertItem items)
{
  return PH_CONVERT_GET_IFACE (test->extension)->make_part (PH_CONVERT (test->extension), 20, section, target, parameters, items, 0, 0);
}

static void
assert_octets (PhConverted *converted, const char *expected)
{
  g_autoptr (GBytes) data = ph_converted_get_data (converted);

  g_assert_nonnull (data);
  g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), expected, strlen (expected));
}

/* Section 5.1 */
static void
test_list (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("CONVERT BINARY");
  PhConvert *extension = PH_CONVERT (test->extension);
  g_autoptr (PhCommand) some = PH_CONVERT_GET_IFACE (extension)->make_list (extension, "image/gif", "*");
  g_autoptr (PhCommand) none = PH_CONVERT_GET_IFACE (extension)->make_list (extension, "image/*", "text/*");
  GPtrArray *rows = ext_ask (test, some, "CONVERSIONS \"image/gif\" \"*\"",
                             "* CONVERSION \"image/gif\" \"image/jpeg\" (\"pix-y\" \"pix-x\" \"image-interleave\")\r\n"
                             "* CONVERSION \"image/gif\" \"image/png\"\r\n* CONVERSION (x)\r\n");

  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (ph_conversion_get_source (g_ptr_array_index (rows, 0)), ==, "image/gif");
  g_assert_cmpstr (ph_conversion_get_target (g_ptr_array_index (rows, 0)), ==, "image/jpeg");
  g_assert_cmpstr (ph_conversion_get_parameters (g_ptr_array_index (rows, 0))[2], ==, "image-interleave");
  g_assert_null (ph_conversion_get_parameters (g_ptr_array_index (rows, 1))[0]);

  rows = ext_ask (test, none, "CONVERSIONS \"image/*\" \"text/*\"", "");
  g_assert_cmpuint (rows->len, ==, 0);
}

/* Sections 6 and 8.2 */
static void
test_part (gconstpointer data)
{
  static const char *const pixels[] = { "PIX-X", "128", "PIX-Y", "96", NULL };
  g_autoptr (ExtTest) test = open_with ("CONVERT BINARY");
  g_autoptr (PhCommand) pdf = convert (test, "3", "APPLICATION/PDF", NULL, PH_CONVERT_DATA);
  g_autoptr (PhCommand) image = convert (test, "2", NULL, pixels, PH_CONVERT_DATA | PH_CONVERT_STRUCTURE);
  g_autoptr (PhCommand) whole = convert (test, NULL, "text/plain", NULL, PH_CONVERT_DATA);
  PhConverted *converted = ext_ask (test, pdf, "UID CONVERT 20 (\"APPLICATION/PDF\") (BINARY[3])",
                                    "* 2 CONVERTED (TAG \"A2\") (UID 20 BINARY[3] {5}\r\n%PDF-)\r\n");
  g_autofree char *subtype = NULL;

  assert_octets (converted, "%PDF-");
  g_assert_cmpint (ph_converted_get_size (converted), ==, -1);
  g_assert_null (ph_converted_get_structure (converted));
  g_assert_null (ph_converted_get_targets (converted));

  converted = ext_ask (test, image, "UID CONVERT 20 (NIL (\"PIX-X\" \"128\" \"PIX-Y\" \"96\")) (BODYPARTSTRUCTURE[2] BINARY[2])",
                       "* 2 CONVERTED (TAG \"A3\") (UID 20 BODYPARTSTRUCTURE[2] (\"IMAGE\" \"JPEG\" () NIL NIL \"8bit\" 4 NIL NIL NIL) "
                       "BINARY[2] ~{4}\r\nJFIF)\r\n");
  assert_octets (converted, "JFIF");
  subtype = ph_value_dup_text (ph_value_get_child (ph_converted_get_structure (converted), 1));
  g_assert_cmpstr (subtype, ==, "JPEG");

  converted = ext_ask (test, whole, "UID CONVERT 20 (\"text/plain\") (BINARY[])", "* 2 CONVERTED (TAG \"A4\") (UID 20 BINARY[] \"x\")\r\n");
  assert_octets (converted, "x");
}

/* Sections 6 (a size, then some of the octets, then a header) and 8.4 */
static void
test_other_items (gconstpointer data)
{
  static const char *const utf8[] = { "CHARSET", "utf-8", NULL };
  g_autoptr (ExtTest) test = open_with ("CONVERT BINARY");
  PhConvert *extension = PH_CONVERT (test->extension);
  g_autoptr (PhCommand) size = convert (test, "4", "text/plain", ascii, PH_CONVERT_SIZE);
  g_autoptr (PhCommand) range = PH_CONVERT_GET_IFACE (extension)->make_part (extension, 20, "4", "text/plain", ascii, PH_CONVERT_DATA, 2001, 1000);
  g_autoptr (PhCommand) rest = PH_CONVERT_GET_IFACE (extension)->make_part (extension, 20, "4", "text/plain", ascii, PH_CONVERT_DATA, 7, 0);
  g_autoptr (PhCommand) header = convert (test, NULL, NULL, utf8, PH_CONVERT_HEADER);
  g_autoptr (PhCommand) mime = convert (test, "1", NULL, utf8, PH_CONVERT_MIME);
  g_autoptr (PhCommand) targets = convert (test, "2", NULL, NULL, PH_CONVERT_TARGETS);
  g_auto (GStrv) types = NULL;
  PhConverted *converted = ext_ask (test, size, "UID CONVERT 20 " ASCII_WORDS " (BINARY.SIZE[4])", "* 2 CONVERTED (TAG \"A2\") (BINARY.SIZE[4] 3135)\r\n");

  g_assert_cmpint (ph_converted_get_size (converted), ==, 3135);
  g_assert_null (ph_converted_get_data (converted));
  converted = ext_ask (test, range, "UID CONVERT 20 " ASCII_WORDS " (BINARY[4]<2001.1000>)",
                       "* 2 CONVERTED (TAG \"A3\") (BINARY[4]<2001> {3}\r\nabc)\r\n");
  assert_octets (converted, "abc");
  ext_ask (test, rest, "UID CONVERT 20 " ASCII_WORDS " (BINARY[4]<7.4294967295>)", "* 2 CONVERTED (TAG \"A4\") (BINARY[4]<7> \"\")\r\n");
  converted = ext_ask (test, header, "UID CONVERT 20 (NIL (\"CHARSET\" \"utf-8\")) (BODY[HEADER])",
                       "* 2 CONVERTED (TAG \"d002\") (BODY[HEADER] {36}\r\nSubject: =?UTF-8?Q?why encode this?=)\r\n");
  assert_octets (converted, "Subject: =?UTF-8?Q?why encode this?=");
  ext_ask (test, mime, "UID CONVERT 20 (NIL (\"CHARSET\" \"utf-8\")) (BODY[1.MIME])", "* 2 CONVERTED (TAG \"D012\") (BODY[1.MIME] \"x\")\r\n");
  converted = ext_ask (test, targets, "UID CONVERT 20 (NIL) (AVAILABLECONVERSIONS[2])",
                       "* 2 CONVERTED (TAG \"f001\") (AVAILABLECONVERSIONS[2] ((\"IMAGE/JPEG\" \"application/PostScript\")))\r\n");
  types = ph_converted_get_targets (converted);
  g_assert_cmpuint (g_strv_length (types), ==, 2);
  g_assert_cmpstr (types[1], ==, "application/PostScript");
}

/* What the server says of a part reaches the program, behind NO and behind OK (section 9) */
static void
assert_failure (ExtTest *test, const char *answers, const char *reply, int code)
{
  g_autoptr (PhCommand) command = convert (test, "3", "text/plain", ascii, PH_CONVERT_DATA);

  ext_say (test, command, "UID CONVERT 20 " ASCII_WORDS " (BINARY[3])", answers, reply);
  ph_harness_expect_error (test->harness, command, code);
}

static void
test_failures (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("CONVERT BINARY");
  const char *bad = "* 2 CONVERTED (tag \"b001\") (BINARY[3] (ERROR \"Source text has non us-ascii\" BADPARAMETERS "
                    "\"text/html\" \"text/plain\" (\"charset\" \"us-ascii\")))\r\n";
  const char *missing = "* 2 CONVERTED (tag \"b003\") (BINARY[3] (ERROR \"CHARSET must be specified\" MISSINGPARAMETERS (CHARSET)))\r\n";

  assert_failure (test, bad, "NO All conversions failed", PH_ERROR_CANNOT);
  assert_failure (test, bad, "OK Some conversions failed", PH_ERROR_CANNOT);
  assert_failure (test, missing, "NO All conversions failed", PH_ERROR_CANNOT);
  assert_failure (test, "* 2 CONVERTED (TAG \"x\") (BINARY[3] (ERROR \"later\" TEMPFAIL 5))\r\n", "OK x", PH_ERROR_UNAVAILABLE);
  assert_failure (test, "", "NO [TEMPFAIL] All conversions failed", PH_ERROR_UNAVAILABLE);
  assert_failure (test, "", "NO [MAXCONVERTMESSAGES 1] x", PH_ERROR_CANNOT);
  assert_failure (test, "", "OK nothing", PH_ERROR_NO_MESSAGE);
}

static void
test_refused_unsent (gconstpointer data)
{
  static const char *const odd[] = { "charset", NULL };
  g_autoptr (ExtTest) test = open_with ("CONVERT");
  g_autoptr (ExtTest) lacking = open_with ("BINARY");
  PhConvert *extension = PH_CONVERT (test->extension);
  PhCommand *commands[] = {
    PH_CONVERT_GET_IFACE (extension)->make_part (extension, 0, "1", NULL, NULL, PH_CONVERT_DATA, 0, 0),
    convert (test, "1", NULL, NULL, 0),
    convert (test, "1", NULL, odd, PH_CONVERT_DATA),
    convert (test, "1] BODY[", NULL, NULL, PH_CONVERT_DATA),
    convert (test, "1\r\nX", NULL, NULL, PH_CONVERT_DATA),
  };
  g_autoptr (PhCommand) unsupported = convert (lacking, "1", NULL, NULL, PH_CONVERT_DATA);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      ext_refuse (test, commands[i], PH_ERROR_INVALID_ARGUMENT);
      g_object_unref (commands[i]);
    }
  ext_refuse (lacking, unsupported, PH_ERROR_NOT_SUPPORTED);
}

static void
test_no_mailbox (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_convert_get_type (), "CONVERT", "CONVERT");
  g_autoptr (PhCommand) part = convert (test, "4", "text/plain", ascii, PH_CONVERT_DATA), plain = ext_make (test, "CONVERT", "1 (NIL) (BINARY[1])");
  g_autoptr (PhCommand) list = PH_CONVERT_GET_IFACE (test->extension)->make_list (PH_CONVERT (test->extension), "image/gif", "*");

  ext_refuse (test, part, PH_ERROR_WRONG_STATE);
  ext_refuse (test, plain, PH_ERROR_WRONG_STATE);
  ext_ask (test, list, "CONVERSIONS \"image/gif\" \"*\"", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/imap/convert/list", NULL, test_list);
  g_test_add_data_func ("/imap/convert/part", NULL, test_part);
  g_test_add_data_func ("/imap/convert/other-items", NULL, test_other_items);
  g_test_add_data_func ("/imap/convert/failures", NULL, test_failures);
  g_test_add_data_func ("/imap/convert/refused-unsent", NULL, test_refused_unsent);
  imap_test ("convert/no-mailbox", test_no_mailbox);
  return g_test_run ();
}
