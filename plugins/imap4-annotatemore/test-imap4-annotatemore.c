/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ANNOTATEMORE, with the lines of draft-daboo-imap-annotatemore-08. */
#include "imap-metadata-test.h"

GType ph_imap_annotatemore_get_type (void);

static const char *const comment[] = { "/private/comment", NULL };

static ExtTest *
annotatemore_open (const char *capabilities)
{
  return ext_open (ph_imap_annotatemore_get_type (), "ANNOTATEMORE", capabilities);
}

static void
test_get (gconstpointer data)
{
  static const char *const both[] = { "/shared/comment", "/private/comment", NULL };
  static const char *const forms[] = {
    "* ANNOTATION \"INBOX\" \"/comment\" (\"value.priv\" \"My comment\" \"value.shared\" \"Its sunny outside!\")\r\n",
    "* ANNOTATION \"INBOX\" \"/comment\" (\"value.priv\" \"My comment\") \"/comment\" (\"value.shared\" \"Its sunny outside!\")\r\n",
    ("* annotation inbox /comment (VALUE.priv {10}\r\nMy comment size.priv 10)\r\n"
     "* ANNOTATION INBOX /comment (value.shared \"Its sunny outside!\")\r\n"),
  };
  g_autoptr (ExtTest) test = annotatemore_open ("ANNOTATEMORE");
  g_autoptr (PhCommand) none = MAKE (test, get, "", comment, PH_METADATA_DEPTH_SELF, 0);
  g_autoptr (PhCommand) below = MAKE (test, get, "", comment, PH_METADATA_DEPTH_ALL, 0);
  g_autoptr (PhCommand) cut = MAKE (test, get, "", comment, PH_METADATA_DEPTH_ALL, 5);
  g_autoptr (PhCommand) raw = ext_make (test, "GETANNOTATION", "INBOX \"/comment\" value.priv");
  PhMetadataResult *result;

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (PhCommand) command = MAKE (test, get, "INBOX", both, PH_METADATA_DEPTH_SELF, 0);

      result = ext_ask (test, command, "GETANNOTATION \"INBOX\" (\"/comment\" \"/comment\") (\"value.shared\" \"value.priv\")", forms[i]);
      g_assert_cmpuint (ph_metadata_result_get_entries (result)->len, ==, 2);
      assert_value (result, "/private/comment", "My comment");
      assert_value (result, "/shared/comment", "Its sunny outside!");
    }
  result = ext_ask (test, none, "GETANNOTATION \"\" (\"/comment\") (\"value.priv\")",
                    "* ANNOTATION \"\" \"/comment\" (\"value.priv\" NIL)\r\n* ANNOTATION other \"/comment\" (\"value.priv\" \"x\")\r\n");
  g_assert_cmpuint (ph_metadata_result_get_entries (result)->len, ==, 0);
  ext_ask (test, below, "GETANNOTATION \"\" (\"/comment\" \"/comment/*\") (\"value.priv\")", "");
  ext_refuse (test, cut, PH_ERROR_NOT_SUPPORTED);
  assert_value (ext_ask (test, raw, "GETANNOTATION \"INBOX\" \"/comment\" value.priv", forms[1]), "/private/comment", "My comment");
}

static void
test_set (gconstpointer data)
{
  g_autoptr (ExtTest) test = annotatemore_open ("ANNOTATEMORE");
  g_autoptr (GBytes) value = g_bytes_new_static ("My new comment", 14);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);
  g_autoptr (PhCommand) one = make_set (test, "INBOX", "/private/comment", value);
  g_autoptr (PhCommand) removed = make_set (test, "INBOX", "/shared/comment", NULL);
  g_autoptr (PhCommand) raw = ext_make (test, "SETANNOTATION", "INBOX \"/comment\" (\"value.priv\" \"x\")");
  g_autoptr (PhCommand) several = NULL;

  ext_ask (test, one, "SETANNOTATION \"INBOX\" \"/comment\" (\"value.priv\" \"My new comment\")", "");
  ext_ask (test, removed, "SETANNOTATION \"INBOX\" \"/comment\" (\"value.shared\" NIL)", "");
  ext_ask (test, raw, "SETANNOTATION \"INBOX\" \"/comment\" (\"value.priv\" \"x\")", "");
  g_ptr_array_add (entries, ph_metadata_entry_new ("/private/comment", value));
  g_ptr_array_add (entries, ph_metadata_entry_new ("/shared/comment", value));
  several = MAKE (test, set_all, "INBOX", entries);
  ext_refuse (test, several, PH_ERROR_NOT_SUPPORTED);
}

static void
test_lacking (gconstpointer data)
{
  g_autoptr (ExtTest) test = annotatemore_open ("ACL LIST-EXTENDED");
  g_autoptr (PhCommand) get = MAKE (test, get, "", comment, PH_METADATA_DEPTH_SELF, 0);
  g_autoptr (PhCommand) list = MAKE (test, list, "*", comment);

  ext_refuse (test, get, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, list, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("annotatemore/get", test_get);
  imap_test ("annotatemore/set", test_set);
  imap_test ("annotatemore/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
