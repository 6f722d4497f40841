/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhLanguage's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_LANGUAGE_GET_IFACE (self)->function (self, __VA_ARGS__)
#define MAKE_BARE(function) PH_LANGUAGE_GET_IFACE (self)->function (self)

/**
 * ph_language_list:
 * @self: a session's language
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks which languages the server can speak to people in (LANGUAGE, RFC 5255 section 3.2).
 *
 * Returns: (transfer full) (array zero-terminated=1): tags (RFC 4646)
 */
/**
 * ph_language_list_async:
 * @self: a session's language
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Language.list] without blocking.
 */
/**
 * ph_language_list_finish:
 * @self: a session's language
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (array zero-terminated=1): tags (RFC 4646)
 */
PH_DEFINE_CALL (char **, PhLanguage, ph_language, list, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), MAKE_BARE (make_list),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_language_select:
 * @self: a session's language
 * @ranges: (array zero-terminated=1): languages, best first: `de-CH`, `de`, or `default`
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Chooses the language of the server's texts for people, and of namespaces' names (LANGUAGE, RFC 5255 section 3.2). %PH_ERROR_REFUSED
 * where it has none of them.
 *
 * Returns: (transfer full): the language that was chosen
 */
/**
 * ph_language_select_async:
 * @self: a session's language
 * @ranges: (array zero-terminated=1): languages, best first: `de-CH`, `de`, or `default`
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Language.select] without blocking.
 */
/**
 * ph_language_select_finish:
 * @self: a session's language
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the language that was chosen
 */
PH_DEFINE_CALL (char *, PhLanguage, ph_language, select, PH_PARAMETERS (const char *const *ranges, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_select, ranges),
                ph_session_call_result, ph_session_call_result_finish)
