/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhFuzzy's call; the command is the extension's. */
#include "ph-session-calls.h"

/**
 * ph_fuzzy_search:
 * @self: a session's search for what matches about
 * @query: what the messages are about
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox for what matches @query about, as the server sees fit, and has it tell how well each does (FUZZY and
 * RELEVANCY,
 * RFC 6203 sections 3 and 4). The same search may find others the next time.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server has no SEARCH=FUZZY and ESEARCH, before anything is sent, with
 * %PH_ERROR_BAD_COMMAND where no
 * mailbox is selected, and with %PH_ERROR_PROTOCOL where the answer is none.
 *
 * Returns: (transfer full): messages and scores
 */
/**
 * ph_fuzzy_search_async:
 * @self: a session's search for what matches about
 * @query: what the messages are about
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Fuzzy.search] without blocking.
 */
/**
 * ph_fuzzy_search_finish:
 * @self: a session's search for what matches about
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Fuzzy.search]
 */
PH_DEFINE_CALL (PhScoredResult *, PhFuzzy, ph_fuzzy, search, PH_PARAMETERS (PhQuery *query, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_FUZZY_GET_IFACE (self)->make_search (self, query),
                ph_session_call_result, ph_session_call_result_finish)
