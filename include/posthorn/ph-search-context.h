/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSearchContext: what a search found, kept true (RFC 5267). PhContexts: who makes them; found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>
#include <posthorn/ph-sort.h>

G_BEGIN_DECLS

#define PH_TYPE_SEARCH_CONTEXT (ph_search_context_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhSearchContext, ph_search_context, PH, SEARCH_CONTEXT, GObject)

/* Signals: "items-changed" (guint position, guint removed, guint added), "ended". */

PH_AVAILABLE_IN_1_0 guint         ph_search_context_get_n_uids (PhSearchContext *self);
/* in the order that was asked for, a search's from the lowest; 0: there are not so many */
PH_AVAILABLE_IN_1_0 guint32       ph_search_context_get_uid    (PhSearchContext *self, guint index);
/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_search_context_get_set    (PhSearchContext *self);
/* FALSE: the server would not keep it true, or does no more */
PH_AVAILABLE_IN_1_0 gboolean      ph_search_context_is_live    (PhSearchContext *self);

/* For extensions. @sorted: positions count; else the order is that of the UIDs */
PH_AVAILABLE_IN_1_0 PhSearchContext *ph_search_context_new     (const char *tag, gboolean sorted);
PH_AVAILABLE_IN_1_0 const char   *ph_search_context_get_tag    (PhSearchContext *self);
/* Items of an ESEARCH response, ph_esearch_first () and what is behind it: ALL, ADDTO, REMOVEFROM. FALSE: there are too many messages */
PH_AVAILABLE_IN_1_0 gboolean      ph_search_context_apply      (PhSearchContext *self, const PhValue *items);
/* It is kept true no more; "ended" is emitted once */
PH_AVAILABLE_IN_1_0 void          ph_search_context_end        (PhSearchContext *self);
/* The same without the signal, for those who can't emit one now */
PH_AVAILABLE_IN_1_0 void          ph_search_context_refuse     (PhSearchContext *self);

#define PH_TYPE_CONTEXTS (ph_contexts_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhContexts, ph_contexts, PH, CONTEXTS, PhExtension)

/* makes commands only */
struct _PhContextsInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_search) (PhContexts *self, PhQuery *query);                       /* PhSearchContext */
  PhCommand *(*make_sort)   (PhContexts *self, PhSortOrder *order, PhQuery *query);   /* PhSearchContext */
  PhCommand *(*make_cancel) (PhContexts *self, PhSearchContext *context);

  gpointer reserved[5];
};

/* UIDs of the selected mailbox that @query finds, now and from now on. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSearchContext *ph_contexts_search        (PhContexts *self, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_contexts_search_async  (PhContexts *self, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSearchContext *ph_contexts_search_finish (PhContexts *self, GAsyncResult *result, GError **error);
/* The same in an order. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSearchContext *ph_contexts_sort          (PhContexts *self, PhSortOrder *order, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_contexts_sort_async    (PhContexts *self, PhSortOrder *order, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSearchContext *ph_contexts_sort_finish   (PhContexts *self, GAsyncResult *result, GError **error);
/* It is wanted no more */
PH_AVAILABLE_IN_1_0 gboolean         ph_contexts_cancel        (PhContexts *self, PhSearchContext *context, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_contexts_cancel_async  (PhContexts *self, PhSearchContext *context, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean         ph_contexts_cancel_finish (PhContexts *self, GAsyncResult *result, GError **error);

G_END_DECLS
