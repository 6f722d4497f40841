/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uses the extension and the connection: PASSWORD=secret use-plugins imap://alice@localhost prints who the server says it is. */
#include "recorder.h"

#include <stdlib.h>

/* The command is known by its name alone; no header of the extension's is needed. */
static PhCommand *
make_id (PhSession *session)
{
  g_autoptr (PhValue) name = ph_value_new_string ("name");
  g_autoptr (PhValue) value = ph_value_new_string ("a third party's program");
  g_autoptr (PhValue) fields = ph_value_new_list ((PhValue *[]){ name, value }, 2);
  g_autoptr (PhValue) arguments = ph_value_new_list (&fields, 1);

  return ph_session_make_command (session, "ID", arguments);
}

static void
print_fields (const PhValue *fields)
{
  for (const PhValue *name = ph_value_first (fields); name != NULL; name = ph_value_next (ph_value_next (name)))
    {
      g_autofree char *key = ph_value_dup_text (name);
      g_autofree char *text = ph_value_dup_text (ph_value_next (name));

      g_print ("%s: %s\n", key, text != NULL ? text : "");
    }
}

static gboolean
run (const char *uri, GError **error)
{
  g_autoptr (PhConnection) connection = ph_connection_open (uri, 30, NULL, error);
  g_autoptr (RecorderConnection) recorder = connection != NULL ? recorder_connection_new (connection) : NULL;
  g_autoptr (PhSession) session = recorder != NULL ? ph_session_new (uri, error) : NULL;
  g_autoptr (PhCommand) command = NULL;
  g_autoptr (GBytes) received = NULL;

  if (session == NULL)
    return FALSE;
  ph_session_set_connection (session, PH_CONNECTION (recorder));
  if (g_getenv ("PASSWORD") != NULL)
    ph_session_set_password (session, g_getenv ("PASSWORD"));
  if (g_getenv ("CA_FILE") != NULL)
    ph_security_policy_set_ca_file (ph_session_get_policy (session), g_getenv ("CA_FILE"));
  if (!ph_session_open (session, NULL, error))
    return FALSE;

  command = make_id (session);
  if (!ph_session_run (session, command, NULL, error))
    return FALSE;
  print_fields (ph_command_peek_result (command));

  ph_session_close (session, NULL, NULL);
  received = recorder_connection_get_received (recorder);
  g_print ("recorded: %" G_GSIZE_FORMAT " octets received, beginning with %.4s\n", g_bytes_get_size (received),
           (const char *) g_bytes_get_data (received, NULL));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc == 2 && run (argv[1], &error))
    return EXIT_SUCCESS;
  g_printerr ("%s\n", error != NULL ? error->message : "usage: use-plugins URI");
  return EXIT_FAILURE;
}
