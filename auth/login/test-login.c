/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LOGIN against libsasl2's server, and against servers that break its order. */
#include "ph-sasl-peer.h"

#include <string.h>

static const PhSaslPeerTalk good = { .mechanism = "LOGIN", .user = "alice", .password = "wonderland" };

static GBytes *
ask_otherwise (guint message, GBytes *bytes)
{
  g_bytes_unref (bytes);
  return message == 0 ? g_bytes_new_static ("User Name", 10) : g_bytes_new_static ("", 0);
}

static void
test_server (void)
{
  PhSaslPeerTalk talk = good;

  ph_sasl_peer_assert (good, PH_SASL_PEER_LOGGED_IN);

  talk.password = "wonder";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);

  talk = good;
  talk.user = "";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);

  talk.user = "jürgen";
  talk.password = "Straße€";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
}

/* "User Name" with a NUL behind it, then nothing: seen on real servers */
static void
test_other_questions (void)
{
  PhSaslPeerTalk talk = good;

  talk.tamper = ask_otherwise;
  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
}

static void
test_early_success (void)
{
  PhSaslPeerTalk talk = good;

  talk.early_success = TRUE;
  ph_sasl_peer_assert_error (talk, PH_ERROR_SERVER_UNPROVEN);
}

static void
test_third_question (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, "LOGIN");
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) mechanism = ph_registry_create (registry, feature, &error);
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("LOGIN", "smtp", PH_SASL_PEER_HOST);
  g_autoptr (PhSecret) secret = ph_secret_new_len ("a\0b", 3);
  g_autoptr (GBytes) question = g_bytes_new_static ("?", 1);
  g_autoptr (GBytes) user = NULL, password = NULL;

  ph_sasl_context_set_user (context, "alice");
  ph_sasl_context_set_secret (context, secret);

  user = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, question, &error);
  g_assert_cmpmem (g_bytes_get_data (user, NULL), g_bytes_get_size (user), "alice", 5);
  password = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, question, &error);
  g_assert_cmpmem (g_bytes_get_data (password, NULL), g_bytes_get_size (password), "a\0b", 3);

  g_assert_null (ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, question, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();
  ph_sasl_peer_add_user ("alice", "wonderland");
  ph_sasl_peer_add_user ("jürgen", "Straße€");

  g_test_add_func ("/login/libsasl2s-server-agrees", test_server);
  g_test_add_func ("/login/does-not-care-how-it-is-asked", test_other_questions);
  g_test_add_func ("/login/refuses-success-before-the-password", test_early_success);
  g_test_add_func ("/login/answers-two-questions-only", test_third_question);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
