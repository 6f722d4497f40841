/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the wire itself costs: a client that knows its server, looks for the last line and does nothing else.
 *
 *   imap-bare metadata|flags PORT N           one FETCH
 *   imap-bare bodies[-tls] PORT N SIZE
 *   imap-bare file[-tls] PORT SIZE            one body, written to a file
 *   imap-bare connect[-tls|-resumed] PORT N   greeting, AUTHENTICATE, SELECT, LOGOUT
 */
#include "bench.h"

#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

static int fd;
static gnutls_session_t tls;
static gnutls_certificate_credentials_t credentials;
static gnutls_datum_t ticket;
static char in[1 << 18];

static void
say (const char *text)
{
  size_t length = strlen (text);

  if ((tls != NULL ? gnutls_record_send (tls, text, length) : send (fd, text, length, 0)) != (ssize_t) length)
    bench_fail ("send");
}

/* Up to the line that begins with @start and ends what came; what comes before it is written to @file where there is one. */
static void
read_until (const char *start, FILE *file)
{
  size_t tag = strlen (start), kept = 0;

  for (;;)
    {
      ssize_t got = tls != NULL ? gnutls_record_recv (tls, in + kept, sizeof in - kept) : recv (fd, in + kept, sizeof in - kept, 0);
      char *line;

      if (tls != NULL && got < 0 && !gnutls_error_is_fatal ((int) got))
        continue;
      if (got <= 0)
        bench_fail ("recv");
      got += (ssize_t) kept;
      line = got > 1 ? memrchr (in, '\n', (size_t) got - 1) : NULL;
      line = line != NULL ? line + 1 : in;
      if (in[got - 1] == '\n' && strncmp (line, start, tag) == 0)
        {
          kept = 0;
          if (file != NULL)
            fwrite (in, 1, (size_t) (line - in), file);
          return;
        }
      kept = (size_t) (in + got - line);
      if (kept > 1000)
        kept = 0;
      if (file != NULL)
        fwrite (in, 1, (size_t) got - kept, file);
      memmove (in, in + got - kept, kept);
    }
}

static void
shake_hands (bool resumes)
{
  unsigned status = 0;
  int done;

  gnutls_init (&tls, GNUTLS_CLIENT);
  gnutls_set_default_priority (tls);
  gnutls_credentials_set (tls, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_session_set_verify_cert (tls, "127.0.0.1", 0);
  gnutls_transport_set_int (tls, fd);
  if (resumes && ticket.size > 0)
    gnutls_session_set_data (tls, ticket.data, ticket.size);
  while ((done = gnutls_handshake (tls)) != 0)
    if (gnutls_error_is_fatal (done))
      bench_fail (gnutls_strerror (done));
  /* GnuTLS verifies a certificate that comes by itself, but not the one that a ticket stands for, which may have been revoked since: as
   * Posthorn and libcurl do, again */
  if (gnutls_session_is_resumed (tls) && (gnutls_certificate_verify_peers3 (tls, "127.0.0.1", &status) < 0 || status != 0))
    bench_fail ("the certificate");
}

static void
open_mailbox (int port, const char *mailbox, bool with_tls, bool resumes)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  char line[128];

  fd = socket (AF_INET, SOCK_STREAM, 0);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    bench_fail ("connect");
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  if (with_tls)
    shake_hands (resumes);
  read_until ("* OK", NULL);
  say ("a AUTHENTICATE PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n");
  read_until ("a OK", NULL);
  snprintf (line, sizeof line, "b SELECT \"%s\"\r\n", mailbox);
  say (line);
  read_until ("b OK", NULL);
}

static void
close_session (bool resumes)
{
  say ("d LOGOUT\r\n");
  read_until ("d OK", NULL);
  if (tls != NULL)
    {
      if (resumes && ticket.size == 0)
        gnutls_session_get_data2 (tls, &ticket);
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
  int port = argc > 2 ? atoi (argv[2]) : 0;
  unsigned long count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0;
  bool resumes = strstr (what, "-resumed") != NULL, with_tls = resumes || strstr (what, "-tls") != NULL;
  bool is_file = strncmp (what, "file", 4) == 0;
  FILE *file = is_file ? bench_file () : NULL;
  char mailbox[64];

  if (with_tls)
    {
      gnutls_certificate_allocate_credentials (&credentials);
      gnutls_certificate_set_x509_trust_file (credentials, getenv ("CA_FILE"), GNUTLS_X509_FMT_PEM);
    }
  bench_begin ();
  if (strncmp (what, "connect", 7) == 0)
    {
      for (unsigned long i = 0; i < count; i++)
        {
          open_mailbox (port, "flags-1", with_tls, resumes);
          close_session (resumes);
        }
      bench_end ();
      return 0;
    }

  snprintf (mailbox, sizeof mailbox, "%.*s-%lu-%s", (int) strcspn (what, "-"), what, is_file ? 1 : count, is_file ? argv[3] : argc > 4 ? argv[4] : "0");
  open_mailbox (port, mailbox, with_tls, false);
  say ("c UID FETCH 1:* (BODY.PEEK[])\r\n");
  read_until ("c OK", file);
  if (file != NULL && fflush (file) != 0)
    bench_fail ("file");
  close_session (false);
  bench_end ();
  return 0;
}
