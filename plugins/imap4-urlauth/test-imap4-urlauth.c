/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* URLAUTH in the harness: RFC 4467's and RFC 5524's examples, as these print them. */
#include "imap-extension-test.h"

GType ph_imap_url_auth_get_type (void);

#define JOE "imap://joe@example.com/INBOX/;uid=20/;section=1.2"
#define ANONYMOUS JOE ";urlauth=anonymous:internal:91354a473744909de610943775f92038"
#define IMAGE "imap://joe@example.com/INBOX/;uid=20/;section=1.3;urlauth=anonymous:internal:ae354a473744909de610943775f92038"

static ExtTest *
open_with (const char *capabilities)
{
  return ext_open (ph_imap_url_auth_get_type (), "URLAUTH", capabilities);
}

static PhUrlAuthInterface *
calls (ExtTest *test)
{
  return PH_URL_AUTH_GET_IFACE (test->extension);
}

/* RFC 4467 section 7 */
static void
test_generate (gconstpointer data)
{
  static const char *const rumps[] = { JOE ";urlauth=submit+fred", JOE ";urlauth=anonymous", NULL };
  g_autoptr (ExtTest) test = open_with ("URLAUTH");
  g_autoptr (PhCommand) one = calls (test)->make_generate (PH_URL_AUTH (test->extension), rumps + 1);
  g_autoptr (PhCommand) both = calls (test)->make_generate (PH_URL_AUTH (test->extension), rumps);
  char **urls = ext_ask (test, one, "GENURLAUTH \"" JOE ";urlauth=anonymous\" INTERNAL", "* GENURLAUTH \"" ANONYMOUS "\"\r\n");

  g_assert_cmpuint (g_strv_length (urls), ==, 1);
  g_assert_cmpstr (urls[0], ==, ANONYMOUS);

  ext_say (test, both, "GENURLAUTH \"" JOE ";urlauth=submit+fred\" INTERNAL \"" JOE ";urlauth=anonymous\" INTERNAL",
           "* GENURLAUTH " ANONYMOUS "\r\n", "OK GENURLAUTH completed");
  ph_harness_expect_error (test->harness, both, PH_ERROR_PROTOCOL);
}

static void
test_refused (gconstpointer data)
{
  static const char *const rumps[] = { JOE ";urlauth=anonymous", NULL };
  static const char *const nothing[] = { NULL };
  static const char *const broken[] = { "imap://x\r\n", NULL };
  g_autoptr (ExtTest) test = open_with ("URLAUTH");
  g_autoptr (ExtTest) lacking = open_with ("UIDPLUS");
  PhUrlAuth *auth = PH_URL_AUTH (test->extension);
  g_autoptr (PhCommand) refused = calls (test)->make_generate (auth, rumps);
  g_autoptr (PhCommand) silent = calls (test)->make_generate (auth, rumps);
  g_autoptr (PhCommand) empty = calls (test)->make_generate (auth, nothing);
  g_autoptr (PhCommand) injected = calls (test)->make_generate (auth, broken);
  g_autoptr (PhCommand) binary = calls (test)->make_fetch (auth, rumps, PH_URL_FETCH_DECODED);
  g_autoptr (PhCommand) unsupported = calls (lacking)->make_reset (PH_URL_AUTH (lacking->extension), NULL);

  ext_fail (test, refused, "GENURLAUTH \"" JOE ";urlauth=anonymous\" INTERNAL", "BAD not absolute", PH_ERROR_BAD_COMMAND);
  ext_fail (test, silent, "GENURLAUTH \"" JOE ";urlauth=anonymous\" INTERNAL", "OK done", PH_ERROR_PROTOCOL);
  ext_refuse (test, empty, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, injected, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, binary, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (lacking, unsupported, PH_ERROR_NOT_SUPPORTED);
}

static void
assert_data (GPtrArray *rows, guint index, const char *url, const char *text, const char *encoding)
{
  PhUrlData       *row = g_ptr_array_index (rows, index);
  GBytes          *data = ph_url_data_get_data (row);
  g_autofree char *told = ph_value_dup_text (ph_value_get_child (ph_url_data_get_structure (row), 5));

  g_assert_cmpstr (ph_url_data_get_url (row), ==, url);
  g_assert_cmpstr (told, ==, encoding);
  g_assert_true ((data != NULL) == (text != NULL));
  if (text != NULL)
    g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), text, strlen (text));
}

/* RFC 4467 section 8; one of two that is no more; a response for each, and one for both */
static void
test_fetch (gconstpointer data)
{
  static const char *const urls[] = { ANONYMOUS, IMAGE, NULL };
  g_autoptr (ExtTest) test = open_with ("URLAUTH");
  g_autoptr (PhCommand) together = calls (test)->make_fetch (PH_URL_AUTH (test->extension), urls, PH_URL_FETCH_PLAIN);
  g_autoptr (PhCommand) apart = calls (test)->make_fetch (PH_URL_AUTH (test->extension), urls, PH_URL_FETCH_PLAIN);
  GPtrArray *rows = ext_ask (test, together, "URLFETCH \"" ANONYMOUS "\" \"" IMAGE "\"",
                             "* URLFETCH \"" ANONYMOUS "\" {30}\r\nSi vis pacem, para bellum.\r\n\r\n \"" IMAGE "\" NIL\r\n");

  g_assert_cmpuint (rows->len, ==, 2);
  assert_data (rows, 0, ANONYMOUS, "Si vis pacem, para bellum.\r\n\r\n", NULL);
  assert_data (rows, 1, IMAGE, NULL, NULL);

  rows = ext_ask (test, apart, "URLFETCH \"" ANONYMOUS "\" \"" IMAGE "\"", "* URLFETCH " ANONYMOUS " \"\"\r\n* URLFETCH \"" IMAGE "\" \"x\"\r\n");
  g_assert_cmpuint (rows->len, ==, 2);
  assert_data (rows, 0, ANONYMOUS, "", NULL);
  assert_data (rows, 1, IMAGE, "x", NULL);
}

/* RFC 5524 section 4, its five */
static void
test_fetch_decoded (gconstpointer data)
{
  static const char *const urls[] = { ANONYMOUS, IMAGE, NULL };
  g_autoptr (ExtTest) test = open_with ("URLAUTH URLAUTH=BINARY");
  PhUrlAuth *auth = PH_URL_AUTH (test->extension);
  g_autoptr (PhCommand) text = calls (test)->make_fetch (auth, urls, PH_URL_FETCH_DECODED);
  g_autoptr (PhCommand) image = calls (test)->make_fetch (auth, urls + 1, PH_URL_FETCH_DECODED | PH_URL_FETCH_STRUCTURE);
  g_autoptr (PhCommand) original = calls (test)->make_fetch (auth, urls + 1, PH_URL_FETCH_BODY | PH_URL_FETCH_STRUCTURE);
  GPtrArray *rows = ext_ask (test, text, "URLFETCH (\"" ANONYMOUS "\" BINARY) (\"" IMAGE "\" BINARY)",
                             "* URLFETCH \"" ANONYMOUS "\" (BINARY {30}\r\nSi vis pacem, para bellum.\r\n\r\n) \"" IMAGE "\" NIL\r\n");

  g_assert_cmpuint (rows->len, ==, 2);
  assert_data (rows, 0, ANONYMOUS, "Si vis pacem, para bellum.\r\n\r\n", NULL);
  assert_data (rows, 1, IMAGE, NULL, NULL);

  rows = ext_ask (test, image, "URLFETCH (\"" IMAGE "\" BINARY BODYPARTSTRUCTURE)",
                  "* URLFETCH \"" IMAGE "\" (BODYPARTSTRUCTURE (\"IMAGE\" \"PNG\" () NIL NIL \"BINARY\" 4)) (BINARY ~{4}\r\nabcd)\r\n");
  assert_data (rows, 0, IMAGE, "abcd", "BINARY");
  rows = ext_ask (test, original, "URLFETCH (\"" IMAGE "\" BODY BODYPARTSTRUCTURE)",
                  "* URLFETCH \"" IMAGE "\" (BODYPARTSTRUCTURE (\"IMAGE\" \"PNG\" () NIL NIL \"X-BLURDYBLOOP\" 123)) (BODY NIL)\r\n");
  assert_data (rows, 0, IMAGE, NULL, "X-BLURDYBLOOP");
}

/* RFC 4467 section 7 */
static void
test_reset (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_with ("URLAUTH");
  PhUrlAuth *auth = PH_URL_AUTH (test->extension);
  g_autoptr (PhCommand) one = calls (test)->make_reset (auth, "Entwürfe");
  g_autoptr (PhCommand) all = calls (test)->make_reset (auth, NULL);
  g_autoptr (PhCommand) by_name = ext_make (test, "RESETKEY", "INBOX INTERNAL");

  ext_ask (test, one, "RESETKEY \"Entw&APw-rfe\"", "* OK [URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==] done\r\n");
  ext_ask (test, all, "RESETKEY", "");
  ext_ask (test, by_name, "RESETKEY \"INBOX\" INTERNAL", "");
}

/* What makes no sense is left out, or nobody's */
static void
test_odd_answers (gconstpointer data)
{
  static const char *const urls[] = { ANONYMOUS, NULL };
  g_autoptr (ExtTest) test = open_with ("URLAUTH");
  g_autoptr (PhCommand) command = calls (test)->make_fetch (PH_URL_AUTH (test->extension), urls, PH_URL_FETCH_PLAIN);
  GPtrArray *rows = ext_ask (test, command, "URLFETCH \"" ANONYMOUS "\"",
                             "* URLFETCH\r\n* URLFETCH (x) (y)\r\n* URLFETCH \"a\"\r\n* URLFETCH \"b\" (BODY) (X y) (BODY \"z\") NIL NIL\r\n");

  g_assert_cmpuint (rows->len, ==, 2);
  assert_data (rows, 0, "a", NULL, NULL);
  assert_data (rows, 1, "b", "z", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/imap/urlauth/generate", NULL, test_generate);
  g_test_add_data_func ("/imap/urlauth/refused", NULL, test_refused);
  g_test_add_data_func ("/imap/urlauth/fetch", NULL, test_fetch);
  g_test_add_data_func ("/imap/urlauth/fetch-decoded", NULL, test_fetch_decoded);
  g_test_add_data_func ("/imap/urlauth/reset", NULL, test_reset);
  g_test_add_data_func ("/imap/urlauth/odd-answers", NULL, test_odd_answers);
  return g_test_run ();
}
