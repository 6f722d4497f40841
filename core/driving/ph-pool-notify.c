/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pool's watching by NOTIFY (RFC 5465): one connection is told of all mailboxes. It has the first of them selected and stays in IDLE, so that
 * it is restored after a loss like any other that watches; the extension then asks again, and what the answer tells is compared.
 *
 * A server that gives up telling leaves the other two ways.
 */
#include "ph-pool-watch.h"

/* Names beyond so many octets are asked after: servers take lines of 8,000 (RFC 2683 section 3.2.1.5) */
#define MAX_NAMES 6000

static PhWatched *
find (PhPoolWatch *self,
      const char  *name)
{
  for (guint i = 0; i < self->watched->len; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);

      if (g_str_equal (watched->name, name) || (g_ascii_strcasecmp (name, "INBOX") == 0 && g_ascii_strcasecmp (watched->name, "INBOX") == 0))
        return watched;
    }
  return NULL;
}

/* What is told has what changed; the rest stays, but for UNSEEN, which may have changed untold. (transfer full) */
static PhMailboxStatus *
merge (PhMailboxStatus *before,
       PhMailboxStatus *told)
{
  static const char *const names[] = { "MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN" };
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint64 value;

      if (!ph_mailbox_status_get_item (told, names[i], &value) &&
          (before == NULL || g_str_equal (names[i], "UNSEEN") || !ph_mailbox_status_get_item (before, names[i], &value)))
        continue;
      g_ptr_array_add (values, ph_value_new_atom (names[i]));
      g_ptr_array_add (values, ph_value_new_number (value));
    }
  list = ph_value_new_array (values);
  return ph_mailbox_status_new (ph_mailbox_status_get_name (told), list);
}

static void
on_status (PhPoolWatch     *self,
           PhMailboxStatus *told)
{
  PhWatched *watched = find (self, ph_mailbox_status_get_name (told));
  g_autoptr (PhMailboxStatus) status = NULL;
  gboolean is_news;

  if (watched == NULL || watched->gone || watched->store != NULL)
    return;
  status = merge (watched->status, told);
  /* behind a restored connection all are told, whether they changed or not */
  is_news = !ph_store_is_restoring (self->asking) || watched->status == NULL || ph_pool_watch_differ (watched->status, status);
  g_clear_pointer (&watched->status, ph_mailbox_status_unref);
  watched->status = ph_mailbox_status_ref (status);
  if (is_news)
    ph_store_pool_emit_news (self->pool, watched->name, status);
}

static void
give_up (PhPoolWatch *self,
         PhWatched   *watched,
         PhError      code,
         const char  *why)
{
  g_autoptr (GError) error = ph_error_new (code, NULL, NULL, "“%s” %s", watched->name, why);

  watched->gone = TRUE;
  ph_store_pool_emit_failed (self->pool, watched->name, error);
}

static void
on_mailbox (PhPoolWatch   *self,
            PhMailboxInfo *info)
{
  const char *old_name = ph_mailbox_info_get_old_name (info);
  PhWatched *watched = find (self, old_name != NULL ? old_name : ph_mailbox_info_get_name (info));

  if (watched == NULL || watched->gone || watched->store != NULL)
    return;
  if (old_name != NULL)
    give_up (self, watched, PH_ERROR_NO_MAILBOX, "was renamed");
  else if (ph_mailbox_info_has_attribute (info, "\\NonExistent"))
    give_up (self, watched, PH_ERROR_NO_MAILBOX, "was deleted");
  else if (ph_mailbox_info_has_attribute (info, "\\NoAccess"))
    give_up (self, watched, PH_ERROR_NO_PERMISSION, "can’t be watched: access to it was refused");
}

static void
on_overflow (PhPoolWatch *self)
{
  ph_pool_notify_end (self);
  ph_pool_watch_spread (self);
}

/* (transfer full) */
static PhNotifyRequest *
make_request (PhPoolWatch *self)
{
  PhNotifyRequest *request = ph_notify_request_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gsize octets = 0;

  for (guint i = 0; i < self->watched->len && octets < MAX_NAMES; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);

      octets += 2 * strlen (watched->name) + 3;
      g_ptr_array_add (names, watched->name);
    }
  g_ptr_array_add (names, NULL);
  ph_notify_request_add (request, PH_NOTIFY_SELECTED_DELAYED, NULL, PH_NOTIFY_FLAGS);
  return ph_notify_request_add (request, PH_NOTIFY_MAILBOXES, (const char *const *) names->pdata, PH_NOTIFY_FLAGS | PH_NOTIFY_NAMES);
}

/* The first that is there, which keeps the connection busy listening and has it restored */
static void
follow_first (PhPoolWatch *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);

      if (!watched->told || watched->gone)
        continue;
      self->asking_follows = TRUE;
      ph_pool_watch_follow (watched, self->asking);
      return;
    }
}

/* Whatever has no status is asked after: it does not exist, or the server did not think it worth telling. */
static void
begin_following (PhPoolWatch *self,
                 GPtrArray   *statuses)
{
  for (guint i = 0; i < statuses->len; i++)
    {
      PhMailboxStatus *status = g_ptr_array_index (statuses, i);
      PhWatched *watched = find (self, ph_mailbox_status_get_name (status));

      if (watched == NULL)
        continue;
      watched->told = TRUE;
      g_clear_pointer (&watched->status, ph_mailbox_status_unref);
      watched->status = ph_mailbox_status_ref (status);
    }
  follow_first (self);
  ph_pool_watch_poll (self);
}

static void
on_set (GObject      *source G_GNUC_UNUSED,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr (GPtrArray) statuses = NULL;
  PhPoolWatch *self = data;

  if (ph_pool_watch_is_over (result) || self->notify == NULL)
    return;
  statuses = ph_notify_set_finish (self->notify, result, NULL);
  if (statuses != NULL)
    begin_following (self, statuses);
  else
    on_overflow (self);
}

gboolean
ph_pool_notify_begin (PhPoolWatch *self)
{
  PhExtension *extension = ph_session_get_extension (PH_SESSION (self->asking), PH_TYPE_NOTIFY);
  g_autoptr (PhNotifyRequest) request = NULL;

  if (extension == NULL)
    return FALSE;
  self->notify = g_object_ref (PH_NOTIFY (extension));
  g_signal_connect_swapped (self->notify, "status", G_CALLBACK (on_status), self);
  g_signal_connect_swapped (self->notify, "mailbox", G_CALLBACK (on_mailbox), self);
  g_signal_connect_swapped (self->notify, "overflow", G_CALLBACK (on_overflow), self);
  request = make_request (self);
  ph_notify_set_async (self->notify, request, TRUE, self->cancellable, on_set, self);
  return TRUE;
}

void
ph_pool_notify_end (PhPoolWatch *self)
{
  if (self->notify == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->notify, self);
  g_clear_object (&self->notify);
  for (guint i = 0; i < self->watched->len; i++)
    ((PhWatched *) g_ptr_array_index (self->watched, i))->told = FALSE;
}

void
ph_pool_notify_lost (PhPoolWatch  *self,
                     const GError *error)
{
  g_autoptr (PhStorePool) pool = g_object_ref (self->pool);

  if (self->notify == NULL)
    return;
  if (ph_session_is_open (PH_SESSION (self->asking)))
    {
      follow_first (self);
      return;
    }
  /* a handler may end the watch */
  for (guint i = 0; pool->watch == self && i < self->watched->len; i++)
    {
      PhWatched *watched = g_ptr_array_index (self->watched, i);
      g_autofree char *name = g_strdup (watched->name);

      if (!watched->told || watched->gone)
        continue;
      watched->gone = TRUE;
      ph_store_pool_emit_failed (pool, name, error);
    }
}
