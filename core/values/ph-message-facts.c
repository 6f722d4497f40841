/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What extensions add to a message's attributes: first words, identifiers, the day of saving (RFC 8970, RFC 8474, RFC 8514). */
#include <posthorn/posthorn.h>

#include "ph-internal-date.h"

/**
 * ph_message_get_preview:
 * @self: a message
 *
 * The first words of the message's text, where [method@Preview.fetch] asked for them.
 *
 * Returns: (transfer full) (nullable): UTF-8 of up to 256 characters, empty where there's nothing to show; %NULL where it wasn't told, or
 *   the server has not made one yet
 */
char *
ph_message_get_preview (PhMessage *self)
{
  return ph_value_dup_text (ph_message_get_attribute (self, "PREVIEW"));
}

/**
 * ph_message_get_save_date:
 * @self: a message
 *
 * When the message came into the mailbox that it is in, where [method@SaveDate.fetch] asked for it.
 *
 * Returns: (transfer full) (nullable): the date; %NULL where it wasn't told, or the mailbox keeps none
 */
GDateTime *
ph_message_get_save_date (PhMessage *self)
{
  gsize       length;
  const char *text = ph_value_get_data (ph_message_get_attribute (self, "SAVEDATE"), &length);

  return text != NULL ? ph_internal_date_parse (text, length) : NULL;
}

/* An identifier stands in parentheses. */
static char *
dup_id (const PhValue *value)
{
  return ph_value_dup_text (ph_value_get_kind (value) == PH_VALUE_LIST ? ph_value_first (value) : value);
}

/**
 * ph_message_get_email_id:
 * @self: a message
 *
 * The identifier of the message's content: that of its copies, too, where [method@ObjectIds.fetch] asked for it.
 *
 * Returns: (transfer full) (nullable): the identifier; %NULL where it wasn't told
 */
char *
ph_message_get_email_id (PhMessage *self)
{
  return dup_id (ph_message_get_attribute (self, "EMAILID"));
}

/**
 * ph_message_get_thread_id:
 * @self: a message
 *
 * The identifier of the conversation that the message belongs to, where [method@ObjectIds.fetch] asked for it.
 *
 * Returns: (transfer full) (nullable): the identifier; %NULL where it wasn't told, or the server has none
 */
char *
ph_message_get_thread_id (PhMessage *self)
{
  return dup_id (ph_message_get_attribute (self, "THREADID"));
}

/**
 * ph_mailbox_status_get_mailbox_id:
 * @self: a status
 *
 * The mailbox' identifier, which it keeps when it is renamed, where [method@ObjectIds.get_status] asked for it.
 *
 * Returns: (transfer full) (nullable): the identifier; %NULL where it wasn't told
 */
char *
ph_mailbox_status_get_mailbox_id (PhMailboxStatus *self)
{
  return dup_id (ph_mailbox_status_get_value (self, "MAILBOXID"));
}
