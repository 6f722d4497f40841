/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhGmail: the typed interface of extensions that know of Gmail's identifiers, labels and search. */
#include <posthorn/posthorn.h>

/**
 * PhGmail:
 *
 * What Gmail has beyond IMAP (X-GM-EXT-1): messages and conversations have numbers that are the same in all mailboxes, each message has
 * labels, which the mailboxes are made of, and a search takes what the web page's field does. A program has it from
 * `ph_session_require_extension (session, PH_TYPE_GMAIL, …)`. An extension implements it by making commands; what runs them is the library's.
 */
G_DEFINE_INTERFACE (PhGmail, ph_gmail, PH_TYPE_EXTENSION)

static void
ph_gmail_default_init (PhGmailInterface *iface)
{
}
