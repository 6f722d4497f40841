/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GNOME Online Accounts, as goa_service.py has them, and a login with one of their tokens. */
#include "ph-await.h"

#include <posthorn/posthorn.h>

#include <string.h>

#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)
#define TOKEN (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN)
#define SMTP "smtps://smtp.example.test"
#define BOB "imaps://imap.example.org"

/* ---- the service ---- */

static GVariant *
control (const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  GVariant *reply;

  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (connection, "org.gnome.OnlineAccounts", "/org/posthorn/Test", "org.posthorn.Test", method, arguments,
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return reply;
}

static void
reset (const char *first, const char *second, gboolean attention, gboolean helps)
{
  const char *const tokens[] = { first, second, NULL };
  g_autoptr (GVariant) reply G_GNUC_UNUSED = control ("Reset", g_variant_new ("(^asbb)", tokens, attention, helps));
}

static void
assert_calls (const char *expected)
{
  g_autoptr (GVariant) reply = control ("Calls", NULL);
  g_autofree const char **calls = NULL;
  g_autofree char *joined = NULL;

  g_variant_get (reply, "(^a&s)", &calls);
  joined = g_strjoinv (", ", (char **) calls);
  g_assert_cmpstr (joined, ==, expected);
}

/* ---- lookups ---- */

static PhCredentials *
new_source (void)
{
  g_autoptr (GError) error = NULL;
  PhCredentials *credentials = ph_credentials_new_named ("goa", &error);

  g_assert_no_error (error);
  return credentials;
}

static PhSaslContext *
look_up (PhCredentials *credentials, const char *uri, const char *user, PhSaslNeeds needs, GCancellable *cancellable, GError **error)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("XOAUTH2", "imap", "localhost");
  g_autoptr (GAsyncResult) result = NULL;

  ph_sasl_context_set_user (context, user);
  ph_credentials_lookup_async (credentials, uri, needs, context, cancellable, ph_keep_result, &result);
  ph_await_result (&result);
  return ph_credentials_lookup_finish (credentials, result, error) ? g_steal_pointer (&context) : NULL;
}

static const char *
get_text (PhSecret *secret)
{
  return secret != NULL ? ph_secret_get (secret, NULL) : NULL;
}

static void
assert_found (PhCredentials *credentials, const char *uri, const char *user, PhSaslNeeds needs, const char *name, const char *password, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSaslContext) context = look_up (credentials, uri, user, needs, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ph_sasl_context_get_user (context), ==, name);
  g_assert_cmpstr (get_text (ph_sasl_context_get_secret (context)), ==, password);
  g_assert_cmpstr (get_text (ph_sasl_context_get_token (context)), ==, token);
}

static void
assert_lacks (PhCredentials *credentials, const char *uri, const char *user, PhSaslNeeds needs, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSaslContext) context = look_up (credentials, uri, user, needs, NULL, &error);

  g_assert_null (context);
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_token (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  reset ("first", "second", FALSE, TRUE);
  assert_found (credentials, SMTP, NULL, TOKEN, "alice@example.test", NULL, "first");
  assert_found (credentials, SMTP, "alice@example.test", PH_SASL_NEEDS_TOKEN, "alice@example.test", NULL, "first");
  assert_found (credentials, SMTP, NULL, PH_SASL_NEEDS_USER, "alice@example.test", NULL, NULL);
  assert_calls ("1 GetAccessToken, 1 GetAccessToken");
}

static void
test_password (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  reset ("first", "second", FALSE, TRUE);
  assert_found (credentials, BOB, NULL, PASSWORD, "bob", "imap-password of bob", NULL);
  assert_found (credentials, "imap://IMAP.example.org", "bob@example.org", PASSWORD, "bob@example.org", "imap-password of bob", NULL);
  assert_calls ("2 GetPassword imap-password, 2 GetPassword imap-password");
}

static void
test_lacks (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  reset ("first", "second", FALSE, TRUE);
  assert_lacks (credentials, SMTP, NULL, PASSWORD, "alice@example.test of GNOME Online Accounts has no password");
  assert_lacks (credentials, BOB, NULL, TOKEN, "has no access token");
  assert_lacks (credentials, BOB, "carol", PASSWORD, "has no account for " BOB);
  assert_lacks (credentials, "imaps://imap.example.org:1993", NULL, PASSWORD, "has no account");
  assert_lacks (credentials, "smtps://imap.example.org", NULL, PASSWORD, "has no account");
  assert_lacks (credentials, "imap+unix:///run/imap", NULL, PASSWORD, "names no server");
  assert_calls ("");

  /* the bus is the whole process's: who else asks for it must not hear of what was cancelled here */
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < 50; i++)
    {
      g_assert_null (look_up (credentials, BOB, NULL, PASSWORD, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      assert_calls ("");
    }
}

static void
test_chosen_account (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  reset ("first", "second", FALSE, TRUE);
  g_object_set (credentials, "account", "account_1", NULL);
  assert_lacks (credentials, BOB, NULL, PASSWORD, "has no account");
  g_object_set (credentials, "account", "account_2", NULL);
  assert_found (credentials, BOB, NULL, PASSWORD, "bob", "imap-password of bob", NULL);
}

static void
test_refused (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  reset ("first", "second", FALSE, TRUE);
  assert_found (credentials, SMTP, NULL, TOKEN, "alice@example.test", NULL, "first");
  ph_credentials_refused (credentials, SMTP, TOKEN, NULL);
  assert_found (credentials, SMTP, NULL, TOKEN, "alice@example.test", NULL, "second");
  ph_credentials_refused (credentials, SMTP, TOKEN, NULL);
  assert_lacks (credentials, SMTP, NULL, TOKEN, "nothing for alice@example.test but what was refused");
  assert_calls ("1 GetAccessToken, 1 EnsureCredentials, 1 GetAccessToken, 1 EnsureCredentials, 1 GetAccessToken");
}

static void
test_attention (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  reset ("first", "second", TRUE, FALSE);
  assert_lacks (credentials, SMTP, NULL, TOKEN,
                "The account alice@example.test needs attention in the settings of GNOME Online Accounts: The session has expired");
  assert_calls ("1 EnsureCredentials");
  reset ("first", "second", TRUE, TRUE);
  assert_found (credentials, SMTP, NULL, TOKEN, "alice@example.test", NULL, "second");
}

static void
test_list (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *uris = NULL;

  reset ("first", "second", TRUE, TRUE);
  accounts = ph_credentials_list_accounts (credentials, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (accounts->len, ==, 2);
  for (guint i = 0; i < accounts->len; i++)
    {
      PhAccount *account = accounts->pdata[i];
      gboolean is_alice = g_str_equal (ph_account_get_id (account), "account_1");

      uris = g_strjoinv (" ", (char **) ph_account_get_uris (account));
      g_assert_cmpstr (ph_account_get_label (account), ==, is_alice ? "alice@example.test" : "bob@example.org");
      g_assert_cmpint (ph_account_needs_attention (account), ==, is_alice);
      if (is_alice)
        g_assert_true (g_str_has_prefix (uris, "imap://alice@localhost") && g_str_has_suffix (uris, " smtps://smtp.example.test"));
      else
        g_assert_cmpstr (uris, ==, "imaps://bob@imap.example.org:993");
      g_clear_pointer (&uris, g_free);
    }
}

/* ---- a login ---- */

/* A token that has expired, then a good one: the server refuses the first, the service is asked for another. */
static void
test_login (gconstpointer data)
{
  const char *mechanism = data;
  g_autofree char *uri = NULL, *ca = NULL;
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (PhSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("PH_TEST_TOKEN_ALICE") == NULL)
    {
      g_test_skip ("there is no server");
      return;
    }
  reset (g_getenv ("PH_TEST_TOKEN_EXPIRED"), g_getenv ("PH_TEST_TOKEN_ALICE"), FALSE, TRUE);
  uri = g_strdup_printf ("imap://localhost:%s", g_getenv ("PH_TEST_IMAP_PORT"));
  ca = g_build_filename (g_getenv ("PH_TEST_CERTIFICATES"), "ca.pem", NULL);
  session = ph_session_new (uri, &error);
  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, ca);
  ph_security_policy_set_mechanisms (policy, (const char *const[]){ mechanism, NULL });
  ph_session_set_policy (session, policy);
  ph_session_set_credentials (session, credentials);
  g_assert_true (ph_session_open (session, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, mechanism);
  g_assert_true (ph_session_close (session, NULL, &error));
  assert_calls ("1 GetAccessToken, 1 EnsureCredentials, 1 GetAccessToken");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/goa/token", test_token);
  g_test_add_func ("/goa/password", test_password);
  g_test_add_func ("/goa/what-an-account-lacks", test_lacks);
  g_test_add_func ("/goa/the-account-that-was-chosen", test_chosen_account);
  g_test_add_func ("/goa/what-was-refused-is-renewed-once", test_refused);
  g_test_add_func ("/goa/attention", test_attention);
  g_test_add_func ("/goa/accounts", test_list);
  g_test_add_data_func ("/goa/login/OAUTHBEARER", "OAUTHBEARER", test_login);
  g_test_add_data_func ("/goa/login/XOAUTH2", "XOAUTH2", test_login);
  return g_test_run ();
}
