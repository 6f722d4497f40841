/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMultisearchResult: what a search through several mailboxes found. */
#include <posthorn/posthorn.h>

/**
 * PhMultisearchResult:
 *
 * What [method@Multisearch.search] found, mailbox by mailbox, and whether the server went through all of them.
 */
struct _PhMultisearchResult {
  gatomicrefcount refs;
  GPtrArray      *matches;
  gboolean        partial;
};

G_DEFINE_BOXED_TYPE (PhMultisearchResult, ph_multisearch_result, ph_multisearch_result_ref, ph_multisearch_result_unref)

/**
 * ph_multisearch_result_new: (skip)
 *
 * For extensions: a result without a match, which is whole.
 *
 * Returns: (transfer full): a result
 */
PhMultisearchResult *
ph_multisearch_result_new (void)
{
  PhMultisearchResult *self = g_new0 (PhMultisearchResult, 1);

  g_atomic_ref_count_init (&self->refs);
  self->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_mailbox_match_unref);
  return self;
}

/**
 * ph_multisearch_result_ref:
 * @self: a result
 *
 * Takes a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMultisearchResult *
ph_multisearch_result_ref (PhMultisearchResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_multisearch_result_unref:
 * @self: (transfer full): a result
 *
 * Drops a reference; any thread may.
 */
void
ph_multisearch_result_unref (PhMultisearchResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->matches);
  g_free (self);
}

/**
 * ph_multisearch_result_get_matches:
 * @self: a result
 *
 * Returns: (transfer none) (element-type PhMailboxMatch): a row for each mailbox in which something was found, in the server's order
 */
GPtrArray *
ph_multisearch_result_get_matches (PhMultisearchResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->matches;
}

/**
 * ph_multisearch_result_is_partial:
 * @self: a result
 *
 * Whether the server stopped at a limit of its own (`OK [LIMIT]`, RFC 7377 section 2.4): what it found by then is right, and there may be more,
 * in these mailboxes and in others.
 *
 * Returns: %TRUE: there may be more; %FALSE: that is all
 */
gboolean
ph_multisearch_result_is_partial (PhMultisearchResult *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->partial;
}

/**
 * ph_multisearch_result_add: (skip)
 * @self: a result
 * @match: (transfer full): a row
 *
 * For extensions.
 */
void
ph_multisearch_result_add (PhMultisearchResult *self, PhMailboxMatch *match)
{
  g_return_if_fail (self != NULL && match != NULL);

  g_ptr_array_add (self->matches, match);
}

/**
 * ph_multisearch_result_set_partial: (skip)
 * @self: a result
 *
 * For extensions: the server says that it did not go through all.
 */
void
ph_multisearch_result_set_partial (PhMultisearchResult *self)
{
  g_return_if_fail (self != NULL);

  self->partial = TRUE;
}
