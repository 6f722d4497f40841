/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

PhMessageIter *ph_message_iter_new (PhSession *session, PhMessageSet *set, PhFetch items, const char *extra);

G_END_DECLS
