/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRAM-MD5 against the RFC's example and libsasl2's server. */
#include "ph-sasl-peer.h"

#include <string.h>

static const PhSaslPeerTalk good = { .mechanism = "CRAM-MD5", .user = "alice", .password = "wonderland" };

static GBytes *
respond (const char *user, const char *password, const char *challenge, GError **error)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, "cram-md5");
  g_autoptr (GObject) mechanism = ph_registry_create (registry, feature, error);
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("CRAM-MD5", "imap", PH_SASL_PEER_HOST);
  g_autoptr (PhSecret) secret = ph_secret_new (password);
  g_autoptr (GBytes) bytes = g_bytes_new (challenge, strlen (challenge));

  g_assert_no_error (*error);
  ph_sasl_context_set_user (context, user);
  ph_sasl_context_set_secret (context, secret);
  return ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, bytes, error);
}

static void
assert_response (const char *user, const char *password, const char *challenge, const char *response)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = respond (user, password, challenge, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), response, strlen (response));
}

/* RFC 2195 section 2; then RFC 2104's HMAC with a key longer than a block, and with an empty one */
static void
test_examples (void)
{
  assert_response ("tim", "tanstaaftanstaaf", "<1896.697170952@postoffice.reston.mci.net>", "tim b913a602c7eda7a495b4e6e7334d3890");
  assert_response ("tim", "0123456789012345678901234567890123456789012345678901234567890123456789", "<1@example.test>",
                   "tim 2f1d70be4fb46474c41e5f34dc7fd0ac");
  assert_response ("t i m", "", "<1@example.test>", "t i m 26a395e61eb5c2f2e45d7bb547b40b0b");
}

static void
test_empty_challenge (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (respond ("tim", "secret", "", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

static void
test_server (void)
{
  PhSaslPeerTalk talk = good;

  ph_sasl_peer_assert (good, PH_SASL_PEER_LOGGED_IN);

  talk.password = "wonderland ";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);

  talk = good;
  talk.user = "";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);

  talk.user = "jürgen";
  talk.password = "Straße€";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();
  ph_sasl_peer_add_user ("alice", "wonderland");
  ph_sasl_peer_add_user ("jürgen", "Straße€");

  g_test_add_func ("/cram-md5/computes-the-rfcs-example", test_examples);
  g_test_add_func ("/cram-md5/refuses-an-empty-challenge", test_empty_challenge);
  g_test_add_func ("/cram-md5/libsasl2s-server-agrees", test_server);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
