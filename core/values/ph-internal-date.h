/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* INTERNALDATE as servers write it. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): NULL where there is no such moment */
GDateTime *ph_internal_date_parse (const char *text, gsize length);
/* The same in seconds since 1970 in UTC, and seconds east of it */
gboolean   ph_internal_date_read  (const char *text, gsize length, gint64 *time, int *offset);

G_END_DECLS
