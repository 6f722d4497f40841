/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhLanguage: the typed interface of extensions that choose the language of texts for people (RFC 5255). */
#include <posthorn/posthorn.h>

/**
 * PhLanguage:
 *
 * In which language the server speaks to people (RFC 5255 section 3).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_LANGUAGE, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhLanguage, ph_language, PH_TYPE_EXTENSION)

static void
ph_language_default_init (PhLanguageInterface *iface)
{
}
