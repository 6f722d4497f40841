/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What PhMessageSet consists of, for its own files. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

typedef struct {
  guint32 first;
  guint32 last;
} PhMessageRange;

struct _PhMessageSet {
  gatomicrefcount refs;
  gboolean by_uid;
  gboolean saved;  /* "$": the server has the numbers */
  GArray *ranges;
  /* The first so many are sorted and apart from each other; what stands behind came out of order.
   * Inserting each in its place would make a server's descending SEARCH quadratic. */
  guint n_sorted;
};

static inline PhMessageRange *
ph_message_set_get_ranges (PhMessageSet *self)
{
  return (PhMessageRange *) (void *) self->ranges->data;
}

/* Sorts what came out of order, and joins what overlaps or touches: each reader's first step */
void ph_message_set_tidy (PhMessageSet *self);

G_END_DECLS
