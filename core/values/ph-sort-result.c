/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSortResult: what a sort came to. */
#include <posthorn/posthorn.h>

/**
 * PhSortResult:
 *
 * What a sort came to, as far as it was asked for: [method@Sort.messages], [method@Sort.messages_for], [method@Sort.page]. Not changed once
 * it is made.
 */
struct _PhSortResult {
  gatomicrefcount refs;
  guint32        *numbers;
  gsize           n_numbers;
  guint32         min;
  guint32         max;
  guint32         count;
};

G_DEFINE_BOXED_TYPE (PhSortResult, ph_sort_result, ph_sort_result_ref, ph_sort_result_unref)

/**
 * ph_sort_result_new: (skip)
 * @numbers: (array length=n_numbers) (nullable): in order; copied
 * @n_numbers: how many
 * @min: the first, 0: none
 * @max: the last
 * @count: how many were found
 *
 * For extensions: what the server told, or what was made of its messages.
 *
 * Returns: (transfer full): a result
 */
PhSortResult *
ph_sort_result_new (const guint32 *numbers, gsize n_numbers, guint32 min, guint32 max, guint32 count)
{
  PhSortResult *self = g_new0 (PhSortResult, 1);

  g_atomic_ref_count_init (&self->refs);
  self->numbers = g_memdup2 (numbers, n_numbers * sizeof *numbers);
  self->n_numbers = n_numbers;
  self->min = min;
  self->max = max;
  self->count = count;
  return self;
}

/**
 * ph_sort_result_ref:
 * @self: a result
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhSortResult *
ph_sort_result_ref (PhSortResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_sort_result_unref:
 * @self: (transfer full): a result
 *
 * Drops a reference; any thread may.
 */
void
ph_sort_result_unref (PhSortResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->numbers);
  g_free (self);
}

/**
 * ph_sort_result_get_numbers:
 * @self: a result
 * @n_numbers: (out): how many
 *
 * The messages in order, all of them or those of the page.
 *
 * Returns: (transfer none) (array length=n_numbers) (nullable): UIDs, or message numbers where these were asked for; %NULL where there are none
 */
const guint32 *
ph_sort_result_get_numbers (PhSortResult *self, gsize *n_numbers)
{
  g_return_val_if_fail (self != NULL && n_numbers != NULL, NULL);

  *n_numbers = self->n_numbers;
  return self->numbers;
}

/**
 * ph_sort_result_get_min:
 * @self: a result
 *
 * Returns: the first in order; 0 where nothing was found, or it was not asked for
 */
guint32
ph_sort_result_get_min (PhSortResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->min;
}

/**
 * ph_sort_result_get_max:
 * @self: a result
 *
 * Returns: the last in order; 0 where nothing was found, or it was not asked for
 */
guint32
ph_sort_result_get_max (PhSortResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->max;
}

/**
 * ph_sort_result_get_count:
 * @self: a result
 *
 * Returns: how many were found; 0 where that was not asked for
 */
guint32
ph_sort_result_get_count (PhSortResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->count;
}
