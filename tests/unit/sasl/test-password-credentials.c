/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name and a password as a source of credentials. */
#include <posthorn/posthorn.h>

#define URI "imaps://bob@mail.example.test"
#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
look_up (const char *user, const char *context_user, PhSaslNeeds needs, GCancellable *cancellable, PhSaslContext **context, GError **error)
{
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");
  g_autoptr (PhCredentials) credentials = ph_credentials_new_password (user, secret);
  g_autoptr (GAsyncResult) result = NULL;

  *context = ph_sasl_context_new ("PLAIN", "imap", "mail.example.test");
  ph_sasl_context_set_user (*context, context_user);
  ph_credentials_lookup_async (credentials, URI, needs, *context, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ph_credentials_lookup_finish (credentials, result, error);
}

static void
test_kinds (void)
{
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");
  g_autoptr (PhCredentials) named = ph_credentials_new_password ("alice", secret);
  g_autoptr (PhCredentials) unnamed = ph_credentials_new_password (NULL, secret);

  g_assert_cmphex (ph_credentials_get_kinds (named), ==, PASSWORD);
  g_assert_cmphex (ph_credentials_get_kinds (unnamed), ==, PH_SASL_NEEDS_SECRET);
  /* nothing to do, nothing to crash */
  ph_credentials_refused (named, NULL);
}

static void
test_fills (void)
{
  g_autoptr (PhSaslContext) named = NULL, unnamed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (look_up ("alice", "bob", PASSWORD, NULL, &named, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_sasl_context_get_user (named), ==, "alice");
  g_assert_cmpstr (ph_secret_get (ph_sasl_context_get_secret (named), NULL), ==, "wonderland");

  g_assert_true (look_up (NULL, "bob", PASSWORD, NULL, &unnamed, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_sasl_context_get_user (unnamed), ==, "bob");
}

static void
test_lacks (void)
{
  g_autoptr (PhSaslContext) token = NULL, nobody = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (look_up ("alice", NULL, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN, NULL, &token, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_assert_null (ph_sasl_context_get_secret (token));
  g_clear_error (&error);

  g_assert_false (look_up (NULL, NULL, PASSWORD, NULL, &nobody, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PhSaslContext) context = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (look_up ("alice", NULL, PASSWORD, cancellable, &context, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/password-credentials/say-what-they-have", test_kinds);
  g_test_add_func ("/password-credentials/fill-the-context", test_fills);
  g_test_add_func ("/password-credentials/have-nothing-else", test_lacks);
  g_test_add_func ("/password-credentials/can-be-cancelled", test_cancelled);

  return g_test_run ();
}
