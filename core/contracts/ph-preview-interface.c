/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhPreview: the typed interface of extensions that show the first words of messages (RFC 8970). */
#include <posthorn/posthorn.h>

/**
 * PhPreview:
 *
 * The first words of messages, for lists (RFC 8970).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_PREVIEW, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhPreview, ph_preview, PH_TYPE_EXTENSION)

static void
ph_preview_default_init (PhPreviewInterface *iface)
{
}
