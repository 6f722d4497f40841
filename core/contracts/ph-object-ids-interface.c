/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhObjectIds: the typed interface of extensions that give mailboxes, messages and threads identifiers (RFC 8474). */
#include <posthorn/posthorn.h>

/**
 * PhObjectIds:
 *
 * Identifiers of mailboxes, messages and threads that outlive renaming, copying and moving (RFC 8474).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_OBJECT_IDS, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhObjectIds, ph_object_ids, PH_TYPE_EXTENSION)

static void
ph_object_ids_default_init (PhObjectIdsInterface *iface)
{
}
