/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords kept in a real keyring, by us and by GNOME's other programs. */
#include "ph-await.h"

#include <libsecret/secret.h>
#include <posthorn/posthorn.h>

#include <string.h>

#define NEEDS (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)
#define HOST "mail.example.org"
#define URI "imaps://alice@" HOST

static PhCredentials *
new_source (void)
{
  g_autoptr (GError) error = NULL;
  PhCredentials *credentials = ph_credentials_new_named ("secret-service", &error);

  g_assert_no_error (error);
  return credentials;
}

static PhSaslContext *
look_up (PhCredentials *credentials, const char *uri, const char *user, PhSaslNeeds needs, GCancellable *cancellable, GError **error)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("PLAIN", "imap", HOST);
  g_autoptr (GAsyncResult) result = NULL;

  ph_sasl_context_set_user (context, user);
  ph_credentials_lookup_async (credentials, uri, needs, context, cancellable, ph_keep_result, &result);
  g_assert_null (result);
  ph_await_result (&result);
  return ph_credentials_lookup_finish (credentials, result, error) ? g_steal_pointer (&context) : NULL;
}

static void
assert_found (PhCredentials *credentials, const char *uri, const char *user, const char *found, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSaslContext) context = look_up (credentials, uri, user, NEEDS, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ph_sasl_context_get_user (context), ==, found);
  g_assert_cmpstr (ph_secret_get (ph_sasl_context_get_secret (context), NULL), ==, password);
}

static void
assert_lacks (PhCredentials *credentials, const char *uri, const char *user, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSaslContext) context = look_up (credentials, uri, user, NEEDS, NULL, &error);

  g_assert_null (context);
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
store (PhCredentials *credentials, const char *uri, const char *user, const char *password)
{
  g_autoptr (PhSecret) secret = ph_secret_new (password);
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_credentials_store (credentials, uri, user, secret, NULL, &error));
  g_assert_no_error (error);
}

static void
clear (PhCredentials *credentials, const char *uri)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_credentials_clear (credentials, uri, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
test_kept (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_credentials_can_store (credentials));
  assert_lacks (credentials, URI, "alice", "The keyring has no password for alice on " HOST);
  store (credentials, URI, NULL, "wonderland");
  assert_found (credentials, URI, "alice", "alice", "wonderland");
  assert_found (credentials, "imap://MAIL.example.org:143", NULL, "alice", "wonderland");
  store (credentials, "imap://" HOST, "alice", "looking-glass");
  assert_found (credentials, URI, "alice", "alice", "looking-glass");
  assert_lacks (credentials, URI, "bob", "for bob on");
  assert_lacks (credentials, "smtps://alice@" HOST, "alice", "no password");
  assert_lacks (credentials, "imaps://alice@other.example.org", "alice", "no password");

  clear (credentials, URI);
  assert_lacks (credentials, URI, "alice", "no password");
  g_assert_false (ph_credentials_clear (credentials, URI, NULL, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
}

static void
test_ports (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  store (credentials, "imap://alice@" HOST ":1430", NULL, "another-server");
  store (credentials, URI, NULL, "wonderland");
  assert_found (credentials, "imap://" HOST ":1430", "alice", "alice", "another-server");
  assert_found (credentials, URI, "alice", "alice", "wonderland");
  assert_lacks (credentials, "imap://" HOST ":1431", "alice", "no password");
  clear (credentials, URI);
  assert_found (credentials, "imap://" HOST ":1430", "alice", "alice", "another-server");
  clear (credentials, "imap://alice@" HOST ":1430");
  assert_lacks (credentials, "imap://" HOST ":1430", "alice", "no password");
}

static void
test_refused (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  store (credentials, URI, NULL, "stale");
  assert_found (credentials, URI, "alice", "alice", "stale");
  ph_credentials_refused (credentials, URI, NEEDS, NULL);
  assert_lacks (credentials, URI, "alice", "no other password");

  /* it is there still: nobody asked to forget it */
  {
    g_autoptr (PhCredentials) other = new_source ();

    assert_found (other, URI, "alice", "alice", "stale");
  }
  store (credentials, URI, NULL, "fresh");
  assert_found (credentials, URI, "alice", "alice", "fresh");
  clear (credentials, URI);
}

/* What was kept by others is found, and the other way round. */
static void
test_others (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (GError) error = NULL;
  char *password;

  g_assert_true (secret_password_store_sync (SECRET_SCHEMA_COMPAT_NETWORK, NULL, "imap://alice@" HOST, "wonderland", NULL, &error, "user", "alice",
                                             "server", HOST, "protocol", "imap", "port", 993, NULL));
  g_assert_no_error (error);
  assert_found (credentials, URI, NULL, "alice", "wonderland");
  assert_lacks (credentials, "smtp://" HOST, "alice", "no password");
  g_assert_true (secret_password_clear_sync (SECRET_SCHEMA_COMPAT_NETWORK, NULL, &error, "server", HOST, NULL));

  g_assert_true (secret_password_store_sync (SECRET_SCHEMA_COMPAT_NETWORK, NULL, "anything", "for all", NULL, &error, "user", "alice", "server", HOST,
                                             NULL));
  assert_found (credentials, "smtp://" HOST, "alice", "alice", "for all");
  store (credentials, "smtp://" HOST, "alice", "for sending");
  assert_found (credentials, "smtp://" HOST, "alice", "alice", "for sending");
  g_assert_true (secret_password_clear_sync (SECRET_SCHEMA_COMPAT_NETWORK, NULL, &error, "server", HOST, NULL));

  store (credentials, URI, NULL, "ours");
  password = secret_password_lookup_sync (SECRET_SCHEMA_COMPAT_NETWORK, NULL, &error, "user", "alice", "server", HOST, "protocol", "imap", NULL);
  g_assert_no_error (error);
  g_assert_cmpstr (password, ==, "ours");
  secret_password_free (password);
  clear (credentials, URI);
}

static void
test_asked_wrongly (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PhSecret) secret = ph_secret_new ("x");
  g_autoptr (GError) error = NULL;

  g_assert_null (look_up (credentials, URI, "alice", PH_SASL_NEEDS_TOKEN, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_clear_error (&error);
  assert_lacks (credentials, "imap+unix:///run/imap", "alice", "names no server");
  g_assert_false (ph_credentials_store (credentials, "imaps://" HOST, NULL, secret, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (ph_credentials_store (credentials, "gopher://alice@" HOST, NULL, secret, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_URI);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (look_up (credentials, URI, "alice", NEEDS, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Last: nobody is there to unlock it again. */
static void
test_locked (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service = secret_service_get_sync (SECRET_SERVICE_LOAD_COLLECTIONS, NULL, &error);
  GList *collections = secret_service_get_collections (service);

  store (credentials, URI, NULL, "wonderland");
  g_assert_cmpint (secret_service_lock_sync (service, collections, NULL, NULL, &error), >, 0);
  g_list_free_full (collections, g_object_unref);
  assert_lacks (credentials, URI, "alice", "The keyring with the password for mail.example.org is locked");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret-service/kept-found-and-forgotten", test_kept);
  g_test_add_func ("/secret-service/a-port-is-another-server", test_ports);
  g_test_add_func ("/secret-service/what-was-refused-is-not-given-again", test_refused);
  g_test_add_func ("/secret-service/shared-with-other-programs", test_others);
  g_test_add_func ("/secret-service/asked-wrongly", test_asked_wrongly);
  g_test_add_func ("/secret-service/locked", test_locked);
  return g_test_run ();
}
