/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for octets in all writable memory of this process. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Octets to look for, kept in a form that is no copy of them */
typedef struct {
  guint8 masked[256];
  gsize  length;
} MemoryPattern;

/* @data is not kept, and is the caller's to wipe */
void  memory_pattern_set   (MemoryPattern *pattern, const void *data, gsize length);
/* How often they stand in memory. Allocates nothing, lest it take the very memory that it is to look at. */
gsize memory_pattern_count (const MemoryPattern *pattern);

G_END_DECLS
