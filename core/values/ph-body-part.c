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
 * A part is a view of one node; its children are found when it is made, so walking a tree costs what
 * the tree is long, and nothing here recurses.
 */
#include "ph-message-private.h"
#include "ph-encoded-word.h"
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
 * view: getters read the server's words anew.
 */
struct _PhBodyPart {
  gatomicrefcount refs;
  PhValue *value;
  char *section;
  GPtrArray *parts; /* values inside of @value; NULL without parts */
  gboolean multipart;
};

G_DEFINE_BOXED_TYPE (PhBodyPart, ph_body_part, ph_body_part_ref, ph_body_part_unref)

enum { TYPE, SUBTYPE, PARAMETERS, ID, DESCRIPTION, ENCODING, SIZE, ENVELOPE, EMBEDDED };

static gboolean
is_list (const PhValue *value)
{
  return ph_value_get_kind (value) == PH_VALUE_LIST;
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

  if (ph_value_is (first, "multipart"))
    return TRUE;
  if (ph_value_is_nil (first))
    subtype = second;
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
is_message (const PhValue *value)
{
  const PhValue *type = ph_value_first (value);
  const PhValue *subtype = type != NULL ? ph_value_next (type) : NULL;

  return ph_value_is (type, "message") && (ph_value_is (subtype, "rfc822") || ph_value_is (subtype, "global"));
}

static GPtrArray *
find_children (const PhValue *multipart)
{
  GPtrArray *parts = g_ptr_array_new ();

  for (const PhValue *child = ph_value_first (multipart); child != NULL && is_list (child); child = ph_value_next (child))
    g_ptr_array_add (parts, (gpointer) child);
  /* "()" in the place of parts */
  if (parts->len == 1 && ph_value_first (g_ptr_array_index (parts, 0)) == NULL)
    g_ptr_array_set_size (parts, 0);
  return parts;
}

static GPtrArray *
find_parts (const PhValue *value)
{
  const PhValue *embedded;
  GPtrArray *parts;

  if (is_multipart (value))
    return find_children (value);
  if (!is_message (value))
    return NULL;
  embedded = ph_value_get_child (value, EMBEDDED);
  if (!is_list (embedded))
    return NULL;
  if (is_multipart (embedded))
    return find_children (embedded);
  parts = g_ptr_array_new ();
  g_ptr_array_add (parts, (gpointer) embedded);
  return parts;
}

/* @section: (transfer full) */
static PhBodyPart *
part_new (const PhValue *value, char *section)
{
  PhBodyPart *self = g_new0 (PhBodyPart, 1);

  g_atomic_ref_count_init (&self->refs);
  self->value = ph_value_copy (value);
  self->section = section;
  self->multipart = is_multipart (self->value);
  self->parts = find_parts (self->value);
  return self;
}

PhBodyPart *
ph_body_part_new_for_value (const PhValue *value)
{
  if (!is_list (value) || ph_value_first (value) == NULL)
    return NULL;
  return part_new (value, g_strdup (is_multipart (value) ? "" : "1"));
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
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  ph_value_free (self->value);
  g_free (self->section);
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

/* The field of a part that is no multipart */
static const PhValue *
get_field (PhBodyPart *self, guint field)
{
  return self->multipart ? NULL : ph_value_get_child (self->value, field);
}

/* The field @n behind a multipart's subtype, 0 the subtype itself */
static const PhValue *
get_multipart_field (PhBodyPart *self, guint n)
{
  const PhValue *value = ph_value_first (self->value);

  while (value != NULL && (is_list (value) || ph_value_is_nil (value) || ph_value_is (value, "multipart")))
    value = ph_value_next (value);
  while (value != NULL && n-- > 0)
    value = ph_value_next (value);
  return value;
}

static char *
dup_lower (const PhValue *value)
{
  g_autofree char *text = ph_value_dup_text (value);

  if (text == NULL || *text == '\0')
    return NULL;
  return g_ascii_strdown (text, -1);
}

static const char *
default_subtype (const char *type)
{
  if (g_str_equal (type, "text"))
    return "plain";
  if (g_str_equal (type, "multipart"))
    return "mixed";
  return NULL;
}

/**
 * ph_body_part_get_media_type:
 * @self: a part
 *
 * Returns: (transfer full): in lower case, "text/plain"; "application/octet-stream" where the server knows none
 */
char *
ph_body_part_get_media_type (PhBodyPart *self)
{
  g_autofree char *type = NULL;
  g_autofree char *subtype = NULL;
  const char *second;

  g_return_val_if_fail (self != NULL, NULL);

  type = self->multipart ? g_strdup ("multipart") : dup_lower (get_field (self, TYPE));
  subtype = dup_lower (self->multipart ? get_multipart_field (self, 0) : get_field (self, SUBTYPE));
  second = subtype != NULL || type == NULL ? subtype : default_subtype (type);
  if (type == NULL || second == NULL)
    return g_strdup ("application/octet-stream");
  return g_strconcat (type, "/", second, NULL);
}

/**
 * ph_body_part_get_parameter:
 * @self: a part
 * @name: "charset", "name"; case does not matter
 *
 * A parameter of the media type.
 *
 * Returns: (transfer full) (nullable): its value as UTF-8, encoded words decoded; %NULL without it
 */
char *
ph_body_part_get_parameter (PhBodyPart *self, const char *name)
{
  const PhValue *parameters;
  const char *data;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  parameters = self->multipart ? get_multipart_field (self, 1) : get_field (self, PARAMETERS);
  data = ph_value_get_data (ph_value_look_up (parameters, name), &length);
  return data != NULL ? ph_header_text_decode (data, length) : NULL;
}

/**
 * ph_body_part_get_encoding:
 * @self: a part
 *
 * Returns: (transfer full) (nullable): the Content-Transfer-Encoding in lower case, "base64"; %NULL for a
 *   multipart and where the server knows none
 */
char *
ph_body_part_get_encoding (PhBodyPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_lower (get_field (self, ENCODING));
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

  return ph_value_read_number (get_field (self, SIZE), &size) ? size : 0;
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

  return self->parts != NULL ? self->parts->len : 0;
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
  char *section;

  g_return_val_if_fail (self != NULL, NULL);

  if (index >= ph_body_part_get_n_parts (self))
    return NULL;
  section = g_strdup_printf ("%s%s%u", self->section, *self->section != '\0' ? "." : "", index + 1);
  return part_new (g_ptr_array_index (self->parts, index), section);
}
