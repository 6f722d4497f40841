/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMetadata: the typed interface of extensions that keep data with mailboxes and the server (RFC 5464). */
#include <posthorn/posthorn.h>

/**
 * PhMetadata:
 *
 * What is kept with mailboxes and with the server: comments, and what programs put there (RFC 5464, and the draft before it, ANNOTATEMORE).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_METADATA, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhMetadata, ph_metadata, PH_TYPE_EXTENSION)

static void
ph_metadata_default_init (PhMetadataInterface *iface)
{
}
