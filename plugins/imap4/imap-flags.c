/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The responses that come by the million, read in one pass over their octets, without a frame, a response or a dispatch for each:
 *
 *   response  = "* " number " FETCH (" attribute *(" " attribute) ")" CRLF
 *   attribute = "UID " number / "FLAGS (" [flag *(" " flag)] ")"            (RFC 9051 section 7.5.2)
 *
 * Whatever is odd, or not all there, is left to the framer and the parser, as is what somebody else than the FETCH that runs may want. What
 * is read here comes to the same as there.
 */
#include "imap-flags.h"

#include "imap-blocks.h"

#include <string.h>

enum {
  LONGEST = PH_IMAP_FLAGS_LONGEST,
  DIGITS = 9,               /* of a number; these fit 32 bits */
  ROOM = 4 * LONGEST,       /* a node has at most three octets more than its word with the blank */
  AHEAD = PH_IMAP_BLOCK + 8 /* octets that can be looked at in each step, whatever they are */
};

typedef struct {
  const char        *p;
  const char        *readable;
  PhValueBuilderHead tree;
} Cursor;

/* Its length, 0 for none, for zero and for a large one; ten octets can be looked at. */
static inline guint
read_number (const char *p, guint32 *number)
{
  guint32 value = 0;
  guint   n = 0;
  guint64 octets, odd;

  memcpy (&octets, p, sizeof octets);
  octets = GUINT64_FROM_LE (octets) ^ G_GUINT64_CONSTANT (0x3030303030303030);
  odd = (octets + G_GUINT64_CONSTANT (0x7676767676767676)) | octets;
  odd &= G_GUINT64_CONSTANT (0x8080808080808080);
  if (G_LIKELY (odd != 0 && (odd & 0x80) == 0))
    {
      /* up to seven digits at once: moved to the end, behind zeros; pairs, fours and all are put together */
      n = (guint) __builtin_ctzll (odd) / 8;
      octets <<= 64 - 8 * n;
      octets = octets * 10 + (octets >> 8);
      octets = ((octets & G_GUINT64_CONSTANT (0x000000ff000000ff)) * (100 + (G_GUINT64_CONSTANT (1000000) << 32)) +
                ((octets >> 16) & G_GUINT64_CONSTANT (0x000000ff000000ff)) * (1 + (G_GUINT64_CONSTANT (10000) << 32))) >> 32;
      *number = (guint32) octets;
      return *number > 0 ? n : 0;
    }

  for (; (guint8) (p[n] - '0') <= 9; n++)
    {
      if (n == DIGITS)
        return 0;
      value = value * 10 + (guint32) (p[n] - '0');
    }
  *number = value;
  return value > 0 ? n : 0;
}

static inline void
add_name (Cursor *self, const char *name, gsize length)
{
  memcpy (self->tree.end + 2, name, length);
  ph_value_builder_finish_word_at (&self->tree, PH_VALUE_ATOM, length);
}

/* Behind "UID " */
static inline gboolean
read_uid (Cursor *self, guint32 *uid)
{
  guint n = read_number (self->p, uid);

  if (n == 0)
    return FALSE;
  add_name (self, "UID", 3);
  memcpy (self->tree.end + 2, self->p, PH_IMAP_BLOCK);
  ph_value_builder_finish_word_at (&self->tree, PH_VALUE_NUMBER, n);
  self->p += n;
  return TRUE;
}

/* What begins neither a number nor NIL nor anything that is no atom */
static inline gboolean
begins_flag (char c)
{
  return c == '\\' || c == '$' || ((guint8) ((c | 0x20) - 'a') < 26 && (c | 0x20) != 'n');
}

/* Behind "FLAGS (" */
static inline gboolean
read_flags (Cursor *self)
{
  add_name (self, "FLAGS", 5);
  ph_value_builder_open_at (&self->tree);

  while (*self->p != ')')
    {
      guint length = 0, n;

      if (!begins_flag (*self->p))
        return FALSE;
      do
        {
          if (self->readable - self->p < (gssize) (length + AHEAD) || length > 200)
            return FALSE;
          n = ph_imap_copy_atom_block (self->tree.end + 2 + length, self->p + length);
          length += n;
        }
      while (n == PH_IMAP_BLOCK);

      ph_value_builder_finish_word_at (&self->tree, PH_VALUE_ATOM, length);
      self->p += length;
      if (*self->p == ' ')
        self->p++;
      else if (*self->p != ')')
        return FALSE;
    }

  self->p++;
  ph_value_builder_close_at (&self->tree);
  return TRUE;
}

static inline gboolean
begins_with (const char *p, const char *text, gsize length)
{
  return memcmp (p, text, length) == 0;
}

/* The list behind FETCH; p is set behind the response */
static G_ALWAYS_INLINE inline const PhValue *
read_response (Cursor *self, guint32 *number, guint32 *told_uid)
{
  const guint8 *list = self->tree.end;
  gboolean      flags = FALSE;
  guint32       uid = 0;
  guint         n;

  if (self->readable - self->p < 2 * AHEAD || !begins_with (self->p, "* ", 2))
    return NULL;
  n = read_number (self->p + 2, number);
  self->p += 2 + n;
  if (n == 0 || !begins_with (self->p, " FETCH (", 8))
    return NULL;

  self->p += 7;
  ph_value_builder_open_at (&self->tree);
  do
    {
      self->p++;
      if (self->readable - self->p < 2 * AHEAD)
        return NULL;
      if (uid == 0 && begins_with (self->p, "UID ", 4))
        {
          self->p += 4;
          if (!read_uid (self, &uid))
            return NULL;
        }
      else if (!flags && begins_with (self->p, "FLAGS (", 7))
        {
          self->p += 7;
          flags = TRUE;
          if (!read_flags (self))
            return NULL;
        }
      else
        {
          return NULL;
        }
    }
  while (*self->p == ' ');

  if (!begins_with (self->p, ")\r\n", 3) || !flags || uid == 0)
    return NULL;
  self->p += 3;
  *told_uid = uid;
  ph_value_builder_close_at (&self->tree);
  return (const PhValue *) list;
}

void
ph_imap_flags_begin (PhImapFlags *self, PhValueBuilder *builder)
{
  ph_value_builder_reset (builder);
  ph_value_builder_reserve (builder, ROOM);
  self->tree = *(PhValueBuilderHead *) (gpointer) builder;
}

static G_GNUC_NO_INLINE gsize read_tail (PhImapFlags *self, const char *data, gsize length);

gsize
ph_imap_flags_read (PhImapFlags *self, const char *data, gsize length)
{
  Cursor cursor = { .p = data, .readable = data + MIN (length, LONGEST), .tree = self->tree };

  self->attributes = read_response (&cursor, &self->number, &self->uid);
  if (G_LIKELY (self->attributes != NULL))
    return (gsize) (cursor.p - data);
  return length <= LONGEST - 2 * AHEAD ? read_tail (self, data, length) : 0;
}

/* Once more, in a place where octets stand behind the end */
static gsize
read_tail (PhImapFlags *self, const char *data, gsize length)
{
  char  tail[LONGEST];

  memcpy (tail, data, length);
  memset (tail + length, 0, sizeof tail - length);
  return ph_imap_flags_read (self, tail, sizeof tail);
}
