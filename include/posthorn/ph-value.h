/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tree of what a server sent, or what a command is to send. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhValueKind:
 * @PH_VALUE_NIL: NIL
 * @PH_VALUE_ATOM: a word, as it stood; "BODY[HEADER.FIELDS (DATE)]<0>" is one, too
 * @PH_VALUE_NUMBER: a word of digits that fits 64 bits; its text is kept as well
 * @PH_VALUE_STRING: what stood in double quotes, unescaped
 * @PH_VALUE_LITERAL: octets of a counted literal
 * @PH_VALUE_LIST: a parenthesized list, or the root of a tree
 *
 * What a [struct@Value] is.
 */
typedef enum {
  PH_VALUE_NIL,
  PH_VALUE_ATOM,
  PH_VALUE_NUMBER,
  PH_VALUE_STRING,
  PH_VALUE_LITERAL,
  PH_VALUE_LIST
} PhValueKind;

#define PH_TYPE_VALUE (ph_value_get_type ())

/*
 * A value is one node of a tree; the tree is one block of memory. ph_value_copy () of a node of an
 * owned tree references the tree; of a *transient* tree (one that an engine is reading, see
 * PhValueBuilder) it makes a compact copy of the node and what is below. ph_value_free () undoes
 * either. Getters never allocate. All getters accept NULL as NIL, so chains need no checks.
 */
PH_AVAILABLE_IN_1_0 GType          ph_value_get_type     (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_copy         (const PhValue *self);
PH_AVAILABLE_IN_1_0 void           ph_value_free         (PhValue       *self);

PH_AVAILABLE_IN_1_0 PhValueKind    ph_value_get_kind     (const PhValue *self);
PH_AVAILABLE_IN_1_0 gboolean       ph_value_is_nil       (const PhValue *self);
/* atom, number, string: its text, NUL-terminated where the tree is owned; use the length. NULL for NIL, list. */
PH_AVAILABLE_IN_1_0 const char    *ph_value_get_data     (const PhValue *self, gsize *length);
/* Any text as valid UTF-8 (bytes that are not are replaced); NULL for NIL and list. (transfer full) */
PH_AVAILABLE_IN_1_0 char          *ph_value_dup_text     (const PhValue *self);
PH_AVAILABLE_IN_1_0 GBytes        *ph_value_dup_bytes    (const PhValue *self);
/* FALSE where it is not a number */
PH_AVAILABLE_IN_1_0 gboolean       ph_value_get_number   (const PhValue *self, guint64 *number);
/* ASCII, case-insensitive, of an atom, number, string or literal */
PH_AVAILABLE_IN_1_0 gboolean       ph_value_is           (const PhValue *self, const char *word);
PH_AVAILABLE_IN_1_0 guint          ph_value_get_length   (const PhValue *self);
/* O(n); walk with first/next. NULL past the end. (transfer none) */
PH_AVAILABLE_IN_1_0 const PhValue *ph_value_get_child    (const PhValue *self, guint index);
PH_AVAILABLE_IN_1_0 const PhValue *ph_value_first        (const PhValue *self);
PH_AVAILABLE_IN_1_0 const PhValue *ph_value_next         (const PhValue *self);

/* Making values by hand, bindings included: build a list bottom-up. (transfer full); items are copied. */
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_nil      (void);
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_atom     (const char *word);
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_number   (guint64 number);
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_string   (const char *text);
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_bytes    (GBytes *bytes);
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_list     (PhValue **items, gsize n_items);
/* Lists of strings, and of what an array holds. @texts: NULL-terminated. @items: (element-type PhValue) */
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_strings  (const char *const *texts);
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_array    (GPtrArray *items);
/* IMAP's date, "1-Feb-1994", an atom: the day in @day's own zone */
PH_AVAILABLE_IN_1_0 PhValue       *ph_value_new_day      (GDateTime *day);
/* The texts of @first and of what stands behind it; what has none is left out. NULL: of nothing. (transfer full) */
PH_AVAILABLE_IN_1_0 char         **ph_value_dup_strings  (const PhValue *first);

/*
 * For parsers: nodes are appended in order, strings stay where they are. The tree is transient: it
 * and every node are valid until ph_value_builder_reset (). No recursion; depth is the caller's to
 * bound. Memory is kept between resets up to a small bound.
 */
#define PH_TYPE_VALUE_BUILDER (ph_value_builder_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_value_builder_get_type   (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhValueBuilder *ph_value_builder_new        (void);
PH_AVAILABLE_IN_1_0 PhValueBuilder *ph_value_builder_ref        (PhValueBuilder *self);
PH_AVAILABLE_IN_1_0 void            ph_value_builder_unref      (PhValueBuilder *self);
PH_AVAILABLE_IN_1_0 void            ph_value_builder_reset      (PhValueBuilder *self);
/* @bytes must outlive the transient tree. @kind: NIL, ATOM, STRING, LITERAL; an ATOM of digits becomes a NUMBER. */
PH_AVAILABLE_IN_1_0 void            ph_value_builder_add        (PhValueBuilder *self, PhValueKind kind, const char *bytes, gsize length);
PH_AVAILABLE_IN_1_0 void            ph_value_builder_open       (PhValueBuilder *self);
PH_AVAILABLE_IN_1_0 void            ph_value_builder_close      (PhValueBuilder *self);
/* makes room for @octets, for ph-value-builder.h */
PH_AVAILABLE_IN_1_0 void            ph_value_builder_reserve    (PhValueBuilder *self, gsize octets);
PH_AVAILABLE_IN_1_0 guint           ph_value_builder_get_depth  (PhValueBuilder *self);
PH_AVAILABLE_IN_1_0 guint           ph_value_builder_get_n_nodes(PhValueBuilder *self);
/* The root: a list of what was added at depth 0. Open lists are closed. (transfer none) */
PH_AVAILABLE_IN_1_0 const PhValue  *ph_value_builder_peek       (PhValueBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhValue, ph_value_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhValueBuilder, ph_value_builder_unref)

G_END_DECLS
