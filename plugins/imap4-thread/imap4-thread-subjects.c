/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ORDEREDSUBJECT (RFC 5256 section 3): the same base subject, in the order of sending. */
#include "imap4-thread.h"

#include <string.h>

typedef struct {
  const PhThreadRow *first;
  guint              start, end; /* in the rows by subject */
} Thread;

static int
compare_sent (const PhThreadRow *one, const PhThreadRow *other)
{
  if (one->sent != other->sent)
    return one->sent < other->sent ? -1 : 1;
  return (one->number > other->number) - (one->number < other->number);
}

static int
compare_subjects (gconstpointer first, gconstpointer second)
{
  const PhThreadRow *one = *(const PhThreadRow *const *) first, *other = *(const PhThreadRow *const *) second;
  int                difference = one->subject != other->subject ? strcmp (one->subject, other->subject) : 0;

  return difference != 0 ? difference : compare_sent (one, other);
}

static int
compare_threads (gconstpointer first, gconstpointer second)
{
  return compare_sent (((const Thread *) first)->first, ((const Thread *) second)->first);
}

PhThreadTree *
ph_thread_by_subject (PhThreadRows *rows)
{
  g_autoptr (GPtrArray) by_subject = g_ptr_array_sized_new (rows->rows->len);
  g_autoptr (GArray)    threads = g_array_new (FALSE, FALSE, sizeof (Thread));
  PhThreadTree         *tree = ph_thread_tree_new ();

  for (guint i = 0; i < rows->rows->len; i++)
    g_ptr_array_add (by_subject, ph_thread_rows_get (rows, i));
  g_ptr_array_sort (by_subject, compare_subjects);

  for (guint i = 0, end; i < by_subject->len; i = end)
    {
      const PhThreadRow *first = g_ptr_array_index (by_subject, i);
      Thread             thread = { first, i, 0 };

      for (end = i + 1; end < by_subject->len; end++)
        if (((const PhThreadRow *) g_ptr_array_index (by_subject, end))->subject != first->subject)
          break;
      thread.end = end;
      g_array_append_val (threads, thread);
    }
  g_array_sort (threads, compare_threads);

  for (guint i = 0; i < threads->len; i++)
    {
      const Thread *thread = &g_array_index (threads, Thread, i);

      for (guint j = thread->start; j < thread->end; j++)
        ph_thread_tree_add (tree, ((const PhThreadRow *) g_ptr_array_index (by_subject, j))->number, j > thread->start);
    }
  return tree;
}
