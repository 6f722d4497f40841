/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SEARCH=FUZZY's scores, with the lines of RFC 6203. */
#include "imap-extension-test.h"

GType ph_imap_fuzzy_get_type (void);

static PhCommand *
make (ExtTest *test, PhQuery *query)
{
  return PH_FUZZY_GET_IFACE (PH_FUZZY (test->extension))->make_search (PH_FUZZY (test->extension), query);
}

static char *
show (PhScoredResult *result)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ph_scored_result_get_n_messages (result); i++)
    g_string_append_printf (text, "%u=%u ", ph_scored_result_get_uid (result, i), ph_scored_result_get_score (result, i));
  g_assert_cmpuint (ph_scored_result_get_uid (result, ph_scored_result_get_n_messages (result)), ==, 0);
  return g_string_free (text, FALSE);
}

/* Section 4's example, and what else may come in its place */
static void
test_scores (gconstpointer data)
{
  static const struct { const char *answer, *shown; } cases[] = {
    { "* ESEARCH (TAG \"A%u\") UID ALL 1,5,10 RELEVANCY (4 99 42)\r\n", "1=4 5=99 10=42 " },
    { "* ESEARCH (TAG \"A%u\") UID RELEVANCY (4 99 42) ALL 1,9:10\r\n", "1=4 9=99 10=42 " },
    { "* ESEARCH (TAG \"A%u\") UID\r\n", "" },
    { "* ESEARCH (TAG \"A%u\") UID ALL 7:8\r\n", "7=0 8=0 " },
    { "* ESEARCH (TAG \"A%u\") UID ALL 7:8 RELEVANCY (101)\r\n", "7=0 8=0 " },
    { "* ESEARCH (TAG \"A%u\") UID ALL 7 RELEVANCY (1 2 3 x)\r\n* ESEARCH (TAG other) UID ADDTO (0 9)\r\n", "7=1 " },
  };
  g_autoptr (ExtTest) test = ext_open (ph_imap_fuzzy_get_type (), "SEARCH=FUZZY", "ESEARCH SEARCH=FUZZY");
  g_autoptr (PhQuery) query = ph_query_text (ph_query_new (), "Helo");

  ext_select (test, "SELECT \"INBOX\"");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhCommand) command = make (test, query);
      g_auto (GStrv) parts = g_strsplit (cases[i].answer, "%u", 2);
      g_autofree char *answer = g_strdup_printf ("%s%u%s", parts[0], test->n_lines + 1, parts[1]);
      g_autofree char *shown = show (ext_ask (test, command, "UID SEARCH RETURN (RELEVANCY ALL) FUZZY (TEXT \"Helo\")", answer));

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_unsent (gconstpointer data)
{
  static const char *const less[] = { "", "SEARCH=FUZZY", "ESEARCH" };

  for (guint i = 0; i < G_N_ELEMENTS (less); i++)
    {
      g_autoptr (ExtTest) test = ext_open (ph_imap_fuzzy_get_type (), "SEARCH=FUZZY", less[i]);
      g_autoptr (PhQuery) query = ph_query_text (ph_query_new (), "Helo");
      g_autoptr (PhCommand) command = make (test, query);

      ext_select (test, "SELECT \"INBOX\"");
      ext_refuse (test, command, PH_ERROR_NOT_SUPPORTED);
    }
}

static void
test_unanswered (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_fuzzy_get_type (), "SEARCH=FUZZY", "ESEARCH SEARCH=FUZZY");
  g_autoptr (PhQuery) query = ph_query_text (ph_query_new (), "Helo");
  g_autoptr (PhCommand) command = make (test, query);
  g_autoptr (PhCommand) early = make (test, query);
  g_autoptr (PhCommand) huge = make (test, query);

  ext_refuse (test, early, PH_ERROR_WRONG_STATE);
  ext_select (test, "SELECT \"INBOX\"");
  /* Cyrus IMAP 3.6.1, where nothing is found: no ESEARCH comes */
  g_assert_cmpuint (ph_scored_result_get_n_messages (ext_ask (test, command, "UID SEARCH RETURN (RELEVANCY ALL) FUZZY (TEXT \"Helo\")", "")), ==, 0);
  ext_say (test, huge, "UID SEARCH RETURN (RELEVANCY ALL) FUZZY (TEXT \"Helo\")", "* ESEARCH (TAG \"A3\") UID ALL 1:4000000000\r\n", "OK done");
  ph_harness_expect_error (test->harness, huge, PH_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("fuzzy/scores", test_scores);
  imap_test ("fuzzy/unsent", test_unsent);
  imap_test ("fuzzy/unanswered", test_unanswered);
  return g_test_run ();
}
