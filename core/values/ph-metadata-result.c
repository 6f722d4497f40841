/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMetadataResult: what was found of what is kept with a mailbox or the server. */
#include <posthorn/posthorn.h>

/**
 * PhMetadataResult:
 *
 * What [method@Metadata.get] found: entries that have a value, and whether some were left out for their size (RFC 5464 section 4.2.1).
 */
struct _PhMetadataResult {
  gatomicrefcount ref_count;
  GPtrArray      *entries;
  guint32         longest;
};

G_DEFINE_BOXED_TYPE (PhMetadataResult, ph_metadata_result, ph_metadata_result_ref, ph_metadata_result_unref)

/**
 * ph_metadata_result_new:
 *
 * Makes a result without entries, for extensions.
 *
 * Returns: (transfer full): a result
 */
PhMetadataResult *
ph_metadata_result_new (void)
{
  PhMetadataResult *self = g_new0 (PhMetadataResult, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  return self;
}

/**
 * ph_metadata_result_ref:
 * @self: a result
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhMetadataResult *
ph_metadata_result_ref (PhMetadataResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_metadata_result_unref:
 * @self: (transfer full): a result
 *
 * Gives up a reference.
 */
void
ph_metadata_result_unref (PhMetadataResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/**
 * ph_metadata_result_get_entries:
 * @self: a result
 *
 * The entries that have a value.
 *
 * Returns: (element-type PhMetadataEntry) (transfer none): entries, each name once
 */
GPtrArray *
ph_metadata_result_get_entries (PhMetadataResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->entries;
}

/* Names are compared without their case (RFC 5464 section 3.2). */
static gboolean
find (PhMetadataResult *self, const char *name, guint *index)
{
  for (*index = 0; *index < self->entries->len; (*index)++)
    if (g_ascii_strcasecmp (ph_metadata_entry_get_name (g_ptr_array_index (self->entries, *index)), name) == 0)
      return TRUE;

  return FALSE;
}

/**
 * ph_metadata_result_find:
 * @self: a result
 * @name: an entry's name, in any case
 *
 * Looks for an entry.
 *
 * Returns: (transfer none) (nullable): the entry; %NULL where there is none of that name
 */
PhMetadataEntry *
ph_metadata_result_find (PhMetadataResult *self, const char *name)
{
  guint index;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return find (self, name, &index) ? g_ptr_array_index (self->entries, index) : NULL;
}

/**
 * ph_metadata_result_get_longest:
 * @self: a result
 *
 * How large the largest value is that was left out for its size (LONGENTRIES).
 *
 * Returns: octets; 0 where none was left out
 */
guint32
ph_metadata_result_get_longest (PhMetadataResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->longest;
}

/**
 * ph_metadata_result_add: (skip)
 * @self: a result that isn't shared yet
 * @name: an entry's name
 * @value: (nullable): its value as the server wrote it
 *
 * For extensions: adds an entry. A server may tell one twice: the last counts, and one without a value is none.
 */
void
ph_metadata_result_add (PhMetadataResult *self, const char *name, const PhValue *value)
{
  guint index;

  g_return_if_fail (self != NULL && name != NULL);

  g_autoptr (GBytes) bytes = ph_value_dup_bytes (value);
  if (find (self, name, &index))
    g_ptr_array_remove_index (self->entries, index);
  if (bytes != NULL)
    g_ptr_array_add (self->entries, ph_metadata_entry_new (name, bytes));
}

/**
 * ph_metadata_result_set_longest: (skip)
 * @self: a result that isn't shared yet
 * @octets: how large it is
 *
 * For extensions: the largest value that was left out.
 */
void
ph_metadata_result_set_longest (PhMetadataResult *self, guint32 octets)
{
  g_return_if_fail (self != NULL);

  self->longest = octets;
}
