/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhId: the typed interface of extensions that tell who is there (RFC 2971). */
#include <posthorn/posthorn.h>

/**
 * PhId:
 *
 * Who is there, client and server (RFC 2971). With `ph_session_use (session, "ID")` the library names itself while the session opens.
 * A program has it from `ph_session_require_extension (session, PH_TYPE_ID, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhId, ph_id, PH_TYPE_EXTENSION)

static void
ph_id_default_init (PhIdInterface *iface)
{
}
