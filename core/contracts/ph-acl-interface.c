/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAcl: the typed interface of extensions that know access control lists (RFC 4314, RFC 2086). */
#include <posthorn/posthorn.h>

/**
 * PhAcl:
 *
 * Who may do what with a mailbox (RFC 4314, and RFC 2086's servers). A program has it from
 * `ph_session_require_extension (session, PH_TYPE_ACL, …)`. An extension implements it by making commands; what runs them is the
 * library's.
 */
G_DEFINE_INTERFACE (PhAcl, ph_acl, PH_TYPE_EXTENSION)

static void
ph_acl_default_init (PhAclInterface *iface)
{
}
