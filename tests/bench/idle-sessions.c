/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ten thousand sessions in IDLE on one thread, against a bare server in a process of its own: memory of one session, and the time until an
 * event of one of them reaches the program, among ten sessions and among all.
 *
 *   idle-sessions [N]
 */
#include <posthorn/posthorn.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WARM 10
#define AT_ONCE 100
#define N_EVENTS 200

/* --- the server: answers each line at once, and says EXISTS where it is told to --- */

typedef struct {
  int  fd;
  char line[256];
  int  length;
} Client;

static void
say (int fd, const char *text)
{
  gsize length = strlen (text);

  if (write (fd, text, length) != (gssize) length)
    _exit (3);
}

static void
answer (Client *client)
{
  char tag[32] = "", verb[32] = "", reply[512];

  if (strcmp (client->line, "DONE") == 0)
    return;
  sscanf (client->line, "%31s %31s", tag, verb);
  if (strcmp (verb, "IDLE") == 0)
    {
      say (client->fd, "+ idling\r\n");
      return;
    }
  g_snprintf (reply, sizeof reply, "%s%s OK done\r\n",
              strcmp (verb, "SELECT") == 0 ? "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n" : "", tag);
  say (client->fd, reply);
}

static void
hear (Client *client)
{
  char octets[4096];
  gssize n = read (client->fd, octets, sizeof octets);

  for (gssize i = 0; i < n; i++)
    if (octets[i] == '\n')
      {
        client->line[client->length] = '\0';
        answer (client);
        client->length = 0;
      }
    else if (octets[i] != '\r' && client->length < (int) sizeof client->line - 1)
      client->line[client->length++] = octets[i];
}

/* @orders: numbers of clients, each of which is sent an event */
static void
serve (int listener, int orders, int n)
{
  g_autofree Client *clients = g_new0 (Client, n);
  int set = epoll_create1 (0), n_clients = 0, order;
  struct epoll_event events[64], event = { .events = EPOLLIN };

  event.data.ptr = &listener;
  epoll_ctl (set, EPOLL_CTL_ADD, listener, &event);
  event.data.ptr = &orders;
  epoll_ctl (set, EPOLL_CTL_ADD, orders, &event);
  for (;;)
    {
      int ready = epoll_wait (set, events, G_N_ELEMENTS (events), -1);

      for (int i = 0; i < ready; i++)
        if (events[i].data.ptr == &listener && n_clients < n)
          {
            Client *client = &clients[n_clients++];

            client->fd = accept (listener, NULL, NULL);
            event.data.ptr = client;
            epoll_ctl (set, EPOLL_CTL_ADD, client->fd, &event);
            say (client->fd, "* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\r\n");
          }
        else if (events[i].data.ptr == &orders)
          {
            if (read (orders, &order, sizeof order) != sizeof order)
              _exit (0);
            say (clients[order].fd, "* 4 EXISTS\r\n* 1 EXPUNGE\r\n");
          }
        else
          hear (events[i].data.ptr);
    }
}

/* --- the program --- */

typedef struct {
  char    *uri;
  PhStore **stores;
  int      n, n_begun, n_open;
  int      orders;
  gint64   told;    /* when the event came */
} Bench;

static void begin_next (Bench *bench);

static void
on_selected (GObject *source, GAsyncResult *result, gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMailbox) mailbox = ph_store_select_finish (PH_STORE (source), result, &error);

  if (mailbox == NULL)
    g_error ("%s", error->message);
  bench->n_open++;
  begin_next (bench);
}

static void
begin_next (Bench *bench)
{
  PhStore *store;

  if (bench->n_begun >= bench->n)
    return;
  store = PH_STORE (ph_session_new (bench->uri, NULL));
  bench->stores[bench->n_begun++] = store;
  ph_store_set_watch (store, TRUE);
  ph_store_select_async (store, "INBOX", NULL, on_selected, bench);
}

static void
open_up_to (Bench *bench, int n)
{
  bench->n = n;
  for (int i = 0; i < AT_ONCE; i++)
    begin_next (bench);
  while (bench->n_open < n)
    g_main_context_iteration (NULL, TRUE);
  /* IDLE is on its way for the last ones */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gsize
resident (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  words = g_strsplit (text, " ", 3);
  return (gsize) g_ascii_strtoull (words[1], NULL, 10) * (gsize) getpagesize ();
}

static void
on_removed (PhMailbox *mailbox, guint number, guint uid, Bench *bench)
{
  bench->told = g_get_monotonic_time ();
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : *(const gint64 *) a > *(const gint64 *) b;
}

static void
time_events (Bench *bench, int n)
{
  gint64 times[N_EVENTS];

  for (int i = 0; i < N_EVENTS; i++)
    {
      int which = g_random_int_range (0, n);
      PhMailbox *mailbox = ph_store_get_selected (bench->stores[which]);
      gulong handler = g_signal_connect (mailbox, "message-removed", G_CALLBACK (on_removed), bench);
      gint64 start = g_get_monotonic_time ();

      bench->told = 0;
      if (write (bench->orders, &which, sizeof which) != sizeof which)
        g_error ("the server is gone");
      while (bench->told == 0)
        g_main_context_iteration (NULL, TRUE);
      times[i] = bench->told - start;
      g_signal_handler_disconnect (mailbox, handler);
    }
  qsort (times, N_EVENTS, sizeof *times, compare);
  printf ("%6d sessions: an event reaches the program after %" G_GINT64_FORMAT " µs (median), %" G_GINT64_FORMAT " µs (95 %%)\n", n,
          times[N_EVENTS / 2], times[N_EVENTS * 95 / 100]);
}

static int
listen_somewhere (int *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (bind (listener, (struct sockaddr *) &address, length) != 0 || listen (listener, 4096) != 0)
    g_error ("can't listen: %s", g_strerror (errno));
  getsockname (listener, (struct sockaddr *) &address, &length);
  *port = ntohs (address.sin_port);
  return listener;
}

int
main (int argc, char **argv)
{
  int n = argc > 1 ? atoi (argv[1]) : 10000;
  rlim_t needed = (rlim_t) n + 200;
  struct rlimit limit;
  Bench bench = { .stores = g_new0 (PhStore *, n) };
  int port, orders[2], listener = listen_somewhere (&port);
  gsize before_resident, before_used;
  gint64 start;
  pid_t server;
  g_autoptr (PhSecurityPolicy) policy = NULL;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_max = MAX (limit.rlim_max, needed);
  if (n <= WARM || (limit.rlim_cur < needed && (limit.rlim_cur = needed, setrlimit (RLIMIT_NOFILE, &limit) != 0)) || pipe (orders) != 0)
    g_error ("%d sessions need as many descriptors: %s", n, g_strerror (errno));
  server = fork ();
  if (server == 0)
    {
      close (orders[1]);
      serve (listener, orders[0], n);
    }
  close (listener);
  close (orders[0]);
  bench.orders = orders[1];
  bench.uri = g_strdup_printf ("imap://localhost:%d", port);
  policy = ph_security_policy_get_default ();
  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  g_object_ref (policy);

  open_up_to (&bench, WARM);
  time_events (&bench, WARM);
  malloc_trim (0);
  before_resident = resident ();
  before_used = mallinfo2 ().uordblks;
  start = g_get_monotonic_time ();
  open_up_to (&bench, n);
  printf ("%6d sessions opened in %.1f s\n", n, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  time_events (&bench, n);
  printf ("%6d sessions in IDLE: %" G_GSIZE_FORMAT " octets allocated each, %" G_GSIZE_FORMAT " resident each before malloc_trim ()", n,
          (mallinfo2 ().uordblks - before_used) / (gsize) (n - WARM), (resident () - before_resident) / (gsize) (n - WARM));
  malloc_trim (0);
  printf (", %" G_GSIZE_FORMAT " after\n", (resident () - before_resident) / (gsize) (n - WARM));

  for (int i = 0; i < n; i++)
    g_clear_object (&bench.stores[i]);
  close (orders[1]);
  waitpid (server, NULL, 0);
  g_free (bench.stores);
  g_free (bench.uri);
  return 0;
}
