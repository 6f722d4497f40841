/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a tree lies in memory; shared by PhValue and its builder alone. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/*
 * A tree is one block: this header, the nodes in the order in which they were opened, then (owned trees) the text.
 * A node finds its header by its own index, its first child right behind itself, and its next sibling by index.
 * A list knows how large everything below is, so that a copy takes one pass.
 */
typedef struct {
  gatomicrefcount ref_count;
  gboolean        transient; /* a parser's, or static: a copy is a new tree */
  guint64         size;      /* of the block of an owned tree, octets. 64 bits keep the nodes aligned */
} PhValueTree;

struct _PhValue {
  union {
    const char *data; /* of a word, never NULL */
    gsize       text; /* of a list: octets of all text below, with a NUL behind each word */
  };
  union {
    guint64 number;  /* PH_VALUE_NUMBER; its text's length is in @digits */
    gsize   length;  /* other words */
    gsize   n_below; /* of a list: nodes below */
  };
  guint32 index;
  guint32 next;       /* sibling's index, 0 for none; of a list that is still open, its parent's */
  guint32 n_children; /* of a list */
  guint16 digits;
  guint8  kind;
};

/* What the getters answer for "nothing": an empty list */
extern const PhValue *const ph_value_empty_list;

static inline PhValueTree *
ph_value_get_tree (const PhValue *self)
{
  return (PhValueTree *) (gpointer) (self - self->index) - 1;
}

static inline gsize
ph_value_get_text_length (const PhValue *self)
{
  return self->kind == PH_VALUE_NUMBER ? self->digits : self->length;
}

static inline gboolean
ph_value_is_word (const PhValue *self)
{
  return self->kind != PH_VALUE_NIL && self->kind != PH_VALUE_LIST;
}

/* A word that begins with a digit becomes a number where it is nothing but digits that fit 64 bits. */
void ph_value_make_number (PhValue *self);

/* Fills a node that is a word. @bytes is borrowed. */
static inline void
ph_value_set_word (PhValue *self, PhValueKind kind, const char *bytes, gsize length)
{
  self->data = bytes;
  self->length = length;
  self->digits = 0;
  self->kind = (guint8) kind;
  if (kind == PH_VALUE_ATOM && length > 0 && (guint8) (bytes[0] - '0') <= 9)
    ph_value_make_number (self);
}

/* Octets that a copy would take; for who bounds what is kept */
gsize ph_value_get_footprint (const PhValue *self);

/* As a person reads it; strings in quotes, lists in parentheses, at most about @limit octets (then "…"). */
void  ph_value_append_to (const PhValue *self, GString *string, gsize limit);

G_END_DECLS
