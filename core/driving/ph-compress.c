/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCompress's call; the command is the extension's. */
#include "ph-session-calls.h"

/**
 * ph_compress_start:
 * @self: a session's compression
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Deflates the channel from now on, in both directions (COMPRESS, RFC 4978 section 3). Commands that are under way are waited for.
 *
 * Fails with %PH_ERROR_WRONG_STATE where it is deflated already, before anything is sent, and with %PH_ERROR_REFUSED where another layer
 * compresses (COMPRESSIONACTIVE); the session goes on as it was.
 *
 * Returns: whether the channel is deflated
 */
/**
 * ph_compress_start_async:
 * @self: a session's compression
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Compress.start] without blocking.
 */
/**
 * ph_compress_start_finish:
 * @self: a session's compression
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: as [method@Compress.start]
 */
PH_DEFINE_CALL (gboolean, PhCompress, ph_compress, start, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), PH_COMPRESS_GET_IFACE (self)->make_start (self),
                ph_session_call, ph_session_call_finish)
