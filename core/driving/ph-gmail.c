/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhGmail's calls; what is asked for is the extension's. */
#include "ph-message-iter-private.h"
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_GMAIL_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_gmail_search:
 * @self: a session's Gmail
 * @words: (nullable): as one types them into the search of the web page, UTF-8: `has:attachment in:unread`; %NULL: any
 * @label: (nullable): a label, UTF-8, or one of the system's as `\\Inbox`; %NULL: any
 * @id: a message's number; 0: any
 * @thread: a conversation's number; 0: any
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox for messages that match all of what is given (X-GM-RAW, X-GM-LABELS, X-GM-MSGID, X-GM-THRID).
 *
 * Returns: (transfer full): UIDs
 */
/**
 * ph_gmail_search_async:
 * @self: a session's Gmail
 * @words: (nullable): as one types them into the search of the web page, UTF-8; %NULL: any
 * @label: (nullable): a label, UTF-8; %NULL: any
 * @id: a message's number; 0: any
 * @thread: a conversation's number; 0: any
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Gmail.search] without blocking.
 */
/**
 * ph_gmail_search_finish:
 * @self: a session's Gmail
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): UIDs
 */
PH_DEFINE_CALL (PhMessageSet *, PhGmail, ph_gmail, search, PH_PARAMETERS (const char *words, const char *label, guint64 id, guint64 thread, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_search, words, label, id, thread),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_gmail_store_labels:
 * @self: a session's Gmail
 * @set: messages of the selected mailbox
 * @mode: whether @labels are added, taken away, or all that there are
 * @labels: (array zero-terminated=1): labels, UTF-8, or the system's as `\\Starred`
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Changes the labels of messages (STORE X-GM-LABELS). A label that isn't there yet is made.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_gmail_store_labels_async:
 * @self: a session's Gmail
 * @set: messages of the selected mailbox
 * @mode: whether @labels are added, taken away, or all that there are
 * @labels: (array zero-terminated=1): labels, UTF-8, or the system's as `\\Starred`
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Gmail.store_labels] without blocking.
 */
/**
 * ph_gmail_store_labels_finish:
 * @self: a session's Gmail
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhGmail, ph_gmail, store_labels, PH_PARAMETERS (PhMessageSet *set, PhStoreMode mode, const char *const *labels, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_store_labels, set, mode, labels),
                ph_session_call, ph_session_call_finish)

/**
 * ph_gmail_fetch:
 * @self: a session's Gmail
 * @set: messages of the selected mailbox
 *
 * Asks for messages' numbers, their conversations' and their labels, as an iterator (FETCH X-GM-MSGID, X-GM-THRID and X-GM-LABELS); see
 * [method@Message.get_gmail_id], [method@Message.get_gmail_thread] and [method@Gmail.get_labels].
 *
 * Returns: (transfer full): messages with their UIDs
 */
PhMessageIter *
ph_gmail_fetch (PhGmail *self, PhMessageSet *set)
{
  g_return_val_if_fail (PH_IS_GMAIL (self) && set != NULL, NULL);

  return ph_message_iter_new_needing (ph_extension_get_session (PH_EXTENSION (self)), set, PH_FETCH_UID, PH_GMAIL_GET_IFACE (self)->get_items (self),
                                      ph_extension_get_name (PH_EXTENSION (self)));
}

/**
 * ph_gmail_get_labels:
 * @self: a session's Gmail
 * @message: a message that [method@Gmail.fetch] brought
 *
 * A message's labels, without the one that the selected mailbox stands for.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): UTF-8, the system's as `\\Inbox`; %NULL where they weren't told
 */
char **
ph_gmail_get_labels (PhGmail *self, PhMessage *message)
{
  g_return_val_if_fail (PH_IS_GMAIL (self) && message != NULL, NULL);

  return PH_GMAIL_GET_IFACE (self)->get_labels (self, message);
}
