/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What PhValueBuilder does for each token, without a call: for parsers whose cost is counted per octet. A parser copies a builder's head,
 * works on the copy as long as there is room (ph_value_builder_reserve ()), and writes it back before it calls the builder. How a tree lies in memory
 * stays as it is within a major version.
 */
#pragma once

#include <posthorn/ph-value.h>

G_BEGIN_DECLS

#ifndef __GI_SCANNER__

/* What every builder begins with */
typedef struct {
  guint8  *end;     /* where the next node goes */
  guint8  *limit;   /* up to here there is room, and a little behind for what ends lists */
  guint8  *list;    /* the innermost open list; its span is, until it is closed, how far back its parent stands */
  guint32  count;   /* its children; those of its parents stand in their heads */
  guint32  depth;
} PhValueBuilderHead;

/* May be or'ed to the kind of a short string whose octets are all printable ASCII (space included) and none of which is "=": its readers needn't
 * look at them to know. */
#define PH_VALUE_CLEAN 0x40
#define PH_VALUE_LIST_HEAD 9
#define PH_VALUE_LIST_END 5
#define PH_VALUE_CHILDREN_PER_MARK 64

/* Behind each 64 children of a list, so that a node finds its list in few steps */
static inline void
ph_value_builder_mark_at (PhValueBuilderHead *head)
{
  if (G_UNLIKELY (head->count % PH_VALUE_CHILDREN_PER_MARK == 0))
    {
      guint32 back = (guint32) (head->end - head->list);

      *head->end = PH_VALUE_LIST + 2;
      memcpy (head->end + 1, &back, sizeof back);
      head->end += PH_VALUE_LIST_END;
    }
}

/* A word of less than 255 octets, which stand two octets behind the end already */
static inline void
ph_value_builder_finish_word_at (PhValueBuilderHead *head, PhValueKind kind, gsize length)
{
  guint8 *p = head->end;

  p[0] = (guint8) kind;
  p[1] = (guint8) length;
  p[2 + length] = '\0';
  head->end = p + 3 + length;
  head->count++;
  ph_value_builder_mark_at (head);
}

static inline void
ph_value_builder_open_at (PhValueBuilderHead *head)
{
  guint8 *p = head->end;
  guint32 back = (guint32) (p - head->list);
  guint32 count = head->count + 1;

  *p = PH_VALUE_LIST;
  memcpy (p + 1, &back, sizeof back);
  memcpy (head->list + 5, &count, sizeof count);
  head->list = p;
  head->count = 0;
  head->depth++;
  head->end = p + PH_VALUE_LIST_HEAD;
}

/* A list must be open. */
static inline void
ph_value_builder_close_at (PhValueBuilderHead *head)
{
  guint8 *list = head->list;
  guint8 *p = head->end;
  guint32 span = (guint32) (p - list);
  guint32 back, count = head->count;

  *p = PH_VALUE_LIST + 1;
  memcpy (p + 1, &span, sizeof span);
  span += PH_VALUE_LIST_END;
  memcpy (&back, list + 1, sizeof back);
  memcpy (list + 1, &span, sizeof span);
  memcpy (list + 5, &count, sizeof count);
  list -= back;
  memcpy (&count, list + 5, sizeof count);
  head->list = list;
  head->count = count;
  head->depth--;
  head->end = p + PH_VALUE_LIST_END;
  ph_value_builder_mark_at (head);
}

/* What stands behind a node that is a list or a word of less than 255 octets; NULL for others, and where a list ends or has a mark */
static inline const guint8 *
ph_value_builder_skip_at (const guint8 *node)
{
  guint kind = *node & ~PH_VALUE_CLEAN;
  guint32 span;

  if (kind < PH_VALUE_LIST && node[1] != 0xff)
    return node + 3 + node[1];
  if (kind != PH_VALUE_LIST)
    return NULL;
  memcpy (&span, node + 1, sizeof span);
  return node + span;
}

#endif

G_END_DECLS
