/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a tree lies in memory; shared by PhValue and its builder alone. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/*
 * A tree is one block: this header, the nodes in the order in which they were opened, then (owned trees) the text.
 * A node finds its header by its own index, its first child right behind itself, and its next sibling by index.
 */
typedef struct {
  gatomicrefcount ref_count;
  guint32         n_nodes;
  guint64         transient; /* boolean: a parser's, or static; a copy is a new tree. As wide as it keeps the nodes aligned */
} PhValueTree;

struct _PhValue {
  const char *data; /* of a word, never NULL */
  union {
    guint64 number; /* PH_VALUE_NUMBER; its text's length is in @digits */
    gsize   length; /* other words */
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

/* Fills a node that is a word; digits become a number. @bytes is borrowed. */
static inline void
ph_value_set_word (PhValue *self, PhValueKind kind, const char *bytes, gsize length)
{
  self->data = bytes;
  self->length = length;
  self->kind = (guint8) kind;

  if (kind != PH_VALUE_ATOM || length == 0 || (guint8) (bytes[0] - '0') > 9 || length > G_MAXUINT16)
    return;

  guint64 number = 0;
  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guint8) (bytes[i] - '0');
      if (digit > 9)
        return;
      if (i >= 19 && (number > G_MAXUINT64 / 10 || (number == G_MAXUINT64 / 10 && digit > G_MAXUINT64 % 10)))
        return;
      number = number * 10 + digit;
    }
  self->kind = PH_VALUE_NUMBER;
  self->digits = (guint16) length;
  self->number = number;
}

/* Octets that an owned tree takes, counted from its root; for who bounds what is kept */
gsize ph_value_get_footprint (const PhValue *self);

/* As a person reads it; strings in quotes, lists in parentheses, at most about @limit octets (then "…"). */
void  ph_value_append_to (const PhValue *self, GString *string, gsize limit);

G_END_DECLS
