/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XLIST, with lines as Gmail sent them: in the vendor of Mail.dll's description of it, and one in another language. */
#include "imap-extension-test.h"

GType ph_imap_xlist_get_type (void);

static const char answers[] =
  "* XLIST (\\HasNoChildren \\Inbox) \"/\" \"Inbox\"\r\n"
  "* XLIST (\\HasNoChildren \\AllMail) \"/\" \"[Gmail]/All Mail\"\r\n"
  "* XLIST (\\HasNoChildren \\Drafts) \"/\" \"[Gmail]/Drafts\"\r\n"
  "* XLIST (\\HasNoChildren \\Spam) \"/\" \"[Gmail]/Spam\"\r\n"
  "* XLIST (\\HasNoChildren \\Starred) \"/\" \"[Gmail]/Starred\"\r\n"
  "* XLIST (\\HasNoChildren) \"/\" \"Gr&APw-n\"\r\n";

static const char standard[] =
  "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n"
  "* LIST (\\HasNoChildren \\All) \"/\" \"[Gmail]/All Mail\"\r\n"
  "* LIST (\\HasNoChildren \\Drafts) \"/\" \"[Gmail]/Drafts\"\r\n"
  "* LIST (\\HasNoChildren \\Junk) \"/\" \"[Gmail]/Spam\"\r\n"
  "* LIST (\\HasNoChildren \\Flagged) \"/\" \"[Gmail]/Starred\"\r\n"
  "* LIST (\\HasNoChildren) \"/\" \"Gr&APw-n\"\r\n";

static PhCommand *
make_list (ExtTest *test, const char *pattern, gboolean subscribed)
{
  return imap_make (test->harness, list, "", pattern, subscribed, NULL);
}

static void
test_same_rows (gconstpointer data)
{
  g_autoptr (ExtTest) old = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST CHILDREN X-GM-EXT-1");
  g_autoptr (ExtTest) now = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST SPECIAL-USE");
  g_autoptr (PhCommand) xlist = make_list (old, "*", FALSE), list = make_list (now, "*", FALSE);
  GPtrArray *rows = ext_ask (old, xlist, "XLIST \"\" \"*\"", answers);
  GPtrArray *standard_rows = ext_ask (now, list, "LIST \"\" \"*\"", standard);

  g_assert_cmpuint (rows->len, ==, 6);
  g_assert_cmpuint (standard_rows->len, ==, 6);
  for (guint i = 0; i < rows->len; i++)
    {
      g_assert_cmpstr (ph_mailbox_info_get_name (rows->pdata[i]), ==, ph_mailbox_info_get_name (standard_rows->pdata[i]));
      g_assert_cmpstr (ph_mailbox_info_get_delimiter (rows->pdata[i]), ==, "/");
      g_assert_cmpstr (ph_mailbox_info_get_special_use (rows->pdata[i]), ==, ph_mailbox_info_get_special_use (standard_rows->pdata[i]));
    }
  g_assert_cmpstr (ph_mailbox_info_get_special_use (rows->pdata[3]), ==, "\\Junk");
}

/* The inbox has a name in the language of its owner, which LIST means as another mailbox */
static void
test_inbox (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST");
  g_autoptr (ExtTest) without = ext_open (ph_imap_xlist_get_type (), "XLIST", "");
  g_autoptr (PhCommand) xlist = make_list (test, "*", FALSE), list = make_list (without, "*", FALSE);
  GPtrArray *rows = ext_ask (test, xlist, "XLIST \"\" \"*\"", "* XLIST (\\HasNoChildren \\Inbox) \"/\" \"Posteingang\"\r\n");

  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (ph_mailbox_info_get_name (rows->pdata[0]), ==, "INBOX");
  rows = ext_ask (without, list, "LIST \"\" \"*\"", "* LIST (\\Inbox) \"/\" \"Posteingang\"\r\n");
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (ph_mailbox_info_get_name (rows->pdata[1]), ==, "Posteingang");
}

/* Whoever has SPECIAL-USE says it by LIST; of what is subscribed, and of the delimiter, XLIST has no more to say. */
static void
test_left_alone (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST");
  g_autoptr (ExtTest) extended = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST LIST-EXTENDED SPECIAL-USE");
  g_autoptr (PhCommand) subscribed = make_list (test, "*", TRUE), delimiter = make_list (test, "", FALSE), all = make_list (extended, "*", FALSE);

  g_assert_cmpuint (((GPtrArray *) ext_ask (test, subscribed, "LSUB \"\" \"*\"", "* LSUB () \"/\" a\r\n"))->len, ==, 1);
  g_assert_cmpuint (((GPtrArray *) ext_ask (test, delimiter, "LIST \"\" \"\"", "* LIST (\\Noselect) \"/\" \"\"\r\n"))->len, ==, 1);
  ext_ask (extended, all, "LIST \"\" \"*\" RETURN (CHILDREN SPECIAL-USE)", "* LIST () \"/\" INBOX\r\n");
}

/* XLIST ends as @reply; LIST is said in its place, and its rows alone count */
static void
fall_back (ExtTest *test, const char *reply)
{
  g_autoptr (PhCommand) command = make_list (test, "*", FALSE);
  g_autofree char *line = g_strdup_printf ("A%u LIST \"\" \"*\"\r\n", test->n_lines + 2);
  g_autofree char *answer = g_strdup_printf ("* LIST () \"/\" INBOX\r\n* LIST (\\Sent) \"/\" Sent\r\nA%u OK done\r\n", test->n_lines + 2);
  GPtrArray       *rows;

  ext_say (test, command, "XLIST \"\" \"*\"", "* XLIST (\\Sent) \"/\" Gesendet\r\n", reply);
  ph_harness_expect (test->harness, line);
  ph_harness_push (test->harness, answer);
  ph_harness_expect_done (test->harness, command);
  test->n_lines++;
  rows = ph_command_peek_result (command);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (ph_mailbox_info_get_name (rows->pdata[1]), ==, "Sent");
}

/* By NO this once, by BAD from now on */
static void
test_refused (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST");
  g_autoptr (PhCommand) off = make_list (test, "*", FALSE);

  fall_back (test, "NO not for you");
  fall_back (test, "NO [LIMIT] not today");
  fall_back (test, "BAD Unknown command XLIST");
  g_assert_cmpuint (((GPtrArray *) ext_ask (test, off, "LIST \"\" \"*\"", "* LIST () \"/\" INBOX\r\n"))->len, ==, 1);
}

/* Where LIST is refused as well, that is the answer. */
static void
test_both_refused (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_xlist_get_type (), "XLIST", "XLIST");
  g_autoptr (PhCommand) command = make_list (test, "*", FALSE);

  ext_say (test, command, "XLIST \"\" \"*\"", "", "NO first");
  ph_harness_expect (test->harness, "A2 LIST \"\" \"*\"\r\n");
  ph_harness_push (test->harness, "A2 NO second\r\n");
  g_assert_nonnull (strstr (ph_harness_expect_error (test->harness, command, PH_ERROR_REFUSED)->message, "second"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("xlist/rows-are-as-by-special-use", test_same_rows);
  imap_test ("xlist/inbox-by-any-name", test_inbox);
  imap_test ("xlist/only-where-it-says-more", test_left_alone);
  imap_test ("xlist/refused", test_refused);
  imap_test ("xlist/refused-and-list-too", test_both_refused);
  return g_test_run ();
}
