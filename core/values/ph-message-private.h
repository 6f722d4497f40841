/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a message lies in memory, and making the views that it gives out. */
#pragma once

#include "ph-value-private.h"

G_BEGIN_DECLS

/* One block with the tree of the attributes behind it, whose references are the message's. */
struct _PhMessage {
  guint32     number;
  guint32     uid;    /* 0: to be looked up */
  guint16     room;   /* octets of the block, where there are more than the message's: its views are put there as long as they fit */
  guint16     flags;  /* how far behind the attributes' first octet the list of flags is, where these begin "UID 7 FLAGS (", as most do; else 0 */
  guint32     used;   /* of these; only grows until the block serves for another message */
  PhValueTree tree;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (PhMessage, tree) + sizeof (PhValueTree) == sizeof (PhMessage));

static inline const PhValue *
ph_message_get_attributes (PhMessage *self)
{
  return (const PhValue *) (self + 1);
}

/* See above; @size: octets that are there */
static inline guint16
ph_message_find_flags (const PhValue *attributes, gsize size)
{
  static const guint8 uid[] = { PH_VALUE_ATOM, 3, 'U', 'I', 'D', '\0', PH_VALUE_NUMBER };
  static const guint8 flags[] = { PH_VALUE_ATOM, 5, 'F', 'L', 'A', 'G', 'S', '\0' };
  enum { LONGEST = 10, LEAST = PH_VALUE_LIST_HEAD + sizeof uid + 2 + LONGEST + sizeof flags + 1 };
  const guint8 *p = ph_value_octets (attributes) + PH_VALUE_LIST_HEAD;

  if (size < LEAST || memcmp (p, uid, sizeof uid) != 0 || p[sizeof uid] > LONGEST)
    return 0;
  p += sizeof uid + 2 + p[sizeof uid];
  if (memcmp (p, flags, sizeof flags) != 0 || p[sizeof flags] != PH_VALUE_LIST)
    return 0;
  return (guint16) (p + sizeof flags - ph_value_octets (attributes));
}

PhMessage *ph_message_new_with_uid (guint32 number, guint32 uid, const PhValue *attributes);

/* The octets that a message of @attributes takes as one block; 0 where these are more than @most, or refer to others */
static inline gsize
ph_message_measure (const PhValue *attributes, gsize most)
{
  gsize size;

  if ((attributes->head & (PH_VALUE_KIND | PH_VALUE_BORROWED)) != PH_VALUE_LIST)
    return 0;
  size = sizeof (PhMessage) + ph_value_load32 (ph_value_octets (attributes) + 1);
  return size <= most ? size : 0;
}

/* Writes a message with one reference into @block, which needs no alignment, to be copied to where it shall lie. */
static inline void
ph_message_write (guint8 *block, gsize size, guint32 number, guint32 uid, const PhValue *attributes)
{
  PhMessage message = {
    .number = number, .uid = uid, .flags = ph_message_find_flags (attributes, size - sizeof message),
    .tree = { .ref_count = 1, .prefix = G_STRUCT_OFFSET (PhMessage, tree), .size = size - sizeof message }
  };

  /* it may stand there already */
  if (ph_value_octets (attributes) != block + sizeof message)
    memcpy (block + sizeof message, attributes, size - sizeof message);
  memcpy (block, &message, sizeof message);
  block[sizeof message] = PH_VALUE_LIST | PH_VALUE_ROOT;
}

/* What views are aligned to */
#define PH_MESSAGE_UNIT 16

/* The block of @size octets has @room in all, less than 64 KiB. */
static inline void
ph_message_set_room (PhMessage *self, gsize size, gsize room)
{
  self->used = ((guint32) size + PH_MESSAGE_UNIT - 1) & ~(guint32) (PH_MESSAGE_UNIT - 1);
  self->room = (guint16) room;
}

/* Memory for a view that holds @self, perhaps in the message's own block */
static inline gpointer
ph_message_alloc_view (PhMessage *self, gsize size)
{
  gsize used = (guint32) g_atomic_int_get ((gint *) &self->used);

  size = (size + PH_MESSAGE_UNIT - 1) & ~(gsize) (PH_MESSAGE_UNIT - 1);
  if (used + size <= self->room)
    {
      used = (guint32) g_atomic_int_add ((gint *) &self->used, (gint) size);
      /* another thread may have been faster */
      if (used + size <= self->room)
        return (guint8 *) self + used;
    }
  return g_malloc (size);
}

/* What a view has of its message */
static inline PhMessage *
ph_message_hold (PhMessage *self)
{
  g_atomic_int_inc (&self->tree.ref_count);
  return self;
}

static inline void
ph_message_release (PhMessage *self)
{
  if (G_UNLIKELY (g_atomic_int_dec_and_test (&self->tree.ref_count)))
    g_free (self);
}

/* Gives back such memory; the message is still held. */
static inline void
ph_message_free_view (PhMessage *self, gpointer view)
{
  if ((guintptr) view - (guintptr) self >= self->room)
    g_free (view);
}

/* Views of what stands in @message; NULL where @value is no list. (transfer full) (nullable) */
PhMessageEnvelope *ph_message_envelope_new_for_value (PhMessage *message, const PhValue *value);
PhBodyPart        *ph_body_part_new_for_value        (PhMessage *message, const PhValue *value);

G_END_DECLS
