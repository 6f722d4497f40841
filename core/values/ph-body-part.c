/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBodyPart: one node of a message's MIME structure.
 *
 *   body            = "(" (body-type-1part / body-type-mpart) ")"                      RFC 9051 section 9
 *   body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
 *   body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part]
 *   body-type-basic = media-basic SP body-fields
 *   body-type-text  = media-text SP body-fields SP body-fld-lines
 *   body-type-msg   = media-message SP body-fields SP envelope SP body SP body-fld-lines
 *   body-fields     = body-fld-param SP body-fld-id SP body-fld-desc SP body-fld-enc SP body-fld-octets
 *
 *   body-ext-1part  = body-fld-md5 [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]
 *   body-ext-mpart  = body-fld-param [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]
 *
 * A part is a view of one node; its children are found when it is made, so walking a tree costs what
 * the tree is long, and nothing here recurses.
 */
#include "ph-body-part-private.h"
#include "ph-value-read.h"

#include <string.h>

/**
 * PhBodyPart:
 *
 * One part of a message as the server sees it (BODYSTRUCTURE). Its section is what to fetch it by
 * (RFC 9051 section 6.4.5.1).
 *
 * The root of a message without parts is section "1". A multipart has the parts that it holds, and a
 * message/rfc822 those of the message in it: where that one has no parts of its own, one part. It is a
 * view that holds its message, and does not change; any thread may read it.
 */
G_DEFINE_BOXED_TYPE (PhBodyPart, ph_body_part, ph_body_part_ref, ph_body_part_unref)

static gboolean
is_list (const PhValue *value)
{
  return value != NULL && ph_value_kind (value) == PH_VALUE_LIST;
}

static gboolean
is_text (const PhValue *value)
{
  return ph_value_get_data (value, NULL) != NULL;
}

/* A multipart without parts is against the grammar and common all the same: NIL, "multipart" or nothing
 * stands where the parts should. */
static gboolean
is_empty_multipart (const PhValue *first)
{
  static const char *const subtypes[] = { "mixed", "alternative", "related", "report", "signed", "encrypted", "digest", "parallel" };
  const PhValue *second = first != NULL ? ph_value_next (first) : NULL;
  const PhValue *subtype = first;

  if (ph_value_is_nil (first))
    subtype = second;
  else if (ph_value_is (first, "multipart"))
    return TRUE;
  else if (second != NULL && is_text (second))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (subtypes); i++)
    {
      if (ph_value_is (subtype, subtypes[i]))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_multipart (const PhValue *value)
{
  const PhValue *first = ph_value_first (value);

  return first != NULL && (is_list (first) || is_empty_multipart (first));
}

static gboolean
is_message (const PhValue *type, const PhValue *subtype)
{
  return ph_value_is (type, "message") && (ph_value_is (subtype, "rfc822") || ph_value_is (subtype, "global"));
}

/* How many lists a multipart begins with; "()" in the place of parts is none. */
static guint
count_children (const PhValue *multipart)
{
  guint n = 0;

  for (const PhValue *child = ph_value_begin (multipart); child != NULL && is_list (child); child = ph_value_step (child))
    n++;
  return n == 1 && ph_value_first (ph_value_begin (multipart)) == NULL ? 0 : n;
}

/* The first of the parts that lie in @value, whose siblings are the others */
static const PhValue *
find_parts (const PhValue *value, gboolean multipart, gboolean embeds, guint *n)
{
  const PhValue *embedded = embeds ? ph_value_get_child (value, PH_PART_EMBEDDED) : NULL;

  *n = 0;
  if (!multipart && !is_list (embedded))
    return NULL;
  if (!multipart && !is_multipart (embedded))
    {
      *n = 1;
      return embedded;
    }

  value = multipart ? value : embedded;
  *n = count_children (value);
  return ph_value_first (value);
}

/* What stands behind the parts of a multipart */
static const PhValue *
find_subtype (const PhValue *multipart)
{
  const PhValue *value = ph_value_first (multipart);

  while (value != NULL && (is_list (value) || ph_value_is_nil (value) || ph_value_is (value, "multipart")))
    value = ph_value_step (value);
  return value;
}

typedef struct {
  const char *text; /* NULL: it isn't told */
  gsize       length;
} Word;

static Word
get_word (const PhValue *value)
{
  Word word = { NULL, 0 };

  if (value != NULL)
    word.text = ph_value_get_data (value, &word.length);
  if (word.length == 0)
    word.text = NULL;
  return word;
}

/* In lower case; what is no UTF-8 is of no use in a name */
static char *
put_lower (char *to, Word word)
{
  for (gsize i = 0; i < word.length; i++)
    {
      guint8 c = (guint8) word.text[i];

      if ((guint8) (c - 'A') < 26)
        c |= 0x20;
      to[i] = c >= ' ' && c < 0x7f ? (char) c : '?';
    }
  return to + word.length;
}

static Word
default_subtype (Word type)
{
  if (type.length == 4 && g_ascii_strncasecmp (type.text, "text", 4) == 0)
    return (Word) { "plain", 5 };
  if (type.length == 9 && g_ascii_strncasecmp (type.text, "multipart", 9) == 0)
    return (Word) { "mixed", 5 };
  return (Word) { NULL, 0 };
}

/* What the media type is, and in a part that is no multipart its encoding */
static void
read_words (const PhValue *const *fields, const PhValue *subtype_value, gboolean multipart, Word *type, Word *subtype, Word *encoding)
{
  static const Word multi = { "multipart", 9 }, application = { "application", 11 }, unknown = { "octet-stream", 12 };

  *type = multipart ? multi : get_word (fields[PH_PART_TYPE]);
  *subtype = get_word (multipart ? subtype_value : fields[PH_PART_SUBTYPE]);
  *encoding = multipart ? (Word) { NULL, 0 } : get_word (fields[PH_PART_ENCODING]);
  if (type->text != NULL && subtype->text == NULL)
    *subtype = default_subtype (*type);
  if (type->text == NULL || subtype->text == NULL)
    {
      *type = application;
      *subtype = unknown;
    }
}

/* The section of part @index, counted from 1, of @parent; 0: of the root */
static char *
put_section (char *p, const char *parent, gsize parent_length, guint index)
{
  memcpy (p, parent, parent_length);
  p += parent_length;
  if (parent_length > 0)
    *p++ = '.';
  if (index >= 10)
    p += g_snprintf (p, 11, "%u", index);
  else if (index > 0)
    *p++ = (char) ('0' + index);
  *p++ = '\0';
  return p;
}

/* @parent: the section above, "" or NULL for none; @index: from 1; 0: of the root */
static PhBodyPart *
part_new (PhMessage *message, const PhValue *value, const char *parent, guint index)
{
  PhBodyPart part = { .value = value, .multipart = is_multipart (value) };
  gsize parent_length = strlen (parent);
  const PhValue *child = part.multipart ? NULL : ph_value_begin (value);
  Word type, subtype, encoding;
  PhBodyPart *self;
  char *p;

  for (guint i = 0; i < PH_PART_N_KEPT && child != NULL; i++, child = ph_value_step (child))
    part.fields[i] = child;
  part.subtype = part.multipart ? find_subtype (value) : NULL;
  part.embeds = !part.multipart && is_message (part.fields[PH_PART_TYPE], part.fields[PH_PART_SUBTYPE]);
  child = find_parts (value, part.multipart, part.embeds, &part.n_parts);
  read_words (part.fields, part.subtype, part.multipart, &type, &subtype, &encoding);

  /* a number has ten digits at most */
  self = g_malloc (sizeof *self + part.n_parts * sizeof *self->parts + parent_length + 12 + type.length + 1 + subtype.length + 1 +
                   encoding.length + 1);
  *self = part;
  g_atomic_ref_count_init (&self->refs);
  self->message = ph_message_ref (message);
  self->parts = (const PhValue **) (self + 1);
  for (guint i = 0; i < self->n_parts; i++, child = ph_value_step (child))
    self->parts[i] = child;

  p = (char *) (self->parts + self->n_parts);
  self->section = p;
  p = put_section (p, parent, parent_length, index);
  self->media_type = p;
  p = put_lower (p, type);
  *p++ = '/';
  p = put_lower (p, subtype);
  *p++ = '\0';
  self->encoding = encoding.text != NULL ? p : NULL;
  p = put_lower (p, encoding);
  *p = '\0';
  return self;
}

PhBodyPart *
ph_body_part_new_for_value (PhMessage *message, const PhValue *value)
{
  if (value == NULL || !is_list (value) || ph_value_first (value) == NULL)
    return NULL;
  return part_new (message, value, "", is_multipart (value) ? 0 : 1);
}

/**
 * ph_body_part_ref:
 * @self: a part
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhBodyPart *
ph_body_part_ref (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_body_part_unref:
 * @self: (transfer full): a part
 *
 * Drops a reference; any thread may.
 */
void
ph_body_part_unref (PhBodyPart *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  ph_message_unref (self->message);
  g_free (self);
}

/**
 * ph_body_part_get_section:
 * @self: a part
 *
 * Returns: (transfer none): what to fetch it by, "1.2"; "" for the root of a multipart message
 */
const char *
ph_body_part_get_section (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->section;
}

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
  guint64 size;

  g_return_val_if_fail (self != NULL, 0);

  return ph_value_read_number (ph_body_part_get_field (self, PH_PART_SIZE), &size) ? size : 0;
}

/**
 * ph_body_part_get_n_parts:
 * @self: a part
 *
 * Returns: how many parts it holds: those of a multipart, or of the message in a message/rfc822
 */
guint
ph_body_part_get_n_parts (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_parts;
}

/**
 * ph_body_part_get_part:
 * @self: a part
 * @index: from 0
 *
 * Returns: (transfer full) (nullable): one of its parts, %NULL behind the last
 */
PhBodyPart *
ph_body_part_get_part (PhBodyPart *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (index >= self->n_parts)
    return NULL;
  return part_new (self->message, self->parts[index], self->section, index + 1);
}
