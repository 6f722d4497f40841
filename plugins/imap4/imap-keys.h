/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a search: what ph_query_to_value () gives. */
#pragma once

#include "imap-writer.h"

/* whether the text of @value, which may be none, is */
gboolean    ph_imap_is_ascii         (const PhValue *value);
/* @visit is told of each node, of the one before it in its list and how deep it lies, and with NULL of each list's end. */
void        ph_imap_keys_walk        (const PhValue *keys, void (*visit) (const PhValue *node, const PhValue *before, guint depth, gpointer data),
                                      gpointer data);
gboolean    ph_imap_keys_are_ascii   (const PhValue *keys);
/* a capability that the keys need beyond @features; NULL: none */
const char *ph_imap_keys_get_lacking (const PhValue *keys, PhImapFeatures features);
/* PhWriterInterface.search */
void        ph_imap_writer_search    (PhWriter *writer, const PhValue *keys);
