/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhThread's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_THREAD_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_thread_messages:
 * @self: a session's threading
 * @algorithm: how to find what belongs together
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Finds the conversations among the messages that @query finds in the selected mailbox (THREAD, RFC 5256 section 3).
 *
 * Fails with %PH_ERROR_WRONG_STATE where no mailbox is selected, %PH_ERROR_NOT_SUPPORTED where @query asks for what the server lacks,
 * %PH_ERROR_LIMIT where threading takes more than 256 MiB here, and as [method@Store.search].
 *
 * Returns: (transfer full): the conversations
 */
/**
 * ph_thread_messages_async:
 * @self: a session's threading
 * @algorithm: how to find what belongs together
 * @query: which messages
 * @by_uid: %TRUE for UIDs, %FALSE for message numbers
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Thread.messages] without blocking.
 */
/**
 * ph_thread_messages_finish:
 * @self: a session's threading
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@Thread.messages]
 */
PH_DEFINE_CALL (PhThreadTree *, PhThread, ph_thread, messages,
                PH_PARAMETERS (PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_thread, algorithm, query, by_uid),
                ph_session_call_result, ph_session_call_result_finish)
