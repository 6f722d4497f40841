/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSaveDate's calls; what is asked for is the extension's. */
#include "ph-message-iter-private.h"
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_SAVE_DATE_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_save_date_search:
 * @self: a session's dates of saving
 * @since: (nullable): the first day; %NULL: any
 * @before: (nullable): the day behind the last; %NULL: any
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox for messages by the day on which they came into it (SAVEDSINCE, SAVEDBEFORE, RFC 8514 section 4.3).
 *
 * Returns: (transfer full): UIDs
 */
/**
 * ph_save_date_search_async:
 * @self: a session's dates of saving
 * @since: (nullable): the first day; %NULL: any
 * @before: (nullable): the day behind the last; %NULL: any
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@SaveDate.search] without blocking.
 */
/**
 * ph_save_date_search_finish:
 * @self: a session's dates of saving
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): UIDs
 */
PH_DEFINE_CALL (PhMessageSet *, PhSaveDate, ph_save_date, search, PH_PARAMETERS (GDateTime *since, GDateTime *before, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_search, since, before),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_save_date_fetch:
 * @self: a session's dates of saving
 * @set: messages of the selected mailbox
 *
 * Asks when messages came into the mailbox, as an iterator (FETCH SAVEDATE, RFC 8514 section 4.2); see [method@Message.get_save_date].
 *
 * Returns: (transfer full): messages with their UIDs
 */
PhMessageIter *
ph_save_date_fetch (PhSaveDate *self, PhMessageSet *set)
{
  g_return_val_if_fail (PH_IS_SAVE_DATE (self) && set != NULL, NULL);

  return ph_message_iter_new_needing (ph_extension_get_session (PH_EXTENSION (self)), set, PH_FETCH_UID,
                                      PH_SAVE_DATE_GET_IFACE (self)->get_items (self), ph_extension_get_name (PH_EXTENSION (self)));
}
