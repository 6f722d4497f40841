/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates and keys that hosts are known by, in place of an authority's word. */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

GPtrArray *ph_tls_pins_new   (void);
/* @host NULL: any; otherwise ASCII. PH_ERROR_INVALID_ARGUMENT */
gboolean   ph_tls_pins_add   (GPtrArray *self, const char *host, const char *pin, GError **error);
/* @status as GnuTLS has it: without what a pin of @host excuses, or with PH_STATUS_PIN_MISMATCH; as it is where @host has none */
guint      ph_tls_pins_check (GPtrArray *self, const char *host, const gnutls_datum_t *certificate, guint status);

G_END_DECLS
