/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhJmapAccess's call; the command is the extension's. */
#include "ph-session-calls.h"

/**
 * ph_jmap_access_get_url:
 * @self: a session's way to JMAP
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for the URL of the JMAP session resource (GETJMAPACCESS, RFC 9698 section 4). The host is the server's choice: do not show a password
 * to another one than the session's without asking the person.
 *
 * Fails with %PH_ERROR_PROTOCOL where the server tells none, or one that is not https.
 *
 * Returns: (transfer full): the URL
 */
/**
 * ph_jmap_access_get_url_async:
 * @self: a session's way to JMAP
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@JmapAccess.get_url] without blocking.
 */
/**
 * ph_jmap_access_get_url_finish:
 * @self: a session's way to JMAP
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): as [method@JmapAccess.get_url]
 */
PH_DEFINE_CALL (char *, PhJmapAccess, ph_jmap_access, get_url, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), PH_JMAP_ACCESS_GET_IFACE (self)->make_get_url (self),
                ph_session_call_result, ph_session_call_result_finish)
