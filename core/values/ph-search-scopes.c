/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSearchScopes: where to search. */
#include <posthorn/posthorn.h>

typedef struct {
  PhSearchScope scope;
  GStrv         mailboxes; /* NULL: none */
} Scope;

/**
 * PhSearchScopes:
 *
 * The mailboxes that [method@Multisearch.search] goes through: those of each scope, each mailbox once (RFC 7377 section 2.2).
 *
 * ```c
 * const char *const trees[] = { "Lists", "News", NULL };
 * g_autoptr (PhSearchScopes) scopes = ph_search_scopes_new ();
 *
 * ph_search_scopes_add (scopes, PH_SEARCH_IN_INBOXES, NULL);
 * ph_search_scopes_add (scopes, PH_SEARCH_IN_SUBTREE, trees);
 * ```
 *
 * To be filled before a search is given it, and not changed from then on.
 */
struct _PhSearchScopes {
  gatomicrefcount refs;
  GArray         *scopes;
};

G_DEFINE_BOXED_TYPE (PhSearchScopes, ph_search_scopes, ph_search_scopes_ref, ph_search_scopes_unref)

static void
clear_scope (gpointer scope)
{
  g_strfreev (((Scope *) scope)->mailboxes);
}

/**
 * ph_search_scopes_new:
 *
 * Makes a list without a scope, which is nowhere.
 *
 * Returns: (transfer full): scopes
 */
PhSearchScopes *
ph_search_scopes_new (void)
{
  PhSearchScopes *self = g_new0 (PhSearchScopes, 1);

  g_atomic_ref_count_init (&self->refs);
  self->scopes = g_array_new (FALSE, FALSE, sizeof (Scope));
  g_array_set_clear_func (self->scopes, clear_scope);
  return self;
}

/**
 * ph_search_scopes_ref:
 * @self: scopes
 *
 * Takes a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhSearchScopes *
ph_search_scopes_ref (PhSearchScopes *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_search_scopes_unref:
 * @self: (transfer full): scopes
 *
 * Drops a reference; any thread may.
 */
void
ph_search_scopes_unref (PhSearchScopes *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->scopes);
  g_free (self);
}

/**
 * ph_search_scopes_add:
 * @self: scopes that no search was given yet
 * @scope: where
 * @mailboxes: (nullable) (array zero-terminated=1): of %PH_SEARCH_IN_SUBTREE and what is behind it, names in UTF-8, one at least; %NULL for the
 *   others. Copied
 *
 * Adds a scope. Whether @mailboxes fits @scope is told by the search.
 *
 * Returns: (transfer none): @self, for chains
 */
PhSearchScopes *
ph_search_scopes_add (PhSearchScopes *self, PhSearchScope scope, const char *const *mailboxes)
{
  g_return_val_if_fail (self != NULL, NULL);

  Scope one = { scope, mailboxes != NULL && mailboxes[0] != NULL ? g_strdupv ((char **) mailboxes) : NULL };
  g_array_append_val (self->scopes, one);
  return self;
}

/**
 * ph_search_scopes_get_n_scopes:
 * @self: scopes
 *
 * Returns: how many there are
 */
guint
ph_search_scopes_get_n_scopes (PhSearchScopes *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->scopes->len;
}

/**
 * ph_search_scopes_get_scope:
 * @self: scopes
 * @index: which of them, from 0
 *
 * Returns: where
 */
PhSearchScope
ph_search_scopes_get_scope (PhSearchScopes *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->scopes->len, PH_SEARCH_IN_SELECTED);

  return g_array_index (self->scopes, Scope, index).scope;
}

/**
 * ph_search_scopes_get_mailboxes:
 * @self: scopes
 * @index: which of them, from 0
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the mailboxes that were named with it, UTF-8; %NULL: none
 */
const char *const *
ph_search_scopes_get_mailboxes (PhSearchScopes *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->scopes->len, NULL);

  return (const char *const *) g_array_index (self->scopes, Scope, index).mailboxes;
}
