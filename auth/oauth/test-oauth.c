/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OAUTHBEARER and XOAUTH2: the messages of their examples, and what is made of refusals. */
#include "ph-sasl-peer.h"

#include <string.h>

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="

typedef struct {
  PhSaslContext *context;
  PhSaslMechanism *mechanism;
  GError *error;
} Fixture;

static void
begin (Fixture *fixture, const char *name, const char *user, const char *token, gssize length)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, name);
  g_autoptr (PhSecret) secret = ph_secret_new_len (token, length);

  g_clear_object (&fixture->context);
  g_clear_object (&fixture->mechanism);
  g_clear_error (&fixture->error);
  g_assert_nonnull (feature);
  fixture->mechanism = PH_SASL_MECHANISM (ph_registry_create (registry, feature, &fixture->error));
  g_assert_no_error (fixture->error);
  fixture->context = ph_sasl_context_new (ph_feature_info_get_name (feature), "imap", "server.example.com");
  ph_sasl_context_set_user (fixture->context, user);
  ph_sasl_context_set_token (fixture->context, secret);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->mechanism);
  g_assert_finalize_object (fixture->context);
}

static GBytes *
respond (Fixture *fixture, const char *challenge)
{
  g_autoptr (GBytes) question = challenge != NULL ? g_bytes_new (challenge, strlen (challenge)) : NULL;

  return ph_sasl_mechanism_respond (fixture->mechanism, fixture->context, question, &fixture->error);
}

static void
assert_response (Fixture *fixture, const char *challenge, const char *expected)
{
  g_autoptr (GBytes) response = respond (fixture, challenge);

  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), expected, strlen (expected));
}

static void
assert_fails (Fixture *fixture, const char *challenge, PhError code)
{
  g_clear_error (&fixture->error);
  g_assert_null (respond (fixture, challenge));
  g_assert_error (fixture->error, PH_ERROR, (int) code);
  g_assert_null (strstr (fixture->error->message, TOKEN));
}

/* RFC 7628 section 4.1 */
static void
test_bearer_example (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "oauthbearer", "user@example.com", TOKEN, -1);
  ph_sasl_context_set_port (fixture->context, 143);
  assert_response (fixture, NULL, "n,a=user@example.com,\001host=server.example.com\001port=143\001auth=Bearer " TOKEN "\001\001");
  g_assert_true (ph_sasl_mechanism_finish (fixture->mechanism, fixture->context, NULL, &fixture->error));
}

static void
test_bearer_names (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "OAUTHBEARER", NULL, TOKEN, -1);
  assert_response (fixture, NULL, "n,,\001host=server.example.com\001auth=Bearer " TOKEN "\001\001");

  begin (fixture, "OAUTHBEARER", "alice", TOKEN, -1);
  ph_sasl_context_set_authorization (fixture->context, "a,b=c");
  assert_response (fixture, NULL, "n,a=a=2Cb=3Dc,\001host=server.example.com\001auth=Bearer " TOKEN "\001\001");
}

/* Google's documentation */
static void
test_xoauth2_example (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "XOAUTH2", "someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", -1);
  assert_response (fixture, NULL, "user=someuser@example.com\001auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\001\001");
  g_assert_true (ph_sasl_mechanism_finish (fixture->mechanism, fixture->context, NULL, &fixture->error));
}

static void
assert_refusal (Fixture *fixture, const char *name, const char *json, const char *answer, const char *words)
{
  begin (fixture, name, "alice", TOKEN, -1);
  g_bytes_unref (respond (fixture, NULL));
  assert_response (fixture, json, answer);
  g_assert_cmpstr (ph_sasl_context_get_refusal (fixture->context), ==, words);
  assert_fails (fixture, json, PH_ERROR_PROTOCOL);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  /* RFC 7628 section 4.3 */
  assert_refusal (fixture, "OAUTHBEARER",
                  "{\"status\":\"invalid_token\",\"scope\":\"example_scope\","
                  "\"openid-configuration\":\"https://example.com/.well-known/openid-configuration\"}",
                  "\001", "status invalid_token, scope example_scope, openid-configuration https://example.com/.well-known/openid-configuration");
  assert_refusal (fixture, "XOAUTH2", "{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}", "",
                  "status 401, scope https://mail.google.com/, schemes bearer mac");
  assert_refusal (fixture, "XOAUTH2", "{\"status\":401}", "", "status 401");
}

/* What comes is shown to a person, or not at all. */
static void
test_odd_refusals (Fixture *fixture, gconstpointer data)
{
  g_autofree char *brackets = g_strnfill (4000, '[');
  g_autofree char *filler = g_strnfill (300, 'x');
  g_autofree char *long_word = g_strdup_printf ("{\"status\":\"%s\"}", filler);
  g_autofree char *too_long = g_strdup_printf ("{\"status\":\"a\",\"x\":\"%s%s%s%s%s%s%s%s%s%s%s%s%s%s\"}", filler, filler, filler, filler, filler,
                                               filler, filler, filler, filler, filler, filler, filler, filler, filler);
  g_autofree char *cut = g_strdup_printf ("status %.200s…", filler);

  assert_refusal (fixture, "OAUTHBEARER", "no such token", "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", "", "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", "[1, 2]", "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", "{}", "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", "{\"status\":{\"a\":1},\"scope\":null}", "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", "{\"status\":\"a\xff\"}", "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", "{\"status\":\"a\\u001b[31m\\r\\nb\"}", "\001", "status a?[31m??b");
  assert_refusal (fixture, "OAUTHBEARER", brackets, "\001", NULL);
  assert_refusal (fixture, "OAUTHBEARER", long_word, "\001", cut);
  assert_refusal (fixture, "OAUTHBEARER", too_long, "\001", NULL);
}

static void
test_success_after_refusal (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "XOAUTH2", "alice", TOKEN, -1);
  g_bytes_unref (respond (fixture, NULL));
  g_bytes_unref (respond (fixture, "{\"status\":\"401\"}"));
  g_assert_false (ph_sasl_mechanism_finish (fixture->mechanism, fixture->context, NULL, &fixture->error));
  g_assert_error (fixture->error, PH_ERROR, PH_ERROR_PROTOCOL);
}

static void
test_what_can_not_be_sent (Fixture *fixture, gconstpointer data)
{
  static const struct { const char *user, *token; gsize length; } cases[] = {
    { "alice", "", 0 },
    { "alice", "a\001auth=Bearer b", 15 },
    { "alice", "a\0b", 3 },
    { "alice", "a b", 3 },
    { "alice", "a\r\nb", 4 },
    { "ali\001ce", "a", 1 },
    { "ali\r\nce", "a", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      begin (fixture, i % 2 == 0 ? "XOAUTH2" : "OAUTHBEARER", cases[i].user, cases[i].token, (gssize) cases[i].length);
      assert_fails (fixture, NULL, PH_ERROR_INVALID_ARGUMENT);
    }
}

#define OAUTH_TEST(path, function) g_test_add ("/oauth/" path, Fixture, NULL, NULL, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  OAUTH_TEST ("oauthbearer-sends-the-rfcs-example", test_bearer_example);
  OAUTH_TEST ("oauthbearer-escapes-the-name-or-leaves-it-out", test_bearer_names);
  OAUTH_TEST ("xoauth2-sends-googles-example", test_xoauth2_example);
  OAUTH_TEST ("says-what-the-server-says", test_refusals);
  OAUTH_TEST ("says-nothing-odd", test_odd_refusals);
  OAUTH_TEST ("refuses-success-behind-a-refusal", test_success_after_refusal);
  OAUTH_TEST ("sends-nothing-that-ends-the-message", test_what_can_not_be_sent);

  return g_test_run ();
}
