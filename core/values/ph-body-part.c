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
 * A part is a view of one node; its children are found when it is made, and the first that hold none are made with it, so walking a tree
 * costs what the tree is long, and nothing here recurses.
 */
#include "ph-body-part-private.h"
#include "ph-value-read.h"

#include <string.h>

/* Parts of a multipart that are made with it; those further on, and what holds parts, when they are asked for */
#define MAX_LEAVES 16
/* Octets that are looked at at once; and as many may be written behind a word */
#define BLOCK 16
#define SLACK BLOCK

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

static inline gboolean
is_multipart (const PhValue *value)
{
  const PhValue *first = ph_value_begin (value);

  return first != NULL && (is_list (first) || is_empty_multipart (first));
}

static gboolean
is_message (const PhValue *type, const PhValue *subtype)
{
  return ph_value_is (type, "message") && (ph_value_is (subtype, "rfc822") || ph_value_is (subtype, "global"));
}

/* Whether a part is for sure one that holds none: its type is neither "multipart" nor "message", by their lengths, and the next is a text, too */
static inline gboolean
is_leaf (const PhValue *value)
{
  const guint8 *p = ph_value_octets (value) + PH_VALUE_LIST_HEAD;
  guint length = p[1];

  if (*p != (PH_VALUE_STRING | PH_VALUE_CLEAN) || length == 0 || length == strlen ("message") || length == strlen ("multipart"))
    return FALSE;
  p += 3 + length;
  return *p == (PH_VALUE_STRING | PH_VALUE_CLEAN) && p[1] > 0;
}

/* How many parts there are, and the first, whose siblings are the others; "()" in the place of parts is none. */
static const PhValue *
find_parts_of_multipart (const PhValue *multipart, guint *n)
{
  const PhValue *first = ph_value_begin (multipart);

  *n = 0;
  for (const PhValue *child = first; child != NULL && is_list (child); child = ph_value_step (child))
    ++*n;
  if (*n == 1 && ph_value_begin (first) == NULL)
    *n = 0;
  return first;
}

/* The same of a part that is a message */
static const PhValue *
find_parts_of_message (const PhValue *message, guint *n)
{
  const PhValue *embedded = ph_value_get_child (message, PH_PART_EMBEDDED);

  *n = 0;
  if (embedded == NULL || !is_list (embedded))
    return NULL;
  if (is_multipart (embedded))
    return find_parts_of_multipart (embedded, n);
  *n = 1;
  return embedded;
}

static inline gboolean
is_word_multipart (const PhValue *value)
{
  /* most are told from it by their length */
  return (!ph_value_is_plain (value) || ph_value_octets (value)[1] == strlen ("multipart")) && ph_value_is (value, "multipart");
}

/* What stands behind the parts of a multipart, the last of which is before @value */
static inline const PhValue *
find_subtype (const PhValue *value)
{
  while (value != NULL && (is_list (value) || ph_value_kind (value) == PH_VALUE_NIL || is_word_multipart (value)))
    value = ph_value_step (value);
  return value;
}

static inline PhText
get_word (const PhValue *value)
{
  PhText word = { NULL, 0, FALSE };

  if (value != NULL)
    ph_value_take_text (ph_value_octets (value), &word);
  return word;
}

/* A block in lower case, of which what counts is ASCII */
static inline void
put_lower_block (char *to, const char *from)
{
  typedef guint8 Octets __attribute__ ((vector_size (BLOCK)));
  typedef gint8  Numbers __attribute__ ((vector_size (BLOCK)));
  Octets octets;

  memcpy (&octets, from, BLOCK);
  /* 'A' to 'Z' become the lowest, and nothing else */
  octets |= (Octets) ((Numbers) (octets + (0x80 - 'A')) < 'Z' + 1 - 'A' - 0x80) & 0x20;
  memcpy (to, &octets, BLOCK);
}

/* In lower case; what is no UTF-8 is of no use in a name. There is room for SLACK octets behind; @end: of what may be read, where it is clean;
 * NULL: it is a leaf's */
static inline char *
put_lower (char *to, const PhText *word, const char *end)
{
  /* behind a leaf's word stand its NUL, the leaf's end, the multipart's and that of the attributes */
  G_STATIC_ASSERT (1 + 3 * PH_VALUE_LIST_END >= BLOCK - 1);
  if (G_UNLIKELY (!word->clean || (end != NULL && (gsize) (end - word->text) < word->length + BLOCK)))
    {
      for (gsize i = 0; i < word->length; i++)
        to[i] = (guint8) (word->text[i] - ' ') < 0x7f - ' ' ? g_ascii_tolower (word->text[i]) : '?';
      return to + word->length;
    }

  put_lower_block (to, word->text);
  for (gsize i = BLOCK; G_UNLIKELY (i < word->length); i += BLOCK)
    put_lower_block (to + i, word->text + i);
  return to + word->length;
}

static PhText
default_subtype (const PhText *type)
{
  if (type->length == 4 && g_ascii_strncasecmp (type->text, "text", 4) == 0)
    return (PhText) { "plain", 5, FALSE };
  if (type->length == 9 && g_ascii_strncasecmp (type->text, "multipart", 9) == 0)
    return (PhText) { "mixed", 5, FALSE };
  return (PhText) { NULL, 0, FALSE };
}

typedef struct {
  PhText type;
  PhText subtype;
  PhText encoding; /* of a part that is no multipart */
} Words;

/* Where a word is not told, the other can't be made use of. */
static void
complete_words (Words *words)
{
  static const PhText application = { "application", 11, FALSE }, unknown = { "octet-stream", 12, FALSE };

  if (words->type.text != NULL && words->subtype.text == NULL)
    words->subtype = default_subtype (&words->type);
  if (words->type.text == NULL || words->subtype.text == NULL)
    {
      words->type = application;
      words->subtype = unknown;
    }
}

/* Octets for section, media type and encoding, with what stands between and behind them; a number has ten digits at most. */
static gsize
get_room (const Words *words, gsize parent_length)
{
  return parent_length + 12 + words->type.length + 1 + words->subtype.length + 1 + words->encoding.length + 1 + SLACK;
}

/* The section of part @index, counted from 1, of @parent; 0: of the root */
static inline char *
put_section (char *p, const char *parent, gsize parent_length, guint index)
{
  if (parent_length > 0)
    {
      memcpy (p, parent, parent_length);
      p += parent_length;
      *p++ = '.';
    }
  if (G_UNLIKELY (index >= 10))
    p += g_snprintf (p, 11, "%u", index);
  else if (index > 0)
    *p++ = (char) ('0' + index);
  *p++ = '\0';
  return p;
}

/* @end: as put_lower () takes it */
static inline char *
put_words (PhBodyPart *self, const Words *words, char *p, const char *end, const char *parent, gsize parent_length, guint index)
{
  static const char multipart[] = "multipart/";

  self->section = p;
  p = put_section (p, parent, parent_length, index);
  self->media_type = p;
  if (self->multipart)
    {
      memcpy (p, multipart, strlen (multipart));
      p += strlen (multipart);
    }
  else
    {
      p = put_lower (p, &words->type, end);
      *p++ = '/';
    }
  p = put_lower (p, &words->subtype, end);
  *p++ = '\0';
  self->text = memcmp (self->media_type, "text/", 5) == 0;
  self->encoding = NULL;
  if (words->encoding.text != NULL)
    {
      self->encoding = p;
      p = put_lower (p, &words->encoding, end);
    }
  *p++ = '\0';
  return p;
}

/* From the one at @p on, which is the field @i */
static inline void
find_fields (PhBodyPart *self, guint i, const guint8 *p)
{
  while (i < PH_PART_N_KEPT)
    {
      const guint8 *behind = ph_value_builder_skip_at (p);
      const PhValue *value = (const PhValue *) p;

      if (G_UNLIKELY (behind == NULL))
        {
          value = ph_value_at (value);
          if (value == NULL)
            break;
          behind = ph_value_octets (ph_value_behind (value));
        }
      self->fields[i++] = value;
      p = behind;
    }
  while (i < PH_PART_N_KEPT)
    self->fields[i++] = NULL;
}

/* The fields from the parameters on, at @p, as most are: a list, NIL, NIL, the encoding, a number; then most have lines. FALSE where they are others */
static inline gboolean
find_usual_fields (PhBodyPart *self, const guint8 *p, PhText *encoding)
{
  static const guint8 nils[6] = { 0 };
  const guint8 *after;

  if (*p != PH_VALUE_LIST)
    return FALSE;
  after = p + ph_value_load32 (p + 1);
  /* the end of the list, and a node of the other one behind it at least */
  if (memcmp (after, nils, 4) != 0 || memcmp (after + 4, nils, 2) != 0 || after[6] != (PH_VALUE_STRING | PH_VALUE_CLEAN) || after[7] == 0)
    return FALSE;
  self->fields[PH_PART_PARAMETERS] = (const PhValue *) p;
  self->fields[PH_PART_ID] = (const PhValue *) after;
  self->fields[PH_PART_DESCRIPTION] = (const PhValue *) (after + 3);
  self->fields[PH_PART_ENCODING] = (const PhValue *) (after + 6);
  *encoding = (PhText) { (const char *) after + 8, after[7], TRUE };
  after += 9 + after[7];
  if (*after != PH_VALUE_NUMBER || after[1] == 0xff)
    return FALSE;
  self->fields[PH_PART_SIZE] = (const PhValue *) after;
  after += 3 + after[1];
  self->fields[PH_PART_LINES] = ph_value_at ((const PhValue *) after);
  return TRUE;
}

/* Returns what stands behind the words */
static inline char *
make_leaf (PhBodyPart *self, PhBodyPart *owner, const PhValue *value, char *p, gsize parent_length, guint index)
{
  const guint8 *type = ph_value_octets (value) + PH_VALUE_LIST_HEAD;
  const guint8 *subtype = type + 3 + type[1];
  Words words = { { (const char *) type + 2, type[1], TRUE }, { (const char *) subtype + 2, subtype[1], TRUE }, { NULL, 0, FALSE } };

  self->owner = owner;
  self->message = owner->message;
  self->value = value;
  self->subtype = NULL;
  self->n_parts = self->n_leaves = 0;
  self->multipart = self->embeds = FALSE;
  self->fields[PH_PART_TYPE] = (const PhValue *) type;
  self->fields[PH_PART_SUBTYPE] = (const PhValue *) subtype;
  if (G_UNLIKELY (!find_usual_fields (self, subtype + 3 + subtype[1], &words.encoding)))
    {
      find_fields (self, PH_PART_SUBTYPE + 1, subtype + 3 + subtype[1]);
      words.encoding = get_word (self->fields[PH_PART_ENCODING]);
    }
  return put_words (self, &words, p, NULL, owner->section, parent_length, index);
}

static void
make_parts (PhBodyPart *self, const PhValue *child, char *p)
{
  gsize length = (gsize) (self->media_type - 1 - self->section);

  for (guint i = 0; i < self->n_leaves; i++)
    {
      self->parts[i] = child;
      p = make_leaf (&self->leaves[i], self, child, p, length, i + 1);
      child = ph_value_at ((const PhValue *) (ph_value_octets (child) + ph_value_load32 (ph_value_octets (child) + 1)));
    }
  for (guint i = self->n_leaves; i < self->n_parts; i++, child = ph_value_step (child))
    self->parts[i] = child;
}

/* @room: for the words of itself and of its leaves */
static inline PhBodyPart *
part_alloc (PhMessage *message, const PhValue *value, guint n_parts, guint n_leaves, gsize room)
{
  PhBodyPart *self = ph_message_alloc_view (message, sizeof *self * (1 + n_leaves) + n_parts * sizeof *self->parts + room);

  self->refs = 1;
  self->n_parts = n_parts;
  self->owner = self;
  self->message = ph_message_hold (message);
  self->value = value;
  self->leaves = self + 1;
  self->n_leaves = n_leaves;
  self->parts = (const PhValue **) (self->leaves + n_leaves);
  return self;
}

/* Of what stands in the message */
static inline const char *
get_end (PhMessage *message)
{
  return (const char *) ph_message_get_attributes (message) + message->tree.size;
}

/* What is in a multipart, by one walk */
typedef struct {
  const PhValue *first;   /* of the parts, whose siblings are the others */
  guint n_parts;
  guint n_leaves;
  gsize room;             /* for the words of the leaves: these are among the octets of a part */
  const PhValue *subtype;
} Multipart;

static inline Multipart
find_in_multipart (const PhValue *multipart, gsize section_length)
{
  const PhValue *child = ph_value_begin (multipart);
  Multipart found = { .first = child };

  while (child != NULL && is_list (child))
    {
      guint32 span = ph_value_load32 (ph_value_octets (child) + 1);

      if (found.n_leaves == found.n_parts && found.n_leaves < MAX_LEAVES && is_leaf (child))
        {
          found.room += span + section_length + 12 + 3 + SLACK;
          found.n_leaves++;
        }
      found.n_parts++;
      child = ph_value_at ((const PhValue *) (ph_value_octets (child) + span));
    }
  if (found.n_parts == 1 && ph_value_begin (found.first) == NULL)
    found.n_parts = 0;
  found.subtype = find_subtype (child);
  return found;
}

/* @parent: the section above, "" for none; @index: from 1; 0: of the root */
static PhBodyPart *
multipart_new (PhMessage *message, const PhValue *value, const char *parent, gsize parent_length, guint index)
{
  Multipart found = find_in_multipart (value, parent_length + 12);
  Words words = { { "multipart", strlen ("multipart"), FALSE }, get_word (found.subtype), { NULL, 0, FALSE } };
  PhBodyPart *self;

  if (words.subtype.text == NULL)
    complete_words (&words);
  self = part_alloc (message, value, found.n_parts, found.n_leaves, get_room (&words, parent_length) + found.room);
  self->multipart = TRUE;
  self->embeds = FALSE;
  self->subtype = found.subtype;
  memset (self->fields, 0, sizeof self->fields);
  make_parts (self, found.first, put_words (self, &words, (char *) (self->parts + found.n_parts), get_end (message), parent, parent_length, index));
  return self;
}

/* Of a part that is no multipart */
static PhBodyPart *
single_new (PhMessage *message, const PhValue *value, const char *parent, gsize parent_length, guint index)
{
  PhBodyPart part, *self;
  const PhValue *first = NULL;
  guint n_parts = 0;
  Words words;

  find_fields (&part, 0, ph_value_octets (value) + PH_VALUE_LIST_HEAD);
  part.embeds = is_message (part.fields[PH_PART_TYPE], part.fields[PH_PART_SUBTYPE]);
  if (part.embeds)
    first = find_parts_of_message (value, &n_parts);
  words.type = get_word (part.fields[PH_PART_TYPE]);
  words.subtype = get_word (part.fields[PH_PART_SUBTYPE]);
  words.encoding = get_word (part.fields[PH_PART_ENCODING]);
  complete_words (&words);

  self = part_alloc (message, value, n_parts, 0, get_room (&words, parent_length));
  self->multipart = FALSE;
  self->embeds = part.embeds;
  self->subtype = NULL;
  memcpy (self->fields, part.fields, sizeof self->fields);
  make_parts (self, first, put_words (self, &words, (char *) (self->parts + n_parts), get_end (message), parent, parent_length, index));
  return self;
}

PhBodyPart *
ph_body_part_new_for_value (PhMessage *message, const PhValue *value)
{
  if (value == NULL || !is_list (value) || ph_value_begin (value) == NULL)
    return NULL;
  return is_multipart (value) ? multipart_new (message, value, "", 0, 0) : single_new (message, value, "", 0, 1);
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

  g_atomic_int_inc (&self->owner->refs);
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

  self = self->owner;
  PhMessage *message = self->message;
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;
  ph_message_free_view (message, self);
  ph_message_release (message);
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
  const PhValue *value;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);

  if (index >= self->n_parts)
    return NULL;
  if (index < self->n_leaves)
    return ph_body_part_ref (&self->leaves[index]);

  value = self->parts[index];
  length = strlen (self->section);
  return is_multipart (value) ? multipart_new (self->message, value, self->section, length, index + 1)
                              : single_new (self->message, value, self->section, length, index + 1);
}
