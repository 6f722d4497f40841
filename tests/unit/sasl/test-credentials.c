/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sources of credentials: fixed values, a function of the program, a plugin. */
#include "ph-await.h"

#include <posthorn/posthorn.h>

#include <string.h>

#define URI "imaps://bob@mail.example.test"
#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)
#define TOKEN (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN)

typedef struct {
  PhSaslContext *context;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->context = ph_sasl_context_new ("PLAIN", "imap", "mail.example.test");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->context);
}

static gboolean
look_up (Fixture *fixture, PhCredentials *credentials, PhSaslNeeds needs, GCancellable *cancellable)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_error (&fixture->error);
  ph_credentials_lookup_async (credentials, URI, needs, fixture->context, cancellable, ph_keep_result, &result);
  ph_await_result (&result);

  return ph_credentials_lookup_finish (credentials, result, &fixture->error);
}

static void
assert_found (Fixture *fixture, PhCredentials *credentials, PhSaslNeeds needs)
{
  g_assert_true (look_up (fixture, credentials, needs, NULL));
  g_assert_no_error (fixture->error);
}

static void
assert_lacks (Fixture *fixture, PhCredentials *credentials, PhSaslNeeds needs, const char *words)
{
  g_assert_false (look_up (fixture, credentials, needs, NULL));
  g_assert_error (fixture->error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_assert_nonnull (strstr (fixture->error->message, words));
  g_assert_null (strstr (fixture->error->message, "wonderland"));
}

static void
assert_secrets (Fixture *fixture, const char *user, const char *password, const char *token)
{
  PhSecret *secret = ph_sasl_context_get_secret (fixture->context), *given = ph_sasl_context_get_token (fixture->context);

  g_assert_cmpstr (ph_sasl_context_get_user (fixture->context), ==, user);
  g_assert_cmpstr (secret != NULL ? ph_secret_get (secret, NULL) : NULL, ==, password);
  g_assert_cmpstr (given != NULL ? ph_secret_get (given, NULL) : NULL, ==, token);
}

/* ---- fixed values ---- */

static PhCredentials *
new_password (const char *user)
{
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");

  return ph_credentials_new_password (user, secret);
}

static void
test_fixed_kinds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhSecret) secret = ph_secret_new ("ya29");
  g_autoptr (PhCredentials) named = new_password ("alice"), unnamed = new_password (NULL);
  g_autoptr (PhCredentials) token = ph_credentials_new_token (NULL, secret);

  g_assert_cmphex (ph_credentials_get_kinds (named, URI), ==, PASSWORD);
  g_assert_cmphex (ph_credentials_get_kinds (unnamed, URI), ==, PH_SASL_NEEDS_SECRET);
  g_assert_cmphex (ph_credentials_get_kinds (token, URI), ==, PH_SASL_NEEDS_TOKEN);
  /* nothing to do, nothing to crash */
  ph_credentials_refused (named, URI, PASSWORD, NULL);
}

static void
test_fixed_password (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhCredentials) named = new_password ("alice"), unnamed = new_password (NULL);

  assert_lacks (fixture, unnamed, PASSWORD, "no user name");
  assert_lacks (fixture, named, TOKEN, "nothing else");
  assert_secrets (fixture, NULL, NULL, NULL);
  assert_found (fixture, named, PASSWORD);
  assert_secrets (fixture, "alice", "wonderland", NULL);

  ph_sasl_context_set_user (fixture->context, "bob");
  assert_found (fixture, unnamed, PASSWORD);
  assert_secrets (fixture, "bob", "wonderland", NULL);
}

static void
test_fixed_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhSecret) secret = ph_secret_new ("ya29");
  g_autoptr (PhCredentials) credentials = ph_credentials_new_token ("alice", secret);

  assert_lacks (fixture, credentials, PASSWORD, "an access token");
  assert_found (fixture, credentials, TOKEN);
  assert_secrets (fixture, "alice", NULL, "ya29");
}

static void
test_fixed_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PhCredentials) credentials = new_password ("alice");

  g_cancellable_cancel (cancellable);
  g_assert_false (look_up (fixture, credentials, PASSWORD, cancellable));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
look_up_now (Fixture *fixture, PhCredentials *credentials, PhSaslNeeds needs, GCancellable *cancellable)
{
  g_clear_error (&fixture->error);
  return ph_credentials_lookup (credentials, URI, needs, fixture->context, cancellable, &fixture->error);
}

/* ---- a function of the program ---- */

/* What is asked is written down in @data */
static void
answer_at_once (PhCredentialsRequest *request, gpointer data)
{
  g_string_append_printf (data, "%s %s %s %x%s.", ph_credentials_request_get_uri (request), ph_credentials_request_get_host (request),
                          ph_credentials_request_get_user (request), ph_credentials_request_get_needs (request),
                          ph_credentials_request_is_retry (request) ? " again" : "");
  ph_credentials_request_set_user (request, "carol");
  ph_credentials_request_set_password (request, "wonderland");
  ph_credentials_request_set_token (request, "ya29");
  ph_credentials_request_complete (request);
  /* too late */
  ph_credentials_request_set_password (request, "other");
  ph_credentials_request_give_up (request, NULL);
}

static void
free_text (gpointer data)
{
  g_string_append (data, "freed");
}

static void
test_function_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) asked = g_string_new (NULL);
  PhCredentials *credentials = ph_credentials_new_function (PASSWORD, answer_at_once, asked, free_text);

  ph_sasl_context_set_user (fixture->context, "bob");
  g_assert_cmphex (ph_credentials_get_kinds (credentials, URI), ==, PASSWORD);
  assert_found (fixture, credentials, PASSWORD);
  assert_secrets (fixture, "carol", "wonderland", "ya29");
  g_assert_cmpstr (asked->str, ==, URI " mail.example.test bob 3.");
  g_assert_finalize_object (credentials);
  g_assert_true (g_str_has_suffix (asked->str, ".freed"));
}

/* What is at hand, and what an asynchronous source says in a main context of the call's own */
static void
test_blocking (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autoptr (PhCredentials) fixed = new_password ("alice");
  g_autoptr (PhCredentials) function = ph_credentials_new_function (PASSWORD | TOKEN, answer_at_once, asked, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_true (look_up_now (fixture, fixed, PASSWORD, cancellable));
  assert_secrets (fixture, "alice", "wonderland", NULL);
  g_assert_false (look_up_now (fixture, fixed, TOKEN, cancellable));
  g_assert_error (fixture->error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_assert_true (look_up_now (fixture, function, TOKEN, cancellable));
  assert_secrets (fixture, "carol", "wonderland", "ya29");

  g_cancellable_cancel (cancellable);
  g_assert_false (look_up_now (fixture, fixed, PASSWORD, cancellable));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (look_up_now (fixture, function, PASSWORD, cancellable));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_function_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autoptr (PhCredentials) credentials = ph_credentials_new_function (PASSWORD | TOKEN, answer_at_once, asked, NULL);

  assert_found (fixture, credentials, TOKEN);
  ph_credentials_refused (credentials, URI, TOKEN, NULL);
  g_string_truncate (asked, 0);
  assert_found (fixture, credentials, PASSWORD);
  assert_found (fixture, credentials, TOKEN);
  assert_found (fixture, credentials, TOKEN);
  g_assert_cmpstr (asked->str, ==, URI " mail.example.test carol 3." URI " mail.example.test carol 5 again." URI " mail.example.test carol 5.");
}

static gpointer
answer_in_thread (gpointer data)
{
  g_autoptr (PhCredentialsRequest) request = data;

  ph_credentials_request_set_password (request, "wonderland");
  ph_credentials_request_complete (request);
  return NULL;
}

static void
answer_later (PhCredentialsRequest *request, gpointer data)
{
  *(GThread **) data = g_thread_new ("answer", answer_in_thread, g_object_ref (request));
}

static void
test_function_answers_later (Fixture *fixture, gconstpointer data)
{
  GThread *thread = NULL;
  g_autoptr (PhCredentials) credentials = ph_credentials_new_function (PASSWORD, answer_later, &thread, NULL);

  assert_found (fixture, credentials, PH_SASL_NEEDS_SECRET);
  assert_secrets (fixture, NULL, "wonderland", NULL);
  g_thread_join (thread);
}

static void
give_up (PhCredentialsRequest *request, gpointer data)
{
  if (data != NULL)
    ph_credentials_request_give_up (request, *(char *) data != '\0' ? data : NULL);
}

static void
test_function_gives_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhCredentials) with_reason = ph_credentials_new_function (PASSWORD, give_up, (gpointer) "the keyring is locked", NULL);
  g_autoptr (PhCredentials) without = ph_credentials_new_function (PASSWORD, give_up, (gpointer) "", NULL);
  g_autoptr (PhCredentials) silent = ph_credentials_new_function (PASSWORD, give_up, NULL, NULL);

  assert_lacks (fixture, with_reason, PASSWORD, "nothing to log in to " URI " with: the keyring is locked");
  assert_lacks (fixture, without, PASSWORD, "nothing to log in to " URI " with");
  assert_lacks (fixture, silent, PASSWORD, "not answered");
}

static void
keep_request (PhCredentialsRequest *request, gpointer data)
{
  g_set_object ((PhCredentialsRequest **) data, request);
}

static gboolean
cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_function_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PhCredentialsRequest) request = NULL;
  g_autoptr (PhCredentials) credentials = ph_credentials_new_function (PASSWORD, keep_request, &request, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_idle_add (cancel, cancellable);
  g_assert_false (look_up (fixture, credentials, PASSWORD, cancellable));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* the answer comes to nothing */
  ph_credentials_request_set_password (request, "wonderland");
  ph_credentials_request_complete (request);
  assert_secrets (fixture, NULL, NULL, NULL);

  g_clear_object (&request);
  g_assert_false (look_up (fixture, credentials, PASSWORD, cancellable));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (request);
}

/* ---- a plugin ---- */

static void
test_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (ph_registry_get_default (), PH_FEATURE_CREDENTIALS, "test-keeper");
  g_autoptr (PhCredentials) credentials = ph_credentials_new_named ("Test-Keeper", &error);

  g_assert_no_error (error);
  g_assert_cmphex (ph_feature_info_get_needs (feature), ==, PASSWORD | TOKEN);
  g_assert_cmphex (ph_credentials_get_kinds (credentials, URI), ==, PASSWORD | TOKEN);
  assert_lacks (fixture, credentials, TOKEN, "nothing for " URI);
  assert_found (fixture, credentials, PASSWORD);
  assert_secrets (fixture, "alice", "wonderland", NULL);
  ph_credentials_refused (credentials, URI, PASSWORD, NULL);
  assert_lacks (fixture, credentials, PASSWORD, "nothing for " URI);

  g_assert_null (ph_credentials_new_named ("nobodys-keyring", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PLUGIN);
  g_assert_nonnull (strstr (error->message, "\"nobodys-keyring\""));
}

#define CREDENTIALS_TEST(path, function) g_test_add ("/credentials/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("POSTHORN_PLUGIN_PATH", PH_TEST_FAKES_DIR, TRUE);
  g_test_init (&argc, &argv, NULL);

  CREDENTIALS_TEST ("fixed/say-what-they-have", test_fixed_kinds);
  CREDENTIALS_TEST ("fixed/give-a-password", test_fixed_password);
  CREDENTIALS_TEST ("fixed/give-a-token", test_fixed_token);
  CREDENTIALS_TEST ("fixed/can-be-cancelled", test_fixed_cancelled);
  CREDENTIALS_TEST ("function/answers-at-once-and-once", test_function_answers);
  CREDENTIALS_TEST ("function/is-told-what-was-refused", test_function_is_told);
  CREDENTIALS_TEST ("function/answers-later-in-any-thread", test_function_answers_later);
  CREDENTIALS_TEST ("function/gives-up-or-forgets-to-answer", test_function_gives_up);
  CREDENTIALS_TEST ("function/is-not-waited-for-once-cancelled", test_function_cancelled);
  CREDENTIALS_TEST ("plugin/is-made-by-its-name", test_named);
  CREDENTIALS_TEST ("blocking", test_blocking);

  return g_test_run ();
}
