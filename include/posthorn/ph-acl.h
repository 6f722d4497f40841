/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAcl: who may do what with a mailbox (RFC 4314, RFC 2086); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/* What one identifier may do with a mailbox. Boxed. */
typedef struct _PhAclEntry PhAclEntry;
#define PH_TYPE_ACL_ENTRY (ph_acl_entry_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_acl_entry_get_type       (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhAclEntry        *ph_acl_entry_new            (const char *identifier, const char *rights);
PH_AVAILABLE_IN_1_0 PhAclEntry        *ph_acl_entry_ref            (PhAclEntry *self);
PH_AVAILABLE_IN_1_0 void               ph_acl_entry_unref          (PhAclEntry *self);
/* "alice", "anyone", "$team"; "-alice" are rights that alice doesn't have */
PH_AVAILABLE_IN_1_0 const char        *ph_acl_entry_get_identifier (PhAclEntry *self);
/* "lrswi": a letter for each (RFC 4314 section 2.1) */
PH_AVAILABLE_IN_1_0 const char        *ph_acl_entry_get_rights     (PhAclEntry *self);

/* What can be given to an identifier. Boxed. */
typedef struct _PhAclRights PhAclRights;
#define PH_TYPE_ACL_RIGHTS (ph_acl_rights_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_acl_rights_get_type      (void) G_GNUC_CONST;
/* @optional: NULL-terminated */
PH_AVAILABLE_IN_1_0 PhAclRights       *ph_acl_rights_new           (const char *required, const char *const *optional);
PH_AVAILABLE_IN_1_0 PhAclRights       *ph_acl_rights_ref           (PhAclRights *self);
PH_AVAILABLE_IN_1_0 void               ph_acl_rights_unref         (PhAclRights *self);
/* what it has in any case */
PH_AVAILABLE_IN_1_0 const char        *ph_acl_rights_get_required  (PhAclRights *self);
/* "l", "ra": what can be given beside that; the letters of one word only together. (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_acl_rights_get_optional  (PhAclRights *self);

#define PH_TYPE_ACL (ph_acl_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhAcl, ph_acl, PH, ACL, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhAclInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_get)            (PhAcl *self, const char *mailbox);
  PhCommand *(*make_set)            (PhAcl *self, const char *mailbox, const char *identifier, const char *rights);
  PhCommand *(*make_delete)         (PhAcl *self, const char *mailbox, const char *identifier);
  PhCommand *(*make_list_rights)    (PhAcl *self, const char *mailbox, const char *identifier);
  PhCommand *(*make_get_my_rights)  (PhAcl *self, const char *mailbox);
  PhCommand *(*make_list_my_rights) (PhAcl *self, const char *pattern);
  char      *(*dup_added_rights)    (PhAcl *self);

  gpointer reserved[8];
};

/* (element-type PhAclEntry) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_acl_get (PhAcl *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_acl_get_async (PhAcl *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_acl_get_finish (PhAcl *self, GAsyncResult *result, GError **error);
/* @rights: "lrs" these and no others, "+t" these, too, "-w" without these */
PH_AVAILABLE_IN_1_0 gboolean ph_acl_set (PhAcl *self, const char *mailbox, const char *identifier, const char *rights, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_acl_set_async (PhAcl *self, const char *mailbox, const char *identifier, const char *rights, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_acl_set_finish (PhAcl *self, GAsyncResult *result, GError **error);
/* What is kept for @identifier: it may then do what others may */
PH_AVAILABLE_IN_1_0 gboolean ph_acl_delete (PhAcl *self, const char *mailbox, const char *identifier, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_acl_delete_async (PhAcl *self, const char *mailbox, const char *identifier, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_acl_delete_finish (PhAcl *self, GAsyncResult *result, GError **error);
/* What can be given to @identifier. (transfer full) */
PH_AVAILABLE_IN_1_0 PhAclRights *ph_acl_list_rights (PhAcl *self, const char *mailbox, const char *identifier, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_acl_list_rights_async (PhAcl *self, const char *mailbox, const char *identifier, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhAclRights *ph_acl_list_rights_finish (PhAcl *self, GAsyncResult *result, GError **error);
/* "lrswi": what the logged-in user may do. (transfer full) */
PH_AVAILABLE_IN_1_0 char *ph_acl_get_my_rights (PhAcl *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_acl_get_my_rights_async (PhAcl *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char *ph_acl_get_my_rights_finish (PhAcl *self, GAsyncResult *result, GError **error);
/* As ph_store_list (), with ph_mailbox_info_get_my_rights (); PH_ERROR_NOT_SUPPORTED without LIST-MYRIGHTS. (element-type PhMailboxInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_acl_list_my_rights (PhAcl *self, const char *pattern, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_acl_list_my_rights_async (PhAcl *self, const char *pattern, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_acl_list_my_rights_finish (PhAcl *self, GAsyncResult *result, GError **error);
/* "kxte": beyond those of RFC 2086. (transfer full) */
PH_AVAILABLE_IN_1_0 char *ph_acl_get_added_rights (PhAcl *self);

/* What ph_acl_list_my_rights () told; NULL where it wasn't. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char *ph_mailbox_info_get_my_rights (PhMailboxInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhAclEntry, ph_acl_entry_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhAclRights, ph_acl_rights_unref)

G_END_DECLS
