/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opening once more, on the same connection: a command that ends the login leads back to what stands behind STARTTLS, and a login within
 * the session goes on from there. Each is a command of the program's that ends when opening has.
 */
#include "imap-engine.h"

static const PhImapKind again_kind = { .flags = PH_IMAP_KIND_ALONE };

PhCommand *
ph_imap_engine_make_login (PhEngine *engine)
{
  PhCommand *command = PH_COMMAND (ph_imap_command_new (&again_kind));

  ph_command_set_name (command, "The login");
  return command;
}

/* Nothing of what the one before was told, or asked for, is the next one's. */
static void
forget_user (PhImapEngine *self)
{
  ph_imap_engine_deselect (self);
  self->authenticated = FALSE;
  self->login = FALSE;
  self->utf8 = FALSE;
  self->enabled = 0;
  g_ptr_array_set_size (self->enabled_words, 0);
  g_ptr_array_add (self->enabled_words, NULL);
  for (guint i = 0; i < self->extensions->len; i++)
    ph_extension_reset (g_ptr_array_index (self->extensions, i));
  if (!self->capabilities_fresh)
    ph_imap_capabilities_forget (&self->capabilities);
}

void
ph_imap_engine_return (PhImapEngine *self, PhImapEntry *entry)
{
  self->reopening = entry;
  forget_user (self);
  ph_imap_engine_enter (self, PH_IMAP_PHASE_CONNECTED);
}

gboolean
ph_imap_engine_begin_again (PhImapEngine *self, PhImapEntry *entry)
{
  if (!ph_imap_entry_is (entry, &again_kind))
    return FALSE;
  if (self->authenticated)
    {
      ph_imap_engine_complete (self, entry, NULL, ph_error_new (PH_ERROR_WRONG_STATE, NULL, NULL, "Somebody is logged in to %s already", self->host));
      return TRUE;
    }

  self->reopening = entry;
  self->login = TRUE;
  ph_command_set_state (entry->command, PH_COMMAND_SENT);
  ph_imap_engine_enter (self, PH_IMAP_PHASE_CONNECTED);
  return TRUE;
}

gboolean
ph_imap_engine_end_reopening (PhImapEngine *self, GError *error)
{
  PhImapEntry       *entry = g_steal_pointer (&self->reopening);
  g_autoptr (PhReply) reply = NULL;

  if (entry == NULL)
    {
      g_clear_error (&error);
      return FALSE;
    }
  if (error == NULL)
    reply = g_steal_pointer (&entry->reply);
  ph_imap_engine_complete (self, entry, reply, error);
  return TRUE;
}

gboolean
ph_imap_engine_cancel_reopening (PhImapEngine *self, PhCommand *command, GError *error)
{
  PhImapEntry *entry = self->reopening;

  if (entry == NULL || entry->command != command || entry->cancelled)
    return FALSE;
  if (self->login)
    {
      ph_imap_engine_end_reopening (self, error);
      ph_imap_engine_fail (self, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The login was cancelled; the session with %s can’t go on", self->host));
    }
  else
    {
      PhEvent event = { .kind = PH_EVENT_COMMAND, .command = g_object_ref (command) };

      entry->cancelled = TRUE;
      ph_command_complete (command, NULL, error);
      ph_imap_engine_push_event (self, &event);
    }
  return TRUE;
}
