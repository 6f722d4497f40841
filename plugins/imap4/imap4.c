/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plugin that speaks IMAP4: what it brings. */
#include "imap-engine.h"

static const PhScheme imap4_schemes[] = {
  { .scheme = "imap", .port = 143, .service = "imap", .srv = "imap" },
  { .scheme = "imaps", .port = 993, .implicit_tls = TRUE, .service = "imap", .alpn = "imap", .srv = "imaps" },
  { 0 },
};

static const PhFeature imap4_features[] = {
  { .kind = PH_FEATURE_PROTOCOL, .name = "imap4", .summary = "IMAP4rev2 and IMAP4rev1: mailboxes on a server", .rank = PH_RANK_PRIMARY,
    .schemes = imap4_schemes, .get_type = ph_imap_engine_get_full_type },
};

PH_DEFINE_PLUGIN (imap4, "imap4", "IMAP4 (RFC 9051, RFC 3501)", imap4_features)
