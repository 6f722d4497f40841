/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes one whole response, as the framer cut it, a PhResponse with its tree of values. */
#pragma once

#include "imap-grammar.h"

typedef struct _PhImapParser PhImapParser;

/* @max_depth: of parentheses; @max_values: of one tree */
PhImapParser *ph_imap_parser_new   (guint max_depth, guint max_values);
void          ph_imap_parser_free  (PhImapParser *self);
/* What the parser makes its trees in; whoever uses it between two responses saves having another. */
PhValueBuilder *ph_imap_parser_get_builder (PhImapParser *self);

/*
 * @data: one response with its line end; borrowed until the next call. NULL and PH_ERROR_PROTOCOL or PH_ERROR_LIMIT where it can't
 * be understood; NULL without @error for an empty line, which some servers send between responses. (transfer none), transient.
 */
PhResponse   *ph_imap_parser_parse (PhImapParser *self, const char *data, gsize length, PhImapName *name, GError **error);
/* What is read of a FETCH response by itself */
typedef struct {
  guint8        *room;       /* where its list may be written, behind the head of a list that is its root; given, as is @size */
  gsize          size;
  guint32        number;
  guint32        uid;        /* where @told is not 0, and it was told */
  guint          told;       /* which of PhFetch; 0: to be looked up */
  const PhValue *attributes; /* in the room, or the parser's */
} PhImapFetched;

/*
 * The same of a FETCH response without literals, of at most @most octets, at the start of @data, without a frame or a response around it. How
 * many octets it takes; 0 where it is none, odd in any way, or not whole. What was read is borrowed until the next call of the parser.
 */
gsize         ph_imap_parser_read_fetch (PhImapParser *self, const char *data, gsize length, gsize most, PhImapFetched *fetched);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhImapParser, ph_imap_parser_free)
