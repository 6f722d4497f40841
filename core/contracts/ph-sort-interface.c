/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSort: the typed interface of what puts messages in an order (RFC 5256). */
#include <posthorn/posthorn.h>

/**
 * PhSort:
 *
 * The messages of the selected mailbox in an order (RFC 5256, RFC 5267, RFC 5957). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_SORT)`. Where the server can't sort, or not by the keys that are asked for, the messages that the
 * query finds are sorted here, by the same rules, with the same result; for that what the keys need is fetched of each.
 */
G_DEFINE_INTERFACE (PhSort, ph_sort, PH_TYPE_EXTENSION)

static void
ph_sort_default_init (PhSortInterface *iface)
{
}
