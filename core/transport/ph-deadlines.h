/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A heap of points in time: the earliest is found at once, any is moved or taken out in log n. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Part of what has a deadline; zeroed at first. It stands in at most one heap. */
typedef struct {
  gint64 time;     /* as it counts */
  gint64 sorted;   /* as the heap knows it: not after @time. A deadline that only moves on is sorted again when it comes up */
  guint  position; /* in the heap, from 1; 0: in none */
} PhDeadline;

typedef struct {
  GPtrArray *items;
} PhDeadlines;

void        ph_deadlines_init         (PhDeadlines *self);
void        ph_deadlines_clear        (PhDeadlines *self);
/* @time: 0 takes it out */
void        ph_deadlines_set          (PhDeadlines *self, PhDeadline *item, gint64 time);
/* The earliest, or 0 */
gint64      ph_deadlines_get_earliest (PhDeadlines *self);
/* Takes out one that is not after @now; NULL where there is none */
PhDeadline *ph_deadlines_take         (PhDeadlines *self, gint64 now);

G_END_DECLS
