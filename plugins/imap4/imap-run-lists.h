/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists that are written in one go: what envelopes and body structures are made of. For imap-run.c alone.
 *
 *   addresses = "(" 1*("(" (quoted / "NIL") SP "NIL" SP quoted SP quoted ")") ")"
 *   head      = "(UID" SP number SP "FLAGS" SP
 *   atoms     = "(" atom *(SP atom) ")"                              (flag-list)
 *   strings   = "(" quoted *(SP quoted) [")"]
 *   part      = "(" quoted SP quoted SP strings SP "NIL" SP "NIL" SP quoted SP number [SP number] *(SP "NIL") ")"
 *                                                     (RFC 9051 section 9: address, body-fld-param, body-type-1part)
 */
#pragma once

/* A list whose children stand from @list on up to @end is done. Returns what is behind it. */
static inline guint8 *
put_list (Run *run, guint8 *list, guint8 *end, guint32 count)
{
  guint32 span = (guint32) (end - list), whole = span + PH_VALUE_LIST_END;

  *list = PH_VALUE_LIST;
  memcpy (list + 1, &whole, sizeof whole);
  memcpy (list + 5, &count, sizeof count);
  *end = PH_VALUE_LIST + 1;
  memcpy (end + 1, &span, sizeof span);
  run->tree.n_nodes += count;
  return end + PH_VALUE_LIST_END;
}

/* The same as a child of the list that is open */
static inline void
add_list (Run *run, guint8 *end, guint32 count)
{
  run->tree.end = put_list (run, run->tree.end, end, count);
  run->tree.count++;
  ph_value_builder_mark_at (&run->tree);
}

/* The same at its ")", which is at @p. TRUE */
static inline gboolean
end_list (Run *run, const char *p, guint8 *end, guint32 count)
{
  run->p = p[1] == ' ' ? p + 2 : p + 1;
  add_list (run, end, count);
  return TRUE;
}

static inline gboolean
is_same (const char *text, const char *other, gsize length)
{
  gsize i = 0;

  if (length < PH_IMAP_BLOCK)
    return memcmp (text, other, length) == 0;
  for (; i + PH_IMAP_BLOCK < length; i += PH_IMAP_BLOCK)
    if (!ph_imap_is_same_block (text + i, other + i))
      return FALSE;
  return ph_imap_is_same_block (text + length - PH_IMAP_BLOCK, other + length - PH_IMAP_BLOCK);
}

/* The same of a list of addresses, whose children's end is @end, and which ends before @behind; and of what stands behind it, as long as it is the
 * same again: servers repeat the author where there is no Sender or Reply-To (RFC 9051 section 7.5.2). */
static inline void
repeat_list (Run *run, const guint8 *list, guint8 *end, const char *behind, guint32 count)
{
  const char *text = run->p;
  gsize       length = (gsize) (behind - text), size = (gsize) (end - list) + PH_VALUE_LIST_END;
  guint32     n_nodes = count * 5;

  add_list (run, end, count);
  run->p = behind + (*behind == ' ');
  while (run->stop - run->p >= (gssize) length && load64 (run->p + 2) == load64 (text + 2) && is_same (run->p, text, length))
    {
      /* whole blocks: there is room behind */
      for (gsize i = 0; i < size; i += PH_IMAP_BLOCK)
        memcpy (run->tree.end + i, list + i, PH_IMAP_BLOCK);
      run->tree.end += size;
      run->tree.count++;
      run->tree.n_nodes += n_nodes;
      ph_value_builder_mark_at (&run->tree);
      run->p += length;
      run->p += *run->p == ' ';
    }
}

/* ("Ann Ex" NIL "ann" "example.org"), or NIL for the name: goes to @list, and @p behind it. Returns what is behind the list, NULL where it is
 * another. */
static inline guint8 *
put_address (Run *run, guint8 *list, const char **p)
{
  const char *bytes = *p;
  guint8     *node = list + PH_VALUE_LIST_HEAD;
  gssize      length;

  if (bytes[1] == '"')
    {
      bytes += 2;
      length = put_string (run, node, bytes);
      bytes += length;
      if (length < 0 || load64 (bytes) << 8 != OCTETS8 (0, '"', ' ', 'N', 'I', 'L', ' ', '"'))
        return NULL;
      node += 2 + length;
      memset (node, 0, 1 + 3);
      node += 1 + 3;
      bytes += strlen ("\" NIL \"");
    }
  else
    {
      if (load64 (bytes + 1) != OCTETS8 ('N', 'I', 'L', ' ', 'N', 'I', 'L', ' ') || bytes[9] != '"')
        return NULL;
      memset (node, 0, 3 + 3);
      node += 3 + 3;
      bytes += strlen ("(NIL NIL \"");
    }

  if (bytes >= run->stop)
    return NULL;
  length = put_string (run, node, bytes);
  bytes += length;
  if (length < 0 || (load32 (bytes) & 0xffffff) != OCTETS3 ('"', ' ', '"'))
    return NULL;
  node += 2 + length;
  *node++ = '\0';
  bytes += strlen ("\" \"");

  if (bytes >= run->stop)
    return NULL;
  length = put_string (run, node, bytes);
  bytes += length;
  if (length < 0 || (load32 (bytes) & 0xffff) != OCTETS2 ('"', ')'))
    return NULL;
  node += 2 + length;
  *node++ = '\0';
  *p = bytes + strlen ("\")");
  return put_list (run, list, node, 4);
}

/* At "((": addresses, as an envelope has them. FALSE, and nothing is done, where it is something else. */
static inline gboolean
run_addresses (Run *run)
{
  const char *p = run->p + 1;
  guint8     *list = run->tree.end + PH_VALUE_LIST_HEAD;
  guint32     n_nodes = run->tree.n_nodes, count = 0;

  if (run->tree.depth + 2 > run->max_depth)
    return FALSE;
  do
    {
      list = ++count < PH_VALUE_CHILDREN_PER_MARK ? put_address (run, list, &p) : NULL;
      if (list == NULL)
        {
          run->tree.n_nodes = n_nodes;
          return FALSE;
        }
    }
  while (*p == '(' && p < run->stop);

  if (p[0] != ')')
    {
      run->tree.n_nodes = n_nodes;
      return FALSE;
    }
  repeat_list (run, run->tree.end, list, p + 1, count);
  return TRUE;
}

/* Strings one behind the other, the first behind the octet at *@p: go to *@node, and *@p behind the last. FALSE where one is odd */
static inline gboolean
put_strings (const Run *run, const char **p, guint8 **node, guint32 *count)
{
  do
    {
      gssize length = put_string (run, *node, *p + 2);

      if (length < 0)
        return FALSE;
      *node += 2 + length;
      *(*node)++ = '\0';
      *p += 2 + length + 1;
      ++*count;
    }
  while ((load32 (*p) & 0xffff) == OCTETS2 (' ', '"') && *p < run->stop && *count < PH_VALUE_CHILDREN_PER_MARK - 1);
  return TRUE;
}

/* A number of less than eight digits, at *@p. FALSE where there is another, or none */
static G_ALWAYS_INLINE inline gboolean
put_digits (const char **p, guint8 **node)
{
  guint n = ph_imap_count_digits (*p);

  if (n == 0 || n == 8)
    return FALSE;
  memcpy (*node + 2, *p, 8);
  (*node)[0] = PH_VALUE_NUMBER;
  (*node)[1] = (guint8) n;
  *node += 2 + n;
  *(*node)++ = '\0';
  *p += n;
  return TRUE;
}

#define NILS OCTETS8 (' ', 'N', 'I', 'L', ' ', 'N', 'I', 'L')

/* What a part has behind its parameters, from their end at @p on; goes to @node, behind @count children. FALSE where it is something else. */
static inline gboolean
run_rest_of_part (Run *run, const char *p, guint8 *node, guint32 count)
{
  gssize length;

  if (p >= run->stop || load64 (p) != OCTETS8 (')', ' ', 'N', 'I', 'L', ' ', 'N', 'I') || load32 (p + 7) != OCTETS4 ('I', 'L', ' ', '"'))
    return FALSE;
  memset (node, 0, 3 + 3);
  node += 3 + 3;
  p += strlen (") NIL NIL ");

  if (p >= run->stop)
    return FALSE;
  length = put_string (run, node, p + 1);
  if (length < 0)
    return FALSE;
  node += 2 + length;
  *node++ = '\0';
  p += 1 + length;
  if ((load32 (p) & 0xffff) != OCTETS2 ('"', ' ') || p >= run->stop)
    return FALSE;
  p += strlen ("\" ");

  if (!put_digits (&p, &node))
    return FALSE;
  count += 4;
  if (*p == ' ' && (guint8) (p[1] - '0') <= 9)
    {
      p++;
      if (p >= run->stop || !put_digits (&p, &node))
        return FALSE;
      count++;
    }
  if (load64 (p) == NILS && load64 (p + 8) == NILS && p < run->stop)
    {
      memset (node, 0, 16);
      node += 4 * 3;
      p += 16;
      count += 4;
    }
  while (load64 (p) == NILS && p < run->stop && count < PH_VALUE_CHILDREN_PER_MARK - 3)
    {
      memset (node, 0, 8);
      node += 3 + 3;
      p += 8;
      count += 2;
    }
  if (load32 (p) == OCTETS4 (' ', 'N', 'I', 'L') && p < run->stop)
    {
      memset (node, 0, 4);
      node += 3;
      p += 4;
      count++;
    }
  return *p == ')' && end_list (run, p, node, count);
}

/* A part whose type and subtype were put before @node, at " (" and a quote: all of it. FALSE, and nothing is done, where it is something else. */
static inline gboolean
run_part (Run *run, const char *p, guint8 *node)
{
  guint8 *parameters = node;
  guint32 n_nodes = run->tree.n_nodes, count = 0;

  if (p >= run->stop || run->tree.depth + 2 > run->max_depth)
    return FALSE;
  p++;
  node += PH_VALUE_LIST_HEAD;
  if (!put_strings (run, &p, &node, &count))
    return FALSE;
  node = put_list (run, parameters, node, count);
  if (run_rest_of_part (run, p, node, 3))
    return TRUE;
  run->tree.n_nodes = n_nodes;
  return FALSE;
}

/* At "(" and an atom: a list of atoms, none of which may be something else by its beginning. FALSE, and nothing is done, where it is something else. */
static inline gboolean
run_atoms (Run *run)
{
  const char *p = run->p;
  guint8     *node = run->tree.end + PH_VALUE_LIST_HEAD;
  guint32     count = 0;

  if (run->tree.depth >= run->max_depth)
    return FALSE;
  do
    {
      guint n;

      p++;
      n = ph_imap_copy_atom_block (node + 2, p);
      if (n - 1 >= PH_IMAP_BLOCK - 1 || (guint8) (*p - '0') <= 9 || (*p | 0x20) == 'n' || *p == '"')
        return FALSE;
      node[0] = PH_VALUE_ATOM;
      node[1] = (guint8) n;
      node[2 + n] = '\0';
      node += 3 + n;
      p += n;
      count++;
    }
  while (*p == ' ' && p < run->stop && count < PH_VALUE_CHILDREN_PER_MARK - 1);

  return *p == ')' && end_list (run, p, node, count);
}

/* At "(" and a quote: strings, of which is all of a list, or its beginning; or a part. FALSE, and nothing is done, where it is something else. */
static inline gboolean
run_strings (Run *run)
{
  const char *p = run->p;
  guint8     *node = run->tree.end + PH_VALUE_LIST_HEAD;
  guint32     count = 0;

  if (run->tree.depth >= run->max_depth || !put_strings (run, &p, &node, &count))
    return FALSE;
  if (*p == ')')
    return end_list (run, p, node, count);
  if (count == 2 && (load32 (p) & 0xffffff) == OCTETS3 (' ', '(', '"') && run_part (run, p, node))
    return TRUE;
  if (*p != ' ' && *p != '(')
    return FALSE;
  ph_value_builder_open_at (&run->tree);
  run->tree.end = node;
  run->tree.count = count;
  run->p = *p == ' ' ? p + 1 : p;
  return TRUE;
}

/* At "(UID ": the beginning of most messages, "(UID 7 FLAGS (", up to the flags. FALSE, and nothing is done, where it is something else. */
static inline gboolean
run_head (Run *run)
{
  static const guint8 uid[8] = { PH_VALUE_ATOM, 3, 'U', 'I', 'D', '\0' }, flags[8] = { PH_VALUE_ATOM, 5, 'F', 'L', 'A', 'G', 'S', '\0' };
  const char *p = run->p + strlen ("(UID ");
  guint8     *node = run->tree.end + PH_VALUE_LIST_HEAD;

  if (p >= run->stop || run->tree.depth >= run->max_depth)
    return FALSE;
  memcpy (node, uid, sizeof uid);
  node += 3 + 3;
  if (!put_digits (&p, &node) || load64 (p) != OCTETS8 (' ', 'F', 'L', 'A', 'G', 'S', ' ', '('))
    return FALSE;
  memcpy (node, flags, sizeof flags);
  ph_value_builder_open_at (&run->tree);
  run->tree.end = node + sizeof flags;
  run->tree.count = 3;
  run->p = p + strlen (" FLAGS ");
  return TRUE;
}
