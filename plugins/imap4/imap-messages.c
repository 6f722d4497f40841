/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STORE, COPY, EXPUNGE (RFC 9051 sections 6.4.3, 6.4.6, 6.4.7; UIDPLUS: RFC 4315): commands that change messages of a set. */
#include "imap-engine.h"
#include "imap-store.h"

static void
write_store (PhImapCommand *self, PhWriter *writer)
{
  static const char *const modes[] = { "+FLAGS.SILENT", "-FLAGS.SILENT", "FLAGS.SILENT" };

  ph_imap_command_write_set (self, writer);
  /* silent: who changed them knows; what others change meanwhile is told all the same */
  ph_writer_atom (writer, modes[self->items]);
  ph_writer_open (writer);
  for (char **flag = self->words; flag != NULL && *flag != NULL; flag++)
    ph_writer_atom (writer, *flag);
  ph_writer_close (writer);
}

static const PhImapKind store_kind = {
  .verb = "STORE",
  .flags = PH_IMAP_KIND_SELECTED,
  .write = write_store,
  .more = ph_imap_command_has_more_ranges,
};

PhMessageSet *
ph_imap_read_new_uids (const PhValue *arguments, guint index)
{
  g_autoptr (PhMessageSet) uids = ph_message_set_new (TRUE);

  if (!ph_imap_read_set (uids, ph_value_get_child (arguments, index)))
    return NULL;

  return g_steal_pointer (&uids);
}

static void
write_copy (PhImapCommand *self, PhWriter *writer)
{
  ph_imap_command_write_set (self, writer);
  ph_writer_mailbox (writer, self->mailbox);
}

/* COPYUID (RFC 4315): UIDVALIDITY, the old UIDs, the new ones. Usually in the tagged reply, by some in an untagged OK. */
static void
note_copied (PhImapCommand *self, const char *code, const PhValue *arguments)
{
  if (g_strcmp0 (code, "COPYUID") != 0)
    return;
  if (self->found == NULL)
    self->found = ph_imap_read_new_uids (arguments, 2);
  else
    ph_imap_read_set (self->found, ph_value_get_child (arguments, 2));
}

static gboolean
receive_copy (PhImapCommand *self, const PhResponse *response)
{
  if (g_strcmp0 (ph_response_get_code (response), "COPYUID") != 0)
    return FALSE;

  note_copied (self, ph_response_get_code (response), ph_response_get_code_arguments (response));
  return TRUE;
}

static void
note_copy (PhImapCommand *self, PhReply *reply)
{
  note_copied (self, ph_reply_get_response_code (reply), ph_reply_get_response_arguments (reply));
}

static gboolean
finish_copy (PhImapCommand *self, PhReply *reply, GError **error)
{
  if (self->found != NULL)
    ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind copy_kind = {
  .verb = "COPY",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_DISTINCT,
  .write = write_copy,
  .receive = receive_copy,
  .finish = finish_copy,
  .more = ph_imap_command_has_more_ranges,
  .note = note_copy,
};

/* What stands in for MOVE (RFC 6851 section 3.3), one line after the other for each part of a long set */
enum { MOVE_COPY, MOVE_FLAG, MOVE_EXPUNGE };

static const char *
check_move (PhImapCommand *self, PhImapFeatures features)
{
  if (!self->by_uid)
    return "what is to be moved is named by UIDs";
  if ((features & (PH_IMAP_MOVE | PH_IMAP_UIDPLUS)) == 0)
    return "the server can’t move messages, nor expunge chosen ones only: it offers neither MOVE nor UIDPLUS";
  return NULL;
}

static void
write_move (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);
  const char    *flaw = check_move (self, features);

  if (flaw != NULL)
    {
      ph_writer_fail (writer, g_error_new_literal (PH_ERROR, self->by_uid ? PH_ERROR_NOT_SUPPORTED : PH_ERROR_INVALID_ARGUMENT, flaw));
      return;
    }
  self->option = (features & PH_IMAP_MOVE) == 0;
  if (!self->option)
    {
      self->used = PH_IMAP_MOVE;
      ph_writer_atom (writer, "MOVE");
      write_copy (self, writer);
      return;
    }

  switch (self->items)
    {
    case MOVE_COPY:
      ph_writer_atom (writer, "COPY");
      write_copy (self, writer);
      break;
    case MOVE_FLAG:
      ph_writer_atom (writer, "STORE");
      ph_imap_command_write_set (self, writer);
      ph_writer_line (writer, "+FLAGS.SILENT (\\Deleted)");
      break;
    case MOVE_EXPUNGE:
    default:
      ph_writer_atom (writer, "EXPUNGE");
      ph_imap_command_write_set (self, writer);
    }
}

static gboolean
has_more_to_move (PhImapCommand *self)
{
  if (self->option && self->items != MOVE_EXPUNGE)
    {
      self->items++;
      return TRUE;
    }

  self->items = MOVE_COPY;
  return ph_imap_command_has_more_ranges (self);
}

static const PhImapKind move_kind = {
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_ALONE,
  .write = write_move,
  .receive = receive_copy,
  .finish = finish_copy,
  .more = has_more_to_move,
  .note = note_copy,
};

static void
write_expunge (PhImapCommand *self, PhWriter *writer)
{
  if (self->set == NULL)
    return;

  if ((ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_UIDPLUS) == 0)
    {
      ph_writer_fail (writer, g_error_new_literal (PH_ERROR, PH_ERROR_NOT_SUPPORTED,
                                                   "the server can’t expunge chosen messages only: it does not offer UIDPLUS"));
      return;
    }
  if (!self->by_uid)
    {
      ph_writer_fail (writer, g_error_new_literal (PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "what is to be expunged is named by UIDs"));
      return;
    }

  ph_imap_command_write_set (self, writer);
}

static gboolean
has_more_to_expunge (PhImapCommand *self)
{
  return self->set != NULL && ph_imap_command_has_more_ranges (self);
}

static const PhImapKind expunge_kind = {
  .verb = "EXPUNGE",
  .flags = PH_IMAP_KIND_SELECTED,
  .write = write_expunge,
  .more = has_more_to_expunge,
};

static PhImapCommand *
make (const PhImapKind *kind, PhMessageSet *set)
{
  PhImapCommand *command = ph_imap_command_new (kind);

  if (set != NULL)
    {
      command->set = ph_message_set_ref (set);
      command->by_uid = ph_message_set_is_by_uid (set);
    }
  return command;
}

PhCommand *
ph_imap_store_make_store (PhStoreEngine *engine, PhMessageSet *set, PhStoreMode mode, const char *const *flags)
{
  PhImapCommand *command = make (&store_kind, set);

  command->items = mode;
  command->words = g_strdupv ((char **) flags);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_copy (PhStoreEngine *engine, PhMessageSet *set, const char *mailbox)
{
  PhImapCommand *command = make (&copy_kind, set);

  command->mailbox = g_strdup (mailbox);
  ph_imap_command_set_title (command, "COPY to", mailbox);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_move (PhStoreEngine *engine, PhMessageSet *uids, const char *mailbox)
{
  PhImapCommand *command = make (&move_kind, uids);

  command->mailbox = g_strdup (mailbox);
  ph_imap_command_set_title (command, "MOVE to", mailbox);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_expunge (PhStoreEngine *engine, PhMessageSet *uids)
{
  return PH_COMMAND (make (&expunge_kind, uids));
}
