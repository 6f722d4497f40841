/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn quota: how much room a mailbox has, by the QUOTA extension's typed interface. */
#include "tool.h"

#include <string.h>

static char *root;
static char **limits;

static const GOptionEntry entries[] = {
  { "root", 'r', 0, G_OPTION_ARG_STRING, &root, "That quota root, in place of a mailbox' roots", "ROOT" },
  { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &limits,
    "Set a limit of --root, and take away those not set: STORAGE=KIBIBYTES, MESSAGE=N; may be repeated", "RESOURCE=N" },
  { NULL },
};

/* "STORAGE=1024". (element-type PhQuotaResource) (transfer container) */
static GPtrArray *
parse_limits (GError **error)
{
  g_autoptr (GPtrArray) parsed = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_quota_resource_unref);

  for (char **word = limits; *word != NULL; word++)
    {
      const char *sign = strchr (*word, '=');
      g_autofree char *name = sign != NULL ? g_strndup (*word, (gsize) (sign - *word)) : NULL;
      guint64 limit;

      if (name == NULL || *name == '\0' || !g_ascii_string_to_unsigned (sign + 1, 10, 0, G_MAXINT64, &limit, NULL))
        {
          tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "--set takes RESOURCE=N, and “%s” is none", *word);
          return NULL;
        }
      g_ptr_array_add (parsed, ph_quota_resource_new (root, name, 0, limit));
    }
  return g_steal_pointer (&parsed);
}

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
get_resources (PhSession *session, const char *mailbox, GPtrArray *wanted, GError **error)
{
  PhExtension *quota = ph_session_require_extension (session, PH_TYPE_QUOTA, tool_cancellable (), error);

  if (quota == NULL)
    return NULL;
  if (wanted != NULL)
    return ph_quota_set_limits (PH_QUOTA (quota), root, wanted, tool_cancellable (), error);
  if (root != NULL)
    return ph_quota_get (PH_QUOTA (quota), root, tool_cancellable (), error);
  return ph_quota_get_root (PH_QUOTA (quota), mailbox, tool_cancellable (), error);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  g_autoptr (GPtrArray) wanted = NULL;
  g_autoptr (GPtrArray) resources = NULL;

  if ((limits != NULL && root == NULL) || (root != NULL && args[1] != NULL))
    return tool_fail_usage ("quota takes MAILBOX or --root, and --set with --root; posthorn quota --help shows how");
  if ((limits != NULL && (wanted = parse_limits (&error)) == NULL) || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  resources = get_resources (PH_SESSION (store), args[1] != NULL ? args[1] : "INBOX", wanted, &error);
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
  .help = "Every resource of every quota root that counts for MAILBOX (INBOX unless given), or of the one that --root names.\n"
          "--set changes what is allowed, where the server lets you.\n"
          "\n"
          "Examples:\n"
          "  posthorn quota imaps://alice@mail.example.org\n"
          "  posthorn quota imaps://alice@mail.example.org Archive --json\n"
          "  posthorn quota imaps://admin@mail.example.org --root=user/alice --set=STORAGE=1048576 --set=MESSAGE=10000\n"
          "\n"
          "Exit codes: 0 shown, 69 (EX_UNAVAILABLE) the server has no quotas, or refused, 77 (EX_NOPERM) not allowed;\n"
          "man posthorn has all.",
  .min_args = 1,
  .max_args = 2,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
