/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuota's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_QUOTA_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_quota_get:
 * @self: a session's quota
 * @root: a quota root
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for a quota root's resources (GETQUOTA, RFC 9208 section 4.1.2).
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources
 */
/**
 * ph_quota_get_async:
 * @self: a session's quota
 * @root: a quota root
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Quota.get] without blocking.
 */
/**
 * ph_quota_get_finish:
 * @self: a session's quota
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources
 */
PH_DEFINE_CALL (GPtrArray *, PhQuota, ph_quota, get, PH_PARAMETERS (const char *root, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get, root),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_quota_get_root:
 * @self: a session's quota
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for the resources of all quota roots that count for a mailbox (GETQUOTAROOT, RFC 9208 section 4.1.3).
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources
 */
/**
 * ph_quota_get_root_async:
 * @self: a session's quota
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Quota.get_root] without blocking.
 */
/**
 * ph_quota_get_root_finish:
 * @self: a session's quota
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources
 */
PH_DEFINE_CALL (GPtrArray *, PhQuota, ph_quota, get_root, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get_root, mailbox),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_quota_set:
 * @self: a session's quota
 * @root: a quota root
 * @resource: `STORAGE` (units of 1024 octets), `MESSAGE` …
 * @limit: the new limit, 0 to 2^63 - 1
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Sets a limit (SETQUOTA, RFC 9208 section 4.1.1). %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources
 */
/**
 * ph_quota_set_async:
 * @self: a session's quota
 * @root: a quota root
 * @resource: `STORAGE` (units of 1024 octets), `MESSAGE` …
 * @limit: the new limit, 0 to 2^63 - 1
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Quota.set] without blocking.
 */
/**
 * ph_quota_set_finish:
 * @self: a session's quota
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources
 */
PH_DEFINE_CALL (GPtrArray *, PhQuota, ph_quota, set, PH_PARAMETERS (const char *root, const char *resource, guint64 limit, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_set, root, resource, limit),
                ph_session_call_result, ph_session_call_result_finish)
