/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension NOTIFY (RFC 5465): the server tells by itself of what happens in any mailbox.
 *
 *   STATUS    messages or flags of a mailbox that is not selected     RFC 5465 sections 5.1 to 5.3
 *   LIST      created, deleted, renamed, subscribed to, no access     sections 5.4, 5.5, 5.9
 *   METADATA  "METADATA" SP mailbox SP entry-list                     sections 5.6, 5.7; RFC 5464 section 4.4.2
 *   FETCH     a message of the selected mailbox                       sections 5.1, 5.2 (UIDFETCH: RFC 9586)
 *   [NOTIFICATIONOVERFLOW]                                            section 5.8
 *
 * Of the selected mailbox the engine knows all by itself; its FETCH responses are passed on as well.
 */
#include "notify-command.h"

struct _PhImapNotify {
  PhExtension      parent;

  PhNotifyRequest *request;   /* NULL: none, or given up */
  gboolean         in_force;  /* on this connection */
};

typedef PhExtensionClass PhImapNotifyClass;

static void ph_imap_notify_describe (PhNotifyInterface *iface);

GType ph_imap_notify_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapNotify, ph_imap_notify, PH_TYPE_EXTENSION, PH_TYPE_NOTIFY, ph_imap_notify_describe)

void
ph_imap_notify_accepted (PhImapNotify *self, PhNotifyRequest *request)
{
  g_set_object (&self->request, request);
  self->in_force = request != NULL;
}

void
ph_imap_notify_lost (PhImapNotify *self, PhReply *reply)
{
  g_clear_object (&self->request);
  self->in_force = FALSE;
  ph_extension_post (&self->parent, PH_TYPE_REPLY, ph_reply_ref (reply));
}

static gboolean
take_status (PhImapNotify *self, const PhValue *values)
{
  const PhValue   *first = ph_value_first (values);
  g_autofree char *name = ph_extension_decode_mailbox (&self->parent, first);

  if (name == NULL)
    return FALSE;
  ph_extension_post (&self->parent, PH_TYPE_MAILBOX_STATUS, ph_mailbox_status_new (name, ph_value_next (first)));
  return TRUE;
}

/* ("OLDNAME" ("OldMailbox")), RFC 5465 section 5.4. (transfer full) (nullable) */
static char *
read_old_name (PhImapNotify *self, const PhValue *extended)
{
  for (const PhValue *name = ph_value_first (extended); ph_value_next (name) != NULL; name = ph_value_next (ph_value_next (name)))
    if (ph_value_is (name, "OLDNAME"))
      return ph_extension_decode_mailbox (&self->parent, ph_value_first (ph_value_next (name)));
  return NULL;
}

static gboolean
take_list (PhImapNotify *self, const PhValue *values)
{
  const PhValue   *attributes = ph_value_first (values);
  const PhValue   *delimiter = ph_value_next (attributes);
  const PhValue   *mailbox = ph_value_next (delimiter);
  g_auto (GStrv)   words = ph_value_dup_strings (ph_value_first (attributes));
  g_autofree char *delimiter_text = ph_value_dup_text (delimiter);
  g_autofree char *name = ph_extension_decode_mailbox (&self->parent, mailbox);
  g_autofree char *old_name = read_old_name (self, ph_value_next (mailbox));
  PhMailboxInfo   *info;

  if (name == NULL)
    return FALSE;
  info = ph_mailbox_info_new (name, delimiter_text, (const char *const *) words);
  if (old_name != NULL)
    ph_mailbox_info_set_extended (info, NULL, old_name);
  ph_extension_post (&self->parent, PH_TYPE_MAILBOX_INFO, info);
  return TRUE;
}

/* With values it answers GETMETADATA, and is somebody else's. What is posted: the mailbox, and its entries */
static void
take_metadata (PhImapNotify *self, const PhValue *values)
{
  const PhValue       *first = ph_value_first (values);
  g_autofree char     *name = ph_extension_decode_mailbox (&self->parent, first);
  g_auto (GStrv)       entries = ph_value_dup_strings (ph_value_next (first));
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  if (name == NULL || *entries == NULL)
    return;
  g_ptr_array_add (words, ph_value_new_string (name));
  for (char **entry = entries; *entry != NULL; entry++)
    g_ptr_array_add (words, ph_value_new_string (*entry));
  ph_extension_post (&self->parent, PH_TYPE_VALUE, ph_value_new_array (words));
}

/* As if the UID had been among the attributes where it is the number (RFC 9586). */
static void
take_message (PhImapNotify *self, const PhResponse *response)
{
  const PhValue        *attributes = ph_value_first (ph_response_get_values (response));
  guint32               number = ph_response_get_number (response);
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (PhValue)   list = NULL;

  if (g_str_equal (ph_response_get_name (response), "FETCH"))
    {
      ph_extension_post (&self->parent, PH_TYPE_MESSAGE, ph_message_new (number, attributes));
      return;
    }
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_ptr_array_add (words, ph_value_new_atom ("UID"));
  g_ptr_array_add (words, ph_value_new_number (number));
  for (const PhValue *word = ph_value_first (attributes); word != NULL; word = ph_value_next (word))
    g_ptr_array_add (words, ph_value_copy (word));
  list = ph_value_new_array (words);
  ph_extension_post (&self->parent, PH_TYPE_MESSAGE, ph_message_new (0, list));
}

/* What others may use as well is not claimed. */
static gboolean
ph_imap_notify_receive (PhExtension *extension, const PhResponse *response)
{
  PhImapNotify  *self = (PhImapNotify *) extension;
  const PhValue *values = ph_response_get_values (response);
  const char    *name = ph_response_get_name (response);

  if (self->request == NULL)
    return FALSE;
  if (g_str_equal (name, "STATUS"))
    return take_status (self, values);
  if (g_str_equal (name, "LIST"))
    return take_list (self, values);
  if (g_str_equal (name, "METADATA"))
    take_metadata (self, values);
  else if (ph_response_get_number (response) > 0)
    take_message (self, response);
  return FALSE;
}

static void
ph_imap_notify_receive_code (PhExtension *extension, const PhResponse *response)
{
  PhImapNotify *self = (PhImapNotify *) extension;
  g_autoptr (PhReply) reply = ph_response_to_reply (response);

  /* of a NO it is the command's */
  if (self->request != NULL && ph_reply_is_ok (reply))
    ph_imap_notify_lost (self, reply);
}

static void
emit_metadata (PhExtension *extension, const PhValue *words)
{
  g_autofree char *mailbox = ph_value_dup_text (ph_value_first (words));
  g_auto (GStrv)   entries = ph_value_dup_strings (ph_value_next (ph_value_first (words)));

  g_signal_emit_by_name (extension, "metadata", mailbox, entries);
}

static void
ph_imap_notify_deliver (PhExtension *extension, GType type, gpointer boxed)
{
  if (type == PH_TYPE_MAILBOX_STATUS)
    g_signal_emit_by_name (extension, "status", boxed);
  else if (type == PH_TYPE_MAILBOX_INFO)
    g_signal_emit_by_name (extension, "mailbox", boxed);
  else if (type == PH_TYPE_MESSAGE)
    g_signal_emit_by_name (extension, "message", boxed);
  else if (type == PH_TYPE_REPLY)
    g_signal_emit_by_name (extension, "overflow", boxed);
  else
    emit_metadata (extension, boxed);
}

static PhListening
ph_imap_notify_listening (PhExtension *extension)
{
  PhImapNotify *self = (PhImapNotify *) extension;
  PhListening   listening = PH_LISTENING_NONE;

  for (guint i = 0; self->in_force && i < ph_notify_request_get_n_groups (self->request); i++)
    {
      PhNotifyEvents events = ph_notify_request_get_events (self->request, i);
      PhNotifyScope  scope = ph_notify_request_get_scope (self->request, i);

      if (events == PH_NOTIFY_NOTHING || scope == PH_NOTIFY_SELECTED_DELAYED)
        continue;
      listening |= scope == PH_NOTIFY_SELECTED ? PH_LISTENING_REMOVALS : PH_LISTENING_ELSEWHERE;
    }
  return listening;
}

/* What was asked for stands for the session; a new connection's server must be asked again. */
static PhCommand *
ph_imap_notify_make_step (PhExtension *extension, PhStage stage)
{
  PhImapNotify *self = (PhImapNotify *) extension;

  if (stage != PH_STAGE_AUTHENTICATED || self->request == NULL || self->in_force)
    return NULL;
  return ph_imap_notify_command_new (self, self->request, TRUE, TRUE);
}

static void
ph_imap_notify_disconnected (PhExtension *extension)
{
  ((PhImapNotify *) extension)->in_force = FALSE;
}

/* Another user may come. */
static void
ph_imap_notify_reset (PhExtension *extension)
{
  ph_imap_notify_accepted ((PhImapNotify *) extension, NULL);
}

static PhCommand *
ph_imap_notify_make_set (PhNotify *self, PhNotifyRequest *request, gboolean status)
{
  return ph_imap_notify_command_new ((PhImapNotify *) self, request, status, FALSE);
}

static PhCommand *
ph_imap_notify_make_none (PhNotify *self)
{
  return ph_imap_notify_command_new ((PhImapNotify *) self, NULL, FALSE, FALSE);
}

static PhNotifyRequest *
ph_imap_notify_get_request (PhNotify *self)
{
  return ((PhImapNotify *) self)->request;
}

static void
ph_imap_notify_describe (PhNotifyInterface *iface)
{
  iface->make_set = ph_imap_notify_make_set;
  iface->make_none = ph_imap_notify_make_none;
  iface->get_request = ph_imap_notify_get_request;
}

static void
ph_imap_notify_finalize (GObject *object)
{
  g_clear_object (&((PhImapNotify *) (gpointer) object)->request);
  G_OBJECT_CLASS (ph_imap_notify_parent_class)->finalize (object);
}

static void
ph_imap_notify_class_init (PhImapNotifyClass *klass)
{
  static const char *const responses[] = { "STATUS", "LIST", "METADATA", "FETCH", "UIDFETCH", NULL };
  static const char *const codes[] = { "NOTIFICATIONOVERFLOW", NULL };

  klass->parent_class.finalize = ph_imap_notify_finalize;
  klass->responses = responses;
  klass->response_codes = codes;
  klass->receive = ph_imap_notify_receive;
  klass->receive_code = ph_imap_notify_receive_code;
  klass->make_step = ph_imap_notify_make_step;
  klass->reset = ph_imap_notify_reset;
  klass->disconnected = ph_imap_notify_disconnected;
  klass->listening = ph_imap_notify_listening;
  klass->deliver = ph_imap_notify_deliver;
}

static void
ph_imap_notify_init (PhImapNotify *self)
{
}

/* Before others that read the same responses: it claims none of theirs, and must see what they would claim. */
static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "NOTIFY", .summary = "The server tells of what happens in any mailbox (RFC 5465)",
    .rank = PH_RANK_PRIMARY + 1, .protocol = "imap4", .get_type = ph_imap_notify_get_type },
};

PH_DEFINE_PLUGIN (imap4_notify, "imap4-notify", "The IMAP extension NOTIFY", features)
