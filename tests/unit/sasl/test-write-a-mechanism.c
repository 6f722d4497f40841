/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mechanism of docs/write-a-mechanism.md does what the page says. */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

typedef struct {
  PhSaslMechanism *mechanism;
  PhSaslContext *context;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) info = ph_registry_find (registry, PH_FEATURE_MECHANISM, "X-STAMP");
  g_autoptr (PhSecret) secret = ph_secret_new ("Jefe");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (info);
  g_assert_cmphex (ph_feature_info_get_flags (info), ==, PH_SASL_MUTUAL);
  g_assert_cmphex (ph_feature_info_get_needs (info), ==, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET);

  fixture->mechanism = PH_SASL_MECHANISM (ph_registry_create (registry, info, &error));
  g_assert_no_error (error);
  fixture->context = ph_sasl_context_new ("X-STAMP", "imap", "mail.example.test");
  ph_sasl_context_set_user (fixture->context, "alice");
  ph_sasl_context_set_secret (fixture->context, secret);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->mechanism);
  g_assert_finalize_object (fixture->context);
}

static GBytes *
respond (Fixture *fixture, const char *challenge, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (challenge, strlen (challenge));

  return ph_sasl_mechanism_respond (fixture->mechanism, fixture->context, bytes, error);
}

/* RFC 4231 section 4.3 */
static void
test_answers (Fixture *fixture, gconstpointer data)
{
  static const char expected[] = "alice 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) response = respond (fixture, "what do ya want for nothing?", &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), expected, strlen (expected));
  g_assert_null (respond (fixture, "once more", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (respond (fixture, "", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

static void
test_proof (Fixture *fixture, gconstpointer data)
{
  g_autofree char *proof = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) "Jefe", 4, "alice", -1);
  g_autoptr (GBytes) right = g_bytes_new (proof, strlen (proof));
  g_autoptr (GBytes) wrong = g_bytes_new ("0000", 4);
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_sasl_mechanism_finish (fixture->mechanism, fixture->context, right, &error));
  g_assert_no_error (error);
  g_assert_false (ph_sasl_mechanism_finish (fixture->mechanism, fixture->context, wrong, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_SERVER_UNPROVEN);
  g_clear_error (&error);
  g_assert_false (ph_sasl_mechanism_finish (fixture->mechanism, fixture->context, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_SERVER_UNPROVEN);
}

int
main (int argc, char **argv)
{
  g_setenv ("POSTHORN_PLUGIN_PATH", PH_TEST_PAGE_DIR, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/write-a-mechanism/answers-one-challenge", Fixture, NULL, set_up, test_answers, tear_down);
  g_test_add ("/write-a-mechanism/refuses-an-empty-challenge", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/write-a-mechanism/checks-the-servers-proof", Fixture, NULL, set_up, test_proof, tear_down);

  return g_test_run ();
}
