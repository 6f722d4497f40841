/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUrlData: what a URL stands for. */
#include <posthorn/posthorn.h>

/**
 * PhUrlData:
 *
 * What a server fetched by a URL (URLFETCH, RFC 4467 section 8; RFC 5524). It never changes, so that any thread may use it.
 */
struct _PhUrlData {
  gatomicrefcount ref_count;
  char    *url;
  GBytes  *data;
  PhValue *structure;
};

G_DEFINE_BOXED_TYPE (PhUrlData, ph_url_data, ph_url_data_ref, ph_url_data_unref)

/**
 * ph_url_data_new:
 * @url: a URL
 * @data: (nullable): the octets; referenced
 * @structure: (nullable): what they are; copied
 *
 * For extensions.
 *
 * Returns: (transfer full): a new one
 */
PhUrlData *
ph_url_data_new (const char *url, GBytes *data, const PhValue *structure)
{
  g_return_val_if_fail (url != NULL, NULL);

  PhUrlData *self = g_new0 (PhUrlData, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->url = g_strdup (url);
  self->data = data != NULL ? g_bytes_ref (data) : NULL;
  self->structure = structure != NULL ? ph_value_copy (structure) : NULL;
  return self;
}

/**
 * ph_url_data_ref:
 * @self: what a URL stands for
 *
 * Returns: (transfer full): @self
 */
PhUrlData *
ph_url_data_ref (PhUrlData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_url_data_unref:
 * @self: what a URL stands for
 *
 * Lets go of a reference.
 */
void
ph_url_data_unref (PhUrlData *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->url);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_pointer (&self->structure, ph_value_free);
  g_free (self);
}

/**
 * ph_url_data_get_url:
 * @self: what a URL stands for
 *
 * Returns: the URL, as the server told it
 */
const char *
ph_url_data_get_url (PhUrlData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}

/**
 * ph_url_data_get_data:
 * @self: what a URL stands for
 *
 * Returns: (transfer none) (nullable): the octets; %NULL where the server does not follow the URL, can't decode what it stands for, or was not
 *   asked for octets
 */
GBytes *
ph_url_data_get_data (PhUrlData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->data;
}

/**
 * ph_url_data_get_structure:
 * @self: what a URL stands for
 *
 * What the octets are (BODYPARTSTRUCTURE, RFC 5259 section 9): a list of media type, subtype, parameters, id, description, encoding and size as
 * in BODYSTRUCTURE. Where they were asked for decoded, the encoding is that of what was sent: `BINARY`.
 *
 * Returns: (transfer none) (nullable): the list; %NULL where it wasn't asked for, or the server does not follow the URL
 */
const PhValue *
ph_url_data_get_structure (PhUrlData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->structure;
}
