/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The login: AUTHENTICATE with whatever mechanism the driver picks, or the LOGIN command (RFC 9051 sections 6.2.2, 6.2.3; RFC 4959).
 *
 *   authenticate = "AUTHENTICATE" SP mechanism [SP (base64 / "=")] *(CRLF base64)
 *   challenge    = "+" SP [base64] CRLF
 *
 * IMAP has no data beside success: a mechanism's last word from the server comes as a challenge, and is answered by an empty line.
 */
#include "imap-engine.h"

#include <string.h>

static void
write_authenticate (PhImapCommand *command, PhWriter *writer)
{
  ph_writer_atom (writer, command->mailbox);
  if (command->secret != NULL)
    ph_imap_writer_secret_word ((PhImapWriter *) writer, ph_secret_get (command->secret, NULL));
}

static void
write_login (PhImapCommand *command, PhWriter *writer)
{
  ph_writer_string (writer, command->mailbox);
  ph_writer_secret (writer, command->secret);
}

static const PhImapKind authenticate_kind = { .verb = "AUTHENTICATE", .flags = PH_IMAP_KIND_ALONE, .write = write_authenticate };
static const PhImapKind login_kind = { .verb = "LOGIN", .flags = PH_IMAP_KIND_ALONE, .write = write_login };

static PhSecret *
encode (GBytes *bytes, const char *empty)
{
  gsize         length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  char         *text = length > 0 ? g_base64_encode (data, length) : g_strdup (empty);
  PhSecret     *secret = ph_secret_new (text);

  ph_wipe (text, strlen (text));
  g_free (text);
  return secret;
}

void
ph_imap_engine_begin_login (PhImapEngine *self)
{
  g_clear_pointer (&self->refusal, ph_reply_unref);
  g_strfreev (self->mechanisms);
  self->mechanisms = ph_imap_capabilities_dup_mechanisms (&self->capabilities);
  self->sasl = PH_WANT_SASL_START;
}

gboolean
ph_imap_engine_poll_sasl (PhImapEngine *self, PhWant *want)
{
  PhImapFeatures features = ph_imap_capabilities_get (&self->capabilities);

  if (self->sasl == PH_WANT_READ)
    return FALSE;

  want->kind = self->sasl;
  want->mechanisms = (const char *const *) self->mechanisms;
  want->initial_response = (features & PH_IMAP_SASL_IR) != 0;
  want->login_command = (features & PH_IMAP_LOGIN_DISABLED) == 0;
  want->reply = self->sasl == PH_WANT_SASL_START ? self->refusal : NULL;
  want->bytes = self->challenge;
  return TRUE;
}

void
ph_imap_engine_fail_login (PhImapEngine *self, GError *error)
{
  if (self->reopening == NULL)
    {
      ph_imap_engine_fail (self, error);
      return;
    }
  ph_imap_engine_enter (self, PH_IMAP_PHASE_OPEN);
  ph_imap_engine_end_reopening (self, error);
}

static void
keep_reply (PhImapEngine *self, PhReply *reply)
{
  if (self->reopening == NULL)
    return;
  g_clear_pointer (&self->reopening->reply, ph_reply_unref);
  self->reopening->reply = ph_reply_ref (reply);
}

/* The tagged reply to AUTHENTICATE or LOGIN */
static void
login_done (PhImapEngine *self, PhCommand *command)
{
  PhReply *reply = ph_command_get_reply (command);

  g_clear_pointer (&self->initial, g_bytes_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  /* cancelled, and not refused: nothing to go on with */
  if (self->sasl_error != NULL && (reply == NULL || ph_reply_is_ok (reply)))
    {
      ph_imap_engine_fail (self, g_steal_pointer (&self->sasl_error));
      return;
    }

  g_clear_error (&self->sasl_error);
  if (reply == NULL)
    {
      ph_imap_engine_fail_login (self, g_error_copy (ph_command_get_error (command)));
    }
  else if (!ph_reply_is_ok (reply))
    {
      g_clear_pointer (&self->refusal, ph_reply_unref);
      self->refusal = ph_reply_ref (reply);
      self->sasl = PH_WANT_SASL_START;
    }
  else if (ph_imap_command_is (command, &login_kind))
    {
      keep_reply (self, reply);
      ph_imap_engine_authenticated (self);
    }
  else
    {
      keep_reply (self, reply);
      self->sasl = PH_WANT_SASL_DONE;
    }
}

static void
run_login (PhImapEngine *self, GBytes *response)
{
  g_autoptr (PhImapCommand) command = ph_imap_command_new (&login_kind);
  gsize       length;
  const char *data = g_bytes_get_data (response, &length);
  const char *nul = length > 0 ? memchr (data, '\0', length) : NULL;

  if (nul == NULL)
    {
      ph_imap_engine_fail_login (self, ph_error_new (PH_ERROR_NO_CREDENTIALS, NULL, NULL, "LOGIN to %s needs a user and a password", self->host));
      return;
    }

  command->mailbox = g_strdup (data);
  command->secret = ph_secret_new_len (nul + 1, (gssize) (length - (gsize) (nul + 1 - data)));
  ph_imap_engine_run (self, PH_COMMAND (command), login_done);
}

static void
run_authenticate (PhImapEngine *self, const char *mechanism, GBytes *response)
{
  g_autoptr (PhImapCommand) command = ph_imap_command_new (&authenticate_kind);
  g_autofree char *title = g_strconcat ("AUTHENTICATE ", mechanism, NULL);

  ph_command_set_name (PH_COMMAND (command), title);
  command->mailbox = g_strdup (mechanism);
  if (response != NULL && (ph_imap_capabilities_get (&self->capabilities) & PH_IMAP_SASL_IR) != 0)
    command->secret = encode (response, "=");
  else if (response != NULL)
    self->initial = g_bytes_ref (response);
  ph_imap_engine_run (self, PH_COMMAND (command), login_done);
}

/* A line of the dialogue; the entry is the AUTHENTICATE that runs. */
static void
answer (PhImapEngine *self, GBytes *response)
{
  PhImapEntry *entry = g_queue_peek_head (&self->running);
  g_autoptr (PhSecret) text = NULL;

  if (entry == NULL)
    return;

  ph_imap_writer_begin (self->writer, NULL, FALSE);
  if (response == NULL)
    {
      ph_imap_writer_secret_word (self->writer, "");
    }
  else
    {
      text = encode (response, "");
      ph_imap_writer_secret_word (self->writer, ph_secret_get (text, NULL));
    }
  ph_imap_engine_send_line (self, entry);
}

static void
cancel (PhImapEngine *self)
{
  PhImapEntry *entry = g_queue_peek_head (&self->running);

  if (entry == NULL)
    return;

  ph_imap_writer_begin (self->writer, NULL, FALSE);
  ph_writer_atom (PH_WRITER (self->writer), "*");
  ph_imap_engine_send_line (self, entry);
}

gboolean
ph_imap_engine_take_challenge (PhImapEngine *self, const char *text)
{
  PhImapEntry *entry = g_queue_peek_head (&self->running);
  g_autoptr (GBytes) initial = g_steal_pointer (&self->initial);
  gboolean first = self->challenge == NULL;
  guint8  *data;
  gsize    length = strlen (text);

  if (entry == NULL || !ph_imap_entry_is (entry, &authenticate_kind))
    return FALSE;

  if (initial != NULL)
    {
      answer (self, initial);
      return TRUE;
    }

  /* some say "go ahead" where the first challenge is empty */
  data = ph_imap_decode_base64 (text, &length);
  if (data == NULL && !first)
    {
      cancel (self);
      return TRUE;
    }

  g_clear_pointer (&self->challenge, g_bytes_unref);
  self->challenge = data != NULL ? g_bytes_new_take (data, length) : g_bytes_new_static ("", 0);
  self->sasl = PH_WANT_SASL_CHALLENGE;
  return TRUE;
}

static void
fail_without_mechanism (PhImapEngine *self, const GError *error)
{
  g_autofree char *text = NULL;

  if (error != NULL)
    {
      ph_imap_engine_fail_login (self, g_error_copy (error));
      return;
    }
  if (self->refusal == NULL)
    {
      ph_imap_engine_fail_login (self, ph_error_new (PH_ERROR_NO_MECHANISM, NULL, NULL, "%s offers no way to log in that can be used", self->host));
      return;
    }

  text = ph_reply_to_string (self->refusal);
  ph_imap_engine_fail_login (self, ph_error_new (ph_reply_is_temporary (self->refusal) ? PH_ERROR_THROTTLED : PH_ERROR_AUTHENTICATION, self->refusal, NULL, "%s refused the login: %s", self->host, text));
}

static void
start_mechanism (PhImapEngine *self, const char *mechanism, GBytes *response, const GError *error)
{
  if (mechanism == NULL || error != NULL)
    {
      fail_without_mechanism (self, error);
      return;
    }

  self->capabilities_fresh = FALSE;
  g_clear_pointer (&self->challenge, g_bytes_unref);
  if (!g_str_equal (mechanism, "*"))
    run_authenticate (self, mechanism, response);
  else if (response != NULL)
    run_login (self, response);
  else
    fail_without_mechanism (self, NULL);
}

void
ph_imap_engine_sasl_reply (PhEngine *engine, const char *mechanism, GBytes *response, const GError *error, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;
  PhWantKind    asked = self->sasl;

  self->sasl = PH_WANT_READ;
  self->last_activity = now;
  switch (asked)
    {
    case PH_WANT_SASL_START:
      start_mechanism (self, mechanism, response, error);
      break;
    case PH_WANT_SASL_CHALLENGE:
      if (error != NULL)
        {
          g_clear_error (&self->sasl_error);
          self->sasl_error = g_error_copy (error);
          cancel (self);
        }
      else
        answer (self, response);
      break;
    case PH_WANT_SASL_DONE:
      if (error != NULL)
        ph_imap_engine_fail (self, g_error_copy (error));
      else
        ph_imap_engine_authenticated (self);
      break;
    default:
      break;
    }
}
