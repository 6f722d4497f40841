/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhPreview's call; what is asked for is the extension's. */
#include "ph-message-iter-private.h"

/**
 * ph_preview_fetch:
 * @self: a session's previews
 * @set: messages of the selected mailbox
 * @lazy: only those that the server has at hand
 *
 * Asks for the first words of messages, as an iterator (FETCH PREVIEW, RFC 8970); see [method@Message.get_preview].
 *
 * Returns: (transfer full): messages with their UIDs
 */
PhMessageIter *
ph_preview_fetch (PhPreview *self, PhMessageSet *set, gboolean lazy)
{
  g_return_val_if_fail (PH_IS_PREVIEW (self) && set != NULL, NULL);

  return ph_message_iter_new_needing (ph_extension_get_session (PH_EXTENSION (self)), set, PH_FETCH_UID,
                                      PH_PREVIEW_GET_IFACE (self)->get_items (self, lazy), ph_extension_get_name (PH_EXTENSION (self)));
}
