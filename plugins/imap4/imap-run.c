/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs of plain tokens go straight into the tree, without a call for each: most of what servers send.
 *
 *   run   = *(token [SP])
 *   token = "(" / ")" / "NIL" / atom / number / quoted         (RFC 9051 section 9)
 *
 * What is odd in any way is left to read_value () of imap-reader.c, which knows it all and comes to the same where both could read. Values aren't
 * counted here: a run is begun only where there are fewer octets than values left.
 */
#include "imap-run.h"

#include "imap-blocks.h"

#include <string.h>

typedef struct {
  const char         *p;
  const char         *readable; /* octets may be looked at up to here, whatever they are */
  const char         *end;      /* of the response */
  PhValueBuilderHead  tree;
  guint               max_depth;
} Run;

enum {
  LONGEST_QUOTED = 240,
  TAIL = 2 * PH_IMAP_BLOCK + 2,
  LEAST = 128,                             /* octets of input for which room is made at once */
  MOST_PER_OCTET = PH_VALUE_LIST_HEAD + 1, /* a mark now and then */
  SLACK = LONGEST_QUOTED + 2 * PH_IMAP_BLOCK
};

/* What may stand behind a closing quote, mostly; p is set to what comes next */
static inline gboolean
end_string (Run *run, const char *quote, guint kind, gsize length)
{
  if (quote[1] == ' ')
    run->p = quote + 2;
  else if ((quote[1] & 0xfe) == '(')
    run->p = quote + 1;
  else
    return FALSE;

  ph_value_builder_finish_word_at (&run->tree, (PhValueKind) kind, length);
  return TRUE;
}

/* A string that is longer than a block, or not clean: how long it is, twice, and 1 more where it is clean; -1 where it is odd. @length: what was
 * copied, and is clean. Apart, for the sake of what is short. */
static G_GNUC_NO_INLINE gssize
copy_long (guint8 *to, const char *bytes, const char *readable, gssize length)
{
  gboolean clean = TRUE;

  while (readable - bytes >= length + PH_IMAP_BLOCK + 2 && length <= LONGEST_QUOTED - PH_IMAP_BLOCK)
    {
      guint n = clean ? ph_imap_copy_clean_block (to + length, bytes + length) : ph_imap_copy_quoted_block (to + length, bytes + length);

      length += n;
      if (bytes[length] == '"')
        return 2 * length + clean;
      if (n == PH_IMAP_BLOCK)
        continue;
      if (!clean)
        break;
      clean = FALSE;
    }

  return -1;
}

static inline gboolean
run_quoted (Run *run)
{
  const char *bytes = run->p + 1;
  guint       n = ph_imap_copy_clean_block (run->tree.end + 2, bytes);
  gssize      copied;

  if (G_LIKELY (bytes[n] == '"'))
    return end_string (run, bytes + n, PH_VALUE_STRING | PH_VALUE_CLEAN, n);

  copied = copy_long (run->tree.end + 2, bytes, run->readable, n);
  return copied >= 0 && end_string (run, bytes + copied / 2, (copied & 1) != 0 ? PH_VALUE_STRING | PH_VALUE_CLEAN : PH_VALUE_STRING, (gsize) copied / 2);
}

static inline gboolean
are_digits (const char *p, guint n)
{
  guint64 octets;

  if (n <= 8)
    {
      memcpy (&octets, p, sizeof octets);
      octets = (GUINT64_FROM_LE (octets) ^ G_GUINT64_CONSTANT (0x3030303030303030)) << (64 - 8 * n);
      return (((octets + G_GUINT64_CONSTANT (0x7676767676767676)) | octets) & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
    }
  while (n > 0 && g_ascii_isdigit (p[n - 1]))
    n--;
  return n == 0;
}

static inline gboolean
run_atom (Run *run)
{
  const char *bytes = run->p;
  guint       n = ph_imap_copy_atom_block (run->tree.end + 2, bytes);
  char        next = bytes[n];

  if (G_UNLIKELY (n == 0 || n == PH_IMAP_BLOCK || *bytes == '{' || *bytes == '~'))
    return FALSE;
  if (G_UNLIKELY (next != ' ' && next != '(' && (next != ')' || run->tree.depth == 0) && (next != '\n' || bytes + n != run->end)))
    return FALSE;

  run->p = bytes + n + (next == ' ');
  ph_value_builder_finish_word_at (&run->tree, (guint8) (*bytes - '0') <= 9 && are_digits (bytes, n) ? PH_VALUE_NUMBER : PH_VALUE_ATOM, n);
  return TRUE;
}

static inline gboolean
is_nil (const char *p)
{
  guint32 octets;

  memcpy (&octets, p, sizeof octets);
  return (GUINT32_FROM_LE (octets) & 0xdfdfdf) == 0x4c494e;
}

/* One NIL or more, up to @end, or an atom that begins so */
static inline gboolean
run_nil (Run *run, const char *end)
{
  do
    {
      char next = run->p[3];

      if (G_UNLIKELY (next != ' ' && (next != ')' || run->tree.depth == 0)))
        return next > ' ' && next != '(' && next != ')' && run_atom (run);
      run->p += 3 + (next == ' ');
      ph_value_builder_finish_word_at (&run->tree, PH_VALUE_NIL, 0);
    }
  while (run->p < end && is_nil (run->p));

  return TRUE;
}

/* Up to @end or what is odd; whether @end was reached */
static gboolean
run_on (Run *result, const char *end)
{
  Run run = *result; /* for the sake of registers */

  while (run.p < end)
    {
      char c = *run.p;

      if (c == '"')
        {
          if (!run_quoted (&run))
            break;
        }
      else if (c == ')')
        {
          if (run.tree.depth == 0)
            break;
          ph_value_builder_close_at (&run.tree);
          run.p += run.p[1] == ' ' ? 2 : 1;
        }
      else if (c == '(')
        {
          if (run.tree.depth >= run.max_depth)
            break;
          ph_value_builder_open_at (&run.tree);
          run.p++;
        }
      else if (is_nil (run.p))
        {
          if (!run_nil (&run, end))
            break;
        }
      else if (c == ' ')
        run.p++;
      else if (!run_atom (&run))
        break;
    }

  *result = run;
  return run.p >= end;
}

/* The end is looked at in a place where octets stand behind it. */
static void
run_tail (Run *run)
{
  char        tail[3 * TAIL];
  const char *start = run->p;
  gsize       n = (gsize) (run->end - start);

  memcpy (tail, start, n);
  memset (tail + n, '\n', sizeof tail - n);
  run->p = tail;
  run->end = tail + n;
  run->readable = tail + sizeof tail;
  run_on (run, run->end);
  run->p = start + MIN ((gsize) (run->p - tail), n);
}

void
ph_imap_run (PhImapReader *self)
{
  PhValueBuilderHead *head = (PhValueBuilderHead *) (gpointer) self->builder;
  gboolean plain = TRUE;

  while (plain && self->p < self->end && self->end - self->p < (gssize) (self->max_values - self->n_values))
    {
      gssize left = self->end - self->p;
      gssize room = (head->limit - head->end - SLACK) / MOST_PER_OCTET;
      Run    run;

      if (head->end == NULL || room < MIN (left, LEAST))
        {
          ph_value_builder_reserve (self->builder, MOST_PER_OCTET * LEAST + SLACK);
          room = LEAST;
        }
      run = (Run) { .p = self->p, .readable = self->readable, .end = self->end, .tree = *head, .max_depth = self->max_depth };
      /* a line end stops whatever would go beyond it */
      if (left > self->end + TAIL - self->readable)
        plain = run_on (&run, self->p + MIN (room, left - MAX (self->end + TAIL - self->readable, 0)));
      if (plain && run.p < self->end && self->readable - run.p <= TAIL)
        {
          run_tail (&run);
          plain = FALSE;
        }

      *head = run.tree;
      self->p = run.p;
    }
}
