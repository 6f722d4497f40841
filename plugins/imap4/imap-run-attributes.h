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

/* Where a list is, its "(" in front of it: behind what was put of it, or behind it */
typedef struct {
  const char *p;
  guint8     *node;
  guint32     count; /* of its children, until it is whole */
} Place;

/* What was put goes to @place: of the list at @list. Whether it is whole */
static G_ALWAYS_INLINE inline gboolean
end_place (Place *place, const Run *run, guint8 *list, const char *p, guint8 *node, guint32 count, gboolean whole)
{
  whole = whole && *p == ')' && p < run->stop;
  if (whole)
    {
      node = put_list (list, node, count);
      p += p[1] == ' ' ? 2 : 1;
    }
  place->p = p;
  place->node = node;
  place->count = count;
  return whole;
}

/* A string or NIL, and the blank behind it, if it is not the last */
static G_ALWAYS_INLINE inline gboolean
put_nstring (const Run *run, const char **p, guint8 **node, const PhImapTables *tables)
{
  const char *bytes = *p;
  guint8     *end = *node;

  if (*bytes == '"')
    {
      bytes++;
      if (!put_text (run, &bytes, &end, tables))
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
  if (*bytes == ' ')
    bytes++;
  else if (*bytes != ')')
    return FALSE;
  *p = bytes;
  *node = end;
  return TRUE;
}

/* The same of a short number */
static G_ALWAYS_INLINE inline gboolean
put_number (const char **p, guint8 **node)
{
  const char *bytes = *p;
  guint8     *end = *node;

  if (!put_digits (&bytes, &end))
    return FALSE;
  if (*bytes == ' ')
    bytes++;
  else if (*bytes != ')')
    return FALSE;
  *p = bytes;
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

/* At its "(", in functions of their own, since there is not much to hold in registers then */
static G_GNUC_NO_INLINE gboolean
put_envelope (const Run *run, Place *place)
{
  PhImapTables tables = ph_imap_get_tables ();
  const char  *p = place->p + 1;
  guint8      *node = place->node + PH_VALUE_LIST_HEAD;
  guint32      count = 0;

  do
    {
      if (p >= run->stop || !put_nstring (run, &p, &node, &tables))
        break;
      count = 1;
      if (p >= run->stop || !put_nstring (run, &p, &node, &tables))
        break;
      count = N_TEXTS_BEFORE;
      while (count < N_BEFORE_TEXTS && p < run->stop)
        {
          const char *text = p;
          guint8     *list = node, *end;

          if (load32 (p) == OCTETS4 ('N', 'I', 'L', ' '))
            {
              memset (node, 0, 4);
              node += 3;
              p += 4;
              count++;
              continue;
            }
          end = load16 (p) == OCTETS2 ('(', '(') ? put_addresses (run, list, &p, &tables) : NULL;
          if (end == NULL)
            break;
          node = end;
          p += *p == ' ';
          if (count++ == N_TEXTS_BEFORE)
            count += put_same (run, text, list, &p, &node, N_BEFORE_TEXTS - count);
        }
      if (count < N_BEFORE_TEXTS || p >= run->stop || !put_nstring (run, &p, &node, &tables))
        break;
      count = N_BEFORE_TEXTS + 1;
      if (p < run->stop && put_nstring (run, &p, &node, &tables))
        count = N_FIELDS;
    }
  while (FALSE);

  return end_place (place, run, place->node, p, node, count, count == N_FIELDS);
}

/* From the "(" of its parameters on, as far as to its end, or not at all */
static G_ALWAYS_INLINE inline void
put_rest_of_multipart (const Run *run, const char **p, guint8 **node, guint32 *count, const PhImapTables *tables)
{
  const char *bytes = *p;
  guint8     *end = *node + PH_VALUE_LIST_HEAD;
  guint32     n = 0;

  if (!put_strings (run, &bytes, &end, &n, tables) || *bytes != ')')
    return;
  end = put_list (*node, end, n);
  bytes++;
  n = *count + 1;
  put_nils (run, &bytes, &end, &n);
  if (*bytes != ')')
    return;
  *p = bytes;
  *node = end;
  *count = n;
}

/* At the "(" of a multipart whose first part isn't one */
static G_GNUC_NO_INLINE gboolean
put_multipart (const Run *run, Place *place)
{
  PhImapTables tables = ph_imap_get_tables ();
  const char  *p = place->p + 1;
  guint8      *node = place->node + PH_VALUE_LIST_HEAD;
  guint32      count = 0;

  while (load16 (p) == OCTETS2 ('(', '"') && p < run->stop && count < PH_VALUE_CHILDREN_PER_MARK / 2)
    {
      const char *part = p + 2;
      guint8     *end = node + PH_VALUE_LIST_HEAD;

      if (!put_text (run, &part, &end, &tables) || load16 (part + 1) != OCTETS2 (' ', '"'))
        break;
      part += strlen ("\" \"");
      if (part >= run->stop || !put_text (run, &part, &end, &tables))
        break;
      end = put_part (run, node, end, &part, &tables);
      if (end == NULL)
        break;
      node = end;
      p = part + 1;
      count++;
    }
  if (count > 0 && load16 (p) == OCTETS2 (' ', '"') && p < run->stop)
    {
      p++;
      if (put_nstring (run, &p, &node, &tables))
        {
          count++;
          if (load16 (p) == OCTETS2 ('(', '"') && p < run->stop)
            put_rest_of_multipart (run, &p, &node, &count, &tables);
        }
    }

  return end_place (place, run, place->node, p, node, count, count > 0);
}

/* A word of the list that is open: a name, in a node of up to 16 octets */
#define NAME(...) { PH_VALUE_ATOM, sizeof ((char[]) { __VA_ARGS__ }), __VA_ARGS__, '\0' }
#define PUT_NAME(p, node, name, length) (memcpy (node, name, 16), node += 3 + (length), p += (length) + 1)

/* What was put is what the builder has; @inner: a list in it that is not whole, NULL for none. FALSE */
static G_GNUC_NO_INLINE gboolean
leave_message (Run *run, const char *p, guint8 *node, guint32 count, const Place *inner)
{
  ph_value_builder_open_at (&run->tree);
  run->p = p;
  run->tree.end = node;
  run->tree.count = count;
  if (inner != NULL)
    {
      ph_value_builder_open_at (&run->tree);
      run->p = inner->p;
      run->tree.end = inner->node;
      run->tree.count = inner->count;
    }
  return FALSE;
}

/* A list of attributes, at its "(", as far as it is as usual. Whether it was to its end; then what it tells */
static G_ALWAYS_INLINE inline gboolean
run_message (Run *run, PhImapFetched *fetched)
{
  static const guint8 uid[16] = NAME ('U', 'I', 'D');
  static const guint8 flags[16] = NAME ('F', 'L', 'A', 'G', 'S');
  static const guint8 date[16] = NAME ('I', 'N', 'T', 'E', 'R', 'N', 'A', 'L', 'D', 'A', 'T', 'E');
  static const guint8 size[16] = NAME ('R', 'F', 'C', '8', '2', '2', '.', 'S', 'I', 'Z', 'E');
  static const guint8 envelope[16] = NAME ('E', 'N', 'V', 'E', 'L', 'O', 'P', 'E');
  static const guint8 body[16] = NAME ('B', 'O', 'D', 'Y', 'S', 'T', 'R', 'U', 'C', 'T', 'U', 'R', 'E');
  const char *p = run->p;
  guint8     *node = run->tree.end;
  guint32     count = 0, last, uid_number = 0;
  guint       told = 0;
  const char *text;
  Place       place;

  if (run->max_depth < 4)
    return FALSE;
  p++;
  node += PH_VALUE_LIST_HEAD;
  /* in the order in which most write them, and which is asked for; if need be from the first again */
  do
    {
      last = count;
      if (p < run->stop && load32 (p) == OCTETS4 ('U', 'I', 'D', ' '))
        {
          PUT_NAME (p, node, uid, 3);
          text = p;
          if (told & PH_FETCH_UID || !put_number (&p, &node))
            return leave_message (run, p, node, count + 1, NULL);
          uid_number = ph_imap_read_digits (text, (guint) (p - text) - (p[-1] == ' '));
          told |= PH_FETCH_UID;
          count += 2;
        }
      if (p < run->stop && load64 (p) << 8 == OCTETS8 (0, 'F', 'L', 'A', 'G', 'S', ' ', '('))
        {
          guint8 *end;

          PUT_NAME (p, node, flags, 5);
          end = put_atoms (run, node, &p);
          if (end == NULL)
            return leave_message (run, p, node, count + 1, NULL);
          node = end;
          p += p[1] == ' ' ? 2 : 1;
          told |= PH_FETCH_FLAGS;
          count += 2;
        }
      if (p < run->stop && load64 (p) == OCTETS8 ('I', 'N', 'T', 'E', 'R', 'N', 'A', 'L') &&
          load64 (p + 6) == OCTETS8 ('A', 'L', 'D', 'A', 'T', 'E', ' ', '"'))
        {
          PhImapTables tables = ph_imap_get_tables ();

          PUT_NAME (p, node, date, 12);
          if (p >= run->stop || !put_nstring (run, &p, &node, &tables))
            return leave_message (run, p, node, count + 1, NULL);
          told |= PH_FETCH_INTERNAL_DATE;
          count += 2;
        }
      if (p < run->stop && load64 (p) == OCTETS8 ('R', 'F', 'C', '8', '2', '2', '.', 'S') && load32 (p + 8) == OCTETS4 ('I', 'Z', 'E', ' '))
        {
          PUT_NAME (p, node, size, 11);
          if (!put_number (&p, &node))
            return leave_message (run, p, node, count + 1, NULL);
          told |= PH_FETCH_SIZE;
          count += 2;
        }
      if (p < run->stop && load64 (p) == OCTETS8 ('E', 'N', 'V', 'E', 'L', 'O', 'P', 'E') && load16 (p + 8) == OCTETS2 (' ', '('))
        {
          PUT_NAME (p, node, envelope, 8);
          place = (Place) { .p = p, .node = node };
          if (!put_envelope (run, &place))
            return leave_message (run, p, node, count + 1, &place);
          p = place.p;
          node = place.node;
          told |= PH_FETCH_ENVELOPE;
          count += 2;
        }
      if (p < run->stop && load64 (p) == OCTETS8 ('B', 'O', 'D', 'Y', 'S', 'T', 'R', 'U') &&
          load64 (p + 8) == OCTETS8 ('C', 'T', 'U', 'R', 'E', ' ', '(', '('))
        {
          PUT_NAME (p, node, body, 13);
          place = (Place) { .p = p, .node = node };
          if (!put_multipart (run, &place))
            return leave_message (run, p, node, count + 1, &place);
          p = place.p;
          node = place.node;
          told |= PH_FETCH_BODY_STRUCTURE;
          count += 2;
        }
      if (*p == ')' && p < run->stop)
        {
          fetched->told = told;
          fetched->uid = uid_number;
          run->p = p + 1;
          run->tree.end = put_list (run->tree.end, node, count);
          return TRUE;
        }
    }
  while (count > last && count < PH_VALUE_CHILDREN_PER_MARK - 12);
  return leave_message (run, p, node, count, NULL);
}
