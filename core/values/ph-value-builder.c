/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhValueBuilder: makes value trees as fast as a parser can name their parts. */
#include "ph-encoded-word.h"
#include "ph-value-private.h"

/* What stays allocated between resets, enough for most responses */
#define KEPT_OCTETS 12000
/* Behind a node there may be a mark, an end and a mark of its list, and an end that is not counted. */
#define ROOM (4 * PH_VALUE_LIST_END)

/**
 * PhValueBuilder:
 *
 * Makes value trees for parsers. Nodes are appended in order; large strings stay where they are, in the buffer that is being
 * parsed, others are copied into the tree. The tree is *transient*: it and every node of it are valid until the next call that changes the builder, and
 * whoever wants to keep a node calls [method@Posthorn.Value.copy].
 *
 * There is no recursion, and depth is the caller's to bound ([method@Posthorn.ValueBuilder.get_depth]). A builder that is
 * reset keeps about 12 KiB.
 *
 * ```c
 * ph_value_builder_add (builder, PH_VALUE_ATOM, "UID", 3);
 * ph_value_builder_open (builder);
 * ph_value_builder_add (builder, PH_VALUE_ATOM, "7", 1);
 * ph_value_builder_close (builder);
 * const PhValue *root = ph_value_builder_peek (builder);
 * ```
 */
struct _PhValueBuilder {
  PhValueBuilderHead head;
  guint8  *root;    /* behind its PhValueTree; NULL until there is something in it */
  gboolean owning;
  gsize    prefix;

  gatomicrefcount ref_count;
};

G_DEFINE_BOXED_TYPE (PhValueBuilder, ph_value_builder, ph_value_builder_ref, ph_value_builder_unref)

static void
ph_value_builder_begin (PhValueBuilder *self)
{
  memset (self->root, 0, PH_VALUE_LIST_HEAD);
  *self->root = PH_VALUE_LIST | PH_VALUE_ROOT | PH_VALUE_TRANSIENT;
  self->head.end = self->root + PH_VALUE_LIST_HEAD;
  self->head.list = self->root;
  self->head.count = self->head.depth = 0;
}

/* So that @size octets have room, and a mark and an end besides */
static G_GNUC_NO_INLINE void
ph_value_builder_grow (PhValueBuilder *self, gsize size)
{
  gsize used = self->root != NULL ? (gsize) (self->head.end - self->root) : PH_VALUE_LIST_HEAD;
  gsize needed = used + size + ROOM;
  /* the first time it may be all, of somebody who knows */
  gsize capacity = needed <= KEPT_OCTETS ? KEPT_OCTETS : self->root == NULL ? needed : needed * 3 / 2;
  gsize before = self->prefix + sizeof (PhValueTree);

  if (used + size + ROOM > PH_VALUE_MAX_TREE)
    g_error ("A value tree of %" G_GSIZE_FORMAT " octets is too large", used + size);

  gsize list = self->root != NULL ? (gsize) (self->head.list - self->root) : 0;
  guint8 *old = self->root;

  self->root = (guint8 *) g_realloc (old != NULL ? old - before : NULL, before + capacity) + before;
  self->head.limit = self->root + capacity - ROOM;
  if (old == NULL)
    {
      ph_value_builder_begin (self);
      return;
    }
  self->head.end = self->root + used;
  self->head.list = self->root + list;
}

/* memcpy () for what is mostly a few octets long: without a call */
static inline void
copy_text (guint8 *to, const char *from, gsize length)
{
  if (length > 16)
    memcpy (to, from, length);
  else if (length >= 8)
    {
      memcpy (to, from, 8);
      memcpy (to + length - 8, from + length - 8, 8);
    }
  else if (length >= 4)
    {
      memcpy (to, from, 4);
      memcpy (to + length - 4, from + length - 4, 4);
    }
  else
    {
      for (gsize i = 0; i < length; i++)
        to[i] = (guint8) from[i];
    }
}

static inline guint8 *
ph_value_builder_put_end (PhValueBuilder *self, guint8 *p, guint8 kind)
{
  *p = kind;
  ph_value_store32 (p + 1, (gsize) (p - self->head.list));
  return p + PH_VALUE_LIST_END;
}

/* Where the next node of @size octets goes */
static inline guint8 *
ph_value_builder_make_room (PhValueBuilder *self, gsize size)
{
  if (G_UNLIKELY (self->head.limit - self->head.end < (gssize) size))
    ph_value_builder_grow (self, size);

  return self->head.end;
}

/* What was written there ends at @end. */
static inline void
ph_value_builder_count (PhValueBuilder *self, guint8 *end)
{
  self->head.end = end;
  self->head.count++;
  ph_value_builder_mark_at (&self->head);
}

/**
 * ph_value_builder_new: (skip)
 *
 * Makes an empty builder; it allocates no nodes until the first one is added.
 *
 * Returns: (transfer full): a builder
 */
PhValueBuilder *
ph_value_builder_new (void)
{
  PhValueBuilder *self = g_new0 (PhValueBuilder, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

PhValueBuilder *
ph_value_builder_new_owning (gsize prefix)
{
  PhValueBuilder *self = ph_value_builder_new ();

  self->owning = TRUE;
  self->prefix = prefix;
  return self;
}

/**
 * ph_value_builder_ref: (skip)
 * @self: a builder
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhValueBuilder *
ph_value_builder_ref (PhValueBuilder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_value_builder_unref: (skip)
 * @self: (transfer full): a builder
 *
 * Gives up a reference; with the last one the transient tree goes.
 */
void
ph_value_builder_unref (PhValueBuilder *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->root != NULL)
    g_free (self->root - sizeof (PhValueTree) - self->prefix);
  g_free (self);
}

/**
 * ph_value_builder_reset: (skip)
 * @self: a builder
 *
 * Forgets the tree. Memory beyond 12 KiB is given back.
 */
void
ph_value_builder_reset (PhValueBuilder *self)
{
  g_return_if_fail (self != NULL);

  if (self->root == NULL)
    return;
  if (self->head.limit - self->root <= KEPT_OCTETS)
    {
      ph_value_builder_begin (self);
      return;
    }
  g_free (self->root - sizeof (PhValueTree) - self->prefix);
  self->root = self->head.end = self->head.limit = self->head.list = NULL;
  self->head.count = self->head.depth = 0;
}

/* Large ones stay where they are. */
static G_GNUC_NO_INLINE void
ph_value_builder_add_large (PhValueBuilder *self, PhValueKind kind, const char *bytes, gsize length)
{
  gboolean borrowed = !self->owning && length >= PH_VALUE_LARGE;
  guint8 *p = ph_value_builder_make_room (self, 2 + sizeof (guint64) + (borrowed ? sizeof bytes : length + 1));
  guint64 wide = length;

  *p++ = (guint8) (kind | (borrowed ? PH_VALUE_BORROWED : 0));
  *p++ = 0xff;
  memcpy (p, &wide, sizeof wide);
  p += sizeof wide;
  if (!borrowed)
    {
      memcpy (p, bytes, length);
      p[length] = '\0';
      ph_value_builder_count (self, p + length + 1);
      return;
    }

  memcpy (p, &bytes, sizeof bytes);
  ph_value_builder_count (self, p + sizeof bytes);
  /* lists further out that know it have it from another */
  for (guint8 *list = self->head.list; (*list & PH_VALUE_BORROWED) == 0; list -= ph_value_load32 (list + 1))
    {
      *list |= PH_VALUE_BORROWED;
      if (list == self->root)
        break;
    }
}

/**
 * ph_value_builder_add: (skip)
 * @self: a builder
 * @kind: %PH_VALUE_NIL, %PH_VALUE_ATOM, %PH_VALUE_STRING or %PH_VALUE_LITERAL; an atom of nothing but digits that fit 64
 *   bits becomes a %PH_VALUE_NUMBER
 * @bytes: (nullable): its octets, unescaped; must stay where they are as long as the tree is used
 * @length: how many
 *
 * Appends a word to the innermost open list.
 */
void
ph_value_builder_add (PhValueBuilder *self, PhValueKind kind, const char *bytes, gsize length)
{
  g_return_if_fail (self != NULL && kind < PH_VALUE_LIST);

  if (kind == PH_VALUE_NIL)
    length = 0;
  else if (kind == PH_VALUE_ATOM && length > 0 && (guint8) (bytes[0] - '0') <= 9 && ph_value_is_digits (bytes, length))
    kind = PH_VALUE_NUMBER;
  if (G_UNLIKELY (length >= 0xff))
    {
      ph_value_builder_add_large (self, kind, bytes, length);
      return;
    }

  guint8 *p = ph_value_builder_make_room (self, 2 + length + 1);
  copy_text (p + 2, bytes, length);
  if (kind == PH_VALUE_STRING && length > 0 && ph_header_text_is_clean (bytes, length, FALSE) && memchr (bytes, '=', length) == NULL)
    kind = (PhValueKind) (kind | PH_VALUE_CLEAN);
  ph_value_builder_finish_word_at (&self->head, kind, length);
}

/**
 * ph_value_builder_open: (skip)
 * @self: a builder
 *
 * Appends a list to the innermost open one; what follows goes into it.
 */
void
ph_value_builder_open (PhValueBuilder *self)
{
  g_return_if_fail (self != NULL);

  ph_value_builder_make_room (self, PH_VALUE_LIST_HEAD);
  ph_value_builder_open_at (&self->head);
}

/**
 * ph_value_builder_close: (skip)
 * @self: a builder
 *
 * Closes the innermost open list; does nothing where none is open.
 */
void
ph_value_builder_close (PhValueBuilder *self)
{
  g_return_if_fail (self != NULL);

  if (self->head.depth == 0)
    return;

  ph_value_builder_make_room (self, 0);
  ph_value_builder_close_at (&self->head);
}

/**
 * ph_value_builder_reserve: (skip)
 * @self: a builder
 * @octets: how many
 *
 * Makes room for what is written without calls, by the functions of `ph-value-builder.h`.
 */
void
ph_value_builder_reserve (PhValueBuilder *self, gsize octets)
{
  g_return_if_fail (self != NULL);

  ph_value_builder_make_room (self, octets);
}

/**
 * ph_value_builder_get_depth: (skip)
 * @self: a builder
 *
 * Counts the open lists, the root not included.
 *
 * Returns: how many
 */
guint
ph_value_builder_get_depth (PhValueBuilder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->head.depth;
}

/**
 * ph_value_builder_get_n_nodes: (skip)
 * @self: a builder
 *
 * Counts the nodes of the tree, the root not included, by a walk over them all.
 *
 * Returns: how many
 */
guint
ph_value_builder_get_n_nodes (PhValueBuilder *self)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->root == NULL)
    return 0;
  /* lists that are open have a head, too */
  for (const guint8 *p = self->root + PH_VALUE_LIST_HEAD; p < self->head.end;)
    {
      const PhValue *node = (const PhValue *) p;

      n += ph_value_kind (node) <= PH_VALUE_LIST;
      if (ph_value_kind (node) > PH_VALUE_LIST)
        p += PH_VALUE_LIST_END;
      else if (ph_value_kind (node) == PH_VALUE_LIST)
        p += PH_VALUE_LIST_HEAD;
      else
        p = ph_value_octets (ph_value_behind (node));
    }
  return n;
}

/**
 * ph_value_builder_peek: (skip)
 * @self: a builder
 *
 * Ends the tree: lists that are still open are closed.
 *
 * Returns: (transfer none): the root, a list of what was added at depth 0; valid until the builder is changed
 */
const PhValue *
ph_value_builder_peek (PhValueBuilder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  while (self->head.depth > 0)
    ph_value_builder_close (self);
  if (self->root == NULL)
    return ph_value_empty_list;
  ph_value_builder_make_room (self, 0);
  ph_value_store32 (self->root + 1, (gsize) (ph_value_builder_put_end (self, self->head.end, PH_VALUE_END) - self->root));
  ph_value_store32 (self->root + 5, self->head.count);
  return (const PhValue *) self->root;
}

gpointer
ph_value_builder_steal (PhValueBuilder *self)
{
  gsize before = self->prefix + sizeof (PhValueTree);

  if (self->root == NULL)
    ph_value_builder_grow (self, 0);

  gsize size = ph_value_load32 (ph_value_octets (ph_value_builder_peek (self)) + 1);
  guint8 *block = g_realloc (self->root - before, before + size);
  PhValueTree *tree = (PhValueTree *) (gpointer) (block + self->prefix);

  block[before] = PH_VALUE_LIST | PH_VALUE_ROOT;
  g_atomic_ref_count_init (&tree->ref_count);
  tree->prefix = (guint32) self->prefix;
  tree->size = size;
  self->root = self->head.end = self->head.limit = self->head.list = NULL;
  self->head.count = self->head.depth = 0;
  return block;
}

/* A list in which nothing is borrowed is copied as it stands; others are gone through. */
void
ph_value_builder_add_copy (PhValueBuilder *self, const PhValue *value)
{
  const guint8 *p = ph_value_octets (value);
  guint depth = 0;

  do
    {
      const PhValue *node = (const PhValue *) p;
      gboolean is_list = ph_value_kind (node) == PH_VALUE_LIST;

      if (ph_value_kind (node) > PH_VALUE_LIST)
        {
          if (ph_value_kind (node) == PH_VALUE_END)
            {
              ph_value_builder_close (self);
              depth--;
            }
          p += PH_VALUE_LIST_END;
        }
      else if (is_list && (node->head & PH_VALUE_BORROWED) != 0)
        {
          ph_value_builder_open (self);
          depth++;
          p += PH_VALUE_LIST_HEAD;
        }
      else if (is_list)
        {
          gsize size = ph_value_load32 (p + 1);
          guint8 *to = ph_value_builder_make_room (self, size);

          memcpy (to, p, size);
          *to = PH_VALUE_LIST;
          ph_value_builder_count (self, to + size);
          p += size;
        }
      else
        {
          gsize length;
          const char *text = ph_value_word_text (node, &length);
          PhValueKind kind = (PhValueKind) ph_value_kind (node);

          ph_value_builder_add (self, kind == PH_VALUE_NUMBER ? PH_VALUE_ATOM : kind, text, length);
          p = ph_value_octets (ph_value_behind (node));
        }
    }
  while (depth > 0);
}
