/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBody: a message's octets, from memory, a descriptor or a stream, behind one way of reading. */
#include "ph-body-data.h"

#include <string.h>
#include <unistd.h>

/**
 * PhBody:
 *
 * A message's octets, wherever they are: in memory, in a file, behind a descriptor or a stream. They go
 * out as they are, apart from what the protocol adds on the line (dot-stuffing, a literal's length).
 *
 * A body is read by one command at a time. One made of bytes, text, a file or a seekable stream can be
 * sent again; a pipe or socket only once. Many that wait are best made by [ctor@Body.new_for_closed_file]: each holds no
 * descriptor before its turn.
 */
G_DEFINE_FINAL_TYPE (PhBody, ph_body, G_TYPE_OBJECT)

static void
ph_body_finalize (GObject *object)
{
  PhBody *self = PH_BODY (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_object (&self->file);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self->url);
  if (self->owns_fd)
    close (self->fd);
  G_OBJECT_CLASS (ph_body_parent_class)->finalize (object);
}

static void
ph_body_class_init (PhBodyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_body_finalize;
}

static void
ph_body_init (PhBody *self)
{
  self->size = -1;
  self->fd = -1;
}

PhBody *
ph_body_new_of_kind (PhBodyKind kind)
{
  PhBody *self = g_object_new (PH_TYPE_BODY, NULL);

  self->kind = kind;
  return self;
}

PhBody *
ph_body_new_remote (const char *url, GPtrArray *parts, gint64 size)
{
  PhBody *self = ph_body_new_of_kind (PH_BODY_KIND_REMOTE);

  self->url = g_strdup (url);
  self->parts = parts;
  self->size = size;
  return self;
}

/**
 * ph_body_get_url:
 * @self: a body
 *
 * Returns: (transfer none) (nullable): the URL that it was made for; %NULL of any other body
 */
const char *
ph_body_get_url (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), NULL);

  return self->url;
}

/**
 * ph_body_get_n_parts:
 * @self: a body
 *
 * Returns: how many parts it was made of; 0 of any other body
 */
guint
ph_body_get_n_parts (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), 0);

  return self->parts != NULL ? self->parts->len : 0;
}

/**
 * ph_body_get_part:
 * @self: a body
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): one of its parts; %NULL behind the last
 */
PhBody *
ph_body_get_part (PhBody *self, guint index)
{
  g_return_val_if_fail (PH_IS_BODY (self), NULL);

  return index < ph_body_get_n_parts (self) ? g_ptr_array_index (self->parts, index) : NULL;
}

/**
 * ph_body_new_for_bytes:
 * @bytes: the octets; referenced
 *
 * A body in memory.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_bytes (GBytes *bytes)
{
  PhBody *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = ph_body_new_of_kind (PH_BODY_KIND_BYTES);
  self->bytes = g_bytes_ref (bytes);
  self->size = (gint64) g_bytes_get_size (bytes);
  return self;
}

void
ph_body_set_bytes (PhBody *self, GBytes *bytes)
{
  g_assert (self->kind == PH_BODY_KIND_BYTES);

  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = bytes;
  self->size = bytes != NULL ? (gint64) g_bytes_get_size (bytes) : 0;
  self->position = 0;
}

/**
 * ph_body_new_for_text:
 * @text: a message as UTF-8 text; copied
 *
 * A body in memory, for bindings and short messages.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_text (const char *text)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new (text, strlen (text));
  return ph_body_new_for_bytes (bytes);
}

/**
 * ph_body_get_size:
 * @self: a body
 *
 * Returns: its length in octets from the start, -1 where it isn't known
 */
gint64
ph_body_get_size (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), -1);

  /* one that was read to its end has its size, and stays closed */
  if (self->size < 0 && self->position == 0)
    ph_body_open (self, NULL);
  return self->size;
}

/**
 * ph_body_get_bytes:
 * @self: a body
 *
 * Returns: (transfer none) (nullable): the octets that it was made of, where they are in memory; %NULL of any other body
 */
GBytes *
ph_body_get_bytes (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), NULL);

  return self->bytes;
}

/**
 * ph_body_peek: (skip)
 * @self: a body
 * @offset: from the start, in octets
 * @buffer: where they go
 * @count: how many at most
 *
 * Looks at octets without reading them away, where that needs no waiting: in memory and in regular files.
 *
 * Returns: how many there are at @offset; 0 behind the end and where it can't be looked at
 */
gssize
ph_body_peek (PhBody *self, guint64 offset, void *buffer, gsize count)
{
  gssize n = 0;

  g_return_val_if_fail (PH_IS_BODY (self), 0);

  if (self->kind == PH_BODY_KIND_BYTES)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (self->bytes, &size);

      n = (gssize) (offset < size ? MIN (count, size - offset) : 0);
      if (n > 0)
        memcpy (buffer, data + offset, (gsize) n);
    }
  else if (self->kind == PH_BODY_KIND_FILE && ph_body_open (self, NULL))
    {
      n = pread (self->fd, buffer, MIN (count, G_MAXINT32), self->start + (off_t) offset);
    }
  return MAX (n, 0);
}

/**
 * ph_body_can_rewind: (skip)
 * @self: a body
 *
 * Returns: whether it can be read a second time: memory, files, and streams that can seek
 */
gboolean
ph_body_can_rewind (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), FALSE);

  for (guint i = 0; i < ph_body_get_n_parts (self); i++)
    if (!ph_body_can_rewind (ph_body_get_part (self, i)))
      return FALSE;
  return self->kind == PH_BODY_KIND_BYTES || self->kind == PH_BODY_KIND_FILE || self->kind == PH_BODY_KIND_REMOTE ||
         (self->kind == PH_BODY_KIND_STREAM && ph_body_can_seek (self->stream));
}

/**
 * ph_body_rewind: (skip)
 * @self: a body
 *
 * Goes back to where it was read from first.
 *
 * Returns: %FALSE where octets were read that can't be read again
 */
gboolean
ph_body_rewind (PhBody *self)
{
  g_return_val_if_fail (PH_IS_BODY (self), FALSE);

  if (self->file != NULL)
    {
      ph_body_close_file (self);
      self->position = 0;
      return TRUE;
    }
  for (guint i = 0; i < ph_body_get_n_parts (self); i++)
    if (!ph_body_rewind (ph_body_get_part (self, i)))
      return FALSE;
  if (self->position == 0)
    return TRUE;
  if (!ph_body_can_rewind (self) ||
      (self->kind == PH_BODY_KIND_STREAM && !g_seekable_seek (G_SEEKABLE (self->stream), self->start, G_SEEK_SET, NULL, NULL)))
    return FALSE;
  self->position = 0;
  return TRUE;
}
