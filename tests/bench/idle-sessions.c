/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ten thousand sessions in IDLE on one thread, against a bare server in a process of its own: memory of one session, and the time until an
 * event of one of them reaches the program, among ten sessions and among all. Over TLS where the server's certificate and key are given, and
 * who signed it; then also what GnuTLS alone takes for a connection.
 *
 *   idle-sessions [N [CERTIFICATE KEY AUTHORITIES]]
 *
 * Fewer where the limit of descriptors allows no more. The last line has the numbers by name, for tests/bench/run.
 */
#include <posthorn/posthorn.h>

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
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
  int              fd;
  gnutls_session_t tls;
  char             line[256];
  int              length;
} Client;

static gnutls_certificate_credentials_t credentials;

static void
say (Client *client, const char *text)
{
  gsize length = strlen (text);

  if ((client->tls != NULL ? gnutls_record_send (client->tls, text, length) : write (client->fd, text, length)) != (gssize) length)
    _exit (3);
}

static void
greet (Client *client)
{
  int done = 0;

  if (credentials != NULL)
    {
      gnutls_init (&client->tls, GNUTLS_SERVER | GNUTLS_NO_TICKETS);
      gnutls_set_default_priority (client->tls);
      gnutls_credentials_set (client->tls, GNUTLS_CRD_CERTIFICATE, credentials);
      gnutls_transport_set_int (client->tls, client->fd);
      do
        done = gnutls_handshake (client->tls);
      while (done != 0 && !gnutls_error_is_fatal (done));
    }
  if (done != 0)
    _exit (4);
  say (client, "* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\r\n");
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
      say (client, "+ idling\r\n");
      return;
    }
  g_snprintf (reply, sizeof reply, "%s%s OK done\r\n",
              strcmp (verb, "SELECT") == 0 ? "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n" : "", tag);
  say (client, reply);
}

static void
hear (Client *client)
{
  char octets[4096];
  gssize n;

again:
  n = client->tls != NULL ? gnutls_record_recv (client->tls, octets, sizeof octets) : read (client->fd, octets, sizeof octets);
  for (gssize i = 0; i < n; i++)
    if (octets[i] == '\n')
      {
        client->line[client->length] = '\0';
        answer (client);
        client->length = 0;
      }
    else if (octets[i] != '\r' && client->length < (int) sizeof client->line - 1)
      client->line[client->length++] = octets[i];
  if (client->tls != NULL && n > 0 && gnutls_record_check_pending (client->tls) > 0)
    goto again;
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
            greet (client);
          }
        else if (events[i].data.ptr == &orders)
          {
            if (read (orders, &order, sizeof order) != sizeof order)
              _exit (0);
            say (&clients[order], "* 4 EXISTS\r\n* 1 EXPUNGE\r\n");
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

/* The median, in µs */
static gint64
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
  return times[N_EVENTS / 2];
}

/* What two connected sessions of GnuTLS hold, less the server's half; handshaken over a pair of sockets */
static gsize
measure_gnutls (const char *authorities)
{
  enum { N = 50 };
  gnutls_session_t clients[N], servers[N];
  gnutls_certificate_credentials_t trust;
  gsize used[3];

  gnutls_certificate_allocate_credentials (&trust);
  gnutls_certificate_set_x509_trust_file (trust, authorities, GNUTLS_X509_FMT_PEM);
  used[0] = mallinfo2 ().uordblks;
  for (int i = 0; i < N; i++)
    {
      int pair[2], done[2] = { -1, -1 };

      if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        g_error ("socketpair");
      gnutls_init (&clients[i], GNUTLS_CLIENT | GNUTLS_NONBLOCK);
      gnutls_init (&servers[i], GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS);
      gnutls_set_default_priority (clients[i]);
      gnutls_set_default_priority (servers[i]);
      gnutls_credentials_set (clients[i], GNUTLS_CRD_CERTIFICATE, trust);
      gnutls_credentials_set (servers[i], GNUTLS_CRD_CERTIFICATE, credentials);
      gnutls_session_set_verify_cert (clients[i], "localhost", 0);
      gnutls_transport_set_int (clients[i], pair[0]);
      gnutls_transport_set_int (servers[i], pair[1]);
      while (done[0] != 0 || done[1] != 0)
        {
          done[0] = done[0] == 0 ? 0 : gnutls_handshake (clients[i]);
          done[1] = done[1] == 0 ? 0 : gnutls_handshake (servers[i]);
          if (gnutls_error_is_fatal (done[0]) || gnutls_error_is_fatal (done[1]))
            g_error ("GnuTLS: %s", gnutls_strerror (done[0] != 0 ? done[0] : done[1]));
        }
    }
  used[1] = mallinfo2 ().uordblks;
  for (int i = 0; i < N; i++)
    gnutls_deinit (servers[i]);
  used[2] = mallinfo2 ().uordblks;
  for (int i = 0; i < N; i++)
    gnutls_deinit (clients[i]);
  gnutls_certificate_free_credentials (trust);
  return (used[2] - used[0]) / N;
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

/* How many sessions may be: as many as @asked where the limit of descriptors can be raised that far */
static int
raise_limit (int asked)
{
  const int others = 200;
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= (rlim_t) (asked + others))
    return asked;
  limit.rlim_cur = (rlim_t) (asked + others);
  limit.rlim_max = MAX (limit.rlim_max, limit.rlim_cur);
  if (setrlimit (RLIMIT_NOFILE, &limit) == 0)
    return asked;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  return MIN (asked, (int) limit.rlim_max - others);
}

int
main (int argc, char **argv)
{
  int asked = argc > 1 ? atoi (argv[1]) : 10000, n = raise_limit (asked);
  Bench bench = { .stores = g_new0 (PhStore *, MAX (n, 1)) };
  int port, orders[2], listener = listen_somewhere (&port);
  gsize before_resident, before_used, allocated, resident_each, gnutls = 0;
  gint64 start, among_few, among_all;
  pid_t server;
  gboolean with_tls = argc > 4;
  g_autoptr (PhSecurityPolicy) policy = NULL;

  if (n <= WARM || pipe (orders) != 0)
    g_error ("There must be more than %d sessions, and descriptors for them", WARM);
  if (n < asked)
    printf ("%6d sessions in place of %d: the limit of descriptors allows no more\n", n, asked);
  if (with_tls)
    {
      gnutls_certificate_allocate_credentials (&credentials);
      if (gnutls_certificate_set_x509_key_file (credentials, argv[2], argv[3], GNUTLS_X509_FMT_PEM) != 0)
        g_error ("%s", argv[2]);
    }
  server = fork ();
  if (server == 0)
    {
      close (orders[1]);
      serve (listener, orders[0], n);
    }
  close (listener);
  close (orders[0]);
  bench.orders = orders[1];
  bench.uri = g_strdup_printf ("imap%s://localhost:%d", with_tls ? "s" : "", port);
  policy = g_object_ref (ph_security_policy_get_default ());
  if (with_tls)
    ph_security_policy_set_ca_file (policy, argv[4]);
  else
    ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);

  open_up_to (&bench, WARM);
  among_few = time_events (&bench, WARM);
  malloc_trim (0);
  before_resident = resident ();
  before_used = mallinfo2 ().uordblks;
  start = g_get_monotonic_time ();
  open_up_to (&bench, n);
  printf ("%6d sessions opened in %.1f s\n", n, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  among_all = time_events (&bench, n);
  allocated = (mallinfo2 ().uordblks - before_used) / (gsize) (n - WARM);
  printf ("%6d sessions in IDLE: %" G_GSIZE_FORMAT " octets allocated each, %" G_GSIZE_FORMAT " resident each before malloc_trim ()", n, allocated,
          (resident () - before_resident) / (gsize) (n - WARM));
  malloc_trim (0);
  resident_each = (resident () - before_resident) / (gsize) (n - WARM);
  printf (", %" G_GSIZE_FORMAT " after\n", resident_each);
  if (with_tls)
    {
      gnutls = measure_gnutls (argv[4]);
      printf ("        of which GnuTLS alone takes %" G_GSIZE_FORMAT "\n", gnutls);
    }
  printf ("sessions=%d asked=%d few=%d among_few=%" G_GINT64_FORMAT " among_all=%" G_GINT64_FORMAT " allocated=%" G_GSIZE_FORMAT " resident=%"
          G_GSIZE_FORMAT " gnutls=%" G_GSIZE_FORMAT "\n", n, asked, WARM, among_few, among_all, allocated, resident_each, gnutls);

  for (int i = 0; i < n; i++)
    g_clear_object (&bench.stores[i]);
  close (orders[1]);
  waitpid (server, NULL, 0);
  g_free (bench.stores);
  g_free (bench.uri);
  return 0;
}
