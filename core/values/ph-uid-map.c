/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sequence numbers to UIDs and back: a treap of blocks in the messages' order. A block is a run of messages that are all known (and holds
 * their UIDs) or all unknown (and holds their count only). Its depth is logarithmic whatever a server sends, since the priorities are
 * random; so the recursion below is bounded as well.
 */
#include "ph-uid-map.h"

#include <string.h>

/* Messages of one block; moving so many UIDs in memory costs less than another level of the tree. */
#define MAX_BLOCK 1024
#define MIN_CAPACITY 4

typedef struct _Block Block;

struct _Block {
  Block   *left;
  Block   *right;
  guint32  priority;
  guint32  count;
  guint32  capacity;
  guint32 *uids;     /* NULL: unknown */

  /* of the block and all below */
  guint32  total;
  guint32  known;
  guint32  first;    /* the lowest known UID, 0 without one */
  guint32  last;     /* the highest */
};

struct _PhUidMap {
  Block *root;
  GRand *random;
};

static guint32
total (const Block *block)
{
  return block != NULL ? block->total : 0;
}

static guint32
last_of (const Block *block)
{
  return block != NULL ? block->last : 0;
}

static Block *
update (Block *block)
{
  const Block *left = block->left;
  const Block *right = block->right;
  guint32 own_first = block->uids != NULL ? block->uids[0] : 0;
  guint32 own_last = block->uids != NULL ? block->uids[block->count - 1] : 0;

  block->total = total (left) + block->count + total (right);
  block->known = (left != NULL ? left->known : 0) + (block->uids != NULL ? block->count : 0) + (right != NULL ? right->known : 0);
  block->first = left != NULL && left->first != 0 ? left->first : own_first != 0 ? own_first : right != NULL ? right->first : 0;
  block->last = right != NULL && right->last != 0 ? right->last : own_last != 0 ? own_last : last_of (left);
  return block;
}

static Block *
block_new (PhUidMap *self, guint32 count)
{
  Block *block = g_new0 (Block, 1);

  block->priority = g_rand_int (self->random);
  block->count = count;
  return update (block);
}

static Block *
block_new_known (PhUidMap *self, const guint32 *uids, guint32 count)
{
  Block *block = g_new0 (Block, 1);

  block->priority = g_rand_int (self->random);
  block->count = count;
  block->capacity = MAX (count, MIN_CAPACITY);
  block->uids = g_new (guint32, block->capacity);
  memcpy (block->uids, uids, count * sizeof *uids);
  return update (block);
}

static void
block_free (Block *block)
{
  g_free (block->uids);
  g_free (block);
}

static void
tree_free (Block *block)
{
  if (block == NULL)
    return;
  tree_free (block->left);
  tree_free (block->right);
  block_free (block);
}

static Block *
join (Block *one, Block *other)
{
  if (one == NULL || other == NULL)
    return one != NULL ? one : other;
  if (one->priority >= other->priority)
    {
      one->right = join (one->right, other);
      return update (one);
    }
  other->left = join (one, other->left);
  return update (other);
}

/* At a block's edge. @one: the first @n messages, @other: the others */
static void
split_at_edge (Block *block, guint32 n, Block **one, Block **other)
{
  guint32 before;

  if (block == NULL)
    {
      *one = *other = NULL;
      return;
    }
  before = total (block->left);
  if (n <= before)
    {
      split_at_edge (block->left, n, one, &block->left);
      *other = update (block);
    }
  else
    {
      split_at_edge (block->right, n - before - block->count, &block->right, other);
      *one = update (block);
    }
}

/* Puts @new behind the first @n messages, which end at a block's edge. */
static Block *
insert (Block *block, guint32 n, Block *new)
{
  guint32 before;

  if (block == NULL)
    return new;
  if (new->priority > block->priority)
    {
      split_at_edge (block, n, &new->left, &new->right);
      return update (new);
    }
  before = total (block->left);
  if (n <= before)
    block->left = insert (block->left, n, new);
  else
    block->right = insert (block->right, n - before - block->count, new);
  return update (block);
}

/* Takes what lies behind the first @n messages out of the block that has both. NULL: there is an edge already */
static Block *
cut_tail (PhUidMap *self, Block *block, guint32 n)
{
  Block *tail;
  guint32 before;

  if (block == NULL)
    return NULL;
  before = total (block->left);
  if (n < before)
    tail = cut_tail (self, block->left, n);
  else if (n == before || n == before + block->count)
    return NULL;
  else if (n > before + block->count)
    tail = cut_tail (self, block->right, n - before - block->count);
  else
    {
      guint32 rest = block->count - (n - before);

      tail = block->uids != NULL ? block_new_known (self, block->uids + (n - before), rest) : block_new (self, rest);
      block->count -= rest;
    }
  update (block);
  return tail;
}

static void
split (PhUidMap *self, Block *block, guint32 n, Block **one, Block **other)
{
  Block *tail = cut_tail (self, block, n);

  if (tail != NULL)
    block = insert (block, n, tail);
  split_at_edge (block, n, one, other);
}

PhUidMap *
ph_uid_map_new (void)
{
  PhUidMap *self = g_new0 (PhUidMap, 1);

  /* nobody outside can foresee the tree's form, and so unbalance it */
  self->random = g_rand_new ();
  return self;
}

void
ph_uid_map_free (PhUidMap *self)
{
  tree_free (self->root);
  g_rand_free (self->random);
  g_free (self);
}

guint32
ph_uid_map_get_count (PhUidMap *self)
{
  return total (self->root);
}

guint32
ph_uid_map_get_n_known (PhUidMap *self)
{
  return self->root != NULL ? self->root->known : 0;
}

/* Makes the last block longer where it is of unknown messages. */
static gboolean
extend_last (Block *block, guint32 n)
{
  gboolean done;

  if (block == NULL)
    return FALSE;
  if (block->right != NULL)
    done = extend_last (block->right, n);
  else if ((done = block->uids == NULL))
    block->count += n;
  if (done)
    update (block);
  return done;
}

void
ph_uid_map_set_count (PhUidMap *self, guint32 count)
{
  guint32 now = total (self->root);
  Block *rest = NULL;

  if (count > now && !extend_last (self->root, count - now))
    self->root = join (self->root, block_new (self, count - now));
  if (count < now)
    split (self, self->root, count, &self->root, &rest);
  tree_free (rest);
}

guint32
ph_uid_map_get_uid (PhUidMap *self, guint32 number)
{
  const Block *block = self->root;

  if (number == 0)
    return 0;
  number--;
  while (block != NULL)
    {
      guint32 before = total (block->left);

      if (number < before)
        {
          block = block->left;
          continue;
        }
      number -= before;
      if (number < block->count)
        return block->uids != NULL ? block->uids[number] : 0;
      number -= block->count;
      block = block->right;
    }
  return 0;
}

/* The first position in @uids that is not below @uid */
static guint32
lower_bound (const guint32 *uids, guint32 count, guint32 uid)
{
  guint32 low = 0;

  while (low < count)
    {
      guint32 middle = low + (count - low) / 2;

      if (uids[middle] < uid)
        low = middle + 1;
      else
        count = middle;
    }
  return low;
}

/* The number of the first known message whose UID is @uid or more, and that UID; the count plus 1, and 0, where there is none. */
static guint32
find_from (PhUidMap *self, guint32 uid, guint32 *found)
{
  const Block *block = self->root;
  guint32 before = 0;

  *found = 0;
  if (last_of (block) < uid)
    return total (block) + 1;
  for (;;)
    {
      guint32 own;

      if (block->left != NULL && block->left->last >= uid)
        {
          block = block->left;
          continue;
        }
      own = before + total (block->left);
      if (block->uids != NULL && block->uids[block->count - 1] >= uid)
        {
          guint32 index = lower_bound (block->uids, block->count, uid);

          *found = block->uids[index];
          return own + index + 1;
        }
      before = own + block->count;
      block = block->right;
    }
}

guint32
ph_uid_map_get_number (PhUidMap *self, guint32 uid)
{
  guint32 found;
  guint32 number;

  if (uid == 0)
    return 0;
  number = find_from (self, uid, &found);
  return found == uid ? number : 0;
}

/* The number of the last known message among the first @number, and its UID; 0 and 0 without one */
static guint32
find_known_before (const Block *block, guint32 number, guint32 *uid)
{
  guint32 before;
  guint32 found = 0;

  *uid = 0;
  if (block == NULL || number == 0)
    return 0;
  before = total (block->left);
  if (number > before + block->count)
    found = find_known_before (block->right, number - before - block->count, uid);
  if (found != 0)
    return before + block->count + found;
  if (block->uids != NULL && number > before)
    {
      guint32 index = MIN (number - before, block->count);

      *uid = block->uids[index - 1];
      return before + index;
    }
  return last_of (block->left) != 0 ? find_known_before (block->left, MIN (number, before), uid) : 0;
}

guint32
ph_uid_map_get_known_before (PhUidMap *self, guint32 number)
{
  guint32 uid;

  find_known_before (self->root, number, &uid);
  return uid;
}

guint32
ph_uid_map_locate (PhUidMap *self, guint32 uid, gboolean *exact)
{
  guint32 above;
  guint32 below;
  guint32 end = find_from (self, uid, &above);
  guint32 start = find_known_before (self->root, end - 1, &below);

  *exact = above == uid || end - start == 2;
  if (above == uid)
    return end;
  return end - start > 1 ? start + 1 : 0;
}

/* Puts @uid behind the last message, where that is known and its block has room. */
static gboolean
append_to_last (Block *block, guint32 uid)
{
  gboolean done = TRUE;

  if (block == NULL)
    return FALSE;
  if (block->right != NULL)
    done = append_to_last (block->right, uid);
  else if (block->uids == NULL || block->count >= MAX_BLOCK)
    return FALSE;
  else
    {
      if (block->count == block->capacity)
        {
          block->capacity = MIN (block->capacity * 2, MAX_BLOCK);
          block->uids = g_renew (guint32, block->uids, block->capacity);
        }
      block->uids[block->count++] = uid;
    }
  if (done)
    update (block);
  return done;
}

gboolean
ph_uid_map_learn (PhUidMap *self, guint32 number, guint32 uid)
{
  Block *before;
  Block *own;
  Block *behind;
  gboolean fits;
  guint32 known = ph_uid_map_get_uid (self, number);

  if (uid == 0 || number == 0 || number > total (self->root))
    return FALSE;
  if (known != 0)
    return known == uid;

  split (self, self->root, number - 1, &before, &own);
  split (self, own, 1, &own, &behind);
  fits = last_of (before) < uid && (behind == NULL || behind->first == 0 || behind->first > uid);
  if (fits)
    {
      block_free (own);
      own = append_to_last (before, uid) ? NULL : block_new_known (self, &uid, 1);
    }
  self->root = join (join (before, own), behind);
  return fits;
}

void
ph_uid_map_forget (PhUidMap *self)
{
  guint32 count = total (self->root);

  g_clear_pointer (&self->root, tree_free);
  ph_uid_map_set_count (self, count);
}

void
ph_uid_map_load (PhUidMap *self, PhMessageSet *uids)
{
  guint32 block[MAX_BLOCK];
  guint n = 0;

  g_clear_pointer (&self->root, tree_free);
  for (guint i = 0; i < ph_message_set_get_n_ranges (uids); i++)
    {
      guint32 first, last;

      ph_message_set_get_range (uids, i, &first, &last);
      for (guint64 uid = first; uid <= last; uid++)
        {
          block[n++] = (guint32) uid;
          if (n < MAX_BLOCK)
            continue;
          self->root = join (self->root, block_new_known (self, block, n));
          n = 0;
        }
    }
  if (n > 0)
    self->root = join (self->root, block_new_known (self, block, n));
}

/* @number counts from 0 within @block */
static Block *
remove_at (Block *block, guint32 number, guint32 *uid)
{
  guint32 before = total (block->left);
  Block *rest;

  if (number < before)
    block->left = remove_at (block->left, number, uid);
  else if (number >= before + block->count)
    block->right = remove_at (block->right, number - before - block->count, uid);
  else
    {
      number -= before;
      if (block->uids != NULL)
        {
          *uid = block->uids[number];
          memmove (block->uids + number, block->uids + number + 1, (block->count - number - 1) * sizeof *block->uids);
        }
      if (--block->count == 0)
        {
          rest = join (block->left, block->right);
          block_free (block);
          return rest;
        }
    }
  return update (block);
}

guint32
ph_uid_map_remove (PhUidMap *self, guint32 number)
{
  guint32 uid = 0;

  if (number > 0 && number <= total (self->root))
    self->root = remove_at (self->root, number - 1, &uid);
  return uid;
}

static void
add_to_set (const Block *block, PhMessageSet *set)
{
  if (block == NULL)
    return;
  add_to_set (block->left, set);
  for (guint32 i = 0; block->uids != NULL && i < block->count; i++)
    ph_message_set_add (set, block->uids[i]);
  add_to_set (block->right, set);
}

PhMessageSet *
ph_uid_map_to_set (PhUidMap *self)
{
  PhMessageSet *set = ph_message_set_new (TRUE);

  add_to_set (self->root, set);
  return set;
}
