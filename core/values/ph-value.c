/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhValue: one node of a tree of atoms, numbers, strings and lists. */
#include "ph-value-private.h"

#include <string.h>

/**
 * PhValue:
 *
 * One node of a tree: what a server sent, or the arguments that a command is to send.
 *
 * The tree is one block of memory. [method@Posthorn.Value.copy] of a node of an owned tree takes a reference on the whole
 * tree; of a *transient* tree (one that an engine is reading just now, see [struct@Posthorn.ValueBuilder]) it makes a
 * compact tree of the node and what is below. Values are immutable, so an owned one may be read by several threads.
 *
 * Every getter takes %NULL for a NIL, so that chains such as
 * `ph_value_get_number (ph_value_get_child (list, 3), &n)` need no checks. Nothing here recurses: a tree may be as deep
 * as memory lasts.
 */
G_DEFINE_BOXED_TYPE (PhValue, ph_value, ph_value_copy, ph_value_free)

G_STATIC_ASSERT (sizeof (PhValueTree) % G_ALIGNOF (PhValue) == 0);

static const struct {
  PhValueTree tree;
  PhValue     node;
} empty_list = { { 1, 1, TRUE }, { .data = "", .kind = PH_VALUE_LIST } };

const PhValue *const ph_value_empty_list = &empty_list.node;

/* Nodes of @self and what is below, which lie in one row, and what their text takes with a NUL behind each word */
static gsize
ph_value_measure (const PhValue *self, gsize *text)
{
  gsize total = 0;
  gsize pending = 1;
  const PhValue *node = self;

  for (; pending > 0; node++, pending--)
    {
      if (node->kind == PH_VALUE_LIST)
        pending += node->n_children;
      else if (node->kind != PH_VALUE_NIL)
        total += ph_value_get_text_length (node) + 1;
    }
  *text = total;
  return (gsize) (node - self);
}

/* Copies @n_nodes from @source on to @index of an owned @tree and their text to @text; returns where the next text goes. */
static char *
ph_value_copy_nodes (PhValueTree *tree, gsize index, const PhValue *source, gsize n_nodes, char *text)
{
  PhValue *nodes = (PhValue *) (gpointer) (tree + 1);

  for (gsize i = 0; i < n_nodes; i++)
    {
      const PhValue *from = source + i;
      PhValue *to = nodes + index + i;

      *to = *from;
      to->index = (guint32) (index + i);
      if (from->next != 0)
        to->next = (guint32) (from->next - source->index + index);
      if (from->kind == PH_VALUE_LIST || from->kind == PH_VALUE_NIL)
        continue;

      gsize length = ph_value_get_text_length (from);
      memcpy (text, from->data, length);
      text[length] = '\0';
      to->data = text;
      text += length + 1;
    }
  /* the siblings of the top are not part of the copy */
  nodes[index].next = 0;
  return text;
}

static PhValueTree *
ph_value_tree_new (gsize n_nodes, gsize text)
{
  /* an index is 32 bits wide, as wide as any limit that an engine can be given */
  if (n_nodes > G_MAXUINT32 || text > G_MAXSIZE - sizeof (PhValueTree) - n_nodes * sizeof (PhValue))
    g_error ("A value tree of %" G_GSIZE_FORMAT " nodes is too large", n_nodes);

  PhValueTree *tree = g_malloc (sizeof (PhValueTree) + n_nodes * sizeof (PhValue) + text);
  g_atomic_ref_count_init (&tree->ref_count);
  tree->n_nodes = (guint32) n_nodes;
  tree->transient = FALSE;
  return tree;
}

static PhValue *
ph_value_tree_get_root (PhValueTree *tree)
{
  return (PhValue *) (gpointer) (tree + 1);
}

static char *
ph_value_tree_get_text (PhValueTree *tree)
{
  return (char *) (ph_value_tree_get_root (tree) + tree->n_nodes);
}

static PhValue *
ph_value_new_word (PhValueKind kind, const char *data, gsize length)
{
  PhValueTree *tree = ph_value_tree_new (1, length + 1);
  PhValue *root = ph_value_tree_get_root (tree);
  char *text = ph_value_tree_get_text (tree);

  if (length > 0)
    memcpy (text, data, length);
  text[length] = '\0';
  *root = (PhValue) { 0 };
  ph_value_set_word (root, kind, text, length);
  return root;
}

/**
 * ph_value_copy:
 * @self: (nullable): a value
 *
 * Keeps a value: a reference on its tree, or, where the tree is transient, a compact copy of @self and what is below.
 * The copy has no siblings and may be used by any thread.
 *
 * Returns: (transfer full) (nullable): the value to keep, %NULL for %NULL; undone by [method@Posthorn.Value.free]
 */
PhValue *
ph_value_copy (const PhValue *self)
{
  if (self == NULL)
    return NULL;

  PhValueTree *tree = ph_value_get_tree (self);
  if (!tree->transient)
    {
      g_atomic_ref_count_inc (&tree->ref_count);
      return (PhValue *) self;
    }

  gsize text;
  gsize n_nodes = ph_value_measure (self, &text);
  PhValueTree *copy = ph_value_tree_new (n_nodes, text);
  ph_value_copy_nodes (copy, 0, self, n_nodes, ph_value_tree_get_text (copy));
  return ph_value_tree_get_root (copy);
}

/**
 * ph_value_free:
 * @self: (nullable) (transfer full): a value that was made or copied
 *
 * Gives up one hold on the value's tree.
 */
void
ph_value_free (PhValue *self)
{
  if (self == NULL)
    return;

  PhValueTree *tree = ph_value_get_tree (self);
  g_return_if_fail (!tree->transient);
  if (g_atomic_ref_count_dec (&tree->ref_count))
    g_free (tree);
}

gsize
ph_value_get_footprint (const PhValue *self)
{
  if (self == NULL)
    return 0;

  gsize text;
  gsize n_nodes = ph_value_measure (self, &text);
  return sizeof (PhValueTree) + n_nodes * sizeof (PhValue) + text;
}

/**
 * ph_value_get_kind:
 * @self: (nullable): a value
 *
 * Tells what the value is.
 *
 * Returns: its kind, %PH_VALUE_NIL for %NULL
 */
PhValueKind
ph_value_get_kind (const PhValue *self)
{
  return self != NULL ? (PhValueKind) self->kind : PH_VALUE_NIL;
}

/**
 * ph_value_is_nil:
 * @self: (nullable): a value
 *
 * Tells whether the value is NIL, or there is none.
 *
 * Returns: %TRUE for NIL and %NULL
 */
gboolean
ph_value_is_nil (const PhValue *self)
{
  return self == NULL || self->kind == PH_VALUE_NIL;
}

/**
 * ph_value_get_data: (skip)
 * @self: (nullable): a value
 * @length: (out) (optional): octets, 0 where there are none
 *
 * The octets of an atom, a number, a string or a literal, in place. They end with a NUL that is not counted where the tree is
 * owned; in a transient tree they do not, and they may hold NULs: go by @length.
 *
 * Returns: (nullable): the octets, valid as long as the value; %NULL for NIL and a list
 */
const char *
ph_value_get_data (const PhValue *self, gsize *length)
{
  if (self == NULL || self->kind == PH_VALUE_NIL || self->kind == PH_VALUE_LIST)
    {
      if (length != NULL)
        *length = 0;
      return NULL;
    }
  if (length != NULL)
    *length = ph_value_get_text_length (self);
  return self->data;
}

/**
 * ph_value_dup_text:
 * @self: (nullable): a value
 *
 * The text of an atom, a number, a string or a literal. What is not valid UTF-8, a NUL included, is replaced by U+FFFD.
 *
 * Returns: (transfer full) (nullable): valid UTF-8; %NULL for NIL and a list
 */
char *
ph_value_dup_text (const PhValue *self)
{
  gsize length;
  const char *data = ph_value_get_data (self, &length);

  return data != NULL ? g_utf8_make_valid (data, (gssize) length) : NULL;
}

/**
 * ph_value_dup_bytes:
 * @self: (nullable): a value
 *
 * The octets of an atom, a number, a string or a literal, as they came. Large ones of an owned tree are not copied but hold
 * the tree.
 *
 * Returns: (transfer full) (nullable): the octets; %NULL for NIL and a list
 */
GBytes *
ph_value_dup_bytes (const PhValue *self)
{
  gsize length;
  const char *data = ph_value_get_data (self, &length);

  if (data == NULL)
    return NULL;
  /* holding a tree for a few octets would cost more than it saves */
  if (length < 1024 || ph_value_get_tree (self)->transient)
    return g_bytes_new (data, length);
  return g_bytes_new_with_free_func (data, length, (GDestroyNotify) ph_value_free, ph_value_copy (self));
}

/**
 * ph_value_get_number:
 * @self: (nullable): a value
 * @number: (out) (optional): the number, 0 where it is none
 *
 * Reads a number. A string of digits is not one.
 *
 * Returns: %TRUE for a number
 */
gboolean
ph_value_get_number (const PhValue *self, guint64 *number)
{
  gboolean is_number = self != NULL && self->kind == PH_VALUE_NUMBER;

  if (number != NULL)
    *number = is_number ? self->number : 0;
  return is_number;
}

/**
 * ph_value_is:
 * @self: (nullable): a value
 * @word: what to compare with
 *
 * Compares an atom, a number, a string or a literal with a word; ASCII letters match in either case.
 *
 * Returns: %TRUE where they are the same; %FALSE for NIL and lists
 */
gboolean
ph_value_is (const PhValue *self, const char *word)
{
  gsize length;
  const guint8 *data = (const guint8 *) ph_value_get_data (self, &length);

  if (data == NULL || word == NULL)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      guint8 a = data[i], b = (guint8) word[i];
      if (b == '\0')
        return FALSE;
      if (a == b)
        continue;
      if ((a ^ b) != 0x20 || (guint8) ((a | 0x20) - 'a') >= 26)
        return FALSE;
    }
  return word[length] == '\0';
}

/**
 * ph_value_get_length:
 * @self: (nullable): a value
 *
 * Counts the children of a list.
 *
 * Returns: how many there are; 0 for what is not a list
 */
guint
ph_value_get_length (const PhValue *self)
{
  return self != NULL && self->kind == PH_VALUE_LIST ? self->n_children : 0;
}

/**
 * ph_value_first:
 * @self: (nullable): a value
 *
 * The first child of a list; [method@Posthorn.Value.next] walks on.
 *
 * Returns: (transfer none) (nullable): a value of the same tree; %NULL where there is none
 */
const PhValue *
ph_value_first (const PhValue *self)
{
  return ph_value_get_length (self) > 0 ? self + 1 : NULL;
}

/**
 * ph_value_next:
 * @self: (nullable): a value
 *
 * The sibling behind this one.
 *
 * Returns: (transfer none) (nullable): a value of the same tree; %NULL behind the last
 */
const PhValue *
ph_value_next (const PhValue *self)
{
  return self != NULL && self->next != 0 ? self - self->index + self->next : NULL;
}

/**
 * ph_value_get_child:
 * @self: (nullable): a value
 * @index: counted from 0
 *
 * A child by its place. This walks from the first; to visit all, use [method@Posthorn.Value.first] and
 * [method@Posthorn.Value.next].
 *
 * Returns: (transfer none) (nullable): a value of the same tree; %NULL past the end
 */
const PhValue *
ph_value_get_child (const PhValue *self, guint index)
{
  if (index >= ph_value_get_length (self))
    return NULL;

  const PhValue *child = self + 1;
  for (; index > 0; index--)
    child = ph_value_next (child);
  return child;
}

/**
 * ph_value_new_nil:
 *
 * Makes a NIL.
 *
 * Returns: (transfer full): a value
 */
PhValue *
ph_value_new_nil (void)
{
  PhValueTree *tree = ph_value_tree_new (1, 0);
  PhValue *root = ph_value_tree_get_root (tree);

  *root = (PhValue) { .data = "", .kind = PH_VALUE_NIL };
  return root;
}

/**
 * ph_value_new_atom:
 * @word: a word that needs no quoting
 *
 * Makes an atom; a number where @word is nothing but digits that fit 64 bits. Whether the word can be sent is found out by
 * the [iface@Posthorn.Writer] that it is given to.
 *
 * Returns: (transfer full): a value
 */
PhValue *
ph_value_new_atom (const char *word)
{
  g_return_val_if_fail (word != NULL, NULL);

  return ph_value_new_word (PH_VALUE_ATOM, word, strlen (word));
}

/**
 * ph_value_new_number:
 * @number: any
 *
 * Makes a number.
 *
 * Returns: (transfer full): a value
 */
PhValue *
ph_value_new_number (guint64 number)
{
  char digits[24];
  int length = g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);

  return ph_value_new_word (PH_VALUE_ATOM, digits, (gsize) length);
}

/**
 * ph_value_new_string:
 * @text: any text
 *
 * Makes a string. When sent it is quoted, or becomes a literal, as it needs.
 *
 * Returns: (transfer full): a value
 */
PhValue *
ph_value_new_string (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return ph_value_new_word (PH_VALUE_STRING, text, strlen (text));
}

/**
 * ph_value_new_bytes:
 * @bytes: any octets
 *
 * Makes a literal.
 *
 * Returns: (transfer full): a value
 */
PhValue *
ph_value_new_bytes (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  return ph_value_new_word (PH_VALUE_LITERAL, data, length);
}

/**
 * ph_value_new_list:
 * @items: (array length=n_items) (nullable): values; %NULL among them stands for NIL
 * @n_items: how many
 *
 * Makes a list of copies of @items.
 *
 * Returns: (transfer full): a value
 */
PhValue *
ph_value_new_list (PhValue **items, gsize n_items)
{
  g_return_val_if_fail (items != NULL || n_items == 0, NULL);

  static const PhValue nil = { .data = "", .kind = PH_VALUE_NIL };
  gsize total_nodes = 1, total_text = 0;

  for (gsize i = 0; i < n_items; i++)
    {
      gsize text;
      total_nodes += ph_value_measure (items[i] != NULL ? items[i] : &nil, &text);
      total_text += text;
    }

  PhValueTree *tree = ph_value_tree_new (total_nodes, total_text);
  PhValue *root = ph_value_tree_get_root (tree);
  char *text_end = ph_value_tree_get_text (tree);
  gsize index = 1;

  *root = (PhValue) { .data = "", .kind = PH_VALUE_LIST, .n_children = (guint32) n_items };
  for (gsize i = 0; i < n_items; i++)
    {
      const PhValue *item = items[i] != NULL ? items[i] : &nil;
      gsize text;
      gsize n_nodes = ph_value_measure (item, &text);

      text_end = ph_value_copy_nodes (tree, index, item, n_nodes, text_end);
      if (i + 1 < n_items)
        root[index].next = (guint32) (index + n_nodes);
      index += n_nodes;
    }
  return root;
}
