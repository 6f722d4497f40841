/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* URLs of messages and their parts (RFC 5092), as servers take them in place of octets. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/* (transfer full) each */
PH_AVAILABLE_IN_1_0 char *ph_url_for_message (const char *base, const char *mailbox, guint32 uid_validity, guint32 uid, const char *section);
PH_AVAILABLE_IN_1_0 char *ph_url_with_range  (const char *url, guint64 offset, guint64 length);
PH_AVAILABLE_IN_1_0 char *ph_url_with_access (const char *url, GDateTime *expire, const char *access);

G_END_DECLS
