/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequence numbers to UIDs: every operation beside a plain array that does the same, in random order. */
#include "values/ph-uid-map.h"

#define N_STEPS 40000

typedef struct {
  PhUidMap *map;
  GArray *plain;  /* guint32, 0 unknown */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->map = ph_uid_map_new ();
  fixture->plain = g_array_new (FALSE, TRUE, sizeof (guint32));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ph_uid_map_free (fixture->map);
  g_array_unref (fixture->plain);
}

static guint32 *
plain_at (Fixture *fixture, guint32 number)
{
  return &g_array_index (fixture->plain, guint32, number - 1);
}

static void
assert_same (Fixture *fixture)
{
  guint32 n_known = 0;

  g_assert_cmpuint (ph_uid_map_get_count (fixture->map), ==, fixture->plain->len);
  for (guint32 number = 1; number <= fixture->plain->len; number++)
    {
      guint32 uid = *plain_at (fixture, number);

      g_assert_cmpuint (ph_uid_map_get_uid (fixture->map, number), ==, uid);
      if (uid != 0)
        g_assert_cmpuint (ph_uid_map_get_number (fixture->map, uid), ==, number);
      n_known += uid != 0;
    }
  g_assert_cmpuint (ph_uid_map_get_n_known (fixture->map), ==, n_known);
}

/* Whether @uid fits between its neighbours */
static gboolean
plain_fits (Fixture *fixture, guint32 number, guint32 uid)
{
  for (guint32 i = 1; i <= fixture->plain->len; i++)
    {
      guint32 other = *plain_at (fixture, i);

      if (other != 0 && ((i < number && other >= uid) || (i > number && other <= uid)))
        return FALSE;
    }
  return TRUE;
}

static void
learn (Fixture *fixture, guint32 number, guint32 uid)
{
  gboolean known = *plain_at (fixture, number) != 0;
  gboolean expected = known ? *plain_at (fixture, number) == uid : plain_fits (fixture, number, uid);

  g_assert_cmpint (ph_uid_map_learn (fixture->map, number, uid), ==, expected);
  if (expected)
    *plain_at (fixture, number) = uid;
}

static void
locate (Fixture *fixture, guint32 uid)
{
  gboolean exact;
  guint32 place = ph_uid_map_locate (fixture->map, uid, &exact);
  guint32 first = 0, n_candidates = 0;

  for (guint32 i = 1; i <= fixture->plain->len; i++)
    {
      guint32 other = *plain_at (fixture, i);

      if (other == uid)
        {
          g_assert_cmpuint (place, ==, i);
          g_assert_true (exact);
          return;
        }
      if (other == 0 && plain_fits (fixture, i, uid))
        {
          first = first != 0 ? first : i;
          n_candidates++;
        }
    }
  g_assert_cmpuint (place, ==, first);
  if (place != 0)
    g_assert_cmpint (exact, ==, n_candidates == 1);
}

static void
random_step (Fixture *fixture)
{
  guint32 count = fixture->plain->len;
  guint32 number = count > 0 ? (guint32) g_test_rand_int_range (1, (int) count + 1) : 0;
  int wanted = (int) count + g_test_rand_int_range (-2, 12);

  switch (g_test_rand_int_range (0, 8))
    {
    case 0:
      count = (guint32) CLAMP (wanted, 0, 300);
      ph_uid_map_set_count (fixture->map, count);
      g_array_set_size (fixture->plain, count);
      break;
    case 1:
    case 2:
      if (number == 0)
        break;
      g_assert_cmpuint (ph_uid_map_remove (fixture->map, number), ==, *plain_at (fixture, number));
      g_array_remove_index (fixture->plain, number - 1);
      break;
    case 3:
      locate (fixture, (guint32) g_test_rand_int_range (1, 4000));
      break;
    default:
      /* mostly where it can fit */
      if (number != 0)
        learn (fixture, number, (guint32) MAX ((int) number * 10 + g_test_rand_int_range (-9, 10), 1));
    }
}

static void
test_as_an_array (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_STEPS; i++)
    {
      random_step (fixture);
      if (i % 64 == 0)
        assert_same (fixture);
    }
  assert_same (fixture);
}

/* Half a million messages, of which every second goes: what is linear for each would be 10^11 steps. */
static void
test_a_great_mailbox (Fixture *fixture, gconstpointer data)
{
  const guint32 n = 500000;
  g_autoptr (PhMessageSet) uids = ph_message_set_new (TRUE);
  g_autoptr (PhMessageSet) left = NULL;

  for (guint32 i = 1; i <= n; i++)
    ph_message_set_add (uids, i * 3);
  ph_uid_map_load (fixture->map, uids);
  for (guint32 number = 1; number <= n / 2; number++)
    g_assert_cmpuint (ph_uid_map_remove (fixture->map, number), ==, (2 * number - 1) * 3);
  g_assert_cmpuint (ph_uid_map_get_count (fixture->map), ==, n / 2);
  g_assert_cmpuint (ph_uid_map_get_uid (fixture->map, n / 2), ==, n * 3);
  g_assert_cmpuint (ph_uid_map_get_number (fixture->map, n * 3), ==, n / 2);
  g_assert_cmpuint (ph_uid_map_get_known_before (fixture->map, 10), ==, 60);
  left = ph_uid_map_to_set (fixture->map);
  g_assert_cmpuint (ph_message_set_get_count (left), ==, n / 2);

  /* learned one by one, from both ends and by accident */
  ph_uid_map_forget (fixture->map);
  for (guint32 i = 0; i < n / 4; i++)
    {
      g_assert_true (ph_uid_map_learn (fixture->map, i + 1, (i + 1) * 3));
      g_assert_true (ph_uid_map_learn (fixture->map, n / 2 - i, (n / 2 - i) * 3));
    }
  g_assert_cmpuint (ph_uid_map_get_n_known (fixture->map), ==, n / 2);
}

/* As many as a server may claim: nothing is allocated for what isn't known. */
static void
test_a_claimed_mailbox (Fixture *fixture, gconstpointer data)
{
  gboolean exact;

  ph_uid_map_set_count (fixture->map, G_MAXUINT32 - 1);
  g_assert_cmpuint (ph_uid_map_get_uid (fixture->map, 4000000000u), ==, 0);
  g_assert_true (ph_uid_map_learn (fixture->map, 4000000000u, 4100000000u));
  g_assert_false (ph_uid_map_learn (fixture->map, 4000000001u, 4100000000u));
  g_assert_false (ph_uid_map_learn (fixture->map, 3, 4100000001u));
  g_assert_false (ph_uid_map_learn (fixture->map, 0, 1));
  g_assert_cmpuint (ph_uid_map_remove (fixture->map, 1), ==, 0);
  g_assert_cmpuint (ph_uid_map_get_number (fixture->map, 4100000000u), ==, 3999999999u);
  g_assert_cmpuint (ph_uid_map_locate (fixture->map, 7, &exact), ==, 1);
  g_assert_false (exact);
  ph_uid_map_set_count (fixture->map, 5);
  g_assert_cmpuint (ph_uid_map_get_n_known (fixture->map), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/uid-map/as-an-array", Fixture, NULL, set_up, test_as_an_array, tear_down);
  g_test_add ("/uid-map/a-great-mailbox", Fixture, NULL, set_up, test_a_great_mailbox, tear_down);
  g_test_add ("/uid-map/a-claimed-mailbox", Fixture, NULL, set_up, test_a_claimed_mailbox, tear_down);
  return g_test_run ();
}
