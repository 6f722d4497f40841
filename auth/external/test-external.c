/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EXTERNAL against libsasl2's server, which knows the client from the channel. */
#include "ph-sasl-peer.h"

/* libsasl2's server adds its realm */
#define ALICE "alice@" PH_SASL_PEER_HOST

static const PhSaslPeerTalk good = { .mechanism = "EXTERNAL", .external = "alice" };

static void
assert_logged_in_as (PhSaslPeerTalk talk, const char *name)
{
  ph_sasl_peer_run (&talk);
  g_assert_no_error (talk.error);
  g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_LOGGED_IN);
  g_assert_cmpstr (talk.logged_in_as, ==, name);
  ph_sasl_peer_talk_clear (&talk);
}

static void
test_server (void)
{
  PhSaslPeerTalk talk = good;

  assert_logged_in_as (good, ALICE);

  /* who logs in is the certificate's business, not the URI's */
  talk.user = "bob";
  assert_logged_in_as (talk, ALICE);

  talk.no_initial = TRUE;
  assert_logged_in_as (talk, ALICE);
}

static void
test_authorization (void)
{
  PhSaslPeerTalk talk = good;

  talk.authorization = "alice";
  assert_logged_in_as (talk, ALICE);

  /* nobody may act as another on this server */
  talk.authorization = "bob";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
}

static void
test_without_certificate (void)
{
  PhSaslPeerTalk talk = good;

  talk.external = NULL;
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
}

static void
test_second_question (void)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, "external");
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) mechanism = ph_registry_create (registry, feature, &error);
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("EXTERNAL", "imap", PH_SASL_PEER_HOST);
  g_autoptr (GBytes) question = g_bytes_new_static ("more", 4);
  g_autoptr (GBytes) first = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (first), ==, 0);
  g_assert_null (ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, question, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();

  g_test_add_func ("/external/libsasl2s-server-agrees", test_server);
  g_test_add_func ("/external/acts-as-another-where-it-may", test_authorization);
  g_test_add_func ("/external/is-refused-without-a-certificate", test_without_certificate);
  g_test_add_func ("/external/answers-one-question-only", test_second_question);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
