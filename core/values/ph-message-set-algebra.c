/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of messages with each other: union and difference. */
#include "ph-message-set-data.h"

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
  ph_message_set_tidy (other);
  for (guint i = 0; i < other->ranges->len; i++)
    {
      const PhMessageRange range = ph_message_set_get_ranges (other)[i];

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
  ph_message_set_tidy (self);
  ph_message_set_tidy (other);
  old = g_array_copy (self->ranges);
  g_array_set_size (self->ranges, 0);
  self->n_sorted = 0;
  for (guint i = 0; i < old->len; i++)
    {
      PhMessageRange range = g_array_index (old, PhMessageRange, i);
      gboolean left = TRUE;

      while (j < other->ranges->len && ph_message_set_get_ranges (other)[j].last < range.first)
        j++;
      for (guint k = j; left && k < other->ranges->len && ph_message_set_get_ranges (other)[k].first <= range.last; k++)
        {
          const PhMessageRange hole = ph_message_set_get_ranges (other)[k];

          if (hole.first > range.first)
            {
              PhMessageRange before = { range.first, hole.first - 1 };

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
