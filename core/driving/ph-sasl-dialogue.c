/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One login: picks a mechanism, and the next one where the server refuses. */
#include "driving/ph-sasl-dialogue-private.h"

#include "contracts/ph-sasl-context-private.h"
#include "driving/ph-sasl-refusal.h"
#include "driving/ph-sasl-selector.h"
#include "values/ph-memory.h"

#include <string.h>

/* Mechanisms that the server won't have; some servers offer a dozen that they can't do */
#define MAX_TRIES 16

/* Most servers take the first one. */
#define FEW_TRIES 1

static void
clear_try (gpointer data)
{
  g_free (((PhSaslTry *) data)->name);
}

static void
clear_binding (gpointer data)
{
  PhSaslBinding *binding = data;

  g_free (binding->type);
  g_bytes_unref (binding->data);
}

PhSaslDialogue *
ph_sasl_dialogue_new (const PhSaslDialogueSetup *setup)
{
  PhSaslDialogue *self = ph_malloc_cleared (sizeof (PhSaslDialogue));

  self->policy = g_object_ref (setup->policy);
  self->service = setup->service;
  self->host = setup->host;
  self->port = setup->port;
  self->user = setup->user;
  self->authorization = setup->authorization;
  self->kinds = setup->user != NULL ? setup->kinds | PH_SASL_NEEDS_USER : setup->kinds;
  self->secure = setup->secure;
  self->candidates = ph_sasl_selector_new_candidates ();
  self->tried = g_array_sized_new (FALSE, FALSE, sizeof (PhSaslTry), FEW_TRIES);
  g_array_set_clear_func (self->tried, clear_try);
  return self;
}

static void
forget_mechanism (PhSaslDialogue *self)
{
  if (self->context != NULL)
    ph_sasl_context_clear (self->context);

  g_clear_object (&self->mechanism);
  g_clear_object (&self->context);
  g_clear_pointer (&self->feature, ph_feature_info_unref);
  self->has_proof = FALSE;
}

void
ph_sasl_dialogue_forget (PhSaslDialogue *self)
{
  forget_mechanism (self);
  g_clear_pointer (&self->refused_token, ph_secret_unref);
}

void
ph_sasl_dialogue_free (PhSaslDialogue *self)
{
  ph_sasl_dialogue_forget (self);
  g_clear_object (&self->next_context);
  g_clear_error (&self->failure);
  g_clear_error (&self->refusal);
  g_array_unref (self->candidates);
  g_array_unref (self->tried);
  g_clear_pointer (&self->bindings, g_array_unref);
  g_object_unref (self->policy);
  g_free (self);
}

void
ph_sasl_dialogue_add_binding (PhSaslDialogue *self, const char *type, GBytes *data)
{
  PhSaslBinding binding = { .type = g_strdup (type), .data = g_bytes_ref (data) };

  if (self->bindings == NULL)
    {
      self->bindings = g_array_new (FALSE, FALSE, sizeof (PhSaslBinding));
      g_array_set_clear_func (self->bindings, clear_binding);
    }
  g_array_append_val (self->bindings, binding);
}

void
ph_sasl_dialogue_set_more_bindings (PhSaslDialogue *self, PhSaslBindingFunc func, gpointer data)
{
  self->more_bindings = func;
  self->more_bindings_data = data;
}

/* ---- choosing ---- */

gboolean
ph_sasl_dialogue_has_flag (PhSaslDialogue *self, PhSaslFlags flag)
{
  return self->feature != NULL && (ph_feature_info_get_flags (self->feature) & flag) != 0;
}

static gboolean
is_offered (const char *const *offered, const char *name)
{
  for (; offered != NULL && *offered != NULL; offered++)
    if (g_ascii_strcasecmp (*offered, name) == 0)
      return TRUE;

  return FALSE;
}

/*
 * A mechanism that could bind and is told of a binding, without being chosen as -PLUS, tells the server "I could, you don't offer it",
 * so that an attacker who took the offer away is found out (RFC 5802 section 6). It is not told where the program itself has ruled
 * out the -PLUS that is offered: then that would be a lie, and refused. It is told where the -PLUS was tried and refused: a server
 * that refused it in earnest has none, and one that has not refused it is to learn that somebody else did.
 *
 * Nor is it told where each way to bind was refused at its end, and the next mechanisms would show the password itself: some servers offer
 * to bind in a way that their own TLS has not (Cyrus IMAP 3.6: tls-unique in TLS 1.3), and whoever stands in between could have had the
 * password by offering nothing else.
 */
static gboolean
is_told_of_binding (PhSaslDialogue *self, const char *name, const char *const *offered, GArray *candidates)
{
  g_autofree char *plus = NULL;

  if (self->bindings == NULL || (self->has_lost_binding && ph_sasl_selector_shows_secret (candidates)))
    return FALSE;

  plus = g_strconcat (name, "-PLUS", NULL);
  return ph_sasl_dialogue_has_flag (self, PH_SASL_CHANNEL_BINDING) || !is_offered (offered, plus) || ph_sasl_selector_is_allowed (self->policy, plus);
}

void
ph_sasl_dialogue_prepare (PhSaslDialogue *self)
{
  if (self->next_context != NULL)
    return;
  self->next_context = ph_sasl_context_new (NULL, self->service, self->host);
  ph_sasl_context_set_port (self->next_context, self->port);
  ph_sasl_context_set_user (self->next_context, self->user);
  ph_sasl_context_set_authorization (self->next_context, self->authorization);
}

static void
make_context (PhSaslDialogue *self, const char *name, const char *const *offered, GArray *candidates)
{
  ph_sasl_dialogue_prepare (self);
  self->context = g_steal_pointer (&self->next_context);
  ph_sasl_context_set_mechanism (self->context, name);
  self->tells_of_binding = is_told_of_binding (self, name, offered, candidates);
  if (self->tells_of_binding)
    {
      const PhSaslBinding *binding = &g_array_index (self->bindings, PhSaslBinding, self->binding);

      ph_sasl_context_set_binding (self->context, binding->type, binding->data);
    }
}

static const char *
remember (PhSaslDialogue *self, const char *name)
{
  PhSaslTry this_one = { .name = g_strdup (name) };

  g_array_append_val (self->tried, this_one);
  return this_one.name;
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
      if (candidate->feature != NULL)
        {
          g_autoptr (GError) error = NULL;

          self->mechanism = PH_SASL_MECHANISM (ph_registry_create (ph_registry_get_default (), candidate->feature, &error));
          if (self->mechanism == NULL)
            {
              g_clear_error (&self->failure);
              self->failure = g_steal_pointer (&error);
              continue;
            }
          self->feature = ph_feature_info_ref (candidate->feature);
        }

      make_context (self, name, offered, candidates);
      self->n_tries++;
      return name;
    }

  return NULL;
}

static char *
join_tried (PhSaslDialogue *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->tried->len; i++)
    {
      const char *name = g_array_index (self->tried, PhSaslTry, i).name;

      g_string_append_printf (text, "%s%s", i > 0 ? ", then " : "", strcmp (name, PH_SASL_LOGIN_COMMAND) == 0 ? "the login command" : name);
    }

  return g_string_free (text, FALSE);
}

/* Not where the server was told of no binding: then it has judged the password. */
static const char *
explain_binding (PhSaslDialogue *self)
{
  if (!self->has_lost_binding || !self->tells_of_binding)
    return "";

  return "; bound to the channel the login is refused as well: either the server can't do what it offers, or somebody stands in between";
}

static GError *
make_refused_error (PhSaslDialogue *self, PhReply *refusal)
{
  g_autofree char *words = ph_reply_to_string (refusal);
  g_autofree char *tried = join_tried (self);
  const char *told = self->context != NULL ? ph_sasl_context_get_refusal (self->context) : NULL;

  return ph_error_new (ph_sasl_refusal_get_code (refusal), refusal, NULL, "%s refused the login%s%s by %s: %s%s%s%s%s", self->host,
                       self->user != NULL ? " of " : "", self->user != NULL ? self->user : "", tried, words, told != NULL ? " (" : "",
                       told != NULL ? told : "", told != NULL ? ")" : "", explain_binding (self));
}

/* ---- what came of the last one ---- */

static void
keep_refusal (PhSaslDialogue *self, PhReply *reply)
{
  g_clear_error (&self->refusal);
  self->refusal = make_refused_error (self, reply);
}

static void
try_again (PhSaslDialogue *self)
{
  const char *name = ph_sasl_context_get_mechanism (self->context);

  for (guint i = 0; i < self->tried->len; i++)
    if (strcmp (g_array_index (self->tried, PhSaslTry, i).name, name) == 0)
      g_array_index (self->tried, PhSaslTry, i).again = TRUE;
}

/* A token is asked for once more, fresh; for what else was refused there is no second try. */
static void
take_secret_as_refused (PhSaslDialogue *self, PhReply *reply)
{
  PhSaslNeeds needs = ph_sasl_dialogue_get_needs (self);
  PhSecret *token = ph_sasl_context_get_token (self->context);

  self->refused = needs;
  keep_refusal (self, reply);
  if ((needs & PH_SASL_NEEDS_TOKEN) && token != NULL && self->refused_token == NULL)
    {
      self->refused_token = ph_secret_ref (token);
      try_again (self);
      return;
    }

  self->kinds &= ~(needs & ~PH_SASL_NEEDS_USER);
}

static void
take_mechanism_as_refused (PhSaslDialogue *self)
{
  if (!ph_sasl_dialogue_has_flag (self, PH_SASL_CHANNEL_BINDING))
    return;
  if (self->binding + 1 >= self->bindings->len && self->more_bindings != NULL)
    self->more_bindings (self, self->more_bindings_data);
  if (self->binding + 1 >= self->bindings->len)
    {
      self->has_lost_binding |= self->has_proof;
      return;
    }

  self->binding++;
  try_again (self);
}

/* TRUE where another mechanism may be tried. A mechanism of ours that has said no in the server's stead counts as the server. */
static gboolean
judge (PhSaslDialogue *self, PhReply *refusal)
{
  PhSaslRefusal verdict;

  if (self->context == NULL || refusal == NULL)
    return TRUE;

  if (g_error_matches (self->failure, PH_ERROR, PH_ERROR_AUTHENTICATION))
    verdict = self->has_proof ? PH_SASL_REFUSED_SECRET : PH_SASL_REFUSED_MECHANISM;
  else
    verdict = self->failure != NULL ? PH_SASL_REFUSED_MECHANISM : ph_sasl_refusal_read (refusal, self->has_proof);

  if (verdict == PH_SASL_REFUSED_SECRET)
    take_secret_as_refused (self, refusal);
  else if (verdict == PH_SASL_REFUSED_MECHANISM)
    take_mechanism_as_refused (self);
  else
    keep_refusal (self, refusal);

  return verdict != PH_SASL_REFUSED_FOR_NOW;
}

PhSaslNeeds
ph_sasl_dialogue_take_refused (PhSaslDialogue *self)
{
  PhSaslNeeds refused = self->refused;

  self->refused = PH_SASL_NEEDS_NOTHING;
  return refused;
}

gboolean
ph_sasl_dialogue_check_credentials (PhSaslDialogue *self)
{
  PhSecret *token = ph_sasl_context_get_token (self->context);
  gsize length = 0, refused_length = 0;
  const char *data, *refused;

  if (token == NULL || self->refused_token == NULL)
    return TRUE;

  data = ph_secret_get (token, &length);
  refused = ph_secret_get (self->refused_token, &refused_length);
  return length != refused_length || memcmp (data, refused, length) != 0;
}

/* Where neither password nor token is to be had, a ticket is worth a try. */
void
ph_sasl_dialogue_lacks (PhSaslDialogue *self, const GError *failure)
{
  self->kinds &= ~(ph_sasl_dialogue_get_needs (self) & ~PH_SASL_NEEDS_USER);
  if ((self->kinds & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN)) == 0)
    self->kinds |= PH_SASL_NEEDS_TICKET;
  self->n_tries--;

  g_clear_error (&self->failure);
  self->failure = failure != NULL ? g_error_copy (failure) : NULL;
}

/* ---- errors ---- */

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

/* What the server said of the secret counts most; then what went wrong with the last mechanism. */
static GError *
make_final_error (PhSaslDialogue *self, GArray *candidates, PhReply *refusal)
{
  if (self->refusal != NULL)
    return g_steal_pointer (&self->refusal);
  if (refusal != NULL && self->failure == NULL)
    return make_refused_error (self, refusal);

  return make_no_mechanism_error (self, candidates);
}

const char *
ph_sasl_dialogue_choose (PhSaslDialogue *self, const char *const *offered, gboolean login_command, PhReply *refusal, GError **error)
{
  PhSaslSituation situation = {
    .policy = self->policy,
    .secure = self->secure,
    .has_binding = self->bindings != NULL,
    .acts_for_another = self->authorization != NULL && g_strcmp0 (self->authorization, self->user) != 0,
    .tried = self->tried,
  };
  const char *name = NULL;
  gboolean may_go_on;

  if (self->is_fatal)
    {
      forget_mechanism (self);
      g_propagate_error (error, g_error_copy (self->failure));
      return NULL;
    }

  may_go_on = judge (self, refusal) && self->n_tries < MAX_TRIES;
  situation.kinds = self->kinds;
  situation.has_lost_binding = self->has_lost_binding;
  ph_sasl_selector_weigh (self->candidates, &situation, offered, login_command);
  if (may_go_on)
    {
      forget_mechanism (self);
      name = choose_first (self, self->candidates, offered);
    }
  if (name == NULL)
    {
      g_propagate_error (error, make_final_error (self, self->candidates, refusal));
      forget_mechanism (self);
      return NULL;
    }

  /* what an earlier one found wrong explains nothing of this one */
  g_clear_error (&self->failure);
  return name;
}
