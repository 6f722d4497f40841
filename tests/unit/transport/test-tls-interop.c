/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The TLS filter against a server that nobody here wrote: openssl s_server, whose keyboard commands make it do what servers rarely do. */
#include "tls-peer.h"
#include "transport/ph-fd-connection.h"
#include "transport/ph-tls-filter.h"

#include <gio/gio.h>
#include <poll.h>
#include <string.h>

typedef struct {
  GSubprocess      *server;
  GOutputStream    *keyboard;
  GDataInputStream *screen;
  PhSecurityPolicy *policy;
  PhConnection     *connection;
  PhTlsFilter      *tls;
  PhByteQueue      *input, *plain, *sending, *output;
  GError           *error;
  gboolean          ended;
} Talk;

static void
start_server (Talk *self, const char *options)
{
  g_autofree char *certificate = tls_test_path ("server.pem");
  g_autofree char *key = tls_test_path ("server.key");
  g_autofree char *ca = tls_test_path ("ca.pem");
  g_autofree char *command = g_strdup_printf ("openssl s_server -accept 127.0.0.1:0 -cert %s -key %s -CAfile %s %s", certificate, key, ca, options);
  g_auto (GStrv) argv = g_strsplit (command, " ", -1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) stream = NULL;
  g_autofree char *line = NULL;

  self->server = g_subprocess_newv ((const char *const *) argv,
                                    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &self->error);
  g_assert_no_error (self->error);
  self->keyboard = g_subprocess_get_stdin_pipe (self->server);
  self->screen = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  do
    {
      g_free (line);
      line = g_data_input_stream_read_line (self->screen, NULL, NULL, NULL);
      g_assert_nonnull (line);
    }
  while (!g_str_has_prefix (line, "ACCEPT "));
  stream = g_socket_client_connect_to_host (client, line + strlen ("ACCEPT "), 0, NULL, &self->error);
  g_assert_no_error (self->error);
  self->connection = ph_connection_new_for_stream (G_IO_STREAM (stream), &self->error);
  g_assert_no_error (self->error);
}

static Talk *
talk_new (const char *options, const char *alpn)
{
  Talk *self = g_new0 (Talk, 1);
  g_autofree char *ca = tls_test_path ("ca.pem");
  g_autofree char *certificate = tls_test_path ("client.pem");
  g_autofree char *key = tls_test_path ("client.key");

  self->input = ph_byte_queue_new ();
  self->plain = ph_byte_queue_new ();
  self->sending = ph_byte_queue_new ();
  self->output = ph_byte_queue_new ();
  start_server (self, options);
  self->policy = ph_security_policy_new ();
  ph_security_policy_set_ca_file (self->policy, ca);
  ph_security_policy_set_certificate (self->policy, certificate, key);
  self->tls = ph_tls_filter_new (self->policy, "localhost", alpn, &self->error);
  g_assert_no_error (self->error);
  return self;
}

static void
talk_free (Talk *self)
{
  g_subprocess_force_exit (self->server);
  g_subprocess_wait (self->server, NULL, NULL);
  g_object_unref (self->screen);
  g_object_unref (self->server);
  g_object_unref (self->tls);
  g_object_unref (self->policy);
  g_object_unref (self->connection);
  ph_byte_queue_unref (self->input);
  ph_byte_queue_unref (self->plain);
  ph_byte_queue_unref (self->sending);
  ph_byte_queue_unref (self->output);
  g_clear_error (&self->error);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

/* Writes what is to be written, then waits for something to read; FALSE once there will be no more. */
static gboolean
step (Talk *self)
{
  PhFilter *filter = PH_FILTER (self->tls);
  struct pollfd fd = { ph_connection_get_fd (self->connection, G_IO_IN), POLLIN, 0 };
  gsize length;
  gssize n;

  if (!ph_filter_send (filter, self->sending, self->output, &self->error))
    return FALSE;
  while ((length = ph_byte_queue_get_length (self->output)) > 0)
    {
      n = ph_connection_try_write (self->connection, ph_byte_queue_peek (self->output, NULL), length, NULL);
      ph_byte_queue_consume (self->output, MAX (n, 0));
    }
  g_assert_cmpint (poll (&fd, 1, 30000), ==, 1);
  n = ph_connection_try_read (self->connection, ph_byte_queue_reserve (self->input, 4096), 4096, NULL);
  ph_byte_queue_commit (self->input, MAX (n, 0));
  if (n > 0)
    return ph_filter_receive (filter, self->input, self->plain, &self->error);
  self->ended = TRUE;
  ph_filter_end_of_input (filter, &self->error);
  return FALSE;
}

static void
open_talk (Talk *self)
{
  while (ph_tls_filter_get_state (self->tls) == PH_TLS_STATE_HANDSHAKE && step (self))
    ;
  g_assert_no_error (self->error);
  g_assert_cmpint (ph_tls_filter_get_state (self->tls), ==, PH_TLS_STATE_OPEN);
}

static void
type_line (Talk *self, const char *line)
{
  g_output_stream_printf (self->keyboard, NULL, NULL, NULL, "%s\n", line);
  g_output_stream_flush (self->keyboard, NULL, NULL);
}

static void
expect_line (Talk *self, const char *line)
{
  gsize length = 0;
  const char *data;
  g_autofree char *expected = g_strdup_printf ("%s\n", line);

  while (ph_byte_queue_get_length (self->plain) < strlen (expected) && step (self))
    ;
  g_assert_no_error (self->error);
  data = (const char *) ph_byte_queue_peek (self->plain, &length);
  g_assert_cmpmem (data, length, expected, strlen (expected));
  ph_byte_queue_consume (self->plain, length);
}

/* Commands are obeyed at once, even in mid-handshake: behind this, both sides are done with it, its tickets included. */
static void
open_and_greet (Talk *self)
{
  open_talk (self);
  type_line (self, "greeting");
  expect_line (self, "greeting");
}

static void
send_line (Talk *self, const char *line)
{
  g_autofree char *text = g_strdup_printf ("%s\n", line);
  g_autofree char *seen = NULL;
  gsize length;

  ph_byte_queue_append (self->sending, text, strlen (text));
  g_assert_true (ph_filter_send (PH_FILTER (self->tls), self->sending, self->output, &self->error));
  length = ph_byte_queue_get_length (self->output);
  g_assert_cmpint (ph_connection_try_write (self->connection, ph_byte_queue_peek (self->output, NULL), length, NULL), ==, length);
  ph_byte_queue_consume (self->output, length);
  do
    {
      g_free (seen);
      seen = g_data_input_stream_read_line (self->screen, NULL, NULL, NULL);
      g_assert_nonnull (seen);
    }
  while (strcmp (seen, line) != 0);
}

static void
test_talk (gconstpointer options)
{
  g_autoptr (Talk) talk = talk_new (options, "imap");
  PhTlsInfo *info;

  open_talk (talk);
  info = ph_tls_filter_get_info (talk->tls);
  g_test_message ("%s %s", ph_tls_info_get_protocol (info), ph_tls_info_get_cipher (info));
  g_assert_cmpstr (ph_tls_info_get_protocol (info), ==, strstr (options, "-tls1_2") ? "TLS1.2" : "TLS1.3");
  g_assert_cmpstr (ph_tls_info_get_alpn (info), ==, strstr (options, "-alpn") ? "imap" : NULL);
  type_line (talk, "to the client");
  expect_line (talk, "to the client");
  send_line (talk, "to the server");
  type_line (talk, "again");
  expect_line (talk, "again");
}

static void
test_key_update (void)
{
  g_autoptr (Talk) talk = talk_new ("-tls1_3", NULL);
  const char *commands[] = { "k", "K", "K" };

  open_and_greet (talk);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      /* one command for each of its reads: the update is here before the next one is typed */
      type_line (talk, commands[i]);
      g_assert_true (step (talk));
      type_line (talk, "under a new key");
      expect_line (talk, "under a new key");
      send_line (talk, "and back");
    }
}

static void
test_plain_text (gconstpointer options)
{
  g_autoptr (Talk) talk = talk_new (options, NULL);

  open_and_greet (talk);
  type_line (talk, "P");
  while (step (talk))
    ;
  g_assert_error (talk->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_cmpuint (ph_byte_queue_get_length (talk->plain), ==, 0);
}

/* Its owner has not looked after it for ten years. */
static void
test_old (gconstpointer options)
{
  g_autoptr (Talk) talk = talk_new (options, NULL);

  while (ph_tls_filter_get_state (talk->tls) == PH_TLS_STATE_HANDSHAKE && step (talk))
    ;
  g_assert_error (talk->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_cmpstr (talk->error->message, ==, "localhost speaks no version of TLS that is new enough (TLS1.2 or newer is asked for)");
}

static void
test_renegotiation (void)
{
  g_autoptr (Talk) talk = talk_new ("-tls1_2", NULL);

  open_and_greet (talk);
  type_line (talk, "r");
  while (step (talk))
    ;
  g_assert_error (talk->error, PH_ERROR, PH_ERROR_TLS);
  g_assert_cmpstr (talk->error->message, ==, "localhost asked for a second TLS handshake, which is refused");
}

/* This one turns lines round. */
static void
test_goodbye (gconstpointer options)
{
  g_autoptr (Talk) talk = talk_new (options, NULL);

  ph_byte_queue_append (talk->sending, "dog\n", 4);
  open_talk (talk);
  expect_line (talk, "god");
  ph_byte_queue_append (talk->sending, "CLOSE\n", 6);
  while (ph_tls_filter_get_state (talk->tls) == PH_TLS_STATE_OPEN && step (talk))
    ;
  g_assert_no_error (talk->error);
  g_assert_cmpint (ph_tls_filter_get_state (talk->tls), ==, PH_TLS_STATE_CLOSED);
  g_assert_true (ph_filter_end_of_input (PH_FILTER (talk->tls), NULL));
}

static void
test_cut_off (gconstpointer options)
{
  g_autoptr (Talk) talk = talk_new (options, NULL);

  open_and_greet (talk);
  type_line (talk, "last words");
  expect_line (talk, "last words");
  g_subprocess_force_exit (talk->server);
  while (step (talk))
    ;
  g_assert_true (talk->ended);
  g_assert_error (talk->error, PH_ERROR, PH_ERROR_CLOSED);
}

static void
add (const char *name, const char *options, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/tls-interop/%s/%s", name, options);

  g_test_add_data_func (path, options, func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("octets-pass-both-ways", "-tls1_2", test_talk);
  add ("octets-pass-both-ways", "-tls1_3", test_talk);
  add ("octets-pass-both-ways", "-tls1_3 -alpn imap", test_talk);
  add ("octets-pass-both-ways", "-tls1_3 -groups P-384", test_talk); /* asks for another hello */
  add ("octets-pass-both-ways", "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", test_talk);
  add ("octets-pass-both-ways", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", test_talk);
  add ("octets-pass-both-ways", "-tls1_2 -Verify 2 -verify_return_error", test_talk);
  add ("octets-pass-both-ways", "-tls1_3 -Verify 2 -verify_return_error", test_talk);
  add ("octets-pass-both-ways", "-tls1_3 -max_send_frag 512", test_talk);
  add ("plain-text-inside-the-channel-is-an-error", "-tls1_2", test_plain_text);
  add ("plain-text-inside-the-channel-is-an-error", "-tls1_3", test_plain_text);
  add ("a-goodbye-is-heard", "-tls1_2 -rev", test_goodbye);
  add ("a-goodbye-is-heard", "-tls1_3 -rev", test_goodbye);
  add ("a-killed-server-cuts-off", "-tls1_2", test_cut_off);
  add ("a-killed-server-cuts-off", "-tls1_3", test_cut_off);
  add ("an-old-server-is-named", "-tls1 -cipher DEFAULT@SECLEVEL=0", test_old);
  add ("an-old-server-is-named", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", test_old);
  g_test_add_func ("/tls-interop/keys-can-be-updated", test_key_update);
  g_test_add_func ("/tls-interop/renegotiation-is-refused", test_renegotiation);
  return g_test_run ();
}
