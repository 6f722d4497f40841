/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* INTERNALDATE as servers write it. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): NULL where there is no such moment */
GDateTime *ph_internal_date_parse (const char *text, gsize length);

G_END_DECLS
