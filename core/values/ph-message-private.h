/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a message lies in memory, and making the views that it gives out. */
#pragma once

#include "ph-value-private.h"

G_BEGIN_DECLS

/* One block with the tree of the attributes behind it, whose references are the message's. */
struct _PhMessage {
  guint32     number;
  guint32     unused;
  PhValueTree tree;
};

G_STATIC_ASSERT (G_STRUCT_OFFSET (PhMessage, tree) + sizeof (PhValueTree) == sizeof (PhMessage));

static inline const PhValue *
ph_message_get_attributes (PhMessage *self)
{
  return (const PhValue *) (self + 1);
}

/* Views of what stands in @message; NULL where @value is no list. (transfer full) (nullable) */
PhMessageEnvelope *ph_message_envelope_new_for_value (PhMessage *message, const PhValue *value);
PhBodyPart        *ph_body_part_new_for_value        (PhMessage *message, const PhValue *value);

G_END_DECLS
