/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* Of a @session whose handshake is done */
PhTlsInfo *ph_tls_info_new     (gnutls_session_t session, const char *host, GTlsCertificateFlags errors);
/* What is wrong with the certificate, as a sentence: "The certificate of localhost has expired (on 2020-01-01)" */
char      *ph_tls_info_explain (PhTlsInfo *self);

G_END_DECLS
