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

/**
 * ph_quota_set_limits:
 * @self: a session's quota
 * @root: a quota root
 * @limits: (element-type PhQuotaResource): names and limits; what is used does not count
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Sets the limits of a quota root (SETQUOTA, RFC 9208 section 4.1.1). A server forgets those that are not named. %PH_ERROR_NO_PERMISSION;
 * %PH_ERROR_NOT_SUPPORTED, before anything is sent, where the server says that it has no SETQUOTA.
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources, as far as the server tells
 */
/**
 * ph_quota_set_limits_async:
 * @self: a session's quota
 * @root: a quota root
 * @limits: (element-type PhQuotaResource): names and limits; what is used does not count
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Quota.set_limits] without blocking.
 */
/**
 * ph_quota_set_limits_finish:
 * @self: a session's quota
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhQuotaResource) (transfer container): its resources, as far as the server tells
 */
PH_DEFINE_CALL (GPtrArray *, PhQuota, ph_quota, set_limits, PH_PARAMETERS (const char *root, GPtrArray *limits, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_set_limits, root, limits),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_quota_get_deleted:
 * @self: a session's quota
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks how many messages of a mailbox are \Deleted, and how many octets they take (STATUS, RFC 9208 section 4.1.4): items `DELETED` and
 * `DELETED-STORAGE`, as far as the server has them. %PH_ERROR_NOT_SUPPORTED, before anything is sent, where it has neither.
 *
 * Returns: (transfer full): the status
 */
/**
 * ph_quota_get_deleted_async:
 * @self: a session's quota
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Quota.get_deleted] without blocking.
 */
/**
 * ph_quota_get_deleted_finish:
 * @self: a session's quota
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the status
 */
PH_DEFINE_CALL (PhMailboxStatus *, PhQuota, ph_quota, get_deleted, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get_deleted, mailbox),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_quota_get_resources:
 * @self: a session's quota
 *
 * What the server can limit, as its capabilities say (`QUOTA=RES-STORAGE`, RFC 9208 section 3.1.1).
 *
 * Returns: (transfer full) (array zero-terminated=1): `STORAGE`, `MESSAGE` …; empty where the server doesn't tell (RFC 2087)
 */
char **
ph_quota_get_resources (PhQuota *self)
{
  g_return_val_if_fail (PH_IS_QUOTA (self), NULL);

  return PH_QUOTA_GET_IFACE (self)->list_resources (self);
}
