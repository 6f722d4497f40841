/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which mechanism is chosen, in which order after refusals, and why others are not. */
#include "dialogue.h"

#include <string.h>

/* What is chosen, one after the other, where the server will have none of them */
static void
assert_order (Dialogue *fixture, const char *offered, const char *expected)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "not this one");
  g_autoptr (GString) chosen = g_string_new (NULL);
  PhReply *reply = NULL;
  const char *name;

  while ((name = dialogue_choose (fixture, offered, reply)) != NULL)
    {
      g_string_append_printf (chosen, "%s%s", chosen->len > 0 ? " " : "", name);
      reply = refusal;
    }

  g_assert_cmpstr (chosen->str, ==, expected);
}

/* ---- order ---- */

static void
test_strength (Dialogue *fixture, gconstpointer data)
{
  const char *all = "X-OLD-PLAIN X-OLD X-OLD-MUTUAL X-PLAIN X-HIDES X-MUTUAL-LOW X-MUTUAL X-BOUND * X-NOBODY X-SHY";

  dialogue_begin_bound (fixture);
  assert_order (fixture, all, "X-BOUND X-MUTUAL X-MUTUAL-LOW X-HIDES X-PLAIN X-OLD-MUTUAL X-OLD X-OLD-PLAIN *");
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, all, "X-MUTUAL X-MUTUAL-LOW X-HIDES X-PLAIN X-OLD-MUTUAL X-OLD X-OLD-PLAIN *");
  dialogue_begin (fixture, "alice", PASSWORD | PH_SASL_NEEDS_CERTIFICATE, TRUE);
  assert_order (fixture, "X-PLAIN X-CERTIFICATE X-MUTUAL", "X-CERTIFICATE X-MUTUAL X-PLAIN");
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "* X-OLD-PLAIN X-OLD", "X-OLD X-OLD-PLAIN *");
}

/* Nobody in between may read the password, so what is weak but hides it is better than nothing. */
static void
test_insecure (Dialogue *fixture, gconstpointer data)
{
  dialogue_begin (fixture, "alice", PASSWORD, FALSE);
  assert_order (fixture, "X-OLD-PLAIN X-OLD X-OLD-MUTUAL X-PLAIN *", "X-OLD-MUTUAL X-OLD");

  dialogue_begin (fixture, "alice", PASSWORD, FALSE);
  g_assert_null (dialogue_choose (fixture, "X-PLAIN X-OLD-PLAIN *", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM,
                         "offers no way to log in that can be used: X-PLAIN, X-OLD-PLAIN, a login command (would send the password as it is");
}

static void
test_policy_list (Dialogue *fixture, gconstpointer data)
{
  dialogue_allow (fixture, "x-old * X-MUTUAL X-UNKNOWN");
  assert_order (fixture, "X-BOUND X-PLAIN X-MUTUAL X-OLD *", "X-OLD * X-MUTUAL");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-PLAIN X-UNKNOWN", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-PLAIN (not among those that the policy allows)");
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-UNKNOWN (not installed)");

  /* a name in the list is no word about the channel */
  dialogue_allow (fixture, "X-PLAIN");
  dialogue_begin (fixture, "alice", PASSWORD, FALSE);
  g_assert_null (dialogue_choose (fixture, "X-PLAIN", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "would send the password");
}

static void
refuse (Dialogue *fixture, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  ph_security_policy_set_refused_mechanisms (fixture->policy, (const char *const *) list);
}

static void
test_policy_refuses (Dialogue *fixture, gconstpointer data)
{
  refuse (fixture, "x-old* *-LOW");
  assert_order (fixture, "X-OLD X-OLD-PLAIN X-MUTUAL-LOW X-PLAIN *", "X-PLAIN *");

  /* even where it is named; and "*" is the login command's name, not all names */
  refuse (fixture, "* X-OLD");
  dialogue_allow (fixture, "X-OLD X-PLAIN *");
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "X-OLD X-PLAIN *", "X-PLAIN");
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-OLD", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-OLD (refused by the policy)");
}

static void
test_missing (Dialogue *fixture, gconstpointer data)
{
  g_autofree char *missing = ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, "z-known");

  g_assert_cmpstr (missing, ==, "the library lacks its module \"z\"");
  g_assert_null (ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, "Z-FOUND"));
  g_assert_null (ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, "Z-OTHER"));
  g_assert_null (dialogue_choose (fixture, "Z-KNOWN Z-OTHER", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "Z-KNOWN (not installed: the library lacks its module \"z\"), Z-OTHER (not installed)");
  assert_order (fixture, "Z-KNOWN Z-FOUND", "Z-FOUND");
}

static void
test_acts_as_another (Dialogue *fixture, gconstpointer data)
{
  dialogue_begin_as (fixture, "alice", "bob", PASSWORD, TRUE);
  g_assert_cmpstr (dialogue_choose (fixture, "X-MUTUAL X-PLAIN *", NULL), ==, "X-PLAIN");
  g_assert_cmpstr (ph_sasl_context_get_authorization (ph_sasl_dialogue_get_context (fixture->dialogue)), ==, "bob");

  dialogue_begin_as (fixture, "alice", "bob", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL *", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-MUTUAL, a login command (can't act as another than who logs in)");

  dialogue_begin_as (fixture, "alice", "alice", PASSWORD, TRUE);
  g_assert_cmpstr (dialogue_choose (fixture, "X-MUTUAL *", NULL), ==, "X-MUTUAL");
}

static void
test_by_name_only (Dialogue *fixture, gconstpointer data)
{
  g_assert_null (dialogue_choose (fixture, "X-NOBODY X-SHY", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-SHY, X-NOBODY (only when asked for by name)");

  dialogue_allow (fixture, "X-NOBODY X-SHY");
  assert_order (fixture, "X-SHY X-NOBODY", "X-NOBODY X-SHY");

  /* nor is a sign needed that there is a certificate or a ticket */
  dialogue_allow (fixture, "X-CERTIFICATE X-TICKET X-TOKEN");
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "X-TOKEN X-TICKET X-CERTIFICATE", "X-CERTIFICATE X-TICKET");
}

static void
test_offered_oddly (Dialogue *fixture, gconstpointer data)
{
  assert_order (fixture, "x-plain X-PLAIN X-Plain", "X-PLAIN");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X\r\nPLAIN XÄ () " "A123456789A123456789A123456789A123456789A123456789A123456789A1234", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, HOST " offers no way to log in");
  g_assert_null (strstr (fixture->error->message, "123"));
}

static void
test_many_offered (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (GString) offered = g_string_new (NULL);

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (offered, "Y-%d ", i);

  g_assert_null (dialogue_choose (fixture, offered->str, NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "and 980 more");
  g_assert_cmpuint (strlen (fixture->error->message), <, 1000);
}

/* ---- credentials ---- */

static void
test_kinds (Dialogue *fixture, gconstpointer data)
{
  const char *all = "X-PLAIN X-TOKEN X-TICKET X-CERTIFICATE";

  dialogue_begin (fixture, "alice", PH_SASL_NEEDS_TOKEN, TRUE);
  assert_order (fixture, all, "X-TOKEN");
  dialogue_begin (fixture, NULL, PH_SASL_NEEDS_TICKET, TRUE);
  assert_order (fixture, all, "X-TICKET");
  dialogue_begin (fixture, NULL, PH_SASL_NEEDS_CERTIFICATE, TRUE);
  assert_order (fixture, all, "X-CERTIFICATE");
  dialogue_begin (fixture, NULL, PASSWORD | PH_SASL_NEEDS_TICKET, TRUE);
  assert_order (fixture, all, "X-TICKET X-PLAIN");
}

static void
test_nothing_at_hand (Dialogue *fixture, gconstpointer data)
{
  dialogue_begin (fixture, "alice", PH_SASL_NEEDS_NOTHING, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-PLAIN X-TOKEN", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "X-PLAIN (needs a user name and a password)");
  dialogue_assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "X-TOKEN (needs a user name and an access token)");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-TICKET", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-TICKET (needs a Kerberos ticket)");
}

int
main (int argc, char **argv)
{
  g_setenv ("POSTHORN_PLUGIN_PATH", PH_TEST_FAKES_DIR, TRUE);
  g_test_init (&argc, &argv, NULL);

  DIALOGUE_TEST ("takes-the-strongest-first", test_strength);
  DIALOGUE_TEST ("hides-the-password-where-others-listen", test_insecure);
  DIALOGUE_TEST ("keeps-to-the-policys-list-and-order", test_policy_list);
  DIALOGUE_TEST ("never-takes-what-the-policy-refuses", test_policy_refuses);
  DIALOGUE_TEST ("says-which-module-is-missing", test_missing);
  DIALOGUE_TEST ("acts-as-another-by-those-that-can", test_acts_as_another);
  DIALOGUE_TEST ("some-are-taken-by-name-only", test_by_name_only);
  DIALOGUE_TEST ("a-name-counts-once-and-only-if-it-is-one", test_offered_oddly);
  DIALOGUE_TEST ("a-long-offer-makes-no-long-error", test_many_offered);
  DIALOGUE_TEST ("takes-what-the-credentials-can-do", test_kinds);
  DIALOGUE_TEST ("says-what-is-missing", test_nothing_at_hand);

  return g_test_run ();
}
