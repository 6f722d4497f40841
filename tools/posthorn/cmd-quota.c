/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn quota: how much room a mailbox has, by the QUOTA extension's typed interface. */
#include "tool.h"

#include <string.h>

static char *
format_amount (const char *name, guint64 amount)
{
  if (g_ascii_strcasecmp (name, "STORAGE") == 0 && amount <= G_MAXUINT64 / 1024)
    return tool_format_size (amount * 1024);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, amount);
}

static void
print_table (GPtrArray *resources)
{
  static const char *const headings[] = { "ROOT", "RESOURCE", "USED", "LIMIT", "SHARE", NULL };
  g_autoptr (ToolTable) table = tool_table_new (headings);

  for (guint i = 0; i < resources->len; i++)
    {
      PhQuotaResource *resource = g_ptr_array_index (resources, i);
      const char *name = ph_quota_resource_get_name (resource);
      guint64 limit = ph_quota_resource_get_limit (resource);
      g_autofree char *used = format_amount (name, ph_quota_resource_get_usage (resource));
      g_autofree char *allowed = format_amount (name, limit);
      g_autofree char *share =
        limit > 0 ? g_strdup_printf ("%.0f %%", 100.0 * (double) ph_quota_resource_get_usage (resource) / (double) limit) : NULL;

      tool_table_add (table, ph_quota_resource_get_root (resource), name, used, allowed, share, NULL);
    }
}

static void
print_json (PhQuotaResource *resource)
{
  tool_json_open_object ();
  tool_json_member ("root", ph_quota_resource_get_root (resource));
  tool_json_member ("resource", ph_quota_resource_get_name (resource));
  tool_json_member_number ("usage", ph_quota_resource_get_usage (resource));
  tool_json_member_number ("limit", ph_quota_resource_get_limit (resource));
  tool_json_close_object ();
  tool_json_end ();
}

static GPtrArray *
get_resources (PhSession *session, const char *mailbox, GError **error)
{
  PhExtension *extension;

  if (!ph_session_open (session, tool_cancellable (), error))
    return NULL;
  extension = ph_session_get_extension (session, PH_TYPE_QUOTA);
  if (extension != NULL)
    return ph_quota_get_root (PH_QUOTA (extension), mailbox, tool_cancellable (), error);
  g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "%s has no quotas, or the plugin for them isn't installed",
               ph_session_get_host (session));
  return NULL;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (GPtrArray) resources = NULL;

  if (store == NULL)
    return tool_fail (error);
  resources = get_resources (PH_SESSION (store), args[1] != NULL ? args[1] : "INBOX", &error);
  if (resources == NULL)
    return tool_fail (error);
  if (tool_options.json)
    g_ptr_array_foreach (resources, (GFunc) (void (*) (void)) print_json, NULL);
  else
    print_table (resources);
  return 0;
}

const ToolCommand tool_quota_command = {
  .name = "quota",
  .arguments = "URI [MAILBOX]",
  .summary = "Show how much room there is, and how much is used",
  .help = "Every resource of every quota root that counts for MAILBOX (INBOX unless given).\n"
          "\n"
          "Examples:\n"
          "  posthorn quota imaps://alice@mail.example.org\n"
          "  posthorn quota imaps://alice@mail.example.org Archive --json\n"
          "\n"
          "Exit codes: 0 shown, 69 (EX_UNAVAILABLE) the server has no quotas; man posthorn has all.",
  .min_args = 1,
  .max_args = 2,
  .has_session = TRUE,
  .run = run,
};
