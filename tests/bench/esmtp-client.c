/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libesmtp: a session with all its messages, which it pipelines as it likes. */
#include "bench.h"

#include <auth-client.h>
#include <libesmtp.h>
#include <signal.h>

static char *text;
static size_t text_length;

/* A message by callback: all of it at once, then nothing. What *state points to is the library's to free. */
static const char *
get_message (void **state, int *length, void *data)
{
  if (*state == NULL)
    *state = malloc (1);
  if (length != NULL)
    *length = *(char *) *state == 0 ? (int) text_length : 0;
  *(char *) *state = length != NULL;
  return length != NULL && *length > 0 ? text : NULL;
}

static const char *
get_file (void **state, int *length, void *data)
{
  static char piece[65536];

  if (length == NULL)
    {
      rewind (data);
      return NULL;
    }
  *length = (int) fread (piece, 1, sizeof piece, data);
  return *length > 0 ? piece : NULL;
}

static int
interact (auth_client_request_t request, char **result, int fields, void *data)
{
  for (int i = 0; i < fields; i++)
    result[i] = (char *) ((request[i].flags & AUTH_PASS) != 0 ? "wonderland" : (request[i].flags & AUTH_USER) != 0 ? "alice" : NULL);
  return 1;
}

static smtp_message_t
add_message (smtp_session_t session, size_t recipients, smtp_messagecb_t callback, void *data)
{
  smtp_message_t message = smtp_add_message (session);
  char address[64];

  smtp_set_reverse_path (message, SENDER);
  smtp_set_messagecb (message, callback, data);
  smtp_set_header_option (message, "Message-Id", Hdr_PROHIBIT, 1);
  for (size_t i = 0; i < recipients; i++)
    {
      snprintf (address, sizeof address, "r%zu@example.test", i);
      smtp_add_recipient (message, address);
    }
  return message;
}

static void
start (smtp_session_t session)
{
  char reason[256];

  if (!smtp_start_session (session))
    bench_fail (smtp_strerror (smtp_errno (), reason, sizeof reason));
}

static void
connect_once (const char *server)
{
  smtp_session_t session = smtp_create_session ();
  auth_context_t auth = auth_create_context ();

  auth_set_mechanism_flags (auth, AUTH_PLUGIN_PLAIN, 0);
  auth_set_interact_cb (auth, interact, NULL);
  smtp_set_server (session, server);
  smtp_auth_set_context (session, auth);
  add_message (session, 1, get_message, NULL);    /* it opens no session without */
  start (session);
  smtp_destroy_session (session);
  auth_destroy_context (auth);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  size_t count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0;
  smtp_session_t session = smtp_create_session ();
  char server[64];

  signal (SIGPIPE, SIG_IGN);
  auth_client_init ();
  snprintf (server, sizeof server, "127.0.0.1:%s", argc > 2 ? argv[2] : "");
  text = bench_message (argc > 4 ? strtoul (argv[4], NULL, 10) : 4096, &text_length);
  smtp_set_server (session, server);
  bench_begin ();
  if (strcmp (what, "connect") == 0)
    for (size_t i = 0; i < count; i++)
      connect_once (server);
  else if (strcmp (what, "many") == 0)
    for (size_t i = 0; i < count; i++)
      add_message (session, 1, get_message, NULL);
  else if (strcmp (what, "recipients") == 0)
    add_message (session, count, get_message, NULL);
  else if (strcmp (what, "file") == 0)
    add_message (session, 1, get_file, fopen (argv[3], "rb"));
  else
    bench_fail (what);
  if (strcmp (what, "connect") != 0)
    start (session);
  smtp_destroy_session (session);
  bench_end ();
  return 0;
}
