/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn: mail from the command line, by the plugins of libposthorn. */
#include "tool.h"

#include <locale.h>
#include <string.h>

static const ToolCommand *const commands[] = {
  &tool_plugins_command,
  &tool_probe_command,
  &tool_send_command,
  &tool_mailboxes_command,
  &tool_status_command,
  &tool_fetch_command,
  &tool_search_command,
  &tool_sort_command,
  &tool_thread_command,
  &tool_append_command,
  &tool_flag_command,
  &tool_watch_command,
  &tool_shell_command,
  &tool_copy_command,
  &tool_move_command,
  &tool_expunge_command,
  &tool_notify_command,
  &tool_quota_command,
  &tool_acl_command,
  &tool_metadata_command,
  &tool_decode_command,
  &tool_password_command,
};

static void
print_overview (void)
{
  g_print ("Usage: posthorn COMMAND [OPTION…] ARGUMENT…\n"
           "\n"
           "Sends and reads mail over SMTP, LMTP and IMAP4.\n"
           "\n"
           "Commands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i]->name, commands[i]->summary);
  g_print ("\n"
           "A URI names a server: smtp://alice@mail.example.org, smtps:, imap:, imaps:, lmtp+unix:///run/dovecot/lmtp.\n"
           "A password is never an argument: it is asked for, or comes from --password-file or --password-command.\n"
           "\n"
           "  posthorn COMMAND --help   what a command takes, with examples\n"
           "  posthorn --version        the version\n"
           "  man posthorn              all of it\n");
}

/* How many letters lie between two words (Levenshtein), both short. */
static guint
get_distance (const char *one, const char *other)
{
  gsize length = MIN (strlen (other), 31);
  guint row[32];

  for (gsize j = 0; j <= length; j++)
    row[j] = (guint) j;
  for (guint i = 1; *one != '\0'; one++, i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= length; j++)
        {
          guint above = row[j];

          row[j] = MIN (MIN (above, row[j - 1]) + 1, diagonal + (*one != other[j - 1]));
          diagonal = above;
        }
    }
  return row[length];
}

static int
fail_unknown (const char *name)
{
  const ToolCommand *nearest = NULL;
  guint best = G_MAXUINT;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      guint distance = g_str_has_prefix (commands[i]->name, name) ? 1 : get_distance (name, commands[i]->name);

      if (distance < best)
        {
          best = distance;
          nearest = commands[i];
        }
    }
  if (strlen (name) < 32 && best <= MAX (1, strlen (name) / 2))
    return tool_fail_usage ("there is no command %s; did you mean %s?", name, nearest->name);
  return tool_fail_usage ("there is no command %.64s; posthorn --help lists them", name);
}

static const ToolCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i]->name, name) == 0)
      return commands[i];
  return NULL;
}

static int
check_arguments (const ToolCommand *command, int n)
{
  if (n < command->min_args)
    return tool_fail_usage ("%s takes %s; posthorn %s --help shows how", command->name, command->arguments, command->name);
  if (command->max_args >= 0 && n > command->max_args)
    return tool_fail_usage ("%s takes no more than %s; posthorn %s --help shows how", command->name, command->arguments,
                            command->name);
  return 0;
}

static gboolean
takes_value (const ToolCommand *command, char letter)
{
  for (const GOptionEntry *entry = command->entries; entry != NULL && entry->long_name != NULL; entry++)
    if (entry->short_name == letter)
      return entry->arg != G_OPTION_ARG_NONE;
  return FALSE;
}

/* "-tbob@example.net" as everybody else's parser takes it: GLib's wants a blank behind the letter. */
static char **
split_short_options (const ToolCommand *command, char **arguments)
{
  g_autoptr (GStrvBuilder) split = g_strv_builder_new ();
  gboolean options = TRUE;

  for (char **word = arguments; *word != NULL; word++)
    {
      const char letter[] = { '-', (*word)[0] == '-' ? (*word)[1] : '\0', '\0' };

      options = options && strcmp (*word, "--") != 0;
      if (options && letter[1] != '\0' && takes_value (command, letter[1]) && (*word)[2] != '\0')
        {
          g_strv_builder_add (split, letter);
          g_strv_builder_add (split, *word + 2);
        }
      else
        g_strv_builder_add (split, *word);
    }
  return g_strv_builder_end (split);
}

/* Words like "-seen" go behind a "--", where they can't be taken for options. */
static char **
shield_minus_words (char **arguments)
{
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (char **word = arguments; *word != NULL; word++)
    if ((*word)[0] == '-' && (*word)[1] != '-' && (*word)[1] != '\0' && strcmp (*word, "-h") != 0)
      g_strv_builder_add (words, *word);
    else
      g_strv_builder_add (rest, *word);
  list = g_strv_builder_end (words);
  g_strv_builder_add (rest, "--");
  g_strv_builder_addv (rest, (const char **) list);
  return g_strv_builder_end (rest);
}

/* The parser leaves "--" where what follows looks like an option. */
static void
drop_separator (char **args)
{
  for (char **word = args; *word != NULL; word++)
    if (strcmp (*word, "--") == 0)
      {
        g_free (*word);
        memmove (word, word + 1, (g_strv_length (word + 1) + 1) * sizeof *word);
        return;
      }
}

static int
run_command (const ToolCommand *command, char **arguments)
{
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) args = command->has_minus_words ? shield_minus_words (arguments) : split_short_options (command, arguments);
  g_autofree char *name = g_strdup_printf ("posthorn %s", command->name);
  int status;

  g_set_prgname (name); /* what the usage line begins with */
  g_option_context_set_summary (context, command->summary);
  g_option_context_set_description (context, command->help);
  g_option_context_set_main_group (context, tool_options_group_new (command));
  if (!g_option_context_parse_strv (context, &args, &error) || !tool_options_check (&error))
    return tool_fail_usage ("%s; posthorn %s --help shows how", error->message, command->name);
  drop_separator (args + 1);
  status = check_arguments (command, (int) g_strv_length (args + 1));
  if (status != 0)
    return status;
  tool_catch_signals ();
  status = command->run (args + 1);
  tool_session_end ();
  return tool_finish_output (status);
}

static int
help_on (const char *name)
{
  const ToolCommand *command = name != NULL ? find_command (name) : NULL;

  if (command != NULL)
    return run_command (command, (char *[]){ (char *) "posthorn", (char *) "--help", NULL });
  if (name != NULL)
    return fail_unknown (name);
  print_overview ();
  return tool_finish_output (0);
}

int
main (int argc, char **argv)
{
  const ToolCommand *command;

  setlocale (LC_ALL, "");
  g_set_prgname ("posthorn");
  if (argc < 2)
    {
      g_printerr ("posthorn: a command is missing; posthorn --help lists them\n");
      return EX_USAGE;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      g_print ("posthorn %s\n", PH_VERSION_STRING);
      return tool_finish_output (0);
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    return help_on (NULL);
  if (strcmp (argv[1], "help") == 0)
    return help_on (argv[2]);
  command = find_command (argv[1]);
  return command != NULL ? run_command (command, argv + 1) : fail_unknown (argv[1]);
}
