/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the TLS filter takes from a policy. */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* GnuTLS credentials with the trust store, loaded once per policy. Loading may take 30 ms: ph_security_policy_load () can run in a worker
 * thread beforehand. Any thread. (transfer none) */
gnutls_certificate_credentials_t ph_security_policy_get_tls_credentials (PhSecurityPolicy *self, GError **error);
/* The priority, read by GnuTLS. Behind a successful load only; (transfer none) */
gnutls_priority_t                ph_security_policy_get_tls_priority    (PhSecurityPolicy *self);
gboolean                         ph_security_policy_is_loaded           (PhSecurityPolicy *self);
/* PH_ERROR_TLS: a file or the priority can't be used */
gboolean                         ph_security_policy_load                (PhSecurityPolicy *self, GError **error);

G_END_DECLS
