/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuotaResource: how much of one resource of a quota root is used. */
#include <posthorn/posthorn.h>

/**
 * PhQuotaResource:
 *
 * One resource of one quota root: what is limited, how much of it is used and how much there is (RFC 9208 section 3).
 */
struct _PhQuotaResource {
  gatomicrefcount ref_count;
  char           *root;
  char           *name;
  guint64         usage;
  guint64         limit;
};

G_DEFINE_BOXED_TYPE (PhQuotaResource, ph_quota_resource, ph_quota_resource_ref, ph_quota_resource_unref)

/**
 * ph_quota_resource_new:
 * @root: the quota root, may be empty
 * @name: the resource: "STORAGE", "MESSAGE", "MAILBOX" or another
 * @usage: how much is used
 * @limit: how much there is
 *
 * Makes the description of a resource.
 *
 * Returns: (transfer full): a resource
 */
PhQuotaResource *
ph_quota_resource_new (const char *root, const char *name, guint64 usage, guint64 limit)
{
  g_return_val_if_fail (root != NULL && name != NULL, NULL);

  PhQuotaResource *self = g_new (PhQuotaResource, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->root = g_utf8_make_valid (root, -1);
  self->name = g_utf8_make_valid (name, -1);
  self->usage = usage;
  self->limit = limit;
  return self;
}

/**
 * ph_quota_resource_ref:
 * @self: a resource
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhQuotaResource *
ph_quota_resource_ref (PhQuotaResource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_quota_resource_unref:
 * @self: (transfer full): a resource
 *
 * Gives up a reference.
 */
void
ph_quota_resource_unref (PhQuotaResource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->root);
  g_free (self->name);
  g_free (self);
}

/**
 * ph_quota_resource_get_root:
 * @self: a resource
 *
 * The quota root that the resource belongs to.
 *
 * Returns: the root's name, which may be empty
 */
const char *
ph_quota_resource_get_root (PhQuotaResource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->root;
}

/**
 * ph_quota_resource_get_name:
 * @self: a resource
 *
 * What is limited: "STORAGE" (in units of 1024 octets), "MESSAGE" (messages), "MAILBOX" (mailboxes) or what else the server
 * has (RFC 9208 section 5).
 *
 * Returns: the resource's name
 */
const char *
ph_quota_resource_get_name (PhQuotaResource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * ph_quota_resource_get_usage:
 * @self: a resource
 *
 * How much is used, in the resource's unit.
 *
 * Returns: the usage, which may be above the limit
 */
guint64
ph_quota_resource_get_usage (PhQuotaResource *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->usage;
}

/**
 * ph_quota_resource_get_limit:
 * @self: a resource
 *
 * How much there is, in the resource's unit.
 *
 * Returns: the limit
 */
guint64
ph_quota_resource_get_limit (PhQuotaResource *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->limit;
}
