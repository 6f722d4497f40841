/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn flag: adds, removes and sets flags. */
#include "tool.h"

#include <string.h>

static gboolean numbers;

static const GOptionEntry entries[] = {
  { "numbers", 0, 0, G_OPTION_ARG_NONE, &numbers, "SET is of sequence numbers in place of UIDs", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* The system flags may be written without their backslash, which shells eat. */
char *
tool_flag_name (const char *word)
{
  static const char *const system_flags[] = { "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft" };

  for (gsize i = 0; i < G_N_ELEMENTS (system_flags); i++)
    if (g_ascii_strcasecmp (word, system_flags[i]) == 0 || g_ascii_strcasecmp (word, system_flags[i] + 1) == 0)
      return g_strdup (system_flags[i]);
  return g_strdup (word);
}

/* @words: nullable. (transfer full) (nullable) */
char **
tool_flag_names (char **words)
{
  guint n = words != NULL ? g_strv_length (words) : 0;
  char **names = words != NULL ? g_new0 (char *, n + 1) : NULL;

  for (guint i = 0; i < n; i++)
    names[i] = tool_flag_name (words[i]);
  return names;
}

/* "+seen", "-flagged", "=": one list for each sign. */
static gboolean
sort_words (char **words, GPtrArray *lists[3], gboolean *set, GError **error)
{
  static const char signs[] = "+-=";

  for (; *words != NULL; words++)
    {
      const char *sign = **words != '\0' ? strchr (signs, **words) : NULL;

      if (sign == NULL)
        {
          g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "a flag is written +NAME, -NAME or =NAME, not %s", *words);
          return FALSE;
        }
      *set = *set || *sign == '=';
      if ((*words)[1] != '\0')
        g_ptr_array_insert (lists[sign - signs], (int) lists[sign - signs]->len - 1, tool_flag_name (*words + 1));
    }
  return TRUE;
}

static gboolean
change (PhStore *store, PhMessageSet *set, PhStoreMode mode, GPtrArray *names, GError **error)
{
  return ph_store_store (store, set, mode, (const char *const *) names->pdata, tool_cancellable (), error);
}

static gboolean
change_all (PhStore *store, PhMessageSet *set, GPtrArray *lists[3], gboolean replace, GError **error)
{
  if (replace && !change (store, set, PH_STORE_SET, lists[2], error))
    return FALSE;
  if (lists[0]->len > 1 && !change (store, set, PH_STORE_ADD, lists[0], error))
    return FALSE;
  return lists[1]->len <= 1 || change (store, set, PH_STORE_REMOVE, lists[1], error);
}

static void
print_message (PhMessage *message)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autofree char *words = flags != NULL ? g_strjoinv (" ", flags) : g_strdup ("");
  g_autofree char *clean = tool_clean (words);

  if (!tool_options.json)
    {
      g_print ("%u  %s\n", ph_message_get_uid (message), clean);
      return;
    }
  tool_json_open_object ();
  tool_json_member_number ("uid", ph_message_get_uid (message));
  tool_json_member_words ("flags", (const char *const *) flags);
  tool_json_close_object ();
  tool_json_end ();
}

static gboolean
print_flags (PhStore *store, PhMessageSet *set, GError **error)
{
  g_autoptr (PhMessageIter) iter = ph_store_fetch (store, set, PH_FETCH_UID | PH_FETCH_FLAGS, NULL);
  g_autoptr (GError) problem = NULL;

  while (TRUE)
    {
      g_autoptr (PhMessage) message = ph_message_iter_next (iter, tool_cancellable (), &problem);

      if (message == NULL)
        break;
      print_message (message);
    }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static int
run_with (PhStore *store, const char *name, PhMessageSet *set, GPtrArray *lists[3], gboolean replace)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMailbox) mailbox = ph_store_select (store, name, tool_cancellable (), &error);

  if (mailbox == NULL || !change_all (store, set, lists, replace, &error) || !print_flags (store, set, &error))
    return tool_fail (error);
  return 0;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) add = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) remove = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) exact = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *lists[3] = { add, remove, exact };
  g_autoptr (PhStore) store = NULL;
  g_autoptr (PhMessageSet) set = NULL;
  gboolean replace = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_add (lists[i], NULL);
  if (!sort_words (args + 3, lists, &replace, &error))
    return tool_fail (error);
  set = numbers ? ph_message_set_new_numbers (args[2], &error) : ph_message_set_new_from_string (args[2], &error);
  if (set == NULL || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  return run_with (store, args[1], set, lists, replace);
}

const ToolCommand tool_flag_command = {
  .name = "flag",
  .arguments = "URI MAILBOX SET ±FLAG…",
  .summary = "Add, remove and set flags",
  .help = "+FLAG adds, -FLAG removes, =FLAG sets exactly those given with = (a lone = clears all). seen, answered, flagged,\n"
          "deleted and draft are the system flags; anything else is a keyword, such as $Junk. SET names messages by UID:\n"
          "5, 1:9, 3,7,20:*. Prints each message's flags as they are then.\n"
          "\n"
          "Examples:\n"
          "  posthorn flag imaps://alice@mail.example.org INBOX 17 +flagged -seen\n"
          "  posthorn flag imaps://alice@mail.example.org INBOX 1:9 +deleted\n"
          "\n"
          "Exit codes: 0 changed, 69 (EX_UNAVAILABLE) no such mailbox or refused, 77 (EX_NOPERM) not allowed;\n"
          "man posthorn has all.",
  .min_args = 4,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .has_minus_words = TRUE,
  .run = run,
};
