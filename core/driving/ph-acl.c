/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAcl's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_ACL_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_acl_get:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks who may do what with a mailbox (GETACL, RFC 4314 section 3.3). It takes the right `a`: %PH_ERROR_NO_PERMISSION, or
 * %PH_ERROR_NO_MAILBOX where the server hides what it refuses.
 *
 * Returns: (element-type PhAclEntry) (transfer container): a row for each identifier, in the server's order
 */
/**
 * ph_acl_get_async:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Acl.get] without blocking.
 */
/**
 * ph_acl_get_finish:
 * @self: a session's access control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhAclEntry) (transfer container): a row for each identifier, in the server's order
 */
PH_DEFINE_CALL (GPtrArray *, PhAcl, ph_acl, get, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get, mailbox),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_acl_set:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @identifier: a user, a group as the server writes it, `anyone`; with a `-` before it, whom rights are denied
 * @rights: `lrswipkxtea` and what else the server has: these and no others; behind a `+` these, too, behind a `-` without these
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Changes what somebody may do with a mailbox (SETACL, RFC 4314 section 3.1). %PH_ERROR_NO_PERMISSION; %PH_ERROR_BAD_COMMAND or
 * %PH_ERROR_REFUSED for a right or an identifier that the server doesn't know.
 *
 * Returns: whether it was done
 */
/**
 * ph_acl_set_async:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @identifier: a user, a group as the server writes it, `anyone`; with a `-` before it, whom rights are denied
 * @rights: `lrswipkxtea` and what else the server has: these and no others; behind a `+` these, too, behind a `-` without these
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Acl.set] without blocking.
 */
/**
 * ph_acl_set_finish:
 * @self: a session's access control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it was done
 */
PH_DEFINE_CALL (gboolean, PhAcl, ph_acl, set, PH_PARAMETERS (const char *mailbox, const char *identifier, const char *rights, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_set, mailbox, identifier, rights),
                ph_session_call, ph_session_call_finish)

/**
 * ph_acl_delete:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @identifier: a user, a group as the server writes it, `anyone`; with a `-` before it, whom rights are denied
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Takes an identifier out of a mailbox' list (DELETEACL, RFC 4314 section 3.2). %PH_ERROR_NO_PERMISSION.
 *
 * Returns: whether it was done
 */
/**
 * ph_acl_delete_async:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @identifier: a user, a group as the server writes it, `anyone`; with a `-` before it, whom rights are denied
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Acl.delete] without blocking.
 */
/**
 * ph_acl_delete_finish:
 * @self: a session's access control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it was done
 */
PH_DEFINE_CALL (gboolean, PhAcl, ph_acl, delete, PH_PARAMETERS (const char *mailbox, const char *identifier, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_delete, mailbox, identifier),
                ph_session_call, ph_session_call_finish)

/**
 * ph_acl_list_rights:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @identifier: a user, a group as the server writes it, `anyone`; with a `-` before it, whom rights are denied
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks which rights can be given to an identifier, and which go together (LISTRIGHTS, RFC 4314 section 3.4). %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the rights
 */
/**
 * ph_acl_list_rights_async:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @identifier: a user, a group as the server writes it, `anyone`; with a `-` before it, whom rights are denied
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Acl.list_rights] without blocking.
 */
/**
 * ph_acl_list_rights_finish:
 * @self: a session's access control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the rights
 */
PH_DEFINE_CALL (PhAclRights *, PhAcl, ph_acl, list_rights, PH_PARAMETERS (const char *mailbox, const char *identifier, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_list_rights, mailbox, identifier),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_acl_get_my_rights:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks what the user may do with a mailbox (MYRIGHTS, RFC 4314 section 3.5). %PH_ERROR_NO_MAILBOX.
 *
 * Returns: (transfer full): a letter for each right; those of RFC 2086, `c` and `d`, may stand beside what became of them
 */
/**
 * ph_acl_get_my_rights_async:
 * @self: a session's access control
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Acl.get_my_rights] without blocking.
 */
/**
 * ph_acl_get_my_rights_finish:
 * @self: a session's access control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): a letter for each right; those of RFC 2086, `c` and `d`, may stand beside what became of them
 */
PH_DEFINE_CALL (char *, PhAcl, ph_acl, get_my_rights, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_get_my_rights, mailbox),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_acl_list_my_rights:
 * @self: a session's access control
 * @pattern: `*` every mailbox, `%` one level
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes with what the user may do with each, in one command (LIST-MYRIGHTS, RFC 8440). %PH_ERROR_NOT_SUPPORTED without it,
 * before anything is sent.
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): the mailboxes, see [method@MailboxInfo.get_my_rights]
 */
/**
 * ph_acl_list_my_rights_async:
 * @self: a session's access control
 * @pattern: `*` every mailbox, `%` one level
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Acl.list_my_rights] without blocking.
 */
/**
 * ph_acl_list_my_rights_finish:
 * @self: a session's access control
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): the mailboxes, see [method@MailboxInfo.get_my_rights]
 */
PH_DEFINE_CALL (GPtrArray *, PhAcl, ph_acl, list_my_rights, PH_PARAMETERS (const char *pattern, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_list_my_rights, pattern),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_acl_get_added_rights:
 * @self: a session's access control
 *
 * Which rights the server has beyond those of RFC 2086 (`lrswipcda`): of RFC 4314 `kxte`, and letters and digits of its own.
 *
 * Returns: (transfer full): a letter for each; empty where it is a server of RFC 2086
 */
char *
ph_acl_get_added_rights (PhAcl *self)
{
  g_return_val_if_fail (PH_IS_ACL (self), NULL);

  return PH_ACL_GET_IFACE (self)->dup_added_rights (self);
}
