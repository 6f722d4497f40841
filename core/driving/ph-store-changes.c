/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls that bring a program up to date with the selected mailbox. */
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, ##__VA_ARGS__)

/**
 * ph_store_get_changes:
 * @self: a store with a selected mailbox
 * @known: (nullable): what the program knows of the mailbox; %NULL: nothing
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * What is different in the selected mailbox from what is known: added messages, other flags, vanished ones. The server is asked by the
 * best that it has: QRESYNC or CONDSTORE (RFC 7162), where @known has a mod-sequence of this UIDVALIDITY, or all UIDs and flags are
 * fetched and compared. The answer is the same. Its [method@Delta.get_state] is what to give the next call.
 *
 * ```c
 * g_autoptr (PhMailbox) mailbox = ph_store_select (store, "INBOX", NULL, &error);
 * g_autoptr (PhMailboxState) known = ph_mailbox_state_new_from_bytes (file_contents, NULL);
 * g_autoptr (PhDelta) delta = ph_store_get_changes (store, known, NULL, &error);
 * ```
 *
 * Fails with %PH_ERROR_WRONG_STATE where no mailbox is selected.
 *
 * Returns: (transfer full): the difference
 */
/**
 * ph_store_get_changes_async:
 * @self: a store with a selected mailbox
 * @known: (nullable): what the program knows of the mailbox; %NULL: nothing
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.get_changes] without blocking.
 */
/**
 * ph_store_get_changes_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the difference
 */
PH_DEFINE_CALL (PhDelta *, PhStore, ph_store, get_changes, PH_PARAMETERS (PhMailboxState *known, ),
                PH_SESSION (self), MAKE (make_changes, known),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_map_uids:
 * @self: a store with a selected mailbox
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Learns the UID of every message in the selected mailbox, with one command where nothing comes or goes meanwhile. From then on
 * [method@Mailbox.get_uid] and [method@Mailbox.get_number] answer, whatever the server tells, and #PhMailbox::message-removed always tells
 * both number and UID. Takes four octets a message; %PH_ERROR_LIMIT where there are more than 16 million.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_map_uids_async:
 * @self: a store with a selected mailbox
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.map_uids] without blocking.
 */
/**
 * ph_store_map_uids_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, map_uids, PH_NO_PARAMETERS,
                PH_SESSION (self), MAKE (make_map_uids),
                ph_session_call, ph_session_call_finish)
