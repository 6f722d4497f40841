/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* X-GM-EXT-1, with the lines of developers.google.com/gmail/imap/imap-extensions where nothing else is said. */
#include "imap-extension-test.h"

GType ph_imap_gmail_get_type (void);

#define MAKE(test, what, ...) PH_GMAIL_GET_IFACE ((test)->extension)->make_##what (PH_GMAIL ((test)->extension), __VA_ARGS__)

static ExtTest *
gmail_open (const char *capabilities)
{
  ExtTest *test = ext_open (ph_imap_gmail_get_type (), "X-GM-EXT-1", capabilities);

  ext_select (test, "SELECT \"INBOX\"");
  return test;
}

static void
assert_labels (ExtTest *test, const char *told, const char *expected)
{
  PhGmailInterface *iface = PH_GMAIL_GET_IFACE (test->extension);
  g_autoptr (PhMessage) message = ext_fetch (test, iface->get_items (PH_GMAIL (test->extension)), "X-GM-MSGID X-GM-THRID X-GM-LABELS", told);
  g_auto (GStrv) labels = ph_gmail_get_labels (PH_GMAIL (test->extension), message);
  g_autofree char *all = labels != NULL ? g_strjoinv ("|", labels) : NULL;

  g_assert_cmpstr (all, ==, expected);
}

static void
test_fetch (gconstpointer data)
{
  g_autoptr (ExtTest) test = gmail_open ("X-GM-EXT-1");
  PhGmailInterface *iface = PH_GMAIL_GET_IFACE (test->extension);
  const char *items = iface->get_items (PH_GMAIL (test->extension)), *sent = "X-GM-MSGID X-GM-THRID X-GM-LABELS";
  g_autoptr (PhMessage) message = ext_fetch (test, items, sent, "X-GM-THRID 1266894439832287888 X-GM-MSGID 1278455344230334865");
  g_autoptr (PhMessage) largest = ext_fetch (test, items, sent, "x-gm-msgid 18446744073709551615 X-GM-THRID NIL");

  g_assert_cmpuint (ph_message_get_gmail_id (message), ==, G_GUINT64_CONSTANT (1278455344230334865));
  g_assert_cmpuint (ph_message_get_gmail_thread (message), ==, G_GUINT64_CONSTANT (1266894439832287888));
  g_assert_cmpuint (ph_message_get_gmail_id (largest), ==, G_MAXUINT64);
  g_assert_cmpuint (ph_message_get_gmail_thread (largest), ==, 0);
}

/* The last but two as Gmail sends them: in a test of an open-source client's, with labels in Hebrew and the system's quoted */
static void
test_labels (gconstpointer data)
{
  g_autoptr (ExtTest) test = gmail_open ("X-GM-EXT-1");

  assert_labels (test, "X-GM-LABELS (\\Inbox \\Sent Important \"Muy Importante\")", "\\Inbox|\\Sent|Important|Muy Importante");
  assert_labels (test, "X-GM-LABELS (foo)", "foo");
  assert_labels (test, "X-GM-LABELS ()", "");
  assert_labels (test, "X-GM-LABELS (\\Drafts)", "\\Drafts");
  assert_labels (test, "X-GM-LABELS (&BdMF2QXoBdQ- \"la(bel\" \"Google\\\" Gadgets\" UBS/Test \"\\\\Sent\")",
                 "\327\223\327\231\327\250\327\224|la(bel|Google\" Gadgets|UBS/Test|\\Sent");
  assert_labels (test, "X-GM-LABELS (a NIL (b) c)", "a|c");
  assert_labels (test, "X-GM-LABELS NIL", NULL);
}

static void
test_store (gconstpointer data)
{
  static const char *const foo[] = { "foo", NULL }, *const some[] = { "\\Starred", "Zu pr\303\274fen", "\\not (one", NULL }, *const none[] = { NULL };
  static const char *const odd[] = { "a\r\nb", NULL };
  g_autoptr (ExtTest) test = gmail_open ("X-GM-EXT-1");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (PhCommand) add = MAKE (test, store_labels, set, PH_STORE_ADD, foo);
  g_autoptr (PhCommand) take = MAKE (test, store_labels, set, PH_STORE_REMOVE, some);
  g_autoptr (PhCommand) clear = MAKE (test, store_labels, set, PH_STORE_SET, none);
  g_autoptr (PhCommand) line = MAKE (test, store_labels, set, PH_STORE_ADD, odd);

  ext_ask (test, add, "UID STORE 5 +X-GM-LABELS (\"foo\")", "* 1 FETCH (X-GM-LABELS (\\Inbox \\Sent Important \"Muy Importante\" foo))\r\n");
  ext_ask (test, take, "UID STORE 5 -X-GM-LABELS (\\Starred \"Zu pr&APw-fen\" \"\\\\not (one\")", "");
  ext_ask (test, clear, "UID STORE 5 X-GM-LABELS ()", "");
  ext_refuse (test, line, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_search (gconstpointer data)
{
  g_autoptr (ExtTest) test = gmail_open ("X-GM-EXT-1 LITERAL+");
  g_autoptr (PhCommand) words = MAKE (test, search, "has:attachment in:unread", NULL, 0, 0);
  g_autoptr (PhCommand) id = MAKE (test, search, NULL, NULL, G_GUINT64_CONSTANT (1278455344230334865), 0);
  g_autoptr (PhCommand) thread = MAKE (test, search, NULL, NULL, 0, G_GUINT64_CONSTANT (1266894439832287888));
  g_autoptr (PhCommand) label = MAKE (test, search, NULL, "foo", 0, 0);
  g_autoptr (PhCommand) inbox = MAKE (test, search, NULL, "\\Inbox", 0, 0);
  g_autoptr (PhCommand) umlaut = MAKE (test, search, "gr\303\274n", "gr\303\274n", 0, 0);

  g_assert_cmpuint (ph_message_set_get_count (ext_ask (test, words, "UID SEARCH X-GM-RAW \"has:attachment in:unread\"",
                                                       "* SEARCH 123 12344 5992\r\n")), ==, 3);
  ext_ask (test, id, "UID SEARCH X-GM-MSGID 1278455344230334865", "* SEARCH 4\r\n");
  ext_ask (test, thread, "UID SEARCH X-GM-THRID 1266894439832287888", "* SEARCH 2 3 4\r\n");
  ext_ask (test, label, "UID SEARCH X-GM-LABELS \"foo\"", "* SEARCH 1 2 3\r\n");
  ext_ask (test, inbox, "UID SEARCH X-GM-LABELS \\Inbox", "* SEARCH 1\r\n");
  ext_ask (test, umlaut, "UID SEARCH CHARSET UTF-8 X-GM-RAW {5+}\r\ngr\303\274n X-GM-LABELS \"gr&APw-n\"", "* SEARCH\r\n");
}

static void
test_lacking (gconstpointer data)
{
  static const char *const foo[] = { "foo", NULL };
  g_autoptr (ExtTest) test = gmail_open ("XLIST");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (PhCommand) search = MAKE (test, search, "x", NULL, 0, 0);
  g_autoptr (PhCommand) store = MAKE (test, store_labels, set, PH_STORE_ADD, foo);

  ext_refuse (test, search, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, store, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("gmail/fetch", test_fetch);
  imap_test ("gmail/labels", test_labels);
  imap_test ("gmail/store", test_store);
  imap_test ("gmail/search", test_search);
  imap_test ("gmail/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
