/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ANONYMOUS against libsasl2's server. */
#include "ph-sasl-peer.h"

#include <string.h>

static GBytes *
respond (const char *trace, GBytes *challenge, guint steps, GError **error)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, "ANONYMOUS");
  g_autoptr (GObject) mechanism = ph_registry_create (registry, feature, error);
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("ANONYMOUS", "imap", PH_SASL_PEER_HOST);
  GBytes *response = NULL;

  g_assert_cmpstr (ph_feature_info_get_plugin (feature), ==, "anonymous");
  g_assert_cmphex (ph_feature_info_get_flags (feature), ==, PH_SASL_CLIENT_FIRST | PH_SASL_ANONYMOUS);
  ph_sasl_context_set_user (context, trace);
  for (guint i = 0; i <= steps; i++)
    {
      g_clear_pointer (&response, g_bytes_unref);
      response = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (mechanism), context, i == 0 ? NULL : challenge, error);
    }
  return response;
}

static void
assert_trace (const char *trace, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) response = respond (trace, NULL, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), expected, strlen (expected));
}

static void
assert_refused (const char *trace)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (respond (trace, NULL, 0, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_trace (void)
{
  g_autofree char *longest = g_strnfill (255, 'x'), *longer = g_strnfill (256, 'x');

  assert_trace (NULL, "");
  assert_trace ("sirhc", "sirhc");  /* RFC 4505 section 4 */
  assert_trace ("jürgen@example.org", "jürgen@example.org");
  assert_trace (longest, longest);
  assert_refused (longer);
  assert_refused ("a\tb");
  assert_refused ("a\xff");
}

static void
test_second_question (void)
{
  g_autoptr (GBytes) question = g_bytes_new_static ("more", 4);
  g_autoptr (GError) error = NULL;

  g_assert_null (respond ("sirhc", question, 1, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
}

static void
test_server (void)
{
  PhSaslPeerTalk talk = { .mechanism = "ANONYMOUS", .user = "sirhc" };

  ph_sasl_peer_run (&talk);
  g_assert_no_error (talk.error);
  g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_LOGGED_IN);
  g_assert_cmpstr (talk.logged_in_as, ==, "anonymous@" PH_SASL_PEER_HOST);
  ph_sasl_peer_talk_clear (&talk);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();

  g_test_add_func ("/anonymous/leaves-a-trace-that-may-be-left", test_trace);
  g_test_add_func ("/anonymous/answers-one-question-only", test_second_question);
  g_test_add_func ("/anonymous/libsasl2s-server-agrees", test_server);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
