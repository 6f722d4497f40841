/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the wire itself costs: clients that know their server, read replies by counting lines, and do nothing else.
 *
 *   bare many PORT N SIZE        messages: the end of one and MAIL, RCPT, DATA of the next in one write
 *   bare many-bdat PORT N SIZE   RSET, MAIL, RCPT, BDAT LAST, without waiting
 *   bare recipients[-bdat] PORT N
 *   bare file[-bdat] PORT FILE   one message, read a piece at a time; dots stuffed
 *   bare connect[-tls] PORT N    greeting, EHLO, AUTH, without TLS EHLO again, QUIT
 */
#include "bench.h"

#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (256 * 1024)
#define IN_FLIGHT 256    /* messages whose replies have not come */

static int fd;
static gnutls_session_t tls;
static gnutls_certificate_credentials_t credentials;
static char *buffer;
static size_t replies; /* lines that have come */

static void
connect_to (int port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };

  fd = socket (AF_INET, SOCK_STREAM, 0);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    bench_fail ("connect");
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  replies = 0;
}

static void
write_all (const char *octets, size_t length)
{
  while (length > 0)
    {
      ssize_t done = tls != NULL ? gnutls_record_send (tls, octets, length) : send (fd, octets, length, 0);

      if (done < 0)
        bench_fail ("send");
      octets += done;
      length -= (size_t) done;
    }
}

static void
read_replies (size_t wanted)
{
  static char in[65536];

  while (replies < wanted)
    {
      ssize_t got = tls != NULL ? gnutls_record_recv (tls, in, sizeof in) : recv (fd, in, sizeof in, 0);

      if (got <= 0)
        bench_fail ("recv");
      for (ssize_t i = 0; i < got; i++)
        replies += in[i] == '\n';
    }
}

static void
open_session (int port)
{
  connect_to (port);
  read_replies (1);
  write_all ("EHLO bench\r\n", 12);
  /* its number of lines depends on the server: what is left over is waited for by NOOP */
  write_all ("NOOP\r\n", 6);
  while (true)
    {
      char in[1024];
      ssize_t got = recv (fd, in, sizeof in - 1, 0);

      if (got <= 0)
        bench_fail ("EHLO");
      in[got] = '\0';
      if (strstr (in, "250 2.0.0 well") != NULL)
        break;
    }
  replies = 0;
}

static void
close_session (void)
{
  write_all ("QUIT\r\n", 6);
  read_replies (replies + 1);
  close (fd);
}

static const char start[] = "MAIL FROM:<" SENDER ">\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n";

/* Appends @text with its dots stuffed, as a client must that does not know what it sends. */
static size_t
stuff (char *out, const char *text, size_t length, char *last)
{
  char *to = out;
  const char *end = text + length;

  if (length > 0 && *last == '\n' && *text == '.')
    *to++ = '.';
  while (text < end)
    {
      const char *line = memchr (text, '\n', (size_t) (end - text));
      bool dot = line != NULL && line + 1 < end && line[1] == '.';
      size_t part = (size_t) ((line != NULL ? line + 1 : end) - text);

      memcpy (to, text, part);
      to += part;
      text += part;
      if (dot)
        *to++ = '.';
    }
  if (length > 0)
    *last = end[-1];
  return (size_t) (to - out);
}

static void
send_many (size_t count, size_t size)
{
  size_t length;
  char *message = bench_message (size, &length);

  write_all (start, sizeof start - 1);
  for (size_t i = 0; i < count; i++)
    {
      char last = '\n';
      size_t end;

      read_replies (replies + (i == 0 ? 3 : 4));
      end = stuff (buffer, message, length, &last);
      memcpy (buffer + end, ".\r\n", 3);
      end += 3;
      if (i + 1 < count)
        {
          memcpy (buffer + end, start, sizeof start - 1);
          end += sizeof start - 1;
        }
      write_all (buffer, end);
    }
  read_replies (replies + 1);
  free (message);
}

static void
send_many_bdat (size_t count, size_t size)
{
  size_t length;
  char *message = bench_message (size, &length);
  char head[256];
  size_t head_length =
      (size_t) snprintf (head, sizeof head, "RSET\r\nMAIL FROM:<" SENDER ">\r\nRCPT TO:<bob@example.test>\r\nBDAT %zu LAST\r\n", length);

  for (size_t i = 0; i < count;)
    {
      size_t filled = 0;

      while (i < count && filled + head_length + length <= PIECE)
        {
          memcpy (buffer + filled, head, head_length);
          memcpy (buffer + filled + head_length, message, length);
          filled += head_length + length;
          i++;
        }
      write_all (buffer, filled);
      if (i > IN_FLIGHT)
        read_replies (4 * (i - IN_FLIGHT));
    }
  read_replies (4 * count);
  free (message);
}

static void
send_to_recipients (size_t count, bool bdat)
{
  size_t length, filled = 0;
  char *message = bench_message (4096, &length);

  filled += (size_t) sprintf (buffer, "MAIL FROM:<" SENDER ">\r\n");
  for (size_t i = 0; i < count; i++)
    filled += (size_t) sprintf (buffer + filled, "RCPT TO:<r%zu@example.test>\r\n", i);
  if (bdat)
    filled += (size_t) sprintf (buffer + filled, "BDAT %zu LAST\r\n%s", length, message);
  else
    filled += (size_t) sprintf (buffer + filled, "DATA\r\n");
  write_all (buffer, filled);
  read_replies (count + 2);
  if (!bdat)
    {
      write_all (buffer, (size_t) sprintf (buffer, "%s.\r\n", message));
      read_replies (count + 3);
    }
  free (message);
}

static void
send_file (const char *path, bool bdat)
{
  int file = open (path, O_RDONLY);
  char *piece = malloc (PIECE), head[64], last = '\n';
  size_t chunks = 0;
  struct stat info;
  off_t left;

  if (file < 0 || fstat (file, &info) != 0)
    bench_fail (path);
  left = info.st_size;
  write_all (start, sizeof start - 1 - (bdat ? 6 : 0));
  read_replies (bdat ? 2 : 3);
  while (left > 0)
    {
      ssize_t got = read (file, piece, PIECE);

      if (got <= 0)
        bench_fail (path);
      left -= got;
      if (bdat)
        {
          write_all (head, (size_t) sprintf (head, "BDAT %zd%s\r\n", got, left == 0 ? " LAST" : ""));
          write_all (piece, (size_t) got);
          if (++chunks > IN_FLIGHT)
            read_replies (2 + chunks - IN_FLIGHT);
        }
      else
        write_all (buffer, stuff (buffer, piece, (size_t) got, &last));
    }
  if (!bdat)
    write_all (".\r\n", 3);
  read_replies (bdat ? 2 + chunks : 4);
  close (file);
  free (piece);
}

static void
converse_once (int port, bool with_tls)
{
  int done;

  connect_to (port);
  if (with_tls)
    {
      gnutls_init (&tls, GNUTLS_CLIENT);
      gnutls_set_default_priority (tls);
      gnutls_credentials_set (tls, GNUTLS_CRD_CERTIFICATE, credentials);
      gnutls_session_set_verify_cert (tls, "127.0.0.1", 0);
      gnutls_transport_set_int (tls, fd);
      while ((done = gnutls_handshake (tls)) != 0)
        if (gnutls_error_is_fatal (done))
          bench_fail (gnutls_strerror (done));
    }
  read_replies (1);
  write_all ("EHLO bench\r\n", 12);
  read_replies (6); /* with PIPELINING: five lines */
  write_all ("AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n", 37);
  read_replies (7);
  /* some servers want it (Posthorn says it where there is no TLS): what is compared has the same commands */
  if (!with_tls)
    {
      write_all ("EHLO bench\r\n", 12);
      read_replies (12);
    }
  write_all ("QUIT\r\n", 6);
  read_replies (replies + 1);
  if (with_tls)
    {
      gnutls_bye (tls, GNUTLS_SHUT_WR);
      gnutls_deinit (tls);
      tls = NULL;
    }
  close (fd);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  int port = argc > 3 ? atoi (argv[2]) : 0;
  size_t count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0, size = argc > 4 ? strtoul (argv[4], NULL, 10) : 4096;
  bool bdat = strstr (what, "-bdat") != NULL;

  buffer = malloc (2 * PIECE + 4096);
  if (strncmp (what, "connect", 7) == 0)
    {
      bool with_tls = strcmp (what, "connect-tls") == 0;

      if (with_tls)
        {
          gnutls_certificate_allocate_credentials (&credentials);
          gnutls_certificate_set_x509_trust_file (credentials, getenv ("CA_FILE"), GNUTLS_X509_FMT_PEM);
        }
      bench_begin ();
      for (size_t i = 0; i < count; i++)
        converse_once (port, with_tls);
      bench_end ();
      return 0;
    }
  bench_begin ();
  open_session (port);
  if (strncmp (what, "many", 4) == 0 && bdat)
    send_many_bdat (count, size);
  else if (strncmp (what, "many", 4) == 0)
    send_many (count, size);
  else if (strncmp (what, "recipients", 10) == 0)
    send_to_recipients (count, bdat);
  else if (strncmp (what, "file", 4) == 0)
    send_file (argv[3], bdat);
  else
    bench_fail ("usage: bare WHAT PORT N|FILE [SIZE]:");
  close_session ();
  bench_end ();
  return 0;
}
