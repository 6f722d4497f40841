/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bridge against libsasl2's server: what it lists, what logs in, and which servers it does not believe. */
#include "ph-sasl-peer.h"

#include <string.h>

#define NO_BYTES g_bytes_new_static ("", 0)

static const char *const scrams[] = { "SCRAM-SHA-1", "SCRAM-SHA-224", "SCRAM-SHA-256", "SCRAM-SHA-384", "SCRAM-SHA-512", NULL };
static const char *const proving[] = { "SCRAM-SHA-1", "SCRAM-SHA-224", "SCRAM-SHA-256", "SCRAM-SHA-384", "SCRAM-SHA-512", "DIGEST-MD5", NULL };

static PhSaslPeerTalk
new_talk (const char *mechanism)
{
  return (PhSaslPeerTalk){ .mechanism = mechanism, .user = "alice", .password = "wonderland" };
}

/* ---- the list ---- */

static void
assert_feature (const char *name, PhSaslFlags flags, PhSaslNeeds needs)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, name);

  g_assert_nonnull (info);
  g_assert_true (ph_feature_info_is_provided (info));
  g_assert_cmpstr (ph_feature_info_get_plugin (info), ==, "cyrus");
  g_assert_cmphex (ph_feature_info_get_flags (info), ==, flags);
  g_assert_cmphex (ph_feature_info_get_needs (info), ==, needs);
}

static void
test_list (void)
{
  const PhSaslNeeds password = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET;
  const PhSaslFlags scram = PH_SASL_CLIENT_FIRST | PH_SASL_MUTUAL | PH_SASL_MAY_BLOCK | PH_SASL_AUTHORIZATION;

  assert_feature ("scram-sha-256", scram, password);
  assert_feature ("SCRAM-SHA-256-PLUS", scram | PH_SASL_CHANNEL_BINDING, password);
  assert_feature ("DIGEST-MD5", PH_SASL_MUTUAL | PH_SASL_DEPRECATED | PH_SASL_LAYER | PH_SASL_MAY_BLOCK | PH_SASL_AUTHORIZATION,
                  password);
}

static void
test_native_first (void)
{
  static const char *const names[] = { "PLAIN", "LOGIN", "CRAM-MD5", "EXTERNAL", "ANONYMOUS" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PhFeatureInfo) info = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, names[i]);

      g_assert_false (ph_feature_info_is_provided (info));
    }

  g_assert_null (ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, "DIGEST-MD5-PLUS"));
  g_assert_null (ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, "GSSAPI-PLUS"));
}

/* ---- logging in ---- */

static void
assert_all_ways (PhSaslPeerTalk talk, PhSaslPeerOutcome outcome)
{
  for (int way = 0; way < 4; way++)
    {
      talk.success_data = way & 1;
      talk.no_initial = (way & 2) && g_str_has_prefix (talk.mechanism, "SCRAM");
      ph_sasl_peer_assert (talk, outcome);
    }
}

static void
test_secrets (void)
{
  for (guint i = 0; proving[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (proving[i]);

      assert_all_ways (talk, PH_SASL_PEER_LOGGED_IN);

      talk.password = "Wonderland";
      assert_all_ways (talk, PH_SASL_PEER_REFUSED);

      talk = new_talk (proving[i]);
      talk.user = "nobody";
      assert_all_ways (talk, PH_SASL_PEER_REFUSED);

      talk.user = "jürgen";
      talk.password = "Straße€";
      assert_all_ways (talk, PH_SASL_PEER_LOGGED_IN);
    }
}

/* "," and "=" are what SCRAM's messages are made of (RFC 5802 section 5.1: "=2C", "=3D") */
static void
test_special_names (void)
{
  for (guint i = 0; scrams[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (scrams[i]);

      talk.user = "a=b,c";
      talk.password = "p,q=r";
      ph_sasl_peer_run (&talk);
      g_assert_no_error (talk.error);
      g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_LOGGED_IN);
      g_assert_true (g_str_has_prefix (talk.logged_in_as, "a=b,c"));
      ph_sasl_peer_talk_clear (&talk);
    }
}

static void
test_authorization (void)
{
  for (guint i = 0; proving[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (proving[i]);

      /* the server lets nobody act as another; as oneself is what everybody may */
      talk.authorization = "alice";
      ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
      talk.authorization = "jürgen";
      ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
    }
}

/* It may fail on either side, and must not hang or log in. */
static void
test_empty_user (void)
{
  for (guint i = 0; proving[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (proving[i]);

      talk.user = "";
      ph_sasl_peer_run (&talk);
      g_assert_cmpint (talk.outcome, !=, PH_SASL_PEER_LOGGED_IN);
      ph_sasl_peer_talk_clear (&talk);
    }
}

/* MD5 or SHA-1, the challenge and the pass phrase that the database was made with (RFC 2444) */
static void
test_one_time (void)
{
  PhSaslPeerTalk talk = new_talk ("OTP");

  talk.password = "a pass phrase of some length";
  talk.user = "onetime";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
  talk.password = "another pass phrase of some length";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
}

static void
test_ntlm (void)
{
  PhSaslPeerTalk talk = new_talk ("NTLM");

  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
  talk.password = "Wonderland";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
}

/* ---- servers that are not what they seem ---- */

static void
test_early_success (void)
{
  for (guint i = 0; scrams[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (scrams[i]);

      talk.early_success = TRUE;
      ph_sasl_peer_assert_error (talk, PH_ERROR_SERVER_UNPROVEN);
    }
}

static GBytes *
change_last (guint message, GBytes *bytes)
{
  gsize length;
  char *copy;

  if (message == 0)
    return bytes;

  copy = g_bytes_unref_to_data (bytes, &length);
  copy[length - 10] = copy[length - 10] == '0' ? '1' : '0';
  return g_bytes_new_take (copy, length);
}

static GBytes *
say_no (guint message, GBytes *bytes)
{
  if (message == 0)
    return bytes;

  g_bytes_unref (bytes);
  return g_bytes_new_static ("e=invalid-proof", 15);
}

/* SCRAM's own words for it, as one more challenge */
static void
test_refusal (void)
{
  for (guint i = 0; scrams[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (scrams[i]);

      talk.tamper = say_no;
      ph_sasl_peer_assert_error (talk, PH_ERROR_AUTHENTICATION);
      talk.success_data = TRUE;
      ph_sasl_peer_assert_error (talk, PH_ERROR_SERVER_UNPROVEN);
    }
}

static GBytes *
drop_last (guint message, GBytes *bytes)
{
  if (message == 0)
    return bytes;

  g_bytes_unref (bytes);
  return NO_BYTES;
}

static void
assert_unproven (GBytes *(*tamper) (guint, GBytes *))
{
  for (guint i = 0; proving[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (proving[i]);

      talk.tamper = tamper;
      ph_sasl_peer_assert_error (talk, PH_ERROR_SERVER_UNPROVEN);
      talk.success_data = TRUE;
      ph_sasl_peer_assert_error (talk, PH_ERROR_SERVER_UNPROVEN);
    }
}

static void
test_wrong_proof (void)
{
  assert_unproven (change_last);
}

static void
test_no_proof (void)
{
  assert_unproven (drop_last);
}

static GBytes *
change_iterations (GBytes *bytes, const char *iterations)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  char *changed;

  *strstr (text, ",i=") = '\0';
  changed = g_strconcat (text, ",i=", iterations, NULL);
  g_bytes_unref (bytes);
  return g_bytes_new_take (changed, strlen (changed));
}

static GBytes *
ask_billions (guint message, GBytes *bytes)
{
  return message == 0 ? change_iterations (bytes, "4000000000") : bytes;
}

static GBytes *
ask_too_much_to_count (guint message, GBytes *bytes)
{
  return message == 0 ? change_iterations (bytes, "99999999999999999999999999999999") : bytes;
}

static void
test_iterations (void)
{
  PhSaslPeerTalk talk = new_talk ("SCRAM-SHA-256");

  talk.tamper = ask_billions;
  ph_sasl_peer_assert_error (talk, PH_ERROR_LIMIT);
  talk.tamper = ask_too_much_to_count;
  ph_sasl_peer_assert_error (talk, PH_ERROR_LIMIT);
}

static GBytes *
send_garbage (guint message, GBytes *bytes)
{
  g_bytes_unref (bytes);
  return g_bytes_new_static ("\0\xff=,,,r=x,", 10);
}

static GBytes *
send_nothing (guint message, GBytes *bytes)
{
  g_bytes_unref (bytes);
  return NO_BYTES;
}

static void
test_garbage (void)
{
  for (guint i = 0; proving[i] != NULL; i++)
    {
      PhSaslPeerTalk talk = new_talk (proving[i]);

      talk.tamper = send_garbage;
      ph_sasl_peer_run (&talk);
      g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_FAILED);
      ph_sasl_peer_talk_clear (&talk);

      talk = new_talk (proving[i]);
      talk.tamper = send_nothing;
      ph_sasl_peer_run (&talk);
      g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_FAILED);
      ph_sasl_peer_talk_clear (&talk);
    }
}

/* ---- channel binding ---- */

static void
test_binding (void)
{
  static const char *const names[] = { "SCRAM-SHA-1-PLUS", "SCRAM-SHA-224-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-384-PLUS",
                                       "SCRAM-SHA-512-PLUS" };
  static const char *const types[] = { "tls-exporter", "tls-unique", "tls-server-end-point" };

  for (guint i = 0; i < G_N_ELEMENTS (names) * G_N_ELEMENTS (types); i++)
    {
      PhSaslPeerTalk talk = new_talk (names[i / G_N_ELEMENTS (types)]);

      talk.binding_type = types[i % G_N_ELEMENTS (types)];
      talk.binding = "0123456789abcdef0123456789abcdef";
      ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);

      talk.server_binding = "another channel: somebody in between";
      ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
    }
}

/* The client could bind and was told that the server can't; this server can, so somebody has taken its offer away. */
static void
test_downgrade (void)
{
  PhSaslPeerTalk talk = new_talk ("SCRAM-SHA-256");

  talk.binding_type = "tls-exporter";
  talk.binding = "0123456789abcdef0123456789abcdef";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
}

static GBytes *
begin (const char *mechanism, const char *authorization, gboolean binds)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, mechanism);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = ph_registry_create (ph_registry_get_default (), info, &error);
  g_autoptr (PhSaslContext) context = ph_sasl_context_new (mechanism, "imap", PH_SASL_PEER_HOST);
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");
  g_autoptr (GBytes) binding = g_bytes_new_static ("0123", 4);
  GBytes *response;

  ph_sasl_context_set_user (context, "alice");
  ph_sasl_context_set_authorization (context, authorization);
  ph_sasl_context_set_secret (context, secret);
  if (binds)
    ph_sasl_context_set_binding (context, "tls-exporter", binding);

  response = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (object), context, NULL, &error);
  g_assert_no_error (error);
  return response;
}

static void
assert_begins (const char *mechanism, const char *authorization, gboolean binds, const char *start)
{
  g_autoptr (GBytes) response = begin (mechanism, authorization, binds);

  g_assert_cmpmem (g_bytes_get_data (response, NULL), MIN (g_bytes_get_size (response), strlen (start)), start, strlen (start));
}

/* gs2-header of RFC 5802 section 7: no binding, could bind, binds; and whom to act as only where that was said */
static void
test_first_message (void)
{
  assert_begins ("SCRAM-SHA-256", NULL, FALSE, "n,,n=alice,r=");
  assert_begins ("SCRAM-SHA-256", NULL, TRUE, "y,,n=alice,r=");
  assert_begins ("SCRAM-SHA-256-PLUS", NULL, TRUE, "p=tls-exporter,,n=alice,r=");
  assert_begins ("SCRAM-SHA-256", "bob", FALSE, "n,a=bob,n=alice,r=");
}

/* ---- threads ---- */

static gpointer
log_in_often (gpointer data)
{
  for (int i = 0; i < 20; i++)
    g_bytes_unref (begin (data, NULL, i % 2));

  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, log_in_often, (gpointer) scrams[i % 5]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();
  ph_sasl_peer_add_user ("alice", "wonderland");
  ph_sasl_peer_add_user ("jürgen", "Straße€");
  ph_sasl_peer_add_user ("a=b,c", "p,q=r");
  ph_sasl_peer_add_user ("onetime", "a pass phrase of some length");

  g_test_add_func ("/cyrus/many-threads-may-begin-at-once", test_threads);
  g_test_add_func ("/cyrus/lists-what-libsasl2-has", test_list);
  g_test_add_func ("/cyrus/leaves-native-mechanisms-alone", test_native_first);
  g_test_add_func ("/cyrus/right-secrets-log-in-and-wrong-ones-do-not", test_secrets);
  g_test_add_func ("/cyrus/scram-quotes-names", test_special_names);
  g_test_add_func ("/cyrus/begins-as-the-rfc-says", test_first_message);
  g_test_add_func ("/cyrus/says-whom-to-act-as", test_authorization);
  g_test_add_func ("/cyrus/an-empty-user-never-logs-in", test_empty_user);
  g_test_add_func ("/cyrus/otp-logs-in-once-with-each", test_one_time);
  g_test_add_func ("/cyrus/ntlm-logs-in", test_ntlm);
  g_test_add_func ("/cyrus/refuses-success-before-the-proof", test_early_success);
  g_test_add_func ("/cyrus/refuses-a-wrong-proof", test_wrong_proof);
  g_test_add_func ("/cyrus/a-refusal-in-scrams-words-is-one", test_refusal);
  g_test_add_func ("/cyrus/refuses-a-missing-proof", test_no_proof);
  g_test_add_func ("/cyrus/refuses-endless-hashing", test_iterations);
  g_test_add_func ("/cyrus/survives-garbage", test_garbage);
  g_test_add_func ("/cyrus/binds-to-the-channel", test_binding);
  g_test_add_func ("/cyrus/tells-of-a-binding-that-was-taken-away", test_downgrade);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
