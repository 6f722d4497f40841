/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUnauthenticate's call; the command is the extension's. */
#include "ph-session-calls.h"

/**
 * ph_unauthenticate_run:
 * @self: a session's way back to before the login
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Ends the login, and not the connection (UNAUTHENTICATE, RFC 8437 section 3). Commands that are under way are waited for. Then no mailbox is
 * selected, and nothing was expunged by that; what was enabled is off, compression and a SASL security layer have ended, TLS stays, and the
 * capabilities are those of before a login. Next is [method@Session.log_in], as the same user or another one.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't any more, before anything is sent.
 *
 * Returns: whether nobody is logged in now
 */
/**
 * ph_unauthenticate_run_async:
 * @self: a session's way back to before the login
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Unauthenticate.run] without blocking.
 */
/**
 * ph_unauthenticate_run_finish:
 * @self: a session's way back to before the login
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Unauthenticate.run]
 */
PH_DEFINE_CALL (gboolean, PhUnauthenticate, ph_unauthenticate, run, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), PH_UNAUTHENTICATE_GET_IFACE (self)->make_run (self),
                ph_session_call, ph_session_call_finish)
