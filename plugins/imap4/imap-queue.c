/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands on their way: which may leave when, under which tag, and what their tagged reply leads to.
 *
 * Several run at once where no answer could be taken for another's (RFC 9051 section 5.5): the program's raw lines and commands
 * without a class of their own run alone, of two that are answered by the same untagged response the second waits, and a command with
 * message numbers waits for all that might expunge.
 */
#include "imap-digits.h"
#include "imap-engine.h"

/* Some servers drop connections with more than 25 commands on their way. */
#define MAX_RUNNING 20
/* Lines into which a COPY of more messages than a server takes at once is cut */
#define MAX_CUTS 100

static PhImapEntry *
entry_new (PhCommand *command, PhImapDone done)
{
  PhImapEntry *entry = g_new0 (PhImapEntry, 1);

  entry->command = g_object_ref (command);
  entry->own = ph_imap_command_cast (command);
  entry->done = done;
  entry->is_idle = (ph_command_get_flags (command) & PH_COMMAND_IDLE) != 0;
  return entry;
}

void
ph_imap_entry_free (PhImapEntry *entry)
{
  g_object_unref (entry->command);
  g_clear_object (&entry->whole);
  g_clear_pointer (&entry->reply, ph_reply_unref);
  g_free (entry);
}

PhImapEntry *
ph_imap_engine_run (PhImapEngine *self, PhCommand *command, PhImapDone done)
{
  PhImapEntry *entry = entry_new (command, done);

  ph_command_set_state (command, PH_COMMAND_QUEUED);
  g_queue_push_tail (done != NULL ? &self->internal : &self->queue, entry);
  return entry;
}

void
ph_imap_engine_submit (PhEngine *engine, PhCommand *command, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  if (self->phase == PH_IMAP_PHASE_ENDED)
    {
      ph_imap_engine_complete (self, entry_new (command, NULL), NULL, ph_imap_engine_dup_end_error (self));
      return;
    }

  ph_imap_engine_run (self, command, NULL);
}

PhImapEntry *
ph_imap_engine_find (PhImapEngine *self, const char *tag)
{
  for (GList *link = self->running.head; link != NULL; link = link->next)
    {
      PhImapEntry *entry = link->data;

      if (g_strcmp0 (ph_command_get_tag (entry->command), tag) == 0)
        return entry;
    }

  return NULL;
}

static gboolean
is_alone (const PhImapEntry *entry)
{
  /* a raw line may be anything, and keeps every answer that comes meanwhile */
  return (ph_command_get_flags (entry->command) & (PH_COMMAND_ALONE | PH_COMMAND_IDLE | PH_COMMAND_RESETS)) != 0 ||
         G_OBJECT_TYPE (entry->command) == PH_TYPE_COMMAND;
}

/* What is answered could be either's. */
static gboolean
is_ambiguous (const PhImapEntry *one, const PhImapEntry *other)
{
  if (one->own == NULL || other->own == NULL)
    return g_strcmp0 (ph_command_get_name (one->command), ph_command_get_name (other->command)) == 0;
  if (one->own->kind->answer == NULL || g_strcmp0 (one->own->kind->answer, other->own->kind->answer) != 0)
    return FALSE;

  /* STATUS names what it is of */
  return !g_str_equal (one->own->kind->answer, "STATUS") || g_str_equal (one->own->mailbox, other->own->mailbox);
}

/* The numbers in a line are those of before any EXPUNGE that a command before it may bring. */
static gboolean
may_join (const PhImapEntry *entry, const PhImapEntry *running)
{
  if (running->is_idle)
    return running->interrupted && !is_alone (entry);
  if (is_alone (entry) || is_alone (running) || is_ambiguous (entry, running))
    return FALSE;
  if (entry->own == NULL || !ph_imap_command_uses_numbers (entry->own))
    return TRUE;

  return running->own != NULL && !ph_imap_command_may_expunge (running->own);
}

static gboolean
may_send (PhImapEngine *self, const PhImapEntry *entry)
{
  if (self->filtering != NULL || self->phase == PH_IMAP_PHASE_ENDED)
    return FALSE;
  /* the one before it may have been a login */
  if (entry->done == NULL && self->phase != PH_IMAP_PHASE_OPEN)
    return FALSE;
  if (g_queue_get_length (&self->running) >= MAX_RUNNING)
    return FALSE;

  for (GList *link = self->running.head; link != NULL; link = link->next)
    if (!may_join (entry, link->data))
      return FALSE;

  return TRUE;
}

gboolean
ph_imap_engine_send_line (PhImapEngine *self, PhImapEntry *entry)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *segments;

  if (ph_imap_writer_is_empty (self->writer))
    return TRUE;

  segments = ph_imap_writer_end (self->writer, &error);
  if (segments == NULL)
    {
      ph_imap_engine_fail (self, g_steal_pointer (&error));
      return FALSE;
    }

  ph_imap_output_append (&self->output, segments, entry);
  return TRUE;
}

/* A wide range may have few messages in it: then the server may judge. */
static gboolean
worth_cutting (PhMessageSet *set, guint64 limit)
{
  return limit > 0 && ph_message_set_get_count (set) / limit < MAX_CUTS;
}

/* What a line may count on just now */
static void
prepare (PhImapEngine *self, PhImapCommand *own)
{
  PhImapFeatures features = ph_imap_capabilities_get (&self->capabilities) |
                            ((self->enabled | PH_IMAP_OTHER_LIST | PH_IMAP_OTHER_PAGES) & ~self->capabilities.broken);
  guint64        limit = 0;

  ph_imap_writer_set_features (self->writer, features, self->utf8);
  if (own == NULL)
    return;

  own->leaves_rest = ph_imap_capabilities_get_number (&self->capabilities, "MESSAGELIMIT=", &limit);
  if (!own->leaves_rest)
    ph_imap_capabilities_get_number (&self->capabilities, "SAVELIMIT=", &limit);
  own->max_set = own->mailbox != NULL && (own->set != NULL ? worth_cutting (own->set, limit) : own->messages != NULL) ?
                 (guint32) MIN (limit, G_MAXUINT32) : 0;
  g_clear_pointer (&own->saved, ph_message_set_unref);
  /* nothing that "$" could stand in */
  if (own->set == NULL && own->keys == NULL)
    return;
  if (self->saved != NULL || (features & PH_IMAP_SEARCHRES) == 0 || own->leaves_rest)
    own->saved = self->saved != NULL ? ph_message_set_ref (self->saved) : ph_message_set_new (TRUE);
  if (own->saved != NULL && own->set != NULL && ph_message_set_is_saved (own->set))
    {
      ph_message_set_unref (own->set);
      own->set = ph_message_set_ref (own->saved);
    }
}

static void
make_tag (PhImapEngine *self, PhImapEntry *entry)
{
  char tag[sizeof self->tag_prefix + PH_IMAP_NUMBER_ROOM];
  char *end = tag + sizeof tag - 1, *start = ph_imap_put_digits (end, ++self->n_tags);
  gsize length = strlen (self->tag_prefix);

  *end = '\0';
  start -= length;
  memcpy (start, self->tag_prefix, length);
  ph_command_set_tag (entry->command, start);
}

/* A raw line may be one, too. */
static gboolean
is_logout (const PhImapEntry *entry)
{
  return g_ascii_strcasecmp (ph_command_get_name (entry->command), "LOGOUT") == 0;
}

/* Writes the entry's line. Where that's not possible it has ended, without a byte of it sent. */
static void
send_entry (PhImapEngine *self, PhImapEntry *entry, gint64 now)
{
  GError    *error;
  GPtrArray *segments = NULL;

  if (ph_imap_engine_begin_again (self, entry))
    return;
  ph_imap_entry_begin_parts (entry);
  error = ph_imap_engine_check (self, entry);
  prepare (self, entry->own);
  if (ph_imap_entry_is (entry, &ph_imap_select_kind) || (entry->own != NULL && ph_imap_resume_is_selecting (entry->own)))
    ph_imap_engine_gather_select_parameters (self, entry->own);
  if (error == NULL && entry->own != NULL && ph_imap_command_is_void (entry->own))
    {
      g_autoptr (PhReply) nothing = ph_reply_new (PH_STATUS_OK, 0, "Nothing was asked for");

      ph_imap_engine_complete (self, entry, nothing, NULL);
      return;
    }

  if (error == NULL)
    {
      make_tag (self, entry);
      if (entry->own != NULL && entry->own->line_first == 0)
        entry->own->n_removals = self->n_removals;
      ph_imap_writer_begin (self->writer, ph_command_get_tag (entry->command), (ph_command_get_flags (entry->command) & PH_COMMAND_SECRET) != 0);
      ph_command_write (entry->command, PH_WRITER (self->writer));
      segments = ph_imap_writer_end (self->writer, &error);
    }
  if (segments == NULL)
    {
      ph_imap_engine_complete (self, entry, NULL, error);
      return;
    }

  ph_imap_output_append (&self->output, segments, entry);
  ph_command_set_state (entry->command, PH_COMMAND_SENT);
  g_queue_push_tail (&self->running, entry);
  self->last_activity = now;
  if (entry->is_idle)
    self->idle_since = now;
  if (ph_imap_entry_is (entry, &ph_imap_select_kind) || (entry->own != NULL && ph_imap_resume_is_selecting (entry->own)))
    ph_imap_engine_begin_select (self, entry);
  if (ph_imap_entry_is (entry, &ph_imap_map_kind))
    entry->own->items = self->n_moves;
  if ((ph_command_get_flags (entry->command) & PH_COMMAND_RESETS) != 0)
    self->capabilities_fresh = FALSE;
  if (is_logout (entry))
    self->logging_out = TRUE;
}

static void
send_all (PhImapEngine *self, GQueue *queue, gint64 now)
{
  while (!g_queue_is_empty (queue) && may_send (self, g_queue_peek_head (queue)))
    send_entry (self, g_queue_pop_head (queue), now);
}

/* What the engine itself needs goes first; the program's commands wait for the session to be open. */
void
ph_imap_engine_send_queued (PhImapEngine *self, gint64 now)
{
  send_all (self, &self->internal, now);
  if (self->phase == PH_IMAP_PHASE_OPEN && g_queue_is_empty (&self->internal))
    send_all (self, &self->queue, now);
}

/* The same command once more, before all that wait: without what the server did not understand, or with the rest of its set. */
static void
run_again (PhImapEngine *self, PhImapEntry *entry)
{
  g_queue_remove (&self->running, entry);
  g_clear_pointer (&entry->reply, ph_reply_unref);
  entry->written = FALSE;
  g_queue_push_head (entry->done != NULL ? &self->internal : &self->queue, entry);
}

static gboolean
is_expunge_issued (PhReply *reply)
{
  return g_strcmp0 (ph_reply_get_response_code (reply), "EXPUNGEISSUED") == 0;
}

static gboolean
needs_another_line (PhImapEngine *self, PhImapEntry *entry, PhReply *reply)
{
  if (entry->own == NULL || entry->cancelled)
    return FALSE;

  if (ph_reply_get_status (reply) == PH_STATUS_BAD && entry->own->used != 0 && !entry->retried)
    {
      self->capabilities.broken |= entry->own->used;
      entry->retried = TRUE;
      return TRUE;
    }

  if (ph_reply_get_status (reply) == PH_STATUS_NO && entry->own->kind->retry != NULL && !entry->retried &&
      entry->own->kind->retry (entry->own, reply))
    {
      entry->retried = TRUE;
      return TRUE;
    }
  if (ph_reply_is_ok (reply) && entry->own->kind->note != NULL)
    entry->own->kind->note (entry->own, self->limit != NULL && is_expunge_issued (reply) ? self->limit : reply);

  return ph_reply_is_ok (reply) && entry->own->kind->more != NULL && entry->own->kind->more (entry->own);
}

/* What "$" stands for from now on */
static void
note_saved (PhImapEngine *self, PhImapEntry *entry)
{
  if (entry->own == NULL || (entry->own->returns & PH_SEARCH_SAVE) == 0)
    return;

  g_clear_pointer (&self->saved, ph_message_set_unref);
  if (!entry->own->kept && entry->own->found != NULL)
    self->saved = ph_message_set_ref (entry->own->found);
}

/* What a reply that is OK does to the session. */
static void
note_success (PhImapEngine *self, PhImapEntry *entry)
{
  if (ph_imap_entry_is (entry, &ph_imap_close_kind) || ph_imap_entry_is (entry, &ph_imap_unselect_kind))
    ph_imap_engine_deselect (self);
  note_saved (self, entry);
  self->want_unfilter = (ph_command_get_flags (entry->command) & PH_COMMAND_RESETS) != 0;
  if (!entry->cancelled)
    self->want_filter = ph_command_get_filter (entry->command);
}

/* What was found is all that there is, and at this moment. */
static void
finish_map (PhImapEngine *self, PhImapEntry *entry, PhReply *reply)
{
  entry->own->option = ph_reply_is_ok (reply) && entry->own->found != NULL && entry->own->items == self->n_moves &&
                       ph_imap_engine_tell_all_uids (self, entry->own->found);
}

void
ph_imap_engine_finish (PhImapEngine *self, PhImapEntry *entry, PhReply *reply)
{
  gboolean logged_out;

  if (self->selecting == entry)
    ph_imap_engine_end_select (self, entry, reply);

  /* a literal that was refused: the rest of the line isn't wanted any more */
  if (ph_imap_output_get_waiting (&self->output) == entry)
    {
      ph_imap_output_drop (&self->output, entry);
      ph_imap_engine_note_written (self);
    }
  if (!entry->written)
    {
      g_clear_pointer (&entry->reply, ph_reply_unref);
      entry->reply = ph_reply_ref (reply);
      return;
    }

  ph_imap_engine_tell_uids (self);
  if (ph_imap_entry_is (entry, &ph_imap_map_kind))
    finish_map (self, entry, reply);
  if (needs_another_line (self, entry, reply))
    {
      run_again (self, entry);
      return;
    }

  if (ph_reply_is_ok (reply))
    note_success (self, entry);
  if (self->want_filter != NULL || self->want_unfilter)
    {
      self->filtering = entry;
      entry->reply = ph_reply_ref (reply);
      return;
    }

  logged_out = is_logout (entry) && ph_reply_is_ok (reply);
  g_queue_remove (&self->running, entry);
  ph_imap_engine_complete (self, entry, reply, NULL);
  if (logged_out)
    ph_imap_engine_end (self);
}

void
ph_imap_engine_note_written (PhImapEngine *self)
{
  while (self->output.finished->len > 0)
    {
      PhImapEntry *entry = g_ptr_array_steal_index (self->output.finished, 0);

      entry->written = TRUE;
      if (entry->reply != NULL)
        {
          g_autoptr (PhReply) reply = g_steal_pointer (&entry->reply);

          ph_imap_engine_finish (self, entry, reply);
        }
    }
}

static PhImapEntry *
find_command (GQueue *queue, PhCommand *command)
{
  for (GList *link = queue->head; link != NULL; link = link->next)
    {
      PhImapEntry *entry = link->data;

      if (ph_imap_entry_get_known (entry) == command && !entry->cancelled)
        return entry;
    }

  return NULL;
}

static void
cancel_running (PhImapEngine *self, PhImapEntry *entry, GError *error)
{
  PhEvent event = { .kind = PH_EVENT_COMMAND, .command = g_object_ref (ph_imap_entry_get_known (entry)) };

  entry->cancelled = TRUE;
  if (entry->own != NULL)
    entry->own->discard = TRUE;
  if (entry->whole != NULL)
    ph_command_complete (entry->command, NULL, g_error_copy (error));
  ph_command_complete (event.command, NULL, error);
  ph_imap_engine_push_event (self, &event);

  if (!entry->written && ph_imap_output_has_literal (&self->output, entry))
    ph_imap_engine_fail (self, ph_error_new (PH_ERROR_CLOSED, NULL, NULL,
                                             "%s was cancelled in the middle of what it sends; the session with %s can’t go on",
                                             ph_command_get_name (entry->command), self->host));
  else if (entry->is_idle)
    ph_imap_engine_interrupt (self, entry);
}

void
ph_imap_engine_cancel (PhEngine *engine, PhCommand *command, GError *error)
{
  PhImapEngine *self = (PhImapEngine *) engine;
  PhImapEntry  *entry = find_command (&self->queue, command);

  if (entry != NULL)
    {
      g_queue_remove (&self->queue, entry);
      ph_imap_engine_complete (self, entry, NULL, error);
      return;
    }

  entry = find_command (&self->running, command);
  if (entry != NULL)
    cancel_running (self, entry, error);
  else if (!ph_imap_engine_cancel_reopening (self, command, error))
    g_error_free (error);
}
