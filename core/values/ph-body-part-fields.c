/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBodyPart: what is told of one part, beside its place.
 *
 *   body-fld-dsp  = "(" string SP body-fld-param ")" / nil                             RFC 9051 section 9
 *   body-fld-lang = nstring / "(" string *(SP string) ")"
 *
 * A parameter that was split or has a charset (RFC 2231) is one of "name*", "name*0", "name*0*": servers hand these through as they
 * stood in the header.
 */
#include "ph-body-part-private.h"
#include "ph-encoded-word.h"
#include "ph-value-read.h"

/* Sections of one parameter that are put together */
#define MAX_SECTIONS 100

const PhValue *
ph_body_part_get_field (PhBodyPart *self, guint field)
{
  if (field < PH_PART_N_KEPT)
    return self->fields[field];
  return self->multipart ? NULL : ph_value_get_child (self->value, field);
}

/* The field @n behind a multipart's subtype, 0 the subtype itself */
static const PhValue *
get_multipart_field (PhBodyPart *self, guint n)
{
  const PhValue *value = self->subtype;

  while (value != NULL && n-- > 0)
    value = ph_value_step (value);
  return value;
}

const PhValue *
ph_body_part_get_parameters (PhBodyPart *self)
{
  return self->multipart ? get_multipart_field (self, 1) : ph_body_part_get_field (self, PH_PART_PARAMETERS);
}

const PhValue *
ph_body_part_get_extension (PhBodyPart *self, PhPartExtension field)
{
  guint first = PH_PART_LINES;

  if (self->multipart)
    return field == PH_PART_MD5 ? NULL : get_multipart_field (self, 1 + field);
  if (self->embeds)
    first = PH_PART_EMBEDDED_LINES + 1;
  else if (ph_value_is (self->fields[PH_PART_TYPE], "text"))
    first = PH_PART_LINES + 1;
  return ph_value_get_child (self->value, first + field);
}

/**
 * ph_body_part_get_media_type:
 * @self: a part
 *
 * Returns: (transfer none): in lower case, "text/plain"; "application/octet-stream" where the server knows none
 */
const char *
ph_body_part_get_media_type (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->media_type;
}

/**
 * ph_body_part_get_encoding:
 * @self: a part
 *
 * Returns: (transfer none) (nullable): the Content-Transfer-Encoding in lower case, "base64"; %NULL for a
 *   multipart and where the server knows none
 */
const char *
ph_body_part_get_encoding (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->encoding;
}

/**
 * ph_body_part_get_size:
 * @self: a part
 *
 * Returns: its length in octets as it is transferred, encoded; 0 for a multipart and where the server wrote no number
 */
guint64
ph_body_part_get_size (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ph_value_read_number_or_zero (ph_body_part_get_field (self, PH_PART_SIZE));
}

static char *
dup_decoded (const PhValue *value)
{
  PhText text;

  if (value == NULL)
    return NULL;
  ph_value_take_text (ph_value_octets (value), &text);
  if (text.text == NULL)
    return NULL;
  /* with the NUL behind it */
  return text.clean ? g_memdup2 (text.text, text.length + 1) : ph_header_text_decode (text.text, text.length);
}

/* As an encoded word has it (RFC 2047 section 4.2), so that one decoder does for both */
static void
append_q (GString *word, const char *text, gsize length, gboolean encoded)
{
  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_isalnum (text[i]))
        g_string_append_c (word, text[i]);
      else if (encoded && text[i] == '%' && i + 2 < length && g_ascii_isxdigit (text[i + 1]) && g_ascii_isxdigit (text[i + 2]))
        {
          g_string_append_printf (word, "=%c%c", text[i + 1], text[i + 2]);
          i += 2;
        }
      else
        g_string_append_printf (word, "=%02X", (guint8) text[i]);
    }
}

/* ext-value = charset "'" [language] "'" text; the charset goes into @word */
static gsize
begin_q (GString *word, const char *text, gsize length, gboolean encoded)
{
  const char *first = encoded ? memchr (text, '\'', length) : NULL;
  const char *second = first != NULL ? memchr (first + 1, '\'', (gsize) (text + length - first - 1)) : NULL;

  g_string_append (word, "=?");
  if (second == NULL || first == text)
    g_string_append (word, "utf-8");
  else
    g_string_append_len (word, text, first - text);
  g_string_append (word, "?Q?");
  return second != NULL ? (gsize) (second + 1 - text) : 0;
}

/* @name, or with its number; whether it was there */
static gboolean
add_section (GString *word, const PhValue *parameters, const char *name, gboolean first)
{
  for (guint encoded = 0; encoded < 2; encoded++)
    {
      g_autofree char *key = g_strconcat (name, encoded ? "*" : "", NULL);
      gsize length, start = 0;
      const char *text = ph_value_get_data (ph_value_look_up (parameters, key), &length);

      if (text == NULL)
        continue;
      if (first)
        start = begin_q (word, text, length, encoded);
      append_q (word, text + start, length - start, encoded);
      return TRUE;
    }
  return FALSE;
}

char *
ph_body_part_read_parameter (const PhValue *parameters, const char *name)
{
  g_autoptr (GString) word = NULL;
  char *plain;

  if (ph_value_first (parameters) == NULL)
    return NULL;
  plain = dup_decoded (ph_value_look_up (parameters, name));
  if (plain != NULL)
    return plain;

  word = g_string_new (NULL);
  if (!add_section (word, parameters, name, TRUE))
    {
      for (guint i = 0; i < MAX_SECTIONS; i++)
        {
          g_autofree char *numbered = g_strdup_printf ("%s*%u", name, i);

          if (!add_section (word, parameters, numbered, i == 0))
            break;
        }
    }
  if (word->len == 0)
    return NULL;
  g_string_append (word, "?=");
  return ph_header_text_decode (word->str, word->len);
}

/**
 * ph_body_part_get_parameter:
 * @self: a part
 * @name: "charset", "name"; case does not matter
 *
 * A parameter of the media type.
 *
 * Returns: (transfer full) (nullable): its value as UTF-8, encoded words (RFC 2047) and encoded or split parameters (RFC 2231)
 *   decoded; %NULL without it
 */
char *
ph_body_part_get_parameter (PhBodyPart *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return ph_body_part_read_parameter (ph_body_part_get_parameters (self), name);
}

/**
 * ph_body_part_peek_parameter:
 * @self: a part
 * @name: "charset"; case does not matter
 *
 * A parameter of the media type, as [method@BodyPart.get_parameter] gives it, but in place: for what nearly always stands as it is, such
 * as charsets. What is split, encoded or not printable ASCII can't be given so.
 *
 * Returns: (transfer none) (nullable): its value, valid as long as the part; %NULL without it, and where only
 *   [method@BodyPart.get_parameter] has it
 */
const char *
ph_body_part_peek_parameter (PhBodyPart *self, const char *name)
{
  const PhValue *value;
  PhText text = { NULL, 0, FALSE };

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  value = ph_value_look_up (ph_body_part_get_parameters (self), name);
  if (value != NULL)
    ph_value_take_text (ph_value_octets (value), &text);
  if (text.text != NULL && !text.clean && !ph_header_text_is_clean (text.text, text.length, TRUE))
    return NULL;
  return text.text;
}

/**
 * ph_body_part_get_n_lines:
 * @self: a part
 *
 * Returns: the lines of a text or of an embedded message, as it is transferred; 0 for others and where the server wrote no number
 */
guint64
ph_body_part_get_n_lines (PhBodyPart *self)
{
  const PhValue *value = NULL;

  g_return_val_if_fail (self != NULL, 0);

  if (self->embeds)
    value = ph_body_part_get_field (self, PH_PART_EMBEDDED_LINES);
  else if (self->text)
    value = ph_body_part_get_field (self, PH_PART_LINES);
  return ph_value_read_number_or_zero (value);
}

static const PhValue *
get_disposition (PhBodyPart *self, const PhValue **parameters)
{
  const PhValue *value = ph_body_part_get_extension (self, PH_PART_DISPOSITION);

  *parameters = NULL;
  if (ph_value_get_kind (value) != PH_VALUE_LIST)
    return value;
  value = ph_value_first (value);
  *parameters = ph_value_next (value);
  return value;
}

/**
 * ph_body_part_get_disposition:
 * @self: a part
 *
 * How the sender wants the part to be shown (Content-Disposition, RFC 2183).
 *
 * Returns: (transfer full) (nullable): in lower case, "attachment" or "inline"; %NULL where none was told
 */
char *
ph_body_part_get_disposition (PhBodyPart *self)
{
  const PhValue *parameters;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = dup_decoded (get_disposition (self, &parameters));
  return text != NULL ? g_ascii_strdown (text, -1) : NULL;
}

/**
 * ph_body_part_get_filename:
 * @self: a part
 *
 * The name that the sender gave the part: the disposition's "filename", else the media type's "name". It may hold
 * slashes, dots and whatever else: never use it as a path.
 *
 * Returns: (transfer full) (nullable): the name as UTF-8; %NULL without one
 */
char *
ph_body_part_get_filename (PhBodyPart *self)
{
  const PhValue *parameters;
  char *name;

  g_return_val_if_fail (self != NULL, NULL);

  get_disposition (self, &parameters);
  name = ph_body_part_read_parameter (parameters, "filename");
  return name != NULL ? name : ph_body_part_get_parameter (self, "name");
}

/**
 * ph_body_part_get_id:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): the Content-ID with its angle brackets; %NULL without one
 */
char *
ph_body_part_get_id (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_decoded (ph_body_part_get_field (self, PH_PART_ID));
}

/**
 * ph_body_part_get_description:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): the Content-Description as UTF-8; %NULL without one
 */
char *
ph_body_part_get_description (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_decoded (ph_body_part_get_field (self, PH_PART_DESCRIPTION));
}

/**
 * ph_body_part_get_md5:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): the Content-MD5 (RFC 1864) as it stands; %NULL without one
 */
char *
ph_body_part_get_md5 (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_decoded (ph_body_part_get_extension (self, PH_PART_MD5));
}

/**
 * ph_body_part_get_location:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): the Content-Location (RFC 2557); %NULL without one
 */
char *
ph_body_part_get_location (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_decoded (ph_body_part_get_extension (self, PH_PART_LOCATION));
}

/**
 * ph_body_part_get_languages:
 * @self: a part
 *
 * Returns: (transfer full) (array zero-terminated=1): the Content-Language (RFC 3282), "en", "de-AT"; empty where none was told
 */
char **
ph_body_part_get_languages (PhBodyPart *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const PhValue *value;
  gboolean list;

  g_return_val_if_fail (self != NULL, NULL);

  value = ph_body_part_get_extension (self, PH_PART_LANGUAGE);
  list = ph_value_get_kind (value) == PH_VALUE_LIST;
  for (value = list ? ph_value_first (value) : value; value != NULL; value = list ? ph_value_next (value) : NULL)
    {
      g_autofree char *language = dup_decoded (value);

      if (language != NULL)
        g_strv_builder_add (builder, language);
    }
  return g_strv_builder_end (builder);
}

/**
 * ph_body_part_get_envelope:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): the envelope of an embedded message; %NULL for what is none, and where the server told none
 */
PhMessageEnvelope *
ph_body_part_get_envelope (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (!self->embeds)
    return NULL;
  return ph_message_envelope_new_for_value (self->message, ph_body_part_get_field (self, PH_PART_ENVELOPE));
}
