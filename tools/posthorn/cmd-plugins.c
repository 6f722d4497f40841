/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn plugins: what is installed, what each brings, and which files were refused. */
#include "tool.h"

#include <string.h>

/* "plaintext client-first, needs user secret"; of credentials, "may give user secret" */
static char *
describe_mechanism (PhFeatureInfo *feature)
{
  gboolean is_mechanism = ph_feature_info_get_kind (feature) == PH_FEATURE_MECHANISM;
  g_autofree char *flags = tool_flags_words (PH_TYPE_SASL_FLAGS, ph_feature_info_get_flags (feature), " ");
  g_autofree char *needs = tool_flags_words (PH_TYPE_SASL_NEEDS, ph_feature_info_get_needs (feature), " ");

  if (*needs == '\0')
    return g_steal_pointer (&flags);
  return g_strdup_printf ("%s%s%s %s", flags, *flags != '\0' ? ", " : "", is_mechanism ? "needs" : "may give", needs);
}

static char *
describe_properties (PhFeatureInfo *feature)
{
  g_auto (GStrv) schemes = ph_feature_info_get_schemes (feature);

  if (ph_feature_info_get_kind (feature) == PH_FEATURE_PROTOCOL)
    return schemes != NULL ? g_strjoinv (" ", schemes) : g_strdup ("");
  if (ph_feature_info_get_kind (feature) == PH_FEATURE_EXTENSION)
    return g_strdup_printf ("of %s", ph_feature_info_get_protocol (feature));
  return describe_mechanism (feature);
}

static const char *
describe_file (PhFeatureInfo *feature)
{
  const char *path = ph_feature_info_get_path (feature);

  return path != NULL ? path : "(built in)";
}

static void
print_json (PhFeatureInfo *feature)
{
  g_auto (GStrv) schemes = ph_feature_info_get_schemes (feature);

  tool_json_open_object ();
  tool_json_member ("kind", tool_enum_word (PH_TYPE_FEATURE_KIND, (int) ph_feature_info_get_kind (feature)));
  tool_json_member ("name", ph_feature_info_get_name (feature));
  tool_json_key ("rank");
  tool_json_integer (ph_feature_info_get_rank (feature));
  tool_json_member_flags ("flags", PH_TYPE_SASL_FLAGS, ph_feature_info_get_flags (feature));
  tool_json_member_flags ("needs", PH_TYPE_SASL_NEEDS, ph_feature_info_get_needs (feature));
  tool_json_member ("protocol", ph_feature_info_get_protocol (feature));
  tool_json_member_words ("schemes", (const char *const *) schemes);
  tool_json_member ("summary", ph_feature_info_get_summary (feature));
  tool_json_member ("plugin", ph_feature_info_get_plugin (feature));
  tool_json_member ("version", ph_feature_info_get_version (feature));
  tool_json_member ("file", ph_feature_info_get_path (feature));
  tool_json_member_boolean ("provided", ph_feature_info_is_provided (feature));
  tool_json_close_object ();
  tool_json_end ();
}

static void
print_schemes (PhFeatureInfo *feature)
{
  g_auto (GStrv) schemes = ph_feature_info_get_schemes (feature);

  for (char **name = schemes; name != NULL && *name != NULL; name++)
    {
      const PhScheme *scheme = NULL;
      g_autoptr (PhFeatureInfo) owner G_GNUC_UNUSED = ph_registry_find_scheme (ph_registry_get_default (), *name, &scheme);

      if (scheme != NULL)
        g_print ("  scheme     %s: port %u%s%s%s\n", *name, scheme->port, scheme->implicit_tls ? ", TLS at once" : "",
                 scheme->service != NULL ? ", SASL service " : "", scheme->service != NULL ? scheme->service : "");
    }
}

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = tool_clean (text);

  if (*clean != '\0')
    g_print ("  %-10s %s\n", label, clean);
}

static void
print_full (PhFeatureInfo *feature)
{
  g_autofree char *flags = tool_flags_words (PH_TYPE_SASL_FLAGS, ph_feature_info_get_flags (feature), ", ");
  g_autofree char *needs = tool_flags_words (PH_TYPE_SASL_NEEDS, ph_feature_info_get_needs (feature), ", ");
  g_autofree char *plugin =
    g_strdup_printf ("%s %s", ph_feature_info_get_plugin (feature), ph_feature_info_get_version (feature));

  g_print ("%s (%s)\n", ph_feature_info_get_name (feature),
           tool_enum_word (PH_TYPE_FEATURE_KIND, (int) ph_feature_info_get_kind (feature)));
  print_line ("what", ph_feature_info_get_summary (feature));
  g_print ("  %-10s %d\n", "rank", ph_feature_info_get_rank (feature));
  print_line ("flags", flags);
  print_line ("needs", needs);
  print_line ("protocol", ph_feature_info_get_protocol (feature));
  print_schemes (feature);
  print_line ("plugin", plugin);
  print_line ("file", describe_file (feature));
  if (ph_feature_info_is_provided (feature))
    print_line ("", "found at run time by its plugin");
}

static gboolean
is_meant (PhFeatureInfo *feature, const char *name)
{
  return g_ascii_strcasecmp (ph_feature_info_get_name (feature), name) == 0 ||
         g_strcmp0 (ph_feature_info_get_plugin (feature), name) == 0;
}

/* A name that only a pattern or a provider answers to: "QUOTA=RES-STORAGE" */
static GPtrArray *
find_by_pattern (const char *name)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_feature_info_unref);

  for (int kind = PH_FEATURE_PROTOCOL; kind <= PH_FEATURE_CREDENTIALS; kind++)
    {
      PhFeatureInfo *feature = ph_registry_find (ph_registry_get_default (), (PhFeatureKind) kind, name);

      if (feature != NULL)
        g_ptr_array_add (found, feature);
    }
  return found;
}

static gboolean
is_file_of (const char *path, const char *name)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *file = g_strconcat (name, ".so", NULL);

  return strcmp (path, name) == 0 || strcmp (base, name) == 0 || strcmp (base, file) == 0;
}

static guint
print_refusals (const char *name)
{
  g_autoptr (GPtrArray) failures = ph_registry_list_failures (ph_registry_get_default ());
  guint n_printed = 0;

  for (guint i = 0; i < failures->len; i++)
    {
      PhPluginFailure *failure = g_ptr_array_index (failures, i);
      g_autofree char *path = tool_clean (ph_plugin_failure_get_path (failure));
      g_autofree char *reason = tool_clean (ph_plugin_failure_get_reason (failure));

      if (name != NULL && !is_file_of (path, name))
        continue;
      if (tool_options.json)
        {
          tool_json_open_object ();
          tool_json_member ("refused", ph_plugin_failure_get_path (failure));
          tool_json_member ("reason", ph_plugin_failure_get_reason (failure));
          tool_json_close_object ();
          tool_json_end ();
        }
      else
        g_print ("%s%s: %s\n", n_printed == 0 && name == NULL ? "\nRefused:\n" : "", path, reason);
      n_printed++;
    }
  return n_printed;
}

static int
show_all (GPtrArray *features)
{
  static const char *const headings[] = { "KIND", "NAME", "RANK", "PROPERTIES", "PLUGIN", "FILE", NULL };
  g_autoptr (ToolTable) table = NULL;

  if (!tool_options.json)
    table = tool_table_new (headings);
  for (guint i = 0; i < features->len; i++)
    {
      PhFeatureInfo *feature = g_ptr_array_index (features, i);
      g_autofree char *rank = g_strdup_printf ("%d", ph_feature_info_get_rank (feature));
      g_autofree char *properties = describe_properties (feature);

      if (tool_options.json)
        print_json (feature);
      else
        tool_table_add (table, tool_enum_word (PH_TYPE_FEATURE_KIND, (int) ph_feature_info_get_kind (feature)),
                        ph_feature_info_get_name (feature), rank, properties, ph_feature_info_get_plugin (feature),
                        describe_file (feature), NULL);
    }
  g_clear_pointer (&table, tool_table_end);
  print_refusals (NULL);
  return 0;
}

static guint
show (GPtrArray *features, const char *name)
{
  guint n_shown = 0;

  for (guint i = 0; i < features->len; i++)
    {
      PhFeatureInfo *feature = g_ptr_array_index (features, i);

      if (name != NULL && !is_meant (feature, name))
        continue;
      if (tool_options.json)
        print_json (feature);
      else
        print_full (feature);
      n_shown++;
    }
  return n_shown;
}

/* A mechanism that a provider knows and can't bring */
static gboolean
print_missing (const char *name)
{
  g_autofree char *missing = ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, name);

  if (missing != NULL)
    tool_note ("%s is not installed: %s", name, missing);
  return missing != NULL;
}

static int
run (char **args)
{
  g_autoptr (GPtrArray) features = ph_registry_list (ph_registry_get_default (), TRUE);
  guint n_shown;

  if (args[0] == NULL)
    return show_all (features);
  n_shown = show (features, args[0]);
  if (n_shown == 0)
    {
      g_autoptr (GPtrArray) matches = find_by_pattern (args[0]);

      n_shown = show (matches, NULL);
    }
  if (n_shown > 0)
    return 0;
  if (print_refusals (args[0]) == 0 && !print_missing (args[0]))
    tool_note ("nothing that is installed is called %s; see posthorn plugins", args[0]);
  return EX_UNAVAILABLE;
}

const ToolCommand tool_plugins_command = {
  .name = "plugins",
  .arguments = "[NAME]",
  .summary = "List what is installed: protocols, mechanisms, extensions, and what each offers",
  .help = "NAME is a feature's (PLAIN), one that a pattern answers to (QUOTA=RES-STORAGE), a plugin's, or that of a\n"
          "file that was refused: it is then shown in full.\n"
          "\n"
          "Examples:\n"
          "  posthorn plugins\n"
          "  posthorn plugins SCRAM-SHA-256\n"
          "\n"
          "Exit codes: 0 found, 69 (EX_UNAVAILABLE) nothing has that name, or its file was refused.",
  .min_args = 0,
  .max_args = 1,
  .run = run,
};
