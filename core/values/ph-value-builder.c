/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhValueBuilder: makes value trees as fast as a parser can name their parts. */
#include "ph-value-private.h"

/* Nodes that stay allocated between resets: 4 KiB, enough for most responses */
#define KEPT_NODES 128

/**
 * PhValueBuilder:
 *
 * Makes value trees for parsers. Nodes are appended in order; their octets stay where they are, in the buffer that is being
 * parsed. The tree is *transient*: it and every node of it are valid until the next call that changes the builder, and
 * whoever wants to keep a node calls [method@Posthorn.Value.copy].
 *
 * There is no recursion, and depth is the caller's to bound ([method@Posthorn.ValueBuilder.get_depth]). A builder that is
 * reset keeps at most 4 KiB.
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
  PhValue *root;    /* behind its PhValueTree; NULL until there is something in it */
  PhValue *end;     /* the next free node */
  PhValue *limit;
  PhValue *current; /* the innermost open list */
  guint32 *link;    /* where the next node's index goes: its sibling's next, or @nowhere */
  gsize    text;    /* octets of the words so far, with a NUL behind each */
  guint32  depth;
  guint32  nowhere;

  gatomicrefcount ref_count;
};

G_DEFINE_BOXED_TYPE (PhValueBuilder, ph_value_builder, ph_value_builder_ref, ph_value_builder_unref)

static void
ph_value_builder_begin (PhValueBuilder *self)
{
  *self->root = (PhValue) { .kind = PH_VALUE_LIST };
  self->end = self->root + 1;
  self->current = self->root;
  self->link = &self->nowhere;
  self->text = 0;
  self->depth = 0;
}

static G_GNUC_NO_INLINE void
ph_value_builder_grow (PhValueBuilder *self)
{
  gsize n_nodes = (gsize) (self->end - self->root);
  gsize capacity = MAX (n_nodes * 2, 32);

  if (capacity > G_MAXUINT32)
    g_error ("A value tree of more than %" G_GSIZE_FORMAT " nodes is too large", n_nodes);

  PhValue *old = self->root;
  gsize current = (gsize) (self->current - old);
  gsize link = old != NULL && self->link != &self->nowhere ? (gsize) ((char *) self->link - (char *) old) : 0;
  PhValueTree *tree = g_realloc (old != NULL ? ph_value_get_tree (old) : NULL, sizeof (PhValueTree) + capacity * sizeof (PhValue));

  self->root = (PhValue *) (gpointer) (tree + 1);
  self->limit = self->root + capacity;
  if (old == NULL)
    {
      *tree = (PhValueTree) { .transient = TRUE };
      ph_value_builder_begin (self);
      return;
    }
  self->end = self->root + n_nodes;
  self->current = self->root + current;
  if (link != 0)
    self->link = (guint32 *) (gpointer) ((char *) self->root + link);
}

/* A node at the end of the innermost open list; there is room for it */
static inline PhValue *
ph_value_builder_append (PhValueBuilder *self)
{
  PhValue *node = self->end;
  guint32 index = (guint32) (node - self->root);

  self->end = node + 1;
  self->current->n_children++;
  *self->link = index;
  self->link = &node->next;
  node->index = index;
  node->next = 0;
  node->n_children = 0;
  return node;
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
    g_free (ph_value_get_tree (self->root));
  g_free (self);
}

/**
 * ph_value_builder_reset: (skip)
 * @self: a builder
 *
 * Forgets the tree. Memory beyond 4 KiB is given back.
 */
void
ph_value_builder_reset (PhValueBuilder *self)
{
  g_return_if_fail (self != NULL);

  if (self->root == NULL)
    return;
  if (self->limit - self->root <= KEPT_NODES)
    {
      ph_value_builder_begin (self);
      return;
    }
  g_free (ph_value_get_tree (self->root));
  self->root = self->end = self->limit = self->current = NULL;
  self->text = 0;
  self->depth = 0;
}

/* Apart, so that what is common saves no registers */
static G_GNUC_NO_INLINE void
ph_value_builder_add_seldom (PhValueBuilder *self, PhValueKind kind, const char *bytes, gsize length)
{
  if (self->end == self->limit)
    ph_value_builder_grow (self);
  if (kind == PH_VALUE_NIL)
    length = 0;
  else
    self->text += length + 1;
  ph_value_set_word (ph_value_builder_append (self), kind, length > 0 ? bytes : "", length);
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

  if (G_UNLIKELY (self->end == self->limit || kind == PH_VALUE_NIL || length == 0))
    ph_value_builder_add_seldom (self, kind, bytes, length);
  else
    {
      self->text += length + 1;
      ph_value_set_word (ph_value_builder_append (self), kind, bytes, length);
    }
}

static inline void
ph_value_builder_open_here (PhValueBuilder *self)
{
  PhValue *node = ph_value_builder_append (self);

  node->text = self->text;
  node->digits = 0;
  node->kind = PH_VALUE_LIST;
  /* an open list has no sibling yet: the field remembers its parent */
  node->next = self->current->index;
  self->current = node;
  self->link = &self->nowhere;
  self->depth++;
}

static G_GNUC_NO_INLINE void
ph_value_builder_open_seldom (PhValueBuilder *self)
{
  ph_value_builder_grow (self);
  ph_value_builder_open_here (self);
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

  if (G_UNLIKELY (self->end == self->limit))
    ph_value_builder_open_seldom (self);
  else
    ph_value_builder_open_here (self);
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

  if (self->depth == 0)
    return;

  PhValue *node = self->current;
  self->current = self->root + node->next;
  self->link = &node->next;
  self->depth--;
  node->next = 0;
  node->text = self->text - node->text;
  node->n_below = (gsize) (self->end - node) - 1;
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

  return self->depth;
}

/**
 * ph_value_builder_get_n_nodes: (skip)
 * @self: a builder
 *
 * Counts the nodes of the tree, the root not included.
 *
 * Returns: how many
 */
guint
ph_value_builder_get_n_nodes (PhValueBuilder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->root != NULL ? (guint) (self->end - self->root) - 1 : 0;
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

  while (self->depth > 0)
    ph_value_builder_close (self);
  if (self->root == NULL)
    return ph_value_empty_list;
  self->root->text = self->text;
  self->root->n_below = ph_value_builder_get_n_nodes (self);
  return self->root;
}
