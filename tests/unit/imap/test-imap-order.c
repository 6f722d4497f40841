/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SORT and THREAD: base subjects and dates, what a server is asked and answers, by RFC 5256's and RFC 5267's lines, and what is done here. */
#include "imap-engine-test.h"

#include "contracts/ph-extension-private.h"
#include "imap4-thread.h"

GType ph_imap_sort_get_type (void);
GType ph_imap_thread_get_type (void);

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

static void
test_message_ids (void)
{
  const char *field = " <a@b> junk <\"q u\"@c> <no at> <half <d @ e> <\"open <f@g>";
  static const char *const wanted[] = { "a@b", "q u@c", "d@e", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *id = ph_thread_next_id (&field);

      g_assert_cmpstr (id, ==, wanted[i]);
    }
}

/* --- commands --- */

typedef struct {
  PhHarness   *harness;
  PhExtension *extension;
} Fixture;

static Fixture
begin (GType type, const char *capabilities)
{
  Fixture fixture = { imap_harness_select (capabilities), g_object_new (type, NULL) };

  ph_extension_attach (fixture.extension, NULL, fixture.harness->engine, "SORT", FALSE);
  return fixture;
}

static void
end (Fixture *fixture)
{
  g_object_unref (fixture->extension);
  ph_harness_free (fixture->harness);
}

static PhCommand *make_thread (Fixture *fixture, PhThreadAlgorithm algorithm);

/* Once the one that was selected is closed. Ends @fixture */
static void
expect_no_mailbox (Fixture *fixture, PhCommand *command)
{
  g_autoptr (PhCommand) close = imap_make (fixture->harness, close, TRUE);

  ph_harness_submit (fixture->harness, close);
  ph_harness_expect (fixture->harness, "A2 CLOSE\r\n");
  ph_harness_push (fixture->harness, "A2 OK done\r\n");
  ph_harness_expect_done (fixture->harness, close);
  ph_harness_submit (fixture->harness, command);
  ph_harness_expect_nothing (fixture->harness);
  ph_harness_expect_error (fixture->harness, command, PH_ERROR_WRONG_STATE);
  end (fixture);
}

static PhCommand *
make_sort (Fixture *fixture, PhSearchReturn wanted, int first, int last)
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
  Fixture fixture = begin (ph_imap_sort_get_type (), "SORT");
  g_autoptr (PhCommand) command = make_sort (&fixture, PH_SEARCH_ALL, 0, 0);

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 UID SORT (SUBJECT REVERSE DATE) UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* SORT 5 3 4 1 2\r\nA2 OK SORT completed\r\n");
  ph_harness_expect_done (fixture.harness, command);
  assert_numbers (command, "5 3 4 1 2");
  end (&fixture);
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
  Fixture fixture = begin (ph_imap_sort_get_type (), "X");
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
  end (&fixture);
}

static void
test_lying_server (gconstpointer data)
{
  Fixture fixture = begin (ph_imap_sort_get_type (), "SORT");
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
  end (&fixture);
}

static void
test_extended (gconstpointer data)
{
  Fixture fixture = begin (ph_imap_sort_get_type (), "SORT ESORT CONTEXT=SORT");
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
  end (&fixture);
}

/* As bindings have it. @arguments: as the parser reads them. (transfer full) (nullable) */
static PhCommand *
make_named (Fixture *fixture, const char *name, const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("* X %s\r\n", arguments);
  g_autoptr (PhResponse) response = NULL;

  ph_engine_decode (fixture->harness->engine, (const guint8 *) line, strlen (line), TRUE, &response, NULL);
  g_assert_nonnull (response);
  return ph_extension_make_command (fixture->extension, name, ph_response_get_values (response));
}

static void
test_sort_by_name (gconstpointer data)
{
  static const char *const others[] = {
    "", "()", "() UTF-8 ALL", "(SUBJECT) UTF-8", "(SUBJECT) KOI8-R ALL", "(REVERSE) UTF-8 ALL", "(ANNOTATION \"/comment\" value.priv) UTF-8 ALL",
    "(\"SUBJECT\") UTF-8 ALL", "RETURN (ALL) (SUBJECT) UTF-8 ALL", "SUBJECT UTF-8 ALL",
  };
  Fixture fixture = begin (ph_imap_sort_get_type (), "SORT"), without = begin (ph_imap_sort_get_type (), "X");
  g_autoptr (PhCommand) command = make_named (&fixture, "sort", "(SUBJECT REVERSE DATE) US-ASCII FROM \"a b\" NOT DELETED");
  g_autoptr (PhCommand) here = make_named (&without, "UID SORT", "(subject reverse date) UTF-8 UNSEEN");

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
    g_assert_null (make_named (&fixture, "UID SORT", others[i]));
  g_assert_null (make_named (&fixture, "THREAD", "(SUBJECT) UTF-8 ALL"));
  end (&fixture);
  end (&without);
}

static void
test_thread_by_name (gconstpointer data)
{
  static const char *const others[] = { "", "REFERENCES", "REFERENCES UTF-8", "REFERENCES KOI8-R ALL", "X-OTHER UTF-8 ALL" };
  Fixture fixture = begin (ph_imap_thread_get_type (), "THREAD=REFS");
  g_autoptr (PhCommand) command = make_named (&fixture, "UID THREAD", "refs UTF-8 UNSEEN");

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 UID THREAD REFS UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* THREAD (2)(3 6)\r\nA2 OK done\r\n");
  ph_harness_expect_done (fixture.harness, command);
  g_assert_cmpuint (ph_thread_tree_get_n_threads (ph_command_peek_result (command)), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (make_named (&fixture, "THREAD", others[i]));
  end (&fixture);
}

/* Neither the server's order nor one that is made here */
static void
test_no_mailbox (void)
{
  static const char *const capabilities[] = { "SORT THREAD=REFERENCES", "" };

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      Fixture sort = begin (ph_imap_sort_get_type (), capabilities[i]), thread = begin (ph_imap_thread_get_type (), capabilities[i]);
      g_autoptr (PhCommand) sorted = make_sort (&sort, PH_SEARCH_ALL, 0, 0), threaded = make_thread (&thread, PH_THREAD_ALGORITHM_REFERENCES);

      expect_no_mailbox (&sort, sorted);
      expect_no_mailbox (&thread, threaded);
    }
}

static void
test_wrong_arguments (void)
{
  Fixture fixture = begin (ph_imap_sort_get_type (), "SORT");
  g_autoptr (PhCommand) page = make_sort (&fixture, 0, 1, -1);
  g_autoptr (PhCommand) saved = make_sort (&fixture, PH_SEARCH_SAVE, 0, 0);

  ph_harness_submit (fixture.harness, page);
  ph_harness_submit (fixture.harness, saved);
  ph_harness_expect_nothing (fixture.harness);
  g_assert_error (ph_command_get_error (page), PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_assert_error (ph_command_get_error (saved), PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  end (&fixture);
}

/* A part fails: so does the whole, with its error; cancelling in the middle of it ends it at once. */
static void
test_parts_that_fail (gconstpointer data)
{
  Fixture fixture = begin (ph_imap_sort_get_type (), "X");
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
  end (&fixture);
}

/* --- threads --- */

static PhCommand *
make_thread (Fixture *fixture, PhThreadAlgorithm algorithm)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  return PH_THREAD_GET_IFACE (fixture->extension)->make_thread (PH_THREAD (fixture->extension), algorithm, query, TRUE);
}

/* "2 3 .6 ..4": dots for the depth */
static void
assert_tree (PhThreadTree *tree, const char *text)
{
  g_autoptr (GString) drawn = g_string_new (NULL);

  for (guint i = 0; i < ph_thread_tree_get_n_nodes (tree); i++)
    {
      int parent = ph_thread_tree_get_parent (tree, i);
      int next = ph_thread_tree_get_next_sibling (tree, i);

      if (drawn->len > 0)
        g_string_append_c (drawn, ' ');
      for (guint j = 0; j < ph_thread_tree_get_depth (tree, i); j++)
        g_string_append_c (drawn, '.');
      g_string_append_printf (drawn, "%u", ph_thread_tree_get_message (tree, i));
      g_assert_true (parent < 0 || ph_thread_tree_get_depth (tree, (guint) parent) + 1 == ph_thread_tree_get_depth (tree, i));
      g_assert_true (next < 0 || ph_thread_tree_get_parent (tree, (guint) next) == parent);
    }
  g_assert_cmpstr (drawn->str, ==, text);
}

static void
test_server_threads (gconstpointer data)
{
  static const struct {
    const char *response, *tree;
  } answers[] = {
    /* RFC 5256 section 4 */
    { "(2)(3 6 (4 23)(44 7 96))", "2 3 .6 ..4 ...23 ..44 ...7 ....96" },
    { "((3)(5))", "0 .3 .5" },
    { "(1 ((2)(3))(4))", "1 .0 ..2 ..3 .4" },
    { "((((9))))(8)", "9 8" },
    { "(NIL 7 0 x)()(6)", "7 6" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Fixture fixture = begin (ph_imap_thread_get_type (), "THREAD=REFERENCES");
      g_autoptr (PhCommand) command = make_thread (&fixture, PH_THREAD_ALGORITHM_REFERENCES);
      g_autofree char *answer = g_strdup_printf ("* THREAD %s\r\nA2 OK THREAD completed\r\n", answers[i].response);

      ph_harness_submit (fixture.harness, command);
      ph_harness_expect (fixture.harness, "A2 UID THREAD REFERENCES UTF-8 ALL\r\n");
      ph_harness_push (fixture.harness, answer);
      ph_harness_expect_done (fixture.harness, command);
      assert_tree (ph_command_peek_result (command), answers[i].tree);
      end (&fixture);
    }
}

#define ENVELOPE(subject, reply_to, id) "ENVELOPE (NIL \"" subject "\" NIL NIL NIL NIL NIL NIL " reply_to " \"" id "\")"
#define REFERENCES(text) "BODY[HEADER.FIELDS (REFERENCES)] \"" text "\""

static void
answer_threads_here (PhHarness *harness, int tag)
{
  g_autofree char *search = g_strdup_printf ("A%d UID SEARCH ALL\r\n", tag);
  g_autofree char *found = g_strdup_printf ("* SEARCH 1 2 3 4\r\nA%d OK done\r\n", tag);
  g_autofree char *fetch = g_strdup_printf ("A%d UID FETCH 1:4 (UID INTERNALDATE ENVELOPE BODY.PEEK[HEADER.FIELDS (REFERENCES)])\r\n", tag + 1);
  g_autofree char *fetched = g_strdup_printf (
    "* 1 FETCH (UID 1 " ENVELOPE ("a", "NIL", "<a@x>") " " REFERENCES ("") ")\r\n"
    "* 2 FETCH (UID 2 " ENVELOPE ("Re: a", "\"<a@x> of monday\"", "<b@x>") " " REFERENCES ("") ")\r\n"
    "* 3 FETCH (UID 3 " ENVELOPE ("c", "NIL", "<c@x>") " " REFERENCES ("References: <gone@x>") ")\r\n"
    "* 4 FETCH (UID 4 " ENVELOPE ("d", "NIL", "<d@x>") " " REFERENCES ("References: <gone@x>") ")\r\n"
    "A%d OK done\r\n", tag + 1);

  ph_harness_expect (harness, search);
  ph_harness_push (harness, found);
  ph_harness_expect (harness, fetch);
  ph_harness_push (harness, fetched);
}

static void
test_threaded_here (gconstpointer data)
{
  Fixture fixture = begin (ph_imap_thread_get_type (), "THREAD=ORDEREDSUBJECT");
  g_autoptr (PhCommand) command = make_thread (&fixture, PH_THREAD_ALGORITHM_REFERENCES);

  ph_harness_submit (fixture.harness, command);
  answer_threads_here (fixture.harness, 2);
  ph_harness_expect_done (fixture.harness, command);
  assert_tree (ph_command_peek_result (command), "1 .2 0 .3 .4");
  end (&fixture);
}

/* A tree that is deeper than the session's limit is dropped on its way; the threads are found all the same. */
static void
test_too_deep_an_answer (gconstpointer data)
{
  Fixture fixture = begin (ph_imap_thread_get_type (), "THREAD=REFS");
  g_autoptr (PhCommand) command = make_thread (&fixture, PH_THREAD_ALGORITHM_REFS);
  g_autoptr (GString)   deep = g_string_new ("* THREAD ");

  for (guint i = 0; i < 1000; i++)
    g_string_append (deep, "(1 ");
  for (guint i = 0; i < 1000; i++)
    g_string_append_c (deep, ')');
  g_string_append (deep, "\r\nA2 OK done\r\n");

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 UID THREAD REFS UTF-8 ALL\r\n");
  ph_harness_push (fixture.harness, deep->str);
  ph_harness_expect_event (fixture.harness, PH_EVENT_WARNING);
  answer_threads_here (fixture.harness, 3);
  ph_harness_expect_done (fixture.harness, command);
  assert_tree (ph_command_peek_result (command), "1 .2 0 .3 .4");
  end (&fixture);
}

static void
add_row (PhThreadRows *rows, guint32 number, guint id, guint reference)
{
  PhThreadRow row = { .number = number, .sent = number, .subject = "", .id = id, .first_reference = rows->references->len,
                      .n_references = reference != PH_THREAD_NONE };

  if (reference != PH_THREAD_NONE)
    g_array_append_val (rows->references, reference);
  g_array_append_val (rows->rows, row);
}

static PhThreadRows *
new_rows (guint n_ids)
{
  PhThreadRows *rows = ph_thread_rows_new (TRUE);

  for (guint i = 0; i < n_ids; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u@x", i);

      g_hash_table_insert (rows->ids, g_string_chunk_insert (rows->texts, id), GUINT_TO_POINTER (i));
    }
  return rows;
}

/* Valgrind sees in a twentieth of it what there is to be seen. */
static guint
count (guint n)
{
  return g_getenv ("PH_TEST_SLOW") != NULL ? n / 20 : n;
}

/* A million that answer each other, the newest first and the oldest first; and as many that would close a loop at its root. */
static void
test_a_million_deep (void)
{
  const guint n = count (1000000);

  for (guint direction = 0; direction < 2; direction++)
    {
      g_autoptr (PhThreadRows) rows = new_rows (n);
      g_autoptr (PhThreadTree) tree = NULL;

      for (guint i = 0; i < n; i++)
        add_row (rows, i + 1, direction == 0 ? i : n - 1 - i, direction == 0 ? (i > 0 ? i - 1 : n - 1) : (i < n - 1 ? n - 2 - i : n - 1));
      tree = ph_thread_by_references (rows, TRUE);
      g_assert_cmpuint (ph_thread_tree_get_n_nodes (tree), ==, n);
      g_assert_cmpuint (ph_thread_tree_get_n_threads (tree), ==, 1);
      g_assert_cmpuint (ph_thread_tree_get_depth (tree, n - 1), ==, n - 1);
    }
}

static void
test_loops_at_the_root (void)
{
  const guint n = count (200000);
  g_autoptr (PhThreadRows) rows = new_rows (2 * n);
  g_autoptr (PhThreadTree) tree = NULL;

  for (guint i = 0; i < n; i++)
    add_row (rows, i + 1, i, i > 0 ? i - 1 : PH_THREAD_NONE);
  /* each names the deepest as the root's parent */
  for (guint i = 0; i < n; i++)
    {
      guint references[2] = { n - 1, 0 };

      add_row (rows, n + i + 1, n + i, PH_THREAD_NONE);
      g_array_index (rows->rows, PhThreadRow, n + i).n_references = 2;
      g_array_append_vals (rows->references, references, 2);
    }
  tree = ph_thread_by_references (rows, FALSE);
  g_assert_cmpuint (ph_thread_tree_get_n_threads (tree), ==, 1);
  g_assert_cmpuint (ph_thread_tree_get_n_nodes (tree), ==, 2 * n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/order/base-subjects", test_subjects);
  g_test_add_func ("/order/folding", test_folding);
  g_test_add_func ("/order/dates", test_dates);
  g_test_add_func ("/order/message-ids", test_message_ids);
  imap_test ("sort/by-the-server", test_server_sorts);
  imap_test ("sort/done-here", test_sorted_here);
  imap_test ("sort/a-lying-server-is-asked-once", test_lying_server);
  imap_test ("sort/extended", test_extended);
  g_test_add_func ("/imap/order/no-mailbox", test_no_mailbox);
  imap_test ("sort/by-name", test_sort_by_name);
  imap_test ("thread/by-name", test_thread_by_name);
  g_test_add_func ("/imap/sort/wrong-arguments-fail-unsent", test_wrong_arguments);
  imap_test ("sort/parts-that-fail", test_parts_that_fail);
  imap_test ("thread/rfc-examples", test_server_threads);
  imap_test ("thread/found-here", test_threaded_here);
  imap_test ("thread/too-deep-an-answer", test_too_deep_an_answer);
  g_test_add_func ("/thread/a-million-deep", test_a_million_deep);
  g_test_add_func ("/thread/loops-at-the-root", test_loops_at_the_root);

  return g_test_run ();
}
