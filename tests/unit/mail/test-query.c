/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuery: each call's keys, in the order and form in which RFC 9051 writes them. */
#include "test-tree.h"

static void
check (PhQuery *query, const char *expected)
{
  g_autoptr (PhValue) value = ph_query_to_value (query);
  g_autofree char *text = test_tree_string (value);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_empty_is_all (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  check (query, "(ALL)");
}

static void
test_plain_keys (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  g_assert_true (ph_query_all (query) == query);
  ph_query_draft (ph_query_deleted (ph_query_answered (ph_query_flagged (ph_query_unseen (ph_query_seen (query))))));
  check (query, "(ALL SEEN UNSEEN FLAGGED ANSWERED DELETED DRAFT)");
}

static void
test_texts (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  ph_query_from (query, "ldj");
  ph_query_to (query, "a b");
  ph_query_cc (query, "");
  ph_query_bcc (query, "x");
  ph_query_subject (query, "Grüße");
  ph_query_body (query, "5");
  ph_query_text (query, "NIL");
  ph_query_header (query, "List-Id", "");
  check (query, "(FROM \"ldj\" TO \"a b\" CC \"\" BCC \"x\" SUBJECT \"Grüße\" BODY \"5\" TEXT \"NIL\" HEADER \"List-Id\" \"\")");
}

static void
test_text_never_becomes_a_key (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhValue) value = NULL;

  ph_query_from (query, "x\" OR ALL ALL \"");
  ph_query_flag (query, "$x ALL");
  ph_query_not_flag (query, "");
  value = ph_query_to_value (query);
  g_assert_cmpint (ph_value_get_length (value), ==, 6);
  g_assert_cmpint (ph_value_get_kind (ph_value_get_child (value, 1)), ==, PH_VALUE_STRING);
  g_assert_cmpint (ph_value_get_kind (ph_value_get_child (value, 3)), ==, PH_VALUE_STRING);
  g_assert_cmpint (ph_value_get_kind (ph_value_get_child (value, 5)), ==, PH_VALUE_STRING);
}

static void
test_flags (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  ph_query_flag (query, "\\Seen");
  ph_query_not_flag (query, "\\seen");
  ph_query_flag (query, "\\RECENT");
  ph_query_not_flag (query, "\\Recent");
  ph_query_flag (query, "$Junk");
  ph_query_not_flag (query, "$Junk");
  check (query, "(SEEN UNSEEN RECENT OLD KEYWORD $Junk UNKEYWORD $Junk)");
}

static void
test_days (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (GDateTime) day = ph_date (2026, 11, 1);
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (-11 * 3600);
  g_autoptr (GDateTime) late = g_date_time_new (zone, 2026, 2, 28, 23, 59, 59);

  ph_query_since (query, day);
  ph_query_before (query, late);
  ph_query_on (query, day);
  ph_query_sent_since (query, day);
  ph_query_sent_before (query, day);
  check (query, "(SINCE 1-Nov-2026 BEFORE 28-Feb-2026 ON 1-Nov-2026 SENTSINCE 1-Nov-2026 SENTBEFORE 1-Nov-2026)");
}

static void
test_impossible_day (void)
{
  g_assert_null (ph_date (2026, 2, 29));
  g_assert_null (ph_date (2026, 0, 1));
  g_assert_null (ph_date (0, 1, 1));
  g_assert_null (ph_date (G_MAXINT, G_MAXINT, G_MAXINT));
}

static void
test_sizes_and_sets (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhMessageSet) uids = ph_message_set_new_from_string ("9:*,1:3", NULL);
  g_autoptr (PhMessageSet) numbers = ph_message_set_new_numbers ("7", NULL);
  g_autoptr (PhMessageSet) none = ph_message_set_new (TRUE);

  ph_query_larger (query, 4294967295u);
  ph_query_smaller (query, 0);
  ph_query_in_set (query, uids);
  ph_query_in_set (query, none);
  check (query, "(LARGER #4294967295 SMALLER #0 UID 1:3,9:* NOT ALL)");
  g_clear_object (&query);

  query = ph_query_new ();
  ph_query_in_set (query, numbers);
  check (query, "(#7)");
}

static void
test_not_and_or (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhQuery) one = ph_query_new ();
  g_autoptr (PhQuery) other = ph_query_new ();
  g_autoptr (PhQuery) empty = ph_query_new ();

  ph_query_from (ph_query_seen (one), "a");
  ph_query_subject (other, "b");
  ph_query_not (query, one);
  ph_query_or (query, one, other);
  ph_query_not (query, empty);
  check (query, "(NOT (SEEN FROM \"a\") OR (SEEN FROM \"a\") (SUBJECT \"b\") NOT (ALL))");
}

static void
test_other_is_taken_as_it_is (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  ph_query_seen (query);
  ph_query_not (query, query);
  ph_query_or (query, query, query);
  check (query, "(SEEN NOT (SEEN) OR (SEEN NOT (SEEN)) (SEEN NOT (SEEN)))");
}

static void
test_raw (void)
{
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhValue) value = NULL;

  ph_query_raw (query, "UNSEEN FROM \"ldj\"");
  ph_query_raw (query, "");
  value = ph_query_to_value (query);
  g_assert_cmpint (ph_value_get_length (value), ==, 1);
  g_assert_cmpint (ph_value_get_kind (ph_value_first (value)), ==, PH_VALUE_ATOM);
  check (query, "(UNSEEN FROM \"ldj\")");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/empty-matches-all", test_empty_is_all);
  g_test_add_func ("/query/plain-keys", test_plain_keys);
  g_test_add_func ("/query/texts-are-strings", test_texts);
  g_test_add_func ("/query/text-never-becomes-a-key", test_text_never_becomes_a_key);
  g_test_add_func ("/query/flags", test_flags);
  g_test_add_func ("/query/days-are-english-and-in-their-own-zone", test_days);
  g_test_add_func ("/query/impossible-day-is-null", test_impossible_day);
  g_test_add_func ("/query/sizes-and-sets", test_sizes_and_sets);
  g_test_add_func ("/query/not-and-or-take-lists", test_not_and_or);
  g_test_add_func ("/query/other-query-is-taken-as-it-is", test_other_is_taken_as_it_is);
  g_test_add_func ("/query/raw-is-one-atom", test_raw);
  return g_test_run ();
}
