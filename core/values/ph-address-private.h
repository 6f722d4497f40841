/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses out of an ENVELOPE. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* The members of an env-from and its like; empty for NIL and whatever is no list. (transfer full) */
GPtrArray *ph_address_list_from_value (const PhValue *list);

G_END_DECLS
