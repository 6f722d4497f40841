/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A message cut into pieces, in the order in which they go out:
 *
 *   entity    = [fields] CRLF body                                                      RFC 2045 section 2.4
 *   multipart = [preamble CRLF] 1*("--" boundary CRLF entity CRLF) "--" boundary "--" CRLF [epilogue]    RFC 2046 section 5.1.1
 *   message   = entity                                                                  RFC 2046 section 5.2.1
 *
 * The order and the line ends are GMime's own, so that what it signed is sent as it signed it.
 */
#include "ph-mime-plan.h"

#include "ph-mime-header.h"
#include "ph-mime-stream.h"

#include <string.h>

/* Deeper than any mail; what came from a parser could be a trap for recursion */
#define MAX_DEPTH 100
#define SMALL (64 * 1024)

typedef struct {
  PhMimePlan *plan;
  PhMimeForm form;
  PhMimeFlags flags;
  GString *text;     /* what isn't a piece yet */
  guint depth;
  guint n_signed;    /* signed multiparts around */
  GError *error;
} Builder;

static void
clear_piece (gpointer data)
{
  PhMimePiece *piece = data;

  g_clear_pointer (&piece->text, g_bytes_unref);
  g_clear_pointer (&piece->content, ph_mime_content_unref);
}

PhMimePlan *
ph_mime_plan_ref (PhMimePlan *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
ph_mime_plan_unref (PhMimePlan *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->pieces);
  g_free (self);
}

static void
end_text (Builder *self)
{
  PhMimePiece piece = { NULL, NULL };

  if (self->text->len == 0)
    return;
  ph_mime_scan (&self->plan->scan, self->text->str, self->text->len);
  piece.text = g_bytes_new (self->text->str, self->text->len);
  g_array_append_val (self->plan->pieces, piece);
  g_string_truncate (self->text, 0);
}

/* Preambles and epilogues: whatever their line ends are, CR LF */
static void
add_lines (Builder *self, const char *lines)
{
  for (const char *c = lines; *c != '\0'; c++)
    {
      if (*c == '\n' && (c == lines || c[-1] != '\r'))
        g_string_append_c (self->text, '\r');
      g_string_append_c (self->text, *c);
    }
}

static gboolean
add_fields (Builder *self, GMimeObject *object, const char *encoding)
{
  PhMimeHeaderStyle style = {
    .form = self->form,
    .top = self->depth == 0,
    .tls_optional = (self->flags & PH_MIME_TLS_OPTIONAL) != 0,
    .encoding = encoding,
  };
  g_autofree char *fields = NULL;

  if (!ph_mime_header_check (object, &self->error) || (fields = ph_mime_header_write (object, &style, &self->error)) == NULL)
    return FALSE;
  g_string_append (self->text, fields);
  g_string_append (self->text, "\r\n");
  return TRUE;
}

/* --- a part with a content --- */

static gboolean
fits (Builder *self, const PhMimeScan *scan)
{
  return !scan->binary && !(self->form == PH_MIME_FORM_SEVEN_BIT && scan->eight_bit);
}

static gboolean
refuse_content (Builder *self, const PhMimeScan *scan)
{
  const char *what = scan->binary ? "binary (it has a NUL or a line of more than 998 octets)" : "8-bit, and the server takes 7-bit only";

  self->error = self->n_signed > 0
    ? ph_mime_error (PH_ERROR_NOT_SUPPORTED, "a signed part of the message is %s; to encode it would break its signature", what)
    : ph_mime_error (PH_ERROR_NOT_SUPPORTED, "a part of the message is %s; it was not allowed to encode it", what);
  return FALSE;
}

/* What it goes out as: its own encoding where that fits, otherwise the one that GMime finds shorter. */
static gboolean
choose_encoding (Builder *self, GMimePart *part, GMimeContentEncoding *encoding, PhMimeScan *scan)
{
  g_autoptr (PhMimeContent) as_it_is = ph_mime_content_new (g_mime_part_get_content (part), *encoding, FALSE);
  gboolean is_text = g_mime_content_type_is_type (g_mime_object_get_content_type (GMIME_OBJECT (part)), "text", "*");

  if (!ph_mime_content_scan (as_it_is, scan, &self->error))
    return FALSE;
  if (fits (self, scan))
    return TRUE;
  if (self->n_signed > 0 || !(self->form == PH_MIME_FORM_SEVEN_BIT || (self->flags & PH_MIME_CONVERT) != 0))
    return refuse_content (self, scan);
  *encoding = is_text ? g_mime_part_get_best_content_encoding (part, GMIME_ENCODING_CONSTRAINT_7BIT) : GMIME_CONTENT_ENCODING_BASE64;
  if (*encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
    *encoding = GMIME_CONTENT_ENCODING_BASE64;
  return TRUE;
}

/* "begin 0644 NAME", without which nobody finds the octets (GMime writes it so) */
static void
add_uuencode_line (Builder *self, GMimePart *part, gboolean begin)
{
  const char *name = g_mime_part_get_filename (part);
  GMimeDataWrapper *content = g_mime_part_get_content (part);

  if (content == NULL || g_mime_part_get_content_encoding (part) != GMIME_CONTENT_ENCODING_UUENCODE
      || g_mime_data_wrapper_get_encoding (content) == GMIME_CONTENT_ENCODING_UUENCODE)
    return;
  if (begin)
    g_string_append_printf (self->text, "begin 0644 %s\r\n", name != NULL && strpbrk (name, "\r\n") == NULL ? name : "unknown");
  else
    g_string_append (self->text, "end\r\n");
}

static void
add_content (Builder *self, GMimePart *part, GMimeContentEncoding encoding, PhMimeScan *scan)
{
  gboolean changed = encoding != g_mime_part_get_content_encoding (part);
  gboolean is_text = changed && g_mime_content_type_is_type (g_mime_object_get_content_type (GMIME_OBJECT (part)), "text", "*");
  PhMimePiece piece = { NULL, ph_mime_content_new (g_mime_part_get_content (part), encoding, is_text) };
  PhMimeScan anew = { 0 };

  end_text (self);
  self->plan->is_local &= ph_mime_content_is_local (piece.content);
  g_array_append_val (self->plan->pieces, piece);
  if (changed)
    {
      if (!ph_mime_content_scan (piece.content, &anew, &self->error))
        return;
      scan = &anew;
    }
  self->plan->scan.octets += scan->octets;
  self->plan->scan.column = scan->column;
  self->plan->scan.eight_bit |= scan->eight_bit;
  self->plan->scan.binary |= scan->binary;
}

static gboolean
add_part (Builder *self, GMimeObject *outer, GMimePart *part)
{
  GMimeContentEncoding own = g_mime_part_get_content_encoding (part);
  GMimeContentEncoding encoding = own;
  PhMimeScan scan = { 0 };

  if (!choose_encoding (self, part, &encoding, &scan)
      || !add_fields (self, outer, encoding != own ? g_mime_content_encoding_to_string (encoding) : NULL))
    return FALSE;
  add_uuencode_line (self, part, TRUE);
  add_content (self, part, encoding, &scan);
  add_uuencode_line (self, part, FALSE);
  return self->error == NULL;
}

/* --- parts that hold others --- */

static gboolean add_object (Builder *self, GMimeObject *outer, GMimeObject *object);

static gboolean
descend (Builder *self)
{
  if (self->depth++ < MAX_DEPTH)
    return TRUE;
  self->error = ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "the message's parts are nested more than %d deep", MAX_DEPTH);
  return FALSE;
}

/* What is around 7-bit parts says no more than they do (RFC 2045 section 6.4). */
static const char *
outer_encoding (Builder *self, GMimeObject *object)
{
  const char *says = g_mime_object_get_header (object, "Content-Transfer-Encoding");

  if (self->form != PH_MIME_FORM_SEVEN_BIT || self->n_signed > 0 || says == NULL || g_ascii_strcasecmp (says, "7bit") == 0)
    return NULL;
  return "7bit";
}

static gboolean
add_children (Builder *self, GMimeMultipart *multipart)
{
  const char *boundary = g_mime_multipart_get_boundary (multipart);

  if (!descend (self))
    return FALSE;
  for (int i = 0; i < g_mime_multipart_get_count (multipart); i++)
    {
      GMimeObject *child = g_mime_multipart_get_part (multipart, i);

      g_string_append_printf (self->text, "--%s\r\n", boundary);
      if (!add_object (self, child, child))
        return FALSE;
      if (!GMIME_IS_MULTIPART (child) || GMIME_MULTIPART (child)->write_end_boundary)
        g_string_append (self->text, "\r\n");
    }
  self->depth--;
  if (multipart->write_end_boundary)
    g_string_append_printf (self->text, "--%s--\r\n", boundary);
  return TRUE;
}

static gboolean
add_multipart (Builder *self, GMimeObject *outer, GMimeMultipart *multipart)
{
  gboolean is_signed = GMIME_IS_MULTIPART_SIGNED (multipart)
                       || g_mime_content_type_is_type (g_mime_object_get_content_type (GMIME_OBJECT (multipart)), "multipart", "signed");
  const char *prologue;
  gboolean added;

  self->n_signed += is_signed;
  /* where it has no boundary yet, GMime makes one now */
  g_mime_multipart_get_boundary (multipart);
  if (!add_fields (self, outer, outer_encoding (self, GMIME_OBJECT (multipart))))
    return FALSE;
  prologue = g_mime_multipart_get_prologue (multipart);
  if (prologue != NULL)
    {
      add_lines (self, prologue);
      g_string_append (self->text, "\r\n");
    }
  added = add_children (self, multipart);
  if (added && g_mime_multipart_get_epilogue (multipart) != NULL)
    add_lines (self, g_mime_multipart_get_epilogue (multipart));
  self->n_signed -= is_signed;
  return added;
}

static gboolean
add_message (Builder *self, GMimeMessage *message)
{
  GMimeObject *part = g_mime_message_get_mime_part (message);

  if (part == NULL)
    return add_fields (self, GMIME_OBJECT (message), NULL);
  return add_object (self, GMIME_OBJECT (message), part);
}

static gboolean
add_message_part (Builder *self, GMimeObject *outer, GMimeMessagePart *part)
{
  GMimeMessage *message = g_mime_message_part_get_message (part);

  if (!add_fields (self, outer, outer_encoding (self, GMIME_OBJECT (part))) || !descend (self)
      || (message != NULL && !add_message (self, message)))
    return FALSE;
  self->depth--;
  return TRUE;
}

/* @outer: whose fields are written: the message's, where @object is what it holds */
static gboolean
add_object (Builder *self, GMimeObject *outer, GMimeObject *object)
{
  if (GMIME_IS_MULTIPART (object))
    return add_multipart (self, outer, GMIME_MULTIPART (object));
  if (GMIME_IS_MESSAGE_PART (object))
    return add_message_part (self, outer, GMIME_MESSAGE_PART (object));
  if (GMIME_IS_PART (object))
    return add_part (self, outer, GMIME_PART (object));
  self->error = ph_mime_error (PH_ERROR_NOT_SUPPORTED, "a part of the message is a %s, which can't be sent", G_OBJECT_TYPE_NAME (object));
  return FALSE;
}

PhMimePlan *
ph_mime_plan_new (GMimeMessage *message, PhMimeForm form, PhMimeFlags flags, GError **error)
{
  g_autoptr (PhMimePlan) plan = g_new0 (PhMimePlan, 1);
  Builder builder = { .plan = plan, .form = form, .flags = flags, .text = g_string_new (NULL) };
  gboolean added;

  g_atomic_ref_count_init (&plan->refs);
  plan->pieces = g_array_new (FALSE, FALSE, sizeof (PhMimePiece));
  g_array_set_clear_func (plan->pieces, clear_piece);
  plan->is_local = TRUE;
  added = add_message (&builder, message);
  end_text (&builder);
  g_string_free (builder.text, TRUE);
  if (!added)
    {
      g_propagate_error (error, builder.error);
      return NULL;
    }
  return g_steal_pointer (&plan);
}

static void
weigh_part (GMimeObject *parent G_GNUC_UNUSED, GMimeObject *object, gpointer data)
{
  guint64 *weight = data;
  GMimeDataWrapper *content = GMIME_IS_PART (object) ? g_mime_part_get_content (GMIME_PART (object)) : NULL;
  gint64 length = content != NULL ? g_mime_stream_length (g_mime_data_wrapper_get_stream (content)) : 0;

  *weight += length > 0 ? (guint64) length : 0;
}

guint64
ph_mime_plan_weigh (GMimeMessage *message)
{
  guint64 weight = 0;

  g_mime_message_foreach (message, weigh_part, &weight);
  return weight;
}

static PhBody *
read_all (PhMimePlan *self, GInputStream *stream, GError **error)
{
  g_autofree char *data = g_malloc (self->scan.octets + 1);
  g_autoptr (GBytes) bytes = NULL;
  gsize length;

  if (!g_input_stream_read_all (stream, data, self->scan.octets, &length, NULL, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&data), length);
  return ph_body_new_for_bytes (bytes);
}

PhBody *
ph_mime_plan_make_body (PhMimePlan *self, GError **error)
{
  g_autoptr (GInputStream) stream = ph_mime_stream_new (self);

  if (self->scan.octets <= SMALL && self->is_local)
    return read_all (self, stream, error);
  return ph_body_new_for_stream (stream, (gint64) self->scan.octets);
}
