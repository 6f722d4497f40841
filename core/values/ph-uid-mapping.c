/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUidMapping: old UID to new one. */
#include <posthorn/posthorn-plugin.h>

typedef struct {
  guint32 old_uid;
  guint32 new_uid;
} Pair;

/**
 * PhUidMapping:
 *
 * Which UID each message got where it was copied or moved to: [method@Store.copy_mapped], [method@Store.move_mapped]. Filled by its owner,
 * not changed once handed on.
 */
struct _PhUidMapping {
  gatomicrefcount refs;
  guint32         uid_validity;
  GArray         *pairs;
  gboolean        ascending;  /* by their old UIDs, as servers tell them */
};

G_DEFINE_BOXED_TYPE (PhUidMapping, ph_uid_mapping, ph_uid_mapping_ref, ph_uid_mapping_unref)

/**
 * ph_uid_mapping_new: (skip)
 *
 * For engines: a mapping without pairs.
 *
 * Returns: (transfer full): a mapping
 */
PhUidMapping *
ph_uid_mapping_new (void)
{
  PhUidMapping *self = g_new0 (PhUidMapping, 1);

  g_atomic_ref_count_init (&self->refs);
  self->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  self->ascending = TRUE;
  return self;
}

/**
 * ph_uid_mapping_ref:
 * @self: a mapping
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhUidMapping *
ph_uid_mapping_ref (PhUidMapping *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_uid_mapping_unref:
 * @self: (transfer full): a mapping
 *
 * Drops a reference; any thread may.
 */
void
ph_uid_mapping_unref (PhUidMapping *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->pairs);
  g_free (self);
}

/**
 * ph_uid_mapping_get_uid_validity:
 * @self: a mapping
 *
 * Returns: UIDVALIDITY of the mailbox that the messages went to; 0 where the server does not tell
 */
guint32
ph_uid_mapping_get_uid_validity (PhUidMapping *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->uid_validity;
}

/**
 * ph_uid_mapping_get_n_pairs:
 * @self: a mapping
 *
 * Returns: how many pairs there are
 */
guint
ph_uid_mapping_get_n_pairs (PhUidMapping *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pairs->len;
}

/**
 * ph_uid_mapping_get_pair:
 * @self: a mapping
 * @index: from 0, in the order in which the server told them
 * @old_uid: (out) (optional): the UID where the message came from
 * @new_uid: (out) (optional): the UID where it went
 *
 * Tells one pair.
 *
 * Returns: %FALSE behind the last, and both are 0 then
 */
gboolean
ph_uid_mapping_get_pair (PhUidMapping *self, guint index, guint32 *old_uid, guint32 *new_uid)
{
  Pair pair = { 0, 0 };

  g_return_val_if_fail (self != NULL, FALSE);

  if (index < self->pairs->len)
    pair = g_array_index (self->pairs, Pair, index);
  if (old_uid != NULL)
    *old_uid = pair.old_uid;
  if (new_uid != NULL)
    *new_uid = pair.new_uid;
  return index < self->pairs->len;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Pair *one = a;
  const Pair *other = b;

  return (one->old_uid > other->old_uid) - (one->old_uid < other->old_uid);
}

/**
 * ph_uid_mapping_lookup:
 * @self: a mapping
 * @old_uid: a UID where the messages came from
 *
 * Returns: the message's UID where it went; 0 where it isn't known
 */
guint32
ph_uid_mapping_lookup (PhUidMapping *self, guint32 old_uid)
{
  Pair wanted = { old_uid, 0 };
  guint index;

  g_return_val_if_fail (self != NULL, 0);

  if (self->ascending)
    return g_array_binary_search (self->pairs, &wanted, compare, &index) ? g_array_index (self->pairs, Pair, index).new_uid : 0;
  for (index = 0; index < self->pairs->len; index++)
    if (g_array_index (self->pairs, Pair, index).old_uid == old_uid)
      return g_array_index (self->pairs, Pair, index).new_uid;
  return 0;
}

/**
 * ph_uid_mapping_get_new_uids:
 * @self: a mapping
 *
 * Returns: (transfer full): the UIDs where the messages went
 */
PhMessageSet *
ph_uid_mapping_get_new_uids (PhUidMapping *self)
{
  PhMessageSet *set;

  g_return_val_if_fail (self != NULL, NULL);

  set = ph_message_set_new (TRUE);
  for (guint i = 0; i < self->pairs->len; i++)
    ph_message_set_add (set, g_array_index (self->pairs, Pair, i).new_uid);
  return set;
}

/**
 * ph_uid_mapping_set_uid_validity: (skip)
 * @self: a mapping
 * @uid_validity: of the mailbox that the messages went to
 *
 * For engines.
 */
void
ph_uid_mapping_set_uid_validity (PhUidMapping *self, guint32 uid_validity)
{
  g_return_if_fail (self != NULL);

  self->uid_validity = uid_validity;
}

/**
 * ph_uid_mapping_add: (skip)
 * @self: a mapping
 * @old_uid: the UID where the message came from
 * @new_uid: the UID where it went
 *
 * For engines: one more pair.
 */
void
ph_uid_mapping_add (PhUidMapping *self, guint32 old_uid, guint32 new_uid)
{
  Pair pair = { old_uid, new_uid };

  g_return_if_fail (self != NULL);

  if (self->pairs->len > 0 && g_array_index (self->pairs, Pair, self->pairs->len - 1).old_uid >= old_uid)
    self->ascending = FALSE;
  g_array_append_val (self->pairs, pair);
}
