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

#define FOUR_OCTETS(n) \
  G_BYTE_ORDER == G_LITTLE_ENDIAN ? (n) : 0, 0, 0, G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0 : (n)

static const struct {
  PhValueTree tree;
  guint8      octets[PH_VALUE_LIST_HEAD + PH_VALUE_LIST_END];
} empty_list = {
  { .ref_count = 1 },
  { PH_VALUE_LIST | PH_VALUE_ROOT | PH_VALUE_TRANSIENT, FOUR_OCTETS (PH_VALUE_LIST_HEAD + PH_VALUE_LIST_END), FOUR_OCTETS (0), PH_VALUE_END,
    FOUR_OCTETS (PH_VALUE_LIST_HEAD) },
};

const PhValue *const ph_value_empty_list = (const PhValue *) empty_list.octets;

const PhValue *
ph_value_get_root (const PhValue *self)
{
  while ((self->head & PH_VALUE_ROOT) == 0)
    {
      const PhValue *p = self;

      do
        p = ph_value_behind (p);
      while (ph_value_kind (p) != PH_VALUE_END && ph_value_kind (p) != PH_VALUE_MARK);
      self = (const PhValue *) (ph_value_octets (p) - ph_value_load32 (ph_value_octets (p) + 1));
    }
  return self;
}

static PhValueTree *
ph_value_tree_new (gsize prefix, gsize size)
{
  guint8 *block = g_malloc (prefix + sizeof (PhValueTree) + size);
  PhValueTree *tree = (PhValueTree *) (gpointer) (block + prefix);

  g_atomic_ref_count_init (&tree->ref_count);
  tree->prefix = (guint32) prefix;
  tree->size = size;
  return tree;
}

void
ph_value_tree_unref (PhValueTree *tree)
{
  if (g_atomic_int_dec_and_test (&tree->ref_count))
    g_free ((guint8 *) tree - tree->prefix);
}

/* A tree of one word; returns its block. */
static gpointer
ph_value_new_word_behind (gsize prefix, PhValueKind kind, const char *data, gsize length)
{
  gsize length_octets = length < 0xff ? 1 : 1 + sizeof (guint64);
  PhValueTree *tree = ph_value_tree_new (prefix, 1 + length_octets + length + 1);
  guint8 *p = (guint8 *) (tree + 1);
  guint64 wide = length;

  *p++ = (guint8) (kind | PH_VALUE_ROOT);
  *p++ = length < 0xff ? (guint8) length : 0xff;
  if (length >= 0xff)
    p = (guint8 *) memcpy (p, &wide, sizeof wide) + sizeof wide;
  if (length > 0)
    memcpy (p, data, length);
  p[length] = '\0';
  return (guint8 *) tree - prefix;
}

gpointer
ph_value_copy_behind (const PhValue *self, gsize prefix)
{
  gsize size;

  if ((self->head & PH_VALUE_BORROWED) != 0 && ph_value_kind (self) != PH_VALUE_LIST)
    {
      const char *text = ph_value_word_text (self, &size);

      return ph_value_new_word_behind (prefix, (PhValueKind) ph_value_kind (self), text, size);
    }
  if ((self->head & PH_VALUE_BORROWED) != 0)
    {
      g_autoptr (PhValueBuilder) builder = ph_value_builder_new_owning (prefix);

      ph_value_builder_reserve (builder, ph_value_get_footprint (self));
      for (const PhValue *child = ph_value_begin (self); child != NULL; child = ph_value_step (child))
        ph_value_builder_add_copy (builder, child);
      return ph_value_builder_steal (builder);
    }

  size = (gsize) (ph_value_octets (ph_value_behind (self)) - ph_value_octets (self));
  PhValueTree *tree = ph_value_tree_new (prefix, size);
  guint8 *root = memcpy (tree + 1, self, size);

  *root = (guint8) (ph_value_kind (self) | PH_VALUE_ROOT);
  return (guint8 *) tree - prefix;
}

static PhValue *
ph_value_new_word (PhValueKind kind, const char *data, gsize length)
{
  PhValueTree *tree = ph_value_new_word_behind (0, kind, data, length);

  return (PhValue *) (tree + 1);
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

  const PhValue *root = ph_value_get_root (self);
  if ((root->head & PH_VALUE_TRANSIENT) == 0)
    {
      g_atomic_ref_count_inc (&ph_value_get_tree (root)->ref_count);
      return (PhValue *) self;
    }

  PhValueTree *tree = ph_value_copy_behind (self, 0);
  return (PhValue *) (tree + 1);
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

  const PhValue *root = ph_value_get_root (self);
  g_return_if_fail ((root->head & PH_VALUE_TRANSIENT) == 0);
  ph_value_tree_unref (ph_value_get_tree (root));
}

gsize
ph_value_get_footprint (const PhValue *self)
{
  if (self == NULL)
    return 0;

  const PhValue *root = ph_value_get_root (self);
  if ((root->head & PH_VALUE_TRANSIENT) == 0)
    return sizeof (PhValueTree) + ph_value_get_tree (root)->size;

  const PhValue *end = ph_value_behind (self);
  gsize size = sizeof (PhValueTree) + (gsize) (ph_value_octets (end) - ph_value_octets (self));
  if ((self->head & PH_VALUE_BORROWED) == 0)
    return size;

  /* what stands elsewhere */
  for (const guint8 *p = ph_value_octets (self); p < ph_value_octets (end);)
    {
      const PhValue *node = (const PhValue *) p;
      gsize length;

      if (ph_value_kind (node) == PH_VALUE_LIST)
        p += PH_VALUE_LIST_HEAD;
      else if (ph_value_kind (node) > PH_VALUE_LIST)
        p += PH_VALUE_LIST_END;
      else
        {
          if ((node->head & PH_VALUE_BORROWED) != 0)
            {
              ph_value_word_text (node, &length);
              size += length;
            }
          p = ph_value_octets (ph_value_behind (node));
        }
    }
  return size;
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
  return self != NULL ? (PhValueKind) ph_value_kind (self) : PH_VALUE_NIL;
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
  return self == NULL || ph_value_kind (self) == PH_VALUE_NIL;
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
  gsize unused;

  if (length == NULL)
    length = &unused;
  if (self == NULL || ph_value_kind (self) == PH_VALUE_NIL || ph_value_kind (self) == PH_VALUE_LIST)
    {
      *length = 0;
      return NULL;
    }
  return ph_value_word_text (self, length);
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
  if (length < PH_VALUE_LARGE || (ph_value_get_root (self)->head & PH_VALUE_TRANSIENT) != 0)
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
  guint64 value = 0;
  gboolean is_number = self != NULL && ph_value_kind (self) == PH_VALUE_NUMBER;

  if (is_number)
    {
      gsize length;
      const char *digits = ph_value_word_text (self, &length);

      for (gsize i = 0; i < length; i++)
        value = value * 10 + (guint64) (digits[i] - '0');
    }
  if (number != NULL)
    *number = value;
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
  return self != NULL && ph_value_kind (self) == PH_VALUE_LIST ? ph_value_load32 (ph_value_octets (self) + 5) : 0;
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
  return self != NULL && ph_value_kind (self) == PH_VALUE_LIST ? ph_value_begin (self) : NULL;
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
  return self != NULL && (self->head & PH_VALUE_ROOT) == 0 ? ph_value_step (self) : NULL;
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

  const PhValue *child = ph_value_begin (self);
  for (; index > 0; index--)
    child = ph_value_step (child);
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
  return ph_value_new_word (PH_VALUE_NIL, NULL, 0);
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

  gsize length = strlen (word);
  return ph_value_new_word (ph_value_is_digits (word, length) ? PH_VALUE_NUMBER : PH_VALUE_ATOM, word, length);
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

  return ph_value_new_word (PH_VALUE_NUMBER, digits, (gsize) length);
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

  g_autoptr (PhValueBuilder) builder = ph_value_builder_new_owning (0);

  for (gsize i = 0; i < n_items; i++)
    {
      if (items[i] != NULL)
        ph_value_builder_add_copy (builder, items[i]);
      else
        ph_value_builder_add (builder, PH_VALUE_NIL, NULL, 0);
    }
  return (PhValue *) ((PhValueTree *) ph_value_builder_steal (builder) + 1);
}
