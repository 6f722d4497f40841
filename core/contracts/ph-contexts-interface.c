/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhContexts: the typed interface of extensions by which the server keeps a search's result true (RFC 5267). */
#include <posthorn/posthorn.h>

/**
 * PhContexts:
 *
 * Searches whose results the server keeps true: CONTEXT=SEARCH, and CONTEXT=SORT for those with an order (RFC 5267). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_CONTEXTS)`, which is %NULL where the server can't.
 *
 * ```c
 * g_autoptr (PhSearchContext) unseen = ph_contexts_search (contexts, ph_query_unseen (query), NULL, &error);
 * g_signal_connect (unseen, "items-changed", G_CALLBACK (on_changed), self);
 * ```
 */
G_DEFINE_INTERFACE (PhContexts, ph_contexts, PH_TYPE_EXTENSION)

static void
ph_contexts_default_init (PhContextsInterface *iface)
{
}
