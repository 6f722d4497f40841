/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which mechanism, and what it says: the login without any I/O. The driver fetches credentials and carries octets. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct _PhSaslDialogue PhSaslDialogue;

/* What is known before the login begins. Strings are its maker's, and stay as long as it; nullable: @user, @authorization */
typedef struct {
  PhSecurityPolicy *policy;
  const char       *service;
  const char       *host;
  guint16           port;
  const char       *user;
  const char       *authorization;  /* whom to act as */
  PhSaslNeeds       kinds;          /* what the credentials may give */
  gboolean          secure;         /* TLS, a unix socket, loopback, or the policy allows plaintext */
} PhSaslDialogueSetup;

PhSaslDialogue *ph_sasl_dialogue_new         (const PhSaslDialogueSetup *setup);
void            ph_sasl_dialogue_free        (PhSaslDialogue *self);
/* For channel binding; once for each type that the channel has, the preferred one first */
void            ph_sasl_dialogue_add_binding (PhSaslDialogue *self, const char *type, GBytes *data);
/* Called within choose () when the server has refused the last one: adds the next, where there is one. Types cost something to be computed */
typedef void (*PhSaslBindingFunc) (PhSaslDialogue *self, gpointer data);
void            ph_sasl_dialogue_set_more_bindings (PhSaslDialogue *self, PhSaslBindingFunc func, gpointer data);
/* Makes ahead what doesn't depend on what the server offers. */
void            ph_sasl_dialogue_prepare     (PhSaslDialogue *self);
/*
 * The best of @offered that may still be used, "*" for the protocol's own command where @login_command (a plaintext mechanism of
 * lowest rank), by policy first and rank second. @refusal: why the server refused the last one, NULL at first and where it never
 * heard of it. NULL and PH_ERROR_NO_MECHANISM (says what was offered and why each is out), PH_ERROR_NO_CREDENTIALS or, after a
 * refusal, PH_ERROR_AUTHENTICATION with the server's words.
 */
const char     *ph_sasl_dialogue_choose      (PhSaslDialogue *self, const char *const *offered, gboolean login_command,
                                              PhReply *refusal, GError **error);
/* What of the credentials the last @refusal was about, NOTHING where it was the mechanism; told once */
PhSaslNeeds     ph_sasl_dialogue_take_refused (PhSaslDialogue *self);
/* Of the one that was chosen: what credentials are to put into the context */
PhSaslNeeds     ph_sasl_dialogue_get_needs   (PhSaslDialogue *self);
PhSaslContext  *ph_sasl_dialogue_get_context (PhSaslDialogue *self);
/* The credentials have come. FALSE where they are the very token that was refused before */
gboolean        ph_sasl_dialogue_check_credentials (PhSaslDialogue *self);
/* They have none of what is needed: not to be asked for again. @failure: why */
void            ph_sasl_dialogue_lacks       (PhSaslDialogue *self, const GError *failure);
gboolean        ph_sasl_dialogue_may_block   (PhSaslDialogue *self);
gboolean        ph_sasl_dialogue_is_client_first (PhSaslDialogue *self);
/* "*" answers user NUL secret. Thread-safe against nothing: one call at a time. A NULL challenge asks for the initial response. */
GBytes         *ph_sasl_dialogue_respond     (PhSaslDialogue *self, GBytes *challenge, GError **error);
gboolean        ph_sasl_dialogue_finish      (PhSaslDialogue *self, GBytes *data, GError **error);
PhFilter       *ph_sasl_dialogue_get_filter  (PhSaslDialogue *self);
/* The login is over: wipes the secrets */
void            ph_sasl_dialogue_forget      (PhSaslDialogue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSaslDialogue, ph_sasl_dialogue_free)

G_END_DECLS
