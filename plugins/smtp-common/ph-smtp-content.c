/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A message's octets: by DATA with dots and line ends made right, or by BDAT (RFC 3030) as they are.
 *
 * BDAT is taken where it is offered and no line end stands in its way: text "MUST be sent in the canonical MIME format with lines
 * delimited with a <CR><LF>", so a message whose first line ends in LF alone goes by DATA, which makes it right. A message whose length is
 * known goes in chunks of up to 1 MiB, another in chunks of what the driver has at hand.
 */
#include "ph-smtp-send.h"

#define MAX_CHUNK (1024 * 1024)

/* How far a message is looked into for octets that only a binary one has */
#define LOOK_FOR_NUL (1024 * 1024)

typedef struct {
  gboolean readable;     /* it could be looked at */
  gboolean bare;         /* its first line ends in LF or CR alone */
  gboolean nul;
  gboolean eight_bit;
} Findings;

static gboolean
has_bare_end (const guint8 *data, gsize length)
{
  const guint8 *lf = memchr (data, '\n', length);

  return lf != NULL ? lf == data || lf[-1] != '\r' : memchr (data, '\r', length) != NULL;
}

static gboolean
has_high_octet (const guint8 *data, gsize length)
{
  guint8 all = 0;

  for (gsize i = 0; i < length; i++)
    all |= data[i];
  return all >= 0x80;
}

static void
look_at (Findings *found, const guint8 *piece, gsize length, gboolean whole)
{
  if (!found->readable)
    found->bare = has_bare_end (piece, length);
  found->readable = TRUE;
  found->nul |= memchr (piece, '\0', length) != NULL;
  found->eight_bit |= whole && has_high_octet (piece, length);
}

/* @whole: all of it is looked at for octets above 127 */
static Findings
look (PhBody *body, gboolean whole)
{
  Findings found = { 0 };
  GBytes *bytes = ph_body_get_bytes (body);
  guint8 piece[4096];
  guint64 offset = 0;
  gssize got;

  if (bytes != NULL)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);
      if (length > 0)
        look_at (&found, data, whole ? length : MIN (length, LOOK_FOR_NUL), whole);
      return found;
    }
  while ((whole || offset < LOOK_FOR_NUL) && (got = ph_body_peek (body, offset, piece, sizeof piece)) > 0)
    {
      look_at (&found, piece, (gsize) got, whole);
      offset += (guint64) got;
    }
  return found;
}

static gboolean
refuse (PhSmtpCore *core, const char *what, GError **error)
{
  g_propagate_error (error, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "the message has %s, which %s does not take", what, core->host));
  return FALSE;
}

gboolean
ph_smtp_content_examine (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  const PhSmtpFeatures *features = &core->features;
  if (self->in_pieces)
    return ph_smtp_pieces_examine (core, self, error);

  gboolean takes_binary = features->chunking && features->binary_mime;
  gboolean takes_8bit = features->eight_bit_mime;
  Findings found = look (self->body, !takes_8bit);

  self->binary = ph_envelope_get_body_type (self->envelope) == PH_BODY_TYPE_BINARY || ph_smtp_send_has_parameter (self, "BODY", "BINARYMIME");
  if (self->binary && !takes_binary)
    return refuse (core, "BODY=BINARYMIME", error);
  if (found.nul && !self->binary && !takes_binary)
    return refuse (core, "NUL octets in it", error);
  self->binary |= found.nul;
  if (found.eight_bit && !self->binary)
    return refuse (core, "octets above 127 in it (8BITMIME)", error);
  /* where nothing can be looked at and only 7 bits are taken, the coder of DATA sees to it */
  self->chunked = self->binary || (features->chunking && !found.bare && (takes_8bit || found.readable || self->size == 0));
  self->seven_bit = !takes_8bit && !found.readable;
  return TRUE;
}

/* The next chunk of a message whose length is known */
static void
write_chunk (PhSmtpCore *core, PhSmtpSend *self)
{
  guint64 length = MIN (self->left, MAX_CHUNK);
  gboolean last = length == self->left;

  PH_SMTP_PUT (core->out, "BDAT ");
  ph_smtp_put_number (core->out, length);
  if (last)
    PH_SMTP_PUT (core->out, " LAST\r\n");
  else
    PH_SMTP_PUT (core->out, "\r\n");
  ph_smtp_core_expect (core, last ? PH_SMTP_SLOT_CONTENT : PH_SMTP_SLOT_CHUNK, PH_COMMAND (self), 0);
  self->left -= length;
  self->chunk = length;
}

/* All of it is with the driver. */
static void
end_content (PhSmtpCore *core, PhSmtpSend *self)
{
  self->end_offset = core->given + core->out->len;
  core->writing = NULL;
  core->group_ended = FALSE;
  core->n_uncertain++;
  core->uncertain_octets += (guint64) MAX (self->size, 0);
}

/* Between two chunks: what the server has of it is taken back. */
static void
abandon (PhSmtpCore *core, PhSmtpSend *self)
{
  PH_SMTP_PUT (core->out, "RSET\r\n");
  ph_smtp_core_expect (core, PH_SMTP_SLOT_ABANDON, PH_COMMAND (self), 0);
}

/* What was refused or cancelled between two pieces is taken back. */
static void
write_pieces (PhSmtpCore *core, PhSmtpSend *self)
{
  guint before = self->n_pieces;

  if (before > 0 && (self->content_refused || self->ended) && !ph_smtp_pieces_were_all (self))
    abandon (core, self);
  else if (ph_smtp_pieces_write (core, self))
    core->standing = PH_WANT_WRITE_BODY;
  else
    {
      core->standing = PH_WANT_READ;
      end_content (core, self);
    }
}

void
ph_smtp_content_begin (PhSmtpCore *core, PhSmtpSend *self)
{
  PhSmtpCoder *coder;

  if (self->content_used && !ph_body_rewind (self->body))
    {
      ph_smtp_core_fail (core, NULL, ph_error_new (PH_ERROR_BODY, NULL, NULL, "the message could not be read a second time"));
      return;
    }
  self->content_begun = self->content_used = TRUE;
  core->standing = PH_WANT_WRITE_BODY;
  if (self->in_pieces)
    {
      write_pieces (core, self);
      return;
    }
  if (self->chunked && self->size >= 0)
    {
      self->left = (guint64) self->size;
      write_chunk (core, self);
      return;
    }
  if (core->coder == NULL)
    core->coder = g_object_new (core->flavor->get_coder_type (), NULL);
  coder = (PhSmtpCoder *) core->coder;
  coder->chunked = self->chunked;
  coder->dots = (PhSmtpDot){ .seven_bit = self->seven_bit };
  coder->chunks = (PhSmtpChunks){ 0 };
  if (!self->chunked)
    ph_smtp_core_expect (core, PH_SMTP_SLOT_CONTENT, PH_COMMAND (self), 0);
}

static gboolean
is_by_coder (PhSmtpSend *self)
{
  return !self->chunked || (self->size < 0 && !self->in_pieces);
}

void
ph_smtp_content_fill_want (PhSmtpCore *core, PhWant *want)
{
  PhSmtpSend *self = core->writing;

  want->command = PH_COMMAND (self);
  if (self->in_pieces)
    {
      want->body = ph_smtp_pieces_current (self);
      want->length = ph_body_get_size (want->body);
      return;
    }
  want->body = self->body;
  want->length = is_by_coder (self) ? -1 : (gint64) self->chunk;
  want->more = !is_by_coder (self) && self->left > 0;
  want->coder = is_by_coder (self) ? G_CONVERTER (core->coder) : NULL;
}

void
ph_smtp_content_note_chunks (PhSmtpCore *core)
{
  PhSmtpSend *self = core->writing;
  const PhSmtpCoder *coder = (PhSmtpCoder *) core->coder;

  if (core->standing != PH_WANT_WRITE_BODY || self == NULL || !self->chunked || !is_by_coder (self))
    return;
  for (; self->n_chunks < coder->chunks.n_chunks; self->n_chunks++)
    ph_smtp_core_expect (core, PH_SMTP_SLOT_CHUNK, PH_COMMAND (self), 0);
}

static GError *
body_error (const GError *error)
{
  return ph_error_new (PH_ERROR_BODY, NULL, NULL, "the message could not be read to its end: %s", error->message);
}

/* Without its end the message does not exist: the connection's end takes it back, or RSET where the session stands between two chunks. */
static void
fail_content (PhSmtpCore *core, PhSmtpSend *self, const GError *error)
{
  if (!self->chunked || !is_by_coder (self))
    {
      ph_smtp_core_fail (core, NULL, body_error (error));
      return;
    }
  if (!self->content_refused && !self->ended)
    {
      self->ended = TRUE;
      ph_smtp_send_fail (core, self, body_error (error));
    }
  abandon (core, self);
}

void
ph_smtp_content_written (PhSmtpCore *core, const GError *error)
{
  PhSmtpSend *self = core->writing;

  ph_smtp_content_note_chunks (core);
  core->standing = PH_WANT_READ;
  if (error != NULL)
    fail_content (core, self, error);
  else if (self->in_pieces)
    write_pieces (core, self);
  else if (self->chunked && self->left > 0 && (self->content_refused || self->ended))
    abandon (core, self);
  else if (self->chunked && self->left > 0)
    {
      core->standing = PH_WANT_WRITE_BODY;
      write_chunk (core, self);
    }
  else
    {
      if (!self->chunked)
        PH_SMTP_PUT (core->out, ".\r\n");
      else if (is_by_coder (self))
        ph_smtp_core_expect (core, PH_SMTP_SLOT_CONTENT, PH_COMMAND (self), 0);
      end_content (core, self);
    }
}
