/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How commands and the session end: completed, refused, out of time, closed. */
#include "imap-engine.h"

#include <string.h>

GError *
ph_imap_engine_refusal (PhImapEngine *self, PhCommand *command, PhReply *reply)
{
  GError *error = ph_command_refuse (command, reply);

  return error != NULL ? error : ph_error_new_refused (ph_command_get_name (command), self->host, reply);
}

void
ph_imap_engine_complete (PhImapEngine *self, PhImapEntry *entry, PhReply *reply, GError *error)
{
  if (entry->cancelled)
    {
      g_clear_error (&error);
      ph_imap_entry_free (entry);
      return;
    }

  if (error == NULL && ph_imap_engine_try_parts (self, entry, reply))
    return;
  if (error == NULL && !ph_reply_is_ok (reply))
    error = ph_imap_engine_refusal (self, entry->command, reply);
  if (entry->whole != NULL && !ph_imap_engine_end_part (self, entry, &reply, &error))
    return;
  ph_command_complete (entry->command, reply, error);

  if (entry->done != NULL)
    {
      entry->done (self, entry->command);
    }
  else
    {
      PhEvent event = { .kind = PH_EVENT_COMMAND, .command = g_object_ref (entry->command) };

      ph_imap_engine_push_event (self, &event);
    }
  ph_imap_entry_free (entry);
}

static void
stop (PhImapEngine *self)
{
  self->phase = PH_IMAP_PHASE_ENDED;
  self->want_close = TRUE;
  self->want_tls = FALSE;
  self->diverting = FALSE;
  self->divert_entry = NULL;
  g_clear_pointer (&self->divert_bytes, g_bytes_unref);
  self->filtering = NULL;
  self->want_unfilter = FALSE;
  self->sasl = PH_WANT_READ;
  g_clear_object (&self->want_filter);
  g_byte_array_set_size (self->held, 0);
  ph_imap_output_clear (&self->output);
  ph_imap_output_init (&self->output);
}

GError *
ph_imap_engine_dup_end_error (PhImapEngine *self)
{
  if (self->end_error != NULL)
    return g_error_copy (self->end_error);
  return ph_error_new (PH_ERROR_WRONG_STATE, NULL, NULL, "the session with %s was closed", self->host);
}

static void
complete_all (PhImapEngine *self, GQueue *queue)
{
  PhImapEntry *entry;

  while ((entry = g_queue_pop_head (queue)) != NULL)
    {
      /* nobody waits for the engine's own any more */
      if (entry->done != NULL)
        entry->cancelled = TRUE;
      ph_imap_engine_complete (self, entry, NULL, ph_imap_engine_dup_end_error (self));
    }
}

static void
end_all (PhImapEngine *self)
{
  if (self->reopening != NULL)
    ph_imap_engine_end_reopening (self, ph_imap_engine_dup_end_error (self));
  complete_all (self, &self->running);
  complete_all (self, &self->internal);
  complete_all (self, &self->queue);
  ph_imap_engine_deselect (self);
}

void
ph_imap_engine_fail (PhImapEngine *self, GError *error)
{
  PhEvent event = { .kind = PH_EVENT_FAILED };

  if (self->phase == PH_IMAP_PHASE_ENDED)
    {
      g_error_free (error);
      return;
    }

  stop (self);
  self->end_error = error;
  ph_imap_engine_abandon_select (self);
  end_all (self);
  event.error = g_error_copy (error);
  ph_imap_engine_push_event (self, &event);
}

void
ph_imap_engine_end (PhImapEngine *self)
{
  stop (self);
  end_all (self);
}

/* What was under way, for a person. (transfer full) */
static char *
describe_activity (PhImapEngine *self)
{
  const PhImapEntry *entry = g_queue_peek_head (&self->running);

  if (self->phase == PH_IMAP_PHASE_GREETING)
    return g_strdup ("before its greeting");
  if (ph_imap_framer_is_busy (&self->framer) || self->held->len > 0 || self->diverting)
    return g_strdup_printf ("in the middle of a response%s%s", entry != NULL ? " to " : "",
                            entry != NULL ? ph_command_get_name (entry->command) : "");
  if (entry != NULL)
    return g_strdup_printf ("before it answered %s", ph_command_get_name (entry->command));

  return g_strdup ("unasked");
}

/* A server may close right behind BYE, without answering LOGOUT. */
static void
end_logout (PhImapEngine *self)
{
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_OK, 0, "The connection was closed");
  PhImapEntry *entry;

  while ((entry = g_queue_pop_head (&self->running)) != NULL)
    {
      if (g_ascii_strcasecmp (ph_command_get_name (entry->command), "LOGOUT") == 0)
        ph_imap_engine_complete (self, entry, reply, NULL);
      else
        ph_imap_engine_complete (self, entry, NULL, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "%s closed the connection", self->host));
    }
  ph_imap_engine_end (self);
}

void
ph_imap_engine_closed (PhEngine *engine, const GError *error)
{
  PhImapEngine    *self = (PhImapEngine *) engine;
  g_autofree char *activity = NULL;

  if (self->phase == PH_IMAP_PHASE_ENDED)
    return;
  if (self->logging_out)
    {
      end_logout (self);
      return;
    }
  if (error != NULL)
    {
      ph_imap_engine_fail (self, g_error_copy (error));
      return;
    }

  activity = describe_activity (self);
  ph_imap_engine_fail (self, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "%s closed the connection %s", self->host, activity));
}

static gint64
later (gint64 since, guint seconds)
{
  return seconds > 0 ? since + seconds * PH_IMAP_SECOND : 0;
}

gint64
ph_imap_engine_get_deadline (PhEngine *engine)
{
  PhImapEngine *self = (PhImapEngine *) engine;
  PhImapEntry  *idle = ph_imap_engine_get_idle (self);

  if (self->phase == PH_IMAP_PHASE_NEW || self->phase == PH_IMAP_PHASE_ENDED)
    return 0;
  if (self->phase == PH_IMAP_PHASE_GREETING)
    return later (self->last_activity, self->timeouts.greeting);
  if (self->want_tls || self->want_filter != NULL || self->want_unfilter || self->sasl != PH_WANT_READ)
    return 0;
  if (idle != NULL && !idle->interrupted)
    return idle->interrupt_at != 0 ? idle->interrupt_at : later (self->idle_since, self->timeouts.idle);
  if (!g_queue_is_empty (&self->running))
    return later (self->last_activity, self->timeouts.command);

  return self->poll_at;
}

void
ph_imap_engine_timed_out (PhEngine *engine, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;
  PhImapEntry  *idle = ph_imap_engine_get_idle (self);
  PhImapEntry  *entry = g_queue_peek_head (&self->running);
  gint64        deadline = ph_imap_engine_get_deadline (engine);

  if (deadline == 0 || now < deadline)
    return;
  if (idle != NULL && !idle->interrupted)
    {
      idle->ready = TRUE; /* it never said "+", but DONE is due */
      ph_imap_engine_interrupt (self, idle);
      self->last_activity = now;
    }
  else if (self->phase == PH_IMAP_PHASE_GREETING)
    {
      ph_imap_engine_fail (self, ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s did not greet within %u seconds", self->host,
                                               self->timeouts.greeting));
    }
  else if (entry != NULL)
    {
      ph_imap_engine_fail (self, ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s did not answer %s within %u seconds", self->host,
                                               ph_command_get_name (entry->command), self->timeouts.command));
    }
  else
    {
      ph_imap_engine_ask_mailbox (self, now);
    }
}
