/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starts scripted-server.py for a C test and talks to it over its standard input and output. */
#include "ph-scripted-server.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

struct _PhScriptedServer {
  GSubprocess *process;
  GDataInputStream *output;
  char *where;    /* "40123", or the path of a unix socket */
};

static void
end_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static char *
read_line (PhScriptedServer *self)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (self->output, NULL, NULL, &error);

  g_assert_no_error (error);
  return line;
}

PhScriptedServer *
ph_scripted_server_new (const char *script, ...)
{
  PhScriptedServer *self = g_new0 (PhScriptedServer, 1);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  const char *option;
  va_list options;

  g_ptr_array_add (argv, (char *) PH_TEST_PYTHON);
  g_ptr_array_add (argv, (char *) PH_TEST_SCRIPTED_SERVER);
  g_ptr_array_add (argv, (char *) "--certificates=" PH_TEST_CERTIFICATES);
  g_ptr_array_add (argv, (char *) "--text");
  g_ptr_array_add (argv, (char *) script);
  va_start (options, script);
  while ((option = va_arg (options, const char *)) != NULL)
    g_ptr_array_add (argv, (char *) option);
  va_end (options);
  g_ptr_array_add (argv, NULL);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);

  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = read_line (self);
  if (line == NULL || strchr (line, ' ') == NULL)
    g_error ("the scripted server did not start: %s", ph_scripted_server_get_mismatch (self));
  self->where = g_strdup (strchr (line, ' ') + 1);
  return self;
}

guint16
ph_scripted_server_get_port (PhScriptedServer *self)
{
  return (guint16) g_ascii_strtoull (self->where, NULL, 10);
}

char *
ph_scripted_server_uri (PhScriptedServer *self, const char *base)
{
  return g_strconcat (base, ":", self->where, NULL);
}

void
ph_scripted_server_await (PhScriptedServer *self, const char *name)
{
  g_autofree char *line = read_line (self);

  if (g_strcmp0 (line, name) != 0)
    {
      g_autofree char *mismatch = ph_scripted_server_get_mismatch (self);
      g_error ("waited for “%s”, the scripted server said “%s”: %s", name, line ? line : "", mismatch ? mismatch : "");
    }
}

void
ph_scripted_server_release (PhScriptedServer *self, const char *name)
{
  g_autofree char *line = g_strconcat (name, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

char *
ph_scripted_server_get_mismatch (PhScriptedServer *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (self->process, NULL, NULL, NULL, &text, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_successful (self->process))
    return NULL;
  return g_steal_pointer (&text);
}

void
ph_scripted_server_finish (PhScriptedServer *self)
{
  g_autofree char *mismatch = ph_scripted_server_get_mismatch (self);

  if (mismatch != NULL)
    g_test_fail_printf ("%s", mismatch);
}

void
ph_scripted_server_free (PhScriptedServer *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->output);
  g_object_unref (self->process);
  g_free (self->where);
  g_free (self);
}

char *
ph_scripted_server_certificate (const char *name)
{
  return g_build_filename (PH_TEST_CERTIFICATES, name, NULL);
}
