/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* THREAD: what a server is asked and answers, by RFC 5256's lines, and what is done here. */
#include "order-fixture.h"

#include "imap4-thread.h"

GType ph_imap_thread_get_type (void);

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

static PhCommand *
make_thread (OrderFixture *fixture, PhThreadAlgorithm algorithm)
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
      OrderFixture fixture = order_begin (ph_imap_thread_get_type (), "THREAD=REFERENCES");
      g_autoptr (PhCommand) command = make_thread (&fixture, PH_THREAD_ALGORITHM_REFERENCES);
      g_autofree char *answer = g_strdup_printf ("* THREAD %s\r\nA2 OK THREAD completed\r\n", answers[i].response);

      ph_harness_submit (fixture.harness, command);
      ph_harness_expect (fixture.harness, "A2 UID THREAD REFERENCES UTF-8 ALL\r\n");
      ph_harness_push (fixture.harness, answer);
      ph_harness_expect_done (fixture.harness, command);
      assert_tree (ph_command_peek_result (command), answers[i].tree);
      order_end (&fixture);
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
  OrderFixture fixture = order_begin (ph_imap_thread_get_type (), "THREAD=ORDEREDSUBJECT");
  g_autoptr (PhCommand) command = make_thread (&fixture, PH_THREAD_ALGORITHM_REFERENCES);

  ph_harness_submit (fixture.harness, command);
  answer_threads_here (fixture.harness, 2);
  ph_harness_expect_done (fixture.harness, command);
  assert_tree (ph_command_peek_result (command), "1 .2 0 .3 .4");
  order_end (&fixture);
}

/* A tree that is deeper than the session's limit is dropped on its way; the threads are found all the same. */
static void
test_too_deep_an_answer (gconstpointer data)
{
  OrderFixture fixture = order_begin (ph_imap_thread_get_type (), "THREAD=REFS");
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
  order_end (&fixture);
}

static void
test_thread_by_name (gconstpointer data)
{
  static const char *const others[] = { "", "REFERENCES", "REFERENCES UTF-8", "REFERENCES KOI8-R ALL", "X-OTHER UTF-8 ALL" };
  OrderFixture fixture = order_begin (ph_imap_thread_get_type (), "THREAD=REFS");
  g_autoptr (PhCommand) command = order_make_named (&fixture, "UID THREAD", "refs UTF-8 UNSEEN");

  ph_harness_submit (fixture.harness, command);
  ph_harness_expect (fixture.harness, "A2 UID THREAD REFS UTF-8 UNSEEN\r\n");
  ph_harness_push (fixture.harness, "* THREAD (2)(3 6)\r\nA2 OK done\r\n");
  ph_harness_expect_done (fixture.harness, command);
  g_assert_cmpuint (ph_thread_tree_get_n_threads (ph_command_peek_result (command)), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (order_make_named (&fixture, "THREAD", others[i]));
  order_end (&fixture);
}

static void
test_no_mailbox (void)
{
  static const char *const capabilities[] = { "SORT THREAD=REFERENCES", "" };

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      OrderFixture fixture = order_begin (ph_imap_thread_get_type (), capabilities[i]);
      g_autoptr (PhCommand) command = make_thread (&fixture, PH_THREAD_ALGORITHM_REFERENCES);

      order_expect_no_mailbox (&fixture, command);
    }
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

  g_test_add_func ("/thread/message-ids", test_message_ids);
  imap_test ("thread/by-name", test_thread_by_name);
  g_test_add_func ("/imap/thread/no-mailbox", test_no_mailbox);
  imap_test ("thread/rfc-examples", test_server_threads);
  imap_test ("thread/found-here", test_threaded_here);
  imap_test ("thread/too-deep-an-answer", test_too_deep_an_answer);
  g_test_add_func ("/thread/a-million-deep", test_a_million_deep);
  g_test_add_func ("/thread/loops-at-the-root", test_loops_at_the_root);

  return g_test_run ();
}
