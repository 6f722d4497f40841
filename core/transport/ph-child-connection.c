/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to a child process: one socket pair is its standard input and output. */
#include "transport/ph-child-connection.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define DEFAULT_GRACE 5000

struct _PhChildConnection {
  PhFdConnection parent_instance;

  GSubprocess *process;
  guint        grace;
};

static void ph_child_connection_implement (PhConnectionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhChildConnection, ph_child_connection, PH_TYPE_FD_CONNECTION,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_CONNECTION, ph_child_connection_implement))

typedef struct {
  GSubprocess *process;
  guint        grace;
  int          signal; /* the last one sent */
  gboolean     ended;
} Farewell;

static gboolean
on_patience_ended (gpointer user_data)
{
  Farewell *self = user_data;

  self->signal = self->signal == 0 ? SIGTERM : SIGKILL;
  g_subprocess_send_signal (self->process, self->signal);
  return self->signal == SIGKILL ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
on_ended (GObject *process, GAsyncResult *result, gpointer user_data)
{
  Farewell *self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  self->ended = TRUE;
}

/* Close () may not wait, and the program may have no main loop: a thread that lives until the child is gone. */
static gpointer
see_off (gpointer data)
{
  Farewell *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) timer = g_timeout_source_new (self->grace);

  g_main_context_push_thread_default (context);
  g_source_set_callback (timer, on_patience_ended, self, NULL);
  g_source_attach (timer, context);
  g_subprocess_wait_async (self->process, NULL, on_ended, self);
  while (!self->ended)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (timer);
  g_main_context_pop_thread_default (context);
  g_object_unref (self->process);
  g_free (self);
  return NULL;
}

/* GSubprocess reaps it, by a descriptor of its own where the system has them: no handler of the program's for SIGCHLD is touched. */
static void
ph_child_connection_close (PhConnection *connection)
{
  PhChildConnection *self = PH_CHILD_CONNECTION (connection);
  g_autoptr (GSubprocess) process = g_steal_pointer (&self->process);
  Farewell *farewell;
  GThread *thread;

  ph_fd_connection_shut (PH_FD_CONNECTION (self));
  if (process == NULL || g_subprocess_get_identifier (process) == NULL)
    return;

  farewell = g_new0 (Farewell, 1);
  farewell->process = g_object_ref (process);
  farewell->grace = self->grace;
  thread = g_thread_try_new ("posthorn-child", see_off, farewell, NULL);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }
  g_subprocess_send_signal (process, SIGTERM);
  g_object_unref (farewell->process);
  g_free (farewell);
}

static void
ph_child_connection_finalize (GObject *object)
{
  ph_child_connection_close (PH_CONNECTION (object));
  G_OBJECT_CLASS (ph_child_connection_parent_class)->finalize (object);
}

static void
ph_child_connection_class_init (PhChildConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_child_connection_finalize;
}

static void
ph_child_connection_implement (PhConnectionInterface *iface)
{
  iface->close = ph_child_connection_close;
}

static void
ph_child_connection_init (PhChildConnection *self)
{
  self->grace = DEFAULT_GRACE;
}

void
ph_child_connection_set_grace (PhChildConnection *self, guint grace)
{
  self->grace = grace;
}

const char *
ph_child_connection_get_identifier (PhChildConnection *self)
{
  return self->process == NULL ? NULL : g_subprocess_get_identifier (self->process);
}

/* GLib's own text names the program again, in other words: the system's reason is enough where there is one. */
static void
explain (GError **error, const char *program, const GError *reason)
{
  static const struct { int code, system; } reasons[] = {
    { G_SPAWN_ERROR_NOENT, ENOENT },   { G_SPAWN_ERROR_ACCES, EACCES }, { G_SPAWN_ERROR_PERM, EPERM },
    { G_SPAWN_ERROR_NOEXEC, ENOEXEC }, { G_SPAWN_ERROR_ISDIR, EISDIR },
  };
  const char *text = reason->message;

  for (gsize i = 0; reason->domain == G_SPAWN_ERROR && i < G_N_ELEMENTS (reasons); i++)
    if (reason->code == reasons[i].code)
      text = g_strerror (reasons[i].system);
  g_set_error (error, PH_ERROR, PH_ERROR_CONNECT, "The program %s could not be started: %s", program, text);
}

/**
 * ph_connection_new_for_command:
 * @argv: (array zero-terminated=1): the program, looked for in `PATH`, and its
 *   arguments
 * @error: return location for an error
 *
 * Starts a program and makes a connection of its standard input and output,
 * such as `dovecot --exec-mail imap` or `ssh mail.example.org imapd`. Its
 * standard error stays this process'. Such a connection counts as local.
 *
 * Closing the connection ends the program's input. A program that goes on
 * nevertheless is terminated after five seconds, and killed after another five.
 *
 * @argv must never be made of a URI that came from a file or a server.
 *
 * Returns: (transfer full): a new connection, or %NULL with %PH_ERROR_CONNECT
 */
PhConnection *
ph_connection_new_for_command (const char *const *argv, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (PhChildConnection) self = NULL;
  g_autoptr (GError) reason = NULL;
  int fds[2], output;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  if (!ph_socket_pair (fds, error))
    return NULL;
  self = g_object_new (PH_TYPE_CHILD_CONNECTION, NULL);
  if (!ph_fd_connection_take (PH_FD_CONNECTION (self), fds[0], error))
    {
      close (fds[0]);
      close (fds[1]);
      return NULL;
    }
  ph_fd_connection_set_name (PH_FD_CONNECTION (self), argv[0]);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_take_stdin_fd (launcher, fds[1]);
  output = fcntl (fds[1], F_DUPFD_CLOEXEC, 3);
  if (output < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_CONNECT, "The program %s could not be started: %s", argv[0], g_strerror (errno));
      return NULL;
    }
  g_subprocess_launcher_take_stdout_fd (launcher, output);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &reason);
  if (self->process == NULL)
    {
      explain (error, argv[0], reason);
      return NULL;
    }
  return PH_CONNECTION (g_steal_pointer (&self));
}
