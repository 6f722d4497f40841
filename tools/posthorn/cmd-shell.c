/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn shell: the protocol by hand, with TLS and login done. */
#include "tool.h"

#include <string.h>
#include <unistd.h>

#if defined HAVE_READLINE
#include <readline/history.h>
#include <readline/readline.h>
#elif defined HAVE_EDITLINE
#include <editline/readline.h>
#endif

/* What a line may begin with, by protocol; the server's capabilities are added. */
static const char *const imap_words[] = {
  "APPEND", "CAPABILITY", "CLOSE", "COPY", "CREATE", "DELETE", "ENABLE", "EXAMINE", "EXPUNGE", "FETCH", "LIST", "LOGOUT", "LSUB",
  "MOVE", "NAMESPACE", "NOOP", "RENAME", "SEARCH", "SELECT", "STATUS", "STORE", "SUBSCRIBE", "UID COPY", "UID EXPUNGE", "UID FETCH",
  "UID MOVE", "UID SEARCH", "UID STORE", "UNSELECT", "UNSUBSCRIBE", NULL,
};
static const char *const smtp_words[] = { "DATA", "EHLO", "EXPN", "HELP", "MAIL FROM:<", "NOOP", "QUIT", "RCPT TO:<", "RSET", "VRFY", NULL };

static GStrv words;

static GStrv
make_words (PhSession *session)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *const *capability = ph_session_get_capabilities (session);

  g_strv_builder_addv (builder, (const char **) (PH_IS_STORE (session) ? imap_words : smtp_words));
  for (; *capability != NULL; capability++)
    if (strpbrk (*capability, " =") == NULL)
      g_strv_builder_add (builder, *capability);
  return g_strv_builder_end (builder);
}

/* A person who logs in by hand types a password; that is nobody's to scroll back to. */
static gboolean
is_secret (const char *line)
{
  static const char *const verbs[] = { "LOGIN", "AUTHENTICATE", "AUTH" };
  gsize length = strcspn (line, " ");

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strlen (verbs[i]) == length && g_ascii_strncasecmp (line, verbs[i], length) == 0)
      return TRUE;
  return FALSE;
}

#if defined HAVE_READLINE || defined HAVE_EDITLINE
static char *
next_word (const char *text, int state)
{
  static guint index;

  if (state == 0)
    index = 0;
  while (words[index] != NULL)
    {
      const char *word = words[index++];

      if (g_ascii_strncasecmp (word, text, strlen (text)) == 0)
        return strdup (word);
    }
  return NULL;
}

/* Only where the line begins; behind it stand arguments, which are no files. */
static char **
complete (const char *text, int start, int end G_GNUC_UNUSED)
{
  rl_attempted_completion_over = 1;
  return start == 0 ? rl_completion_matches (text, next_word) : NULL;
}

static char *
ask (const char *prompt)
{
  char *line;
  g_autofree char *copy = NULL;

  rl_readline_name = (char *) "posthorn";
  rl_attempted_completion_function = complete;
  line = readline (prompt);
  if (line != NULL && *line != '\0' && !is_secret (line))
    add_history (line);
  copy = g_strdup (line);
  free (line);
  return g_steal_pointer (&copy);
}
#else
static char *
ask (const char *prompt)
{
  g_print ("%s", prompt);
  fflush (stdout);
  return NULL;
}
#endif

static char *
read_plainly (void)
{
  g_autofree char *line = NULL;
  size_t size = 0;
  char *allocated = NULL;
  ssize_t length = getline (&allocated, &size, stdin);

  if (length > 0)
    line = g_strndup (allocated, (gsize) length);
  free (allocated);
  return line != NULL ? g_strchomp (g_steal_pointer (&line)) : NULL;
}

static char *
read_line (const char *prompt)
{
#if defined HAVE_READLINE || defined HAVE_EDITLINE
  if (isatty (STDIN_FILENO) && isatty (STDOUT_FILENO))
    return ask (prompt);
#else
  if (isatty (STDIN_FILENO))
    ask (prompt);
#endif
  return read_plainly ();
}

/* What the server sends, whoever asked for it; --trace shows the other way as well. */
static void
on_trace (PhSession *session G_GNUC_UNUSED, PhTraceDirection direction, GBytes *bytes, gpointer data G_GNUC_UNUSED)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (direction != PH_TRACE_RECEIVED)
    return;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *clean = tool_clean (*line);

      if (**line != '\0' || line[1] != NULL)
        g_print ("%s\n", clean);
    }
}

static int
converse (PhSession *session)
{
  g_autofree char *prompt = g_strdup_printf ("%s> ", ph_session_get_host (session));

  while (ph_session_is_open (session))
    {
      g_autofree char *line = read_line (prompt);
      g_autoptr (GError) error = NULL;
      g_autoptr (PhReply) reply = NULL;

      if (line == NULL)
        return 0;
      g_strstrip (line);
      if (*line == '\0')
        continue;
      reply = ph_session_command (session, line, tool_cancellable (), &error);
      if (is_secret (line))
        memset (line, 0, strlen (line));
      fflush (stdout);
      if (reply == NULL && !g_error_matches (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT))
        return tool_fail (error);
      if (reply == NULL)
        tool_note ("%s", error->message);
    }
  return 0;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = tool_session_new (args[0], PH_TYPE_SESSION, &error);
  int status;

  if (session == NULL || !ph_session_open (session, tool_cancellable (), &error))
    return tool_fail (error);
  words = make_words (session);
  g_signal_connect (session, "trace", G_CALLBACK (on_trace), NULL);
  status = converse (session);
  g_signal_handlers_disconnect_by_func (session, on_trace, NULL);
  g_clear_pointer (&words, g_strfreev);
  return status;
}

const ToolCommand tool_shell_command = {
  .name = "shell",
  .arguments = "URI",
  .summary = "Talk the protocol by hand, with TLS and login done",
  .help = "Reads a command a line and prints what the server says to it; tags are added. Tab completes what a line begins with, the arrow keys\n"
          "bring back earlier lines, but none that logs in. Ends with the input, or by the protocol's own goodbye. The input may be a file.\n"
          "\n"
          "Examples:\n"
          "  posthorn shell imaps://alice@mail.example.org\n"
          "  echo 'STATUS INBOX (UNSEEN)' | posthorn shell imaps://alice@mail.example.org --password-file=pw\n"
          "\n"
          "Exit codes: 0 the conversation ended, 69 (EX_UNAVAILABLE) the connection was lost, 77 (EX_NOPERM) login refused;\n"
          "man posthorn has all.",
  .min_args = 1,
  .max_args = 1,
  .has_session = TRUE,
  .run = run,
};
