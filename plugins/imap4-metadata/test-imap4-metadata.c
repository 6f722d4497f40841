/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* METADATA and LIST-METADATA, with the lines of RFC 5464 and RFC 9590. */
#include "imap-metadata-test.h"

GType ph_imap_metadata_get_type (void);

static const char *const comment[] = { "/private/comment", NULL };
static const char *const both[] = { "/shared/comment", "/private/comment", NULL };

static ExtTest *
metadata_open (const char *capabilities)
{
  return ext_open (ph_imap_metadata_get_type (), "METADATA*", capabilities);
}

/* RFC 5464 section 4.2: in one response, in several, and in each form of a value */
static void
test_get (gconstpointer data)
{
  static const char *const forms[] = {
    "* METADATA \"INBOX\" (/shared/comment \"Shared comment\" /private/comment \"My own comment\")\r\n",
    "* METADATA \"INBOX\" (/shared/comment \"Shared comment\")\r\n* METADATA \"INBOX\" (/private/comment \"My own comment\")\r\n",
    "* metadata inbox (\"/SHARED/comment\" {14}\r\nShared comment {16}\r\n/private/comment ~{14}\r\nMy own comment)\r\n",
    ("* METADATA INBOX (/shared/comment \"first\" /private/comment NIL /shared/comment \"Shared comment\" "
     "/private/comment \"My own comment\" /odd)\r\n"),
  };
  g_autoptr (ExtTest) test = metadata_open ("METADATA");
  g_autoptr (PhCommand) none = MAKE (test, get, "INBOX", comment, PH_METADATA_DEPTH_SELF, 0);
  PhMetadataResult *result;

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (PhCommand) command = MAKE (test, get, "INBOX", both, PH_METADATA_DEPTH_SELF, 0);

      result = ext_ask (test, command, "GETMETADATA \"INBOX\" (\"/shared/comment\" \"/private/comment\")", forms[i]);
      g_assert_cmpuint (ph_metadata_result_get_entries (result)->len, ==, 2);
      assert_value (result, "/private/comment", "My own comment");
      assert_value (result, "/shared/COMMENT", "Shared comment");
    }
  result = ext_ask (test, none, "GETMETADATA \"INBOX\" (\"/private/comment\")", "* METADATA INBOX (/private/comment NIL)\r\n");
  g_assert_cmpuint (ph_metadata_result_get_entries (result)->len, ==, 0);
}

/* RFC 5464 sections 4.2.1 and 4.2.2; the options stand where its grammar has them */
static void
test_options (gconstpointer data)
{
  static const char *const filters[] = { "/private/filters/values", NULL };
  g_autoptr (ExtTest) test = metadata_open ("METADATA");
  g_autoptr (PhCommand) some = MAKE (test, get, "INBOX", both, PH_METADATA_DEPTH_SELF, 1024);
  g_autoptr (PhCommand) below = MAKE (test, get, "INBOX", filters, PH_METADATA_DEPTH_CHILDREN, 0);
  g_autoptr (PhCommand) all = MAKE (test, get, "INBOX", filters, PH_METADATA_DEPTH_ALL, 5);
  PhMetadataResult *result;

  ext_say (test, some, "GETMETADATA (MAXSIZE 1024) \"INBOX\" (\"/shared/comment\" \"/private/comment\")",
           "* METADATA \"INBOX\" (/private/comment \"My own comment\")\r\n", "OK [METADATA LONGENTRIES 2199] GETMETADATA complete");
  ph_harness_expect_done (test->harness, some);
  result = ph_command_peek_result (some);
  g_assert_cmpuint (ph_metadata_result_get_longest (result), ==, 2199);
  assert_value (result, "/private/comment", "My own comment");
  result = ext_ask (test, below, "GETMETADATA (DEPTH 1) \"INBOX\" (\"/private/filters/values\")",
                    "* METADATA \"INBOX\" (/private/filters/values/small \"SMALLER 5000\" /private/filters/values/boss "
                    "\"FROM \\\"boss@example.com\\\"\")\r\n");
  g_assert_cmpuint (ph_metadata_result_get_longest (result), ==, 0);
  assert_value (result, "/private/filters/values/boss", "FROM \"boss@example.com\"");
  ext_ask (test, all, "GETMETADATA (MAXSIZE 5 DEPTH infinity) \"INBOX\" (\"/private/filters/values\")", "");
}

/* RFC 5464 section 4.3 */
static void
test_set (gconstpointer data)
{
  static const struct {
    const char *reply;
    PhError     code;
  } refusals[] = {
    { "NO [METADATA TOOMANY] SETMETADATA failed", PH_ERROR_CANNOT },
    { "NO [METADATA MAXSIZE 1024] x", PH_ERROR_TOO_LARGE },
    { "NO [METADATA NOPRIVATE] x", PH_ERROR_NOT_SUPPORTED },
    { "NO [METADATA] x", PH_ERROR_REFUSED },
    { "NO [NOPERM] x", PH_ERROR_NO_PERMISSION },
  };
  g_autoptr (ExtTest) test = metadata_open ("METADATA LITERAL+");
  g_autoptr (GBytes) value = g_bytes_new_static ("My new comment", 14);
  g_autoptr (GBytes) lines = g_bytes_new_static ("My new comment across\r\ntwo lines.", 33);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  g_autoptr (PhCommand) one = make_set (test, "INBOX", "/private/comment", value);
  g_autoptr (PhCommand) literal = make_set (test, "INBOX", "/private/comment", lines);
  g_autoptr (PhCommand) removed = make_set (test, "INBOX", "/private/comment", NULL);
  g_autoptr (PhCommand) all = NULL;

  ext_ask (test, one, "SETMETADATA \"INBOX\" (\"/private/comment\" \"My new comment\")", "");
  ext_ask (test, literal, "SETMETADATA \"INBOX\" (\"/private/comment\" {33+}\r\nMy new comment across\r\ntwo lines.)", "");
  ext_ask (test, removed, "SETMETADATA \"INBOX\" (\"/private/comment\" NIL)", "");
  g_ptr_array_add (entries, ph_metadata_entry_new ("/private/comment", value));
  g_ptr_array_add (entries, ph_metadata_entry_new ("/shared/comment", NULL));
  all = MAKE (test, set_all, "", entries);
  ext_ask (test, all, "SETMETADATA \"\" (\"/private/comment\" \"My new comment\" \"/shared/comment\" NIL)", "");
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (PhCommand) refused = make_set (test, "INBOX", "/private/comment", value);

      ext_fail (test, refused, "SETMETADATA \"INBOX\" (\"/private/comment\" \"My new comment\")", refusals[i].reply, (int) refusals[i].code);
    }
}

static void
on_changed (PhMetadata *metadata, const char *mailbox, char **entries, gpointer data)
{
  g_autofree char *joined = g_strjoinv (" ", entries);

  g_string_append_printf (data, "%s: %s;", mailbox, joined);
}

static void
deliver (ExtTest *test)
{
  PhEvent *event = ph_harness_expect_event (test->harness, PH_EVENT_EXTENSION);

  ph_extension_deliver (event->extension, event->type, event->boxed);
}

/* RFC 5464 section 4.4.2: what changed, unasked and while something else is asked */
static void
test_unasked (gconstpointer data)
{
  g_autoptr (ExtTest) test = metadata_open ("METADATA");
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (PhCommand) get = MAKE (test, get, "", comment, PH_METADATA_DEPTH_SELF, 0);
  PhMetadataResult *result;

  g_signal_connect (test->extension, "changed", G_CALLBACK (on_changed), told);
  ph_harness_push (test->harness, "* METADATA \"Gr&APw-n\" /shared/comment /private/comment\r\n* METADATA INBOX\r\n* METADATA (a) /x\r\n");
  deliver (test);
  ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
  ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
  result = ext_ask (test, get, "GETMETADATA \"\" (\"/private/comment\")",
                    "* METADATA \"\" /shared/comment\r\n* METADATA INBOX (/private/comment \"no\")\r\n"
                    "* METADATA \"\" (/private/comment \"yes\")\r\n");
  assert_value (result, "/private/comment", "yes");
  deliver (test);
  g_assert_cmpstr (told->str, ==, "Gr\303\274n: /shared/comment /private/comment;: /shared/comment;");
  /* with values it answers somebody else's question */
  ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
}

/* RFC 9590 section 4 */
static void
test_list (gconstpointer data)
{
  static const char *const color[] = { "/shared/vendor/cmu/cyrus-imapd/color", NULL };
  g_autoptr (ExtTest) test = metadata_open ("METADATA LIST-EXTENDED LIST-METADATA");
  g_autoptr (ExtTest) without = metadata_open ("METADATA LIST-EXTENDED");
  g_autoptr (PhCommand) list = MAKE (test, list, "%", color);
  g_autoptr (PhCommand) lacking = MAKE (without, list, "%", color);
  GPtrArray *rows = ext_ask (test, list, "LIST \"\" \"%\" RETURN (CHILDREN METADATA (\"/shared/vendor/cmu/cyrus-imapd/color\"))",
                             "* LIST () \".\" \"INBOX\"\r\n* METADATA \"INBOX\" (\"/shared/vendor/cmu/cyrus-imapd/color\" \"#b71c1c\")\r\n"
                             "* LIST () \".\" \"foo\"\r\n* METADATA \"foo\" (\"/shared/vendor/cmu/cyrus-imapd/color\" NIL)\r\n"
                             "* LIST (\\NonExistent) \".\" \"bar\"\r\n");
  g_autoptr (GPtrArray) inbox = ph_mailbox_info_get_metadata (rows->pdata[0]);
  g_autoptr (GPtrArray) foo = ph_mailbox_info_get_metadata (rows->pdata[1]);
  g_autoptr (GPtrArray) bar = ph_mailbox_info_get_metadata (rows->pdata[2]);
  g_autofree char *told = ph_metadata_entry_dup_text (inbox->pdata[0]);

  g_assert_cmpstr (told, ==, "#b71c1c");
  g_assert_cmpstr (ph_metadata_entry_get_name (inbox->pdata[0]), ==, color[0]);
  g_assert_cmpuint (foo->len, ==, 1);
  g_assert_null (ph_metadata_entry_get_value (foo->pdata[0]));
  g_assert_cmpuint (bar->len, ==, 0);
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}

static void
test_lacking (gconstpointer data)
{
  g_autoptr (ExtTest) server = metadata_open ("METADATA-SERVER");
  g_autoptr (ExtTest) none = metadata_open ("ACL");
  g_autoptr (PhCommand) own = MAKE (server, get, "", comment, PH_METADATA_DEPTH_SELF, 0);
  g_autoptr (PhCommand) mailbox = MAKE (server, get, "INBOX", comment, PH_METADATA_DEPTH_SELF, 0);
  g_autoptr (PhCommand) change = make_set (server, "INBOX", "/private/comment", NULL);
  g_autoptr (PhCommand) lacking = MAKE (none, get, "", comment, PH_METADATA_DEPTH_SELF, 0);

  ext_ask (server, own, "GETMETADATA \"\" (\"/private/comment\")", "");
  ext_refuse (server, mailbox, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (server, change, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (none, lacking, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("metadata/get", test_get);
  imap_test ("metadata/options", test_options);
  imap_test ("metadata/set", test_set);
  imap_test ("metadata/unasked", test_unasked);
  imap_test ("metadata/list", test_list);
  imap_test ("metadata/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
