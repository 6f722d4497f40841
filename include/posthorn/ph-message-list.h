/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageList: a mailbox' messages as a list on a screen wants them. PhMessageRow: one of them. */
#pragma once

#include <posthorn/ph-store.h>

G_BEGIN_DECLS

#define PH_TYPE_MESSAGE_ROW (ph_message_row_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhMessageRow, ph_message_row, PH, MESSAGE_ROW, GObject)

/* Properties of the same names, notified */
PH_AVAILABLE_IN_1_0 guint32            ph_message_row_get_uid     (PhMessageRow *self);
/* What was fetched; NULL until it has come. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhMessage         *ph_message_row_get_message (PhMessageRow *self);
/* As they are now; empty until they are known. (transfer none) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_message_row_get_flags   (PhMessageRow *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_message_row_has_flag    (PhMessageRow *self, const char *flag);

#define PH_TYPE_MESSAGE_LIST (ph_message_list_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhMessageList, ph_message_list, PH, MESSAGE_LIST, GObject)

/* A GListModel of PhMessageRow. Signal "failed" (GError): rows could not be fetched; they are asked for again when they are shown again. */
PH_AVAILABLE_IN_1_0 PhMessageList *ph_message_list_new           (PhStore *store, PhMailbox *mailbox, PhFetch items, gboolean newest_first);
PH_AVAILABLE_IN_1_0 PhMailbox     *ph_message_list_get_mailbox   (PhMessageList *self);
/* TRUE until it is known which messages there are */
PH_AVAILABLE_IN_1_0 gboolean       ph_message_list_is_loading    (PhMessageList *self);
/* FALSE: no such message */
PH_AVAILABLE_IN_1_0 gboolean       ph_message_list_find          (PhMessageList *self, guint32 uid, guint *position);
/* How many rows around one that is asked for are fetched with it; default 50 */
PH_AVAILABLE_IN_1_0 void           ph_message_list_set_window    (PhMessageList *self, guint n_rows);
PH_AVAILABLE_IN_1_0 guint          ph_message_list_get_window    (PhMessageList *self);

G_END_DECLS
