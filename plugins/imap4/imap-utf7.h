/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mailbox names in modified UTF-7 (RFC 3501 section 5.1.3). */
#pragma once

#include <glib.h>

/* @name: valid UTF-8. (transfer full) */
char *ph_imap_utf7_encode (const char *name);
/* NULL where it isn't what encoding gives, so that a name never changes on its way to the user and back. (transfer full) */
char *ph_imap_utf7_decode (const char *name, gsize length);
