/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageIter: messages as they come, no faster than they are taken. */
#include "ph-message-iter-private.h"

#include "ph-session-private.h"

#include "contracts/ph-command-private.h"

/**
 * PhMessageIter:
 *
 * Messages one after the other, made by [method@Store.fetch].
 *
 * The server is asked at the first call of [method@MessageIter.next]; while the program is busy with a message, no more is read than 256
 * messages, or messages of 1 MiB. Where it waits for another call of the same session meanwhile, that call's answer comes behind the messages,
 * which then wait in memory all: to change messages in the loop over them, fetch little of each, or use another session. An iterator that is dropped before its end cancels its command; what the server still sends for it is
 * read and thrown away.
 */
struct _PhMessageIter {
  GObject       parent_instance;

  PhSession    *session;
  PhMessageSet *set;
  PhFetch       items;
  char         *extra;
  char         *needs;      /* NULL: nothing */
  gboolean      narrowed;
  guint64       mod_seq;  /* changed since; 0: any */
  int           first;    /* of a page; 0: all */
  int           last;

  PhCommand    *command;  /* once it was started */
  GTask        *waiting;  /* an async next () */
  GList         link;     /* among the session's, if @listed */
  gboolean      listed;
  PhMessage    *lent;     /* by next_borrowed () */
  gboolean      roomy;    /* @lent is: see ph_command_pop_message () */
  gboolean      ended;    /* the end or the error was told */
  gboolean      counted;  /* among the session's loops */
};

G_DEFINE_FINAL_TYPE (PhMessageIter, ph_message_iter, G_TYPE_OBJECT)

static void
enlist (PhMessageIter *self)
{
  self->link.data = self;
  self->listed = TRUE;
  g_queue_push_tail_link (&ph_session_get_private (self->session)->iters, &self->link);
}

static void
end (PhMessageIter *self)
{
  self->ended = TRUE;
  if (self->listed)
    g_queue_unlink (&ph_session_get_private (self->session)->iters, &self->link);
  self->listed = FALSE;
  if (self->counted)
    ph_session_get_private (self->session)->n_iters--;
  self->counted = FALSE;
}

/* Not left to finalize: where objects are collected late (JavaScript), a loop that was left early would go on holding up
 * the session. */
static void
ph_message_iter_dispose (GObject *object)
{
  PhMessageIter *self = PH_MESSAGE_ITER (object);

  end (self);
  if (self->command != NULL && ph_command_get_state (self->command) != PH_COMMAND_DONE)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The iterator was dropped");

      ph_session_cancel (self->session, self->command, error);
      ph_session_schedule (self->session);
    }

  G_OBJECT_CLASS (ph_message_iter_parent_class)->dispose (object);
}

static void
ph_message_iter_finalize (GObject *object)
{
  PhMessageIter *self = PH_MESSAGE_ITER (object);

  g_clear_object (&self->command);
  g_clear_object (&self->session);
  g_clear_pointer (&self->lent, ph_message_unref);
  ph_message_set_unref (self->set);
  g_free (self->extra);
  g_free (self->needs);

  G_OBJECT_CLASS (ph_message_iter_parent_class)->finalize (object);
}

static void
ph_message_iter_class_init (PhMessageIterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ph_message_iter_dispose;
  G_OBJECT_CLASS (klass)->finalize = ph_message_iter_finalize;
}

static void
ph_message_iter_init (PhMessageIter *self)
{
}

PhMessageIter *
ph_message_iter_new (PhSession    *session,
                     PhMessageSet *set,
                     PhFetch       items,
                     const char   *extra)
{
  PhMessageIter *self = g_object_new (PH_TYPE_MESSAGE_ITER, NULL);

  self->session = g_object_ref (session);
  self->set = ph_message_set_ref (set);
  self->items = items;
  self->extra = g_strdup (extra);
  return self;
}

PhMessageIter *
ph_message_iter_new_needing (PhSession    *session,
                             PhMessageSet *set,
                             PhFetch       items,
                             const char   *extra,
                             const char   *needs)
{
  PhMessageIter *self = ph_message_iter_new (session, set, items, extra);

  self->needs = g_strdup (needs);
  return self;
}

void
ph_message_iter_narrow (PhMessageIter *self,
                        guint64        mod_seq,
                        int            first,
                        int            last)
{
  self->narrowed = TRUE;
  self->mod_seq = mod_seq;
  self->first = first;
  self->last = last;
}

/* What next () would return without waiting. FALSE: it has to wait. */
static gboolean
take (PhMessageIter  *self,
      PhMessage     **message,
      GError        **error)
{
  *message = ph_command_pop_item (self->command);
  if (*message != NULL)
    return TRUE;
  if (ph_command_get_state (self->command) != PH_COMMAND_DONE)
    return FALSE;
  if (!self->ended && ph_command_get_error (self->command) != NULL && error != NULL)
    *error = g_error_copy (ph_command_get_error (self->command));
  end (self);
  return TRUE;
}

static void
on_news (PhSession *session,
         PhCommand *command,
         gpointer   user_data)
{
  PhMessageIter *self = g_weak_ref_get (user_data);
  g_autoptr (GTask) task = NULL;
  PhMessage *message;
  GError *error = NULL;

  if (self == NULL)
    return;
  if (self->waiting != NULL && take (self, &message, &error))
    {
      task = g_steal_pointer (&self->waiting);
      if (error != NULL)
        g_task_return_error (task, error);
      else
        g_task_return_pointer (task, message, (GDestroyNotify) ph_message_unref);
    }
  g_object_unref (self);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static PhCommand *
make_command (PhMessageIter *self)
{
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (self->session));
  PhCommand     *command;

  if (self->narrowed)
    return PH_STORE_ENGINE_GET_IFACE (engine)->make_fetch_some (engine, self->set, self->items, self->extra, self->mod_seq, self->first, self->last);
  command = PH_STORE_ENGINE_GET_IFACE (engine)->make_fetch (engine, self->set, self->items, self->extra, NULL);
  ph_command_set_needs (command, self->needs);
  return command;
}

/* The iterator isn't kept alive by its own command. */
static void
start (PhMessageIter *self,
       GCancellable  *cancellable)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  self->command = make_command (self);
  enlist (self);
  ph_session_start (self->session, self->command, cancellable, on_news, on_news, weak, weak_ref_free);
}

guint
ph_message_iter_count_resting (PhSession *session)
{
  guint n = 0;

  for (GList *link = ph_session_get_private (session)->iters.head; link != NULL; link = link->next)
    {
      PhMessageIter *self = link->data;

      n += *ph_command_get_run (self->command) != NULL && self->waiting == NULL;
    }
  return n;
}

gboolean
ph_message_iter_make_room (PhSession *session)
{
  gboolean made = FALSE;

  for (GList *link = ph_session_get_private (session)->iters.head; link != NULL; link = link->next)
    {
      PhMessageIter *self = link->data;

      if (!ph_command_is_full (self->command))
        continue;
      ph_command_lift_bounds (self->command);
      made = TRUE;
    }
  return made;
}

static gboolean
has_news (PhSession *session,
          gpointer   command)
{
  return ph_command_get_n_items (command) > 0 || ph_command_get_state (command) == PH_COMMAND_DONE;
}

static gboolean
begin (PhMessageIter  *self,
       GCancellable   *cancellable,
       GError        **error)
{
  if (self->command != NULL)
    return TRUE;
  if (!ph_session_may_block (self->session, error) || !ph_session_open (self->session, cancellable, error))
    return FALSE;

  self->command = make_command (self);
  enlist (self);
  ph_session_get_private (self->session)->n_iters++;
  self->counted = TRUE;
  g_queue_push_tail (&ph_session_get_private (self->session)->unsubmitted, g_object_ref (self->command));
  return TRUE;
}

/* @message: %NULL at the end, or with @error */
static void
take_or_wait (PhMessageIter  *self,
              PhMessage     **message,
              GCancellable   *cancellable,
              GError        **error)
{
  if (take (self, message, error))
    return;
  if (!ph_session_may_block (self->session, error) ||
      !ph_session_wait (self->session, has_news, self->command, cancellable, error))
    return;
  if (!take (self, message, error))
    g_set_error_literal (error, PH_ERROR, PH_ERROR_CLOSED, "The session ended before all messages came");
}

/**
 * ph_message_iter_next:
 * @self: an iterator
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Waits for the next message.
 *
 * Returns: (transfer full) (nullable): the message; %NULL without an error at the end
 */
PhMessage *
ph_message_iter_next (PhMessageIter  *self,
                      GCancellable   *cancellable,
                      GError        **error)
{
  PhMessage *message = NULL;

  g_return_val_if_fail (PH_IS_MESSAGE_ITER (self), NULL);

  if (!begin (self, cancellable, error))
    return NULL;
  take_or_wait (self, &message, cancellable, error);
  return message;
}

/**
 * ph_message_iter_next_borrowed: (skip)
 * @self: an iterator
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * [method@MessageIter.next] for programs that read some of a message and go on: its memory serves for the next one, unless the program has
 * taken a reference. To keep most of the messages, next () is cheaper, as it takes no more memory for each than it needs.
 *
 * Returns: (transfer none) (nullable): the message, valid until the next call; %NULL without an error at the end
 */
PhMessage *
ph_message_iter_next_borrowed (PhMessageIter  *self,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_return_val_if_fail (PH_IS_MESSAGE_ITER (self), NULL);

  if (!begin (self, cancellable, error))
    return NULL;
  self->lent = ph_command_pop_message (self->command, self->lent, &self->roomy);
  if (G_UNLIKELY (self->lent == NULL))
    take_or_wait (self, &self->lent, cancellable, error);
  return self->lent;
}

/**
 * ph_message_iter_next_async:
 * @self: an iterator that isn't waiting already
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when there is a message, or the end
 * @user_data: for @callback
 *
 * [method@MessageIter.next] without blocking. One call at a time: %G_IO_ERROR_PENDING.
 */
void
ph_message_iter_next_async (PhMessageIter       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  PhMessage *message = NULL;
  GError *error = NULL;

  g_return_if_fail (PH_IS_MESSAGE_ITER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ph_message_iter_next_async);
  if (self->waiting != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "The iterator is waiting already");
      return;
    }
  if (self->command == NULL)
    start (self, cancellable);
  if (!take (self, &message, &error))
    {
      self->waiting = g_steal_pointer (&task);
      ph_session_schedule (self->session);
      return;
    }

  /* what was taken makes room: the engine may read on */
  ph_session_schedule (self->session);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, message, (GDestroyNotify) ph_message_unref);
}

/**
 * ph_message_iter_next_finish:
 * @self: an iterator
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the message; %NULL without an error at the end
 */
PhMessage *
ph_message_iter_next_finish (PhMessageIter  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
