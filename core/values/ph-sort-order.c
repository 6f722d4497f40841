/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSortOrder: by what to sort. */
#include <posthorn/posthorn.h>

#define MAX_KEYS 32

typedef struct {
  PhSortKey key;
  gboolean  reverse;
} Key;

/**
 * PhSortOrder:
 *
 * The keys to sort by ([method@Sort.messages]), the most important first; messages that are equal in all of them stay in the mailbox' order.
 *
 * ```c
 * g_autoptr (PhSortOrder) order = ph_sort_order_new ();
 *
 * ph_sort_order_by (ph_sort_order_by (order, PH_SORT_KEY_SUBJECT, FALSE), PH_SORT_KEY_DATE, TRUE);
 * ```
 */
struct _PhSortOrder {
  gatomicrefcount refs;
  guint           n_keys;
  Key             keys[MAX_KEYS];
};

G_DEFINE_BOXED_TYPE (PhSortOrder, ph_sort_order, ph_sort_order_ref, ph_sort_order_unref)

/**
 * ph_sort_order_new:
 *
 * Makes an order without keys, which is the mailbox' own.
 *
 * Returns: (transfer full): an order
 */
PhSortOrder *
ph_sort_order_new (void)
{
  PhSortOrder *self = g_new0 (PhSortOrder, 1);

  g_atomic_ref_count_init (&self->refs);
  return self;
}

/**
 * ph_sort_order_ref:
 * @self: an order
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhSortOrder *
ph_sort_order_ref (PhSortOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_sort_order_unref:
 * @self: (transfer full): an order
 *
 * Drops a reference; any thread may.
 */
void
ph_sort_order_unref (PhSortOrder *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->refs))
    g_free (self);
}

/**
 * ph_sort_order_by:
 * @self: an order that no sort was given yet
 * @key: by what
 * @reverse: the other way round
 *
 * Adds a key behind those that there are, at most 32 of them.
 *
 * Returns: (transfer none): @self, for chains
 */
PhSortOrder *
ph_sort_order_by (PhSortOrder *self, PhSortKey key, gboolean reverse)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key <= PH_SORT_KEY_DISPLAY_TO, self);
  g_return_val_if_fail (self->n_keys < MAX_KEYS, self);

  self->keys[self->n_keys++] = (Key) { key, reverse };
  return self;
}

/**
 * ph_sort_order_get_n_keys:
 * @self: an order
 *
 * Returns: how many keys it has
 */
guint
ph_sort_order_get_n_keys (PhSortOrder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_keys;
}

/**
 * ph_sort_order_get_key:
 * @self: an order
 * @index: which of its keys, from 0
 * @reverse: (out) (optional): whether it counts the other way round
 *
 * Returns: the key
 */
PhSortKey
ph_sort_order_get_key (PhSortOrder *self, guint index, gboolean *reverse)
{
  g_return_val_if_fail (self != NULL && index < self->n_keys, PH_SORT_KEY_ARRIVAL);

  if (reverse != NULL)
    *reverse = self->keys[index].reverse;
  return self->keys[index].key;
}
