/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sends a message and says what became of each recipient:
 *
 *   cc send.c -o send $(pkg-config --cflags --libs posthorn-1)
 *   PASSWORD=secret ./send smtp://alice@mail.example.org alice@example.org bob@example.net carol@example.net
 */
#include <posthorn/posthorn.h>

#include <stdlib.h>

static void
print_rows (PhDelivery *delivery)
{
  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    {
      PhReply *reply = ph_delivery_get_reply (delivery, i);
      g_autofree char *text = reply != NULL ? ph_reply_to_string (reply) : g_strdup ("no reply");

      g_print ("%s: %s: %s\n", ph_delivery_get_address (delivery, i),
               ph_delivery_is_accepted (delivery, i) ? "accepted" : "refused", text);
    }
}

static int
fail (const GError *error)
{
  g_printerr ("%s\n", error->message);
  if (ph_error_get_delivery (error) != NULL)
    print_rows (ph_error_get_delivery (error));
  return EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = NULL;
  g_autoptr (PhEnvelope) envelope = NULL;
  g_autoptr (PhBody) message = NULL;
  g_autoptr (PhDelivery) delivery = NULL;

  if (argc < 4)
    {
      g_printerr ("usage: send URI FROM TO…\n");
      return EXIT_FAILURE;
    }

  session = ph_session_new (argv[1], &error); /* loads the plugin */
  if (session == NULL)
    return fail (error);
  if (g_getenv ("PASSWORD") != NULL)
    ph_session_set_password (session, g_getenv ("PASSWORD"));
  if (g_getenv ("CA_FILE") != NULL)
    ph_security_policy_set_ca_file (ph_session_get_policy (session), g_getenv ("CA_FILE"));

  envelope = ph_envelope_new (argv[2]);
  for (int i = 3; i < argc; i++)
    ph_envelope_add_recipient (envelope, argv[i]);
  message = ph_body_new_for_text ("Subject: An example\r\n\r\nHello!\r\n");

  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, message, NULL, &error); /* opens when needed */
  if (delivery == NULL)
    return fail (error);
  print_rows (delivery);
  ph_session_close (session, NULL, NULL);
  return ph_delivery_get_n_accepted (delivery) == ph_delivery_get_n_recipients (delivery) ? EXIT_SUCCESS : EXIT_FAILURE;
}
