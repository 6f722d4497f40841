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
begin_as (Fixture *fixture, const char *user, const char *authorization, PhSaslNeeds kinds, gboolean secure)
{
  const PhSaslDialogueSetup setup = { .policy = fixture->policy, .service = "imap", .host = HOST, .user = user,
                                      .authorization = authorization, .kinds = kinds, .secure = secure };

  g_clear_pointer (&fixture->dialogue, ph_sasl_dialogue_free);
  fixture->dialogue = ph_sasl_dialogue_new (&setup);
}

static void
begin (Fixture *fixture, const char *user, PhSaslNeeds kinds, gboolean secure)
{
  begin_as (fixture, user, NULL, kinds, secure);
}

static void
begin_bound (Fixture *fixture)
{
  g_autoptr (GBytes) binding = g_bytes_new_static ("0123", 4);

  begin (fixture, "alice", PASSWORD, TRUE);
  ph_sasl_dialogue_add_binding (fixture->dialogue, "tls-exporter", binding);
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

/* What is chosen, one after the other, where the server will have none of them */
static void
assert_order (Fixture *fixture, const char *offered, const char *expected)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "not this one");
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
  assert_order (fixture, all, "X-BOUND X-MUTUAL X-MUTUAL-LOW X-HIDES X-PLAIN X-OLD-MUTUAL X-OLD X-OLD-PLAIN *");
  begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, all, "X-MUTUAL X-MUTUAL-LOW X-HIDES X-PLAIN X-OLD-MUTUAL X-OLD X-OLD-PLAIN *");
  begin (fixture, "alice", PASSWORD | PH_SASL_NEEDS_CERTIFICATE, TRUE);
  assert_order (fixture, "X-PLAIN X-CERTIFICATE X-MUTUAL", "X-CERTIFICATE X-MUTUAL X-PLAIN");
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
refuse (Fixture *fixture, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  ph_security_policy_set_refused_mechanisms (fixture->policy, (const char *const *) list);
}

static void
test_policy_refuses (Fixture *fixture, gconstpointer data)
{
  refuse (fixture, "x-old* *-LOW");
  assert_order (fixture, "X-OLD X-OLD-PLAIN X-MUTUAL-LOW X-PLAIN *", "X-PLAIN *");

  /* even where it is named; and "*" is the login command's name, not all names */
  refuse (fixture, "* X-OLD");
  allow (fixture, "X-OLD X-PLAIN *");
  begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "X-OLD X-PLAIN *", "X-PLAIN");
  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X-OLD", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-OLD (refused by the policy)");
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, "z-known");

  g_assert_cmpstr (missing, ==, "the library lacks its module \"z\"");
  g_assert_null (ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, "Z-FOUND"));
  g_assert_null (ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, "Z-OTHER"));
  g_assert_null (choose (fixture, "Z-KNOWN Z-OTHER", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "Z-KNOWN (not installed: the library lacks its module \"z\"), Z-OTHER (not installed)");
  assert_order (fixture, "Z-KNOWN Z-FOUND", "Z-FOUND");
}

static void
test_acts_as_another (Fixture *fixture, gconstpointer data)
{
  begin_as (fixture, "alice", "bob", PASSWORD, TRUE);
  g_assert_cmpstr (choose (fixture, "X-MUTUAL X-PLAIN *", NULL), ==, "X-PLAIN");
  g_assert_cmpstr (ph_sasl_context_get_authorization (ph_sasl_dialogue_get_context (fixture->dialogue)), ==, "bob");

  begin_as (fixture, "alice", "bob", PASSWORD, TRUE);
  g_assert_null (choose (fixture, "X-MUTUAL *", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-MUTUAL, a login command (can't act as another than who logs in)");

  begin_as (fixture, "alice", "alice", PASSWORD, TRUE);
  g_assert_cmpstr (choose (fixture, "X-MUTUAL *", NULL), ==, "X-MUTUAL");
}

static void
test_by_name_only (Fixture *fixture, gconstpointer data)
{
  g_assert_null (choose (fixture, "X-NOBODY X-SHY", NULL));
  assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-SHY, X-NOBODY (only when asked for by name)");

  allow (fixture, "X-NOBODY X-SHY");
  assert_order (fixture, "X-SHY X-NOBODY", "X-NOBODY X-SHY");

  /* nor is a sign needed that there is a certificate or a ticket */
  allow (fixture, "X-CERTIFICATE X-TICKET X-TOKEN");
  begin (fixture, "alice", PASSWORD, TRUE);
  assert_order (fixture, "X-TOKEN X-TICKET X-CERTIFICATE", "X-CERTIFICATE X-TICKET");
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

  /* an offer that only looks like one */
  begin_bound (fixture);
  choose (fixture, "X-MUTUAL OTHER-PLUS", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - tls-exporter");

  /* offered, and ruled out */
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

/* A server may not know every type; and one that refuses them all is told that it could have been bound to. */
static void
test_binding_types (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "no");
  g_autoptr (GBytes) other = g_bytes_new_static ("4567", 4);

  begin_bound (fixture);
  ph_sasl_dialogue_add_binding (fixture->dialogue, "tls-server-end-point", other);
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-exporter");
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-server-end-point");
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
  g_assert_null (choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal));
}

static void
add_another (PhSaslDialogue *dialogue, gpointer n_asked)
{
  g_autoptr (GBytes) other = g_bytes_new_static ("4567", 4);

  if ((*(guint *) n_asked)++ == 0)
    ph_sasl_dialogue_add_binding (dialogue, "tls-server-end-point", other);
}

/* What the server may never want is not computed beforehand. */
static void
test_later_bindings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "no");
  guint n_asked = 0;

  begin_bound (fixture);
  ph_sasl_dialogue_set_more_bindings (fixture->dialogue, add_another, &n_asked);
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-exporter");
  g_assert_cmpint (n_asked, ==, 0);
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-server-end-point");
  g_assert_cmpint (n_asked, ==, 1);
  choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
  g_assert_cmpint (n_asked, ==, 2);
  g_assert_null (choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal));
}

static void
lose_binding (Fixture *fixture, const char *offered)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "bad protocol / cancel");
  g_autoptr (GBytes) other = g_bytes_new_static ("4567", 4);

  begin_bound (fixture);
  ph_sasl_dialogue_add_binding (fixture->dialogue, "tls-server-end-point", other);
  choose (fixture, offered, NULL);
  for (int i = 0; i < 2; i++)
    {
      give_credentials (fixture);
      assert_response (fixture, NULL, i == 0 ? "X-MUTUAL-PLUS 0 - tls-exporter" : "X-MUTUAL-PLUS 0 - tls-server-end-point");
      assert_response (fixture, "salt", i == 0 ? "X-MUTUAL-PLUS 1 salt tls-exporter" : "X-MUTUAL-PLUS 1 salt tls-server-end-point");
      choose (fixture, offered, refusal);
    }
  give_credentials (fixture);
}

/* What Cyrus IMAP 3.6 does in TLS 1.3: each binding is refused behind the proof. Whoever could be in between could have had the password by
 * offering PLAIN alone; where the policy never shows it, the server is told the truth. */
static void
test_lost_binding (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "bad protocol / cancel");
  g_autoptr (PhReply) wrong = ph_reply_new (PH_STATUS_NO, 0, "authentication failure");

  lose_binding (fixture, "X-PLAIN X-MUTUAL X-MUTUAL-PLUS");
  assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  assert_response (fixture, "salt", "X-MUTUAL 1 salt unbound");
  g_assert_null (choose (fixture, "X-PLAIN X-MUTUAL X-MUTUAL-PLUS", wrong));
  assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-MUTUAL-PLUS, then X-MUTUAL-PLUS, then X-MUTUAL: NO authentication failure");
  g_assert_null (strstr (fixture->error->message, "bound to the channel"));

  lose_binding (fixture, "X-MUTUAL X-MUTUAL-PLUS");
  assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
  g_assert_null (choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal));
  assert_error (fixture, PH_ERROR_AUTHENTICATION, "bound to the channel the login is refused as well");

  ph_security_policy_set_refused_mechanisms (fixture->policy, (const char *const[]){ "X-PLAIN", NULL });
  lose_binding (fixture, "X-PLAIN X-MUTUAL X-MUTUAL-PLUS");
  assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
}

/* ---- refusals and failures ---- */

static void
assert_refusal (Fixture *fixture, PhReply *reply, PhError code, const char *words)
{
  begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_cmpstr (choose (fixture, "X-MUTUAL", NULL), ==, "X-MUTUAL");
  g_assert_null (choose (fixture, "X-MUTUAL", reply));
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
  assert_refusal (fixture, wrong, PH_ERROR_AUTHENTICATION, HOST " refused the login of alice by X-MUTUAL: 535 ");
  assert_refusal (fixture, later, PH_ERROR_THROTTLED, "try again");
  assert_refusal (fixture, expired, PH_ERROR_EXPIRED, "password expired");

  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  choose (fixture, "X-MUTUAL X-PLAIN", wrong);
  g_assert_null (choose (fixture, "X-MUTUAL X-PLAIN", wrong));
  assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-MUTUAL, then X-PLAIN: 535 ");
}

/* The server has got a proof of @steps answers by X-MUTUAL, and refuses. What is tried then, NULL for nothing */
static const char *
refuse_after (Fixture *fixture, guint steps, PhStatus status, int code, const char *response_code, const char *text)
{
  g_autoptr (PhReply) refusal = ph_reply_new (status, code, text);

  if (response_code != NULL)
    ph_reply_set_response_code (refusal, response_code, NULL);
  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  give_credentials (fixture);
  assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  if (steps > 1)
    assert_response (fixture, "more?", "X-MUTUAL 1 more? unbound");
  return choose (fixture, "X-MUTUAL X-PLAIN", refusal);
}

/* A wrong password is wrong with each mechanism; a mechanism that can't be used says nothing of the password. */
static void
test_what_is_refused (Fixture *fixture, gconstpointer data)
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
        assert_error (fixture, cases[i].refused != 0 ? PH_ERROR_AUTHENTICATION : PH_ERROR_THROTTLED, cases[i].text);
    }
}

/* What has nothing to do with the password may still be tried. */
static void
test_other_secret (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) wrong = ph_reply_new (PH_STATUS_NO, 535, "5.7.8 no");

  begin (fixture, "alice", PASSWORD | PH_SASL_NEEDS_CERTIFICATE, TRUE);
  choose (fixture, "X-CERTIFICATE X-PLAIN X-HIDES", NULL);
  assert_response (fixture, NULL, "X-CERTIFICATE 0 - unbound");
  g_assert_cmpstr (choose (fixture, "X-CERTIFICATE X-PLAIN X-HIDES", wrong), ==, "X-HIDES");
  g_assert_cmphex (ph_sasl_dialogue_take_refused (fixture->dialogue), ==, PH_SASL_NEEDS_CERTIFICATE);
  give_credentials (fixture);
  assert_response (fixture, "?", "X-HIDES 0 ? unbound");
  g_assert_null (choose (fixture, "X-CERTIFICATE X-PLAIN X-HIDES", wrong));
  assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-CERTIFICATE, then X-HIDES: 535");
}

/* ---- tokens ---- */

static void
give_token (Fixture *fixture, const char *token)
{
  g_autoptr (PhSecret) secret = ph_secret_new (token);

  ph_sasl_context_set_token (ph_sasl_dialogue_get_context (fixture->dialogue), secret);
}

static void
test_fresh_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "token expired");

  begin (fixture, "alice", PH_SASL_NEEDS_TOKEN, TRUE);
  choose (fixture, "X-TOKEN", NULL);
  give_token (fixture, "stale");
  g_assert_true (ph_sasl_dialogue_check_credentials (fixture->dialogue));
  assert_response (fixture, NULL, "X-TOKEN 0 - unbound");
  ph_sasl_context_set_refusal (ph_sasl_dialogue_get_context (fixture->dialogue), "status invalid_token");

  g_assert_cmpstr (choose (fixture, "X-TOKEN", refusal), ==, "X-TOKEN");
  g_assert_cmphex (ph_sasl_dialogue_take_refused (fixture->dialogue), ==, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN);
  g_assert_null (ph_sasl_context_get_token (ph_sasl_dialogue_get_context (fixture->dialogue)));
  give_token (fixture, "stale");
  g_assert_false (ph_sasl_dialogue_check_credentials (fixture->dialogue));
  give_token (fixture, "fresh");
  g_assert_true (ph_sasl_dialogue_check_credentials (fixture->dialogue));
  assert_response (fixture, NULL, "X-TOKEN 0 - unbound");

  /* once is enough */
  g_assert_null (choose (fixture, "X-TOKEN", refusal));
  assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-TOKEN, then X-TOKEN: NO token expired");
}

static void
test_no_fresh_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "token expired");

  begin (fixture, "alice", PH_SASL_NEEDS_TOKEN, TRUE);
  choose (fixture, "X-TOKEN", NULL);
  give_token (fixture, "stale");
  assert_response (fixture, NULL, "X-TOKEN 0 - unbound");
  ph_sasl_context_set_refusal (ph_sasl_dialogue_get_context (fixture->dialogue), "status invalid_token");
  choose (fixture, "X-TOKEN", refusal);
  ph_sasl_dialogue_lacks (fixture->dialogue, NULL);
  g_assert_null (choose (fixture, "X-TOKEN", NULL));
  assert_error (fixture, PH_ERROR_AUTHENTICATION, "refused the login of alice by X-TOKEN: NO token expired (status invalid_token)");
}

/* A source that promised a password and has none may have a token, and where it has neither, there may be a ticket. */
static void
test_source_lacks (Fixture *fixture, gconstpointer data)
{
  const char *all = "X-MUTUAL X-PLAIN X-TOKEN X-TICKET";
  g_autoptr (GError) nothing = g_error_new (PH_ERROR, PH_ERROR_NO_CREDENTIALS, "the keyring is empty");

  begin (fixture, "alice", PASSWORD | PH_SASL_NEEDS_TOKEN, TRUE);
  g_assert_cmpstr (choose (fixture, all, NULL), ==, "X-MUTUAL");
  ph_sasl_dialogue_lacks (fixture->dialogue, nothing);
  g_assert_cmpstr (choose (fixture, all, NULL), ==, "X-TOKEN");
  ph_sasl_dialogue_lacks (fixture->dialogue, nothing);
  g_assert_cmpstr (choose (fixture, all, NULL), ==, "X-TICKET");

  begin (fixture, "alice", PASSWORD, TRUE);
  choose (fixture, "X-MUTUAL X-PLAIN", NULL);
  ph_sasl_dialogue_lacks (fixture->dialogue, nothing);
  g_assert_null (choose (fixture, "X-MUTUAL X-PLAIN", NULL));
  assert_error (fixture, PH_ERROR_NO_CREDENTIALS, "the keyring is empty");
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
  DIALOGUE_TEST ("never-takes-what-the-policy-refuses", test_policy_refuses);
  DIALOGUE_TEST ("says-which-module-is-missing", test_missing);
  DIALOGUE_TEST ("acts-as-another-by-those-that-can", test_acts_as_another);
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
  DIALOGUE_TEST ("tries-each-type-of-binding", test_binding_types);
  DIALOGUE_TEST ("computes-bindings-when-wanted", test_later_bindings);
  DIALOGUE_TEST ("goes-on-unbound-where-nothing-is-lost-by-it", test_lost_binding);
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
