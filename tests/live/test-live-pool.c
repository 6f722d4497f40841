/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many messages through a pool to a real Postfix: each arrives, and once. */
#include "live.h"

#define N_MESSAGES 120

static void
on_new_session (PhTransportPool *pool, PhTransport *session, gpointer data)
{
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  guint *n_sessions = data;

  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_session_set_policy (PH_SESSION (session), policy);
  (*n_sessions)++;
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = ph_transport_pool_send_finish (PH_TRANSPORT_POOL (source), result, &error);

  g_assert_no_error (error);
  g_assert_true (ph_delivery_is_accepted (delivery, 0));
  g_assert_cmpint (ph_delivery_get_fate (delivery, 1), ==, PH_FATE_REFUSED);
  (*(guint *) data)++;
}

static void
test_many (void)
{
  g_autofree char *uri = g_strdup_printf ("smtp://localhost:%s", live_get ("SMTP_PORT"));
  g_autoptr (GError) error = NULL;
  g_autoptr (PhTransportPool) pool = ph_transport_pool_new (uri, &error);
  g_autoptr (PhStore) store = NULL;
  guint n_sessions = 0;
  guint n_sent = 0;

  g_assert_no_error (error);
  live_empty_inbox ("bob");
  g_signal_connect (pool, "new-session", G_CALLBACK (on_new_session), &n_sessions);
  g_object_set (pool, "max-connections", 3, "max-messages", 15, NULL);
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.test");
      g_autofree char *subject = g_strdup_printf ("pool %u", i);
      g_autoptr (PhBody) body = live_body_new (subject, "One of many.\r\n");

      ph_envelope_add_recipient (envelope, "bob@example.test");
      ph_envelope_add_recipient (envelope, "stranger@elsewhere.test");
      ph_transport_pool_send_async (pool, envelope, body, NULL, on_sent, &n_sent);
    }
  ph_transport_pool_drain (pool, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_sent, ==, N_MESSAGES);
  g_assert_cmpuint (n_sessions, >=, N_MESSAGES / 15);

  store = live_wait_for_mail ("bob", N_MESSAGES);
  for (guint i = 0; i < N_MESSAGES; i += 17)
    {
      g_autofree char *subject = g_strdup_printf ("pool %u", i);
      g_autoptr (PhQuery) query = ph_query_subject (ph_query_new (), subject);
      g_autoptr (PhMessageSet) found = ph_store_search (store, query, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (ph_message_set_get_count (found), >=, 1);
    }
  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_store_get_selected (store)), ==, N_MESSAGES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/pool/many-messages-arrive-once", test_many);
  return g_test_run ();
}
