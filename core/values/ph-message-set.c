/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageSet: UIDs or sequence numbers as sorted ranges.
 *
 *   sequence-set = (seq-number / seq-range) ["," sequence-set]      RFC 9051 section 9
 *   seq-range    = seq-number ":" seq-number                        either order
 *   seq-number   = nz-number / "*"
 */
#include <posthorn/posthorn-plugin.h>

#define MAX_VALUES (1u << 24)

typedef struct {
  guint32 first;
  guint32 last;
} Range;

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
struct _PhMessageSet {
  gatomicrefcount refs;
  gboolean by_uid;
  gboolean saved;  /* "$": the server has the numbers */
  GArray *ranges;
  /* The first so many are sorted and apart from each other; what stands behind came out of order.
   * Inserting each in its place would make a server's descending SEARCH quadratic. */
  guint n_sorted;
};

G_DEFINE_BOXED_TYPE (PhMessageSet, ph_message_set, ph_message_set_ref, ph_message_set_unref)

static Range *
get_ranges (PhMessageSet *self)
{
  return (Range *) (void *) self->ranges->data;
}

/* Do they overlap or touch? @a begins first. Never joins "*" to a number next to its stand-in, which
 * would make two members of it a range to the end. */
static gboolean
ranges_join (const Range *a, const Range *b)
{
  if (b->first <= a->last)
    return TRUE;
  return b->first - 1 == a->last && b->first != PH_MESSAGE_SET_STAR;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const Range *one = a;
  const Range *other = b;

  return (one->first > other->first) - (one->first < other->first);
}

static void
tidy (PhMessageSet *self)
{
  Range *ranges = get_ranges (self);
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
  self->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
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

static gboolean
parse_number (const char **cursor, guint32 *number)
{
  const char *p = *cursor;
  guint64 value = 0;

  if (*p == '*')
    {
      *cursor = p + 1;
      *number = PH_MESSAGE_SET_STAR;
      return TRUE;
    }
  for (; g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint64) (*p - '0');
      if (value > G_MAXUINT32)
        return FALSE;
    }
  if (p == *cursor || value == 0)
    return FALSE;
  *cursor = p;
  *number = (guint32) value;
  return TRUE;
}

static gboolean
parse_ranges (PhMessageSet *self, const char *text, const char **where)
{
  const char *p = text;

  for (;;)
    {
      guint32 first, last;

      *where = p;
      if (!parse_number (&p, &first))
        return FALSE;
      last = first;
      if (*p == ':')
        {
          p++;
          if (!parse_number (&p, &last))
            return FALSE;
        }
      ph_message_set_add_range (self, first, last);
      if (*p == '\0')
        return TRUE;
      *where = p;
      if (*p++ != ',')
        return FALSE;
    }
}

static PhMessageSet *
new_parsed (const char *text, gboolean by_uid, GError **error)
{
  g_autoptr (PhMessageSet) self = ph_message_set_new (by_uid);
  const char *where;

  if (!parse_ranges (self, text, &where))
    {
      g_autofree char *shown = g_utf8_make_valid (where, (gssize) strnlen (where, 40));

      g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL,
                                              "Not a message set: a number from 1 to 4294967295, a range or “*” is missing at “%s”",
                                              shown));
      return NULL;
    }
  tidy (self);
  return g_steal_pointer (&self);
}

/**
 * ph_message_set_new_from_string:
 * @text: a set of UIDs, "1:3,7,9:*"
 * @error: return location for a #GError
 *
 * Reads a set of UIDs. Ranges may be in either order, overlap and repeat.
 *
 * Returns: (transfer full): a new set, or %NULL with %PH_ERROR_INVALID_ARGUMENT: empty, a zero, a
 *   number above 4294967295, anything else
 */
PhMessageSet *
ph_message_set_new_from_string (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return new_parsed (text, TRUE, error);
}

/**
 * ph_message_set_new_numbers:
 * @text: a set of sequence numbers, "1:3,7,9:*"
 * @error: return location for a #GError
 *
 * As [ctor@MessageSet.new_from_string], for sequence numbers.
 *
 * Returns: (transfer full): a new set, or %NULL with %PH_ERROR_INVALID_ARGUMENT
 */
PhMessageSet *
ph_message_set_new_numbers (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return new_parsed (text, FALSE, error);
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
  tidy (self);
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
  Range range = { MAX (MIN (first, last), 1), MAX (first, last) };
  Range *end;

  g_return_if_fail (self != NULL);

  if (range.last == 0)
    return;
  if (self->n_sorted < self->ranges->len || self->n_sorted == 0)
    {
      g_array_append_val (self->ranges, range);
      self->n_sorted += self->ranges->len == 1;
      /* Bounds what repetitions cost; each tidying is paid by as many additions. */
      if (self->ranges->len > 2 * self->n_sorted + 1024)
        tidy (self);
      return;
    }
  end = &get_ranges (self)[self->n_sorted - 1];
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
 * ph_message_set_remove_range:
 * @self: a set
 * @first: one end, 1 to %PH_MESSAGE_SET_STAR
 * @last: the other end; may be the smaller one
 *
 * Takes all from one end to the other away. "*" is a number like others here, the largest.
 */
void
ph_message_set_remove_range (PhMessageSet *self, guint32 first, guint32 last)
{
  g_autoptr (PhMessageSet) other = NULL;

  g_return_if_fail (self != NULL);

  other = ph_message_set_new (self->by_uid);
  ph_message_set_add_range (other, first, last);
  ph_message_set_remove_set (self, other);
}

/**
 * ph_message_set_add_set:
 * @self: a set
 * @other: one of the same kind
 *
 * Adds all of another set: the union of both.
 */
void
ph_message_set_add_set (PhMessageSet *self, PhMessageSet *other)
{
  g_return_if_fail (self != NULL && other != NULL);
  g_return_if_fail (self->by_uid == other->by_uid);

  if (self == other)
    return;
  tidy (other);
  for (guint i = 0; i < other->ranges->len; i++)
    {
      const Range range = get_ranges (other)[i];

      ph_message_set_add_range (self, range.first, range.last);
    }
}

/**
 * ph_message_set_remove_set:
 * @self: a set
 * @other: one of the same kind
 *
 * Takes all of another set away: the difference. It costs as much as both sets are long.
 */
void
ph_message_set_remove_set (PhMessageSet *self, PhMessageSet *other)
{
  g_autoptr (GArray) old = NULL;
  guint j = 0;

  g_return_if_fail (self != NULL && other != NULL);
  g_return_if_fail (self->by_uid == other->by_uid);

  if (self == other)
    {
      g_array_set_size (self->ranges, 0);
      self->n_sorted = 0;
      return;
    }
  tidy (self);
  tidy (other);
  old = g_array_copy (self->ranges);
  g_array_set_size (self->ranges, 0);
  self->n_sorted = 0;
  for (guint i = 0; i < old->len; i++)
    {
      Range range = g_array_index (old, Range, i);
      gboolean left = TRUE;

      while (j < other->ranges->len && get_ranges (other)[j].last < range.first)
        j++;
      for (guint k = j; left && k < other->ranges->len && get_ranges (other)[k].first <= range.last; k++)
        {
          const Range hole = get_ranges (other)[k];

          if (hole.first > range.first)
            {
              Range before = { range.first, hole.first - 1 };

              g_array_append_val (self->ranges, before);
            }
          left = hole.last < range.last;
          range.first = hole.last + 1;
          /* what is behind this range may reach into the next */
          j = k;
        }
      if (left)
        g_array_append_val (self->ranges, range);
    }
  self->n_sorted = self->ranges->len;
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
range_count (const Range *range)
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

  tidy (self);
  for (guint i = 0; i < self->ranges->len; i++)
    count += range_count (&get_ranges (self)[i]);
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

  tidy (self);
  high = self->ranges->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Range *range = &get_ranges (self)[middle];

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

  tidy (self);
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
  Range range = { 0, 0 };

  g_return_if_fail (self != NULL);

  tidy (self);
  if (index < self->ranges->len)
    range = get_ranges (self)[index];
  if (first != NULL)
    *first = range.first;
  if (last != NULL)
    *last = range.last;
}

static void
append_number (GString *text, guint32 number)
{
  if (number == PH_MESSAGE_SET_STAR)
    g_string_append_c (text, '*');
  else
    g_string_append_printf (text, "%u", number);
}

/**
 * ph_message_set_to_string:
 * @self: a set
 *
 * Writes the set as RFC 9051 does, "1:3,7,9:*"; "$" for one that the server keeps.
 *
 * Returns: (transfer full): its text; "" for an empty set, which no command can carry
 */
char *
ph_message_set_to_string (PhMessageSet *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  tidy (self);
  text = g_string_new (self->saved ? "$" : NULL);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      const Range *range = &get_ranges (self)[i];

      if (i > 0)
        g_string_append_c (text, ',');
      append_number (text, range->first);
      if (range->last == range->first)
        continue;
      g_string_append_c (text, ':');
      append_number (text, range->last);
    }
  return g_string_free (text, FALSE);
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
      const Range *range = &get_ranges (self)[i];
      guint64 count = range_count (range);

      for (guint64 k = 0; k < count && n < length; k++)
        values[n++] = k + 1 == count ? range->last : range->first + (guint32) k;
    }
  *n_values = n;
  return values;
}
