/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of a PhMessageList: those that somebody holds, those that are kept, and fetching what they show. */
#include "ph-message-list-data.h"

#include "contracts/ph-command-private.h"

/* Windows of rows that are kept though nobody holds them */
#define KEPT_WINDOWS 4

#define KEY(uid) GUINT_TO_POINTER (uid)

static void
on_row_gone (gpointer data,
             GObject *row)
{
  g_hash_table_remove (((PhMessageList *) data)->rows, KEY (ph_message_row_get_uid (PH_MESSAGE_ROW (row))));
}

void
ph_message_list_forget_row (PhMessageList *self,
                            guint32        uid)
{
  PhMessageRow *row = g_hash_table_lookup (self->rows, KEY (uid));

  if (row == NULL)
    return;
  g_hash_table_remove (self->rows, KEY (uid));
  g_object_weak_unref (G_OBJECT (row), on_row_gone, self);
  if (g_queue_remove (&self->kept, row))
    g_object_unref (row);
}

PhMessageRow *
ph_message_list_hold_row (PhMessageList *self,
                          guint32        uid)
{
  PhMessageRow *row = g_hash_table_lookup (self->rows, KEY (uid));

  if (row != NULL)
    return g_object_ref (row);
  row = ph_message_row_new (uid);
  g_hash_table_insert (self->rows, KEY (uid), row);
  g_object_weak_ref (G_OBJECT (row), on_row_gone, self);
  return row;
}

static void
keep (PhMessageList *self,
      PhMessageRow  *row)
{
  if (g_queue_find (&self->kept, row) == NULL)
    g_queue_push_tail (&self->kept, g_object_ref (row));
  while (g_queue_get_length (&self->kept) > MAX (self->window, 1) * KEPT_WINDOWS)
    g_object_unref (g_queue_pop_head (&self->kept));
}

void
ph_message_list_forget_rows (PhMessageList *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_object_weak_unref (row, on_row_gone, self);
  g_hash_table_remove_all (self->rows);
  g_queue_clear_full (&self->kept, g_object_unref);
  g_array_set_size (self->wanted, 0);
}

/* --- fetching --- */

static void schedule (PhMessageList *self);

static void
on_messages (PhSession *session G_GNUC_UNUSED,
             PhCommand *command,
             gpointer   data)
{
  g_autoptr (PhMessageList) self = g_weak_ref_get (data);
  PhMessage *message;

  while ((message = ph_command_pop_item (command)) != NULL)
    {
      guint32 uid = ph_message_get_uid (message);

      if (self != NULL && ph_uid_map_get_number (self->map, uid) != 0)
        {
          g_autoptr (PhMessageRow) row = ph_message_list_hold_row (self, uid);

          ph_message_row_take (row, message);
          keep (self, row);
        }
      ph_message_unref (message);
    }
}

static void
on_fetched (PhSession *session,
            PhCommand *command,
            gpointer   data)
{
  g_autoptr (PhMessageList) self = NULL;

  on_messages (session, command, data);
  self = g_weak_ref_get (data);
  if (self == NULL)
    return;
  self->fetching = FALSE;
  g_hash_table_remove_all (self->asked);
  if (ph_command_get_error (command) != NULL)
    ph_message_list_emit_failed (self, ph_command_get_error (command));
  if (self->wanted->len > 0)
    schedule (self);
}

void
ph_message_list_free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
ask_for (PhMessageList *self,
         PhMessageSet  *set,
         guint32        uid)
{
  PhMessageRow *row = g_hash_table_lookup (self->rows, KEY (uid));

  if (uid == 0 || (row != NULL && ph_message_row_get_message (row) != NULL) || g_hash_table_size (self->asked) >= PH_LIST_MAX_ROWS)
    return;
  if (g_hash_table_add (self->asked, KEY (uid)))
    ph_message_set_add (set, uid);
}

/* What was looked at last first; then what is around it. */
static PhMessageSet *
choose (PhMessageList *self)
{
  PhMessageSet *set = ph_message_set_new (TRUE);
  guint32 count = ph_uid_map_get_count (self->map);
  guint n = MIN (self->wanted->len, PH_LIST_MAX_ROWS);
  guint first = self->wanted->len - n;
  guint32 middle = n > 0 ? ph_uid_map_get_number (self->map, g_array_index (self->wanted, guint32, self->wanted->len - 1)) : 0;

  for (guint i = 0; i < n; i++)
    ask_for (self, set, g_array_index (self->wanted, guint32, first + i));
  for (guint i = 1; middle != 0 && i <= self->window / 2; i++)
    {
      if (middle > i)
        ask_for (self, set, ph_uid_map_get_uid (self->map, middle - i));
      if (middle + i <= count)
        ask_for (self, set, ph_uid_map_get_uid (self->map, middle + i));
    }
  g_array_set_size (self->wanted, 0);
  return set;
}

static gboolean
fetch (gpointer data)
{
  PhMessageList *self = data;
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (PH_SESSION (self->store)));
  g_autoptr (PhMessageSet) set = choose (self);
  g_autoptr (PhCommand) command = NULL;
  GWeakRef *weak;

  g_clear_pointer (&self->idle, g_source_unref);
  if (ph_message_set_is_empty (set))
    return G_SOURCE_REMOVE;
  self->fetching = TRUE;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  command = PH_STORE_ENGINE_GET_IFACE (engine)->make_fetch (engine, set, self->items | PH_FETCH_UID, NULL, NULL);
  ph_session_start (PH_SESSION (self->store), command, NULL, on_messages, on_fetched, weak, ph_message_list_free_weak);
  return G_SOURCE_REMOVE;
}

/* Behind the view's own work, so that all rows of a page are asked for at once */
static void
schedule (PhMessageList *self)
{
  g_autoptr (GMainContext) context = NULL;

  if (self->idle != NULL || self->fetching)
    return;
  context = g_main_context_ref_thread_default ();
  self->idle = g_idle_source_new ();
  g_source_set_priority (self->idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->idle, fetch, self, NULL);
  g_source_attach (self->idle, context);
}

void
ph_message_list_want_row (PhMessageList *self,
                          PhMessageRow  *row)
{
  guint32 uid = ph_message_row_get_uid (row);

  if (ph_message_row_get_message (row) == NULL && !g_hash_table_contains (self->asked, KEY (uid)))
    {
      /* what scrolled past isn't worth fetching any more */
      if (self->wanted->len >= PH_LIST_MAX_ROWS * 2)
        g_array_remove_range (self->wanted, 0, PH_LIST_MAX_ROWS);
      g_array_append_val (self->wanted, uid);
      schedule (self);
    }
}
