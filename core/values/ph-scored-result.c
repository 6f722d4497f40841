/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhScoredResult: messages and how well each matches. */
#include <posthorn/posthorn.h>

/**
 * PhScoredResult:
 *
 * What [method@Fuzzy.search] found in the selected mailbox, in ascending order of the UIDs. Not changed once it is made.
 */
struct _PhScoredResult {
  gatomicrefcount refs;
  guint           n;
  guint32        *uids;
  guint8         *scores;
};

G_DEFINE_BOXED_TYPE (PhScoredResult, ph_scored_result, ph_scored_result_ref, ph_scored_result_unref)

/**
 * ph_scored_result_new: (skip)
 * @uids: (array length=n_uids): copied
 * @n_uids: how many
 * @scores: (array length=n_scores): in the same order; what is missing is 0
 * @n_scores: how many
 *
 * For extensions.
 *
 * Returns: (transfer full): a result
 */
PhScoredResult *
ph_scored_result_new (const guint32 *uids, gsize n_uids, const guint8 *scores, gsize n_scores)
{
  g_return_val_if_fail (n_uids < G_MAXUINT, NULL);

  PhScoredResult *self = g_new0 (PhScoredResult, 1);
  g_atomic_ref_count_init (&self->refs);
  self->n = (guint) n_uids;
  self->uids = g_memdup2 (uids, n_uids * sizeof *uids);
  self->scores = g_malloc0 (n_uids + 1);
  for (gsize i = 0; i < MIN (n_uids, n_scores); i++)
    self->scores[i] = scores[i];
  return self;
}

/**
 * ph_scored_result_ref:
 * @self: a result
 *
 * Takes a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhScoredResult *
ph_scored_result_ref (PhScoredResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_scored_result_unref:
 * @self: (transfer full): a result
 *
 * Gives up a reference; any thread may.
 */
void
ph_scored_result_unref (PhScoredResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->uids);
  g_free (self->scores);
  g_free (self);
}

/**
 * ph_scored_result_get_n_messages:
 * @self: a result
 *
 * Returns: how many messages match
 */
guint
ph_scored_result_get_n_messages (PhScoredResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * ph_scored_result_get_uid:
 * @self: a result
 * @index: from 0
 *
 * Returns: the UID of a message; 0: there are not so many
 */
guint32
ph_scored_result_get_uid (PhScoredResult *self, guint index)
{
  g_return_val_if_fail (self != NULL, 0);

  return index < self->n ? self->uids[index] : 0;
}

/**
 * ph_scored_result_get_score:
 * @self: a result
 * @index: from 0
 *
 * Returns: how well it matches: 1 to 100, the best; 0: the server did not tell
 */
guint
ph_scored_result_get_score (PhScoredResult *self, guint index)
{
  g_return_val_if_fail (self != NULL, 0);

  return index < self->n ? self->scores[index] : 0;
}
