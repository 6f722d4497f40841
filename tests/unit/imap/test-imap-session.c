/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session as a whole: which commands share the line, what belongs to nobody, how it ends, and what a hostile server can't do. */
#include "imap-engine-test.h"

static void
test_pipelining (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhCommand) fetch = imap_make (harness, fetch, set, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhCommand) again = imap_make (harness, fetch, set, PH_FETCH_SIZE, NULL, NULL);
  g_autoptr (PhCommand) store = imap_make (harness, store, set, PH_STORE_ADD, NULL);
  g_autoptr (PhCommand) search = imap_make (harness, search, query, TRUE);
  g_autoptr (PhCommand) raw = ph_command_new_line ("XYZZY");

  /* of a kind only one: whose FETCH response would it be? */
  ph_engine_submit (harness->engine, fetch, harness->now);
  ph_engine_submit (harness->engine, store, harness->now);
  ph_engine_submit (harness->engine, search, harness->now);
  ph_engine_submit (harness->engine, again, harness->now);
  ph_harness_submit (harness, raw);
  ph_harness_expect (harness, "A2 UID FETCH 5 (UID FLAGS)\r\nA3 UID STORE 5 +FLAGS.SILENT ()\r\nA4 UID SEARCH ALL\r\n");
  /* answered in another order */
  ph_harness_push (harness, "A4 OK x\r\nA3 NO x\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_push (harness, "A2 OK x\r\n");
  ph_harness_expect (harness, "A5 UID FETCH 5 (UID RFC822.SIZE)\r\n");
  ph_harness_expect_done (harness, search);
  ph_harness_expect_error (harness, store, PH_ERROR_REFUSED);
  ph_harness_expect_done (harness, fetch);
  ph_harness_push (harness, "A5 OK x\r\n");
  ph_harness_expect (harness, "A6 XYZZY\r\n");
}

/* RFC 9051 section 5.5: an EXPUNGE in NOOP's answer would move the numbers. */
static void
test_numbers_wait (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_numbers ("2", NULL);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);
  g_autoptr (PhCommand) fetch = imap_make (harness, fetch, set, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhCommand) later = ph_engine_make_noop (harness->engine);

  ph_engine_submit (harness->engine, noop, harness->now);
  ph_engine_submit (harness->engine, fetch, harness->now);
  ph_harness_submit (harness, later);
  ph_harness_expect (harness, "A2 NOOP\r\n");
  ph_harness_push (harness, "A2 OK x\r\n");
  ph_harness_expect (harness, "A3 FETCH 2 (UID FLAGS)\r\nA4 NOOP\r\n");
}

static void
test_not_too_many (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 1; i <= 30; i++)
    {
      g_autoptr (PhCommand) noop = imap_make (harness, create, "a");

      ph_engine_submit (harness->engine, noop, harness->now);
      if (i <= 20)
        g_string_append_printf (lines, "A%u CREATE \"a\"\r\n", i);
    }
  ph_harness_pump (harness);
  ph_harness_expect (harness, lines->str);
}

static void
test_raw_line (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) raw = ph_command_new_line ("XYZZY (a \"b\")");
  PhReply *reply;

  ph_harness_submit (harness, raw);
  ph_harness_expect (harness, "A2 XYZZY (a \"b\")\r\n");
  ph_harness_push (harness, "* X 1\r\n* 4 EXISTS\r\n* OK [X y] z\r\nA2 NO [CANNOT] never\r\n");
  ph_harness_expect_error (harness, raw, PH_ERROR_CANNOT);
  reply = ph_command_get_reply (raw);
  g_assert_cmpuint (ph_reply_get_responses (reply)->len, ==, 3);
  g_assert_cmpstr (ph_reply_get_response_code (reply), ==, "CANNOT");
  /* its keeping it hides nothing from the mailbox */
  g_assert_cmpint (ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change.kind, ==, PH_CHANGE_COUNT);
}

/* What servers of 1994 have, and what only some have: RFC 1730 section 6.4.6's example, PROXYAUTH, an extension's own command */
static void
test_old_commands (gconstpointer data)
{
  static const struct {
    const char *line;
    const char *answer;
    const char *name;
  } cases[] = {
    { "PARTIAL 4 RFC822 1 1024", "* 4 FETCH (RFC822 {10}\r\nReturn-Pat)\r\n", "FETCH" },
    { "PROXYAUTH bob", "", NULL },
    { "MYRIGHTS INBOX", "* MYRIGHTS INBOX rwiptsldaex\r\n", "MYRIGHTS" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select ("");
      g_autoptr (PhCommand) raw = ph_command_new_line (cases[i].line);
      g_autofree char *sent = g_strdup_printf ("A2 %s\r\n", cases[i].line);
      g_autofree char *answer = g_strdup_printf ("%sA2 OK completed\r\n", cases[i].answer);
      GPtrArray *responses;

      ph_harness_submit (harness, raw);
      ph_harness_expect (harness, sent);
      ph_harness_push (harness, answer);
      ph_harness_expect_done (harness, raw);
      responses = ph_reply_get_responses (ph_command_get_reply (raw));
      g_assert_cmpuint (responses->len, ==, cases[i].name != NULL ? 1 : 0);
      if (cases[i].name != NULL)
        g_assert_cmpstr (ph_response_get_name (g_ptr_array_index (responses, 0)), ==, cases[i].name);
    }
}

/* RFC 1730 has no STATUS, and mustn't be asked for it: what stands in for it would leave the selected mailbox. */
static void
test_an_old_server (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();
  g_autoptr (PhCommand) status = NULL;
  g_autoptr (PhCommand) select = NULL;

  ph_harness_start (harness);
  ph_harness_push (harness, "* PREAUTH IMAP4 server ready\r\n");
  ph_harness_expect (harness, "A1 CAPABILITY\r\n");
  ph_harness_push (harness, "* CAPABILITY IMAP4\r\nA1 OK done\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  status = imap_make (harness, status, "INBOX", NULL);
  select = imap_make (harness, select, "INBOX", FALSE);
  ph_harness_submit (harness, status);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, status, PH_ERROR_NOT_SUPPORTED);
  ph_harness_submit (harness, select);
  ph_harness_push (harness, "* 18 EXISTS\r\n* FLAGS (\\Answered \\Flagged \\Deleted \\Seen)\r\n* 2 RECENT\r\n* OK [UNSEEN 17] Message 17 is the first unseen message\r\n"
                            "* OK [UIDVALIDITY 3857529045] UIDs valid\r\nA3 OK [READ-WRITE] SELECT completed\r\n");
  ph_harness_expect_done (harness, select);
  g_assert_cmpuint (ph_mailbox_get_n_messages (ph_command_peek_result (select)), ==, 18);
}

static void
test_strangers (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  PhEvent *event;

  ph_harness_push (harness, "* XNEW (a b)\r\n* OK [ALERT] disk on fire\r\nB7 OK whose?\r\n+ stray\r\n\r\n* X (\r\n* OK fine\r\n* CAPABILITY IMAP4rev1 Y\r\n");
  event = ph_harness_expect_event (harness, PH_EVENT_RESPONSE);
  g_assert_cmpstr (ph_response_get_name (event->response), ==, "XNEW");
  event = ph_harness_expect_event (harness, PH_EVENT_ALERT);
  g_assert_cmpstr (ph_response_get_text (event->response), ==, "disk on fire");
  event = ph_harness_expect_event (harness, PH_EVENT_WARNING);
  g_assert_error (event->error, PH_ERROR, PH_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (ph_harness_expect_event (harness, PH_EVENT_WARNING)->error->message, "waits for more"));
  g_assert_nonnull (strstr (ph_harness_expect_event (harness, PH_EVENT_WARNING)->error->message, "* X ("));
  ph_harness_expect_no_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_event (harness, PH_EVENT_RESPONSE);
  ph_harness_expect_capabilities (harness, "IMAP4rev1, Y");
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
}

static void
test_logout (gconstpointer data)
{
  const char *const answers[] = { "* BYE see you\r\nA1 OK done\r\n", "A1 OK done\r\n", "* BYE see you\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_open ("");
      g_autoptr (PhCommand) quit = ph_engine_quit (harness->engine);
      g_autoptr (PhCommand) late = ph_engine_make_noop (harness->engine);

      ph_engine_submit (harness->engine, quit, harness->now);
      ph_harness_submit (harness, late);
      ph_harness_expect (harness, "A1 LOGOUT\r\n");
      ph_harness_push (harness, answers[i]);
      if (i == 2)
        ph_harness_close (harness, NULL);
      ph_harness_expect_done (harness, quit);
      ph_harness_expect_error (harness, late, PH_ERROR_WRONG_STATE);
      g_assert_true (harness->wants_close || i == 2);
      ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
    }
}

static void
test_bye (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) running = ph_engine_make_noop (harness->engine);
  g_autoptr (PhCommand) raw = ph_command_new_line ("X");
  const GError *error;

  ph_harness_submit (harness, running);
  ph_harness_submit (harness, raw);
  /* some go on and on */
  ph_harness_push (harness, "* BYE [UNAVAILABLE] too many connections\r\n* BYE\r\n* BYE\r\nA2 OK x\r\n* 5 EXISTS\r\n");
  error = ph_harness_expect_error (harness, running, PH_ERROR_SHUTTING_DOWN);
  g_assert_nonnull (strstr (error->message, "too many connections"));
  ph_harness_expect_error (harness, raw, PH_ERROR_SHUTTING_DOWN);
  g_assert_cmpint (ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change.kind, ==, PH_CHANGE_DESELECTED);
  error = ph_harness_expect_failed (harness, PH_ERROR_SHUTTING_DOWN);
  g_assert_cmpstr (ph_reply_get_response_code (ph_error_get_reply (error)), ==, "UNAVAILABLE");
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
}

static void
test_bye_to_raw_line (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) raw = ph_command_new_line ("X");

  ph_harness_submit (harness, raw);
  ph_harness_push (harness, "* BYE bad word\r\n");
  ph_harness_expect_error (harness, raw, PH_ERROR_SHUTTING_DOWN);
  ph_harness_expect_failed (harness, PH_ERROR_SHUTTING_DOWN);
}

static void
test_closed (gconstpointer data)
{
  g_autoptr (PhHarness) idle = imap_harness_open ("");
  g_autoptr (PhHarness) middle = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (PhCommand) fetch = imap_make (middle, fetch, set, PH_FETCH_BODY, NULL, NULL);
  const GError *error;

  ph_harness_close (idle, NULL);
  ph_harness_expect_failed (idle, PH_ERROR_CLOSED);

  ph_harness_submit (middle, fetch);
  ph_harness_push (middle, "* 1 FETCH (UID 5 BODY[] {10}\r\nabc");
  ph_harness_close (middle, NULL);
  error = ph_harness_expect_error (middle, fetch, PH_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, "imap.example.org closed the connection in the middle of a response to FETCH");
  ph_harness_expect_failed (middle, PH_ERROR_CLOSED);
}

static void
test_cancel (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (PhCommand) fetch = imap_make (harness, fetch, set, PH_FETCH_BODY, NULL, NULL);
  g_autoptr (PhCommand) waiting = imap_make (harness, fetch, set, PH_FETCH_BODY, NULL, NULL);
  g_autoptr (PhCommand) next = ph_engine_make_noop (harness->engine);

  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  ph_harness_submit (harness, fetch);
  ph_harness_submit (harness, waiting);
  ph_harness_expect (harness, "A2 UID FETCH 5 (UID BODY.PEEK[])\r\n");
  ph_harness_cancel (harness, waiting, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "c"));
  g_assert_error (ph_command_get_error (waiting), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ph_harness_cancel (harness, fetch, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "c"));
  g_assert_error (ph_command_get_error (fetch), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ph_harness_expect_event (harness, PH_EVENT_COMMAND);
  ph_harness_expect_event (harness, PH_EVENT_COMMAND);

  /* its answer is read and dropped, not taken for news, and not held */
  ph_harness_submit (harness, next);
  ph_harness_expect (harness, "A3 NOOP\r\n");
  ph_harness_push (harness, "* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n* 7 EXISTS\r\nA2 OK x\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, next);
  g_assert_cmpuint (ph_harness_get_items (harness)->len, ==, 0);
  g_assert_cmpint (ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change.kind, ==, PH_CHANGE_COUNT);
  ph_harness_expect_no_event (harness, PH_EVENT_MAILBOX);
  ph_harness_expect_no_event (harness, PH_EVENT_COMMAND);
}

static void
test_timeout (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  ph_harness_advance (harness, 100000);
  ph_harness_submit (harness, noop);
  ph_harness_advance (harness, 299);
  /* anything that comes shifts it */
  ph_harness_push (harness, "* 4 EXISTS\r\n");
  ph_harness_advance (harness, 299);
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
  ph_harness_advance (harness, 2);
  ph_harness_expect_error (harness, noop, PH_ERROR_TIMED_OUT);
  ph_harness_expect_failed (harness, PH_ERROR_TIMED_OUT);
}

static void
push_repeated (PhHarness *harness, const char *piece, guint times)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (text, piece);
  ph_harness_push_bytes (harness, text->str, text->len);
}

static void
test_hostile (void)
{
  g_autoptr (PhHarness) deep = imap_harness_open ("");
  g_autoptr (PhHarness) endless = imap_harness_open ("");
  g_autoptr (PhHarness) huge = imap_harness_open ("");
  g_autoptr (PhHarness) garbage = imap_harness_open ("");
  PhEvent *event;

  ph_harness_push (deep, "* X ");
  push_repeated (deep, "(", 1000000);
  ph_harness_push (deep, "\r\n* OK\r\n");
  event = ph_harness_expect_event (deep, PH_EVENT_WARNING);
  g_assert_error (event->error, PH_ERROR, PH_ERROR_LIMIT);
  ph_harness_expect_no_event (deep, PH_EVENT_FAILED);

  ph_harness_push (endless, "* X ");
  push_repeated (endless, "x", (1 << 20) + 10);
  ph_harness_expect_failed (endless, PH_ERROR_LIMIT);

  ph_harness_push (huge, "* 1 FETCH (BODY[] {99999999999999999999}\r\n");
  ph_harness_expect_failed (huge, PH_ERROR_LIMIT);

  push_repeated (garbage, "garbage\r\n", 2000);
  ph_harness_expect_failed (garbage, PH_ERROR_PROTOCOL);
}

/* Nobody takes events: what is held stays bounded. */
static void
test_flood (void)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  static const char flood[] = "* 5 EXISTS\r\n";
  gsize taken = 0, rounds = 0;

  while (rounds++ < 1000)
    taken += ph_engine_receive (harness->engine, (const guint8 *) flood, strlen (flood), harness->now);
  g_assert_cmpuint (taken / strlen (flood), ==, 256);

  PhWant want;
  ph_engine_poll (harness->engine, &want, harness->now);
  g_assert_cmpint (want.kind, ==, PH_WANT_PAUSE);
}

static void
test_decode (void)
{
  static const char stream[] = "* OK [ALERT] hi\r\n\r\n* 1 FETCH (A {3}\r\nabc)\r\n* X (\r\na1 OK\r\n* X {5}\r\nab";
  g_autoptr (GObject) engine = g_object_new (ph_imap_engine_get_full_type (), NULL);
  const guint8 *data = (const guint8 *) stream;
  gsize length = strlen (stream);
  const gsize expected[] = { 17, 26, 7, 7 };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PhResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      gsize taken = ph_engine_decode (PH_ENGINE (engine), data, length, FALSE, &response, &error);

      g_assert_cmpuint (taken, ==, expected[i]);
      g_assert_true ((error != NULL) == (i == 2));
      g_assert_true ((response != NULL) == (i != 2));
      data += taken;
      length -= taken;
    }

  g_autoptr (PhResponse) none = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (ph_engine_decode (PH_ENGINE (engine), data, length, FALSE, &none, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_engine_decode (PH_ENGINE (engine), data, length, TRUE, &none, &error), ==, length);
  g_assert_error (error, PH_ERROR, PH_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("queue/what-can-be-told-apart-shares-the-line", test_pipelining);
  imap_test ("queue/numbers-wait-for-what-may-expunge", test_numbers_wait);
  g_test_add_data_func ("/imap/queue/not-too-many-at-once", NULL, test_not_too_many);
  imap_test ("session/raw-line", test_raw_line);
  imap_test ("session/old-commands", test_old_commands);
  imap_test ("session/an-old-server", test_an_old_server);
  imap_test ("session/what-belongs-to-nobody", test_strangers);
  imap_test ("session/logout", test_logout);
  imap_test ("session/bye", test_bye);
  imap_test ("session/bye-to-a-raw-line", test_bye_to_raw_line);
  imap_test ("session/closed", test_closed);
  imap_test ("session/cancel", test_cancel);
  imap_test ("session/timeout", test_timeout);
  g_test_add_func ("/imap/session/hostile", test_hostile);
  g_test_add_func ("/imap/session/flood", test_flood);
  g_test_add_func ("/imap/session/decode", test_decode);
  return g_test_run ();
}
