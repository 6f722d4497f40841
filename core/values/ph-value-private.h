/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a tree lies in memory; shared by PhValue, its builder and the views over a tree. */
#pragma once

#include <posthorn/posthorn.h>
#include <posthorn/ph-value-builder.h>

#include <string.h>

G_BEGIN_DECLS

/*
 * A tree is one run of octets, and a node's address is where its first octet is. Numbers are in the machine's order, not aligned.
 *
 *   node  = word / list
 *   word  = kind length octets NUL         length: one octet, or 0xff and eight
 *         / kind|BORROWED length address   in a builder alone: large octets stay where they are
 *         / STRING|CLEAN length octets NUL of one octet of length; the octets are printable ASCII without "="
 *   list  = kind span count *node end      span: from the list's first octet to behind its end, count: its children; four octets each
 *   end   = END back                       back: from here to the list's first octet; four octets
 *   mark  = MARK back                      behind each 64 children: what an end is, so that a node's list is found in few steps
 *
 * So the nodes of a response stand in the order in which they came, nothing points to anything, and a copy is a memcpy ().
 */
enum {
  PH_VALUE_END  = PH_VALUE_LIST + 1,
  PH_VALUE_MARK = PH_VALUE_LIST + 2,
  PH_VALUE_KIND = 0x07,
  PH_VALUE_ROOT = 0x08,      /* a PhValueTree stands before it, and nothing behind it */
  PH_VALUE_TRANSIENT = 0x10, /* of a root: a parser's or static; a copy is a new tree */
  PH_VALUE_BORROWED = 0x20   /* of a word, and of the lists around it; 0x40 is PH_VALUE_CLEAN */
};

/* Octets that a builder leaves where they are; kept trees hold them */
#define PH_VALUE_LARGE 1024
/* four octets hold it */
#define PH_VALUE_MAX_TREE (G_MAXUINT32 - 64)

struct _PhValue {
  guint8 head;
};

/* Before a root, in a block that begins @prefix octets before it */
typedef struct {
  gatomicrefcount ref_count;
  guint32         prefix;
  gsize           size;     /* of the root's octets */
} PhValueTree;

/* What the getters answer for "nothing": an empty list */
extern const PhValue *const ph_value_empty_list;

static inline const guint8 *
ph_value_octets (const PhValue *self)
{
  return (const guint8 *) self;
}

static inline guint32
ph_value_load32 (const guint8 *p)
{
  guint32 number;

  memcpy (&number, p, sizeof number);
  return number;
}

static inline guint64
ph_value_load64 (const guint8 *p)
{
  guint64 number;

  memcpy (&number, p, sizeof number);
  return number;
}

static inline void
ph_value_store32 (guint8 *p, gsize number)
{
  guint32 narrow = (guint32) number;

  memcpy (p, &narrow, sizeof narrow);
}

static inline guint
ph_value_kind (const PhValue *self)
{
  return self->head & PH_VALUE_KIND;
}

/* A short word that is neither borrowed nor a root, as nearly all are: its length is one octet, and its text behind that. */
static inline gboolean
ph_value_is_plain (const PhValue *self)
{
  return (self->head & ~PH_VALUE_CLEAN) < PH_VALUE_LIST && ph_value_octets (self)[1] != 0xff;
}

/* Of a word; @octets is set to what stands behind the length. */
static inline gsize
ph_value_word_length (const PhValue *self, const guint8 **octets)
{
  const guint8 *p = ph_value_octets (self) + 1;
  guint64 length = *p++;

  if (G_UNLIKELY (length == 0xff))
    {
      memcpy (&length, p, sizeof length);
      p += sizeof length;
    }
  *octets = p;
  return (gsize) length;
}

/* Where the text of a word is */
static inline const char *
ph_value_word_text (const PhValue *self, gsize *length)
{
  const guint8 *octets;
  const char *text;

  if (G_LIKELY (ph_value_is_plain (self)))
    {
      *length = ph_value_octets (self)[1];
      return (const char *) ph_value_octets (self) + 2;
    }
  *length = ph_value_word_length (self, &octets);
  if (G_LIKELY ((self->head & PH_VALUE_BORROWED) == 0))
    return (const char *) octets;
  memcpy (&text, octets, sizeof text);
  return text;
}

/* What stands behind a node */
static inline const PhValue *
ph_value_behind (const PhValue *self)
{
  const guint8 *octets;
  gsize length;

  if (G_LIKELY (ph_value_is_plain (self)))
    return (const PhValue *) (ph_value_octets (self) + 3 + ph_value_octets (self)[1]);
  if (ph_value_kind (self) == PH_VALUE_LIST)
    return (const PhValue *) (ph_value_octets (self) + ph_value_load32 (ph_value_octets (self) + 1));
  length = ph_value_word_length (self, &octets);
  return (const PhValue *) (octets + ((self->head & PH_VALUE_BORROWED) != 0 ? sizeof (char *) : length + 1));
}

/* @self: what stands behind a node of a list, or its head: the next node, NULL at the list's end */
static inline const PhValue *
ph_value_at (const PhValue *self)
{
  if (G_LIKELY (ph_value_kind (self) < PH_VALUE_END))
    return self;
  if (G_UNLIKELY (ph_value_kind (self) == PH_VALUE_MARK))
    self = (const PhValue *) (ph_value_octets (self) + PH_VALUE_LIST_END);
  return ph_value_kind (self) != PH_VALUE_END ? self : NULL;
}

/* ph_value_first () and ph_value_next () of what is known to be a list, or a node of one: without a call */
static inline const PhValue *
ph_value_begin (const PhValue *list)
{
  return ph_value_at ((const PhValue *) (ph_value_octets (list) + PH_VALUE_LIST_HEAD));
}

static inline const PhValue *
ph_value_step (const PhValue *self)
{
  return ph_value_at (ph_value_behind (self));
}

/* Of a list: how many children it has */
static inline guint
ph_value_get_count (const PhValue *list)
{
  return ph_value_load32 (ph_value_octets (list) + 5);
}

/* What a view reads of a word */
typedef struct {
  const char *text;   /* NULL for NIL, a list, an empty string and where there is no node */
  gsize       length;
  gboolean    clean;  /* PH_VALUE_CLEAN; FALSE: perhaps all the same */
} PhText;

/* What isn't as most are, of ph_value_take_text () */
const guint8 *ph_value_take_odd_text (const guint8 *p, PhText *text);

/* @p: behind a list's head or a node of it; returns what is behind the next node, @p at the list's end */
static inline const guint8 *
ph_value_take_text (const guint8 *p, PhText *text)
{
  PhText odd;

  if (G_LIKELY (*p == (PH_VALUE_STRING | PH_VALUE_CLEAN) && p[1] > 0))
    {
      *text = (PhText) { (const char *) p + 2, p[1], TRUE };
      return p + 3 + p[1];
    }
  if (G_LIKELY (*p == PH_VALUE_NIL && p[1] == 0))
    {
      *text = (PhText) { NULL, 0, FALSE };
      return p + 3;
    }
  /* so that @text needn't be in memory */
  p = ph_value_take_odd_text (p, &odd);
  *text = odd;
  return p;
}

static inline PhValueTree *
ph_value_get_tree (const PhValue *root)
{
  return (PhValueTree *) (gpointer) root - 1;
}

/* Nothing but digits that fit 64 bits */
static inline gboolean
ph_value_is_digits (const char *text, gsize length)
{
  static const char most[] = "18446744073709551615";
  gsize zeros = 0;

  for (gsize i = 0; i < length; i++)
    if ((guint8) (text[i] - '0') > 9)
      return FALSE;
  if (G_LIKELY (length < sizeof most - 1))
    return length > 0;

  while (zeros < length && text[zeros] == '0')
    zeros++;
  length -= zeros;
  return length < sizeof most - 1 || (length == sizeof most - 1 && memcmp (text + zeros, most, length) <= 0);
}

/* The root of the tree that a node is in */
const PhValue *ph_value_get_root (const PhValue *self);
/* A copy of @self and what is below, as the root of a new tree, its PhValueTree at @prefix octets behind the start of the block,
 * which is returned */
gpointer ph_value_copy_behind (const PhValue *self, gsize prefix);
void     ph_value_tree_unref (PhValueTree *tree);

/* A builder of which nothing is borrowed, and what was built as such a block; the builder is empty after */
PhValueBuilder *ph_value_builder_new_owning (gsize prefix);
gpointer ph_value_builder_steal (PhValueBuilder *self);
/* Adds @value and what is below */
void     ph_value_builder_add_copy (PhValueBuilder *self, const PhValue *value);

/* Octets that a copy would take; for who bounds what is kept */
gsize ph_value_get_footprint (const PhValue *self);

/* As a person reads it; strings in quotes, lists in parentheses, at most about @limit octets (then "…"). */
void  ph_value_append_to (const PhValue *self, GString *string, gsize limit);

G_END_DECLS
