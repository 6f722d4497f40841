/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OBJECTID, with the lines of RFC 8474. */
#include "imap-extension-test.h"

GType ph_imap_objectid_get_type (void);

static PhObjectIds *
get_ids (ExtTest *test)
{
  return PH_OBJECT_IDS (test->extension);
}

/* RFC 8474 sections 4 and 5 */
static void
test_identifiers (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_objectid_get_type (), "OBJECTID", "OBJECTID");
  PhObjectIdsInterface *iface = PH_OBJECT_IDS_GET_IFACE (get_ids (test));
  g_autoptr (PhMessage) both = NULL, one = NULL;
  g_autoptr (PhCommand) status = iface->make_get_status (get_ids (test), "foo");
  g_autofree char *email = NULL, *thread = NULL, *second = NULL, *mailbox = NULL;

  ext_select (test, "SELECT \"INBOX\"");
  both = ext_fetch (test, iface->get_items (get_ids (test)), "EMAILID THREADID", "EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9)");
  one = ext_fetch (test, iface->get_items (get_ids (test)), "EMAILID THREADID", "emailid (\"M5fdc09b49ea703\") THREADID NIL");
  email = ph_message_get_email_id (both);
  thread = ph_message_get_thread_id (both);
  second = ph_message_get_email_id (one);
  g_assert_cmpstr (email, ==, "M6d99ac3275bb4e");
  g_assert_cmpstr (thread, ==, "T64b478a75b7ea9");
  g_assert_cmpstr (second, ==, "M5fdc09b49ea703");
  g_assert_null (ph_message_get_thread_id (one));
  mailbox = ph_mailbox_status_get_mailbox_id (ext_ask (test, status, "STATUS \"foo\" (MAILBOXID)",
                                                       "* STATUS foo (MAILBOXID (F2212ea87-6097-4256-9d51-71338625))\r\n"));
  g_assert_cmpstr (mailbox, ==, "F2212ea87-6097-4256-9d51-71338625");
}

/* RFC 8474 section 4.2 */
static void
test_selected (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_objectid_get_type (), "OBJECTID", "OBJECTID");
  g_autoptr (PhCommand) select = imap_make (test->harness, select, "foo", FALSE);
  g_autoptr (PhCommand) create = imap_make (test->harness, create, "bar");

  g_assert_null (ph_object_ids_get_selected (get_ids (test)));
  ext_ask (test, select, "SELECT \"foo\"", "* 3 EXISTS\r\n* OK [MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] Ok\r\n");
  g_assert_cmpstr (ph_object_ids_get_selected (get_ids (test)), ==, "F2212ea87-6097-4256-9d51-71338625");
  ext_say (test, create, "CREATE \"bar\"", "", "OK [MAILBOXID (F6352ae03-b7f5-463c-896f-d8b48ee3)] Completed");
  ph_harness_expect_done (test->harness, create);
  g_assert_cmpstr (ph_object_ids_get_selected (get_ids (test)), ==, "F2212ea87-6097-4256-9d51-71338625");
  ph_extension_reset (test->extension);
  g_assert_null (ph_object_ids_get_selected (get_ids (test)));
}

/* RFC 8474 section 5.4 */
static void
test_search (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_objectid_get_type (), "OBJECTID", "OBJECTID");
  g_autoptr (ExtTest) without = ext_open (ph_imap_objectid_get_type (), "OBJECTID", "");
  PhObjectIdsInterface *iface = PH_OBJECT_IDS_GET_IFACE (get_ids (test));
  g_autoptr (PhCommand) both = iface->make_search (get_ids (test), "M6d99ac3275bb4e", "T64b478a75b7ea9");
  g_autoptr (PhCommand) odd = iface->make_search (get_ids (test), "a\" ALL", NULL);
  g_autoptr (PhCommand) lacking = iface->make_search (get_ids (without), "x", NULL);
  g_autoptr (PhCommand) status = iface->make_get_status (get_ids (without), "foo");

  ext_select (test, "SELECT \"INBOX\"");
  ext_select (without, "SELECT \"INBOX\"");
  ext_ask (test, both, "UID SEARCH EMAILID \"M6d99ac3275bb4e\" THREADID \"T64b478a75b7ea9\"", "* SEARCH 5\r\n");
  ext_ask (test, odd, "UID SEARCH EMAILID \"a\\\" ALL\"", "* SEARCH\r\n");
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (without, status, PH_ERROR_NOT_SUPPORTED);
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("objectid/identifiers", test_identifiers);
  imap_test ("objectid/selected", test_selected);
  imap_test ("objectid/search", test_search);
  return g_test_run ();
}
