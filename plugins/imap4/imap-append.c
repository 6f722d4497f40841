/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * APPEND (RFC 9051 section 6.3.12) and REPLACE (RFC 8508): messages of known size, streamed; several at once by MULTIAPPEND (RFC 3502).
 *
 *   append    = "APPEND" SP mailbox 1*message
 *   replace   = "UID REPLACE" SP uid SP mailbox message
 *   message   = [SP "(" *flag ")"] [SP date-time] [SP what an extension adds] SP (literal / literal8)
 *   date-time = DQUOTE (SP DIGIT / 2DIGIT) "-" month "-" 4DIGIT SP time SP zone DQUOTE
 */
#include "imap-engine.h"
#include "imap-store.h"

/* English in every locale */
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static void
write_date (PhWriter *writer, GDateTime *date)
{
  g_autofree char *text = NULL;
  int minutes = (int) (g_date_time_get_utc_offset (date) / G_TIME_SPAN_MINUTE);
  int distance = ABS (minutes);

  text = g_strdup_printf ("%2d-%s-%04d %02d:%02d:%02d %c%02d%02d", g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1], g_date_time_get_year (date), g_date_time_get_hour (date),
                          g_date_time_get_minute (date), g_date_time_get_second (date), minutes < 0 ? '-' : '+', distance / 60, distance % 60);
  ph_writer_string (writer, text);
}

static void
write_flags_and_date (PhNewMessage *message, PhWriter *writer)
{
  const char *const *flags = ph_new_message_get_flags (message);

  if (*flags != NULL)
    {
      ph_writer_open (writer);
      for (; *flags != NULL; flags++)
        ph_writer_atom (writer, *flags);
      ph_writer_close (writer);
    }
  if (ph_new_message_get_date (message) != NULL)
    write_date (writer, ph_new_message_get_date (message));
  for (const PhValue *item = ph_value_first (ph_new_message_get_items (message)); item != NULL; item = ph_value_next (item))
    ph_writer_value (writer, item);
}

static void
write_message (PhNewMessage *message, PhWriter *writer)
{
  write_flags_and_date (message, writer);
  ph_writer_body (writer, ph_new_message_get_body (message));
}

/* As many in one line as the server takes */
static void
write_append (PhImapCommand *self, PhWriter *writer)
{
  gboolean at_once = (ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_MULTIAPPEND) != 0;
  guint    most = !at_once ? 1 : self->max_set > 0 ? self->max_set : G_MAXUINT;

  ph_writer_mailbox (writer, self->mailbox);
  self->next_step = self->step;
  do
    write_message (self->messages[self->next_step++], writer);
  while (self->messages[self->next_step] != NULL && self->next_step - self->step < most);
}

static gboolean
has_more_to_append (PhImapCommand *self)
{
  self->step = self->next_step;
  return self->messages[self->step] != NULL;
}

/* APPENDUID (RFC 4315): UIDVALIDITY, then the UIDs */
static void
note_appended (PhImapCommand *self, const char *code, const PhValue *arguments)
{
  if (g_strcmp0 (code, "APPENDUID") != 0)
    return;
  if (self->found == NULL)
    self->found = ph_imap_read_new_uids (arguments, 1);
  else
    ph_imap_read_set (self->found, ph_value_get_child (arguments, 1));
}

static void
note_append (PhImapCommand *self, PhReply *reply)
{
  note_appended (self, ph_reply_get_response_code (reply), ph_reply_get_response_arguments (reply));
}

static gboolean
finish_append (PhImapCommand *self, PhReply *reply, GError **error)
{
  if (self->found != NULL)
    ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind append_kind = {
  .verb = "APPEND",
  .write = write_append,
  .finish = finish_append,
  .more = has_more_to_append,
  .note = note_append,
};

/* What stands in for REPLACE (RFC 8508): the new message is there before the old one goes. */
enum { REPLACE_APPEND, REPLACE_FLAG, REPLACE_EXPUNGE };

static void
write_replacement (PhImapCommand *self, PhWriter *writer)
{
  ph_writer_mailbox (writer, self->mailbox);
  write_message (self->messages[0], writer);
}

static void
write_replace (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);

  if (self->items == 0)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "0 is no message’s UID"));
      return;
    }
  self->option = (features & PH_IMAP_REPLACE) == 0;
  if (self->option && (features & PH_IMAP_UIDPLUS) == 0)
    {
      ph_imap_command_lacks (self, writer, "REPLACE or UIDPLUS");
      return;
    }
  if (self->option && self->stage == REPLACE_APPEND)
    {
      ph_writer_atom (writer, "APPEND");
      write_replacement (self, writer);
      return;
    }

  ph_writer_line (writer, !self->option ? "UID REPLACE" : self->stage == REPLACE_FLAG ? "UID STORE" : "UID EXPUNGE");
  ph_writer_number (writer, self->items);
  if (!self->option)
    write_replacement (self, writer);
  else if (self->stage == REPLACE_FLAG)
    ph_writer_line (writer, "+FLAGS.SILENT (\\Deleted)");
}

/* In an untagged OK, before the old message goes */
static gboolean
receive_replace (PhImapCommand *self, const PhResponse *response)
{
  if (g_strcmp0 (ph_response_get_code (response), "APPENDUID") != 0)
    return FALSE;

  note_appended (self, ph_response_get_code (response), ph_response_get_code_arguments (response));
  return TRUE;
}

static gboolean
has_more_to_replace (PhImapCommand *self)
{
  if (!self->option || self->stage == REPLACE_EXPUNGE)
    return FALSE;

  self->stage++;
  return TRUE;
}

static const PhImapKind replace_kind = {
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_ALONE,
  .write = write_replace,
  .receive = receive_replace,
  .finish = finish_append,
  .more = has_more_to_replace,
  .note = note_append,
};

/* (transfer full) (nullable) */
static char **
collect_needs (PhNewMessage *const *messages, guint n_messages)
{
  g_autoptr (GStrvBuilder) all = NULL;

  for (guint i = 0; i < n_messages; i++)
    {
      const char *const *needs = ph_new_message_get_needs (messages[i]);

      if (needs != NULL && all == NULL)
        all = g_strv_builder_new ();
      if (needs != NULL)
        g_strv_builder_addv (all, (const char **) needs);
    }
  return all != NULL ? g_strv_builder_end (all) : NULL;
}

static PhImapCommand *
make (const PhImapKind *kind, const char *verb, const char *mailbox, PhNewMessage *const *messages, guint n_messages)
{
  PhImapCommand *command = ph_imap_command_new (kind);

  command->mailbox = g_strdup (mailbox);
  command->messages = g_new0 (PhNewMessage *, n_messages + 1);
  for (guint i = 0; i < n_messages; i++)
    command->messages[i] = ph_new_message_ref (messages[i]);
  command->needs = collect_needs (messages, n_messages);
  ph_imap_command_set_title (command, verb, mailbox);
  return command;
}

PhCommand *
ph_imap_store_make_append (PhStoreEngine *engine, const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date)
{
  g_autoptr (PhNewMessage) message = ph_new_message_new (body, flags, date);

  return ph_imap_store_make_append_all (engine, mailbox, &message, 1);
}

PhCommand *
ph_imap_store_make_append_all (PhStoreEngine *engine, const char *mailbox, PhNewMessage *const *messages, guint n_messages)
{
  return PH_COMMAND (make (&append_kind, "APPEND to", mailbox, messages, n_messages));
}

PhCommand *
ph_imap_store_make_replace (PhStoreEngine *engine, guint32 uid, const char *mailbox, PhNewMessage *message)
{
  PhImapCommand *command = make (&replace_kind, "REPLACE in", mailbox, &message, 1);

  command->items = uid;
  return PH_COMMAND (command);
}
