/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSaveDate: when messages came into their mailbox (RFC 8514); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_SAVE_DATE (ph_save_date_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhSaveDate, ph_save_date, PH, SAVE_DATE, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhSaveDateInterface {
  GTypeInterface g_iface;

  /* further items of a FETCH */
  const char *(*get_items)  (PhSaveDate *self);
  PhCommand *(*make_search) (PhSaveDate *self, GDateTime *since, GDateTime *before);   /* PhMessageSet */

  gpointer reserved[8];
};

/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_save_date_fetch (PhSaveDate *self, PhMessageSet *set);
/* NULL where it wasn't told, or the mailbox keeps none. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 GDateTime *ph_message_get_save_date (PhMessage *self);
/* Saved on or after @since, before @before: days, each nullable. UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_save_date_search (PhSaveDate *self, GDateTime *since, GDateTime *before, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_save_date_search_async (PhSaveDate *self, GDateTime *since, GDateTime *before, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_save_date_search_finish (PhSaveDate *self, GAsyncResult *result, GError **error);

G_END_DECLS
