/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls about mailboxes. */
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

/**
 * ph_store_list:
 * @self: a store
 * @pattern: `*` for every mailbox, `%` for one level, or a name with these in it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes (LIST, RFC 9051 section 6.3.9).
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
/**
 * ph_store_list_async:
 * @self: a store
 * @pattern: `*` for every mailbox, `%` for one level, or a name with these in it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.list] without blocking.
 */
/**
 * ph_store_list_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
PH_DEFINE_CALL (GPtrArray *, PhStore, ph_store, list, PH_PARAMETERS (const char *pattern, ),
                PH_SESSION (self), MAKE (make_list, "", pattern, FALSE, NULL),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_list_subscribed:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists the mailboxes that the user subscribed to.
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
/**
 * ph_store_list_subscribed_async:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.list_subscribed] without blocking.
 */
/**
 * ph_store_list_subscribed_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
PH_DEFINE_CALL (GPtrArray *, PhStore, ph_store, list_subscribed, PH_PARAMETERS (const char *pattern, ),
                PH_SESSION (self), MAKE (make_list, "", pattern, TRUE, NULL),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_status:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @items: (nullable) (array zero-terminated=1): `MESSAGES`, `UNSEEN`, `UIDNEXT`, `UIDVALIDITY`, `SIZE` …; %NULL: the first four
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks about a mailbox without selecting it (STATUS, RFC 9051 section 6.3.11). %PH_ERROR_NO_MAILBOX where there is none
 * of that name.
 *
 * Returns: (transfer full): the answer
 */
/**
 * ph_store_status_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @items: (nullable) (array zero-terminated=1): `MESSAGES`, `UNSEEN`, `UIDNEXT`, `UIDVALIDITY`, `SIZE` …; %NULL: the first four
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.status] without blocking.
 */
/**
 * ph_store_status_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the answer
 */
PH_DEFINE_CALL (PhMailboxStatus *, PhStore, ph_store, status, PH_PARAMETERS (const char *mailbox, const char *const *items, ),
                PH_SESSION (self), MAKE (make_status, mailbox, items),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_select:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Selects a mailbox for reading and writing (SELECT, RFC 9051 section 6.3.2). The one that was selected before is left.
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
/**
 * ph_store_select_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.select] without blocking.
 */
/**
 * ph_store_select_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
PH_DEFINE_CALL (PhMailbox *, PhStore, ph_store, select, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_select, mailbox, FALSE),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_examine:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Selects a mailbox for reading only (EXAMINE, RFC 9051 section 6.3.3). The one that was selected before is left.
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
/**
 * ph_store_examine_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.examine] without blocking.
 */
/**
 * ph_store_examine_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
PH_DEFINE_CALL (PhMailbox *, PhStore, ph_store, examine, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_select, mailbox, TRUE),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_close_mailbox:
 * @self: a store
 * @expunge: %TRUE: what is flagged as deleted is removed on the way
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Leaves the selected mailbox (CLOSE, or UNSELECT; RFC 9051 sections 6.4.1 and 6.4.2).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_close_mailbox_async:
 * @self: a store
 * @expunge: %TRUE: what is flagged as deleted is removed on the way
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.close_mailbox] without blocking.
 */
/**
 * ph_store_close_mailbox_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, close_mailbox, PH_PARAMETERS (gboolean expunge, ),
                PH_SESSION (self), MAKE (make_close, expunge),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_create:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes a mailbox (CREATE, RFC 9051 section 6.3.4). %PH_ERROR_ALREADY_EXISTS.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_create_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.create] without blocking.
 */
/**
 * ph_store_create_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, create, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_create, mailbox),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_delete:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Removes a mailbox and its messages (DELETE, RFC 9051 section 6.3.5). %PH_ERROR_NO_MAILBOX.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_delete_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.delete] without blocking.
 */
/**
 * ph_store_delete_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, delete, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_delete, mailbox),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_rename:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @new_name: the name it gets
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Renames a mailbox (RENAME, RFC 9051 section 6.3.6). %PH_ERROR_NO_MAILBOX, %PH_ERROR_ALREADY_EXISTS.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_rename_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @new_name: the name it gets
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.rename] without blocking.
 */
/**
 * ph_store_rename_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, rename, PH_PARAMETERS (const char *mailbox, const char *new_name, ),
                PH_SESSION (self), MAKE (make_rename, mailbox, new_name),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_subscribe:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Subscribes to a mailbox (SUBSCRIBE, RFC 9051 section 6.3.7).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_subscribe_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.subscribe] without blocking.
 */
/**
 * ph_store_subscribe_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, subscribe, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_subscribe, mailbox, TRUE),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_unsubscribe:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Ends a subscription (UNSUBSCRIBE, RFC 9051 section 6.3.8).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_unsubscribe_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.unsubscribe] without blocking.
 */
/**
 * ph_store_unsubscribe_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, unsubscribe, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_subscribe, mailbox, FALSE),
                ph_session_call, ph_session_call_finish)
