/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a message is sorted and threaded by, as a server would see it (RFC 5256 section 2). */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* Of what is kept of all messages together */
#define PH_ORDER_LIMIT (256 << 20)

/* RFC 5256 section 2.1, of a decoded subject, NULL as "". @is_reply: (optional): whether something that tells so was removed. (transfer full) */
char       *ph_order_base_subject (const char *subject, gboolean *is_reply);
/* What i;unicode-casemap compares octet by octet (RFC 5051); @text: UTF-8, NULL as "". (transfer full) */
char       *ph_order_fold         (const char *text);
/* A Date field (RFC 5322 section 3.3, and what is met in its place) in seconds since 1970, UTC; FALSE: there is no such day */
gboolean    ph_order_parse_date   (const char *text, gint64 *seconds);

/* INTERNALDATE in seconds; 0 where it wasn't told */
gint64      ph_order_get_arrival  (PhMessage *message);
/* RFC 5256 section 2.2 */
gint64      ph_order_get_sent     (PhMessage *message, PhMessageEnvelope *envelope);
/* addr-mailbox of a field's first address. @field: its place in ENVELOPE. (transfer full) (nullable) */
char       *ph_order_get_mailbox  (PhMessage *message, guint field);
/* What RFC 5957 section 3 makes of a field's first address. (transfer full) (nullable) */
char       *ph_order_get_display  (PhMessage *message, guint field);

/* Whether the server can be asked for @keys, those of @query, in one command's line */
gboolean    ph_order_can_ask      (PhExtension *extension, PhQuery *query, const PhValue *keys);

/* What is asked by name: a charset, which must be UTF-8 or a part of it, and keys behind it, one at least; NULL: it is not that. (transfer full) */
PhQuery    *ph_order_read_query   (PhExtension *extension, const PhValue *charset);

/* --- a command that is answered here where the server can't (ph-order-parts.c) --- */

typedef struct {
  PhExtension *extension;
  PhQuery     *query;
  PhValue     *keys;          /* the query's */
  gboolean     by_uid;
  gboolean     misunderstood; /* the server lists it, and does not know it */
  gboolean     begun;
  gboolean     searched;
  gboolean     overflowed;
} PhOrderParts;

typedef gboolean (*PhOrderAdd) (gpointer rows, PhMessage *message);

/* All zero before */
void        ph_order_parts_init       (PhOrderParts *self, PhExtension *extension, PhQuery *query, gboolean by_uid);
void        ph_order_parts_clear      (PhOrderParts *self);
/* As next_part () was called: FALSE where @command's own line is to be sent, or was @answered */
gboolean    ph_order_parts_are_needed (PhOrderParts *self, PhCommand *command, PhCommand *previous, PhReply *reply, gboolean can_ask,
                                       gboolean answered);
/* The next of them; NULL: that was all. (transfer full) (nullable) */
PhCommand  *ph_order_parts_next       (PhOrderParts *self, PhCommand *previous, PhFetch items, const char *extra);
/* What @part fetched; @add: FALSE where it is more than PH_ORDER_LIMIT */
void        ph_order_parts_take       (PhOrderParts *self, PhCommand *part, PhOrderAdd add, gpointer rows);

/* Texts, folded, each once: most are met again */
typedef struct {
  GStringChunk *chunk;
  GHashTable   *known;
} PhOrderTexts;

void        ph_order_texts_init       (PhOrderTexts *self);
void        ph_order_texts_clear      (PhOrderTexts *self);
/* @size: what all of it takes grows by what is new */
const char *ph_order_texts_keep       (PhOrderTexts *self, const char *text, gsize *size);

/* Fields of ENVELOPE (RFC 9051 section 7.5.2) */
#define PH_ORDER_FROM 2
#define PH_ORDER_TO 5
#define PH_ORDER_CC 6

G_END_DECLS
