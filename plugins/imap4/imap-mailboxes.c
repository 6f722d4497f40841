/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * LIST, LSUB, STATUS, CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 section 6.3; LIST-EXTENDED: RFC 5258; LIST-STATUS: RFC 5819).
 *
 *   list   = "LIST" ["(" *selection ")"] SP reference SP (pattern / "(" *pattern ")") ["RETURN" SP "(" *return ")"]
 *   selection = "SUBSCRIBED" / "REMOTE" / "RECURSIVEMATCH" / "SPECIAL-USE"
 *   return = "CHILDREN" / "SUBSCRIBED" / "SPECIAL-USE" / "STATUS" SP "(" *item ")" / what an extension adds
 *   mailbox-list = "(" *attribute ")" SP (quoted-char / NIL) SP mailbox [SP "(" *(name SP value) ")"]
 */
#include "imap-engine.h"
#include "imap-store.h"

static const char *const default_items[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", NULL };

static void
write_items (PhWriter *writer, const char *const *items)
{
  ph_writer_open (writer);
  for (; *items != NULL; items++)
    ph_writer_atom (writer, *items);
  ph_writer_close (writer);
}

/* IMAP4rev2 has none (RFC 9051 appendix E): a server may find STATUS wrong that asks for it. FALSE: nothing else was asked for */
static gboolean
leave_out_recent (PhImapCommand *self, PhImapFeatures features)
{
  guint n = 0;

  if (self->words == NULL || (features & PH_IMAP_NO_RECENT) == 0)
    return TRUE;
  for (char **word = self->words; *word != NULL; word++)
    if (g_ascii_strcasecmp (*word, "RECENT") != 0)
      self->words[n++] = *word;
    else
      g_free (*word);
  self->words[n] = NULL;
  return n > 0;
}

static const struct {
  PhListSelect select;
  const char  *word;
} selections[] = {
  { PH_LIST_SUBSCRIBED, "SUBSCRIBED" },
  { PH_LIST_REMOTE, "REMOTE" },
  { PH_LIST_RECURSIVE_MATCH, "RECURSIVEMATCH" },
  { PH_LIST_SPECIAL_USE, "SPECIAL-USE" },
};

static void
write_selection (PhImapCommand *self, PhWriter *writer)
{
  if (self->items == PH_LIST_ALL)
    return;

  ph_writer_open (writer);
  for (guint i = 0; i < G_N_ELEMENTS (selections); i++)
    if ((self->items & selections[i].select) != 0)
      ph_writer_atom (writer, selections[i].word);
  ph_writer_close (writer);
}

static void
write_list_options (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  ph_writer_atom (writer, "RETURN");
  ph_writer_open (writer);
  ph_writer_atom (writer, "CHILDREN");
  if ((self->items & PH_LIST_SUBSCRIBED) != 0)
    ph_writer_atom (writer, "SUBSCRIBED");
  if ((features & PH_IMAP_SPECIAL_USE) != 0)
    ph_writer_atom (writer, "SPECIAL-USE");
  if (leave_out_recent (self, features) && self->words != NULL && (features & PH_IMAP_LIST_STATUS) != 0)
    {
      self->used |= PH_IMAP_LIST_STATUS;
      ph_writer_atom (writer, "STATUS");
      write_items (writer, (const char *const *) self->words);
    }
  for (const PhValue *option = ph_value_first (self->keys); option != NULL; option = ph_value_next (option))
    ph_writer_value (writer, option);
  ph_writer_close (writer);
}

static gboolean
check_list (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  gboolean extended = (features & PH_IMAP_LIST_EXTENDED) != 0;

  if (self->patterns[0] == NULL)
    ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "LIST needs a pattern"));
  else if ((self->items & PH_LIST_RECURSIVE_MATCH) != 0 && (self->items & (PH_LIST_SUBSCRIBED | PH_LIST_SPECIAL_USE)) == 0)
    ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "RECURSIVEMATCH needs what it is to match"));
  else if (((self->items & ~((guint) PH_LIST_SUBSCRIBED)) != 0 || self->keys != NULL) && !extended)
    ph_imap_command_lacks (self, writer, "LIST-EXTENDED");
  else if ((self->items & PH_LIST_SPECIAL_USE) != 0 && (features & PH_IMAP_SPECIAL_USE) == 0)
    ph_imap_command_lacks (self, writer, "SPECIAL-USE");
  else
    return TRUE;
  return FALSE;
}

static void
write_patterns (PhImapCommand *self, PhWriter *writer)
{
  gboolean several = self->patterns[1] != NULL;

  if (several)
    ph_writer_open (writer);
  for (char **pattern = self->patterns; *pattern != NULL; pattern++)
    ph_writer_mailbox (writer, *pattern);
  if (several)
    ph_writer_close (writer);
}

static const char *
choose_list_verb (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  self->list_verb = "LIST";
  if (self->option)
    return self->list_verb;
  if ((self->items & PH_LIST_SUBSCRIBED) != 0)
    return "LSUB";
  if ((features & PH_IMAP_SPECIAL_USE) == 0 && (features & PH_IMAP_OTHER_LIST) != 0 && !self->by_list && *self->patterns[self->step] != '\0')
    self->list_verb = ph_imap_writer_get_list_verb ((PhImapWriter *) writer);
  if (!g_str_equal (self->list_verb, "LIST"))
    self->used = PH_IMAP_OTHER_LIST;
  return self->list_verb;
}

/* What an extension has in its place may be refused for reasons of its own; BAD says that there is no such command. */
static gboolean
retry_list (PhImapCommand *self, PhReply *reply)
{
  self->by_list = self->used == PH_IMAP_OTHER_LIST;
  return self->by_list;
}

static void
write_list (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);

  if (!check_list (self, writer, features))
    return;
  /* "" asks for the hierarchy's delimiter, and has no extended form */
  self->option = (features & PH_IMAP_LIST_EXTENDED) != 0 && *self->patterns[0] != '\0';
  if (self->step == 0)
    g_ptr_array_set_size (self->rows, 0);
  self->used = self->option ? PH_IMAP_LIST_EXTENDED : 0;
  ph_writer_atom (writer, choose_list_verb (self, writer, features));
  if (self->option)
    write_selection (self, writer);
  ph_writer_mailbox (writer, self->mailbox);
  if (self->option)
    {
      write_patterns (self, writer);
      write_list_options (self, writer, features);
    }
  else
    ph_writer_mailbox (writer, self->patterns[self->step]);
}

static gboolean
has_more_patterns (PhImapCommand *self)
{
  return !self->option && self->patterns[++self->step] != NULL;
}

/* The name; where a server forgot to quote one with blanks in it, all of its words. */
static char *
read_list_name (PhImapCommand *self, const PhValue *value)
{
  g_autoptr (GString) words = NULL;
  gsize       length;
  const char *data;

  if (ph_value_get_kind (value) != PH_VALUE_ATOM || ph_value_next (value) == NULL ||
      ph_value_get_kind (ph_value_next (value)) == PH_VALUE_LIST)
    return ph_imap_decode_mailbox (value, self->utf8);

  words = g_string_new (NULL);
  for (; value != NULL && (data = ph_value_get_data (value, &length)) != NULL; value = ph_value_next (value))
    {
      if (words->len > 0)
        g_string_append_c (words, ' ');
      g_string_append_len (words, data, (gssize) length);
    }

  g_autoptr (PhValue) whole = ph_value_new_string (words->str);
  return ph_imap_decode_mailbox (whole, self->utf8);
}

/* CHILDINFO (RFC 5258) and OLDNAME (RFC 9051): a name and a list each */
static void
read_extended (PhImapCommand *self, PhMailboxInfo *info, const PhValue *items)
{
  g_auto (GStrv) child_info = NULL;
  g_autofree char *old_name = NULL;

  for (const PhValue *name = ph_value_first (items); name != NULL; name = ph_value_next (name))
    {
      const PhValue *value = ph_value_next (name);

      if (value == NULL)
        break;
      if (ph_value_is (name, "CHILDINFO") && child_info == NULL)
        child_info = ph_value_dup_strings (ph_value_first (value));
      else if (ph_value_is (name, "OLDNAME") && old_name == NULL && ph_value_first (value) != NULL)
        old_name = ph_imap_decode_mailbox (ph_value_first (value), self->utf8);
      name = value;
    }
  if (child_info != NULL || old_name != NULL)
    ph_mailbox_info_set_extended (info, (const char *const *) child_info, old_name);
}

/* Where the name is in the language of its owner; it answers to its own, too. */
static gboolean
is_inbox (char **attributes)
{
  for (; *attributes != NULL; attributes++)
    if (g_ascii_strcasecmp (*attributes, "\\Inbox") == 0)
      return TRUE;

  return FALSE;
}

/* @by_list: by LIST or LSUB itself */
static void
add_row (PhImapCommand *self, const PhValue *attributes, gboolean by_list)
{
  const PhValue   *delimiter = ph_value_next (attributes);
  PhMailboxInfo   *info;
  g_auto (GStrv) words = NULL;
  g_autofree char *text = ph_value_dup_text (delimiter);
  g_autofree char *name = NULL;

  if (ph_value_next (delimiter) == NULL)
    return;

  words = ph_value_dup_strings (ph_value_first (attributes));
  name = read_list_name (self, ph_value_next (delimiter));
  info = ph_mailbox_info_new (by_list || !is_inbox (words) ? name : "INBOX", text != NULL && *text != '\0' ? text : NULL, (const char *const *) words);
  g_ptr_array_add (self->rows, info);
  for (const PhValue *value = ph_value_next (ph_value_next (delimiter)); value != NULL; value = ph_value_next (value))
    if (ph_value_get_kind (value) == PH_VALUE_LIST)
      read_extended (self, info, value);
}

/* Whose a response behind a LIST one is; usually the row just before. */
static PhMailboxInfo *
find_row (PhImapCommand *self, const char *name)
{
  for (guint i = self->rows->len; i-- > 0;)
    if (g_str_equal (ph_mailbox_info_get_name (g_ptr_array_index (self->rows, i)), name))
      return g_ptr_array_index (self->rows, i);

  return NULL;
}

static gboolean
add_told (PhImapCommand *self, const char *response, const PhValue *values)
{
  const PhValue   *first = ph_value_first (values);
  g_autofree char *name = ph_imap_decode_mailbox (first, self->utf8);
  PhMailboxInfo   *info = find_row (self, name);
  g_autoptr (PhMailboxStatus) status = NULL;

  if (info == NULL)
    return FALSE;
  if (g_strcmp0 (response, self->other) == 0)
    {
      ph_mailbox_info_add_answer (info, response, ph_value_next (first));
      return TRUE;
    }

  status = ph_mailbox_status_new (name, ph_value_next (first));
  ph_mailbox_info_set_status (info, status);
  return TRUE;
}

static gboolean
receive_list (PhImapCommand *self, const PhResponse *response)
{
  const char    *name = ph_response_get_name (response);
  const PhValue *values = ph_response_get_values (response);
  gboolean       by_list = g_str_equal (name, "LIST") || ((self->items & PH_LIST_SUBSCRIBED) != 0 && g_str_equal (name, "LSUB"));

  if (by_list || g_strcmp0 (name, self->list_verb) == 0)
    {
      add_row (self, ph_value_first (values), by_list);
      return TRUE;
    }

  if (g_strcmp0 (name, self->other) != 0 && ((self->used & PH_IMAP_LIST_STATUS) == 0 || !g_str_equal (name, "STATUS")))
    return FALSE;
  return add_told (self, name, values);
}

/* There is always an INBOX, though some servers forget to list it. */
static void
add_inbox (PhImapCommand *self)
{
  const char *attributes[] = { NULL };
  const char *delimiter = NULL;

  if (self->items != PH_LIST_ALL || *self->mailbox != '\0' ||
      (!g_strv_contains ((const char *const *) self->patterns, "*") && !g_strv_contains ((const char *const *) self->patterns, "%")))
    return;

  for (guint i = 0; i < self->rows->len; i++)
    {
      if (g_str_equal (ph_mailbox_info_get_name (g_ptr_array_index (self->rows, i)), "INBOX"))
        return;
      delimiter = ph_mailbox_info_get_delimiter (g_ptr_array_index (self->rows, i));
    }
  g_ptr_array_insert (self->rows, 0, ph_mailbox_info_new ("INBOX", delimiter, attributes));
}

static gboolean
finish_list (PhImapCommand *self, PhReply *reply, GError **error)
{
  add_inbox (self);
  ph_command_take_boxed (PH_COMMAND (self), G_TYPE_PTR_ARRAY, g_steal_pointer (&self->rows));
  return TRUE;
}

static const PhImapKind list_kind = {
  .answer = "LIST",
  .write = write_list,
  .receive = receive_list,
  .finish = finish_list,
  .more = has_more_patterns,
  .retry = retry_list,
};

static PhCommand *
make_list (const char *reference, const char *const *patterns, PhListSelect select, const char *const *status_items)
{
  PhImapCommand *command = ph_imap_command_new (&list_kind);

  command->patterns = g_strdupv ((char **) patterns);
  command->mailbox = g_strdup (reference);
  command->items = select;
  command->words = g_strdupv ((char **) status_items);
  command->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_mailbox_info_unref);
  ph_imap_command_set_title (command, "LIST of", patterns[0] != NULL ? patterns[0] : "");
  /* its STATUS responses look like those of STATUS commands */
  if (status_items != NULL)
    ph_command_set_flags (PH_COMMAND (command), PH_COMMAND_ALONE);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_list (PhStoreEngine *engine, const char *reference, const char *pattern, gboolean subscribed,
                         const char *const *status_items)
{
  const char *patterns[] = { pattern, NULL };

  return make_list (reference != NULL ? reference : "", patterns, subscribed ? PH_LIST_SUBSCRIBED : PH_LIST_ALL, status_items);
}

PhCommand *
ph_imap_store_make_list_selected (PhStoreEngine *engine, const char *const *patterns, PhListSelect select, const char *const *status_items)
{
  return make_list ("", patterns, select, status_items);
}

PhCommand *
ph_imap_store_make_list_with (PhStoreEngine *engine, const char *const *patterns, PhListSelect select, const PhValue *options, const char *answer)
{
  PhCommand     *command = make_list ("", patterns, select, NULL);
  PhImapCommand *own = ph_imap_command_cast (command);

  own->keys = ph_value_copy (options);
  own->other = g_strdup (answer);
  /* whose answers they are, their names alone don't tell */
  ph_command_set_flags (command, PH_COMMAND_ALONE);
  return command;
}

static void
write_status (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);

  /* RFC 1730 has none, and to select the mailbox instead would leave another */
  if ((features & (PH_IMAP_REV1 | PH_IMAP_REV2)) == 0)
    {
      ph_imap_command_lacks (self, writer, "IMAP4rev1");
      return;
    }
  if (!leave_out_recent (self, features))
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s asks for RECENT, which IMAP4rev2 doesn’t have",
                                            ph_command_get_name (PH_COMMAND (self))));
      return;
    }
  ph_writer_mailbox (writer, self->mailbox);
  write_items (writer, (const char *const *) self->words);
}

/* Whether all is told that was asked for: what comes unasked has what the server likes. */
static gboolean
is_whole (PhImapCommand *self, const PhValue *items)
{
  for (char **word = self->words; *word != NULL; word++)
    {
      const PhValue *name = ph_value_first (items);

      while (name != NULL && !ph_value_is (name, *word))
        name = ph_value_next (ph_value_next (name));
      if (name == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
receive_status (PhImapCommand *self, const PhResponse *response)
{
  const PhValue   *first = ph_value_first (ph_response_get_values (response));
  g_autofree char *name = NULL;

  if (!g_str_equal (ph_response_get_name (response), "STATUS"))
    return FALSE;

  name = ph_imap_decode_mailbox (first, self->utf8);
  if (!g_str_equal (name, self->mailbox) || (self->result != NULL && !is_whole (self, ph_value_next (first))))
    return FALSE;

  if (self->result != NULL)
    self->free_result (self->result);
  self->result = ph_mailbox_status_new (self->mailbox, ph_value_next (first));
  self->free_result = (GDestroyNotify) ph_mailbox_status_unref;
  return TRUE;
}

static gboolean
finish_status (PhImapCommand *self, PhReply *reply, GError **error)
{
  if (self->result == NULL)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "%s was answered without a status",
                                              ph_command_get_name (PH_COMMAND (self))));
      return FALSE;
    }

  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MAILBOX_STATUS, g_steal_pointer (&self->result));
  return TRUE;
}

static const PhImapKind status_kind = {
  .verb = "STATUS",
  .answer = "STATUS",
  .write = write_status,
  .receive = receive_status,
  .finish = finish_status,
};

PhCommand *
ph_imap_store_make_status (PhStoreEngine *engine, const char *mailbox, const char *const *items)
{
  PhImapCommand *command = ph_imap_command_new (&status_kind);

  /* as the server will call it */
  command->mailbox = g_strdup (g_ascii_strcasecmp (mailbox, "INBOX") == 0 ? "INBOX" : mailbox);
  command->words = g_strdupv ((char **) (items != NULL && *items != NULL ? items : default_items));
  ph_imap_command_set_title (command, "STATUS of", mailbox);
  return PH_COMMAND (command);
}

static void
write_mailboxes (PhImapCommand *self, PhWriter *writer)
{
  ph_writer_mailbox (writer, self->mailbox);
  if (self->other != NULL)
    ph_writer_mailbox (writer, self->other);
}

static const PhImapKind create_kind = { .verb = "CREATE", .write = write_mailboxes };

/* RFC 6154 section 3 */
static void
write_create_for (PhImapCommand *self, PhWriter *writer)
{
  if ((ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_CREATE_FOR_USE) == 0)
    {
      ph_imap_command_lacks (self, writer, "CREATE-SPECIAL-USE");
      return;
    }
  ph_writer_mailbox (writer, self->mailbox);
  ph_writer_open (writer);
  ph_writer_atom (writer, "USE");
  write_items (writer, (const char *const *) self->words);
  ph_writer_close (writer);
}

static const PhImapKind create_for_kind = { .verb = "CREATE", .write = write_create_for };
static const PhImapKind delete_kind = { .verb = "DELETE", .write = write_mailboxes };
static const PhImapKind rename_kind = { .verb = "RENAME", .write = write_mailboxes };
static const PhImapKind subscribe_kind = { .verb = "SUBSCRIBE", .write = write_mailboxes };
static const PhImapKind unsubscribe_kind = { .verb = "UNSUBSCRIBE", .write = write_mailboxes };

static PhImapCommand *
make (const PhImapKind *kind, const char *mailbox)
{
  PhImapCommand *command = ph_imap_command_new (kind);

  command->mailbox = g_strdup (mailbox);
  ph_imap_command_set_title (command, kind->verb, mailbox);
  return command;
}

PhCommand *
ph_imap_store_make_create (PhStoreEngine *engine, const char *mailbox)
{
  return PH_COMMAND (make (&create_kind, mailbox));
}

PhCommand *
ph_imap_store_make_create_for (PhStoreEngine *engine, const char *mailbox, const char *const *uses)
{
  PhImapCommand *command = make (&create_for_kind, mailbox);

  command->words = g_strdupv ((char **) uses);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_delete (PhStoreEngine *engine, const char *mailbox)
{
  return PH_COMMAND (make (&delete_kind, mailbox));
}

PhCommand *
ph_imap_store_make_rename (PhStoreEngine *engine, const char *mailbox, const char *new_name)
{
  PhImapCommand *command = make (&rename_kind, mailbox);

  command->other = g_strdup (new_name);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_subscribe (PhStoreEngine *engine, const char *mailbox, gboolean subscribe)
{
  return PH_COMMAND (make (subscribe ? &subscribe_kind : &unsubscribe_kind, mailbox));
}
