/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that the engine itself makes: one class, a table of functions for each kind. */
#include "imap-command.h"

#include "imap-utf7.h"

#include <string.h>

/* Of a line's set; the rest of the line has room in RFC 7162's 8192 octets. */
#define MAX_SET_LENGTH 7500

typedef PhCommandClass PhImapCommandClass;

PH_DEFINE_PLUGIN_TYPE (PhImapCommand, ph_imap_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static void
ph_imap_command_write (PhCommand *command, PhWriter *writer)
{
  PhImapCommand *self = (PhImapCommand *) command;

  self->used = 0;
  self->utf8 = ph_imap_writer_get_utf8 ((PhImapWriter *) writer);
  if (self->by_uid && (self->kind->flags & PH_IMAP_KIND_SELECTED) != 0)
    ph_writer_atom (writer, "UID");
  if (self->kind->verb != NULL)
    ph_writer_atom (writer, self->kind->verb);
  if (self->kind->write != NULL)
    self->kind->write (self, writer);
}

static gboolean
ph_imap_command_receive (PhCommand *command, const PhResponse *response)
{
  PhImapCommand *self = (PhImapCommand *) command;

  return self->kind->receive != NULL && self->kind->receive (self, response);
}

static gboolean
ph_imap_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  PhImapCommand *self = (PhImapCommand *) command;

  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return FALSE;
    }

  return self->kind->finish == NULL || self->kind->finish (self, reply, error);
}

static void
ph_imap_command_finalize (GObject *object)
{
  PhImapCommand *self = (PhImapCommand *) object;

  g_free (self->mailbox);
  g_free (self->other);
  g_strfreev (self->words);
  g_clear_pointer (&self->set, ph_message_set_unref);
  for (guint i = 0; self->messages != NULL && self->messages[i] != NULL; i++)
    ph_new_message_unref (self->messages[i]);
  g_free (self->messages);
  g_strfreev (self->patterns);
  g_clear_pointer (&self->keys, ph_value_free);
  g_clear_pointer (&self->needs, g_strfreev);
  g_clear_pointer (&self->secret, ph_secret_unref);
  g_clear_object (&self->sink);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->saved, ph_message_set_unref);
  g_clear_pointer (&self->terms, g_ptr_array_unref);
  g_clear_pointer (&self->total, ph_message_set_unref);
  g_clear_pointer (&self->found, ph_message_set_unref);
  g_clear_pointer (&self->mapping, ph_uid_mapping_unref);
  g_clear_pointer (&self->known, ph_mailbox_state_unref);
  g_clear_pointer (&self->now, ph_mailbox_state_unref);
  if (self->result != NULL)
    self->free_result (self->result);
  g_clear_pointer (&self->spill, g_bytes_unref);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (ph_imap_command_parent_class)->finalize (object);
}

static void
ph_imap_command_class_init (PhImapCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_imap_command_finalize;
  klass->write = ph_imap_command_write;
  klass->receive = ph_imap_command_receive;
  klass->finish = ph_imap_command_finish;
}

static void
ph_imap_command_init (PhImapCommand *self)
{
}

PhImapCommand *
ph_imap_command_new (const PhImapKind *kind)
{
  PhImapCommand *self = g_object_new (PH_TYPE_IMAP_COMMAND, NULL);

  self->kind = kind;
  ph_command_set_name (PH_COMMAND (self), kind->verb);
  if ((kind->flags & PH_IMAP_KIND_ALONE) != 0)
    ph_command_set_flags (PH_COMMAND (self), PH_COMMAND_ALONE);
  return self;
}

PhImapCommand *
ph_imap_command_cast (PhCommand *command)
{
  return G_OBJECT_TYPE (command) == PH_TYPE_IMAP_COMMAND ? (PhImapCommand *) command : NULL;
}

gboolean
ph_imap_command_is (PhCommand *command, const PhImapKind *kind)
{
  PhImapCommand *self = ph_imap_command_cast (command);

  return self != NULL && self->kind == kind;
}

void
ph_imap_command_set_title (PhImapCommand *self, const char *verb, const char *mailbox)
{
  g_autofree char *title = g_strconcat (verb, " “", mailbox, "”", NULL);

  ph_command_set_name (PH_COMMAND (self), title);
}

char *
ph_imap_decode_mailbox (const PhValue *name, gboolean utf8)
{
  gsize       length;
  const char *data = ph_value_get_data (name, &length);
  char       *decoded = NULL;

  /* a mailbox of the name NIL, by a server that forgot to quote it */
  if (data == NULL)
    return g_strdup (ph_value_get_kind (name) == PH_VALUE_NIL ? "NIL" : "");
  if (length == 5 && g_ascii_strncasecmp (data, "INBOX", 5) == 0)
    return g_strdup ("INBOX");

  if (!utf8)
    decoded = ph_imap_utf7_decode (data, length);
  return decoded != NULL ? decoded : ph_value_dup_text (name);
}

/* "2:4,7", "*", but no date */
static gboolean
is_set (const char *word)
{
  return *word != '\0' && word[strspn (word, "0123456789:,*")] == '\0';
}

/* What a program wrote by hand may be several words in one. A number behind LARGER is taken for a set, which only costs a wait. */
static gboolean
has_numbers (const PhValue *key)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  g_autofree char *before = NULL;

  while (key != NULL || open->len > 0)
    {
      g_autofree char *text = NULL;
      g_auto (GStrv) words = NULL;

      if (key == NULL)
        {
          key = ph_value_next (g_ptr_array_steal_index (open, open->len - 1));
          continue;
        }
      if (ph_value_get_kind (key) == PH_VALUE_LIST)
        {
          g_ptr_array_add (open, (gpointer) key);
          key = ph_value_first (key);
          continue;
        }

      text = ph_value_get_kind (key) == PH_VALUE_ATOM ? ph_value_dup_text (key) : NULL;
      words = g_strsplit_set (text != NULL ? text : "", " ()", -1);
      for (char **word = words; *word != NULL; word++)
        {
          if (is_set (*word) && (before == NULL || g_ascii_strcasecmp (before, "UID") != 0))
            return TRUE;
          g_free (before);
          before = g_strdup (*word);
        }
      key = ph_value_next (key);
    }

  return FALSE;
}

gboolean
ph_imap_command_uses_numbers (PhImapCommand *self)
{
  if ((self->kind->flags & PH_IMAP_KIND_SELECTED) == 0)
    return FALSE;
  if (!self->by_uid)
    return self->set != NULL || self->keys != NULL;

  return self->keys != NULL && has_numbers (ph_value_first (self->keys));
}

gboolean
ph_imap_command_may_expunge (PhImapCommand *self)
{
  return self->by_uid || (self->kind->flags & PH_IMAP_KIND_NO_EXPUNGE) == 0;
}

static void
append_range (GString *text, guint32 first, guint32 last)
{
  if (text->len > 0)
    g_string_append_c (text, ',');
  if (first == PH_MESSAGE_SET_STAR)
    g_string_append_c (text, '*');
  else
    g_string_append_printf (text, "%u", first);
  if (last == PH_MESSAGE_SET_STAR && first != last)
    g_string_append (text, ":*");
  else if (last != first)
    g_string_append_printf (text, ":%u", last);
}

void
ph_imap_command_lacks (PhImapCommand *self, PhWriter *writer, const char *what)
{
  ph_writer_fail (writer, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s needs %s, which the server does not offer",
                                        ph_command_get_name (PH_COMMAND (self)), what));
}

void
ph_imap_command_write_set (PhImapCommand *self, PhWriter *writer)
{
  g_autoptr (GString) text = g_string_new (ph_message_set_is_saved (self->set) ? "$" : NULL);
  guint   n_ranges = ph_message_set_get_n_ranges (self->set);
  guint32 room = self->max_set > 0 ? self->max_set : G_MAXUINT32;
  guint   i;

  self->next_from = self->line_first = 0;
  for (i = self->step; i < n_ranges && text->len < MAX_SET_LENGTH && room > 0 && self->next_from == 0; i++)
    {
      guint32 first, last;

      ph_message_set_get_range (self->set, i, &first, &last);
      if (i == self->step && self->step_from > 0)
        first = self->step_from;
      /* what the highest number is only the server knows */
      if (last != PH_MESSAGE_SET_STAR && last - first >= room)
        {
          last = first + room - 1;
          self->next_from = last + 1;
        }
      append_range (text, first, last);
      if (self->line_first == 0)
        self->line_first = first;
      self->line_last = last;
      room -= MIN (room, last - first + 1);
    }

  self->next_step = self->next_from > 0 ? i - 1 : i;
  ph_writer_atom (writer, text->str);
}

/* What lines before had is done, and of the last one the highest UIDs. */
static gboolean
take_rest (PhImapCommand *self)
{
  g_autoptr (PhMessageSet) rest = ph_message_set_new (TRUE);

  ph_message_set_add_set (rest, self->set);
  if (self->line_first > 1)
    ph_message_set_remove_range (rest, 1, self->line_first - 1);
  ph_message_set_remove_range (rest, self->below, self->line_last);
  ph_message_set_unref (self->set);
  self->set = g_steal_pointer (&rest);
  self->step = self->step_from = self->below = 0;
  return !ph_message_set_is_empty (self->set);
}

void
ph_imap_command_note_limit (PhImapCommand *self, PhReply *reply)
{
  const PhValue *limit = ph_value_first (ph_reply_get_response_arguments (reply));
  guint64        uid = 0;

  if (g_strcmp0 (ph_reply_get_response_code (reply), "MESSAGELIMIT") != 0)
    return;

  ph_value_get_number (ph_value_next (limit), &uid);
  if (uid > 0 && uid <= G_MAXUINT32 && self->by_uid && (guint32) uid <= self->line_last && !ph_message_set_is_saved (self->set))
    {
      self->below = (guint32) uid;
      return;
    }

  /* a partial answer must not pass for a whole one */
  if (self->failure == NULL)
    self->failure = ph_error_new (PH_ERROR_CANNOT, reply, NULL, "%s went through the newest messages only, and the rest can’t be asked for",
                                  ph_command_get_name (PH_COMMAND (self)));
}

gboolean
ph_imap_command_has_more_ranges (PhImapCommand *self)
{
  if (self->below > 0)
    return take_rest (self);
  if (self->next_step >= ph_message_set_get_n_ranges (self->set))
    return FALSE;

  self->step = self->next_step;
  self->step_from = self->next_from;
  return TRUE;
}

/* One number of a sequence-set; NULL where there's none that counts */
static const char *
read_number (const char *p, const char *end, guint32 *number)
{
  guint64 value = 0;

  if (p == end || !g_ascii_isdigit (*p))
    return NULL;
  for (; p < end && g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint64) (*p - '0');
      if (value >= PH_MESSAGE_SET_STAR)
        return NULL;
    }

  *number = (guint32) value;
  return p;
}

gboolean
ph_imap_read_set (PhMessageSet *set, const PhValue *value)
{
  gsize       length;
  const char *p = ph_value_get_data (value, &length);
  const char *end = p != NULL ? p + length : NULL;

  while (p != NULL)
    {
      guint32 first, last;

      p = read_number (p, end, &first);
      last = first;
      if (p != NULL && p < end && *p == ':')
        p = read_number (p + 1, end, &last);
      if (p == NULL)
        return FALSE;

      ph_message_set_add_range (set, MIN (first, last), MAX (first, last));
      if (p == end)
        return TRUE;
      p = *p == ',' ? p + 1 : NULL;
    }

  return FALSE;
}
