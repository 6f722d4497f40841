/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* Beside GnuTLS' own bits (gnutls_certificate_status_t) */
#define PH_STATUS_NOT_CHECKED (1u << 28) /* nothing was found out: no name and no pin excuses it */
#define PH_STATUS_PIN_MISMATCH (1u << 29)
#define PH_STATUS_DANE_MISMATCH (1u << 30)
#define PH_STATUS_DANE_MISSING (1u << 31)

/* Of a @session whose handshake is done; @status: what is wrong, 0 for nothing; @exporter, @unique: it has tls-exporter, tls-unique */
PhTlsInfo *ph_tls_info_new (gnutls_session_t session, const char *host, guint status, PhDaneResult dane, gboolean exporter, gboolean unique);

G_END_DECLS
