/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which mechanism, and what it says: the login without any I/O. The driver fetches credentials and carries octets. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct _PhSaslDialogue PhSaslDialogue;

/* @user: the session's, may be NULL. @kinds: what the credentials can give. @secure: TLS, a unix socket, loopback, or the policy allows plaintext. */
PhSaslDialogue *ph_sasl_dialogue_new         (PhSecurityPolicy *policy, const char *service, const char *host, const char *user,
                                              PhSaslNeeds kinds, gboolean secure);
void            ph_sasl_dialogue_free        (PhSaslDialogue *self);
/* For channel binding; @type NULL: none */
void            ph_sasl_dialogue_set_binding (PhSaslDialogue *self, const char *type, GBytes *data);
/*
 * The best of @offered that was not tried yet, "*" for the protocol's own command where @login_command (a plaintext mechanism of
 * lowest rank), by policy first and rank second. @refusal: why the last one failed, NULL at first. NULL and PH_ERROR_NO_MECHANISM (says what
 * was offered and why each is out) or, after a refusal, PH_ERROR_AUTHENTICATION with the server's words. At most three tries.
 */
const char     *ph_sasl_dialogue_choose      (PhSaslDialogue *self, const char *const *offered, gboolean login_command,
                                              PhReply *refusal, GError **error);
/* Of the one that was chosen: what credentials are to put into the context */
PhSaslNeeds     ph_sasl_dialogue_get_needs   (PhSaslDialogue *self);
PhSaslContext  *ph_sasl_dialogue_get_context (PhSaslDialogue *self);
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
