/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * APPEND (RFC 9051 section 6.3.12): a message of known size, streamed.
 *
 *   append    = "APPEND" SP mailbox [SP "(" *flag ")"] [SP date-time] SP literal
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
write_append (PhImapCommand *self, PhWriter *writer)
{
  ph_writer_mailbox (writer, self->mailbox);
  if (self->words != NULL && self->words[0] != NULL)
    {
      ph_writer_open (writer);
      for (char **flag = self->words; *flag != NULL; flag++)
        ph_writer_atom (writer, *flag);
      ph_writer_close (writer);
    }
  if (self->date != NULL)
    write_date (writer, self->date);
  ph_writer_body (writer, self->body);
}

/* APPENDUID (RFC 4315): UIDVALIDITY, then the UID */
static gboolean
finish_append (PhImapCommand *self, PhReply *reply, GError **error)
{
  const char *code = ph_reply_get_response_code (reply);

  if (g_strcmp0 (code, "APPENDUID") == 0)
    self->found = ph_imap_read_new_uids (ph_reply_get_response_arguments (reply), 1);
  if (self->found != NULL)
    ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind append_kind = { .verb = "APPEND", .write = write_append, .finish = finish_append };

PhCommand *
ph_imap_store_make_append (PhStoreEngine *engine, const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date)
{
  PhImapCommand *command = ph_imap_command_new (&append_kind);

  command->mailbox = g_strdup (mailbox);
  command->words = g_strdupv ((char **) flags);
  command->body = g_object_ref (body);
  command->date = date != NULL ? g_date_time_ref (date) : NULL;
  ph_imap_command_set_title (command, "APPEND to", mailbox);
  return PH_COMMAND (command);
}
