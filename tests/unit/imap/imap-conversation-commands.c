/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program asks for in a conversation. */
#include "imap-conversation.h"

#include <stdio.h>

/* Kept for the steps that look at its result */
static PhCommand *
submit (PhHarness *harness, PhCommand *command)
{
  g_object_set_data_full (G_OBJECT (harness->engine), "last", g_object_ref (command), g_object_unref);
  ph_harness_submit (harness, command);
  return command;
}

/* "#1:3": message numbers. "$": what the last search kept */
static PhMessageSet *
read_set (const char *text)
{
  g_autoptr (GError) error = NULL;
  PhMessageSet *set = *text == '$' ? ph_message_set_new_saved ()
                      : *text == '#' ? ph_message_set_new_numbers (text + 1, &error)
                                     : ph_message_set_new_from_string (text, &error);

  g_assert_no_error (error);
  return set;
}

/* "page=-1:-3" among @words, which may stand behind the first */
static void
read_page (char **words, int *first, int *last)
{
  *first = *last = 0;
  for (char **word = words; *word != NULL; word++)
    if (g_str_has_prefix (*word, "page="))
      g_assert_cmpint (sscanf (*word, "page=%d:%d", first, last), ==, 2);
}

static PhQuery *
read_query (const char *text)
{
  PhQuery *query = ph_query_new ();

  if (g_str_has_prefix (text, "SUBJECT "))
    ph_query_subject (query, text + 8);
  else if (g_str_has_prefix (text, "TEXT "))
    ph_query_text (query, text + 5);
  else
    ph_query_raw (query, text);
  return query;
}

static PhCommand *
step_select (PhHarness *harness, const char *name, gpointer data)
{
  return submit (harness, imap_make (harness, select, name, FALSE));
}

static PhCommand *
step_fetch (PhHarness *harness, const char *text, gpointer data)
{
  static const struct { const char *name; PhFetch item; } items[] = {
    { "flags", PH_FETCH_FLAGS }, { "date", PH_FETCH_INTERNAL_DATE }, { "size", PH_FETCH_SIZE }, { "envelope", PH_FETCH_ENVELOPE },
    { "structure", PH_FETCH_BODY_STRUCTURE }, { "header", PH_FETCH_HEADER }, { "body", PH_FETCH_BODY },
  };
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (PhMessageSet) set = read_set (words[0]);
  PhFetch wanted = 0;
  guint64 since = 0;
  int first, last;

  read_page (words, &first, &last);
  for (char **word = words; *word != NULL; word++)
    if (g_str_has_prefix (*word, "since="))
      since = g_ascii_strtoull (*word + 6, NULL, 10);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (g_strv_contains ((const char *const *) words, items[i].name))
      wanted |= items[i].item;
  if (first != 0 || since != 0)
    return submit (harness, imap_make (harness, fetch_some, set, wanted, NULL, since, first, last));
  return submit (harness, imap_make (harness, fetch, set, wanted, NULL, NULL));
}

static PhCommand *
step_list (PhHarness *harness, const char *pattern, gpointer data)
{
  return submit (harness, imap_make (harness, list, "", pattern, FALSE, NULL));
}

/* "SELECTED … PATTERN [status=ITEM,ITEM]": SELECTED of LIST-EXTENDED */
static PhCommand *
step_list_selected (PhHarness *harness, const char *text, gpointer data)
{
  static const struct { const char *name; PhListSelect select; } selections[] = {
    { "subscribed", PH_LIST_SUBSCRIBED }, { "remote", PH_LIST_REMOTE }, { "recursive", PH_LIST_RECURSIVE_MATCH }, { "special", PH_LIST_SPECIAL_USE },
  };
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_auto (GStrv) items = NULL;
  g_autoptr (GPtrArray) patterns = g_ptr_array_new ();
  PhListSelect select = PH_LIST_ALL;

  for (char **word = words; *word != NULL; word++)
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (selections) && !g_str_equal (*word, selections[i].name))
        i++;
      if (i < G_N_ELEMENTS (selections))
        select |= selections[i].select;
      else if (g_str_has_prefix (*word, "status="))
        items = g_strsplit (*word + 7, ",", -1);
      else
        g_ptr_array_add (patterns, *word);
    }
  g_ptr_array_add (patterns, NULL);
  return submit (harness, imap_make (harness, list_selected, (const char *const *) patterns->pdata, select, (const char *const *) items));
}

/* "MAILBOX ITEM …" */
static PhCommand *
step_status (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  return submit (harness, imap_make (harness, status, words[0], (const char *const *) words + 1));
}

static PhCommand *
step_search (PhHarness *harness, const char *text, gpointer data)
{
  g_autoptr (PhQuery) query = read_query (text);

  return submit (harness, imap_make (harness, search, query, TRUE));
}

/* "RETURN … [page=1:50] ; QUERY" */
static PhCommand *
step_search_for (PhHarness *harness, const char *text, gpointer data)
{
  static const struct { const char *name; PhSearchReturn value; } returns[] = {
    { "all", PH_SEARCH_ALL }, { "min", PH_SEARCH_MIN }, { "max", PH_SEARCH_MAX }, { "count", PH_SEARCH_COUNT }, { "save", PH_SEARCH_SAVE },
  };
  g_auto (GStrv) halves = g_strsplit (text, " ; ", 2);
  g_auto (GStrv) words = g_strsplit (halves[0], " ", -1);
  g_autoptr (PhQuery) query = read_query (halves[1]);
  PhSearchReturn wanted = 0;
  int first, last;

  read_page (words, &first, &last);
  for (guint i = 0; i < G_N_ELEMENTS (returns); i++)
    if (g_strv_contains ((const char *const *) words, returns[i].name))
      wanted |= returns[i].value;
  return submit (harness, imap_make (harness, search_for, query, wanted, first, last));
}

/* "SET +FLAG …", "SET -FLAG …", "SET FLAG …" */
static PhCommand *
step_store (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (PhMessageSet) set = read_set (words[0]);
  PhStoreMode mode = *words[1] == '+' ? PH_STORE_ADD : *words[1] == '-' ? PH_STORE_REMOVE : PH_STORE_SET;

  if (mode != PH_STORE_SET)
    memmove (words[1], words[1] + 1, strlen (words[1]));
  return submit (harness, imap_make (harness, store, set, mode, (const char *const *) words + 1));
}

/* of a set, or "" */
static PhCommand *
step_expunge (PhHarness *harness, const char *text, gpointer data)
{
  g_autoptr (PhMessageSet) set = *text != '\0' ? read_set (text) : NULL;

  return submit (harness, imap_make (harness, expunge, set));
}

/* "UID MAILBOX FLAG …": a message of one line */
static PhCommand *
step_replace (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: happy new year !!\r\n");
  g_autoptr (PhNewMessage) message = ph_new_message_new (body, (const char *const *) words + 2, NULL);

  return submit (harness, imap_make (harness, replace, g_ascii_strtoull (words[0], NULL, 10), words[1], message));
}

static PhCommand *
step_batches (PhHarness *harness, const char *size, gpointer data)
{
  return submit (harness, imap_make (harness, uid_batches, g_ascii_strtoull (size, NULL, 10)));
}

static PhCommand *
step_create (PhHarness *harness, const char *mailbox, gpointer data)
{
  return submit (harness, imap_make (harness, create, mailbox));
}

static PhCommand *
step_rename (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);

  return submit (harness, imap_make (harness, rename, words[0], words[1]));
}

static PhCommand *
step_delete (PhHarness *harness, const char *mailbox, gpointer data)
{
  return submit (harness, imap_make (harness, delete, mailbox));
}

static PhCommand *
step_examine (PhHarness *harness, const char *mailbox, gpointer data)
{
  return submit (harness, imap_make (harness, select, mailbox, TRUE));
}

static PhCommand *
step_copy (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_autoptr (PhMessageSet) set = read_set (words[0]);

  return submit (harness, imap_make (harness, copy, set, words[1]));
}

static PhCommand *
step_move (PhHarness *harness, const char *text, gpointer data)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  g_autoptr (PhMessageSet) set = read_set (words[0]);

  return submit (harness, imap_make (harness, move, set, words[1]));
}

static PhCommand *
step_append (PhHarness *harness, const char *mailbox, gpointer data)
{
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\r\n\r\nx\r\n");

  return submit (harness, imap_make (harness, append, mailbox, body, NULL, NULL));
}

/* What changed since mod-sequence 11, when UIDs 1 to 5 were there */
static PhCommand *
step_changes (PhHarness *harness, gpointer data)
{
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (7, 11);
  g_autoptr (PhMessageSet) uids = read_set ("1:5");

  ph_mailbox_state_add_uids (known, uids);
  return submit (harness, imap_make (harness, changes, known));
}

static PhCommand *
step_noop (PhHarness *harness, gpointer data)
{
  return submit (harness, ph_engine_make_noop (harness->engine));
}

static PhCommand *
step_idle (PhHarness *harness, gpointer data)
{
  ph_engine_set_idle (harness->engine, TRUE, harness->now);
  ph_harness_pump (harness);
  return NULL;
}

const PhReplayStep imap_conversation_commands[] = {
  { "select", NULL, step_select },
  { "examine", NULL, step_examine },
  { "fetch", NULL, step_fetch },
  { "list", NULL, step_list },
  { "list-selected", NULL, step_list_selected },
  { "status", NULL, step_status },
  { "search", NULL, step_search },
  { "search-for", NULL, step_search_for },
  { "store", NULL, step_store },
  { "expunge", NULL, step_expunge },
  { "copy", NULL, step_copy },
  { "move", NULL, step_move },
  { "append", NULL, step_append },
  { "replace", NULL, step_replace },
  { "batches", NULL, step_batches },
  { "create", NULL, step_create },
  { "rename", NULL, step_rename },
  { "delete", NULL, step_delete },
  { "changes", step_changes, NULL },
  { "noop", step_noop, NULL },
  { "idle", step_idle, NULL },
  { NULL, NULL, NULL },
};
