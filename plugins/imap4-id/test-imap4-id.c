/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ID, with the lines of RFC 2971. */
#include "imap-extension-test.h"

GType ph_imap_id_get_type (void);

#define MAKE(test, fields) PH_ID_GET_IFACE (PH_ID ((test)->extension))->make_exchange (PH_ID ((test)->extension), fields)

/* RFC 2971 section 3.1 and 3.2 */
static void
test_exchange (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_id_get_type (), "ID", "ID");
  g_autoptr (ExtTest) without = ext_open (ph_imap_id_get_type (), "ID", "");
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (PhCommand) nothing = MAKE (test, NULL);
  g_autoptr (PhCommand) none = MAKE (test, fields);
  g_autoptr (PhCommand) told = NULL;
  g_autoptr (PhCommand) lacking = MAKE (without, NULL);
  GHashTable *answer;

  g_hash_table_insert (fields, (gpointer) "name", (gpointer) "sodr");
  g_hash_table_insert (fields, (gpointer) "version", (gpointer) "19.34 \"x\"");
  told = MAKE (test, fields);
  g_assert_cmpuint (g_hash_table_size (ext_ask (test, nothing, "ID NIL", "* ID NIL\r\n")), ==, 0);
  ext_ask (test, none, "ID ()", "");
  answer = ext_ask (test, told, "ID (\"name\" \"sodr\" \"version\" \"19.34 \\\"x\\\"\")",
                    "* id (\"NAME\" \"Cyrus\" \"version\" \"1.5\" \"os\" NIL \"os-version\" {3}\r\n5.5 \"support-url\" x \"odd\")\r\n");
  g_assert_cmpuint (g_hash_table_size (answer), ==, 4);
  g_assert_cmpstr (g_hash_table_lookup (answer, "name"), ==, "Cyrus");
  g_assert_cmpstr (g_hash_table_lookup (answer, "os-version"), ==, "5.5");
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 2971 section 3.3; and no value makes a line of its own */
static void
test_limits (gconstpointer data)
{
  g_autofree char *longest = g_strnfill (1024, 'x'), *longer = g_strnfill (1025, 'x');
  g_autofree char *sent = g_strdup_printf ("ID (\"name\" \"%s\")", longest);
  const struct {
    const char *name, *value, *line;
  } fields[] = {
    { "abcdefghijabcdefghijabcdefghij", "x", "ID (\"abcdefghijabcdefghijabcdefghij\" \"x\")" },
    { "name", longest, sent },
    { "name", longer, NULL },
    { "name", "a\r\nX LOGOUT", NULL },
    { "abcdefghijabcdefghijabcdefghijk", "x", NULL },
  };
  g_autoptr (ExtTest) test = ext_open (ph_imap_id_get_type (), "ID", "ID LITERAL+");

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (PhCommand) command = NULL;

      g_hash_table_insert (table, (gpointer) fields[i].name, (gpointer) fields[i].value);
      command = MAKE (test, table);
      if (fields[i].line != NULL)
        ext_ask (test, command, fields[i].line, "* ID NIL\r\n");
      else
        ext_refuse (test, command, PH_ERROR_INVALID_ARGUMENT);
    }
}

/* ph_session_use (session, "ID") */
static void
test_step (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_id_get_type (), "ID", "ID");
  g_autofree char *line = g_strdup_printf ("ID (\"name\" \"Posthorn\" \"version\" \"%s\")", PH_VERSION_STRING);
  g_autoptr (PhCommand) step = NULL;

  g_assert_null (ph_extension_make_step (test->extension, PH_STAGE_AUTHENTICATED));
  ph_extension_attach (test->extension, NULL, test->harness->engine, "ID", TRUE);
  g_assert_null (ph_extension_make_step (test->extension, PH_STAGE_CONNECTED));
  step = ph_extension_make_step (test->extension, PH_STAGE_AUTHENTICATED);
  ext_ask (test, step, line, "* ID NIL\r\n");
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("id/exchange", test_exchange);
  imap_test ("id/limits", test_limits);
  imap_test ("id/when-asked-for", test_step);
  return g_test_run ();
}
