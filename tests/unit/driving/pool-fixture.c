/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pool-fixture.h"

void
pool_on_new_session (PhTransportPool *pool, PhTransport *session, gpointer data)
{
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  const char *const plain[] = { "PLAIN", NULL };

  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_security_policy_set_mechanisms (policy, plain);
  ph_session_set_policy (PH_SESSION (session), policy);
  if (ph_session_get_user (PH_SESSION (session)) != NULL)
    ph_session_set_password (PH_SESSION (session), "wrong");
}

void
pool_begin (PoolFixture *self, const char *base, const char *script)
{
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;

  self->server = ph_scripted_server_new (script, NULL);
  uri = ph_scripted_server_uri (self->server, base);
  self->pool = ph_transport_pool_new (uri, &error);
  g_assert_no_error (error);
  g_object_set (self->pool, "max-connections", 1, "back-off", 1, "max-attempts", 3, NULL);
  g_signal_connect (self->pool, "new-session", G_CALLBACK (pool_on_new_session), NULL);
}

void
pool_end (PoolFixture *self)
{
  g_autoptr (GError) error = NULL;

  ph_transport_pool_drain (self->pool, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_transport_pool_get_n_connections (self->pool), ==, 0);
  g_assert_cmpuint (ph_transport_pool_get_n_messages (self->pool), ==, 0);
  ph_scripted_server_finish (self->server);
  ph_scripted_server_free (self->server);
  g_assert_finalize_object (self->pool);
}

PhEnvelope *
pool_envelope_to (const char *who)
{
  PhEnvelope *envelope = ph_envelope_new ("alice@example.org");
  g_auto (GStrv) names = g_strsplit (who, " ", -1);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *address = g_strconcat (*name, "@example.net", NULL);

      ph_envelope_add_recipient (envelope, address);
    }
  return envelope;
}

void
pool_on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  PoolOutcome *outcome = data;

  g_assert_null (outcome->result);
  outcome->result = g_object_ref (result);
  outcome->delivery = ph_transport_pool_send_finish (PH_TRANSPORT_POOL (source), result, &outcome->error);
}

void
pool_send_to (PoolFixture *self, const char *who, GCancellable *cancellable, PoolOutcome *outcome)
{
  g_autoptr (PhEnvelope) envelope = pool_envelope_to (who);
  g_auto (GStrv) names = g_strsplit (who, " ", 2);
  g_autofree char *text = g_strdup_printf ("Subject: %s\r\n\r\n", names[0]);
  g_autoptr (PhBody) body = ph_body_new_for_text (text);

  *outcome = (PoolOutcome){ NULL, NULL, NULL };
  ph_transport_pool_send_async (self->pool, envelope, body, cancellable, pool_on_sent, outcome);
}

void
pool_await (PoolOutcome *outcome)
{
  while (outcome->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
pool_assert_outcome (PoolOutcome *outcome, int code)
{
  pool_await (outcome);
  if (code < 0)
    g_assert_no_error (outcome->error);
  else
    g_assert_error (outcome->error, PH_ERROR, code);
  g_assert_true ((outcome->delivery != NULL) == (code < 0));
  if (outcome->delivery != NULL)
    g_assert_cmpuint (ph_delivery_get_n_accepted (outcome->delivery), ==, ph_delivery_get_n_recipients (outcome->delivery));
  g_clear_object (&outcome->result);
  g_clear_pointer (&outcome->delivery, ph_delivery_unref);
  g_clear_error (&outcome->error);
}
