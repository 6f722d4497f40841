/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMultisearch: a search through several mailboxes (RFC 7377); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhSearchScope:
 * @PH_SEARCH_IN_SELECTED: the selected mailbox
 * @PH_SEARCH_IN_INBOXES: where messages are delivered to
 * @PH_SEARCH_IN_PERSONAL: all of one's own
 * @PH_SEARCH_IN_SUBSCRIBED: those that are subscribed to
 * @PH_SEARCH_IN_SUBTREE: the mailboxes that are named, and all below them
 * @PH_SEARCH_IN_CHILDREN: the mailboxes that are named, and those one level below them
 * @PH_SEARCH_IN_MAILBOXES: the mailboxes that are named
 *
 * Where to search (RFC 7377 section 2.2).
 */
typedef enum {
  PH_SEARCH_IN_SELECTED,
  PH_SEARCH_IN_INBOXES,
  PH_SEARCH_IN_PERSONAL,
  PH_SEARCH_IN_SUBSCRIBED,
  PH_SEARCH_IN_SUBTREE,
  PH_SEARCH_IN_CHILDREN,
  PH_SEARCH_IN_MAILBOXES
} PhSearchScope;

/* What was found in one mailbox. Boxed. */
typedef struct _PhMailboxMatch PhMailboxMatch;
#define PH_TYPE_MAILBOX_MATCH (ph_mailbox_match_get_type ())
PH_AVAILABLE_IN_1_0 GType ph_mailbox_match_get_type (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhMailboxMatch *ph_mailbox_match_ref (PhMailboxMatch *self);
PH_AVAILABLE_IN_1_0 void ph_mailbox_match_unref (PhMailboxMatch *self);
/* UTF-8 */
PH_AVAILABLE_IN_1_0 const char *ph_mailbox_match_get_mailbox (PhMailboxMatch *self);
/* Without which its UIDs mean nothing; 0: the server did not tell */
PH_AVAILABLE_IN_1_0 guint32 ph_mailbox_match_get_uid_validity (PhMailboxMatch *self);
/* (transfer none) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_mailbox_match_get_uids (PhMailboxMatch *self);
/* For extensions. @uids: referenced */
PH_AVAILABLE_IN_1_0 PhMailboxMatch *ph_mailbox_match_new (const char *mailbox, guint32 uid_validity, PhMessageSet *uids);

/* Where to search: one scope behind another. Boxed. */
typedef struct _PhSearchScopes PhSearchScopes;
#define PH_TYPE_SEARCH_SCOPES (ph_search_scopes_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_search_scopes_get_type     (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhSearchScopes *ph_search_scopes_new          (void);
PH_AVAILABLE_IN_1_0 PhSearchScopes *ph_search_scopes_ref          (PhSearchScopes *self);
PH_AVAILABLE_IN_1_0 void            ph_search_scopes_unref        (PhSearchScopes *self);
/* @mailboxes: NULL where @scope takes none. Returns the same, for chains. (transfer none) */
PH_AVAILABLE_IN_1_0 PhSearchScopes *ph_search_scopes_add          (PhSearchScopes *self, PhSearchScope scope, const char *const *mailboxes);
PH_AVAILABLE_IN_1_0 guint           ph_search_scopes_get_n_scopes (PhSearchScopes *self);
PH_AVAILABLE_IN_1_0 PhSearchScope   ph_search_scopes_get_scope    (PhSearchScopes *self, guint index);
/* NULL: none. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const char *const *ph_search_scopes_get_mailboxes (PhSearchScopes *self, guint index);

/* What was found, and whether that is all of it. Boxed. */
typedef struct _PhMultisearchResult PhMultisearchResult;
#define PH_TYPE_MULTISEARCH_RESULT (ph_multisearch_result_get_type ())
PH_AVAILABLE_IN_1_0 GType                ph_multisearch_result_get_type    (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhMultisearchResult *ph_multisearch_result_ref         (PhMultisearchResult *self);
PH_AVAILABLE_IN_1_0 void                 ph_multisearch_result_unref       (PhMultisearchResult *self);
/* Of PhMailboxMatch. (transfer none) */
PH_AVAILABLE_IN_1_0 GPtrArray           *ph_multisearch_result_get_matches (PhMultisearchResult *self);
PH_AVAILABLE_IN_1_0 gboolean             ph_multisearch_result_is_partial  (PhMultisearchResult *self);
/* For extensions. @match: (transfer full) */
PH_AVAILABLE_IN_1_0 PhMultisearchResult *ph_multisearch_result_new         (void);
PH_AVAILABLE_IN_1_0 void                 ph_multisearch_result_add         (PhMultisearchResult *self, PhMailboxMatch *match);
PH_AVAILABLE_IN_1_0 void                 ph_multisearch_result_set_partial (PhMultisearchResult *self);

#define PH_TYPE_MULTISEARCH (ph_multisearch_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhMultisearch, ph_multisearch, PH, MULTISEARCH, PhExtension)

/* makes commands only */
struct _PhMultisearchInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_search) (PhMultisearch *self, PhSearchScopes *scopes, PhQuery *query);  /* PhMultisearchResult */

  gpointer reserved[7];
};

/* A row for each mailbox in which something is found. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMultisearchResult *ph_multisearch_search (PhMultisearch *self, PhSearchScopes *scopes, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_multisearch_search_async (PhMultisearch *self, PhSearchScopes *scopes, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMultisearchResult *ph_multisearch_search_finish (PhMultisearch *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMailboxMatch, ph_mailbox_match_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSearchScopes, ph_search_scopes_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMultisearchResult, ph_multisearch_result_unref)

G_END_DECLS
