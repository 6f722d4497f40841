/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhFuzzy: the typed interface of extensions that tell how well a message matches (RFC 6203). */
#include <posthorn/posthorn.h>

/**
 * PhFuzzy:
 *
 * Searches for what matches about, and how well (RFC 6203). A program has it from `ph_session_get_extension (session, PH_TYPE_FUZZY)`, which is
 * %NULL where the server can't; without the scores, [method@Query.fuzzy] in any search does.
 */
G_DEFINE_INTERFACE (PhFuzzy, ph_fuzzy, PH_TYPE_EXTENSION)

static void
ph_fuzzy_default_init (PhFuzzyInterface *iface)
{
}
