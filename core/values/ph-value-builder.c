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
  PhValueTree *tree; /* NULL until there is something in it */
  guint32      n_nodes;
  guint32      capacity;
  guint32      current; /* the innermost open list */
  guint32      last;    /* its last child, 0 for none */
  guint32      depth;

  gatomicrefcount ref_count;
};

G_DEFINE_BOXED_TYPE (PhValueBuilder, ph_value_builder, ph_value_builder_ref, ph_value_builder_unref)

static inline PhValue *
ph_value_builder_get_nodes (PhValueBuilder *self)
{
  return (PhValue *) (gpointer) (self->tree + 1);
}

static G_GNUC_NO_INLINE void
ph_value_builder_grow (PhValueBuilder *self)
{
  gboolean is_new = self->tree == NULL;

  if (self->capacity > G_MAXUINT32 / 2)
    g_error ("A value tree of more than %u nodes is too large", self->capacity);
  self->capacity = is_new ? 32 : self->capacity * 2;
  self->tree = g_realloc (self->tree, sizeof (PhValueTree) + self->capacity * sizeof (PhValue));
  if (!is_new)
    return;

  *self->tree = (PhValueTree) { .transient = TRUE };
  ph_value_builder_get_nodes (self)[0] = (PhValue) { .data = "", .kind = PH_VALUE_LIST };
  self->n_nodes = 1;
}

/* A node at the end of the innermost open list */
static inline PhValue *
ph_value_builder_append (PhValueBuilder *self)
{
  if (G_UNLIKELY (self->n_nodes == self->capacity))
    ph_value_builder_grow (self);

  PhValue *nodes = ph_value_builder_get_nodes (self);
  guint32 index = self->n_nodes++;
  PhValue *node = nodes + index;

  if (self->last != 0)
    nodes[self->last].next = index;
  self->last = index;
  nodes[self->current].n_children++;

  node->index = index;
  node->next = 0;
  node->n_children = 0;
  node->digits = 0;
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
  g_free (self->tree);
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

  self->current = 0;
  self->last = 0;
  self->depth = 0;
  if (self->tree == NULL)
    return;
  if (self->capacity > KEPT_NODES)
    {
      g_clear_pointer (&self->tree, g_free);
      self->capacity = 0;
      self->n_nodes = 0;
      return;
    }
  ph_value_builder_get_nodes (self)[0].n_children = 0;
  self->n_nodes = 1;
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

  PhValue *node = ph_value_builder_append (self);
  ph_value_set_word (node, kind, length > 0 ? bytes : "", length);
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

  PhValue *node = ph_value_builder_append (self);
  node->data = "";
  node->length = 0;
  node->kind = PH_VALUE_LIST;
  /* an open list has no sibling yet: the field remembers its parent */
  node->next = self->current;
  self->current = node->index;
  self->last = 0;
  self->depth++;
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

  PhValue *node = ph_value_builder_get_nodes (self) + self->current;
  self->last = self->current;
  self->current = node->next;
  node->next = 0;
  self->depth--;
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

  return self->n_nodes > 0 ? self->n_nodes - 1 : 0;
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
  if (self->tree == NULL)
    return ph_value_empty_list;
  self->tree->n_nodes = self->n_nodes;
  return ph_value_builder_get_nodes (self);
}
