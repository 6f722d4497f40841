/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches that count, keep and cut: ESEARCH (RFC 4731), SEARCHRES (RFC 5182), WITHIN (RFC 5032), PARTIAL (RFC 9394), CONDSTORE (RFC 7162). */
#include "imap-engine-test.h"

static PhCommand *
search_for (PhHarness *harness, PhQuery *query, guint returns, int first, int last)
{
  g_autoptr (PhQuery) owned = query;

  return imap_make (harness, search_for, owned, (PhSearchReturn) returns, first, last);
}

static PhCommand *
search (PhHarness *harness, PhQuery *query)
{
  g_autoptr (PhQuery) owned = query;

  return imap_make (harness, search, owned, TRUE);
}

static PhQuery *
query (const char *keys)
{
  return ph_query_raw (ph_query_new (), keys);
}

static void
assert_set (PhMessageSet *set, const char *expected)
{
  g_autofree char *text = set != NULL ? ph_message_set_to_string (set) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_result (PhCommand *command, const char *set, guint32 min, guint32 max, guint32 count, guint64 mod_seq)
{
  PhSearchResult *result = ph_command_peek_result (command);

  assert_set (ph_search_result_get_set (result), set);
  g_assert_cmpuint (ph_search_result_get_min (result), ==, min);
  g_assert_cmpuint (ph_search_result_get_max (result), ==, max);
  g_assert_cmpuint (ph_search_result_get_count (result), ==, count);
  g_assert_cmpuint (ph_search_result_get_mod_seq (result), ==, mod_seq);
}

static PhQuery *
about (void)
{
  g_autoptr (PhQuery) subject = ph_query_subject (ph_query_new (), "IMAP break");

  return ph_query_fuzzy (ph_query_new (), subject);
}

/* RFC 6203 section 4, RFC 5466 section 3.1; a key of an extension that nobody here knows */
static void
test_extensions_keys (gconstpointer data)
{
  PhHarness *harness = imap_harness_select ("SEARCH=FUZZY FILTERS XKEY");
  PhHarness *lacking = imap_harness_select ("FILTERS");
  g_autoptr (PhQuery) inner = about ();
  g_autoptr (PhValue) word = ph_value_new_atom ("XMOON");
  g_autoptr (PhValue) keys = ph_value_new_list (&word, 1);
  g_autoptr (PhCommand) fuzzy = search (harness, about ());
  g_autoptr (PhCommand) filter = search (harness, ph_query_filter (ph_query_new (), "on-the-road"));
  g_autoptr (PhCommand) nameless = search (harness, ph_query_filter (ph_query_new (), "a ALL"));
  g_autoptr (PhCommand) extended = search (harness, ph_query_extended (ph_query_new (), "XKEY", keys));
  g_autoptr (PhCommand) unsupported = search (lacking, ph_query_not (ph_query_new (), inner));

  ph_harness_submit (harness, fuzzy);
  ph_harness_expect (harness, "A2 UID SEARCH FUZZY (SUBJECT \"IMAP break\")\r\n");
  ph_harness_push (harness, "* SEARCH 1 5 10\r\nA2 OK SEARCH completed.\r\n");
  ph_harness_expect_done (harness, fuzzy);
  assert_set (ph_command_peek_result (fuzzy), "1,5,10");

  ph_harness_submit (harness, filter);
  ph_harness_expect (harness, "A3 UID SEARCH FILTER on-the-road\r\n");
  ph_harness_push (harness, "A3 NO [UNDEFINED-FILTER on-the-road] no such filter\r\n");
  ph_harness_expect_event (harness, PH_EVENT_COMMAND);
  g_assert_cmpstr (ph_reply_get_response_code (ph_command_get_reply (filter)), ==, "UNDEFINED-FILTER");

  ph_harness_submit (harness, extended);
  ph_harness_expect (harness, "A4 UID SEARCH XMOON\r\n");
  ph_harness_push (harness, "* SEARCH\r\nA4 OK done\r\n");
  ph_harness_expect_done (harness, extended);

  ph_harness_submit (harness, nameless);
  ph_harness_expect (harness, "A5 UID SEARCH FILTER \"a ALL\"\r\n");
  ph_harness_push (harness, "A5 BAD that is no name\r\n");
  ph_harness_expect_error (harness, nameless, PH_ERROR_BAD_COMMAND);

  /* before anything is sent, however deep it stands */
  ph_harness_submit (lacking, unsupported);
  ph_harness_expect_nothing (lacking);
  g_assert_error (ph_command_get_error (unsupported), PH_ERROR, PH_ERROR_NOT_SUPPORTED);
  ph_harness_free (harness);
  ph_harness_free (lacking);
}

/* RFC 4731 section 3.1: the numbers of its examples, by UID */
static void
test_what_is_asked_for (gconstpointer data)
{
  static const struct {
    guint       returns;
    const char *words;
    const char *answer;
    const char *set;
    guint32     min, max, count;
  } cases[] = {
    { PH_SEARCH_MIN | PH_SEARCH_COUNT, "MIN COUNT", "MIN 2 COUNT 3", NULL, 2, 0, 3 },
    { PH_SEARCH_ALL, "ALL", "ALL 2,10:11", "2,10:11", 0, 0, 0 },
    { PH_SEARCH_MIN, "MIN", "MIN 4", NULL, 4, 0, 0 },
    { PH_SEARCH_MIN | PH_SEARCH_MAX, "MIN MAX", "MIN 7 MAX 3800", NULL, 7, 3800, 0 },
    { PH_SEARCH_COUNT, "COUNT", "COUNT 15", NULL, 0, 0, 15 },
    { PH_SEARCH_MIN | PH_SEARCH_MAX | PH_SEARCH_COUNT | PH_SEARCH_ALL, "MIN MAX COUNT ALL", "COUNT 0", "", 0, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH");
      g_autoptr (PhCommand) command = search_for (harness, query ("FLAGGED"), cases[i].returns, 0, 0);
      g_autofree char *asked = g_strdup_printf ("A2 UID SEARCH RETURN (%s) FLAGGED\r\n", cases[i].words);
      g_autofree char *answer = g_strdup_printf ("* ESEARCH (TAG \"A2\") UID %s\r\nA2 OK SEARCH completed\r\n", cases[i].answer);

      ph_harness_submit (harness, command);
      ph_harness_expect (harness, asked);
      ph_harness_push (harness, answer);
      ph_harness_expect_done (harness, command);
      assert_result (command, cases[i].set, cases[i].min, cases[i].max, cases[i].count, 0);
    }
}

/* The same answers from a server of 2003 */
static void
test_counted_here (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command =
    search_for (harness, query ("FLAGGED"), PH_SEARCH_MIN | PH_SEARCH_MAX | PH_SEARCH_COUNT | PH_SEARCH_ALL, 0, 0);
  g_autoptr (PhCommand) none = search_for (harness, query ("DELETED"), PH_SEARCH_MIN | PH_SEARCH_COUNT, 0, 0);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID SEARCH FLAGGED\r\n");
  ph_harness_push (harness, "* SEARCH 10 2 11\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, command);
  assert_result (command, "2,10:11", 2, 11, 3, 0);

  ph_harness_submit (harness, none);
  ph_harness_push (harness, "* SEARCH\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, none);
  assert_result (none, NULL, 0, 0, 0, 0);
}

/* RFC 4731 section 3.2 and RFC 7162 section 3.1.5, example 16 */
static void
test_mod_sequences (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("CONDSTORE ESEARCH");
  g_autoptr (PhHarness) plain = imap_harness_select ("CONDSTORE");
  g_autoptr (PhHarness) without = imap_harness_select ("ESEARCH");
  g_autoptr (PhCommand) counted = search_for (harness, ph_query_mod_seq (ph_query_new (), 620162338), PH_SEARCH_MIN | PH_SEARCH_COUNT, 0, 0);
  g_autoptr (PhCommand) all = search_for (plain, ph_query_mod_seq (ph_query_new (), 620162338), PH_SEARCH_ALL, 0, 0);
  g_autoptr (PhCommand) refused = search (without, ph_query_mod_seq (ph_query_new (), 1));

  ph_harness_submit (harness, counted);
  ph_harness_expect (harness, "A2 UID SEARCH RETURN (MIN COUNT) MODSEQ 620162338\r\n");
  ph_harness_push (harness, "* ESEARCH (TAG \"A2\") UID MIN 2 COUNT 10 MODSEQ 917162500\r\nA2 OK Search complete\r\n");
  ph_harness_expect_done (harness, counted);
  assert_result (counted, NULL, 2, 0, 10, 917162500);

  ph_harness_submit (plain, all);
  ph_harness_push (plain, "* SEARCH 2 5 6 7 11 12 18 19 20 23 (MODSEQ 917162500)\r\nA2 OK Search complete\r\n");
  ph_harness_expect_done (plain, all);
  assert_result (all, "2,5:7,11:12,18:20,23", 0, 0, 0, 917162500);

  ph_harness_submit (without, refused);
  ph_harness_expect_nothing (without);
  ph_harness_expect_error (without, refused, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 5032 section 3 */
static void
test_ages (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("WITHIN");
  g_autoptr (PhHarness) without = imap_harness_select ("");
  g_autoptr (PhCommand) young = search (harness, ph_query_younger (ph_query_unseen (ph_query_new ()), 259200));
  g_autoptr (PhQuery) old = ph_query_older (ph_query_new (), 60);
  g_autoptr (PhCommand) nested = search (without, ph_query_not (ph_query_new (), old));
  g_autoptr (PhCommand) keyword = search (without, ph_query_flag (ph_query_new (), "YOUNGER"));

  ph_harness_submit (harness, young);
  ph_harness_expect (harness, "A2 UID SEARCH UNSEEN YOUNGER 259200\r\n");
  ph_harness_push (harness, "* SEARCH 4 8 15 16 23 42\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, young);

  ph_harness_submit (without, nested);
  ph_harness_expect_nothing (without);
  ph_harness_expect_error (without, nested, PH_ERROR_NOT_SUPPORTED);
  /* a keyword may be called so */
  ph_harness_submit (without, keyword);
  ph_harness_expect (without, "A3 UID SEARCH KEYWORD YOUNGER\r\n");
}

/* RFC 9394 section 3.1 */
static void
test_a_page (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH PARTIAL");
  g_autoptr (PhCommand) newest = search_for (harness, query ("UNDELETED"), PH_SEARCH_COUNT, -1, -100);
  g_autoptr (PhCommand) beyond = search_for (harness, query ("UNDELETED"), PH_SEARCH_COUNT, 24000, 24500);
  g_autoptr (PhCommand) none = search_for (harness, query ("UNDELETED"), PH_SEARCH_COUNT, -1, 5);

  ph_harness_submit (harness, newest);
  ph_harness_expect (harness, "A2 UID SEARCH RETURN (COUNT PARTIAL -1:-100) UNDELETED\r\n");
  /* a server may write the range as it likes */
  ph_harness_push (harness, "* ESEARCH (TAG \"A2\") UID PARTIAL (-100:-1 200:250,252:300) COUNT 23764\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, newest);
  assert_result (newest, "200:250,252:300", 0, 0, 23764, 0);

  ph_harness_submit (harness, beyond);
  ph_harness_expect (harness, "A3 UID SEARCH RETURN (COUNT PARTIAL 24000:24500) UNDELETED\r\n");
  ph_harness_push (harness, "* ESEARCH (TAG \"A3\") UID PARTIAL (24000:24500 NIL) COUNT 23764\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, beyond);
  assert_result (beyond, "", 0, 0, 23764, 0);

  ph_harness_submit (harness, none);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, none, PH_ERROR_INVALID_ARGUMENT);
}

/* Where the server cuts none, all is asked for; what else may make it cut them is an extension's to say. */
static void
test_a_page_is_cut_here (gconstpointer data)
{
  static const struct {
    int         first, last;
    const char *page;
  } pages[] = { { -1, -3, "8:9,20" }, { 1, 2, "3,5" }, { 2, 4, "5,7:8" }, { 6, 99, "20" }, { 7, 8, "" }, { -6, -9, "3" }, { -7, -9, "" }, { -2, -2, "9" } };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH");
      g_autoptr (PhCommand) command = search_for (harness, query ("ALL"), PH_SEARCH_COUNT, pages[i].first, pages[i].last);

      ph_harness_submit (harness, command);
      ph_harness_expect (harness, "A2 UID SEARCH RETURN (ALL) ALL\r\n");
      ph_harness_push (harness, "* ESEARCH (TAG \"A2\") UID ALL 3,5,7:9,20\r\nA2 OK x\r\n");
      ph_harness_expect_done (harness, command);
      assert_result (command, pages[i].page, 0, 0, 6, 0);
    }
}

/* RFC 5182 section 2.1, example 1 */
static void
test_kept_by_the_server (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH SEARCHRES");
  g_autoptr (PhMessageSet) saved = ph_message_set_new_saved ();
  g_autoptr (PhCommand) command = search_for (harness, query ("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\""), PH_SEARCH_SAVE, 0, 0);
  g_autoptr (PhCommand) fetch = imap_make (harness, fetch, saved, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhCommand) again = search (harness, ph_query_in_set (ph_query_new (), saved));

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_submit (harness, fetch);
  ph_harness_expect (harness, "A2 UID SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"\r\n");
  ph_harness_push (harness, "A2 OK SEARCH completed, result saved\r\n");
  ph_harness_expect_done (harness, command);
  assert_result (command, NULL, 0, 0, 0, 0);
  ph_harness_expect (harness, "A3 UID FETCH $ (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 2 FETCH (UID 14 FLAGS ())\r\n* 84 FETCH (UID 100 FLAGS ())\r\nA3 OK completed\r\n");
  ph_harness_expect_done (harness, fetch);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 2);
  ph_harness_submit (harness, again);
  ph_harness_expect (harness, "A4 UID SEARCH RETURN (ALL) $\r\n");
}

/* RFC 5182 section 2.1: the server refuses to save; the session does it. */
static void
test_not_saved (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH SEARCHRES");
  g_autoptr (PhMessageSet) saved = ph_message_set_new_saved ();
  g_autoptr (PhCommand) command = search_for (harness, query ("FLAGGED"), PH_SEARCH_SAVE, 0, 0);
  g_autoptr (PhCommand) copy = imap_make (harness, copy, saved, "Archive");

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID SEARCH RETURN (SAVE) FLAGGED\r\n");
  ph_harness_push (harness, "A2 NO [NOTSAVED] x\r\n");
  ph_harness_expect (harness, "A3 UID SEARCH RETURN (ALL) FLAGGED\r\n");
  ph_harness_push (harness, "* ESEARCH (TAG \"A3\") UID ALL 4:5\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, command);
  ph_harness_submit (harness, copy);
  ph_harness_expect (harness, "A4 UID COPY 4:5 \"Archive\"\r\n");
}

static void
test_kept_here (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) saved = ph_message_set_new_saved ();
  g_autoptr (PhQuery) in_saved = ph_query_in_set (ph_query_new (), saved);
  g_autoptr (PhCommand) early = imap_make (harness, copy, saved, "Archive");
  g_autoptr (PhCommand) command = search_for (harness, query ("FLAGGED"), PH_SEARCH_SAVE | PH_SEARCH_COUNT, 0, 0);
  g_autoptr (PhCommand) copy = imap_make (harness, copy, saved, "Archive");
  g_autoptr (PhCommand) outside = search (harness, ph_query_not (ph_query_new (), in_saved));
  g_autoptr (PhCommand) select = imap_make (harness, select, "Other", FALSE);
  g_autoptr (PhCommand) late = search (harness, ph_query_not (ph_query_new (), in_saved));

  /* empty at first: nothing is to be done */
  ph_harness_submit (harness, early);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_done (harness, early);
  ph_harness_submit (harness, command);
  ph_harness_submit (harness, copy);
  ph_harness_expect (harness, "A2 UID SEARCH FLAGGED\r\n");
  ph_harness_push (harness, "* SEARCH 14 100 101\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, command);
  assert_result (command, NULL, 0, 0, 3, 0);
  ph_harness_expect (harness, "A3 UID COPY 14,100:101 \"Archive\"\r\n");
  ph_harness_push (harness, "A3 OK x\r\n");
  ph_harness_submit (harness, outside);
  ph_harness_expect (harness, "A4 UID SEARCH NOT ((UID 14,100:101))\r\n");
  ph_harness_push (harness, "* SEARCH\r\nA4 OK x\r\n");
  /* of this mailbox only */
  ph_harness_submit (harness, select);
  ph_harness_expect (harness, "A5 SELECT \"Other\"\r\n");
  ph_harness_push (harness, "* 1 EXISTS\r\nA5 OK x\r\n");
  ph_harness_submit (harness, late);
  ph_harness_expect (harness, "A6 UID SEARCH NOT ((NOT ALL))\r\n");
}

/* Each part finds a part: no message is lost, and none counted twice. */
static void
test_a_long_set_goes_in_parts (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("ESEARCH");
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  g_autoptr (PhQuery) in_set = NULL;
  g_autoptr (PhCommand) command = NULL;
  g_autoptr (GString) first = g_string_new ("A2 UID SEARCH RETURN (ALL) UNSEEN UID ");
  g_autoptr (GString) second = g_string_new ("A3 UID SEARCH RETURN (ALL) UNSEEN UID ");
  gsize limit = 0;

  for (guint32 uid = 10001; uid < 14001; uid += 2)
    ph_message_set_add (set, uid);
  for (guint32 uid = 10001; uid < 14001; uid += 2)
    {
      GString *line = limit < 7500 ? first : second;
      gboolean begins = line->str[line->len - 1] == ' ';

      g_string_append_printf (line, begins ? "%u" : ",%u", uid);
      if (line == first)
        limit += begins ? 5 : 6;
    }
  g_string_append (first, "\r\n");
  g_string_append (second, "\r\n");
  in_set = ph_query_in_set (ph_query_unseen (ph_query_new ()), set);
  command = search_for (harness, g_object_ref (in_set), PH_SEARCH_COUNT | PH_SEARCH_MAX, 0, 0);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, first->str);
  ph_harness_push (harness, "* ESEARCH (TAG \"A2\") UID ALL 10001,10003\r\nA2 OK x\r\n");
  ph_harness_expect (harness, second->str);
  ph_harness_push (harness, "* ESEARCH (TAG \"A3\") UID ALL 13003\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, command);
  assert_result (command, NULL, 0, 13003, 3, 0);
}

/* RFC 9394 section 3.2: by the server, and by a search first */
static void
test_a_page_is_fetched (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("PARTIAL CONDSTORE");
  g_autoptr (PhHarness) plain = imap_harness_select ("ESEARCH");
  g_autoptr (PhHarness) empty = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("25900:26600", NULL);
  g_autoptr (PhCommand) page = imap_make (harness, fetch_some, set, PH_FETCH_FLAGS, NULL, 98305, -1, -30);
  g_autoptr (PhCommand) cut = imap_make (plain, fetch_some, set, PH_FETCH_FLAGS, NULL, 0, -1, -2);
  g_autoptr (PhCommand) nothing = imap_make (empty, fetch_some, set, PH_FETCH_FLAGS, NULL, 0, 1, 10);
  g_autoptr (PhCommand) wrong = imap_make (empty, fetch_some, set, PH_FETCH_FLAGS, NULL, 0, 1, -10);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_take_items (plain, (GDestroyNotify) ph_message_unref);
  ph_harness_push (harness, "* OK [HIGHESTMODSEQ 99000] x\r\n");
  ph_mailbox_apply (((PhImapEngine *) harness->engine)->mailbox, &ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change);
  ph_harness_submit (harness, page);
  ph_harness_expect (harness, "A2 UID FETCH 25900:26600 (UID FLAGS) (CHANGEDSINCE 98305 PARTIAL -1:-30)\r\n");
  ph_harness_push (harness, "* 12888 FETCH (FLAGS (\\Seen) UID 25996 MODSEQ (98306))\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, page);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 1);

  ph_harness_submit (plain, cut);
  ph_harness_expect (plain, "A2 UID SEARCH RETURN (ALL) UID 25900:26600\r\n");
  ph_harness_push (plain, "* ESEARCH (TAG \"A2\") UID ALL 25900:25990,26001\r\nA2 OK x\r\n");
  ph_harness_expect (plain, "A3 UID FETCH 25990,26001 (UID FLAGS)\r\n");
  ph_harness_push (plain, "* 2 FETCH (FLAGS () UID 25990)\r\nA3 OK x\r\n");
  ph_harness_expect_done (plain, cut);
  g_assert_cmpuint (ph_harness_get_items (plain)->len, ==, 1);

  ph_harness_submit (empty, nothing);
  ph_harness_expect (empty, "A2 UID SEARCH UID 25900:26600\r\n");
  ph_harness_push (empty, "* SEARCH\r\nA2 OK x\r\n");
  ph_harness_expect_done (empty, nothing);
  ph_harness_submit (empty, wrong);
  ph_harness_expect_error (empty, wrong, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_expect_nothing (empty);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  imap_test ("searching/keys-of-extensions", test_extensions_keys);
  imap_test ("searching/what-is-asked-for", test_what_is_asked_for);
  imap_test ("searching/counted-here", test_counted_here);
  imap_test ("searching/mod-sequences", test_mod_sequences);
  imap_test ("searching/ages", test_ages);
  imap_test ("searching/a-page", test_a_page);
  imap_test ("searching/a-page-is-cut-here", test_a_page_is_cut_here);
  imap_test ("searching/kept-by-the-server", test_kept_by_the_server);
  imap_test ("searching/not-saved", test_not_saved);
  imap_test ("searching/kept-here", test_kept_here);
  /* whole: how it is cut does not matter, and a thousand long lines cost seconds */
  g_test_add_data_func ("/imap/searching/a-long-set-goes-in-parts", NULL, test_a_long_set_goes_in_parts);
  imap_test ("searching/a-page-is-fetched", test_a_page_is_fetched);

  return g_test_run ();
}
