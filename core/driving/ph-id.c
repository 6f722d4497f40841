/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhId's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_ID_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_id_exchange:
 * @self: a session's ID
 * @fields: (nullable) (element-type utf8 utf8): `name`, `version`, `vendor` …, at most 30, names of up to 30
 *   octets, values of up to 1024; %NULL: nothing is told
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Tells the server who we are, and asks who it is (ID, RFC 2971). %PH_ERROR_INVALID_ARGUMENT for fields beyond the limits, before anything
 * is sent.
 *
 * Returns: (element-type utf8 utf8) (transfer container): what the server tells: `name`, `version` …, names in lower case,
 *   those without a value left out
 */
/**
 * ph_id_exchange_async:
 * @self: a session's ID
 * @fields: (nullable) (element-type utf8 utf8): `name`, `version`, `vendor` …, at most 30, names of up to 30
 *   octets, values of up to 1024; %NULL: nothing is told
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Id.exchange] without blocking.
 */
/**
 * ph_id_exchange_finish:
 * @self: a session's ID
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type utf8 utf8) (transfer container): what the server tells: `name`, `version` …, names in lower case,
 *   those without a value left out
 */
PH_DEFINE_CALL (GHashTable *, PhId, ph_id, exchange, PH_PARAMETERS (GHashTable *fields, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_exchange, fields),
                ph_session_call_result, ph_session_call_result_finish)
