/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* MULTISEARCH, with the lines of RFC 7377. */
#include "imap-extension-test.h"

GType ph_imap_multisearch_get_type (void);

static PhCommand *
make_in (ExtTest *test, PhSearchScopes *scopes, PhQuery *query)
{
  return PH_MULTISEARCH_GET_IFACE (PH_MULTISEARCH (test->extension))->make_search (PH_MULTISEARCH (test->extension), scopes, query);
}

static PhCommand *
make (ExtTest *test, PhSearchScope scope, const char *const *mailboxes, PhQuery *query)
{
  g_autoptr (PhSearchScopes) scopes = ph_search_scopes_new ();

  return make_in (test, ph_search_scopes_add (scopes, scope, mailboxes), query);
}

static GPtrArray *
rows_of (PhMultisearchResult *result)
{
  g_assert_nonnull (result);
  return ph_multisearch_result_get_matches (result);
}

static void
assert_row (GPtrArray *rows, guint index, const char *mailbox, guint32 uid_validity, const char *uids)
{
  PhMailboxMatch  *row = g_ptr_array_index (rows, index);
  g_autofree char *text = ph_message_set_to_string (ph_mailbox_match_get_uids (row));

  g_assert_cmpstr (ph_mailbox_match_get_mailbox (row), ==, mailbox);
  g_assert_cmpuint (ph_mailbox_match_get_uid_validity (row), ==, uid_validity);
  g_assert_cmpstr (text, ==, uids);
}

/* Section 3's example: the other command's responses come in between. */
static void
test_example (gconstpointer data)
{
  static const char *const folders[] = { "folder1", NULL };
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhCommand) command = make (test, PH_SEARCH_IN_MAILBOXES, folders, query);
  PhMultisearchResult *result = ext_ask (test, command, "ESEARCH IN (mailboxes \"folder1\") UNSEEN",
                             "* ESEARCH (TAG \"A1\" MAILBOX \"folder1\" UIDVALIDITY 1) UID ALL 4001,4003,4005,4007,4009\r\n"
                             "* ESEARCH (TAG \"tag2\" MAILBOX \"folder1\" UIDVALIDITY 1) UID ALL 3001:3004,3788\r\n"
                             "* ESEARCH (TAG \"A1\" MAILBOX \"folder2/banana\" UIDVALIDITY 503) UID ALL 3002,4004\r\n"
                             "* ESEARCH (UIDVALIDITY 3 MAILBOX \"Entw&APw-rfe\" TAG A1) UID ALL 921691\r\n");

  GPtrArray *rows = rows_of (result);

  g_assert_false (ph_multisearch_result_is_partial (result));
  g_assert_cmpuint (rows->len, ==, 3);
  assert_row (rows, 0, "folder1", 1, "4001,4003,4005,4007,4009");
  assert_row (rows, 1, "folder2/banana", 503, "3002,4004");
  assert_row (rows, 2, "Entw\303\274rfe", 3, "921691");
}

static void
test_scopes (gconstpointer data)
{
  static const char *const two[] = { "A", "\303\244", NULL };
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhQuery) about = ph_query_subject (ph_query_new (), "chad");
  g_autoptr (PhQuery) accent = ph_query_subject (ph_query_new (), "\303\244");
  g_autoptr (PhCommand) tree = make (test, PH_SEARCH_IN_SUBTREE, two, about);
  g_autoptr (PhCommand) children = make (test, PH_SEARCH_IN_CHILDREN, (const char *const[]) { "folder2", NULL }, about);
  g_autoptr (PhCommand) personal = make (test, PH_SEARCH_IN_PERSONAL, NULL, about);
  g_autoptr (PhCommand) selected = make (test, PH_SEARCH_IN_SELECTED, NULL, accent);
  g_autoptr (PhCommand) nowhere = make (test, PH_SEARCH_IN_SELECTED, NULL, about);
  GPtrArray *none;

  ext_ask (test, tree, "ESEARCH IN (subtree (\"A\" \"&AOQ-\")) SUBJECT \"chad\"", "");
  ext_ask (test, children, "ESEARCH IN (subtree-one \"folder2\") SUBJECT \"chad\"", "");
  none = rows_of (ext_ask (test, personal, "ESEARCH IN (personal) SUBJECT \"chad\"", ""));
  g_assert_cmpuint (none->len, ==, 0);
  ext_refuse (test, nowhere, PH_ERROR_WRONG_STATE);
  ext_select (test, "SELECT \"INBOX\"");
  ph_harness_submit (test->harness, selected);
  ph_harness_expect (test->harness, "A5 ESEARCH IN (selected) CHARSET UTF-8 SUBJECT {2}\r\n");
  ph_harness_push (test->harness, "+ go on\r\n");
  ph_harness_expect (test->harness, "\303\244\r\n");
  ph_harness_push (test->harness, "A5 OK done\r\n");
  ph_harness_expect_done (test->harness, selected);
}

/* Section 4: source-mbox = filter-mailboxes *(SP filter-mailboxes). The first is section 2.2's example */
static void
test_several_scopes (gconstpointer data)
{
  static const struct { const char *arguments, *line; } cases[] = {
    { "IN (mailboxes \"folder1\" subtree \"folder2\") (UNSEEN)", "ESEARCH IN (mailboxes \"folder1\" subtree \"folder2\") UNSEEN" },
    { "IN (personal subtree-one (\"a\" \"b\") inboxes) (SEEN)", "ESEARCH IN (personal subtree-one (\"a\" \"b\") inboxes) SEEN" },
    { "IN (mailboxes \"selected\") (ALL)", "ESEARCH IN (mailboxes \"selected\") ALL" },
  };
  static const char *const wrong[] = {
    "IN () (ALL)", "IN (mailboxes) (ALL)", "IN (personal \"a\") (ALL)", "IN (mailboxes \"a\" \"b\") (ALL)", "IN (mailboxes subtree \"a\") (ALL)",
    "IN (selected-delayed) (ALL)", "IN (\"personal\") (ALL)",
  };
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhCommand) selected = ext_make (test, "ESEARCH", "IN (personal selected) (ALL)");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhCommand) command = ext_make (test, "ESEARCH", cases[i].arguments);

      ext_ask (test, command, cases[i].line, "");
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (PhCommand) command = ext_make (test, "ESEARCH", wrong[i]);

      ext_refuse (test, command, PH_ERROR_INVALID_ARGUMENT);
    }
  ext_refuse (test, selected, PH_ERROR_WRONG_STATE);
}

/* The same by the typed call */
static void
test_several_typed_scopes (gconstpointer data)
{
  static const char *const trees[] = { "folder2", NULL }, *const two[] = { "a", "\303\244", NULL };
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhSearchScopes) where = ph_search_scopes_new (), nowhere = ph_search_scopes_new (), wrong = ph_search_scopes_new (),
                             here = ph_search_scopes_new ();
  g_autoptr (PhCommand) command = NULL, empty = NULL, unknown = NULL, selected = NULL;
  GPtrArray *rows;

  ph_search_scopes_add (ph_search_scopes_add (where, PH_SEARCH_IN_MAILBOXES, two), PH_SEARCH_IN_PERSONAL, NULL);
  ph_search_scopes_add (where, PH_SEARCH_IN_SUBTREE, trees);
  g_assert_cmpuint (ph_search_scopes_get_n_scopes (where), ==, 3);
  g_assert_cmpint (ph_search_scopes_get_scope (where, 2), ==, PH_SEARCH_IN_SUBTREE);
  g_assert_cmpstr (ph_search_scopes_get_mailboxes (where, 2)[0], ==, "folder2");
  g_assert_null (ph_search_scopes_get_mailboxes (where, 1));
  command = make_in (test, where, query);
  rows = rows_of (ext_ask (test, command, "ESEARCH IN (mailboxes (\"a\" \"&AOQ-\") personal subtree \"folder2\") UNSEEN",
                           "* ESEARCH (TAG \"A1\" MAILBOX \"a\" UIDVALIDITY 5) UID ALL 3,7\r\n"));
  g_assert_cmpuint (rows->len, ==, 1);

  /* one wrong among right ones, and none at all */
  ph_search_scopes_add (ph_search_scopes_add (wrong, PH_SEARCH_IN_PERSONAL, NULL), (PhSearchScope) 99, NULL);
  ph_search_scopes_add (ph_search_scopes_add (here, PH_SEARCH_IN_PERSONAL, NULL), PH_SEARCH_IN_SELECTED, NULL);
  empty = make_in (test, nowhere, query);
  unknown = make_in (test, wrong, query);
  selected = make_in (test, here, query);
  ext_refuse (test, empty, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, unknown, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, selected, PH_ERROR_WRONG_STATE);
}

/* Section 2.4: before the search, or in the midst of it, of which there is what was found by then */
static void
test_limits (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhCommand) before = make (test, PH_SEARCH_IN_INBOXES, NULL, query);
  g_autoptr (PhCommand) amidst = make (test, PH_SEARCH_IN_INBOXES, NULL, query);
  GPtrArray *rows;

  ext_fail (test, before, "ESEARCH IN (inboxes) ALL", "NO [LIMIT] too many", PH_ERROR_THROTTLED);
  ext_say (test, amidst, "ESEARCH IN (inboxes) ALL", "* ESEARCH (TAG \"A2\" MAILBOX \"a\" UIDVALIDITY 5) UID ALL 3,7\r\n",
           "OK [LIMIT] that was enough");
  ph_harness_expect_done (test->harness, amidst);
  g_assert_true (ph_multisearch_result_is_partial (ph_command_peek_result (amidst)));
  rows = rows_of (ph_command_peek_result (amidst));
  g_assert_cmpuint (rows->len, ==, 1);
  assert_row (rows, 0, "a", 5, "3,7");
}

static void
test_unsent (gconstpointer data)
{
  g_autoptr (ExtTest) without = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "");
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhQuery) about = ph_query_fuzzy (ph_query_new (), query);
  g_autoptr (PhCommand) lacking = make (without, PH_SEARCH_IN_PERSONAL, NULL, query);
  g_autoptr (PhCommand) keys = make (test, PH_SEARCH_IN_PERSONAL, NULL, about);
  g_autoptr (PhCommand) nameless = make (test, PH_SEARCH_IN_SUBTREE, NULL, query);
  g_autoptr (PhCommand) named = make (test, PH_SEARCH_IN_PERSONAL, (const char *const[]) { "A", NULL }, query);
  g_autoptr (PhCommand) nowhere = make (test, (PhSearchScope) 99, NULL, query);
  g_autoptr (PhCommand) broken = make (test, PH_SEARCH_IN_MAILBOXES, (const char *const[]) { "A\r\nB", NULL }, query);

  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, keys, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, nameless, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, named, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, nowhere, PH_ERROR_INVALID_ARGUMENT);
  ext_refuse (test, broken, PH_ERROR_INVALID_ARGUMENT);
}

/* What can't be read is left out. */
static void
test_odd_answers (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_multisearch_get_type (), "MULTISEARCH", "MULTISEARCH");
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhCommand) command = make (test, PH_SEARCH_IN_PERSONAL, NULL, query);
  GPtrArray *rows = rows_of (ext_ask (test, command, "ESEARCH IN (personal) ALL",
                                      "* ESEARCH\r\n* ESEARCH ()\r\n* ESEARCH (TAG A1)\r\n* ESEARCH (TAG A1 MAILBOX)\r\n"
                                      "* ESEARCH (TAG A1 MAILBOX a) UID ALL\r\n* ESEARCH (TAG A1 MAILBOX b UIDVALIDITY x) UID ALL 3:1\r\n"
                                      "* ESEARCH (TAG A1 MAILBOX c) UID ALL x\r\n"));

  g_assert_cmpuint (rows->len, ==, 1);
  assert_row (rows, 0, "b", 0, "1:3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("multisearch/example", test_example);
  imap_test ("multisearch/scopes", test_scopes);
  imap_test ("multisearch/several-scopes", test_several_scopes);
  imap_test ("multisearch/several-typed-scopes", test_several_typed_scopes);
  imap_test ("multisearch/limits", test_limits);
  imap_test ("multisearch/unsent", test_unsent);
  imap_test ("multisearch/odd-answers", test_odd_answers);
  return g_test_run ();
}
