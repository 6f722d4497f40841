/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which command may follow which without waiting: RFC 9051 section 5.5, over all pairs, its own examples, and chains at random. */
#include "imap-engine-test.h"

typedef PhCommand *(*Make) (PhHarness *harness);

static PhMessageSet *
numbers (void)
{
  return ph_message_set_new_numbers ("1:2", NULL);
}

static PhMessageSet *
uids (void)
{
  return ph_message_set_new_uid (5);
}

static PhCommand *
fetch (PhHarness *harness, PhMessageSet *set)
{
  g_autoptr (PhMessageSet) owned = set;

  return imap_make (harness, fetch, owned, PH_FETCH_SIZE, NULL, NULL);
}

static PhCommand *
store (PhHarness *harness, PhMessageSet *set)
{
  static const char *const seen[] = { "\\Seen", NULL };
  g_autoptr (PhMessageSet) owned = set;

  return imap_make (harness, store, owned, PH_STORE_ADD, seen);
}

static PhCommand *
copy (PhHarness *harness, PhMessageSet *set)
{
  g_autoptr (PhMessageSet) owned = set;

  return imap_make (harness, copy, owned, "Archive");
}

static PhCommand *
search (PhHarness *harness, const char *keys, gboolean by_uid)
{
  g_autoptr (PhQuery) query = ph_query_raw (ph_query_new (), keys);

  return imap_make (harness, search, query, by_uid);
}

static PhCommand *make_fetch (PhHarness *harness) { return fetch (harness, numbers ()); }
static PhCommand *make_store (PhHarness *harness) { return store (harness, numbers ()); }
static PhCommand *make_copy (PhHarness *harness) { return copy (harness, numbers ()); }
static PhCommand *make_search (PhHarness *harness) { return search (harness, "UNSEEN", FALSE); }
static PhCommand *make_uid_fetch (PhHarness *harness) { return fetch (harness, uids ()); }
static PhCommand *make_uid_store (PhHarness *harness) { return store (harness, uids ()); }
static PhCommand *make_uid_copy (PhHarness *harness) { return copy (harness, uids ()); }
static PhCommand *make_uid_search (PhHarness *harness) { return search (harness, "SINCE 1-Feb-1994 UID 1:5", TRUE); }
static PhCommand *make_uid_search_of_numbers (PhHarness *harness) { return search (harness, "OR (1:5) SEEN", TRUE); }
static PhCommand *make_noop (PhHarness *harness) { return ph_engine_make_noop (harness->engine); }
static PhCommand *make_create (PhHarness *harness) { return imap_make (harness, create, "New"); }
static PhCommand *make_expunge (PhHarness *harness) { return imap_make (harness, expunge, NULL); }
static PhCommand *make_list (PhHarness *harness) { return imap_make (harness, list, "", "*", FALSE, NULL); }
static PhCommand *make_status (PhHarness *harness) { return imap_make (harness, status, "Archive", NULL); }
static PhCommand *make_status_of_other (PhHarness *harness) { return imap_make (harness, status, "Other", NULL); }
static PhCommand *make_select (PhHarness *harness) { return imap_make (harness, select, "Other", FALSE); }
static PhCommand *make_raw (PhHarness *harness) { return ph_command_new_line ("CHECK"); }

static PhCommand *
make_counting_search (PhHarness *harness)
{
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());

  return imap_make (harness, search_for, query, PH_SEARCH_COUNT, 0, 0);
}

static PhCommand *
make_move (PhHarness *harness)
{
  g_autoptr (PhMessageSet) set = uids ();

  return imap_make (harness, move, set, "Archive");
}

static PhCommand *
make_append (PhHarness *harness)
{
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");

  return imap_make (harness, append, "Archive", body, NULL, NULL);
}

/* The RFC's words, said anew: what the engine does isn't asked. */
static const struct {
  const char *name;
  Make        make;
  gboolean    has_numbers;  /* message sequence numbers are in it */
  gboolean    expunges;     /* an EXPUNGE may come while it runs */
  const char *answer;       /* what could be taken for another's answer */
  gboolean    alone;        /* changes what is selected, or may be anything */
} kinds[] = {
  { "FETCH", make_fetch, TRUE, FALSE, "FETCH", FALSE },
  { "STORE", make_store, TRUE, FALSE, NULL, FALSE },
  { "SEARCH", make_search, TRUE, FALSE, "SEARCH", FALSE },
  { "COPY", make_copy, TRUE, TRUE, "COPYUID", FALSE },
  { "UID FETCH", make_uid_fetch, FALSE, TRUE, "FETCH", FALSE },
  { "UID STORE", make_uid_store, FALSE, TRUE, NULL, FALSE },
  { "UID SEARCH", make_uid_search, FALSE, TRUE, "SEARCH", FALSE },
  { "UID SEARCH 1:5", make_uid_search_of_numbers, TRUE, TRUE, "SEARCH", FALSE },
  { "UID SEARCH RETURN", make_counting_search, FALSE, TRUE, "SEARCH", FALSE },
  { "UID COPY", make_uid_copy, FALSE, TRUE, "COPYUID", FALSE },
  { "NOOP", make_noop, FALSE, TRUE, NULL, FALSE },
  { "CREATE", make_create, FALSE, TRUE, NULL, FALSE },
  { "APPEND", make_append, FALSE, TRUE, NULL, FALSE },
  { "EXPUNGE", make_expunge, FALSE, TRUE, NULL, FALSE },
  { "LIST", make_list, FALSE, TRUE, "LIST", FALSE },
  { "STATUS", make_status, FALSE, TRUE, "STATUS Archive", FALSE },
  { "STATUS of another", make_status_of_other, FALSE, TRUE, "STATUS Other", FALSE },
  { "UID MOVE", make_move, FALSE, TRUE, NULL, TRUE },
  { "SELECT", make_select, FALSE, TRUE, NULL, TRUE },
  { "a raw line", make_raw, FALSE, TRUE, NULL, TRUE },
};

static gboolean
may_follow (guint running, guint next)
{
  if (kinds[running].alone || kinds[next].alone)
    return FALSE;
  if (kinds[running].answer != NULL && g_strcmp0 (kinds[running].answer, kinds[next].answer) == 0)
    return FALSE;
  return !(kinds[running].expunges && kinds[next].has_numbers);
}

static PhHarness *
harness_new (void)
{
  return imap_harness_select ("LITERAL+ ESEARCH MOVE UIDPLUS");
}

static gboolean
is_sent (PhCommand *command)
{
  return ph_command_get_state (command) == PH_COMMAND_SENT;
}

static void
test_all_pairs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++)
      {
        g_autoptr (PhHarness) harness = harness_new ();
        g_autoptr (PhCommand) first = kinds[i].make (harness);
        g_autoptr (PhCommand) second = kinds[j].make (harness);

        ph_harness_submit (harness, first);
        g_assert_true (is_sent (first));
        ph_harness_submit (harness, second);
        if (is_sent (second) != may_follow (i, j))
          g_error ("%s + %s: %s", kinds[i].name, kinds[j].name, is_sent (second) ? "was sent" : "waits");
        /* and what waited goes when the first is done */
        ph_harness_push (harness, "A2 OK x\r\n");
        g_assert_true (is_sent (second) || ph_command_get_state (second) == PH_COMMAND_DONE);
      }
}

static void
assert_sequence (gboolean valid, Make first, Make second, Make third, Make fourth)
{
  const Make makes[] = { first, second, third, fourth };
  g_autoptr (PhHarness) harness = harness_new ();
  gboolean all_sent = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (makes) && makes[i] != NULL; i++)
    {
      g_autoptr (PhCommand) command = makes[i](harness);

      ph_harness_submit (harness, command);
      all_sent = all_sent && is_sent (command);
    }
  g_assert_cmpint (all_sent, ==, valid);
}

static void
test_the_rfcs_examples (void)
{
  assert_sequence (FALSE, make_fetch, make_noop, make_store, NULL);
  assert_sequence (FALSE, make_store, make_copy, make_fetch, NULL);
  assert_sequence (FALSE, make_copy, make_copy, NULL, NULL);
  assert_sequence (TRUE, make_fetch, make_store, make_search, make_noop);
  assert_sequence (TRUE, make_store, make_copy, make_expunge, NULL);
  assert_sequence (FALSE, make_uid_fetch, make_uid_search_of_numbers, NULL, NULL);
  assert_sequence (TRUE, make_uid_fetch, make_uid_search, NULL, NULL);
}

static void
answer_one (PhHarness *harness, GQueue *in_flight, GRand *random)
{
  guint index = g_rand_int_range (random, 0, (gint32) g_queue_get_length (in_flight));
  guint tag = GPOINTER_TO_UINT (g_queue_pop_nth (in_flight, index)) >> 8;
  g_autofree char *reply = g_strdup_printf ("A%u OK x\r\n", tag);

  ph_harness_push (harness, reply);
}

/* Commands as they come, answered in any order: none is ever sent beside one that it may not follow, and none is left behind. */
static void
test_chains (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5501);

  for (guint round = 0; round < 50; round++)
    {
      g_autoptr (PhHarness) harness = harness_new ();
      g_autoptr (GPtrArray) commands = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GArray) which = g_array_new (FALSE, FALSE, sizeof (guint));
      GQueue in_flight = G_QUEUE_INIT;
      guint n_sent = 0;

      for (guint step = 0; step < 400 && (step < 30 || n_sent < commands->len); step++)
        {
          if (step < 30)
            {
              /* statuses fail without an answer: not of interest here */
              guint kind = (guint) g_rand_int_range (random, 0, 15);

              g_array_append_val (which, kind);
              g_ptr_array_add (commands, kinds[kind].make (harness));
              ph_harness_submit (harness, g_ptr_array_index (commands, commands->len - 1));
            }
          for (; n_sent < commands->len && is_sent (g_ptr_array_index (commands, n_sent)); n_sent++)
            {
              guint kind = g_array_index (which, guint, n_sent);

              for (GList *link = in_flight.head; link != NULL; link = link->next)
                g_assert_true (may_follow (GPOINTER_TO_UINT (link->data) & 0xff, kind));
              g_queue_push_tail (&in_flight, GUINT_TO_POINTER (((n_sent + 2) << 8) | kind));
            }
          if (in_flight.length > 0 && (step >= 30 || g_rand_boolean (random)))
            answer_one (harness, &in_flight, random);
        }
      g_assert_cmpuint (n_sent, ==, commands->len);
      g_queue_clear (&in_flight);
    }
}

/* Servers have limits, too. */
static void
test_a_bound (void)
{
  g_autoptr (PhHarness) harness = harness_new ();
  guint n_sent = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (PhCommand) noop = make_noop (harness);

      ph_harness_submit (harness, noop);
      n_sent += is_sent (noop);
    }
  g_assert_cmpuint (n_sent, ==, 20);
}

/* A set of numbers that needs two lines: between them the numbers must not move. */
static void
test_numbers_that_moved (gconstpointer data)
{
  g_autoptr (PhHarness) harness = harness_new ();
  g_autoptr (PhMessageSet) set = ph_message_set_new (FALSE);
  g_autoptr (PhCommand) command = NULL;
  g_autoptr (PhCommand) noop = make_noop (harness);

  for (guint32 number = 10001; number < 14001; number += 2)
    ph_message_set_add (set, number);
  command = fetch (harness, ph_message_set_ref (set));
  ph_harness_submit (harness, command);
  ph_harness_submit (harness, noop);
  ph_harness_push (harness, "A2 OK x\r\n");
  g_assert_true (is_sent (noop));
  ph_harness_push (harness, "* 1 EXPUNGE\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, noop);
  ph_harness_expect_error (harness, command, PH_ERROR_EXPUNGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/pipelining/all-pairs", test_all_pairs);
  g_test_add_func ("/imap/pipelining/the-rfcs-examples", test_the_rfcs_examples);
  g_test_add_func ("/imap/pipelining/chains", test_chains);
  g_test_add_func ("/imap/pipelining/a-bound", test_a_bound);
  imap_test ("pipelining/numbers-that-moved", test_numbers_that_moved);

  return g_test_run ();
}
