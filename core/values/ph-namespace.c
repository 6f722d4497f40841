/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNamespace: where some mailboxes are. */
#include <posthorn/posthorn.h>

/**
 * PhNamespace:
 *
 * Where some mailboxes are: what their names begin with, and what stands between their parts (RFC 2342 section 5).
 */
struct _PhNamespace {
  gatomicrefcount ref_count;
  PhNamespaceKind kind;
  char           *prefix;
  char           *delimiter;
  char           *translation;
};

G_DEFINE_BOXED_TYPE (PhNamespace, ph_namespace, ph_namespace_ref, ph_namespace_unref)

/**
 * ph_namespace_new:
 * @kind: whose mailboxes they are
 * @prefix: what their names begin with, UTF-8
 * @delimiter: (nullable): one character; %NULL in a flat hierarchy
 * @translation: (nullable): the prefix to be shown; %NULL: none
 *
 * Makes a namespace.
 *
 * Returns: (transfer full): a namespace
 */
PhNamespace *
ph_namespace_new (PhNamespaceKind kind, const char *prefix, const char *delimiter, const char *translation)
{
  g_return_val_if_fail (prefix != NULL, NULL);

  PhNamespace *self = g_new0 (PhNamespace, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->prefix = g_utf8_make_valid (prefix, -1);
  self->delimiter = g_strdup (delimiter);
  self->translation = g_strdup (translation);
  return self;
}

/**
 * ph_namespace_ref:
 * @self: a namespace
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhNamespace *
ph_namespace_ref (PhNamespace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_namespace_unref:
 * @self: (transfer full): a namespace
 *
 * Gives up a reference.
 */
void
ph_namespace_unref (PhNamespace *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->prefix);
  g_free (self->delimiter);
  g_free (self->translation);
  g_free (self);
}

/**
 * ph_namespace_get_kind:
 * @self: a namespace
 *
 * Whose mailboxes it holds.
 *
 * Returns: the kind
 */
PhNamespaceKind
ph_namespace_get_kind (PhNamespace *self)
{
  g_return_val_if_fail (self != NULL, PH_NAMESPACE_PERSONAL);

  return self->kind;
}

/**
 * ph_namespace_get_prefix:
 * @self: a namespace
 *
 * What the names of its mailboxes begin with.
 *
 * Returns: UTF-8; may be empty
 */
const char *
ph_namespace_get_prefix (PhNamespace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->prefix;
}

/**
 * ph_namespace_get_delimiter:
 * @self: a namespace
 *
 * What stands between the parts of a name.
 *
 * Returns: (nullable): one character as a string; %NULL in a flat hierarchy
 */
const char *
ph_namespace_get_delimiter (PhNamespace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->delimiter;
}

/**
 * ph_namespace_get_translation:
 * @self: a namespace
 *
 * The prefix in the language that was chosen, to be shown (RFC 5255 section 3.4).
 *
 * Returns: (nullable): UTF-8; %NULL where none was told
 */
const char *
ph_namespace_get_translation (PhNamespace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->translation;
}
