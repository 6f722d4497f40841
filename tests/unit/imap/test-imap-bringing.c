/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages that are brought, replaced and transferred: MULTIAPPEND (RFC 3502), BINARY (RFC 3516), REPLACE (RFC 8508), UIDPLUS (RFC 4315),
 * CREATE-SPECIAL-USE (RFC 6154), LIST-EXTENDED (RFC 5258), MESSAGELIMIT (RFC 9738), UIDBATCHES (RFC 10022). */
#include "imap-engine-test.h"

static PhNewMessage *
message (const char *text, const char *flag, GDateTime *date)
{
  const char *flags[] = { flag, NULL };
  g_autoptr (PhBody) body = ph_body_new_for_text (text);

  return ph_new_message_new (body, flag != NULL ? flags : NULL, date);
}

static PhCommand *
append_two (PhHarness *harness)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("-08:00");
  g_autoptr (GDateTime) date = g_date_time_new (zone, 1994, 2, 7, 22, 43, 4);
  g_autoptr (PhNewMessage) one = message ("Hello Joe", "\\Seen", NULL);
  g_autoptr (PhNewMessage) other = message ("3:30 is fine with me.", "\\Seen", date);
  PhNewMessage *both[] = { one, other };

  return imap_make (harness, append_all, "saved-messages", both, 2);
}

static void
assert_uids (PhCommand *command, const char *expected)
{
  g_autofree char *text = ph_message_set_to_string (ph_command_peek_result (command));

  g_assert_cmpstr (text, ==, expected);
}

/* RFC 3502 section 6.3.11's example; APPENDUID of several: RFC 4315 section 4 */
static void
test_all_at_once (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("MULTIAPPEND UIDPLUS");
  g_autoptr (PhCommand) command = append_two (harness);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 APPEND \"saved-messages\" (\\Seen) {9}\r\n");
  ph_harness_push (harness, "+ Ready for literal data\r\n");
  ph_harness_expect (harness, "Hello Joe (\\Seen) \" 7-Feb-1994 22:43:04 -0800\" {21}\r\n");
  ph_harness_push (harness, "+ Ready for literal data\r\n");
  ph_harness_expect (harness, "3:30 is fine with me.\r\n");
  ph_harness_push (harness, "A1 OK [APPENDUID 38505 3955:3956] APPEND completed\r\n");
  ph_harness_expect_done (harness, command);
  assert_uids (command, "3955:3956");
}

/* RFC 9738 section 3: as many as the server says, and then the rest */
static void
test_no_more_than_the_limit (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("MULTIAPPEND UIDPLUS LITERAL+ SAVELIMIT=2");
  g_autoptr (GPtrArray) five = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_new_message_unref);
  g_autoptr (PhCommand) command = NULL;

  for (guint i = 0; i < 5; i++)
    g_ptr_array_add (five, message ("x", NULL, NULL));
  command = imap_make (harness, append_all, "saved-messages", (PhNewMessage *const *) five->pdata, 5);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 APPEND \"saved-messages\" {1+}\r\nx {1+}\r\nx\r\n");
  ph_harness_push (harness, "A1 OK [APPENDUID 38505 3955:3956] done\r\n");
  ph_harness_expect (harness, "A2 APPEND \"saved-messages\" {1+}\r\nx {1+}\r\nx\r\n");
  ph_harness_push (harness, "A2 OK [APPENDUID 38505 3957:3958] done\r\n");
  ph_harness_expect (harness, "A3 APPEND \"saved-messages\" {1+}\r\nx\r\n");
  ph_harness_push (harness, "A3 OK [APPENDUID 38505 3960] done\r\n");
  ph_harness_expect_done (harness, command);
  assert_uids (command, "3955:3958,3960");
}

static void
test_the_second_is_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("MULTIAPPEND");
  g_autoptr (PhCommand) command = append_two (harness);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "+ go\r\n");
  ph_harness_push (harness, "A1 NO APPEND failed: Disk quota exceeded\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_REFUSED);
  /* the rest of the line is not sent, and the session goes on */
  ph_harness_expect (harness, "A1 APPEND \"saved-messages\" (\\Seen) {9}\r\nHello Joe (\\Seen) \" 7-Feb-1994 22:43:04 -0800\" {21}\r\n");
  ph_harness_submit (harness, noop);
  ph_harness_expect (harness, "A2 NOOP\r\n");
}

static void
test_one_after_the_other (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("LITERAL+");
  g_autoptr (PhCommand) command = append_two (harness);
  g_autoptr (PhCommand) again = append_two (harness);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 APPEND \"saved-messages\" (\\Seen) {9+}\r\nHello Joe\r\n");
  ph_harness_push (harness, "A1 OK [APPENDUID 1 7] x\r\n");
  ph_harness_expect (harness, "A2 APPEND \"saved-messages\" (\\Seen) \" 7-Feb-1994 22:43:04 -0800\" {21+}\r\n3:30 is fine with me.\r\n");
  ph_harness_push (harness, "A2 OK [APPENDUID 1 9] x\r\n");
  ph_harness_expect_done (harness, command);
  assert_uids (command, "7,9");

  ph_harness_submit (harness, again);
  ph_harness_push (harness, "A3 NO [TRYCREATE] No such mailbox\r\n");
  ph_harness_expect_error (harness, again, PH_ERROR_NO_MAILBOX);
}

static void
test_none_at_all (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("MULTIAPPEND REPLACE");
  g_autoptr (PhNewMessage) any = message ("x", NULL, NULL);
  PhNewMessage *none[] = { NULL };
  g_autoptr (PhCommand) command = imap_make (harness, append_all, "saved-messages", none, 0);
  g_autoptr (PhCommand) nobody = imap_make (harness, replace, 0, "Drafts", any);

  ph_harness_submit (harness, command);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_done (harness, command);
  ph_harness_submit (harness, nobody);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, nobody, PH_ERROR_INVALID_ARGUMENT);
}

/* RFC 7889: of each of them */
static void
test_one_is_too_large (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("MULTIAPPEND APPENDLIMIT=10");
  g_autoptr (PhCommand) command = append_two (harness);

  ph_harness_submit (harness, command);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, command, PH_ERROR_TOO_LARGE);
}

/* RFC 3516 section 4.4: octets with NUL are a literal8 */
static void
test_binary (gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);
  g_autoptr (PhBody) body = ph_body_new_for_bytes (bytes);
  g_autoptr (PhHarness) harness = imap_harness_open ("BINARY LITERAL+");
  g_autoptr (PhHarness) without = imap_harness_open ("LITERAL+");
  g_autoptr (PhCommand) command = imap_make (harness, append, "stuff", body, NULL, NULL);
  g_autoptr (PhCommand) refused = imap_make (without, append, "stuff", body, NULL, NULL);

  ph_harness_submit (without, refused);
  ph_harness_expect_nothing (without);
  ph_harness_expect_error (without, refused, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_submit (harness, command);
  ph_harness_push (harness, "A1 OK x\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_nonnull (strstr (ph_harness_get_trace (harness), "C: \"A1 APPEND \\\"stuff\\\" ~{3+}\\r\\n\"\nC: \"a\\x00b\"\n"));
}

/* RFC 3516 sections 4.2, 4.3 and 7's examples */
static void
test_decoded (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("BINARY");
  g_autoptr (PhHarness) without = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (PhCommand) size = imap_make (harness, fetch, set, PH_FETCH_UID, "BINARY.SIZE[5]", NULL);
  g_autoptr (PhCommand) part = imap_make (harness, fetch, set, PH_FETCH_UID, "BINARY.PEEK[3]", stream);
  g_autoptr (PhCommand) unknown = imap_make (harness, fetch, set, PH_FETCH_UID, "BINARY.PEEK[5]", NULL);
  g_autoptr (PhCommand) refused = imap_make (without, fetch, set, PH_FETCH_UID, "BINARY.PEEK[3]", NULL);
  guint64 octets = 0;

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, size);
  ph_harness_expect (harness, "A2 UID FETCH 5 (UID BINARY.SIZE[5])\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 5 BINARY.SIZE[5] 3216)\r\nA2 OK FETCH completed\r\n");
  ph_harness_expect_done (harness, size);
  g_assert_true (ph_message_get_binary_size (g_ptr_array_index (ph_harness_get_items (harness), 0), "5", &octets));
  g_assert_cmpuint (octets, ==, 3216);
  g_assert_false (ph_message_get_binary_size (g_ptr_array_index (ph_harness_get_items (harness), 0), "6", &octets));

  ph_harness_submit (harness, part);
  ph_harness_expect (harness, "A3 UID FETCH 5 (UID BINARY.PEEK[3])\r\n");
  ph_harness_push_bytes (harness, "* 1 FETCH (UID 5 BINARY[3] ~{3}\r\na\0b)\r\nA3 OK FETCH completed\r\n", 62);
  ph_harness_expect_done (harness, part);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), "a\0b", 3);

  ph_harness_submit (harness, unknown);
  ph_harness_push (harness, "A4 NO [UNKNOWN-CTE] I can't decode it\r\n");
  ph_harness_expect_error (harness, unknown, PH_ERROR_CANNOT);
  ph_harness_submit (without, refused);
  ph_harness_expect_nothing (without);
  ph_harness_expect_error (without, refused, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 8508 section 3.4's example */
static void
test_replace (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("REPLACE LITERAL+");
  g_autoptr (PhNewMessage) new_message = message ("happy new year !!", "\\Draft", NULL);
  g_autoptr (PhCommand) command = imap_make (harness, replace, 2000, "Drafts", new_message);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UID REPLACE 2000 \"Drafts\" (\\Draft) {17+}\r\nhappy new year !!\r\n");
  ph_harness_push (harness, "* OK [APPENDUID 1 2001] Replacement Message ready\r\n* 4 EXISTS\r\n* 3 EXPUNGE\r\nA2 OK Replace completed\r\n");
  ph_harness_expect_done (harness, command);
  assert_uids (command, "2001");
  g_assert_cmpuint (((PhImapEngine *) harness->engine)->n_messages, ==, 3);
}

/* Nothing is taken away before its successor is there. */
static void
test_replace_in_three (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("UIDPLUS LITERAL+");
  g_autoptr (PhHarness) neither = imap_harness_select ("LITERAL+");
  g_autoptr (PhNewMessage) new_message = message ("new", NULL, NULL);
  g_autoptr (PhCommand) command = imap_make (harness, replace, 2000, "Drafts", new_message);
  g_autoptr (PhNewMessage) newer = message ("newer", NULL, NULL);
  g_autoptr (PhCommand) failing = imap_make (harness, replace, 2000, "Drafts", newer);
  g_autoptr (PhCommand) refused = imap_make (neither, replace, 2000, "Drafts", newer);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 APPEND \"Drafts\" {3+}\r\nnew\r\n");
  ph_harness_push (harness, "A2 OK [APPENDUID 1 2001] x\r\n");
  ph_harness_expect (harness, "A3 UID STORE 2000 +FLAGS.SILENT (\\Deleted)\r\n");
  ph_harness_push (harness, "A3 OK x\r\n");
  ph_harness_expect (harness, "A4 UID EXPUNGE 2000\r\n");
  ph_harness_push (harness, "* 3 EXPUNGE\r\nA4 OK x\r\n");
  ph_harness_expect_done (harness, command);
  assert_uids (command, "2001");

  ph_harness_submit (harness, failing);
  ph_harness_push (harness, "A5 NO [OVERQUOTA] x\r\n");
  ph_harness_expect_error (harness, failing, PH_ERROR_OVER_QUOTA);
  ph_harness_submit (neither, refused);
  ph_harness_expect_error (neither, refused, PH_ERROR_NOT_SUPPORTED);
  ph_harness_expect_nothing (neither);
}

/* RFC 4315 section 4's example, and the orders in which servers tell */
static void
test_who_became_whom (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("UIDPLUS MOVE");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("304,319:320", NULL);
  g_autoptr (PhCommand) copy = imap_make (harness, transfer, set, "meeting", FALSE);
  g_autoptr (PhCommand) move = imap_make (harness, transfer, set, "meeting", TRUE);
  g_autoptr (PhCommand) silent = imap_make (harness, transfer, set, "meeting", FALSE);
  g_autoptr (PhMessageSet) new_uids = NULL;
  g_autofree char *text = NULL;
  PhUidMapping *mapping;
  guint32 old_uid, new_uid;

  ph_harness_submit (harness, copy);
  ph_harness_expect (harness, "A2 UID COPY 304,319:320 \"meeting\"\r\n");
  ph_harness_push (harness, "A2 OK [COPYUID 38505 304,319:320 3956:3958] Done\r\n");
  ph_harness_expect_done (harness, copy);
  mapping = ph_command_peek_result (copy);
  g_assert_cmpuint (ph_uid_mapping_get_uid_validity (mapping), ==, 38505);
  g_assert_cmpuint (ph_uid_mapping_get_n_pairs (mapping), ==, 3);
  g_assert_cmpuint (ph_uid_mapping_lookup (mapping, 304), ==, 3956);
  g_assert_cmpuint (ph_uid_mapping_lookup (mapping, 320), ==, 3958);
  g_assert_cmpuint (ph_uid_mapping_lookup (mapping, 305), ==, 0);
  g_assert_false (ph_uid_mapping_get_pair (mapping, 3, &old_uid, &new_uid));
  new_uids = ph_uid_mapping_get_new_uids (mapping);
  text = ph_message_set_to_string (new_uids);
  g_assert_cmpstr (text, ==, "3956:3958");

  ph_harness_submit (harness, move);
  ph_harness_expect (harness, "A3 UID MOVE 304,319:320 \"meeting\"\r\n");
  /* 7:5 is 5:7, and a list keeps its order */
  ph_harness_push (harness, "* OK [COPYUID 38505 320:319,304 12:11,4] x\r\nA3 OK Done\r\n");
  ph_harness_expect_done (harness, move);
  mapping = ph_command_peek_result (move);
  g_assert_true (ph_uid_mapping_get_pair (mapping, 0, &old_uid, &new_uid));
  g_assert_cmpuint (old_uid, ==, 319);
  g_assert_cmpuint (new_uid, ==, 11);
  g_assert_cmpuint (ph_uid_mapping_lookup (mapping, 304), ==, 4);

  /* more than was asked for, and what is no set at all */
  ph_harness_submit (harness, silent);
  ph_harness_push (harness, "A4 OK [COPYUID 38505 1:4294967294 1:4294967294] Done\r\n");
  ph_harness_expect_done (harness, silent);
  g_assert_cmpuint (ph_uid_mapping_get_n_pairs (ph_command_peek_result (silent)), ==, 3);
}

/* RFC 6154 section 5.3's example */
static void
test_create_for_a_use (gconstpointer data)
{
  static const char *const special[] = { "\\Drafts", "\\Sent", NULL };
  static const char *const all[] = { "\\All", NULL };
  g_autoptr (PhHarness) harness = imap_harness_open ("CREATE-SPECIAL-USE");
  g_autoptr (PhHarness) without = imap_harness_open ("SPECIAL-USE");
  g_autoptr (PhCommand) command = imap_make (harness, create_for, "MySpecial", special);
  g_autoptr (PhCommand) refused = imap_make (harness, create_for, "Everything", all);
  g_autoptr (PhCommand) unknown = imap_make (without, create_for, "Everything", all);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 CREATE \"MySpecial\" (USE (\\Drafts \\Sent))\r\n");
  ph_harness_push (harness, "A1 OK MySpecial created\r\n");
  ph_harness_expect_done (harness, command);
  ph_harness_submit (harness, refused);
  ph_harness_push (harness, "A2 NO [USEATTR] \\All not supported\r\n");
  ph_harness_expect_error (harness, refused, PH_ERROR_CANNOT);
  ph_harness_submit (without, unknown);
  ph_harness_expect_nothing (without);
  ph_harness_expect_error (without, unknown, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 5258 section 5, examples 8 and 3 */
static void
test_list_by_what_they_are (gconstpointer data)
{
  static const char *const any[] = { "*", NULL };
  static const char *const patterns[] = { "INBOX", "Drafts", "Sent/%", NULL };
  static const char *const items[] = { "MESSAGES", "SIZE", NULL };
  g_autoptr (PhHarness) harness = imap_harness_open ("LIST-EXTENDED LIST-STATUS SPECIAL-USE STATUS=SIZE");
  g_autoptr (PhCommand) parents = imap_make (harness, list_selected, any, PH_LIST_SUBSCRIBED | PH_LIST_RECURSIVE_MATCH, NULL);
  g_autoptr (PhCommand) several = imap_make (harness, list_selected, patterns, PH_LIST_ALL, items);
  g_autoptr (PhCommand) nothing = imap_make (harness, list_selected, any, PH_LIST_RECURSIVE_MATCH, NULL);
  GPtrArray *rows;
  guint64 size = 0;

  ph_harness_submit (harness, parents);
  ph_harness_expect (harness, "A1 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" \"*\" RETURN (CHILDREN SUBSCRIBED SPECIAL-USE)\r\n");
  ph_harness_push (harness, "* LIST (\\NonExistent) \"/\" \"Foo\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n"
                            "* LIST (\\Subscribed) \"/\" Moo\r\nA1 OK done\r\n");
  ph_harness_expect_done (harness, parents);
  rows = ph_command_peek_result (parents);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (ph_mailbox_info_get_child_info (g_ptr_array_index (rows, 0))[0], ==, "SUBSCRIBED");
  g_assert_null (ph_mailbox_info_get_child_info (g_ptr_array_index (rows, 1)));

  ph_harness_submit (harness, several);
  ph_harness_expect (harness, "A2 LIST \"\" (\"INBOX\" \"Drafts\" \"Sent/%\") RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES SIZE))\r\n");
  ph_harness_push (harness, "* LIST () \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 17 SIZE 16234)\r\nA2 OK done\r\n");
  ph_harness_expect_done (harness, several);
  rows = ph_command_peek_result (several);
  g_assert_true (ph_mailbox_status_get_item (ph_mailbox_info_get_status (g_ptr_array_index (rows, 0)), "SIZE", &size));
  g_assert_cmpuint (size, ==, 16234);

  ph_harness_submit (harness, nothing);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, nothing, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_list_without_the_extension (gconstpointer data)
{
  static const char *const any[] = { "*", NULL };
  static const char *const patterns[] = { "INBOX", "Sent/%", NULL };
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) several = imap_make (harness, list_selected, patterns, PH_LIST_ALL, NULL);
  g_autoptr (PhCommand) subscribed = imap_make (harness, list_selected, any, PH_LIST_SUBSCRIBED, NULL);
  g_autoptr (PhCommand) special = imap_make (harness, list_selected, any, PH_LIST_SPECIAL_USE, NULL);

  ph_harness_submit (harness, several);
  ph_harness_expect (harness, "A1 LIST \"\" \"INBOX\"\r\n");
  ph_harness_push (harness, "* LIST () \"/\" INBOX\r\nA1 OK x\r\n");
  ph_harness_expect (harness, "A2 LIST \"\" \"Sent/%\"\r\n");
  ph_harness_push (harness, "* LIST () \"/\" Sent/2020\r\nA2 OK x\r\n");
  ph_harness_expect_done (harness, several);
  g_assert_cmpuint (((GPtrArray *) ph_command_peek_result (several))->len, ==, 2);
  ph_harness_submit (harness, subscribed);
  ph_harness_expect (harness, "A3 LSUB \"\" \"*\"\r\n");
  ph_harness_push (harness, "A3 OK x\r\n");
  ph_harness_submit (harness, special);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, special, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 9738 section 3: the newest thousand are done, and the rest is asked for; a COPY is cut before it is refused. */
static void
test_message_limit (gconstpointer data)
{
  static const char *const seen[] = { "\\Seen", NULL };
  g_autoptr (PhHarness) harness = imap_harness_select ("MESSAGELIMIT=1000");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("1:1500", NULL);
  g_autoptr (PhMessageSet) open_set = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhCommand) copy = imap_make (harness, copy, set, "Archive");
  g_autoptr (PhCommand) fetch = imap_make (harness, fetch, open_set, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhCommand) search = imap_make (harness, search, query, TRUE);
  g_autoptr (PhCommand) store = imap_make (harness, store, open_set, PH_STORE_ADD, seen);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, copy);
  ph_harness_expect (harness, "A2 UID COPY 1:1000 \"Archive\"\r\n");
  ph_harness_push (harness, "A2 OK x\r\n");
  ph_harness_expect (harness, "A3 UID COPY 1001:1500 \"Archive\"\r\n");
  ph_harness_push (harness, "A3 OK x\r\n");
  ph_harness_expect_done (harness, copy);

  ph_harness_submit (harness, fetch);
  ph_harness_expect (harness, "A4 UID FETCH 1:* (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 3 FETCH (UID 23221 FLAGS ())\r\nA4 OK [MESSAGELIMIT 1000 23221] FETCH completed with 1000 partial results\r\n");
  ph_harness_expect (harness, "A5 UID FETCH 1:23220 (UID FLAGS)\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 7 FLAGS ())\r\nA5 OK x\r\n");
  ph_harness_expect_done (harness, fetch);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 2);

  ph_harness_submit (harness, search);
  ph_harness_expect (harness, "A6 UID SEARCH UNSEEN\r\n");
  ph_harness_push (harness, "* SEARCH 25000 23221\r\nA6 OK [MESSAGELIMIT 1000 23221] partial\r\n");
  ph_harness_expect (harness, "A7 UID SEARCH UID 1:23220 UNSEEN\r\n");
  ph_harness_push (harness, "* SEARCH 5\r\nA7 OK x\r\n");
  ph_harness_expect_done (harness, search);
  assert_uids (search, "5,23221,25000");

  /* a code that tells no UID, or one that does not fall: no partial answer passes for a whole one, and nothing runs forever */
  ph_harness_submit (harness, store);
  ph_harness_push (harness, "A8 OK [MESSAGELIMIT 1000] x\r\n");
  ph_harness_expect_error (harness, store, PH_ERROR_CANNOT);
}

static void
test_a_limit_that_does_not_fall (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("MESSAGELIMIT=1000");
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhCommand) search = imap_make (harness, search, query, TRUE);

  ph_harness_submit (harness, search);
  ph_harness_push (harness, "A2 OK [MESSAGELIMIT 1000 500] x\r\n");
  ph_harness_push (harness, "A3 OK [MESSAGELIMIT 1000 500] x\r\n");
  ph_harness_expect_error (harness, search, PH_ERROR_CANNOT);
}

/* RFC 10022 section 3; and the same without it */
static void
test_batches (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("UIDBATCHES ESEARCH");
  g_autoptr (PhHarness) plain = imap_harness_select ("ESEARCH");
  g_autoptr (PhCommand) command = imap_make (harness, uid_batches, 2000);
  g_autoptr (PhCommand) again = imap_make (harness, uid_batches, 2000);
  g_autoptr (PhCommand) small = imap_make (harness, uid_batches, 499);
  g_autoptr (PhCommand) cut = imap_make (plain, uid_batches, 500);
  g_autofree char *first = NULL, *last = NULL;
  GPtrArray *batches;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A2 UIDBATCHES 2000\r\n");
  ph_harness_push (harness, "* UIDBATCHES (TAG \"A2\") 215295:99695,99696:20351,20350:7829,7828:1\r\nA2 OK UIDBATCHES Completed\r\n");
  ph_harness_expect_done (harness, command);
  batches = ph_command_peek_result (command);
  g_assert_cmpuint (batches->len, ==, 4);
  first = ph_message_set_to_string (g_ptr_array_index (batches, 0));
  g_assert_cmpstr (first, ==, "99695:215295");

  /* asked too often */
  ph_harness_submit (harness, again);
  ph_harness_push (harness, "A3 NO [LIMIT] too often\r\n");
  ph_harness_expect (harness, "A3 UIDBATCHES 2000\r\nA4 UID SEARCH RETURN (ALL) ALL\r\n");
  ph_harness_push (harness, "* ESEARCH (TAG \"A4\") UID\r\nA4 OK x\r\n");
  ph_harness_expect_done (harness, again);
  g_assert_cmpuint (((GPtrArray *) ph_command_peek_result (again))->len, ==, 0);
  ph_harness_submit (harness, small);
  ph_harness_expect_error (harness, small, PH_ERROR_INVALID_ARGUMENT);

  ph_harness_submit (plain, cut);
  ph_harness_expect (plain, "A2 UID SEARCH RETURN (ALL) ALL\r\n");
  ph_harness_push (plain, "* ESEARCH (TAG \"A2\") UID ALL 1:100,200:1100\r\nA2 OK x\r\n");
  ph_harness_expect_done (plain, cut);
  batches = ph_command_peek_result (cut);
  g_assert_cmpuint (batches->len, ==, 3);
  last = ph_message_set_to_string (g_ptr_array_index (batches, 1));
  g_assert_cmpstr (last, ==, "2:100,200:600");
  g_assert_cmpuint (ph_message_set_get_count (g_ptr_array_index (batches, 0)), ==, 500);
  g_assert_cmpuint (ph_message_set_get_count (g_ptr_array_index (batches, 1)), ==, 500);
  g_assert_cmpuint (ph_message_set_get_count (g_ptr_array_index (batches, 2)), ==, 1);
  g_assert_true (ph_message_set_contains (g_ptr_array_index (batches, 0), 1100));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  imap_test ("bringing/all-at-once", test_all_at_once);
  imap_test ("bringing/no-more-than-the-limit", test_no_more_than_the_limit);
  imap_test ("bringing/the-second-is-refused", test_the_second_is_refused);
  imap_test ("bringing/one-after-the-other", test_one_after_the_other);
  imap_test ("bringing/none-at-all", test_none_at_all);
  imap_test ("bringing/one-is-too-large", test_one_is_too_large);
  imap_test ("bringing/binary", test_binary);
  imap_test ("bringing/decoded", test_decoded);
  imap_test ("bringing/replace", test_replace);
  imap_test ("bringing/replace-in-three", test_replace_in_three);
  imap_test ("bringing/who-became-whom", test_who_became_whom);
  imap_test ("bringing/create-for-a-use", test_create_for_a_use);
  imap_test ("bringing/list-by-what-they-are", test_list_by_what_they_are);
  imap_test ("bringing/list-without-the-extension", test_list_without_the_extension);
  imap_test ("bringing/message-limit", test_message_limit);
  imap_test ("bringing/a-limit-that-does-not-fall", test_a_limit_that_does_not_fall);
  imap_test ("bringing/batches", test_batches);

  return g_test_run ();
}
