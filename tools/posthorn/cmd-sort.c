/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn sort, posthorn thread: messages in an order, and as conversations. */
#include "tool.h"

#include <string.h>

/* Deeper levels are drawn no farther to the right. */
#define MAX_INDENT 30

static char *by;
static char *algorithm;

static const GOptionEntry sort_entries[] = {
  { "by", 0, 0, G_OPTION_ARG_STRING, &by, "Sort by these; -KEY the other way round (default: date)", "KEY,…" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry thread_entries[] = {
  { "algorithm", 0, 0, G_OPTION_ARG_STRING, &algorithm, "How to find what belongs together: references (default), refs, subject", "NAME" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const struct
{
  const char *name;
  PhSortKey key;
} keys[] = {
  { "arrival", PH_SORT_KEY_ARRIVAL }, { "cc", PH_SORT_KEY_CC }, { "date", PH_SORT_KEY_DATE }, { "from", PH_SORT_KEY_FROM },
  { "size", PH_SORT_KEY_SIZE }, { "subject", PH_SORT_KEY_SUBJECT }, { "to", PH_SORT_KEY_TO },
  { "display-from", PH_SORT_KEY_DISPLAY_FROM }, { "display-to", PH_SORT_KEY_DISPLAY_TO },
};

static const struct
{
  const char *name;
  PhThreadAlgorithm algorithm;
} algorithms[] = {
  { "references", PH_THREAD_ALGORITHM_REFERENCES }, { "refs", PH_THREAD_ALGORITHM_REFS }, { "subject", PH_THREAD_ALGORITHM_ORDERED_SUBJECT },
};

static gboolean
add_key (PhSortOrder *order, const char *word, GError **error)
{
  gboolean reverse = *word == '-';

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_ascii_strcasecmp (word + reverse, keys[i].name) == 0)
      {
        ph_sort_order_by (order, keys[i].key, reverse);
        return TRUE;
      }
  return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "“%s” is nothing to sort by", word);
}

static PhSortOrder *
parse_order (GError **error)
{
  g_autoptr (PhSortOrder) order = ph_sort_order_new ();
  g_auto (GStrv) words = g_strsplit (by != NULL ? by : "date", ",", 16);

  for (char **word = words; *word != NULL; word++)
    if (!add_key (order, *word, error))
      return NULL;
  return g_steal_pointer (&order);
}

/* The mailbox examined, and the extension that works on it. */
static PhExtension *
begin (PhStore *store, const char *name, GType type, GError **error)
{
  g_autoptr (PhMailbox) mailbox = ph_store_examine (store, name, tool_cancellable (), error);

  return mailbox != NULL ? ph_session_require_extension (PH_SESSION (store), type, tool_cancellable (), error) : NULL;
}

static PhQuery *
parse_query (char **words, GError **error)
{
  return *words != NULL ? tool_parse_keys (words, error) : ph_query_new ();
}

static gboolean
sort (PhStore *store, const char *name, PhSortOrder *order, PhQuery *query, GError **error)
{
  PhExtension *extension = begin (store, name, PH_TYPE_SORT, error);
  g_autoptr (PhSortResult) result =
    extension != NULL ? ph_sort_messages (PH_SORT (extension), order, query, TRUE, tool_cancellable (), error) : NULL;
  const guint32 *uids;
  gsize n_uids;

  if (result == NULL)
    return FALSE;
  uids = ph_sort_result_get_numbers (result, &n_uids);
  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_key ("uids");
      tool_json_open_array ();
      for (gsize i = 0; i < n_uids; i++)
        tool_json_number (uids[i]);
      tool_json_close_array ();
      tool_json_close_object ();
      tool_json_end ();
    }
  else
    for (gsize i = 0; i < n_uids; i++)
      g_print ("%u\n", uids[i]);
  return TRUE;
}

static int
run_sort (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  g_autoptr (PhSortOrder) order = parse_order (&error);
  g_autoptr (PhQuery) query = order != NULL ? parse_query (args + 2, &error) : NULL;

  if (query == NULL || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  return sort (store, args[1], order, query, &error) ? 0 : tool_fail (error);
}

/* --- threads --- */

static gboolean
parse_algorithm (PhThreadAlgorithm *found, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithm == NULL || g_ascii_strcasecmp (algorithm, algorithms[i].name) == 0)
      {
        *found = algorithms[i].algorithm;
        return TRUE;
      }
  return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "“%s” is none of references, refs and subject", algorithm);
}

/* UID to what a person knows a message by */
static GHashTable *
describe_all (PhStore *store, PhThreadTree *tree, GError **error)
{
  g_autoptr (GHashTable) texts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  g_autoptr (PhMessageIter) iter = NULL;
  GError *failure = NULL;
  PhMessage *message;

  for (guint i = 0; i < ph_thread_tree_get_n_nodes (tree); i++)
    ph_message_set_add (set, ph_thread_tree_get_message (tree, i));
  iter = ph_store_fetch (store, set, PH_FETCH_UID | PH_FETCH_ENVELOPE, NULL);
  while ((message = ph_message_iter_next (iter, tool_cancellable (), &failure)) != NULL)
    {
      G_GNUC_UNUSED g_autoptr (PhMessage) owned = message;
      g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
      PhAddress *from = envelope != NULL ? ph_message_envelope_get_address (envelope, PH_ADDRESS_FROM, 0) : NULL;
      const char *name = from == NULL ? "" : ph_address_get_name (from) != NULL ? ph_address_get_name (from) : ph_address_get_email (from);
      const char *subject = envelope != NULL ? ph_message_envelope_get_subject (envelope) : NULL;

      g_hash_table_insert (texts, GUINT_TO_POINTER (ph_message_get_uid (message)),
                           g_strdup_printf ("%s: %s", name != NULL ? name : "", subject != NULL ? subject : ""));
    }
  if (failure == NULL)
    return g_steal_pointer (&texts);
  g_propagate_error (error, failure);
  return NULL;
}

/* "│  └─ " to the left of a node; @open: of each level above, whether more of it follows */
static void
print_branch (PhThreadTree *tree, guint node, GByteArray *open)
{
  guint depth = ph_thread_tree_get_depth (tree, node);
  guint8 more = ph_thread_tree_get_next_sibling (tree, node) >= 0;

  g_byte_array_set_size (open, depth);
  for (guint i = 1; i < depth && i < MAX_INDENT; i++)
    g_print ("%s", open->data[i] ? "│  " : "   ");
  if (depth > 0)
    g_print ("%s", more ? "├─ " : "└─ ");
  g_byte_array_append (open, &more, 1);
}

static void
print_tree (PhThreadTree *tree, GHashTable *texts)
{
  g_autoptr (GByteArray) open = g_byte_array_new ();

  for (guint i = 0; i < ph_thread_tree_get_n_nodes (tree); i++)
    {
      guint32 uid = ph_thread_tree_get_message (tree, i);
      const char *text = g_hash_table_lookup (texts, GUINT_TO_POINTER (uid));
      g_autofree char *safe = tool_clean (text != NULL ? text : "");

      print_branch (tree, i, open);
      if (uid == 0)
        g_print ("(not here)\n");
      else
        g_print ("%u %s\n", uid, safe);
    }
}

static void
print_json (PhThreadTree *tree)
{
  for (guint i = 0; i < ph_thread_tree_get_n_nodes (tree); i++)
    {
      tool_json_open_object ();
      tool_json_member_number ("uid", ph_thread_tree_get_message (tree, i));
      tool_json_member_number ("depth", ph_thread_tree_get_depth (tree, i));
      tool_json_close_object ();
      tool_json_end ();
    }
}

static gboolean
thread (PhStore *store, const char *name, PhThreadAlgorithm how, PhQuery *query, GError **error)
{
  PhExtension *extension = begin (store, name, PH_TYPE_THREAD, error);
  g_autoptr (PhThreadTree) tree =
    extension != NULL ? ph_thread_messages (PH_THREAD (extension), how, query, TRUE, tool_cancellable (), error) : NULL;
  g_autoptr (GHashTable) texts = NULL;

  if (tree == NULL)
    return FALSE;
  if (tool_options.json || ph_thread_tree_get_n_nodes (tree) == 0)
    {
      print_json (tree);
      return TRUE;
    }
  texts = describe_all (store, tree, error);
  if (texts != NULL)
    print_tree (tree, texts);
  return texts != NULL;
}

static int
run_thread (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  PhThreadAlgorithm how = PH_THREAD_ALGORITHM_REFERENCES;
  g_autoptr (PhQuery) query = parse_algorithm (&how, &error) ? parse_query (args + 2, &error) : NULL;

  if (query == NULL || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  return thread (store, args[1], how, query, &error) ? 0 : tool_fail (error);
}

const ToolCommand tool_sort_command = {
  .name = "sort",
  .arguments = "URI MAILBOX [KEYS…]",
  .summary = "Print messages' UIDs in an order",
  .help = "Sorts by arrival, cc, date, from, size, subject, to, display-from, display-to. KEYS choose messages, as those of search do;\n"
          "without any all are sorted. A server that can't sort is asked for what is needed, and the order made here.\n"
          "\n"
          "Examples:\n"
          "  posthorn sort imaps://alice@mail.example.org INBOX --by=-date\n"
          "  posthorn sort imaps://alice@mail.example.org INBOX --by=subject,-date UNSEEN\n"
          "\n"
          "Exit codes: 0 sorted, 64 (EX_USAGE) a key that isn't one, 69 (EX_UNAVAILABLE) no such mailbox; man posthorn has all.",
  .min_args = 2,
  .max_args = -1,
  .entries = sort_entries,
  .has_session = TRUE,
  .run = run_sort,
};

const ToolCommand tool_thread_command = {
  .name = "thread",
  .arguments = "URI MAILBOX [KEYS…]",
  .summary = "Draw messages as conversations",
  .help = "KEYS choose messages, as those of search do; without any all are threaded. With --json each message is an object with its depth,\n"
          "UID 0 being one that others answer and that isn't there. A server that has not the algorithm is asked for what is needed, and\n"
          "the threads are found here.\n"
          "\n"
          "Examples:\n"
          "  posthorn thread imaps://alice@mail.example.org INBOX SINCE 2026-11-01\n"
          "  posthorn thread imaps://alice@mail.example.org lists/devel --algorithm=refs\n"
          "\n"
          "Exit codes: 0 drawn, 64 (EX_USAGE) a key or algorithm that isn't one, 69 (EX_UNAVAILABLE) no such mailbox; man posthorn has all.",
  .min_args = 2,
  .max_args = -1,
  .entries = thread_entries,
  .has_session = TRUE,
  .run = run_thread,
};
