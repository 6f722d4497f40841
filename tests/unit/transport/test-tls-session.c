/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a TLS session begins with: versions, tickets of earlier ones, a key of one's own. */
#include "tls-peer.h"
#include "transport/ph-security-policy-private.h"

#include <string.h>

/* --- versions --- */

static void
test_old_server (gconstpointer priority)
{
  g_autoptr (PhSecurityPolicy) strict = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) lax = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) strictest = tls_test_policy ();
  g_autoptr (TlsPeer) old = tls_peer_new ("server.pem", priority);
  g_autoptr (TlsPeer) same = tls_peer_new ("server.pem", priority);
  g_autoptr (TlsPeer) recent = tls_peer_new ("server.pem", TLS12);
  g_autoptr (PhTlsFilter) refusing = ph_tls_filter_new (strict, "localhost", NULL, NULL);
  g_autoptr (PhTlsFilter) taking = NULL;
  g_autoptr (PhTlsFilter) demanding = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (tls_peer_shake_hands (old, refusing, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_cmpstr (error->message, ==, "localhost speaks no version of TLS that is new enough (TLS1.2 or newer is asked for)");
  g_clear_error (&error);

  ph_security_policy_set_minimum_version (lax, PH_TLS_V1_0);
  taking = ph_tls_filter_new (lax, "localhost", NULL, &error);
  g_assert_true (tls_peer_shake_hands (same, taking, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_tls_info_get_protocol (ph_tls_filter_get_info (taking)), ==, strstr (priority, "TLS1."));

  ph_security_policy_set_minimum_version (strictest, PH_TLS_V1_3);
  demanding = ph_tls_filter_new (strictest, "localhost", NULL, &error);
  g_assert_false (tls_peer_shake_hands (recent, demanding, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
}

/* --- tickets --- */

static PhTlsFilter *
talk (PhSecurityPolicy *policy, gnutls_datum_t *key, const char *priority, const char *certificate, const char *peer_name, TlsPeer **peer)
{
  g_autoptr (GError) error = NULL;
  PhTlsFilter *tls = ph_tls_filter_new (policy, "localhost", NULL, &error);

  *peer = tls_peer_new (certificate, priority);
  g_assert_cmpint (gnutls_session_ticket_enable_server ((*peer)->session, key), ==, 0);
  ph_tls_filter_resume (tls, peer_name);
  g_assert_true (tls_peer_shake_hands (*peer, tls, &error));
  g_assert_no_error (error);
  return tls;
}

static gboolean
is_resumed (PhSecurityPolicy *policy, gnutls_datum_t *key, const char *priority, const char *peer_name)
{
  g_autoptr (TlsPeer) peer = NULL;
  g_autoptr (PhTlsFilter) tls = talk (policy, key, priority, "server.pem", peer_name, &peer);
  PhTlsInfo *info = ph_tls_filter_get_info (tls);
  g_autoptr (GBytes) binding = ph_tls_filter_get_binding (tls, NULL);

  g_assert_cmpint (ph_tls_filter_get_state (tls), ==, PH_TLS_STATE_OPEN);
  g_assert_cmpint (gnutls_session_is_resumed (peer->session) != 0, ==, ph_tls_info_is_resumed (info));
  /* what was known is known again */
  g_assert_cmpstr (ph_tls_info_get_subject (info), ==, "CN=localhost");
  g_assert_nonnull (binding);
  return ph_tls_info_is_resumed (info);
}

static void
test_tickets (gconstpointer priority)
{
  g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) other = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) forgetful = tls_test_policy ();
  gnutls_datum_t key, new_key;

  gnutls_session_ticket_key_generate (&key);
  gnutls_session_ticket_key_generate (&new_key);
  g_assert_false (is_resumed (policy, &key, priority, "a"));
  g_assert_true (is_resumed (policy, &key, priority, "a"));
  g_assert_true (is_resumed (policy, &key, priority, "a"));
  g_assert_false (is_resumed (policy, &key, priority, "b"));
  g_assert_false (is_resumed (other, &key, priority, "a"));
  /* a server that has forgotten its key costs nothing but the ticket */
  g_assert_false (is_resumed (policy, &new_key, priority, "a"));
  g_assert_true (is_resumed (policy, &new_key, priority, "a"));

  ph_security_policy_set_resumption (forgetful, FALSE);
  g_assert_false (is_resumed (forgetful, &key, priority, "a"));
  g_assert_false (is_resumed (forgetful, &key, priority, "a"));
  gnutls_free (key.data);
  gnutls_free (new_key.data);
}

/* Who accepted a bad certificate once is asked again: a ticket is no promise. */
static void
test_ticket_of_bad (gconstpointer priority)
{
  g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
  gnutls_datum_t key;

  gnutls_session_ticket_key_generate (&key);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (TlsPeer) peer = NULL;
      g_autoptr (PhTlsFilter) tls = talk (policy, &key, priority, "expired.pem", "a", &peer);
      g_autoptr (PhByteQueue) nothing = ph_byte_queue_new ();

      g_assert_cmpint (ph_tls_filter_get_state (tls), ==, PH_TLS_STATE_QUESTION);
      g_assert_cmpint (ph_tls_info_get_errors (ph_tls_filter_get_info (tls)), ==, G_TLS_CERTIFICATE_EXPIRED);
      ph_tls_filter_answer (tls, TRUE);
      g_assert_true (ph_filter_receive (PH_FILTER (tls), peer->output, nothing, NULL));
    }
  gnutls_free (key.data);
}

static void
test_ticket_bounds (void)
{
  PhTlsTickets *tickets = ph_tls_tickets_new ();
  g_autoptr (PhSecret) secret = ph_secret_new ("ticket");
  guint n = 0;

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *peer = g_strdup_printf ("peer %d", i);

      ph_tls_tickets_keep (tickets, peer, secret, TRUE);
      ph_tls_tickets_keep (tickets, "busy", secret, TRUE);
    }
  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *peer = g_strdup_printf ("peer %d", i);
      g_autoptr (PhSecret) ticket = ph_tls_tickets_take (tickets, peer);

      n += ticket != NULL;
      g_assert_true (ticket != NULL || i < 999);
    }
  g_assert_cmpint (n, >, 100);
  g_assert_cmpint (n, <=, 256);
  for (n = 0;; n++)
    {
      g_autoptr (PhSecret) ticket = ph_tls_tickets_take (tickets, "busy");

      if (ticket == NULL)
        break;
    }
  g_assert_cmpint (n, ==, 4);
  ph_tls_tickets_free (tickets);
}

/* --- keys --- */

typedef struct {
  const char *answers[4];
  guint       asked;
  char       *what;
} Person;

static PhSecret *
on_ask (PhSecurityPolicy *policy, const char *what, guint attempt, gpointer data)
{
  Person *person = data;
  const char *answer = person->answers[person->asked];

  g_assert_cmpint (attempt, ==, person->asked);
  person->asked++;
  g_free (person->what);
  person->what = g_strdup (what);
  return answer != NULL ? ph_secret_new (answer) : NULL;
}

static void
expect_client (PhSecurityPolicy *policy)
{
  g_autoptr (TlsPeer) peer = tls_peer_new ("server.pem", TLS13);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhTlsFilter) tls = ph_tls_filter_new (policy, "localhost", NULL, &error);
  g_autoptr (GBytes) der = NULL;
  g_autoptr (PhCertificate) shown = NULL;
  const gnutls_datum_t *chain;
  guint n = 0, status = 1;

  g_assert_no_error (error);
  tls_peer_ask_client (peer);
  g_assert_true (tls_peer_shake_hands (peer, tls, &error));
  g_assert_no_error (error);
  g_assert_cmpint (gnutls_certificate_verify_peers2 (peer->session, &status), ==, 0);
  g_assert_cmpint (status, ==, 0);
  chain = gnutls_certificate_get_peers (peer->session, &n);
  g_assert_cmpint (n, >, 0);
  der = g_bytes_new (chain[0].data, chain[0].size);
  shown = ph_certificate_new (der, NULL);
  g_assert_cmpstr (ph_certificate_get_subject (shown), ==, "CN=alice");
}

static void
test_pkcs12 (void)
{
  g_autofree char *path = tls_test_path ("client.p12");
  g_autoptr (PhSecurityPolicy) told = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) asking = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) silent = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) missing = tls_test_policy ();
  g_autoptr (PhSecret) password = ph_secret_new ("wonderland");
  g_autoptr (GError) error = NULL;
  Person person = { .answers = { "wrong", "wonderland" } };
  Person stubborn = { .answers = { "wrong", "wrong", "wrong" } };

  ph_security_policy_set_pkcs12 (told, path);
  ph_security_policy_set_key_password (told, password);
  expect_client (told);

  ph_security_policy_set_pkcs12 (asking, path);
  g_signal_connect (asking, "ask-key-password", G_CALLBACK (on_ask), &person);
  expect_client (asking);
  g_assert_cmpint (person.asked, ==, 2);
  g_assert_cmpstr (person.what, ==, path);

  ph_security_policy_set_pkcs12 (silent, path);
  g_assert_false (ph_security_policy_load (silent, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "it needs a password"));
  g_clear_error (&error);

  g_signal_connect (silent, "ask-key-password", G_CALLBACK (on_ask), &stubborn);
  g_assert_false (ph_security_policy_load (silent, &error));
  g_assert_nonnull (strstr (error->message, "the password is wrong"));
  g_assert_null (strstr (error->message, "wonderland"));
  g_assert_cmpint (stubborn.asked, ==, 3);
  g_clear_error (&error);

  ph_security_policy_set_pkcs12 (missing, "/nonexistent/client.p12");
  g_assert_false (ph_security_policy_load (missing, &error));
  g_assert_nonnull (strstr (error->message, "/nonexistent/client.p12"));
  g_free (person.what);
  g_free (stubborn.what);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/tls-zoo/old-servers/tls1.0", "NORMAL:-VERS-ALL:+VERS-TLS1.0", test_old_server);
  g_test_add_data_func ("/tls-zoo/old-servers/tls1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.1", test_old_server);
  g_test_add_data_func ("/tls-zoo/tickets-resume/tls1.2", TLS12, test_tickets);
  g_test_add_data_func ("/tls-zoo/tickets-resume/tls1.3", TLS13, test_tickets);
  g_test_add_data_func ("/tls-zoo/tickets-excuse-nothing/tls1.2", TLS12, test_ticket_of_bad);
  g_test_add_data_func ("/tls-zoo/tickets-excuse-nothing/tls1.3", TLS13, test_ticket_of_bad);
  g_test_add_func ("/tls-zoo/tickets-are-bounded", test_ticket_bounds);
  g_test_add_func ("/tls-zoo/a-pkcs12-file-is-opened-by-its-password", test_pkcs12);
  return g_test_run ();
}
