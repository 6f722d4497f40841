/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn copy, move, expunge: messages go elsewhere, or go. */
#include "tool.h"

typedef PhUidMapping *(*Transfer) (PhStore *store, PhMessageSet *uids, const char *mailbox, GCancellable *cancellable, GError **error);

static gboolean map;

static const GOptionEntry entries[] = {
  { "map", 0, 0, G_OPTION_ARG_NONE, &map, "Print the old UID before each new one, a message a line", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_map (PhUidMapping *mapping)
{
  guint32 old_uid, new_uid;

  for (guint i = 0; ph_uid_mapping_get_pair (mapping, i, &old_uid, &new_uid); i++)
    {
      if (!tool_options.json)
        {
          g_print ("%u %u\n", old_uid, new_uid);
          continue;
        }
      tool_json_open_object ();
      tool_json_member_number ("old", old_uid);
      tool_json_member_number ("new", new_uid);
      tool_json_close_object ();
      tool_json_end ();
    }
}

/* The new UIDs, where the server tells them */
static void
print_uids (PhUidMapping *mapping)
{
  g_autoptr (PhMessageSet) uids = ph_uid_mapping_get_new_uids (mapping);
  g_autofree char *text = ph_message_set_to_string (uids);

  if (!tool_options.json)
    {
      if (*text != '\0')
        g_print ("%s\n", text);
      return;
    }
  tool_json_open_object ();
  tool_json_member ("uids", text);
  tool_json_close_object ();
  tool_json_end ();
}

static PhStore *
select_mailbox (char **args, GError **error)
{
  g_autoptr (PhStore) store = tool_store_new (args[0], error);
  g_autoptr (PhMailbox) mailbox = NULL;

  if (store == NULL)
    return NULL;
  mailbox = ph_store_select (store, args[1], tool_cancellable (), error);
  return mailbox != NULL ? g_steal_pointer (&store) : NULL;
}

static int
transfer (char **args, Transfer call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (args[2], &error);
  g_autoptr (PhUidMapping) mapping = NULL;
  g_autoptr (PhStore) store = NULL;

  if (set == NULL || (store = select_mailbox (args, &error)) == NULL)
    return tool_fail (error);
  mapping = call (store, set, args[3], tool_cancellable (), &error);
  if (mapping == NULL)
    return tool_fail (error);
  if (map)
    print_map (mapping);
  else
    print_uids (mapping);
  return 0;
}

static int
run_copy (char **args)
{
  return transfer (args, ph_store_copy_mapped);
}

static int
run_move (char **args)
{
  return transfer (args, ph_store_move_mapped);
}

static int
run_expunge (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) set = args[2] != NULL ? ph_message_set_new_from_string (args[2], &error) : NULL;
  g_autoptr (PhStore) store = NULL;

  if (error != NULL || (store = select_mailbox (args, &error)) == NULL)
    return tool_fail (error);
  if (!ph_store_expunge (store, set, tool_cancellable (), &error))
    return tool_fail (error);
  return 0;
}

#define EXIT_CODES \
  "\nExit codes: 0 done, 69 (EX_UNAVAILABLE) no such mailbox or refused, 77 (EX_NOPERM) not allowed; man posthorn has all."

const ToolCommand tool_copy_command = {
  .name = "copy",
  .arguments = "URI MAILBOX SET TO",
  .summary = "Copy messages to another mailbox",
  .help = "SET names messages by UID: 5, 1:9, 3,7,20:*. Prints the new UIDs where the server tells them.\n"
          "\n"
          "Example:\n"
          "  posthorn copy imaps://alice@mail.example.org INBOX 1:9 Archive\n" EXIT_CODES,
  .min_args = 4,
  .max_args = 4,
  .entries = entries,
  .has_session = TRUE,
  .run = run_copy,
};

const ToolCommand tool_move_command = {
  .name = "move",
  .arguments = "URI MAILBOX SET TO",
  .summary = "Move messages to another mailbox",
  .help = "SET names messages by UID: 5, 1:9, 3,7,20:*. Prints the new UIDs where the server tells them. A server that can't move\n"
          "is asked to copy, flag and expunge; one that can't expunge chosen messages only is not asked at all.\n"
          "\n"
          "Example:\n"
          "  posthorn move imaps://alice@mail.example.org INBOX 1:9 Archive\n" EXIT_CODES,
  .min_args = 4,
  .max_args = 4,
  .entries = entries,
  .has_session = TRUE,
  .run = run_move,
};

const ToolCommand tool_expunge_command = {
  .name = "expunge",
  .arguments = "URI MAILBOX [SET]",
  .summary = "Remove messages that are flagged as deleted",
  .help = "All that are flagged, or those of SET among them, by UID: 5, 1:9, 3,7,20:*.\n"
          "\n"
          "Examples:\n"
          "  posthorn expunge imaps://alice@mail.example.org INBOX\n"
          "  posthorn expunge imaps://alice@mail.example.org INBOX 17\n" EXIT_CODES,
  .min_args = 2,
  .max_args = 3,
  .has_session = TRUE,
  .run = run_expunge,
};
