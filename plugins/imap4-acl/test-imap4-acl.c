/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ACL and LIST-MYRIGHTS, with the lines of RFC 4314 and RFC 8440. */
#include "imap-extension-test.h"

GType ph_imap_acl_get_type (void);

#define MAKE(test, what, ...) PH_ACL_GET_IFACE (PH_ACL ((test)->extension))->make_##what (PH_ACL ((test)->extension), __VA_ARGS__)

static ExtTest *
acl_open (const char *capabilities)
{
  return ext_open (ph_imap_acl_get_type (), "ACL", capabilities);
}

static void
assert_entry (GPtrArray *entries, guint index, const char *identifier, const char *rights)
{
  g_assert_cmpuint (entries->len, >, index);
  g_assert_cmpstr (ph_acl_entry_get_identifier (entries->pdata[index]), ==, identifier);
  g_assert_cmpstr (ph_acl_entry_get_rights (entries->pdata[index]), ==, rights);
}

/* RFC 4314 sections 3.1 to 3.3; the answer of section 3.1's example names another mailbox */
static void
test_get (gconstpointer data)
{
  static const struct {
    const char *answer, *first, *rights;
    guint       n;
  } forms[] = {
    { "* ACL INBOX/Drafts Fred rwipslxetad Chris lrswi\r\n", "Fred", "rwipslxetad", 2 },
    { "* ACL INBOX Fred rwipslxcetda David lrswideta\r\n", "Fred", "rwipslxcetda", 2 },
    { "* ACL \"INBOX/Drafts\" \"Fred Foobar\" \"rw\"\r\n", "Fred Foobar", "rw", 1 },
    { "* acl {12}\r\nINBOX/Drafts {4}\r\nFred {2}\r\nrw -Fred wetd $team w\r\n", "Fred", "rw", 3 },
    { "* ACL INBOX/Drafts J\303\266rg \"\"\r\n", "J\303\266rg", "", 1 },
    { "* ACL INBOX/Drafts Fred rw Odd\r\n", "Fred", "rw", 1 },
    { "* ACL INBOX/Drafts (a) rw Fred (r) Fred r\r\n", "Fred", "r", 1 },
  };
  g_autoptr (ExtTest) test = acl_open ("ACL");
  g_autoptr (PhCommand) none = MAKE (test, get, "INBOX/Drafts");

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (PhCommand) command = MAKE (test, get, "INBOX/Drafts");
      GPtrArray *entries = ext_ask (test, command, "GETACL \"INBOX/Drafts\"", forms[i].answer);

      g_assert_cmpuint (entries->len, ==, forms[i].n);
      assert_entry (entries, 0, forms[i].first, forms[i].rights);
    }
  g_assert_cmpuint (((GPtrArray *) ext_ask (test, none, "GETACL \"INBOX/Drafts\"", "* ACL INBOX/Drafts\r\n"))->len, ==, 0);
}

static void
test_change (gconstpointer data)
{
  g_autoptr (ExtTest) test = acl_open ("ACL");
  g_autoptr (PhCommand) add = MAKE (test, set, "INBOX/Drafts", "Chris", "+cda");
  g_autoptr (PhCommand) minus = MAKE (test, set, "Entw\303\274rfe", "-Fred Foobar", "-w");
  g_autoptr (PhCommand) empty = MAKE (test, set, "a", "b", "");
  g_autoptr (PhCommand) remove = MAKE (test, delete, "INBOX", "Fred");
  g_autoptr (PhCommand) wrong = MAKE (test, set, "INBOX/Drafts", "John", "lrQswicda");
  g_autoptr (PhCommand) forbidden = MAKE (test, set, "a", "b", "l");
  g_autoptr (PhCommand) broken = MAKE (test, set, "a", "b\r\nX LOGOUT", "l");

  ext_ask (test, add, "SETACL \"INBOX/Drafts\" \"Chris\" \"+cda\"", "");
  ext_ask (test, minus, "SETACL \"Entw&APw-rfe\" \"-Fred Foobar\" \"-w\"", "");
  ext_ask (test, empty, "SETACL \"a\" \"b\" \"\"", "");
  ext_ask (test, remove, "DELETEACL \"INBOX\" \"Fred\"", "");
  ext_fail (test, wrong, "SETACL \"INBOX/Drafts\" \"John\" \"lrQswicda\"", "BAD Uppercase rights are not allowed", PH_ERROR_BAD_COMMAND);
  ext_fail (test, forbidden, "SETACL \"a\" \"b\" \"l\"", "NO [NOPERM] x", PH_ERROR_NO_PERMISSION);
  ext_refuse (test, broken, PH_ERROR_INVALID_ARGUMENT);
}

/* RFC 4314 sections 3.4 and 3.5 */
static void
test_rights (gconstpointer data)
{
  g_autoptr (ExtTest) test = acl_open ("ACL RIGHTS=texk");
  g_autoptr (PhCommand) list = MAKE (test, list_rights, "~/Mail/saved", "smith");
  g_autoptr (PhCommand) other = MAKE (test, list_rights, "archive/imap", "anyone");
  g_autoptr (PhCommand) mine = MAKE (test, get_my_rights, "INBOX");
  g_autoptr (PhCommand) none = MAKE (test, get_my_rights, "INBOX");
  g_autoptr (PhCommand) untold = MAKE (test, get_my_rights, "INBOX");
  g_autofree char *added = ph_acl_get_added_rights (PH_ACL (test->extension));
  PhAclRights *rights = ext_ask (test, list, "LISTRIGHTS \"~/Mail/saved\" \"smith\"", "* LISTRIGHTS ~/Mail/saved smith la r swicdkxte\r\n");

  g_assert_cmpstr (ph_acl_rights_get_required (rights), ==, "la");
  g_assert_cmpuint (g_strv_length ((char **) ph_acl_rights_get_optional (rights)), ==, 2);
  g_assert_cmpstr (ph_acl_rights_get_optional (rights)[1], ==, "swicdkxte");
  rights = ext_ask (test, other, "LISTRIGHTS \"archive/imap\" \"anyone\"",
                    "* LISTRIGHTS archive.imap anyone \"\" l r s w i p k x t e c d a 0 1 2 3 4 5 6 7 8 9\r\n");
  g_assert_cmpstr (ph_acl_rights_get_required (rights), ==, "");
  g_assert_cmpuint (g_strv_length ((char **) ph_acl_rights_get_optional (rights)), ==, 23);
  ext_ask (test, mine, "MYRIGHTS \"INBOX\"", "* MYRIGHTS INBOX rwiptsldaex\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (mine)), ==, "rwiptsldaex");
  ext_ask (test, none, "MYRIGHTS \"INBOX\"", "* MYRIGHTS INBOX {0}\r\n\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (none)), ==, "");
  ext_say (test, untold, "MYRIGHTS \"INBOX\"", "* MYRIGHTS INBOX\r\n", "OK done");
  ph_harness_expect_error (test->harness, untold, PH_ERROR_PROTOCOL);
  g_assert_cmpstr (added, ==, "texk");
}

/* RFC 8440 section 4 */
static void
test_list_my_rights (gconstpointer data)
{
  g_autoptr (ExtTest) test = acl_open ("ACL LIST-EXTENDED LIST-MYRIGHTS");
  g_autoptr (ExtTest) without = acl_open ("ACL LIST-EXTENDED");
  g_autoptr (PhCommand) list = MAKE (test, list_my_rights, "%");
  g_autoptr (PhCommand) lacking = MAKE (without, list_my_rights, "%");
  GPtrArray *rows = ext_ask (test, list, "LIST \"\" \"%\" RETURN (CHILDREN MYRIGHTS)",
                             "* LIST () \".\" \"INBOX\"\r\n* MYRIGHTS \"INBOX\" lrswipkxtecda\r\n* LIST () \".\" \"foo\"\r\n"
                             "* MYRIGHTS \"foo\" lrs\r\n* LIST (\\NonExistent) \".\" \"bar\"\r\n");
  g_autofree char *first = ph_mailbox_info_get_my_rights (rows->pdata[0]);
  g_autofree char *second = ph_mailbox_info_get_my_rights (rows->pdata[1]);

  g_assert_cmpstr (first, ==, "lrswipkxtecda");
  g_assert_cmpstr (second, ==, "lrs");
  g_assert_null (ph_mailbox_info_get_my_rights (rows->pdata[2]));
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}

static void
test_lacking (gconstpointer data)
{
  g_autoptr (ExtTest) test = acl_open ("QUOTA");
  g_autoptr (PhCommand) get = MAKE (test, get, "INBOX");
  g_autoptr (PhCommand) by_name = ext_make (test, "SetACL", "a b c");

  ext_refuse (test, get, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, by_name, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("acl/get", test_get);
  imap_test ("acl/change", test_change);
  imap_test ("acl/rights", test_rights);
  imap_test ("acl/list-my-rights", test_list_my_rights);
  imap_test ("acl/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
