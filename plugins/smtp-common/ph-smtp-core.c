/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies to whoever waits for them, and the session's end. */
#include "ph-smtp-core.h"

#include "ph-smtp-send.h"

void
ph_smtp_core_emit (PhSmtpCore *self, PhEventKind kind, PhReply *reply, GError *error)
{
  PhEvent *event = ph_smtp_ring_push (&self->events, sizeof (PhEvent));

  event->kind = kind;
  event->reply = reply != NULL ? ph_reply_ref (reply) : NULL;
  event->error = error;
}

void
ph_smtp_core_complete (PhSmtpCore *self, PhCommand *command, PhReply *reply, GError *error)
{
  ph_command_complete (command, reply, error);
  PhEvent *event = ph_smtp_ring_push (&self->events, sizeof (PhEvent));
  event->kind = PH_EVENT_COMMAND;
  event->command = g_object_ref (command);
}

PhSmtpSlot *
ph_smtp_core_expect (PhSmtpCore *self, PhSmtpSlotKind kind, PhCommand *command, guint index)
{
  PhSmtpSlot *slot = ph_smtp_ring_push (&self->slots, sizeof (PhSmtpSlot));

  slot->kind = kind;
  slot->index = index;
  slot->command = command;
  return slot;
}

PhSmtpSlot *
ph_smtp_core_first_slot (PhSmtpCore *self)
{
  return ph_smtp_ring_peek (&self->slots, sizeof (PhSmtpSlot), 0);
}

void
ph_smtp_core_write (PhSmtpCore *self, PhSmtpSlotKind kind, const char *verb, const char *argument)
{
  ph_smtp_put (self->out, verb, strlen (verb));
  if (argument != NULL)
    {
      PH_SMTP_PUT (self->out, " ");
      ph_smtp_put (self->out, argument, strlen (argument));
    }
  PH_SMTP_PUT (self->out, "\r\n");
  ph_smtp_core_expect (self, kind, NULL, 0);
}

void
ph_smtp_put_number (GString *to, guint64 number)
{
  char digits[20];
  char *at = digits + sizeof digits;

  do
    *--at = (char) ('0' + number % 10);
  while ((number /= 10) > 0);
  ph_smtp_put (to, at, (gsize) (digits + sizeof digits - at));
}

char *
ph_smtp_reply_sentence (PhReply *reply)
{
  return g_strdelimit (ph_reply_to_string (reply), "\r\n", ' ');
}

GError *
ph_smtp_core_refused (PhSmtpCore *self, PhError code, PhReply *reply, PhDelivery *delivery, const char *what)
{
  g_autofree char *said = ph_smtp_reply_sentence (reply);
  return ph_error_new (code, reply, delivery, "%s refused by %s: %s", what, self->host, said);
}

void
ph_smtp_core_unexpected (PhSmtpCore *self, PhReply *reply, const char *what)
{
  g_autofree char *said = ph_smtp_reply_sentence (reply);
  ph_smtp_core_fail (self, reply, ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "%s answered %s with what is no answer to it: %s",
                                                self->host, what, said));
}

/* Nothing is written or read any more; @error is not told to anybody yet. */
static void
stop (PhSmtpCore *self)
{
  self->standing = PH_WANT_CLOSE;
  self->next = NULL;
  self->deadline = 0;
  g_string_truncate (self->out, 0);
  ph_wipe (self->secret->str, self->secret->len);
  g_string_truncate (self->secret, 0);
  ph_smtp_login_clear (self);
}

static void
end_queue (PhSmtpCore *self, GQueue *queue, const GError *error)
{
  PhCommand *command;

  while ((command = g_queue_pop_head (queue)) != NULL)
    {
      ph_smtp_core_complete (self, command, NULL, g_error_copy (error));
      g_object_unref (command);
    }
}

static void
end_commands (PhSmtpCore *self, PhReply *reply, const GError *error)
{
  PhSmtpSlot slot;
  PhSmtpSend *send;

  while (ph_smtp_ring_pop (&self->slots, sizeof (PhSmtpSlot), &slot))
    if (slot.kind == PH_SMTP_SLOT_COMMAND && slot.command != NULL)
      {
        ph_smtp_core_complete (self, slot.command, NULL, g_error_copy (error));
        g_object_unref (slot.command);
      }
  self->writing = NULL;
  while ((send = ph_smtp_send_land (self)) != NULL)
    {
      ph_smtp_send_lost (self, send, reply, error);
      g_object_unref (send);
    }
  while ((send = g_queue_pop_head (&self->again)) != NULL)
    {
      ph_smtp_send_lost (self, send, reply, error);
      g_object_unref (send);
    }
  end_queue (self, &self->pending, error);
}

void
ph_smtp_core_fail (PhSmtpCore *self, PhReply *reply, GError *error)
{
  g_autoptr (PhReply) kept = reply != NULL ? ph_reply_ref (reply) : NULL;

  if (self->standing == PH_WANT_CLOSE)
    {
      g_error_free (error);
      return;
    }
  stop (self);
  end_commands (self, kept, error);
  ph_smtp_core_emit (self, PH_EVENT_FAILED, NULL, error);
}

static gboolean
has_commands (PhSmtpCore *self)
{
  return self->slots.n > 0 || self->first != NULL || !g_queue_is_empty (&self->again) || !g_queue_is_empty (&self->pending);
}

/* QUIT was answered: the end that was asked for. */
static void
say_goodbye (PhSmtpCore *self)
{
  g_autoptr (GError) error = NULL;

  stop (self);
  if (!has_commands (self))
    return;
  error = ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "the session with %s was closed by QUIT", self->host);
  end_commands (self, NULL, error);
}

/* 421 may answer anything, and comes unasked, too (RFC 5321 section 3.8). */
static void
shut_down (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply)
{
  g_autofree char *said = ph_smtp_reply_sentence (reply);
  GError *error = ph_error_new (PH_ERROR_SHUTTING_DOWN, reply, NULL, "%s closes the session: %s", self->host, said);

  if (slot != NULL && slot->kind == PH_SMTP_SLOT_COMMAND && slot->command != NULL)
    ph_smtp_core_complete (self, slot->command, reply, g_error_copy (error));
  else if (slot != NULL && slot->command != NULL)
    ph_smtp_send_shut_down (self, (PhSmtpSend *) slot->command, slot, reply);
  ph_smtp_core_fail (self, reply, error);
}

/* FALSE: the reply's flaw makes it unsafe to go on. With others outstanding, lines whose codes differ in class may be two replies:
 * to take one for the other's would report mail as delivered that was refused. */
static gboolean
check_flaw (PhSmtpCore *self, PhReply *reply)
{
  PhSmtpReplyFlaw flaw = self->parser.flaw;

  if (flaw == PH_SMTP_REPLY_FAIR)
    return TRUE;
  g_autofree char *said = ph_smtp_reply_sentence (reply);
  GError *error = ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "%s sent a reply whose lines have different codes: %s", self->host, said);
  if (flaw == PH_SMTP_REPLY_CLASSES && self->slots.n > 1)
    {
      ph_smtp_core_fail (self, NULL, error);
      return FALSE;
    }
  ph_smtp_core_emit (self, PH_EVENT_WARNING, NULL, error);
  return TRUE;
}

static void
dispatch (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply)
{
  switch (slot->kind)
    {
    case PH_SMTP_SLOT_GREETING:
    case PH_SMTP_SLOT_HELLO:
    case PH_SMTP_SLOT_HELO:
    case PH_SMTP_SLOT_STARTTLS:
      ph_smtp_open_replied (self, slot, reply);
      break;
    case PH_SMTP_SLOT_AUTH:
      ph_smtp_login_replied (self, reply);
      break;
    case PH_SMTP_SLOT_COMMAND:
      ph_smtp_command_replied (self, slot, reply);
      if (g_str_equal (slot->verb, "QUIT"))
        say_goodbye (self);
      break;
    case PH_SMTP_SLOT_RSET:
      break;
    default:
      ph_smtp_send_replied (self, (PhSmtpSend *) slot->command, slot, reply);
    }
}

void
ph_smtp_core_take_reply (PhSmtpCore *self, PhReply *reply)
{
  PhSmtpSlot slot = { 0 };

  ph_smtp_content_note_chunks (self);
  if (!check_flaw (self, reply))
    return;

  gboolean asked = ph_smtp_ring_pop (&self->slots, sizeof (PhSmtpSlot), &slot);
  if (ph_reply_get_code (reply) == 421 && (!asked || slot.kind != PH_SMTP_SLOT_GREETING))
    shut_down (self, asked ? &slot : NULL, reply);
  else if (!asked)
    {
      g_autofree char *said = ph_smtp_reply_sentence (reply);
      ph_smtp_core_fail (self, reply, ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "%s sent a reply to nothing: %s", self->host, said));
    }
  else
    dispatch (self, &slot, reply);
  if (slot.kind == PH_SMTP_SLOT_COMMAND)
    g_clear_object (&slot.command);
}
