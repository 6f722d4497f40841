/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue of values in one block of memory: no allocation per item once it has grown. */
#include "ph-smtp-ring.h"

#include <string.h>

void
ph_smtp_ring_init (PhSmtpRing *self, gsize item_size)
{
  *self = (PhSmtpRing){ .item_size = item_size };
}

void
ph_smtp_ring_clear (PhSmtpRing *self)
{
  g_clear_pointer (&self->items, g_free);
  self->first = self->n = self->capacity = 0;
}

static gpointer
item_at (PhSmtpRing *self, guint index)
{
  return self->items + ((self->first + index) & (self->capacity - 1)) * self->item_size;
}

static void
make_room (PhSmtpRing *self)
{
  if (self->n < self->capacity)
    return;
  guint capacity = MAX (self->capacity * 2, 16);
  guint8 *items = g_malloc_n (capacity, self->item_size);
  for (guint i = 0; i < self->n; i++)
    memcpy (items + i * self->item_size, item_at (self, i), self->item_size);
  g_free (self->items);
  self->items = items;
  self->capacity = capacity;
  self->first = 0;
}

gpointer
ph_smtp_ring_push (PhSmtpRing *self)
{
  make_room (self);
  return memset (item_at (self, self->n++), 0, self->item_size);
}

gpointer
ph_smtp_ring_push_front (PhSmtpRing *self)
{
  make_room (self);
  self->first = (self->first - 1) & (self->capacity - 1);
  self->n++;
  return memset (item_at (self, 0), 0, self->item_size);
}

gpointer
ph_smtp_ring_peek (PhSmtpRing *self, guint index)
{
  return index < self->n ? item_at (self, index) : NULL;
}

gboolean
ph_smtp_ring_pop (PhSmtpRing *self, gpointer item)
{
  if (self->n == 0)
    return FALSE;
  memcpy (item, item_at (self, 0), self->item_size);
  self->first = (self->first + 1) & (self->capacity - 1);
  self->n--;
  return TRUE;
}
