/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JMAPACCESS in the harness: RFC 9698's example. Neither Dovecot nor Cyrus of Debian has it. */
#include "imap-extension-test.h"

GType ph_imap_jmap_access_get_type (void);

static PhCommand *
make (ExtTest *test)
{
  return PH_JMAP_ACCESS_GET_IFACE (test->extension)->make_get_url (PH_JMAP_ACCESS (test->extension));
}

static const char *
get_text (PhCommand *command)
{
  return g_value_get_string (ph_command_get_result (command));
}

static void
test_url (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_jmap_access_get_type (), "JMAPACCESS", "JMAPACCESS");
  g_autoptr (PhCommand) typed = make (test);
  g_autoptr (PhCommand) by_name = ext_make (test, "GETJMAPACCESS", NULL);

  ext_ask (test, typed, "GETJMAPACCESS", "* JMAPACCESS \"https://example.com/.well-known/jmap\"\r\n");
  g_assert_cmpstr (get_text (typed), ==, "https://example.com/.well-known/jmap");
  ext_ask (test, by_name, "GETJMAPACCESS", "* JMAPACCESS {19}\r\nhttps://example.com\r\n");
  g_assert_cmpstr (get_text (by_name), ==, "https://example.com");
}

static void
test_refused (gconstpointer data)
{
  static const char *const answers[] = { "", "* JMAPACCESS\r\n", "* JMAPACCESS NIL\r\n", "* JMAPACCESS \"http://example.com/\"\r\n",
                                         "* JMAPACCESS \"https:///x\"\r\n", "* JMAPACCESS (\"https://example.com/\")\r\n" };
  g_autoptr (ExtTest) lacking = ext_open (ph_imap_jmap_access_get_type (), "JMAPACCESS", "UIDPLUS");
  g_autoptr (PhCommand) unsupported = make (lacking);

  ext_refuse (lacking, unsupported, PH_ERROR_NOT_SUPPORTED);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (ExtTest) test = ext_open (ph_imap_jmap_access_get_type (), "JMAPACCESS", "JMAPACCESS");
      g_autoptr (PhCommand) command = make (test);

      ext_say (test, command, "GETJMAPACCESS", answers[i], "OK done");
      ph_harness_expect_error (test->harness, command, PH_ERROR_PROTOCOL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  imap_test ("jmapaccess/url", test_url);
  imap_test ("jmapaccess/nothing-that-is-not-https", test_refused);

  return g_test_run ();
}
