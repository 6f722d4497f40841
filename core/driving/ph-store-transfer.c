/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls that change, bring or replace messages with more than one word of answer. */
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

static PhCommand *
make_append_all (PhStore    *self,
                 const char *mailbox,
                 GPtrArray  *messages)
{
  return MAKE (make_append_all, mailbox, (PhNewMessage *const *) messages->pdata, messages->len);
}

static PhCommand *
make_fetch_decoded (PhStore       *self,
                    guint32        uid,
                    const char    *section,
                    GOutputStream *stream)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (uid);
  g_autofree char *item = g_strdup_printf ("BINARY.PEEK[%s]", section);

  return MAKE (make_fetch, set, PH_FETCH_UID, item, stream);
}

/**
 * ph_store_store_unchanged:
 * @self: a store
 * @set: which messages
 * @mode: whether to add, remove or set
 * @flags: (array zero-terminated=1): `\\Seen`, `$Junk` …
 * @mod_seq: the mod-sequence of what the program knows
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Changes the flags of those messages that nobody has changed since @mod_seq (STORE with UNCHANGEDSINCE, RFC 7162 section 3.1.3).
 * %PH_ERROR_NOT_SUPPORTED where the server has no CONDSTORE, or the mailbox keeps no mod-sequences (NOMODSEQ).
 *
 * Returns: (transfer full): those that had changed, and were left as they are
 */
/**
 * ph_store_store_unchanged_async:
 * @self: a store
 * @set: which messages
 * @mode: whether to add, remove or set
 * @flags: (array zero-terminated=1): `\\Seen`, `$Junk` …
 * @mod_seq: the mod-sequence of what the program knows
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.store_unchanged] without blocking.
 */
/**
 * ph_store_store_unchanged_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): those that had changed, and were left as they are
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, store_unchanged, PH_PARAMETERS (PhMessageSet *set, PhStoreMode mode, const char *const *flags, guint64 mod_seq, ),
                PH_SESSION (self), MAKE (make_store_unchanged, set, mode, flags, mod_seq),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_append_all:
 * @self: a store
 * @mailbox: where to; need not be selected
 * @messages: (element-type PhNewMessage): what to put there
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Puts several messages into a mailbox, all or none (MULTIAPPEND, RFC 3502). Where the server has no MULTIAPPEND they go one after
 * the other, where it takes no more than some at once (SAVELIMIT, RFC 9738) so many, and the first refusal ends it: what went before stays.
 *
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_OVER_QUOTA, %PH_ERROR_TOO_LARGE, %PH_ERROR_BODY.
 *
 * Returns: (transfer full): the new UIDs where the server tells them (UIDPLUS), in the order of @messages, else an empty set
 */
/**
 * ph_store_append_all_async:
 * @self: a store
 * @mailbox: where to; need not be selected
 * @messages: (element-type PhNewMessage): what to put there
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.append_all] without blocking.
 */
/**
 * ph_store_append_all_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the new UIDs where the server tells them (UIDPLUS), in the order of @messages, else an empty set
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, append_all, PH_PARAMETERS (const char *mailbox, GPtrArray *messages, ),
                PH_SESSION (self), make_append_all (self, mailbox, messages),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_replace:
 * @self: a store
 * @uid: the message to be replaced
 * @mailbox: where the new one goes; often the selected one
 * @message: the new one
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Puts a message in the place of another: a draft that was edited (REPLACE, RFC 8508). Where the server has no REPLACE, the new one
 * is appended first, and only then the old one flagged as deleted and expunged; for that it must have UIDPLUS:
 * %PH_ERROR_NOT_SUPPORTED without either, before anything is sent.
 *
 * Returns: (transfer full): the new UID where the server tells it (UIDPLUS), else an empty set
 */
/**
 * ph_store_replace_async:
 * @self: a store
 * @uid: the message to be replaced
 * @mailbox: where the new one goes; often the selected one
 * @message: the new one
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.replace] without blocking.
 */
/**
 * ph_store_replace_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the new UID where the server tells it (UIDPLUS), else an empty set
 */
PH_DEFINE_CALL (PhMessageSet *, PhStore, ph_store, replace, PH_PARAMETERS (guint32 uid, const char *mailbox, PhNewMessage *message, ),
                PH_SESSION (self), MAKE (make_replace, uid, mailbox, message),
                ph_store_call_uids, ph_store_call_uids_finish)

/**
 * ph_store_copy_mapped:
 * @self: a store
 * @set: which messages
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * As [method@Store.copy], and tells for each message which UID it has now (COPYUID, RFC 4315).
 *
 * Returns: (transfer full): which UID became which; empty where the server has no UIDPLUS
 */
/**
 * ph_store_copy_mapped_async:
 * @self: a store
 * @set: which messages
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.copy_mapped] without blocking.
 */
/**
 * ph_store_copy_mapped_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): which UID became which; empty where the server has no UIDPLUS
 */
PH_DEFINE_CALL (PhUidMapping *, PhStore, ph_store, copy_mapped, PH_PARAMETERS (PhMessageSet *set, const char *mailbox, ),
                PH_SESSION (self), MAKE (make_transfer, set, mailbox, FALSE),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_move_mapped:
 * @self: a store
 * @uids: which messages, by UID
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * As [method@Store.move], and tells for each message which UID it has now (COPYUID, RFC 4315).
 *
 * Returns: (transfer full): which UID became which; empty where the server has no UIDPLUS
 */
/**
 * ph_store_move_mapped_async:
 * @self: a store
 * @uids: which messages, by UID
 * @mailbox: where to
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.move_mapped] without blocking.
 */
/**
 * ph_store_move_mapped_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): which UID became which; empty where the server has no UIDPLUS
 */
PH_DEFINE_CALL (PhUidMapping *, PhStore, ph_store, move_mapped, PH_PARAMETERS (PhMessageSet *uids, const char *mailbox, ),
                PH_SESSION (self), MAKE (make_transfer, uids, mailbox, TRUE),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_fetch_decoded_to_stream:
 * @self: a store
 * @uid: which message
 * @section: a part, `1.2`
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes a part of a message to @stream without its transfer encoding, which the server takes away (BINARY, RFC 3516). The message
 * isn't marked as seen. %PH_ERROR_NOT_SUPPORTED where the server has no BINARY, %PH_ERROR_CANNOT where it doesn't know the encoding
 * (UNKNOWN-CTE): [method@Store.fetch_to_stream] has it as it is then. %PH_ERROR_NO_MESSAGE.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_fetch_decoded_to_stream_async:
 * @self: a store
 * @uid: which message
 * @section: a part, `1.2`
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.fetch_decoded_to_stream] without blocking.
 */
/**
 * ph_store_fetch_decoded_to_stream_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, fetch_decoded_to_stream, PH_PARAMETERS (guint32 uid, const char *section, GOutputStream *stream, ),
                PH_SESSION (self), make_fetch_decoded (self, uid, section, stream),
                ph_session_call, ph_session_call_finish)
