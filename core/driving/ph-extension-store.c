/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store's own commands, as an extension adds to them. */
#include "ph-session-private.h"

#include "contracts/ph-extension-private.h"

/**
 * ph_extension_get_store: (skip)
 * @self: an extension of a store's session
 *
 * The engine that makes the store's commands: the extension's own, or once its connection has ended that of the session's next one.
 *
 * Returns: (transfer none): an engine
 */
PhStoreEngine *
ph_extension_get_store (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  PhEngine *engine = ph_extension_get_engine (self);
  return PH_STORE_ENGINE (engine != NULL ? engine : ph_session_get_engine (ph_extension_get_session (self)));
}

/**
 * ph_extension_make_search: (skip)
 * @self: an extension of a store's session
 * @needs: the capability that has the keys
 * @keys: (element-type PhValue): keys and what they take; none of them: every message
 *
 * Makes a UID SEARCH for keys of an extension's own.
 *
 * Returns: (transfer full): a command whose result is a [struct@Posthorn.MessageSet]
 */
PhCommand *
ph_extension_make_search (PhExtension *self, const char *needs, GPtrArray *keys)
{
  PhStoreEngine *store = ph_extension_get_store (self);
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhValue) list = ph_value_new_array (keys);

  return PH_STORE_ENGINE_GET_IFACE (store)->make_search (store, ph_query_extended (query, needs, list), TRUE);
}

/**
 * ph_extension_make_list: (skip)
 * @self: an extension of a store's session
 * @pattern: `*` every mailbox, `%` one level
 * @options: a list of return options
 * @answer: the responses that they bring
 * @needs: what the server must offer, see [method@Posthorn.Command.set_needs]
 *
 * Makes a LIST with an extension's return options (RFC 5258 section 3).
 *
 * Returns: (transfer full): a command whose result is an array of [struct@Posthorn.MailboxInfo]
 */
PhCommand *
ph_extension_make_list (PhExtension *self, const char *pattern, const PhValue *options, const char *answer, const char *needs)
{
  const char *patterns[] = { pattern, NULL };
  PhStoreEngine *store = ph_extension_get_store (self);
  PhCommand *command = PH_STORE_ENGINE_GET_IFACE (store)->make_list_with (store, patterns, PH_LIST_ALL, options, answer);

  ph_command_set_needs (command, needs);
  return command;
}
