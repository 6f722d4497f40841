/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking DNS for TLSA records, with proof (DNSSEC), through libunbound, which is loaded when it is first needed. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/*
 * The records of _@port._tcp.@host, each its octets; empty where there are none, or where the domain isn't signed. Blocks. NULL with
 * PH_ERROR_TLS where what DNS says is forged or can't be had, and PH_ERROR_NOT_SUPPORTED where libunbound isn't there.
 * @resolver: "192.0.2.1" or "192.0.2.1@5353", NULL: those of the system. @anchor: a file with the keys that are trusted, NULL: the root's.
 */
GPtrArray *ph_dane_lookup (const char *host, guint port, const char *resolver, const char *anchor, guint timeout, GCancellable *cancellable,
                           GError **error);

G_END_DECLS
