/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections of descriptors, child processes and streams. */
#include "transport/ph-child-connection.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static gboolean
on_ready (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* By a source, as connections without a descriptor are waited for; those with one have sources, too. */
static void
wait_for (PhConnection *connection, GIOCondition condition)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = ph_connection_create_source (connection, condition);
  gboolean is_ready = FALSE;

  g_source_set_callback (source, on_ready, &is_ready, NULL);
  g_source_attach (source, context);
  while (!is_ready)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
}

static void
write_all (PhConnection *connection, const char *data, gsize length)
{
  while (length > 0)
    {
      g_autoptr (GError) error = NULL;
      gssize n = ph_connection_try_write (connection, data, length, &error);

      if (n < 0)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
          wait_for (connection, G_IO_OUT);
          continue;
        }
      data += n;
      length -= n;
    }
}

/* Up to @length octets, or the end */
static GString *
read_all (PhConnection *connection, gsize length, GError **error)
{
  GString *result = g_string_new (NULL);
  char buffer[1000];

  while (result->len < length)
    {
      g_autoptr (GError) reason = NULL;
      gssize n = ph_connection_try_read (connection, buffer, MIN (sizeof buffer, length - result->len), &reason);

      if (n == 0)
        break;
      if (n > 0)
        g_string_append_len (result, buffer, n);
      else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        wait_for (connection, G_IO_IN);
      else
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          break;
        }
    }
  return result;
}

static void
expect (PhConnection *connection, const char *text)
{
  g_autoptr (GError) error = NULL;
  GString *read = read_all (connection, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->str, ==, text);
  g_string_free (read, TRUE);
}

static void
expect_end (PhConnection *connection)
{
  g_autoptr (GError) error = NULL;
  GString *read = read_all (connection, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 0);
  g_string_free (read, TRUE);
}

static void
expect_closed (PhConnection *connection)
{
  g_autoptr (GError) error = NULL;
  char octet;

  g_assert_cmpint (ph_connection_try_read (connection, &octet, 1, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpint (ph_connection_try_write (connection, "x", 1, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static PhConnection *
new_for_fd (int fd)
{
  g_autoptr (GError) error = NULL;
  PhConnection *connection = ph_connection_new_for_fd (fd, &error);

  g_assert_no_error (error);
  return connection;
}

static void
test_socket (void)
{
  g_autoptr (PhConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  char octet;
  int fds[2];

  g_assert_true (ph_socket_pair (fds, &error));
  connection = new_for_fd (fds[0]);
  name = ph_connection_describe (connection);
  g_assert_cmpstr (name, ==, "a local socket");
  g_assert_true (ph_connection_is_local (connection));
  g_assert_false (ph_connection_is_loopback (connection));
  g_assert_cmpint (fcntl (fds[0], F_GETFL) & O_NONBLOCK, !=, 0);
  g_assert_cmpint (fcntl (fds[0], F_GETFD) & FD_CLOEXEC, !=, 0);

  g_assert_cmpint (ph_connection_try_read (connection, &octet, 1, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_clear_error (&error);
  g_assert_cmpint (write (fds[1], "hello", 5), ==, 5);
  expect (connection, "hello");

  /* the peer goes: an end for who reads, an error and no signal for who writes */
  close (fds[1]);
  expect_end (connection);
  g_assert_cmpint (ph_connection_try_write (connection, "x", 1, &error), ==, -1);
  g_assert_error (error, PH_ERROR, PH_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, "The connection to a local socket was lost: Broken pipe");
  ph_connection_close (connection);
  expect_closed (connection);
}

static void
test_pipe (void)
{
  g_autoptr (PhConnection) reading = NULL, writing = NULL;
  g_autoptr (GError) error = NULL;
  sigset_t pending;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  reading = new_for_fd (fds[0]);
  writing = new_for_fd (fds[1]);
  g_assert_true (ph_connection_is_local (writing));
  write_all (writing, "hello", 5);
  expect (reading, "hello");
  ph_connection_close (reading);
  signal (SIGPIPE, SIG_DFL);
  g_assert_cmpint (ph_connection_try_write (writing, "x", 1, &error), ==, -1);
  g_assert_error (error, PH_ERROR, PH_ERROR_CLOSED);
  sigpending (&pending);
  g_assert_false (sigismember (&pending, SIGPIPE));
}

static void
expect_refused (int fd)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_connection_new_for_fd (fd, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_useless_descriptors (void)
{
  int fds[2];
  int lonely = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  expect_refused (-1);
  expect_refused (lonely);
  g_assert_cmpint (listen (lonely, 1), ==, 0);
  expect_refused (lonely);
  close (lonely);
  expect_refused (lonely);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_DGRAM, 0, fds), ==, 0);
  expect_refused (fds[0]);
  close (fds[0]);
  close (fds[1]);
}

/* GLib reaps children in a thread of its own. */
static void
expect_gone (GPid pid)
{
  while (kill (pid, 0) == 0)
    g_thread_yield ();
  g_assert_cmpint (errno, ==, ESRCH);
}

static GPid
get_pid (PhConnection *connection)
{
  return (GPid) g_ascii_strtoll (ph_child_connection_get_identifier (PH_CHILD_CONNECTION (connection)), NULL, 10);
}

static PhConnection *
start (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  PhConnection *connection = ph_connection_new_for_command (argv, &error);

  g_assert_no_error (error);
  return connection;
}

static void
test_child (void)
{
  g_autoptr (PhConnection) connection = start ((const char *const[]) { "cat", NULL });
  g_autofree char *name = ph_connection_describe (connection);
  GPid pid = get_pid (connection);

  g_assert_true (ph_connection_is_local (connection));
  g_assert_cmpstr (name, ==, "cat");
  write_all (connection, "hello", 5);
  expect (connection, "hello");
  ph_connection_close (connection);
  expect_closed (connection);
  expect_gone (pid);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_child_ends (void)
{
  g_autoptr (PhConnection) connection = start ((const char *const[]) { "sh", "-c", "read line; echo \"you said $line\"", NULL });

  write_all (connection, "hi\n", 3);
  expect (connection, "you said hi\n");
  expect_end (connection);
  ph_connection_close (connection);
}

static void
test_child_dropped (void)
{
  PhConnection *connection = start ((const char *const[]) { "cat", NULL });
  GPid pid = get_pid (connection);

  g_object_unref (connection);
  expect_gone (pid);
}

/* One that neither reads nor heeds SIGTERM */
static void
test_stubborn_child (void)
{
  g_autoptr (PhConnection) connection = start ((const char *const[]) { "sh", "-c", "trap '' TERM; echo go; exec sleep 1000", NULL });
  GPid pid = get_pid (connection);

  expect (connection, "go\n");
  ph_child_connection_set_grace (PH_CHILD_CONNECTION (connection), 10);
  ph_connection_close (connection);
  expect_gone (pid);
}

static void
test_missing_program (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_connection_new_for_command ((const char *const[]) { "/nonexistent/imapd", "--stdio", NULL }, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_CONNECT);
  g_assert_cmpstr (error->message, ==, "The program /nonexistent/imapd could not be started: No such file or directory");
}

static PhConnection *
new_for_stream (GIOStream *stream)
{
  g_autoptr (GError) error = NULL;
  PhConnection *connection = ph_connection_new_for_stream (stream, &error);

  g_assert_no_error (error);
  return connection;
}

static void
test_socket_stream (void)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (PhConnection) connection = NULL;
  char octet;
  int fds[2];

  g_assert_true (ph_socket_pair (fds, NULL));
  socket = g_socket_new_from_fd (fds[0], NULL);
  stream = g_socket_connection_factory_create_connection (socket);
  connection = new_for_stream (G_IO_STREAM (stream));
  g_assert_true (ph_connection_is_local (connection));
  g_assert_cmpint (ph_connection_get_fd (connection, G_IO_IN), >=, 0);
  write_all (connection, "hello", 5);
  g_assert_cmpint (read (fds[1], &octet, 1), ==, 1);
  g_assert_cmpint (write (fds[1], "back", 4), ==, 4);
  expect (connection, "back");

  /* the caller's reference does not keep it open */
  ph_connection_close (connection);
  expect_closed (connection);
  while (read (fds[1], &octet, 1) > 0)
    ;
  close (fds[1]);
}

/* Two pipes, as GLib's own streams for descriptors: pollable, without a socket */
static GIOStream *
new_pipe_stream (int *from, int *to, gboolean is_pollable)
{
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  int in[2], out[2];

  g_assert_cmpint (pipe (in), ==, 0);
  g_assert_cmpint (pipe (out), ==, 0);
  *to = in[1];
  *from = out[0];
  input = g_unix_input_stream_new (in[0], TRUE);
  output = g_unix_output_stream_new (out[1], TRUE);
  if (!is_pollable)
    {
      g_autoptr (GInputStream) base_input = g_steal_pointer (&input);
      g_autoptr (GOutputStream) base_output = g_steal_pointer (&output);

      input = g_buffered_input_stream_new (base_input);
      output = g_buffered_output_stream_new (base_output);
    }
  return g_simple_io_stream_new (input, output);
}

static gpointer
echo (gpointer data)
{
  const int *fds = data;
  char buffer[4096];
  gssize n;

  while ((n = read (fds[0], buffer, sizeof buffer)) > 0)
    for (gssize done = 0; done < n;)
      done += write (fds[1], buffer + done, n - done);
  close (fds[0]);
  close (fds[1]);
  return NULL;
}


static void
test_stream (gconstpointer is_pollable)
{
  int fds[2];
  g_autoptr (GIOStream) stream = new_pipe_stream (&fds[0], &fds[1], is_pollable != NULL);
  g_autoptr (PhConnection) connection = new_for_stream (stream);
  GThread *thread = g_thread_new ("echo", echo, fds);

  g_assert_false (ph_connection_is_local (connection));
  g_assert_false (ph_connection_is_loopback (connection));
  g_assert_cmpint (ph_connection_get_fd (connection, G_IO_IN) >= 0, ==, is_pollable == NULL);
  for (int i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strnfill (i * 100 + 1, 'a' + i % 26);

      write_all (connection, text, strlen (text));
      expect (connection, text);
    }
  ph_connection_close (connection);
  expect_closed (connection);
  g_thread_join (thread);
}

/* What was written before close () still goes out. */
static void
test_pump_flushes (void)
{
  int from, to;
  g_autoptr (GIOStream) stream = new_pipe_stream (&from, &to, FALSE);
  PhConnection *connection = new_for_stream (stream);
  g_autoptr (GString) read_text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  write_all (connection, "* BYE", 5);
  ph_connection_close (connection);
  g_object_unref (connection);
  g_clear_object (&stream);
  while ((n = read (from, buffer, sizeof buffer)) > 0)
    g_string_append_len (read_text, buffer, n);
  g_assert_cmpstr (read_text->str, ==, "* BYE");
  close (from);
  close (to);
}

static void
test_stream_ends (gconstpointer is_pollable)
{
  int from, to;
  g_autoptr (GIOStream) stream = new_pipe_stream (&from, &to, is_pollable != NULL);
  g_autoptr (PhConnection) connection = new_for_stream (stream);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (write (to, "last", 4), ==, 4);
  close (to);
  expect (connection, "last");
  expect_end (connection);

  /* and where nobody reads any more, writing fails sooner or later */
  close (from);
  while (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_clear_error (&error);
      ph_connection_try_write (connection, "x", 1, &error);
    }
  g_assert_error (error, PH_ERROR, PH_ERROR_CLOSED);
  g_assert_nonnull (strstr (error->message, "Broken pipe"));
}

static void
test_closed_stream (void)
{
  int from, to;
  g_autoptr (GIOStream) stream = new_pipe_stream (&from, &to, TRUE);
  g_autoptr (GError) error = NULL;

  g_io_stream_close (stream, NULL, NULL);
  g_assert_null (ph_connection_new_for_stream (stream, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  close (from);
  close (to);
}

int
main (int argc, char **argv)
{
  signal (SIGPIPE, SIG_IGN); /* of the tests' own pipes; where it matters, a test resets it */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection/a-socket-is-read-and-written", test_socket);
  g_test_add_func ("/connection/a-broken-pipe-is-an-error-and-no-signal", test_pipe);
  g_test_add_func ("/connection/useless-descriptors-are-refused", test_useless_descriptors);
  g_test_add_func ("/connection/a-child-talks-and-leaves-no-zombie", test_child);
  g_test_add_func ("/connection/a-childs-end-is-the-end", test_child_ends);
  g_test_add_func ("/connection/a-dropped-child-ends", test_child_dropped);
  g_test_add_func ("/connection/a-stubborn-child-is-killed", test_stubborn_child);
  g_test_add_func ("/connection/a-missing-program-is-named", test_missing_program);
  g_test_add_func ("/connection/a-socket-stream-is-its-socket", test_socket_stream);
  g_test_add_data_func ("/connection/a-stream-passes-octets/pollable", "", test_stream);
  g_test_add_data_func ("/connection/a-stream-passes-octets/pumped", NULL, test_stream);
  g_test_add_data_func ("/connection/a-streams-end-is-the-end/pollable", "", test_stream_ends);
  g_test_add_data_func ("/connection/a-streams-end-is-the-end/pumped", NULL, test_stream_ends);
  g_test_add_func ("/connection/a-pump-writes-what-is-left", test_pump_flushes);
  g_test_add_func ("/connection/a-closed-stream-is-refused", test_closed_stream);
  return g_test_run ();
}
