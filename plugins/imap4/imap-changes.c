/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What changed in the selected mailbox since it was looked at last, by the best that the server has (RFC 7162, RFC 4549 section 6):
 *
 *   QRESYNC    UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE n VANISHED)     what isn't told is as it was
 *   CONDSTORE  UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE n), UID SEARCH ALL
 *   neither    UID FETCH 1:* (UID FLAGS)
 *
 * Where the mailbox isn't selected yet, and QRESYNC was ENABLED, one line does both: SELECT mailbox (QRESYNC (uidvalidity mod-sequence)), or
 * EXAMINE. The known UIDs, which may stand there, too, would keep the server from telling of new messages; and numbers beside UIDs may fit by
 * chance where the caller doesn't know every message, and hide what is gone.
 *
 * Each comes to a state of the whole mailbox, and what is returned is the difference between two states; so the answers are the same.
 * And the UID of every message, for the mailbox that keeps them:
 *
 *   UID SEARCH ALL, three times where messages come or go meanwhile; then FETCH 1:* (UID), during which none may go (RFC 9051 section 7.5.1)
 */
#include "imap-engine.h"
#include "imap-store.h"

#include <string.h>

/* UIDs that a mailbox keeps */
#define MAX_UIDS (1u << 24)
#define MAX_SEARCHES 3

enum { STEP_FETCH, STEP_SEARCH, STEP_SELECT };

static void
choose_method (PhImapCommand *self, PhImapFeatures features)
{
  gboolean by_mod_seq = self->known != NULL && ph_mailbox_state_get_mod_seq (self->known) > 0 && self->mod_seq > 0 &&
                        ph_mailbox_state_get_uid_validity (self->known) == self->uid_validity && self->uids_stick;

  self->used = 0;
  if (by_mod_seq && (features & PH_IMAP_QRESYNC) != 0)
    self->used = PH_IMAP_QRESYNC;
  else if (by_mod_seq && (features & PH_IMAP_CONDSTORE) != 0)
    self->used = PH_IMAP_CONDSTORE;
  self->items = self->used == PH_IMAP_QRESYNC ? PH_DELTA_QRESYNC : self->used == PH_IMAP_CONDSTORE ? PH_DELTA_CONDSTORE : PH_DELTA_SEARCH;
}

static void
write_search_all (PhImapCommand *self, PhWriter *writer)
{
  g_clear_pointer (&self->found, ph_message_set_unref);
  self->found = ph_message_set_new (TRUE);
  ph_writer_atom (writer, "SEARCH");
  if ((ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_ESEARCH) != 0)
    {
      self->used = PH_IMAP_ESEARCH;
      ph_writer_line (writer, "RETURN (ALL)");
    }
  ph_writer_atom (writer, "ALL");
}

static void
begin (PhImapCommand *self)
{
  g_clear_pointer (&self->now, ph_mailbox_state_unref);
  self->now = ph_mailbox_state_new (self->uid_validity, 0);
  g_clear_pointer (&self->found, ph_message_set_unref);
  self->found = ph_message_set_new (TRUE);
}

static void
write_changes (PhImapCommand *self, PhWriter *writer)
{
  if (self->step == STEP_SEARCH)
    {
      write_search_all (self, writer);
      return;
    }

  choose_method (self, ph_imap_writer_get_features ((PhImapWriter *) writer));
  begin (self);
  self->now_mod_seq = self->used != 0 ? MAX (self->mod_seq, ph_mailbox_state_get_mod_seq (self->known)) : self->mod_seq;
  ph_writer_line (writer, "FETCH 1:* (UID FLAGS)");
  if (self->used != 0)
    {
      g_autofree char *since = g_strdup_printf ("(CHANGEDSINCE %" G_GUINT64_FORMAT "%s)", ph_mailbox_state_get_mod_seq (self->known),
                                                self->used == PH_IMAP_QRESYNC ? " VANISHED" : "");

      ph_writer_line (writer, since);
    }
}

/* A FETCH of UID and flags is news whoever asked for it. */
static gboolean
receive_flags (PhImapCommand *self, const PhResponse *response)
{
  const PhValue *flags = NULL;
  guint64 uid = 0, mod_seq = 0;

  for (const PhValue *name = ph_value_first (ph_value_first (ph_response_get_values (response))); name != NULL; name = ph_value_next (name))
    {
      const PhValue *value = ph_value_next (name);

      if (value == NULL)
        break;
      if (ph_value_is (name, "UID"))
        ph_value_get_number (value, &uid);
      else if (ph_value_is (name, "FLAGS"))
        flags = value;
      else if (ph_value_is (name, "MODSEQ"))
        ph_value_get_number (ph_value_first (value), &mod_seq);
      name = value;
    }
  if (uid == 0 || uid >= PH_MESSAGE_SET_STAR || flags == NULL)
    return FALSE;

  if (!self->discard)
    {
      g_auto (GStrv) words = ph_value_dup_strings (ph_value_first (flags));

      ph_mailbox_state_add (self->now, (guint32) uid, (const char *const *) words);
      self->now_mod_seq = MAX (self->now_mod_seq, mod_seq);
    }
  return TRUE;
}

/* (EARLIER): gone before the mailbox was selected; without it the engine has counted it as gone already. */
static gboolean
receive_vanished (PhImapCommand *self, const PhResponse *response)
{
  const PhValue *first = ph_value_first (ph_response_get_values (response));
  gboolean earlier = ph_value_get_kind (first) == PH_VALUE_LIST;

  ph_imap_read_set (self->found, earlier ? ph_value_next (first) : first);
  return earlier;
}

static gboolean
receive_changes (PhImapCommand *self, const PhResponse *response)
{
  const char *name = ph_response_get_name (response);

  if (self->step == STEP_SEARCH)
    return ph_imap_search_receive (self, response);
  if (strcmp (name, "FETCH") == 0 || strcmp (name, "UIDFETCH") == 0)
    return receive_flags (self, response);
  if (strcmp (name, "VANISHED") == 0)
    return receive_vanished (self, response);
  return FALSE;
}

static gboolean
needs_search (PhImapCommand *self)
{
  if (self->items != PH_DELTA_CONDSTORE || self->step == STEP_SEARCH)
    return FALSE;

  self->step = STEP_SEARCH;
  return TRUE;
}

/* UIDNOTSTICKY (RFC 4315 section 3): what was known of another time may be of any message. (transfer full) (nullable) */
static PhMailboxState *
get_before (PhImapCommand *self)
{
  if (self->known == NULL)
    return NULL;
  return self->uids_stick ? ph_mailbox_state_ref (self->known) : ph_mailbox_state_new (~self->uid_validity, 0);
}

static gboolean
finish_changes (PhImapCommand *self, PhReply *reply, GError **error)
{
  g_autoptr (PhMailboxState) now = ph_mailbox_state_new (self->uid_validity, self->now_mod_seq);
  g_autoptr (PhMailboxState) before = get_before (self);

  if (self->items == PH_DELTA_CONDSTORE)
    {
      ph_mailbox_state_inherit (now, self->now, self->found, NULL);
      ph_mailbox_state_inherit (now, self->known, self->found, NULL);
      ph_mailbox_state_add_missing (now, self->found);
    }
  else
    {
      ph_mailbox_state_inherit (now, self->now, NULL, self->found);
      if (self->items == PH_DELTA_QRESYNC)
        ph_mailbox_state_inherit (now, self->known, NULL, self->found);
    }
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_DELTA, ph_delta_new (before, now, self->items));
  return TRUE;
}

static const PhImapKind changes_kind = {
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_ALONE,
  .write = write_changes,
  .receive = receive_changes,
  .finish = finish_changes,
  .more = needs_search,
};

PhCommand *
ph_imap_store_make_changes (PhStoreEngine *engine, PhMailboxState *known)
{
  PhImapEngine  *self = (PhImapEngine *) engine;
  PhImapCommand *command = ph_imap_command_new (&changes_kind);

  ph_command_set_name (PH_COMMAND (command), "UID FETCH");
  command->by_uid = TRUE;
  command->uids_stick = TRUE;
  if (known != NULL)
    command->known = ph_mailbox_state_ref (known);
  if (self->mailbox != NULL)
    {
      command->uid_validity = ph_mailbox_get_uid_validity (self->mailbox);
      command->mod_seq = ph_mailbox_get_highest_mod_seq (self->mailbox);
      command->uids_stick = ph_mailbox_get_uids_stick (self->mailbox);
    }
  return PH_COMMAND (command);
}

static void
write_resume (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);
  g_autofree char *parameters = NULL;

  if (self->step != STEP_SELECT)
    {
      ph_writer_atom (writer, "UID");
      write_changes (self, writer);
      return;
    }

  begin (self);
  ph_writer_atom (writer, self->option ? "EXAMINE" : "SELECT");
  ph_writer_mailbox (writer, self->mailbox);
  if ((features & PH_IMAP_QRESYNC) != 0 && self->known != NULL && ph_mailbox_state_get_mod_seq (self->known) > 0 &&
      ph_mailbox_state_get_uid_validity (self->known) > 0)
    {
      self->used = PH_IMAP_QRESYNC;
      parameters = g_strdup_printf ("QRESYNC (%u %" G_GUINT64_FORMAT ")", ph_mailbox_state_get_uid_validity (self->known),
                                    ph_mailbox_state_get_mod_seq (self->known));
    }
  ph_imap_write_select_parameters (self, writer, parameters);
}

/* What is told behind SELECT is of the mailbox that it opens: the engine has seen to that. */
static gboolean
has_more_to_resume (PhImapCommand *self)
{
  PhMailbox *mailbox = self->result;

  if (self->step != STEP_SELECT)
    return needs_search (self);

  self->uid_validity = ph_mailbox_get_uid_validity (mailbox);
  self->mod_seq = ph_mailbox_get_highest_mod_seq (mailbox);
  self->uids_stick = ph_mailbox_get_uids_stick (mailbox);
  if ((self->used & PH_IMAP_QRESYNC) != 0 && self->mod_seq > 0 && self->uids_stick &&
      self->uid_validity == ph_mailbox_state_get_uid_validity (self->known))
    {
      self->items = PH_DELTA_QRESYNC;
      self->now_mod_seq = MAX (self->now_mod_seq, self->mod_seq);
      return FALSE;
    }

  self->step = STEP_FETCH;
  return TRUE;
}

const PhImapKind ph_imap_resume_kind = {
  .flags = PH_IMAP_KIND_ALONE,
  .write = write_resume,
  .receive = receive_changes,
  .finish = finish_changes,
  .more = has_more_to_resume,
};

gboolean
ph_imap_resume_is_selecting (PhImapCommand *self)
{
  return self->kind == &ph_imap_resume_kind && self->step == STEP_SELECT;
}

PhCommand *
ph_imap_store_make_resume (PhStoreEngine *engine, const char *mailbox, gboolean read_only, PhMailboxState *known)
{
  PhImapCommand *command = ph_imap_command_new (&ph_imap_resume_kind);

  command->mailbox = g_strdup (mailbox);
  command->option = read_only;
  command->uids_stick = TRUE;
  command->step = STEP_SELECT;
  if (known != NULL)
    command->known = ph_mailbox_state_ref (known);
  ph_imap_command_set_title (command, read_only ? "EXAMINE" : "SELECT", mailbox);
  return PH_COMMAND (command);
}

static void
write_map (PhImapCommand *self, PhWriter *writer)
{
  if (self->by_uid)
    write_search_all (self, writer);
  else
    ph_writer_line (writer, "FETCH 1:* (UID)");
}

/* FETCH responses tell the engine; the command wants none of them. */
static gboolean
receive_map (PhImapCommand *self, const PhResponse *response)
{
  if (self->by_uid)
    return ph_imap_search_receive (self, response);

  return strcmp (ph_response_get_name (response), "FETCH") == 0;
}

static gboolean
needs_another_try (PhImapCommand *self)
{
  if (self->option || !self->by_uid || ph_message_set_get_count (self->found) > MAX_UIDS)
    return FALSE;

  if (++self->step >= MAX_SEARCHES)
    {
      self->by_uid = FALSE;
      self->set = ph_message_set_new_numbers ("1:*", NULL);
    }
  return TRUE;
}

static gboolean
finish_map (PhImapCommand *self, PhReply *reply, GError **error)
{
  if (self->option || !self->by_uid)
    return TRUE;

  g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "The mailbox has more than %u messages: too many to keep all their UIDs", MAX_UIDS);
  return FALSE;
}

const PhImapKind ph_imap_map_kind = {
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_ALONE,
  .write = write_map,
  .receive = receive_map,
  .finish = finish_map,
  .more = needs_another_try,
};

PhCommand *
ph_imap_store_make_map_uids (PhStoreEngine *engine)
{
  PhImapEngine  *self = (PhImapEngine *) engine;
  PhImapCommand *command = ph_imap_command_new (&ph_imap_map_kind);

  ph_command_set_name (PH_COMMAND (command), "UID SEARCH");
  command->by_uid = TRUE;
  if (self->mailbox != NULL)
    ph_mailbox_track_uids (self->mailbox);
  return PH_COMMAND (command);
}
