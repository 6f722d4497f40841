/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConvert: the typed interface of extensions that have parts of messages converted (RFC 5259). */
#include <posthorn/posthorn.h>

/**
 * PhConvert:
 *
 * Parts of messages in another media type, size or charset, converted by the server (RFC 5259), so that a small device need not bring what it
 * can't show. A program has it from `ph_session_get_extension (session, PH_TYPE_CONVERT)`, which is %NULL where the server
 * converts nothing. An extension implements it by making commands; what runs them is the library's.
 */
G_DEFINE_INTERFACE (PhConvert, ph_convert, PH_TYPE_EXTENSION)

static void
ph_convert_default_init (PhConvertInterface *iface)
{
}
