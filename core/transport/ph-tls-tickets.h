/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lets a TLS session go on from an earlier one with the same server. Any thread. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct _PhTlsTickets PhTlsTickets;

PhTlsTickets *ph_tls_tickets_new  (void);
void          ph_tls_tickets_free (PhTlsTickets *self);
/* @peer: "imap mail.example.org:143". @once: it may serve one session only (RFC 8446 appendix C.4) */
void          ph_tls_tickets_keep (PhTlsTickets *self, const char *peer, PhSecret *ticket, gboolean once);
/* The newest. (transfer full) (nullable) */
PhSecret     *ph_tls_tickets_take (PhTlsTickets *self, const char *peer);
/* It was of no use */
void          ph_tls_tickets_drop (PhTlsTickets *self, const char *peer);

G_END_DECLS
