/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making the views that a message gives out. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* NULL where @value is no list. (transfer full) (nullable) */
PhMessageEnvelope *ph_message_envelope_new_for_value (const PhValue *value);
PhBodyPart        *ph_body_part_new_for_value        (const PhValue *value);

G_END_DECLS
