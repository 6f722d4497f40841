/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A binary heap of deadlines, each of which knows its place. */
#include "transport/ph-deadlines.h"

void
ph_deadlines_init (PhDeadlines *self)
{
  self->items = g_ptr_array_new ();
}

void
ph_deadlines_clear (PhDeadlines *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
}

static PhDeadline *
get (PhDeadlines *self, guint position)
{
  return self->items->pdata[position - 1];
}

static void
put (PhDeadlines *self, guint position, PhDeadline *item)
{
  self->items->pdata[position - 1] = item;
  item->position = position;
}

/* Moves @item from @position, whose place is free, to where it belongs. */
static void
settle (PhDeadlines *self, guint position, PhDeadline *item)
{
  guint length = self->items->len;

  for (; position > 1 && get (self, position / 2)->sorted > item->sorted; position /= 2)
    put (self, position, get (self, position / 2));
  for (guint child = position * 2; child <= length; child = position * 2)
    {
      if (child < length && get (self, child + 1)->sorted < get (self, child)->sorted)
        child++;
      if (get (self, child)->sorted >= item->sorted)
        break;
      put (self, position, get (self, child));
      position = child;
    }
  put (self, position, item);
}

static void
take_out (PhDeadlines *self, PhDeadline *item)
{
  guint position = item->position;
  PhDeadline *last = get (self, self->items->len);

  g_ptr_array_set_size (self->items, self->items->len - 1);
  item->position = 0;
  if (last != item)
    settle (self, position, last);
}

void
ph_deadlines_set (PhDeadlines *self, PhDeadline *item, gint64 time)
{
  item->time = time;
  if (time == 0)
    {
      if (item->position > 0)
        take_out (self, item);
      return;
    }
  if (item->position > 0 && time >= item->sorted)
    return;
  if (item->position == 0)
    {
      g_ptr_array_add (self->items, item);
      item->position = self->items->len;
    }
  item->sorted = time;
  settle (self, item->position, item);
}

gint64
ph_deadlines_get_earliest (PhDeadlines *self)
{
  return self->items->len == 0 ? 0 : get (self, 1)->sorted;
}

PhDeadline *
ph_deadlines_take (PhDeadlines *self, gint64 now)
{
  while (self->items->len > 0)
    {
      PhDeadline *first = get (self, 1);

      if (first->sorted > now)
        return NULL;
      if (first->time == first->sorted)
        {
          take_out (self, first);
          return first;
        }
      first->sorted = first->time;
      settle (self, 1, first);
    }
  return NULL;
}
