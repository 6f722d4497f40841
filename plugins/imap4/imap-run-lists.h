/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists that are written in one go: what envelopes and body structures are made of. For imap-run.c alone.
 *
 *   addresses = "(" 1*("(" (quoted / "NIL") SP "NIL" SP quoted SP quoted ")") ")"
 *   head      = "(UID" SP number SP "FLAGS" SP
 *   atoms     = "(" [atom *(SP atom)] ")"                              (flag-list)
 *   strings   = "(" quoted *(SP quoted) [")"]
 *   part      = "(" quoted SP quoted SP strings SP "NIL" SP "NIL" SP quoted SP number [SP number] *(SP "NIL") ")"
 *                                                     (RFC 9051 section 9: address, body-fld-param, body-type-1part)
 */
#pragma once

/* A list whose children stand from @list on up to @end is done. Returns what is behind it. */
static G_ALWAYS_INLINE inline guint8 *
put_list (guint8 *list, guint8 *end, guint32 count)
{
  guint32 span = (guint32) (end - list), whole = span + PH_VALUE_LIST_END;

  *list = PH_VALUE_LIST;
  memcpy (list + 1, &whole, sizeof whole);
  memcpy (list + 5, &count, sizeof count);
  *end = PH_VALUE_LIST + 1;
  memcpy (end + 1, &span, sizeof span);
  return end + PH_VALUE_LIST_END;
}

/* A list that was put is a child of the one that is open; its ")" is at @p. TRUE */
static G_ALWAYS_INLINE inline gboolean
end_run (Run *run, const char *p, guint8 *end)
{
  run->p = p[1] == ' ' ? p + 2 : p + 1;
  run->tree.end = end;
  run->tree.count++;
  ph_value_builder_mark_at (&run->tree);
  return TRUE;
}

/* The same of children that were put */
static G_ALWAYS_INLINE inline gboolean
end_list (Run *run, const char *p, guint8 *end, guint32 count)
{
  return end_run (run, p, put_list (run->tree.end, end, count));
}

static G_ALWAYS_INLINE inline gboolean
is_same (const char *text, const char *other, gsize length)
{
  gsize i = 0;

  if (G_UNLIKELY (length < PH_IMAP_BLOCK))
    return memcmp (text, other, length) == 0;
  for (; i + PH_IMAP_BLOCK < length; i += PH_IMAP_BLOCK)
    if (!ph_imap_is_same_block (text + i, other + i))
      return FALSE;
  return ph_imap_is_same_block (text + length - PH_IMAP_BLOCK, other + length - PH_IMAP_BLOCK);
}

/* The string behind the quote before *@p: goes to *@node, and *@p to the quote that ends it. FALSE where it is odd. */
static G_ALWAYS_INLINE inline gboolean
put_text (const Run *run, const char **p, guint8 **node, const PhImapTables *tables)
{
  gssize length = put_string (run, *node, *p, tables);

  if (G_UNLIKELY (length < 0))
    return FALSE;
  *p += length;
  (*node)[2 + length] = '\0';
  *node += 3 + length;
  return TRUE;
}

/* ("Ann Ex" NIL "ann" "example.org"), or NIL for the name: goes to @list, and @p behind it. Returns what is behind the list, NULL where it is
 * another. */
static G_ALWAYS_INLINE inline guint8 *
put_address (const Run *run, guint8 *list, const char **p, const PhImapTables *tables)
{
  const char *bytes = *p;
  guint8     *node = list + PH_VALUE_LIST_HEAD;

  if (bytes[1] == '"')
    {
      bytes += 2;
      if (!put_text (run, &bytes, &node, tables) || load32 (bytes + 1) != OCTETS4 (' ', 'N', 'I', 'L') || load16 (bytes + 5) != OCTETS2 (' ', '"'))
        return NULL;
      memset (node, 0, 4);
      node += 3;
      bytes += strlen ("\" NIL \"");
    }
  else
    {
      if (load64 (bytes + 1) != OCTETS8 ('N', 'I', 'L', ' ', 'N', 'I', 'L', ' ') || bytes[9] != '"')
        return NULL;
      memset (node, 0, 8);
      node += 3 + 3;
      bytes += strlen ("(NIL NIL \"");
    }

  if (bytes >= run->stop || !put_text (run, &bytes, &node, tables) || load16 (bytes + 1) != OCTETS2 (' ', '"'))
    return NULL;
  bytes += strlen ("\" \"");
  if (bytes >= run->stop || !put_text (run, &bytes, &node, tables) || bytes[1] != ')')
    return NULL;
  *p = bytes + strlen ("\")");
  return put_list (list, node, 4);
}

/* At "((", at *@p: addresses, as an envelope has them, go to @list, and *@p behind them. Returns what is behind the list; NULL, and nothing is done,
 * where it is something else. */
static G_ALWAYS_INLINE inline guint8 *
put_addresses (const Run *run, guint8 *list, const char **p, const PhImapTables *tables)
{
  const char *bytes = *p + 1;
  guint8     *end = list + PH_VALUE_LIST_HEAD;
  guint32     count = 0;

  do
    end = ++count < PH_VALUE_CHILDREN_PER_MARK ? put_address (run, end, &bytes, tables) : NULL;
  while (end != NULL && *bytes == '(' && bytes < run->stop);

  if (end == NULL || *bytes != ')')
    return NULL;
  *p = bytes + 1;
  return put_list (list, end, count);
}

/* At "((" */
static G_ALWAYS_INLINE inline gboolean
run_addresses (Run *run)
{
  PhImapTables tables = ph_imap_get_tables ();
  const char  *p = run->p;
  guint8      *end = run->tree.depth + 2 <= run->max_depth ? put_addresses (run, run->tree.end, &p, &tables) : NULL;

  return end != NULL && end_run (run, p - 1, end);
}

/* Strings one behind the other, the first behind the octet at *@p: go to *@node, and *@p behind the last. FALSE where one is odd */
static G_ALWAYS_INLINE inline gboolean
put_strings (const Run *run, const char **p, guint8 **node, guint32 *count, const PhImapTables *tables)
{
  do
    {
      *p += 2;
      if (!put_text (run, p, node, tables))
        return FALSE;
      ++*p;
      ++*count;
    }
  while (load16 (*p) == OCTETS2 (' ', '"') && *p < run->stop && *count < PH_VALUE_CHILDREN_PER_MARK - 1);
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

/* "NIL" with a blank before each, at *@p: go to *@node, and count as children of a list of few */
static G_ALWAYS_INLINE inline void
put_nils (const Run *run, const char **p, guint8 **node, guint32 *count)
{
  while (*p < run->stop && load64 (*p) == NILS && *count < PH_VALUE_CHILDREN_PER_MARK - 3)
    {
      memset (*node, 0, 8);
      *node += 3 + 3;
      *p += 8;
      *count += 2;
    }
  if (*p < run->stop && load32 (*p) == OCTETS4 (' ', 'N', 'I', 'L'))
    {
      memset (*node, 0, 4);
      *node += 3;
      *p += 4;
      ++*count;
    }
}

/* What a part has behind the words of its type, from the quote that ends the second of them on: goes to @list, which is the part's, behind these, at @node.
 * Returns what is behind the list, and sets *@p to its ")"; NULL where it is something else. */
static G_ALWAYS_INLINE inline guint8 *
put_part (const Run *run, guint8 *list, guint8 *node, const char **p, const PhImapTables *tables)
{
  const char *bytes = *p;
  guint8     *parameters = node;
  guint32     count = 0;

  if (load32 (bytes) != OCTETS4 ('"', ' ', '(', '"'))
    return NULL;
  bytes += strlen ("\" (\"");
  node += PH_VALUE_LIST_HEAD;
  for (;; bytes += strlen ("\" \""))
    {
      if (bytes >= run->stop || !put_text (run, &bytes, &node, tables))
        return NULL;
      if (++count == PH_VALUE_CHILDREN_PER_MARK - 1 || load16 (bytes + 1) != OCTETS2 (' ', '"'))
        break;
    }
  node = put_list (parameters, node, count);

  if (load64 (bytes) != OCTETS8 ('"', ')', ' ', 'N', 'I', 'L', ' ', 'N') || load32 (bytes + 7) != OCTETS4 ('N', 'I', 'L', ' '))
    return NULL;
  memset (node, 0, 8);
  node += 3 + 3;
  bytes += strlen ("\") NIL NIL \"");
  if (bytes >= run->stop || bytes[-1] != '"' || !put_text (run, &bytes, &node, tables) || bytes[1] != ' ')
    return NULL;
  bytes += strlen ("\" ");

  count = 7;
  if (bytes >= run->stop || !put_digits (&bytes, &node))
    return NULL;
  if (*bytes == ' ' && (guint8) (bytes[1] - '0') <= 9)
    {
      bytes++;
      if (bytes >= run->stop || !put_digits (&bytes, &node))
        return NULL;
      count++;
    }
  if (bytes < run->stop && load64 (bytes) == NILS && load64 (bytes + 8) == NILS)
    {
      memset (node, 0, 16);
      node += 4 * 3;
      bytes += 16;
      count += 4;
    }
  put_nils (run, &bytes, &node, &count);
  if (*bytes != ')')
    return NULL;
  *p = bytes;
  return put_list (list, node, count);
}

/* At "(" and an atom, or ")", at *@p: a list of atoms, none of which may be something else by its beginning, goes to @list, and *@p to its ")".
 * Returns what is behind it, NULL where it is something else. */
static G_ALWAYS_INLINE inline guint8 *
put_atoms (const Run *run, guint8 *list, const char **p)
{
  const char *bytes = *p;
  guint8     *node = list + PH_VALUE_LIST_HEAD;
  guint32     count = 0;

  if (bytes[1] == ')')
    {
      *p = bytes + 1;
      return put_list (list, node, 0);
    }
  do
    {
      guint n;

      bytes++;
      n = ph_imap_copy_atom_block (node + 2, bytes);
      if (n - 1 >= PH_IMAP_BLOCK - 1 || (*bytes != '\\' && ((guint8) (*bytes - '0') <= 9 || (*bytes | 0x20) == 'n' || *bytes == '"')))
        return NULL;
      node[0] = PH_VALUE_ATOM;
      node[1] = (guint8) n;
      node[2 + n] = '\0';
      node += 3 + n;
      bytes += n;
      count++;
    }
  while (*bytes == ' ' && bytes < run->stop && count < PH_VALUE_CHILDREN_PER_MARK - 1);

  if (*bytes != ')')
    return NULL;
  *p = bytes;
  return put_list (list, node, count);
}

/* FALSE, and nothing is done, where it is something else. */
static G_ALWAYS_INLINE inline gboolean
run_atoms (Run *run)
{
  const char *p = run->p;
  guint8     *end = run->tree.depth < run->max_depth ? put_atoms (run, run->tree.end, &p) : NULL;

  return end != NULL && end_run (run, p, end);
}

/* At "(" and a quote: strings, of which is all of a list, or its beginning; or a part. FALSE, and nothing is done, where it is something else. */
static G_ALWAYS_INLINE inline gboolean
run_strings (Run *run)
{
  PhImapTables tables = ph_imap_get_tables ();
  const char  *p = run->p;
  guint8      *node = run->tree.end + PH_VALUE_LIST_HEAD;
  guint32      count = 0;

  if (run->tree.depth >= run->max_depth || !put_strings (run, &p, &node, &count, &tables))
    return FALSE;
  if (*p == ')')
    return end_list (run, p, node, count);
  if (count == 2 && run->tree.depth + 2 <= run->max_depth)
    {
      const char *rest = p - 1;
      guint8     *end = put_part (run, run->tree.end, node, &rest, &tables);

      if (end != NULL)
        return end_run (run, rest, end);
    }
  if (*p != ' ' && *p != '(')
    return FALSE;
  ph_value_builder_open_at (&run->tree);
  run->tree.end = node;
  run->tree.count = count;
  run->p = *p == ' ' ? p + 1 : p;
  return TRUE;
}

/* At "(UID ": the beginning of most messages, "(UID 7 FLAGS (", up to the flags. FALSE, and nothing is done, where it is something else. */
static G_ALWAYS_INLINE inline gboolean
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
