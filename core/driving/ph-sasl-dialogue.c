/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One login: picks a mechanism, gives its answers, picks the next one where the server refuses. */
#include "driving/ph-sasl-dialogue.h"

#include "contracts/ph-sasl-context-private.h"
#include "driving/ph-sasl-selector.h"

#include <string.h>

/* More would look like guessing to the server, and locks accounts. */
#define MAX_TRIES 3
/* The longest honest dialogues (SPNEGO with Kerberos) have about five steps. */
#define MAX_STEPS 32

struct _PhSaslDialogue
{
  PhSecurityPolicy *policy;
  char *service;
  char *host;
  char *user;
  PhSaslNeeds kinds;
  gboolean secure;
  char *binding_type;
  GBytes *binding;

  /* names in upper case; tried_order owns them */
  GHashTable *tried;
  GPtrArray *tried_order;
  guint n_tries;

  /* of the mechanism that was chosen last; no feature and no mechanism for the login command */
  PhFeatureInfo *feature;
  PhSaslMechanism *mechanism;
  PhSaslContext *context;
  /* what our side found wrong; a fatal one ends the login, whatever else the server offers */
  GError *failure;
  gboolean is_fatal;
};

PhSaslDialogue *
ph_sasl_dialogue_new (PhSecurityPolicy *policy, const char *service, const char *host, const char *user, PhSaslNeeds kinds, gboolean secure)
{
  PhSaslDialogue *self = g_new0 (PhSaslDialogue, 1);

  self->policy = g_object_ref (policy);
  self->service = g_strdup (service);
  self->host = g_strdup (host);
  self->user = g_strdup (user);
  self->kinds = user != NULL ? kinds | PH_SASL_NEEDS_USER : kinds;
  self->secure = secure;
  self->tried = g_hash_table_new (g_str_hash, g_str_equal);
  self->tried_order = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
ph_sasl_dialogue_forget (PhSaslDialogue *self)
{
  if (self->context != NULL)
    ph_sasl_context_clear (self->context);

  g_clear_object (&self->mechanism);
  g_clear_object (&self->context);
  g_clear_pointer (&self->feature, ph_feature_info_unref);
}

void
ph_sasl_dialogue_free (PhSaslDialogue *self)
{
  ph_sasl_dialogue_forget (self);
  g_clear_error (&self->failure);
  g_hash_table_unref (self->tried);
  g_ptr_array_unref (self->tried_order);
  g_clear_pointer (&self->binding, g_bytes_unref);
  g_free (self->binding_type);
  g_free (self->service);
  g_free (self->host);
  g_free (self->user);
  g_object_unref (self->policy);
  g_free (self);
}

void
ph_sasl_dialogue_set_binding (PhSaslDialogue *self, const char *type, GBytes *data)
{
  g_clear_pointer (&self->binding, g_bytes_unref);
  g_clear_pointer (&self->binding_type, g_free);

  if (type != NULL && data != NULL)
    {
      self->binding_type = g_strdup (type);
      self->binding = g_bytes_ref (data);
    }
}

/* ---- choosing ---- */

static gboolean
offers_binding (const char *const *offered)
{
  for (; offered != NULL && *offered != NULL; offered++)
    {
      gsize length = strlen (*offered);

      if (length > strlen ("-PLUS") && g_ascii_strcasecmp (*offered + length - strlen ("-PLUS"), "-PLUS") == 0)
        return TRUE;
    }

  return FALSE;
}

/*
 * A mechanism that could bind and is told of a binding, without being chosen as -PLUS, tells the server "I could, you don't offer it",
 * so that an attacker who took the offer away is found out (RFC 5802 section 6). Where -PLUS is offered and not taken, that
 * would be a lie, and refused.
 */
static void
make_context (PhSaslDialogue *self, const char *name, const char *const *offered)
{
  PhSaslFlags flags = self->feature != NULL ? ph_feature_info_get_flags (self->feature) : PH_SASL_NONE;

  self->context = ph_sasl_context_new (name, self->service, self->host);
  ph_sasl_context_set_user (self->context, self->user);
  if (self->binding != NULL && ((flags & PH_SASL_CHANNEL_BINDING) || !offers_binding (offered)))
    ph_sasl_context_set_binding (self->context, self->binding_type, self->binding);
}

static const char *
remember (PhSaslDialogue *self, const char *name)
{
  char *copy = g_strdup (name);

  g_ptr_array_add (self->tried_order, copy);
  g_hash_table_add (self->tried, copy);
  return copy;
}

/* The usable ones are at the start. One whose plugin can't make its object counts as refused, the reason is kept. */
static const char *
choose_first (PhSaslDialogue *self, GArray *candidates, const char *const *offered)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      PhSaslCandidate *candidate = &g_array_index (candidates, PhSaslCandidate, i);
      const char *name;

      if (candidate->verdict != PH_SASL_USABLE)
        return NULL;

      name = remember (self, candidate->name);
      g_clear_error (&self->failure);
      if (candidate->feature != NULL)
        {
          self->mechanism = PH_SASL_MECHANISM (ph_registry_create (ph_registry_get_default (), candidate->feature, &self->failure));
          if (self->mechanism == NULL)
            continue;
          self->feature = ph_feature_info_ref (candidate->feature);
        }

      make_context (self, name, offered);
      self->n_tries++;
      return name;
    }

  return NULL;
}

static char *
join_tried (PhSaslDialogue *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->tried_order->len; i++)
    {
      const char *name = g_ptr_array_index (self->tried_order, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", then " : "", strcmp (name, PH_SASL_LOGIN_COMMAND) == 0 ? "the login command" : name);
    }

  return g_string_free (text, FALSE);
}

static PhError
get_refusal_code (PhReply *refusal)
{
  if (g_strcmp0 (ph_reply_get_response_code (refusal), "EXPIRED") == 0)
    return PH_ERROR_EXPIRED;

  return ph_reply_is_temporary (refusal) ? PH_ERROR_THROTTLED : PH_ERROR_AUTHENTICATION;
}

static GError *
make_refused_error (PhSaslDialogue *self, PhReply *refusal)
{
  g_autofree char *words = ph_reply_to_string (refusal);
  g_autofree char *tried = join_tried (self);

  return ph_error_new (get_refusal_code (refusal), refusal, NULL, "%s refused the login%s%s by %s: %s", self->host,
                       self->user != NULL ? " of " : "", self->user != NULL ? self->user : "", tried, words);
}

/* A program asks its user for a password where that is all that is missing. */
static gboolean
lacks_credentials_only (PhSaslDialogue *self, GArray *candidates)
{
  if (self->kinds & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN | PH_SASL_NEEDS_CERTIFICATE))
    return FALSE;

  for (guint i = 0; i < candidates->len; i++)
    if (g_array_index (candidates, PhSaslCandidate, i).verdict == PH_SASL_LACKS_CREDENTIALS)
      return TRUE;

  return FALSE;
}

static GError *
make_no_mechanism_error (PhSaslDialogue *self, GArray *candidates)
{
  g_autofree char *description = ph_sasl_selector_describe (candidates);

  if (self->failure != NULL)
    return g_error_copy (self->failure);
  if (candidates->len == 0)
    return g_error_new (PH_ERROR, PH_ERROR_NO_MECHANISM, "%s offers no way to log in", self->host);
  if (lacks_credentials_only (self, candidates))
    return g_error_new (PH_ERROR, PH_ERROR_NO_CREDENTIALS, "%s wants a login and there is nothing to log in with; it offers %s", self->host,
                        description);

  return g_error_new (PH_ERROR, PH_ERROR_NO_MECHANISM, "%s offers no way to log in that can be used: %s", self->host, description);
}

const char *
ph_sasl_dialogue_choose (PhSaslDialogue *self, const char *const *offered, gboolean login_command, PhReply *refusal, GError **error)
{
  const PhSaslSituation situation = {
    .policy = self->policy,
    .kinds = self->kinds,
    .secure = self->secure,
    .has_binding = self->binding != NULL,
    .tried = self->tried,
  };
  g_autoptr (GArray) candidates = NULL;
  const char *name = NULL;

  ph_sasl_dialogue_forget (self);
  if (self->is_fatal)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return NULL;
    }

  candidates = ph_sasl_selector_weigh (&situation, offered, login_command);
  if (self->n_tries < MAX_TRIES)
    name = choose_first (self, candidates, offered);
  if (name != NULL)
    return name;

  if (refusal != NULL && self->failure == NULL)
    g_propagate_error (error, make_refused_error (self, refusal));
  else
    g_propagate_error (error, make_no_mechanism_error (self, candidates));
  return NULL;
}

/* ---- the one that was chosen ---- */

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

static gboolean
has_flag (PhSaslDialogue *self, PhSaslFlags flag)
{
  return self->feature != NULL && (ph_feature_info_get_flags (self->feature) & flag) != 0;
}

gboolean
ph_sasl_dialogue_may_block (PhSaslDialogue *self)
{
  return has_flag (self, PH_SASL_MAY_BLOCK);
}

gboolean
ph_sasl_dialogue_is_client_first (PhSaslDialogue *self)
{
  return self->feature == NULL || has_flag (self, PH_SASL_CLIENT_FIRST);
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
