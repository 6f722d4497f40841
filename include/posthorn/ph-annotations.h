/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAnnotations: notes on messages (RFC 5257); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-metadata.h>
#include <posthorn/ph-sort.h>

G_BEGIN_DECLS

/**
 * PhAnnotationsSupport:
 * @PH_ANNOTATIONS_NONE: the mailbox has no annotations, or the server did not say (it must)
 * @PH_ANNOTATIONS_READABLE: they can be read
 * @PH_ANNOTATIONS_WRITABLE: and changed
 * @PH_ANNOTATIONS_PRIVATE: there are such that only their user sees
 *
 * What the selected mailbox does with annotations.
 */
typedef enum {
  PH_ANNOTATIONS_NONE     = 0,
  PH_ANNOTATIONS_READABLE = 1 << 0,
  PH_ANNOTATIONS_WRITABLE = 1 << 1,
  PH_ANNOTATIONS_PRIVATE  = 1 << 2
} PhAnnotationsSupport;

#define PH_TYPE_ANNOTATIONS (ph_annotations_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhAnnotations, ph_annotations, PH, ANNOTATIONS, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhAnnotationsInterface {
  GTypeInterface g_iface;

  /* further items of a FETCH. (transfer full) */
  char         *(*get_items)   (PhAnnotations *self, const char *const *patterns);
  PhCommand    *(*make_store)  (PhAnnotations *self, PhMessageSet *set, GPtrArray *entries);
  PhCommand    *(*make_search) (PhAnnotations *self, const char *pattern, const char *text);                /* PhMessageSet */
  gboolean      (*sort_by)     (PhAnnotations *self, PhSortOrder *order, const char *name, gboolean reverse, GError **error);
  PhNewMessage *(*annotate)    (PhAnnotations *self, PhNewMessage *message, GPtrArray *entries, GError **error);
  /* @max_size: (out) */
  PhAnnotationsSupport (*get_support) (PhAnnotations *self, guint32 *max_size);

  gpointer reserved[8];
};

/* Names are those of PhMetadataEntry: "/private/comment", "/shared/1/comment"; patterns may have "*" and "%", and begin with neither: both */
/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_annotations_fetch (PhAnnotations *self, PhMessageSet *set, const char *const *patterns);
/* Of a message that it brought. (element-type PhMetadataEntry) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_message_get_annotations (PhMessage *self);
/* (element-type PhMetadataEntry); one without a value is removed */
PH_AVAILABLE_IN_1_0 gboolean ph_annotations_store (PhAnnotations *self, PhMessageSet *set, GPtrArray *entries, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_annotations_store_async (PhAnnotations *self, PhMessageSet *set, GPtrArray *entries, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_annotations_store_finish (PhAnnotations *self, GAsyncResult *result, GError **error);
/* UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_annotations_search (PhAnnotations *self, const char *pattern, const char *text, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_annotations_search_async (PhAnnotations *self, const char *pattern, const char *text, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_annotations_search_finish (PhAnnotations *self, GAsyncResult *result, GError **error);
/* UIDs of all that @query finds, in the order of what is noted as @name. (transfer full) */
/* Adds a key to @order; FALSE and @error: @name is no annotation */
PH_AVAILABLE_IN_1_0 gboolean ph_annotations_sort_by (PhAnnotations *self, PhSortOrder *order, const char *name, gboolean reverse, GError **error);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_annotations_sort (PhAnnotations *self, const char *name, gboolean reverse, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_annotations_sort_async (PhAnnotations *self, const char *name, gboolean reverse, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_annotations_sort_finish (PhAnnotations *self, GAsyncResult *result, GError **error);
/* The same message with annotations, for ph_store_append_all () and ph_store_replace (). PH_ERROR_INVALID_ARGUMENT. (transfer full) */
PH_AVAILABLE_IN_1_0 PhNewMessage *ph_annotations_annotate (PhAnnotations *self, PhNewMessage *message, GPtrArray *entries, GError **error);
/* @max_size: (out) (optional): octets of a value; 0: none can be changed */
PH_AVAILABLE_IN_1_0 PhAnnotationsSupport ph_annotations_get_support (PhAnnotations *self, guint32 *max_size);

G_END_DECLS
