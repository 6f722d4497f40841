/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue of values in one block of memory, for what comes once per command or reply. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint8 *items;
  gsize   item_size;
  guint   first, n;
  guint   capacity;    /* a power of 2, or 0 */
} PhSmtpRing;

void     ph_smtp_ring_init       (PhSmtpRing *self, gsize item_size);
void     ph_smtp_ring_clear      (PhSmtpRing *self);
/* A new item of zeros, at the end or in front; valid until the next push. */
gpointer ph_smtp_ring_push       (PhSmtpRing *self);
gpointer ph_smtp_ring_push_front (PhSmtpRing *self);
/* Item @index from the front, NULL where there is none */
gpointer ph_smtp_ring_peek       (PhSmtpRing *self, guint index);
/* Copies the first item to @item and drops it; FALSE where there is none */
gboolean ph_smtp_ring_pop        (PhSmtpRing *self, gpointer item);

G_END_DECLS
