/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls about mailboxes by what they are for. */
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

/**
 * ph_store_create_for:
 * @self: a store
 * @mailbox: the new one's name, UTF-8
 * @uses: (array zero-terminated=1): `\\Sent`, `\\Drafts` …
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes a mailbox for a special use (CREATE-SPECIAL-USE, RFC 6154). %PH_ERROR_NOT_SUPPORTED where the server has none of this,
 * %PH_ERROR_CANNOT where it can't give it that use (USEATTR), %PH_ERROR_ALREADY_EXISTS.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_create_for_async:
 * @self: a store
 * @mailbox: the new one's name, UTF-8
 * @uses: (array zero-terminated=1): `\\Sent`, `\\Drafts` …
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.create_for] without blocking.
 */
/**
 * ph_store_create_for_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, create_for, PH_PARAMETERS (const char *mailbox, const char *const *uses, ),
                PH_SESSION (self), MAKE (make_create_for, mailbox, uses),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_list_selected:
 * @self: a store
 * @patterns: (array zero-terminated=1): each as for [method@Store.list]
 * @select: which of those that match
 * @status_items: (nullable) (array zero-terminated=1): as for [method@Store.status]; %NULL: no status
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes by what they are (LIST-EXTENDED, RFC 5258; SPECIAL-USE, RFC 6154; LIST-STATUS, RFC 5819). %PH_ERROR_NOT_SUPPORTED
 * where the server can't select so; a status comes where it has LIST-STATUS, and [method@Store.list_with_status] has it always.
 *
 * %PH_ERROR_INVALID_ARGUMENT where %PH_LIST_RECURSIVE_MATCH has nothing to go with.
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
/**
 * ph_store_list_selected_async:
 * @self: a store
 * @patterns: (array zero-terminated=1): each as for [method@Store.list]
 * @select: which of those that match
 * @status_items: (nullable) (array zero-terminated=1): as for [method@Store.status]; %NULL: no status
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.list_selected] without blocking.
 */
/**
 * ph_store_list_selected_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
PH_DEFINE_CALL (GPtrArray *, PhStore, ph_store, list_selected, PH_PARAMETERS (const char *const *patterns, PhListSelect select, const char *const *status_items, ),
                PH_SESSION (self), MAKE (make_list_selected, patterns, select, status_items),
                ph_session_call_result, ph_session_call_result_finish)
