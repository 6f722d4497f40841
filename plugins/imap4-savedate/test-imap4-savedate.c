/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SAVEDATE, with the lines of RFC 8514. */
#include "imap-extension-test.h"

GType ph_imap_savedate_get_type (void);

static void
test_dates (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_savedate_get_type (), "SAVEDATE", "SAVEDATE");
  PhSaveDateInterface *iface = PH_SAVE_DATE_GET_IFACE (PH_SAVE_DATE (test->extension));
  const char *items = iface->get_items (PH_SAVE_DATE (test->extension));
  g_autoptr (PhMessage) told = NULL, untold = NULL;
  g_autoptr (GDateTime) date = NULL;

  ext_select (test, "SELECT \"INBOX\"");
  told = ext_fetch (test, items, "SAVEDATE", "SAVEDATE \"01-Jan-2015 18:50:53 +0100\"");
  untold = ext_fetch (test, items, "SAVEDATE", "SAVEDATE NIL");
  date = ph_message_get_save_date (told);
  g_assert_cmpint (g_date_time_to_unix (date), ==, 1420134653);
  g_assert_null (ph_message_get_save_date (untold));
}

/* RFC 8514 section 4.3 */
static void
test_search (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_savedate_get_type (), "SAVEDATE", "SAVEDATE");
  g_autoptr (ExtTest) without = ext_open (ph_imap_savedate_get_type (), "SAVEDATE", "");
  g_autoptr (GDateTime) first = ph_date (2020, 2, 9), end = ph_date (2021, 12, 31);
  PhSaveDateInterface *iface = PH_SAVE_DATE_GET_IFACE (PH_SAVE_DATE (test->extension));
  g_autoptr (PhCommand) between = iface->make_search (PH_SAVE_DATE (test->extension), first, end);
  g_autoptr (PhCommand) any = iface->make_search (PH_SAVE_DATE (test->extension), NULL, NULL);
  g_autoptr (PhCommand) lacking = iface->make_search (PH_SAVE_DATE (without->extension), first, NULL);

  ext_select (test, "SELECT \"INBOX\"");
  ext_select (without, "SELECT \"INBOX\"");
  g_assert_cmpuint (ph_message_set_get_count (ext_ask (test, between, "UID SEARCH SAVEDSINCE 9-Feb-2020 SAVEDBEFORE 31-Dec-2021",
                                                       "* SEARCH 5 7\r\n")), ==, 2);
  ext_ask (test, any, "UID SEARCH ALL", "* SEARCH\r\n");
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("savedate/dates", test_dates);
  imap_test ("savedate/search", test_search);
  return g_test_run ();
}
