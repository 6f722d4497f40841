/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed arguments to octets: the one place that knows of quoting, literals and charsets. */
#pragma once

#include "imap-capabilities.h"
#include "imap-output.h"

#define PH_TYPE_IMAP_WRITER (ph_imap_writer_get_type ())
GType ph_imap_writer_get_type (void);

typedef struct _PhImapWriter PhImapWriter;

PhImapWriter  *ph_imap_writer_new          (void);
/* Those asked, in this order, to write what is no octets of ours. (transfer none) */
void           ph_imap_writer_set_extensions (PhImapWriter *self, GPtrArray *extensions);
/* what an extension has for LIST, or "LIST" */
const char    *ph_imap_writer_get_list_verb (PhImapWriter *self);
/* what an extension has before PARTIAL, by which the server takes such a page; NULL: none has */
const char    *ph_imap_writer_get_page_option (PhImapWriter *self, int first, int last);
/* what the server can take; @utf8: it was told that mailbox names and quoted strings are UTF-8 */
void           ph_imap_writer_set_features (PhImapWriter *self, PhImapFeatures features, gboolean utf8);
PhImapFeatures ph_imap_writer_get_features (PhImapWriter *self);
gboolean       ph_imap_writer_get_utf8     (PhImapWriter *self);
/* @tag: NULL for a further line of a command; @secret: nothing of the line may be seen */
void           ph_imap_writer_begin        (PhImapWriter *self, const char *tag, gboolean secret);
/* Base64 of a SASL dialogue: as it is, hidden; "" makes an empty line */
void           ph_imap_writer_secret_word  (PhImapWriter *self, const char *word);
/* whether something was written behind the tag */
gboolean       ph_imap_writer_is_empty     (PhImapWriter *self);
/* Ends the line. NULL and @error where it can't be sent. (transfer none), to be emptied by the caller */
GPtrArray     *ph_imap_writer_end          (PhImapWriter *self, GError **error);
