/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhByteQueue: octets on their way between two layers. */
#include "ph-memory.h"

#include <posthorn/posthorn.h>

/* A drained buffer of up to this many octets stays: talk needs no allocator. Above it, the memory goes; the driver lets go of all
 * when nothing is under way. */
#define KEPT_CAPACITY (256 * 1024)
/* What a session lets go of when it rests is what the next one takes: one such buffer for each thread stays. */
#define SPARE_CAPACITY (4 * 1024)

/**
 * PhByteQueue:
 *
 * Octets between two layers, in one piece: appended at the end, taken from the front. Once drained it gives back its memory,
 * but for a small buffer, so that an idle session costs next to nothing.
 */
struct _PhByteQueue {
  guint8  *data;
  gsize    start;
  gsize    end;
  gsize    capacity;
  gsize    used;   /* the highest end that this buffer had: what a wiping has to overwrite */
  gboolean secret; /* memory is overwritten before it is given back */

  gatomicrefcount ref_count;
};

G_DEFINE_BOXED_TYPE (PhByteQueue, ph_byte_queue, ph_byte_queue_ref, ph_byte_queue_unref)

static GPrivate spare = G_PRIVATE_INIT (g_free);

static guint8 *
take_buffer (gsize capacity)
{
  guint8 *buffer = capacity == SPARE_CAPACITY ? g_private_get (&spare) : NULL;

  if (buffer == NULL)
    return g_malloc (capacity);
  g_private_set (&spare, NULL);
  return buffer;
}

static void
ph_byte_queue_release (PhByteQueue *self)
{
  if (self->secret)
    ph_wipe (self->data, self->used);
  if (self->capacity == SPARE_CAPACITY && g_private_get (&spare) == NULL)
    g_private_set (&spare, self->data);
  else
    g_free (self->data);
  self->data = NULL;
  self->start = self->end = self->capacity = self->used = 0;
}

/* Makes room for @length octets at the end: moves what is queued to the front where that is cheap, else takes a larger buffer. */
static G_GNUC_NO_INLINE void
ph_byte_queue_make_room (PhByteQueue *self, gsize length)
{
  gsize queued = self->end - self->start;

  if (length > G_MAXSIZE / 2 - queued)
    g_error ("A queue of %" G_GSIZE_FORMAT " octets is too large", length);

  /* each octet is moved at most once for each octet that was taken, so this stays linear */
  if (queued <= self->start && queued + length <= self->capacity)
    {
      memmove (self->data, self->data + self->start, queued);
      self->start = 0;
      self->end = queued;
      return;
    }

  gsize capacity = MAX (self->capacity, 128);
  while (capacity < queued + length)
    capacity *= 2;

  guint8 *data = take_buffer (capacity);
  if (queued > 0)
    memcpy (data, self->data + self->start, queued);
  ph_byte_queue_release (self);
  self->data = data;
  self->end = self->used = queued;
  self->capacity = capacity;
}

/**
 * ph_byte_queue_new: (skip)
 *
 * Makes an empty queue.
 *
 * Returns: (transfer full): a queue
 */
PhByteQueue *
ph_byte_queue_new (void)
{
  PhByteQueue *self = ph_malloc_cleared (sizeof (PhByteQueue));

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

/**
 * ph_byte_queue_ref: (skip)
 * @self: a queue
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhByteQueue *
ph_byte_queue_ref (PhByteQueue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_byte_queue_unref: (skip)
 * @self: (transfer full): a queue
 *
 * Gives up a reference.
 */
void
ph_byte_queue_unref (PhByteQueue *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ph_byte_queue_release (self);
  g_free (self);
}

/**
 * ph_byte_queue_get_length: (skip)
 * @self: a queue
 *
 * Counts what is queued.
 *
 * Returns: octets
 */
gsize
ph_byte_queue_get_length (PhByteQueue *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->end - self->start;
}

/**
 * ph_byte_queue_append: (skip)
 * @self: a queue
 * @data: octets; may be what ph_byte_queue_peek() gave of another queue, not of this one
 * @length: how many
 *
 * Puts a copy of @data behind the end.
 */
void
ph_byte_queue_append (PhByteQueue *self, const void *data, gsize length)
{
  g_return_if_fail (self != NULL && (data != NULL || length == 0));

  if (length == 0)
    return;
  if (length > self->capacity - self->end)
    ph_byte_queue_make_room (self, length);
  memcpy (self->data + self->end, data, length);
  self->end += length;
  self->used = MAX (self->used, self->end);
}

/**
 * ph_byte_queue_peek: (skip)
 * @self: a queue
 * @length: (out) (optional): octets queued
 *
 * What is queued, in one piece.
 *
 * Returns: (nullable): the octets, valid until the queue changes; may be %NULL where @length is 0
 */
const guint8 *
ph_byte_queue_peek (PhByteQueue *self, gsize *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (length != NULL)
    *length = self->end - self->start;
  return self->data != NULL ? self->data + self->start : NULL;
}

/**
 * ph_byte_queue_consume: (skip)
 * @self: a queue
 * @length: octets, at most as many as are queued
 *
 * Takes octets from the front. What ph_byte_queue_peek() gave before is no longer valid.
 */
void
ph_byte_queue_consume (PhByteQueue *self, gsize length)
{
  g_return_if_fail (self != NULL && length <= self->end - self->start);

  self->start += length;
  if (self->start < self->end)
    return;
  self->start = self->end = 0;
  if (self->secret || self->capacity > KEPT_CAPACITY)
    ph_byte_queue_release (self);
}

/**
 * ph_byte_queue_reserve: (skip)
 * @self: a queue
 * @length: octets, at least 1
 *
 * Makes room behind the end, to be written directly; ph_byte_queue_commit() then says how much of it was. Where nothing is
 * committed, ph_byte_queue_commit() with 0 gives the room back.
 *
 * Returns: room for @length octets, valid until the queue changes
 */
guint8 *
ph_byte_queue_reserve (PhByteQueue *self, gsize length)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (length > self->capacity - self->end || self->data == NULL)
    ph_byte_queue_make_room (self, MAX (length, 1));
  return self->data + self->end;
}

/**
 * ph_byte_queue_commit: (skip)
 * @self: a queue
 * @length: octets that were written into the room of ph_byte_queue_reserve(), 0 included
 *
 * Puts what was written there behind the end.
 */
void
ph_byte_queue_commit (PhByteQueue *self, gsize length)
{
  g_return_if_fail (self != NULL && length <= self->capacity - self->end);

  self->end += length;
  self->used = MAX (self->used, self->end);
  if (self->start == self->end)
    ph_byte_queue_consume (self, 0);
}

/**
 * ph_byte_queue_move: (skip)
 * @self: a queue
 * @from: another queue
 *
 * Puts all of @from behind @self's end; nothing is copied where @self is empty.
 */
void
ph_byte_queue_move (PhByteQueue *self, PhByteQueue *from)
{
  g_return_if_fail (self != NULL && from != NULL && self != from);

  self->secret |= from->secret;
  if (self->start < self->end)
    {
      gsize length;
      const guint8 *data = ph_byte_queue_peek (from, &length);
      ph_byte_queue_append (self, data, length);
      ph_byte_queue_consume (from, length);
      return;
    }
  if (from->start == from->end)
    return;

  PhByteQueue empty = *self;
  self->data = from->data;
  self->start = from->start;
  self->end = from->end;
  self->capacity = from->capacity;
  self->used = from->used;
  from->data = empty.data;
  from->start = from->end = 0;
  from->capacity = empty.capacity;
  from->used = empty.used;
}

/**
 * ph_byte_queue_set_secret: (skip)
 * @self: a queue
 *
 * To be called before a secret is appended: until ph_byte_queue_wipe(), the queue overwrites its memory before it gives it
 * back, also when it grows or drains. A queue that ph_byte_queue_move() fills from this one does the same.
 */
void
ph_byte_queue_set_secret (PhByteQueue *self)
{
  g_return_if_fail (self != NULL);

  self->secret = TRUE;
}

/**
 * ph_byte_queue_wipe: (skip)
 * @self: a queue
 *
 * Drops what is queued, overwrites the memory and gives it back. Ends ph_byte_queue_set_secret().
 */
void
ph_byte_queue_wipe (PhByteQueue *self)
{
  g_return_if_fail (self != NULL);

  self->secret = TRUE;
  ph_byte_queue_release (self);
  self->secret = FALSE;
}
