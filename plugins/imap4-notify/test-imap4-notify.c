/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NOTIFY (RFC 5465): what is asked, and what the server then says by itself, by the RFC's own lines where it has some. */
#include "imap-extension-test.h"

#include "notify-command.h"

extern const PhPlugin ph_plugin_imap4_notify;

/* As the session does */
static void
add_extension (PhHarness *harness, PhEvent *event)
{
  if (event->kind != PH_EVENT_CAPABILITIES || g_object_get_data (G_OBJECT (harness->engine), "added") != NULL)
    return;
  ph_extension_attach (harness->user_data, NULL, harness->engine, "NOTIFY", FALSE);
  ph_engine_add_extension (harness->engine, harness->user_data);
  g_object_set_data (G_OBJECT (harness->engine), "added", harness->user_data);
}

static PhNotify *
notify_new (void)
{
  g_assert_cmpstr (ph_plugin_imap4_notify.features[0].name, ==, "NOTIFY");
  return g_object_new (ph_plugin_imap4_notify.features[0].get_type (), NULL);
}

static PhHarness *
harness_open (PhNotify *notify, const char *capabilities)
{
  PhHarness       *harness = imap_harness_new ();
  g_autofree char *greeting = g_strdup_printf ("* PREAUTH [CAPABILITY IMAP4rev1 NOTIFY %s] hello\r\n", capabilities);

  harness->on_event = add_extension;
  harness->user_data = notify;
  ph_harness_start (harness);
  ph_harness_push (harness, greeting);
  return harness;
}

#define notify_make(notify, what, ...) (PH_NOTIFY_GET_IFACE (notify)->make_##what (notify, ##__VA_ARGS__))

static const char *const lists[] = { "Lists", NULL };

/* Sets @request, as the second command where a mailbox is selected */
static void
set (PhHarness *harness, PhNotify *notify, PhNotifyRequest *request, const char *line)
{
  g_autoptr (PhCommand) command = notify_make (notify, set, request, FALSE);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, line);
  ph_harness_push (harness, g_str_has_prefix (line, "A1 ") ? "A1 OK done\r\n" : "A2 OK done\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_true (ph_notify_get_request (notify) == request);
}

/* What the program is told, as a line each */
static void
on_status (PhNotify *notify, PhMailboxStatus *status, GString *told)
{
  static const char *const items[] = { "MESSAGES", "UIDNEXT", "UIDVALIDITY", "HIGHESTMODSEQ", "UNSEEN" };

  g_string_append_printf (told, "status %s", ph_mailbox_status_get_name (status));
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      guint64 value;

      if (ph_mailbox_status_get_item (status, items[i], &value))
        g_string_append_printf (told, " %s %" G_GUINT64_FORMAT, items[i], value);
    }
  g_string_append_c (told, '\n');
}

static void
on_mailbox (PhNotify *notify, PhMailboxInfo *info, GString *told)
{
  g_autofree char *attributes = g_strjoinv (",", (char **) ph_mailbox_info_get_attributes (info));

  g_string_append_printf (told, "mailbox %s [%s] %s", ph_mailbox_info_get_name (info), attributes, ph_mailbox_info_get_delimiter (info));
  if (ph_mailbox_info_get_old_name (info) != NULL)
    g_string_append_printf (told, " was %s", ph_mailbox_info_get_old_name (info));
  g_string_append_c (told, '\n');
}

static void
on_message (PhNotify *notify, PhMessage *message, GString *told)
{
  g_auto (GStrv)   flags = ph_message_get_flags (message);
  g_autofree char *joined = flags != NULL ? g_strjoinv (",", flags) : NULL;
  g_autoptr (GBytes) section = ph_message_get_section (message, "HEADER.FIELDS (From To Subject)");

  g_string_append_printf (told, "message %u %u %s", ph_message_get_number (message), ph_message_get_uid (message), joined != NULL && *joined != '\0' ? joined : "-");
  if (section != NULL)
    g_string_append_printf (told, " %" G_GSIZE_FORMAT, g_bytes_get_size (section));
  g_string_append_c (told, '\n');
}

static void
on_metadata (PhNotify *notify, const char *mailbox, char **entries, GString *told)
{
  g_autofree char *joined = g_strjoinv (",", entries);

  g_string_append_printf (told, "metadata “%s” %s\n", mailbox, joined);
}

static void
on_overflow (PhNotify *notify, PhReply *reply, GString *told)
{
  g_string_append_printf (told, "overflow %s\n", ph_reply_get_text (reply));
}

static GString *
listen_to (PhNotify *notify)
{
  GString *told = g_string_new (NULL);

  g_signal_connect (notify, "status", G_CALLBACK (on_status), told);
  g_signal_connect (notify, "mailbox", G_CALLBACK (on_mailbox), told);
  g_signal_connect (notify, "message", G_CALLBACK (on_message), told);
  g_signal_connect (notify, "metadata", G_CALLBACK (on_metadata), told);
  g_signal_connect (notify, "overflow", G_CALLBACK (on_overflow), told);
  return told;
}

/* The server says @text, and that is what the program hears of it. */
static void
expect_told (PhHarness *harness, GString *told, const char *text, const char *expected)
{
  g_string_truncate (told, 0);
  ph_harness_push (harness, text);
  for (guint i = 0; i < harness->events->len; i++)
    {
      PhEvent *event = g_ptr_array_index (harness->events, i);

      if (event->kind == PH_EVENT_EXTENSION)
        ph_extension_deliver (event->extension, event->type, event->boxed);
    }
  g_assert_cmpstr (told->str, ==, expected);
  for (guint i = harness->events->len; i-- > 0;)
    if (((PhEvent *) g_ptr_array_index (harness->events, i))->kind == PH_EVENT_EXTENSION)
      g_ptr_array_remove_index (harness->events, i);
}

/* RFC 5465 section 3.1's example, with the parentheses that its section 8 asks for */
static void
test_example (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhCommand) command = NULL;
  g_autoptr (PhCommand) select = imap_make (harness, select, "INBOX", FALSE);
  GString *told = listen_to (notify);
  GPtrArray *statuses;

  ph_notify_request_add (request, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_MESSAGES);
  ph_notify_request_set_fetch (request, "uid body.peek[header.fields (from to subject)]");
  ph_notify_request_add (request, PH_NOTIFY_SUBTREE, lists, PH_NOTIFY_MESSAGES);
  command = notify_make (notify, set, request, TRUE);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "A1 NOTIFY SET STATUS (SELECTED (MessageNew (uid body.peek[header.fields (from to subject)]) MessageExpunge)) "
                              "(SUBTREE \"Lists\" (MessageNew MessageExpunge))\r\n");
  ph_harness_push (harness, "* STATUS Lists/Lemonade (UIDVALIDITY 4 UIDNEXT 9999 MESSAGES 500)\r\n"
                            "* STATUS Lists/Im2000 (UIDVALIDITY 901 UIDNEXT 1 MESSAGES 0)\r\n"
                            "A1 OK done\r\n");
  ph_harness_expect_done (harness, command);
  statuses = ph_command_peek_result (command);
  g_assert_cmpuint (statuses->len, ==, 2);
  g_assert_cmpstr (ph_mailbox_status_get_name (statuses->pdata[0]), ==, "Lists/Lemonade");
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (statuses->pdata[0]), ==, 500);
  g_assert_cmpuint (ph_mailbox_status_get_uid_validity (statuses->pdata[1]), ==, 901);

  ph_harness_submit (harness, select);
  ph_harness_expect (harness, "A2 SELECT \"INBOX\"\r\n");
  ph_harness_push (harness, "* 126 EXISTS\r\nA2 OK INBOX selected\r\n");
  ph_harness_expect_done (harness, select);
  expect_told (harness, told, "* STATUS Lists/Lemonade (UIDVALIDITY 4 UIDNEXT 10000 MESSAGES 501)\r\n",
               "status Lists/Lemonade MESSAGES 501 UIDNEXT 10000 UIDVALIDITY 4\n");
  expect_told (harness, told,
               "* 127 FETCH (UID 127001 BODY[HEADER.FIELDS (From To Subject)] {75}\r\n"
               "Subject: Re: good morning\r\nFrom: alice@example.org\r\nTo: bob@example.org\r\n\r\n)\r\n",
               "message 127 127001 - 75\n");
  g_string_free (told, TRUE);
}

/* Sections 5.1 to 5.9 */
static void
test_what_the_server_says (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhCommand) select = imap_make (harness, select, "INBOX", FALSE);
  GString *told = listen_to (notify);

  ph_harness_submit (harness, select);
  ph_harness_expect (harness, "A1 SELECT \"INBOX\"\r\n");
  ph_harness_push (harness, "* 443 EXISTS\r\nA1 OK [READ-WRITE] done\r\n");
  ph_harness_expect_done (harness, select);
  /* nothing was asked for, so it is anybody's */
  expect_told (harness, told, "* STATUS Lists/Lemonade (MESSAGES 503)\r\n", "");
  ph_harness_expect_event (harness, PH_EVENT_RESPONSE);

  ph_notify_request_add (request, PH_NOTIFY_SELECTED_DELAYED, NULL, PH_NOTIFY_FLAGS | PH_NOTIFY_ANNOTATIONS);
  ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL,
                         PH_NOTIFY_FLAGS | PH_NOTIFY_NAMES | PH_NOTIFY_SUBSCRIPTIONS | PH_NOTIFY_METADATA | PH_NOTIFY_SERVER_METADATA);
  set (harness, notify, request,
       "A2 NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge FlagChange AnnotationChange)) (PERSONAL (MessageNew "
       "MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange))\r\n");

  expect_told (harness, told, "* 99 FETCH (UID 9999 FLAGS ($Junk))\r\n", "message 99 9999 $Junk\n");
  expect_told (harness, told, "* STATUS Lists/Lemonade (HIGHESTMODSEQ 65666665 UIDVALIDITY 101)\r\n",
               "status Lists/Lemonade UIDVALIDITY 101 HIGHESTMODSEQ 65666665\n");
  expect_told (harness, told, "* 444 EXISTS\r\n* 444 FETCH (UID 9999)\r\n", "message 444 9999 -\n");
  expect_told (harness, told, "* STATUS Lists/Lemonade (UIDNEXT 10002 MESSAGES 503)\r\n", "status Lists/Lemonade MESSAGES 503 UIDNEXT 10002\n");
  expect_told (harness, told, "* 444 EXPUNGE\r\n", "");
  expect_told (harness, told, "* STATUS misc (UIDNEXT 999 MESSAGES 554)\r\n", "status misc MESSAGES 554 UIDNEXT 999\n");
  expect_told (harness, told, "* LIST () \"/\" \"NewMailbox\"\r\n", "mailbox NewMailbox [] /\n");
  expect_told (harness, told, "* LIST (\\NonExistent) \".\" \"INBOX.DeletedMailbox\"\r\n", "mailbox INBOX.DeletedMailbox [\\NonExistent] .\n");
  expect_told (harness, told, "* LIST () \"/\" \"NewMailbox\" (\"OLDNAME\" (\"OldMailbox\"))\r\n", "mailbox NewMailbox [] / was OldMailbox\n");
  expect_told (harness, told, "* LIST () \"/\" NewMailbox (OLDNAME (OldMailbox))\r\n", "mailbox NewMailbox [] / was OldMailbox\n");
  expect_told (harness, told, "* LIST (\\Subscribed) \"/\" \"SubscribedMailbox\"\r\n", "mailbox SubscribedMailbox [\\Subscribed] /\n");
  expect_told (harness, told, "* LIST (\\NoAccess) NIL \"&U,BTFw-\"\r\n", "mailbox 台北 [\\NoAccess] (null)\n");
  expect_told (harness, told, "* METADATA \"INBOX\" /shared/comment\r\n", "metadata “INBOX” /shared/comment\n");
  expect_told (harness, told, "* METADATA \"\" /shared/comment /private/x\r\n", "metadata “” /shared/comment,/private/x\n");
  /* an answer to GETMETADATA is no change */
  expect_told (harness, told, "* METADATA \"INBOX\" (/shared/comment \"x\")\r\n", "");
  expect_told (harness, told, "* OK [NOTIFICATIONOVERFLOW] ...A comment can go here...\r\n", "overflow ...A comment can go here...\n");
  g_assert_null (ph_notify_get_request (notify));
  expect_told (harness, told, "* STATUS misc (MESSAGES 554)\r\n", "");
  g_string_free (told, TRUE);
}

/* Section 6's examples, and every scope */
static void
test_requests (gconstpointer data)
{
  static const char *const inbox[] = { "inbox", NULL };
  static const char *const two[] = { "A \"b\"", "台北", NULL };
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhNotifyRequest) every = ph_notify_request_new ();
  g_autoptr (PhCommand) none = NULL;

  ph_notify_request_add (request, PH_NOTIFY_MAILBOXES, inbox, PH_NOTIFY_MESSAGES);
  ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_SUBSCRIPTIONS);
  set (harness, notify, request, "A1 NOTIFY SET (MAILBOXES \"INBOX\" (MessageNew MessageExpunge)) (PERSONAL (SubscriptionChange))\r\n");

  ph_notify_request_add (every, PH_NOTIFY_SELECTED_DELAYED, NULL, PH_NOTIFY_MESSAGES);
  ph_notify_request_set_fetch (every, "FLAGS ENVELOPE");
  ph_notify_request_add (every, PH_NOTIFY_INBOXES, NULL, PH_NOTIFY_FLAGS);
  ph_notify_request_add (every, PH_NOTIFY_SUBSCRIBED, NULL, PH_NOTIFY_NOTHING);
  ph_notify_request_add (every, PH_NOTIFY_SUBTREE, two, PH_NOTIFY_NAMES);
  set (harness, notify, every,
       "A2 NOTIFY SET (SELECTED-DELAYED (MessageNew (UID FLAGS ENVELOPE) MessageExpunge)) (INBOXES (MessageNew MessageExpunge FlagChange)) "
       "(SUBSCRIBED NONE) (SUBTREE (\"A \\\"b\\\"\" \"&U,BTFw-\") (MailboxName))\r\n");

  none = notify_make (notify, none);
  ph_harness_submit (harness, none);
  ph_harness_expect (harness, "A3 NOTIFY NONE\r\n");
  ph_harness_push (harness, "A3 OK done\r\n");
  ph_harness_expect_done (harness, none);
  g_assert_null (ph_notify_get_request (notify));
}

static void
expect_unsent (PhHarness *harness, PhNotify *notify, PhNotifyScope scope, const char *const *mailboxes, PhNotifyEvents events, const char *fetch,
               gboolean twice)
{
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhCommand) command = NULL;

  ph_notify_request_add (request, scope, mailboxes, events);
  if (twice)
    ph_notify_request_add (request, scope, mailboxes, events);
  ph_notify_request_set_fetch (request, fetch);
  command = notify_make (notify, set, request, FALSE);
  ph_harness_submit (harness, command);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, command, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_what_can_not_be_asked (gconstpointer data)
{
  static const char *const broken[] = { "a\r\nX", NULL };
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) empty = ph_notify_request_new ();
  g_autoptr (PhCommand) command = notify_make (notify, set, empty, FALSE);

  ph_harness_submit (harness, command);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, command, PH_ERROR_INVALID_ARGUMENT);
  expect_unsent (harness, notify, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_NAMES, NULL, FALSE);
  expect_unsent (harness, notify, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_MESSAGES, NULL, TRUE);
  expect_unsent (harness, notify, PH_NOTIFY_SELECTED, lists, PH_NOTIFY_MESSAGES, NULL, FALSE);
  expect_unsent (harness, notify, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_MESSAGES, "UID) MessageExpunge) (", FALSE);
  expect_unsent (harness, notify, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_MESSAGES, "UID\r\nX", FALSE);
  expect_unsent (harness, notify, PH_NOTIFY_SUBTREE, NULL, PH_NOTIFY_MESSAGES, NULL, FALSE);
  expect_unsent (harness, notify, PH_NOTIFY_MAILBOXES, broken, PH_NOTIFY_MESSAGES, NULL, FALSE);
  expect_unsent (harness, notify, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES, "UID", FALSE);
  expect_unsent (harness, notify, (PhNotifyScope) 99, NULL, PH_NOTIFY_MESSAGES, NULL, FALSE);
  g_assert_null (ph_notify_get_request (notify));
}

static void
test_refused (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhNotifyRequest) more = ph_notify_request_new ();
  g_autoptr (PhCommand) unknown = notify_make (notify, set, more, FALSE);
  g_autoptr (PhCommand) costly = notify_make (notify, set, more, TRUE);
  GString *told = listen_to (notify);
  PhReply *reply;

  ph_notify_request_add (request, PH_NOTIFY_INBOXES, NULL, PH_NOTIFY_MESSAGES);
  ph_notify_request_add (more, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_ANNOTATIONS);
  set (harness, notify, request, "A1 NOTIFY SET (INBOXES (MessageNew MessageExpunge))\r\n");
  ph_harness_submit (harness, unknown);
  ph_harness_expect (harness, "A2 NOTIFY SET (PERSONAL (MessageNew MessageExpunge AnnotationChange))\r\n");
  ph_harness_push (harness, "A2 NO [BADEVENT (MessageNew MessageExpunge FlagChange)] no\r\n");
  ph_harness_expect_error (harness, unknown, PH_ERROR_CANNOT);
  reply = ph_command_get_reply (unknown);
  g_assert_cmpstr (ph_reply_get_response_code (reply), ==, "BADEVENT");
  g_assert_true (ph_value_is (ph_value_get_child (ph_value_first (ph_reply_get_response_arguments (reply)), 2), "FlagChange"));
  ph_harness_submit (harness, costly);
  ph_harness_push (harness, "A3 NO [NOTIFICATIONOVERFLOW] too much\r\n");
  ph_harness_expect_error (harness, costly, PH_ERROR_THROTTLED);
  /* what was set before stands */
  g_assert_true (ph_notify_get_request (notify) == request);
  expect_told (harness, told, "* STATUS INBOX (MESSAGES 7 UIDNEXT 8)\r\n", "status INBOX MESSAGES 7 UIDNEXT 8\n");
  g_string_free (told, TRUE);
}

/* A STATUS that nobody asked for doesn't pass for the answer to one that was. */
static void
test_beside_status (gconstpointer data)
{
  static const char *const items[] = { "MESSAGES", "UNSEEN", NULL };
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhCommand) status = imap_make (harness, status, "misc", items);
  GString *told = listen_to (notify);

  ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES);
  set (harness, notify, request, "A1 NOTIFY SET (PERSONAL (MessageNew MessageExpunge))\r\n");
  ph_harness_submit (harness, status);
  ph_harness_expect (harness, "A2 STATUS \"misc\" (MESSAGES UNSEEN)\r\n");
  expect_told (harness, told,
               "* STATUS misc (MESSAGES 1 UNSEEN 1)\r\n* STATUS misc (MESSAGES 2 UIDNEXT 9)\r\n* STATUS other (MESSAGES 3)\r\nA2 OK x\r\n",
               "status misc MESSAGES 2 UIDNEXT 9\nstatus other MESSAGES 3\n");
  ph_harness_expect_done (harness, status);
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (ph_command_peek_result (status)), ==, 1);
  g_string_free (told, TRUE);
}

/* Section 5.3: with SELECTED, removals may be told at any time. */
static void
test_numbers (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhCommand) select = imap_make (harness, select, "INBOX", FALSE);
  g_autoptr (PhMessageSet) numbers = ph_message_set_new_numbers ("1:2", NULL);
  g_autoptr (PhMessageSet) uids = ph_message_set_new_from_string ("1:2", NULL);
  g_autoptr (PhCommand) by_number = imap_make (harness, fetch, numbers, PH_FETCH_FLAGS, NULL, NULL);
  g_autoptr (PhCommand) by_uid = imap_make (harness, fetch, uids, PH_FETCH_FLAGS, NULL, NULL);

  ph_harness_submit (harness, select);
  ph_harness_expect (harness, "A1 SELECT \"INBOX\"\r\n");
  ph_harness_push (harness, "* 3 EXISTS\r\nA1 OK [READ-WRITE] done\r\n");
  ph_harness_expect_done (harness, select);
  ph_notify_request_add (request, PH_NOTIFY_SELECTED, NULL, PH_NOTIFY_MESSAGES);
  set (harness, notify, request, "A2 NOTIFY SET (SELECTED (MessageNew MessageExpunge))\r\n");
  ph_harness_submit (harness, by_number);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, by_number, PH_ERROR_NOT_SUPPORTED);
  ph_harness_submit (harness, by_uid);
  ph_harness_expect (harness, "A3 UID FETCH 1:2 (UID FLAGS)\r\n");
}

/* The object serves the session's next connection; what was asked for is asked for again, and what the answer tells is news. */
static void
test_next_connection (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) first = harness_open (notify, "");
  g_autoptr (PhHarness) second = NULL;
  g_autoptr (PhHarness) third = NULL;
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  GString *told = listen_to (notify);

  ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES);
  set (first, notify, request, "A1 NOTIFY SET (PERSONAL (MessageNew MessageExpunge))\r\n");
  ph_extension_detach (PH_EXTENSION (notify));
  second = harness_open (notify, "");
  ph_harness_expect (second, "A1 NOTIFY SET STATUS (PERSONAL (MessageNew MessageExpunge))\r\n");
  expect_told (second, told, "* STATUS INBOX (MESSAGES 7)\r\nA1 OK done\r\n", "status INBOX MESSAGES 7\n");
  ph_harness_expect_event (second, PH_EVENT_OPENED);
  expect_told (second, told, "* STATUS INBOX (MESSAGES 8)\r\n", "status INBOX MESSAGES 8\n");

  ph_extension_detach (PH_EXTENSION (notify));
  third = harness_open (notify, "");
  expect_told (third, told, "A1 NO [NOTIFICATIONOVERFLOW] not today\r\n", "overflow not today\n");
  g_assert_null (ph_notify_get_request (notify));
  g_string_free (told, TRUE);
}

/* What follows a reset is another user's. */
static void
test_reset (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();

  ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES);
  set (harness, notify, request, "A1 NOTIFY SET (PERSONAL (MessageNew MessageExpunge))\r\n");
  ph_extension_reset (PH_EXTENSION (notify));
  g_assert_null (ph_notify_get_request (notify));
}

/* RFC 9586: UIDFETCH in place of FETCH */
static void
test_without_numbers (gconstpointer data)
{
  g_autoptr (PhNotify) notify = notify_new ();
  g_autoptr (PhHarness) harness = harness_open (notify, "");
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  GString *told = listen_to (notify);

  ph_notify_request_add (request, PH_NOTIFY_SELECTED_DELAYED, NULL, PH_NOTIFY_FLAGS);
  set (harness, notify, request, "A1 NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge FlagChange))\r\n");
  expect_told (harness, told, "* 25997 UIDFETCH (FLAGS (\\Flagged \\Answered))\r\n", "message 0 25997 \\Flagged,\\Answered\n");
  g_string_free (told, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("notify/example", test_example);
  imap_test ("notify/what-the-server-says", test_what_the_server_says);
  imap_test ("notify/requests", test_requests);
  imap_test ("notify/what-can-not-be-asked", test_what_can_not_be_asked);
  imap_test ("notify/refused", test_refused);
  imap_test ("notify/beside-status", test_beside_status);
  imap_test ("notify/numbers", test_numbers);
  imap_test ("notify/next-connection", test_next_connection);
  imap_test ("notify/reset", test_reset);
  imap_test ("notify/without-numbers", test_without_numbers);
  return g_test_run ();
}
