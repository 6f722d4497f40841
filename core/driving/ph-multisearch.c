/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMultisearch' call; the command is the extension's. */
#include "ph-session-calls.h"

/**
 * ph_multisearch_search:
 * @self: a session's search through several mailboxes
 * @scope: where
 * @mailboxes: (nullable) (array zero-terminated=1): of %PH_SEARCH_IN_SUBTREE and what is behind it, names in UTF-8; %NULL for the others
 * @query: which messages; what it says of numbers and UIDs holds in each mailbox
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches several mailboxes in one command (ESEARCH, RFC 7377 section 2). Mailboxes that may not be read are passed over by the server.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't, or where @query asks for what it lacks, with %PH_ERROR_INVALID_ARGUMENT where
 * @mailboxes doesn't fit @scope, both before anything is sent, and with %PH_ERROR_LIMIT where the server went through a part only.
 *
 * Returns: (transfer container) (element-type PhMailboxMatch): a row for each mailbox in which there is something
 */
/**
 * ph_multisearch_search_async:
 * @self: a session's search through several mailboxes
 * @scope: where
 * @mailboxes: (nullable) (array zero-terminated=1): of %PH_SEARCH_IN_SUBTREE and what is behind it, names in UTF-8; %NULL for the others
 * @query: which messages; what it says of numbers and UIDs holds in each mailbox
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Multisearch.search] without blocking.
 */
/**
 * ph_multisearch_search_finish:
 * @self: a session's search through several mailboxes
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer container) (element-type PhMailboxMatch): as [method@Multisearch.search]
 */
PH_DEFINE_CALL (GPtrArray *, PhMultisearch, ph_multisearch, search,
                PH_PARAMETERS (PhSearchScope scope, const char *const *mailboxes, PhQuery *query, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_MULTISEARCH_GET_IFACE (self)->make_search (self, scope, mailboxes, query),
                ph_session_call_result, ph_session_call_result_finish)
