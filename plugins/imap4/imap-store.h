/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine as a store: what makes its commands. */
#pragma once

#include "imap-command.h"

void       ph_imap_store_describe       (PhStoreEngineInterface *iface);

/* imap-mailboxes.c */
PhCommand *ph_imap_store_make_list      (PhStoreEngine *engine, const char *reference, const char *pattern, gboolean subscribed,
                                         const char *const *status_items);
PhCommand *ph_imap_store_make_status    (PhStoreEngine *engine, const char *mailbox, const char *const *items);
PhCommand *ph_imap_store_make_create    (PhStoreEngine *engine, const char *mailbox);
PhCommand *ph_imap_store_make_delete    (PhStoreEngine *engine, const char *mailbox);
PhCommand *ph_imap_store_make_rename    (PhStoreEngine *engine, const char *mailbox, const char *new_name);
PhCommand *ph_imap_store_make_create_for (PhStoreEngine *engine, const char *mailbox, const char *const *uses);
PhCommand *ph_imap_store_make_list_with (PhStoreEngine *engine, const char *const *patterns, PhListSelect select, const PhValue *options,
                                         const char *answer);
PhCommand *ph_imap_store_make_list_selected (PhStoreEngine *engine, const char *const *patterns, PhListSelect select,
                                             const char *const *status_items);
PhCommand *ph_imap_store_make_subscribe (PhStoreEngine *engine, const char *mailbox, gboolean subscribe);

/* imap-select.c */
PhCommand *ph_imap_store_make_select    (PhStoreEngine *engine, const char *mailbox, gboolean read_only);
/* (CONDSTORE), where the server has it */
/* @resync: "QRESYNC (…)", or NULL: CONDSTORE where the server has it */
void       ph_imap_write_select_parameters (PhImapCommand *self, PhWriter *writer, const char *resync);
PhCommand *ph_imap_store_make_close     (PhStoreEngine *engine, gboolean expunge);

/* imap-search.c */
PhCommand *ph_imap_store_make_search    (PhStoreEngine *engine, PhQuery *query, gboolean by_uid);
PhCommand *ph_imap_store_make_search_for (PhStoreEngine *engine, PhQuery *query, PhSearchReturn returns, int first, int last);

/* imap-found.c: what SEARCH or ESEARCH tells, into self->found and its like; and the result of it */
gboolean   ph_imap_search_receive       (PhImapCommand *self, const PhResponse *response);
gboolean   ph_imap_search_finish        (PhImapCommand *self, PhReply *reply, GError **error);

/* imap-page.c */
gboolean   ph_imap_is_page              (int first, int last);
void       ph_imap_write_page           (PhWriter *writer, int first, int last);
/* (transfer full) each */
PhMessageSet *ph_imap_cut_page          (PhMessageSet *set, int first, int last);
GPtrArray *ph_imap_cut_batches          (PhMessageSet *set, guint size);

/* imap-batches.c */
PhCommand *ph_imap_store_make_uid_batches (PhStoreEngine *engine, guint size);

/* imap-changes.c */
PhCommand *ph_imap_store_make_changes   (PhStoreEngine *engine, PhMailboxState *known);
PhCommand *ph_imap_store_make_map_uids  (PhStoreEngine *engine);
PhCommand *ph_imap_store_make_resume    (PhStoreEngine *engine, const char *mailbox, gboolean read_only, PhMailboxState *known);

/* imap-fetch.c */
PhCommand *ph_imap_store_make_fetch     (PhStoreEngine *engine, PhMessageSet *set, PhFetch items, const char *extra, GOutputStream *sink);
PhCommand *ph_imap_store_make_fetch_some (PhStoreEngine *engine, PhMessageSet *set, PhFetch items, const char *extra, guint64 mod_seq, int first,
                                          int last);

/* imap-append.c */
PhCommand *ph_imap_store_make_append    (PhStoreEngine *engine, const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date);
PhCommand *ph_imap_store_make_append_all (PhStoreEngine *engine, const char *mailbox, PhNewMessage *const *messages, guint n_messages);
PhCommand *ph_imap_store_make_replace   (PhStoreEngine *engine, guint32 uid, const char *mailbox, PhNewMessage *message);

/* imap-messages.c */
PhCommand *ph_imap_store_make_store     (PhStoreEngine *engine, PhMessageSet *set, PhStoreMode mode, const char *const *flags);
PhCommand *ph_imap_store_make_store_unchanged (PhStoreEngine *engine, PhMessageSet *set, PhStoreMode mode, const char *const *flags, guint64 mod_seq);
PhCommand *ph_imap_store_make_store_item (PhStoreEngine *engine, PhMessageSet *set, const char *item, const PhValue *value);
PhCommand *ph_imap_store_make_transfer  (PhStoreEngine *engine, PhMessageSet *set, const char *mailbox, gboolean move);
PhCommand *ph_imap_store_make_copy      (PhStoreEngine *engine, PhMessageSet *set, const char *mailbox);
PhCommand *ph_imap_store_make_move      (PhStoreEngine *engine, PhMessageSet *uids, const char *mailbox);
PhCommand *ph_imap_store_make_expunge   (PhStoreEngine *engine, PhMessageSet *uids);
/* The UIDs that APPENDUID or COPYUID tells, argument @index; none where it tells nothing readable. (transfer full) */
PhMessageSet *ph_imap_read_new_uids     (const PhValue *arguments, guint index);
