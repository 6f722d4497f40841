/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs of plain tokens go straight into the tree, without a call for each: most of what servers send.
 *
 *   run   = *(token [SP])
 *   token = "(" / ")" / "NIL" / atom / number / quoted / head / addresses / atoms / strings / part
 *
 * The last five are what a message's attributes are mostly made of: imap-run-lists.h writes them in one go.
 *
 * What is odd in any way is left to read_value () of imap-reader.c, which knows it all and comes to the same where both could read. Values aren't
 * counted here: a run is begun only where there are fewer octets than values left.
 */
#include "imap-run.h"

#include "imap-blocks.h"
#include "imap-digits.h"

#include <string.h>

#if defined PH_IMAP_HAS_WIDE_RUN && !defined PH_IMAP_AVX2

static inline gboolean
can_run_wide (void)
{
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi");
}

#define TWICE(...) { __VA_ARGS__, __VA_ARGS__ }

const guint8 ph_imap_unclean[32] __attribute__ ((aligned (32))) = TWICE (1, 0, '"', 0, 0, 0, 0, 0, 0, 0, 0, 0, '\\', '=', 0, 0x7f);
const guint8 ph_imap_ends_quoted[32] __attribute__ ((aligned (32))) = TWICE (1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, '\\', 0, 0, 0);
const guint8 ph_imap_ends_atom[32] __attribute__ ((aligned (32))) = TWICE (1, 0, 0, 0, 0, 0, 0, 0, '(', ')', 0, '[', 0, 0, 0, 0);
const guint8 ph_imap_blanks[32] __attribute__ ((aligned (32))) =
  TWICE (' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ');

#endif

typedef struct {
  const char         *p;
  const char         *readable; /* octets may be looked at up to here, whatever they are */
  const char         *end;      /* of the response */
  const char         *stop;     /* no token begins from here on */
  PhValueBuilderHead  tree;
  guint               max_depth;
  gboolean            single;   /* a list is read that begins at depth 0, and nothing behind it */
} Run;

enum {
  LONGEST_QUOTED = 240,
  MOST_DIGITS = 19,                        /* of a number that fits 64 bits for sure */
  /* from where it may be, a string of two blocks begins at most 2 octets on, and 8 are looked at behind it */
  TAIL = 2 * PH_IMAP_BLOCK + 2 + 8,
  LEAST = 128,                             /* octets of input for which room is made at once */
  MOST_PER_OCTET = PH_VALUE_LIST_HEAD + 1, /* a mark now and then */
  ROOM_PER_OCTET = 16,                     /* at least as many, and quickly divided by */
  SLACK = LONGEST_QUOTED + 6 * PH_IMAP_BLOCK + 4 * PH_VALUE_LIST_END
};

/* A string that is longer than a block, or not clean: how long it is, twice, and 1 more where it is clean; -1 where it is odd. @length: what was
 * copied, and is clean. Apart, for the sake of what is short. */
static G_GNUC_NO_INLINE gssize
copy_long (guint8 *to, const char *bytes, const char *readable, gssize length)
{
  PhImapTables tables = ph_imap_get_tables ();
  gboolean clean = TRUE;

  while (readable - bytes >= length + 2 * PH_IMAP_BLOCK && length <= LONGEST_QUOTED - PH_IMAP_BLOCK)
    {
      guint n = clean ? ph_imap_copy_clean_block (to + length, bytes + length, &tables) : ph_imap_copy_quoted_block (to + length, bytes + length);

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

/* The string at @bytes, behind its quote, goes to @node, but for its NUL. Returns its length, negative where it is odd. */
static G_ALWAYS_INLINE inline gssize
put_string (const Run *run, guint8 *node, const char *bytes, const PhImapTables *tables)
{
  gssize length = (gssize) ph_imap_copy_clean_block (node + 2, bytes, tables);

  node[0] = PH_VALUE_STRING | PH_VALUE_CLEAN;
  if (G_UNLIKELY (bytes[length] != '"'))
    {
      if (length == PH_IMAP_BLOCK)
        length += (gssize) ph_imap_copy_clean_block (node + 2 + PH_IMAP_BLOCK, bytes + PH_IMAP_BLOCK, tables);
      if (bytes[length] != '"')
        {
          length = copy_long (node + 2, bytes, run->readable, length);
          if ((length & 1) == 0)
            node[0] = PH_VALUE_STRING;
          length >>= 1;
        }
    }
  node[1] = (guint8) length;
  return length;
}

static G_ALWAYS_INLINE inline gboolean
run_quoted (Run *run)
{
  const char *bytes = run->p + 1;
  guint8     *node = run->tree.end;
  PhImapTables tables = ph_imap_get_tables ();
  gssize      length = put_string (run, node, bytes, &tables);
  const char *quote = bytes + length;

  if (G_UNLIKELY (length < 0))
    return FALSE;
  if (quote[1] == ' ')
    run->p = quote + 2;
  else if ((quote[1] & 0xfe) == '(')
    run->p = quote + 1;
  else
    return FALSE;

  node[2 + length] = '\0';
  run->tree.end = node + 3 + length;
  run->tree.count++;
  ph_value_builder_mark_at (&run->tree);
  return TRUE;
}

static inline guint16
load16 (const char *p)
{
  guint16 octets;

  memcpy (&octets, p, sizeof octets);
  return GUINT16_FROM_LE (octets);
}

static inline guint32
load32 (const char *p)
{
  guint32 octets;

  memcpy (&octets, p, sizeof octets);
  return GUINT32_FROM_LE (octets);
}

static inline guint64
load64 (const char *p)
{
  guint64 octets;

  memcpy (&octets, p, sizeof octets);
  return GUINT64_FROM_LE (octets);
}

#define OCTETS2(a, b) ((guint32) (a) | (guint32) (b) << 8)
#define OCTETS3(a, b, c) (OCTETS2 (a, b) | (guint32) (c) << 16)
#define OCTETS4(a, b, c, d) (OCTETS3 (a, b, c) | (guint32) (d) << 24)
#define OCTETS8(a, b, c, d, e, f, g, h) ((guint64) OCTETS4 (a, b, c, d) | (guint64) OCTETS4 (e, f, g, h) << 32)

#include "imap-run-lists.h"

static inline gboolean
are_digits (const char *p, guint n)
{
  if (n <= 8)
    return ph_imap_count_digits (p) >= n;
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
  gboolean    number;

  /* what announces a literal has a line end behind it */
  if (G_UNLIKELY (n - 1 >= PH_IMAP_BLOCK - 1))
    return FALSE;
  if (G_UNLIKELY (next != ' ' && next != '(' && (next != ')' || run->tree.depth == 0) && (next != '\n' || bytes + n != run->end)))
    return FALSE;
  number = (guint8) (*bytes - '0') <= 9 && are_digits (bytes, n);
  if (G_UNLIKELY (number && n > MOST_DIGITS))
    return FALSE;

  run->p = bytes + n + (next == ' ');
  ph_value_builder_finish_word_at (&run->tree, number ? PH_VALUE_NUMBER : PH_VALUE_ATOM, n);
  return TRUE;
}

static inline gboolean
is_nil (const char *p)
{
  guint32 octets;

  memcpy (&octets, p, sizeof octets);
  return (GUINT32_FROM_LE (octets) & 0xdfdfdf) == 0x4c494e;
}

/* NIL, or an atom that begins so */
static inline gboolean
run_nil (Run *run)
{
  char next = run->p[3];

  if (G_UNLIKELY (next != ' ' && (next != ')' || run->tree.depth == 0)))
    return next > ' ' && next != '(' && next != ')' && run_atom (run);
  run->p += 3 + (next == ' ');
  ph_value_builder_finish_word_at (&run->tree, PH_VALUE_NIL, 0);
  return TRUE;
}

/* One "NIL " or more, up to @end, as nearly all are written */
static inline void
run_nils (Run *run, const char *end)
{
  do
    {
      memset (run->tree.end, 0, 4);
      run->tree.end += 3;
      run->tree.count++;
      ph_value_builder_mark_at (&run->tree);
      run->p += 4;
    }
  while (load32 (run->p) == OCTETS4 ('N', 'I', 'L', ' ') && run->p < end);
}

/* A number of less than eight digits; FALSE, and nothing is done, where it is another, or none */
static G_ALWAYS_INLINE inline gboolean
run_digits (Run *run)
{
  guint64 octets = load64 (run->p) ^ G_GUINT64_CONSTANT (0x3030303030303030);
  guint64 others = ((octets + G_GUINT64_CONSTANT (0x7676767676767676)) | octets) & G_GUINT64_CONSTANT (0x8080808080808080);
  guint   n;
  char    next;

  if (others == 0 || (others & 0x80) != 0)
    return FALSE;
  n = (guint) __builtin_ctzll (others) / 8;
  next = run->p[n];
  if (next != ' ' && (next != ')' || run->tree.depth == 0))
    return FALSE;
  memcpy (run->tree.end + 2, run->p, sizeof octets);
  run->p += n + (next == ' ');
  ph_value_builder_finish_word_at (&run->tree, PH_VALUE_NUMBER, n);
  return TRUE;
}

/* A list, as deep as may be */
static G_ALWAYS_INLINE inline gboolean
run_list (Run *run)
{
  const char *p = run->p + 1;

  if (*p == '"')
    {
      if (run_strings (run))
        return TRUE;
    }
  else if (*p == '(')
    {
      if (run_addresses (run))
        return TRUE;
    }
  else if (*p == '\\' || *p == '$' || *p == ')')
    {
      if (run_atoms (run))
        return TRUE;
    }
  else if (load32 (p) == OCTETS4 ('U', 'I', 'D', ' ') && run_head (run))
    {
      return TRUE;
    }
  if (run->tree.depth >= run->max_depth)
    return FALSE;
  ph_value_builder_open_at (&run->tree);
  run->p = p;
  return TRUE;
}

static G_ALWAYS_INLINE inline gboolean
run_close (Run *run)
{
  if (run->tree.depth == 0)
    return FALSE;
  ph_value_builder_close_at (&run->tree);
  run->p += run->p[1] == ' ' ? 2 : 1;
  return TRUE;
}

#include "imap-run-attributes.h"

/* Up to @end or what is odd, or of a single list to its end; whether @end was reached */
static gboolean
run_on (Run *result, const char *end)
{
  Run run = *result; /* for the sake of registers */

  run.stop = end;
  while (run.p < end)
    {
      char c = *run.p;

      if (c == '"')
        {
          if (!run_quoted (&run))
            break;
        }
      else if ((c & 0xfe) == '(')
        {
          if (c == '(' ? !run_list (&run) : !run_close (&run))
            break;
          if (run.tree.depth == 0 && run.single)
            break;
        }
      else if (load32 (run.p) == OCTETS4 ('N', 'I', 'L', ' '))
        run_nils (&run, end);
      else if (is_nil (run.p))
        {
          if (!run_nil (&run))
            break;
        }
      else if (c == ' ')
        run.p++;
      else if (((guint8) (c - '0') > 9 || !run_digits (&run)) && !run_atom (&run))
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

/* So that a run has room for what @left octets come to, or some of them; for how many of them */
static inline gssize
make_room (PhImapReader *self, gssize left)
{
  PhValueBuilderHead *head = (PhValueBuilderHead *) (gpointer) self->builder;
  gssize room = (head->limit - head->end - SLACK) / MOST_PER_OCTET;

  if (head->end != NULL && room >= MIN (left, LEAST))
    return room;
  ph_value_builder_reserve (self->builder, MOST_PER_OCTET * LEAST + SLACK);
  return LEAST;
}

void
ph_imap_run (PhImapReader *self)
{
  PhValueBuilderHead *head = (PhValueBuilderHead *) (gpointer) self->builder;
  gboolean plain = TRUE;

#if defined PH_IMAP_HAS_WIDE_RUN && !defined PH_IMAP_AVX2
  if (can_run_wide ())
    {
      ph_imap_run_wide (self);
      return;
    }
#endif
  while (plain && self->p < self->end && self->end - self->p < (gssize) (self->max_values - self->n_values))
    {
      gssize left = self->end - self->p;
      gssize room = make_room (self, left);
      Run    run = { .p = self->p, .readable = self->readable, .end = self->end, .tree = *head, .max_depth = self->max_depth };

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

const char *
ph_imap_run_list (const PhImapReader *self, const char *list, const char *readable, PhImapFetched *fetched)
{
  guint8 *root;
  gssize  left;
  guint32 back;
  Run     run;

#if defined PH_IMAP_HAS_WIDE_RUN && !defined PH_IMAP_AVX2
  if (can_run_wide ())
    return ph_imap_run_wide_list (self, list, readable, fetched);
#endif
  root = fetched->room - PH_VALUE_LIST_HEAD;
  left = MIN (readable - list - TAIL, (gssize) self->max_values);
  left = MIN (left, ((gssize) fetched->size - SLACK) / ROOM_PER_OCTET);
  if (left <= 0)
    return NULL;
  run.p = list;
  run.readable = readable;
  run.end = NULL;
  run.stop = list + left;
  run.max_depth = self->max_depth;
  run.single = TRUE;
  run.tree = (PhValueBuilderHead) { .end = fetched->room, .list = root };
  fetched->told = 0;
  if (!run_message (&run, fetched) && !run_on (&run, run.stop) && run.tree.depth > 0)
    return NULL;
  if (run.tree.depth > 0 || run.p == list)
    return NULL;

  back = (guint32) (run.tree.end - root);
  *run.tree.end = PH_VALUE_LIST + 1;
  memcpy (run.tree.end + 1, &back, sizeof back);
  fetched->attributes = (const PhValue *) fetched->room;
  return run.p;
}
