/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn search: which messages match, as a set that other commands take. */
#include "tool.h"

static gboolean raw;
static gboolean numbers;
static gboolean only_count;
static char *page;

static const GOptionEntry entries[] = {
  { "raw", 0, 0, G_OPTION_ARG_NONE, &raw, "Send KEYS as they are; for keys of extensions", NULL },
  { "numbers", 0, 0, G_OPTION_ARG_NONE, &numbers, "Print sequence numbers in place of UIDs", NULL },
  { "count", 0, 0, G_OPTION_ARG_NONE, &only_count, "Print how many there are in place of which", NULL },
  { "page", 0, 0, G_OPTION_ARG_STRING, &page, "Print a part of them: 1:50 the lowest UIDs, -1:-50 the newest", "FIRST:LAST" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static PhQuery *
make_query (char **words, GError **error)
{
  g_autofree char *joined = NULL;
  PhQuery *query;

  if (!raw)
    return tool_parse_keys (words, error);
  joined = g_strjoinv (" ", words);
  query = ph_query_new ();
  return ph_query_raw (query, joined);
}

/* @count: how many were found in all, also where @set (nullable) is a part of them */
static void
print_found (PhMessageSet *set, guint64 count)
{
  g_autofree char *text = set != NULL ? ph_message_set_to_string (set) : NULL;

  if (tool_options.json)
    {
      tool_json_open_object ();
      if (set != NULL)
        tool_json_member (numbers ? "numbers" : "uids", text);
      tool_json_member_number ("count", count);
      tool_json_close_object ();
      tool_json_end ();
    }
  else if (set == NULL)
    g_print ("%" G_GUINT64_FORMAT "\n", count);
  else if (!ph_message_set_is_empty (set))
    g_print ("%s\n", text);
}

/* "-1:-50" */
static gboolean
parse_page (int *first, int *last, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (page, ":", 2);
  gint64 numbers_of[2] = { 0, 0 };

  for (guint i = 0; i < 2 && g_strv_length (parts) == 2; i++)
    if (!g_ascii_string_to_signed (parts[i], 10, -G_MAXINT, G_MAXINT, &numbers_of[i], NULL))
      numbers_of[i] = 0;
  *first = (int) numbers_of[0];
  *last = (int) numbers_of[1];
  if ((*first > 0 && *last > 0) || (*first < 0 && *last < 0))
    return TRUE;
  return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "--page takes a range such as 1:50 or -1:-50");
}

static gboolean
find (PhStore *store, PhQuery *query, GError **error)
{
  g_autoptr (PhSearchResult) result = NULL;
  g_autoptr (PhMessageSet) found = NULL;
  int first = 0, last = 0;

  if (page != NULL && numbers)
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "--page is of UIDs, and excludes --numbers");
  if (page != NULL && !parse_page (&first, &last, error))
    return FALSE;
  if (!only_count && page == NULL)
    {
      found = numbers ? ph_store_search_numbers (store, query, tool_cancellable (), error)
                      : ph_store_search (store, query, tool_cancellable (), error);
      if (found != NULL)
        print_found (found, ph_message_set_get_count (found));
      return found != NULL;
    }

  result = only_count ? ph_store_search_for (store, query, PH_SEARCH_COUNT, tool_cancellable (), error)
                      : ph_store_search_page (store, query, first, last, tool_cancellable (), error);
  if (result != NULL)
    print_found (only_count ? NULL : ph_search_result_get_set (result), ph_search_result_get_count (result));
  return result != NULL;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  g_autoptr (PhQuery) query = make_query (args + 2, &error);
  g_autoptr (PhMailbox) mailbox = NULL;

  if (query == NULL || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  mailbox = ph_store_examine (store, args[1], tool_cancellable (), &error);
  if (mailbox == NULL)
    return tool_fail (error);
  return find (store, query, &error) ? 0 : tool_fail (error);
}

const ToolCommand tool_search_command = {
  .name = "search",
  .arguments = "URI MAILBOX KEYS…",
  .summary = "Find messages; prints their UIDs as a set that fetch and flag take",
  .help = "KEYS are those of RFC 9051 section 6.4.4, all of which must hold: ALL, SEEN, UNSEEN, FLAGGED, FROM text, TO text,\n"
          "SUBJECT text, BODY text, HEADER field text, SINCE day, BEFORE day, LARGER octets, YOUNGER seconds, UID set, NOT key,\n"
          "OR key key …; and, where the server has them, FUZZY key (RFC 6203), FILTER name (RFC 5466)\n"
          "A day is written 2026-11-23 or 23-Nov-2026.\n"
          "\n"
          "Examples:\n"
          "  posthorn search imaps://alice@mail.example.org INBOX UNSEEN FROM bob SINCE 2026-11-01\n"
          "  posthorn search imaps://alice@mail.example.org INBOX OR SUBJECT invoice LARGER 1000000\n"
          "  posthorn search imaps://alice@mail.example.org INBOX --page -1:-50 UNDELETED\n"
          "\n"
          "Exit codes: 0 searched (nothing is printed where nothing matches), 64 (EX_USAGE) a key that isn't one,\n"
          "69 (EX_UNAVAILABLE) no such mailbox; man posthorn has all.",
  .min_args = 3,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
