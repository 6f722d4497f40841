/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue of values in one block of memory, for what comes once per command or reply: inline, since the size of an item is known there. */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

typedef struct {
  guint8 *items;
  guint   first, n;
  guint   capacity;    /* a power of 2, or 0 */
} PhSmtpRing;

void ph_smtp_ring_clear     (PhSmtpRing *self);
void ph_smtp_ring_make_room (PhSmtpRing *self, gsize item_size);

/* Item @index from the front, of those that there is room for */
static inline gpointer
ph_smtp_ring_at (PhSmtpRing *self, gsize item_size, guint index)
{
  return self->items + ((self->first + index) & (self->capacity - 1)) * item_size;
}

/* A new item of zeros at the end; valid until the next push. */
static inline gpointer
ph_smtp_ring_push (PhSmtpRing *self, gsize item_size)
{
  if (self->n == self->capacity)
    ph_smtp_ring_make_room (self, item_size);
  return memset (ph_smtp_ring_at (self, item_size, self->n++), 0, item_size);
}

/* The same in front */
static inline gpointer
ph_smtp_ring_push_front (PhSmtpRing *self, gsize item_size)
{
  if (self->n == self->capacity)
    ph_smtp_ring_make_room (self, item_size);
  self->first = (self->first - 1) & (self->capacity - 1);
  self->n++;
  return memset (ph_smtp_ring_at (self, item_size, 0), 0, item_size);
}

/* Item @index from the front, NULL where there is none */
static inline gpointer
ph_smtp_ring_peek (PhSmtpRing *self, gsize item_size, guint index)
{
  return index < self->n ? ph_smtp_ring_at (self, item_size, index) : NULL;
}

/* Copies the first item to @item and drops it; FALSE where there is none */
static inline gboolean
ph_smtp_ring_pop (PhSmtpRing *self, gsize item_size, gpointer item)
{
  if (self->n == 0)
    return FALSE;
  memcpy (item, ph_smtp_ring_at (self, item_size, 0), item_size);
  self->first = (self->first + 1) & (self->capacity - 1);
  self->n--;
  return TRUE;
}

G_END_DECLS
