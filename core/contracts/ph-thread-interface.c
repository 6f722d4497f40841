/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhThread: the typed interface of what finds conversations (RFC 5256). */
#include <posthorn/posthorn.h>

/**
 * PhThread:
 *
 * The messages of the selected mailbox as conversations (RFC 5256). A program has it from `ph_session_get_extension (session, PH_TYPE_THREAD)`.
 * Where the server can't thread, or not by the algorithm that is asked for, it is done here, by the same rules, with the same result; for that
 * envelope, References field and date are fetched of each message that the query finds.
 */
G_DEFINE_INTERFACE (PhThread, ph_thread, PH_TYPE_EXTENSION)

static void
ph_thread_default_init (PhThreadInterface *iface)
{
}
