/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhObjectIds' calls; what is asked for is the extension's. */
#include "ph-message-iter-private.h"
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_OBJECT_IDS_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_object_ids_get_status:
 * @self: a session's identifiers
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for a mailbox' identifier, which it keeps when it is renamed (STATUS MAILBOXID, RFC 8474 section 4.3).
 *
 * Returns: (transfer full): a status, see [method@MailboxStatus.get_mailbox_id]
 */
/**
 * ph_object_ids_get_status_async:
 * @self: a session's identifiers
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@ObjectIds.get_status] without blocking.
 */
/**
 * ph_object_ids_get_status_finish:
 * @self: a session's identifiers
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): a status, see [method@MailboxStatus.get_mailbox_id]
 */
PH_DEFINE_CALL (PhMailboxStatus *, PhObjectIds, ph_object_ids, get_status, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get_status, mailbox),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_object_ids_search:
 * @self: a session's identifiers
 * @email_id: (nullable): the identifier of a message's content; %NULL: any
 * @thread_id: (nullable): a thread's; %NULL: any
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox for messages by their identifiers (EMAILID, THREADID, RFC 8474 section 5.4).
 *
 * Returns: (transfer full): UIDs
 */
/**
 * ph_object_ids_search_async:
 * @self: a session's identifiers
 * @email_id: (nullable): the identifier of a message's content; %NULL: any
 * @thread_id: (nullable): a thread's; %NULL: any
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@ObjectIds.search] without blocking.
 */
/**
 * ph_object_ids_search_finish:
 * @self: a session's identifiers
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): UIDs
 */
PH_DEFINE_CALL (PhMessageSet *, PhObjectIds, ph_object_ids, search, PH_PARAMETERS (const char *email_id, const char *thread_id, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_search, email_id, thread_id),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_object_ids_fetch:
 * @self: a session's identifiers
 * @set: messages of the selected mailbox
 *
 * Asks for the identifiers of messages, as an iterator (FETCH EMAILID and THREADID, RFC 8474 section 5); see [method@Message.get_email_id].
 *
 * Returns: (transfer full): messages with their UIDs
 */
PhMessageIter *
ph_object_ids_fetch (PhObjectIds *self, PhMessageSet *set)
{
  g_return_val_if_fail (PH_IS_OBJECT_IDS (self) && set != NULL, NULL);

  return ph_message_iter_new_needing (ph_extension_get_session (PH_EXTENSION (self)), set, PH_FETCH_UID,
                                      PH_OBJECT_IDS_GET_IFACE (self)->get_items (self), ph_extension_get_name (PH_EXTENSION (self)));
}

/**
 * ph_object_ids_get_selected:
 * @self: a session's identifiers
 *
 * The identifier of the mailbox that was selected last, as SELECT told it (RFC 8474 section 4.2).
 *
 * Returns: (nullable): the identifier; %NULL where none was told
 */
const char *
ph_object_ids_get_selected (PhObjectIds *self)
{
  g_return_val_if_fail (PH_IS_OBJECT_IDS (self), NULL);

  return PH_OBJECT_IDS_GET_IFACE (self)->get_selected (self);
}
