/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A set of messages, by UID or by sequence number, kept as sorted ranges (RFC 9051 sequence-set). */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_MESSAGE_SET (ph_message_set_get_type ())
/**
 * PH_MESSAGE_SET_STAR:
 *
 * In a range, "*": the highest in use.
 */
#define PH_MESSAGE_SET_STAR ((guint32) 4294967295U)

PH_AVAILABLE_IN_1_0 GType         ph_message_set_get_type      (void) G_GNUC_CONST;
/* @by_uid FALSE: sequence numbers */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_message_set_new           (gboolean by_uid);
/* "1:3,7,9:*"; PH_ERROR_INVALID_ARGUMENT. A set of UIDs. */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_message_set_new_from_string (const char *text, GError **error);
/* The same of sequence numbers */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_message_set_new_numbers   (const char *text, GError **error);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_message_set_new_uid       (guint32 uid);
/* What the last search with PH_SEARCH_SAVE found, kept by the server ("$", RFC 5182): it holds no numbers here */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_message_set_new_saved     (void);
PH_AVAILABLE_IN_1_0 gboolean      ph_message_set_is_saved      (PhMessageSet *self);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_message_set_ref           (PhMessageSet *self);
PH_AVAILABLE_IN_1_0 void          ph_message_set_unref         (PhMessageSet *self);
PH_AVAILABLE_IN_1_0 gboolean      ph_message_set_is_by_uid     (PhMessageSet *self);
/* 1 to PH_MESSAGE_SET_STAR; 0 is ignored */
PH_AVAILABLE_IN_1_0 void          ph_message_set_add           (PhMessageSet *self, guint32 value);
PH_AVAILABLE_IN_1_0 void          ph_message_set_add_range     (PhMessageSet *self, guint32 first, guint32 last);
/* 1 to PH_MESSAGE_SET_STAR; what isn't in it is ignored */
PH_AVAILABLE_IN_1_0 void          ph_message_set_remove_range  (PhMessageSet *self, guint32 first, guint32 last);
/* All of another set, of the same kind */
PH_AVAILABLE_IN_1_0 void          ph_message_set_add_set       (PhMessageSet *self, PhMessageSet *other);
PH_AVAILABLE_IN_1_0 void          ph_message_set_remove_set    (PhMessageSet *self, PhMessageSet *other);
PH_AVAILABLE_IN_1_0 gboolean      ph_message_set_is_empty      (PhMessageSet *self);
/* How many it names; a range to STAR counts its two ends */
PH_AVAILABLE_IN_1_0 guint64       ph_message_set_get_count     (PhMessageSet *self);
PH_AVAILABLE_IN_1_0 gboolean      ph_message_set_contains      (PhMessageSet *self, guint32 value);
PH_AVAILABLE_IN_1_0 guint         ph_message_set_get_n_ranges  (PhMessageSet *self);
PH_AVAILABLE_IN_1_0 void          ph_message_set_get_range     (PhMessageSet *self, guint index, guint32 *first, guint32 *last);
PH_AVAILABLE_IN_1_0 char         *ph_message_set_to_string     (PhMessageSet *self);
/* Every value, up to 16 million; for bindings. (array length=n_values) (transfer full) */
PH_AVAILABLE_IN_1_0 guint32      *ph_message_set_to_array      (PhMessageSet *self, gsize *n_values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMessageSet, ph_message_set_unref)

G_END_DECLS
