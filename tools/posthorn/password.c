/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a password or a token comes from: a file, a command, the environment, or the person at the terminal. Every copy made here is wiped. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define LONGEST 4096

/* For "return fail (…)". */
#define fail(error, ...) (tool_set_error (error, PH_ERROR_NO_CREDENTIALS, __VA_ARGS__), (PhSecret *) NULL)

/* Waits so that Ctrl-C is noticed. FALSE where it came. */
static gboolean
wait_readable (int fd)
{
  GPollFD cancelled = { .fd = -1 };
  struct pollfd wait[2] = { { .fd = fd, .events = POLLIN }, { .fd = -1, .events = POLLIN } };
  int n;

  if (g_cancellable_make_pollfd (tool_cancellable (), &cancelled))
    wait[1].fd = cancelled.fd;
  do
    n = poll (wait, 2, -1);
  while (n < 0 && errno == EINTR);
  if (wait[1].fd >= 0)
    g_cancellable_release_fd (tool_cancellable ());
  return !g_cancellable_is_cancelled (tool_cancellable ());
}

/* The first line, without its end. */
static PhSecret *
read_line (int fd, const char *what, const char *whence, GError **error)
{
  char buffer[LONGEST];
  gsize length = 0;
  char *end = NULL;
  PhSecret *secret;

  while (end == NULL && length < sizeof buffer)
    {
      gssize got;

      if (!wait_readable (fd))
        {
          ph_wipe (buffer, sizeof buffer);
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
          return NULL;
        }
      got = read (fd, buffer + length, sizeof buffer - length);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail (error, "can't read the %s from %s: %s", what, whence, g_strerror (errno));
      if (got == 0)
        break;
      end = memchr (buffer + length, '\n', (gsize) got);
      length += (gsize) got;
    }
  if (end == NULL && length == sizeof buffer)
    secret = fail (error, "the %s from %s is longer than %d octets", what, whence, LONGEST);
  else
    {
      length = end != NULL ? (gsize) (end - buffer) : length;
      if (length > 0 && buffer[length - 1] == '\r')
        length--;
      secret = length > 0 ? ph_secret_new_len (buffer, (gssize) length) : fail (error, "there is no %s in %s", what, whence);
    }
  ph_wipe (buffer, sizeof buffer);
  return secret;
}

static PhSecret *
read_file (const char *what, const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  PhSecret *secret;
  struct stat status;

  if (fd < 0)
    return fail (error, "can't open the %s file %s: %s", what, path, g_strerror (errno));
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && (status.st_mode & S_IROTH) != 0)
    tool_note ("warning: everybody on this machine can read the %s file %s", what, path);
  secret = read_line (fd, what, path, error);
  close (fd);
  return secret;
}

static PhSecret *
read_command (const char *what, const char *command, GError **error)
{
  g_autofree char *whence = g_strdup_printf ("the %s command", what);
  char *argv[] = { (char *) "/bin/sh", (char *) "-c", (char *) command, NULL };
  g_autoptr (GError) problem = NULL;
  g_autoptr (PhSecret) secret = NULL;
  int output = -1;
  int status = 0;
  GPid child;

  if (!g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, &child, NULL,
                                 &output, NULL, &problem))
    return fail (error, "can't run %s: %s", whence, problem->message);
  secret = read_line (output, what, whence, error);
  close (output);
  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid (child);
  if (secret == NULL || g_spawn_check_wait_status (status, &problem))
    return g_steal_pointer (&secret);
  return fail (error, "%s failed: %s", whence, problem->message);
}

static PhSecret *
ask (int terminal, const char *prompt, GError **error)
{
  struct termios before;
  struct termios silent;
  PhSecret *secret;

  if (tcgetattr (terminal, &before) != 0)
    return fail (error, "can't ask for a password on this terminal: %s", g_strerror (errno));
  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  silent.c_lflag |= ECHONL | ICANON | ISIG;
  tcsetattr (terminal, TCSAFLUSH, &silent);
  dprintf (terminal, "%s", prompt);
  secret = read_line (terminal, "password", "the terminal", error);
  tcsetattr (terminal, TCSAFLUSH, &before);
  if (secret == NULL)
    dprintf (terminal, "\n");
  return secret;
}

static int
open_terminal (void)
{
  return open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

gboolean
tool_can_ask (void)
{
  int terminal = open_terminal ();

  if (terminal >= 0)
    close (terminal);
  return terminal >= 0;
}

static gboolean
is_set (const char *variable)
{
  const char *value = g_getenv (variable);

  return value != NULL && *value != '\0';
}

/* NULL where it isn't set */
static PhSecret *
read_environment (const char *variable)
{
  return is_set (variable) ? ph_secret_new (g_getenv (variable)) : NULL;
}

/* Whether one was given; the person at the terminal is another matter. */
gboolean
tool_has_password (void)
{
  return tool_options.password_file != NULL || tool_options.password_command != NULL || is_set ("POSTHORN_PASSWORD");
}

gboolean
tool_has_token (void)
{
  return tool_options.token_file != NULL || tool_options.token_command != NULL || is_set ("POSTHORN_TOKEN");
}

PhSecret *
tool_read_token (GError **error)
{
  PhSecret *secret;

  if (tool_options.token_file != NULL)
    return read_file ("token", tool_options.token_file, error);
  if (tool_options.token_command != NULL)
    return read_command ("token", tool_options.token_command, error);
  secret = read_environment ("POSTHORN_TOKEN");
  return secret != NULL ? secret : fail (error, "there is no token: use --token-file or --token-command");
}

PhSecret *
tool_read_secret (const char *path, const char *prompt, GError **error)
{
  PhSecret *secret;
  int terminal;

  if (path != NULL)
    return read_file ("password", path, error);
  terminal = open_terminal ();
  if (terminal < 0)
    return fail (error, "there is no terminal to ask for a password on: use --password-file or --password-command");
  secret = ask (terminal, prompt, error);
  close (terminal);
  return secret;
}

/* From where the options say; PH_ERROR_NO_CREDENTIALS. */
PhSecret *
tool_read_password (const char *prompt, GError **error)
{
  PhSecret *secret;

  if (tool_options.password_file != NULL)
    return read_file ("password", tool_options.password_file, error);
  if (tool_options.password_command != NULL)
    return read_command ("password", tool_options.password_command, error);
  secret = read_environment ("POSTHORN_PASSWORD");
  return secret != NULL ? secret : tool_read_secret (NULL, prompt, error);
}
