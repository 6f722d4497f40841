/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuota: the typed interface of extensions that know quotas (RFC 9208, RFC 2087). */
#include <posthorn/posthorn.h>

/**
 * PhQuota:
 *
 * Quota roots and their resources (RFC 9208, RFC 2087). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_QUOTA)`, which is %NULL where the server has no quotas. An extension implements
 * it by making commands; what runs them is the library's.
 */
G_DEFINE_INTERFACE (PhQuota, ph_quota, PH_TYPE_EXTENSION)

static void
ph_quota_default_init (PhQuotaInterface *iface)
{
}
