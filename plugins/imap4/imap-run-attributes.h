/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What most FETCH responses tell, each attribute with its value in one go. For imap-run.c alone.
 *
 *   message   = "(" attribute *(SP attribute) ")"
 *   attribute = "UID" SP number / "FLAGS" SP atoms / "INTERNALDATE" SP quoted / "RFC822.SIZE" SP number / "ENVELOPE" SP envelope /
 *               "BODYSTRUCTURE" SP multipart
 *   envelope  = "(" 2(nstring SP) 6((addresses / "NIL") SP) nstring SP nstring ")"
 *   multipart = "(" 1*(part) SP quoted SP strings *(SP "NIL") ")"
 *                                                    (RFC 9051 section 9: msg-att, envelope, body-type-mpart)
 *
 * As far as they are as usual: where something isn't, the list that it is in stays open, and what comes next is looked at as a token.
 */
#pragma once

enum { N_TEXTS_BEFORE = 2, N_BEFORE_TEXTS = N_TEXTS_BEFORE + 6, N_FIELDS = N_BEFORE_TEXTS + 2 };

/* A list, with @count children behind its head up to @end, which has more from @p on. FALSE */
static inline gboolean
leave_open (Run *run, const char *p, guint8 *end, guint32 count)
{
  ph_value_builder_open_at (&run->tree);
  run->tree.end = end;
  run->tree.count = count;
  run->p = p;
  return FALSE;
}

/* A string or NIL, and the blank behind it, if it is not the last */
static G_ALWAYS_INLINE inline gboolean
put_nstring (const Run *run, const char **p, guint8 **node)
{
  const char *bytes = *p;
  guint8     *end = *node;

  if (*bytes == '"')
    {
      bytes++;
      if (!put_text (run, &bytes, &end))
        return FALSE;
      bytes++;
    }
  else
    {
      if ((load32 (bytes) & 0xffffff) != OCTETS3 ('N', 'I', 'L'))
        return FALSE;
      memset (end, 0, 4);
      end += 3;
      bytes += 3;
    }
  if (*bytes != ' ' && *bytes != ')')
    return FALSE;
  *p = bytes + (*bytes == ' ');
  *node = end;
  return TRUE;
}

/* What stands at *@p, as long as it is the list at @list again, whose text is what is in front of it from @text on: servers repeat the author
 * where there is no Sender or Reply-To (RFC 9051 section 7.5.2). Returns how many there are up to @most. */
static G_ALWAYS_INLINE inline guint32
put_same (const Run *run, const char *text, const guint8 *list, const char **p, guint8 **node, guint32 most)
{
  gsize   length = (gsize) (*p - text), size = (gsize) (*node - list);
  guint32 n = 0;

  while (n < most && run->stop - *p >= (gssize) length && load64 (*p + 2) == load64 (text + 2) && is_same (*p, text, length))
    {
      const guint8 *end = *node;

      /* whole blocks: there is room behind */
      do
        {
          memcpy (*node, list, PH_IMAP_BLOCK);
          *node += PH_IMAP_BLOCK;
          list += PH_IMAP_BLOCK;
        }
      while (list < end);
      *node = (guint8 *) end + size;
      list = end;
      *p += length;
      n++;
    }
  return n;
}

/* At its "(" */
static G_GNUC_NO_INLINE gboolean
run_envelope (Run *run)
{
  const char *p = run->p + 1;
  guint8     *node = run->tree.end + PH_VALUE_LIST_HEAD;
  guint32     count = 0, n_nodes = run->tree.n_nodes;

  while (count < N_TEXTS_BEFORE && p < run->stop && put_nstring (run, &p, &node))
    count++;
  while (count >= N_TEXTS_BEFORE && count < N_BEFORE_TEXTS && p < run->stop)
    {
      const char *text = p;
      guint8     *list = node;
      guint32     before = n_nodes, n;

      if (load32 (p) == OCTETS4 ('N', 'I', 'L', ' '))
        {
          memset (node, 0, 4);
          node += 3;
          p += 4;
          count++;
          continue;
        }
      node = (load32 (p) & 0xffff) == OCTETS2 ('(', '(') ? put_addresses (run, &n_nodes, list, &p) : NULL;
      if (node == NULL)
        {
          node = list;
          break;
        }
      count++;
      p += *p == ' ';
      if (count != N_TEXTS_BEFORE + 1)
        continue;
      n = put_same (run, text, list, &p, &node, N_BEFORE_TEXTS - count);
      count += n;
      n_nodes += n * (n_nodes - before);
    }
  while (count >= N_BEFORE_TEXTS && count < N_FIELDS && p < run->stop && put_nstring (run, &p, &node))
    count++;

  run->tree.n_nodes = n_nodes;
  if (count == N_FIELDS && *p == ')' && p < run->stop)
    return end_list (run, p, node, count);
  return leave_open (run, p, node, count);
}

/* From the "(" of its parameters on, as far as to its end, or not at all */
static G_ALWAYS_INLINE inline void
put_rest_of_multipart (const Run *run, guint32 *n_nodes, const char **p, guint8 **node, guint32 *count)
{
  const char *bytes = *p;
  guint8     *end = *node + PH_VALUE_LIST_HEAD;
  guint32     before = *n_nodes, n = 0;

  if (!put_strings (run, &bytes, &end, &n) || *bytes != ')')
    return;
  end = put_list (n_nodes, *node, end, n);
  bytes++;
  n = *count + 1;
  put_nils (run, &bytes, &end, &n);
  if (*bytes != ')')
    {
      *n_nodes = before;
      return;
    }
  *p = bytes;
  *node = end;
  *count = n;
}

/* At the "(" of a multipart whose first part isn't one */
static G_GNUC_NO_INLINE gboolean
run_multipart (Run *run)
{
  const char *p = run->p + 1;
  guint8     *node = run->tree.end + PH_VALUE_LIST_HEAD;
  guint32     count = 0, n_nodes = run->tree.n_nodes;

  while ((load32 (p) & 0xffff) == OCTETS2 ('(', '"') && p < run->stop && count < PH_VALUE_CHILDREN_PER_MARK / 2)
    {
      const char *part = p;
      guint8     *end = node + PH_VALUE_LIST_HEAD;
      guint32     n = 0;

      if (!put_strings (run, &part, &end, &n) || n != 2 || (load32 (part) & 0xffffff) != OCTETS3 (' ', '(', '"') ||
          !put_part (run, &n_nodes, &part, &end, &n))
        break;
      node = put_list (&n_nodes, node, end, n);
      p = part + 1;
      count++;
    }
  if (count > 0 && (load32 (p) & 0xffff) == OCTETS2 (' ', '"') && p < run->stop)
    {
      p++;
      if (put_nstring (run, &p, &node))
        {
          count++;
          if ((load32 (p) & 0xffff) == OCTETS2 ('(', '"') && p < run->stop)
            put_rest_of_multipart (run, &n_nodes, &p, &node, &count);
        }
    }

  run->tree.n_nodes = n_nodes;
  if (count > 0 && *p == ')' && p < run->stop)
    return end_list (run, p, node, count);
  return leave_open (run, p, node, count);
}

static inline gboolean
run_body (Run *run)
{
  /* parts of parts of parts */
  while ((load32 (run->p) & 0xffffff) == OCTETS3 ('(', '(', '(') && run->p < run->stop && run->tree.depth < run->max_depth)
    {
      run->p++;
      ph_value_builder_open_at (&run->tree);
    }
  return (load32 (run->p) & 0xffff) == OCTETS2 ('(', '(') && run->p < run->stop && run->tree.depth + 3 <= run->max_depth && run_multipart (run) &&
         run->tree.depth == 1;
}

/* @name: a node, in 16 octets, of which @size are its own; stands in @length octets with the blank behind it */
static G_ALWAYS_INLINE inline void
run_name (Run *run, const guint8 *name, gsize size, gsize length)
{
  memcpy (run->tree.end, name, 16);
  run->tree.end += size;
  run->tree.count++;
  ph_value_builder_mark_at (&run->tree);
  run->p += length;
}

#define NAME(...) { PH_VALUE_ATOM, sizeof ((char[]) { __VA_ARGS__ }), __VA_ARGS__, '\0' }

/* A list of attributes, at its "(" or at the name of one of them, as far as it is as usual. Whether it was to its end */
static gboolean
run_message (Run *run)
{
  static const guint8 uid[16] = NAME ('U', 'I', 'D');
  static const guint8 date[16] = NAME ('I', 'N', 'T', 'E', 'R', 'N', 'A', 'L', 'D', 'A', 'T', 'E');
  static const guint8 size[16] = NAME ('R', 'F', 'C', '8', '2', '2', '.', 'S', 'I', 'Z', 'E');
  static const guint8 envelope[16] = NAME ('E', 'N', 'V', 'E', 'L', 'O', 'P', 'E');
  static const guint8 body[16] = NAME ('B', 'O', 'D', 'Y', 'S', 'T', 'R', 'U', 'C', 'T', 'U', 'R', 'E');
  static const guint8 flags[16] = NAME ('F', 'L', 'A', 'G', 'S');

  if (run->tree.depth == 0 && run->p < run->stop && run->max_depth > 0)
    {
      run->p++;
      ph_value_builder_open_at (&run->tree);
    }
  while (run->tree.depth == 1 && run->p < run->stop)
    {
      guint64 octets = load64 (run->p);

      if ((guint32) octets == OCTETS4 ('U', 'I', 'D', ' '))
        {
          run_name (run, uid, 2 + 3 + 1, strlen ("UID "));
          if (!run_digits (run))
            return FALSE;
        }
      else if ((octets & G_GUINT64_CONSTANT (0xffffffffffffff)) == OCTETS8 ('F', 'L', 'A', 'G', 'S', ' ', '(', 0))
        {
          run_name (run, flags, 2 + 5 + 1, strlen ("FLAGS "));
          if (run->p >= run->stop || !run_atoms (run))
            return FALSE;
        }
      else if (octets == OCTETS8 ('I', 'N', 'T', 'E', 'R', 'N', 'A', 'L') && load64 (run->p + 6) == OCTETS8 ('A', 'L', 'D', 'A', 'T', 'E', ' ', '"'))
        {
          run_name (run, date, 2 + 12 + 1, strlen ("INTERNALDATE "));
          if (run->p >= run->stop || !run_quoted (run))
            return FALSE;
        }
      else if (octets == OCTETS8 ('R', 'F', 'C', '8', '2', '2', '.', 'S') && load32 (run->p + 8) == OCTETS4 ('I', 'Z', 'E', ' '))
        {
          run_name (run, size, 2 + 11 + 1, strlen ("RFC822.SIZE "));
          if (run->p >= run->stop || !run_digits (run))
            return FALSE;
        }
      else if (octets == OCTETS8 ('E', 'N', 'V', 'E', 'L', 'O', 'P', 'E') && (load32 (run->p + 8) & 0xffff) == OCTETS2 (' ', '('))
        {
          run_name (run, envelope, 2 + 8 + 1, strlen ("ENVELOPE "));
          if (run->tree.depth + 3 > run->max_depth || !run_envelope (run))
            return FALSE;
        }
      else if (octets == OCTETS8 ('B', 'O', 'D', 'Y', 'S', 'T', 'R', 'U') && load64 (run->p + 7) == OCTETS8 ('U', 'C', 'T', 'U', 'R', 'E', ' ', '('))
        {
          run_name (run, body, 2 + 13 + 1, strlen ("BODYSTRUCTURE "));
          if (!run_body (run))
            return FALSE;
        }
      else if ((char) octets == ')')
        {
          ph_value_builder_close_at (&run->tree);
          run->p++;
          return TRUE;
        }
      else
        {
          return FALSE;
        }
    }
  return FALSE;
}
