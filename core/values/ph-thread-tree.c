/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhThreadTree: conversations, as deep as they may be, without recursion. */
#include <posthorn/posthorn.h>

typedef struct {
  guint32 message;
  guint   depth;
  int     parent;
  int     next;   /* sibling; -1: none */
} Node;

/**
 * PhThreadTree:
 *
 * Conversations: [method@Thread.messages]. Its nodes have numbers from 0, each before those below it, as they are read; so a loop over all of them
 * with their depth draws the tree, whatever its depth. Not changed once it is made.
 *
 * ```c
 * for (guint i = 0; i < ph_thread_tree_get_n_nodes (tree); i++)
 *   g_print ("%*s%u\n", 2 * (int) ph_thread_tree_get_depth (tree, i), "", ph_thread_tree_get_message (tree, i));
 * ```
 */
struct _PhThreadTree {
  gatomicrefcount refs;
  GArray         *nodes;   /* of Node */
  GArray         *newest;  /* of int: the last node of each depth above the last one added, and that */
  guint           n_threads;
};

G_DEFINE_BOXED_TYPE (PhThreadTree, ph_thread_tree, ph_thread_tree_ref, ph_thread_tree_unref)

/**
 * ph_thread_tree_new: (skip)
 *
 * For extensions: makes a tree without nodes.
 *
 * Returns: (transfer full): a tree
 */
PhThreadTree *
ph_thread_tree_new (void)
{
  PhThreadTree *self = g_new0 (PhThreadTree, 1);

  g_atomic_ref_count_init (&self->refs);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  self->newest = g_array_new (FALSE, FALSE, sizeof (int));
  return self;
}

/**
 * ph_thread_tree_ref:
 * @self: a tree
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhThreadTree *
ph_thread_tree_ref (PhThreadTree *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_thread_tree_unref:
 * @self: (transfer full): a tree
 *
 * Drops a reference; any thread may.
 */
void
ph_thread_tree_unref (PhThreadTree *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->nodes);
  g_array_unref (self->newest);
  g_free (self);
}

static const Node *
get_node (PhThreadTree *self, guint node)
{
  return &g_array_index (self->nodes, Node, node);
}

/**
 * ph_thread_tree_add: (skip)
 * @self: a tree that nobody else has yet
 * @message: a UID or message number; 0: of a message that isn't there
 * @depth: at most one more than that of the node added before, 0 at first
 *
 * For extensions: adds a node.
 */
void
ph_thread_tree_add (PhThreadTree *self, guint32 message, guint depth)
{
  g_return_if_fail (self != NULL && depth <= self->newest->len && self->nodes->len < G_MAXINT);

  Node node = { .message = message, .depth = depth, .parent = -1, .next = -1 };
  int  index = (int) self->nodes->len;

  if (depth > 0)
    node.parent = g_array_index (self->newest, int, depth - 1);
  else
    self->n_threads++;
  if (depth < self->newest->len)
    g_array_index (self->nodes, Node, g_array_index (self->newest, int, depth)).next = index;
  g_array_set_size (self->newest, depth);
  g_array_append_val (self->newest, index);
  g_array_append_val (self->nodes, node);
}

/**
 * ph_thread_tree_get_n_threads:
 * @self: a tree
 *
 * Returns: how many conversations there are
 */
guint
ph_thread_tree_get_n_threads (PhThreadTree *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_threads;
}

/**
 * ph_thread_tree_get_n_nodes:
 * @self: a tree
 *
 * Returns: how many nodes there are
 */
guint
ph_thread_tree_get_n_nodes (PhThreadTree *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->nodes->len;
}

/**
 * ph_thread_tree_get_message:
 * @self: a tree
 * @node: which node, from 0
 *
 * Returns: a UID, or a message number where these were asked for; 0 of a message that isn't there, and that the nodes below belong to
 */
guint32
ph_thread_tree_get_message (PhThreadTree *self, guint node)
{
  g_return_val_if_fail (self != NULL && node < self->nodes->len, 0);

  return get_node (self, node)->message;
}

/**
 * ph_thread_tree_get_depth:
 * @self: a tree
 * @node: which node, from 0
 *
 * Returns: how far below its conversation's first node it is, 0 for that
 */
guint
ph_thread_tree_get_depth (PhThreadTree *self, guint node)
{
  g_return_val_if_fail (self != NULL && node < self->nodes->len, 0);

  return get_node (self, node)->depth;
}

/**
 * ph_thread_tree_get_parent:
 * @self: a tree
 * @node: which node, from 0
 *
 * Returns: the node that it answers; -1 for a conversation's first
 */
int
ph_thread_tree_get_parent (PhThreadTree *self, guint node)
{
  g_return_val_if_fail (self != NULL && node < self->nodes->len, -1);

  return get_node (self, node)->parent;
}

/**
 * ph_thread_tree_get_first_child:
 * @self: a tree
 * @node: which node, from 0
 *
 * Returns: the first node that answers it; -1 where none does
 */
int
ph_thread_tree_get_first_child (PhThreadTree *self, guint node)
{
  g_return_val_if_fail (self != NULL && node < self->nodes->len, -1);

  if (node + 1 < self->nodes->len && get_node (self, node + 1)->depth > get_node (self, node)->depth)
    return (int) node + 1;
  return -1;
}

/**
 * ph_thread_tree_get_next_sibling:
 * @self: a tree
 * @node: which node, from 0
 *
 * Returns: the next node that answers the same one, or the next conversation's first; -1 behind the last
 */
int
ph_thread_tree_get_next_sibling (PhThreadTree *self, guint node)
{
  g_return_val_if_fail (self != NULL && node < self->nodes->len, -1);

  return get_node (self, node)->next;
}
