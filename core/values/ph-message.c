/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessage: what a FETCH told of one message (RFC 9051 section 7.5.2). */
#include "ph-internal-date.h"
#include "ph-message-private.h"
#include "ph-value-read.h"

/**
 * PhMessage:
 *
 * What a FETCH told of one message: a view over the server's words, which are read when asked for. What
 * was not fetched is %NULL, 0 or empty.
 *
 * It does not change; any thread may read it.
 */
G_DEFINE_BOXED_TYPE (PhMessage, ph_message, ph_message_ref, ph_message_unref)

/**
 * ph_message_new:
 * @number: its sequence number, 0 unknown
 * @attributes: (nullable): a list of name, value, name, value… as FETCH writes it; copied
 *
 * For engines: one FETCH response.
 *
 * Returns: (transfer full): a new message
 */
PhMessage *
ph_message_new (guint32 number, const PhValue *attributes)
{
  return ph_message_new_with_uid (number, 0, attributes != NULL ? attributes : ph_value_empty_list);
}

PhMessage *
ph_message_new_with_uid (guint32 number, guint32 uid, const PhValue *attributes)
{
  PhMessage *self = ph_value_copy_behind (attributes, G_STRUCT_OFFSET (PhMessage, tree));

  self->number = number;
  self->uid = uid;
  self->flags = ph_value_kind (attributes) == PH_VALUE_LIST ? ph_message_find_flags (ph_message_get_attributes (self), self->tree.size) : 0;
  ph_message_set_room (self, 0, 0);
  return self;
}

/**
 * ph_message_ref:
 * @self: a message
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMessage *
ph_message_ref (PhMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->tree.ref_count);
  return self;
}

/**
 * ph_message_unref:
 * @self: (transfer full): a message
 *
 * Drops a reference; any thread may.
 */
void
ph_message_unref (PhMessage *self)
{
  g_return_if_fail (self != NULL);

  ph_value_tree_unref (&self->tree);
}

/* The value behind the first @name, from @key on; @name: in upper case, @length octets */
static G_GNUC_NO_INLINE const PhValue *
look_up_from (const PhValue *key, const char *name, gsize length)
{
  while (key != NULL)
    {
      const PhValue *value = ph_value_step (key);
      gsize key_length;
      const char *text;

      if (value == NULL)
        return NULL;
      if (ph_value_kind (key) == PH_VALUE_ATOM || ph_value_kind (key) == PH_VALUE_STRING)
        {
          text = ph_value_word_text (key, &key_length);
          if (key_length == length && g_ascii_strncasecmp (text, name, length) == 0)
            return value;
        }
      key = ph_value_step (value);
    }
  return NULL;
}

/* The same of all attributes. Inlined, so that comparing with a constant takes no call; others than UID begin behind the flags. */
static G_ALWAYS_INLINE inline const PhValue *
look_up (PhMessage *self, const char *name, gsize length)
{
  const PhValue *attributes = ph_message_get_attributes (self);
  const guint8 *p = ph_value_octets (attributes) + PH_VALUE_LIST_HEAD;

  if (G_UNLIKELY (ph_value_kind (attributes) != PH_VALUE_LIST))
    return NULL;
  if (length > strlen ("FLAGS") && self->flags != 0)
    {
      p = ph_value_octets (attributes) + self->flags;
      p += ph_value_load32 (p + 1);
    }

  /* as far as names and words are short, and names as they should be; look_up_from () knows the rest */
  while (G_LIKELY (p[0] == PH_VALUE_ATOM && p[1] != 0xff))
    {
      const guint8 *value = p + 3 + p[1];

      if (p[1] == length && memcmp (p + 2, name, length) == 0 && (*value & PH_VALUE_KIND) < PH_VALUE_END)
        return (const PhValue *) value;
      if (G_UNLIKELY (p[1] == length))
        break;
      if (*value == PH_VALUE_LIST)
        p = value + ph_value_load32 (value + 1);
      else if (G_LIKELY (ph_value_is_plain ((const PhValue *) value)))
        p = value + 3 + value[1];
      else
        break;
    }
  return look_up_from (ph_value_at ((const PhValue *) p), name, length);
}

#define LOOK_UP(self, name) look_up (self, name, sizeof name - 1)

static G_GNUC_NO_INLINE const PhValue *
look_up_odd_flags (PhMessage *self)
{
  const PhValue *flags = LOOK_UP (self, "FLAGS");

  return flags != NULL && ph_value_kind (flags) == PH_VALUE_LIST ? flags : NULL;
}

static inline const PhValue *
look_up_flags (PhMessage *self)
{
  if (G_LIKELY (self->flags != 0))
    return (const PhValue *) (ph_value_octets (ph_message_get_attributes (self)) + self->flags);
  return look_up_odd_flags (self);
}

/* The flag at @p, NULL where something else stands there; returns what is behind it, NULL at the list's end */
static inline const guint8 *
get_flag_at (const guint8 *p, gsize *length, const char **text)
{
  const PhValue *value;

  if (G_LIKELY (*p == PH_VALUE_ATOM && p[1] != 0xff))
    {
      *length = p[1];
      *text = (const char *) p + 2;
      return p + 3 + p[1];
    }
  value = ph_value_at ((const PhValue *) p);
  *text = NULL;
  if (value == NULL)
    return NULL;
  if (ph_value_kind (value) < PH_VALUE_LIST && ph_value_kind (value) != PH_VALUE_NIL)
    *text = ph_value_word_text (value, length);
  return ph_value_octets (ph_value_behind (value));
}

/* @word: with a NUL behind it; ASCII letters match in either case */
static inline gboolean
is_word (const char *text, gsize length, const char *word)
{
  const char *end = text + length;

  for (; text < end; text++, word++)
    if (*text != *word && (*word == '\0' || g_ascii_tolower (*text) != g_ascii_tolower (*word)))
      return FALSE;
  return *word == '\0';
}

/**
 * ph_message_get_number:
 * @self: a message
 *
 * Returns: its sequence number at the time of the response, which later expunges change; 0 unknown
 */
guint32
ph_message_get_number (PhMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

/**
 * ph_message_get_uid:
 * @self: a message
 *
 * Returns: its UID; 0 where it was not told
 */
guint32
ph_message_get_uid (PhMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->uid != 0 ? self->uid : ph_value_read_uint32 (LOOK_UP (self, "UID"));
}

/**
 * ph_message_get_size:
 * @self: a message
 *
 * Returns: RFC822.SIZE, in octets; 0 where it was not told
 */
guint64
ph_message_get_size (PhMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ph_value_read_number_or_zero (LOOK_UP (self, "RFC822.SIZE"));
}

/**
 * ph_message_get_mod_seq:
 * @self: a message
 *
 * Returns: its mod-sequence (RFC 7162); 0 where it was not told
 */
guint64
ph_message_get_mod_seq (PhMessage *self)
{
  const PhValue *value;
  guint64 mod_seq;

  g_return_val_if_fail (self != NULL, 0);

  value = LOOK_UP (self, "MODSEQ");
  if (ph_value_get_kind (value) == PH_VALUE_LIST)
    value = ph_value_first (value);
  return ph_value_read_number (value, &mod_seq) ? mod_seq : 0;
}

/**
 * ph_message_get_flags:
 * @self: a message
 *
 * Returns: (transfer full) (array zero-terminated=1): system flags and keywords, "\\Seen", "$Junk"; empty
 *   where they were not told
 */
char **
ph_message_get_flags (PhMessage *self)
{
  const PhValue *flags;
  GPtrArray *words;

  g_return_val_if_fail (self != NULL, NULL);

  words = g_ptr_array_new ();
  flags = look_up_flags (self);
  for (const PhValue *flag = ph_value_first (flags); flag != NULL; flag = ph_value_next (flag))
    {
      char *word = ph_value_dup_text (flag);

      if (word != NULL)
        g_ptr_array_add (words, word);
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

/**
 * ph_message_has_flag:
 * @self: a message
 * @flag: "\\Seen", "$Junk"; case does not matter
 *
 * Returns: %TRUE where the message has the flag
 */
gboolean
ph_message_has_flag (PhMessage *self, const char *flag)
{
  const PhValue *flags;
  const guint8 *p;
  const char *text;
  gsize length;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (flag != NULL, FALSE);

  flags = look_up_flags (self);
  p = flags != NULL ? ph_value_octets (flags) + PH_VALUE_LIST_HEAD : NULL;
  while (p != NULL && (p = get_flag_at (p, &length, &text)) != NULL)
    if (text != NULL && is_word (text, length, flag))
      return TRUE;
  return FALSE;
}

/**
 * ph_message_get_flag: (skip)
 * @self: a message
 * @index: counted from 0
 *
 * One of the flags, without a copy of them all.
 *
 * Returns: (transfer none) (nullable): the flag as the server wrote it, valid as long as the message; %NULL past the last
 */
const char *
ph_message_get_flag (PhMessage *self, guint index)
{
  const PhValue *flags;
  const guint8 *p;
  const char *text = NULL;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);

  flags = look_up_flags (self);
  if (flags == NULL)
    return NULL;

  p = get_flag_at (ph_value_octets (flags) + PH_VALUE_LIST_HEAD, &length, &text);
  for (; index > 0 && p != NULL; index--)
    p = get_flag_at (p, &length, &text);
  return text;
}

/**
 * ph_message_get_internal_date:
 * @self: a message
 *
 * When the server received the message, in the zone that it told.
 *
 * Returns: (transfer full) (nullable): the moment; %NULL where it was not told or is not a date
 */
GDateTime *
ph_message_get_internal_date (PhMessage *self)
{
  const char *text;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);

  text = ph_value_get_data (LOOK_UP (self, "INTERNALDATE"), &length);
  return text != NULL ? ph_internal_date_parse (text, length) : NULL;
}

/**
 * ph_message_get_internal_time:
 * @self: a message
 * @time: (out): seconds since the start of 1970 in UTC
 * @offset: (out) (optional): of the zone that the server told, in seconds east of UTC
 *
 * What [method@Message.get_internal_date] tells, without an object for it: for lists of many messages.
 *
 * Returns: whether it was told and is a date; %FALSE leaves @time and @offset as they are
 */
gboolean
ph_message_get_internal_time (PhMessage *self, gint64 *time, int *offset)
{
  const PhValue *value;
  const char *text;
  gsize length;
  int unused;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (time != NULL, FALSE);

  value = LOOK_UP (self, "INTERNALDATE");
  if (value == NULL || ph_value_kind (value) == PH_VALUE_NIL || ph_value_kind (value) == PH_VALUE_LIST)
    return FALSE;
  text = ph_value_word_text (value, &length);
  return ph_internal_date_read (text, length, time, offset != NULL ? offset : &unused);
}

/**
 * ph_message_get_envelope:
 * @self: a message
 *
 * Returns: (transfer full) (nullable): the server's digest of the header, a view that outlives the message;
 *   %NULL where it was not told
 */
PhMessageEnvelope *
ph_message_get_envelope (PhMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ph_message_envelope_new_for_value (self, LOOK_UP (self, "ENVELOPE"));
}

/**
 * ph_message_get_body_structure:
 * @self: a message
 *
 * Returns: (transfer full) (nullable): the tree of MIME parts, a view that outlives the message; %NULL where it
 *   was not told
 */
PhBodyPart *
ph_message_get_body_structure (PhMessage *self)
{
  const PhValue *value;

  g_return_val_if_fail (self != NULL, NULL);

  value = LOOK_UP (self, "BODYSTRUCTURE");
  if (value == NULL)
    value = LOOK_UP (self, "BODY");
  return ph_body_part_new_for_value (self, value);
}

/* The old names of RFC 3501, in which a server may answer. */
static const struct {
  const char *section;
  const char *name;
} old_names[] = {
  { "", "RFC822" },
  { "HEADER", "RFC822.HEADER" },
  { "TEXT", "RFC822.TEXT" },
};

/* Case and the quotes around field names are the server's choice: HEADER.FIELDS ("Date"). */
static const char *
match_section (const char *text, const char *end, const char *section)
{
  for (;; text++, section++)
    {
      while (text < end && *text == '"')
        text++;
      while (*section == '"')
        section++;
      if (*section == '\0')
        return text;
      if (text == end || g_ascii_toupper (*text) != g_ascii_toupper (*section))
        return NULL;
    }
}

/* Is @key "BODY[@section]" or "BINARY[@section]", behind it nothing or an origin of zero? */
static gboolean
names_section (const PhValue *key, const char *item, const char *section)
{
  gsize item_length = strlen (item);
  gsize length;
  const char *text = ph_value_get_data (key, &length);
  const char *end;

  if (text == NULL || length <= item_length || g_ascii_strncasecmp (text, item, item_length) != 0 || text[item_length] != '[')
    return FALSE;
  end = text + length;
  text = match_section (text + item_length + 1, end, section);
  if (text == NULL || text == end || *text != ']')
    return FALSE;
  text++;
  return text == end || (end - text == 3 && memcmp (text, "<0>", 3) == 0);
}

static const PhValue *
look_up_section (PhMessage *self, const char *item, const char *section)
{
  const PhValue *key = ph_value_first (ph_message_get_attributes (self));

  while (key != NULL)
    {
      const PhValue *value = ph_value_next (key);

      if (value == NULL)
        return NULL;
      if (names_section (key, item, section))
        return value;
      key = ph_value_next (value);
    }
  return NULL;
}

/**
 * ph_message_get_section:
 * @self: a message
 * @section: "" the whole message, "HEADER", "TEXT", "1.2", "1.MIME", "HEADER.FIELDS (DATE)" …; case does not matter
 *
 * The octets of a section, as they were fetched: by BODY[…] or its older names, else, decoded by the
 * server, by BINARY[…]. Of a partial fetch only one from the start counts.
 *
 * Returns: (transfer full) (nullable): the octets; %NULL where they were not fetched or the section does not exist
 */
GBytes *
ph_message_get_section (PhMessage *self, const char *section)
{
  const PhValue *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (section != NULL, NULL);

  value = look_up_section (self, "BODY", section);
  for (gsize i = 0; i < G_N_ELEMENTS (old_names) && value == NULL; i++)
    {
      if (g_ascii_strcasecmp (section, old_names[i].section) == 0)
        value = look_up (self, old_names[i].name, strlen (old_names[i].name));
    }
  if (value == NULL)
    value = look_up_section (self, "BINARY", section);
  return ph_value_dup_bytes (value);
}

/**
 * ph_message_get_attribute:
 * @self: a message
 * @name: "X-GM-MSGID"; case does not matter
 *
 * Any attribute as the server wrote it.
 *
 * Returns: (transfer none) (nullable): its value, valid as long as the message; %NULL where it was not told
 */
const PhValue *
ph_message_get_attribute (PhMessage *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return ph_value_look_up (ph_message_get_attributes (self), name);
}

/**
 * ph_message_get_binary_size:
 * @self: a message
 * @section: a part, "1.2"; "" the whole message
 * @size: (out): its octets without the transfer encoding
 *
 * What BINARY.SIZE[…] told (RFC 3516 section 4.2), where it was among the further items of the fetch.
 *
 * Returns: whether it was told
 */
gboolean
ph_message_get_binary_size (PhMessage *self, const char *section, guint64 *size)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (section != NULL && size != NULL, FALSE);

  name = g_strdup_printf ("BINARY.SIZE[%s]", section);
  return ph_value_get_number (ph_message_get_attribute (self, name), size);
}
