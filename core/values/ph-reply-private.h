/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* What came for a command becomes its reply's; @responses (transfer full) */
void  ph_reply_take_responses    (PhReply *self, GPtrArray *responses);
/* Octets that an owned response takes; for who bounds what is kept */
gsize ph_response_get_footprint  (const PhResponse *self);

G_END_DECLS
