/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver's part in a login: carries challenges and responses between engine and mechanism (RFC 4422). */
#include "ph-driver-private.h"

#include "transport/ph-fd-connection.h"

static void
answer_engine (PhDriver     *self,
               const char   *mechanism,
               GBytes       *response,
               const GError *error)
{
  ph_engine_sasl_reply (self->engine, mechanism, response, error, ph_driver_now (self));
  ph_driver_drain_events (self);
}

/* Nobody can listen: TLS, a unix socket or pipe, the loopback interface, or the program said that it doesn't mind. */
static gboolean
is_secure (PhDriver *self)
{
  return self->tls != NULL || ph_connection_is_local (self->connection) || ph_connection_is_loopback (self->connection) ||
         ph_security_policy_get_allow_plaintext (self->policy);
}

static PhSaslNeeds
kinds_at_hand (PhDriver *self)
{
  PhSaslNeeds kinds = self->credentials != NULL ? ph_credentials_get_kinds (self->credentials, self->uri) : PH_SASL_NEEDS_NOTHING;

  if (self->user != NULL)
    kinds |= PH_SASL_NEEDS_USER;
  if (ph_security_policy_get_certificate (self->policy, NULL) != NULL && self->tls != NULL)
    kinds |= PH_SASL_NEEDS_CERTIFICATE;
  /* a ticket is worth a try where there is no secret that would do */
  if ((kinds & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN)) == 0)
    kinds |= PH_SASL_NEEDS_TICKET;
  return kinds;
}

static void
ensure_dialogue (PhDriver *self)
{
  if (self->dialogue != NULL)
    return;

  self->dialogue = ph_sasl_dialogue_new (self->policy, self->scheme->service, self->host, self->user, kinds_at_hand (self), is_secure (self));
  if (self->tls != NULL)
    {
      const char *type = NULL;
      g_autoptr (GBytes) binding = ph_tls_filter_get_binding (self->tls, &type);

      if (binding != NULL)
        ph_sasl_dialogue_set_binding (self->dialogue, type, binding);
    }
}

static void
respond (PhDriver *self,
         GBytes   *challenge)
{
  g_clear_pointer (&self->challenge, g_bytes_unref);
  self->challenge = challenge != NULL ? g_bytes_ref (challenge) : NULL;
  if (ph_sasl_dialogue_may_block (self->dialogue))
    {
      ph_driver_set_job (self, PH_JOB_RESPOND);
      return;
    }

  {
    g_autoptr (GError) error = NULL;
    GBytes *response = ph_driver_respond (self, &error);

    ph_driver_responded (self, response, error);
  }
}

GBytes *
ph_driver_respond (PhDriver  *self,
                   GError   **error)
{
  return ph_sasl_dialogue_respond (self->dialogue, self->challenge, error);
}

void
ph_driver_responded (PhDriver     *self,
                     GBytes       *response,
                     const GError *error)
{
  g_autoptr (GBytes) owned = response;

  ph_driver_set_job (self, PH_JOB_NONE);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  self->first_answered = TRUE;
  answer_engine (self, self->mechanism, owned, error);
}

/* Credentials are in the context: the first response goes with the command where mechanism and protocol allow it. */
static void
begin (PhDriver *self)
{
  gboolean is_command = g_strcmp0 (self->mechanism, "*") == 0;

  if (is_command || (self->initial_allowed && ph_sasl_dialogue_is_client_first (self->dialogue)))
    {
      respond (self, NULL);
      return;
    }
  answer_engine (self, self->mechanism, NULL, NULL);
}

void
ph_driver_sasl_start (PhDriver     *self,
                      const PhWant *want)
{
  g_autoptr (GError) error = NULL;
  const char *mechanism;
  PhSaslNeeds needs, refused;

  ensure_dialogue (self);
  refused = want->reply != NULL ? ph_sasl_dialogue_get_needs (self->dialogue) : PH_SASL_NEEDS_NOTHING;
  self->initial_allowed = want->initial_response;
  self->first_answered = FALSE;
  g_clear_pointer (&self->mechanism, g_free);

  mechanism = ph_sasl_dialogue_choose (self->dialogue, want->mechanisms, want->login_command, want->reply, &error);
  if (mechanism == NULL)
    {
      if (want->reply != NULL && self->credentials != NULL)
        ph_credentials_refused (self->credentials, self->uri, refused, want->reply);
      ph_sasl_dialogue_forget (self->dialogue);
      answer_engine (self, NULL, NULL, error);
      return;
    }

  self->mechanism = g_strdup (mechanism);
  ph_driver_note (self, "logging in by %s", g_str_equal (mechanism, "*") ? "the protocol's own command" : mechanism);
  needs = ph_sasl_dialogue_get_needs (self->dialogue);
  if (self->credentials != NULL && needs != PH_SASL_NEEDS_NOTHING)
    ph_driver_set_job (self, PH_JOB_CREDENTIALS);
  else
    begin (self);
}

PhSaslNeeds
ph_driver_get_needs (PhDriver *self)
{
  return ph_sasl_dialogue_get_needs (self->dialogue);
}

PhSaslContext *
ph_driver_get_sasl_context (PhDriver *self)
{
  return ph_sasl_dialogue_get_context (self->dialogue);
}

void
ph_driver_credentials_done (PhDriver     *self,
                            const GError *error)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  if (error != NULL)
    {
      ph_sasl_dialogue_forget (self->dialogue);
      answer_engine (self, NULL, NULL, error);
      return;
    }
  begin (self);
}

/* Where the protocol had no room for an initial response, the server's first, empty challenge asks for it. */
void
ph_driver_sasl_challenge (PhDriver *self,
                          GBytes   *challenge)
{
  gboolean asks_for_first = !self->first_answered && (challenge == NULL || g_bytes_get_size (challenge) == 0) &&
                            ph_sasl_dialogue_is_client_first (self->dialogue);

  respond (self, asks_for_first ? NULL : challenge);
}

void
ph_driver_sasl_done (PhDriver *self,
                     GBytes   *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhFilter) layer = NULL;

  if (!ph_sasl_dialogue_finish (self->dialogue, data, &error))
    {
      ph_sasl_dialogue_forget (self->dialogue);
      answer_engine (self, self->mechanism, NULL, error);
      return;
    }

  layer = ph_sasl_dialogue_get_filter (self->dialogue);
  if (layer != NULL)
    {
      ph_driver_flush (self);
      ph_driver_push_filter (self, layer);
    }
  ph_driver_note (self, "logged in%s", layer != NULL ? ", with a security layer" : "");
  ph_sasl_dialogue_forget (self->dialogue);
  answer_engine (self, self->mechanism, NULL, NULL);
}
