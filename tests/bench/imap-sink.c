/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An IMAP server that plays the same responses again and again, and costs as little as it can:
 *
 *   imap-sink [--tls=CERTIFICATE,KEY | --capabilities="WORD…", which are listed behind the login]
 *
 * prints its port. The name of the mailbox that is selected says what a FETCH brings: metadata-N, flags-N (so many responses), bodies-N-SIZE,
 * file-1-SIZE. A FETCH of one message brings one. One connection at a time; what came by each is told when it has ended. Ends with its
 * standard input.
 */
#include "imap-replay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CAPABILITIES "IMAP4rev1 SASL-IR AUTH=PLAIN"
#define BLOCK (1 << 18) /* octets that are written at once */

static gnutls_certificate_credentials_t credentials;
static gnutls_datum_t ticket_key;
static bool with_tls;
static char further[1024]; /* capabilities */

static struct {
  int fd;
  gnutls_session_t tls;
  char in[65536];
  size_t begin, end;
  char kind[16]; /* what a FETCH brings */
  unsigned long count, size;
  bool ended;
  unsigned long fetched;
} now;

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

static void
say (const char *octets, size_t length)
{
  while (length > 0 && !now.ended)
    {
      ssize_t done = with_tls ? gnutls_record_send (now.tls, octets, length) : send (now.fd, octets, length, MSG_NOSIGNAL);

      if (done < 0 && !(with_tls && !gnutls_error_is_fatal ((int) done)))
        now.ended = true;
      if (done <= 0)
        continue;
      octets += done;
      length -= (size_t) done;
    }
}

static void
say_text (const char *text)
{
  say (text, strlen (text));
}

/* NULL at the connection's end; valid until the next */
static char *
read_line (void)
{
  for (;;)
    {
      char *line = now.in + now.begin, *feed = memchr (line, '\n', now.end - now.begin);
      ssize_t got;

      if (feed != NULL)
        {
          now.begin += (size_t) (feed + 1 - line);
          feed[feed > line && feed[-1] == '\r' ? -1 : 0] = '\0';
          return line;
        }
      memmove (now.in, line, now.end - now.begin);
      now.end -= now.begin;
      now.begin = 0;
      got = with_tls ? gnutls_record_recv (now.tls, now.in + now.end, sizeof now.in - now.end)
                     : recv (now.fd, now.in + now.end, sizeof now.in - now.end, 0);
      if (got == GNUTLS_E_INTERRUPTED || got == GNUTLS_E_AGAIN)
        continue;
      if (got <= 0)
        return NULL;
      now.end += (size_t) got;
    }
}

/* @text, @count times, in pieces of about BLOCK octets */
static void
repeat (const char *text, size_t length, unsigned long count)
{
  size_t copies = length < BLOCK ? BLOCK / length : 1;
  char *block = malloc (copies * length);

  for (size_t i = 0; i < copies; i++)
    memcpy (block + i * length, text, length);
  for (; count > 0 && !now.ended; count -= copies)
    {
      copies = copies < count ? copies : count;
      say (block, copies * length);
    }
  free (block);
}

/* Messages of `size` octets; one is never whole in memory. */
static void
send_bodies (unsigned long count, const char *uid)
{
  static const char line[] = "A line of a message, seventy-eight octets long with its end, no dot in front.\r\n";
  size_t length = sizeof line - 1;
  char head[128];

  while (count-- > 0 && !now.ended)
    {
      say (head, (size_t) snprintf (head, sizeof head, "* 1 FETCH (UID %s BODY[] {%lu}\r\n", uid, now.size));
      repeat (line, length, now.size / length);
      say (line, now.size % length);
      say_text (")\r\n");
    }
}

static void
fetch (const char *set)
{
  unsigned long count = strpbrk (set, ":,*") != NULL ? now.count : 1;

  now.fetched += count;
  if (strcmp (now.kind, "metadata") == 0)
    repeat (replay_metadata, sizeof replay_metadata - 1, count);
  else if (strcmp (now.kind, "flags") == 0)
    repeat (replay_flags, sizeof replay_flags - 1, count);
  else if (strpbrk (set, ":,*") != NULL)
    send_bodies (count, "1");
  else
    {
      char uid[16];

      snprintf (uid, sizeof uid, "%.*s", (int) strspn (set, "0123456789"), set);
      send_bodies (count, uid);
    }
}

static void
command (char *line)
{
  char tag[32] = "", verb[32] = "", first[256] = "", second[256] = "", reply[2048];
  bool logs_in;

  sscanf (line, "%31s %31s %255s %255s", tag, verb, first, second);
  if (strcasecmp (verb, "UID") == 0)
    fetch (second);
  else if (strcasecmp (verb, "FETCH") == 0)
    fetch (first);
  else if (strcasecmp (verb, "CAPABILITY") == 0)
    say (reply, (size_t) snprintf (reply, sizeof reply, "* CAPABILITY " CAPABILITIES "%s\r\n", further));
  else if (strcasecmp (verb, "AUTHENTICATE") == 0 && second[0] == '\0')
    {
      say_text ("+ \r\n");
      now.ended = read_line () == NULL;
    }
  else if (strcasecmp (verb, "SELECT") == 0 || strcasecmp (verb, "EXAMINE") == 0)
    {
      now.count = now.size = 0;
      sscanf (first + (first[0] == '"'), "%15[a-z]-%lu-%lu", now.kind, &now.count, &now.size);
      say_text ("* FLAGS (\\Seen)\r\n* 999999 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] valid\r\n* OK [UIDNEXT 1000000] next\r\n");
    }
  else if (strcasecmp (verb, "LOGOUT") == 0)
    say_text ("* BYE good bye\r\n");
  logs_in = strcasecmp (verb, "AUTHENTICATE") == 0 || strcasecmp (verb, "LOGIN") == 0;
  say (reply, (size_t) snprintf (reply, sizeof reply, "%s OK %s%s%sdone\r\n", tag, logs_in ? "[CAPABILITY " CAPABILITIES : "", logs_in ? further : "",
                                 logs_in ? "] " : ""));
  now.ended = now.ended || strcasecmp (verb, "LOGOUT") == 0;
}

static bool
shake_hands (void)
{
  int done;

  gnutls_init (&now.tls, GNUTLS_SERVER);
  gnutls_set_default_priority (now.tls);
  gnutls_credentials_set (now.tls, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_session_ticket_enable_server (now.tls, &ticket_key);
  gnutls_transport_set_int (now.tls, now.fd);
  while ((done = gnutls_handshake (now.tls)) != 0)
    if (gnutls_error_is_fatal (done))
      return false;
  return true;
}

static void
serve (int fd)
{
  char *line;
  bool resumed = false;

  memset (&now, 0, sizeof now);
  now.fd = fd;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  if (!with_tls || shake_hands ())
    {
      resumed = with_tls && gnutls_session_is_resumed (now.tls);
      say_text ("* OK [CAPABILITY " CAPABILITIES "] ready\r\n");
      while (!now.ended && (line = read_line ()) != NULL)
        command (line);
    }
  if (with_tls)
    {
      gnutls_bye (now.tls, GNUTLS_SHUT_WR);
      gnutls_deinit (now.tls);
    }
  close (fd);
  printf ("sessions=1 resumed=%d fetched=%lu\n", resumed, now.fetched);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM, 0);
  char *comma;

  signal (SIGPIPE, SIG_IGN);
  if (argc > 1 && strncmp (argv[1], "--tls=", 6) == 0 && (comma = strchr (argv[1], ',')) != NULL)
    {
      *comma = '\0';
      with_tls = true;
      gnutls_certificate_allocate_credentials (&credentials);
      gnutls_session_ticket_key_generate (&ticket_key);
      if (gnutls_certificate_set_x509_key_file (credentials, argv[1] + 6, comma + 1, GNUTLS_X509_FMT_PEM) != 0)
        fail (argv[1]);
    }
  if (argc > 1 && strncmp (argv[1], "--capabilities=", 15) == 0)
    snprintf (further, sizeof further, " %s", argv[1] + 15);
  if (bind (listener, (struct sockaddr *) &address, length) != 0 || listen (listener, 128) != 0 ||
      getsockname (listener, (struct sockaddr *) &address, &length) != 0)
    fail ("imap-sink");
  printf ("%d\n", ntohs (address.sin_port));
  fflush (stdout);
  for (;;)
    {
      struct pollfd poller[2] = { { listener, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };

      poll (poller, 2, -1);
      if (poller[1].revents != 0)
        return 0;
      serve (accept (listener, NULL, NULL));
    }
}
