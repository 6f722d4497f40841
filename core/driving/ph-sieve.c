/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSieve's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_SIEVE_GET_IFACE (self)->function (self, __VA_ARGS__)

/* The one entry that was asked for. Takes @found. */
static char *
take_script (PhMetadataResult *found)
{
  g_autoptr (PhMetadataResult) result = found;
  GPtrArray *entries = result != NULL ? ph_metadata_result_get_entries (result) : NULL;

  return entries != NULL && entries->len > 0 ? ph_metadata_entry_dup_text (g_ptr_array_index (entries, 0)) : NULL;
}

static char *
call_script (PhSession *session, PhCommand *command, GCancellable *cancellable, GError **error)
{
  return take_script (ph_session_call_result (session, command, cancellable, error));
}

static char *
call_script_finish (GAsyncResult *result, GError **error)
{
  return take_script (ph_session_call_result_finish (result, error));
}

/**
 * ph_sieve_get_script:
 * @self: a session's scripts
 * @mailbox: a mailbox' name, UTF-8; empty: the script of those that have none of their own
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for the name of the script that is run for a mailbox (the entry `/shared/imapsieve/script`, RFC 6785 section 2.3.1).
 *
 * %PH_ERROR_NOT_SUPPORTED where the server has no METADATA, which it needs for this.
 *
 * Returns: (transfer full) (nullable): the name; empty: none runs; %NULL: there is none, or an error
 */
/**
 * ph_sieve_get_script_async:
 * @self: a session's scripts
 * @mailbox: a mailbox' name, UTF-8; empty: the script of those that have none of their own
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Sieve.get_script] without blocking.
 */
/**
 * ph_sieve_get_script_finish:
 * @self: a session's scripts
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the name; empty: none runs; %NULL: there is none, or an error
 */
PH_DEFINE_CALL (char *, PhSieve, ph_sieve, get_script, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get_script, mailbox),
                call_script, call_script_finish)

/**
 * ph_sieve_set_script:
 * @self: a session's scripts
 * @mailbox: a mailbox' name, UTF-8; empty: for those that have none of their own
 * @script: (nullable): the name of a script; empty: none runs; %NULL: the mailbox has none of its own
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Says which script is run for a mailbox (RFC 6785 section 2.3.1).
 *
 * %PH_ERROR_NOT_SUPPORTED where the server has no METADATA, which it needs for this.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_sieve_set_script_async:
 * @self: a session's scripts
 * @mailbox: a mailbox' name, UTF-8; empty: for those that have none of their own
 * @script: (nullable): the name of a script; empty: none runs; %NULL: the mailbox has none of its own
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Sieve.set_script] without blocking.
 */
/**
 * ph_sieve_set_script_finish:
 * @self: a session's scripts
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhSieve, ph_sieve, set_script, PH_PARAMETERS (const char *mailbox, const char *script, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_set_script, mailbox, script),
                ph_session_call, ph_session_call_finish)
