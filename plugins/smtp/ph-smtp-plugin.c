/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SMTP (RFC 5321) and message submission (RFC 6409) as a plugin. */
#include "ph-smtp-module.h"

PH_SMTP_DEFINE_TYPES (PhSmtp, ph_smtp, "SMTP", "EHLO", FALSE)

static const PhScheme schemes[] = {
  { .scheme = "smtp", .port = 587, .service = "smtp", .srv = "submission" },
  { .scheme = "smtps", .port = 465, .implicit_tls = TRUE, .service = "smtp", .srv = "submissions" },
  { NULL },
};

static const PhFeature features[] = {
  { .kind = PH_FEATURE_PROTOCOL, .name = "smtp", .summary = "Sends mail: SMTP and message submission (RFC 5321, 6409)",
    .rank = PH_RANK_PRIMARY, .schemes = schemes, .get_type = ph_smtp_engine_register },
};

PH_DEFINE_PLUGIN (smtp, "smtp", "Simple Mail Transfer Protocol", features)
