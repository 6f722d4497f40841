/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What extensions add to a message's attributes: first words, identifiers, the day of saving (RFC 8970, RFC 8474, RFC 8514), annotations
 * (RFC 5257), Gmail's numbers.
 */
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

/* (value.priv "My comment" value.shared NIL) of @entry. One without a value is none. */
static void
add_annotations (GPtrArray *entries, const char *entry, const PhValue *list)
{
  for (const PhValue *name = ph_value_first (list); name != NULL && ph_value_next (name) != NULL; name = ph_value_next (ph_value_next (name)))
    {
      g_autoptr (GBytes) value = ph_value_dup_bytes (ph_value_next (name));
      gboolean is_private = ph_value_is (name, "value.priv");
      g_autofree char *full = NULL;

      if (value == NULL || (!is_private && !ph_value_is (name, "value.shared")))
        continue;
      full = g_strconcat (is_private ? "/private" : "/shared", entry, NULL);
      g_ptr_array_add (entries, ph_metadata_entry_new (full, value));
    }
}

/**
 * ph_message_get_annotations:
 * @self: a message
 *
 * What is noted on the message, where [method@Annotations.fetch] asked for it.
 *
 * Returns: (element-type PhMetadataEntry) (transfer container): entries as `/private/comment`, `/shared/1/comment`; perhaps none
 */
GPtrArray *
ph_message_get_annotations (PhMessage *self)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  const PhValue *list = ph_message_get_attribute (self, "ANNOTATION");

  for (const PhValue *name = ph_value_first (list); name != NULL; name = ph_value_next (name))
    {
      g_autofree char *entry = ph_value_dup_text (name);

      if (entry == NULL || ph_value_get_kind (ph_value_next (name)) != PH_VALUE_LIST)
        continue;
      name = ph_value_next (name);
      add_annotations (entries, entry, name);
    }
  return entries;
}

static guint64
get_number (PhMessage *self, const char *item)
{
  guint64 number;

  return ph_value_get_number (ph_message_get_attribute (self, item), &number) ? number : 0;
}

/**
 * ph_message_get_gmail_id:
 * @self: a message
 *
 * The message's number, the same in every mailbox that has it, where [method@Gmail.fetch] asked for it (X-GM-MSGID). In hexadecimal
 * digits it stands in the address of the message's web page.
 *
 * Returns: the number; 0 where it wasn't told
 */
guint64
ph_message_get_gmail_id (PhMessage *self)
{
  return get_number (self, "X-GM-MSGID");
}

/**
 * ph_message_get_gmail_thread:
 * @self: a message
 *
 * The number of the conversation that the message belongs to, where [method@Gmail.fetch] asked for it (X-GM-THRID).
 *
 * Returns: the number; 0 where it wasn't told
 */
guint64
ph_message_get_gmail_thread (PhMessage *self)
{
  return get_number (self, "X-GM-THRID");
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
