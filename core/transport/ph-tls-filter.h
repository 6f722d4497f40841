/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS as a byte filter: GnuTLS between two queues, no descriptor, no thread. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

#define PH_TYPE_TLS_FILTER (ph_tls_filter_get_type ())
G_DECLARE_FINAL_TYPE (PhTlsFilter, ph_tls_filter, PH, TLS_FILTER, GObject)

/* HANDSHAKE: send() leaves the engine's octets in its input. QUESTION: the certificate is wrong and nothing was decided; answer ().
 * OPEN: octets pass. CLOSED: the peer said close_notify. */
typedef enum {
  PH_TLS_STATE_HANDSHAKE,
  PH_TLS_STATE_QUESTION,
  PH_TLS_STATE_OPEN,
  PH_TLS_STATE_CLOSED
} PhTlsState;

/* @alpn may be NULL. The first send () with an empty input produces the ClientHello. */
PhTlsFilter *ph_tls_filter_new         (PhSecurityPolicy *policy, const char *host, const char *alpn, GError **error);
/* Before that: goes on from an earlier session with @peer, and keeps what later ones can go on from. @peer: "imap mail.example.org:143" */
void         ph_tls_filter_resume      (PhTlsFilter *self, const char *peer);
/* Before that: what DNS has of the certificate, as ph_dane_lookup () gives it */
void         ph_tls_filter_set_dane    (PhTlsFilter *self, GPtrArray *records);
/* Before that: whom the certificate may be made out to beside the host. @srv: its service, "imaps"; @domain: whose mail it serves, ASCII; each may be NULL */
void         ph_tls_filter_set_identity (PhTlsFilter *self, const char *srv, const char *domain);
PhTlsState   ph_tls_filter_get_state   (PhTlsFilter *self);
/* FALSE: receive () and send () fail with PH_ERROR_BAD_CERTIFICATE and a sentence that says what is wrong with it */
void         ph_tls_filter_answer      (PhTlsFilter *self, gboolean accept);
/* NULL during the handshake (transfer none) */
PhTlsInfo   *ph_tls_filter_get_info    (PhTlsFilter *self);
/* tls-exporter in TLS 1.3, else tls-server-end-point. (transfer full) (nullable) */
GBytes      *ph_tls_filter_get_binding (PhTlsFilter *self, const char **type);
/* "tls-exporter" (RFC 9266), "tls-server-end-point", "tls-unique" (RFC 5929); NULL where this channel has none of that type, or none that
 * is safe: the last, and the first in TLS 1.2, need the extended master secret. (transfer full) (nullable) */
GBytes      *ph_tls_filter_get_binding_of_type (PhTlsFilter *self, const char *type);
/* The server has asked for a certificate of ours, and was given one */
gboolean     ph_tls_filter_sent_certificate (PhTlsFilter *self);

G_END_DECLS
