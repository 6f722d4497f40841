/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an OAuth server says as it refuses (RFC 7628 section 3.2.2). */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* "status invalid_token, scope mail" for a person, whatever @challenge may be; NULL where it says nothing. (transfer full) */
char *oauth_failure_describe (GBytes *challenge);

G_END_DECLS
