/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls that look for messages, by what the server can count, keep or cut by itself. */
#include "ph-message-iter-private.h"
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

/**
 * ph_store_search_for:
 * @self: a store
 * @query: what to look for
 * @what: what to tell of it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox, by UID, and tells only what was asked for: with ESEARCH (RFC 4731) the server counts, without it the
 * library does.
 *
 * %PH_SEARCH_SAVE has the server keep what was found (SEARCHRES, RFC 5182), to be named by [ctor@MessageSet.new_saved] in later
 * calls, until a mailbox is selected, a search fails, or another is saved. Where the server can't, the session keeps the UIDs in its
 * place.
 *
 * Returns: (transfer full): what was asked for
 */
/**
 * ph_store_search_for_async:
 * @self: a store
 * @query: what to look for
 * @what: what to tell of it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.search_for] without blocking.
 */
/**
 * ph_store_search_for_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): what was asked for
 */
PH_DEFINE_CALL (PhSearchResult *, PhStore, ph_store, search_for, PH_PARAMETERS (PhQuery *query, PhSearchReturn what, ),
                PH_SESSION (self), MAKE (make_search_for, query, what, 0, 0),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_search_page:
 * @self: a store
 * @query: what to look for
 * @first: where the page begins: 1 is the lowest UID that is found, -1 the highest
 * @last: where it ends; of the same sign
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox for one page of what there may be: -1 and -50 are the newest fifty. PARTIAL (RFC 9394, RFC 5267)
 * where the server has it; otherwise all is searched for, and the page is cut here. What comes or goes between two calls moves the
 * pages.
 *
 * %PH_ERROR_INVALID_ARGUMENT for a page that is none.
 *
 * Returns: (transfer full): the page as its set, and how many there are in all
 */
/**
 * ph_store_search_page_async:
 * @self: a store
 * @query: what to look for
 * @first: where the page begins: 1 is the lowest UID that is found, -1 the highest
 * @last: where it ends; of the same sign
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.search_page] without blocking.
 */
/**
 * ph_store_search_page_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the page as its set, and how many there are in all
 */
PH_DEFINE_CALL (PhSearchResult *, PhStore, ph_store, search_page, PH_PARAMETERS (PhQuery *query, int first, int last, ),
                PH_SESSION (self), MAKE (make_search_for, query, PH_SEARCH_COUNT, first, last),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_get_uid_batches:
 * @self: a store
 * @size: messages in one, 500 or more
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Cuts the selected mailbox into sets of UIDs, each of at most @size messages, to be fetched one after the other (UIDBATCHES, RFC
 * 10022). Where the server has no such command, it is asked for all UIDs, and they are cut here.
 *
 * %PH_ERROR_INVALID_ARGUMENT for a size below 500, %PH_ERROR_CANNOT and %PH_ERROR_THROTTLED where the server finds it too small or is
 * asked too often.
 *
 * Returns: (element-type PhMessageSet) (transfer container): the newest first; empty where the mailbox is
 */
/**
 * ph_store_get_uid_batches_async:
 * @self: a store
 * @size: messages in one, 500 or more
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.get_uid_batches] without blocking.
 */
/**
 * ph_store_get_uid_batches_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMessageSet) (transfer container): the newest first; empty where the mailbox is
 */
PH_DEFINE_CALL (GPtrArray *, PhStore, ph_store, get_uid_batches, PH_PARAMETERS (guint size, ),
                PH_SESSION (self), MAKE (make_uid_batches, size),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_resume:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @known: (nullable): what is known of it; %NULL: nothing
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Selects a mailbox and tells what is different from what is @known, in one round trip where QRESYNC (RFC 7162) was asked for by
 * [method@Session.use] and the server has it; otherwise as [method@Store.select] and [method@Store.get_changes], with the same
 * answer. [method@Store.get_selected] is the mailbox then.
 *
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the difference
 */
/**
 * ph_store_resume_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @known: (nullable): what is known of it; %NULL: nothing
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.resume] without blocking.
 */
/**
 * ph_store_resume_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the difference
 */
PH_DEFINE_CALL (PhDelta *, PhStore, ph_store, resume, PH_PARAMETERS (const char *mailbox, PhMailboxState *known, ),
                PH_SESSION (self), MAKE (make_resume, mailbox, FALSE, known),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_resume_examine:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @known: (nullable): what is known of it; %NULL: nothing
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * [method@Store.resume] for reading only, as [method@Store.examine]: nothing there is changed by it, no message loses `\Recent`.
 *
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the difference
 */
/**
 * ph_store_resume_examine_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @known: (nullable): what is known of it; %NULL: nothing
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.resume_examine] without blocking.
 */
/**
 * ph_store_resume_examine_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the difference
 */
PH_DEFINE_CALL (PhDelta *, PhStore, ph_store, resume_examine, PH_PARAMETERS (const char *mailbox, PhMailboxState *known, ),
                PH_SESSION (self), MAKE (make_resume, mailbox, TRUE, known),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_fetch_changed:
 * @self: a store
 * @set: which messages
 * @items: what of each
 * @extra: (nullable): further items as RFC 9051 section 6.4.5 writes them
 * @mod_seq: a mod-sequence
 *
 * Fetches those messages that have changed since @mod_seq (CHANGEDSINCE, RFC 7162 section 3.1.4.1), as [method@Store.fetch]. The
 * iterator fails with %PH_ERROR_NOT_SUPPORTED where the server has no CONDSTORE.
 *
 * Returns: (transfer full): an iterator
 */
PhMessageIter *
ph_store_fetch_changed (PhStore      *self,
                        PhMessageSet *set,
                        PhFetch       items,
                        const char   *extra,
                        guint64       mod_seq)
{
  PhMessageIter *iter;

  g_return_val_if_fail (PH_IS_STORE (self), NULL);
  g_return_val_if_fail (set != NULL, NULL);

  iter = ph_message_iter_new (PH_SESSION (self), set, items, extra);
  ph_message_iter_narrow (iter, mod_seq, 0, 0);
  return iter;
}

/**
 * ph_store_fetch_page:
 * @self: a store
 * @set: which messages, by UID
 * @items: what of each
 * @extra: (nullable): further items as RFC 9051 section 6.4.5 writes them
 * @first: where the page begins: 1 is the lowest UID of @set that exists, -1 the highest
 * @last: where it ends; of the same sign
 *
 * Fetches one page of @set, as [method@Store.fetch]: PARTIAL (RFC 9394) where the server has it; otherwise the UIDs are searched for
 * first. The iterator fails with %PH_ERROR_INVALID_ARGUMENT for a page that is none.
 *
 * Returns: (transfer full): an iterator
 */
PhMessageIter *
ph_store_fetch_page (PhStore      *self,
                     PhMessageSet *set,
                     PhFetch       items,
                     const char   *extra,
                     int           first,
                     int           last)
{
  PhMessageIter *iter;

  g_return_val_if_fail (PH_IS_STORE (self), NULL);
  g_return_val_if_fail (set != NULL, NULL);

  iter = ph_message_iter_new (PH_SESSION (self), set, items, extra);
  ph_message_iter_narrow (iter, 0, first, last);
  return iter;
}

/**
 * ph_store_get_enabled:
 * @self: a store
 *
 * What the server was told to do from now on, and said that it does (ENABLE, RFC 5161): of what was asked for by [method@Session.use],
 * `IMAP4rev2`, `UTF8=ACCEPT`, `CONDSTORE`, `QRESYNC`, `UIDONLY`, and of what extensions need.
 *
 * Returns: (transfer full) (array zero-terminated=1): as the server writes it; nothing before the session is open
 */
char **
ph_store_get_enabled (PhStore *self)
{
  PhEngine *engine;

  g_return_val_if_fail (PH_IS_STORE (self), NULL);

  engine = ph_session_get_engine (PH_SESSION (self));
  return g_strdupv ((char **) PH_STORE_ENGINE_GET_IFACE (engine)->get_enabled (PH_STORE_ENGINE (engine)));
}
