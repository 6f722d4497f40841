/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNamespaces: the typed interface of extensions that know where mailboxes are (RFC 2342). */
#include <posthorn/posthorn.h>

/**
 * PhNamespaces:
 *
 * Where the user's own mailboxes are, those of other users, and shared ones (RFC 2342).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_NAMESPACES, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhNamespaces, ph_namespaces, PH_TYPE_EXTENSION)

static void
ph_namespaces_default_init (PhNamespacesInterface *iface)
{
}
