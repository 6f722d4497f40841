/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FETCH, SEARCH, STORE, COPY, APPEND, EXPUNGE. */
#include "imap-engine-test.h"

static PhMessageSet *
uids (const char *text)
{
  g_autoptr (GError) error = NULL;
  PhMessageSet *set = ph_message_set_new_from_string (text, &error);

  g_assert_no_error (error);
  return set;
}

static PhCommand *
fetch (PhHarness *harness, const char *set_text, PhFetch items, const char *extra, GOutputStream *sink)
{
  g_autoptr (PhMessageSet) set = uids (set_text);

  return imap_make (harness, fetch, set, items, extra, sink);
}

static void
test_fetch (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command = fetch (harness, "1:4,9", PH_FETCH_FLAGS | PH_FETCH_SIZE | PH_FETCH_HEADER, "X-GM-MSGID", NULL);
  g_autoptr (PhMessage) message = NULL;
  g_autoptr (GBytes) header = NULL;
  GPtrArray *items;

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID FETCH 1:4,9 (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER] X-GM-MSGID)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 4 FLAGS (\\Seen) RFC822.SIZE 44827 BODY[HEADER] {14}\r\nSubject: {3}\r\n X-GM-MSGID 5)\r\n"
                            /* not asked for: another's flags, flags alone, no UID, none at all */
                            "* 2 FETCH (UID 77 RFC822.SIZE 4)\r\n* 3 FETCH (FLAGS (a))\r\n* 3 FETCH (RFC822.SIZE 4)\r\n* 3 FETCH ()\r\n"
                            "* 2 FETCH (UID 9 RFC822.SIZE 1)\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  items = ph_harness_get_items (harness);
  g_assert_cmpuint (items->len, ==, 2);
  message = ph_message_ref (g_ptr_array_index (items, 0));
  g_assert_cmpuint (ph_message_get_uid (message), ==, 4);
  g_assert_cmpuint (ph_message_get_number (message), ==, 1);
  g_assert_cmpuint (ph_message_get_size (message), ==, 44827);
  header = ph_message_get_section (message, "HEADER");
  g_assert_cmpmem (g_bytes_get_data (header, NULL), g_bytes_get_size (header), "Subject: {3}\r\n", 14);
  /* the others are news of the mailbox */
  ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
}

/* RFC 9051 section 4.3 and FEATURES: a message full of lines that look like responses */
static void
test_fetch_confusing (gconstpointer data)
{
  static const char body[] = "* 1 FETCH (UID 5)\r\nA2 OK done\r\nx {10}\r\n)\r\n+ go\r\n";
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command = fetch (harness, "5", PH_FETCH_BODY, NULL, NULL);
  g_autofree char *text = g_strdup_printf ("* 1 FETCH (UID 5 BODY[] {%d}\r\n%s)\r\nA2 OK done\r\n", (int) strlen (body), body);
  g_autoptr (GBytes) bytes = NULL;

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, text);
  ph_harness_expect_done (harness, command);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 1);
  bytes = ph_message_get_section (g_ptr_array_index (ph_harness_get_items (harness), 0), "");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), body, strlen (body));
}

static void
test_fetch_nothing (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) none = ph_message_set_new (TRUE);
  g_autoptr (PhCommand) command = imap_make (harness, fetch, none, PH_FETCH_BODY, NULL, NULL);

  ph_harness_submit (harness, command);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_done (harness, command);
}

static void
test_fetch_numbers (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_numbers ("2:*", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, fetch, set, PH_FETCH_FLAGS, NULL, NULL);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 FETCH 2:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 3 FETCH (UID 8 FLAGS ())\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 1);
}

/* Nobody takes the items: the engine stops reading, and goes on when they were taken. */
static void
test_back_pressure (void)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) command = fetch (harness, "1:1000", PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_taken = 0;

  for (guint i = 1; i <= 1000; i++)
    g_string_append_printf (text, "* %u FETCH (UID %u FLAGS ())\r\n", i, i);
  g_string_append (text, "A2 OK done\r\n");

  ph_harness_submit (harness, command);
  ph_harness_push (harness, text->str);
  g_assert_true (harness->pausing);
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_SENT);
  while (ph_command_get_state (command) != PH_COMMAND_DONE)
    {
      PhMessage *message;
      guint      n = 0;

      while ((message = ph_command_pop_item (command)) != NULL)
        {
          g_assert_cmpuint (ph_message_get_uid (message), ==, ++n_taken);
          ph_message_unref (message);
          n++;
        }
      g_assert_cmpuint (n, <=, 256);
      g_assert_cmpuint (n, >, 0);
      ph_harness_pump (harness);
    }
  while (ph_command_get_state (command) == PH_COMMAND_DONE)
    {
      PhMessage *message = ph_command_pop_item (command);

      if (message == NULL)
        break;
      n_taken++;
      ph_message_unref (message);
    }
  g_assert_cmpuint (n_taken, ==, 1000);
}

static void
test_divert (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) command = fetch (harness, "5", PH_FETCH_FLAGS, "BODY.PEEK[1.2]", stream);

  /* what goes to a stream needs no memory */
  ((PhImapEngine *) harness->engine)->limits.literal = 10;
  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 2 EXISTS\r\n* 1 FETCH (UID 5 BODY[1.2] {45}\r\n0123456789) {5}\r\n0123456789\r\nA2 OK 0123456789 FLAGS (\\Seen))\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)),
                   "0123456789) {5}\r\n0123456789\r\nA2 OK 0123456789", 45);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 1);
  g_assert_true (ph_message_has_flag (g_ptr_array_index (ph_harness_get_items (harness), 0), "\\Seen"));
}

/* Names with blanks; a second literal that is none of the sink's business; an empty one. */
static void
test_divert_choice (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) command = fetch (harness, "5", PH_FETCH_ENVELOPE, "BODY.PEEK[HEADER.FIELDS (DATE FROM)]", stream);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 1 FETCH (X {2}\r\nno BODY[HEADER.FIELDS (DATE FROM)] {3}\r\nyes BODY[9] {0}\r\n UID 5)\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), "yes", 3);
}

/* A server may send a short section as a quoted string. */
static void
test_divert_quoted (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) command = fetch (harness, "5", 0, "BODY.PEEK[1]", stream);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 1 FETCH (UID 5 BODY[1] \"a\\\"b\")\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), "a\"b", 3);
}

/* One section as a literal, the next as a quoted string: the response ends while the stream is still to be given something. */
static void
test_divert_both (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) command = fetch (harness, "5", 0, "BODY.PEEK[1] BODY.PEEK[2]", stream);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 1 FETCH (UID 5 BODY[1] {3}\r\none BODY[2] \"two\")\r\n* 4 EXISTS\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), "onetwo", 6);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 1);
  g_assert_cmpuint (((PhImapEngine *) harness->engine)->n_messages, ==, 4);
}

static void
test_sink_refuses (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) command = fetch (harness, "5", PH_FETCH_BODY, NULL, stream);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  harness->sink_error = g_error_new_literal (PH_ERROR, PH_ERROR_BODY, "disk full");
  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, "* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\nA2 OK done\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_BODY);
  ph_harness_submit (harness, noop);
  ph_harness_push (harness, "A3 OK done\r\n");
  ph_harness_expect_done (harness, noop);
}

/* RFC 9051 section 6.4.9: the server is well content with a UID that isn't there. An empty message is one, all the same. */
static void
test_sink_without_a_message (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) gone = fetch (harness, "5", PH_FETCH_BODY, NULL, stream);
  g_autoptr (PhCommand) empty = fetch (harness, "6", PH_FETCH_UID, "BODY.PEEK[]", stream);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, gone);
  ph_harness_push (harness, "* 1 FETCH (UID 6 FLAGS (a))\r\nA2 OK done\r\n");
  ph_harness_expect_error (harness, gone, PH_ERROR_NO_MESSAGE);
  ph_harness_submit (harness, empty);
  ph_harness_push (harness, "* 1 FETCH (UID 6 BODY[] \"\")\r\nA3 OK done\r\n");
  ph_harness_expect_done (harness, empty);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 0);
}

static void
test_long_set (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  g_autoptr (PhCommand) command = NULL;
  const char *written;
  guint n_lines = 0;

  for (guint32 uid = 1000; uid < 21000; uid += 2)
    ph_message_set_add (set, uid);
  command = imap_make (harness, store, set, PH_STORE_ADD, (const char *const[]){ "\\Seen", NULL });
  ph_harness_submit (harness, command);
  while (ph_command_get_state (command) != PH_COMMAND_DONE)
    {
      g_autofree char *reply = g_strdup_printf ("A%u OK done\r\n", ++n_lines + 1);

      ph_harness_push (harness, reply);
      g_assert_cmpuint (n_lines, <, 100);
    }
  g_assert_cmpuint (n_lines, ==, 8);
  written = strstr (ph_harness_get_trace (harness), "A2 UID STORE 1000,1002,");
  g_assert_nonnull (written);
  g_assert_nonnull (strstr (written, "20998 +FLAGS.SILENT"));
  ph_harness_expect_done (harness, command);
}

static void
check_search (const char *capabilities, const char *line, const char *answer, const char *found)
{
  g_autoptr (PhHarness) harness = imap_harness_select (capabilities);
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhCommand) command = imap_make (harness, search, ph_query_unseen (query), TRUE);
  g_autofree char *set = NULL;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, line);
  ph_harness_push (harness, answer);
  ph_harness_expect_done (harness, command);
  set = ph_message_set_to_string (ph_command_peek_result (command));
  g_assert_cmpstr (set, ==, found);
  g_assert_true (ph_message_set_is_by_uid (ph_command_peek_result (command)));
}

static void
test_search (gconstpointer data)
{
  check_search ("", "A2 UID SEARCH UNSEEN\r\n", "* SEARCH 2 84 882\r\nA2 OK done\r\n", "2,84,882");
  check_search ("", "A2 UID SEARCH UNSEEN\r\n", "* SEARCH\r\nA2 OK done\r\n", "");
  check_search ("", "A2 UID SEARCH UNSEEN\r\n", "A2 OK done\r\n", "");
  check_search ("", "A2 UID SEARCH UNSEEN\r\n", "* SEARCH 1 2\r\n* SEARCH 4 (MODSEQ 9)\r\nA2 OK done\r\n", "1:2,4");
  check_search ("", "A2 UID SEARCH UNSEEN\r\n", "* SEARCH 0 5 4294967295 99999999999999999999 -1 x\r\nA2 OK done\r\n", "5");
}

/* RFC 4731, and what servers make of it */
static void
test_esearch (gconstpointer data)
{
  static const char line[] = "A2 UID SEARCH RETURN (ALL) UNSEEN\r\n";

  check_search ("ESEARCH", line, "* ESEARCH (TAG \"A2\") UID ALL 2,10:15\r\nA2 OK done\r\n", "2,10:15");
  check_search ("ESEARCH", line, "* ESEARCH UID ALL 15:10,2\r\nA2 OK done\r\n", "2,10:15");
  check_search ("ESEARCH", line, "* ESEARCH (TAG \"A2\") UID COUNT 5 ALL 7 MODSEQ 9\r\nA2 OK done\r\n", "7");
  check_search ("ESEARCH", line, "* ESEARCH (TAG \"A2\") ALL 7\r\nA2 OK done\r\n", "7");
  check_search ("ESEARCH", line, "* ESEARCH (TAG \"A2\") UID\r\nA2 OK done\r\n", "");
  check_search ("ESEARCH", line, "* ESEARCH (TAG \"B9\") UID ALL 9\r\n* ESEARCH\r\nA2 OK done\r\n", "");
  check_search ("ESEARCH", line, "* SEARCH 3 4\r\nA2 OK done\r\n", "3:4");
}

static void
test_search_keys (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("LITERAL+");
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhQuery) evil = ph_query_new ();
  g_autoptr (PhQuery) raw = ph_query_new ();
  g_autoptr (PhCommand) command = NULL, refused = NULL, by_hand = NULL;

  ph_query_subject (ph_query_from (query, "Sm\"ith"), "Gr\xc3\xbc\xc3\x9f" "e");
  command = imap_make (harness, search, query, FALSE);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 SEARCH CHARSET UTF-8 FROM \"Sm\\\"ith\" SUBJECT {7+}\r\nGr\xc3\xbc\xc3\x9f" "e\r\n");
  ph_harness_push (harness, "A2 OK done\r\n");

  ph_query_from (evil, "a\r\nA9 LOGOUT");
  refused = imap_make (harness, search, evil, TRUE);
  ph_harness_submit (harness, refused);
  ph_harness_expect_error (harness, refused, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_expect_nothing (harness);

  ph_query_raw (raw, "UNSEEN FROM \"ldj\"");
  by_hand = imap_make (harness, search, raw, TRUE);
  ph_harness_submit (harness, by_hand);
  g_assert_nonnull (strstr (ph_harness_get_trace (harness), "UID SEARCH UNSEEN FROM \\\"ldj\\\"\\r\\n"));
}

static void
test_store_and_copy (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = uids ("2:4");
  const char *const flags[] = { "\\Deleted", "$Junk", NULL };
  const char *const evil[] = { "a b", NULL };
  g_autoptr (PhCommand) add = imap_make (harness, store, set, PH_STORE_ADD, flags);
  g_autoptr (PhCommand) none = imap_make (harness, store, set, PH_STORE_SET, NULL);
  g_autoptr (PhCommand) bad = imap_make (harness, store, set, PH_STORE_REMOVE, evil);
  g_autoptr (PhCommand) copy = imap_make (harness, copy, set, "Archive");
  g_autofree char *copied = NULL;

  ph_harness_submit (harness, add);
  ph_harness_submit (harness, none);
  ph_harness_submit (harness, bad);
  ph_harness_submit (harness, copy);
  ph_harness_expect (harness, "A2 UID STORE 2:4 +FLAGS.SILENT (\\Deleted $Junk)\r\nA3 UID STORE 2:4 FLAGS.SILENT ()\r\nA5 UID COPY 2:4 \"Archive\"\r\n");
  ph_harness_expect_error (harness, bad, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_push (harness, "A2 OK x\r\nA3 OK x\r\nA5 OK [COPYUID 38505 304,319:320 3956:3958] Done\r\n");
  ph_harness_expect_done (harness, add);
  ph_harness_expect_done (harness, none);
  ph_harness_expect_done (harness, copy);
  copied = ph_message_set_to_string (ph_command_peek_result (copy));
  g_assert_cmpstr (copied, ==, "3956:3958");
}

static void
test_copyuid_variants (gconstpointer data)
{
  const char *const answers[][2] = {
    { "A2 OK done\r\n", NULL },
    { "A2 OK [COPYUID 1 2:4] x\r\n", NULL },
    { "A2 OK [COPYUID] x\r\n", NULL },
    { "A2 OK [COPYUID 1 2:4 x] x\r\n", NULL },
    { "* OK [COPYUID 1 2:4 7:9] x\r\nA2 OK x\r\n", "7:9" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select ("");
      g_autoptr (PhMessageSet) set = uids ("2:4");
      g_autoptr (PhCommand) copy = imap_make (harness, copy, set, "a");
      g_autofree char *copied = NULL;

      ph_harness_submit (harness, copy);
      ph_harness_push (harness, answers[i][0]);
      ph_harness_expect_done (harness, copy);
      copied = ph_command_peek_result (copy) != NULL ? ph_message_set_to_string (ph_command_peek_result (copy)) : NULL;
      g_assert_cmpstr (copied, ==, answers[i][1]);
    }
}

static void
test_expunge (gconstpointer data)
{
  g_autoptr (PhHarness) plain = imap_harness_select ("");
  g_autoptr (PhHarness) plus = imap_harness_select ("UIDPLUS");
  g_autoptr (PhMessageSet) set = uids ("2:4");
  g_autoptr (PhCommand) all = imap_make (plain, expunge, NULL);
  g_autoptr (PhCommand) cannot = imap_make (plain, expunge, set);
  g_autoptr (PhCommand) some = imap_make (plus, expunge, set);

  ph_harness_submit (plain, all);
  ph_harness_expect (plain, "A2 EXPUNGE\r\n");
  ph_harness_push (plain, "* 3 EXPUNGE\r\n* 1 EXPUNGE\r\nA2 OK done\r\n");
  ph_harness_expect_done (plain, all);
  g_assert_cmpint (ph_harness_expect_event (plain, PH_EVENT_MAILBOX)->change.kind, ==, PH_CHANGE_REMOVED);
  ph_harness_submit (plain, cannot);
  ph_harness_expect_error (plain, cannot, PH_ERROR_NOT_SUPPORTED);
  ph_harness_expect_nothing (plain);

  ph_harness_submit (plus, some);
  ph_harness_expect (plus, "A2 UID EXPUNGE 2:4\r\n");
}

static PhCommand *
append (PhHarness *harness, const char *text)
{
  g_autoptr (PhBody) body = ph_body_new_for_text (text);
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (-12600);
  g_autoptr (GDateTime) date = g_date_time_new (zone, 2026, 3, 7, 4, 5, 6);

  return imap_make (harness, append, "saved", body, (const char *const[]){ "\\Seen", NULL }, date);
}

#define APPEND_LINE "A1 APPEND \"saved\" (\\Seen) \" 7-Mar-2026 04:05:06 -0330\" "

static void
test_append (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = append (harness, "a\r\nb\r\n");
  g_autofree char *uid = NULL;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, APPEND_LINE "{6}\r\n");
  ph_harness_push (harness, "+ Ready\r\n");
  ph_harness_expect (harness, "a\r\nb\r\n\r\n");
  ph_harness_push (harness, "A1 OK [APPENDUID 38505 3955] done\r\n");
  ph_harness_expect_done (harness, command);
  uid = ph_message_set_to_string (ph_command_peek_result (command));
  g_assert_cmpstr (uid, ==, "3955");
}

static void
test_append_at_once (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("LITERAL+");
  g_autoptr (PhCommand) command = append (harness, "ab");

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, APPEND_LINE "{2+}\r\nab\r\n");
  ph_harness_push (harness, "A1 NO [TRYCREATE] no\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_NO_MAILBOX);
}

static void
test_append_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = append (harness, "ab");
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  ph_harness_submit (harness, command);
  ph_harness_submit (harness, noop);
  ph_harness_push (harness, "A1 NO [OVERQUOTA] full\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_OVER_QUOTA);
  /* nothing of the message; the next command, which waited for the line */
  ph_harness_expect (harness, APPEND_LINE "{2}\r\nA2 NOOP\r\n");
  ph_harness_push (harness, "A2 OK done\r\n");
  ph_harness_expect_done (harness, noop);
}

/* The reply comes while the message is still being written: the octets that were promised must go all the same. */
static void
test_append_early_reply (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("LITERAL+");
  g_autoptr (PhCommand) command = append (harness, "abcdef");

  harness->hold_body = TRUE;
  ph_harness_submit (harness, command);
  ph_harness_write_body (harness, 2);
  ph_harness_push (harness, "A1 NO [OVERQUOTA] full\r\n");
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_SENT);
  ph_harness_write_body (harness, -1);
  ph_harness_expect (harness, APPEND_LINE "{6+}\r\nabcdef\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_OVER_QUOTA);
}

static void
test_append_body_fails (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("LITERAL+");
  g_autoptr (PhCommand) command = append (harness, "abcdef");

  harness->body_error = g_error_new_literal (PH_ERROR, PH_ERROR_BODY, "gone");
  ph_harness_submit (harness, command);
  ph_harness_expect_error (harness, command, PH_ERROR_BODY);
  ph_harness_expect_failed (harness, PH_ERROR_BODY);
}

static void
test_append_cancelled (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = append (harness, "abcdef");

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, APPEND_LINE "{6}\r\n");
  ph_harness_cancel (harness, command, g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "cancelled"));
  ph_harness_expect_error (harness, command, PH_ERROR_FAILED);
  /* six octets are promised: nothing else can be said */
  ph_harness_expect_failed (harness, PH_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("fetch/items", test_fetch);
  imap_test ("fetch/a-message-like-responses", test_fetch_confusing);
  imap_test ("fetch/of-nothing-is-nothing", test_fetch_nothing);
  imap_test ("fetch/by-number", test_fetch_numbers);
  g_test_add_func ("/imap/fetch/back-pressure", test_back_pressure);
  imap_test ("fetch/to-a-stream", test_divert);
  imap_test ("fetch/to-a-stream-only-sections", test_divert_choice);
  imap_test ("fetch/to-a-stream-quoted", test_divert_quoted);
  imap_test ("fetch/a-literal-and-a-quoted-section", test_divert_both);
  imap_test ("fetch/a-stream-that-refuses", test_sink_refuses);
  imap_test ("fetch/a-stream-without-a-message", test_sink_without_a_message);
  g_test_add_data_func ("/imap/store/a-long-set-takes-several-lines", NULL, test_long_set);
  imap_test ("search/numbers", test_search);
  imap_test ("search/esearch", test_esearch);
  imap_test ("search/keys", test_search_keys);
  imap_test ("messages/store-and-copy", test_store_and_copy);
  imap_test ("messages/copyuid-as-it-comes", test_copyuid_variants);
  imap_test ("messages/expunge", test_expunge);
  imap_test ("append/waits-for-the-server", test_append);
  imap_test ("append/at-once-with-literal-plus", test_append_at_once);
  imap_test ("append/refused-before-the-message", test_append_refused);
  imap_test ("append/refused-within-the-message", test_append_early_reply);
  imap_test ("append/a-message-that-breaks-off", test_append_body_fails);
  imap_test ("append/cancelled-within", test_append_cancelled);
  return g_test_run ();
}
