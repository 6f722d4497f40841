/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which command is written when. RFC 2920 section 3.1: RSET, MAIL and RCPT "can all appear anywhere in a pipelined command group";
 * EHLO, DATA, VRFY, EXPN, TURN, QUIT and NOOP "can only appear as the last command in a group". Whatever else a command may be is
 * treated as one of the latter. "The actual transfer of message content is explicitly allowed to be the first "command" in a group",
 * so the next message's MAIL leaves with the end of the one before.
 */
#include "ph-smtp-core.h"

#include "ph-smtp-commands.h"
#include "ph-smtp-send.h"
#include "ph-smtp-writer.h"

static gboolean
may_be_followed (const char *verb)
{
  return g_str_equal (verb, "RSET") || g_str_equal (verb, "MAIL") || g_str_equal (verb, "RCPT");
}

/* Lines that a program may not write by itself, since the engine has to know what comes behind them. */
static gboolean
is_reserved (const char *verb)
{
  return g_str_equal (verb, "DATA") || g_str_equal (verb, "BDAT") || g_str_equal (verb, "STARTTLS");
}

static gboolean
is_send (PhSmtpCore *self, PhCommand *command)
{
  return G_OBJECT_TYPE (command) == self->send_type;
}

/* One message beyond the window may begin: it waits for its recipients' replies before its content leaves. A window that was filled waits
 * until half of it is free, so that messages leave many in a write, and not one for each reply. */
static gboolean
has_room (PhSmtpCore *self)
{
  if (self->n_in_flight > MAX (self->window, 1))
    self->window_full = TRUE;
  else if (self->n_in_flight <= MAX (self->window, 1) / 2 + 1)
    self->window_full = FALSE;
  return !self->window_full;
}

static gboolean
may_write (PhSmtpCore *self, PhCommand *command)
{
  if (self->writing != NULL || self->secret->len > 0)
    return FALSE;
  if (self->slots.n == 0)
    {
      self->group_ended = FALSE;
      return TRUE;
    }
  if (!self->features.pipelining || self->group_ended)
    return FALSE;
  if (is_send (self, command))
    return has_room (self);
  return self->first == NULL && (ph_command_get_flags (command) & PH_COMMAND_ALONE) == 0;
}

/* A VRFY or EXPN of an address that is not ASCII says so (RFC 6531 section 3.7.4.2). */
static gboolean
mark_utf8 (PhSmtpCore *self, PhSmtpWriter *writer, const char *verb, GError **error)
{
  if ((!g_str_equal (verb, "VRFY") && !g_str_equal (verb, "EXPN")) || g_str_is_ascii (writer->line->str) ||
      g_str_has_suffix (writer->line->str, " SMTPUTF8"))
    return TRUE;
  if (!self->features.smtp_utf8)
    {
      *error = ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s takes ASCII addresses only", self->host);
      return FALSE;
    }
  g_string_append (writer->line, " SMTPUTF8");
  return TRUE;
}

/* The command's line is in the writer, its first word in @verb. */
static gboolean
prepare (PhSmtpCore *self, PhCommand *command, char *verb, gsize size, GError **error)
{
  PhSmtpWriter *writer = self->writer;

  if (!ph_smtp_writer_run (writer, command, error))
    return FALSE;
  g_strlcpy (verb, writer->line->str, MIN (size, strcspn (writer->line->str, " ") + 1));
  for (char *c = verb; *c != '\0'; c++)
    *c = g_ascii_toupper (*c);
  if (is_reserved (verb))
    {
      *error = ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%s can't be sent as a line of its own: what follows it is no command",
                             verb);
      return FALSE;
    }
  if (!mark_utf8 (self, writer, verb, error) || !ph_smtp_command_check (self, command, writer->line->str, error))
    return FALSE;
  if (g_str_equal (verb, "AUTH"))
    writer->is_secret = TRUE;
  return TRUE;
}

void
ph_smtp_core_write_secret (PhSmtpCore *self, const char *text, gsize length)
{
  /* a GString that grows would leave what it held in memory that is given back */
  if (self->secret->allocated_len < length + 3)
    {
      g_string_free (self->secret, TRUE);
      self->secret = g_string_sized_new (length + 3);
    }
  g_string_append_len (self->secret, text, (gssize) length);
  g_string_append (self->secret, "\r\n");
}

static void
write_command (PhSmtpCore *self, PhCommand *command)
{
  g_autoptr (GError) error = NULL;
  char verb[sizeof ((PhSmtpSlot *) NULL)->verb];
  PhSmtpWriter *writer = self->writer;

  if (!prepare (self, command, verb, sizeof verb, &error))
    {
      ph_smtp_writer_clear (writer);
      ph_smtp_core_complete (self, command, NULL, g_steal_pointer (&error));
      return;
    }
  if (writer->is_secret)
    ph_smtp_core_write_secret (self, writer->line->str, writer->line->len);
  else
    {
      ph_smtp_put (self->out, writer->line->str, writer->line->len);
      PH_SMTP_PUT (self->out, "\r\n");
    }
  ph_smtp_writer_clear (writer);
  PhSmtpSlot *slot = ph_smtp_core_expect (self, PH_SMTP_SLOT_COMMAND, g_object_ref (command), 0);
  g_strlcpy (slot->verb, verb, sizeof slot->verb);
  ph_command_set_state (command, PH_COMMAND_SENT);
  if (g_str_equal (verb, "MAIL"))
    {
      self->needs_reset = TRUE;
      self->n_mails++;
    }
  else if (g_str_equal (verb, "RSET"))
    self->needs_reset = FALSE;
  self->group_ended = !may_be_followed (verb) || (ph_command_get_flags (command) & PH_COMMAND_ALONE) != 0;
}

static GQueue *
next_queue (PhSmtpCore *self)
{
  return g_queue_is_empty (&self->again) ? &self->pending : &self->again;
}

void
ph_smtp_schedule (PhSmtpCore *self)
{
  PhCommand *command;

  while ((command = g_queue_peek_head (next_queue (self))) != NULL && self->standing == PH_WANT_READ && may_write (self, command))
    {
      GList *link = g_queue_pop_head_link (next_queue (self));

      link->next = self->spare;
      self->spare = link;
      if (is_send (self, command))
        ph_smtp_send_begin (self, (PhSmtpSend *) command);
      else
        {
          write_command (self, command);
          g_object_unref (command);
        }
    }
}

/* What a raw line changes for the engine */
static void
note_effect (PhSmtpCore *self, const char *verb, PhReply *reply)
{
  if (!ph_reply_is_ok (reply) || !g_str_equal (verb, self->flavor->hello))
    return;
  ph_smtp_features_parse (&self->features, reply);
  ph_smtp_core_emit (self, PH_EVENT_CAPABILITIES, reply, NULL);
}

/* Behind XCLIENT the server begins anew, as if another client had connected: the hello is said again, and its reply is the command's. */
static gboolean
begin_anew (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply)
{
  if (!g_str_equal (slot->verb, "XCLIENT") || !ph_reply_is_ok (reply))
    return FALSE;
  self->authenticated = FALSE;
  ph_smtp_features_parse (&self->features, NULL);
  g_string_append_printf (self->out, "%s %s\r\n", self->flavor->hello, self->hello_name);
  PhSmtpSlot *again = ph_smtp_ring_push_front (&self->slots, sizeof (PhSmtpSlot));
  *again = *slot;
  g_strlcpy (again->verb, self->flavor->hello, sizeof again->verb);
  if (again->command != NULL)
    g_object_ref (again->command);
  return TRUE;
}

/* A command class of somebody else's may have more to say at a 3xx reply. */
static gboolean
proceed (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply)
{
  int code = ph_reply_get_code (reply);

  if (code / 100 != 3 || slot->command == NULL)
    return FALSE;
  g_autoptr (PhResponse) response = ph_response_new_transient ();
  ph_response_fill (response, PH_RESPONSE_CONTINUATION, NULL, NULL, (guint32) code, PH_STATUS_NONE, NULL, NULL,
                    ph_reply_get_text (reply), NULL);
  g_autoptr (GObject) object = g_object_new (self->flavor->get_writer_type (), NULL);
  PhSmtpWriter *writer = (PhSmtpWriter *) object;
  if (!ph_command_proceed (slot->command, response, PH_WRITER (object)))
    return FALSE;
  if (writer->error != NULL)
    {
      /* the server waits for a line that will not come */
      ph_smtp_core_fail (self, reply, g_steal_pointer (&writer->error));
      return TRUE;
    }
  if (writer->is_secret)
    ph_smtp_core_write_secret (self, writer->line->str, writer->line->len);
  else
    g_string_append_printf (self->out, "%s\r\n", writer->line->str);
  PhSmtpSlot *again = ph_smtp_ring_push_front (&self->slots, sizeof (PhSmtpSlot));
  *again = *slot;
  g_object_ref (again->command);
  return TRUE;
}

void
ph_smtp_command_replied (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply)
{
  note_effect (self, slot->verb, reply);
  if (begin_anew (self, slot, reply) || slot->command == NULL || proceed (self, slot, reply))
    return;
  ph_smtp_core_complete (self, slot->command, reply, NULL);
}

char *
ph_smtp_slot_describe (PhSmtpCore *self, const PhSmtpSlot *slot)
{
  static const char *const names[] = {
    [PH_SMTP_SLOT_GREETING] = "the connection", [PH_SMTP_SLOT_HELO] = "HELO", [PH_SMTP_SLOT_STARTTLS] = "STARTTLS",
    [PH_SMTP_SLOT_AUTH] = "AUTH",               [PH_SMTP_SLOT_RSET] = "RSET", [PH_SMTP_SLOT_DATA] = "DATA",
    [PH_SMTP_SLOT_CHUNK] = "a part of the message", [PH_SMTP_SLOT_CONTENT] = "the message",
    [PH_SMTP_SLOT_LONE_DOT] = "the end of an empty message", [PH_SMTP_SLOT_ABANDON] = "RSET",
  };

  switch (slot->kind)
    {
    case PH_SMTP_SLOT_HELLO:
      return g_strdup (self->flavor->hello);
    case PH_SMTP_SLOT_COMMAND:
      return g_strdup (slot->verb);
    case PH_SMTP_SLOT_MAIL:
    case PH_SMTP_SLOT_RCPT:
      return ph_smtp_send_describe ((PhSmtpSend *) slot->command, slot);
    default:
      return g_strdup (names[slot->kind]);
    }
}

PhCommand *
ph_smtp_make_command (const char *verb, const char *argument)
{
  g_autofree char *line = argument != NULL && argument[0] != '\0' ? g_strconcat (verb, " ", argument, NULL) : g_strdup (verb);
  return ph_command_new_line (line);
}
