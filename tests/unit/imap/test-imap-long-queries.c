/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Queries with sets that are too long for a line, wherever they stand: what several searches find together is what one would have found. */
#include "imap-engine-test.h"

/* Messages 1 to N of the mailbox have the UIDs 10001, 10004, 10007 … */
#define N 6000
#define UID_OF(number) (9998 + 3 * (number))

/* --- a server that understands what is asked --- */

static gboolean
has (guint32 number, const char *key)
{
  if (g_str_equal (key, "ALL"))
    return TRUE;
  if (g_str_equal (key, "FLAGGED"))
    return number % 2 == 0;
  if (g_str_equal (key, "SEEN"))
    return number % 5 == 0;
  g_error ("a key that nobody sent: %.100s", key);
}

/* Sets by where they stand in the line that is evaluated */
typedef struct {
  PhMessageSet *set;
  gsize         length;
} Parsed;

static GHashTable *parsed;

static void
parsed_free (gpointer data)
{
  ph_message_set_unref (((Parsed *) data)->set);
  g_free (data);
}

static void
forget_sets (void)
{
  g_clear_pointer (&parsed, g_hash_table_unref);
  parsed = g_hash_table_new_full (NULL, NULL, NULL, parsed_free);
}

static gboolean
set_has (const char **line, guint32 value)
{
  Parsed *known = g_hash_table_lookup (parsed, *line);

  if (known == NULL)
    {
      gsize length = strspn (*line, "0123456789:,*");
      g_autofree char *text = g_strndup (*line, length);

      known = g_new (Parsed, 1);
      known->length = length;
      known->set = ph_message_set_new_from_string (text, NULL);
      g_hash_table_insert (parsed, (gpointer) *line, known);
    }
  *line += known->length;
  return ph_message_set_contains (known->set, value);
}

static char *
next_word (const char **line)
{
  gsize length = strcspn (*line, " ()");
  char *word = g_strndup (*line, length);

  *line += length;
  return word;
}

static gboolean all_hold (const char **line, guint32 number);

/* search-key, RFC 9051 section 9 */
static gboolean
holds (const char **line, guint32 number)
{
  g_autofree char *word = NULL;

  *line += strspn (*line, " ");
  if (**line == '(')
    {
      gboolean result;

      (*line)++;
      result = all_hold (line, number);
      g_assert_true (**line == ')');
      (*line)++;
      return result;
    }
  if (g_ascii_isdigit (**line) || **line == '*')
    return set_has (line, number);
  word = next_word (line);
  if (g_str_equal (word, "NOT"))
    return !holds (line, number);
  if (g_str_equal (word, "OR"))
    {
      gboolean one = holds (line, number);
      gboolean other = holds (line, number);

      return one || other;
    }
  if (!g_str_equal (word, "UID"))
    return has (number, word);
  (*line)++;
  return set_has (line, UID_OF (number));
}

static gboolean
all_hold (const char **line, guint32 number)
{
  gboolean result = TRUE;

  for (; **line != '\0' && **line != ')'; *line += strspn (*line, " "))
    result = holds (line, number) && result;
  return result;
}

/* The last line that was sent, without tag, verb and RETURN, and its tag */
static char *
get_line (PhHarness *harness, char **tag)
{
  const char *trace = ph_harness_get_trace (harness);
  const char *last = g_strrstr (trace, "C: \"");
  g_autofree char *shown = g_strndup (last + 4, strcspn (last + 4, "\n"));
  g_autofree char *line = g_strcompress (shown);
  const char *keys = strstr (line, "SEARCH ") + strlen ("SEARCH ");

  g_assert_cmpuint (strlen (line), <=, 8192 + 100);
  *tag = g_strndup (line, strcspn (line, " "));
  if (g_str_has_prefix (keys, "RETURN (ALL) "))
    keys += strlen ("RETURN (ALL) ");
  return g_strndup (keys, strcspn (keys, "\r"));
}

/* Answers what is asked until the command is done, and returns what it found; @n_lines: in how many lines. */
static char *
play (PhHarness *harness, PhCommand *command, gboolean by_uid, guint *n_lines)
{
  ph_harness_submit (harness, command);
  for (*n_lines = 0; ph_command_get_state (command) != PH_COMMAND_DONE; (*n_lines)++)
    {
      g_autofree char *tag = NULL;
      g_autofree char *keys = get_line (harness, &tag);
      g_autoptr (GString) answer = g_string_new ("* SEARCH");

      forget_sets ();
      for (guint32 number = 1; number <= N; number++)
        {
          const char *line = keys;

          if (all_hold (&line, number))
            g_string_append_printf (answer, " %u", by_uid ? UID_OF (number) : number);
        }
      g_string_append_printf (answer, "\r\n%s OK x\r\n", tag);
      ph_harness_push (harness, answer->str);
    }
  g_assert_no_error (ph_command_get_error (command));
  return ph_message_set_to_string (ph_command_peek_result (command));
}

static PhHarness *
open_large (void)
{
  PhHarness *harness = imap_harness_select ("");

  ph_harness_push (harness, "* 6000 EXISTS\r\n");
  return harness;
}

/* What one search finds that may be of any length */
static char *
find_at_once (PhQuery *query, gboolean by_uid)
{
  g_autoptr (PhMessageSet) found = ph_message_set_new (by_uid);
  g_autoptr (PhValue) keys = ph_query_to_value (query);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = ph_value_first (keys);

  while (node != NULL || open->len > 0)
    {
      if (node == NULL)
        {
          node = ph_value_next (g_ptr_array_steal_index (open, open->len - 1));
          g_string_append (text, ") ");
          continue;
        }
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          g_ptr_array_add (open, (gpointer) node);
          node = ph_value_first (node);
          g_string_append_c (text, '(');
          continue;
        }
      g_autofree char *word = ph_value_dup_text (node);
      g_string_append_printf (text, "%s ", word);
      node = ph_value_next (node);
    }
  forget_sets ();
  for (guint32 number = 1; number <= N; number++)
    {
      const char *line = text->str;

      if (all_hold (&line, number))
        ph_message_set_add (found, by_uid ? UID_OF (number) : number);
    }
  return ph_message_set_to_string (found);
}

/* --- queries --- */

/* Every @step-th, so that no ranges come of it; with "*" at its end where wanted */
static PhMessageSet *
sparse (gboolean by_uid, guint32 first, guint32 step, guint32 n, gboolean star)
{
  PhMessageSet *set = ph_message_set_new (by_uid);

  for (guint32 i = 0; i < n; i++)
    ph_message_set_add (set, by_uid ? UID_OF (first + step * i) : first + step * i);
  if (star)
    ph_message_set_add_range (set, by_uid ? UID_OF (N - 3) : N - 3, PH_MESSAGE_SET_STAR);
  return set;
}

static PhQuery *
query_of (gboolean by_uid, guint32 first, guint32 step, guint32 n, gboolean star)
{
  g_autoptr (PhMessageSet) set = sparse (by_uid, first, step, n, star);

  return ph_query_in_set (ph_query_new (), set);
}

static void
check (PhQuery *query, gboolean by_uid, guint n_lines)
{
  g_autoptr (PhHarness) harness = open_large ();
  g_autoptr (PhCommand) command = imap_make (harness, search, query, by_uid);
  g_autofree char *expected = find_at_once (query, by_uid);
  g_autofree char *found = NULL;
  guint n = 0;

  found = play (harness, command, by_uid, &n);
  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpuint (n, ==, n_lines);
}

static void
test_not (void)
{
  for (guint by_uid = 0; by_uid < 2; by_uid++)
    {
      g_autoptr (PhQuery) long_set = query_of (by_uid, 1, 2, 2500, FALSE);
      g_autoptr (PhQuery) query = ph_query_not (ph_query_flagged (ph_query_new ()), long_set);
      g_autoptr (PhQuery) twice = ph_query_not (ph_query_new (), query);

      /* NOT: one search, and what is in the set is left out here */
      check (query, by_uid, 1);
      check (twice, by_uid, 3);
    }
}

static void
test_or (void)
{
  g_autoptr (PhQuery) long_set = query_of (TRUE, 1, 2, 2500, FALSE);
  g_autoptr (PhQuery) seen = ph_query_seen (ph_query_new ());
  g_autoptr (PhQuery) query = ph_query_or (ph_query_new (), long_set, seen);
  g_autoptr (PhQuery) narrowed = ph_query_flagged (ph_query_or (ph_query_new (), seen, long_set));

  check (query, TRUE, 3);
  check (narrowed, TRUE, 3);
}

/* What only the server knows is asked of it: where "*" is, and which UIDs the numbers have. */
static void
test_what_can_not_be_compared_here (void)
{
  g_autoptr (PhQuery) star = query_of (TRUE, 1, 2, 2500, TRUE);
  g_autoptr (PhQuery) numbers = query_of (FALSE, 2, 2, 2500, FALSE);
  g_autoptr (PhQuery) seen = ph_query_seen (ph_query_new ());
  g_autoptr (PhQuery) not_star = ph_query_not (ph_query_new (), star);
  g_autoptr (PhQuery) not_numbers = ph_query_not (ph_query_new (), numbers);
  g_autoptr (PhQuery) or_star = ph_query_or (ph_query_new (), seen, star);
  g_autoptr (PhQuery) or_numbers = ph_query_or (ph_query_new (), numbers, seen);

  check (not_star, TRUE, 3);
  check (not_numbers, TRUE, 3);
  check (or_star, TRUE, 5);
  check (or_numbers, TRUE, 5);
}

static void
test_several (void)
{
  g_autoptr (PhQuery) odd = query_of (TRUE, 1, 2, 2500, FALSE);
  g_autoptr (PhQuery) third = query_of (TRUE, 3, 3, 1900, FALSE);
  g_autoptr (PhQuery) small = query_of (TRUE, 7, 7, 300, FALSE);
  g_autoptr (PhQuery) seen = ph_query_seen (ph_query_new ());
  g_autoptr (PhQuery) both = ph_query_or (ph_query_new (), odd, third);
  g_autoptr (PhQuery) either = ph_query_not (ph_query_or (ph_query_new (), odd, seen), third);
  g_autoptr (PhQuery) deep = ph_query_or (ph_query_flagged (ph_query_new ()), either, small);
  g_autoptr (PhQuery) beside = NULL;
  g_autoptr (PhMessageSet) one = sparse (TRUE, 1, 2, 2500, FALSE);
  g_autoptr (PhMessageSet) other = sparse (TRUE, 3, 3, 1900, FALSE);

  beside = ph_query_in_set (ph_query_in_set (ph_query_flagged (ph_query_new ()), one), other);
  for (guint i = 0; i < 4; i++)
    {
      PhQuery *query = i == 0 ? both : i == 1 ? either : i == 2 ? deep : beside;
      g_autoptr (PhHarness) fresh = open_large ();
      g_autoptr (PhCommand) command = imap_make (fresh, search, query, TRUE);
      g_autofree char *wanted = find_at_once (query, TRUE);
      g_autofree char *found = NULL;
      guint n = 0;

      found = play (fresh, command, TRUE, &n);
      g_assert_cmpstr (found, ==, wanted);
      g_assert_cmpuint (n, >, 0);
    }
}

/* Counts and the rest are of all that was found. */
static void
test_results (void)
{
  g_autoptr (PhHarness) harness = open_large ();
  g_autoptr (PhQuery) long_set = query_of (TRUE, 1, 2, 2500, FALSE);
  g_autoptr (PhQuery) query = ph_query_not (ph_query_new (), long_set);
  g_autoptr (PhCommand) command = imap_make (harness, search_for, query, PH_SEARCH_COUNT | PH_SEARCH_MIN | PH_SEARCH_MAX, 0, 0);
  guint32 count = 0;
  g_autofree char *tag = NULL, *keys = NULL;
  g_autoptr (GString) answer = g_string_new ("* SEARCH");

  ph_harness_submit (harness, command);
  keys = get_line (harness, &tag);
  g_assert_cmpstr (keys, ==, "NOT (NOT ALL)");
  for (guint32 number = 1; number <= N; number++)
    g_string_append_printf (answer, " %u", UID_OF (number));
  g_string_append_printf (answer, "\r\n%s OK x\r\n", tag);
  ph_harness_push (harness, answer->str);
  ph_harness_expect_done (harness, command);
  count = ph_search_result_get_count (ph_command_peek_result (command));
  g_assert_cmpuint (count, ==, N - 2500);
  g_assert_cmpuint (ph_search_result_get_min (ph_command_peek_result (command)), ==, UID_OF (2));
  g_assert_cmpuint (ph_search_result_get_max (ph_command_peek_result (command)), ==, UID_OF (N));
}

/* Too many, and two of which one can't be compared: said before anything is sent. */
static void
test_what_can_not_be_done (void)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhQuery) many = ph_query_new ();
  g_autoptr (PhQuery) numbers = query_of (FALSE, 2, 2, 2500, FALSE);
  g_autoptr (PhQuery) uids = query_of (TRUE, 2, 2, 2500, FALSE);
  g_autoptr (PhQuery) mixed = ph_query_or (ph_query_new (), numbers, uids);
  g_autoptr (PhCommand) one = NULL, other = NULL;

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (PhQuery) set = query_of (TRUE, 1 + i, 7, 400, FALSE);

      ph_query_not (many, set);
    }
  one = imap_make (harness, search, many, TRUE);
  other = imap_make (harness, search, mixed, TRUE);
  ph_harness_submit (harness, one);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, one, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_submit (harness, other);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, other, PH_ERROR_INVALID_ARGUMENT);
}

/* By numbers nothing may go meanwhile. */
static void
test_removed_meanwhile (void)
{
  g_autoptr (PhHarness) harness = open_large ();
  g_autoptr (PhQuery) long_set = query_of (FALSE, 2, 2, 2500, FALSE);
  g_autoptr (PhQuery) seen = ph_query_seen (ph_query_new ());
  g_autoptr (PhQuery) query = ph_query_or (ph_query_new (), long_set, seen);
  g_autoptr (PhCommand) command = imap_make (harness, search, query, FALSE);

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* SEARCH 5\r\n* 7 EXPUNGE\r\nA2 OK x\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_EXPUNGED);
}

/* Any tree: the same as at once. */
static PhQuery *
make_any (guint depth, gboolean by_uid, guint *n_sets)
{
  guint choice = g_test_rand_int_range (0, depth == 0 ? 3 : 6);

  if (choice == 0)
    return ph_query_seen (ph_query_new ());
  if (choice == 1)
    return ph_query_flagged (ph_query_new ());
  if (choice == 2)
    {
      gboolean is_long = *n_sets < 4 && g_test_rand_bit ();

      *n_sets += is_long;
      return query_of (by_uid, g_test_rand_int_range (1, 100), g_test_rand_int_range (2, 5), is_long ? 1400 : 20, FALSE);
    }

  g_autoptr (PhQuery) one = make_any (depth - 1, by_uid, n_sets);
  g_autoptr (PhQuery) other = make_any (depth - 1, by_uid, n_sets);

  if (choice == 3)
    return ph_query_not (ph_query_new (), one);
  if (choice == 4)
    return ph_query_or (ph_query_new (), one, other);
  return ph_query_not (ph_query_not (ph_query_new (), one), other);
}

static void
test_any (void)
{
  for (guint i = 0; i < 40; i++)
    {
      guint n_sets = 0, n = 0;
      gboolean by_uid = g_test_rand_bit ();
      g_autoptr (PhQuery) query = make_any (4, by_uid, &n_sets);
      g_autoptr (PhHarness) harness = open_large ();
      g_autoptr (PhCommand) command = imap_make (harness, search, query, by_uid);
      g_autofree char *expected = find_at_once (query, by_uid);
      g_autofree char *found = play (harness, command, by_uid, &n);

      g_assert_cmpstr (found, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/long-queries/not", test_not);
  g_test_add_func ("/imap/long-queries/or", test_or);
  g_test_add_func ("/imap/long-queries/what-can-not-be-compared-here", test_what_can_not_be_compared_here);
  g_test_add_func ("/imap/long-queries/several", test_several);
  g_test_add_func ("/imap/long-queries/results", test_results);
  g_test_add_func ("/imap/long-queries/what-can-not-be-done", test_what_can_not_be_done);
  g_test_add_func ("/imap/long-queries/removed-meanwhile", test_removed_meanwhile);
  g_test_add_func ("/imap/long-queries/any", test_any);
  int result = g_test_run ();

  g_clear_pointer (&parsed, g_hash_table_unref);
  return result;
}
