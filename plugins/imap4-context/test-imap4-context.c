/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CONTEXT=SEARCH and CONTEXT=SORT, with the lines of RFC 5267. */
#include "imap-extension-test.h"

GType ph_imap_context_get_type (void);

#define SEARCH "UID SEARCH RETURN (ALL UPDATE) DELETED KEYWORD $Junk"

static PhContexts *
contexts (ExtTest *test)
{
  return PH_CONTEXTS (test->extension);
}

static ExtTest *
open_selected (const char *capabilities)
{
  ExtTest *test = ext_open (ph_imap_context_get_type (), "CONTEXT=*", capabilities);

  ext_select (test, "SELECT \"INBOX\"");
  return test;
}

static PhCommand *
make (ExtTest *test)
{
  g_autoptr (PhQuery) query = ph_query_flag (ph_query_deleted (ph_query_new ()), "$Junk");

  return PH_CONTEXTS_GET_IFACE (contexts (test))->make_search (contexts (test), query);
}

/* Of a command that is done. (transfer full) */
static PhSearchContext *
search (ExtTest *test, const char *answers)
{
  g_autoptr (PhCommand) command = make (test);

  return g_object_ref (ext_ask (test, command, SEARCH, answers));
}

static void
note_change (PhSearchContext *context, guint position, guint removed, guint added, GString *told)
{
  g_string_append_printf (told, "%u-%u+%u ", position, removed, added);
}

static void
note_end (PhSearchContext *context, GString *told)
{
  g_assert_false (ph_search_context_is_live (context));
  g_string_append (told, "ended ");
}

static char *
show (PhSearchContext *context)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ph_search_context_get_n_uids (context); i++)
    g_string_append_printf (text, i > 0 ? " %u" : "%u", ph_search_context_get_uid (context, i));
  g_assert_cmpuint (ph_search_context_get_uid (context, ph_search_context_get_n_uids (context)), ==, 0);
  return g_string_free (text, FALSE);
}

static void
deliver (ExtTest *test)
{
  GPtrArray *events = test->harness->events;

  for (guint i = 0; i < events->len; i++)
    {
      PhEvent *event = g_ptr_array_index (events, i);

      if (event->kind == PH_EVENT_EXTENSION)
        ph_extension_deliver (event->extension, event->type, event->boxed);
    }
  for (guint i = events->len; i-- > 0;)
    if (((PhEvent *) g_ptr_array_index (events, i))->kind == PH_EVENT_EXTENSION)
      g_ptr_array_remove_index (events, i);
}

#define expect(test, context, said, uids, changes) expect_ (G_STRLOC, test, context, said, uids, changes)

/* The server says @said, by which @context comes to @uids, and its listeners hear of @changes. */
static void
expect_ (const char *where, ExtTest *test, PhSearchContext *context, const char *said, const char *uids, const char *changes)
{
  GString *told = g_string_new (NULL);
  gulong   change = g_signal_connect (context, "items-changed", G_CALLBACK (note_change), told);
  gulong   end = g_signal_connect (context, "ended", G_CALLBACK (note_end), told);
  g_autofree char *shown = NULL;

  g_test_message ("%s: %s", where, said);
  ph_harness_push (test->harness, said);
  deliver (test);
  shown = show (context);
  g_assert_cmpstr (shown, ==, uids);
  g_assert_cmpstr (told->str, ==, changes);
  g_signal_handler_disconnect (context, change);
  g_signal_handler_disconnect (context, end);
  g_string_free (told, TRUE);
}

/* Sections 4.3.3 and 4.3.4; the tag is ours */
static void
test_updates (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_selected ("CONTEXT=SEARCH");
  g_autoptr (PhSearchContext) context = search (test, "* ESEARCH (TAG \"A2\") UID ALL 5,2734:2735\r\n");
  g_autofree char *set = NULL;
  g_autoptr (PhMessageSet) uids = NULL;

  g_assert_true (ph_search_context_is_live (context));
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0 32768:32769)\r\n", "5 2734 2735 32768 32769", "3-0+2 ");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID REMOVEFROM (0 32768)\r\n", "5 2734 2735 32769", "3-1+0 ");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID REMOVEFROM (0 32769) ADDTO (1 4)\r\n", "4 5 2734 2735", "3-1+0 0-0+1 ");
  /* the server's numbers go round what is there; a range is as it is meant, and what isn't there can't go */
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0 7:3)\r\n", "3 4 5 6 7 2734 2735", "0-0+1 3-0+2 ");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID REMOVEFROM (0 1:2,9,2734)\r\n", "3 4 5 6 7 2735", "5-1+0 ");
  /* not ours */
  expect (test, context, "* ESEARCH (TAG \"B01\") UID ADDTO (0 1)\r\n* ESEARCH UID ADDTO (0 1)\r\n", "3 4 5 6 7 2735", "");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0) ADDTO 5 REMOVEFROM (x 3) ADDTO (0 0:4294967295)\r\n", "3 4 5 6 7 2735", "");
  uids = ph_search_context_get_set (context);
  set = ph_message_set_to_string (uids);
  g_assert_cmpstr (set, ==, "3:7,2735");
}

/* Section 4.3.3: the three are equivalent */
static void
test_equivalent_forms (gconstpointer data)
{
  static const char *const forms[] = { "ADDTO (1 2733 1 2732 1 2731)", "ADDTO (1 2733) ADDTO (1 2731:2732)", "ADDTO (1 2731:2733)" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (ExtTest) test = open_selected ("CONTEXT=SEARCH");
      g_autoptr (PhSearchContext) context = search (test, "* ESEARCH (TAG \"A2\") UID ALL 2734:2735\r\n");
      g_autofree char *said = g_strdup_printf ("* ESEARCH (TAG \"A2\") UID %s\r\n", forms[i]);
      const char *const changes[] = { "0-0+1 0-0+1 0-0+1 ", "0-0+1 0-0+2 ", "0-0+3 " };

      expect (test, context, said, "2731 2732 2733 2734 2735", changes[i]);
    }
}

static void
test_sorted (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_selected ("SORT CONTEXT=SORT");
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhSortOrder) order = ph_sort_order_by (ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_DATE, TRUE), PH_SORT_KEY_FROM, FALSE);
  g_autoptr (PhSortOrder) none = ph_sort_order_new ();
  g_autoptr (PhSortOrder) display = ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_DISPLAY_TO, FALSE);
  PhContextsInterface *iface = PH_CONTEXTS_GET_IFACE (contexts (test));
  g_autoptr (PhCommand) command = iface->make_sort (contexts (test), order, query);
  g_autoptr (PhCommand) nothing = iface->make_sort (contexts (test), none, query);
  g_autoptr (PhCommand) names = iface->make_sort (contexts (test), display, query);
  g_autoptr (PhCommand) plain = make (test);
  PhSearchContext *context = ext_ask (test, command, "UID SORT RETURN (ALL UPDATE) (REVERSE DATE FROM) UTF-8 UNSEEN",
                                      "* ESEARCH (TAG \"A2\") UID ALL 23765,23764,23763,23761\r\n");

  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (2 7,3)\r\n", "23765 7 3 23764 23763 23761", "1-0+1 2-0+1 ");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID REMOVEFROM (2 7,3)\r\n", "23765 23764 23763 23761", "1-1+0 1-1+0 ");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (99 1) REMOVEFROM (4 23761)\r\n", "23765 23764 23763 1", "4-0+1 3-1+0 ");
  /* wherever they are, where the server's numbers don't fit */
  expect (test, context, "* ESEARCH (TAG \"A2\") UID REMOVEFROM (2 23763,23765)\r\n", "23764 1", "0-4+3 0-3+2 ");
  ext_refuse (test, nothing, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, names, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, plain, PH_ERROR_NOT_SUPPORTED);
}

/* Section 4.3.1, and changes that come before the command's end */
static void
test_refused (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_selected ("CONTEXT=SEARCH");
  g_autoptr (PhSearchContext) context = search (test, "* ESEARCH (TAG \"A2\") UID ALL 74\r\n* NO [NOUPDATE \"A2\"] Too many contexts\r\n");
  g_autoptr (PhSearchContext) next = search (test, "* ESEARCH (TAG \"A3\") UID ALL 74\r\n* ESEARCH (TAG \"A3\") UID ADDTO (0 75)\r\n");
  g_autoptr (PhSearchContext) empty = search (test, "* ESEARCH (TAG \"A4\") UID\r\n");
  g_autoptr (PhCommand) unanswered = make (test);
  g_autoptr (PhCommand) huge = make (test);

  g_assert_false (ph_search_context_is_live (context));
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0 75)\r\n", "74", "");
  g_assert_true (ph_search_context_is_live (next));
  g_assert_cmpuint (ph_search_context_get_uid (next, 1), ==, 75);
  g_assert_cmpuint (ph_search_context_get_n_uids (empty), ==, 0);
  ext_fail (test, unanswered, SEARCH, "OK done", PH_ERROR_PROTOCOL);
  ext_say (test, huge, SEARCH, "* ESEARCH (TAG \"A6\") UID ALL 1:2000000\r\n", "OK done");
  ph_harness_expect_error (test->harness, huge, PH_ERROR_LIMIT);
  /* and so it ends where too many are added */
  expect (test, next, "* ESEARCH (TAG \"A3\") UID ADDTO (0 100:2000000)\r\n", "74 75", "ended ");
}

static void
test_cancel (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_selected ("CONTEXT=SEARCH");
  g_autoptr (PhSearchContext) context = search (test, "* ESEARCH (TAG \"A2\") UID ALL 1\r\n");
  g_autoptr (PhSearchContext) other = search (test, "* ESEARCH (TAG \"A3\") UID ALL 1\r\n");
  PhContextsInterface *iface = PH_CONTEXTS_GET_IFACE (contexts (test));
  g_autoptr (PhCommand) cancel = iface->make_cancel (contexts (test), context);
  g_autoptr (PhCommand) again = NULL;

  ext_ask (test, cancel, "CANCELUPDATE \"A2\"", "");
  g_assert_false (ph_search_context_is_live (context));
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0 2)\r\n", "1", "ended ");
  expect (test, other, "* ESEARCH (TAG \"A3\") UID ADDTO (0 2)\r\n", "1 2", "1-0+1 ");
  again = iface->make_cancel (contexts (test), context);
  ext_ask (test, again, "NOOP", "");
}

/* Section 4.3: "Updates will cease when the mailbox is no longer selected"; what was said before counts */
static void
test_deselected (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_selected ("CONTEXT=SEARCH UNSELECT");
  g_autoptr (PhSearchContext) context = search (test, "* ESEARCH (TAG \"A2\") UID ALL 1\r\n");
  g_autoptr (PhSearchContext) lost = NULL;
  g_autoptr (PhCommand) unselect = imap_make (test->harness, close, FALSE);
  GString *told = g_string_new (NULL);

  ph_harness_submit (test->harness, unselect);
  ph_harness_expect (test->harness, "A3 UNSELECT\r\n");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0 2)\r\nA3 OK done\r\n", "1 2", "1-0+1 ended ");
  expect (test, context, "* ESEARCH (TAG \"A2\") UID ADDTO (0 3)\r\n", "1 2", "");

  test->n_lines = 3;
  ext_select (test, "SELECT \"INBOX\"");
  lost = search (test, "* ESEARCH (TAG \"A5\") UID ALL 1\r\n");
  g_signal_connect (lost, "ended", G_CALLBACK (note_end), told);
  ph_extension_detach (test->extension);
  g_assert_false (ph_search_context_is_live (lost));
  g_assert_cmpstr (told->str, ==, "");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (told->str, ==, "ended ");
  g_string_free (told, TRUE);
}

/* Nothing that could be kept true */
static void
test_no_mailbox (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_context_get_type (), "CONTEXT=*", "SORT CONTEXT=SEARCH CONTEXT=SORT");
  g_autoptr (PhSortOrder) order = ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_DATE, FALSE);
  g_autoptr (PhQuery)     query = ph_query_new ();
  g_autoptr (PhCommand)   search = make (test), sort = PH_CONTEXTS_GET_IFACE (contexts (test))->make_sort (contexts (test), order, query);

  ext_refuse (test, search, PH_ERROR_WRONG_STATE);
  ext_refuse (test, sort, PH_ERROR_WRONG_STATE);
}

/* Of the first fifty, for example; the engine writes it */
static PhCommand *
make_page (ExtTest *test, int first, int last)
{
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());

  return imap_make (test->harness, search_for, query, PH_SEARCH_COUNT, first, last);
}

static void
assert_page (PhSearchResult *result, const char *uids, guint32 count)
{
  g_autofree char *text = ph_message_set_to_string (ph_search_result_get_set (result));

  g_assert_cmpstr (text, ==, uids);
  g_assert_cmpuint (ph_search_result_get_count (result), ==, count);
}

/* Sections 4.2 and 4.4: from the lowest the server cuts; from the highest only one with RFC 9394 does, and is given no hint. */
static void
test_pages (gconstpointer data)
{
  static const struct {
    const char *capabilities;
    int         first, last;
    const char *asked, *told, *page;
  } cases[] = {
    { "ESEARCH CONTEXT=SEARCH", 1, 2, "COUNT CONTEXT PARTIAL 1:2", "PARTIAL (1:2 3,5) COUNT 6", "3,5" },
    { "ESEARCH CONTEXT=SEARCH", -1, -3, "ALL", "ALL 3,5,7:9,20", "8:9,20" },
    { "ESEARCH CONTEXT=SEARCH PARTIAL", 2, 1, "COUNT CONTEXT PARTIAL 2:1", "PARTIAL (2:1 3,5) COUNT 6", "3,5" },
    { "ESEARCH CONTEXT=SEARCH PARTIAL", -1, -3, "COUNT PARTIAL -1:-3", "PARTIAL (-1:-3 8:9,20) COUNT 6", "8:9,20" },
    { "ESEARCH CONTEXT=SORT", 1, 2, "ALL", "ALL 3,5,7:9,20", "3,5" },
    { "ESEARCH CONTEXT=SORT PARTIAL", 1, 2, "COUNT PARTIAL 1:2", "PARTIAL (1:2 3,5) COUNT 6", "3,5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ExtTest)   test = open_selected (cases[i].capabilities);
      g_autoptr (PhCommand) page = make_page (test, cases[i].first, cases[i].last);
      g_autofree char      *asked = g_strdup_printf ("UID SEARCH RETURN (%s) UNSEEN", cases[i].asked);
      g_autofree char      *told = g_strdup_printf ("* ESEARCH (TAG \"A2\") UID %s\r\n", cases[i].told);

      assert_page (ext_ask (test, page, asked, told), cases[i].page, 6);
    }
}

/* Listed, and then not understood: from then on the page is cut here */
static void
test_page_not_understood (gconstpointer data)
{
  g_autoptr (ExtTest) test = open_selected ("ESEARCH CONTEXT=SEARCH");
  g_autoptr (PhCommand) page = make_page (test, 1, 2), next = make_page (test, 3, 4);

  ph_harness_submit (test->harness, page);
  ph_harness_expect (test->harness, "A2 UID SEARCH RETURN (COUNT CONTEXT PARTIAL 1:2) UNSEEN\r\n");
  ph_harness_push (test->harness, "A2 BAD what is CONTEXT\r\n");
  ph_harness_expect (test->harness, "A3 UID SEARCH UNSEEN\r\n");
  ph_harness_push (test->harness, "* SEARCH 3 5 7 8 9 20\r\nA3 OK done\r\n");
  ph_harness_expect_done (test->harness, page);
  assert_page (ph_command_peek_result (page), "3,5", 6);
  ph_harness_submit (test->harness, next);
  ph_harness_expect (test->harness, "A4 UID SEARCH UNSEEN\r\n");
  ph_harness_push (test->harness, "* SEARCH 3 5 7 8 9 20\r\nA4 OK done\r\n");
  ph_harness_expect_done (test->harness, next);
  assert_page (ph_command_peek_result (next), "7:8", 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("context/updates", test_updates);
  imap_test ("context/equivalent-forms", test_equivalent_forms);
  imap_test ("context/sorted", test_sorted);
  imap_test ("context/refused", test_refused);
  imap_test ("context/cancel", test_cancel);
  imap_test ("context/deselected", test_deselected);
  imap_test ("context/no-mailbox", test_no_mailbox);
  imap_test ("context/pages", test_pages);
  imap_test ("context/page-not-understood", test_page_not_understood);
  return g_test_run ();
}
