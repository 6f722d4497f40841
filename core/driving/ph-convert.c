/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConvert's calls; the commands are the extension's. */
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_CONVERT_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_convert_list:
 * @self: a session's conversions
 * @source: a media type, `image/` with a star behind it, or a star
 * @target: likewise
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks what the server can convert into what (CONVERSIONS, RFC 5259 section 5).
 *
 * Returns: (element-type PhConversion) (transfer container): the conversions; empty where there are none
 */
/**
 * ph_convert_list_async:
 * @self: a session's conversions
 * @source: a media type, `image/` with a star behind it, or a star
 * @target: likewise
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Convert.list] without blocking.
 */
/**
 * ph_convert_list_finish:
 * @self: a session's conversions
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhConversion) (transfer container): the conversions; empty where there are none
 */
PH_DEFINE_CALL (GPtrArray *, PhConvert, ph_convert, list, PH_PARAMETERS (const char *source, const char *target, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_list, source, target),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_convert_part:
 * @self: a session's conversions
 * @uid: a message of the selected mailbox
 * @section: (nullable): a part of it, `1.2`; %NULL: all of it
 * @target: (nullable): a media type; %NULL: the server chooses. For the headers: %NULL
 * @parameters: (nullable) (array zero-terminated=1): names and values in turn: `charset`, `utf-8`, `pix-x`, `128`
 * @items: what to ask of the conversion
 * @offset: where in the converted octets to begin, from 0
 * @length: how many of them; 0: to the end
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Has a part converted, and fetches what came of it (UID CONVERT, RFC 5259 section 6). The message stays as it is, and unseen.
 *
 * %PH_ERROR_CANNOT: not this part, or not with these parameters. %PH_ERROR_UNAVAILABLE: not just now. %PH_ERROR_NO_MESSAGE.
 *
 * Returns: (transfer full): what came of it
 */
/**
 * ph_convert_part_async:
 * @self: a session's conversions
 * @uid: a message of the selected mailbox
 * @section: (nullable): a part of it, `1.2`; %NULL: all of it
 * @target: (nullable): a media type; %NULL: the server chooses. For the headers: %NULL
 * @parameters: (nullable) (array zero-terminated=1): names and values in turn
 * @items: what to ask of the conversion
 * @offset: where in the converted octets to begin, from 0
 * @length: how many of them; 0: to the end
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Convert.part] without blocking.
 */
/**
 * ph_convert_part_finish:
 * @self: a session's conversions
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): what came of it
 */
PH_DEFINE_CALL (PhConverted *, PhConvert, ph_convert, part,
                PH_PARAMETERS (guint32 uid, const char *section, const char *target, const char *const *parameters, PhConvertItem items,
                               guint64 offset, guint64 length, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                MAKE (make_part, uid, section, target, parameters, items, offset, length),
                ph_session_call_result, ph_session_call_result_finish)
