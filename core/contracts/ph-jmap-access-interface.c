/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhJmapAccess: the typed interface of extensions that know a JMAP server (RFC 9698). */
#include <posthorn/posthorn.h>

/**
 * PhJmapAccess:
 *
 * Where the same mail is to be had by JMAP (RFC 9698). A program has it from `ph_session_get_extension (session, PH_TYPE_JMAP_ACCESS)`,
 * which is %NULL where the server knows of no JMAP server that takes the same login.
 */
G_DEFINE_INTERFACE (PhJmapAccess, ph_jmap_access, PH_TYPE_EXTENSION)

static void
ph_jmap_access_default_init (PhJmapAccessInterface *iface)
{
}
