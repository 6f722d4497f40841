/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhComparator's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_COMPARATOR_GET_IFACE (self)->function (self, __VA_ARGS__)
#define MAKE_BARE(function) PH_COMPARATOR_GET_IFACE (self)->function (self)

/**
 * ph_comparator_get:
 * @self: a session's comparator
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks how SEARCH, SORT and THREAD compare texts (COMPARATOR, RFC 5255 section 4.7). %PH_ERROR_NOT_SUPPORTED, before anything is sent,
 * where the server has but one (I18NLEVEL=1).
 *
 * Returns: (transfer full): the comparator (RFC 4790)
 */
/**
 * ph_comparator_get_async:
 * @self: a session's comparator
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Comparator.get] without blocking.
 */
/**
 * ph_comparator_get_finish:
 * @self: a session's comparator
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the comparator (RFC 4790)
 */
PH_DEFINE_CALL (char *, PhComparator, ph_comparator, get, PH_NO_PARAMETERS,
                ph_extension_get_session (PH_EXTENSION (self)), MAKE_BARE (make_get),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_comparator_select:
 * @self: a session's comparator
 * @order: (array zero-terminated=1): comparators, best first; `*` in one stands for anything
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Chooses how SEARCH, SORT and THREAD compare texts. %PH_ERROR_CANNOT where the server has none of them (BADCOMPARATOR);
 * %PH_ERROR_NOT_SUPPORTED as above.
 *
 * Returns: (transfer full): the comparator that was chosen
 */
/**
 * ph_comparator_select_async:
 * @self: a session's comparator
 * @order: (array zero-terminated=1): comparators, best first; `*` in one stands for anything
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Comparator.select] without blocking.
 */
/**
 * ph_comparator_select_finish:
 * @self: a session's comparator
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the comparator that was chosen
 */
PH_DEFINE_CALL (char *, PhComparator, ph_comparator, select, PH_PARAMETERS (const char *const *order, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_select, order),
                ph_session_call_result, ph_session_call_result_finish)
