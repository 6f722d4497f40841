/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMetadataEntry: what is kept under one name. */
#include <posthorn/posthorn.h>

/**
 * PhMetadataEntry:
 *
 * One entry of what is kept with a mailbox or the server: a name and a value (RFC 5464 section 3).
 */
struct _PhMetadataEntry {
  gatomicrefcount ref_count;
  char           *name;
  GBytes         *value;
};

G_DEFINE_BOXED_TYPE (PhMetadataEntry, ph_metadata_entry, ph_metadata_entry_ref, ph_metadata_entry_unref)

/**
 * ph_metadata_entry_new:
 * @name: `/shared/comment`, `/private/vendor/…`
 * @value: (nullable): any octets; %NULL: none
 *
 * Makes an entry.
 *
 * Returns: (transfer full): an entry
 */
PhMetadataEntry *
ph_metadata_entry_new (const char *name, GBytes *value)
{
  g_return_val_if_fail (name != NULL, NULL);

  PhMetadataEntry *self = g_new0 (PhMetadataEntry, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_utf8_make_valid (name, -1);
  self->value = value != NULL ? g_bytes_ref (value) : NULL;
  return self;
}

/**
 * ph_metadata_entry_ref:
 * @self: an entry
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhMetadataEntry *
ph_metadata_entry_ref (PhMetadataEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_metadata_entry_unref:
 * @self: (transfer full): an entry
 *
 * Gives up a reference.
 */
void
ph_metadata_entry_unref (PhMetadataEntry *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_clear_pointer (&self->value, g_bytes_unref);
  g_free (self);
}

/**
 * ph_metadata_entry_get_name:
 * @self: an entry
 *
 * The name, which begins with `/shared` or `/private`.
 *
 * Returns: the name
 */
const char *
ph_metadata_entry_get_name (PhMetadataEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * ph_metadata_entry_get_value:
 * @self: an entry
 *
 * The value.
 *
 * Returns: (transfer none) (nullable): any octets; %NULL where it has none
 */
GBytes *
ph_metadata_entry_get_value (PhMetadataEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/**
 * ph_metadata_entry_dup_text:
 * @self: an entry
 *
 * The value as text: octets that are no UTF-8 are replaced.
 *
 * Returns: (transfer full) (nullable): the value; %NULL where it has none
 */
char *
ph_metadata_entry_dup_text (PhMetadataEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->value == NULL)
    return NULL;

  gsize length;
  const char *data = g_bytes_get_data (self->value, &length);
  return length > 0 ? g_utf8_make_valid (data, (gssize) length) : g_strdup ("");
}

/**
 * ph_mailbox_info_get_metadata:
 * @self: a mailbox' row
 *
 * What is kept with the mailbox, where [method@Metadata.list] asked for it.
 *
 * Returns: (element-type PhMetadataEntry) (transfer container): entries, those without a value among them
 */
GPtrArray *
ph_mailbox_info_get_metadata (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  const PhValue *answer = ph_mailbox_info_get_answer (self, "METADATA");
  for (const PhValue *list = ph_value_first (answer); list != NULL; list = ph_value_next (list))
    for (const PhValue *name = ph_value_first (list); name != NULL && ph_value_next (name) != NULL; name = ph_value_next (ph_value_next (name)))
      {
        g_autofree char *text = ph_value_dup_text (name);
        g_autoptr (GBytes) value = ph_value_dup_bytes (ph_value_next (name));

        if (text != NULL)
          g_ptr_array_add (entries, ph_metadata_entry_new (text, value));
      }
  return entries;
}
