/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhComparator: the typed interface of extensions that choose how texts are compared (RFC 5255). */
#include <posthorn/posthorn.h>

/**
 * PhComparator:
 *
 * How SEARCH, SORT and THREAD compare texts (RFC 5255 section 4).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_COMPARATOR, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhComparator, ph_comparator, PH_TYPE_EXTENSION)

static void
ph_comparator_default_init (PhComparatorInterface *iface)
{
}
