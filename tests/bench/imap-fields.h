/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that reads every field of a message. */
#pragma once

#include <posthorn/posthorn.h>

#include <string.h>

static gsize total;

static inline void
read_text (const char *text)
{
  if (text != NULL)
    total += strlen (text);
}

static inline void
read_envelope (PhMessageEnvelope *envelope)
{
  read_text (ph_message_envelope_get_date (envelope));
  read_text (ph_message_envelope_get_subject (envelope));
  for (PhAddressField field = PH_ADDRESS_FROM; field <= PH_ADDRESS_BCC; field++)
    {
      PhAddress *address;

      for (guint i = 0; (address = ph_message_envelope_get_address (envelope, field, i)) != NULL; i++)
        {
          read_text (ph_address_get_name (address));
          read_text (ph_address_get_email (address));
        }
    }
  read_text (ph_message_envelope_get_in_reply_to (envelope));
  read_text (ph_message_envelope_get_message_id (envelope));
}

static inline void
read_part (PhBodyPart *part)
{
  total += ph_body_part_get_size (part) + ph_body_part_get_n_lines (part);
  read_text (ph_body_part_get_section (part));
  read_text (ph_body_part_get_media_type (part));
  read_text (ph_body_part_get_encoding (part));
  if (ph_body_part_get_n_parts (part) == 0)
    {
      const char *charset = ph_body_part_peek_parameter (part, "charset");
      g_autofree char *decoded = charset == NULL ? ph_body_part_get_parameter (part, "charset") : NULL;

      read_text (charset != NULL ? charset : decoded);
    }
}

static inline void
read_flags (PhMessage *message)
{
  total += ph_message_get_uid (message) + ph_message_get_number (message);
  total += ph_message_has_flag (message, "\\Seen");
}

static inline void
read_message (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (PhBodyPart) root = ph_message_get_body_structure (message);
  const char *flag;
  gint64 time = 0;
  int offset = 0;

  total += ph_message_get_uid (message) + ph_message_get_number (message) + ph_message_get_size (message);
  if (ph_message_get_internal_time (message, &time, &offset))
    total += (gsize) (time + offset);
  for (guint i = 0; (flag = ph_message_get_flag (message, i)) != NULL; i++)
    read_text (flag);
  read_envelope (envelope);
  read_part (root);
  for (guint i = 0; i < ph_body_part_get_n_parts (root); i++)
    {
      g_autoptr (PhBodyPart) part = ph_body_part_get_part (root, i);

      read_part (part);
    }
}
