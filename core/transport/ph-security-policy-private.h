/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* GnuTLS credentials with the trust store, loaded once per policy. Loading may take 30 ms: ph_security_policy_load () can run in a worker
 * thread beforehand. (transfer none) */
gnutls_certificate_credentials_t ph_security_policy_get_tls_credentials (PhSecurityPolicy *self, GError **error);
gboolean                         ph_security_policy_is_loaded           (PhSecurityPolicy *self);
gboolean                         ph_security_policy_load                (PhSecurityPolicy *self, GError **error);

G_END_DECLS
