/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shared epoll source, and the heap of deadlines in it. */
#include "transport/ph-deadlines.h"
#include "transport/ph-fd-connection.h"
#include "transport/ph-poller.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* A watched connection and its other end */
typedef struct {
  GMainContext *context;
  PhConnection *connection;
  PhWatch      *watch;
  int           peer;
  guint         n_calls;
  void        (*then) (gpointer self);
  gpointer      other;
} End;

static void
on_ready (gpointer user_data)
{
  End *self = user_data;

  self->n_calls++;
  if (self->then != NULL)
    self->then (self);
}

static void
end_init (End *self, GMainContext *context)
{
  g_autoptr (GError) error = NULL;
  int fds[2];

  *self = (End) { .context = context };
  g_assert_true (ph_socket_pair (fds, &error));
  self->peer = fds[1];
  self->connection = ph_connection_new_for_fd (fds[0], &error);
  g_assert_no_error (error);
  self->watch = ph_watch_new (context, self->connection, on_ready, self);
}

static void
end_clear (End *self)
{
  g_clear_pointer (&self->watch, ph_watch_free);
  g_clear_object (&self->connection);
  if (self->peer >= 0)
    close (self->peer);
}

static void
write_peer (End *self)
{
  g_assert_cmpint (write (self->peer, "x", 1), ==, 1);
}

static void
read_all (gpointer data)
{
  End *self = data;
  char buffer[64];

  while (ph_connection_try_read (self->connection, buffer, sizeof buffer, NULL) > 0)
    ;
}

static void
run_until_quiet (GMainContext *context)
{
  for (int i = 0; g_main_context_iteration (context, FALSE); i++)
    g_assert_cmpint (i, <, 1000);
}

static guint
count_epolls (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      n += target != NULL && strcmp (target, "anon_inode:[eventpoll]") == 0;
    }
  return n;
}

static void
test_many (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree End *ends = g_new0 (End, 1000);
  struct rlimit limit;
  guint before = count_epolls ();

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  for (int i = 0; i < 1000; i++)
    {
      end_init (&ends[i], context);
      ends[i].then = read_all;
      ph_watch_set (ends[i].watch, G_IO_IN, g_get_monotonic_time () + G_TIME_SPAN_HOUR + i);
    }
  g_assert_cmpuint (count_epolls (), ==, before + 1);
  run_until_quiet (context);
  for (int i = 0; i < 1000; i++)
    g_assert_cmpuint (ends[i].n_calls, ==, 0);

  for (int i = 0; i < 1000; i += 2)
    write_peer (&ends[i]);
  run_until_quiet (context);
  for (int i = 0; i < 1000; i++)
    g_assert_cmpuint (ends[i].n_calls, ==, i % 2 == 0);

  for (int i = 0; i < 1000; i++)
    end_clear (&ends[i]);
  g_assert_cmpuint (count_epolls (), ==, before);
}

static void
run_nested (gpointer data)
{
  End *self = data, *other = self->other;

  read_all (self);
  while (other->n_calls == 0)
    g_main_context_iteration (self->context, TRUE);
}

/* Both are ready at once; the first one waits for the second, which must not wait for the first. */
static void
test_nested (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End ends[2];

  for (int i = 0; i < 2; i++)
    {
      end_init (&ends[i], context);
      ends[i].then = read_all;
      write_peer (&ends[i]);
      ph_watch_set (ends[i].watch, G_IO_IN, 0);
    }
  ends[0].other = &ends[1];
  ends[0].then = run_nested;
  ends[1].other = &ends[0];
  run_until_quiet (context);
  g_assert_cmpuint (ends[0].n_calls, ==, 1);
  g_assert_cmpuint (ends[1].n_calls, ==, 1);

  /* and one that becomes ready only meanwhile */
  ends[0].n_calls = ends[1].n_calls = 0;
  ends[1].then = read_all;
  write_peer (&ends[0]);
  write_peer (&ends[1]);
  run_until_quiet (context);
  g_assert_cmpuint (ends[1].n_calls, ==, 1);
  end_clear (&ends[0]);
  end_clear (&ends[1]);
}

static void
run_nested_for_itself (gpointer data)
{
  End *self = data;

  read_all (self);
  if (self->n_calls > 1)
    return;
  write_peer (self);
  while (self->n_calls == 1)
    g_main_context_iteration (self->context, TRUE);
}

static void
test_nested_itself (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end;

  end_init (&end, context);
  end.then = run_nested_for_itself;
  write_peer (&end);
  ph_watch_set (end.watch, G_IO_IN, 0);
  run_until_quiet (context);
  g_assert_cmpuint (end.n_calls, ==, 2);
  end_clear (&end);
}

static void
free_both (gpointer data)
{
  End *self = data, *other = self->other;

  g_clear_pointer (&self->watch, ph_watch_free);
  g_clear_pointer (&other->watch, ph_watch_free);
}

static void
test_free (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End ends[2];

  for (int i = 0; i < 2; i++)
    {
      end_init (&ends[i], context);
      ends[i].other = &ends[1 - i];
      ends[i].then = free_both;
      write_peer (&ends[i]);
      ph_watch_set (ends[i].watch, G_IO_IN, 1);
    }
  run_until_quiet (context);
  g_assert_cmpuint (ends[0].n_calls + ends[1].n_calls, ==, 1);
  end_clear (&ends[0]);
  end_clear (&ends[1]);
}

static guint n_fired;
static End *fired[8];

static void
note_fired (gpointer data)
{
  fired[n_fired++] = data;
}

static void
test_deadlines (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gint64 now = g_get_monotonic_time ();
  End ends[5];

  n_fired = 0;
  for (int i = 0; i < 5; i++)
    {
      end_init (&ends[i], context);
      ends[i].then = note_fired;
    }
  ph_watch_set (ends[0].watch, G_IO_IN, now - 1);
  ph_watch_set (ends[1].watch, G_IO_IN, now - 3);
  ph_watch_set (ends[2].watch, G_IO_IN, now + G_TIME_SPAN_HOUR);
  ph_watch_set (ends[2].watch, G_IO_IN, now - 2); /* earlier */
  ph_watch_set (ends[3].watch, G_IO_IN, now - 4);
  ph_watch_set (ends[3].watch, G_IO_IN, now + G_TIME_SPAN_HOUR); /* later */
  ph_watch_set (ends[4].watch, G_IO_IN, now - 5);
  ph_watch_set (ends[4].watch, G_IO_IN, 0); /* none */
  run_until_quiet (context);
  g_assert_cmpuint (n_fired, ==, 3);
  g_assert_true (fired[0] == &ends[1] && fired[1] == &ends[2] && fired[2] == &ends[0]);

  /* one that lies ahead is waited for, and no longer */
  n_fired = 0;
  ph_watch_set (ends[4].watch, G_IO_IN, g_get_monotonic_time () + 5000);
  g_assert_false (g_main_context_iteration (context, FALSE));
  while (n_fired == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpint (g_get_monotonic_time (), >=, now + 5000);
  for (int i = 0; i < 5; i++)
    end_clear (&ends[i]);
}

/* Against the simplest thing that can be right: a look at all of them. */
static void
test_heap (void)
{
  PhDeadlines deadlines;
  PhDeadline items[100] = { 0 };
  GRand *random = g_rand_new_with_seed (7);

  ph_deadlines_init (&deadlines);
  for (int turn = 0; turn < 20000; turn++)
    {
      PhDeadline *item = &items[g_rand_int_range (random, 0, G_N_ELEMENTS (items))];
      gint64 now = g_rand_int_range (random, 1, 1000);
      PhDeadline *taken;
      gint64 earliest = G_MAXINT64;

      ph_deadlines_set (&deadlines, item, g_rand_int_range (random, 0, 4) == 0 ? 0 : g_rand_int_range (random, 1, 1000));
      if (turn % 3 != 0)
        continue;
      for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
        if (items[i].position > 0)
          earliest = MIN (earliest, items[i].time);
      g_assert_cmpint (ph_deadlines_get_earliest (&deadlines), <=, earliest);
      taken = ph_deadlines_take (&deadlines, now);
      if (earliest > now)
        g_assert_null (taken);
      else
        g_assert_cmpint (taken->time, ==, earliest);
    }
  ph_deadlines_clear (&deadlines);
  g_rand_free (random);
}

static void
test_plain_file (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PhConnection) connection G_GNUC_UNUSED = NULL;
  g_autofree char *path = NULL;
  End end = { .peer = -1, .context = context, .then = read_all };
  int fd = g_file_open_tmp ("posthorn-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_unlink (path);
  end.connection = ph_connection_new_for_fd (fd, &error);
  g_assert_no_error (error);
  end.watch = ph_watch_new (context, end.connection, on_ready, &end);
  ph_watch_set (end.watch, G_IO_IN, 0);
  while (end.n_calls < 3)
    g_main_context_iteration (context, FALSE);
  ph_watch_set (end.watch, 0, 0);
  run_until_quiet (context);
  end_clear (&end);
}

static void
test_no_descriptor (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data ("octets", 6, NULL);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream) stream = g_simple_io_stream_new (input, output);
  g_autoptr (GError) error = NULL;
  End end = { .peer = -1, .context = context };

  end.connection = ph_connection_new_for_stream (stream, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ph_connection_get_fd (end.connection, G_IO_IN), ==, -1);
  end.watch = ph_watch_new (context, end.connection, on_ready, &end);
  run_until_quiet (context);
  g_assert_cmpuint (end.n_calls, ==, 0);
  ph_watch_set (end.watch, G_IO_IN | G_IO_OUT, 0);
  while (end.n_calls == 0)
    g_main_context_iteration (context, TRUE);
  ph_watch_set (end.watch, 0, 0);
  run_until_quiet (context);
  end_clear (&end);
}

static gpointer
wake_from_thread (gpointer data)
{
  ph_watch_wake (((End *) data)->watch);
  return NULL;
}

static void
test_wake (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end;

  end_init (&end, context);
  for (guint i = 1; i <= 200; i++)
    {
      GThread *thread = g_thread_new ("wake", wake_from_thread, &end);

      while (end.n_calls < i)
        g_main_context_iteration (context, TRUE);
      g_thread_join (thread);
    }
  ph_watch_wake (end.watch);
  ph_watch_wake (end.watch);
  run_until_quiet (context);
  g_assert_cmpuint (end.n_calls, ==, 201);
  end_clear (&end);
}

static void
test_same_descriptor (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end, second;

  end_init (&end, context);
  second = end;
  second.watch = ph_watch_new (context, end.connection, on_ready, &second);
  ph_watch_set (end.watch, G_IO_IN, 0);
  ph_watch_set (second.watch, G_IO_IN, 0);
  write_peer (&end);
  g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (end.n_calls, ==, 1);
  g_assert_cmpuint (second.n_calls, ==, 1);

  g_clear_pointer (&end.watch, ph_watch_free);
  g_main_context_iteration (context, TRUE);
  g_assert_cmpuint (second.n_calls, ==, 2);
  g_clear_pointer (&second.watch, ph_watch_free);
  end_clear (&end);
}

static void
test_wanted (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End end;

  end_init (&end, context);
  write_peer (&end);
  run_until_quiet (context);
  g_assert_cmpuint (end.n_calls, ==, 0);

  ph_watch_set (end.watch, G_IO_OUT, 0);
  g_main_context_iteration (context, FALSE);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (end.n_calls, ==, 2);

  read_all (&end);
  ph_watch_set (end.watch, G_IO_IN, 0);
  run_until_quiet (context);
  g_assert_cmpuint (end.n_calls, ==, 2);
  ph_watch_set (end.watch, G_IO_IN | G_IO_OUT, 0);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (end.n_calls, ==, 3);

  /* a hangup must not spin where nothing is wanted */
  close (end.peer);
  end.peer = -1;
  ph_watch_set (end.watch, 0, 0);
  run_until_quiet (context);
  g_assert_cmpuint (end.n_calls, ==, 3);
  ph_watch_set (end.watch, G_IO_IN, 0);
  g_main_context_iteration (context, FALSE);
  g_assert_cmpuint (end.n_calls, ==, 4);
  end_clear (&end);
}

/* Closed before its watch was freed, while a duplicate keeps it alive: epoll would report it for ever. */
static void
test_closed_early (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End lost, other;
  int duplicate;

  end_init (&lost, context);
  end_init (&other, context);
  other.then = read_all;
  ph_watch_set (lost.watch, G_IO_IN, 0);
  ph_watch_set (other.watch, G_IO_IN, 0);
  duplicate = dup (ph_connection_get_fd (lost.connection, G_IO_IN));
  ph_connection_close (lost.connection);
  g_clear_pointer (&lost.watch, ph_watch_free);
  write_peer (&lost);
  run_until_quiet (context);
  g_assert_cmpuint (lost.n_calls, ==, 0);
  write_peer (&other);
  run_until_quiet (context);
  g_assert_cmpuint (other.n_calls, ==, 1);
  close (duplicate);
  end_clear (&lost);
  end_clear (&other);
}

/* The number of a closed descriptor is given to the next one: the late watch of the first must not take the second's place away. */
static void
test_number_again (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End first, second;
  int number;

  end_init (&first, context);
  ph_watch_set (first.watch, G_IO_IN, 0);
  number = ph_connection_get_fd (first.connection, G_IO_IN);
  ph_connection_close (first.connection);
  end_init (&second, context);
  g_assert_cmpint (ph_connection_get_fd (second.connection, G_IO_IN), ==, number);
  second.then = read_all;
  ph_watch_set (second.watch, G_IO_IN, 0);
  end_clear (&first);
  write_peer (&second);
  run_until_quiet (context);
  g_assert_cmpuint (second.n_calls, ==, 1);
  end_clear (&second);
}

static void
test_priority (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  End ends[2];

  n_fired = 0;
  for (int i = 0; i < 2; i++)
    {
      end_init (&ends[i], context);
      ends[i].then = note_fired;
      ph_watch_set (ends[i].watch, G_IO_IN, 1);
    }
  ph_watch_set_priority (ends[0].watch, G_PRIORITY_LOW);
  run_until_quiet (context);
  g_assert_cmpuint (n_fired, ==, 2);
  g_assert_true (fired[0] == &ends[1] && fired[1] == &ends[0]);
  ends[0].then = read_all;
  write_peer (&ends[0]);
  run_until_quiet (context);
  g_assert_cmpuint (ends[0].n_calls, ==, 2);
  end_clear (&ends[0]);
  end_clear (&ends[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/poller/a-thousand-connections-share-one-descriptor", test_many);
  g_test_add_func ("/poller/a-nested-loop-starves-nobody", test_nested);
  g_test_add_func ("/poller/a-nested-loop-serves-the-same-watch", test_nested_itself);
  g_test_add_func ("/poller/a-watch-freed-in-a-callback-is-not-called", test_free);
  g_test_add_func ("/poller/deadlines-pass-in-order-and-once", test_deadlines);
  g_test_add_func ("/poller/the-heap-finds-the-earliest", test_heap);
  g_test_add_func ("/poller/plain-files-get-plain-sources", test_plain_file);
  g_test_add_func ("/poller/connections-without-descriptor-get-plain-sources", test_no_descriptor);
  g_test_add_func ("/poller/any-thread-can-wake", test_wake);
  g_test_add_func ("/poller/two-watches-on-one-descriptor-work", test_same_descriptor);
  g_test_add_func ("/poller/only-what-is-wanted-calls", test_wanted);
  g_test_add_func ("/poller/an-early-close-does-not-spin", test_closed_early);
  g_test_add_func ("/poller/a-reused-number-is-not-taken-away", test_number_again);
  g_test_add_func ("/poller/priorities-are-kept-apart", test_priority);
  return g_test_run ();
}
