/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhObjectIds: identifiers that outlive renaming and copying (RFC 8474); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_OBJECT_IDS (ph_object_ids_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhObjectIds, ph_object_ids, PH, OBJECT_IDS, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhObjectIdsInterface {
  GTypeInterface g_iface;

  /* further items of a FETCH */
  const char *(*get_items)       (PhObjectIds *self);
  PhCommand  *(*make_get_status) (PhObjectIds *self, const char *mailbox);                              /* PhMailboxStatus */
  PhCommand  *(*make_search)     (PhObjectIds *self, const char *email_id, const char *thread_id);      /* PhMessageSet */
  const char *(*get_selected)    (PhObjectIds *self);

  gpointer reserved[8];
};

/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_object_ids_fetch (PhObjectIds *self, PhMessageSet *set);
/* NULL where they weren't told, or the server has none. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char *ph_message_get_email_id (PhMessage *self);
PH_AVAILABLE_IN_1_0 char *ph_message_get_thread_id (PhMessage *self);
PH_AVAILABLE_IN_1_0 char *ph_mailbox_status_get_mailbox_id (PhMailboxStatus *self);
/* What SELECT told of the mailbox. (nullable) */
PH_AVAILABLE_IN_1_0 const char *ph_object_ids_get_selected (PhObjectIds *self);
/* See ph_mailbox_status_get_mailbox_id (). (transfer full) */
PH_AVAILABLE_IN_1_0 PhMailboxStatus *ph_object_ids_get_status (PhObjectIds *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_object_ids_get_status_async (PhObjectIds *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMailboxStatus *ph_object_ids_get_status_finish (PhObjectIds *self, GAsyncResult *result, GError **error);
/* @email_id, @thread_id: either nullable. UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_object_ids_search (PhObjectIds *self, const char *email_id, const char *thread_id, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_object_ids_search_async (PhObjectIds *self, const char *email_id, const char *thread_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_object_ids_search_finish (PhObjectIds *self, GAsyncResult *result, GError **error);

G_END_DECLS
