/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One login: what the mechanism that was chosen says to each challenge, and to the server's success. */
#include "driving/ph-sasl-dialogue-private.h"

#include "contracts/ph-sasl-context-private.h"

#include <string.h>

/* The longest honest dialogues (SPNEGO with Kerberos) have about five steps. */
#define MAX_STEPS 32

PhSaslNeeds
ph_sasl_dialogue_get_needs (PhSaslDialogue *self)
{
  if (self->feature == NULL)
    return PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET;

  return ph_feature_info_get_needs (self->feature);
}

PhSaslContext *
ph_sasl_dialogue_get_context (PhSaslDialogue *self)
{
  return self->context;
}

gboolean
ph_sasl_dialogue_may_block (PhSaslDialogue *self)
{
  return ph_sasl_dialogue_has_flag (self, PH_SASL_MAY_BLOCK);
}

gboolean
ph_sasl_dialogue_is_client_first (PhSaslDialogue *self)
{
  return self->feature == NULL || ph_sasl_dialogue_has_flag (self, PH_SASL_CLIENT_FIRST);
}

/*
 * No ticket, no MD5 on this system, a refusal in the mechanism's own words: a reason to try the next one. After any other failure
 * the server is not to be told anything more, least of all a password by a weaker mechanism.
 */
static gboolean
is_fatal (const GError *error)
{
  return !g_error_matches (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED) && !g_error_matches (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS) &&
         !g_error_matches (error, PH_ERROR, PH_ERROR_AUTHENTICATION);
}

static void
keep_failure (PhSaslDialogue *self, const GError *failure, GError **error)
{
  g_clear_error (&self->failure);
  self->failure = g_error_copy (failure);
  self->is_fatal = is_fatal (failure);
  if (error != NULL)
    *error = g_error_copy (failure);
}

/* Mechanisms may rely on what their table entry says that they need. */
static gboolean
has_credentials (PhSaslDialogue *self, GError **error)
{
  PhSaslNeeds needs = ph_sasl_dialogue_get_needs (self);
  const char *user = ph_sasl_context_get_user (self->context);
  const char *missing = NULL;

  if ((needs & PH_SASL_NEEDS_USER) && (user == NULL || *user == '\0'))
    missing = "user name";
  else if ((needs & PH_SASL_NEEDS_SECRET) && ph_sasl_context_get_secret (self->context) == NULL)
    missing = "password";
  else if ((needs & PH_SASL_NEEDS_TOKEN) && ph_sasl_context_get_token (self->context) == NULL)
    missing = "access token";

  if (missing == NULL)
    return TRUE;

  g_set_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is no %s to log in to %s with", missing, self->host);
  return FALSE;
}

static GBytes *
respond_to_command (PhSaslDialogue *self, GError **error)
{
  gsize length;
  const char *secret = ph_secret_get (ph_sasl_context_get_secret (self->context), &length);

  if (strlen (secret) != length)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "A login command can't carry a password with a NUL octet");
      return NULL;
    }

  ph_sasl_context_next_step (self->context);
  return ph_sasl_context_reply (self->context, ph_sasl_context_get_user (self->context), PH_SASL_NUL, secret, NULL);
}

/* A server whose protocol has no initial response asks for the first by a challenge that should be empty, and isn't always. */
static GBytes *
respond (PhSaslDialogue *self, GBytes *challenge, GError **error)
{
  guint step = ph_sasl_context_get_step (self->context);

  if (!has_credentials (self, error))
    return NULL;
  if (self->mechanism == NULL)
    return respond_to_command (self, error);

  if (step >= MAX_STEPS)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "%s asked more than %u questions for one login", self->host, MAX_STEPS);
      return NULL;
    }

  return ph_sasl_mechanism_respond (self->mechanism, self->context,
                                    step == 0 && ph_sasl_dialogue_is_client_first (self) ? NULL : challenge, error);
}

/*
 * Whether the server can now judge by the secret: it was sent, or the answer is to a challenge. What stands before, SCRAM's first message
 * for one, has the user's name at most; a server that refuses there has no use for the mechanism, or not with this user.
 */
static gboolean
gives_proof (PhSaslDialogue *self, GBytes *challenge)
{
  PhSaslNeeds needs = ph_sasl_dialogue_get_needs (self);

  if (self->mechanism == NULL || ph_sasl_dialogue_has_flag (self, PH_SASL_PLAINTEXT) || (needs & (PH_SASL_NEEDS_TICKET | PH_SASL_NEEDS_CERTIFICATE)))
    return TRUE;

  return challenge != NULL && g_bytes_get_size (challenge) > 0 &&
         (ph_sasl_context_get_step (self->context) > 1 || !ph_sasl_dialogue_is_client_first (self));
}

GBytes *
ph_sasl_dialogue_respond (PhSaslDialogue *self, GBytes *challenge, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GBytes *response;

  g_return_val_if_fail (self->context != NULL, NULL);
  g_return_val_if_fail (challenge != NULL || ph_sasl_dialogue_is_client_first (self), NULL);

  response = respond (self, challenge, &failure);
  if (response == NULL)
    keep_failure (self, failure, error);
  else if (gives_proof (self, challenge))
    self->has_proof = TRUE;

  return response;
}

gboolean
ph_sasl_dialogue_finish (PhSaslDialogue *self, GBytes *data, GError **error)
{
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (self->context != NULL, FALSE);

  if (ph_sasl_context_get_step (self->context) == 0)
    g_set_error (&failure, PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "%s reported success before %s had begun", self->host,
                 ph_sasl_context_get_mechanism (self->context));
  else if (self->mechanism == NULL || ph_sasl_mechanism_finish (self->mechanism, self->context, data, &failure))
    return TRUE;

  keep_failure (self, failure, error);
  return FALSE;
}

PhFilter *
ph_sasl_dialogue_get_filter (PhSaslDialogue *self)
{
  return self->mechanism != NULL ? ph_sasl_mechanism_get_filter (self->mechanism, self->context) : NULL;
}
