/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSecret: octets that are wiped when the last reference goes. */
#include <posthorn/posthorn.h>

#include <string.h>

/**
 * PhSecret:
 *
 * A password or token. Its octets are overwritten when the last reference goes, and are never part of a trace or an error.
 * References may be taken and given up by any thread.
 */
struct _PhSecret {
  gatomicrefcount ref_count;
  gsize           length;
  char            data[];
};

G_DEFINE_BOXED_TYPE (PhSecret, ph_secret, ph_secret_ref, ph_secret_unref)

/**
 * ph_secret_new:
 * @text: a password or token, UTF-8
 *
 * Makes a secret of a copy of @text.
 *
 * Returns: (transfer full): a secret
 */
PhSecret *
ph_secret_new (const char *text)
{
  return ph_secret_new_len (text, -1);
}

/**
 * ph_secret_new_len: (skip)
 * @data: octets
 * @length: how many, -1 where a NUL ends them
 *
 * Makes a secret of a copy of @data.
 *
 * Returns: (transfer full): a secret
 */
PhSecret *
ph_secret_new_len (const char *data, gssize length)
{
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  gsize n = length < 0 ? strlen (data) : (gsize) length;
  PhSecret *self = g_malloc (sizeof (PhSecret) + n + 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->length = n;
  if (n > 0)
    memcpy (self->data, data, n);
  self->data[n] = '\0';
  return self;
}

/**
 * ph_secret_ref:
 * @self: a secret
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhSecret *
ph_secret_ref (PhSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_secret_unref:
 * @self: (transfer full): a secret
 *
 * Gives up a reference; with the last one the octets are overwritten.
 */
void
ph_secret_unref (PhSecret *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ph_wipe (self, sizeof (PhSecret) + self->length + 1);
  g_free (self);
}

/**
 * ph_secret_get: (skip)
 * @self: a secret
 * @length: (out) (optional): how many octets there are
 *
 * The octets in place. A NUL that is not counted stands behind them. A copy is the caller's to wipe.
 *
 * Returns: the octets, valid as long as the secret
 */
const char *
ph_secret_get (PhSecret *self, gsize *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (length != NULL)
    *length = self->length;
  return self->data;
}

/**
 * ph_wipe: (skip)
 * @memory: (nullable): what to overwrite
 * @length: octets
 *
 * Overwrites memory with zeros, in a way that the compiler keeps even where nobody reads the memory again.
 */
void
ph_wipe (void *memory, gsize length)
{
  if (memory != NULL && length > 0)
    explicit_bzero (memory, length);
}

/**
 * ph_secret_bytes_new: (skip)
 * @data: octets
 * @length: how many
 *
 * Makes a [struct@GLib.Bytes] of a copy of @data that is overwritten when its last reference goes.
 * Only g_bytes_unref_to_data() and its like, which hand the memory out, would defeat that.
 *
 * Returns: (transfer full): the octets
 */
GBytes *
ph_secret_bytes_new (const void *data, gsize length)
{
  g_return_val_if_fail (length <= G_MAXSSIZE, NULL);

  PhSecret *secret = ph_secret_new_len (data, (gssize) length);
  return g_bytes_new_with_free_func (secret->data, length, (GDestroyNotify) ph_secret_unref, secret);
}
