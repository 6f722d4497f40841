/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LANGUAGE, with the lines of RFC 5255. No live server of ours has it. */
#include "imap-extension-test.h"

GType ph_imap_language_get_type (void);

#define IFACE(test) PH_LANGUAGE_GET_IFACE (PH_LANGUAGE ((test)->extension))

/* RFC 5255 section 3.2 */
static void
test_languages (gconstpointer data)
{
  static const char *const ranges[] = { "fr", "en", NULL };
  g_autoptr (ExtTest) test = ext_open (ph_imap_language_get_type (), "LANGUAGE", "LANGUAGE NAMESPACE");
  g_autoptr (ExtTest) without = ext_open (ph_imap_language_get_type (), "LANGUAGE", "");
  g_autoptr (PhCommand) list = IFACE (test)->make_list (PH_LANGUAGE (test->extension));
  g_autoptr (PhCommand) select = IFACE (test)->make_select (PH_LANGUAGE (test->extension), ranges);
  g_autoptr (PhCommand) refused = IFACE (test)->make_select (PH_LANGUAGE (test->extension), ranges);
  g_autoptr (PhCommand) untold = IFACE (test)->make_select (PH_LANGUAGE (test->extension), ranges);
  g_autoptr (PhCommand) by_name = ext_make (test, "language", NULL);
  g_autoptr (PhCommand) with_range = ext_make (test, "LANGUAGE", "de");
  g_autoptr (PhCommand) lacking = IFACE (without)->make_list (PH_LANGUAGE (without->extension));
  char **tags = ext_ask (test, list, "LANGUAGE", "* LANGUAGE (EN DE IT {9}\r\ni-default)\r\n");

  g_assert_cmpuint (g_strv_length (tags), ==, 4);
  g_assert_cmpstr (tags[3], ==, "i-default");
  /* names in that language come beside it, for the program to see */
  ext_ask (test, select, "LANGUAGE \"fr\" \"en\"", "* LANGUAGE (FR)\r\n* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (select)), ==, "FR");
  ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
  ext_fail (test, refused, "LANGUAGE \"fr\" \"en\"", "NO Unsupported language", PH_ERROR_REFUSED);
  ext_say (test, untold, "LANGUAGE \"fr\" \"en\"", "* LANGUAGE ()\r\n", "OK done");
  ph_harness_expect_error (test->harness, untold, PH_ERROR_PROTOCOL);
  ext_ask (test, by_name, "LANGUAGE", "* LANGUAGE (EN)\r\n");
  ext_ask (test, with_range, "LANGUAGE \"de\"", "* LANGUAGE (DE)\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (with_range)), ==, "DE");
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("language/list-and-select", test_languages);
  return g_test_run ();
}
