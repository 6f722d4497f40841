/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerberos by the bridge, against libsasl2's server, in a realm of the test's own: logins, channel bindings and security layers. */
#include "ph-sasl-peer.h"

#include <string.h>

static const char *const mechanisms[] = { "GSSAPI", "GSS-SPNEGO", "GS2-KRB5" };

static PhSaslPeerTalk
new_talk (const char *mechanism)
{
  return (PhSaslPeerTalk){ .mechanism = mechanism, .success_data = TRUE };
}

static void
assert_passes (PhFilter *layer, sasl_conn_t *server, const char *text)
{
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new (), answer = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;
  gsize length;
  const guint8 *data;
  const char *plain, *sealed;
  unsigned plain_length, sealed_length;

  ph_byte_queue_append (input, text, strlen (text));
  g_assert_true (ph_filter_send (layer, input, output, &error));
  g_assert_no_error (error);
  data = ph_byte_queue_peek (output, &length);
  g_assert_null (g_strstr_len ((const char *) data, (gssize) length, text));
  g_assert_cmpint (sasl_decode (server, (const char *) data, (unsigned) length, &plain, &plain_length), ==, SASL_OK);
  g_assert_cmpmem (plain, plain_length, text, strlen (text));

  g_assert_cmpint (sasl_encode (server, text, (unsigned) strlen (text), &sealed, &sealed_length), ==, SASL_OK);
  ph_byte_queue_consume (output, ph_byte_queue_get_length (output));
  ph_byte_queue_append (answer, sealed, sealed_length);
  g_assert_true (ph_filter_receive (layer, answer, output, &error));
  g_assert_no_error (error);
  data = ph_byte_queue_peek (output, &length);
  g_assert_cmpmem (data, length, text, strlen (text));
}

static void
test_logs_in (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      PhSaslPeerTalk talk = new_talk (mechanisms[i]);

      ph_sasl_peer_run (&talk);
      g_assert_no_error (talk.error);
      g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_LOGGED_IN);
      g_test_message ("%s: %s", mechanisms[i], talk.logged_in_as);
      g_assert_true (g_str_has_prefix (talk.logged_in_as, "alice"));
      /* SPNEGO brings one that nobody asked for */
      if (talk.layer != NULL)
        assert_passes (talk.layer, talk.server, "a1 NOOP\r\n");
      ph_sasl_peer_talk_clear (&talk);
    }
}

#ifdef __SANITIZE_ADDRESS__
/* libsasl2's server side looks for an "@" one octet beyond the name that it is to act as. */
__attribute__ ((visibility ("default"))) const char *__asan_default_suppressions (void);

const char *
__asan_default_suppressions (void)
{
  return "interceptor_via_lib:libsasl2.so";
}
#endif

static void
test_authorization (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      PhSaslPeerTalk talk = new_talk (mechanisms[i]);

      /* nobody may act as another on this server; SPNEGO has no place for the name, and acts as nobody else */
      talk.authorization = "bob";
      ph_sasl_peer_run (&talk);
      g_assert_false (talk.outcome == PH_SASL_PEER_LOGGED_IN && g_str_has_prefix (talk.logged_in_as, "bob"));
      ph_sasl_peer_talk_clear (&talk);
    }
}

/* Somebody between two channels */
static void
test_binding (void)
{
  PhSaslPeerTalk talk = new_talk ("GS2-KRB5-PLUS");

  talk.binding_type = "tls-exporter";
  talk.binding = "0123456789abcdef0123456789abcdef";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_LOGGED_IN);
  talk.server_binding = "another channel: somebody in between";
  ph_sasl_peer_assert (talk, PH_SASL_PEER_REFUSED);
}

static void
test_layer (void)
{
  PhSaslPeerTalk talk = new_talk ("GSSAPI");

  talk.max_strength = 256;
  ph_sasl_peer_run (&talk);
  g_assert_no_error (talk.error);
  g_assert_nonnull (talk.layer);
  assert_passes (talk.layer, talk.server, "a1 SELECT INBOX\r\n");
  ph_sasl_peer_talk_clear (&talk);
}

static void
test_no_ticket (void)
{
  g_setenv ("KRB5CCNAME", "FILE:/nonexistent/no-tickets", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    ph_sasl_peer_assert_error (new_talk (mechanisms[i]), PH_ERROR_NO_CREDENTIALS);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();

  g_test_add_func ("/kerberos/a-ticket-logs-in", test_logs_in);
  g_test_add_func ("/kerberos/nobody-acts-as-another", test_authorization);
  g_test_add_func ("/kerberos/binds-to-the-channel", test_binding);
  g_test_add_func ("/kerberos/seals-what-follows", test_layer);
  g_test_add_func ("/kerberos/says-that-there-is-no-ticket", test_no_ticket);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
