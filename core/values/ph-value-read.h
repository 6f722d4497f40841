/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading values as servers really write them. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* A number, also where it stands in quotes; FALSE for anything else ("-1", "9.37e+06", NIL). */
gboolean       ph_value_read_number (const PhValue *self, guint64 *number);
guint64        ph_value_read_number_or_zero (const PhValue *self);
/* The same within 32 bits; 0 for anything else */
guint32        ph_value_read_uint32 (const PhValue *self);
/* NIL, and what some servers write for it: an empty string */
gboolean       ph_value_is_empty    (const PhValue *self);
/* The value behind the first @name of a list of name, value, name, value…; NULL without it */
const PhValue *ph_value_look_up     (const PhValue *pairs, const char *name);

G_END_DECLS
