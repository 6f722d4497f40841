/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees: built by a parser or by hand, kept, read. */
#include <posthorn/posthorn.h>

#include "values/ph-value-private.h"

#include <string.h>

static void
add (PhValueBuilder *builder, PhValueKind kind, const char *text)
{
  ph_value_builder_add (builder, kind, text, strlen (text));
}

/* (a 12 "q q" (x NIL ()) {lit}) b */
static PhValueBuilder *
build_sample (void)
{
  PhValueBuilder *builder = ph_value_builder_new ();

  ph_value_builder_open (builder);
  add (builder, PH_VALUE_ATOM, "a");
  add (builder, PH_VALUE_ATOM, "12");
  add (builder, PH_VALUE_STRING, "q q");
  ph_value_builder_open (builder);
  add (builder, PH_VALUE_ATOM, "x");
  ph_value_builder_add (builder, PH_VALUE_NIL, NULL, 0);
  ph_value_builder_open (builder);
  ph_value_builder_close (builder);
  ph_value_builder_close (builder);
  ph_value_builder_add (builder, PH_VALUE_LITERAL, "l\0t", 3);
  ph_value_builder_close (builder);
  add (builder, PH_VALUE_ATOM, "b");
  return builder;
}

static char *
print (const PhValue *value)
{
  GString *string = g_string_new (NULL);

  ph_value_append_to (value, string, 1000);
  return g_string_free (string, FALSE);
}

static void
assert_prints (const PhValue *value, const char *expected)
{
  g_autofree char *text = print (value);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_builder_makes_the_tree (void)
{
  g_autoptr (PhValueBuilder) builder = build_sample ();
  const PhValue *root = ph_value_builder_peek (builder);

  assert_prints (root, "((a 12 \"q q\" (x NIL ()) \"l\357\277\275t\") b)");
  g_assert_cmpuint (ph_value_builder_get_n_nodes (builder), ==, 10);
  g_assert_cmpuint (ph_value_get_length (root), ==, 2);

  const PhValue *list = ph_value_first (root);
  g_assert_cmpuint (ph_value_get_length (list), ==, 5);
  guint64 number;
  g_assert_true (ph_value_get_number (ph_value_get_child (list, 1), &number));
  g_assert_cmpuint (number, ==, 12);
  g_assert_true (ph_value_is (ph_value_get_child (list, 1), "12"));
  g_assert_true (ph_value_is_nil (ph_value_get_child (ph_value_get_child (list, 3), 1)));
  gsize length;
  const char *data = ph_value_get_data (ph_value_get_child (list, 4), &length);
  g_assert_cmpmem (data, length, "l\0t", 3);
  g_assert_true (ph_value_is (ph_value_next (list), "B"));
  g_assert_null (ph_value_next (ph_value_next (list)));
  g_assert_null (ph_value_next (root));
  g_assert_null (ph_value_get_child (list, 5));
}

static void
test_builder_closes_what_is_open (void)
{
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

  ph_value_builder_close (builder);
  ph_value_builder_open (builder);
  ph_value_builder_open (builder);
  add (builder, PH_VALUE_ATOM, "deep");
  g_assert_cmpuint (ph_value_builder_get_depth (builder), ==, 2);
  assert_prints (ph_value_builder_peek (builder), "(((deep)))");
  g_assert_cmpuint (ph_value_builder_get_depth (builder), ==, 0);
  ph_value_builder_close (builder);
  assert_prints (ph_value_builder_peek (builder), "(((deep)))");
}

static void
test_builder_is_empty_at_first_and_after_reset (void)
{
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

  assert_prints (ph_value_builder_peek (builder), "()");
  g_assert_cmpuint (ph_value_builder_get_n_nodes (builder), ==, 0);
  ph_value_builder_reset (builder);

  /* below and above what stays allocated */
  for (guint n = 1; n <= 10000; n *= 10)
    {
      for (guint i = 0; i < n; i++)
        add (builder, PH_VALUE_ATOM, "w");
      ph_value_builder_open (builder);
      g_assert_cmpuint (ph_value_builder_get_n_nodes (builder), ==, n + 1);
      g_assert_cmpuint (ph_value_get_length (ph_value_builder_peek (builder)), ==, n + 1);
      ph_value_builder_reset (builder);
      g_assert_cmpuint (ph_value_builder_get_n_nodes (builder), ==, 0);
      g_assert_cmpuint (ph_value_builder_get_depth (builder), ==, 0);
      assert_prints (ph_value_builder_peek (builder), "()");
    }
  add (builder, PH_VALUE_ATOM, "again");
  assert_prints (ph_value_builder_peek (builder), "(again)");
}

static void
test_copy_of_a_transient_node_stands_alone (void)
{
  char buffer[] = "abc";
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

  add (builder, PH_VALUE_ATOM, "before");
  ph_value_builder_open (builder);
  ph_value_builder_add (builder, PH_VALUE_ATOM, buffer, 3);
  ph_value_builder_open (builder);
  ph_value_builder_add (builder, PH_VALUE_STRING, buffer + 1, 1);
  ph_value_builder_close (builder);
  ph_value_builder_close (builder);
  add (builder, PH_VALUE_ATOM, "behind");

  const PhValue *node = ph_value_get_child (ph_value_builder_peek (builder), 1);
  g_autoptr (PhValue) copy = ph_value_copy (node);
  g_autoptr (PhValue) word = ph_value_copy (ph_value_first (node));
  memset (buffer, 'X', 3);
  ph_value_builder_reset (builder);

  g_assert_true (copy != node);
  assert_prints (copy, "(abc (\"b\"))");
  g_assert_null (ph_value_next (copy));
  g_assert_null (ph_value_next (word));
  g_assert_cmpstr (ph_value_get_data (word, NULL), ==, "abc");
  g_assert_cmpstr (ph_value_get_data (ph_value_first (ph_value_get_child (copy, 1)), NULL), ==, "b");
}

static void
test_copy_of_an_owned_node_holds_its_tree (void)
{
  g_autoptr (PhValueBuilder) builder = build_sample ();
  PhValue *tree = ph_value_copy (ph_value_builder_peek (builder));
  const PhValue *inner = ph_value_get_child (ph_value_first (tree), 3);
  g_autoptr (PhValue) held = ph_value_copy (inner);

  g_assert_true (held == inner);
  ph_value_free (tree);
  assert_prints (held, "(x NIL ())");
  /* it is the node of the tree still: its siblings are there */
  g_assert_cmpint (ph_value_get_kind (ph_value_next (held)), ==, PH_VALUE_LITERAL);
}

/* What stays in the parser's buffer while it is read must be in the copy, however deep it stands. */
static void
test_copy_holds_large_words (void)
{
  g_autofree char *large = g_strnfill (3000, 'L');
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  PhValue *copy;

  add (builder, PH_VALUE_ATOM, "BODY[]");
  ph_value_builder_open (builder);
  add (builder, PH_VALUE_ATOM, "small");
  ph_value_builder_open (builder);
  ph_value_builder_add (builder, PH_VALUE_LITERAL, large, 3000);
  add (builder, PH_VALUE_ATOM, "7");
  ph_value_builder_close (builder);
  ph_value_builder_close (builder);
  ph_value_builder_open (builder);
  ph_value_builder_close (builder);

  copy = ph_value_copy (ph_value_builder_peek (builder));
  g_assert_cmpuint (ph_value_get_footprint (ph_value_builder_peek (builder)), >, 3000);
  ph_value_builder_reset (builder);
  memset (large, 'x', 3000);

  const PhValue *word = ph_value_first (ph_value_get_child (ph_value_get_child (copy, 1), 1));
  g_autoptr (GBytes) bytes = ph_value_dup_bytes (word);
  g_assert_cmpuint (ph_value_get_length (copy), ==, 3);
  g_assert_true (ph_value_get_number (ph_value_next (word), NULL));
  ph_value_free (copy);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 3000);
  g_assert_cmpint (((const char *) g_bytes_get_data (bytes, NULL))[2999], ==, 'L');
}

/* A node of a long list finds its tree, wherever it stands, and its siblings from there. */
static void
test_nodes_of_long_lists_find_their_tree (void)
{
  for (guint n = 1; n < 300; n++)
    {
      g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
      guint left = n;

      for (guint i = 0; i < n; i++)
        {
          ph_value_builder_open (builder);
          add (builder, PH_VALUE_ATOM, "x");
          ph_value_builder_close (builder);
        }

      PhValue *node = ph_value_copy (ph_value_first (ph_value_builder_peek (builder)));
      g_assert_null (ph_value_next (node));
      ph_value_free (node);

      PhValue *tree = ph_value_copy (ph_value_builder_peek (builder));
      node = ph_value_copy (ph_value_first (tree));
      ph_value_free (tree);
      while (node != NULL)
        {
          PhValue *next = ph_value_copy (ph_value_next (node));

          ph_value_free (node);
          node = next;
          left--;
        }
      g_assert_cmpuint (left, ==, 0);
    }
}

static void
test_boxed_type_copies_and_frees (void)
{
  g_autoptr (PhValue) atom = ph_value_new_atom ("word");
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  GValue value = G_VALUE_INIT;

  g_value_init (&value, PH_TYPE_VALUE);
  g_value_set_boxed (&value, atom);
  g_assert_true (g_value_get_boxed (&value) == atom);
  g_value_unset (&value);
  g_assert_true (ph_value_is (atom, "word"));

  g_value_init (&value, PH_TYPE_VALUE_BUILDER);
  g_value_set_boxed (&value, builder);
  g_assert_true (g_value_get_boxed (&value) == builder);
  g_value_unset (&value);
}

static void
test_digits_that_fit_are_a_number (void)
{
  static const struct {
    const char *word;
    gboolean    is_number;
    guint64     number;
  } cases[] = {
    { "0", TRUE, 0 },
    { "7", TRUE, 7 },
    { "007", TRUE, 7 },
    { "4294967296", TRUE, G_GUINT64_CONSTANT (4294967296) },
    { "9223372036854775808", TRUE, G_GUINT64_CONSTANT (9223372036854775808) },
    { "18446744073709551615", TRUE, G_MAXUINT64 },
    { "18446744073709551616", FALSE, 0 },
    { "18446744073709551620", FALSE, 0 },
    { "99999999999999999999", FALSE, 0 },
    { "000000000000000000000000000018446744073709551615", TRUE, G_MAXUINT64 },
    { "000000000000000000000000000018446744073709551616", FALSE, 0 },
    { "", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "1:2", FALSE, 0 },
    { "12x", FALSE, 0 },
    { "/", FALSE, 0 },
    { ":", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhValue) value = ph_value_new_atom (cases[i].word);
      guint64 number = 99;

      g_assert_cmpint (ph_value_get_kind (value), ==, cases[i].is_number ? PH_VALUE_NUMBER : PH_VALUE_ATOM);
      g_assert_cmpint (ph_value_get_number (value, &number), ==, cases[i].is_number);
      g_assert_cmpuint (number, ==, cases[i].number);
      g_assert_cmpstr (ph_value_get_data (value, NULL), ==, cases[i].word);
    }

  g_autofree char *zeros = g_strnfill (100000, '0');
  g_autoptr (PhValue) many = ph_value_new_atom (zeros);
  gsize length;
  ph_value_get_data (many, &length);
  g_assert_cmpuint (length, ==, 100000);

  g_autoptr (PhValue) string = ph_value_new_string ("12");
  g_assert_false (ph_value_get_number (string, NULL));
}

static void
test_null_is_nil_to_every_getter (void)
{
  gsize length = 9;
  guint64 number = 9;

  g_assert_null (ph_value_copy (NULL));
  ph_value_free (NULL);
  g_assert_cmpint (ph_value_get_kind (NULL), ==, PH_VALUE_NIL);
  g_assert_true (ph_value_is_nil (NULL));
  g_assert_null (ph_value_get_data (NULL, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_null (ph_value_dup_text (NULL));
  g_assert_null (ph_value_dup_bytes (NULL));
  g_assert_false (ph_value_get_number (NULL, &number));
  g_assert_cmpuint (number, ==, 0);
  g_assert_false (ph_value_is (NULL, "NIL"));
  g_assert_cmpuint (ph_value_get_length (NULL), ==, 0);
  g_assert_null (ph_value_get_child (NULL, 0));
  g_assert_null (ph_value_first (NULL));
  g_assert_null (ph_value_next (NULL));
  g_assert_cmpuint (ph_value_get_footprint (NULL), ==, 0);
  assert_prints (NULL, "NIL");
}

static void
test_words_compare_in_either_case (void)
{
  g_autoptr (PhValue) word = ph_value_new_string ("FLAGS[é]@");

  g_assert_true (ph_value_is (word, "FLAGS[é]@"));
  g_assert_true (ph_value_is (word, "flags[é]@"));
  g_assert_false (ph_value_is (word, "flags{é}@"));
  g_assert_false (ph_value_is (word, "flags[é]`"));
  g_assert_false (ph_value_is (word, "flags[É]@"));
  g_assert_false (ph_value_is (word, "flags"));
  g_assert_false (ph_value_is (word, "flags[é]@@"));
  g_assert_false (ph_value_is (word, ""));

  g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);
  g_autoptr (PhValue) literal = ph_value_new_bytes (bytes);
  g_assert_false (ph_value_is (literal, "a"));
  g_autoptr (PhValue) empty = ph_value_new_string ("");
  g_assert_true (ph_value_is (empty, ""));
}

static void
test_text_is_repaired_and_bytes_are_not (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("gr\xfc\xdf\0e", 6);
  g_autoptr (PhValue) value = ph_value_new_bytes (bytes);
  g_autofree char *text = ph_value_dup_text (value);
  g_autoptr (GBytes) out = ph_value_dup_bytes (value);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpstr (text, ==, "gr\357\277\275\357\277\275\357\277\275e");
  g_assert_true (g_bytes_equal (bytes, out));
}

static void
test_large_bytes_hold_the_tree_and_small_ones_do_not (void)
{
  g_autofree char *large = g_strnfill (5000, 'x');
  PhValue *owned = ph_value_new_string (large);
  const char *data = ph_value_get_data (owned, NULL);
  g_autoptr (GBytes) bytes = ph_value_dup_bytes (owned);

  g_assert_true (g_bytes_get_data (bytes, NULL) == data);
  ph_value_free (owned);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), large, 5000);

  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  add (builder, PH_VALUE_STRING, large);
  g_autoptr (GBytes) copied = ph_value_dup_bytes (ph_value_first (ph_value_builder_peek (builder)));
  g_assert_true (g_bytes_get_data (copied, NULL) != large);
  ph_value_builder_reset (builder);
  memset (large, 'y', 5000);
  g_assert_cmpint (*(const char *) g_bytes_get_data (copied, NULL), ==, 'x');
}

static void
test_lists_are_made_of_copies (void)
{
  g_autoptr (PhValueBuilder) builder = build_sample ();
  const PhValue *root = ph_value_builder_peek (builder);
  g_autoptr (PhValue) number = ph_value_new_number (G_MAXUINT64);
  g_autoptr (PhValue) nil = ph_value_new_nil ();
  PhValue *items[] = { number, NULL, (PhValue *) ph_value_get_child (ph_value_first (root), 3), nil, number };
  g_autoptr (PhValue) list = ph_value_new_list (items, G_N_ELEMENTS (items));
  g_autoptr (PhValue) empty = ph_value_new_list (NULL, 0);
  PhValue *outer[] = { list, empty, list };
  g_autoptr (PhValue) nested = ph_value_new_list (outer, 3);

  ph_value_builder_reset (builder);
  assert_prints (list, "(18446744073709551615 NIL (x NIL ()) NIL 18446744073709551615)");
  assert_prints (empty, "()");
  g_assert_null (ph_value_next (ph_value_get_child (list, 4)));
  g_clear_pointer (&list, ph_value_free);
  assert_prints (nested, "((18446744073709551615 NIL (x NIL ()) NIL 18446744073709551615) () "
                         "(18446744073709551615 NIL (x NIL ()) NIL 18446744073709551615))");
}

static void
test_a_million_nested_lists_are_copied_and_freed (void)
{
  const guint depth = 1000000;
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

  for (guint i = 0; i < depth; i++)
    ph_value_builder_open (builder);
  add (builder, PH_VALUE_ATOM, "bottom");
  g_assert_cmpuint (ph_value_builder_get_depth (builder), ==, depth);

  g_autoptr (PhValue) copy = ph_value_copy (ph_value_builder_peek (builder));
  ph_value_builder_reset (builder);
  PhValue *items[] = { copy, copy };
  g_autoptr (PhValue) pair = ph_value_new_list (items, 2);

  const PhValue *node = ph_value_get_child (pair, 1);
  for (guint i = 0; i < depth; i++)
    {
      g_assert_cmpuint (ph_value_get_length (node), ==, 1);
      node = ph_value_first (node);
    }
  g_assert_true (ph_value_is (ph_value_first (node), "bottom"));

  g_autoptr (GString) text = g_string_new (NULL);
  ph_value_append_to (pair, text, 100);
  g_assert_cmpuint (text->len, <, 200);
  g_string_truncate (text, 0);
  ph_value_append_to (pair, text, G_MAXINT);
  g_assert_cmpuint (text->len, ==, 2 * (2 * (depth + 1) + strlen ("bottom")) + strlen ("( )"));
}

/* A random tree, and the same as text: what is read back must say the same, from the transient tree and from its copy. */
static void
test_random_trees_read_back_as_built (void)
{
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GString) expected = g_string_new ("(");
      guint depth = 0;
      gboolean first = TRUE;

      ph_value_builder_reset (builder);
      for (int n = g_test_rand_int_range (0, 400); n > 0; n--)
        {
          int choice = g_test_rand_int_range (0, 5);
          if (choice == 4 && depth == 0)
            continue;
          if (choice == 4)
            {
              ph_value_builder_close (builder);
              g_string_append_c (expected, ')');
              depth--;
              first = FALSE;
              continue;
            }
          if (!first)
            g_string_append_c (expected, ' ');
          first = choice == 3;
          if (choice == 0)
            ph_value_builder_add (builder, PH_VALUE_NIL, NULL, 0);
          else if (choice == 1)
            add (builder, PH_VALUE_ATOM, "word");
          else if (choice == 2)
            add (builder, PH_VALUE_STRING, "");
          else
            ph_value_builder_open (builder), depth++;
          g_string_append (expected, choice == 0 ? "NIL" : choice == 1 ? "word" : choice == 2 ? "\"\"" : "(");
        }
      for (; depth > 0; depth--)
        g_string_append_c (expected, ')');
      g_string_append_c (expected, ')');

      g_autoptr (GString) built = g_string_new (NULL);
      g_autoptr (GString) copied = g_string_new (NULL);
      const PhValue *root = ph_value_builder_peek (builder);
      g_autoptr (PhValue) copy = ph_value_copy (root);
      ph_value_append_to (root, built, G_MAXINT);
      ph_value_append_to (copy, copied, G_MAXINT);
      g_assert_cmpstr (built->str, ==, expected->str);
      g_assert_cmpstr (copied->str, ==, expected->str);
    }
}

static gpointer
copy_and_free (gpointer data)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (PhValue) copy = ph_value_copy (data);
      g_assert_true (ph_value_is (ph_value_first (copy), "shared"));
    }
  return NULL;
}

static void
test_threads_share_an_owned_tree (void)
{
  g_autoptr (PhValue) atom = ph_value_new_atom ("shared");
  g_autoptr (PhValue) list = ph_value_new_list (&atom, 1);
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", copy_and_free, list);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_prints (list, "(shared)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/value/builder-makes-the-tree", test_builder_makes_the_tree);
  g_test_add_func ("/value/builder-closes-what-is-open", test_builder_closes_what_is_open);
  g_test_add_func ("/value/builder-is-empty-at-first-and-after-reset", test_builder_is_empty_at_first_and_after_reset);
  g_test_add_func ("/value/copy-of-a-transient-node-stands-alone", test_copy_of_a_transient_node_stands_alone);
  g_test_add_func ("/value/copy-of-an-owned-node-holds-its-tree", test_copy_of_an_owned_node_holds_its_tree);
  g_test_add_func ("/value/copy-holds-large-words", test_copy_holds_large_words);
  g_test_add_func ("/value/nodes-of-long-lists-find-their-tree", test_nodes_of_long_lists_find_their_tree);
  g_test_add_func ("/value/boxed-type-copies-and-frees", test_boxed_type_copies_and_frees);
  g_test_add_func ("/value/digits-that-fit-are-a-number", test_digits_that_fit_are_a_number);
  g_test_add_func ("/value/null-is-nil-to-every-getter", test_null_is_nil_to_every_getter);
  g_test_add_func ("/value/words-compare-in-either-case", test_words_compare_in_either_case);
  g_test_add_func ("/value/text-is-repaired-and-bytes-are-not", test_text_is_repaired_and_bytes_are_not);
  g_test_add_func ("/value/large-bytes-hold-the-tree-and-small-ones-do-not", test_large_bytes_hold_the_tree_and_small_ones_do_not);
  g_test_add_func ("/value/lists-are-made-of-copies", test_lists_are_made_of_copies);
  g_test_add_func ("/value/a-million-nested-lists-are-copied-and-freed", test_a_million_nested_lists_are_copied_and_freed);
  g_test_add_func ("/value/random-trees-read-back-as-built", test_random_trees_read_back_as_built);
  g_test_add_func ("/value/threads-share-an-owned-tree", test_threads_share_an_owned_tree);

  return g_test_run ();
}
