/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

/* Like g_malloc0 (), whose calloc () passes the thread's own stock of small blocks by (glibc): for what each session needs. */
static inline gpointer
ph_malloc_cleared (gsize size)
{
  return memset (g_malloc (size), 0, size);
}

/* A copy in one block of memory: g_free (). NULL for NULL */
char **ph_strv_pack (const char *const *strings);

G_END_DECLS
