/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSort's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_SORT_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_sort_messages:
 * @self: a session's sorting
 * @order: by what; not changed until it is done
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Puts the messages that @query finds in the selected mailbox in an order (SORT, RFC 5256 section 3).
 *
 * Fails with %PH_ERROR_WRONG_STATE where no mailbox is selected, %PH_ERROR_NOT_SUPPORTED where @query asks for what the server lacks,
 * %PH_ERROR_LIMIT where sorting takes more than 256 MiB here, and as [method@Store.search].
 *
 * Returns: (transfer full): all of them, in order
 */
/**
 * ph_sort_messages_async:
 * @self: a session's sorting
 * @order: by what; not changed until it is done
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Sort.messages] without blocking.
 */
/**
 * ph_sort_messages_finish:
 * @self: a session's sorting
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Sort.messages]
 */
PH_DEFINE_CALL (PhSortResult *, PhSort, ph_sort, messages,
                PH_PARAMETERS (PhSortOrder *order, PhQuery *query, gboolean by_uid, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_sort, order, query, by_uid, PH_SEARCH_ALL, 0, 0),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_sort_messages_for:
 * @self: a session's sorting
 * @order: by what; not changed until it is done
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @wanted: what to tell of them; %PH_SEARCH_SAVE is not for sorting
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * As [method@Sort.messages], but tells only what is asked for (ESORT, RFC 5267 section 3): the first in order for %PH_SEARCH_MIN, the last for
 * %PH_SEARCH_MAX.
 *
 * Fails with %PH_ERROR_WRONG_STATE where no mailbox is selected, %PH_ERROR_NOT_SUPPORTED where @query asks for what the server lacks,
 * %PH_ERROR_LIMIT where sorting takes more than 256 MiB here, and as [method@Store.search].
 * %PH_ERROR_INVALID_ARGUMENT where @wanted has %PH_SEARCH_SAVE.
 *
 * Returns: (transfer full): what was asked for
 */
/**
 * ph_sort_messages_for_async:
 * @self: a session's sorting
 * @order: by what; not changed until it is done
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @wanted: what to tell of them; %PH_SEARCH_SAVE is not for sorting
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Sort.messages_for] without blocking.
 */
/**
 * ph_sort_messages_for_finish:
 * @self: a session's sorting
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Sort.messages_for]
 */
PH_DEFINE_CALL (PhSortResult *, PhSort, ph_sort, messages_for,
                PH_PARAMETERS (PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_sort, order, query, by_uid, wanted, 0, 0),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_sort_page:
 * @self: a session's sorting
 * @order: by what; not changed until it is done
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @first: the first of the page, from 1; or from -1, the last in order, downwards
 * @last: the last of the page, of the same sign
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * As [method@Sort.messages], but tells only a page of the order (CONTEXT=SORT, RFC 5267 section 4.4; PARTIAL, RFC 9394). A page from the
 * end is in the order of the whole, too: its last message is the last of all.
 *
 * Fails with %PH_ERROR_WRONG_STATE where no mailbox is selected, %PH_ERROR_NOT_SUPPORTED where @query asks for what the server lacks,
 * %PH_ERROR_LIMIT where sorting takes more than 256 MiB here, and as [method@Store.search].
 * %PH_ERROR_INVALID_ARGUMENT where @first and @last are no page.
 *
 * Returns: (transfer full): the messages of the page, in order
 */
/**
 * ph_sort_page_async:
 * @self: a session's sorting
 * @order: by what; not changed until it is done
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @first: the first of the page, from 1; or from -1, the last in order, downwards
 * @last: the last of the page, of the same sign
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Sort.page] without blocking.
 */
/**
 * ph_sort_page_finish:
 * @self: a session's sorting
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Sort.page]
 */
PH_DEFINE_CALL (PhSortResult *, PhSort, ph_sort, page,
                PH_PARAMETERS (PhSortOrder *order, PhQuery *query, gboolean by_uid, int first, int last, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_sort, order, query, by_uid, 0, first, last),
                ph_session_call_result, ph_session_call_result_finish)
