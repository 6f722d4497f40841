/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue of values in one block of memory: no allocation per item once it has grown. */
#include "ph-smtp-ring.h"

void
ph_smtp_ring_clear (PhSmtpRing *self)
{
  g_clear_pointer (&self->items, g_free);
  self->first = self->n = self->capacity = 0;
}

void
ph_smtp_ring_make_room (PhSmtpRing *self, gsize item_size)
{
  guint capacity = MAX (self->capacity * 2, 8);
  guint8 *items = g_malloc_n (capacity, item_size);

  for (guint i = 0; i < self->n; i++)
    memcpy (items + i * item_size, ph_smtp_ring_at (self, item_size, i), item_size);
  g_free (self->items);
  self->items = items;
  self->capacity = capacity;
  self->first = 0;
}
