/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNotify's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_NOTIFY_GET_IFACE (self)->function (self, ##__VA_ARGS__)

/**
 * ph_notify_set:
 * @self: a session's notify
 * @request: what to be told of; not to be changed any more
 * @status: whether to be told first how the mailboxes stand
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks the server to tell of what @request names, in place of what it told of before (NOTIFY SET, RFC 5465 section 3.1).
 *
 * Fails with %PH_ERROR_INVALID_ARGUMENT for a request that makes no sense, before anything is sent; %PH_ERROR_CANNOT where the
 * server doesn't know one of the events: the arguments of the reply's response code, BADEVENT, list those that it knows;
 * %PH_ERROR_THROTTLED where it is too much for the server. What was set before stands then.
 *
 * Returns: (element-type PhMailboxStatus) (transfer container): with @status, one for each mailbox of which messages are told; those that
 *   do not exist are missing
 */
/**
 * ph_notify_set_async:
 * @self: a session's notify
 * @request: what to be told of; not to be changed any more
 * @status: whether to be told first how the mailboxes stand
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Notify.set] without blocking.
 */
/**
 * ph_notify_set_finish:
 * @self: a session's notify
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxStatus) (transfer container): as [method@Notify.set]
 */
PH_DEFINE_CALL (GPtrArray *, PhNotify, ph_notify, set, PH_PARAMETERS (PhNotifyRequest *request, gboolean status, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_set, request, status),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_notify_none:
 * @self: a session's notify
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks the server to tell of nothing by itself (NOTIFY NONE, RFC 5465 section 3.1), the selected mailbox included.
 *
 * Returns: %TRUE where it is so
 */
/**
 * ph_notify_none_async:
 * @self: a session's notify
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Notify.none] without blocking.
 */
/**
 * ph_notify_none_finish:
 * @self: a session's notify
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: %TRUE where it is so
 */
PH_DEFINE_CALL (gboolean, PhNotify, ph_notify, none, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_none),
                ph_session_call, ph_session_call_finish)
