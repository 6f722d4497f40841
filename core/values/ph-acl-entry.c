/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAclEntry: what one identifier may do with a mailbox. */
#include <posthorn/posthorn.h>

/**
 * PhAclEntry:
 *
 * One row of a mailbox' access control list: an identifier, and what it may do (RFC 4314 section 2).
 */
struct _PhAclEntry {
  gatomicrefcount ref_count;
  char           *identifier;
  char           *rights;
};

G_DEFINE_BOXED_TYPE (PhAclEntry, ph_acl_entry, ph_acl_entry_ref, ph_acl_entry_unref)

/**
 * ph_acl_entry_new:
 * @identifier: whom it is about
 * @rights: a letter for each right
 *
 * Makes a row of a list.
 *
 * Returns: (transfer full): an entry
 */
PhAclEntry *
ph_acl_entry_new (const char *identifier, const char *rights)
{
  g_return_val_if_fail (identifier != NULL && rights != NULL, NULL);

  PhAclEntry *self = g_new0 (PhAclEntry, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->identifier = g_utf8_make_valid (identifier, -1);
  self->rights = g_utf8_make_valid (rights, -1);
  return self;
}

/**
 * ph_acl_entry_ref:
 * @self: an entry
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhAclEntry *
ph_acl_entry_ref (PhAclEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_acl_entry_unref:
 * @self: (transfer full): an entry
 *
 * Gives up a reference.
 */
void
ph_acl_entry_unref (PhAclEntry *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->identifier);
  g_free (self->rights);
  g_free (self);
}

/**
 * ph_acl_entry_get_identifier:
 * @self: an entry
 *
 * Whom it is about: a user, a group as the server writes it, `anyone`; with a `-` before it the rights are denied.
 *
 * Returns: the identifier
 */
const char *
ph_acl_entry_get_identifier (PhAclEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->identifier;
}

/**
 * ph_acl_entry_get_rights:
 * @self: an entry
 *
 * What it may do, or with a `-` before the identifier what it may not.
 *
 * Returns: a letter for each right (RFC 4314 section 2.1)
 */
const char *
ph_acl_entry_get_rights (PhAclEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rights;
}
