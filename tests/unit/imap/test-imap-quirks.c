/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What real servers say, right and wrong, and what a program makes of it. The conversations stand in quirks/: each says which server it is from
 * and where it was seen. "=== NAME" begins one; each is fed in every way. Sets that fit no line: test-imap-messages.c, test-imap-moving.c.
 */
#include "imap-engine-test.h"
#include "ph-replay.h"

#include "contracts/ph-extension-private.h"

#include <locale.h>

GType ph_imap_idle_get_type (void);

static void
add_idle (PhHarness *harness, PhEvent *event)
{
  if (event->kind != PH_EVENT_CAPABILITIES || harness->user_data == NULL ||
      !g_strv_contains (ph_engine_get_capabilities (harness->engine), "IDLE"))
    return;

  ph_engine_add_extension (harness->engine, harness->user_data);
  harness->user_data = NULL;
}

static PhCommand *
step_new (PhHarness *harness, gpointer data)
{
  PhExtension *idle = g_object_new (ph_imap_idle_get_type (), NULL);

  g_strlcpy (((PhImapEngine *) harness->engine)->tag_prefix, "A", 8);
  ph_extension_attach (idle, NULL, harness->engine, "IDLE", FALSE);
  g_object_set_data_full (G_OBJECT (harness->engine), "idle", idle, g_object_unref);
  harness->on_event = add_idle;
  harness->user_data = idle;
  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  return NULL;
}

/* Kept for the steps that look at its result */
static PhCommand *
submit (PhHarness *harness, PhCommand *command)
{
  g_object_set_data_full (G_OBJECT (harness->engine), "last", g_object_ref (command), g_object_unref);
  ph_harness_submit (harness, command);
  return command;
}

static gpointer
get_result (PhHarness *harness)
{
  PhCommand    *command = g_object_get_data (G_OBJECT (harness->engine), "last");
  const GValue *result = ph_command_get_result (command);

  if (result == NULL)
    return NULL;
  return G_VALUE_HOLDS_OBJECT (result) ? g_value_get_object (result) : g_value_get_boxed (result);
}

static PhMessageSet *
read_set (const char *text)
{
  g_autoptr (GError) error = NULL;
  PhMessageSet *set = ph_message_set_new_from_string (text, &error);

  g_assert_no_error (error);
  return set;
}

static PhCommand *
step_select (PhHarness *harness, const char *name, gpointer data)
{
  return submit (harness, imap_make (harness, select, name, FALSE));
}

static PhCommand *
step_fetch (PhHarness *harness, const char *text, gpointer data)
{
  static const struct { const char *name; PhFetch item; } items[] = {
    { "flags", PH_FETCH_FLAGS }, { "date", PH_FETCH_INTERNAL_DATE }, { "size", PH_FETCH_SIZE }, { "envelope", PH_FETCH_ENVELOPE },
    { "structure", PH_FETCH_BODY_STRUCTURE }, { "header", PH_FETCH_HEADER }, { "body", PH_FETCH_BODY },
  };
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (PhMessageSet) set = read_set (words[0]);
  PhFetch wanted = 0;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (g_strv_contains ((const char *const *) words, items[i].name))
      wanted |= items[i].item;
  return submit (harness, imap_make (harness, fetch, set, wanted, NULL, NULL));
}

static PhCommand *
step_list (PhHarness *harness, const char *pattern, gpointer data)
{
  return submit (harness, imap_make (harness, list, "", pattern, FALSE, NULL));
}

static PhCommand *
step_search (PhHarness *harness, const char *text, gpointer data)
{
  g_autoptr (PhQuery) query = ph_query_new ();

  if (g_str_has_prefix (text, "SUBJECT "))
    ph_query_subject (query, text + 8);
  else
    ph_query_raw (query, text);
  return submit (harness, imap_make (harness, search, query, TRUE));
}

static PhCommand *
step_copy (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_autoptr (PhMessageSet) set = read_set (words[0]);

  return submit (harness, imap_make (harness, copy, set, words[1]));
}

static PhCommand *
step_move (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_autoptr (PhMessageSet) set = read_set (words[0]);

  return submit (harness, imap_make (harness, move, set, words[1]));
}

static PhCommand *
step_append (PhHarness *harness, const char *mailbox, gpointer data)
{
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\r\n\r\nx\r\n");

  return submit (harness, imap_make (harness, append, mailbox, body, NULL, NULL));
}

/* What changed since mod-sequence 11, when UIDs 1 to 5 were there */
static PhCommand *
step_changes (PhHarness *harness, gpointer data)
{
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (7, 11);
  g_autoptr (PhMessageSet) uids = read_set ("1:5");

  ph_mailbox_state_add_uids (known, uids);
  return submit (harness, imap_make (harness, changes, known));
}

static PhCommand *
step_noop (PhHarness *harness, gpointer data)
{
  return submit (harness, ph_engine_make_noop (harness->engine));
}

static PhCommand *
step_idle (PhHarness *harness, gpointer data)
{
  ph_engine_set_idle (harness->engine, TRUE, harness->now);
  ph_harness_pump (harness);
  return NULL;
}

/* What is there, for a comparison: "KEY VALUE" */
static void
expect (const char *key, char *found, const char *wanted)
{
  g_autofree char *line = g_strdup_printf ("%s%s%s", key, *key != '\0' ? " " : "", found != NULL ? found : "unknown");

  g_free (found);
  g_assert_cmpstr (line, ==, wanted);
}

static char *
join (const char *const *words)
{
  return words != NULL ? g_strjoinv (" ", (char **) words) : NULL;
}

static void
print_part (PhBodyPart *part, guint depth, GString *text)
{
  g_string_append (text, ph_body_part_get_media_type (part));
  if (ph_body_part_get_n_parts (part) == 0)
    g_string_append_printf (text, " %" G_GUINT64_FORMAT, ph_body_part_get_size (part));
  g_assert_cmpuint (depth, <, 10);
  for (guint i = 0; i < ph_body_part_get_n_parts (part); i++)
    {
      g_autoptr (PhBodyPart) child = ph_body_part_get_part (part, i);

      g_string_append (text, i == 0 ? " (" : ", ");
      print_part (child, depth + 1, text);
    }
  if (ph_body_part_get_n_parts (part) > 0)
    g_string_append_c (text, ')');
}

static char *
describe_parts (PhMessage *message)
{
  g_autoptr (PhBodyPart) root = ph_message_get_body_structure (message);
  GString *text;

  if (root == NULL)
    return NULL;
  text = g_string_new (NULL);
  print_part (root, 0, text);
  return g_string_free (text, FALSE);
}

static char *
describe_addresses (PhMessageEnvelope *envelope, PhAddressField field)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  for (guint i = 0; i < ph_message_envelope_get_n_addresses (envelope, field); i++)
    {
      g_autofree char *address = ph_address_to_string (ph_message_envelope_get_address (envelope, field, i));

      g_strv_builder_add (builder, address);
    }
  addresses = g_strv_builder_end (builder);
  return g_strjoinv (", ", addresses);
}

static char *
describe_envelope (PhMessage *message, const char *key)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);

  if (envelope == NULL)
    return NULL;
  if (g_str_equal (key, "subject"))
    return g_strdup (ph_message_envelope_get_subject (envelope));
  if (g_str_equal (key, "sent"))
    return g_strdup (ph_message_envelope_get_date (envelope));
  if (g_str_equal (key, "id"))
    return g_strdup (ph_message_envelope_get_message_id (envelope));
  if (g_str_equal (key, "answers"))
    return g_strdup (ph_message_envelope_get_in_reply_to (envelope));
  return describe_addresses (envelope, g_str_equal (key, "from") ? PH_ADDRESS_FROM : g_str_equal (key, "to") ? PH_ADDRESS_TO : PH_ADDRESS_CC);
}

static char *
describe_section (GBytes *section)
{
  g_autofree char *text = section != NULL ? g_strndup (g_bytes_get_data (section, NULL), g_bytes_get_size (section)) : NULL;

  return text != NULL ? g_strescape (text, NULL) : NULL;
}

static char *
describe_message (PhMessage *message, const char *key)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
  g_autoptr (GBytes) section = ph_message_get_section (message, g_str_equal (key, "body") ? "" : "HEADER");

  if (g_str_equal (key, "uid"))
    return g_strdup_printf ("%u", ph_message_get_uid (message));
  if (g_str_equal (key, "size"))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, ph_message_get_size (message));
  if (g_str_equal (key, "modseq"))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, ph_message_get_mod_seq (message));
  if (g_str_equal (key, "flags"))
    return join ((const char *const *) flags);
  if (g_str_equal (key, "date"))
    return date != NULL ? g_date_time_format_iso8601 (date) : NULL;
  if (g_str_equal (key, "parts"))
    return describe_parts (message);
  if (g_str_equal (key, "body") || g_str_equal (key, "header"))
    return describe_section (section);
  return describe_envelope (message, key);
}

/* "uid 5 ; subject Hello": of the next message that FETCH gave */
static PhCommand *
step_message (PhHarness *harness, const char *text, gpointer data)
{
  GPtrArray *items = ph_harness_get_items (harness);
  g_auto (GStrv) lines = g_strsplit (text, " ; ", -1);
  g_autoptr (PhMessage) message = NULL;

  g_assert_cmpuint (items->len, >, 0);
  message = ph_message_ref (g_ptr_array_index (items, 0));
  g_ptr_array_remove_index (items, 0);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *key = g_strndup (*line, strcspn (*line, " "));

      expect (key, describe_message (message, key), *line);
    }
  return NULL;
}

static PhCommand *
step_no_message (PhHarness *harness, gpointer data)
{
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 0);
  return NULL;
}

static char *
describe_mailbox (PhMailbox *mailbox, const char *key)
{
  if (g_str_equal (key, "count"))
    return g_strdup_printf ("%u", ph_mailbox_get_n_messages (mailbox));
  if (g_str_equal (key, "validity"))
    return g_strdup_printf ("%u", ph_mailbox_get_uid_validity (mailbox));
  if (g_str_equal (key, "next"))
    return g_strdup_printf ("%u", ph_mailbox_get_uid_next (mailbox));
  if (g_str_equal (key, "modseq"))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, ph_mailbox_get_highest_mod_seq (mailbox));
  if (g_str_equal (key, "flags"))
    return join (ph_mailbox_get_flags (mailbox));
  if (g_str_equal (key, "keeps"))
    return join (ph_mailbox_get_permanent_flags (mailbox));
  g_assert_cmpstr (key, ==, "keywords");
  return g_strdup (ph_mailbox_keeps_flag (mailbox, "$Anything") ? "any" : "none");
}

/* The mailbox that the last SELECT gave */
static PhCommand *
step_mailbox (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) lines = g_strsplit (text, " ; ", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *key = g_strndup (*line, strcspn (*line, " "));

      expect (key, describe_mailbox (get_result (harness), key), *line);
    }
  return NULL;
}

/* "NAME (DELIMITER) ; …": what the last LIST gave */
static PhCommand *
step_mailboxes (PhHarness *harness, const char *text, gpointer data)
{
  GPtrArray *rows = get_result (harness);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const char *delimiter = ph_mailbox_info_get_delimiter (rows->pdata[i]);
      g_autofree char *name = g_strescape (ph_mailbox_info_get_name (rows->pdata[i]), "äàöü日本語");

      g_string_append_printf (found, "%s%s (%s)", i > 0 ? " ; " : "", name, delimiter != NULL ? delimiter : "none");
    }
  g_assert_cmpstr (found->str, ==, text);
  return NULL;
}

/* The set that the last SEARCH, COPY, MOVE or APPEND gave */
static PhCommand *
step_found (PhHarness *harness, const char *text, gpointer data)
{
  PhMessageSet *set = get_result (harness);

  expect ("", set != NULL ? ph_message_set_to_string (set) : NULL, text);
  return NULL;
}

/* What the mailbox is told next: "count 5", "removed 3" … */
static PhCommand *
step_change (PhHarness *harness, const char *text, gpointer data)
{
  static const char *const kinds[] = { "count", "recent", "unseen", "removed", "validity", "next", "modseq", "flags", "keeps", "read-only",
                                       "message", "deselected", "uids" };
  PhMailboxChange *change = &ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change;

  expect (kinds[change->kind], g_strdup_printf ("%u", change->number), text);
  return NULL;
}

static PhCommand *
step_no_change (PhHarness *harness, gpointer data)
{
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
  return NULL;
}

static PhCommand *
step_forget (PhHarness *harness, gpointer data)
{
  g_ptr_array_set_size (harness->events, 0);
  return NULL;
}

static const PhReplayStep steps[] = {
  { PH_REPLAY_NEW, step_new, NULL },
  { "select", NULL, step_select },
  { "fetch", NULL, step_fetch },
  { "list", NULL, step_list },
  { "search", NULL, step_search },
  { "copy", NULL, step_copy },
  { "move", NULL, step_move },
  { "append", NULL, step_append },
  { "changes", step_changes, NULL },
  { "noop", step_noop, NULL },
  { "idle", step_idle, NULL },
  { "message", NULL, step_message },
  { "no-message", step_no_message, NULL },
  { "mailbox", NULL, step_mailbox },
  { "mailboxes", NULL, step_mailboxes },
  { "found", NULL, step_found },
  { "change", NULL, step_change },
  { "no-change", step_no_change, NULL },
  { "forget", step_forget, NULL },
  { NULL, NULL, NULL },
};

typedef struct {
  char *name;
  char *text;
} Conversation;

static void
test_conversation (gconstpointer data)
{
  const Conversation *self = data;
  g_autofree char *text = g_strconcat ("! set scheme=imap host=imap.example.org\n", self->text, "\n! quiet\n", NULL);

  ph_replay_text (ph_imap_engine_get_full_type (), self->name, text, steps, NULL);
}

static void
conversation_free (gpointer data)
{
  Conversation *self = data;

  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

static void
add_file (const char *path)
{
  g_autofree char *file = g_path_get_basename (path);
  g_autofree char *contents = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (contents, "\n=== ", -1);
  g_assert_cmpuint (g_strv_length (parts), >, 1);
  for (char **part = parts + 1; *part != NULL; part++)
    {
      Conversation *conversation = g_new0 (Conversation, 1);
      gsize         title = strcspn (*part, "\n");
      g_autofree char *name = g_strndup (*part, title);
      g_autofree char *test = NULL;

      conversation->name = g_strdup_printf ("%s: %s", file, name);
      conversation->text = g_strdup (*part + title);
      g_strdelimit (name, " ", '-');
      test = g_strdup_printf ("/imap/quirks/%s/%s", file, name);
      g_test_add_data_func_full (test, conversation, test_conversation, conversation_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  for (int i = 1; i < argc; i++)
    add_file (argv[i]);
  return g_test_run ();
}
