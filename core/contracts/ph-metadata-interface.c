/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMetadata: the typed interface of extensions that keep data with mailboxes and the server (RFC 5464). */
#include <posthorn/posthorn.h>

/**
 * PhMetadata:
 *
 * What is kept with mailboxes and with the server: comments, and what programs put there (RFC 5464, and the draft before it, ANNOTATEMORE).
 * A program has it from `ph_session_require_extension (session, PH_TYPE_METADATA, …)`. An extension implements it by making commands; what runs
 * them is the library's.
 */
G_DEFINE_INTERFACE (PhMetadata, ph_metadata, PH_TYPE_EXTENSION)

static void
ph_metadata_default_init (PhMetadataInterface *iface)
{
  /**
   * PhMetadata::changed:
   * @self: a session's metadata
   * @mailbox: whose, UTF-8, or empty: the server's
   * @entries: (array zero-terminated=1): the names of what changed, `/shared/comment`
   *
   * The server tells unasked that entries changed (RFC 5464 section 4.4.2), while the session is in a main loop or in a call.
   */
  g_signal_new ("changed", PH_TYPE_METADATA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
}

/**
 * ph_metadata_result_receive: (skip)
 * @self: a result
 * @command: what asked
 * @index: which of its arguments is the mailbox, from 0
 * @response: a METADATA response
 *
 * For extensions, in a verb's `receive`: reads the names and values that a METADATA response has (RFC 5464 section 5). One that only tells what
 * changed, or is about another mailbox, is not read.
 *
 * Returns: whether it was @command's
 */
gboolean
ph_metadata_result_receive (PhMetadataResult *self, PhCommand *command, guint index, const PhResponse *response)
{
  g_return_val_if_fail (self != NULL && PH_IS_COMMAND (command) && response != NULL, FALSE);

  const PhValue *mailbox = ph_value_first (ph_response_get_values (response));
  const PhValue *list = ph_value_next (mailbox);
  if (ph_value_get_kind (list) != PH_VALUE_LIST || !ph_command_is_about (command, index, mailbox))
    return FALSE;
  for (const PhValue *name = ph_value_first (list); name != NULL; name = ph_value_next (ph_value_next (name)))
    {
      g_autofree char *text = ph_value_dup_text (name);

      if (text != NULL)
        ph_metadata_result_add (self, text, ph_value_next (name));
    }
  return TRUE;
}
