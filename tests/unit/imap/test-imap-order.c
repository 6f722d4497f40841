/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SORT, and what THREAD shares with it: base subjects and dates, what a server is asked and answers, by RFC 5256's and RFC 5267's lines, and what is done here. */
#include "order-fixture.h"
#include "ph-order.h"

GType ph_imap_sort_get_type (void);

/* --- texts and dates --- */

static const struct {
  const char *subject, *base;
  gboolean    is_reply;
} subjects[] = {
  { "", "", FALSE },
  { "Re: a", "a", TRUE },
  { "RE[2]: Fwd: fw : a (fwd) (FWD) ", "a", TRUE },
  { "[list] a", "a", FALSE },
  { "[list]", "[list]", FALSE },
  { "[a][b] [c]", "[c]", FALSE },
  { "[a] Re: [b] c", "c", TRUE },
  { "[fwd: Re: a (fwd)] (fwd)", "a", TRUE },
  { "[Fwd: a", "[Fwd: a", FALSE },
  { "a\t \r\n b", "a b", FALSE },
  { "Re:", "", TRUE },
  { "(fwd)", "", TRUE },
  { "Reply: a", "Reply: a", FALSE },
  { "[a[b] c", "[a[b] c", FALSE },
  { "re [x] : a", "a", TRUE },
};

static void
test_subjects (void)
{
  g_autoptr (GString) blobs = g_string_new (NULL);
  g_autofree char    *base = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      gboolean         is_reply;
      g_autofree char *found = ph_order_base_subject (subjects[i].subject, &is_reply);

      g_assert_cmpstr (found, ==, subjects[i].base);
      g_assert_cmpint (is_reply, ==, subjects[i].is_reply);
    }

  /* in linear time */
  for (guint i = 0; i < 500000; i++)
    g_string_append (blobs, "[a]");
  base = ph_order_base_subject (blobs->str, NULL);
  g_assert_cmpstr (base, ==, "[a]");
}

static void
test_folding (void)
{
  static const char *const texts[][2] = {
    { "straße", "STRASSE" }, { "É", "E\xcc\x81" }, { "é", "E\xcc\x81" }, { "ﬁ", "fi" }, { "ж", "Ж" }, { "a~", "A~" }, { NULL, "" },
  };

  for (guint i = 1; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *folded = ph_order_fold (texts[i][0]);

      g_assert_cmpstr (folded, ==, texts[i][1]);
    }
}

static const struct {
  const char *text;
  gint64      seconds; /* G_MININT64: no date */
} dates[] = {
  { "Sun, 31 Dec 2000 16:01:33 -0800", 978307293 }, /* RFC 5256 section 2.2: 1 Jan 2001 00:01:33 +0000 */
  { "1 Jan 2001 00:01:33 +0000", 978307293 },
  { "1 Jan 01 00:01:33 GMT", 978307293 },
  { "1 Jan 101 00:01:33 UT", 978307293 },
  { "(a (nested) comment) Mon , 1 (x) Jan 2001 0:01 : 33 Z", 978307293 },
  { "31-Dec-2000 19:01:33 EST", 978307293 },
  { "1 Jan 2001 00:01:33 +99999", 978307293 },
  { "1 Jan 2001 25:00 +0100", 978307200 },
  { "1 Jan 2001", 978307200 },
  { "1 January 2001 00:00", 978307200 },
  { "30 Feb 2001 00:00", G_MININT64 },
  { "yesterday", G_MININT64 },
  { "", G_MININT64 },
  { "Mon, ", G_MININT64 },
  { "1 Jan", G_MININT64 },
  { "((((((", G_MININT64 },
};

static void
test_dates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      gint64 seconds = G_MININT64;

      g_assert_cmpint (ph_order_parse_date (dates[i].text, &seconds), ==, dates[i].seconds != G_MININT64);
      g_assert_cmpint (seconds, ==, dates[i].seconds);
    }
}

/* --- commands --- */

static PhCommand *
make_sort (OrderFixture *fixture, PhSearchReturn wanted, int first, int last)
{
  g_autoptr (PhSortOrder) order = ph_sort_order_new ();
  g_autoptr (PhQuery)     query = ph_query_unseen (ph_query_new ());

  ph_sort_order_by (ph_sort_order_by (order, PH_SORT_KEY_SUBJECT, FALSE), PH_SORT_KEY_DATE, TRUE);
  return PH_SORT_GET_IFACE (fixture->extension)->make_sort (PH_SORT (fixture->extension), order, query, TRUE, wanted, first, last);
}

static void
assert_numbers (PhCommand *command, const char *text)
{
  g_autoptr (GString) numbers = g_string_new (NULL);
  gsize               n;
  const guint32      *all;

  g_assert_no_error (ph_command_get_error (command));
  all = ph_sort_result_get_numbers (ph_command_peek_result (command), &n);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (numbers, "%s%u", i > 0 ? " " : "", all[i]);
  g_assert_cmpstr (numbers->str, ==, text);
}

static void
test_server_sorts (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "SORT");
  g_autoptr (PhCommand) command = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* SORT 5 3 4 1 2\r\nA2 OK SORT completed\r\n");
  ph_harness_expect_done (fixture.harness, command);
  assert_numbers (command, "5 3 4 1 2");
  order_end (&fixture);
}

/* What is sorted here: of three messages, one without a date, one told of twice */
static void
sort_here (PhHarness *harness, int tag)
{
  g_autofree char *search = g_strdup_printf ("A%d UID SEARCH UNSEEN\r\n", tag);
  g_autofree char *found = g_strdup_printf ("* SEARCH 7 8 9\r\nA%d OK done\r\n", tag);
  g_autofree char *fetch = g_strdup_printf ("A%d UID FETCH 7:9 (UID INTERNALDATE ENVELOPE)\r\n", tag + 1);
  g_autofree char *fetched = g_strdup_printf (
    "* 1 FETCH (UID 7 INTERNALDATE \"01-Jan-2001 00:00:00 +0000\" ENVELOPE (NIL \"Re: b\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"
    "* 3 FETCH (UID 9 INTERNALDATE \"03-Jan-2001 00:00:00 +0000\" ENVELOPE (\"2 Jan 2001 00:00:00 +0000\" \"B\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"
    "* 2 FETCH (UID 8 INTERNALDATE \"01-Jan-2001 00:00:00 +0000\" ENVELOPE (NIL \"=?utf-8?q?a?=\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"
    "* 2 FETCH (UID 8 INTERNALDATE \"01-Jan-2001 00:00:00 +0000\" ENVELOPE (NIL \"=?utf-8?q?a?=\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"
    "A%d OK done\r\n", tag + 1);

  ph_harness_expect (harness, search);
  ph_harness_push (harness, found);
  ph_harness_expect (harness, fetch);
  ph_harness_push (harness, fetched);
}

static void
test_sorted_here (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "X");
  g_autoptr (PhCommand) command = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (fixture.harness->engine);
  g_autoptr (PhCommand) some = make_sort (&fixture, PH_SEARCH_MIN | PH_SEARCH_MAX | PH_SEARCH_COUNT, 0, 0);
  g_autoptr (PhCommand) page = make_sort (&fixture, 0, -1, -2);
  g_autoptr (PhCommand) beyond = make_sort (&fixture, 0, 4, 9);
  PhSortResult *result;

  ph_harness_submit (fixture.harness, command);
  ph_harness_submit (fixture.harness, noop);
  sort_here (fixture.harness, 2);
  ph_harness_expect_done (fixture.harness, command);
  assert_numbers (command, "8 9 7");
  /* nothing came between its parts */
  ph_harness_expect (fixture.harness, "A4 NOOP\r\n");
  ph_harness_push (fixture.harness, "A4 OK done\r\n");
  ph_harness_expect_done (fixture.harness, noop);

  ph_harness_submit (fixture.harness, some);
  sort_here (fixture.harness, 5);
  ph_harness_expect_done (fixture.harness, some);
  result = ph_command_peek_result (some);
  g_assert_cmpuint (ph_sort_result_get_min (result), ==, 8);
  g_assert_cmpuint (ph_sort_result_get_max (result), ==, 7);
  g_assert_cmpuint (ph_sort_result_get_count (result), ==, 3);
  assert_numbers (some, "");

  ph_harness_submit (fixture.harness, page);
  sort_here (fixture.harness, 7);
  ph_harness_expect_done (fixture.harness, page);
  assert_numbers (page, "9 7");

  ph_harness_submit (fixture.harness, beyond);
  sort_here (fixture.harness, 9);
  ph_harness_expect_done (fixture.harness, beyond);
  assert_numbers (beyond, "");
  order_end (&fixture);
}

static void
test_lying_server (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "SORT");
  g_autoptr (PhCommand) command = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);
  g_autoptr (PhCommand) again = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "A2 BAD what?\r\n");
  sort_here (fixture.harness, 3);
  ph_harness_expect_done (fixture.harness, command);
  assert_numbers (command, "8 9 7");

  /* it isn't asked again */
  ph_harness_submit (fixture.harness, again);
  sort_here (fixture.harness, 5);
  ph_harness_expect_done (fixture.harness, again);
  order_end (&fixture);
}

static void
test_extended (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "SORT ESORT CONTEXT=SORT");
  g_autoptr (PhCommand) some = make_sort (&fixture, PH_SEARCH_MIN | PH_SEARCH_COUNT | PH_SEARCH_ALL, 0, 0);
  g_autoptr (PhCommand) page = make_sort (&fixture, 0, 1, 50);
  g_autoptr (PhCommand) hostile = make_sort (&fixture, PH_SEARCH_MAX | PH_SEARCH_ALL, 0, 0);
  PhSortResult *result;

  ph_harness_submit (fixture.harness, some);
  ph_harness_expect (fixture.harness, "A2 UID SORT RETURN (MIN COUNT ALL) (SUBJECT REVERSE DATE) UTF-8 UNSEEN\r\n");
  /* RFC 5267 section 3.2: 12:10 is 10, 11, 12 */
  ph_harness_push (fixture.harness, "* ESEARCH (TAG \"A2\") UID MIN 23765 COUNT 5 ALL 23765,12:10,23764\r\nA2 OK Sort completed\r\n");
  ph_harness_expect_done (fixture.harness, some);
  assert_numbers (some, "23765 10 11 12 23764");
  result = ph_command_peek_result (some);
  g_assert_cmpuint (ph_sort_result_get_min (result), ==, 23765);
  g_assert_cmpuint (ph_sort_result_get_max (result), ==, 0);
  g_assert_cmpuint (ph_sort_result_get_count (result), ==, 5);

  ph_harness_submit (fixture.harness, page);
  ph_harness_expect (fixture.harness, "A3 UID SORT RETURN (CONTEXT PARTIAL 1:50) (SUBJECT REVERSE DATE) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* ESEARCH (TAG \"A3\") UID PARTIAL (1:50 9,7)\r\nA3 OK done\r\n");
  ph_harness_expect_done (fixture.harness, page);
  assert_numbers (page, "9 7");

  ph_harness_submit (fixture.harness, hostile);
  ph_harness_expect (fixture.harness, "A4 UID SORT RETURN (MAX ALL) (SUBJECT REVERSE DATE) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* ESEARCH (TAG \"A4\") UID ALL 1:4294967295\r\nA4 OK done\r\n");
  ph_harness_expect_event (fixture.harness, PH_EVENT_COMMAND);
  g_assert_error (ph_command_get_error (hostile), PH_ERROR, PH_ERROR_LIMIT);
  order_end (&fixture);
}

static void
test_sort_by_name (gconstpointer data)
{
  static const char *const others[] = {
    "", "()", "() UTF-8 ALL", "(SUBJECT) UTF-8", "(SUBJECT) KOI8-R ALL", "(REVERSE) UTF-8 ALL", "(ANNOTATION \"/comment\") UTF-8 ALL",
    "(ANNOTATION \"/comment\" (value.priv)) UTF-8 ALL", "(MODSEQ) UTF-8 ALL",
    "(\"SUBJECT\") UTF-8 ALL", "RETURN (ALL) (SUBJECT) UTF-8 ALL", "SUBJECT UTF-8 ALL",
  };
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "SORT"), without = order_begin (ph_imap_sort_get_type (), "X");
  g_autoptr (PhCommand) command = order_make_named (&fixture, "sort", "(SUBJECT REVERSE DATE) US-ASCII FROM \"a b\" NOT DELETED");
  g_autoptr (PhCommand) here = order_make_named (&without, "UID SORT", "(subject reverse date) UTF-8 UNSEEN");

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 SORT (SUBJECT REVERSE DATE) UTF-8 FROM \"a b\" NOT DELETED\r\n");
  ph_harness_push (fixture.harness, "* SORT 5 3\r\nA2 OK done\r\n");
  ph_harness_expect_done (fixture.harness, command);
  assert_numbers (command, "5 3");
  ph_harness_submit (without.harness, here);
  sort_here (without.harness, 2);
  ph_harness_expect_done (without.harness, here);
  assert_numbers (here, "8 9 7");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (order_make_named (&fixture, "UID SORT", others[i]));
  g_assert_null (order_make_named (&fixture, "THREAD", "(SUBJECT) UTF-8 ALL"));
  order_end (&fixture);
  order_end (&without);
}

/* A key's words are in a list: RFC 5257 section 4.9, RFC 6203 section 6. (transfer full) */
static PhSortOrder *
order_of (OrderFixture *fixture, const char *capability, const char *key)
{
  PhSortOrder           *order = ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_DISPLAY_FROM, FALSE);
  g_autofree char       *line = g_strdup_printf ("* X %s\r\n", key);
  g_autoptr (PhResponse) response = NULL;

  ph_engine_decode (fixture->harness->engine, (const guint8 *) line, strlen (line), TRUE, &response, NULL);
  return ph_sort_order_extended (order, capability, ph_value_first (ph_response_get_values (response)), TRUE);
}

static PhCommand *
make_extended (OrderFixture *fixture, const char *capability, const char *key)
{
  g_autoptr (PhSortOrder) order = order_of (fixture, capability, key);
  g_autoptr (PhQuery)     query = ph_query_unseen (ph_query_new ());
  PhSort                 *sort = PH_SORT (fixture->extension);

  return PH_SORT_GET_IFACE (sort)->make_sort (sort, order, query, TRUE, PH_SEARCH_ALL, 0, 0);
}

/* By the typed call and by name; a server that refuses is not asked for anything else. */
static void
test_extended_keys (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "SORT SORT=DISPLAY ANNOTATE-EXPERIMENT-1 SEARCH=FUZZY");
  g_autoptr (PhCommand) typed = make_extended (&fixture, "ANNOTATE-EXPERIMENT-1", "(ANNOTATION \"/comment\" value.priv)");
  g_autoptr (PhCommand) named = order_make_named (&fixture, "UID SORT", "(reverse annotation \"/comment\" value.priv relevancy DATE) UTF-8 ALL");
  g_autoptr (PhCommand) refused = make_extended (&fixture, "SEARCH=FUZZY", "(RELEVANCY)");

  ph_harness_submit (fixture.harness, typed);
  ph_harness_expect (fixture.harness, "A2 UID SORT (DISPLAYFROM REVERSE ANNOTATION \"/comment\" value.priv) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* SORT 2 3 4 5 1 11 10 6 7 9 8\r\nA2 OK done\r\n");
  ph_harness_expect_done (fixture.harness, typed);
  assert_numbers (typed, "2 3 4 5 1 11 10 6 7 9 8");

  ph_harness_submit (fixture.harness, named);
  ph_harness_expect (fixture.harness, "A3 UID SORT (REVERSE ANNOTATION \"/comment\" value.priv RELEVANCY DATE) UTF-8 ALL\r\n");
  ph_harness_push (fixture.harness, "* SORT 5 3\r\nA3 OK done\r\n");
  ph_harness_expect_done (fixture.harness, named);
  assert_numbers (named, "5 3");

  ph_harness_submit (fixture.harness, refused);
  ph_harness_expect (fixture.harness, "A4 UID SORT (DISPLAYFROM REVERSE RELEVANCY) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "A4 BAD RELEVANCY without FUZZY\r\n");
  ph_harness_expect_nothing (fixture.harness);
  ph_harness_expect_error (fixture.harness, refused, PH_ERROR_BAD_COMMAND);
  order_end (&fixture);
}

/* One of what it takes is missing: nothing is sent, and nothing is sorted here */
static void
test_extended_keys_lacking (gconstpointer data)
{
  static const char *const capabilities[] = {
    "SEARCH=FUZZY SORT=DISPLAY", "SORT SORT=DISPLAY", "SORT SEARCH=FUZZY", "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      OrderFixture fixture = order_begin (ph_imap_sort_get_type (), capabilities[i]);
      g_autoptr (PhCommand) command = make_extended (&fixture, "SEARCH=FUZZY", "(RELEVANCY)");

      ph_harness_submit (fixture.harness, command);
      ph_harness_expect_nothing (fixture.harness);
      ph_harness_expect_error (fixture.harness, command, PH_ERROR_NOT_SUPPORTED);
      order_end (&fixture);
    }
}

static void
test_no_mailbox (void)
{
  static const char *const capabilities[] = { "SORT THREAD=REFERENCES", "" };

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      OrderFixture fixture = order_begin (ph_imap_sort_get_type (), capabilities[i]);
      g_autoptr (PhCommand) command = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);

      order_expect_no_mailbox (&fixture, command);
    }
}

static void
test_wrong_arguments (void)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "SORT");
  g_autoptr (PhCommand) page = make_sort (&fixture, 0, 1, -1);
  g_autoptr (PhCommand) saved = make_sort (&fixture, PH_SEARCH_SAVE, 0, 0);

  ph_harness_submit (fixture.harness, page);
  ph_harness_submit (fixture.harness, saved);
  ph_harness_expect_nothing (fixture.harness);
  g_assert_error (ph_command_get_error (page), PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_assert_error (ph_command_get_error (saved), PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  order_end (&fixture);
}

/* A part fails: so does the whole, with its error; cancelling in the middle of it ends it at once. */
static void
test_parts_that_fail (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_sort_get_type (), "X");
  g_autoptr (PhCommand) refused = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);
  g_autoptr (PhCommand) cancelled = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);

  ph_harness_submit (fixture.harness, refused);
  ph_harness_expect (fixture.harness, "A2 UID SEARCH UNSEEN\r\n");
  ph_harness_push (fixture.harness, "A2 NO [NOPERM] not you\r\n");
  ph_harness_expect_event (fixture.harness, PH_EVENT_COMMAND);
  g_assert_error (ph_command_get_error (refused), PH_ERROR, PH_ERROR_NO_PERMISSION);

  ph_harness_submit (fixture.harness, cancelled);
  ph_harness_expect (fixture.harness, "A3 UID SEARCH UNSEEN\r\n");
  ph_engine_cancel (fixture.harness->engine, cancelled, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop"));
  g_assert_error (ph_command_get_error (cancelled), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ph_harness_push (fixture.harness, "* SEARCH 1\r\nA3 OK done\r\n");
  ph_harness_expect_nothing (fixture.harness);
  order_end (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/order/base-subjects", test_subjects);
  g_test_add_func ("/order/folding", test_folding);
  g_test_add_func ("/order/dates", test_dates);
  imap_test ("sort/by-the-server", test_server_sorts);
  imap_test ("sort/done-here", test_sorted_here);
  imap_test ("sort/a-lying-server-is-asked-once", test_lying_server);
  imap_test ("sort/extended", test_extended);
  g_test_add_func ("/imap/sort/no-mailbox", test_no_mailbox);
  imap_test ("sort/by-name", test_sort_by_name);
  imap_test ("sort/extended-keys", test_extended_keys);
  imap_test ("sort/extended-keys-lacking", test_extended_keys_lacking);
  g_test_add_func ("/imap/sort/wrong-arguments-fail-unsent", test_wrong_arguments);
  imap_test ("sort/parts-that-fail", test_parts_that_fail);

  return g_test_run ();
}
