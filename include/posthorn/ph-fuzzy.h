/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhFuzzy: what matches about, and how well (RFC 6203); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/* Messages and how well each matches. Boxed. */
typedef struct _PhScoredResult PhScoredResult;
#define PH_TYPE_SCORED_RESULT (ph_scored_result_get_type ())
PH_AVAILABLE_IN_1_0 GType ph_scored_result_get_type (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhScoredResult *ph_scored_result_ref (PhScoredResult *self);
PH_AVAILABLE_IN_1_0 void ph_scored_result_unref (PhScoredResult *self);
PH_AVAILABLE_IN_1_0 guint ph_scored_result_get_n_messages (PhScoredResult *self);
/* 0: there are not so many */
PH_AVAILABLE_IN_1_0 guint32 ph_scored_result_get_uid (PhScoredResult *self, guint index);
/* 1 to 100, the best; 0: the server did not tell */
PH_AVAILABLE_IN_1_0 guint ph_scored_result_get_score (PhScoredResult *self, guint index);
/* For extensions: copied; fewer scores than UIDs: the rest are 0 */
PH_AVAILABLE_IN_1_0 PhScoredResult *ph_scored_result_new (const guint32 *uids, gsize n_uids, const guint8 *scores, gsize n_scores);

#define PH_TYPE_FUZZY (ph_fuzzy_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhFuzzy, ph_fuzzy, PH, FUZZY, PhExtension)

/* makes commands only */
struct _PhFuzzyInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_search) (PhFuzzy *self, PhQuery *query);   /* PhScoredResult */

  gpointer reserved[7];
};

/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhScoredResult *ph_fuzzy_search (PhFuzzy *self, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_fuzzy_search_async (PhFuzzy *self, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhScoredResult *ph_fuzzy_search_finish (PhFuzzy *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhScoredResult, ph_scored_result_unref)

G_END_DECLS
