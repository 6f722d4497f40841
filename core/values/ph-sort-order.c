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

/* Keys of extensions, as they are met in a SORT that is written by hand */
static const struct {
  const char *name;
  guint       n_arguments;
  const char *capability;
} extended[] = {
  { "ANNOTATION", 2, "ANNOTATE-EXPERIMENT-1" }, /* RFC 5257 section 4.9 */
  { "RELEVANCY", 0, "SEARCH=FUZZY" },           /* RFC 6203 section 6 */
};

typedef struct {
  PhSortKey key;
  gboolean  reverse;
  /* of PH_SORT_KEY_EXTENDED */
  PhValue  *words;
  char     *capability;
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

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < self->n_keys; i++)
    {
      g_clear_pointer (&self->keys[i].words, ph_value_free);
      g_free (self->keys[i].capability);
    }
  g_free (self);
}

/**
 * ph_sort_order_by:
 * @self: an order that no sort was given yet
 * @key: by what, but for %PH_SORT_KEY_EXTENDED
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

  self->keys[self->n_keys++] = (Key) { key, reverse, NULL, NULL };
  return self;
}

/* A word, and words, texts and numbers behind it; REVERSE is said otherwise */
static gboolean
is_key (const PhValue *key)
{
  const PhValue *name = ph_value_first (key);

  if (ph_value_get_kind (key) != PH_VALUE_LIST || ph_value_get_kind (name) != PH_VALUE_ATOM || ph_value_is (name, "REVERSE"))
    return FALSE;
  for (const PhValue *word = ph_value_next (name); word != NULL; word = ph_value_next (word))
    if (ph_value_get_kind (word) == PH_VALUE_LIST || ph_value_get_kind (word) == PH_VALUE_NIL)
      return FALSE;
  return TRUE;
}

/**
 * ph_sort_order_extended:
 * @self: an order that no sort was given yet
 * @capability: what the server must list beside SORT, `SEARCH=FUZZY`
 * @key: a list of the key's name, an atom, and the atoms, strings and numbers that stand behind it; copied
 * @reverse: the other way round
 *
 * Adds a key of an extension behind those that there are, at most 32 of them: `(RELEVANCY)` with `SEARCH=FUZZY` (RFC 6203 section 6; the query
 * must have a [method@Query.fuzzy] in it), `(ANNOTATION "/comment" value.shared)` ([method@Annotations.sort_by] writes it).
 *
 * Nothing can be sorted here by such a key: a sort fails with %PH_ERROR_NOT_SUPPORTED where the server lists no SORT or not @capability, before
 * anything is sent, and as the server has it where it refuses.
 *
 * Returns: (transfer none): @self, for chains
 */
PhSortOrder *
ph_sort_order_extended (PhSortOrder *self, const char *capability, const PhValue *key, gboolean reverse)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (capability != NULL && *capability != '\0' && is_key (key), self);
  g_return_val_if_fail (self->n_keys < MAX_KEYS, self);

  self->keys[self->n_keys++] = (Key) { PH_SORT_KEY_EXTENDED, reverse, ph_value_copy (key), g_strdup (capability) };
  return self;
}

/**
 * ph_sort_order_is_extended:
 * @self: an order
 *
 * Returns: whether one of its keys is an extension's ([method@SortOrder.extended]), by which nothing can be sorted here
 */
gboolean
ph_sort_order_is_extended (PhSortOrder *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i].key == PH_SORT_KEY_EXTENDED)
      return TRUE;
  return FALSE;
}

/**
 * ph_sort_order_get_needs:
 * @self: an order
 *
 * For engines: what the server must list beside SORT, all of it, so that it can be asked for this order.
 *
 * Returns: (transfer full) (array zero-terminated=1): capabilities, each once
 */
char **
ph_sort_order_get_needs (PhSortOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GPtrArray) needs = g_ptr_array_new ();
  for (guint i = 0; i < self->n_keys; i++)
    {
      PhSortKey   key = self->keys[i].key;
      const char *need = key == PH_SORT_KEY_EXTENDED ? self->keys[i].capability : key >= PH_SORT_KEY_DISPLAY_FROM ? "SORT=DISPLAY" : NULL;

      if (need != NULL && !g_ptr_array_find_with_equal_func (needs, need, g_str_equal, NULL))
        g_ptr_array_add (needs, (gpointer) need);
    }
  g_ptr_array_add (needs, NULL);
  return g_strdupv ((char **) needs->pdata);
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
      if (key != PH_SORT_KEY_EXTENDED)
        g_ptr_array_add (list, ph_value_new_atom (words[key]));
      for (const PhValue *word = ph_value_first (self->keys[i].words); word != NULL; word = ph_value_next (word))
        g_ptr_array_add (list, ph_value_copy (word));
    }
  return ph_value_new_array (list);
}

static gboolean
read_extended (PhSortOrder *self, const PhValue **word, gboolean reverse)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue)   key = NULL;
  guint                 which = 0;

  while (which < G_N_ELEMENTS (extended) && !ph_value_is (*word, extended[which].name))
    which++;
  if (which == G_N_ELEMENTS (extended))
    return FALSE;
  g_ptr_array_add (items, ph_value_new_atom (extended[which].name));
  for (guint i = 0; i < extended[which].n_arguments; i++)
    {
      *word = ph_value_next (*word);
      if (*word == NULL)
        return FALSE;
      g_ptr_array_add (items, ph_value_copy (*word));
    }
  key = ph_value_new_array (items);
  if (!is_key (key))
    return FALSE;
  ph_sort_order_extended (self, extended[which].capability, key, reverse);
  return TRUE;
}

/**
 * ph_sort_order_new_from_value: (skip)
 * @list: (nullable): words as [method@SortOrder.to_value] gives them, in any case
 *
 * For extensions: reads the keys that SORT's parentheses have, among them ANNOTATION (RFC 5257) and RELEVANCY (RFC 6203).
 *
 * Returns: (transfer full) (nullable): an order; %NULL where there is no key, one that isn't known, or more than 32
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
      if (key < G_N_ELEMENTS (words))
        ph_sort_order_by (self, (PhSortKey) key, reverse);
      else if (!read_extended (self, &word, reverse))
        return NULL;
    }
  return self->n_keys > 0 ? g_steal_pointer (&self) : NULL;
}
