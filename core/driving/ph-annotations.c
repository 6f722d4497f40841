/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAnnotations' calls; the commands are the extension's. */
#include "ph-message-iter-private.h"
#include "ph-session-calls.h"

#define MAKE(function, ...) PH_ANNOTATIONS_GET_IFACE (self)->function (self, __VA_ARGS__)

/**
 * ph_annotations_store:
 * @self: a session's annotations
 * @set: messages of the selected mailbox
 * @entries: (element-type PhMetadataEntry): what to note, each below `/private/` or `/shared/`; one without a value is removed
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Changes annotations of messages (STORE ANNOTATION, RFC 5257 section 4.5).
 *
 * Fails with %PH_ERROR_INVALID_ARGUMENT where a name is below neither, %PH_ERROR_TOO_LARGE where a value is (ANNOTATE TOOBIG), and with
 * %PH_ERROR_CANNOT where a message can't have more (ANNOTATE TOOMANY).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_annotations_store_async:
 * @self: a session's annotations
 * @set: messages of the selected mailbox
 * @entries: (element-type PhMetadataEntry): what to note, each below `/private/` or `/shared/`; one without a value is removed
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Annotations.store] without blocking.
 */
/**
 * ph_annotations_store_finish:
 * @self: a session's annotations
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhAnnotations, ph_annotations, store, PH_PARAMETERS (PhMessageSet *set, GPtrArray *entries, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_store, set, entries),
                ph_session_call, ph_session_call_finish)

/**
 * ph_annotations_search:
 * @self: a session's annotations
 * @pattern: as for [method@Annotations.fetch]: where to look
 * @text: what the value has somewhere, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Searches the selected mailbox for messages by their annotations (SEARCH ANNOTATION, RFC 5257 section 4.8).
 *
 * Returns: (transfer full): UIDs
 */
/**
 * ph_annotations_search_async:
 * @self: a session's annotations
 * @pattern: as for [method@Annotations.fetch]: where to look
 * @text: what the value has somewhere, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Annotations.search] without blocking.
 */
/**
 * ph_annotations_search_finish:
 * @self: a session's annotations
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): UIDs
 */
PH_DEFINE_CALL (PhMessageSet *, PhAnnotations, ph_annotations, search, PH_PARAMETERS (const char *pattern, const char *text, ),
                ph_extension_get_session (PH_EXTENSION (self)), MAKE (make_search, pattern, text),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_annotations_sort_by:
 * @self: a session's annotations
 * @order: an order that no sort was given yet, of less than 32 keys
 * @name: an annotation below `/private/` or `/shared/`
 * @reverse: whether the last comes first
 * @error: return location for an error
 *
 * Adds an annotation to what [method@Sort.messages] and its like sort by (RFC 5257 section 4.9), see [method@SortOrder.extended].
 *
 * Returns: %FALSE and %PH_ERROR_INVALID_ARGUMENT where @name is neither below `/private/` nor below `/shared/`: @order is as before
 */
gboolean
ph_annotations_sort_by (PhAnnotations *self, PhSortOrder *order, const char *name, gboolean reverse, GError **error)
{
  g_return_val_if_fail (PH_IS_ANNOTATIONS (self) && order != NULL && name != NULL, FALSE);

  return MAKE (sort_by, order, name, reverse, error);
}

/* What can't be asked, in place of the command that asks it */
static gboolean
check_sort (PhCommand *command, GError **error)
{
  PhAnnotations          *self = PH_ANNOTATIONS (ph_command_get_extension (command));
  g_autofree char        *name = ph_value_dup_text (ph_value_first (ph_command_get_arguments (command)));
  g_autoptr (PhSortOrder) order = ph_sort_order_new ();

  if (MAKE (sort_by, order, name != NULL ? name : "", FALSE, error))
    g_set_error_literal (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "Nothing is installed that sorts");
  return FALSE;
}

static PhCommand *
make_sort (PhAnnotations *self, const char *name, gboolean reverse, PhQuery *query)
{
  static const PhVerb     refused = { .name = "SORT", .arguments = "s", .check = check_sort };
  PhExtension            *extension = PH_EXTENSION (self);
  g_autoptr (PhSortOrder) order = ph_sort_order_new ();
  PhExtension            *sort = ph_session_get_extension (ph_extension_get_session (extension), PH_TYPE_SORT);

  if (sort == NULL || !MAKE (sort_by, order, name, reverse, NULL))
    return ph_extension_make (extension, &refused, name);
  return PH_SORT_GET_IFACE (sort)->make_sort (PH_SORT (sort), order, query, TRUE, PH_SEARCH_ALL, 0, 0);
}

/**
 * ph_annotations_sort:
 * @self: a session's annotations
 * @name: an annotation below `/private/` or `/shared/`
 * @reverse: whether the last comes first
 * @query: which messages
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Puts messages of the selected mailbox in the order of an annotation (SORT ANNOTATION, RFC 5257 section 4.9), see
 * [method@Annotations.sort_by] for more keys than one. %PH_ERROR_NOT_SUPPORTED where the server has no SORT: this isn't sorted here.
 * %PH_ERROR_INVALID_ARGUMENT as for [method@Annotations.store].
 *
 * Returns: (transfer full): UIDs in order
 */
/**
 * ph_annotations_sort_async:
 * @self: a session's annotations
 * @name: an annotation below `/private/` or `/shared/`
 * @reverse: whether the last comes first
 * @query: which messages
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Annotations.sort] without blocking.
 */
/**
 * ph_annotations_sort_finish:
 * @self: a session's annotations
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): UIDs in order
 */
PH_DEFINE_CALL (PhSortResult *, PhAnnotations, ph_annotations, sort, PH_PARAMETERS (const char *name, gboolean reverse, PhQuery *query, ),
                ph_extension_get_session (PH_EXTENSION (self)), make_sort (self, name, reverse, query),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_annotations_fetch:
 * @self: a session's annotations
 * @set: messages of the selected mailbox
 * @patterns: (array zero-terminated=1): `/shared/comment`; `/comment`, one's own and the shared one; `*` stands for any characters, `%` for any
 *   but a slash
 *
 * Asks for annotations of messages, as an iterator (FETCH ANNOTATION, RFC 5257 section 4.3); see [method@Message.get_annotations].
 *
 * Returns: (transfer full): messages with their UIDs
 */
PhMessageIter *
ph_annotations_fetch (PhAnnotations *self, PhMessageSet *set, const char *const *patterns)
{
  g_return_val_if_fail (PH_IS_ANNOTATIONS (self) && set != NULL && patterns != NULL, NULL);

  g_autofree char *items = MAKE (get_items, patterns);
  return ph_message_iter_new_needing (ph_extension_get_session (PH_EXTENSION (self)), set, PH_FETCH_UID, items,
                                      ph_extension_get_name (PH_EXTENSION (self)));
}
