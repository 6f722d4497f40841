/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBody: every kind gives the same octets by every way of reading, and never waits where it must not. */
#include <posthorn/posthorn.h>

#include "ph-await.h"
#include "values/ph-body-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>

static const char message[] = "Subject: x\r\n\r\nEin Gru\303\237.\r\n";
#define MESSAGE_LENGTH ((gssize) sizeof message - 1)

typedef struct {
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("ph-body-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "message", NULL);
  g_file_set_contents (fixture->path, message, MESSAGE_LENGTH, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_remove (fixture->path);
  g_rmdir (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static GString *
read_all (PhBody *body, gsize piece)
{
  GString *all = g_string_new (NULL);
  g_autofree char *buffer = g_malloc (piece);

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gssize n = ph_body_read (body, buffer, piece, &error);

      g_assert_no_error (error);
      if (n == 0)
        return all;
      g_string_append_len (all, buffer, n);
    }
}

static GString *
read_all_blocking (PhBody *body, gsize piece)
{
  GString *all = g_string_new (NULL);
  g_autofree char *buffer = g_malloc (piece);

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gssize n = ph_body_read_blocking (body, buffer, piece, NULL, &error);

      g_assert_no_error (error);
      if (n == 0)
        return all;
      g_string_append_len (all, buffer, n);
    }
}

static GBytes *
read_async (PhBody *body, gsize piece, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ph_body_read_async (body, piece, cancellable, ph_keep_result, &result);
  ph_await_result (&result);
  return ph_body_read_finish (body, result, error);
}

static GString *
read_all_async (PhBody *body, gsize piece)
{
  GString *all = g_string_new (NULL);

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = read_async (body, piece, NULL, &error);

      g_assert_no_error (error);
      if (g_bytes_get_size (bytes) == 0)
        return all;
      g_string_append_len (all, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
}

static void
check_message (GString *all)
{
  g_assert_cmpmem (all->str, all->len, message, (gsize) MESSAGE_LENGTH);
  g_string_free (all, TRUE);
}

/* By each way, in small and in large pieces, with a rewind between. */
static void
check_rewindable (PhBody *body)
{
  static const gsize pieces[] = { 1, 5, 4096 };

  g_assert_cmpint (ph_body_get_size (body), ==, MESSAGE_LENGTH);
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      if (!ph_body_is_async (body))
        check_message (read_all (body, pieces[i]));
      g_assert_true (ph_body_rewind (body));
      check_message (read_all_blocking (body, pieces[i]));
      g_assert_true (ph_body_rewind (body));
      check_message (read_all_async (body, pieces[i]));
      g_assert_true (ph_body_rewind (body));
    }
  g_assert_cmpint (ph_body_get_size (body), ==, MESSAGE_LENGTH);
}

static void
test_bytes (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (message, MESSAGE_LENGTH);
  g_autoptr (PhBody) body = ph_body_new_for_bytes (bytes);

  g_assert_true (ph_body_get_bytes (body) == bytes);
  g_autoptr (PhBody) text = ph_body_new_for_text (message);
  g_autoptr (PhBody) empty = ph_body_new_for_text ("");
  char c;

  check_rewindable (body);
  check_rewindable (text);
  g_assert_cmpint (ph_body_get_size (empty), ==, 0);
  g_assert_cmpint (ph_body_read (empty, &c, 1, NULL), ==, 0);
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhBody) body = ph_body_new_for_file (file, &error);

  g_assert_no_error (error);
  g_assert_false (ph_body_is_async (body));
  check_rewindable (body);
}

static void
test_missing_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) directory = g_file_new_for_path (fixture->directory);
  g_autoptr (GFile) missing = g_file_get_child (directory, "missing");
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_body_new_for_file (missing, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
  g_assert_nonnull (strstr (error->message, "missing"));
  g_clear_error (&error);
  g_assert_null (ph_body_new_for_file (directory, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
  g_clear_error (&error);
  g_assert_null (ph_body_new_for_fd (-1, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
}

/* From where it stands, and the offset that the caller shares stays where it was. */
static void
test_file_descriptor (Fixture *fixture, gconstpointer data)
{
  int fd = open (fixture->path, O_RDONLY | O_CLOEXEC);
  g_autoptr (PhBody) body = NULL;
  GString *all;
  char c;

  g_assert_cmpint (read (fd, &c, 1), ==, 1);
  body = ph_body_new_for_fd (fd, NULL);
  g_assert_cmpint (ph_body_get_size (body), ==, MESSAGE_LENGTH - 1);
  for (int i = 0; i < 2; i++)
    {
      all = read_all (body, 7);
      g_assert_cmpmem (all->str, all->len, message + 1, (gsize) MESSAGE_LENGTH - 1);
      g_string_free (all, TRUE);
      g_assert_true (ph_body_rewind (body));
    }
  g_assert_cmpint (lseek (fd, 0, SEEK_CUR), ==, 1);
  close (fd);
  all = read_all (body, 7);
  g_assert_cmpuint (all->len, ==, MESSAGE_LENGTH - 1);
  g_string_free (all, TRUE);
}

static void
check_pipe (int read_end, int write_end)
{
  g_autoptr (PhBody) body = ph_body_new_for_fd (read_end, NULL);
  g_autoptr (GError) error = NULL;
  char buffer[16];
  gssize n;

  g_assert_cmpint (ph_body_get_size (body), ==, -1);
  g_assert_false (ph_body_is_async (body));
  g_assert_true (ph_body_rewind (body));
  g_assert_cmpint (ph_body_read (body, buffer, sizeof buffer, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_cmpint (fcntl (read_end, F_GETFL) & O_NONBLOCK, ==, 0);
  close (read_end);

  g_assert_cmpint (write (write_end, "abc", 3), ==, 3);
  n = ph_body_read (body, buffer, sizeof buffer, NULL);
  g_assert_cmpmem (buffer, (gsize) n, "abc", 3);
  g_assert_false (ph_body_rewind (body));
  close (write_end);
  g_assert_cmpint (ph_body_read (body, buffer, sizeof buffer, NULL), ==, 0);
}

static void
test_pipe (void)
{
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  check_pipe (fds[0], fds[1]);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  check_pipe (fds[0], fds[1]);
}

static gboolean
note (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
fires (PhBody *body, gboolean may_block)
{
  g_autoptr (GSource) source = ph_body_create_source (body);
  gboolean fired = FALSE;

  g_source_set_callback (source, note, &fired, NULL);
  g_source_attach (source, NULL);
  do
    g_main_context_iteration (NULL, may_block);
  while (may_block && !fired);
  g_source_destroy (source);
  return fired;
}

static void
test_source (void)
{
  g_autoptr (PhBody) bytes = ph_body_new_for_text ("x");
  g_autoptr (PhBody) body = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (PhBody) stream_body = NULL;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  body = ph_body_new_for_fd (fds[0], NULL);
  stream = g_unix_input_stream_new (fds[0], TRUE);
  stream_body = ph_body_new_for_stream (stream, -1);
  g_assert_false (ph_body_is_async (stream_body));
  g_assert_false (fires (body, FALSE));
  g_assert_false (fires (stream_body, FALSE));
  g_assert_cmpint (write (fds[1], "x", 1), ==, 1);
  g_assert_true (fires (body, TRUE));
  g_assert_true (fires (stream_body, TRUE));
  close (fds[1]);
  g_assert_true (fires (bytes, TRUE));
}

static gboolean
write_rest (gpointer user_data)
{
  int fd = GPOINTER_TO_INT (user_data);

  g_assert_cmpint (write (fd, message + 3, (size_t) MESSAGE_LENGTH - 3), ==, MESSAGE_LENGTH - 3);
  close (fd);
  return G_SOURCE_REMOVE;
}

static void
test_pipe_async (void)
{
  g_autoptr (PhBody) body = NULL;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  body = ph_body_new_for_fd (fds[0], NULL);
  close (fds[0]);
  g_assert_cmpint (write (fds[1], message, 3), ==, 3);
  g_idle_add_full (G_PRIORITY_LOW, write_rest, GINT_TO_POINTER (fds[1]), NULL);
  check_message (read_all_async (body, 3));
}

static gpointer
write_from_thread (gpointer user_data)
{
  write_rest (user_data);
  return NULL;
}

static void
test_pipe_blocking (void)
{
  g_autoptr (PhBody) body = NULL;
  GThread *thread;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  body = ph_body_new_for_fd (fds[0], NULL);
  close (fds[0]);
  g_assert_cmpint (write (fds[1], message, 3), ==, 3);
  thread = g_thread_new ("writer", write_from_thread, GINT_TO_POINTER (fds[1]));
  check_message (read_all_blocking (body, 5));
  g_thread_join (thread);
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancelling (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) done = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PhBody) body = NULL;
  GThread *thread;
  char c;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  body = ph_body_new_for_fd (fds[0], NULL);
  g_idle_add_full (G_PRIORITY_LOW, cancel, cancellable, NULL);
  g_assert_null (read_async (body, 5, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (ph_body_read_blocking (body, &c, 1, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  thread = g_thread_new ("canceller", (GThreadFunc) (void *) cancel, done);
  g_assert_cmpint (ph_body_read_blocking (body, &c, 1, done, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);
}

static void
test_memory_stream (void)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (message, MESSAGE_LENGTH, NULL);
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, -1);

  g_assert_false (ph_body_is_async (body));
  check_rewindable (body);
}

static void
test_file_stream (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr (PhBody) body = NULL;

  body = ph_body_new_for_stream (G_INPUT_STREAM (stream), -1);
  g_assert_false (ph_body_is_async (body));
  check_rewindable (body);
}

/* A stream that can't be polled: only the asynchronous calls read it, and the blocking one. */
static void
test_other_stream (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GInputStream) base = g_memory_input_stream_new_from_data (message, MESSAGE_LENGTH, NULL);
  g_autoptr (GInputStream) stream = g_buffered_input_stream_new (base);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, MESSAGE_LENGTH);
  char c;

  g_assert_true (ph_body_is_async (body));
  g_assert_cmpint (ph_body_read (body, &c, 1, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  check_rewindable (body);
}

static void
test_broken_stream (void)
{
  g_autoptr (GInputStream) base = g_memory_input_stream_new_from_data (message, MESSAGE_LENGTH, NULL);
  g_autoptr (GInputStream) stream = g_buffered_input_stream_new (base);
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, -1);
  g_autoptr (GError) error = NULL;
  char c;

  g_assert_cmpint (ph_body_get_size (body), ==, -1);
  g_input_stream_close (stream, NULL, NULL);
  g_assert_cmpint (ph_body_read_blocking (body, &c, 1, NULL, &error), ==, -1);
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
  g_clear_error (&error);
  g_assert_null (read_async (body, 1, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
test_closed_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr (PhBody) body = ph_body_new_for_closed_file (file);
  guint n_before = count_descriptors ();

  g_assert_cmpint (ph_body_get_size (body), ==, MESSAGE_LENGTH);
  g_assert_cmpuint (count_descriptors (), ==, n_before + 1);
  for (guint i = 0; i < 2; i++)
    {
      GString *all = read_all (body, 5);

      g_assert_cmpstr (all->str, ==, message);
      g_string_free (all, TRUE);
      g_assert_cmpuint (count_descriptors (), ==, n_before);
      g_assert_cmpint (ph_body_get_size (body), ==, MESSAGE_LENGTH);
      g_assert_true (ph_body_rewind (body));
    }
  g_assert_cmpint (ph_body_read (body, (char[4]){ 0 }, 4, NULL), ==, 4);
  g_assert_cmpuint (count_descriptors (), ==, n_before + 1);
  g_assert_true (ph_body_rewind (body));
  g_assert_cmpuint (count_descriptors (), ==, n_before);
}

static void
test_closed_file_that_went (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr (PhBody) body = ph_body_new_for_closed_file (file);
  g_autoptr (GError) error = NULL;
  char octet;

  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  g_assert_false (ph_body_open (body, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_BODY);
  g_assert_cmpint (ph_body_get_size (body), ==, -1);
  g_assert_cmpint (ph_body_read (body, &octet, 1, NULL), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/body/bytes-and-text", test_bytes);
  g_test_add ("/body/file", Fixture, NULL, set_up, test_file, tear_down);
  g_test_add ("/body/what-cannot-be-opened-is-an-error", Fixture, NULL, set_up, test_missing_file, tear_down);
  g_test_add ("/body/closed-file-is-open-only-while-it-is-read", Fixture, NULL, set_up, test_closed_file, tear_down);
  g_test_add ("/body/closed-file-that-went", Fixture, NULL, set_up, test_closed_file_that_went, tear_down);
  g_test_add ("/body/descriptor-of-a-file", Fixture, NULL, set_up, test_file_descriptor, tear_down);
  g_test_add_func ("/body/pipe-never-waits", test_pipe);
  g_test_add_func ("/body/source-fires-when-readable", test_source);
  g_test_add_func ("/body/pipe-asynchronously", test_pipe_async);
  g_test_add_func ("/body/pipe-blocking", test_pipe_blocking);
  g_test_add_func ("/body/cancelling", test_cancelling);
  g_test_add_func ("/body/memory-stream", test_memory_stream);
  g_test_add ("/body/file-stream", Fixture, NULL, set_up, test_file_stream, tear_down);
  g_test_add ("/body/stream-that-cannot-be-polled", Fixture, NULL, set_up, test_other_stream, tear_down);
  g_test_add_func ("/body/broken-stream-is-an-error", test_broken_stream);
  return g_test_run ();
}
