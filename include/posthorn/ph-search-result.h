/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a search came to, as far as it was asked for (RFC 4731, RFC 5182, RFC 9394). */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhSearchReturn:
 * @PH_SEARCH_ALL: every message
 * @PH_SEARCH_MIN: the lowest
 * @PH_SEARCH_MAX: the highest
 * @PH_SEARCH_COUNT: how many
 * @PH_SEARCH_SAVE: the server keeps what was found: ph_message_set_new_saved () names it
 *
 * What to tell of the messages that a search finds.
 */
typedef enum {
  PH_SEARCH_ALL   = 1 << 0,
  PH_SEARCH_MIN   = 1 << 1,
  PH_SEARCH_MAX   = 1 << 2,
  PH_SEARCH_COUNT = 1 << 3,
  PH_SEARCH_SAVE  = 1 << 4
} PhSearchReturn;

#define PH_TYPE_SEARCH_RESULT (ph_search_result_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_search_result_get_type    (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhSearchResult *ph_search_result_ref         (PhSearchResult *self);
PH_AVAILABLE_IN_1_0 void            ph_search_result_unref       (PhSearchResult *self);
/* UIDs: all of them, or the page; NULL where neither was asked for. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhMessageSet   *ph_search_result_get_set     (PhSearchResult *self);
/* 0: nothing found, or not asked for */
PH_AVAILABLE_IN_1_0 guint32         ph_search_result_get_min     (PhSearchResult *self);
PH_AVAILABLE_IN_1_0 guint32         ph_search_result_get_max     (PhSearchResult *self);
PH_AVAILABLE_IN_1_0 guint32         ph_search_result_get_count   (PhSearchResult *self);
/* The highest of what was found, where the query asks for one; 0 else */
PH_AVAILABLE_IN_1_0 guint64         ph_search_result_get_mod_seq (PhSearchResult *self);
/* For engines. @set: nullable, referenced */
PH_AVAILABLE_IN_1_0 PhSearchResult *ph_search_result_new         (PhMessageSet *set, guint32 min, guint32 max, guint32 count, guint64 mod_seq);

/* For extensions: what an ESEARCH response is about ("TAG", "MAILBOX"), where its items begin, and one of them. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue  *ph_esearch_get_correlator    (const PhResponse *response, const char *name);
PH_AVAILABLE_IN_1_0 const PhValue  *ph_esearch_first             (const PhResponse *response);
PH_AVAILABLE_IN_1_0 const PhValue  *ph_esearch_find              (const PhResponse *response, const char *name);
/* FALSE: it names another command. Without a tag it is that of the only search that runs */
PH_AVAILABLE_IN_1_0 gboolean        ph_esearch_is_for            (const PhResponse *response, const char *tag);
/* Calls @range for each range of @set in the order in which it is written, as long as that is TRUE; a range is in ascending order however
 * it is (RFC 5267 section 3.2). FALSE: @range was */
PH_AVAILABLE_IN_1_0 gboolean        ph_esearch_read_set          (const PhValue *set, gboolean (*range) (gpointer data, guint64 first, guint64 last),
                                                                  gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSearchResult, ph_search_result_unref)

G_END_DECLS
