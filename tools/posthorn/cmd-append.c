/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn append: messages into a mailbox. */
#include "tool.h"

static char **flags;
static char *date_text;

static const GOptionEntry entries[] = {
  { "flag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &flags, "Set this flag (seen, flagged, a keyword); once for each", "FLAG" },
  { "date", 0, 0, G_OPTION_ARG_STRING, &date_text, "When it was received, as 2026-11-23T14:00:00Z; otherwise now", "DATE" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
parse_date (GDateTime **date, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (date_text == NULL)
    return TRUE;
  *date = g_date_time_new_from_iso8601 (date_text, zone);
  if (*date == NULL)
    g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "%s is no date: write 2026-11-23T14:00:00Z", date_text);
  return *date != NULL;
}

static void
print_result (const char *mailbox, PhMessageSet *uids)
{
  g_autofree char *text = ph_message_set_to_string (uids);

  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member ("mailbox", mailbox);
      tool_json_member ("uid", ph_message_set_is_empty (uids) ? NULL : text);
      tool_json_close_object ();
      tool_json_end ();
    }
  else if (ph_message_set_is_empty (uids))
    g_print ("appended to %s\n", mailbox);
  else
    g_print ("appended to %s as UID %s\n", mailbox, text);
}

/* All are read before any is sent: what can't be read costs nothing. (transfer full) */
static GPtrArray *
open_messages (char **paths, GError **error)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_new_message_unref);
  g_autoptr (GDateTime) date = NULL;
  g_auto (GStrv) names = tool_flag_names (flags);

  if (!parse_date (&date, error))
    return NULL;
  do
    {
      g_autoptr (PhBody) body = tool_message_open (*paths, error);

      if (body == NULL)
        return NULL;
      g_ptr_array_add (messages, ph_new_message_new (body, (const char *const *) names, date));
    }
  while (*paths != NULL && *++paths != NULL);
  return g_steal_pointer (&messages);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (PhMessageSet) uids = NULL;

  if (store == NULL || (messages = open_messages (args + 2, &error)) == NULL)
    return tool_fail (error);
  {
    g_autoptr (ToolProgress) progress G_GNUC_UNUSED = tool_progress_new (PH_SESSION (store), "appending", messages->len);

    uids = ph_store_append_all (store, args[1], messages, tool_cancellable (), &error);
  }
  if (uids == NULL)
    return tool_fail (error);
  print_result (args[1], uids);
  return 0;
}

const ToolCommand tool_append_command = {
  .name = "append",
  .arguments = "URI MAILBOX [FILE…]",
  .summary = "Put messages into a mailbox",
  .help = "The message comes from FILE or standard input. Lines are ended by CR LF on the way. Of several FILEs all go, or none\n"
          "where the server can do that (MULTIAPPEND).\n"
          "\n"
          "Examples:\n"
          "  posthorn append imaps://alice@mail.example.org Drafts letter.eml --flag draft\n"
          "  posthorn append imaps://alice@mail.example.org Archive --date 2026-11-23T14:00:00Z < letter.eml\n"
          "\n"
          "Exit codes: 0 appended, 66 (EX_NOINPUT) FILE can't be read, 69 (EX_UNAVAILABLE) no such mailbox or no room;\n"
          "man posthorn has all.",
  .min_args = 2,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
