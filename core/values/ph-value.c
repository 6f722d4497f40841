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
} empty_list = { { .ref_count = 1, .transient = TRUE }, { .kind = PH_VALUE_LIST } };

const PhValue *const ph_value_empty_list = &empty_list.node;

static inline gsize
ph_value_count_nodes (const PhValue *self)
{
  return 1 + (self->kind == PH_VALUE_LIST ? self->n_below : 0);
}

/* Octets of the text of @self and what is below, with a NUL behind each word */
static inline gsize
ph_value_count_text (const PhValue *self)
{
  if (self->kind == PH_VALUE_LIST)
    return self->text;
  return self->kind == PH_VALUE_NIL ? 0 : ph_value_get_text_length (self) + 1;
}

/* memcpy () for what is mostly a few octets long: without a call */
static inline void
copy_text (char *to, const char *from, gsize length)
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
        to[i] = from[i];
    }
}

/* Copies @source and what is below on to @index of an owned tree's @nodes, and the text to @text; returns where the next text goes. */
static inline char *
ph_value_copy_nodes (PhValue *nodes, gsize index, const PhValue *source, char *text)
{
  const PhValue *end = source + ph_value_count_nodes (source);
  guint32 shift = (guint32) index - source->index;
  PhValue *to = nodes + index;

  for (const PhValue *from = source; from < end; from++, to++)
    {
      *to = *from;
      to->index += shift;
      if (from->next != 0)
        to->next += shift;
      if (!ph_value_is_word (from))
        continue;

      gsize length = ph_value_get_text_length (from);
      copy_text (text, from->data, length);
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

  gsize size = sizeof (PhValueTree) + n_nodes * sizeof (PhValue) + text;
  PhValueTree *tree = g_malloc (size);
  g_atomic_ref_count_init (&tree->ref_count);
  tree->transient = FALSE;
  tree->size = size;
  return tree;
}

static PhValue *
ph_value_tree_get_root (PhValueTree *tree)
{
  return (PhValue *) (gpointer) (tree + 1);
}

void
ph_value_make_number (PhValue *self)
{
  const char *bytes = self->data;
  gsize length = self->length;
  guint64 number = 0;

  if (length > G_MAXUINT16)
    return;
  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guint8) (bytes[i] - '0');
      if (digit > 9)
        return;
      if (G_UNLIKELY (number >= G_MAXUINT64 / 10) && (number > G_MAXUINT64 / 10 || digit > G_MAXUINT64 % 10))
        return;
      number = number * 10 + digit;
    }
  self->kind = PH_VALUE_NUMBER;
  self->digits = (guint16) length;
  self->number = number;
}

static PhValue *
ph_value_new_word (PhValueKind kind, const char *data, gsize length)
{
  PhValueTree *tree = ph_value_tree_new (1, length + 1);
  PhValue *root = ph_value_tree_get_root (tree);
  char *text = (char *) (root + 1);

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

  gsize n_nodes = ph_value_count_nodes (self);
  PhValue *root = ph_value_tree_get_root (ph_value_tree_new (n_nodes, ph_value_count_text (self)));
  ph_value_copy_nodes (root, 0, self, (char *) (root + n_nodes));
  return root;
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

  PhValueTree *tree = ph_value_get_tree (self);
  if (!tree->transient)
    return (gsize) tree->size;
  return sizeof (PhValueTree) + ph_value_count_nodes (self) * sizeof (PhValue) + ph_value_count_text (self);
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
  gsize n_below = 0, text = 0;

  for (gsize i = 0; i < n_items; i++)
    {
      const PhValue *item = items[i] != NULL ? items[i] : &nil;
      n_below += ph_value_count_nodes (item);
      text += ph_value_count_text (item);
    }

  PhValue *root = ph_value_tree_get_root (ph_value_tree_new (1 + n_below, text));
  char *text_end = (char *) (root + 1 + n_below);
  gsize index = 1;

  *root = (PhValue) { .text = text, .n_below = n_below, .kind = PH_VALUE_LIST, .n_children = (guint32) n_items };
  for (gsize i = 0; i < n_items; i++)
    {
      const PhValue *item = items[i] != NULL ? items[i] : &nil;
      gsize n_nodes = ph_value_count_nodes (item);

      text_end = ph_value_copy_nodes (root, index, item, text_end);
      if (i + 1 < n_items)
        root[index].next = (guint32) (index + n_nodes);
      index += n_nodes;
    }
  return root;
}
