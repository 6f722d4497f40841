/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said once a mechanism was chosen, what a refusal leads to, and what ends a login for good. */
#include "dialogue.h"

/* ---- the dialogue ---- */

static void
test_missing_secret (Dialogue *fixture, gconstpointer data)
{
  g_assert_cmpstr (dialogue_choose (fixture, "X-PLAIN", NULL), ==, "X-PLAIN");
  g_assert_cmphex (ph_sasl_dialogue_get_needs (fixture->dialogue), ==, PASSWORD);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  dialogue_assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "no password to log in to " HOST);

  dialogue_begin (fixture, "", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-PLAIN", NULL);
  dialogue_give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  dialogue_assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "no user name");
}

static void
test_flags (Dialogue *fixture, gconstpointer data)
{
  dialogue_choose (fixture, "X-MUTUAL", NULL);
  g_assert_true (ph_sasl_dialogue_is_client_first (fixture->dialogue));
  g_assert_false (ph_sasl_dialogue_may_block (fixture->dialogue));

  dialogue_begin (fixture, NULL, PH_SASL_NEEDS_TICKET, TRUE);
  dialogue_choose (fixture, "X-TICKET", NULL);
  g_assert_false (ph_sasl_dialogue_is_client_first (fixture->dialogue));
  g_assert_true (ph_sasl_dialogue_may_block (fixture->dialogue));
  g_assert_cmphex (ph_sasl_dialogue_get_needs (fixture->dialogue), ==, PH_SASL_NEEDS_TICKET);
}

static void
test_steps (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (GBytes) proof = g_bytes_new_static ("proof", 5);

  dialogue_choose (fixture, "X-MUTUAL", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  dialogue_assert_response (fixture, "more?", "X-MUTUAL 1 more? unbound");
  g_assert_true (ph_sasl_dialogue_finish (fixture->dialogue, proof, &fixture->error));
  g_assert_null (ph_sasl_dialogue_get_filter (fixture->dialogue));
}

/* Without an initial response in the protocol, the first challenge asks for it, whatever it says. */
static void
test_asked_for_first (Dialogue *fixture, gconstpointer data)
{
  dialogue_choose (fixture, "X-MUTUAL", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, "", "X-MUTUAL 0 - unbound");
  dialogue_assert_response (fixture, "", "X-MUTUAL 1  unbound");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-MUTUAL", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, "go ahead", "X-MUTUAL 0 - unbound");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-HIDES", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, "who?", "X-HIDES 0 who? unbound");
}

static void
test_login_command (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (GBytes) response = NULL;
  g_autoptr (PhSecret) cut = ph_secret_new_len ("a\0b", 3);

  g_assert_cmpstr (dialogue_choose (fixture, "*", NULL), ==, "*");
  g_assert_cmphex (ph_sasl_dialogue_get_needs (fixture->dialogue), ==, PASSWORD);
  g_assert_true (ph_sasl_dialogue_is_client_first (fixture->dialogue));
  dialogue_give_credentials (fixture);
  response = ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), "alice\0wonderland", 16);
  g_assert_true (ph_sasl_dialogue_finish (fixture->dialogue, NULL, &fixture->error));

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "*", NULL);
  ph_sasl_context_set_secret (ph_sasl_dialogue_get_context (fixture->dialogue), cut);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  dialogue_assert_error (fixture, PH_ERROR_INVALID_ARGUMENT, "NUL");
}

/* ---- refusals and failures ---- */

static void
assert_refusal (Dialogue *fixture, PhReply *reply, PhError code, const char *words)
{
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_cmpstr (dialogue_choose (fixture, "X-MUTUAL", NULL), ==, "X-MUTUAL");
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL", reply));
  dialogue_assert_error (fixture, code, words);
  g_assert_true (ph_error_get_reply (fixture->error) == reply);
}

static void
test_refusals (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) wrong = ph_reply_new (PH_STATUS_NO, 535, "5.7.8 bad credentials");
  g_autoptr (PhReply) later = ph_reply_new (PH_STATUS_NO, 454, "4.7.0 try again");
  g_autoptr (PhReply) expired = ph_reply_new (PH_STATUS_NO, 0, "password expired");

  ph_reply_set_response_code (expired, "EXPIRED", NULL);
  assert_refusal (fixture, wrong, PH_ERROR_AUTHENTICATION, HOST " refused the login of alice by X-MUTUAL: 535 ");
  assert_refusal (fixture, later, PH_ERROR_THROTTLED, "try again");
  assert_refusal (fixture, expired, PH_ERROR_EXPIRED, "password expired");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", wrong);
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-PLAIN", wrong));
  dialogue_assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-MUTUAL, then X-PLAIN: 535 ");
}

/* The server has got a proof of @steps answers by X-MUTUAL, and refuses. What is tried then, NULL for nothing */
static const char *
refuse_after (Dialogue *fixture, guint steps, PhStatus status, int code, const char *response_code, const char *text)
{
  g_autoptr (PhReply) refusal = ph_reply_new (status, code, text);

  if (response_code != NULL)
    ph_reply_set_response_code (refusal, response_code, NULL);
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  if (steps > 1)
    dialogue_assert_response (fixture, "more?", "X-MUTUAL 1 more? unbound");
  return dialogue_choose (fixture, "X-MUTUAL X-PLAIN", refusal);
}

/* A wrong password is wrong with each mechanism; a mechanism that can't be used says nothing of the password. */
static void
test_what_is_refused (Dialogue *fixture, gconstpointer data)
{
  static const struct {
    guint steps;
    PhStatus status;
    int code;
    const char *response_code, *text, *next;
    PhSaslNeeds refused;
  } cases[] = {
    { 2, PH_STATUS_NO, 535, NULL, "5.7.8 authentication failed", NULL, PASSWORD },
    { 2, PH_STATUS_NO, 535, NULL, "Incorrect authentication data", NULL, PASSWORD },
    { 2, PH_STATUS_NO, 0, "AUTHENTICATIONFAILED", "Authentication failed.", NULL, PASSWORD },
    { 2, PH_STATUS_NO, 0, NULL, "Login failed.", NULL, PASSWORD },
    /* nothing was proven yet: no such mechanism for this user, whatever the words */
    { 1, PH_STATUS_NO, 535, NULL, "5.7.8 authentication failed", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 1, PH_STATUS_NO, 0, "AUTHENTICATIONFAILED", "Authentication failed.", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_NO, 535, NULL, "5.7.8 Error: authentication failed: Invalid authentication mechanism", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_NO, 0, NULL, "Unsupported authentication mechanism.", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_BAD, 0, NULL, "what?", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_BAD, 504, NULL, "5.5.4 unrecognized", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_NO, 534, NULL, "5.7.9 too weak", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_NO, 432, NULL, "4.7.12 a password transition is needed", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_NO, 0, "PRIVACYREQUIRED", "not here", "X-PLAIN", PH_SASL_NEEDS_NOTHING },
    /* not now, whatever is tried */
    { 1, PH_STATUS_NO, 454, NULL, "4.7.0 temporary failure", NULL, PH_SASL_NEEDS_NOTHING },
    { 2, PH_STATUS_NO, 0, "UNAVAILABLE", "the database is down", NULL, PH_SASL_NEEDS_NOTHING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *next = refuse_after (fixture, cases[i].steps, cases[i].status, cases[i].code, cases[i].response_code, cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (next, ==, cases[i].next);
      g_assert_cmphex (ph_sasl_dialogue_take_refused (fixture->dialogue), ==, cases[i].refused);
      g_assert_cmphex (ph_sasl_dialogue_take_refused (fixture->dialogue), ==, PH_SASL_NEEDS_NOTHING);
      if (next == NULL)
        dialogue_assert_error (fixture, cases[i].refused != 0 ? PH_ERROR_AUTHENTICATION : PH_ERROR_THROTTLED, cases[i].text);
    }
}

/* What has nothing to do with the password may still be tried. */
static void
test_other_secret (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) wrong = ph_reply_new (PH_STATUS_NO, 535, "5.7.8 no");

  dialogue_begin (fixture, "alice", PASSWORD | PH_SASL_NEEDS_CERTIFICATE, TRUE);
  dialogue_choose (fixture, "X-CERTIFICATE X-PLAIN X-HIDES", NULL);
  dialogue_assert_response (fixture, NULL, "X-CERTIFICATE 0 - unbound");
  g_assert_cmpstr (dialogue_choose (fixture, "X-CERTIFICATE X-PLAIN X-HIDES", wrong), ==, "X-HIDES");
  g_assert_cmphex (ph_sasl_dialogue_take_refused (fixture->dialogue), ==, PH_SASL_NEEDS_CERTIFICATE);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, "?", "X-HIDES 0 ? unbound");
  g_assert_null (dialogue_choose (fixture, "X-CERTIFICATE X-PLAIN X-HIDES", wrong));
  dialogue_assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-CERTIFICATE, then X-HIDES: 535");
}

/* ---- tokens ---- */

static void
give_token (Dialogue *fixture, const char *token)
{
  g_autoptr (PhSecret) secret = ph_secret_new (token);

  ph_sasl_context_set_token (ph_sasl_dialogue_get_context (fixture->dialogue), secret);
}

static void
test_fresh_token (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "token expired");

  dialogue_begin (fixture, "alice", PH_SASL_NEEDS_TOKEN, TRUE);
  dialogue_choose (fixture, "X-TOKEN", NULL);
  give_token (fixture, "stale");
  g_assert_true (ph_sasl_dialogue_check_credentials (fixture->dialogue));
  dialogue_assert_response (fixture, NULL, "X-TOKEN 0 - unbound");
  ph_sasl_context_set_refusal (ph_sasl_dialogue_get_context (fixture->dialogue), "status invalid_token");

  g_assert_cmpstr (dialogue_choose (fixture, "X-TOKEN", refusal), ==, "X-TOKEN");
  g_assert_cmphex (ph_sasl_dialogue_take_refused (fixture->dialogue), ==, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN);
  g_assert_null (ph_sasl_context_get_token (ph_sasl_dialogue_get_context (fixture->dialogue)));
  give_token (fixture, "stale");
  g_assert_false (ph_sasl_dialogue_check_credentials (fixture->dialogue));
  give_token (fixture, "fresh");
  g_assert_true (ph_sasl_dialogue_check_credentials (fixture->dialogue));
  dialogue_assert_response (fixture, NULL, "X-TOKEN 0 - unbound");

  /* once is enough */
  g_assert_null (dialogue_choose (fixture, "X-TOKEN", refusal));
  dialogue_assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-TOKEN, then X-TOKEN: NO token expired");
}

static void
test_no_fresh_token (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "token expired");

  dialogue_begin (fixture, "alice", PH_SASL_NEEDS_TOKEN, TRUE);
  dialogue_choose (fixture, "X-TOKEN", NULL);
  give_token (fixture, "stale");
  dialogue_assert_response (fixture, NULL, "X-TOKEN 0 - unbound");
  ph_sasl_context_set_refusal (ph_sasl_dialogue_get_context (fixture->dialogue), "status invalid_token");
  dialogue_choose (fixture, "X-TOKEN", refusal);
  ph_sasl_dialogue_lacks (fixture->dialogue, NULL);
  g_assert_null (dialogue_choose (fixture, "X-TOKEN", NULL));
  dialogue_assert_error (fixture, PH_ERROR_AUTHENTICATION, "refused the login of alice by X-TOKEN: NO token expired (status invalid_token)");
}

/* A source that promised a password and has none may have a token, and where it has neither, there may be a ticket. */
static void
test_source_lacks (Dialogue *fixture, gconstpointer data)
{
  const char *all = "X-MUTUAL X-PLAIN X-TOKEN X-TICKET";
  g_autoptr (GError) nothing = g_error_new (PH_ERROR, PH_ERROR_NO_CREDENTIALS, "the keyring is empty");

  dialogue_begin (fixture, "alice", PASSWORD | PH_SASL_NEEDS_TOKEN, TRUE);
  g_assert_cmpstr (dialogue_choose (fixture, all, NULL), ==, "X-MUTUAL");
  ph_sasl_dialogue_lacks (fixture->dialogue, nothing);
  g_assert_cmpstr (dialogue_choose (fixture, all, NULL), ==, "X-TOKEN");
  ph_sasl_dialogue_lacks (fixture->dialogue, nothing);
  g_assert_cmpstr (dialogue_choose (fixture, all, NULL), ==, "X-TICKET");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  ph_sasl_dialogue_lacks (fixture->dialogue, nothing);
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-PLAIN", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "the keyring is empty");
}

static void
test_early_success (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (GBytes) proof = g_bytes_new_static ("proof", 5);

  dialogue_choose (fixture, "X-HIDES X-PLAIN", NULL);
  dialogue_give_credentials (fixture);
  g_assert_false (ph_sasl_dialogue_finish (fixture->dialogue, proof, &fixture->error));
  dialogue_assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "before X-HIDES had begun");
}

/* A server that could not prove itself gets no password by a weaker mechanism. */
static void
test_unproven (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "cancelled");

  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  g_assert_false (ph_sasl_dialogue_finish (fixture->dialogue, NULL, &fixture->error));
  dialogue_assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "no proof");
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-PLAIN", refusal));
  dialogue_assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "no proof");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-SEES-THROUGH X-PLAIN", NULL);
  dialogue_give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, NULL));
  g_assert_null (dialogue_choose (fixture, "X-SEES-THROUGH X-PLAIN", refusal));
  dialogue_assert_error (fixture, PH_ERROR_SERVER_UNPROVEN, "not the server");
}

static void
test_gives_up (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 501, "cancelled");

  g_assert_cmpstr (dialogue_choose (fixture, "X-GIVES-UP X-PLAIN", NULL), ==, "X-GIVES-UP");
  dialogue_give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, &fixture->error));
  dialogue_assert_error (fixture, PH_ERROR_NOT_SUPPORTED, "too old");
  g_assert_cmpstr (dialogue_choose (fixture, "X-GIVES-UP X-PLAIN", refusal), ==, "X-PLAIN");

  /* and where it was the last, its own words count, not the server's about the cancelling */
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  dialogue_choose (fixture, "X-GIVES-UP", NULL);
  dialogue_give_credentials (fixture);
  g_assert_null (ph_sasl_dialogue_respond (fixture->dialogue, NULL, NULL));
  g_assert_null (dialogue_choose (fixture, "X-GIVES-UP", refusal));
  dialogue_assert_error (fixture, PH_ERROR_NOT_SUPPORTED, "too old");
}

static void
test_broken_plugin (Dialogue *fixture, gconstpointer data)
{
  g_assert_cmpstr (dialogue_choose (fixture, "X-BROKEN X-PLAIN", NULL), ==, "X-PLAIN");

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-BROKEN", NULL));
  dialogue_assert_error (fixture, PH_ERROR_PLUGIN, "X-BROKEN of the plugin \"fakes\"");
}

static void
test_endless (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (GBytes) question = g_bytes_new_static ("?", 1);
  GBytes *response;
  int n = 0;

  dialogue_choose (fixture, "X-HIDES", NULL);
  dialogue_give_credentials (fixture);
  while ((response = ph_sasl_dialogue_respond (fixture->dialogue, question, &fixture->error)) != NULL && n++ < 1000)
    g_bytes_unref (response);

  g_assert_cmpint (n, ==, 32);
  dialogue_assert_error (fixture, PH_ERROR_LIMIT, "more than 32 questions");
}

static void
test_wipes (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhSaslContext) first = NULL, second = NULL;
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "no");

  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  dialogue_give_credentials (fixture);
  first = g_object_ref (ph_sasl_dialogue_get_context (fixture->dialogue));
  dialogue_choose (fixture, "X-MUTUAL X-PLAIN", refusal);
  g_assert_null (ph_sasl_context_get_secret (first));

  dialogue_give_credentials (fixture);
  second = g_object_ref (ph_sasl_dialogue_get_context (fixture->dialogue));
  g_assert_true (second != first);
  g_assert_cmpstr (ph_sasl_context_get_user (second), ==, "alice");
  ph_sasl_dialogue_forget (fixture->dialogue);
  g_assert_null (ph_sasl_context_get_secret (second));
  g_assert_null (ph_sasl_context_get_user (second));
}

int
main (int argc, char **argv)
{
  g_setenv ("POSTHORN_PLUGIN_PATH", PH_TEST_FAKES_DIR, TRUE);
  g_test_init (&argc, &argv, NULL);

  DIALOGUE_TEST ("does-not-begin-without-what-is-needed", test_missing_secret);
  DIALOGUE_TEST ("knows-how-the-mechanism-begins", test_flags);
  DIALOGUE_TEST ("counts-steps", test_steps);
  DIALOGUE_TEST ("the-first-challenge-may-ask-for-the-initial-response", test_asked_for_first);
  DIALOGUE_TEST ("gives-name-and-password-to-the-login-command", test_login_command);
  DIALOGUE_TEST ("a-refusal-keeps-the-servers-words", test_refusals);
  DIALOGUE_TEST ("a-refused-password-is-not-tried-again", test_what_is_refused);
  DIALOGUE_TEST ("another-secret-may-be-tried", test_other_secret);
  DIALOGUE_TEST ("asks-for-a-fresh-token-once", test_fresh_token);
  DIALOGUE_TEST ("sends-no-token-twice", test_no_fresh_token);
  DIALOGUE_TEST ("goes-on-where-the-source-lacks-something", test_source_lacks);
  DIALOGUE_TEST ("refuses-success-before-the-beginning", test_early_success);
  DIALOGUE_TEST ("tells-an-unproven-server-nothing-more", test_unproven);
  DIALOGUE_TEST ("goes-on-where-a-mechanism-gives-up", test_gives_up);
  DIALOGUE_TEST ("goes-on-where-a-plugin-is-broken", test_broken_plugin);
  DIALOGUE_TEST ("bounds-the-number-of-questions", test_endless);
  DIALOGUE_TEST ("forgets-secrets", test_wipes);

  return g_test_run ();
}
