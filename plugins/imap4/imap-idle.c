/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keeping up with the mailbox while nothing is to be done: by the command that an extension makes for it (IDLE, RFC 2177), renewed before
 * servers give up, and out of the way as soon as another command is queued; where there's none, by a NOOP every minute.
 */
#include "imap-engine.h"

/* From one NOOP to the next, in seconds */
#define POLL_INTERVAL 60
/* A server that never says "+" is told DONE after so many seconds. */
#define READY_PATIENCE 5

PhImapEntry *
ph_imap_engine_get_idle (PhImapEngine *self)
{
  for (GList *link = self->running.head; link != NULL; link = link->next)
    if (((PhImapEntry *) link->data)->is_idle)
      return link->data;

  return NULL;
}

void
ph_imap_engine_interrupt (PhImapEngine *self, PhImapEntry *entry)
{
  if (entry->interrupted)
    return;
  if (!entry->ready)
    {
      if (entry->interrupt_at == 0)
        entry->interrupt_at = self->last_activity + READY_PATIENCE * PH_IMAP_SECOND;
      return;
    }

  ph_imap_writer_begin (self->writer, NULL, FALSE);
  ph_command_interrupt (entry->command, PH_WRITER (self->writer));
  entry->interrupted = ph_imap_engine_send_line (self, entry);
}

static void
idle_done (PhImapEngine *self, PhCommand *command)
{
  const GError *error = ph_command_get_error (command);

  if (error == NULL)
    return;

  self->no_idle = TRUE;
  ph_imap_engine_warn (self, g_error_copy (error));
}

static PhCommand *
make_idle (PhImapEngine *self)
{
  for (guint i = 0; i < self->extensions->len && !self->no_idle; i++)
    {
      PhCommand *command = ph_extension_make_idle (g_ptr_array_index (self->extensions, i));

      if (command != NULL)
        return command;
    }

  return NULL;
}

static void
begin_idle (PhImapEngine *self, gint64 now)
{
  g_autoptr (PhCommand) command = make_idle (self);

  if (command != NULL)
    {
      ph_imap_engine_run (self, command, idle_done)->is_idle = TRUE;
      self->poll_at = 0;
    }
  else if (self->poll_at == 0)
    {
      self->poll_at = now + POLL_INTERVAL * PH_IMAP_SECOND;
    }
}

static void
poll_done (PhImapEngine *self, PhCommand *command)
{
  const GError *error = ph_command_get_error (command);

  if (error != NULL)
    ph_imap_engine_warn (self, g_error_copy (error));
}

void
ph_imap_engine_ask_mailbox (PhImapEngine *self, gint64 now)
{
  g_autoptr (PhCommand) noop = ph_engine_make_noop (PH_ENGINE (self));

  self->poll_at = now + POLL_INTERVAL * PH_IMAP_SECOND;
  ph_imap_engine_run (self, noop, poll_done);
}

PhListening
ph_imap_engine_get_listening (PhImapEngine *self)
{
  PhListening listening = PH_LISTENING_NONE;

  for (guint i = 0; i < self->extensions->len; i++)
    listening |= ph_extension_get_listening (g_ptr_array_index (self->extensions, i));
  return listening;
}

static gboolean
has_something_to_follow (PhImapEngine *self)
{
  return self->selected || (ph_imap_engine_get_listening (self) & PH_LISTENING_ELSEWHERE) != 0;
}

void
ph_imap_engine_update_idle (PhImapEngine *self, gint64 now)
{
  PhImapEntry *idle = ph_imap_engine_get_idle (self);
  gboolean     busy = !g_queue_is_empty (&self->queue) || !g_queue_is_empty (&self->internal);

  if (idle != NULL)
    {
      if (busy || idle->cancelled || (idle->done != NULL && !self->want_idle))
        ph_imap_engine_interrupt (self, idle);
      return;
    }

  if (!self->want_idle || self->phase != PH_IMAP_PHASE_OPEN || self->logging_out || !has_something_to_follow (self))
    self->poll_at = 0;
  else if (!busy && g_queue_is_empty (&self->running))
    begin_idle (self, now);
}

void
ph_imap_engine_set_idle (PhEngine *engine, gboolean idle, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  self->want_idle = idle;
}
