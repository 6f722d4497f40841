/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhStore's calls about mailboxes. */
#include "ph-session-calls.h"

#define ENGINE PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

/**
 * ph_store_list:
 * @self: a store
 * @pattern: `*` for every mailbox, `%` for one level, or a name with these in it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes (LIST, RFC 9051 section 6.3.9).
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
/**
 * ph_store_list_async:
 * @self: a store
 * @pattern: `*` for every mailbox, `%` for one level, or a name with these in it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.list] without blocking.
 */
/**
 * ph_store_list_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
PH_DEFINE_CALL (GPtrArray *, PhStore, ph_store, list, PH_PARAMETERS (const char *pattern, ),
                PH_SESSION (self), MAKE (make_list, "", pattern, FALSE, NULL),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_list_subscribed:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists the mailboxes that the user subscribed to.
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
/**
 * ph_store_list_subscribed_async:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.list_subscribed] without blocking.
 */
/**
 * ph_store_list_subscribed_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
PH_DEFINE_CALL (GPtrArray *, PhStore, ph_store, list_subscribed, PH_PARAMETERS (const char *pattern, ),
                PH_SESSION (self), MAKE (make_list, "", pattern, TRUE, NULL),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_status:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @items: (nullable) (array zero-terminated=1): `MESSAGES`, `UNSEEN`, `UIDNEXT`, `UIDVALIDITY`, `SIZE` …; %NULL: the first four
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks about a mailbox without selecting it (STATUS, RFC 9051 section 6.3.11). %PH_ERROR_NO_MAILBOX where there is none
 * of that name.
 *
 * Returns: (transfer full): the answer
 */
/**
 * ph_store_status_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @items: (nullable) (array zero-terminated=1): `MESSAGES`, `UNSEEN`, `UIDNEXT`, `UIDVALIDITY`, `SIZE` …; %NULL: the first four
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.status] without blocking.
 */
/**
 * ph_store_status_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the answer
 */
PH_DEFINE_CALL (PhMailboxStatus *, PhStore, ph_store, status, PH_PARAMETERS (const char *mailbox, const char *const *items, ),
                PH_SESSION (self), MAKE (make_status, mailbox, items),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_select:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Selects a mailbox for reading and writing (SELECT, RFC 9051 section 6.3.2). The one that was selected before is left.
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
/**
 * ph_store_select_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.select] without blocking.
 */
/**
 * ph_store_select_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
PH_DEFINE_CALL (PhMailbox *, PhStore, ph_store, select, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_select, mailbox, FALSE),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_examine:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Selects a mailbox for reading only (EXAMINE, RFC 9051 section 6.3.3). The one that was selected before is left.
 * %PH_ERROR_NO_MAILBOX, %PH_ERROR_NO_PERMISSION.
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
/**
 * ph_store_examine_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.examine] without blocking.
 */
/**
 * ph_store_examine_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the mailbox, kept true while it is selected
 */
PH_DEFINE_CALL (PhMailbox *, PhStore, ph_store, examine, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_select, mailbox, TRUE),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_store_close_mailbox:
 * @self: a store
 * @expunge: %TRUE: what is flagged as deleted is removed on the way
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Leaves the selected mailbox (CLOSE, or UNSELECT; RFC 9051 sections 6.4.1 and 6.4.2).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_close_mailbox_async:
 * @self: a store
 * @expunge: %TRUE: what is flagged as deleted is removed on the way
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.close_mailbox] without blocking.
 */
/**
 * ph_store_close_mailbox_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, close_mailbox, PH_PARAMETERS (gboolean expunge, ),
                PH_SESSION (self), MAKE (make_close, expunge),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_create:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes a mailbox (CREATE, RFC 9051 section 6.3.4). %PH_ERROR_ALREADY_EXISTS.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_create_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.create] without blocking.
 */
/**
 * ph_store_create_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, create, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_create, mailbox),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_delete:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Removes a mailbox and its messages (DELETE, RFC 9051 section 6.3.5). %PH_ERROR_NO_MAILBOX.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_delete_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.delete] without blocking.
 */
/**
 * ph_store_delete_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, delete, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_delete, mailbox),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_rename:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @new_name: the name it gets
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Renames a mailbox (RENAME, RFC 9051 section 6.3.6). %PH_ERROR_NO_MAILBOX, %PH_ERROR_ALREADY_EXISTS.
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_rename_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @new_name: the name it gets
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.rename] without blocking.
 */
/**
 * ph_store_rename_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, rename, PH_PARAMETERS (const char *mailbox, const char *new_name, ),
                PH_SESSION (self), MAKE (make_rename, mailbox, new_name),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_subscribe:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Subscribes to a mailbox (SUBSCRIBE, RFC 9051 section 6.3.7).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_subscribe_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.subscribe] without blocking.
 */
/**
 * ph_store_subscribe_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, subscribe, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_subscribe, mailbox, TRUE),
                ph_session_call, ph_session_call_finish)

/**
 * ph_store_unsubscribe:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Ends a subscription (UNSUBSCRIBE, RFC 9051 section 6.3.8).
 *
 * Returns: whether it succeeded
 */
/**
 * ph_store_unsubscribe_async:
 * @self: a store
 * @mailbox: a mailbox' name, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.unsubscribe] without blocking.
 */
/**
 * ph_store_unsubscribe_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether it succeeded
 */
PH_DEFINE_CALL (gboolean, PhStore, ph_store, unsubscribe, PH_PARAMETERS (const char *mailbox, ),
                PH_SESSION (self), MAKE (make_subscribe, mailbox, FALSE),
                ph_session_call, ph_session_call_finish)

/* --- a list with a status each, whatever the server can --- */

static const char *const *
default_items (const char *const *items)
{
  static const char *const usual[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", NULL };

  return items != NULL ? items : usual;
}

/* The commands for those that LIST told nothing of. (element-type PhCommand) in the order of @infos, NULL where none is needed */
static GPtrArray *
make_missing (PhStore           *self,
              GPtrArray         *infos,
              const char *const *items)
{
  GPtrArray *commands = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < infos->len; i++)
    {
      PhMailboxInfo *info = g_ptr_array_index (infos, i);
      gboolean needed = ph_mailbox_info_get_status (info) == NULL && ph_mailbox_info_is_selectable (info);

      g_ptr_array_add (commands, needed ? MAKE (make_status, ph_mailbox_info_get_name (info), items) : NULL);
    }
  return commands;
}

/* A mailbox that went meanwhile, or may not be looked into, stays in the list without a status. */
static void
adopt_status (PhMailboxInfo *info,
              PhCommand     *command)
{
  if (command != NULL && ph_command_get_error (command) == NULL && ph_command_peek_result (command) != NULL)
    ph_mailbox_info_set_status (info, ph_command_peek_result (command));
}

/**
 * ph_store_list_with_status:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @items: (nullable) (array zero-terminated=1): as for [method@Store.status]
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes with a status of each that can be selected: in one command where the server can (LIST-STATUS, RFC 5819), else by
 * one STATUS each. A mailbox whose status is refused stands in the list without one.
 *
 * Returns: (element-type PhMailboxInfo) (transfer full): what matched, perhaps nothing
 */
GPtrArray *
ph_store_list_with_status (PhStore            *self,
                           const char         *pattern,
                           const char *const  *items,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_autoptr (GPtrArray) infos = NULL;
  g_autoptr (GPtrArray) commands = NULL;

  g_return_val_if_fail (PH_IS_STORE (self), NULL);
  g_return_val_if_fail (pattern != NULL, NULL);

  infos = ph_session_call_result (PH_SESSION (self), MAKE (make_list, "", pattern, FALSE, default_items (items)), cancellable, error);
  if (infos == NULL)
    return NULL;
  commands = make_missing (self, infos, default_items (items));
  for (guint i = 0; i < commands->len; i++)
    {
      PhCommand *command = g_ptr_array_index (commands, i);
      g_autoptr (GError) local = NULL;

      if (command == NULL)
        continue;
      if (!ph_session_run (PH_SESSION (self), command, cancellable, &local) && ph_command_get_reply (command) == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      adopt_status (g_ptr_array_index (infos, i), command);
    }
  return g_steal_pointer (&infos);
}

typedef struct {
  GPtrArray *infos;
  GPtrArray *commands;
  char     **items;
  guint      running;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->infos, g_ptr_array_unref);
  g_clear_pointer (&listing->commands, g_ptr_array_unref);
  g_strfreev (listing->items);
  g_free (listing);
}

static void
on_one_status (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  PhCommand *command = g_task_get_task_data (G_TASK (result));

  ph_session_run_finish (PH_SESSION (source), result, &error);
  if (error != NULL && ph_command_get_reply (command) == NULL && !g_task_get_completed (task) && listing->infos != NULL)
    {
      g_clear_pointer (&listing->infos, g_ptr_array_unref);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  if (--listing->running > 0 || listing->infos == NULL)
    return;
  for (guint i = 0; i < listing->infos->len; i++)
    adopt_status (g_ptr_array_index (listing->infos, i), g_ptr_array_index (listing->commands, i));
  g_task_return_pointer (task, g_ptr_array_ref (listing->infos), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_list (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  PhStore *self = PH_STORE (source);
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;

  listing->infos = ph_session_call_result_finish (result, &error);
  if (listing->infos == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  listing->commands = make_missing (self, listing->infos, (const char *const *) listing->items);
  listing->running = 1;
  for (guint i = 0; i < listing->commands->len; i++)
    {
      if (g_ptr_array_index (listing->commands, i) == NULL)
        continue;
      listing->running++;
      ph_session_run_async (PH_SESSION (self), g_ptr_array_index (listing->commands, i), g_task_get_cancellable (task), on_one_status,
                            g_object_ref (task));
    }
  if (--listing->running == 0)
    g_task_return_pointer (task, g_ptr_array_ref (listing->infos), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * ph_store_list_with_status_async:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @items: (nullable) (array zero-terminated=1): as for [method@Store.status]
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Store.list_with_status] without blocking; the single STATUS commands share the line.
 */
void
ph_store_list_with_status_async (PhStore             *self,
                                 const char          *pattern,
                                 const char *const   *items,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;
  Listing *listing;

  g_return_if_fail (PH_IS_STORE (self));
  g_return_if_fail (pattern != NULL);

  listing = g_new0 (Listing, 1);
  listing->items = g_strdupv ((char **) default_items (items));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_store_list_with_status_async);
  g_task_set_task_data (task, listing, listing_free);
  ph_session_call_async (PH_SESSION (self), MAKE (make_list, "", pattern, FALSE, default_items (items)), cancellable, on_list, task,
                         ph_store_list_with_status_async);
}

/**
 * ph_store_list_with_status_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer full): what matched, perhaps nothing
 */
GPtrArray *
ph_store_list_with_status_finish (PhStore       *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
