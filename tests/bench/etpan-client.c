/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libetpan: its calls one after the other. */
#include "bench.h"

#include <fcntl.h>
#include <libetpan/libetpan.h>
#include <sys/mman.h>
#include <sys/stat.h>

static void
check (int result, const char *what)
{
  if (result != MAILSMTP_NO_ERROR)
    bench_fail (what);
}

static mailsmtp *
open_session (uint16_t port, int with_tls)
{
  mailsmtp *smtp = mailsmtp_new (0, NULL);

  check (with_tls ? mailsmtp_ssl_connect (smtp, "127.0.0.1", port) : mailsmtp_socket_connect (smtp, "127.0.0.1", port), "connect");
  check (mailesmtp_ehlo (smtp), "EHLO");
  return smtp;
}

static void
send_to (mailsmtp *smtp, size_t recipients, const char *message, size_t length)
{
  char address[64];

  check (mailesmtp_mail (smtp, SENDER, 1, NULL), "MAIL");
  for (size_t i = 0; i < recipients; i++)
    {
      snprintf (address, sizeof address, "r%zu@example.test", i);
      check (mailesmtp_rcpt (smtp, address, 0, NULL), "RCPT");
    }
  check (mailsmtp_data (smtp), "DATA");
  check (mailsmtp_data_message (smtp, message, length), "message");
}

static void
send_file (mailsmtp *smtp, const char *path)
{
  int fd = open (path, O_RDONLY);
  struct stat info;
  char *octets;

  if (fd < 0 || fstat (fd, &info) != 0)
    bench_fail (path);
  octets = mmap (NULL, (size_t) info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  send_to (smtp, 1, octets, (size_t) info.st_size);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  uint16_t port = (uint16_t) (argc > 2 ? atoi (argv[2]) : 0);
  size_t count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0, length;
  char *message = bench_message (argc > 4 ? strtoul (argv[4], NULL, 10) : 4096, &length);
  mailsmtp *smtp;

  bench_begin ();
  if (strncmp (what, "connect", 7) == 0)
    for (size_t i = 0; i < count; i++)
      {
        smtp = open_session (port, strcmp (what, "connect-tls") == 0);
        check (mailesmtp_auth_sasl (smtp, "PLAIN", "localhost", "127.0.0.1", "127.0.0.1", "alice", "alice", "wonderland", ""), "AUTH");
        mailsmtp_quit (smtp);
        mailsmtp_free (smtp);
      }
  else
    {
      smtp = open_session (port, 0);
      if (strcmp (what, "many") == 0)
        for (size_t i = 0; i < count; i++)
          send_to (smtp, 1, message, length);
      else if (strcmp (what, "recipients") == 0)
        send_to (smtp, count, message, length);
      else
        send_file (smtp, argv[3]);
      mailsmtp_quit (smtp);
      mailsmtp_free (smtp);
    }
  bench_end ();
  free (message);
  return 0;
}
