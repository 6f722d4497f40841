/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageSet: UIDs or sequence numbers as sorted ranges. */
#include "ph-message-set-data.h"

#define MAX_VALUES (1u << 24)

/**
 * PhMessageSet:
 *
 * A set of messages, by UID or by sequence number, kept as ranges; "*", the highest in use, is
 * %PH_MESSAGE_SET_STAR.
 *
 * A hundred thousand values that touch nowhere are fine: adding in ascending order costs next to
 * nothing, and any other order is sorted once, when the set is read.
 *
 * A set is filled by its owner and not changed once it was handed on; from then on any thread may
 * read it.
 */
G_DEFINE_BOXED_TYPE (PhMessageSet, ph_message_set, ph_message_set_ref, ph_message_set_unref)

/* Do they overlap or touch? @a begins first. Never joins "*" to a number next to its stand-in, which
 * would make two members of it a range to the end. */
static gboolean
ranges_join (const PhMessageRange *a, const PhMessageRange *b)
{
  if (b->first <= a->last)
    return TRUE;
  return b->first - 1 == a->last && b->first != PH_MESSAGE_SET_STAR;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const PhMessageRange *one = a;
  const PhMessageRange *other = b;

  return (one->first > other->first) - (one->first < other->first);
}

void
ph_message_set_tidy (PhMessageSet *self)
{
  PhMessageRange *ranges = ph_message_set_get_ranges (self);
  guint n = 0;

  if (self->n_sorted == self->ranges->len)
    return;
  g_array_sort (self->ranges, compare_ranges);
  for (guint i = 1; i < self->ranges->len; i++)
    {
      if (ranges_join (&ranges[n], &ranges[i]))
        ranges[n].last = MAX (ranges[n].last, ranges[i].last);
      else
        ranges[++n] = ranges[i];
    }
  g_array_set_size (self->ranges, n + 1);
  self->n_sorted = n + 1;
}

/**
 * ph_message_set_new:
 * @by_uid: %TRUE: of UIDs; %FALSE: of sequence numbers
 *
 * Makes an empty set.
 *
 * Returns: (transfer full): a new set
 */
PhMessageSet *
ph_message_set_new (gboolean by_uid)
{
  PhMessageSet *self = g_new0 (PhMessageSet, 1);

  g_atomic_ref_count_init (&self->refs);
  self->by_uid = by_uid != FALSE;
  self->ranges = g_array_new (FALSE, FALSE, sizeof (PhMessageRange));
  return self;
}

/**
 * ph_message_set_new_saved:
 *
 * Makes the set that stands for what the last search with %PH_SEARCH_SAVE found ("$", RFC 5182). The numbers are the server's: the
 * set has no ranges and isn't empty. Each call that takes UIDs takes it, as does [method@Query.in_set].
 *
 * Returns: (transfer full): a new set
 */
PhMessageSet *
ph_message_set_new_saved (void)
{
  PhMessageSet *self = ph_message_set_new (TRUE);

  self->saved = TRUE;
  return self;
}

/**
 * ph_message_set_is_saved:
 * @self: a set
 *
 * Returns: whether it stands for what the server keeps
 */
gboolean
ph_message_set_is_saved (PhMessageSet *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->saved;
}

/**
 * ph_message_set_new_uid:
 * @uid: a UID; 0 gives an empty set
 *
 * Makes a set of one UID.
 *
 * Returns: (transfer full): a new set
 */
PhMessageSet *
ph_message_set_new_uid (guint32 uid)
{
  PhMessageSet *self = ph_message_set_new (TRUE);

  ph_message_set_add (self, uid);
  return self;
}

/**
 * ph_message_set_ref:
 * @self: a set
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 */
PhMessageSet *
ph_message_set_ref (PhMessageSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  /* Here a set becomes shared; from now on reading must not write. */
  ph_message_set_tidy (self);
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_message_set_unref:
 * @self: (transfer full): a set
 *
 * Drops a reference; any thread may.
 */
void
ph_message_set_unref (PhMessageSet *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->ranges);
  g_free (self);
}

/**
 * ph_message_set_is_by_uid:
 * @self: a set
 *
 * Returns: %TRUE for a set of UIDs, %FALSE for one of sequence numbers
 */
gboolean
ph_message_set_is_by_uid (PhMessageSet *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->by_uid;
}

/**
 * ph_message_set_add:
 * @self: a set
 * @value: 1 to %PH_MESSAGE_SET_STAR; 0 is ignored
 *
 * Adds one UID or sequence number.
 */
void
ph_message_set_add (PhMessageSet *self, guint32 value)
{
  g_return_if_fail (self != NULL);

  if (value != 0)
    ph_message_set_add_range (self, value, value);
}

/**
 * ph_message_set_add_range:
 * @self: a set
 * @first: one end, 1 to %PH_MESSAGE_SET_STAR
 * @last: the other end; may be the smaller one
 *
 * Adds all from one end to the other. Zeros are left out.
 */
void
ph_message_set_add_range (PhMessageSet *self, guint32 first, guint32 last)
{
  PhMessageRange range = { MAX (MIN (first, last), 1), MAX (first, last) };
  PhMessageRange *end;

  g_return_if_fail (self != NULL);

  if (range.last == 0)
    return;
  if (self->n_sorted < self->ranges->len || self->n_sorted == 0)
    {
      g_array_append_val (self->ranges, range);
      self->n_sorted += self->ranges->len == 1;
      /* Bounds what repetitions cost; each tidying is paid by as many additions. */
      if (self->ranges->len > 2 * self->n_sorted + 1024)
        ph_message_set_tidy (self);
      return;
    }
  end = &ph_message_set_get_ranges (self)[self->n_sorted - 1];
  if (range.first >= end->first && ranges_join (end, &range))
    {
      end->last = MAX (end->last, range.last);
      return;
    }
  if (range.first > end->last)
    self->n_sorted++;
  g_array_append_val (self->ranges, range);
}

/**
 * ph_message_set_is_empty:
 * @self: a set
 *
 * Returns: %TRUE where nothing was added; never of a set that the server keeps
 */
gboolean
ph_message_set_is_empty (PhMessageSet *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->ranges->len == 0 && !self->saved;
}

static guint64
range_count (const PhMessageRange *range)
{
  if (range->last == PH_MESSAGE_SET_STAR)
    return range->first == PH_MESSAGE_SET_STAR ? 1 : 2;
  return (guint64) range->last - range->first + 1;
}

/**
 * ph_message_set_get_count:
 * @self: a set
 *
 * Returns: how many it names. A range to "*" counts its two ends, since nobody knows what is between.
 */
guint64
ph_message_set_get_count (PhMessageSet *self)
{
  guint64 count = 0;

  g_return_val_if_fail (self != NULL, 0);

  ph_message_set_tidy (self);
  for (guint i = 0; i < self->ranges->len; i++)
    count += range_count (&ph_message_set_get_ranges (self)[i]);
  return count;
}

/**
 * ph_message_set_contains:
 * @self: a set
 * @value: a UID or sequence number
 *
 * Returns: %TRUE where @value is in one of the ranges; a range to "*" holds all above its first
 */
gboolean
ph_message_set_contains (PhMessageSet *self, guint32 value)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (self != NULL, FALSE);

  ph_message_set_tidy (self);
  high = self->ranges->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const PhMessageRange *range = &ph_message_set_get_ranges (self)[middle];

      if (value < range->first)
        high = middle;
      else if (value > range->last)
        low = middle + 1;
      else
        return TRUE;
    }
  return FALSE;
}

/**
 * ph_message_set_get_n_ranges:
 * @self: a set
 *
 * Returns: how many ranges it comes to; a single value is one
 */
guint
ph_message_set_get_n_ranges (PhMessageSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  ph_message_set_tidy (self);
  return self->ranges->len;
}

/**
 * ph_message_set_get_range:
 * @self: a set
 * @index: from 0, in ascending order
 * @first: (out) (optional): the lower end, 0 behind the last range
 * @last: (out) (optional): the upper end, may be %PH_MESSAGE_SET_STAR; 0 behind the last range
 *
 * Tells one range. Ranges are apart from each other.
 */
void
ph_message_set_get_range (PhMessageSet *self, guint index, guint32 *first, guint32 *last)
{
  PhMessageRange range = { 0, 0 };

  g_return_if_fail (self != NULL);

  ph_message_set_tidy (self);
  if (index < self->ranges->len)
    range = ph_message_set_get_ranges (self)[index];
  if (first != NULL)
    *first = range.first;
  if (last != NULL)
    *last = range.last;
}

/**
 * ph_message_set_to_array:
 * @self: a set
 * @n_values: (out): how many values there are
 *
 * Every value one by one, ascending, for bindings. No more than the first 16,777,216 are given; a
 * range to "*" gives its two ends.
 *
 * Returns: (transfer full) (array length=n_values): the values
 */
guint32 *
ph_message_set_to_array (PhMessageSet *self, gsize *n_values)
{
  guint32 *values;
  gsize length, n = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  length = (gsize) MIN (ph_message_set_get_count (self), MAX_VALUES);
  values = g_new (guint32, MAX (length, 1));
  for (guint i = 0; i < self->ranges->len; i++)
    {
      const PhMessageRange *range = &ph_message_set_get_ranges (self)[i];
      guint64 count = range_count (range);

      for (guint64 k = 0; k < count && n < length; k++)
        values[n++] = k + 1 == count ? range->last : range->first + (guint32) k;
    }
  *n_values = n;
  return values;
}
