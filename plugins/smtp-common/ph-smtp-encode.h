/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts and times in the forms that ESMTP parameters have for them. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* xtext: octets outside of "!" to "~", "+" and "=" become "+" and two digits */
void     ph_smtp_append_xtext   (GString *line, const char *text);
/* An address of type "utf-8": "\x{HEXPOINT}" for what xtext would encode and for "\"; for all that is not ASCII, too, unless @utf8 */
void     ph_smtp_append_unitext (GString *line, const char *address, gboolean utf8);
/* "2026-11-27T14:00:00Z" */
void     ph_smtp_append_time    (GString *line, GDateTime *time);
/* Printable ASCII and blanks, and something of it */
gboolean ph_smtp_is_printable   (const char *text);

G_END_DECLS
