/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageSet against its grammar and against a plain model. */
#include <posthorn/posthorn.h>

#include <string.h>

typedef struct {
  const char *text;
  const char *written;
  guint64 count;
} Case;

static const Case cases[] = {
  { "1", "1", 1 },
  { "1:3,7,9:*", "1:3,7,9:*", 6 },
  { "*", "*", 1 },
  { "*:*", "*", 1 },
  { "*:5", "5:*", 2 },
  { "3:1", "1:3", 3 },
  { "2,4,1,3", "1:4", 4 },
  { "1,2,3,3,2,1", "1:3", 3 },
  { "5:10,1:20", "1:20", 20 },
  { "1:20,5:10", "1:20", 20 },
  { "10:12,1:2,4,3", "1:4,10:12", 7 },
  { "4294967294", "4294967294", 1 },
  { "4294967294,*", "4294967294,*", 2 },
  { "1:4294967294", "1:4294967294", 4294967294u },
  { "007", "7", 1 },
};

static const char *const broken[] = {
  "", "0", "1,0", "0:5", "1,", ",1", "1,,2", "1:", ":1", "1:2:3", "a", "1 ,2", " 1", "1 ", "-1", "+1", "4294967296",
  "99999999999999999999999999", "1:99999999999999999999", "**", "1*", "$", "1;2", "1.5",
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (cases[i].text, &error);
      g_autofree char *written = NULL;

      g_assert_no_error (error);
      g_assert_true (ph_message_set_is_by_uid (set));
      written = ph_message_set_to_string (set);
      g_assert_cmpstr (written, ==, cases[i].written);
      g_assert_cmpuint (ph_message_set_get_count (set), ==, cases[i].count);
    }
}

static void
test_written_reads_the_same (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhMessageSet) set = ph_message_set_new_numbers (cases[i].written, NULL);
      g_autofree char *written = ph_message_set_to_string (set);

      g_assert_false (ph_message_set_is_by_uid (set));
      g_assert_cmpstr (written, ==, cases[i].written);
    }
}

static void
test_broken_is_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ph_message_set_new_from_string (broken[i], &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_empty (void)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new (FALSE);
  g_autofree char *text = ph_message_set_to_string (set);
  gsize n;
  g_autofree guint32 *values G_GNUC_UNUSED = ph_message_set_to_array (set, &n);
  guint32 first = 1, last = 1;

  ph_message_set_add (set, 0);
  ph_message_set_add_range (set, 0, 0);
  g_assert_true (ph_message_set_is_empty (set));
  g_assert_cmpstr (text, ==, "");
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (ph_message_set_get_count (set), ==, 0);
  g_assert_cmpuint (ph_message_set_get_n_ranges (set), ==, 0);
  g_assert_false (ph_message_set_contains (set, 1));
  ph_message_set_get_range (set, 0, &first, &last);
  g_assert_cmpuint (first + last, ==, 0);
}

static void
test_array (void)
{
  const guint32 expected[] = { 1, 2, 3, 7, 9, PH_MESSAGE_SET_STAR };
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("1:3,7,9:*", NULL);
  gsize n;
  g_autofree guint32 *values = ph_message_set_to_array (set, &n);

  g_assert_cmpmem (values, n * sizeof *values, expected, sizeof expected);
}

static void
test_array_is_bounded (void)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("5:4294967294", NULL);
  gsize n;
  g_autofree guint32 *values = ph_message_set_to_array (set, &n);

  g_assert_cmpuint (n, ==, 1u << 24);
  g_assert_cmpuint (values[n - 1], ==, (1u << 24) + 4);
}

/* Additions in random order, checked against a table of booleans after some of them. */
static void
test_model (void)
{
  enum { SIZE = 400 };

  for (int round = 0; round < 60; round++)
    {
      g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
      gboolean model[SIZE + 1] = { FALSE };

      for (int step = 0; step < 120; step++)
        {
          guint32 first = (guint32) g_test_rand_int_range (1, SIZE + 1);
          guint32 length = (guint32) (g_test_rand_bit () ? 0 : g_test_rand_int_range (0, 12));
          guint32 last = MIN (SIZE, first + length);
          guint64 count = 0;
          guint n_ranges = 0;

          if (g_test_rand_bit ())
            ph_message_set_add_range (set, last, first);
          else
            ph_message_set_add_range (set, first, last);
          for (guint32 i = first; i <= last; i++)
            model[i] = TRUE;
          if (g_test_rand_int_range (0, 8) != 0)
            continue;
          for (guint32 i = 1; i <= SIZE; i++)
            {
              count += model[i];
              n_ranges += model[i] && !model[i - 1];
              g_assert_cmpint (ph_message_set_contains (set, i), ==, model[i]);
            }
          g_assert_cmpuint (ph_message_set_get_count (set), ==, count);
          g_assert_cmpuint (ph_message_set_get_n_ranges (set), ==, n_ranges);
        }
    }
}

static void
add_sparse (PhMessageSet *set, guint32 n, gboolean descending)
{
  for (guint32 i = 0; i < n; i++)
    ph_message_set_add (set, 3 * (descending ? n - i : i + 1));
}

static void
test_many_sparse_values (void)
{
  for (int descending = 0; descending < 2; descending++)
    {
      g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
      g_autofree char *text = NULL;
      g_autoptr (PhMessageSet) again = NULL;

      add_sparse (set, 100000, descending);
      g_assert_cmpuint (ph_message_set_get_n_ranges (set), ==, 100000);
      g_assert_true (ph_message_set_contains (set, 299997));
      g_assert_false (ph_message_set_contains (set, 299998));
      text = ph_message_set_to_string (set);
      again = ph_message_set_new_from_string (text, NULL);
      g_assert_cmpuint (ph_message_set_get_count (again), ==, 100000);
    }
}

/* A server that repeats itself out of order makes no more than what it names. */
static void
test_repetition (void)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);

  for (guint32 i = 0; i < 200000; i++)
    ph_message_set_add (set, i % 2 == 0 ? 10 : 5);
  g_assert_cmpuint (ph_message_set_get_n_ranges (set), ==, 2);
  g_assert_cmpuint (ph_message_set_get_count (set), ==, 2);
}

/* Union and difference of sets, against bits */
static void
test_algebra (void)
{
  enum { N = 64 };

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (PhMessageSet) one = ph_message_set_new (TRUE);
      g_autoptr (PhMessageSet) other = ph_message_set_new (TRUE);
      gboolean in_one[N + 1] = { FALSE }, in_other[N + 1] = { FALSE };

      for (guint i = 0; i < 8; i++)
        {
          guint32 first = (guint32) g_test_rand_int_range (1, N + 1);
          guint32 more = (guint32) g_test_rand_int_range (0, 6);
          guint32 last = MIN (first + more, N);
          gboolean to_one = g_test_rand_bit ();

          ph_message_set_add_range (to_one ? one : other, first, last);
          for (guint32 n = first; n <= last; n++)
            (to_one ? in_one : in_other)[n] = TRUE;
        }
      if (round % 2 == 0)
        ph_message_set_add_set (one, other);
      else
        ph_message_set_remove_set (one, other);
      for (guint32 n = 1; n <= N; n++)
        g_assert_cmpint (ph_message_set_contains (one, n), ==, round % 2 == 0 ? in_one[n] || in_other[n] : in_one[n] && !in_other[n]);
    }
}

static void
test_removing_ends (void)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("1:10,20:*", NULL);
  g_autofree char *text = NULL;

  ph_message_set_remove_range (set, 5, 25);
  ph_message_set_remove_range (set, PH_MESSAGE_SET_STAR, PH_MESSAGE_SET_STAR);
  ph_message_set_add (set, 7);
  text = ph_message_set_to_string (set);
  g_assert_cmpstr (text, ==, "1:4,7,26:4294967294");
  ph_message_set_add_set (set, set);
  ph_message_set_remove_set (set, set);
  g_assert_true (ph_message_set_is_empty (set));
}

static void
test_one_uid (void)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (7);
  g_autoptr (PhMessageSet) none = ph_message_set_new_uid (0);
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, "7");
  g_assert_true (ph_message_set_is_by_uid (set));
  g_assert_true (ph_message_set_is_empty (none));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message-set/reads-every-form", test_parse);
  g_test_add_func ("/message-set/what-is-written-reads-the-same", test_written_reads_the_same);
  g_test_add_func ("/message-set/broken-text-is-refused", test_broken_is_refused);
  g_test_add_func ("/message-set/empty-set-is-empty", test_empty);
  g_test_add_func ("/message-set/array-lists-every-value", test_array);
  g_test_add_func ("/message-set/array-is-bounded", test_array_is_bounded);
  g_test_add_func ("/message-set/agrees-with-a-model", test_model);
  g_test_add_func ("/message-set/holds-many-sparse-values-in-any-order", test_many_sparse_values);
  g_test_add_func ("/message-set/repetition-costs-nothing", test_repetition);
  g_test_add_func ("/message-set/union-and-difference", test_algebra);
  g_test_add_func ("/message-set/removing-ends", test_removing_ends);
  g_test_add_func ("/message-set/one-uid", test_one_uid);
  return g_test_run ();
}
