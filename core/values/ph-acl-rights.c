/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAclRights: which rights can be given. */
#include <posthorn/posthorn.h>

/**
 * PhAclRights:
 *
 * Which rights can be given to an identifier, and which go together (RFC 4314 section 3.7).
 */
struct _PhAclRights {
  gatomicrefcount ref_count;
  char           *required;
  char          **optional;
};

G_DEFINE_BOXED_TYPE (PhAclRights, ph_acl_rights, ph_acl_rights_ref, ph_acl_rights_unref)

/**
 * ph_acl_rights_new:
 * @required: what it has in any case
 * @optional: (array zero-terminated=1): words of letters
 *
 * Makes the description of what can be given.
 *
 * Returns: (transfer full): rights
 */
PhAclRights *
ph_acl_rights_new (const char *required, const char *const *optional)
{
  g_return_val_if_fail (required != NULL && optional != NULL, NULL);

  PhAclRights *self = g_new0 (PhAclRights, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->required = g_utf8_make_valid (required, -1);
  self->optional = g_strdupv ((char **) optional);
  return self;
}

/**
 * ph_acl_rights_ref:
 * @self: rights
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhAclRights *
ph_acl_rights_ref (PhAclRights *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_acl_rights_unref:
 * @self: (transfer full): rights
 *
 * Gives up a reference.
 */
void
ph_acl_rights_unref (PhAclRights *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->required);
  g_strfreev (self->optional);
  g_free (self);
}

/**
 * ph_acl_rights_get_required:
 * @self: rights
 *
 * What the identifier has in any case.
 *
 * Returns: a letter for each right; may be empty
 */
const char *
ph_acl_rights_get_required (PhAclRights *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->required;
}

/**
 * ph_acl_rights_get_optional:
 * @self: rights
 *
 * What can be given beside that; the letters of one word are given together or not at all.
 *
 * Returns: (transfer none) (array zero-terminated=1): words of one letter or more
 */
const char *const *
ph_acl_rights_get_optional (PhAclRights *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->optional;
}
