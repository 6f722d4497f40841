/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of extensions as tables, and what else an extension can add to what the engine says. */
#include "imap-extension-test.h"

/* --- an extension that has a bit of everything --- */

typedef struct { PhExtension parent; } VerbExtension;
typedef PhExtensionClass VerbExtensionClass;

GType verb_extension_get_type (void);
G_DEFINE_TYPE (VerbExtension, verb_extension, PH_TYPE_EXTENSION)

static gpointer
begin_words (PhCommand *command)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static gboolean
receive_words (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue *first = ph_value_first (ph_response_get_values (response));

  if (!ph_command_is_about (command, 0, first))
    return FALSE;
  for (const PhValue *word = ph_value_next (first); word != NULL; word = ph_value_next (word))
    g_ptr_array_add (*result, ph_value_dup_text (word));
  return TRUE;
}

static gboolean
receive_text (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_free (*result);
  *result = ph_value_dup_text (ph_value_first (ph_response_get_values (response)));
  return TRUE;
}

static gboolean
finish_never (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  g_set_error_literal (error, PH_ERROR, PH_ERROR_CANNOT, "never");
  return FALSE;
}

static const PhVerb verbs[] = {
  { .name = "XWORDS", .arguments = "mv?a?", .needs = "XWORDS=OLD XWORDS", .get_type = g_ptr_array_get_type, .begin = begin_words,
    .receive = receive_words },
  { .name = "XTEXT", .get_type = ph_verb_get_string_type, .receive = receive_text },
  { .name = "X TWO", .arguments = "s*", .finish = finish_never, .get_type = g_ptr_array_get_type, .begin = begin_words },
  { .name = "XHERE", .flags = PH_COMMAND_SELECTED },
  { .name = NULL },
};

static PhValue *
verb_extension_get_select_parameters (PhExtension *self)
{
  PhValue *items[] = { ph_value_new_atom ("XPARAM"), ph_value_new_number (5) };
  PhValue *list = ph_value_new_list (items, G_N_ELEMENTS (items));

  ph_value_free (items[0]);
  ph_value_free (items[1]);
  return list;
}

static void
verb_extension_class_init (VerbExtensionClass *klass)
{
  klass->verbs = verbs;
  klass->get_select_parameters = verb_extension_get_select_parameters;
}

static void
verb_extension_init (VerbExtension *self)
{
}

static ExtTest *
verb_open (const char *capabilities)
{
  return ext_open (verb_extension_get_type (), "XWORDS", capabilities);
}

/* --- what holds --- */

static void
test_arguments (gconstpointer data)
{
  g_autoptr (ExtTest) test = verb_open ("XWORDS");
  g_autoptr (PhCommand) plain = ext_make (test, "xwords", "Entw\303\274rfe");
  g_autoptr (PhCommand) all = ext_make (test, "XWORDS", "inbox (DEPTH 1) WORD");
  g_autoptr (PhCommand) hole = ext_make (test, "XWORDS", "\"a b\" NIL WORD");
  g_autoptr (PhCommand) made = ph_extension_make (test->extension, &verbs[0], "x", NULL, "w");
  g_autoptr (PhCommand) more = ext_make (test, "X TWO", "a (b) 3 \"c\"");
  GPtrArray *words;

  words = ext_ask (test, plain, "XWORDS \"Entw&APw-rfe\"", "* XWORDS Entw&APw-rfe one {3}\r\ntwo \"three\"\r\n* XWORDS other no\r\n");
  g_assert_cmpuint (words->len, ==, 3);
  g_assert_cmpstr (words->pdata[1], ==, "two");
  words = ext_ask (test, all, "XWORDS \"INBOX\" (DEPTH 1) WORD", "* XWORDS InBox one\r\n");
  g_assert_cmpuint (words->len, ==, 1);
  words = ext_ask (test, hole, "XWORDS \"a b\" WORD", "");
  g_assert_cmpuint (words->len, ==, 0);
  ext_ask (test, made, "XWORDS \"x\" w", "");
  /* its finish () has the last word */
  ext_say (test, more, "X TWO \"a\" (b) 3 \"c\"", "", "OK done");
  ph_harness_expect_error (test->harness, more, PH_ERROR_CANNOT);
}

static void
test_wrong_arguments (gconstpointer data)
{
  static const char *const wrong[] = { NULL, "NIL", "(a)", "a v NIL a", "a (b) (c)", "a (b) c d" };
  g_autoptr (ExtTest) test = verb_open ("XWORDS");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (PhCommand) command = ext_make (test, "XWORDS", wrong[i]);

      ext_refuse (test, command, PH_ERROR_INVALID_ARGUMENT);
    }
  g_assert_null (ext_make (test, "XNOTHING", NULL));
}

static void
test_needs (gconstpointer data)
{
  static const struct {
    const char *capabilities;
    gboolean    enough;
  } cases[] = { { "", FALSE }, { "XWORDS=NEW", FALSE }, { "xwords", TRUE }, { "XWORDS=OLD", TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ExtTest) test = verb_open (cases[i].capabilities);
      g_autoptr (PhCommand) command = ext_make (test, "XWORDS", "a");

      g_assert_cmpstr (ph_command_get_needs (command), ==, "XWORDS=OLD XWORDS");
      if (cases[i].enough)
        ext_ask (test, command, "XWORDS \"a\"", "");
      else
        ext_refuse (test, command, PH_ERROR_NOT_SUPPORTED);
      g_assert_true (ph_extension_has_capability (test->extension, "imap4REV1"));
      g_assert_false (ph_extension_has_capability (test->extension, "XWORD"));
    }
}

/* About the selected mailbox, and there is none: when it is the command's turn, not when it is submitted */
static void
test_selected (gconstpointer data)
{
  g_autoptr (ExtTest) test = verb_open ("");
  g_autoptr (PhCommand) early = ext_make (test, "XHERE", NULL);
  g_autoptr (PhCommand) select = imap_make (test->harness, select, "INBOX", FALSE);
  g_autoptr (PhCommand) behind = ext_make (test, "XHERE", NULL);
  g_autoptr (PhCommand) close = imap_make (test->harness, close, TRUE);
  g_autoptr (PhCommand) late = ext_make (test, "XHERE", NULL);

  ext_refuse (test, early, PH_ERROR_WRONG_STATE);
  ph_harness_submit (test->harness, select);
  ph_harness_submit (test->harness, behind);
  ph_harness_expect (test->harness, "A1 SELECT \"INBOX\" (XPARAM 5)\r\n");
  ph_harness_push (test->harness, "* 1 EXISTS\r\nA1 OK done\r\n");
  ph_harness_expect_done (test->harness, select);
  ph_harness_expect (test->harness, "A2 XHERE\r\n");
  ph_harness_push (test->harness, "A2 OK done\r\n");
  ph_harness_expect_done (test->harness, behind);
  test->n_lines = 2;
  ext_ask (test, close, "CLOSE", "");
  ext_refuse (test, late, PH_ERROR_WRONG_STATE);
}

static void
test_results (gconstpointer data)
{
  g_autoptr (ExtTest) test = verb_open ("");
  g_autoptr (PhCommand) told = ext_make (test, "XTEXT", NULL);
  g_autoptr (PhCommand) untold = ext_make (test, "XTEXT", NULL);
  g_autoptr (PhCommand) refused = ext_make (test, "XTEXT", NULL);
  g_autoptr (PhCommand) unsent = ext_make (test, "XTEXT", "a");

  ext_ask (test, told, "XTEXT", "* XTEXT first\r\n* XTEXT \"the last\"\r\n");
  g_assert_cmpstr (g_value_get_string (ph_command_get_result (told)), ==, "the last");
  ext_say (test, untold, "XTEXT", "", "OK done");
  ph_harness_expect_error (test->harness, untold, PH_ERROR_PROTOCOL);
  /* what came of it until then is dropped */
  ext_say (test, refused, "XTEXT", "* XTEXT some\r\n", "NO [NOPERM] x");
  ph_harness_expect_error (test->harness, refused, PH_ERROR_NO_PERMISSION);
  g_assert_null (ph_command_get_result (refused));
  ext_refuse (test, unsent, PH_ERROR_INVALID_ARGUMENT);
}

/* RFC 4466 section 2.1 */
static void
test_select_parameters (gconstpointer data)
{
  g_autoptr (ExtTest) plain = verb_open ("");
  g_autoptr (ExtTest) counting = verb_open ("CONDSTORE");

  ext_select (plain, "SELECT \"INBOX\" (XPARAM 5)");
  ext_select (counting, "SELECT \"INBOX\" (CONDSTORE XPARAM 5)");
}

/* RFC 8440's shape: responses behind each LIST response */
static void
test_list_options (gconstpointer data)
{
  static const char *const patterns[] = { "%", NULL };
  g_autoptr (ExtTest) test = verb_open ("LIST-EXTENDED");
  g_autoptr (ExtTest) old = verb_open ("");
  PhValue *option = ph_value_new_atom ("XOPTION");
  g_autoptr (PhValue) options = ph_value_new_list (&option, 1);
  g_autoptr (PhCommand) command = imap_make (test->harness, list_with, patterns, PH_LIST_SUBSCRIBED, options, "XOPTION");
  g_autoptr (PhCommand) lacking = imap_make (old->harness, list_with, patterns, PH_LIST_ALL, options, "XOPTION");
  g_autoptr (PhCommand) refused = imap_make (test->harness, list_with, patterns, PH_LIST_ALL, options, "XOPTION");
  GPtrArray *rows;
  const PhValue *answer;

  ph_value_free (option);
  rows = ext_ask (test, command, "LIST (SUBSCRIBED) \"\" \"%\" RETURN (CHILDREN SUBSCRIBED XOPTION)",
                  "* LIST () \"/\" INBOX\r\n* XOPTION INBOX (a b)\r\n* XOPTION INBOX c\r\n* LIST () \"/\" foo\r\n* XOPTION bar d\r\n");
  g_assert_cmpuint (rows->len, ==, 2);
  answer = ph_mailbox_info_get_answer (rows->pdata[0], "XOPTION");
  g_assert_cmpuint (ph_value_get_length (answer), ==, 2);
  g_assert_cmpuint (ph_value_get_length (ph_value_first (answer)), ==, 2);
  g_assert_null (ph_mailbox_info_get_answer (rows->pdata[0], "OTHER"));
  g_assert_null (ph_mailbox_info_get_answer (rows->pdata[1], "XOPTION"));
  /* of a mailbox that wasn't listed: the program's to see */
  ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
  ext_refuse (old, lacking, PH_ERROR_NOT_SUPPORTED);
  ext_fail (test, refused, "LIST \"\" \"%\" RETURN (CHILDREN XOPTION)", "NO x", PH_ERROR_REFUSED);
}

static void
test_store_items (gconstpointer data)
{
  g_autoptr (ExtTest) test = verb_open ("");
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  g_autoptr (PhMessageSet) numbers = ph_message_set_new (FALSE);
  PhValue *label = ph_value_new_string ("a b");
  g_autoptr (PhValue) labels = ph_value_new_list (&label, 1);
  g_autoptr (PhCommand) early = NULL, by_uid = NULL, by_number = NULL;

  ph_value_free (label);
  ph_message_set_add (set, 5);
  ph_message_set_add (numbers, 1);
  early = imap_make (test->harness, store_item, set, "+XLABELS", labels);
  by_uid = imap_make (test->harness, store_item, set, "+XLABELS", labels);
  by_number = imap_make (test->harness, store_item, numbers, "-XLABELS", labels);
  ext_refuse (test, early, PH_ERROR_WRONG_STATE);
  ext_select (test, "SELECT \"INBOX\" (XPARAM 5)");
  ext_ask (test, by_uid, "UID STORE 5 +XLABELS (\"a b\")", "* 1 FETCH (XLABELS (\"a b\") UID 5)\r\n");
  ext_ask (test, by_number, "STORE 1 -XLABELS (\"a b\")", "");
}

/* STATUS items that are no numbers (RFC 8474) */
static void
test_status_values (gconstpointer data)
{
  static const char *const items[] = { "MESSAGES", "MAILBOXID", NULL };
  g_autoptr (ExtTest) test = verb_open ("");
  g_autoptr (PhCommand) command = imap_make (test->harness, status, "foo", items);
  PhMailboxStatus *status = ext_ask (test, command, "STATUS \"foo\" (MESSAGES MAILBOXID)",
                                     "* STATUS foo (MESSAGES 3 MAILBOXID (F2212ea87-6097-4256-9d51-71338625))\r\n");

  g_assert_true (ph_value_is (ph_value_first (ph_mailbox_status_get_value (status, "mailboxid")), "F2212ea87-6097-4256-9d51-71338625"));
  g_assert_null (ph_mailbox_status_get_value (status, "UNSEEN"));
  g_assert_cmpuint (ph_mailbox_status_get_n_messages (status), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("verb/arguments", test_arguments);
  imap_test ("verb/wrong-arguments-are-not-sent", test_wrong_arguments);
  imap_test ("verb/needs-one-capability-of-several", test_needs);
  imap_test ("verb/about-the-selected-mailbox", test_selected);
  imap_test ("verb/results", test_results);
  imap_test ("verb/select-parameters", test_select_parameters);
  imap_test ("verb/list-options", test_list_options);
  imap_test ("verb/store-items", test_store_items);
  imap_test ("verb/status-values", test_status_values);
  return g_test_run ();
}
