/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn search: which messages match, as a set that other commands take. */
#include "tool.h"

static gboolean raw;
static gboolean numbers;

static const GOptionEntry entries[] = {
  { "raw", 0, 0, G_OPTION_ARG_NONE, &raw, "Send KEYS as they are; for keys of extensions", NULL },
  { "numbers", 0, 0, G_OPTION_ARG_NONE, &numbers, "Print sequence numbers in place of UIDs", NULL },
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

static void
print_set (PhMessageSet *set)
{
  g_autofree char *text = ph_message_set_to_string (set);

  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member (numbers ? "numbers" : "uids", text);
      tool_json_member_number ("count", ph_message_set_get_count (set));
      tool_json_close_object ();
      tool_json_end ();
    }
  else if (!ph_message_set_is_empty (set))
    g_print ("%s\n", text);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  g_autoptr (PhQuery) query = make_query (args + 2, &error);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhMessageSet) found = NULL;

  if (query == NULL || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  mailbox = ph_store_examine (store, args[1], tool_cancellable (), &error);
  if (mailbox == NULL)
    return tool_fail (error);
  found = numbers ? ph_store_search_numbers (store, query, tool_cancellable (), &error)
                  : ph_store_search (store, query, tool_cancellable (), &error);
  if (found == NULL)
    return tool_fail (error);
  print_set (found);
  return 0;
}

const ToolCommand tool_search_command = {
  .name = "search",
  .arguments = "URI MAILBOX KEYS…",
  .summary = "Find messages; prints their UIDs as a set that fetch and flag take",
  .help = "KEYS are those of RFC 9051 section 6.4.4, all of which must hold: ALL, SEEN, UNSEEN, FLAGGED, FROM text, TO text,\n"
          "SUBJECT text, BODY text, HEADER field text, SINCE day, BEFORE day, LARGER octets, UID set, NOT key, OR key key …\n"
          "A day is written 2026-11-23 or 23-Nov-2026.\n"
          "\n"
          "Examples:\n"
          "  posthorn search imaps://alice@mail.example.org INBOX UNSEEN FROM bob SINCE 2026-11-01\n"
          "  posthorn search imaps://alice@mail.example.org INBOX OR SUBJECT invoice LARGER 1000000\n"
          "\n"
          "Exit codes: 0 searched (nothing is printed where nothing matches), 64 (EX_USAGE) a key that isn't one,\n"
          "69 (EX_UNAVAILABLE) no such mailbox; man posthorn has all.",
  .min_args = 3,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
