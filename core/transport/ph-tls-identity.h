/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom a certificate is made out to, beyond the host that GnuTLS compares. */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/* The SRV-ID (RFC 4985) at @index of the alternative names, "_imaps.example.org"; NULL where something else stands there. (transfer full) */
char *ph_tls_identity_read_srv (gnutls_x509_crt_t certificate, guint index);

/* RFC 7817: takes GNUTLS_CERT_UNEXPECTED_OWNER away from @status where @certificate is made out to the service of @host or @domain, and
 * adds it where nothing but the common name fits and another service is named. @srv: "imaps", or NULL; @domain: whose mail it serves, ASCII,
 * or NULL */
guint ph_tls_identity_check    (const gnutls_datum_t *certificate, const char *srv, const char *host, const char *domain, guint status);

G_END_DECLS
