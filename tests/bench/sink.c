/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server that takes all mail, keeps none, and costs as little as it can:
 *
 *   sink [--chunking] [--pipelining] [--lmtp] [--delay=MS] [--tls=CERTIFICATE,KEY]
 *
 * prints its port, and when a connection has ended, what came by it. --delay holds each reply back for so long, as if the client were that
 * many milliseconds of round trip away. One connection at a time; ends with its standard input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_WAITING 65536

typedef struct {
  int64_t due;
  size_t length;
} Waiting;

static struct {
  bool chunking, pipelining, lmtp, tls;
  int64_t delay; /* microseconds */
  gnutls_certificate_credentials_t credentials;
} options;

static struct {
  int fd;
  gnutls_session_t tls;
  char in[1 << 18];
  size_t begin, end;
  char out[1 << 20]; /* replies, in order; those of `waiting` are not due yet */
  size_t out_begin, out_end;
  Waiting waiting[MAX_WAITING];
  size_t first, last;
  bool in_data, at_line_start, quitting;
  uint64_t chunk; /* octets of BDAT that are to come */
  bool last_chunk;
  unsigned accepted; /* recipients of this transaction */
  bool turned;       /* replies have left since the client's last octets */
  /* what is told at the end */
  unsigned long messages, recipients, turns;
  unsigned long long octets;
} now;

static int64_t
microseconds (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C (1000000) + time.tv_nsec / 1000;
}

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

static void
reply (const char *text)
{
  size_t length = strlen (text);
  Waiting *waiting;

  if (now.out_end + length > sizeof now.out)
    {
      memmove (now.out, now.out + now.out_begin, now.out_end - now.out_begin);
      now.out_end -= now.out_begin;
      now.out_begin = 0;
    }
  if (now.out_end + length > sizeof now.out || now.last - now.first == MAX_WAITING)
    {
      fprintf (stderr, "sink: the client does not read\n");
      exit (1);
    }
  memcpy (now.out + now.out_end, text, length);
  now.out_end += length;
  if (options.delay == 0)
    return;
  waiting = &now.waiting[now.last++ % MAX_WAITING];
  *waiting = (Waiting){ microseconds () + options.delay, length };
}

static void
end_of_message (void)
{
  now.messages++;
  for (unsigned i = 0; i < (options.lmtp ? now.accepted : 1); i++)
    reply ("250 2.0.0 kept nowhere\r\n");
  now.accepted = 0;
}

/* A line without its end. */
static void
command (char *line)
{
  if (strncasecmp (line, "MAIL", 4) == 0 || strncasecmp (line, "RSET", 4) == 0 || strncasecmp (line, "NOOP", 4) == 0)
    reply ("250 2.0.0 well\r\n");
  else if (strncasecmp (line, "RCPT", 4) == 0)
    {
      now.accepted++;
      now.recipients++;
      reply ("250 2.1.5 well\r\n");
    }
  else if (strncasecmp (line, "DATA", 4) == 0)
    {
      now.in_data = now.at_line_start = true;
      reply ("354 go ahead\r\n");
    }
  else if (strncasecmp (line, "BDAT ", 5) == 0)
    {
      char *rest;

      now.chunk = strtoull (line + 5, &rest, 10);
      now.last_chunk = strncasecmp (rest, " LAST", 5) == 0;
      if (now.chunk == 0)
        end_of_message ();
    }
  else if (strncasecmp (line, "EHLO", 4) == 0 || strncasecmp (line, "LHLO", 4) == 0)
    {
      reply ("250-sink.example.test\r\n");
      if (options.pipelining)
        reply ("250-PIPELINING\r\n");
      if (options.chunking)
        reply ("250-CHUNKING\r\n");
      reply ("250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SIZE 0\r\n");
    }
  else if (strncasecmp (line, "AUTH", 4) == 0)
    reply (strlen (line) > 11 ? "235 2.7.0 well\r\n" : "334 \r\n");
  else if (strncasecmp (line, "QUIT", 4) == 0)
    {
      now.quitting = true;
      reply ("221 2.0.0 good bye\r\n");
    }
  else if (strchr (line, ' ') == NULL && strlen (line) > 8)
    reply ("235 2.7.0 well\r\n"); /* the rest of AUTH */
  else
    reply ("500 5.5.2 what?\r\n");
}

/* Octets of DATA up to the lone dot, or all there are. */
static void
take_data (void)
{
  char *begin = now.in + now.begin;
  size_t length = now.end - now.begin;
  char *end;

  if (now.at_line_start && length >= 3 && memcmp (begin, ".\r\n", 3) == 0)
    {
      now.begin += 3;
      now.in_data = false;
      end_of_message ();
      return;
    }
  if (now.at_line_start && length < 3)
    return;
  now.at_line_start = false;
  end = memmem (begin, length, "\r\n.\r\n", 5);
  if (end != NULL)
    {
      now.octets += end + 2 - begin;
      now.begin += end + 5 - begin;
      now.in_data = false;
      end_of_message ();
    }
  else if (length > 4)
    {
      now.octets += length - 4; /* the dot may have begun */
      now.begin = now.end - 4;
    }
}

static void
take_chunk (void)
{
  size_t length = now.end - now.begin;

  if (length > now.chunk)
    length = now.chunk;
  now.octets += length;
  now.chunk -= length;
  now.begin += length;
  if (now.chunk != 0)
    return;
  if (now.last_chunk)
    end_of_message ();
  else
    reply ("250 2.0.0 well\r\n");
}

static void
take (void)
{
  size_t before;

  do
    {
      before = now.begin;
      if (now.in_data)
        take_data ();
      else if (now.chunk > 0)
        take_chunk ();
      else
        {
          char *begin = now.in + now.begin, *end = memchr (begin, '\n', now.end - now.begin);

          if (end == NULL)
            break;
          end[0] = '\0';
          if (end > begin && end[-1] == '\r')
            end[-1] = '\0';
          now.begin += end + 1 - begin;
          command (begin);
        }
    }
  while (now.begin != before && now.begin < now.end);
  memmove (now.in, now.in + now.begin, now.end - now.begin);
  now.end -= now.begin;
  now.begin = 0;
}

/* How many octets may leave. */
static size_t
due (void)
{
  size_t length = 0;
  int64_t time;

  if (options.delay == 0)
    return now.out_end - now.out_begin;
  time = microseconds ();
  for (size_t i = now.first; i != now.last && now.waiting[i % MAX_WAITING].due <= time; i++)
    length += now.waiting[i % MAX_WAITING].length;
  return length;
}

static bool
write_due (void)
{
  size_t length = due ();
  ssize_t done;

  if (length == 0)
    return true;
  done = options.tls ? gnutls_record_send (now.tls, now.out + now.out_begin, length) : send (now.fd, now.out + now.out_begin, length, MSG_NOSIGNAL);
  if (done < 0)
    return options.tls ? !gnutls_error_is_fatal (done) : errno == EAGAIN;
  now.turned = true;
  now.out_begin += done;
  for (size_t left = done; options.delay != 0 && left > 0;)
    {
      Waiting *waiting = &now.waiting[now.first % MAX_WAITING];
      size_t part = left < waiting->length ? left : waiting->length;

      waiting->length -= part;
      left -= part;
      if (waiting->length == 0)
        now.first++;
    }
  if (now.out_begin == now.out_end)
    now.out_begin = now.out_end = 0;
  return true;
}

static bool
read_some (void)
{
  ssize_t got = options.tls ? gnutls_record_recv (now.tls, now.in + now.end, sizeof now.in - now.end)
                            : recv (now.fd, now.in + now.end, sizeof now.in - now.end, 0);

  if (got == 0 || (got < 0 && (options.tls ? gnutls_error_is_fatal (got) : errno != EAGAIN)))
    return false;
  if (got < 0)
    return true;
  if (now.turned && now.out_begin == now.out_end)
    now.turns++;
  now.turned = false;
  now.end += got;
  take ();
  return true;
}

static bool
shake_hands (void)
{
  int done;

  gnutls_init (&now.tls, GNUTLS_SERVER | GNUTLS_NONBLOCK);
  gnutls_set_default_priority (now.tls);
  gnutls_credentials_set (now.tls, GNUTLS_CRD_CERTIFICATE, options.credentials);
  gnutls_transport_set_int (now.tls, now.fd);
  while ((done = gnutls_handshake (now.tls)) != 0)
    {
      struct pollfd poller = { now.fd, gnutls_record_get_direction (now.tls) ? POLLOUT : POLLIN, 0 };

      if (gnutls_error_is_fatal (done))
        return false;
      poll (&poller, 1, -1);
    }
  return true;
}

static void
converse (void)
{
  reply ("220 sink.example.test ESMTP\r\n");
  while (write_due () && !(now.quitting && now.out_end == now.out_begin))
    {
      struct pollfd poller = { now.fd, POLLIN | (due () > 0 ? POLLOUT : 0), 0 };
      int64_t wait = now.first == now.last ? -1 : now.waiting[now.first % MAX_WAITING].due - microseconds ();
      struct timespec time = { wait / 1000000, wait > 0 ? wait % 1000000 * 1000 : 0 };

      if (!options.tls || gnutls_record_check_pending (now.tls) == 0)
        ppoll (&poller, 1, wait == -1 ? NULL : wait < 0 ? &(struct timespec){ 0, 0 } : &time, NULL);
      if (((poller.revents & (POLLIN | POLLHUP | POLLERR)) != 0 || (options.tls && gnutls_record_check_pending (now.tls) > 0)) && !read_some ())
        break;
    }
}

static void
serve (int fd)
{
  memset (&now, 0, offsetof (typeof (now), in));
  now.begin = now.end = now.out_begin = now.out_end = now.first = now.last = 0;
  now.in_data = now.quitting = now.last_chunk = now.turned = false;
  now.chunk = now.accepted = 0;
  now.messages = now.recipients = now.turns = now.octets = 0;
  now.fd = fd;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  fcntl (fd, F_SETFL, O_NONBLOCK);
  if (!options.tls || shake_hands ())
    converse ();
  if (options.tls)
    {
      gnutls_bye (now.tls, GNUTLS_SHUT_WR);
      gnutls_deinit (now.tls);
    }
  close (fd);
  printf ("sessions=1 messages=%lu recipients=%lu octets=%llu turns=%lu\n", now.messages, now.recipients, now.octets, now.turns);
  fflush (stdout);
}

static void
set_option (char *option)
{
  char *comma;

  if (strcmp (option, "--chunking") == 0)
    options.chunking = true;
  else if (strcmp (option, "--pipelining") == 0)
    options.pipelining = true;
  else if (strcmp (option, "--lmtp") == 0)
    options.lmtp = true;
  else if (strncmp (option, "--delay=", 8) == 0)
    options.delay = (int64_t) (atof (option + 8) * 1000);
  else if (strncmp (option, "--tls=", 6) == 0 && (comma = strchr (option, ',')) != NULL)
    {
      *comma = '\0';
      options.tls = true;
      gnutls_certificate_allocate_credentials (&options.credentials);
      if (gnutls_certificate_set_x509_key_file (options.credentials, option + 6, comma + 1, GNUTLS_X509_FMT_PEM) != 0)
        fail (option);
    }
  else
    fail (option);
}

int
main (int argc, char **argv)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM, 0);

  /* libetpan closes without waiting for TLS' farewell */
  signal (SIGPIPE, SIG_IGN);
  for (int i = 1; i < argc; i++)
    set_option (argv[i]);
  if (bind (listener, (struct sockaddr *) &address, length) != 0 || listen (listener, 128) != 0 ||
      getsockname (listener, (struct sockaddr *) &address, &length) != 0)
    fail ("sink");
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
