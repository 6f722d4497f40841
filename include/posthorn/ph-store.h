/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore: a session that has mailboxes (IMAP4). Each call opens the session when needed. Names are UTF-8. */
#pragma once

#include <posthorn/ph-session.h>

G_BEGIN_DECLS

#define PH_TYPE_STORE (ph_store_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhStore, ph_store, PH, STORE, PhSession)

/* @pattern: "*" every mailbox, "%" one level. (element-type PhMailboxInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list (PhStore *self, const char *pattern, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_list_async (PhStore *self, const char *pattern, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_finish (PhStore *self, GAsyncResult *result, GError **error);
/* (element-type PhMailboxInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_subscribed (PhStore *self, const char *pattern, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_list_subscribed_async (PhStore *self, const char *pattern, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_subscribed_finish (PhStore *self, GAsyncResult *result, GError **error);
/* LIST with a status for each that can be selected: in one command where the server can (LIST-STATUS), else one STATUS each. @items as ph_store_status (). (element-type PhMailboxInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_with_status (PhStore *self, const char *pattern, const char *const *items, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_list_with_status_async (PhStore *self, const char *pattern, const char *const *items, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_with_status_finish (PhStore *self, GAsyncResult *result, GError **error);
/* @items: "MESSAGES", "UNSEEN" …; NULL: MESSAGES UNSEEN UIDNEXT UIDVALIDITY. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMailboxStatus *ph_store_status (PhStore *self, const char *mailbox, const char *const *items, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_status_async (PhStore *self, const char *mailbox, const char *const *items, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMailboxStatus *ph_store_status_finish (PhStore *self, GAsyncResult *result, GError **error);
/* For reading and writing; PH_ERROR_NO_MAILBOX. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMailbox *ph_store_select (PhStore *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_select_async (PhStore *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMailbox *ph_store_select_finish (PhStore *self, GAsyncResult *result, GError **error);
/* For reading only. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMailbox *ph_store_examine (PhStore *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_examine_async (PhStore *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMailbox *ph_store_examine_finish (PhStore *self, GAsyncResult *result, GError **error);
/* Leaves the selected mailbox; @expunge: removes what is \\Deleted on the way (CLOSE), else nothing (UNSELECT, or EXAMINE and CLOSE) */
PH_AVAILABLE_IN_1_0 gboolean ph_store_close_mailbox (PhStore *self, gboolean expunge, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_close_mailbox_async (PhStore *self, gboolean expunge, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_close_mailbox_finish (PhStore *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean ph_store_create (PhStore *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_create_async (PhStore *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_create_finish (PhStore *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean ph_store_delete (PhStore *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_delete_async (PhStore *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_delete_finish (PhStore *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean ph_store_rename (PhStore *self, const char *mailbox, const char *new_name, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_rename_async (PhStore *self, const char *mailbox, const char *new_name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_rename_finish (PhStore *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean ph_store_subscribe (PhStore *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_subscribe_async (PhStore *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_subscribe_finish (PhStore *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean ph_store_unsubscribe (PhStore *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_unsubscribe_async (PhStore *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_unsubscribe_finish (PhStore *self, GAsyncResult *result, GError **error);
/* UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_search (PhStore *self, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_search_async (PhStore *self, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_search_finish (PhStore *self, GAsyncResult *result, GError **error);
/* Sequence numbers. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_search_numbers (PhStore *self, PhQuery *query, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_search_numbers_async (PhStore *self, PhQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_search_numbers_finish (PhStore *self, GAsyncResult *result, GError **error);
/* All at once; for few messages. @extra: further items as the RFC writes them, "BODY.PEEK[1.2]", or NULL. (element-type PhMessage) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_fetch_all (PhStore *self, PhMessageSet *set, PhFetch items, const char *extra, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_fetch_all_async (PhStore *self, PhMessageSet *set, PhFetch items, const char *extra, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_fetch_all_finish (PhStore *self, GAsyncResult *result, GError **error);
/* PH_ERROR_NO_MESSAGE. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessage *ph_store_fetch_one (PhStore *self, guint32 uid, PhFetch items, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_fetch_one_async (PhStore *self, guint32 uid, PhFetch items, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessage *ph_store_fetch_one_finish (PhStore *self, GAsyncResult *result, GError **error);
/* A section's octets ("" the whole message) into @stream, without holding them; \\Seen is not set */
PH_AVAILABLE_IN_1_0 gboolean ph_store_fetch_to_stream (PhStore *self, guint32 uid, const char *section, GOutputStream *stream, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_fetch_to_stream_async (PhStore *self, guint32 uid, const char *section, GOutputStream *stream, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_fetch_to_stream_finish (PhStore *self, GAsyncResult *result, GError **error);
/* flags: "\\Seen", "$Junk" … */
PH_AVAILABLE_IN_1_0 gboolean ph_store_store (PhStore *self, PhMessageSet *set, PhStoreMode mode, const char *const *flags, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_store_async (PhStore *self, PhMessageSet *set, PhStoreMode mode, const char *const *flags, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_store_finish (PhStore *self, GAsyncResult *result, GError **error);
/* The new UIDs where the server tells (UIDPLUS), else an empty set. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_copy (PhStore *self, PhMessageSet *set, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_copy_async (PhStore *self, PhMessageSet *set, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_copy_finish (PhStore *self, GAsyncResult *result, GError **error);
/* As copy, and out of the selected mailbox: MOVE, or COPY, STORE and UID EXPUNGE. PH_ERROR_NOT_SUPPORTED where the server has neither MOVE nor UIDPLUS. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_move (PhStore *self, PhMessageSet *uids, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_move_async (PhStore *self, PhMessageSet *uids, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_move_finish (PhStore *self, GAsyncResult *result, GError **error);
/* @flags, @date: nullable. The new UID where the server tells (UIDPLUS), else an empty set. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_append (PhStore *self, const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_append_async (PhStore *self, const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_append_finish (PhStore *self, GAsyncResult *result, GError **error);
/* @uids NULL: all that are \\Deleted; otherwise only these (UIDPLUS; PH_ERROR_NOT_SUPPORTED without) */
PH_AVAILABLE_IN_1_0 gboolean ph_store_expunge (PhStore *self, PhMessageSet *uids, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_expunge_async (PhStore *self, PhMessageSet *uids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_expunge_finish (PhStore *self, GAsyncResult *result, GError **error);

/* What is different in the selected mailbox from what is @known (NULL: nothing). (transfer full) */
PH_AVAILABLE_IN_1_0 PhDelta *ph_store_get_changes (PhStore *self, PhMailboxState *known, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_get_changes_async (PhStore *self, PhMailboxState *known, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhDelta *ph_store_get_changes_finish (PhStore *self, GAsyncResult *result, GError **error);
/* The UID of every message in the selected mailbox: from now on ph_mailbox_get_uid () and its like answer */
PH_AVAILABLE_IN_1_0 gboolean ph_store_map_uids (PhStore *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_map_uids_async (PhStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_map_uids_finish (PhStore *self, GAsyncResult *result, GError **error);

/* What was asked for, of UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSearchResult *ph_store_search_for (PhStore *self, PhQuery *query, PhSearchReturn what, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_search_for_async (PhStore *self, PhQuery *query, PhSearchReturn what, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSearchResult *ph_store_search_for_finish (PhStore *self, GAsyncResult *result, GError **error);
/* @first, @last: 1, 2 … from the lowest UID, -1, -2 … from the highest. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSearchResult *ph_store_search_page (PhStore *self, PhQuery *query, int first, int last, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_search_page_async (PhStore *self, PhQuery *query, int first, int last, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhSearchResult *ph_store_search_page_finish (PhStore *self, GAsyncResult *result, GError **error);
/* @size: 500 or more. (element-type PhMessageSet) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_get_uid_batches (PhStore *self, guint size, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_get_uid_batches_async (PhStore *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_get_uid_batches_finish (PhStore *self, GAsyncResult *result, GError **error);
/* SELECT, and what is different there from what is @known (NULL: nothing). (transfer full) */
PH_AVAILABLE_IN_1_0 PhDelta *ph_store_resume (PhStore *self, const char *mailbox, PhMailboxState *known, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_resume_async (PhStore *self, const char *mailbox, PhMailboxState *known, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhDelta *ph_store_resume_finish (PhStore *self, GAsyncResult *result, GError **error);
/* The same by EXAMINE: for reading only. (transfer full) */
PH_AVAILABLE_IN_1_0 PhDelta *ph_store_resume_examine (PhStore *self, const char *mailbox, PhMailboxState *known, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_resume_examine_async (PhStore *self, const char *mailbox, PhMailboxState *known, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhDelta *ph_store_resume_examine_finish (PhStore *self, GAsyncResult *result, GError **error);
/* Only of messages that have not changed since @mod_seq: those that had are returned. PH_ERROR_NOT_SUPPORTED. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_store_unchanged (PhStore *self, PhMessageSet *set, PhStoreMode mode, const char *const *flags, guint64 mod_seq, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_store_unchanged_async (PhStore *self, PhMessageSet *set, PhStoreMode mode, const char *const *flags, guint64 mod_seq, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_store_unchanged_finish (PhStore *self, GAsyncResult *result, GError **error);
/* All or none where the server has MULTIAPPEND. (element-type PhNewMessage). The new UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_append_all (PhStore *self, const char *mailbox, GPtrArray *messages, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_append_all_async (PhStore *self, const char *mailbox, GPtrArray *messages, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_append_all_finish (PhStore *self, GAsyncResult *result, GError **error);
/* REPLACE, or APPEND, STORE and UID EXPUNGE. The new UID. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_replace (PhStore *self, guint32 uid, const char *mailbox, PhNewMessage *message, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_replace_async (PhStore *self, guint32 uid, const char *mailbox, PhNewMessage *message, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_store_replace_finish (PhStore *self, GAsyncResult *result, GError **error);
/* As copy; which UID became which. (transfer full) */
PH_AVAILABLE_IN_1_0 PhUidMapping *ph_store_copy_mapped (PhStore *self, PhMessageSet *set, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_copy_mapped_async (PhStore *self, PhMessageSet *set, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhUidMapping *ph_store_copy_mapped_finish (PhStore *self, GAsyncResult *result, GError **error);
/* As move; which UID became which. (transfer full) */
PH_AVAILABLE_IN_1_0 PhUidMapping *ph_store_move_mapped (PhStore *self, PhMessageSet *uids, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_move_mapped_async (PhStore *self, PhMessageSet *uids, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhUidMapping *ph_store_move_mapped_finish (PhStore *self, GAsyncResult *result, GError **error);
/* The same without its transfer encoding, which the server takes away (BINARY) */
PH_AVAILABLE_IN_1_0 gboolean ph_store_fetch_decoded_to_stream (PhStore *self, guint32 uid, const char *section, GOutputStream *stream, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_fetch_decoded_to_stream_async (PhStore *self, guint32 uid, const char *section, GOutputStream *stream, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_fetch_decoded_to_stream_finish (PhStore *self, GAsyncResult *result, GError **error);
/* For special uses: "\\Sent" … */
PH_AVAILABLE_IN_1_0 gboolean ph_store_create_for (PhStore *self, const char *mailbox, const char *const *uses, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_create_for_async (PhStore *self, const char *mailbox, const char *const *uses, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_store_create_for_finish (PhStore *self, GAsyncResult *result, GError **error);
/* LIST-EXTENDED; PH_ERROR_NOT_SUPPORTED without. (element-type PhMailboxInfo) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_selected (PhStore *self, const char *const *patterns, PhListSelect select, const char *const *status_items, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_store_list_selected_async (PhStore *self, const char *const *patterns, PhListSelect select, const char *const *status_items, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_store_list_selected_finish (PhStore *self, GAsyncResult *result, GError **error);

/* Iterators over what has changed since @mod_seq (CONDSTORE), and over a page of a set (PARTIAL, or a search first). (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_store_fetch_changed (PhStore *self, PhMessageSet *set, PhFetch items, const char *extra, guint64 mod_seq);
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_store_fetch_page (PhStore *self, PhMessageSet *set, PhFetch items, const char *extra, int first, int last);
/* "QRESYNC" … as the server said it. (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char **ph_store_get_enabled (PhStore *self);

/* An iterator with back-pressure: messages are read from the server as they are asked for. @extra as above. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_store_fetch (PhStore *self, PhMessageSet *set, PhFetch items, const char *extra);
/* The selected mailbox, or NULL. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhMailbox *ph_store_get_selected (PhStore *self);
/* Keep up with the selected mailbox while nothing else is to be done: IDLE where the server has it, else NOOP now and then. For
 * sessions opened by an async call. Default FALSE. */
PH_AVAILABLE_IN_1_0 void ph_store_set_watch (PhStore *self, gboolean watch);
PH_AVAILABLE_IN_1_0 gboolean ph_store_get_watch (PhStore *self);
/* After a loss: connect again, select the same mailbox, and report in the same PhMailbox what changed meanwhile; signal "restored" (PhMailbox).
 * For programs with a main loop. Default FALSE. */
PH_AVAILABLE_IN_1_0 void ph_store_set_restore (PhStore *self, gboolean restore);
PH_AVAILABLE_IN_1_0 gboolean ph_store_get_restore (PhStore *self);
/* Lost, and not restored or given up yet; commands wait for that */
PH_AVAILABLE_IN_1_0 gboolean ph_store_is_restoring (PhStore *self);

#define PH_TYPE_MESSAGE_ITER (ph_message_iter_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhMessageIter, ph_message_iter, PH, MESSAGE_ITER, GObject)
/* NULL without an error: the end. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhMessage *ph_message_iter_next (PhMessageIter *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 PhMessage *ph_message_iter_next_borrowed (PhMessageIter *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_message_iter_next_async (PhMessageIter *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessage *ph_message_iter_next_finish (PhMessageIter *self, GAsyncResult *result, GError **error);

G_END_DECLS
