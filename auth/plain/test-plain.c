/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PLAIN against the RFC's example and libsasl2's server. */
#include "ph-sasl-peer.h"

static PhSaslContext *
new_context (const char *authorization, const char *user, const char *password, gssize length)
{
  PhSaslContext *context = ph_sasl_context_new ("PLAIN", "smtp", PH_SASL_PEER_HOST);
  g_autoptr (PhSecret) secret = ph_secret_new_len (password, length);

  ph_sasl_context_set_authorization (context, authorization);
  ph_sasl_context_set_user (context, user);
  ph_sasl_context_set_secret (context, secret);
  return context;
}

static PhSaslMechanism *
new_mechanism (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, "plain");
  g_autoptr (GError) error = NULL;
  GObject *object;

  g_assert_nonnull (feature);
  g_assert_cmpstr (ph_feature_info_get_name (feature), ==, "PLAIN");
  g_assert_cmpstr (ph_feature_info_get_plugin (feature), ==, "plain");
  g_assert_cmpuint (ph_feature_info_get_flags (feature), ==, PH_SASL_PLAINTEXT | PH_SASL_CLIENT_FIRST | PH_SASL_AUTHORIZATION);

  object = ph_registry_create (registry, feature, &error);
  g_assert_no_error (error);
  return PH_SASL_MECHANISM (object);
}

static void
assert_message (const char *authorization, const char *user, const char *password, const char *message, gsize length)
{
  g_autoptr (PhSaslContext) context = new_context (authorization, user, password, -1);
  g_autoptr (PhSaslMechanism) mechanism = new_mechanism ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) response = ph_sasl_mechanism_respond (mechanism, context, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), message, length);
}

/* RFC 4616 section 4 */
static void
test_examples (void)
{
  static const char without[] = "\0tim\0tanstaaftanstaaf";
  static const char with[] = "Ursel\0Kurt\0xipj3plmq";

  assert_message (NULL, "tim", "tanstaaftanstaaf", without, sizeof without - 1);
  assert_message ("Ursel", "Kurt", "xipj3plmq", with, sizeof with - 1);
}

static void
test_second_question (void)
{
  g_autoptr (PhSaslContext) context = new_context (NULL, "tim", "secret", -1);
  g_autoptr (PhSaslMechanism) mechanism = new_mechanism ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = ph_sasl_mechanism_respond (mechanism, context, NULL, &error);
  g_autoptr (GBytes) challenge = g_bytes_new_static ("more", 4);

  g_assert_nonnull (first);
  g_assert_null (ph_sasl_mechanism_respond (mechanism, context, challenge, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

static void
test_nul_in_password (void)
{
  g_autoptr (PhSaslContext) context = new_context (NULL, "tim", "se\0cret", 7);
  g_autoptr (PhSaslMechanism) mechanism = new_mechanism ();
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_sasl_mechanism_respond (mechanism, context, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_server (void)
{
  const PhSaslPeerTalk talk = { .mechanism = "PLAIN", .user = "alice", .password = "wonderland" };
  PhSaslPeerTalk other = talk;

  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);

  other.password = "Wonderland";
  ph_sasl_peer_assert (other, PH_SASL_PEER_REFUSED);

  other = talk;
  other.user = "nobody";
  ph_sasl_peer_assert (other, PH_SASL_PEER_REFUSED);
  other.user = "";
  ph_sasl_peer_assert (other, PH_SASL_PEER_REFUSED);

  other = talk;
  other.user = "jürgen";
  other.password = "Straße€";
  ph_sasl_peer_assert (other, PH_SASL_PEER_LOGGED_IN);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();
  ph_sasl_peer_add_user ("alice", "wonderland");
  ph_sasl_peer_add_user ("jürgen", "Straße€");

  g_test_add_func ("/plain/sends-the-rfcs-examples", test_examples);
  g_test_add_func ("/plain/answers-one-question-only", test_second_question);
  g_test_add_func ("/plain/refuses-a-password-with-nul", test_nul_in_password);
  g_test_add_func ("/plain/libsasl2s-server-agrees", test_server);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
