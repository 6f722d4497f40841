/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* I18NLEVEL, with the lines of RFC 5255. Dovecot has level 1, which has no command. */
#include "imap-extension-test.h"

GType ph_imap_i18nlevel_get_type (void);

#define IFACE(test) PH_COMPARATOR_GET_IFACE (PH_COMPARATOR ((test)->extension))

/* RFC 5255 sections 4.7 to 4.9 */
static void
test_comparators (gconstpointer data)
{
  static const char *const order[] = { "cz;*", "i;basic", NULL };
  g_autoptr (ExtTest) test = ext_open (ph_imap_i18nlevel_get_type (), "I18NLEVEL=*", "I18NLEVEL=2");
  g_autoptr (ExtTest) first_level = ext_open (ph_imap_i18nlevel_get_type (), "I18NLEVEL=*", "I18NLEVEL=1");
  g_autoptr (PhCommand) get = IFACE (test)->make_get (PH_COMPARATOR (test->extension));
  g_autoptr (PhCommand) select = IFACE (test)->make_select (PH_COMPARATOR (test->extension), order);
  g_autoptr (PhCommand) refused = IFACE (test)->make_select (PH_COMPARATOR (test->extension), order);
  g_autoptr (PhCommand) lacking = IFACE (first_level)->make_get (PH_COMPARATOR (first_level->extension));

  ext_ask (test, get, "COMPARATOR", "* COMPARATOR i;unicode-casemap\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (get)), ==, "i;unicode-casemap");
  ext_ask (test, select, "COMPARATOR \"cz;*\" \"i;basic\"", "* COMPARATOR \"i;basic\" (\"i;basic\" \"i;x\")\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (select)), ==, "i;basic");
  ext_fail (test, refused, "COMPARATOR \"cz;*\" \"i;basic\"", "NO [BADCOMPARATOR] x", PH_ERROR_CANNOT);
  ext_refuse (first_level, lacking, PH_ERROR_NOT_SUPPORTED);
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("i18nlevel/comparators", test_comparators);
  return g_test_run ();
}
