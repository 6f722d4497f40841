/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NOTIFY (RFC 5465 sections 3.1 and 8):
 *
 *   notify       = "NOTIFY" SP ("SET" [SP "STATUS"] SP event-groups / "NONE")
 *   event-groups = "(" filter-mailboxes SP events ")" *(SP ...)
 *   filter-mailboxes = "SELECTED" / "SELECTED-DELAYED" / "INBOXES" / "PERSONAL" / "SUBSCRIBED" /
 *                      ("SUBTREE" / "MAILBOXES") SP (mailbox / "(" mailbox *(SP mailbox) ")")
 *   events       = "(" event *(SP event) ")" / "NONE"
 *   event        = "MessageNew" [SP "(" fetch-att *(SP fetch-att) ")"] / "MessageExpunge" / "FlagChange" / ...
 *
 * The STATUS responses that come while it runs are its result: they tell how the mailboxes stand.
 */
#include "notify-command.h"

#include <string.h>

#define MESSAGE_EVENTS (PH_NOTIFY_MESSAGES | PH_NOTIFY_FLAGS | PH_NOTIFY_ANNOTATIONS)

typedef struct {
  PhCommand        parent;

  PhImapNotify    *notify;
  PhNotifyRequest *request;   /* NULL: NONE */
  gboolean         status;
  gboolean         again;
  GPtrArray       *statuses;
} PhImapNotifyCommand;

typedef PhCommandClass PhImapNotifyCommandClass;

GType ph_imap_notify_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapNotifyCommand, ph_imap_notify_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static const char *const scopes[] = { "SELECTED", "SELECTED-DELAYED", "PERSONAL", "INBOXES", "SUBSCRIBED", "SUBTREE", "MAILBOXES" };

static const struct {
  PhNotifyEvents event;
  const char    *name;
} events[] = {
  { PH_NOTIFY_FLAGS, "FlagChange" },
  { PH_NOTIFY_ANNOTATIONS, "AnnotationChange" },
  { PH_NOTIFY_NAMES, "MailboxName" },
  { PH_NOTIFY_SUBSCRIPTIONS, "SubscriptionChange" },
  { PH_NOTIFY_METADATA, "MailboxMetadataChange" },
  { PH_NOTIFY_SERVER_METADATA, "ServerMetadataChange" },
};

static gboolean
is_selected (PhNotifyScope scope)
{
  return scope == PH_NOTIFY_SELECTED || scope == PH_NOTIFY_SELECTED_DELAYED;
}

static gboolean
is_balanced (const char *items)
{
  int depth = 0;

  for (; *items != '\0' && depth >= 0; items++)
    depth += (*items == '(') - (*items == ')');
  return depth == 0;
}

/* What the grammar doesn't have; NULL: all is well. */
static const char *
find_fault (PhNotifyRequest *request)
{
  const char *fetch = ph_notify_request_get_fetch (request);
  guint       n_selected = 0;

  for (guint i = 0; i < ph_notify_request_get_n_groups (request); i++)
    {
      PhNotifyScope scope = ph_notify_request_get_scope (request, i);
      gboolean      named = scope == PH_NOTIFY_SUBTREE || scope == PH_NOTIFY_MAILBOXES;

      n_selected += is_selected (scope);
      if ((guint) scope >= G_N_ELEMENTS (scopes))
        return "there is no such scope";
      if (named != (ph_notify_request_get_mailboxes (request, i) != NULL))
        return named ? "it names no mailbox" : "it names mailboxes where none can be named";
      if (is_selected (scope) && (ph_notify_request_get_events (request, i) & ~(guint) MESSAGE_EVENTS) != 0)
        return "of the selected mailbox only messages, flags and annotations can be told";
    }
  if (ph_notify_request_get_n_groups (request) == 0)
    return "it has no groups";
  if (n_selected > 1)
    return "it has the selected mailbox twice";
  if (fetch != NULL && (n_selected == 0 || !is_balanced (fetch)))
    return n_selected == 0 ? "only of the selected mailbox messages can be sent along" : "its parentheses don’t match";
  return NULL;
}

/* The UID is what every program needs to know which message it is. */
static void
write_fetch (PhWriter *writer, const char *fetch)
{
  g_auto (GStrv) words = g_strsplit (fetch, " ", -1);
  gboolean       has_uid = FALSE;

  for (char **word = words; *word != NULL; word++)
    has_uid = has_uid || g_ascii_strcasecmp (*word, "UID") == 0;
  ph_writer_open (writer);
  if (!has_uid)
    ph_writer_atom (writer, "UID");
  ph_writer_line (writer, fetch);
  ph_writer_close (writer);
}

/* MessageNew and MessageExpunge go together, and before all that is told of messages (RFC 5465 section 5). */
static void
write_events (PhWriter *writer, PhNotifyEvents wanted, const char *fetch)
{
  if (wanted == PH_NOTIFY_NOTHING)
    {
      ph_writer_atom (writer, "NONE");
      return;
    }

  ph_writer_open (writer);
  if ((wanted & MESSAGE_EVENTS) != 0)
    {
      ph_writer_atom (writer, "MessageNew");
      if (fetch != NULL)
        write_fetch (writer, fetch);
      ph_writer_atom (writer, "MessageExpunge");
    }
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    if ((wanted & events[i].event) != 0)
      ph_writer_atom (writer, events[i].name);
  ph_writer_close (writer);
}

static void
write_mailboxes (PhWriter *writer, const char *const *mailboxes)
{
  gboolean several = mailboxes[1] != NULL;

  if (several)
    ph_writer_open (writer);
  for (; *mailboxes != NULL; mailboxes++)
    ph_writer_mailbox (writer, *mailboxes);
  if (several)
    ph_writer_close (writer);
}

static void
write_group (PhWriter *writer, PhNotifyRequest *request, guint index)
{
  PhNotifyScope      scope = ph_notify_request_get_scope (request, index);
  const char *const *mailboxes = ph_notify_request_get_mailboxes (request, index);

  ph_writer_open (writer);
  ph_writer_atom (writer, scopes[scope]);
  if (mailboxes != NULL)
    write_mailboxes (writer, mailboxes);
  write_events (writer, ph_notify_request_get_events (request, index), is_selected (scope) ? ph_notify_request_get_fetch (request) : NULL);
  ph_writer_close (writer);
}

static void
ph_imap_notify_command_write (PhCommand *command, PhWriter *writer)
{
  PhImapNotifyCommand *self = (PhImapNotifyCommand *) command;
  const char          *fault = self->request != NULL ? find_fault (self->request) : NULL;

  if (fault != NULL)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "The request can’t be sent: %s", fault));
      return;
    }
  ph_writer_atom (writer, "NOTIFY");
  ph_writer_atom (writer, self->request != NULL ? "SET" : "NONE");
  if (self->request == NULL)
    return;
  if (self->status)
    ph_writer_atom (writer, "STATUS");
  for (guint i = 0; i < ph_notify_request_get_n_groups (self->request); i++)
    write_group (writer, self->request, i);
}

/* On a new connection they are news of the time between. */
static gboolean
ph_imap_notify_command_receive (PhCommand *command, const PhResponse *response)
{
  PhImapNotifyCommand *self = (PhImapNotifyCommand *) command;
  const PhValue       *first = ph_value_first (ph_response_get_values (response));
  g_autofree char     *name = NULL;

  if (!self->status || self->again || g_strcmp0 (ph_response_get_name (response), "STATUS") != 0)
    return FALSE;
  name = ph_extension_decode_mailbox ((PhExtension *) self->notify, first);
  if (name == NULL)
    return FALSE;
  g_ptr_array_add (self->statuses, ph_mailbox_status_new (name, ph_value_next (first)));
  return TRUE;
}

static gboolean
ph_imap_notify_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  PhImapNotifyCommand *self = (PhImapNotifyCommand *) command;

  ph_imap_notify_accepted (self->notify, self->request);
  if (self->request != NULL)
    ph_command_take_boxed (command, G_TYPE_PTR_ARRAY, g_steal_pointer (&self->statuses));
  return TRUE;
}

static GError *
ph_imap_notify_command_refuse (PhCommand *command, PhReply *reply)
{
  PhImapNotifyCommand *self = (PhImapNotifyCommand *) command;

  if (self->again)
    ph_imap_notify_lost (self->notify, reply);
  return NULL;
}

static void
ph_imap_notify_command_finalize (GObject *object)
{
  PhImapNotifyCommand *self = (PhImapNotifyCommand *) (gpointer) object;

  g_object_unref (self->notify);
  g_clear_object (&self->request);
  g_clear_pointer (&self->statuses, g_ptr_array_unref);
  G_OBJECT_CLASS (ph_imap_notify_command_parent_class)->finalize (object);
}

static void
ph_imap_notify_command_class_init (PhImapNotifyCommandClass *klass)
{
  klass->parent_class.finalize = ph_imap_notify_command_finalize;
  klass->write = ph_imap_notify_command_write;
  klass->receive = ph_imap_notify_command_receive;
  klass->finish = ph_imap_notify_command_finish;
  klass->refuse = ph_imap_notify_command_refuse;
}

static void
ph_imap_notify_command_init (PhImapNotifyCommand *self)
{
  self->statuses = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_mailbox_status_unref);
}

PhCommand *
ph_imap_notify_command_new (PhImapNotify *notify, PhNotifyRequest *request, gboolean status, gboolean again)
{
  PhImapNotifyCommand *self = g_object_new (ph_imap_notify_command_get_type (), NULL);

  ph_command_set_name (&self->parent, "NOTIFY");
  /* its STATUS responses look like those of STATUS commands */
  ph_command_set_flags (&self->parent, PH_COMMAND_ALONE);
  self->notify = g_object_ref (notify);
  self->request = request != NULL ? g_object_ref (request) : NULL;
  self->status = status;
  self->again = again;
  return &self->parent;
}
