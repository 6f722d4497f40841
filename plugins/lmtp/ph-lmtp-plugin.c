/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LMTP (RFC 2033) as a plugin. */
#include "ph-smtp-module.h"

PH_SMTP_DEFINE_TYPES (PhLmtp, ph_lmtp, "LMTP", "LHLO", TRUE)

static const PhScheme schemes[] = {
  { .scheme = "lmtp", .port = 24, .service = "lmtp" },
  { NULL },
};

static const PhFeature features[] = {
  { .kind = PH_FEATURE_PROTOCOL, .name = "lmtp", .summary = "Delivers mail into mailboxes: LMTP (RFC 2033)",
    .rank = PH_RANK_PRIMARY, .schemes = schemes, .get_type = ph_lmtp_engine_register },
};

PH_DEFINE_PLUGIN (lmtp, "lmtp", "Local Mail Transfer Protocol", features)
