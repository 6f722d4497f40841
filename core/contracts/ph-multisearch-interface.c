/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMultisearch: the typed interface of extensions that search several mailboxes at once (RFC 7377). */
#include <posthorn/posthorn.h>

/**
 * PhMultisearch:
 *
 * One search through several mailboxes, none of which becomes the selected one (RFC 7377). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_MULTISEARCH)`, which is %NULL where the server can't.
 */
G_DEFINE_INTERFACE (PhMultisearch, ph_multisearch, PH_TYPE_EXTENSION)

static void
ph_multisearch_default_init (PhMultisearchInterface *iface)
{
}
