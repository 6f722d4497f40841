/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUrlAuth: the typed interface of extensions that authorize URLs (RFC 4467). */
#include <posthorn/posthorn.h>

/**
 * PhUrlAuth:
 *
 * URLs that let somebody else fetch a message or a part of it (RFC 4467): a submission server (BURL), another user, anybody. A program has it
 * from `ph_session_get_extension (session, PH_TYPE_URL_AUTH)`, which is %NULL where the server has no such URLs. An extension
 * implements it by making commands; what runs them is the library's.
 */
G_DEFINE_INTERFACE (PhUrlAuth, ph_url_auth, PH_TYPE_EXTENSION)

static void
ph_url_auth_default_init (PhUrlAuthInterface *iface)
{
}
