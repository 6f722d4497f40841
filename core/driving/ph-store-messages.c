/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls about messages of the selected mailbox. */
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

/* A server that doesn't tell UIDs (no UIDPLUS) has done the work all the same: an empty set. Takes @failure. */
static gpointer
set_or_empty (gpointer   set,
              GError    *failure,
              GError   **error)
{
  if (failure == NULL)
    return set != NULL ? set : ph_message_set_new (TRUE);
  g_propagate_error (error, failure);
  return NULL;
}

gpointer
ph_store_call_uids (PhSession     *session,
                    PhCommand     *command,
                    GCancellable  *cancellable,
                    GError       **error)
{
  GError *failure = NULL;
  gpointer set = ph_session_call_result (session, command, cancellable, &failure);

  return set_or_empty (set, failure, error);
}

gpointer
ph_store_call_uids_finish (GAsyncResult  *result,
                           GError       **error)
{
  GError *failure = NULL;
  gpointer set = ph_session_call_result_finish (result, &failure);

  return set_or_empty (set, failure, error);
}

/**
 * ph_store_search:
 * @self: a store
 * @query: what to look for
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox (UID SEARCH, RFC 9051 section 6.4.4).
 *
 * Returns: (transfer full): UIDs
 */
/**
 * ph_store_search_async:
 * @self: a store
 * @query: what to look for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.search] without blocking.
 */
/**
 * ph_store_search_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): UIDs
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, search, PH_PARAMETERS (PhQuery *query, ),
                PH_SESSION (self), MAKE (make_search, query, TRUE),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_search_numbers:
 * @self: a store
 * @query: what to look for
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox, for sequence numbers (SEARCH). They change with each expunged message; UIDs don't.
 *
 * Returns: (transfer full): sequence numbers
 */
/**
 * ph_store_search_numbers_async:
 * @self: a store
 * @query: what to look for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.search_numbers] without blocking.
 */
/**
 * ph_store_search_numbers_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): sequence numbers
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, search_numbers, PH_PARAMETERS (PhQuery *query, ),
                PH_SESSION (self), MAKE (make_search, query, FALSE),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_store:
 * @self: a store
 * @set: which messages
 * @mode: whether to add, remove or set
 * @flags: (array zero-terminated=1): `\\Seen`, `$Junk` …
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Changes flags (STORE, RFC 9051 section 6.4.6).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_store_async:
 * @self: a store
 * @set: which messages
 * @mode: whether to add, remove or set
 * @flags: (array zero-terminated=1): `\\Seen`, `$Junk` …
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.store] without blocking.
 */
/**
 * ph_store_store_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, store, PH_PARAMETERS (PhMessageSet *set, PhStoreMode mode, const char *const *flags, ),
                PH_SESSION (self), MAKE (make_store, set, mode, flags),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_copy:
 * @self: a store
 * @set: which messages
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Copies messages to another mailbox (COPY, RFC 9051 section 6.4.7). %PH_ERROR_NO_MAILBOX, %PH_ERROR_OVER_QUOTA.
 *
 * Returns: (transfer full): the new UIDs where the server tells them (UIDPLUS), else an empty set
 */
/**
 * ph_store_copy_async:
 * @self: a store
 * @set: which messages
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.copy] without blocking.
 */
/**
 * ph_store_copy_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the new UIDs where the server tells them (UIDPLUS), else an empty set
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, copy, PH_PARAMETERS (PhMessageSet *set, const char *mailbox, ),
                PH_SESSION (self), MAKE (make_copy, set, mailbox),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_move:
 * @self: a store
 * @uids: which messages, by UID
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Moves messages to another mailbox (MOVE, RFC 6851). Where the server has no MOVE, they are copied, flagged as deleted and
 * expunged, each step only when the one before has succeeded; for that it must have UIDPLUS, lest what others flagged goes as well:
 * %PH_ERROR_NOT_SUPPORTED without either, before anything is sent. %PH_ERROR_NO_MAILBOX, %PH_ERROR_OVER_QUOTA.
 *
 * Returns: (transfer full): the new UIDs where the server tells them (UIDPLUS), else an empty set
 */
/**
 * ph_store_move_async:
 * @self: a store
 * @uids: which messages, by UID
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.move] without blocking.
 */
/**
 * ph_store_move_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the new UIDs where the server tells them (UIDPLUS), else an empty set
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, move, PH_PARAMETERS (PhMessageSet *uids, const char *mailbox, ),
                PH_SESSION (self), MAKE (make_move, uids, mailbox),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_append:
 * @self: a store
 * @mailbox: where to; need not be selected
 * @body: the message, of known size
 * @flags: (nullable) (array zero-terminated=1): its flags
 * @date: (nullable): when it was received; %NULL: now
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Puts a message into a mailbox (APPEND, RFC 9051 section 6.3.12). %PH_ERROR_NO_MAILBOX, %PH_ERROR_OVER_QUOTA,
 * %PH_ERROR_TOO_LARGE, %PH_ERROR_BODY.
 *
 * Returns: (transfer full): the new UID where the server tells it (UIDPLUS), else an empty set
 */
/**
 * ph_store_append_async:
 * @self: a store
 * @mailbox: where to; need not be selected
 * @body: the message, of known size
 * @flags: (nullable) (array zero-terminated=1): its flags
 * @date: (nullable): when it was received; %NULL: now
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.append] without blocking.
 */
/**
 * ph_store_append_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the new UID where the server tells it (UIDPLUS), else an empty set
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, append, PH_PARAMETERS (const char *mailbox, PhBody *body, const char *const *flags, GDateTime *date, ),
                PH_SESSION (self), MAKE (make_append, mailbox, body, flags, date),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_expunge:
 * @self: a store
 * @uids: (nullable): only these; %NULL: all that are flagged as deleted
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Removes messages that are flagged as deleted (EXPUNGE; UID EXPUNGE, RFC 4315). %PH_ERROR_NOT_SUPPORTED where @uids is
 * given and the server has no UIDPLUS.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_expunge_async:
 * @self: a store
 * @uids: (nullable): only these; %NULL: all that are flagged as deleted
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.expunge] without blocking.
 */
/**
 * ph_store_expunge_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, expunge, PH_PARAMETERS (PhMessageSet *uids, ),
                PH_SESSION (self), MAKE (make_expunge, uids),
                ph_session_call, ph_session_call_finish)

static PhCommand *
make_fetch_to_stream (PhStore       *self,
                      guint32        uid,
                      const char    *section,
                      GOutputStream *stream)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (uid);
  g_autofree char *item = g_strdup_printf ("BODY.PEEK[%s]", section);

  return MAKE (make_fetch, set, PH_FETCH_UID, item, stream);
}

/**
 * ph_store_fetch_to_stream:
 * @self: a store
 * @uid: which message
 * @section: `` for all of it, `HEADER`, `TEXT`, `1.2`, `1.2.MIME` …
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes a part of a message to @stream as it comes, without holding it. The message isn't marked as seen.
 * %PH_ERROR_NO_MESSAGE where there is none of that UID; what @stream says where it refuses.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_fetch_to_stream_async:
 * @self: a store
 * @uid: which message
 * @section: `` for all of it, `HEADER`, `TEXT`, `1.2`, `1.2.MIME` …
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.fetch_to_stream] without blocking.
 */
/**
 * ph_store_fetch_to_stream_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, fetch_to_stream, PH_PARAMETERS (guint32 uid, const char *section, GOutputStream *stream, ),
                PH_SESSION (self), make_fetch_to_stream (self, uid, section, stream),
                ph_session_call, ph_session_call_finish)
