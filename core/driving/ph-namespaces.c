/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNamespaces' calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE_BARE(function) PH_NAMESPACES_GET_IFACE (self)->function (self)

/**
 * ph_namespaces_get:
 * @self: a session's namespaces
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks where mailboxes are: the user's own, other users', and shared ones (NAMESPACE, RFC 2342).
 *
 * Returns: (element-type PhNamespace) (transfer container): the namespaces, the personal ones first
 */
/**
 * ph_namespaces_get_async:
 * @self: a session's namespaces
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Namespaces.get] without blocking.
 */
/**
 * ph_namespaces_get_finish:
 * @self: a session's namespaces
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhNamespace) (transfer container): the namespaces, the personal ones first
 */
PH_DEFINE_CALL (GPtrArray *, PhNamespaces, ph_namespaces, get, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), MAKE_BARE (make_get),
                ph_session_call_result, ph_session_call_result_finish)
