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
PhCommand *ph_imap_store_make_subscribe (PhStoreEngine *engine, const char *mailbox, gboolean subscribe);

/* imap-select.c */
PhCommand *ph_imap_store_make_select    (PhStoreEngine *engine, const char *mailbox, gboolean read_only);
PhCommand *ph_imap_store_make_close     (PhStoreEngine *engine, gboolean expunge);

/* imap-search.c */
PhCommand *ph_imap_store_make_search    (PhStoreEngine *engine, PhQuery *query, gboolean by_uid);
/* what SEARCH or ESEARCH found, into self->found */
gboolean   ph_imap_search_receive       (PhImapCommand *self, const PhResponse *response);

/* imap-changes.c */
PhCommand *ph_imap_store_make_changes   (PhStoreEngine *engine, PhMailboxState *known);
PhCommand *ph_imap_store_make_map_uids  (PhStoreEngine *engine);

/* imap-fetch.c */
PhCommand *ph_imap_store_make_fetch     (PhStoreEngine *engine, PhMessageSet *set, PhFetch items, const char *extra, GOutputStream *sink);

/* imap-append.c */
PhCommand *ph_imap_store_make_append    (PhStoreEngine *engine, const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date);

/* imap-messages.c */
PhCommand *ph_imap_store_make_store     (PhStoreEngine *engine, PhMessageSet *set, PhStoreMode mode, const char *const *flags);
PhCommand *ph_imap_store_make_copy      (PhStoreEngine *engine, PhMessageSet *set, const char *mailbox);
PhCommand *ph_imap_store_make_move      (PhStoreEngine *engine, PhMessageSet *uids, const char *mailbox);
PhCommand *ph_imap_store_make_expunge   (PhStoreEngine *engine, PhMessageSet *uids);
/* The UIDs that APPENDUID or COPYUID tells, argument @index; none where it tells nothing readable. (transfer full) */
PhMessageSet *ph_imap_read_new_uids     (const PhValue *arguments, guint index);
