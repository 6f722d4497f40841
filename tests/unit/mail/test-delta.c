/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxState and PhDelta. */
#include <posthorn/posthorn.h>

#include <string.h>

/* "3 \\Seen a;5;7 ?": UIDs with their flags, "?": unknown */
static PhMailboxState *
make_state (guint32 uid_validity, const char *text)
{
  PhMailboxState *state = ph_mailbox_state_new (uid_validity, 9);
  g_auto (GStrv) messages = g_strsplit (text, ";", -1);

  for (char **message = messages; *message != NULL; message++)
    {
      g_auto (GStrv) words = g_strsplit (*message, " ", -1);

      if (words[0] != NULL)
        ph_mailbox_state_add (state, (guint32) g_ascii_strtoull (words[0], NULL, 10),
                              g_strcmp0 (words[1], "?") == 0 ? NULL : (const char *const *) words + 1);
    }
  return state;
}

static void
assert_set (PhMessageSet *set, const char *expected)
{
  g_autofree char *text = ph_message_set_to_string (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_delta (PhMailboxState *before, PhMailboxState *now, const char *added, const char *changed, const char *vanished)
{
  g_autoptr (PhDelta) delta = ph_delta_new (before, now, PH_DELTA_SEARCH);

  assert_set (ph_delta_get_added (delta), added);
  assert_set (ph_delta_get_changed (delta), changed);
  assert_set (ph_delta_get_vanished (delta), vanished);
  g_assert_true (ph_delta_get_state (delta) == now);
}

static void
test_deltas (void)
{
  static const struct {
    const char *before, *now, *added, *changed, *vanished;
  } cases[] = {
    { "", "", "", "", "" },
    { "", "1;2 \\Seen", "1:2", "", "" },
    { "1;2;3", "", "", "", "1:3" },
    { "1;3 \\Seen;5", "1;3 \\Seen;5", "", "", "" },
    { "1;3 \\Seen;5", "3;4;5 a", "4", "3,5", "1" },
    /* flags are sets, whatever the order and the case, and \Recent is nobody's */
    { "1 \\Seen b", "1 B \\SEEN b \\Recent", "", "", "" },
    { "1 ?;2 ?;3", "1 ?;2;3 ?", "", "2:3", "" },
    { "4294967294", "4294967294 x", "", "4294967294", "" },
    /* out of order, and told twice: the last counts */
    { "5;1 a;5 b", "1 a;5 b", "", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhMailboxState) before = make_state (7, cases[i].before);
      g_autoptr (PhMailboxState) now = make_state (7, cases[i].now);

      assert_delta (before, now, cases[i].added, cases[i].changed, cases[i].vanished);
    }
}

static void
test_another_validity (void)
{
  g_autoptr (PhMailboxState) before = make_state (7, "1;2;3");
  g_autoptr (PhMailboxState) now = make_state (8, "1;2");
  g_autoptr (PhDelta) delta = ph_delta_new (before, now, PH_DELTA_QRESYNC);

  g_assert_true (ph_delta_is_reset (delta));
  g_assert_cmpint (ph_delta_get_method (delta), ==, PH_DELTA_QRESYNC);
  assert_delta (before, now, "1:2", "", "");
  assert_delta (NULL, now, "1:2", "", "");
}

static void
test_state (void)
{
  g_autoptr (PhMailboxState) state = make_state (7, "3 \\Seen b;1;9 ?;0;4294967295");
  g_autoptr (PhMessageSet) uids = ph_mailbox_state_get_uids (state);
  g_auto (GStrv) flags = ph_mailbox_state_get_flags (state, 3);
  g_auto (GStrv) none = ph_mailbox_state_get_flags (state, 1);

  g_assert_cmpuint (ph_mailbox_state_get_n_messages (state), ==, 3);
  g_assert_cmpuint (ph_mailbox_state_get_uid_validity (state), ==, 7);
  g_assert_cmpuint (ph_mailbox_state_get_mod_seq (state), ==, 9);
  assert_set (uids, "1,3,9");
  g_assert_true (g_strv_equal ((const char *const *) flags, (const char *const[]){ "\\Seen", "b", NULL }));
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_null (ph_mailbox_state_get_flags (state, 9));
  g_assert_null (ph_mailbox_state_get_flags (state, 2));
  g_assert_true (ph_mailbox_state_contains (state, 9));
  g_assert_false (ph_mailbox_state_contains (state, 2));
}

static void
test_inheriting (void)
{
  g_autoptr (PhMailboxState) known = make_state (7, "1 a;2 b;3 c;4 d");
  g_autoptr (PhMailboxState) now = make_state (7, "2 x;9");
  g_autoptr (PhMailboxState) expected = make_state (7, "2 x;3 c;5 ?;9");
  g_autoptr (PhMessageSet) only = ph_message_set_new_from_string ("1:3", NULL);
  g_autoptr (PhMessageSet) without = ph_message_set_new_from_string ("1", NULL);
  g_autoptr (PhMessageSet) missing = ph_message_set_new_from_string ("2,5,9", NULL);

  ph_mailbox_state_inherit (now, known, only, without);
  ph_mailbox_state_add_missing (now, missing);
  assert_delta (expected, now, "", "", "");
}

static void
test_bytes (void)
{
  g_autoptr (PhMailboxState) state = ph_mailbox_state_new (7, G_MAXUINT64);
  g_autoptr (PhMailboxState) copy = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *const flags[] = { "\\Seen", "Ünïcode", NULL };

  for (guint32 uid = 1; uid <= 100000; uid++)
    ph_mailbox_state_add (state, uid * 7, uid % 3 == 0 ? flags : uid % 3 == 1 ? flags + 1 : NULL);
  bytes = ph_mailbox_state_to_bytes (state);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, 8 * 100000 + 200);
  copy = ph_mailbox_state_new_from_bytes (bytes, NULL);
  g_assert_cmpuint (ph_mailbox_state_get_mod_seq (copy), ==, G_MAXUINT64);
  assert_delta (state, copy, "", "", "");

  /* cut and damaged at every place: an error or a state, and never more */
  for (gsize size = 0; size < 400; size++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, size);
      g_autoptr (GError) error = NULL;
      g_autoptr (PhMailboxState) broken = ph_mailbox_state_new_from_bytes (part, &error);

      g_assert_true ((broken == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delta/deltas", test_deltas);
  g_test_add_func ("/delta/another-validity", test_another_validity);
  g_test_add_func ("/delta/state", test_state);
  g_test_add_func ("/delta/inheriting", test_inheriting);
  g_test_add_func ("/delta/bytes", test_bytes);
  return g_test_run ();
}
