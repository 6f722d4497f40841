/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CATENATE in the harness: RFC 4469's examples, as the RFC prints them. */
#include "imap-extension-test.h"

GType ph_imap_catenate_get_type (void);

#define DRAFT "/Drafts;UIDVALIDITY=385759045/;UID="
#define BOUNDARY "\r\n--------------030308070208000400050907\r\n"
#define LAST_BOUNDARY "\r\n--------------030308070208000400050907--\r\n"

static const char *const flags[] = { "\\Seen", "\\Draft", "$MDNSent", NULL };

static ExtTest *
open_with (const char *capabilities)
{
  return ext_open (ph_imap_catenate_get_type (), "CATENATE", capabilities);
}

/* @parts: up to NULL; those that begin with a slash are URLs. (transfer full) */
static PhBody *
body_of (const char *const *parts)
{
  g_autoptr (GPtrArray) bodies = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *parts != NULL; parts++)
    g_ptr_array_add (bodies, **parts == '/' ? ph_body_new_for_url (*parts) : ph_body_new_for_text (*parts));
  return ph_body_new_for_parts ((PhBody **) bodies->pdata, bodies->len);
}

static PhCommand *
append (ExtTest *test, const char *const *parts)
{
  g_autoptr (PhBody) body = body_of (parts);

  return imap_make (test->harness, append, "Drafts", body, flags, NULL);
}

/* RFC 4469 appendix A, example 1: an attachment is replaced */
static void
test_example (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("CATENATE UIDPLUS");
  g_autofree char *head = ph_url_for_message (NULL, "Drafts", 385759045, 20, "HEADER");
  g_autofree char *mime = ph_url_for_message (NULL, "Drafts", 385759045, 20, "1.MIME");
  g_autofree char *first = ph_url_for_message (NULL, "Drafts", 385759045, 20, "1");
  g_autofree char *other = ph_url_for_message (NULL, "Drafts", 385759045, 30, NULL);
  const char *parts[] = { head, BOUNDARY, mime, first, BOUNDARY, other, LAST_BOUNDARY, NULL };
  g_autoptr (PhCommand) command = append (test, parts);
  g_autofree char *uids = NULL;

  ph_harness_submit (test->harness, command);
  ph_harness_expect (test->harness, "A1 APPEND \"Drafts\" (\\Seen \\Draft $MDNSent) CATENATE (URL \"" DRAFT "20/;SECTION=HEADER\" TEXT {42}\r\n");
  ph_harness_push (test->harness, "+ Ready for literal data\r\n");
  ph_harness_expect (test->harness, BOUNDARY " URL \"" DRAFT "20/;SECTION=1.MIME\" URL \"" DRAFT "20/;SECTION=1\" TEXT {42}\r\n");
  ph_harness_push (test->harness, "+ Ready for literal data\r\n");
  ph_harness_expect (test->harness, BOUNDARY " URL \"" DRAFT "30\" TEXT {44}\r\n");
  ph_harness_push (test->harness, "+ Ready for literal data\r\n");
  ph_harness_expect (test->harness, LAST_BOUNDARY ")\r\n");
  ph_harness_push (test->harness, "A1 OK [APPENDUID 385759045 45] append Completed\r\n");
  ph_harness_expect_done (test->harness, command);
  uids = ph_message_set_to_string (ph_command_peek_result (command));
  g_assert_cmpstr (uids, ==, "45");
}

/* Example 3 (from the text of section 4.1): the first URL that failed is told */
static void
test_bad_url (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("CATENATE LITERAL+");
  const char *parts[] = { "/Drafts;UIDVALIDITY=385759045/;UID=20/;section=5", NULL };
  g_autoptr (PhCommand) command = append (test, parts);

  ext_fail (test, command, "APPEND \"Drafts\" (\\Seen \\Draft $MDNSent) CATENATE (URL \"" DRAFT "20/;section=5\")",
            "NO [BADURL \"" DRAFT "20/;section=5\"] CATENATE append has failed, one message expunged", PH_ERROR_NO_MESSAGE);
}

static void
test_too_large (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("CATENATE");
  const char *parts[] = { DRAFT "20", DRAFT "20", NULL };
  g_autoptr (PhCommand) command = append (test, parts);

  ext_fail (test, command, "APPEND \"Drafts\" (\\Seen \\Draft $MDNSent) CATENATE (URL \"" DRAFT "20\" URL \"" DRAFT "20\")",
            "NO [TOOBIG] too much", PH_ERROR_TOO_LARGE);
}

/* A URL by itself is a message, too; with REPLACE (RFC 8508 section 4: append-data) as with APPEND */
static void
test_whole_and_replace (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("CATENATE REPLACE UIDPLUS");
  g_autoptr (PhBody) body = ph_body_new_for_url (DRAFT "20");
  g_autoptr (PhNewMessage) message = ph_new_message_new (body, NULL, NULL);
  g_autoptr (PhCommand) command = NULL;

  ext_select (test, "SELECT \"INBOX\"");
  command = imap_make (test->harness, replace, 4, "Drafts", message);
  ext_ask (test, command, "UID REPLACE 4 \"Drafts\" CATENATE (URL \"" DRAFT "20\")", "* OK [APPENDUID 1 2] x\r\n");
}

static void
test_refused_unsent (gconstpointer data)
{
  static const char *const url[] = { DRAFT "20", "text", NULL };
  static const char *const broken[] = { "/Drafts\r\nX", NULL };
  g_autoptr (ExtTest) without = open_with ("CATENATE");
  g_autoptr (PhHarness) lacking = imap_harness_open ("UIDPLUS");
  g_autoptr (PhCommand) injection = append (without, broken);
  g_autoptr (PhBody) body = body_of (url);
  g_autoptr (PhCommand) unsupported = imap_make (lacking, append, "Drafts", body, flags, NULL);
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1);
  g_autoptr (GInputStream) nothing = g_memory_input_stream_new ();
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (nothing, G_CONVERTER (compressor));
  g_autoptr (PhBody) endless = ph_body_new_for_stream (stream, -1);
  g_autoptr (PhBody) remote = ph_body_new_for_url (DRAFT "20");
  PhBody *parts[] = { remote, endless };
  g_autoptr (PhBody) unknown = ph_body_new_for_parts (parts, 2);
  g_autoptr (PhCommand) unsized = imap_make (without->harness, append, "Drafts", unknown, flags, NULL);

  ext_refuse (without, injection, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (without, unsized, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_submit (lacking, unsupported);
  ph_harness_expect (lacking, "");
  ph_harness_expect_error (lacking, unsupported, PH_ERROR_NOT_SUPPORTED);
}

/* Parts that are all the program's need no server that joins them, however they are nested */
static void
test_own_parts (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("UIDPLUS");
  static const char *const two[] = { "b", "cd", NULL };
  g_autoptr (PhBody) inner = body_of (two);
  g_autoptr (PhBody) first = ph_body_new_for_text ("a");
  PhBody *parts[] = { first, inner };
  g_autoptr (PhBody) body = ph_body_new_for_parts (parts, 2);
  g_autoptr (PhCommand) command = imap_make (harness, append, "Drafts", body, NULL, NULL);

  g_assert_cmpuint (ph_body_get_n_parts (body), ==, 3);
  g_assert_cmpint (ph_body_get_size (body), ==, 4);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 APPEND \"Drafts\" {4}\r\n");
  ph_harness_push (harness, "+ go\r\n");
  ph_harness_expect (harness, "abcd\r\n");
  ph_harness_push (harness, "A1 OK done\r\n");
  ph_harness_expect_done (harness, command);
}

static void
assert_url (char *url, const char *expected)
{
  g_assert_cmpstr (url, ==, expected);
  g_free (url);
}

/* RFC 5092 sections 4 to 8, and RFC 4467 section 3 */
static void
test_urls (gconstpointer data)
{
  g_autoptr (GDateTime) expire = g_date_time_new_from_iso8601 ("2006-12-31T19:00:00-05:00", NULL);

  assert_url (ph_url_for_message ("imap://minbari.example.org", "gray-council", 385759045, 20, NULL),
              "imap://minbari.example.org/gray-council;UIDVALIDITY=385759045/;UID=20");
  assert_url (ph_url_with_range ("imap://minbari.example.org/gray-council;UIDVALIDITY=385759045/;UID=20", 0, 1024),
              "imap://minbari.example.org/gray-council;UIDVALIDITY=385759045/;UID=20/;PARTIAL=0.1024");
  assert_url (ph_url_with_range ("/a/;UID=1", 7, 0), "/a/;UID=1/;PARTIAL=7");
  assert_url (ph_url_for_message (NULL, "~peter/日本語/台北", 0, 1, "HEADER.FIELDS (DATE FROM)"),
              "/~peter/%E6%97%A5%E6%9C%AC%E8%AA%9E/%E5%8F%B0%E5%8C%97/;UID=1/;SECTION=HEADER.FIELDS%20(DATE%20FROM)");
  assert_url (ph_url_for_message ("imap://joe@example.com/", "100%;x?#", 0, 20, "1.2"), "imap://joe@example.com/100%25%3Bx%3F%23/;UID=20/;SECTION=1.2");
  assert_url (ph_url_with_access ("imap://joe@example.com/INBOX/;uid=20/;section=1.2", NULL, "submit+fred"),
              "imap://joe@example.com/INBOX/;uid=20/;section=1.2;URLAUTH=submit+fred");
  assert_url (ph_url_with_access ("imap://joe@example.com/INBOX/;uid=20", expire, "anonymous"),
              "imap://joe@example.com/INBOX/;uid=20;EXPIRE=2007-01-01T00:00:00Z;URLAUTH=anonymous");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/imap/catenate/example", NULL, test_example);
  g_test_add_data_func ("/imap/catenate/bad-url", NULL, test_bad_url);
  g_test_add_data_func ("/imap/catenate/too-large", NULL, test_too_large);
  g_test_add_data_func ("/imap/catenate/whole-and-replace", NULL, test_whole_and_replace);
  g_test_add_data_func ("/imap/catenate/refused-unsent", NULL, test_refused_unsent);
  g_test_add_data_func ("/imap/catenate/own-parts", NULL, test_own_parts);
  g_test_add_data_func ("/imap/catenate/urls", NULL, test_urls);
  return g_test_run ();
}
