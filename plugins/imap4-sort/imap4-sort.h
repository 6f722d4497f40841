/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the plugin: the messages to be sorted here, the command, the extension. */
#pragma once

#include "ph-order.h"

G_BEGIN_DECLS

/* Of each message its number and what it is sorted by; no more is kept. */
typedef struct _PhSortRows PhSortRows;

PhSortRows *ph_sort_rows_new     (PhSortOrder *order, gboolean by_uid);
void        ph_sort_rows_free    (PhSortRows *self);
/* What has to be fetched for it */
PhFetch     ph_sort_rows_get_items (PhSortRows *self);
/* FALSE: it is more than PH_ORDER_LIMIT */
gboolean    ph_sort_rows_add     (PhSortRows *self, PhMessage *message);
/* Their numbers in order (element-type guint32) (transfer full) */
GArray     *ph_sort_rows_sort    (PhSortRows *self);

/* The extension's object; @is_broken: the server lists SORT and does not understand it */
typedef struct {
  PhExtension parent;
  gboolean    is_broken;
} PhImapSort;

PhCommand  *ph_imap_sort_command_make (PhImapSort *extension, PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted,
                                       int first, int last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSortRows, ph_sort_rows_free)

G_END_DECLS
