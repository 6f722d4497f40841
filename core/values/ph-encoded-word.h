/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of header fields as UTF-8: RFC 2047 encoded words, raw 8-bit text, folds. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* Whether it is printable ASCII: what the two below would leave as it is. @words: and nothing in it looks like an encoded word */
gboolean ph_header_text_is_clean (const char *text, gsize length, gboolean words);
/* Unfolds and decodes; what can't be decoded stays as it is. Always valid UTF-8, without NUL and line ends. (transfer full) */
char *ph_header_text_decode (const char *text, gsize length);
/* The same without looking for encoded words: for message ids, dates, addresses. (transfer full) */
char *ph_header_text_plain  (const char *text, gsize length);

G_END_DECLS
