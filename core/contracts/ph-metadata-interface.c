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
  /**
   * PhMetadata::changed:
   * @self: a session's metadata
   * @mailbox: whose, UTF-8, or empty: the server's
   * @entries: (array zero-terminated=1): the names of what changed, `/shared/comment`
   *
   * The server tells unasked that entries changed (RFC 5464 section 4.4.2), while the session is in a main loop or in a call.
   */
  g_signal_new ("changed", PH_TYPE_METADATA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
}
