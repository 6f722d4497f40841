/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the greeting to the first command: EHLO or LHLO (HELO where EHLO is not known), STARTTLS and the hello again, AUTH.
 * Steps are taken in poll (), so that a reply's events are out before what follows it is written.
 */
#include "ph-smtp-core.h"

static void say_hello (PhSmtpCore *self);

/* RFC 5321 section 4.5.3.1.2: a domain has 255 octets at most, and an address in brackets fewer */
static gboolean
is_name (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~')
      return FALSE;
  return *text != '\0' && strlen (text) <= 255;
}

static void
be_open (PhSmtpCore *self)
{
  self->open = TRUE;
  ph_smtp_core_emit (self, PH_EVENT_OPENED, self->greeting, NULL);
}

static void
after_hello (PhSmtpCore *self)
{
  gboolean wanted = !self->secure && !self->authenticated && self->tls_mode != PH_TLS_NEVER;

  if (wanted && self->features.starttls && !self->started_tls)
    {
      self->started_tls = TRUE;
      ph_smtp_core_write (self, PH_SMTP_SLOT_STARTTLS, "STARTTLS", NULL);
      return;
    }
  if (wanted && self->tls_mode == PH_TLS_REQUIRED)
    {
      ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_TLS_REQUIRED, NULL, NULL, "%s offers no STARTTLS, and TLS is required",
                                                   self->host));
      return;
    }
  if (self->login && !self->authenticated)
    ph_smtp_login_begin (self);
  else
    be_open (self);
}

static void
say_helo (PhSmtpCore *self)
{
  ph_smtp_core_write (self, PH_SMTP_SLOT_HELO, "HELO", self->hello_name);
}

static void
say_hello (PhSmtpCore *self)
{
  if (!is_name (self->hello_name))
    {
      ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "the name for %s can't be sent: it is empty, "
                                                   "too long, or has something else than printable ASCII in it", self->flavor->hello));
      return;
    }
  ph_smtp_core_write (self, PH_SMTP_SLOT_HELLO, self->flavor->hello, self->hello_name);
}

static void
greeted (PhSmtpCore *self, PhReply *reply)
{
  int code = ph_reply_get_code (reply);

  if (code / 100 == 2)
    {
      self->greeting = ph_reply_ref (reply);
      self->next = say_hello;
    }
  else if (code / 100 == 3)
    ph_smtp_core_unexpected (self, reply, "the connection");
  else
    ph_smtp_core_fail (self, reply, ph_smtp_core_refused (self, PH_ERROR_GREETING, reply, NULL, "the session was"));
}

static void
helloed (PhSmtpCore *self, PhReply *reply, gboolean is_helo)
{
  const char *verb = is_helo ? "HELO" : self->flavor->hello;
  int class = ph_reply_get_code (reply) / 100;

  if (class == 2)
    {
      ph_smtp_features_parse (&self->features, is_helo ? NULL : reply);
      ph_smtp_core_emit (self, PH_EVENT_CAPABILITIES, reply, NULL);
      self->next = after_hello;
    }
  /* not behind TLS or a login, where it was known a moment ago */
  else if (class == 5 && !is_helo && !self->flavor->is_lmtp && !self->started_tls && !self->authenticated)
    self->next = say_helo;
  else if (class == 3)
    ph_smtp_core_unexpected (self, reply, verb);
  else
    ph_smtp_core_fail (self, reply, ph_smtp_core_refused (self, PH_ERROR_HELLO, reply, NULL, verb));
}

static void
starttls_replied (PhSmtpCore *self, PhReply *reply)
{
  gboolean required = self->tls_mode == PH_TLS_REQUIRED;
  int class = ph_reply_get_code (reply) / 100;

  if (class == 2)
    {
      self->standing = PH_WANT_TLS;
      return;
    }
  if (class == 3)
    {
      ph_smtp_core_unexpected (self, reply, "STARTTLS");
      return;
    }
  GError *error = ph_smtp_core_refused (self, required ? PH_ERROR_TLS_REQUIRED : PH_ERROR_REFUSED, reply, NULL, "STARTTLS");
  if (required)
    {
      ph_smtp_core_fail (self, reply, error);
      return;
    }
  ph_smtp_core_emit (self, PH_EVENT_WARNING, NULL, error);
  self->next = after_hello;
}

void
ph_smtp_open_secured (PhSmtpCore *self, const GError *error)
{
  if (error != NULL)
    {
      ph_smtp_core_fail (self, NULL, g_error_copy (error));
      return;
    }
  self->secure = TRUE;
  /* RFC 3207 section 4.2: whatever was learned in plain text is forgotten */
  ph_smtp_features_parse (&self->features, NULL);
  self->next = say_hello;
}

/* RFC 4954 section 4: behind a SASL security layer the session begins anew with EHLO; otherwise what the server offered stands.
 * The engine is not told of a layer, but none is negotiated under TLS, so EHLO is said again where there is no TLS. */
void
ph_smtp_open_logged_in (PhSmtpCore *self)
{
  self->authenticated = TRUE;
  self->next = self->secure ? after_hello : say_hello;
}

void
ph_smtp_open_replied (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply)
{
  switch (slot->kind)
    {
    case PH_SMTP_SLOT_GREETING:
      greeted (self, reply);
      break;
    case PH_SMTP_SLOT_STARTTLS:
      starttls_replied (self, reply);
      break;
    default:
      helloed (self, reply, slot->kind == PH_SMTP_SLOT_HELO);
    }
}
