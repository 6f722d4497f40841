/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn metadata: what is kept with a mailbox or with the server, by the METADATA extension's typed interface. */
#include "tool.h"

#include <string.h>

static gboolean removing;

static const GOptionEntry entries[] = {
  { "delete", 'd', 0, G_OPTION_ARG_NONE, &removing, "Remove ENTRY", NULL },
  { NULL },
};

static void
print_json (PhMetadataEntry *entry)
{
  gsize length;
  const void *data = g_bytes_get_data (ph_metadata_entry_get_value (entry), &length);

  tool_json_open_object ();
  tool_json_member ("entry", ph_metadata_entry_get_name (entry));
  tool_json_key ("value");
  tool_json_bytes (NULL, length > 0 ? data : "", length);
  tool_json_close_object ();
  tool_json_end ();
}

static gboolean
show (PhMetadata *metadata, const char *mailbox, const char *name, GError **error)
{
  static const char *const headings[] = { "ENTRY", "VALUE", NULL };
  const char *const all[] = { "/private", "/shared", NULL };
  const char *const one[] = { name, NULL };
  g_autoptr (PhMetadataResult) result =
    ph_metadata_get (metadata, mailbox, name != NULL ? one : all, PH_METADATA_DEPTH_ALL, 0, tool_cancellable (), error);
  g_autoptr (ToolTable) table = NULL;
  GPtrArray *list;

  if (result == NULL)
    return FALSE;
  if (!tool_options.json)
    table = tool_table_new (headings);
  list = ph_metadata_result_get_entries (result);
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *text = ph_metadata_entry_dup_text (list->pdata[i]);

      if (tool_options.json)
        print_json (list->pdata[i]);
      else
        tool_table_add (table, ph_metadata_entry_get_name (list->pdata[i]), text, NULL);
    }
  return TRUE;
}

static gboolean
act (PhMetadata *metadata, char **args, GError **error)
{
  g_autoptr (GBytes) value = args[2] != NULL && args[3] != NULL ? g_bytes_new (args[3], strlen (args[3])) : NULL;

  if ((removing || value != NULL) && !ph_metadata_set (metadata, args[1], args[2], value, tool_cancellable (), error))
    return FALSE;
  return removing || value != NULL || show (metadata, args[1], args[2], error);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  PhExtension *metadata;

  if (removing && (args[2] == NULL || args[3] != NULL))
    return tool_fail_usage ("metadata --delete takes URI MAILBOX ENTRY; posthorn metadata --help shows how");
  store = tool_store_new (args[0], &error);
  metadata = store != NULL ? ph_session_require_extension (PH_SESSION (store), PH_TYPE_METADATA, tool_cancellable (), &error) : NULL;
  if (metadata == NULL || !act (PH_METADATA (metadata), args, &error))
    return tool_fail (error);
  return 0;
}

const ToolCommand tool_metadata_command = {
  .name = "metadata",
  .arguments = "URI MAILBOX [ENTRY [VALUE]]",
  .summary = "Show and change what is kept with a mailbox",
  .help = "All entries that have a value, ENTRY and those below it, or with VALUE: keeps it. MAILBOX \"\" is the server itself.\n"
          "The name of an entry begins with /private, which you alone see, or /shared.\n"
          "\n"
          "Examples:\n"
          "  posthorn metadata imaps://alice@mail.example.org Team\n"
          "  posthorn metadata imaps://alice@mail.example.org Team /private/comment 'ask Bob'\n"
          "  posthorn metadata --delete imaps://alice@mail.example.org Team /private/comment\n"
          "\n"
          "Exit codes: 0 done, 69 (EX_UNAVAILABLE) the server keeps no such data, or refused, 77 (EX_NOPERM) not allowed;\n"
          "man posthorn has all.",
  .min_args = 2,
  .max_args = 4,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
