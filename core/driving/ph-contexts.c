/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhContexts' calls; the commands are the extension's. */
#include "ph-session-calls.h"

/**
 * ph_contexts_search:
 * @self: a session's contexts
 * @query: which messages
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox, and has the server tell from then on how the result changes (UPDATE, RFC 5267 section 4.3). Where it has
 * too
 * many of those already, the result is that of now, and [method@SearchContext.is_live] is %FALSE.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't, or where @query asks for what it lacks, before anything is sent, with
 * %PH_ERROR_BAD_COMMAND where no mailbox is selected, and with %PH_ERROR_LIMIT where more than a million messages match.
 *
 * Returns: (transfer full): the UIDs, in ascending order
 */
/**
 * ph_contexts_search_async:
 * @self: a session's contexts
 * @query: which messages
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Contexts.search] without blocking.
 */
/**
 * ph_contexts_search_finish:
 * @self: a session's contexts
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Contexts.search]
 */
PH_DEFINE_CALL (PhSearchContext *, PhContexts, ph_contexts, search,
                PH_PARAMETERS (PhQuery *query, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_CONTEXTS_GET_IFACE (self)->make_search (self, query),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_contexts_sort:
 * @self: a session's contexts
 * @order: by what, at least one key
 * @query: which messages
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * The same in an order (CONTEXT=SORT, RFC 5267 section 4).
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't, or where @query asks for what it lacks, before anything is sent, with
 * %PH_ERROR_BAD_COMMAND where no mailbox is selected, and with %PH_ERROR_LIMIT where more than a million messages match.
 * %PH_ERROR_INVALID_ARGUMENT where @order has no key.
 *
 * Returns: (transfer full): the UIDs, in order
 */
/**
 * ph_contexts_sort_async:
 * @self: a session's contexts
 * @order: by what, at least one key
 * @query: which messages
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Contexts.sort] without blocking.
 */
/**
 * ph_contexts_sort_finish:
 * @self: a session's contexts
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Contexts.sort]
 */
PH_DEFINE_CALL (PhSearchContext *, PhContexts, ph_contexts, sort, PH_PARAMETERS (PhSortOrder *order, PhQuery *query, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_CONTEXTS_GET_IFACE (self)->make_sort (self, order, query),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_contexts_cancel:
 * @self: a session's contexts
 * @context: a context of this session
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Tells the server that updates of @context are wanted no more (CANCELUPDATE, RFC 5267 section 4.3.5). One that isn't live needs no
 * command: that
 * is a success.
 *
 * Fails with %PH_ERROR_REFUSED where the server would not.
 *
 * Returns: whether it is kept true no more
 */
/**
 * ph_contexts_cancel_async:
 * @self: a session's contexts
 * @context: a context of this session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Contexts.cancel] without blocking.
 */
/**
 * ph_contexts_cancel_finish:
 * @self: a session's contexts
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Contexts.cancel]
 */
PH_DEFINE_CALL (gboolean, PhContexts, ph_contexts, cancel, PH_PARAMETERS (PhSearchContext *context, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_CONTEXTS_GET_IFACE (self)->make_cancel (self, context),
                ph_session_call, ph_session_call_finish)
