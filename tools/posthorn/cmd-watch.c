/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn watch: one line per event, as it happens. */
#include "tool.h"

static int n_wanted;

static const GOptionEntry entries[] = {
  { "events", 'n', 0, G_OPTION_ARG_INT, &n_wanted, "End after N events", "N" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

typedef struct
{
  GMainLoop *loop;
  GError *error;
  int n_told;
  guint n_fetching; /* new messages whose envelope is on its way */
} Watch;

static void
end_event (Watch *watch)
{
  if (tool_options.json)
    {
      tool_json_close_object ();
      tool_json_end ();
    }
  fflush (stdout);
  watch->n_told++;
  if (n_wanted > 0 && watch->n_told >= n_wanted)
    g_main_loop_quit (watch->loop);
}

static void
begin_event (const char *event, const char *mailbox)
{
  if (!tool_options.json)
    return;
  tool_json_open_object ();
  tool_json_member ("event", event);
  tool_json_member ("mailbox", mailbox);
}

static void
tell_message (Watch *watch, const char *event, PhMailbox *mailbox, guint uid)
{
  begin_event (event, ph_mailbox_get_name (mailbox));
  if (tool_options.json)
    tool_json_member_number ("uid", uid);
  else if (uid != 0)
    g_print ("%s %u\n", event, uid);
  else
    g_print ("%s ?\n", event);
  end_event (watch);
}

static char *
format_sender (PhMessageEnvelope *envelope)
{
  g_autoptr (GPtrArray) from = envelope != NULL ? ph_message_envelope_get_from (envelope) : NULL;

  return from != NULL && from->len > 0 ? ph_address_to_string (g_ptr_array_index (from, 0)) : g_strdup ("");
}

static void
on_message (GObject *source, GAsyncResult *result, gpointer data)
{
  Watch *watch = data;
  g_autoptr (PhMessage) message = ph_store_fetch_one_finish (PH_STORE (source), result, NULL);
  PhMailbox *mailbox = ph_store_get_selected (PH_STORE (source));
  g_autoptr (PhMessageEnvelope) envelope = message != NULL ? ph_message_get_envelope (message) : NULL;
  g_autofree char *sender = format_sender (envelope);
  const char *subject = envelope != NULL ? ph_message_envelope_get_subject (envelope) : NULL;
  g_autofree char *clean_sender = tool_clean (sender);
  g_autofree char *clean_subject = tool_clean (subject != NULL ? subject : "");

  watch->n_fetching--;
  if (message == NULL)
    return; /* it was removed at once, and that is told as well */
  begin_event ("added", mailbox != NULL ? ph_mailbox_get_name (mailbox) : "");
  if (tool_options.json)
    {
      tool_json_member_number ("uid", ph_message_get_uid (message));
      tool_json_member ("from", sender);
      tool_json_member ("subject", subject != NULL ? subject : "");
    }
  else
    g_print ("added %u  %s  %s\n", ph_message_get_uid (message), clean_sender, clean_subject);
  end_event (watch);
}

static void
on_added (PhMailbox *mailbox, guint number G_GNUC_UNUSED, guint uid, gpointer data)
{
  Watch *watch = data;
  PhStore *store = g_object_get_data (G_OBJECT (mailbox), "store");

  watch->n_fetching++;
  ph_store_fetch_one_async (store, uid, PH_FETCH_ENVELOPE, tool_cancellable (), on_message, watch);
}

static void
on_removed (PhMailbox *mailbox, guint number G_GNUC_UNUSED, guint uid, gpointer data)
{
  tell_message (data, "removed", mailbox, uid);
}

static void
on_flags (PhMailbox *mailbox, PhMessage *message, gpointer data)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autofree char *words = flags != NULL ? g_strjoinv (" ", flags) : g_strdup ("");
  g_autofree char *clean = tool_clean (words);
  guint uid = ph_message_get_uid (message);

  if (uid == 0)
    uid = ph_mailbox_get_uid (mailbox, ph_message_get_number (message));
  begin_event ("flags", ph_mailbox_get_name (mailbox));
  if (tool_options.json)
    {
      tool_json_member_number ("uid", uid);
      tool_json_member_words ("flags", (const char *const *) flags);
    }
  else
    g_print ("flags %u  %s\n", uid, clean);
  end_event (data);
}

static void
on_reset (PhMailbox *mailbox, guint before G_GNUC_UNUSED, gpointer data)
{
  begin_event ("reset", ph_mailbox_get_name (mailbox));
  if (!tool_options.json)
    g_print ("reset\n");
  end_event (data);
}

static void
on_restoring (PhStore *store, GParamSpec *pspec G_GNUC_UNUSED, gpointer data)
{
  Watch *watch = data;

  if (ph_store_is_restoring (store))
    {
      tool_note ("the connection was lost; trying again");
      return;
    }
  if (ph_store_get_selected (store) != NULL)
    return;
  if (watch->error == NULL)
    g_set_error (&watch->error, PH_ERROR, PH_ERROR_CLOSED, "the connection was lost and can't be restored");
  g_main_loop_quit (watch->loop);
}

static void
on_closed (PhSession *session G_GNUC_UNUSED, const GError *error, gpointer data)
{
  Watch *watch = data;

  g_clear_error (&watch->error);
  if (error != NULL)
    watch->error = g_error_copy (error);
}

static void
on_selected (GObject *source, GAsyncResult *result, gpointer data)
{
  Watch *watch = data;
  g_autoptr (PhMailbox) mailbox = ph_store_examine_finish (PH_STORE (source), result, &watch->error);

  if (mailbox == NULL)
    {
      g_main_loop_quit (watch->loop);
      return;
    }
  g_object_set_data (G_OBJECT (mailbox), "store", source);
  g_signal_connect (mailbox, "message-added", G_CALLBACK (on_added), watch);
  g_signal_connect (mailbox, "message-removed", G_CALLBACK (on_removed), watch);
  g_signal_connect (mailbox, "flags-changed", G_CALLBACK (on_flags), watch);
  g_signal_connect (mailbox, "uid-validity-changed", G_CALLBACK (on_reset), watch);
  g_signal_connect (source, "notify::restoring", G_CALLBACK (on_restoring), watch);
  tool_note ("watching %s: %u messages", ph_mailbox_get_name (mailbox), ph_mailbox_get_n_messages (mailbox));
}

/* --- several mailboxes --- */

static void
on_news (PhStorePool *pool G_GNUC_UNUSED, const char *mailbox, PhMailboxStatus *status, gpointer data)
{
  g_autofree char *clean = tool_clean (mailbox);

  begin_event ("news", mailbox);
  if (tool_options.json)
    {
      tool_json_member_number ("messages", ph_mailbox_status_get_n_messages (status));
      tool_json_member_number ("uidnext", ph_mailbox_status_get_uid_next (status));
    }
  else
    g_print ("news %s  %u messages\n", clean, ph_mailbox_status_get_n_messages (status));
  end_event (data);
}

static void
on_failed (PhStorePool *pool, const char *mailbox, const GError *error, gpointer data)
{
  Watch *watch = data;

  if (watch->error == NULL)
    watch->error = g_error_copy (error);
  else
    tool_note ("%s: %s", mailbox, error->message);
  g_main_loop_quit (watch->loop);
}

static gboolean
on_interrupt (GCancellable *cancellable G_GNUC_UNUSED, gpointer data)
{
  g_main_loop_quit (((Watch *) data)->loop);
  return G_SOURCE_REMOVE;
}

static void
follow (Watch *watch, PhStore *store, char **mailboxes)
{
  g_autoptr (PhStorePool) pool = NULL;
  g_autoptr (GSource) interrupt = g_cancellable_source_new (tool_cancellable ());

  g_source_set_callback (interrupt, (GSourceFunc) (void (*) (void)) on_interrupt, watch, NULL);
  g_source_attach (interrupt, NULL);
  if (g_strv_length (mailboxes) > 1)
    {
      pool = ph_store_pool_new (store);
      g_signal_connect (pool, "news", G_CALLBACK (on_news), watch);
      g_signal_connect (pool, "failed", G_CALLBACK (on_failed), watch);
      ph_store_pool_watch (pool, (const char *const *) mailboxes);
      tool_note ("watching %u mailboxes", g_strv_length (mailboxes));
    }
  else
    {
      ph_store_set_watch (store, TRUE);
      ph_store_set_restore (store, TRUE);
      g_signal_connect (store, "closed", G_CALLBACK (on_closed), watch);
      ph_store_examine_async (store, mailboxes[0] != NULL ? mailboxes[0] : "INBOX", tool_cancellable (), on_selected, watch);
    }
  g_main_loop_run (watch->loop);
  g_source_destroy (interrupt);
  ph_store_set_restore (store, FALSE);
  /* the goodbye is no event */
  g_signal_handlers_disconnect_by_data (store, watch);
  if (ph_store_get_selected (store) != NULL)
    g_signal_handlers_disconnect_by_data (ph_store_get_selected (store), watch);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch watch = { .loop = loop };
  int status = 0;

  if (store == NULL)
    return tool_fail (error);
  follow (&watch, store, args + 1);
  /* to be interrupted is how it ends */
  if (watch.error != NULL && !g_cancellable_is_cancelled (tool_cancellable ()) && (n_wanted == 0 || watch.n_told < n_wanted))
    status = tool_fail (watch.error);
  g_clear_error (&watch.error);
  return status;
}

const ToolCommand tool_watch_command = {
  .name = "watch",
  .arguments = "URI [MAILBOX…]",
  .summary = "Print one line per event as mail comes and goes",
  .help = "Follows one mailbox (INBOX if none is named) by IDLE, or by asking every minute, and prints what happens in it: added UID FROM\n"
          "SUBJECT, removed UID, flags UID FLAGS. Of several mailboxes it prints which has news, by NOTIFY over one connection where the\n"
          "server has it. A lost connection is restored, and\n"
          "what happened meanwhile is printed then. Ends by Ctrl-C.\n"
          "\n"
          "Examples:\n"
          "  posthorn watch imaps://alice@mail.example.org\n"
          "  posthorn watch imaps://alice@mail.example.org INBOX Lists/gtk --json\n"
          "  posthorn watch imaps://alice@mail.example.org --events=1 && notify-send 'Mail'\n"
          "\n"
          "Exit codes: 0 interrupted, or after --events; 69 (EX_UNAVAILABLE) no such mailbox, 77 (EX_NOPERM) login refused;\n"
          "man posthorn has all.",
  .min_args = 1,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
