/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A command that is made of others: in its place in the queue they run one after the other, and nothing comes between, so that message
 * numbers and the selected mailbox mean the same to all of them.
 */
#include "imap-engine.h"

PhCommand *
ph_imap_entry_get_known (const PhImapEntry *entry)
{
  return entry->whole != NULL ? entry->whole : entry->command;
}

static void
put (PhImapEntry *entry, PhCommand *command)
{
  g_set_object (&entry->command, command);
  entry->own = ph_imap_command_cast (command);
  g_clear_pointer (&entry->reply, ph_reply_unref);
  entry->written = entry->retried = FALSE;
}

static gboolean
put_next (PhImapEntry *entry, PhCommand *previous, PhReply *reply)
{
  g_autoptr (PhCommand) part = ph_command_next_part (ph_imap_entry_get_known (entry), previous, reply);

  if (part == NULL)
    return FALSE;

  if (entry->whole == NULL)
    entry->whole = g_object_ref (entry->command);
  ph_command_set_flags (part, ph_command_get_flags (part) | PH_COMMAND_ALONE);
  ph_command_set_state (part, PH_COMMAND_QUEUED);
  put (entry, part);
  return TRUE;
}

void
ph_imap_entry_begin_parts (PhImapEntry *entry)
{
  if (entry->whole == NULL)
    put_next (entry, NULL, NULL);
}

gboolean
ph_imap_engine_end_part (PhImapEngine *self, PhImapEntry *entry, PhReply **reply, GError **error)
{
  g_autoptr (PhCommand) part = g_object_ref (entry->command);

  ph_command_complete (part, *reply, g_steal_pointer (error));
  ph_command_take_items (entry->whole, part);
  if (ph_command_get_error (part) == NULL && put_next (entry, part, *reply))
    {
      g_queue_push_head (entry->done != NULL ? &self->internal : &self->queue, entry);
      return FALSE;
    }

  if (ph_command_get_error (part) != NULL)
    *error = g_error_copy (ph_command_get_error (part));
  put (entry, entry->whole);
  g_clear_object (&entry->whole);
  return TRUE;
}

gboolean
ph_imap_engine_try_parts (PhImapEngine *self, PhImapEntry *entry, PhReply *reply)
{
  PhStatus status = reply != NULL ? ph_reply_get_status (reply) : PH_STATUS_NO;

  if (entry->whole != NULL || (status != PH_STATUS_OK && status != PH_STATUS_BAD) || !put_next (entry, entry->command, reply))
    return FALSE;

  g_queue_push_head (entry->done != NULL ? &self->internal : &self->queue, entry);
  return TRUE;
}
