/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees as they are given to a writer, and every call of its interface. */
#include "recording-writer.h"

#include <string.h>

static void
assert_wrote (PhWriter *writer, const char *expected)
{
  g_autofree char *record = recording_writer_take (writer);

  g_assert_cmpstr (record, ==, expected);
}

static void
test_every_call_reaches_the_writer (void)
{
  g_autoptr (PhWriter) writer = recording_writer_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autoptr (PhSecret) secret = ph_secret_new ("x");
  g_autoptr (PhBody) body = ph_body_new_for_bytes (bytes);

  ph_writer_atom (writer, "UID");
  ph_writer_string (writer, "a b");
  ph_writer_mailbox (writer, "Entwürfe");
  ph_writer_number (writer, G_MAXUINT64);
  ph_writer_bytes (writer, bytes);
  ph_writer_body (writer, body);
  ph_writer_secret (writer, secret);
  ph_writer_line (writer, "NOOP");
  ph_writer_open (writer);
  ph_writer_close (writer);
  ph_writer_fail (writer, g_error_new_literal (PH_ERROR, PH_ERROR_BODY, "x"));
  assert_wrote (writer, "atom UID; string a b; mailbox Entwürfe; number 18446744073709551615; bytes 3; body 3; secret; "
                        "line NOOP; open; close; fail 31");
  g_assert_cmpint (PH_ERROR_BODY, ==, 31);
}

static void
test_each_kind_of_value_is_written_as_what_it_is (void)
{
  g_autoptr (PhWriter) writer = recording_writer_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);
  g_autoptr (PhValue) atom = ph_value_new_atom ("\\Seen");
  g_autoptr (PhValue) number = ph_value_new_number (12);
  g_autoptr (PhValue) zero = ph_value_new_number (0);
  g_autoptr (PhValue) padded = ph_value_new_atom ("007");
  g_autoptr (PhValue) string = ph_value_new_string ("");
  g_autoptr (PhValue) raw = ph_value_new_string ("\xff");
  g_autoptr (PhValue) literal = ph_value_new_bytes (bytes);
  g_autoptr (PhValue) nil = ph_value_new_nil ();
  g_autoptr (PhValue) empty = ph_value_new_list (NULL, 0);
  PhValue *items[] = { atom, empty, number, zero, padded, string, raw, literal, nil };
  g_autoptr (PhValue) list = ph_value_new_list (items, G_N_ELEMENTS (items));
  PhValue *outer[] = { list, empty };
  g_autoptr (PhValue) tree = ph_value_new_list (outer, 2);

  ph_writer_value (writer, tree);
  assert_wrote (writer, "open; open; atom \\Seen; open; close; number 12; number 0; atom 007; string ; bytes 1; bytes 3; atom NIL; "
                        "close; open; close; close");
  ph_writer_value (writer, empty);
  assert_wrote (writer, "open; close");
  ph_writer_value (writer, NULL);
  assert_wrote (writer, "atom NIL");
  /* a node's siblings are not part of it */
  ph_writer_value (writer, ph_value_first (list));
  assert_wrote (writer, "atom \\Seen");
}

static void
test_words_of_a_transient_tree_end_where_they_end (void)
{
  g_autoptr (PhWriter) writer = recording_writer_new ();
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  const char *text = "FLAGSmore\0stuff";

  ph_value_builder_add (builder, PH_VALUE_ATOM, text, 5);
  ph_value_builder_add (builder, PH_VALUE_STRING, text + 5, 2);
  ph_value_builder_add (builder, PH_VALUE_ATOM, text, 15);
  ph_value_builder_add (builder, PH_VALUE_STRING, text, 15);
  ph_writer_value (writer, ph_value_builder_peek (builder));
  assert_wrote (writer, "open; atom FLAGS; string mo; fail 1; bytes 15; close");
  g_assert_cmpint (PH_ERROR_INVALID_ARGUMENT, ==, 1);
}

static void
test_a_deep_tree_is_walked_without_recursion (void)
{
  const guint depth = 100000;
  g_autoptr (PhWriter) writer = recording_writer_new ();
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

  for (guint i = 1; i < depth; i++)
    ph_value_builder_open (builder);
  ph_writer_value (writer, ph_value_builder_peek (builder));
  g_autofree char *record = recording_writer_take (writer);
  g_assert_cmpuint (strlen (record), ==, depth * strlen ("open; close; ") - strlen ("; "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/writer/every-call-reaches-the-writer", test_every_call_reaches_the_writer);
  g_test_add_func ("/writer/each-kind-of-value-is-written-as-what-it-is", test_each_kind_of_value_is_written_as_what_it_is);
  g_test_add_func ("/writer/words-of-a-transient-tree-end-where-they-end", test_words_of_a_transient_tree_end_where_they_end);
  g_test_add_func ("/writer/a-deep-tree-is-walked-without-recursion", test_a_deep_tree_is_walked_without_recursion);

  return g_test_run ();
}
