/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program is told in a conversation, written as text. */
#include "imap-conversation.h"

static gpointer
get_result (PhHarness *harness)
{
  PhCommand    *command = g_object_get_data (G_OBJECT (harness->engine), "last");
  const GValue *result = ph_command_get_result (command);

  if (result == NULL)
    return NULL;
  return G_VALUE_HOLDS_OBJECT (result) ? g_value_get_object (result) : g_value_get_boxed (result);
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

  g_return_val_if_fail (rows != NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const char *delimiter = ph_mailbox_info_get_delimiter (rows->pdata[i]);
      g_autofree char *name = g_strescape (ph_mailbox_info_get_name (rows->pdata[i]), "äàöü日本語");

      g_string_append_printf (found, "%s%s (%s)", i > 0 ? " ; " : "", name, delimiter != NULL ? delimiter : "none");
    }
  g_assert_cmpstr (found->str, ==, text);
  return NULL;
}

static void
append_row (PhMailboxInfo *row, GString *found)
{
  static const char *const items[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "SIZE" };
  g_autofree char *attributes = g_strjoinv (" ", (char **) ph_mailbox_info_get_attributes (row));
  const char *const *child_info = ph_mailbox_info_get_child_info (row);
  PhMailboxStatus *status = ph_mailbox_info_get_status (row);
  guint64 value;

  g_string_append_printf (found, "%s (%s)", ph_mailbox_info_get_name (row), attributes);
  for (guint i = 0; child_info != NULL && child_info[i] != NULL; i++)
    g_string_append_printf (found, " has %s", child_info[i]);
  if (ph_mailbox_info_get_old_name (row) != NULL)
    g_string_append_printf (found, " was %s", ph_mailbox_info_get_old_name (row));
  for (guint i = 0; status != NULL && i < G_N_ELEMENTS (items); i++)
    if (ph_mailbox_status_get_item (status, items[i], &value))
      g_string_append_printf (found, " %s %" G_GUINT64_FORMAT, items[i], value);
}

/* "NAME (ATTRIBUTE …) has CHILDINFO was OLDNAME MESSAGES 3 ; …": the same with all that LIST-EXTENDED tells */
static PhCommand *
step_rows (PhHarness *harness, const char *text, gpointer data)
{
  GPtrArray *rows = get_result (harness);
  g_autoptr (GString) found = g_string_new (NULL);

  g_return_val_if_fail (rows != NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      g_string_append (found, i > 0 ? " ; " : "");
      append_row (rows->pdata[i], found);
    }
  g_assert_cmpstr (found->str, ==, text);
  return NULL;
}

/* "ITEM 5 ; …": of the last STATUS */
static PhCommand *
step_counts (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) lines = g_strsplit (text, " ; ", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *key = g_strndup (*line, strcspn (*line, " "));
      guint64 value = 0;

      expect (key, ph_mailbox_status_get_item (get_result (harness), key, &value) ? g_strdup_printf ("%" G_GUINT64_FORMAT, value) : NULL, *line);
    }
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

/* "all 2,10:11 ; min 2 ; count 3": of the last search-for */
static PhCommand *
step_result (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) lines = g_strsplit (text, " ; ", -1);
  PhSearchResult *result = get_result (harness);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *key = g_strndup (*line, strcspn (*line, " "));
      guint32 value = g_str_equal (key, "min") ? ph_search_result_get_min (result)
                      : g_str_equal (key, "max") ? ph_search_result_get_max (result) : ph_search_result_get_count (result);

      expect (key, g_str_equal (key, "all") ? ph_message_set_to_string (ph_search_result_get_set (result)) : g_strdup_printf ("%u", value), *line);
    }
  return NULL;
}

/* The sets that make_uid_batches () gave, "none" for none */
static PhCommand *
step_sets (PhHarness *harness, const char *text, gpointer data)
{
  GPtrArray *sets = get_result (harness);
  g_autoptr (GString) found = NULL;

  g_return_val_if_fail (sets != NULL, NULL);
  found = g_string_new (sets->len == 0 ? "none" : NULL);
  for (guint i = 0; i < sets->len; i++)
    {
      g_autofree char *set = ph_message_set_to_string (sets->pdata[i]);

      g_string_append_printf (found, "%s%s", i > 0 ? " ; " : "", set);
    }
  g_assert_cmpstr (found->str, ==, text);
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

/* What the program is told as it is: the text of "* NO text" */
static PhCommand *
step_response (PhHarness *harness, const char *text, gpointer data)
{
  g_assert_cmpstr (ph_response_get_text (ph_harness_expect_event (harness, PH_EVENT_RESPONSE)->response), ==, text);
  return NULL;
}

static PhCommand *
step_alert (PhHarness *harness, const char *text, gpointer data)
{
  g_assert_cmpstr (ph_response_get_text (ph_harness_expect_event (harness, PH_EVENT_ALERT)->response), ==, text);
  return NULL;
}

static PhCommand *
step_forget (PhHarness *harness, gpointer data)
{
  g_ptr_array_set_size (harness->events, 0);
  return NULL;
}

const PhReplayStep imap_conversation_answers[] = {
  { "message", NULL, step_message },
  { "no-message", step_no_message, NULL },
  { "mailbox", NULL, step_mailbox },
  { "mailboxes", NULL, step_mailboxes },
  { "rows", NULL, step_rows },
  { "counts", NULL, step_counts },
  { "found", NULL, step_found },
  { "result", NULL, step_result },
  { "sets", NULL, step_sets },
  { "change", NULL, step_change },
  { "no-change", step_no_change, NULL },
  { "response", NULL, step_response },
  { "alert", NULL, step_alert },
  { "forget", step_forget, NULL },
  { NULL, NULL, NULL },
};
