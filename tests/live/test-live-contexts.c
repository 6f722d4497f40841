/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server tells by itself of an earlier search, and lists with mailboxes of other servers: against Dovecot, and with "cyrus-imaps" as
 * argument against Cyrus. What only one of them has must be NOT_SUPPORTED with the other. */
#include "live.h"

#include <string.h>

static const char *service = "imaps";

static gboolean
is_cyrus (void)
{
  return strcmp (service, "cyrus-imaps") == 0;
}

/* Of no sort that is made here; @name: "RELEVANCY" */
static PhSortOrder *
order_by (const char *capability, const char *name)
{
  g_autoptr (PhValue) word = ph_value_new_atom (name);
  g_autoptr (PhValue) key = ph_value_new_list (&word, 1);

  return ph_sort_order_extended (ph_sort_order_new (), capability, key, FALSE);
}

/* alice's, with @mailbox made anew and three messages in it, selected */
static PhStore *
open_with (const char *mailbox)
{
  PhStore *store = PH_STORE (live_session_new (service, NULL, "alice"));
  g_autoptr (PhMailbox) selected = NULL;
  g_autoptr (GError) error = NULL;

  ph_store_delete (store, mailbox, NULL, NULL);
  ph_store_create (store, mailbox, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PhBody) body = live_body_new ("contexts", "x");
      g_autoptr (PhMessageSet) uids G_GNUC_UNUSED = ph_store_append (store, mailbox, body, NULL, NULL, NULL, &error);

      g_assert_no_error (error);
    }
  selected = ph_store_select (store, mailbox, NULL, &error);
  g_assert_no_error (error);
  return store;
}

/* NULL: the server can't, as it should; @has: it should */
static gpointer
require (PhStore *store, GType type, gboolean has, gboolean async)
{
  g_autoptr (GError) error = NULL;
  PhExtension *extension = live_call (async, ph_session_require_extension, PH_SESSION (store), &error, type);

  if (has)
    g_assert_no_error (error);
  else
    live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
  g_assert_true (has == (extension != NULL));
  return extension;
}

static void
flag (PhStore *store, const char *uids, PhStoreMode mode, gboolean async)
{
  static const char *const flags[] = { "\\Flagged", NULL };
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (uids, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (live_call (async, ph_store_store, store, &error, set, mode, flags));
  g_assert_no_error (error);
  /* it may come behind the reply */
  g_assert_true (live_call (async, ph_session_noop, PH_SESSION (store), &error));
  g_assert_no_error (error);
}

static void
assert_uids (PhSearchContext *context, const char *uids)
{
  g_autoptr (PhMessageSet) set = ph_search_context_get_set (context);
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, uids);
}

static void
count (PhSearchContext *context, guint *n)
{
  (*n)++;
}

static void
test_context (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Contexts");
  PhContexts *contexts = require (store, PH_TYPE_CONTEXTS, !is_cyrus (), async);
  g_autoptr (PhQuery) query = ph_query_flagged (ph_query_new ());
  g_autoptr (PhQuery) accent = ph_query_subject (ph_query_new (), "\303\244");
  g_autoptr (PhSortOrder) order = ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_DATE, FALSE);
  g_autoptr (PhSearchContext) context = NULL, cancelled = NULL, sorted = NULL;
  g_autoptr (GError) error = NULL;
  guint n_ends = 0;

  if (contexts == NULL)
    return;
  context = live_call (async, ph_contexts_search, contexts, &error, query);
  g_assert_no_error (error);
  g_assert_true (ph_search_context_is_live (context));
  assert_uids (context, "");
  g_signal_connect (context, "ended", G_CALLBACK (count), &n_ends);
  flag (store, "1,3", PH_STORE_ADD, async);
  assert_uids (context, "1,3");
  flag (store, "2", PH_STORE_ADD, async);
  assert_uids (context, "1:3");
  flag (store, "1", PH_STORE_REMOVE, async);
  assert_uids (context, "2:3");

  cancelled = live_call (async, ph_contexts_search, contexts, &error, accent);
  g_assert_no_error (error);
  g_assert_true (live_call (async, ph_contexts_cancel, contexts, &error, cancelled));
  g_assert_no_error (error);
  g_assert_false (ph_search_context_is_live (cancelled));
  g_assert_true (ph_search_context_is_live (context));
  sorted = live_call (async, ph_contexts_sort, contexts, &error, order, query);
  g_assert_null (sorted);
  live_assert_error (error, PH_ERROR_NOT_SUPPORTED);

  g_assert_true (live_call (async, ph_store_close_mailbox, store, &error, FALSE));
  g_assert_no_error (error);
  g_assert_false (ph_search_context_is_live (context));
  g_assert_cmpuint (n_ends, ==, 1);
  assert_uids (context, "2:3");
}

static void
test_lists (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Entw\303\274rfe hier");
  PhMailboxReferrals *referrals = require (store, PH_TYPE_MAILBOX_REFERRALS, is_cyrus (), async);
  g_autoptr (GPtrArray) rows = NULL, subscribed = NULL;
  g_autoptr (GError) error = NULL;

  if (referrals == NULL)
    return;
  rows = live_call (async, ph_mailbox_referrals_list, referrals, &error, "", "Entw\303\274rfe*");
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (ph_mailbox_info_get_name (rows->pdata[0]), ==, "Entw\303\274rfe hier");
  g_assert_true (live_call (async, ph_store_subscribe, store, &error, "Entw\303\274rfe hier"));
  g_assert_no_error (error);
  subscribed = live_call (async, ph_mailbox_referrals_list_subscribed, referrals, &error, "", "Entw*");
  g_assert_no_error (error);
  g_assert_cmpuint (subscribed->len, ==, 1);
}

/* Cyrus has no index of texts here, so that it finds none of them, and says so by OK alone. */
static void
test_fuzzy (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Fuzzy");
  PhFuzzy *fuzzy = require (store, PH_TYPE_FUZZY, is_cyrus (), async);
  g_autoptr (PhQuery) some = ph_query_unseen (ph_query_new ()), none = ph_query_subject (ph_query_new (), "contexts");
  g_autoptr (PhScoredResult) found = NULL, nothing = NULL, late = NULL;
  g_autoptr (GError) error = NULL;

  if (fuzzy == NULL)
    return;
  found = live_call (async, ph_fuzzy_search, fuzzy, &error, some);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_scored_result_get_n_messages (found), ==, 3);
  g_assert_cmpuint (ph_scored_result_get_score (found, 2), ==, 100);
  nothing = live_call (async, ph_fuzzy_search, fuzzy, &error, none);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_scored_result_get_n_messages (nothing), ==, 0);
  g_assert_true (live_call (async, ph_store_close_mailbox, store, &error, TRUE));
  g_assert_no_error (error);
  late = live_call (async, ph_fuzzy_search, fuzzy, &error, some);
  g_assert_null (late);
  live_assert_error (error, PH_ERROR_WRONG_STATE);
}

/* RFC 6203 section 6, the same by ESORT, and an order of Cyrus' own; Dovecot has none of them */
static void
test_sorted_by_others (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Sorted");
  PhSort *sort = require (store, PH_TYPE_SORT, TRUE, async);
  g_autoptr (PhQuery) unseen = ph_query_unseen (ph_query_new ());
  g_autoptr (PhQuery) about = ph_query_fuzzy (ph_query_new (), unseen);
  g_autoptr (PhSortOrder) relevancy = order_by ("SEARCH=FUZZY", "RELEVANCY"), changes = order_by ("SORT=MODSEQ", "MODSEQ");
  g_autoptr (PhSortResult) scored = NULL, counted = NULL, changed = NULL;
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  scored = live_call (async, ph_sort_messages, sort, &error, relevancy, about, TRUE);
  if (!is_cyrus ())
    {
      live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
      changed = live_call (async, ph_sort_messages, sort, &error, changes, unseen, TRUE);
      g_assert_null (changed);
      live_assert_error (error, PH_ERROR_NOT_SUPPORTED);
      return;
    }
  g_assert_no_error (error);
  ph_sort_result_get_numbers (scored, &n);
  g_assert_cmpuint (n, ==, 3);
  counted = live_call (async, ph_sort_messages_for, sort, &error, relevancy, about, TRUE, PH_SEARCH_MIN | PH_SEARCH_COUNT);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_sort_result_get_count (counted), ==, 3);
  g_assert_cmpuint (ph_sort_result_get_min (counted), ==, ph_sort_result_get_numbers (scored, &n)[0]);
  flag (store, "1", PH_STORE_ADD, async);
  changed = live_call (async, ph_sort_messages, sort, &error, changes, unseen, TRUE);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_sort_result_get_numbers (changed, &n)[2], ==, 1);
}

/* Neither has these. */
static void
test_lacking (gconstpointer data)
{
  gboolean async = data != NULL;
  g_autoptr (PhStore) store = open_with ("Lacking");

  require (store, PH_TYPE_MULTISEARCH, FALSE, async);
  require (store, PH_TYPE_UNAUTHENTICATE, FALSE, async);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    service = argv[1];
  live_add ("/live/contexts/kept-true", test_context);
  live_add ("/live/contexts/lists", test_lists);
  live_add ("/live/contexts/fuzzy", test_fuzzy);
  live_add ("/live/contexts/sorted-by-others", test_sorted_by_others);
  live_add ("/live/contexts/lacking", test_lacking);
  return g_test_run ();
}
