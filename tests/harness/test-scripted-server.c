/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A C test can start the scripted server, meet it at a named point, and learn how it went. */
#include "ph-scripted-server.h"

#include <string.h>

static GSocketConnection *
connect_to (PhScriptedServer *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", ph_scripted_server_get_port (server), NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
send_text (GSocketConnection *connection, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_meets_the_test (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("tell ready\nexpect a\ntell got-a\nwait go\nexpect b\nclosed", NULL);
  g_autofree char *uri = ph_scripted_server_uri (server, "imap://localhost");
  g_autoptr (GSocketConnection) connection = NULL;

  g_assert_true (g_str_has_prefix (uri, "imap://localhost:"));
  ph_scripted_server_await (server, "ready");
  connection = connect_to (server);
  send_text (connection, "a\r\n");
  ph_scripted_server_await (server, "got-a");
  ph_scripted_server_release (server, "go");
  send_text (connection, "b\r\n");
  g_clear_object (&connection);
  ph_scripted_server_finish (server);
}

static void
test_tells_a_mismatch (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("expect a", NULL);
  g_autoptr (GSocketConnection) connection = connect_to (server);
  g_autofree char *mismatch = NULL;

  send_text (connection, "b\r\n");
  mismatch = ph_scripted_server_get_mismatch (server);
  g_assert_nonnull (mismatch);
  g_assert_nonnull (strstr (mismatch, "line 1, `expect a`: got 'b'"));
}

static void
test_can_be_dropped_at_any_time (void)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("hang", "--tls", NULL);
  g_autofree char *authority = ph_scripted_server_certificate ("ca.pem");

  g_assert_cmpuint (ph_scripted_server_get_port (server), >, 0);
  g_assert_true (g_file_test (authority, G_FILE_TEST_IS_REGULAR));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scripted-server/meets-the-test", test_meets_the_test);
  g_test_add_func ("/scripted-server/tells-a-mismatch", test_tells_a_mismatch);
  g_test_add_func ("/scripted-server/can-be-dropped-at-any-time", test_can_be_dropped_at_any_time);
  return g_test_run ();
}
