/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn notify: one line for whatever the server tells of any mailbox, by the NOTIFY extension's typed interface. */
#include "tool.h"

static int n_wanted;
static gboolean by_subtree;
static gboolean of_inboxes;
static gboolean of_subscribed;

static const GOptionEntry entries[] = {
  { "events", 'n', 0, G_OPTION_ARG_INT, &n_wanted, "End after N events", "N" },
  { "subtree", 0, 0, G_OPTION_ARG_NONE, &by_subtree, "Also of what is below MAILBOX", NULL },
  { "inboxes", 0, 0, G_OPTION_ARG_NONE, &of_inboxes, "Of mailboxes to which mail is delivered", NULL },
  { "subscribed", 0, 0, G_OPTION_ARG_NONE, &of_subscribed, "Of subscribed mailboxes", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

typedef struct {
  GMainLoop *loop;
  GError    *error;
  int        n_told;
} Listener;

static void
begin_event (const char *event, const char *mailbox)
{
  g_autofree char *clean = tool_clean (mailbox);

  if (!tool_options.json)
    {
      g_print ("%s %s", event, clean);
      return;
    }
  tool_json_open_object ();
  tool_json_member ("event", event);
  tool_json_member ("mailbox", mailbox);
}

static void
end_event (Listener *self)
{
  if (tool_options.json)
    {
      tool_json_close_object ();
      tool_json_end ();
    }
  else
    g_print ("\n");
  fflush (stdout);
  if (++self->n_told == n_wanted)
    g_main_loop_quit (self->loop);
}

static void
on_status (PhNotify *notify G_GNUC_UNUSED, PhMailboxStatus *status, gpointer data)
{
  static const char *const items[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", "HIGHESTMODSEQ" };

  begin_event ("status", ph_mailbox_status_get_name (status));
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *name = g_ascii_strdown (items[i], -1);
      guint64 value;

      if (!ph_mailbox_status_get_item (status, items[i], &value))
        continue;
      if (tool_options.json)
        tool_json_member_number (name, value);
      else
        g_print ("  %s %" G_GUINT64_FORMAT, name, value);
    }
  end_event (data);
}

static void
on_mailbox (PhNotify *notify G_GNUC_UNUSED, PhMailboxInfo *info, gpointer data)
{
  const char *old_name = ph_mailbox_info_get_old_name (info);
  const char *event = ph_mailbox_info_has_attribute (info, "\\NonExistent") ? "gone" : old_name != NULL ? "renamed" : "listed";

  begin_event (event, ph_mailbox_info_get_name (info));
  if (tool_options.json)
    {
      if (old_name != NULL)
        tool_json_member ("was", old_name);
      tool_json_member_words ("attributes", ph_mailbox_info_get_attributes (info));
    }
  else
    {
      g_autofree char *attributes = g_strjoinv (" ", (char **) ph_mailbox_info_get_attributes (info));
      g_autofree char *clean = tool_clean (attributes);
      g_autofree char *clean_old = tool_clean (old_name != NULL ? old_name : "");

      g_print ("%s%s%s%s", old_name != NULL ? "  was " : "", clean_old, *clean != '\0' ? "  " : "", clean);
    }
  end_event (data);
}

static void
on_metadata (PhNotify *notify G_GNUC_UNUSED, const char *mailbox, char **names, gpointer data)
{
  begin_event ("metadata", mailbox);
  if (tool_options.json)
    tool_json_member_words ("entries", (const char *const *) names);
  else
    for (char **name = names; *name != NULL; name++)
      {
        g_autofree char *clean = tool_clean (*name);

        g_print ("  %s", clean);
      }
  end_event (data);
}

static void
on_overflow (PhNotify *notify G_GNUC_UNUSED, PhReply *reply, gpointer data)
{
  Listener *self = data;

  if (self->error == NULL)
    g_set_error (&self->error, PH_ERROR, PH_ERROR_THROTTLED, "the server tells no more: %s", ph_reply_get_text (reply));
  g_main_loop_quit (self->loop);
}

static void
on_closed (PhSession *session, const GError *error, gpointer data)
{
  Listener *self = data;

  g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);
  if (!ph_store_is_restoring (PH_STORE (session)))
    g_main_loop_quit (self->loop);
}

static void
on_restoring (PhStore *store, GParamSpec *pspec G_GNUC_UNUSED, gpointer data)
{
  Listener *self = data;

  if (ph_store_is_restoring (store))
    tool_note ("the connection was lost; trying again");
  else if (ph_session_is_open (PH_SESSION (store)))
    g_clear_error (&self->error);
  else
    g_main_loop_quit (self->loop);
}

static gboolean
on_interrupt (GCancellable *cancellable G_GNUC_UNUSED, gpointer data)
{
  g_main_loop_quit (((Listener *) data)->loop);
  return G_SOURCE_REMOVE;
}

static PhNotifyRequest *
make_request (char **mailboxes)
{
  PhNotifyRequest *request = ph_notify_request_new ();
  PhNotifyEvents events = PH_NOTIFY_FLAGS | PH_NOTIFY_NAMES | PH_NOTIFY_SUBSCRIPTIONS;

  if (of_inboxes)
    ph_notify_request_add (request, PH_NOTIFY_INBOXES, NULL, events);
  if (of_subscribed)
    ph_notify_request_add (request, PH_NOTIFY_SUBSCRIBED, NULL, events);
  if (*mailboxes != NULL)
    ph_notify_request_add (request, by_subtree ? PH_NOTIFY_SUBTREE : PH_NOTIFY_MAILBOXES, (const char *const *) mailboxes, events);
  else if (!of_inboxes && !of_subscribed)
    ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, events);
  return request;
}

/* How the mailboxes stand comes first, as a line each. */
static gboolean
begin (Listener *self, PhStore *store, char **mailboxes)
{
  g_autoptr (PhNotifyRequest) request = make_request (mailboxes);
  g_autoptr (GPtrArray) statuses = NULL;
  PhExtension *extension;

  extension = ph_session_require_extension (PH_SESSION (store), PH_TYPE_NOTIFY, tool_cancellable (), &self->error);
  if (extension == NULL)
    {
      if (g_error_matches (self->error, PH_ERROR, PH_ERROR_NOT_SUPPORTED))
        g_prefix_error_literal (&self->error, "try posthorn watch: ");
      return FALSE;
    }
  g_signal_connect (extension, "status", G_CALLBACK (on_status), self);
  g_signal_connect (extension, "mailbox", G_CALLBACK (on_mailbox), self);
  g_signal_connect (extension, "metadata", G_CALLBACK (on_metadata), self);
  g_signal_connect (extension, "overflow", G_CALLBACK (on_overflow), self);
  statuses = ph_notify_set (PH_NOTIFY (extension), request, TRUE, tool_cancellable (), &self->error);
  if (statuses == NULL)
    return FALSE;
  for (guint i = 0; i < statuses->len && (n_wanted == 0 || self->n_told < n_wanted); i++)
    on_status (NULL, g_ptr_array_index (statuses, i), self);
  tool_note ("listening");
  return TRUE;
}

static void
listen_until_the_end (Listener *self, PhStore *store)
{
  g_autoptr (GSource) interrupt = g_cancellable_source_new (tool_cancellable ());

  g_source_set_callback (interrupt, (GSourceFunc) (void (*) (void)) on_interrupt, self, NULL);
  g_source_attach (interrupt, NULL);
  g_signal_connect (store, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (store, "notify::restoring", G_CALLBACK (on_restoring), self);
  ph_store_set_watch (store, TRUE);
  ph_store_set_restore (store, TRUE);
  g_main_loop_run (self->loop);
  ph_store_set_restore (store, FALSE);
  g_source_destroy (interrupt);
  g_signal_handlers_disconnect_by_data (store, self);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Listener self = { .loop = loop };
  PhExtension *extension;
  int status = 0;

  if (store == NULL)
    return tool_fail (error);
  if (begin (&self, store, args + 1) && (n_wanted == 0 || self.n_told < n_wanted))
    listen_until_the_end (&self, store);
  extension = ph_session_get_extension (PH_SESSION (store), PH_TYPE_NOTIFY);
  if (extension != NULL)
    g_signal_handlers_disconnect_by_data (extension, &self);
  /* to be interrupted is how it ends */
  if (self.error != NULL && !g_cancellable_is_cancelled (tool_cancellable ()) && (n_wanted == 0 || self.n_told < n_wanted))
    status = tool_fail (self.error);
  g_clear_error (&self.error);
  return status;
}

const ToolCommand tool_notify_command = {
  .name = "notify",
  .arguments = "URI [MAILBOX…]",
  .summary = "Print one line for whatever the server tells of any mailbox",
  .help = "Asks the server to tell by itself (NOTIFY, RFC 5465) of the named mailboxes, of all personal ones if none is named, and prints how each\n"
          "stands, then: status MAILBOX COUNTS, listed MAILBOX, renamed MAILBOX was OLD, gone MAILBOX. Ends by Ctrl-C. Where the server has\n"
          "no NOTIFY, posthorn watch follows mailboxes by other means. A lost connection is restored.\n"
          "\n"
          "Examples:\n"
          "  posthorn notify imaps://alice@mail.example.org\n"
          "  posthorn notify imaps://alice@mail.example.org --subtree Lists --json\n"
          "\n"
          "Exit codes: 0 interrupted, or after --events; 69 (EX_UNAVAILABLE) the server has no NOTIFY; man posthorn has all.",
  .min_args = 1,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
