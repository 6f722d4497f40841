/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What becomes of a response: first the engine's own bookkeeping, which nothing can skip; then the running commands, in the order in
 * which they were sent; then extensions by the names that they registered; what is left is the program's to see.
 */
#include "imap-engine.h"

#include <string.h>

/* What a FETCH response tells beside flags is no news of the mailbox, but what somebody asked for. */
#define MAX_NEWS 6
/* Words that a server may say it ENABLED; nobody asks for so many */
#define MAX_ENABLED 100

/* Who claimed it */
static PhImapEntry *
offer_to_commands (PhImapEngine *self, const PhResponse *response)
{
  for (GList *link = self->running.head; link != NULL; link = link->next)
    {
      PhImapEntry *entry = link->data;

      if (ph_command_receive (entry->command, response))
        return entry;
    }

  return NULL;
}

static GPtrArray *
get_listeners (GHashTable *table, const char *name)
{
  return table != NULL ? g_hash_table_lookup (table, name) : NULL;
}

static gboolean
offer_to_extensions (PhImapEngine *self, const PhResponse *response)
{
  GPtrArray *listeners = get_listeners (self->by_response, ph_response_get_name (response));

  for (guint i = 0; listeners != NULL && i < listeners->len; i++)
    if (ph_extension_receive (g_ptr_array_index (listeners, i), response))
      return TRUE;

  return FALSE;
}

static gboolean
offer_code (PhImapEngine *self, const PhResponse *response)
{
  GPtrArray *listeners = get_listeners (self->by_code, ph_response_get_code (response));

  for (guint i = 0; listeners != NULL && i < listeners->len; i++)
    ph_extension_receive_code (g_ptr_array_index (listeners, i), response);
  return listeners != NULL;
}

/* RFC 9585: the tag of a command, what is done and what there is to do, each a number or NIL */
static void
note_progress (PhImapEngine *self, const PhValue *arguments)
{
  const PhValue   *tag = ph_value_first (ph_value_first (arguments) != NULL && ph_value_get_kind (ph_value_first (arguments)) == PH_VALUE_LIST
                                           ? ph_value_first (arguments) : arguments);
  g_autofree char *text = ph_value_dup_text (tag);
  PhImapEntry     *entry = text != NULL ? ph_imap_engine_find (self, text) : NULL;
  guint64          done = 0, total = 0;

  if (entry == NULL || entry->cancelled || entry->done != NULL)
    return;
  ph_value_get_number (ph_value_next (tag), &done);
  ph_value_get_number (ph_value_next (ph_value_next (tag)), &total);
  ph_command_set_progress (ph_imap_entry_get_known (entry), done, total);
  ph_imap_engine_push_item (self, ph_imap_entry_get_known (entry));
}

/* The server could not read the header of a message (RFC 9051 section 7.1), and what it tells of that message is a guess. */
static void
warn_of_parsing (PhImapEngine *self, const PhResponse *response)
{
  g_autoptr (PhReply) reply = ph_response_to_reply (response);

  ph_imap_engine_warn (self, ph_error_new (PH_ERROR_CORRUPTION, reply, NULL, "%s could not read a message: %s", self->host,
                                           ph_reply_get_text (reply)));
}

/* A response code, wherever it stands; TRUE where somebody knows it. */
static gboolean
note_code (PhImapEngine *self, const PhResponse *response)
{
  const char *code = ph_response_get_code (response);
  gboolean    known = FALSE;

  if (code == NULL)
    return FALSE;

  if (g_str_equal (code, "ALERT"))
    {
      PhEvent event = { .kind = PH_EVENT_ALERT, .response = ph_response_copy (response) };

      ph_imap_engine_push_event (self, &event);
      known = TRUE;
    }
  else if (g_str_equal (code, "CAPABILITY"))
    {
      ph_imap_engine_set_capabilities (self, ph_response_get_code_arguments (response));
      known = TRUE;
    }
  else if (g_str_equal (code, "INPROGRESS"))
    {
      note_progress (self, ph_response_get_code_arguments (response));
      known = TRUE;
    }
  else if (g_str_equal (code, "PARSE"))
    {
      warn_of_parsing (self, response);
      known = TRUE;
    }
  else if (g_str_equal (code, "MESSAGELIMIT") && ph_response_get_response_type (response) == PH_RESPONSE_UNTAGGED)
    {
      g_clear_pointer (&self->limit, ph_reply_unref);
      self->limit = ph_response_to_reply (response);
      known = TRUE;
    }
  else
    known = ph_imap_engine_note_code (self, response);

  return offer_code (self, response) || known;
}

/* What it says here counts, and not what was asked for (RFC 5161 section 3.2). */
static void
note_enabled (PhImapEngine *self, const PhValue *values)
{
  g_ptr_array_set_size (self->enabled_words, (int) self->enabled_words->len - 1);
  for (const PhValue *word = ph_value_first (values); word != NULL && self->enabled_words->len < MAX_ENABLED; word = ph_value_next (word))
    {
      char *text = ph_value_dup_text (word);

      if (text == NULL)
        continue;
      g_ptr_array_add (self->enabled_words, text);
      if (ph_value_is (word, "UTF8=ACCEPT") || ph_value_is (word, "IMAP4rev2"))
        self->utf8 = TRUE;
      if (ph_value_is (word, "IMAP4rev2"))
        self->enabled |= PH_IMAP_REV2_FEATURES;
      else if (ph_value_is (word, "QRESYNC"))
        self->enabled |= PH_IMAP_QRESYNC | PH_IMAP_CONDSTORE;
      else if (ph_value_is (word, "UIDONLY"))
        self->enabled |= PH_IMAP_UIDONLY;
    }
  g_ptr_array_add (self->enabled_words, NULL);
}

static void
say_goodbye (PhImapEngine *self, const PhResponse *response)
{
  g_autoptr (PhReply) reply = ph_response_to_reply (response);
  g_autofree char *text = ph_reply_to_string (reply);

  ph_imap_engine_fail (self, ph_error_new (PH_ERROR_SHUTTING_DOWN, reply, NULL, "%s ends the session: %s", self->host, text));
}

/* The engine's own part; TRUE where the response needs nobody else to be of use. */
static gboolean
note (PhImapEngine *self, const PhResponse *response, PhImapName name)
{
  switch (name)
    {
    case PH_IMAP_NAME_CAPABILITY:
      ph_imap_engine_set_capabilities (self, ph_response_get_values (response));
      return TRUE;
    case PH_IMAP_NAME_ENABLED:
      note_enabled (self, ph_response_get_values (response));
      return TRUE;
    case PH_IMAP_NAME_OK:
    case PH_IMAP_NAME_NO:
    case PH_IMAP_NAME_BAD:
      return note_code (self, response);
    case PH_IMAP_NAME_BYE:
      note_code (self, response);
      return TRUE;
    case PH_IMAP_NAME_EXISTS:
    case PH_IMAP_NAME_RECENT:
    case PH_IMAP_NAME_EXPUNGE:
    case PH_IMAP_NAME_VANISHED:
    case PH_IMAP_NAME_FLAGS:
      return ph_imap_engine_note_mailbox (self, response, name);
    default:
      return FALSE;
    }
}

/* A raw line keeps every response that comes meanwhile; that must not hide flags from the mailbox. */
static gboolean
is_news (const PhImapEntry *claimed, const PhResponse *response)
{
  return claimed == NULL ||
         (claimed->own == NULL && ph_value_get_length (ph_value_first (ph_response_get_values (response))) <= MAX_NEWS);
}

/* A section for a stream that came as a quoted string goes there, too. */
static void
divert_spill (PhImapEngine *self, PhImapEntry *claimed)
{
  if (claimed->own == NULL || claimed->own->spill == NULL)
    return;

  self->diverting = TRUE;
  self->divert_entry = claimed;
  self->divert_bytes = g_steal_pointer (&claimed->own->spill);
  self->divert_length = g_bytes_get_size (self->divert_bytes);
}

static gboolean
has_items (const PhImapEntry *claimed)
{
  return !claimed->cancelled && (ph_imap_entry_is (claimed, &ph_imap_fetch_kind) || ph_command_is_full (claimed->command));
}

/* RFC 9586: its number is the UID */
static gboolean
is_uid_fetch (const PhResponse *response)
{
  return ph_response_get_number (response) > 0 && g_str_equal (ph_response_get_name (response), "UIDFETCH");
}

static void
take_untagged (PhImapEngine *self, const PhResponse *response, PhImapName name)
{
  gboolean     known = note (self, response, name);
  PhImapEntry *claimed;

  if (name == PH_IMAP_NAME_FETCH)
    ph_imap_engine_note_uid (self, response);
  claimed = offer_to_commands (self, response);

  if (claimed != NULL && claimed->whole != NULL && !claimed->cancelled)
    ph_command_take_items (claimed->whole, claimed->command);
  else if (claimed != NULL && has_items (claimed))
    ph_imap_engine_push_item (self, claimed->command);
  if (claimed != NULL)
    divert_spill (self, claimed);
  if (name == PH_IMAP_NAME_BYE)
    {
      if (!self->logging_out)
        say_goodbye (self, response);
      return;
    }
  if (claimed == NULL && offer_to_extensions (self, response))
    return;

  if (name == PH_IMAP_NAME_FETCH)
    {
      if (is_news (claimed, response))
        ph_imap_engine_note_message (self, response);
    }
  else if (is_uid_fetch (response))
    {
      if (is_news (claimed, response))
        ph_imap_engine_note_uid_message (self, response);
    }
  else if (!known && claimed == NULL)
    {
      PhEvent event = { .kind = PH_EVENT_RESPONSE, .response = ph_response_copy (response) };

      ph_imap_engine_push_event (self, &event);
    }
}

static void
take_tagged (PhImapEngine *self, const PhResponse *response)
{
  PhImapEntry *entry = ph_imap_engine_find (self, ph_response_get_tag (response));
  g_autoptr (PhReply) reply = NULL;

  if (entry == NULL)
    {
      g_autofree char *tag = ph_imap_excerpt (ph_response_get_tag (response), strlen (ph_response_get_tag (response)));

      ph_imap_engine_warn (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s answers a command %s that was not sent", self->host, tag));
      return;
    }

  note_code (self, response);
  reply = ph_response_to_reply (response);
  ph_imap_engine_finish (self, entry, reply);
  g_clear_pointer (&self->limit, ph_reply_unref);
}

/* A running command that expects it may answer with a further line. */
static gboolean
proceed (PhImapEngine *self, const PhResponse *response)
{
  for (GList *link = self->running.head; link != NULL; link = link->next)
    {
      PhImapEntry *entry = link->data;

      ph_imap_writer_begin (self->writer, NULL, (ph_command_get_flags (entry->command) & PH_COMMAND_SECRET) != 0);
      if (!ph_command_proceed (entry->command, response, PH_WRITER (self->writer)))
        continue;

      entry->ready = TRUE;
      ph_imap_engine_send_line (self, entry);
      return TRUE;
    }

  return FALSE;
}

static void
take_continuation (PhImapEngine *self, const PhResponse *response)
{
  const char *text = ph_response_get_text (response);

  if (ph_imap_output_get_waiting (&self->output) != NULL)
    {
      ph_imap_output_go_on (&self->output);
      return;
    }
  if (self->phase == PH_IMAP_PHASE_LOGIN && ph_imap_engine_take_challenge (self, text))
    return;
  if (proceed (self, response))
    return;

  ph_imap_engine_warn (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s waits for more, though nothing more was announced", self->host));
}

void
ph_imap_engine_dispatch (PhImapEngine *self, PhResponse *response, PhImapName name)
{
  if (self->phase == PH_IMAP_PHASE_GREETING)
    {
      ph_imap_engine_greet (self, response, name);
      return;
    }

  switch (ph_response_get_response_type (response))
    {
    case PH_RESPONSE_UNTAGGED:
      take_untagged (self, response, name);
      break;
    case PH_RESPONSE_TAGGED:
      take_tagged (self, response);
      break;
    case PH_RESPONSE_CONTINUATION:
    default:
      take_continuation (self, response);
    }
}
