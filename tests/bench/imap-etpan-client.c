/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libetpan: responses parsed, each handed to a callback and dropped, so that no list of them is kept; bodies as they come. */
#include "bench.h"

#include <libetpan/libetpan.h>
#include <stdbool.h>

static size_t messages, octets;

static void
take_message (struct mailimap_msg_att *message, void *data)
{
  messages++;
}

static bool
take_octets (int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length, void *file)
{
  octets += length;
  return file == NULL || fwrite (bytes, 1, length, file) == length;
}

static void
check (int result, const char *what)
{
  if (result != MAILIMAP_NO_ERROR && result != MAILIMAP_NO_ERROR_AUTHENTICATED && result != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
    bench_fail (what);
}

static mailimap *
open_mailbox (uint16_t port, const char *mailbox, bool with_tls)
{
  mailimap *imap = mailimap_new (0, NULL);

  check (with_tls ? mailimap_ssl_connect (imap, "127.0.0.1", port) : mailimap_socket_connect (imap, "127.0.0.1", port), "connect");
  check (mailimap_login (imap, "alice", "wonderland"), "LOGIN");
  check (mailimap_select (imap, mailbox), "SELECT");
  return imap;
}

static void
close_session (mailimap *imap)
{
  mailimap_logout (imap);
  mailimap_free (imap);
}

static void
fetch (mailimap *imap, const char *what, FILE *file)
{
  struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty ();
  struct mailimap_set *set = mailimap_set_new_interval (1, 0);
  clist *result = NULL;

  if (strncmp (what, "bodies", 6) == 0 || file != NULL)
    {
      mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_body_peek_section (mailimap_section_new (NULL)));
      mailimap_set_msg_body_handler (imap, take_octets, file);
    }
  else
    {
      mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_uid ());
      mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_flags ());
    }
  mailimap_set_msg_att_handler (imap, take_message, NULL);
  check (mailimap_uid_fetch (imap, set, type, &result), "FETCH");
  if (result != NULL)
    {
      messages += (size_t) clist_count (result);
      mailimap_fetch_list_free (result);
    }
  mailimap_fetch_type_free (type);
  mailimap_set_free (set);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  bool with_tls = strchr (what, '-') != NULL, is_file = strncmp (what, "file", 4) == 0;
  uint16_t port = (uint16_t) (argc > 2 ? atoi (argv[2]) : 0);
  unsigned long count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0;
  FILE *file = is_file ? bench_file () : NULL;
  char mailbox[64];
  mailimap *imap;

  bench_begin ();
  if (strncmp (what, "connect", 7) == 0)
    for (unsigned long i = 0; i < count; i++)
      close_session (open_mailbox (port, "flags-1", with_tls));
  else
    {
      snprintf (mailbox, sizeof mailbox, "%.*s-%lu-%s", (int) strcspn (what, "-"), what, is_file ? 1 : count, is_file ? argv[3] : argc > 4 ? argv[4] : "0");
      imap = open_mailbox (port, mailbox, with_tls);
      fetch (imap, what, file);
      close_session (imap);
      if (is_file ? octets < count || fflush (file) != 0 : messages < count)
        bench_fail ("reading");
    }
  bench_end ();
  return 0;
}
