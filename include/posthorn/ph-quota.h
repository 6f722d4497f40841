/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuota: quota roots and their resources (RFC 9208, RFC 2087); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/* one resource of one root. Boxed. */
typedef struct _PhQuotaResource PhQuotaResource;
#define PH_TYPE_QUOTA_RESOURCE (ph_quota_resource_get_type ())
PH_AVAILABLE_IN_1_0 GType            ph_quota_resource_get_type  (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhQuotaResource *ph_quota_resource_new       (const char *root, const char *name, guint64 usage, guint64 limit);
PH_AVAILABLE_IN_1_0 PhQuotaResource *ph_quota_resource_ref       (PhQuotaResource *self);
PH_AVAILABLE_IN_1_0 void             ph_quota_resource_unref     (PhQuotaResource *self);
PH_AVAILABLE_IN_1_0 const char      *ph_quota_resource_get_root  (PhQuotaResource *self);
/* "STORAGE" (units of 1024 octets), "MESSAGE", "MAILBOX" … */
PH_AVAILABLE_IN_1_0 const char      *ph_quota_resource_get_name  (PhQuotaResource *self);
PH_AVAILABLE_IN_1_0 guint64          ph_quota_resource_get_usage (PhQuotaResource *self);
PH_AVAILABLE_IN_1_0 guint64          ph_quota_resource_get_limit (PhQuotaResource *self);

#define PH_TYPE_QUOTA (ph_quota_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhQuota, ph_quota, PH, QUOTA, PhExtension)

/* make commands only; results: GPtrArray of PhQuotaResource (G_TYPE_PTR_ARRAY) */
struct _PhQuotaInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_get)      (PhQuota *self, const char *root);
  PhCommand *(*make_get_root) (PhQuota *self, const char *mailbox);
  PhCommand *(*make_set)      (PhQuota *self, const char *root, const char *resource, guint64 limit);
  PhCommand *(*make_set_limits)  (PhQuota *self, const char *root, GPtrArray *limits);
  PhCommand *(*make_get_deleted) (PhQuota *self, const char *mailbox);    /* PhMailboxStatus */
  char     **(*list_resources)   (PhQuota *self);

  gpointer reserved[8];
};

/* (element-type PhQuotaResource) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_get             (PhQuota *self, const char *root, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_quota_get_async       (PhQuota *self, const char *root, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_get_finish      (PhQuota *self, GAsyncResult *result, GError **error);
/* every resource of every root that counts for @mailbox */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_get_root        (PhQuota *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_quota_get_root_async  (PhQuota *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_get_root_finish (PhQuota *self, GAsyncResult *result, GError **error);
/* the root's resources as the server has them now */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_set             (PhQuota *self, const char *root, const char *resource, guint64 limit, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_quota_set_async       (PhQuota *self, const char *root, const char *resource, guint64 limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_set_finish      (PhQuota *self, GAsyncResult *result, GError **error);
/* All limits of @root at once, those of @limits: what is not among them is limited no more. (element-type PhQuotaResource) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_set_limits (PhQuota *self, const char *root, GPtrArray *limits, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_quota_set_limits_async (PhQuota *self, const char *root, GPtrArray *limits, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_quota_set_limits_finish (PhQuota *self, GAsyncResult *result, GError **error);
/* What an EXPUNGE would free: items "DELETED" and "DELETED-STORAGE". (transfer full) */
PH_AVAILABLE_IN_1_0 PhMailboxStatus *ph_quota_get_deleted (PhQuota *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_quota_get_deleted_async (PhQuota *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMailboxStatus *ph_quota_get_deleted_finish (PhQuota *self, GAsyncResult *result, GError **error);
/* "STORAGE", "MESSAGE" …: what the server can limit, empty where it doesn't tell (RFC 2087). (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char **ph_quota_get_resources (PhQuota *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhQuotaResource, ph_quota_resource_unref)

G_END_DECLS
