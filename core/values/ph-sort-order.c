/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSortOrder: by what to sort. */
#include <posthorn/posthorn.h>

#define MAX_KEYS 32

static const char *const words[] = {
  [PH_SORT_KEY_ARRIVAL] = "ARRIVAL",
  [PH_SORT_KEY_CC] = "CC",
  [PH_SORT_KEY_DATE] = "DATE",
  [PH_SORT_KEY_FROM] = "FROM",
  [PH_SORT_KEY_SIZE] = "SIZE",
  [PH_SORT_KEY_SUBJECT] = "SUBJECT",
  [PH_SORT_KEY_TO] = "TO",
  [PH_SORT_KEY_DISPLAY_FROM] = "DISPLAYFROM",
  [PH_SORT_KEY_DISPLAY_TO] = "DISPLAYTO",
};

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

/**
 * ph_sort_order_to_value: (skip)
 * @self: an order
 *
 * For extensions: the keys as SORT's parentheses have them, `REVERSE` before those that are reversed (RFC 5256 section 5, RFC 5957).
 *
 * Returns: (transfer full): a list of words
 */
PhValue *
ph_sort_order_to_value (PhSortOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  for (guint i = 0; i < ph_sort_order_get_n_keys (self); i++)
    {
      gboolean  reverse;
      PhSortKey key = ph_sort_order_get_key (self, i, &reverse);

      if (reverse)
        g_ptr_array_add (list, ph_value_new_atom ("REVERSE"));
      g_ptr_array_add (list, ph_value_new_atom (words[key]));
    }
  return ph_value_new_array (list);
}

/**
 * ph_sort_order_new_from_value: (skip)
 * @list: (nullable): words as [method@SortOrder.to_value] gives them, in any case
 *
 * For extensions: reads the keys that SORT's parentheses have.
 *
 * Returns: (transfer full) (nullable): an order; %NULL where there is no key, one that is an extension's, or more than 32
 */
PhSortOrder *
ph_sort_order_new_from_value (const PhValue *list)
{
  g_autoptr (PhSortOrder) self = ph_sort_order_new ();

  for (const PhValue *word = ph_value_first (list); word != NULL; word = ph_value_next (word))
    {
      gboolean reverse = ph_value_is (word, "REVERSE");
      guint    key = 0;

      if (reverse)
        word = ph_value_next (word);
      if (word == NULL || ph_value_get_kind (word) != PH_VALUE_ATOM || self->n_keys == MAX_KEYS)
        return NULL;
      while (key < G_N_ELEMENTS (words) && !ph_value_is (word, words[key]))
        key++;
      if (key == G_N_ELEMENTS (words))
        return NULL;
      ph_sort_order_by (self, (PhSortKey) key, reverse);
    }
  return self->n_keys > 0 ? g_steal_pointer (&self) : NULL;
}
