/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists the unread messages of a mailbox:
 *
 *   cc read.c -o read $(pkg-config --cflags --libs posthorn-1)
 *   PASSWORD=secret ./read imaps://alice@mail.example.org INBOX
 */
#include <posthorn/posthorn.h>

#include <stdlib.h>

static void
print_message (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (GPtrArray) from = ph_message_envelope_get_from (envelope);
  g_autofree char *sender = from->len > 0 ? ph_address_to_string (g_ptr_array_index (from, 0)) : g_strdup ("?");
  const char *subject = ph_message_envelope_get_subject (envelope);

  g_print ("%u  %s  %s\n", ph_message_get_uid (message), sender, subject != NULL ? subject : "");
}

static gboolean
list_unread (PhStore *store, const char *name, GError **error)
{
  g_autoptr (PhMailbox) mailbox = ph_store_select (store, name, NULL, error);
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhMessageSet) unread = mailbox != NULL ? ph_store_search (store, query, NULL, error) : NULL;
  g_autoptr (PhMessageIter) messages = NULL;
  g_autoptr (GError) problem = NULL;

  if (unread == NULL)
    return FALSE;
  g_print ("%u messages, %" G_GUINT64_FORMAT " of them unread\n", ph_mailbox_get_n_messages (mailbox),
           ph_message_set_get_count (unread));

  messages = ph_store_fetch (store, unread, PH_FETCH_ENVELOPE, NULL);
  while (TRUE)
    {
      g_autoptr (PhMessage) message = ph_message_iter_next (messages, NULL, &problem);

      if (message == NULL)
        break;
      print_message (message);
    }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return *error == NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: read URI MAILBOX\n");
      return EXIT_FAILURE;
    }

  session = ph_session_new (argv[1], &error);
  if (session != NULL && g_getenv ("PASSWORD") != NULL)
    ph_session_set_password (session, g_getenv ("PASSWORD"));
  if (session != NULL && g_getenv ("CA_FILE") != NULL)
    ph_security_policy_set_ca_file (ph_session_get_policy (session), g_getenv ("CA_FILE"));

  if (session == NULL || !list_unread (PH_STORE (session), argv[2], &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  ph_session_close (session, NULL, NULL);
  return EXIT_SUCCESS;
}
