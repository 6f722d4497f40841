/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A GnuTLS server between two queues: the other side of a TLS filter, in memory. */
#pragma once

#include "transport/ph-tls-filter.h"

#include <gnutls/gnutls.h>

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

typedef struct {
  gnutls_certificate_credentials_t credentials;
  gnutls_session_t                 session;
  PhByteQueue                     *input;  /* from the client */
  PhByteQueue                     *output; /* to the client */
  GString                         *received;
  gboolean                         is_open;
  gboolean                         saw_goodbye;
  int                              error;
} TlsPeer;

/* @certificate: a name in the test's zoo; @priority NULL: GnuTLS' default */
TlsPeer *tls_peer_new        (const char *certificate, const char *priority);
/* @staple: an OCSP response in the zoo, or NULL */
TlsPeer *tls_peer_new_full   (const char *certificate, const char *key, const char *staple, const char *priority);
void     tls_peer_free       (TlsPeer *self);
/* Handshake and reading, as far as the input reaches */
void     tls_peer_run        (TlsPeer *self);
void     tls_peer_send       (TlsPeer *self, const char *data, gsize length);
void     tls_peer_ask_client (TlsPeer *self);
/* With @tls, until neither side has more to say */
gboolean tls_peer_shake_hands (TlsPeer *self, PhTlsFilter *tls, GError **error);
char    *tls_test_path       (const char *name);
/* That trusts the tests' authority. (transfer full) */
PhSecurityPolicy *tls_test_policy (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsPeer, tls_peer_free)
