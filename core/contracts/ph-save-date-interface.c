/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSaveDate: the typed interface of extensions that know when messages came into their mailbox (RFC 8514). */
#include <posthorn/posthorn.h>

/**
 * PhSaveDate:
 *
 * When messages came into the mailbox that they are in, which the internal date does not tell of one that was copied (RFC 8514).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_SAVE_DATE, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhSaveDate, ph_save_date, PH_TYPE_EXTENSION)

static void
ph_save_date_default_init (PhSaveDateInterface *iface)
{
}
