/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhComparator: how SEARCH, SORT and THREAD compare texts (RFC 5255); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_COMPARATOR (ph_comparator_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhComparator, ph_comparator, PH, COMPARATOR, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhComparatorInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_get)    (PhComparator *self);
  PhCommand *(*make_select) (PhComparator *self, const char *const *order);

  gpointer reserved[8];
};

/* "i;unicode-casemap". (transfer full) */
PH_AVAILABLE_IN_1_0 char *ph_comparator_get (PhComparator *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_comparator_get_async (PhComparator *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char *ph_comparator_get_finish (PhComparator *self, GAsyncResult *result, GError **error);
/* The first of @order that the server has; * stands for anything. (transfer full) */
PH_AVAILABLE_IN_1_0 char *ph_comparator_select (PhComparator *self, const char *const *order, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_comparator_select_async (PhComparator *self, const char *const *order, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char *ph_comparator_select_finish (PhComparator *self, GAsyncResult *result, GError **error);

G_END_DECLS
