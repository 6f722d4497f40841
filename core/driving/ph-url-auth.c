/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUrlAuth's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_URL_AUTH_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_url_auth_generate:
 * @self: a session's URLs
 * @urls: (array zero-terminated=1): absolute URLs that say who may fetch them: [func@url_with_access]; from 1
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for URLs that whoever they name can fetch (GENURLAUTH, RFC 4467 section 7, by the mechanism INTERNAL). They hold until they
 * expire or [method@UrlAuth.reset] is called: keep them as a password is kept.
 *
 * %PH_ERROR_REFUSED, %PH_ERROR_BAD_COMMAND for a URL that isn't absolute or of another server.
 *
 * Returns: (array zero-terminated=1) (transfer full): as many URLs, in the order of @urls
 */
/**
 * ph_url_auth_generate_async:
 * @self: a session's URLs
 * @urls: (array zero-terminated=1): absolute URLs that say who may fetch them: [func@url_with_access]; from 1
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@UrlAuth.generate] without blocking.
 */
/**
 * ph_url_auth_generate_finish:
 * @self: a session's URLs
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (array zero-terminated=1) (transfer full): as many URLs, in the order of @urls
 */
PH_DEFINE_CALL (char **, PhUrlAuth, ph_url_auth, generate, PH_PARAMETERS (const char *const *urls, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_generate, urls),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_url_auth_fetch:
 * @self: a session's URLs
 * @urls: (array zero-terminated=1): of [method@UrlAuth.generate]; from 1
 * @what: what of them to fetch; %PH_ERROR_NOT_SUPPORTED where that takes URLAUTH=BINARY, and the server lacks it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Fetches what URLs stand for (URLFETCH, RFC 4467 section 7; RFC 5524), into memory. Neither a mailbox nor a flag is touched by it.
 * A URL that the server does not follow, or whose access this user has not, has no data; that is no error.
 *
 * Returns: (element-type PhUrlData) (transfer container): a row for each URL, in the server's order
 */
/**
 * ph_url_auth_fetch_async:
 * @self: a session's URLs
 * @urls: (array zero-terminated=1): of [method@UrlAuth.generate]; from 1
 * @what: what of them to fetch; %PH_ERROR_NOT_SUPPORTED where that takes URLAUTH=BINARY, and the server lacks it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@UrlAuth.fetch] without blocking.
 */
/**
 * ph_url_auth_fetch_finish:
 * @self: a session's URLs
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhUrlData) (transfer container): a row for each URL, in the server's order
 */
PH_DEFINE_CALL (GPtrArray *, PhUrlAuth, ph_url_auth, fetch, PH_PARAMETERS (const char *const *urls, PhUrlFetch what, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_fetch, urls, what),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_url_auth_reset:
 * @self: a session's URLs
 * @mailbox: (nullable): a mailbox' name, UTF-8; %NULL: all mailboxes
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes all URLs invalid that were generated so far (RESETKEY, RFC 4467 section 7). %PH_ERROR_REFUSED, %PH_ERROR_NO_MAILBOX.
 *
 * Returns: whether it was done
 */
/**
 * ph_url_auth_reset_async:
 * @self: a session's URLs
 * @mailbox: (nullable): a mailbox' name, UTF-8; %NULL: all mailboxes
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@UrlAuth.reset] without blocking.
 */
/**
 * ph_url_auth_reset_finish:
 * @self: a session's URLs
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it was done
 */
PH_DEFINE_CALL (gboolean, PhUrlAuth, ph_url_auth, reset, PH_PARAMETERS (const char *mailbox, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_reset, mailbox),
                ph_session_call, ph_session_call_finish)
