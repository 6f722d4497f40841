/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AUTH, RFC 4954 sections 4 and 8:
 *
 *   auth-command     = "AUTH" SP sasl-mech [SP initial-response]
 *                      *(CRLF [base64]) [CRLF cancel-response] CRLF
 *   initial-response = base64 / "="
 *   cancel-response  = "*"
 *   continue-req     = "334" SP [base64] CRLF
 *   base64           = base64-terminal / ( 1*(4base64-char) [base64-terminal] )
 *   base64-char      = ALPHA / DIGIT / "+" / "/"
 *   base64-terminal  = (2base64-char "==") / (3base64-char "=")
 */
#include "ph-smtp-core.h"

/* RFC 4954 section 4: an AUTH line with an initial response is a command line like others, 512 octets with CRLF. */
#define MAX_AUTH_LINE 512
/* What no mechanism needs; a server that goes on for ever ends here. */
#define MAX_CHALLENGES 64
#define MAX_TRIES 32

void
ph_smtp_login_clear (PhSmtpCore *self)
{
  g_clear_pointer (&self->refusal, ph_reply_unref);
  g_clear_pointer (&self->initial, g_bytes_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  g_clear_error (&self->cancel);
  self->cancelling = FALSE;
}

static void
refuse_login (PhSmtpCore *self)
{
  ph_smtp_core_fail (self, self->refusal, ph_smtp_core_refused (self, PH_ERROR_AUTHENTICATION, self->refusal, NULL, "the login was"));
}

void
ph_smtp_login_begin (PhSmtpCore *self)
{
  if (self->features.mechanisms == NULL || self->features.mechanisms[0] == NULL)
    ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_NO_MECHANISM, NULL, NULL, "%s offers no login%s", self->host,
                                                 self->secure ? "" : " (without TLS)"));
  else if (self->n_tries++ == MAX_TRIES)
    refuse_login (self);
  else
    self->standing = PH_WANT_SASL_START;
}

static void
cancel (PhSmtpCore *self)
{
  self->cancelling = TRUE;
  ph_smtp_core_write (self, PH_SMTP_SLOT_AUTH, "*", NULL);
}

static void
write_base64 (PhSmtpCore *self, GBytes *response)
{
  gsize length = 0;
  const guchar *data = response != NULL ? g_bytes_get_data (response, &length) : NULL;
  char *text = length > 0 ? g_base64_encode (data, length) : g_strdup ("");

  ph_smtp_core_write_secret (self, text, strlen (text));
  ph_wipe (text, strlen (text));
  g_free (text);
}

static void
start_mechanism (PhSmtpCore *self, const char *mechanism, GBytes *response)
{
  gsize length = response != NULL ? g_bytes_get_size (response) : 0;
  gsize line = strlen ("AUTH  \r\n") + strlen (mechanism) + (length + 2) / 3 * 4;

  self->standing = PH_WANT_READ;
  self->n_challenges = 0;
  self->cancelling = FALSE;
  g_clear_pointer (&self->initial, g_bytes_unref);
  ph_smtp_core_expect (self, PH_SMTP_SLOT_AUTH, NULL, 0);
  if (response != NULL && line <= MAX_AUTH_LINE)
    {
      /* the name may be seen, what follows may not */
      PH_SMTP_PUT (self->out, "AUTH ");
      ph_smtp_put (self->out, mechanism, strlen (mechanism));
      PH_SMTP_PUT (self->out, " ");
      if (length == 0)
        ph_smtp_core_write_secret (self, "=", 1);
      else
        write_base64 (self, response);
      return;
    }
  g_string_append_printf (self->out, "AUTH %s\r\n", mechanism);
  if (response != NULL)
    self->initial = g_bytes_ref (response);
}

static void
answer_start (PhSmtpCore *self, const char *mechanism, GBytes *response, const GError *error)
{
  if (error != NULL)
    ph_smtp_core_fail (self, NULL, g_error_copy (error));
  else if (mechanism != NULL && strpbrk (mechanism, " \r\n") == NULL)
    start_mechanism (self, mechanism, response);
  else if (self->refusal != NULL)
    refuse_login (self);
  else
    {
      g_autofree char *offered = g_strjoinv (", ", self->features.mechanisms);
      ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_NO_MECHANISM, NULL, NULL, "none of the ways to log in that %s offers can be "
                                                   "used: %s", self->host, offered));
    }
}

static void
answer_challenge (PhSmtpCore *self, GBytes *response, const GError *error)
{
  self->standing = PH_WANT_READ;
  if (error != NULL)
    {
      self->cancel = g_error_copy (error);
      cancel (self);
      return;
    }
  ph_smtp_core_expect (self, PH_SMTP_SLOT_AUTH, NULL, 0);
  write_base64 (self, response);
}

void
ph_smtp_login_answered (PhSmtpCore *self, const char *mechanism, GBytes *response, const GError *error)
{
  switch (self->standing)
    {
    case PH_WANT_SASL_START:
      answer_start (self, mechanism, response, error);
      break;
    case PH_WANT_SASL_CHALLENGE:
      answer_challenge (self, response, error);
      break;
    case PH_WANT_SASL_DONE:
      self->standing = PH_WANT_READ;
      ph_smtp_login_clear (self);
      if (error != NULL)
        ph_smtp_core_fail (self, NULL, g_error_copy (error));
      else
        ph_smtp_open_logged_in (self);
      break;
    default:
      break;
    }
}

/* NULL where @text is not base64. g_base64_decode () alone skips what it does not know. */
static GBytes *
decode (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  gsize length = strlen (stripped), padding = 0, size = 0;

  while (padding < 2 && padding < length && stripped[length - 1 - padding] == '=')
    padding++;
  if (length % 4 != 0)
    return NULL;
  for (gsize i = 0; i < length - padding; i++)
    if (!g_ascii_isalnum (stripped[i]) && stripped[i] != '+' && stripped[i] != '/')
      return NULL;
  if (length == 0)
    return g_bytes_new_static ("", 0);
  guchar *data = g_base64_decode (stripped, &size);
  return g_bytes_new_take (data, size);
}

static void
challenged (PhSmtpCore *self, PhReply *reply)
{
  g_clear_pointer (&self->challenge, g_bytes_unref);
  if (self->cancelling || self->n_challenges++ == MAX_CHALLENGES)
    {
      ph_smtp_core_unexpected (self, reply, self->cancelling ? "the cancelled AUTH" : "AUTH");
      return;
    }
  self->challenge = decode (ph_reply_get_text (reply));
  if (self->challenge == NULL)
    cancel (self);
  else if (self->initial != NULL)
    {
      ph_smtp_core_expect (self, PH_SMTP_SLOT_AUTH, NULL, 0);
      write_base64 (self, self->initial);
      g_clear_pointer (&self->initial, g_bytes_unref);
    }
  else
    self->standing = PH_WANT_SASL_CHALLENGE;
}

void
ph_smtp_login_replied (PhSmtpCore *self, PhReply *reply)
{
  int code = ph_reply_get_code (reply);

  /* cancelled, and not refused: nothing to go on with */
  if (self->cancel != NULL && code / 100 < 4)
    {
      ph_smtp_core_fail (self, reply, g_steal_pointer (&self->cancel));
      return;
    }
  g_clear_error (&self->cancel);
  if (code == 334)
    challenged (self, reply);
  /* 503: already logged in (RFC 4954 section 4) */
  else if ((code / 100 == 2 || code == 503) && !self->cancelling)
    self->standing = PH_WANT_SASL_DONE;
  else if (code / 100 < 4)
    ph_smtp_core_unexpected (self, reply, "AUTH");
  else
    {
      g_clear_pointer (&self->refusal, ph_reply_unref);
      self->refusal = ph_reply_ref (reply);
      ph_smtp_login_begin (self);
    }
}
