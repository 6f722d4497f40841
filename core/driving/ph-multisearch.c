/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMultisearch' call; the command is the extension's. */
#include "ph-session-calls.h"

/**
 * ph_multisearch_search:
 * @self: a session's search through several mailboxes
 * @scopes: where
 * @query: which messages; what it says of numbers and UIDs holds in each mailbox
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches several mailboxes in one command (ESEARCH, RFC 7377 section 2). Mailboxes that may not be read are passed over by the server.
 * Where it stops at a limit of its own, the result has what it found by then, and [method@MultisearchResult.is_partial] tells.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't, or where @query asks for what it lacks, with %PH_ERROR_INVALID_ARGUMENT where
 * @scopes is empty or has mailboxes where there should be none, or none where there should be some, with %PH_ERROR_WRONG_STATE where
 * %PH_SEARCH_IN_SELECTED is among them and no mailbox is selected, all before anything is sent, and with %PH_ERROR_THROTTLED where the
 * server refuses to search that much (`NO [LIMIT]`).
 *
 * Returns: (transfer full): what was found
 */
/**
 * ph_multisearch_search_async:
 * @self: a session's search through several mailboxes
 * @scopes: where
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
 * Returns: (transfer full): as [method@Multisearch.search]
 */
PH_DEFINE_CALL (PhMultisearchResult *, PhMultisearch, ph_multisearch, search,
                PH_PARAMETERS (PhSearchScopes *scopes, PhQuery *query, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_MULTISEARCH_GET_IFACE (self)->make_search (self, scopes, query),
                ph_session_call_result, ph_session_call_result_finish)
