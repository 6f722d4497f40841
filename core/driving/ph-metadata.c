/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMetadata's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_METADATA_GET_IFACE (self)->function (self, __VA_ARGS__)

static PhCommand *
make_set (PhMetadata *self, const char *mailbox, const char *name, GBytes *value)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);

  g_ptr_array_add (entries, ph_metadata_entry_new (name, value));
  return MAKE (make_set_all, mailbox, entries);
}

/**
 * ph_metadata_get:
 * @self: a session's metadata
 * @mailbox: a mailbox' name, UTF-8; empty: the server itself
 * @names: (array zero-terminated=1): names of entries, `/shared/comment`, `/private/vendor/…`
 * @depth: whether what lies below the entries is told, too
 * @max_size: the largest value that is wanted, in octets; 0: any
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks what is kept with a mailbox, or with the server (GETMETADATA, RFC 5464 section 4.2). An entry without a value is not told.
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION; %PH_ERROR_NOT_SUPPORTED, before anything is sent, where the server keeps data about
 * itself only (METADATA-SERVER) and @mailbox isn't empty.
 *
 * Returns: (transfer full): the entries that have a value, and whether some were left out for their size
 */
/**
 * ph_metadata_get_async:
 * @self: a session's metadata
 * @mailbox: a mailbox' name, UTF-8; empty: the server itself
 * @names: (array zero-terminated=1): names of entries, `/shared/comment`, `/private/vendor/…`
 * @depth: whether what lies below the entries is told, too
 * @max_size: the largest value that is wanted, in octets; 0: any
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Metadata.get] without blocking.
 */
/**
 * ph_metadata_get_finish:
 * @self: a session's metadata
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the entries that have a value, and whether some were left out for their size
 */
PH_DEFINE_CALL (PhMetadataResult *, PhMetadata, ph_metadata, get,
                PH_PARAMETERS (const char *mailbox, const char *const *names, PhMetadataDepth depth, guint32 max_size, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get, mailbox, names, depth, max_size),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_metadata_set:
 * @self: a session's metadata
 * @mailbox: a mailbox' name, UTF-8; empty: the server itself
 * @name: an entry's name, `/private/comment`
 * @value: (nullable): any octets; %NULL: the entry is removed
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Keeps a value with a mailbox, or with the server (SETMETADATA, RFC 5464 section 4.3). %PH_ERROR_TOO_LARGE (MAXSIZE), %PH_ERROR_CANNOT
 * (TOOMANY), %PH_ERROR_NOT_SUPPORTED (NOPRIVATE), %PH_ERROR_NO_PERMISSION, %PH_ERROR_NO_MAILBOX.
 *
 * Returns: whether it was done
 */
/**
 * ph_metadata_set_async:
 * @self: a session's metadata
 * @mailbox: a mailbox' name, UTF-8; empty: the server itself
 * @name: an entry's name, `/private/comment`
 * @value: (nullable): any octets; %NULL: the entry is removed
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Metadata.set] without blocking.
 */
/**
 * ph_metadata_set_finish:
 * @self: a session's metadata
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it was done
 */
PH_DEFINE_CALL (gboolean, PhMetadata, ph_metadata, set, PH_PARAMETERS (const char *mailbox, const char *name, GBytes *value, ),
                ph_extension_get_session (PH_EXTENSION (self)), make_set (self, mailbox, name, value),
                ph_session_call, ph_session_call_finish)

/**
 * ph_metadata_set_all:
 * @self: a session's metadata
 * @mailbox: a mailbox' name, UTF-8; empty: the server itself
 * @entries: (element-type PhMetadataEntry): names and values; those without one are removed
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Keeps several values at once, all or none of them; see [method@Metadata.set].
 *
 * Returns: whether it was done
 */
/**
 * ph_metadata_set_all_async:
 * @self: a session's metadata
 * @mailbox: a mailbox' name, UTF-8; empty: the server itself
 * @entries: (element-type PhMetadataEntry): names and values; those without one are removed
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Metadata.set_all] without blocking.
 */
/**
 * ph_metadata_set_all_finish:
 * @self: a session's metadata
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it was done
 */
PH_DEFINE_CALL (gboolean, PhMetadata, ph_metadata, set_all, PH_PARAMETERS (const char *mailbox, GPtrArray *entries, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_set_all, mailbox, entries),
                ph_session_call, ph_session_call_finish)

/**
 * ph_metadata_list:
 * @self: a session's metadata
 * @pattern: `*` every mailbox, `%` one level
 * @names: (array zero-terminated=1): names of entries
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes with what is kept with each, in one command (LIST-METADATA, RFC 9590). %PH_ERROR_NOT_SUPPORTED without it, before
 * anything is sent.
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): the mailboxes, see [method@MailboxInfo.get_metadata]
 */
/**
 * ph_metadata_list_async:
 * @self: a session's metadata
 * @pattern: `*` every mailbox, `%` one level
 * @names: (array zero-terminated=1): names of entries
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Metadata.list] without blocking.
 */
/**
 * ph_metadata_list_finish:
 * @self: a session's metadata
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): the mailboxes, see [method@MailboxInfo.get_metadata]
 */
PH_DEFINE_CALL (GPtrArray *, PhMetadata, ph_metadata, list, PH_PARAMETERS (const char *pattern, const char *const *names, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_list, pattern, names),
                ph_session_call_result, ph_session_call_result_finish)
