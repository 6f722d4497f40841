/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ANNOTATE-EXPERIMENT-1, with the lines of RFC 5257. */
#include "imap-extension-test.h"

GType ph_imap_annotate_get_type (void);

#define IFACE(test) PH_ANNOTATIONS_GET_IFACE ((test)->extension)
#define MAKE(test, what, ...) IFACE (test)->make_##what (PH_ANNOTATIONS ((test)->extension), __VA_ARGS__)
#define CAPABILITY "ANNOTATE-EXPERIMENT-1"

static ExtTest *
annotate_open (const char *capabilities)
{
  ExtTest *test = ext_open (ph_imap_annotate_get_type (), CAPABILITY, capabilities);

  ext_select (test, "SELECT \"INBOX\"");
  return test;
}

/* "name=value", "name" of one without a value; up to NULL. (transfer full) */
static GPtrArray *
entries_of (const char *const *texts)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);

  for (; *texts != NULL; texts++)
    {
      g_auto (GStrv) pair = g_strsplit (*texts, "=", 2);
      g_autoptr (GBytes) value = pair[1] != NULL ? g_bytes_new (pair[1], strlen (pair[1])) : NULL;

      g_ptr_array_add (entries, ph_metadata_entry_new (pair[0], value));
    }
  return entries;
}

static void
assert_told (ExtTest *test, const char *const *patterns, const char *sent, const char *told, const char *expected)
{
  g_autofree char *items = IFACE (test)->get_items (PH_ANNOTATIONS (test->extension), patterns);
  g_autoptr (PhMessage) message = ext_fetch (test, items, sent, told);
  g_autoptr (GPtrArray) entries = ph_message_get_annotations (message);
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      g_autofree char *text = ph_metadata_entry_dup_text (entries->pdata[i]);

      g_string_append_printf (all, "%s=%s;", ph_metadata_entry_get_name (entries->pdata[i]), text);
    }
  g_assert_cmpstr (all->str, ==, expected);
}

/* RFC 5257 sections 4.3 and 4.4 */
static void
test_fetch (gconstpointer data)
{
  static const char *const comment[] = { "/comment", NULL }, *const all[] = { "/private/*", NULL }, *const top[] = { "/shared/%", NULL };
  static const char *const two[] = { "/private/comment", "/private/altsubject", NULL }, *const mixed[] = { "/private/comment", "/shared/a\"\\b", NULL };
  g_autoptr (ExtTest) test = annotate_open (CAPABILITY);

  assert_told (test, comment, "ANNOTATION ((\"/comment\") value)", "ANNOTATION (/comment (value.priv \"My comment\" value.shared \"Group note\"))",
               "/private/comment=My comment;/shared/comment=Group note;");
  assert_told (test, comment, "ANNOTATION ((\"/comment\") value)", "ANNOTATION (/comment (value.priv \"My comment\" value.shared NIL))",
               "/private/comment=My comment;");
  assert_told (test, all, "ANNOTATION ((\"/*\") value.priv)",
               "ANNOTATION (/comment (value.priv \"My comment\" size.priv \"10\") /altsubject (value.priv \"Rhinoceroses!\" size.priv \"13\") "
               "/vendor/foobar/label.priv (value.priv \"label43\" size.priv \"7\") "
               "/vendor/foobar/personality (value.priv \"Tallulah Bankhead\" size.priv \"17\"))",
               "/private/comment=My comment;/private/altsubject=Rhinoceroses!;/private/vendor/foobar/label.priv=label43;"
               "/private/vendor/foobar/personality=Tallulah Bankhead;");
  assert_told (test, top, "ANNOTATION ((\"/%\") value.shared)",
               "ANNOTATION (\"/comment\" (\"value.shared\" {13}\r\nPatch Mangler) /1/comment (value.shared ~{1}\r\nx))",
               "/shared/comment=Patch Mangler;/shared/1/comment=x;");
  assert_told (test, two, "ANNOTATION ((\"/comment\" \"/altsubject\") value.priv)", "ANNOTATION ()", "");
  assert_told (test, mixed, "ANNOTATION ((\"/comment\" \"/a\\\"\\\\b\") value)",
               "ANNOTATION (/comment (value.priv) /x NIL (a b) /y (NIL \"z\" (c) d))", "");
}

/* RFC 5257 section 4.5 */
static void
test_store (gconstpointer data)
{
  static const char *const changes[][4] = {
    { "/private/comment=My new comment" },
    { "/shared/comment" },
    { "/private/comment=Get tix Tuesday", "/private/altsubject=Wots On" },
    { "/shared/1.2/flags/seen=1", "/shared/vendor/x=a\r\nb" },
  };
  static const char *const sent[] = {
    "(\"/comment\" (value.priv \"My new comment\"))",
    "(\"/comment\" (value.shared NIL))",
    "(\"/comment\" (value.priv \"Get tix Tuesday\") \"/altsubject\" (value.priv \"Wots On\"))",
    "(\"/1.2/flags/seen\" (value.shared \"1\") \"/vendor/x\" (value.shared {4+}\r\na\r\nb))",
  };
  static const char *const wrong[][2] = { { NULL }, { "/comment=x" }, { "/private/=x" }, { "comment=x" } };
  g_autoptr (ExtTest) test = annotate_open (CAPABILITY " LITERAL+");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GPtrArray) entries = entries_of (changes[i]);
      g_autoptr (PhCommand) command = MAKE (test, store, set, entries);
      g_autofree char *line = g_strdup_printf ("UID STORE 5 ANNOTATION %s", sent[i]);

      ext_ask (test, command, line, "");
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GPtrArray) entries = entries_of (wrong[i]);
      g_autoptr (PhCommand) command = MAKE (test, store, set, entries);

      ext_refuse (test, command, PH_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_refusals (gconstpointer data)
{
  static const struct {
    const char *reply;
    PhError     code;
  } refusals[] = {
    { "NO [ANNOTATE TOOBIG] x", PH_ERROR_TOO_LARGE },
    { "NO [ANNOTATE TOOMANY] x", PH_ERROR_CANNOT },
    { "NO [ANNOTATE] x", PH_ERROR_REFUSED },
  };
  static const char *const one[] = { "/shared/comment=x", NULL };
  g_autoptr (ExtTest) test = annotate_open (CAPABILITY);
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (GPtrArray) entries = entries_of (one);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (PhCommand) command = MAKE (test, store, set, entries);

      ext_fail (test, command, "UID STORE 5 ANNOTATION (\"/comment\" (value.shared \"x\"))", refusals[i].reply, (int) refusals[i].code);
    }
}

/* RFC 5257 section 4.7 */
static void
test_append (gconstpointer data)
{
  static const char *const one[] = { "/private/comment=Don't send until I say so", NULL }, *const wrong[] = { "/comment=x", NULL };
  const char *const flags[] = { "\\Draft", NULL };
  g_autoptr (ExtTest) test = annotate_open (CAPABILITY " LITERAL+"), without = annotate_open ("LITERAL+");
  g_autoptr (GPtrArray) entries = entries_of (one), odd = entries_of (wrong);
  g_autoptr (GBytes) text = g_bytes_new_static ("a: b\r\n\r\n", 8);
  g_autoptr (PhBody) body = ph_body_new_for_bytes (text);
  g_autoptr (PhNewMessage) plain = ph_new_message_new (body, flags, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhNewMessage) noted = ph_annotations_annotate (PH_ANNOTATIONS (test->extension), plain, entries, &error);
  PhNewMessage *both[] = { noted, plain };
  g_autoptr (PhCommand) append = NULL, lacking = NULL;

  g_assert_no_error (error);
  append = imap_make (test->harness, append_all, "drafts", both, 1);
  ext_ask (test, append, "APPEND \"drafts\" (\\Draft) ANNOTATION (\"/comment\" (value.priv \"Don't send until I say so\")) {8+}\r\na: b\r\n\r\n", "");
  lacking = imap_make (without->harness, append_all, "drafts", both, 2);
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
  g_assert_null (ph_annotations_annotate (PH_ANNOTATIONS (test->extension), plain, odd, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

/* RFC 5257 sections 4.8 and 4.9 */
static void
test_search_and_sort (gconstpointer data)
{
  g_autoptr (ExtTest) test = annotate_open (CAPABILITY " SORT LITERAL+");
  g_autoptr (PhCommand) any = MAKE (test, search, "/comment", "IMAP4");
  g_autoptr (PhCommand) own = MAKE (test, search, "/private/*", "IMAP4");
  g_autoptr (PhSortOrder) order = ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_DATE, FALSE);
  static const char *const words[] = { "DATE", "ANNOTATION", "/altsubject", "value.shared", "REVERSE", "ANNOTATION", "/comment", "value.priv" };
  g_autoptr (PhValue) value = NULL;
  g_auto (GStrv) needs = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (ph_message_set_get_count (ext_ask (test, any, "UID SEARCH ANNOTATION \"/comment\" value \"IMAP4\"",
                                                       "* SEARCH 2 3 5 7 11 13 17 19 23\r\n")), ==, 9);
  ext_ask (test, own, "UID SEARCH ANNOTATION \"/*\" value.priv \"IMAP4\"", "* SEARCH 1 2 3 5 8 13 21 34\r\n");
  g_assert_true (ph_annotations_sort_by (PH_ANNOTATIONS (test->extension), order, "/shared/altsubject", FALSE, &error));
  g_assert_no_error (error);
  g_assert_true (ph_annotations_sort_by (PH_ANNOTATIONS (test->extension), order, "/private/comment", TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (ph_annotations_sort_by (PH_ANNOTATIONS (test->extension), order, "/comment", FALSE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (ph_sort_order_get_n_keys (order), ==, 3);
  value = ph_sort_order_to_value (order);
  g_assert_cmpuint (ph_value_get_length (value), ==, G_N_ELEMENTS (words));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_true (ph_value_is (ph_value_get_child (value, i), words[i]));
  needs = ph_sort_order_get_needs (order);
  g_assert_cmpuint (g_strv_length (needs), ==, 1);
  g_assert_cmpstr (needs[0], ==, CAPABILITY);
}

static void
assert_support (const char *code, PhAnnotationsSupport expected, guint32 expected_size)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_annotate_get_type (), CAPABILITY, CAPABILITY);
  g_autoptr (PhCommand) select = imap_make (test->harness, select, "INBOX", FALSE), again = imap_make (test->harness, select, "x", FALSE);
  g_autofree char *answers = g_strdup_printf ("* 3 EXISTS\r\n* OK [%s]\r\n", code);
  guint32 size;

  ext_ask (test, select, "SELECT \"INBOX\"", answers);
  g_assert_cmpuint (ph_annotations_get_support (PH_ANNOTATIONS (test->extension), &size), ==, expected);
  g_assert_cmpuint (size, ==, expected_size);
  ext_ask (test, again, "SELECT \"x\"", "* 0 EXISTS\r\n");
  g_assert_cmpuint (ph_annotations_get_support (PH_ANNOTATIONS (test->extension), NULL), ==, PH_ANNOTATIONS_NONE);
}

/* RFC 5257 sections 4.1 and 4.2 */
static void
test_support (gconstpointer data)
{
  assert_support ("ANNOTATIONS 20480 NOPRIVATE", PH_ANNOTATIONS_READABLE | PH_ANNOTATIONS_WRITABLE, 20480);
  assert_support ("ANNOTATIONS 20480", PH_ANNOTATIONS_READABLE | PH_ANNOTATIONS_WRITABLE | PH_ANNOTATIONS_PRIVATE, 20480);
  assert_support ("ANNOTATIONS READ-ONLY", PH_ANNOTATIONS_READABLE | PH_ANNOTATIONS_PRIVATE, 0);
  assert_support ("ANNOTATIONS READ-ONLY NOPRIVATE", PH_ANNOTATIONS_READABLE, 0);
  assert_support ("ANNOTATIONS NONE", PH_ANNOTATIONS_NONE, 0);
  assert_support ("ANNOTATIONS 0", PH_ANNOTATIONS_NONE, 0);
  assert_support ("ANNOTATIONS (1)", PH_ANNOTATIONS_NONE, 0);
}

static void
on_changed (PhAnnotations *annotations, guint number, char **entries, gpointer data)
{
  g_autofree char *joined = g_strjoinv ("|", entries);

  g_string_append_printf (data, "%u:%s;", number, joined);
}

/* RFC 5257 section 4.4: names alone, unasked and while flags are stored. With values it is what was asked for. */
static void
test_changed (gconstpointer data)
{
  g_autoptr (ExtTest) test = annotate_open (CAPABILITY);
  g_autoptr (GString) told = g_string_new (NULL);

  g_signal_connect (test->extension, "changed", G_CALLBACK (on_changed), told);
  ph_harness_push (test->harness, "* 1 FETCH (FLAGS (\\Seen) ANNOTATION (/comment))\r\n* 2 FETCH (ANNOTATION (/comment (value.priv \"x\")))\r\n"
                                  "* 3 FETCH (ANNOTATION (/comment /altsubject))\r\n* 4 FETCH (ANNOTATION)\r\n* 5 FETCH (ANNOTATION ())\r\n");
  for (guint i = 0; i < 2; i++)
    {
      PhEvent *event = ph_harness_expect_event (test->harness, PH_EVENT_EXTENSION);

      ph_extension_deliver (event->extension, event->type, event->boxed);
    }
  ph_harness_expect_no_event (test->harness, PH_EVENT_EXTENSION);
  g_assert_cmpstr (told->str, ==, "1:/comment;3:/comment|/altsubject;");
}

static void
test_lacking (gconstpointer data)
{
  static const char *const one[] = { "/shared/comment=x", NULL };
  g_autoptr (ExtTest) test = annotate_open ("SORT");
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autoptr (GPtrArray) entries = entries_of (one);
  g_autoptr (PhCommand) store = MAKE (test, store, set, entries);
  g_autoptr (PhCommand) search = MAKE (test, search, "/comment", "x");

  ext_refuse (test, store, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, search, PH_ERROR_NOT_SUPPORTED);
}

/* Section 4.2, where the program asked for it, and the server has it */
static void
test_select (gconstpointer data)
{
  static const struct { const char *capabilities; gboolean requested; const char *select, *examine; } cases[] = {
    { CAPABILITY, FALSE, "SELECT \"INBOX\"", "EXAMINE \"INBOX\"" },
    { CAPABILITY, TRUE, "SELECT \"INBOX\" (ANNOTATE)", "EXAMINE \"INBOX\" (ANNOTATE)" },
    { CAPABILITY " CONDSTORE", TRUE, "SELECT \"INBOX\" (CONDSTORE ANNOTATE)", "EXAMINE \"INBOX\" (CONDSTORE ANNOTATE)" },
    { "", TRUE, "SELECT \"INBOX\"", "EXAMINE \"INBOX\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ExtTest) test = ext_open (ph_imap_annotate_get_type (), CAPABILITY, cases[i].capabilities);
      g_autoptr (PhCommand) examine = imap_make (test->harness, select, "INBOX", TRUE);
      guint32 max_size = 0;

      ph_extension_attach (test->extension, NULL, test->harness->engine, CAPABILITY, cases[i].requested);
      ext_select (test, cases[i].select);
      ext_ask (test, examine, cases[i].examine, "* 3 EXISTS\r\n* OK [ANNOTATIONS 20480 NOPRIVATE] ok\r\n");
      IFACE (test)->get_support (PH_ANNOTATIONS (test->extension), &max_size);
      g_assert_cmpuint (max_size, ==, 20480);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("annotate/fetch", test_fetch);
  imap_test ("annotate/store", test_store);
  imap_test ("annotate/refusals", test_refusals);
  imap_test ("annotate/append", test_append);
  imap_test ("annotate/search-and-sort", test_search_and_sort);
  imap_test ("annotate/what-a-mailbox-does-with-them", test_support);
  imap_test ("annotate/selected-with-them", test_select);
  imap_test ("annotate/changed-by-others", test_changed);
  imap_test ("annotate/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
