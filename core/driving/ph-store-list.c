/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of mailboxes with their counts: in one command where the server can, else by a STATUS each, all in flight at once. */
#include "ph-session-calls.h"

#define ENGINE(self) PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(self, function, ...) PH_STORE_ENGINE_GET_IFACE (ENGINE (self))->function (ENGINE (self), __VA_ARGS__)

static const char *const default_items[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", NULL };

/* What is still to be asked for, in the order of the list. */
typedef struct {
  PhStore   *store;
  char     **items;
  GPtrArray *mailboxes; /* PhMailboxInfo, all of them */
  GPtrArray *asked;     /* PhMailboxInfo without counts; borrowed from @mailboxes */
  GPtrArray *commands;  /* PhCommand for each of @asked */
  guint      n_left;
} Statuses;

static void
statuses_free (gpointer data)
{
  Statuses *self = data;

  g_object_unref (self->store);
  g_strfreev (self->items);
  g_clear_pointer (&self->mailboxes, g_ptr_array_unref);
  g_ptr_array_unref (self->asked);
  g_ptr_array_unref (self->commands);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statuses, statuses_free)

static Statuses *
statuses_new (PhStore           *store,
              const char *const *items)
{
  Statuses *self = g_new0 (Statuses, 1);

  self->store = g_object_ref (store);
  self->items = g_strdupv ((char **) (items != NULL ? items : default_items));
  self->asked = g_ptr_array_new ();
  self->commands = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

static PhCommand *
make_list (Statuses   *self,
           const char *pattern)
{
  return MAKE (self->store, make_list, "", pattern, FALSE, (const char *const *) self->items);
}

/* @mailboxes: (transfer full) */
static void
make_statuses (Statuses  *self,
               GPtrArray *mailboxes)
{
  self->mailboxes = mailboxes;
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PhMailboxInfo *mailbox = g_ptr_array_index (mailboxes, i);

      if (!ph_mailbox_info_is_selectable (mailbox) || ph_mailbox_info_get_status (mailbox) != NULL)
        continue;
      g_ptr_array_add (self->asked, mailbox);
      g_ptr_array_add (self->commands,
                       MAKE (self->store, make_status, ph_mailbox_info_get_name (mailbox), (const char *const *) self->items));
    }
  self->n_left = self->commands->len;
}

/* A mailbox that the server has no counts of keeps none: it may have been deleted meanwhile. Without an answer it is the call's error. */
static GPtrArray *
take_result (Statuses  *self,
             GError   **error)
{
  for (guint i = 0; i < self->commands->len; i++)
    {
      PhCommand *command = g_ptr_array_index (self->commands, i);
      const GError *failure = ph_command_get_error (command);

      if (failure != NULL && ph_command_get_reply (command) == NULL)
        {
          g_propagate_error (error, g_error_copy (failure));
          return NULL;
        }
      if (failure == NULL && ph_command_peek_result (command) != NULL)
        ph_mailbox_info_set_status (g_ptr_array_index (self->asked, i), ph_command_peek_result (command));
    }
  return g_steal_pointer (&self->mailboxes);
}

static gboolean
are_done (PhSession *session G_GNUC_UNUSED,
          gpointer   data)
{
  Statuses *self = data;

  while (self->n_left > 0 &&
         ph_command_get_state (g_ptr_array_index (self->commands, self->commands->len - self->n_left)) == PH_COMMAND_DONE)
    self->n_left--;
  return self->n_left == 0;
}

static void
run_all (Statuses     *self,
         GCancellable *cancellable)
{
  PhSession *session = PH_SESSION (self->store);
  PhSessionPrivate *priv = ph_session_get_private (session);
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < self->commands->len; i++)
    g_queue_push_tail (&priv->unsubmitted, g_object_ref (g_ptr_array_index (self->commands, i)));
  if (ph_session_wait (session, are_done, self, cancellable, &failure) && self->n_left == 0)
    return;

  if (failure == NULL)
    failure = ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The session with %s ended before all mailboxes were asked for", priv->host);
  for (guint i = 0; i < self->commands->len; i++)
    {
      PhCommand *command = g_ptr_array_index (self->commands, i);

      ph_session_cancel (session, command, failure);
      if (ph_command_get_state (command) != PH_COMMAND_DONE)
        ph_command_complete (command, NULL, g_error_copy (failure));
    }
  ph_session_turn (session);
}

/**
 * ph_store_list_with_status:
 * @self: a store
 * @pattern: as for [method@Store.list]
 * @items: (nullable) (array zero-terminated=1): as for [method@Store.status]
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes with the counts of each that can be selected ([method@MailboxInfo.get_status]): in one command where the server can
 * (LIST-STATUS, RFC 5819), else by a STATUS for each. A mailbox whose counts the server refuses has none.
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
GPtrArray *
ph_store_list_with_status (PhStore            *self,
                           const char         *pattern,
                           const char *const  *items,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_return_val_if_fail (PH_IS_STORE (self), NULL);
  g_return_val_if_fail (pattern != NULL, NULL);

  g_autoptr (Statuses) statuses = statuses_new (self, items);
  GPtrArray *mailboxes = ph_session_call_result (PH_SESSION (self), make_list (statuses, pattern), cancellable, error);

  if (mailboxes == NULL)
    return NULL;
  make_statuses (statuses, mailboxes);
  if (statuses->n_left > 0)
    run_all (statuses, cancellable);
  return take_result (statuses, error);
}

static void
return_result (GTask *task)
{
  GError *error = NULL;
  GPtrArray *mailboxes = take_result (g_task_get_task_data (task), &error);

  if (mailboxes != NULL)
    g_task_return_pointer (task, mailboxes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_status (PhSession *session G_GNUC_UNUSED,
           PhCommand *command G_GNUC_UNUSED,
           gpointer   task)
{
  Statuses *self = g_task_get_task_data (task);

  if (--self->n_left == 0)
    return_result (task);
}

static void
on_list (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (GTask) task = data;
  Statuses *self = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *mailboxes = ph_session_call_result_finish (result, &error);

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  make_statuses (self, mailboxes);
  if (self->n_left == 0)
    return_result (task);
  for (guint i = 0; i < self->commands->len; i++)
    ph_session_start (PH_SESSION (source), g_ptr_array_index (self->commands, i), g_task_get_cancellable (task), NULL, on_status,
                      g_object_ref (task), g_object_unref);
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
 * [method@Store.list_with_status] without blocking.
 */
void
ph_store_list_with_status_async (PhStore             *self,
                                 const char          *pattern,
                                 const char *const   *items,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (PH_IS_STORE (self));
  g_return_if_fail (pattern != NULL);

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Statuses *statuses = statuses_new (self, items);

  g_task_set_source_tag (task, ph_store_list_with_status_async);
  g_task_set_task_data (task, statuses, statuses_free);
  ph_session_call_async (PH_SESSION (self), make_list (statuses, pattern), cancellable, on_list, task, ph_store_list_with_status_async);
}

/**
 * ph_store_list_with_status_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (element-type PhMailboxInfo) (transfer container): what matched, perhaps nothing
 */
GPtrArray *
ph_store_list_with_status_finish (PhStore       *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
