/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUnauthenticate: the typed interface of extensions that end a login without the connection (RFC 8437). */
#include <posthorn/posthorn.h>

/**
 * PhUnauthenticate:
 *
 * One connection for one user after another (RFC 8437), for programs that act on behalf of many. A program has it from
 * `ph_session_get_extension (session, PH_TYPE_UNAUTHENTICATE)`, which is %NULL where the server can't.
 *
 * ```c
 * ph_unauthenticate_run (PH_UNAUTHENTICATE (extension), NULL, &error);
 * ph_session_set_authorization (session, "bob");
 * ph_session_log_in (session, NULL, &error);
 * ```
 */
G_DEFINE_INTERFACE (PhUnauthenticate, ph_unauthenticate, PH_TYPE_EXTENSION)

static void
ph_unauthenticate_default_init (PhUnauthenticateInterface *iface)
{
}
