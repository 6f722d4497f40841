/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STORE, COPY, EXPUNGE (RFC 9051 sections 6.4.3, 6.4.6, 6.4.7; UIDPLUS: RFC 4315): commands that change messages of a set. */
#include "imap-engine.h"
#include "imap-store.h"

/* Pairs of old and new UIDs, eight octets each */
#define MAX_MAPPED (1u << 20)

static void
write_store (PhImapCommand *self, PhWriter *writer)
{
  static const char *const modes[] = { "+FLAGS.SILENT", "-FLAGS.SILENT", "FLAGS.SILENT" };

  ph_imap_command_write_set (self, writer);
  if (self->conditional)
    {
      ph_writer_open (writer);
      ph_writer_atom (writer, "UNCHANGEDSINCE");
      ph_writer_number (writer, self->since);
      ph_writer_close (writer);
    }
  /* silent: who changed them knows; what others change meanwhile is told all the same */
  ph_writer_atom (writer, modes[self->items]);
  ph_writer_open (writer);
  for (char **flag = self->words; flag != NULL && *flag != NULL; flag++)
    ph_writer_atom (writer, *flag);
  ph_writer_close (writer);
}

static const PhImapKind store_kind = {
  .verb = "STORE",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_NO_EXPUNGE,
  .write = write_store,
  .more = ph_imap_command_has_more_ranges,
  .note = ph_imap_command_note_limit,
};

/* Of what an extension keeps with a message */
static void
write_store_item (PhImapCommand *self, PhWriter *writer)
{
  ph_imap_command_write_set (self, writer);
  ph_writer_atom (writer, self->other);
  ph_writer_value (writer, self->keys);
}

static const PhImapKind store_item_kind = {
  .verb = "STORE",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_NO_EXPUNGE,
  .write = write_store_item,
  .more = ph_imap_command_has_more_ranges,
  .note = ph_imap_command_note_limit,
};

static void
write_store_unchanged (PhImapCommand *self, PhWriter *writer)
{
  if ((ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_CONDSTORE) == 0)
    ph_imap_command_lacks (self, writer, "CONDSTORE");
  else
    write_store (self, writer);
}

/* MODIFIED (RFC 7162 section 3.1.3): those that were left as they are */
static void
note_modified (PhImapCommand *self, PhReply *reply)
{
  if (g_strcmp0 (ph_reply_get_response_code (reply), "MODIFIED") == 0)
    ph_imap_read_set (self->found, ph_value_first (ph_reply_get_response_arguments (reply)));
  ph_imap_command_note_limit (self, reply);
}

static gboolean
finish_store_unchanged (PhImapCommand *self, PhReply *reply, GError **error)
{
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind store_unchanged_kind = {
  .verb = "STORE",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_NO_EXPUNGE,
  .write = write_store_unchanged,
  .more = ph_imap_command_has_more_ranges,
  .note = note_modified,
  .finish = finish_store_unchanged,
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

/* One range of a uid-set, in the order that it was written in; NULL behind the last and where it can't be read. */
static const char *
read_range (const char *p, gint64 *first, gint64 *last)
{
  char *end;

  *first = *last = g_ascii_isdigit (*p) ? g_ascii_strtoll (p, &end, 10) : 0;
  if (*first > 0 && *end == ':' && g_ascii_isdigit (end[1]))
    *last = g_ascii_strtoll (end + 1, &end, 10);
  if (*first <= 0 || *last <= 0 || MAX (*first, *last) >= PH_MESSAGE_SET_STAR || (*end != ',' && *end != '\0'))
    return NULL;

  return *end == ',' ? end + 1 : end;
}

static void
swap (gint64 *one, gint64 *other)
{
  gint64 value = *one;

  *one = *other;
  *other = value;
}

/* The n-th of one set became the n-th of the other (RFC 4315 section 3). No more than were named: a server can't fill the memory. */
static void
map_uids (PhImapCommand *self, const char *from, const char *to)
{
  gint64  old_first = 1, old_last = 0, new_first = 1, new_last = 0;
  guint64 room = ph_message_set_get_count (self->set);

  /* "*" and "$" name more than can be counted here */
  if (ph_message_set_is_saved (self->set) || ph_message_set_contains (self->set, PH_MESSAGE_SET_STAR))
    room = MAX_MAPPED;
  for (room = MIN (room, MAX_MAPPED); room > 0; room--)
    {
      if (old_first > old_last && (*from == '\0' || (from = read_range (from, &old_first, &old_last)) == NULL))
        return;
      if (new_first > new_last && (*to == '\0' || (to = read_range (to, &new_first, &new_last)) == NULL))
        return;
      /* "7:5" names the same as "5:7" */
      if (old_first > old_last)
        swap (&old_first, &old_last);
      if (new_first > new_last)
        swap (&new_first, &new_last);
      ph_uid_mapping_add (self->mapping, (guint32) old_first++, (guint32) new_first++);
    }
}

/* COPYUID: UIDVALIDITY, the old UIDs, the new ones. Usually in the tagged reply, by some in an untagged OK. */
static void
note_copied (PhImapCommand *self, const char *code, const PhValue *arguments)
{
  g_autofree char *from = NULL, *to = NULL;
  guint64 uid_validity = 0;

  if (g_strcmp0 (code, "COPYUID") != 0)
    return;
  if (self->found == NULL)
    self->found = ph_imap_read_new_uids (arguments, 2);
  else
    ph_imap_read_set (self->found, ph_value_get_child (arguments, 2));
  if (self->mapping == NULL)
    return;

  from = ph_value_dup_text (ph_value_get_child (arguments, 1));
  to = ph_value_dup_text (ph_value_get_child (arguments, 2));
  if (ph_value_get_number (ph_value_first (arguments), &uid_validity) && uid_validity <= G_MAXUINT32)
    ph_uid_mapping_set_uid_validity (self->mapping, (guint32) uid_validity);
  if (from != NULL && to != NULL)
    map_uids (self, from, to);
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

static void
note_move (PhImapCommand *self, PhReply *reply)
{
  note_copy (self, reply);
  ph_imap_command_note_limit (self, reply);
}

static gboolean
finish_copy (PhImapCommand *self, PhReply *reply, GError **error)
{
  if (self->mapping != NULL)
    ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_UID_MAPPING, g_steal_pointer (&self->mapping));
  else if (self->found != NULL)
    ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind copy_kind = {
  .verb = "COPY",
  .answer = "COPYUID",
  .flags = PH_IMAP_KIND_SELECTED,
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
  .note = note_move,
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

static void
note_expunged (PhImapCommand *self, PhReply *reply)
{
  if (self->set != NULL)
    ph_imap_command_note_limit (self, reply);
}

static const PhImapKind expunge_kind = {
  .verb = "EXPUNGE",
  .flags = PH_IMAP_KIND_SELECTED,
  .write = write_expunge,
  .more = has_more_to_expunge,
  .note = note_expunged,
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
ph_imap_store_make_store_item (PhStoreEngine *engine, PhMessageSet *set, const char *item, const PhValue *value)
{
  PhImapCommand *command = make (&store_item_kind, set);

  command->other = g_strdup (item);
  command->keys = ph_value_copy (value);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_store_unchanged (PhStoreEngine *engine, PhMessageSet *set, PhStoreMode mode, const char *const *flags, guint64 mod_seq)
{
  PhImapCommand *command = make (&store_unchanged_kind, set);

  command->items = mode;
  command->words = g_strdupv ((char **) flags);
  command->conditional = TRUE;
  command->since = mod_seq;
  command->found = ph_message_set_new (command->by_uid);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_transfer (PhStoreEngine *engine, PhMessageSet *set, const char *mailbox, gboolean move)
{
  PhCommand *command = move ? ph_imap_store_make_move (engine, set, mailbox) : ph_imap_store_make_copy (engine, set, mailbox);

  ph_imap_command_cast (command)->mapping = ph_uid_mapping_new ();
  return command;
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
