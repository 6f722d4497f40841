/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a command's arguments as words with a blank between them; nothing that could end the line or begin another word gets in. */
#include "ph-smtp-writer.h"

static void
fail_with (PhSmtpWriter *self, const char *why)
{
  if (self->error != NULL)
    return;
  self->error = ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%s", why);
}

static void
put (PhSmtpWriter *self, const char *text, gsize length)
{
  if (self->line->len > 0)
    g_string_append_c (self->line, ' ');
  g_string_append_len (self->line, text, (gssize) length);
}

static void
put_word (PhSmtpWriter *self, const char *text, gsize length)
{
  if (length == 0)
    fail_with (self, "an empty word can't be sent");
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]) || text[i] == ' ')
      {
        fail_with (self, "a word with a blank, a line end or another control character in it can't be sent");
        return;
      }
  put (self, text, length);
}

static void
write_word (PhWriter *writer, const char *word)
{
  put_word ((PhSmtpWriter *) writer, word, strlen (word));
}

static void
write_number (PhWriter *writer, guint64 number)
{
  char digits[24];
  g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
  put ((PhSmtpWriter *) writer, digits, strlen (digits));
}

static void
write_bytes (PhWriter *writer, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  put_word ((PhSmtpWriter *) writer, data, length);
}

static void
write_body (PhWriter *writer, PhBody *body)
{
  fail_with ((PhSmtpWriter *) writer, "a stream can't be an argument here");
}

static void
write_secret (PhWriter *writer, PhSecret *secret)
{
  PhSmtpWriter *self = (PhSmtpWriter *) writer;
  gsize length;
  const char *text = ph_secret_get (secret, &length);

  self->is_secret = TRUE;
  put_word (self, text, length);
}

static void
write_line (PhWriter *writer, const char *text)
{
  PhSmtpWriter *self = (PhSmtpWriter *) writer;

  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) && *c != '\t')
      {
        fail_with (self, "a line with a line end or another control character in it can't be sent");
        return;
      }
  put (self, text, strlen (text));
}

static void
write_list (PhWriter *writer)
{
  fail_with ((PhSmtpWriter *) writer, "a list can't be an argument here");
}

static void
take_error (PhWriter *writer, GError *error)
{
  PhSmtpWriter *self = (PhSmtpWriter *) writer;

  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

void
ph_smtp_writer_init (PhSmtpWriter *self)
{
  self->line = g_string_new (NULL);
}

void
ph_smtp_writer_clear (PhSmtpWriter *self)
{
  ph_wipe (self->line->str, self->line->len);
  g_string_truncate (self->line, 0);
  g_clear_error (&self->error);
  self->is_secret = FALSE;
}

void
ph_smtp_writer_finalize (GObject *object)
{
  PhSmtpWriter *self = (PhSmtpWriter *) object;

  ph_wipe (self->line->str, self->line->len);
  g_string_free (self->line, TRUE);
  g_clear_error (&self->error);
}

void
ph_smtp_writer_describe (PhWriterInterface *iface)
{
  iface->atom = write_word;
  iface->string = write_word;
  iface->mailbox = write_word;
  iface->number = write_number;
  iface->bytes = write_bytes;
  iface->body = write_body;
  iface->secret = write_secret;
  iface->line = write_line;
  iface->open = write_list;
  iface->close = write_list;
  iface->fail = take_error;
}

gboolean
ph_smtp_writer_run (PhSmtpWriter *self, PhCommand *command, GError **error)
{
  ph_smtp_writer_clear (self);
  ph_command_write (command, (PhWriter *) self);
  if ((ph_command_get_flags (command) & PH_COMMAND_SECRET) != 0)
    self->is_secret = TRUE;
  if (self->error == NULL && self->line->len == 0)
    fail_with (self, "an empty line is no command");
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  return TRUE;
}
