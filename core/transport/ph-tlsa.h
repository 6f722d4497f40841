/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLSA records (RFC 6698), and whether one of them fits a certificate. */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/*
 * @records: what DNS has, signed, each a record's octets (element-type GBytes); empty: nothing, or nothing signed. @status: what is wrong with
 * the certificates otherwise. Returns what is wrong in the end.
 */
guint ph_tlsa_check (GPtrArray *records, PhDaneMode mode, gnutls_session_t session, const char *host, guint status, PhDaneResult *result);

G_END_DECLS
