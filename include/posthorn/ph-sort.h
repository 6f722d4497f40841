/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSort: the messages of a mailbox in an order (RFC 5256, RFC 5267, RFC 5957); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>
#include <posthorn/ph-search-result.h>

G_BEGIN_DECLS

/**
 * PhSortKey:
 * @PH_SORT_KEY_ARRIVAL: when the server received it (INTERNALDATE)
 * @PH_SORT_KEY_CC: the first Cc address, the part before the “@”
 * @PH_SORT_KEY_DATE: when it was sent, in UTC; where its Date field can't be read, when it was received
 * @PH_SORT_KEY_FROM: the first From address, the part before the “@”
 * @PH_SORT_KEY_SIZE: octets
 * @PH_SORT_KEY_SUBJECT: the subject without “Re:”, “Fwd:” and their like (RFC 5256 section 2.1)
 * @PH_SORT_KEY_TO: the first To address, the part before the “@”
 * @PH_SORT_KEY_DISPLAY_FROM: the first From address, its name if it has one (RFC 5957)
 * @PH_SORT_KEY_DISPLAY_TO: the first To address, its name if it has one (RFC 5957)
 * @PH_SORT_KEY_EXTENDED: what another extension has to sort by, see ph_sort_order_extended()
 *
 * By what to sort. Texts are compared by i;unicode-casemap (RFC 5051): without regard to case, by code points, and not as a person's language
 * has it.
 */
typedef enum {
  PH_SORT_KEY_ARRIVAL,
  PH_SORT_KEY_CC,
  PH_SORT_KEY_DATE,
  PH_SORT_KEY_FROM,
  PH_SORT_KEY_SIZE,
  PH_SORT_KEY_SUBJECT,
  PH_SORT_KEY_TO,
  PH_SORT_KEY_DISPLAY_FROM,
  PH_SORT_KEY_DISPLAY_TO,
  PH_SORT_KEY_EXTENDED
} PhSortKey;

/* Keys, the most important first. Boxed. */
#define PH_TYPE_SORT_ORDER (ph_sort_order_get_type ())
PH_AVAILABLE_IN_1_0 GType        ph_sort_order_get_type   (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhSortOrder *ph_sort_order_new        (void);
PH_AVAILABLE_IN_1_0 PhSortOrder *ph_sort_order_ref        (PhSortOrder *self);
PH_AVAILABLE_IN_1_0 void         ph_sort_order_unref      (PhSortOrder *self);
/* Adds a key behind those that there are, at most 32; returns the same order, for chains. (transfer none) */
PH_AVAILABLE_IN_1_0 PhSortOrder *ph_sort_order_by         (PhSortOrder *self, PhSortKey key, gboolean reverse);
PH_AVAILABLE_IN_1_0 guint        ph_sort_order_get_n_keys (PhSortOrder *self);
/* Adds a key of an extension, @key: its name and what stands behind it, `(ANNOTATION "/comment" value.shared)`, which only a server that lists
 * @capability can sort by; returns the same order, for chains. (transfer none) */
PH_AVAILABLE_IN_1_0 PhSortOrder *ph_sort_order_extended   (PhSortOrder *self, const char *capability, const PhValue *key, gboolean reverse);
/* What a server must list beside SORT, all of it, so that it can be asked this. (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char       **ph_sort_order_get_needs  (PhSortOrder *self);
/* whether a key is an extension's, by which nothing can be sorted here */
PH_AVAILABLE_IN_1_0 gboolean     ph_sort_order_is_extended (PhSortOrder *self);
/* @reverse: (out) (optional) */
PH_AVAILABLE_IN_1_0 PhSortKey    ph_sort_order_get_key    (PhSortOrder *self, guint index, gboolean *reverse);

/* As it is sent (RFC 5256 section 5, RFC 5957): a list of words. (transfer full) */
PH_AVAILABLE_IN_1_0 PhValue     *ph_sort_order_to_value   (PhSortOrder *self);
/* The same read; %NULL: there is something else in it, or nothing. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSortOrder *ph_sort_order_new_from_value (const PhValue *list);

/* What a sort came to. Boxed. */
#define PH_TYPE_SORT_RESULT (ph_sort_result_get_type ())
PH_AVAILABLE_IN_1_0 GType         ph_sort_result_get_type     (void) G_GNUC_CONST;
/* For engines. @numbers: copied */
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_result_new          (const guint32 *numbers, gsize n_numbers, guint32 min, guint32 max, guint32 count);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_result_ref          (PhSortResult *self);
PH_AVAILABLE_IN_1_0 void          ph_sort_result_unref        (PhSortResult *self);
/* All, or the page, in order: UIDs or message numbers, as was asked. (transfer none) (array length=n_numbers) */
PH_AVAILABLE_IN_1_0 const guint32 *ph_sort_result_get_numbers (PhSortResult *self, gsize *n_numbers);
/* The first and the last in order; 0: nothing found, or not asked for */
PH_AVAILABLE_IN_1_0 guint32       ph_sort_result_get_min      (PhSortResult *self);
PH_AVAILABLE_IN_1_0 guint32       ph_sort_result_get_max      (PhSortResult *self);
PH_AVAILABLE_IN_1_0 guint32       ph_sort_result_get_count    (PhSortResult *self);

#define PH_TYPE_SORT (ph_sort_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhSort, ph_sort, PH, SORT, PhExtension)

/* makes commands only; results: PhSortResult */
struct _PhSortInterface {
  GTypeInterface g_iface;

  /* @wanted: PH_SEARCH_SAVE is not among them. @first, @last: a page of the order, from 1 or, downwards, from -1; 0: none */
  PhCommand *(*make_sort) (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted, int first, int last);

  gpointer reserved[8];
};

/* All messages that @query finds */
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_messages           (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void          ph_sort_messages_async     (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_messages_finish    (PhSort *self, GAsyncResult *result, GError **error);
/* Only what is asked for of them (ESORT); or a page (@first, @last: 1, 50 the first fifty, -1, -50 the last fifty) */
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_messages_for        (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void          ph_sort_messages_for_async  (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_messages_for_finish (PhSort *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_page                (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, int first, int last, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void          ph_sort_page_async          (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, int first, int last, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSortResult *ph_sort_page_finish         (PhSort *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSortOrder, ph_sort_order_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSortResult, ph_sort_result_unref)

G_END_DECLS
