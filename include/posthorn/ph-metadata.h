/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMetadata: what is kept with mailboxes and with the server (RFC 5464); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhMetadataDepth:
 * @PH_METADATA_DEPTH_SELF: the entries that are named
 * @PH_METADATA_DEPTH_CHILDREN: and one level below them
 * @PH_METADATA_DEPTH_ALL: and all levels below them
 *
 * How far below the entries that are named is told, too.
 */
typedef enum {
  PH_METADATA_DEPTH_SELF,
  PH_METADATA_DEPTH_CHILDREN,
  PH_METADATA_DEPTH_ALL
} PhMetadataDepth;

/* One entry. Boxed. */
typedef struct _PhMetadataEntry PhMetadataEntry;
#define PH_TYPE_METADATA_ENTRY (ph_metadata_entry_get_type ())
PH_AVAILABLE_IN_1_0 GType            ph_metadata_entry_get_type  (void) G_GNUC_CONST;
/* @value: nullable */
PH_AVAILABLE_IN_1_0 PhMetadataEntry *ph_metadata_entry_new       (const char *name, GBytes *value);
PH_AVAILABLE_IN_1_0 PhMetadataEntry *ph_metadata_entry_ref       (PhMetadataEntry *self);
PH_AVAILABLE_IN_1_0 void             ph_metadata_entry_unref     (PhMetadataEntry *self);
/* "/shared/comment", "/private/vendor/…" */
PH_AVAILABLE_IN_1_0 const char      *ph_metadata_entry_get_name  (PhMetadataEntry *self);
/* (transfer none) (nullable): NULL: it has none */
PH_AVAILABLE_IN_1_0 GBytes          *ph_metadata_entry_get_value (PhMetadataEntry *self);
/* The value as valid UTF-8. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char            *ph_metadata_entry_dup_text  (PhMetadataEntry *self);

/* What ph_metadata_get () found. Boxed. */
typedef struct _PhMetadataResult PhMetadataResult;
#define PH_TYPE_METADATA_RESULT (ph_metadata_result_get_type ())
PH_AVAILABLE_IN_1_0 GType             ph_metadata_result_get_type    (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhMetadataResult *ph_metadata_result_new         (void);
PH_AVAILABLE_IN_1_0 PhMetadataResult *ph_metadata_result_ref         (PhMetadataResult *self);
PH_AVAILABLE_IN_1_0 void              ph_metadata_result_unref       (PhMetadataResult *self);
/* (element-type PhMetadataEntry) (transfer none) */
PH_AVAILABLE_IN_1_0 GPtrArray        *ph_metadata_result_get_entries (PhMetadataResult *self);
/* By its name, in any case. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhMetadataEntry  *ph_metadata_result_find        (PhMetadataResult *self, const char *name);
/* The largest value that was left out for its size, in octets; 0: none was (LONGENTRIES) */
PH_AVAILABLE_IN_1_0 guint32           ph_metadata_result_get_longest (PhMetadataResult *self);
/* For extensions, before it is shared. @value: as the server wrote it; in place of an earlier one of the same name */
PH_AVAILABLE_IN_1_0 void              ph_metadata_result_add         (PhMetadataResult *self, const char *name, const PhValue *value);
PH_AVAILABLE_IN_1_0 void              ph_metadata_result_set_longest (PhMetadataResult *self, guint32 octets);
/* For extensions: a METADATA response with values, about the mailbox that @index of @command's arguments names; FALSE: it is not that */
PH_AVAILABLE_IN_1_0 gboolean          ph_metadata_result_receive     (PhMetadataResult *self, PhCommand *command, guint index, const PhResponse *response);

#define PH_TYPE_METADATA (ph_metadata_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhMetadata, ph_metadata, PH, METADATA, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhMetadataInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_get)     (PhMetadata *self, const char *mailbox, const char *const *names, PhMetadataDepth depth, guint32 max_size);
  PhCommand *(*make_set_all) (PhMetadata *self, const char *mailbox, GPtrArray *entries);
  PhCommand *(*make_list)    (PhMetadata *self, const char *pattern, const char *const *names);

  gpointer reserved[8];
};

/* @mailbox "": the server itself. @max_size: 0: any. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMetadataResult *ph_metadata_get (PhMetadata *self, const char *mailbox, const char *const *names, PhMetadataDepth depth, guint32 max_size, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_metadata_get_async (PhMetadata *self, const char *mailbox, const char *const *names, PhMetadataDepth depth, guint32 max_size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMetadataResult *ph_metadata_get_finish (PhMetadata *self, GAsyncResult *result, GError **error);
/* @value NULL: the entry is removed */
PH_AVAILABLE_IN_1_0 gboolean ph_metadata_set (PhMetadata *self, const char *mailbox, const char *name, GBytes *value, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_metadata_set_async (PhMetadata *self, const char *mailbox, const char *name, GBytes *value, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_metadata_set_finish (PhMetadata *self, GAsyncResult *result, GError **error);
/* All of @entries, or none */
PH_AVAILABLE_IN_1_0 gboolean ph_metadata_set_all (PhMetadata *self, const char *mailbox, GPtrArray *entries, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_metadata_set_all_async (PhMetadata *self, const char *mailbox, GPtrArray *entries, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_metadata_set_all_finish (PhMetadata *self, GAsyncResult *result, GError **error);
/* As ph_store_list (), with ph_mailbox_info_get_metadata (); PH_ERROR_NOT_SUPPORTED without LIST-METADATA. (element-type PhMailboxInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_metadata_list (PhMetadata *self, const char *pattern, const char *const *names, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_metadata_list_async (PhMetadata *self, const char *pattern, const char *const *names, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_metadata_list_finish (PhMetadata *self, GAsyncResult *result, GError **error);

/* What ph_metadata_list () told. (element-type PhMetadataEntry) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_mailbox_info_get_metadata (PhMailboxInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMetadataEntry, ph_metadata_entry_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMetadataResult, ph_metadata_result_unref)

G_END_DECLS
