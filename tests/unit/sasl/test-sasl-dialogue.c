/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which mechanism is chosen, in which order after refusals, and what ends a login for good. */
#include "driving/ph-sasl-dialogue.h"

#include <string.h>

#define HOST "mail.example.test"
#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)

typedef struct {
  PhSecurityPolicy *policy;
  PhSaslDialogue *dialogue;
  GError *error;
} Fixture;

static void
begin (Fixture *fixture, const char *user, PhSaslNeeds kinds, gboolean secure)
{
  g_clear_pointer (&fixture->dialogue, ph_sasl_dialogue_free);
  fixture->dialogue = ph_sasl_dialogue_new (fixture->policy, "imap", HOST, user, kinds, secure);
}

static void
begin_bound (Fixture *fixture)
{
  g_autoptr (GBytes) binding = g_bytes_new_static ("0123", 4);

  begin (fixture, "alice", PASSWORD, TRUE);
  ph_sasl_dialogue_set_binding (fixture->dialogue, "tls-exporter", binding);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->policy = ph_security_policy_new ();
  begin (fixture, "alice", PASSWORD, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->dialogue, ph_sasl_dialogue_free);
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->policy);
}

/* @offered: names with spaces between; "*" stands for the login command */
static const char *
choose (Fixture *fixture, const char *offered, PhReply *refusal)
{
  g_auto (GStrv) names = g_strsplit (offered, " ", -1);
  gboolean login_command = g_strv_contains ((const char *const *) names, "*");

  g_clear_error (&fixture->error);
  return ph_sasl_dialogue_choose (fixture->dialogue, (const char *const *) names, login_command, refusal, &fixture->error);
}

static void
allow (Fixture *fixture, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  ph_security_policy_set_mechanisms (fixture->policy, (const char *const *) list);
}

static void
assert_error (Fixture *fixture, PhError code, const char *words)
{
  g_assert_error (fixture->error, PH_ERROR, (int) code);
  g_test_message ("%s", fixture->error->message);
  g_assert_nonnull (strstr (fixture->error->message, words));
}

/* What is chosen, one after the other, where the server refuses all; as many as are tried */
static void
assert_order (Fixture *fixture, const char *offered, const char *expected)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "wrong password");
  g_autoptr (GString) chosen = g_string_new (NULL);
  PhReply *reply = NULL;
  const char *name;

  while ((name = choose (fixture, offered, reply)) != NULL)
    {
      g_string_append_printf (chosen, "%s%s", chosen->len > 0 ? " " : "", name);
      reply = refusal;
    }

  g_assert_cmpstr (chosen->str, ==, expected);
}

static void
give_credentials (Fixture *fixture)
{
  PhSaslContext *context = ph_sasl_dialogue_get_context (fixture->dialogue);
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");

  ph_sasl_context_set_secret (context, secret);
}

static void
assert_response (Fixture *fixture, const char *challenge, const char *expected)
{
  g_autoptr (GBytes) question = challenge != NULL ? g_bytes_new (challenge, strlen (challenge)) : NULL;
  g_autoptr (GBytes) response = ph_sasl_dialogue_respond (fixture->dialogue, question, &fixture->error);

  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), expected, strlen (expected));
}

/* ---- order ---- */

static void
test_strength (Fixture *fixture, gconstpointer data)
{
  const char *all = "X-OLD-PLAIN X-OLD X-OLD-MUTUAL X-PLAIN X-HIDES X-MUTUAL-LOW X-MUTUAL X-BOUND * X-NOBODY X-SHY";

  begin_bound (fixture);
  assert_order (fixture, all, "X-BOUND X-MUTUAL X-MUTUAL-LOW");
  begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, all, "X-MUTUAL X-MUTUAL-LOW X-HIDES");
  begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "X-OLD-PLAIN X-OLD X-OLD-MUTUAL X-PLAIN X-HIDES *", "X-HIDES X-PLAIN X-OLD-MUTUAL");
  begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "* X-OLD-PLAIN X-OLD", "X-OLD X-OLD-PLAIN *");
}

/* Nobody in between may read the password, so what is weak but hides it is better than nothing. */
static void
test_insecure (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "alice", PASSWORD, FALSE);
  assert_order (fixture, "X-OLD-PLAIN X-OLD X-OLD-MUTUAL X-PLAIN *", "X-OLD-MUTUAL X-OLD");

  begin (fixture, "alice", PASSWORD, FALSE);
  g_assert_null (choose (fixture, "X-PLAIN X-OLD-PLAIN *", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "offers no way to log in that can be used: X-PLAIN, X-OLD-PLAIN, a login command (would send the password as it is");
}

static void
test_policy_list (Fixture *fixture, gconstpointer data)
{
  allow (fixture, "x-old * X-MUTUAL X-UNKNOWN");
  assert_order (fixture, "X-BOUND X-PLAIN X-MUTUAL X-OLD *", "X-OLD * X-MUTUAL");

  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X-PLAIN X-UNKNOWN", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-PLAIN (not among those that the policy allows)");
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-UNKNOWN (not installed)");

  /* a name in the list is no word about the channel */
  allow (fixture, "X-PLAIN");
  begin (fixture, "alice", PASSWORD, FALSE);
  g_assert_null (choose (fixture, "X-PLAIN", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "would send the password");
}

static void
test_by_name_only (Fixture *fixture, gconstpointer data)
{
  g_assert_null (choose (fixture, "X-NOBODY X-SHY", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-SHY, X-NOBODY (only when asked for by name)");

  allow (fixture, "X-NOBODY X-SHY");
  assert_order (fixture, "X-SHY X-NOBODY", "X-NOBODY X-SHY");
}

static void
test_offered_oddly (Fixture *fixture, gconstpointer data)
{
  assert_order (fixture, "x-plain X-PLAIN X-Plain", "X-PLAIN");

  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X\r\nPLAIN XÄ () " "A123456789A123456789A123456789A123456789A123456789A123456789A1234", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, HOST " offers no way to log in");
  g_assert_null (strstr (fixture->error->message, "123"));
}

static void
test_many_offered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) offered = g_string_new (NULL);

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (offered, "Y-%d ", i);

  g_assert_null (choose (fixture, offered->str, NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "and 980 more");
  g_assert_cmpuint (strlen (fixture->error->message), <, 1000);
}

/* ---- credentials ---- */

static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  const char *all = "X-PLAIN X-TOKEN X-TICKET X-CERTIFICATE";

  begin (fixture, "alice", PH_SASL_NEEDS_TOKEN, TRUE);
  assert_order (fixture, all, "X-TOKEN");
  begin (fixture, NULL, PH_SASL_NEEDS_TICKET, TRUE);
  assert_order (fixture, all, "X-TICKET");
  begin (fixture, NULL, PH_SASL_NEEDS_CERTIFICATE, TRUE);
  assert_order (fixture, all, "X-CERTIFICATE");
  begin (fixture, NULL, PASSWORD | PH_SASL_NEEDS_TICKET, TRUE);
  assert_order (fixture, all, "X-TICKET X-PLAIN");
}

static void
test_nothing_at_hand (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "alice", PH_SASL_NEEDS_NOTHING, TRUE);
  g_assert_null (choose (fixture, "X-PLAIN X-TOKEN", NULL));
  assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "X-PLAIN (needs a user name and a password)");
  assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "X-TOKEN (needs a user name and an access token)");

  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X-TICKET", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-TICKET (needs a Kerberos ticket)");
}

static void
test_missing_secret (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (choose (fixture, "X-PLAIN", NULL), ==, "X-PLAIN");
  g_assert_cmphex (ph_sasl_dialogue_get_needs (fixture->dialogue), ==, PASSWORD);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "no password to log in to " HOST);

  begin (fixture, "", PASSWORD, TRUE);
  choose (fixture, "X-PLAIN", NULL);
  give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "no user name");
}

/* ---- the dialogue ---- */

static void
test_flags (Fixture *fixture, gconstpointer data)
{
  choose (fixture, "X-MUTUAL", NULL);
  g_assert_true (ph_sasl_dialogue_is_client_first (fixture->dialogue));
  g_assert_false (ph_sasl_dialogue_may_block (fixture->dialogue));

  begin (fixture, NULL, PH_SASL_NEEDS_TICKET, TRUE);
  choose (fixture, "X-TICKET", NULL);
  g_assert_false (ph_sasl_dialogue_is_client_first (fixture->dialogue));
  g_assert_true (ph_sasl_dialogue_may_block (fixture->dialogue));
  g_assert_cmphex (ph_sasl_dialogue_get_needs (fixture->dialogue), ==, PH_SASL_NEEDS_TICKET);
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) proof = g_bytes_new_static ("proof", 5);

  choose (fixture, "X-MUTUAL", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  assert_response (fixture, "more?", "X-MUTUAL 1 more? unbound");
  g_assert_true (ph_sasl_dialogue_finish (fixture->dialogue, proof, &fixture->error));
  g_assert_null (ph_sasl_dialogue_get_filter (fixture->dialogue));
}

/* Without an initial response in the protocol, the first challenge asks for it, whatever it says. */
static void
test_asked_for_first (Fixture *fixture, gconstpointer data)
{
  choose (fixture, "X-MUTUAL", NULL);
  give_credentials (fixture);
  assert_response (fixture, "", "X-MUTUAL 0 - unbound");
  assert_response (fixture, "", "X-MUTUAL 1  unbound");

  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-MUTUAL", NULL);
  give_credentials (fixture);
  assert_response (fixture, "go ahead", "X-MUTUAL 0 - unbound");

  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-HIDES", NULL);
  give_credentials (fixture);
  assert_response (fixture, "who?", "X-HIDES 0 who? unbound");
}

static void
test_login_command (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) response = NULL;
  g_autoptr (PhSecret) cut = ph_secret_new_len ("a\0b", 3);

  g_assert_cmpstr (choose (fixture, "*", NULL), ==, "*");
  g_assert_cmphex (ph_sasl_dialogue_get_needs (fixture->dialogue), ==, PASSWORD);
  g_assert_true (ph_sasl_dialogue_is_client_first (fixture->dialogue));
  give_credentials (fixture);
  response = ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), "alice\0wonderland", 16);
  g_assert_true (ph_sasl_dialogue_finish (fixture->dialogue, NULL, &fixture->error));

  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "*", NULL);
  ph_sasl_context_set_secret (ph_sasl_dialogue_get_context (fixture->dialogue), cut);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  assert_error (fixture, PH_ERROR_INVALID_ARGUMENT, "NUL");
}

/* "y" of RFC 5802: could bind, and nobody offered it */
static void
test_binding (Fixture *fixture, gconstpointer data)
{
  begin_bound (fixture);
  choose (fixture, "X-MUTUAL", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - tls-exporter");

  begin_bound (fixture);
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-exporter");

  /* offered, and not taken */
  allow (fixture, "X-MUTUAL");
  begin_bound (fixture);
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");

  allow (fixture, "X-MUTUAL-PLUS");
  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-MUTUAL-PLUS (there is no TLS channel to bind it to)");
}

/* ---- refusals and failures ---- */

static void
assert_refusal (Fixture *fixture, PhReply *reply, PhError code, const char *words)
{
  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_cmpstr (choose (fixture, "X-MUTUAL X-PLAIN", NULL), ==, "X-MUTUAL");
  g_assert_cmpstr (choose (fixture, "X-MUTUAL X-PLAIN", reply), ==, "X-PLAIN");
  g_assert_null (choose (fixture, "X-MUTUAL X-PLAIN", reply));
  assert_error (fixture, code, words);
  g_assert_true (ph_error_get_reply (fixture->error) == reply);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) wrong = ph_reply_new (PH_STATUS_NO, 535, "5.7.8 bad credentials");
  g_autoptr (PhReply) later = ph_reply_new (PH_STATUS_NO, 454, "4.7.0 try again");
  g_autoptr (PhReply) expired = ph_reply_new (PH_STATUS_NO, 0, "password expired");

  ph_reply_set_response_code (expired, "EXPIRED", NULL);
  assert_refusal (fixture, wrong, PH_ERROR_AUTHENTICATION, HOST " refused the login of alice by X-MUTUAL, then X-PLAIN: 535 ");
  assert_refusal (fixture, later, PH_ERROR_THROTTLED, "try again");
  assert_refusal (fixture, expired, PH_ERROR_EXPIRED, "password expired");
}

static void
test_early_success (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) proof = g_bytes_new_static ("proof", 5);

  choose (fixture, "X-HIDES X-PLAIN", NULL);
  give_credentials (fixture);
  g_assert_false (ph_sasl_dialogue_finish (fixture->dialogue, proof, &fixture->error));
  assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "before X-HIDES had begun");
}

/* A server that could not prove itself gets no password by a weaker mechanism. */
static void
test_unproven (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "cancelled");

  choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  g_assert_false (ph_sasl_dialogue_finish (fixture->dialogue, NULL, &fixture->error));
  assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "no proof");
  g_assert_null (choose (fixture, "X-MUTUAL X-PLAIN", refusal));
  assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "no proof");

  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-SEES-THROUGH X-PLAIN", NULL);
  give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, NULL));
  g_assert_null (choose (fixture, "X-SEES-THROUGH X-PLAIN", refusal));
  assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "not the server");
}

static void
test_gives_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 501, "cancelled");

  g_assert_cmpstr (choose (fixture, "X-GIVES-UP X-PLAIN", NULL), ==, "X-GIVES-UP");
  give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  assert_error (fixture, PH_ERROR_NOT_SUPPORTED, "too old");
  g_assert_cmpstr (choose (fixture, "X-GIVES-UP X-PLAIN", refusal), ==, "X-PLAIN");

  /* and where it was the last, its own words count, not the server's about the cancelling */
  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-GIVES-UP", NULL);
  give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, NULL));
  g_assert_null (choose (fixture, "X-GIVES-UP", refusal));
  assert_error (fixture, PH_ERROR_NOT_SUPPORTED, "too old");
}

static void
test_broken_plugin (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (choose (fixture, "X-BROKEN X-PLAIN", NULL), ==, "X-PLAIN");

  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X-BROKEN", NULL));
  assert_error (fixture, PH_ERROR_PLUGIN, "X-BROKEN of the plugin \"fakes\"");
}

static void
test_endless (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) question = g_bytes_new_static ("?", 1);
  GBytes *response;
  int n = 0;

  choose (fixture, "X-HIDES", NULL);
  give_credentials (fixture);
  while ((response = ph_sasl_dialogue_respond (fixture->dialogue, question, &fixture->error)) != NULL && n++ < 1000)
    g_bytes_unref (response);

  g_assert_cmpint (n, ==, 32);
  assert_error (fixture, PH_ERROR_LIMIT, "more than 32 questions");
}

static void
test_wipes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhSaslContext) first = NULL, second = NULL;
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "no");

  choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  give_credentials (fixture);
  first = g_object_ref (ph_sasl_dialogue_get_context (fixture->dialogue));
  choose (fixture, "X-MUTUAL X-PLAIN", refusal);
  g_assert_null (ph_sasl_context_get_secret (first));

  give_credentials (fixture);
  second = g_object_ref (ph_sasl_dialogue_get_context (fixture->dialogue));
  g_assert_true (second != first);
  g_assert_cmpstr (ph_sasl_context_get_user (second), ==, "alice");
  ph_sasl_dialogue_forget (fixture->dialogue);
  g_assert_null (ph_sasl_context_get_secret (second));
  g_assert_null (ph_sasl_context_get_user (second));
}

#define DIALOGUE_TEST(path, function) g_test_add ("/sasl-dialogue/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("POSTHORN_PLUGIN_PATH", PH_TEST_FAKES_DIR, TRUE);
  g_test_init (&argc, &argv, NULL);

  DIALOGUE_TEST ("takes-the-strongest-first", test_strength);
  DIALOGUE_TEST ("hides-the-password-where-others-listen", test_insecure);
  DIALOGUE_TEST ("keeps-to-the-policys-list-and-order", test_policy_list);
  DIALOGUE_TEST ("some-are-taken-by-name-only", test_by_name_only);
  DIALOGUE_TEST ("a-name-counts-once-and-only-if-it-is-one", test_offered_oddly);
  DIALOGUE_TEST ("a-long-offer-makes-no-long-error", test_many_offered);
  DIALOGUE_TEST ("takes-what-the-credentials-can-do", test_kinds);
  DIALOGUE_TEST ("says-what-is-missing", test_nothing_at_hand);
  DIALOGUE_TEST ("does-not-begin-without-what-is-needed", test_missing_secret);
  DIALOGUE_TEST ("knows-how-the-mechanism-begins", test_flags);
  DIALOGUE_TEST ("counts-steps", test_steps);
  DIALOGUE_TEST ("the-first-challenge-may-ask-for-the-initial-response", test_asked_for_first);
  DIALOGUE_TEST ("gives-name-and-password-to-the-login-command", test_login_command);
  DIALOGUE_TEST ("tells-of-the-binding-where-that-is-true", test_binding);
  DIALOGUE_TEST ("a-refusal-keeps-the-servers-words", test_refusals);
  DIALOGUE_TEST ("refuses-success-before-the-beginning", test_early_success);
  DIALOGUE_TEST ("tells-an-unproven-server-nothing-more", test_unproven);
  DIALOGUE_TEST ("goes-on-where-a-mechanism-gives-up", test_gives_up);
  DIALOGUE_TEST ("goes-on-where-a-plugin-is-broken", test_broken_plugin);
  DIALOGUE_TEST ("bounds-the-number-of-questions", test_endless);
  DIALOGUE_TEST ("forgets-secrets", test_wipes);

  return g_test_run ();
}
