/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A SASL mechanism (RFC 4422), client side: challenge in, response out. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhSaslFlags:
 * @PH_SASL_PLAINTEXT: the secret passes as it is: only where nobody can listen
 * @PH_SASL_CLIENT_FIRST: has an initial response
 * @PH_SASL_MUTUAL: the server proves that it knows the secret, too
 * @PH_SASL_CHANNEL_BINDING: binds the login to the TLS channel
 * @PH_SASL_DEPRECATED: weak by today's standards; after all others
 * @PH_SASL_MAY_BLOCK: respond() may wait (Kerberos, a smart card): it is called in a worker thread
 * @PH_SASL_LAYER: may bring a security layer
 * @PH_SASL_ANONYMOUS: logs in as nobody; only when asked for by name
 * @PH_SASL_AUTHORIZATION: can act as another than who logs in (takes an authorization identity)
 *
 * What the selector weighs.
 */
typedef enum {
  PH_SASL_NONE            = 0,
  PH_SASL_PLAINTEXT       = 1 << 0,
  PH_SASL_CLIENT_FIRST    = 1 << 1,
  PH_SASL_MUTUAL          = 1 << 2,
  PH_SASL_CHANNEL_BINDING = 1 << 3,
  PH_SASL_DEPRECATED      = 1 << 4,
  PH_SASL_MAY_BLOCK       = 1 << 5,
  PH_SASL_LAYER           = 1 << 6,
  PH_SASL_ANONYMOUS       = 1 << 7,
  PH_SASL_AUTHORIZATION   = 1 << 8
} PhSaslFlags;

/**
 * PhSaslNeeds:
 * @PH_SASL_NEEDS_NOTHING: neither name nor secret
 * @PH_SASL_NEEDS_USER: a user name
 * @PH_SASL_NEEDS_SECRET: a password
 * @PH_SASL_NEEDS_TOKEN: an OAuth 2 access token
 * @PH_SASL_NEEDS_TICKET: Kerberos credentials of the process
 * @PH_SASL_NEEDS_CERTIFICATE: a client certificate in the TLS channel
 *
 * What must be at hand before respond() is called.
 */
typedef enum {
  PH_SASL_NEEDS_NOTHING     = 0,
  PH_SASL_NEEDS_USER        = 1 << 0,
  PH_SASL_NEEDS_SECRET      = 1 << 1,
  PH_SASL_NEEDS_TOKEN       = 1 << 2,
  PH_SASL_NEEDS_TICKET      = 1 << 3,
  PH_SASL_NEEDS_CERTIFICATE = 1 << 4
} PhSaslNeeds;

#define PH_TYPE_SASL_MECHANISM (ph_sasl_mechanism_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhSaslMechanism, ph_sasl_mechanism, PH, SASL_MECHANISM, GObject)

/**
 * PhSaslMechanismInterface:
 * @respond: answers @challenge (decoded; %NULL asks for the initial response and is only given to mechanisms that are
 *   %PH_SASL_CLIENT_FIRST). %NULL and an error end the dialogue. (transfer full)
 * @finish: the server reported success, with @data behind it or %NULL. %FALSE and %PH_ERROR_SERVER_UNPROVEN where the
 *   mechanism isn't complete. May be %NULL: always satisfied.
 * @get_filter: the security layer that was negotiated, or %NULL. (transfer full). May be %NULL.
 *
 * One object serves one dialogue.
 */
struct _PhSaslMechanismInterface {
  GTypeInterface g_iface;

  GBytes   *(*respond)    (PhSaslMechanism *self, PhSaslContext *context, GBytes *challenge, GError **error);
  gboolean  (*finish)     (PhSaslMechanism *self, PhSaslContext *context, GBytes *data, GError **error);
  PhFilter *(*get_filter) (PhSaslMechanism *self, PhSaslContext *context);

  gpointer reserved[8];
};

PH_AVAILABLE_IN_1_0 GBytes   *ph_sasl_mechanism_respond    (PhSaslMechanism *self, PhSaslContext *context, GBytes *challenge, GError **error);
PH_AVAILABLE_IN_1_0 gboolean  ph_sasl_mechanism_finish     (PhSaslMechanism *self, PhSaslContext *context, GBytes *data, GError **error);
PH_AVAILABLE_IN_1_0 PhFilter *ph_sasl_mechanism_get_filter (PhSaslMechanism *self, PhSaslContext *context);

/* What a mechanism may know. Strings are UTF-8; NULL where there is none. */
#define PH_TYPE_SASL_CONTEXT (ph_sasl_context_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhSaslContext, ph_sasl_context, PH, SASL_CONTEXT, GObject)

/* for tests and drivers */
PH_AVAILABLE_IN_1_0 PhSaslContext *ph_sasl_context_new               (const char *mechanism, const char *service, const char *host);
PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_user          (PhSaslContext *self, const char *user);
PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_authorization (PhSaslContext *self, const char *authorization);
PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_secret        (PhSaslContext *self, PhSecret *secret);
PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_token         (PhSaslContext *self, PhSecret *token);
/* @type: "tls-exporter", "tls-server-end-point", "tls-unique" */
PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_binding       (PhSaslContext *self, const char *type, GBytes *data);

PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_port          (PhSaslContext *self, guint16 port);

/* "SCRAM-SHA-256": which of a provider's names was chosen */
PH_AVAILABLE_IN_1_0 const char    *ph_sasl_context_get_mechanism     (PhSaslContext *self);
/* How many responses were given before this one */
PH_AVAILABLE_IN_1_0 guint          ph_sasl_context_get_step          (PhSaslContext *self);
/* "imap", "smtp", "lmtp" (the GSSAPI service name) */
PH_AVAILABLE_IN_1_0 const char    *ph_sasl_context_get_service       (PhSaslContext *self);
PH_AVAILABLE_IN_1_0 const char    *ph_sasl_context_get_host          (PhSaslContext *self);
PH_AVAILABLE_IN_1_0 guint16        ph_sasl_context_get_port          (PhSaslContext *self);
PH_AVAILABLE_IN_1_0 const char    *ph_sasl_context_get_user          (PhSaslContext *self);
/* whom to act as; NULL: the user itself */
PH_AVAILABLE_IN_1_0 const char    *ph_sasl_context_get_authorization (PhSaslContext *self);
PH_AVAILABLE_IN_1_0 PhSecret      *ph_sasl_context_get_secret        (PhSaslContext *self);
PH_AVAILABLE_IN_1_0 PhSecret      *ph_sasl_context_get_token         (PhSaslContext *self);
PH_AVAILABLE_IN_1_0 GBytes        *ph_sasl_context_get_binding       (PhSaslContext *self, const char **type);

/* Why the server is about to refuse, as it said by a challenge; becomes part of the error */
PH_AVAILABLE_IN_1_0 void           ph_sasl_context_set_refusal       (PhSaslContext *self, const char *words);
PH_AVAILABLE_IN_1_0 const char    *ph_sasl_context_get_refusal       (PhSaslContext *self);

/* A single NUL among the parts of ph_sasl_context_reply () */
PH_AVAILABLE_IN_1_0 const char ph_sasl_nul[1];
#define PH_SASL_NUL ph_sasl_nul

/* Joins strings up to NULL into octets that are wiped after use; a part that is PH_SASL_NUL gives one NUL. A NULL user ends the
 * list, so pass "" for what may be absent. (transfer full) */
PH_AVAILABLE_IN_1_0 GBytes        *ph_sasl_context_reply             (PhSaslContext *self, const char *first, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
