/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver's part in a login: carries challenges and responses between engine and mechanism (RFC 4422). */
#include "ph-driver-private.h"

#include "transport/ph-fd-connection.h"
#include "values/ph-memory.h"

static void choose (PhDriver *self, PhReply *refusal);

static void
answer_engine (PhDriver     *self,
               const char   *mechanism,
               GBytes       *response,
               const GError *error)
{
  self->choosing = FALSE;
  self->calls->sasl_reply (self->engine, mechanism, response, error, ph_driver_now (self));
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
  /* a certificate is whose the connection was made for: another one's password is not to be passed over for it */
  if (self->tls != NULL && ph_tls_filter_sent_certificate (self->tls) &&
      (!self->again || (kinds & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN)) == 0))
    kinds |= PH_SASL_NEEDS_CERTIFICATE;
  /* a ticket is worth a try where there is no secret that would do */
  if ((kinds & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN)) == 0)
    kinds |= PH_SASL_NEEDS_TICKET;
  return kinds;
}

/* The best first; the one behind it, for which a certificate has to be read, is for servers that don't know that. What came before TLS 1.3
 * has tls-unique by custom (RFC 5802 section 6.1, RFC 9266 section 3). */
static void
add_binding (PhSaslDialogue *dialogue, gpointer data)
{
  PhDriver *self = data;
  static const char *const new_types[] = { "tls-exporter", "tls-server-end-point" };
  static const char *const old_types[] = { "tls-unique", "tls-server-end-point" };
  gboolean is_new = g_strcmp0 (ph_tls_info_get_protocol (ph_tls_filter_get_info (self->tls)), "TLS1.3") == 0;

  while (self->n_bindings < G_N_ELEMENTS (new_types))
    {
      const char *type = (is_new ? new_types : old_types)[self->n_bindings++];
      g_autoptr (GBytes) binding = ph_tls_filter_get_binding_of_type (self->tls, type);

      if (binding == NULL)
        continue;
      ph_sasl_dialogue_add_binding (dialogue, type, binding);
      return;
    }
}

static void
make_dialogue (PhDriver *self)
{
  const PhSaslDialogueSetup setup = {
    .policy = self->policy,
    .service = self->scheme->service,
    .host = self->host,
    .port = self->port,
    .user = self->user,
    .authorization = self->authorization,
    .kinds = kinds_at_hand (self),
    .secure = is_secure (self),
  };
  self->dialogue = ph_sasl_dialogue_new (&setup);
  if (self->tls == NULL)
    return;
  add_binding (self->dialogue, self);
  ph_sasl_dialogue_set_more_bindings (self->dialogue, add_binding, self);
}

void
ph_driver_prepare_login (PhDriver *self)
{
  if (self->user == NULL && self->credentials == NULL)
    return;
  make_dialogue (self);
  ph_sasl_dialogue_prepare (self->dialogue);
}

void
ph_driver_drop_dialogue (PhDriver *self)
{
  g_clear_pointer (&self->dialogue, ph_sasl_dialogue_free);
  self->n_bindings = 0;
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
  /* the server knows nothing of it yet: no ticket, no such hash on this system */
  if (error != NULL && self->choosing)
    {
      choose (self, NULL);
      return;
    }
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

static void
tell_credentials (PhDriver *self,
                  PhReply  *refusal)
{
  PhSaslNeeds refused = ph_sasl_dialogue_take_refused (self->dialogue);

  if (refused != PH_SASL_NEEDS_NOTHING && self->credentials != NULL)
    ph_driver_add_refused (self, refused, refusal);
}

/* What is at hand needs no turn of the session. */
static void
look_up_now (PhDriver *self)
{
  g_autoptr (GError) error = NULL;

  PH_CREDENTIALS_GET_IFACE (self->credentials)->lookup_now (self->credentials, self->uri, ph_driver_get_needs (self),
                                                            ph_driver_get_sasl_context (self), &error);
  ph_driver_credentials_done (self, error);
}

/* The engine waits for a mechanism. @refusal: of the last one, by the server; NULL where it never heard of it. */
static void
choose (PhDriver *self,
        PhReply  *refusal)
{
  g_autoptr (GError) error = NULL;
  const char *mechanism;

  mechanism = ph_sasl_dialogue_choose (self->dialogue, (const char *const *) self->offered, self->login_command, refusal, &error);
  tell_credentials (self, refusal);
  g_clear_pointer (&self->mechanism, g_free);
  if (mechanism == NULL)
    {
      ph_sasl_dialogue_forget (self->dialogue);
      answer_engine (self, NULL, NULL, error);
      return;
    }

  self->first_answered = FALSE;
  self->mechanism = g_strdup (mechanism);
  ph_driver_note (self, "logging in by %s", g_str_equal (mechanism, "*") ? "the protocol's own command" : mechanism);
  if (self->credentials == NULL || ph_driver_get_needs (self) == PH_SASL_NEEDS_NOTHING)
    begin (self);
  else if (PH_CREDENTIALS_GET_IFACE (self->credentials)->lookup_now != NULL)
    look_up_now (self);
  else
    ph_driver_set_job (self, PH_JOB_CREDENTIALS);
}

void
ph_driver_set_login (PhDriver      *self,
                     const char    *user,
                     const char    *authorization,
                     PhCredentials *credentials)
{
  g_free (self->next_user);
  self->next_user = g_strdup (user);
  g_free (self->next_authorization);
  self->next_authorization = g_strdup (authorization);
  g_set_object (&self->next_credentials, credentials);
  self->login_changed = TRUE;
}

static void
begin_anew (PhDriver *self)
{
  g_free (self->user);
  self->user = g_steal_pointer (&self->next_user);
  g_free (self->authorization);
  self->authorization = g_steal_pointer (&self->next_authorization);
  g_clear_object (&self->credentials);
  self->credentials = g_steal_pointer (&self->next_credentials);
  ph_driver_drop_dialogue (self);
  self->again = TRUE;
  self->login_changed = FALSE;
}

void
ph_driver_sasl_start (PhDriver     *self,
                      const PhWant *want)
{
  g_autoptr (PhReply) refusal = want->reply != NULL ? ph_reply_ref (want->reply) : NULL;

  if (self->logged_in)
    ph_driver_forget_login (self);
  if (self->login_changed && refusal == NULL)
    begin_anew (self);
  if (self->dialogue == NULL)
    make_dialogue (self);
  self->choosing = TRUE;
  self->initial_allowed = want->initial_response && ph_security_policy_get_initial_response (self->policy);
  self->login_command = want->login_command;
  g_free (self->offered);
  self->offered = ph_strv_pack (want->mechanisms);
  choose (self, refusal);
}

/* Certificates are the channel's, tickets the process's: nobody is asked for them. */
PhSaslNeeds
ph_driver_get_needs (PhDriver *self)
{
  return ph_sasl_dialogue_get_needs (self->dialogue) & (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN);
}

PhCredentials *
ph_driver_get_credentials (PhDriver *self)
{
  return self->credentials;
}

PhSaslContext *
ph_driver_get_sasl_context (PhDriver *self)
{
  return ph_sasl_dialogue_get_context (self->dialogue);
}

/* A source that has nothing for this mechanism may have something for another; one that gives a token that was refused has no other. */
void
ph_driver_credentials_done (PhDriver     *self,
                            const GError *error)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  if (error != NULL && !g_error_matches (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS))
    {
      ph_sasl_dialogue_forget (self->dialogue);
      answer_engine (self, NULL, NULL, error);
      return;
    }
  if (error == NULL && ph_sasl_dialogue_check_credentials (self->dialogue))
    {
      begin (self);
      return;
    }
  ph_sasl_dialogue_lacks (self->dialogue, error);
  choose (self, NULL);
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
      if (!ph_driver_push_filter (self, layer))
        return;
    }
  ph_driver_note (self, "logged in%s", layer != NULL ? ", with a security layer" : "");
  self->logged_in = TRUE;
  answer_engine (self, self->mechanism, NULL, NULL);
}

void
ph_driver_forget_login (PhDriver *self)
{
  self->logged_in = FALSE;
  ph_driver_drop_dialogue (self);
}
