/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSearchResult: what a search came to. */
#include <posthorn/posthorn-plugin.h>

/**
 * PhSearchResult:
 *
 * What a search came to, as far as it was asked for: [method@Store.search_for], [method@Store.search_page]. Not changed once it is made.
 */
struct _PhSearchResult {
  gatomicrefcount refs;
  PhMessageSet   *set;
  guint32         min;
  guint32         max;
  guint32         count;
  guint64         mod_seq;
};

G_DEFINE_BOXED_TYPE (PhSearchResult, ph_search_result, ph_search_result_ref, ph_search_result_unref)

/**
 * ph_search_result_new: (skip)
 * @set: (nullable): what was found; referenced
 * @min: the lowest, 0: none
 * @max: the highest
 * @count: how many
 * @mod_seq: the highest mod-sequence, 0: not told
 *
 * For engines: what ESEARCH told, or what was made of SEARCH.
 *
 * Returns: (transfer full): a result
 */
PhSearchResult *
ph_search_result_new (PhMessageSet *set, guint32 min, guint32 max, guint32 count, guint64 mod_seq)
{
  PhSearchResult *self = g_new0 (PhSearchResult, 1);

  g_atomic_ref_count_init (&self->refs);
  self->set = set != NULL ? ph_message_set_ref (set) : NULL;
  self->min = min;
  self->max = max;
  self->count = count;
  self->mod_seq = mod_seq;
  return self;
}

/**
 * ph_search_result_ref:
 * @self: a result
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhSearchResult *
ph_search_result_ref (PhSearchResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_search_result_unref:
 * @self: (transfer full): a result
 *
 * Drops a reference; any thread may.
 */
void
ph_search_result_unref (PhSearchResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->set, ph_message_set_unref);
  g_free (self);
}

/**
 * ph_search_result_get_set:
 * @self: a result
 *
 * Returns: (transfer none) (nullable): the UIDs, or those of the page; %NULL where neither was asked for
 */
PhMessageSet *
ph_search_result_get_set (PhSearchResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->set;
}

/**
 * ph_search_result_get_min:
 * @self: a result
 *
 * Returns: the lowest UID; 0 where nothing was found, or it was not asked for
 */
guint32
ph_search_result_get_min (PhSearchResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->min;
}

/**
 * ph_search_result_get_max:
 * @self: a result
 *
 * Returns: the highest UID; 0 where nothing was found, or it was not asked for
 */
guint32
ph_search_result_get_max (PhSearchResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->max;
}

/**
 * ph_search_result_get_count:
 * @self: a result
 *
 * Returns: how many were found; 0 where that was not asked for
 */
guint32
ph_search_result_get_count (PhSearchResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->count;
}

/**
 * ph_search_result_get_mod_seq:
 * @self: a result
 *
 * Returns: the highest mod-sequence of what was found, where the query asks for one (RFC 7162 section 3.1.5); 0 else
 */
guint64
ph_search_result_get_mod_seq (PhSearchResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->mod_seq;
}
