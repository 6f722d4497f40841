/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * REFERENCES (RFC 5256 section 3, its steps by their numbers), and REFS, which leaves out step 5 and puts threads in the order of their
 * newest messages. Nothing here recurses, and no step takes more than n log n.
 */
#include "imap4-thread.h"

#define NONE PH_THREAD_NONE

/* A message, or one that others refer to and that isn't there */
typedef struct {
  const PhThreadRow *row;      /* NULL: a dummy */
  guint              first;    /* child */
  guint              next;     /* sibling */
  /* of those at the top */
  gint64             sent;     /* to be sorted by, with @number */
  guint32            number;
  const char        *subject;  /* "": none */
  gboolean           is_reply;
  gboolean           is_gone;  /* merged into another */
} Node;

typedef struct {
  PhThreadRows *rows;
  GArray       *nodes;  /* of Node */
  GArray       *tops;   /* of guint */
} Threading;

static Node *
get (Threading *self, guint node)
{
  return &g_array_index (self->nodes, Node, node);
}

static guint
add_node (Threading *self, const PhThreadRow *row)
{
  Node node = { .row = row, .first = NONE, .next = NONE, .subject = "" };

  g_array_append_val (self->nodes, node);
  return self->nodes->len - 1;
}

static void
add_child (Threading *self, guint parent, guint child)
{
  get (self, child)->next = get (self, parent)->first;
  get (self, parent)->first = child;
}

/* --- step 1 --- */

/* Each ID's node, the first message with an ID in its own, all others in nodes behind these; which node is a row's */
static guint *
place_rows (Threading *self)
{
  guint  n_rows = self->rows->rows->len;
  guint *places = g_new (guint, MAX (n_rows, 1));

  for (guint i = 0; i < g_hash_table_size (self->rows->ids); i++)
    add_node (self, NULL);
  for (guint i = 0; i < n_rows; i++)
    {
      const PhThreadRow *row = ph_thread_rows_get (self->rows, i);

      if (row->id != NONE && get (self, row->id)->row == NULL)
        {
          places[i] = row->id;
          get (self, row->id)->row = row;
        }
      else
        places[i] = add_node (self, row);
    }
  return places;
}

static void
link_row (PhThreadForest *forest, const guint *references, guint n_references, guint node)
{
  guint last = n_references > 0 ? references[n_references - 1] : NONE;

  /* A */
  for (guint i = 1; i < n_references; i++)
    ph_thread_forest_link (forest, references[i], references[i - 1]);
  /* B */
  if (ph_thread_forest_get_parent (forest, node) == last)
    return;
  ph_thread_forest_cut (forest, node);
  if (last != NONE)
    ph_thread_forest_link (forest, node, last);
}

static PhThreadForest *
link_all (Threading *self)
{
  g_autofree guint *places = place_rows (self);
  PhThreadForest   *forest = ph_thread_forest_new (self->nodes->len);

  for (guint i = 0; i < self->rows->rows->len; i++)
    {
      const PhThreadRow *row = ph_thread_rows_get (self->rows, i);

      link_row (forest, &g_array_index (self->rows->references, guint, row->first_reference), row->n_references, places[i]);
    }
  return forest;
}

/* --- steps 2 and 3 --- */

/* The nearest message above @node, or the topmost dummy; itself at the top. @above: what was found of dummies before */
static guint
find_above (Threading *self, PhThreadForest *forest, guint *above, guint node)
{
  guint found = ph_thread_forest_get_parent (forest, node);
  guint start = found;

  if (found == NONE)
    return node;
  while (get (self, found)->row == NULL && above[found] == NONE && ph_thread_forest_get_parent (forest, found) != NONE)
    found = ph_thread_forest_get_parent (forest, found);
  if (get (self, found)->row == NULL && above[found] != NONE)
    found = above[found];
  for (guint at = start; at != found && get (self, at)->row == NULL && above[at] == NONE; at = ph_thread_forest_get_parent (forest, at))
    above[at] = found;
  return found;
}

static void
gather (Threading *self, PhThreadForest *forest)
{
  guint             n_nodes = self->nodes->len;
  g_autofree guint *above = g_new (guint, MAX (n_nodes, 1));

  for (guint i = 0; i < n_nodes; i++)
    above[i] = NONE;
  for (guint i = 0; i < n_nodes; i++)
    if (get (self, i)->row != NULL)
      {
        guint parent = find_above (self, forest, above, i);

        if (parent != i)
          add_child (self, parent, i);
      }
  for (guint i = 0; i < n_nodes; i++)
    if (ph_thread_forest_get_parent (forest, i) == NONE)
      {
        guint top = i;

        if (get (self, i)->row == NULL && get (self, i)->first != NONE && get (self, get (self, i)->first)->next == NONE)
          top = get (self, i)->first;
        if (get (self, top)->row != NULL || get (self, top)->first != NONE)
          g_array_append_val (self->tops, top);
      }
}

/* --- steps 4 and 6 --- */

static int
compare (gint64 one_sent, guint32 one_number, gint64 other_sent, guint32 other_number)
{
  if (one_sent != other_sent)
    return one_sent < other_sent ? -1 : 1;
  return (one_number > other_number) - (one_number < other_number);
}

static int
compare_tops (gconstpointer first, gconstpointer second, gpointer data)
{
  const Node *one = get (data, *(const guint *) first), *other = get (data, *(const guint *) second);

  return compare (one->sent, one->number, other->sent, other->number);
}

static int
compare_children (gconstpointer first, gconstpointer second, gpointer data)
{
  const Node *one = get (data, *(const guint *) first), *other = get (data, *(const guint *) second);

  return compare (one->row->sent, one->row->number, other->row->sent, other->row->number);
}

/* Of a dummy its first child counts. */
static const PhThreadRow *
get_first_row (Threading *self, guint top)
{
  const PhThreadRow *first = get (self, top)->row;

  if (first != NULL)
    return first;
  for (guint child = get (self, top)->first; child != NONE; child = get (self, child)->next)
    {
      const PhThreadRow *row = get (self, child)->row;

      if (first == NULL || compare (row->sent, row->number, first->sent, first->number) < 0)
        first = row;
    }
  return first;
}

static void
sort_tops (Threading *self)
{
  for (guint i = 0; i < self->tops->len; i++)
    {
      guint              top = g_array_index (self->tops, guint, i);
      const PhThreadRow *first = get_first_row (self, top);

      if (first == NULL)
        continue;
      get (self, top)->sent = first->sent;
      get (self, top)->number = first->number;
      get (self, top)->subject = first->subject;
      get (self, top)->is_reply = first->is_reply;
    }
  g_array_sort_with_data (self->tops, compare_tops, self);
}

/* --- step 5 --- */

static void
fill_table (Threading *self, GHashTable *table)
{
  for (guint i = 0; i < self->tops->len; i++)
    {
      guint       top = g_array_index (self->tops, guint, i);
      const Node *node = get (self, top);
      gpointer    known;

      if (*node->subject == '\0')
        continue;
      if (g_hash_table_lookup_extended (table, node->subject, NULL, &known))
        {
          const Node *other = get (self, GPOINTER_TO_UINT (known));

          if (other->row == NULL || (node->row != NULL && (!other->is_reply || node->is_reply)))
            continue;
        }
      g_hash_table_insert (table, (gpointer) node->subject, GUINT_TO_POINTER (top));
    }
}

/* Makes @top a part of @other, or both of a new one, which is returned. */
static guint
merge (Threading *self, guint top, guint other)
{
  guint dummy;

  if (get (self, top)->row == NULL && get (self, other)->row == NULL)
    {
      for (guint child = get (self, top)->first, next; child != NONE; child = next)
        {
          next = get (self, child)->next;
          add_child (self, other, child);
        }
      get (self, top)->is_gone = TRUE;
      return other;
    }

  get (self, top)->is_gone = TRUE;
  if (get (self, other)->row == NULL || (get (self, top)->is_reply && !get (self, other)->is_reply))
    {
      add_child (self, other, top);
      return other;
    }

  dummy = add_node (self, NULL);
  get (self, other)->is_gone = TRUE;
  add_child (self, dummy, other);
  add_child (self, dummy, top);
  return dummy;
}

static void
merge_subjects (Threading *self)
{
  g_autoptr (GHashTable) table = g_hash_table_new (g_direct_hash, g_direct_equal); /* equal texts are one */
  g_autoptr (GArray)     merged = g_array_new (FALSE, FALSE, sizeof (guint));

  fill_table (self, table);
  for (guint i = 0; i < self->tops->len; i++)
    {
      guint       top = g_array_index (self->tops, guint, i);
      const char *subject = get (self, top)->subject;
      guint       other = *subject != '\0' ? GPOINTER_TO_UINT (g_hash_table_lookup (table, subject)) : top;
      guint       into = other == top ? other : merge (self, top, other);

      if (into == other)
        continue;
      g_hash_table_insert (table, (gpointer) subject, GUINT_TO_POINTER (into));
      g_array_append_val (merged, into);
    }

  g_array_append_vals (merged, self->tops->data, self->tops->len);
  g_array_set_size (self->tops, 0);
  for (guint i = 0; i < merged->len; i++)
    if (!get (self, g_array_index (merged, guint, i))->is_gone)
      g_array_append_vals (self->tops, &g_array_index (merged, guint, i), 1);
}

/* --- the tree --- */

/* The children of @node, the last in order first, so that a stack gives the first */
static void
push_children (Threading *self, guint node, guint depth, GArray *stack)
{
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint child = get (self, node)->first; child != NONE; child = get (self, child)->next)
    g_array_append_val (children, child);
  g_array_sort_with_data (children, compare_children, self);
  for (guint i = children->len; i > 0; i--)
    {
      guint entry[2] = { g_array_index (children, guint, i - 1), depth };

      g_array_append_vals (stack, entry, 1);
    }
}

typedef void (*Visit) (Threading *self, guint node, guint depth, gpointer data);

/* @top and all below it, each before its children */
static void
walk (Threading *self, guint top, Visit visit, gpointer data)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, 2 * sizeof (guint));
  guint              entry[2] = { top, 0 };

  g_array_append_vals (stack, entry, 1);
  while (stack->len > 0)
    {
      const guint *last = (const guint *) (gpointer) stack->data + 2 * (stack->len - 1);
      guint        node = last[0], depth = last[1];

      g_array_set_size (stack, stack->len - 1);
      visit (self, node, depth, data);
      push_children (self, node, depth + 1, stack);
    }
}

static void
find_newest (Threading *self, guint node, guint depth, gpointer newest)
{
  const PhThreadRow *row = get (self, node)->row;

  if (row != NULL)
    *(gint64 *) newest = MAX (*(gint64 *) newest, row->sent);
}

/* Equally new threads are in the order of their first messages. */
static void
sort_by_newest (Threading *self)
{
  sort_tops (self);
  for (guint i = 0; i < self->tops->len; i++)
    {
      guint  top = g_array_index (self->tops, guint, i);
      gint64 newest = G_MININT64;

      walk (self, top, find_newest, &newest);
      get (self, top)->sent = newest;
    }
  g_array_sort_with_data (self->tops, compare_tops, self);
}

static void
add_to_tree (Threading *self, guint node, guint depth, gpointer tree)
{
  const PhThreadRow *row = get (self, node)->row;

  ph_thread_tree_add (tree, row != NULL ? row->number : 0, depth);
}

PhThreadTree *
ph_thread_by_references (PhThreadRows *rows, gboolean by_subject_too)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  g_autoptr (GArray) tops = g_array_new (FALSE, FALSE, sizeof (guint));
  Threading          self = { rows, nodes, tops };
  g_autoptr (PhThreadForest) forest = link_all (&self);
  PhThreadTree      *tree = ph_thread_tree_new ();

  gather (&self, forest);
  if (by_subject_too)
    {
      sort_tops (&self);
      merge_subjects (&self);
      sort_tops (&self);
    }
  else
    sort_by_newest (&self);

  for (guint i = 0; i < tops->len; i++)
    walk (&self, g_array_index (tops, guint, i), add_to_tree, tree);
  return tree;
}
