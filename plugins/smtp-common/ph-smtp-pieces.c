/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A message in pieces, some of which the server fetches itself (RFC 4468 section 3.5, RFC 3030 section 2):
 *
 *   burl-cmd = "BURL" SP absolute-URI [SP "LAST"] CRLF
 *   bdat-cmd = "BDAT" SP chunk-size [SP "LAST"] CRLF
 *
 * Each piece is answered as a chunk is, the last one as the content.
 */
#include "ph-smtp-parameters.h"

#define MAX_URL 12000

static PhBody *
get_piece (PhSmtpSend *self, guint index)
{
  return ph_body_get_url (self->body) != NULL ? self->body : ph_body_get_part (self->body, index);
}

static guint
count_pieces (PhBody *body)
{
  return ph_body_get_url (body) != NULL ? 1 : ph_body_get_n_parts (body);
}

gboolean
ph_smtp_pieces_are (PhBody *body)
{
  return count_pieces (body) > 0;
}

static gboolean
is_url (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~')
      return FALSE;
  return strchr (text, ':') != NULL && strlen (text) <= MAX_URL;
}

static gboolean
refuse (GError **error, PhError code, const char *what, const char *why)
{
  g_propagate_error (error, ph_error_new (code, NULL, NULL, "%s %s", what, why));
  return FALSE;
}

gboolean
ph_smtp_pieces_examine (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  for (guint i = 0; i < count_pieces (self->body); i++)
    {
      PhBody *piece = get_piece (self, i);
      const char *url = ph_body_get_url (piece);
      if (url != NULL && !is_url (url))
        return refuse (error, PH_ERROR_INVALID_ARGUMENT, "a URL is one word of printable ASCII", "with a scheme, of 12000 octets at most");
      if (url != NULL && ph_smtp_features_find (&core->features, "BURL") == NULL)
        return refuse (error, PH_ERROR_NOT_SUPPORTED, core->host, "does not offer BURL");
      if (url == NULL && ph_body_get_size (piece) < 0)
        return refuse (error, PH_ERROR_INVALID_ARGUMENT, "a part of the message", "has no known size");
      if (url == NULL && !core->features.chunking)
        return refuse (error, PH_ERROR_NOT_SUPPORTED, core->host, "does not offer CHUNKING");
    }
  self->binary = ph_envelope_get_body_type (self->envelope) == PH_BODY_TYPE_BINARY;
  self->chunked = TRUE;
  return TRUE;
}

/* Up to the next octets of ours, or the end. TRUE: the driver is to write the body of ph_smtp_pieces_current () */
gboolean
ph_smtp_pieces_write (PhSmtpCore *core, PhSmtpSend *self)
{
  while (self->n_pieces < count_pieces (self->body))
    {
      PhBody *piece = get_piece (self, self->n_pieces++);
      const char *last = self->n_pieces == count_pieces (self->body) ? " LAST" : "";
      const char *url = ph_body_get_url (piece);
      if (url != NULL)
        g_string_append_printf (core->out, "BURL %s%s\r\n", url, last);
      else
        g_string_append_printf (core->out, "BDAT %" G_GINT64_FORMAT "%s\r\n", ph_body_get_size (piece), last);
      ph_smtp_core_expect (core, *last != '\0' ? PH_SMTP_SLOT_CONTENT : PH_SMTP_SLOT_CHUNK, PH_COMMAND (self), 0);
      if (url == NULL)
        return TRUE;
    }
  return FALSE;
}

gboolean
ph_smtp_pieces_were_all (PhSmtpSend *self)
{
  return self->n_pieces == count_pieces (self->body);
}

PhBody *
ph_smtp_pieces_current (PhSmtpSend *self)
{
  return get_piece (self, self->n_pieces - 1);
}
