/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is above whom. Whether a link would close a loop must be found out for each one (RFC 5256 section 3, step 1.A), and a walk up to the
 * root costs as many steps as a thread is deep: with a million messages that answer each other it would never end, and anybody can send
 * them. So the paths to the roots are kept as splay trees (link-cut trees: Sleator and Tarjan, 1983), by depth.
 */
#include "imap4-thread.h"

#define NONE PH_THREAD_NONE

typedef struct {
  guint parent;    /* above it in its thread */
  guint up;        /* in the splay tree; of its root: the node that its path hangs on */
  guint child[2];  /* nearer to the thread's root, and farther */
} Node;

struct _PhThreadForest {
  Node *nodes;
};

PhThreadForest *
ph_thread_forest_new (guint n_nodes)
{
  PhThreadForest *self = g_new0 (PhThreadForest, 1);

  self->nodes = g_new (Node, n_nodes);
  for (guint i = 0; i < n_nodes; i++)
    self->nodes[i] = (Node) { NONE, NONE, { NONE, NONE } };
  return self;
}

void
ph_thread_forest_free (PhThreadForest *self)
{
  g_free (self->nodes);
  g_free (self);
}

guint
ph_thread_forest_get_parent (PhThreadForest *self, guint node)
{
  return self->nodes[node].parent;
}

/* Which child of its splay tree's node above it is; -1: it is the splay tree's root */
static int
get_side (PhThreadForest *self, guint node)
{
  guint up = self->nodes[node].up;

  if (up == NONE)
    return -1;
  return self->nodes[up].child[0] == node ? 0 : self->nodes[up].child[1] == node ? 1 : -1;
}

static void
rotate (PhThreadForest *self, guint node)
{
  Node *nodes = self->nodes;
  guint up = nodes[node].up;
  int   side = get_side (self, node);
  int   side_above = get_side (self, up);
  guint inner = nodes[node].child[!side];

  nodes[node].up = nodes[up].up;
  if (side_above >= 0)
    nodes[nodes[up].up].child[side_above] = node;
  nodes[up].child[side] = inner;
  if (inner != NONE)
    nodes[inner].up = up;
  nodes[node].child[!side] = up;
  nodes[up].up = node;
}

static void
splay (PhThreadForest *self, guint node)
{
  int side;

  while ((side = get_side (self, node)) >= 0)
    {
      guint up = self->nodes[node].up;
      int   side_above = get_side (self, up);

      if (side_above >= 0)
        rotate (self, side == side_above ? up : node);
      rotate (self, node);
    }
}

/* Makes the path from @node to its thread's root one splay tree, with @node as its root and nothing farther in it. */
static void
expose (PhThreadForest *self, guint node)
{
  guint last = NONE;

  for (guint at = node; at != NONE; at = self->nodes[at].up)
    {
      splay (self, at);
      self->nodes[at].child[1] = last;
      last = at;
    }
  splay (self, node);
}

static guint
find_root (PhThreadForest *self, guint node)
{
  expose (self, node);
  while (self->nodes[node].child[0] != NONE)
    node = self->nodes[node].child[0];
  splay (self, node);
  return node;
}

void
ph_thread_forest_link (PhThreadForest *self, guint node, guint parent)
{
  if (self->nodes[node].parent != NONE || find_root (self, parent) == node)
    return;

  expose (self, node);
  self->nodes[node].up = parent;
  self->nodes[node].parent = parent;
}

void
ph_thread_forest_cut (PhThreadForest *self, guint node)
{
  guint above;

  if (self->nodes[node].parent == NONE)
    return;

  expose (self, node);
  above = self->nodes[node].child[0];
  self->nodes[above].up = NONE;
  self->nodes[node].child[0] = NONE;
  self->nodes[node].parent = NONE;
}
