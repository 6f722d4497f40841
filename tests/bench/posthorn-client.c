/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posthorn by its public calls: an outbox for many messages, else the blocking ones. */
#include "bench.h"

#include <posthorn/posthorn.h>

static guint failures;

static void
check (gboolean well, GError **error)
{
  if (!well)
    bench_fail (*error != NULL ? (*error)->message : "some of it");
}

static PhSession *
session_new (const char *uri, PhSecurityPolicy *policy)
{
  GError *error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  check (session != NULL, &error);
  ph_session_set_policy (session, policy);
  return session;
}

static void
on_sent (PhOutbox *outbox, guint64 tag, PhDelivery *delivery, const GError *error, gpointer data)
{
  if (error != NULL)
    failures++;
}

static void
send_many (PhSession *session, guint count, GBytes *message)
{
  g_autoptr (PhOutbox) outbox = ph_outbox_new (session);
  GError *error = NULL;

  ph_outbox_set_handler (outbox, on_sent, NULL, NULL);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PhEnvelope) envelope = ph_envelope_new (SENDER);

      ph_envelope_add_recipient (envelope, "bob@example.test");
      check (ph_outbox_send (outbox, envelope, message, i, NULL, &error), &error);
    }
  check (ph_outbox_flush (outbox, NULL, &error), &error);
  if (failures > 0)
    bench_fail ("sending");
}

static void
send_one (PhSession *session, guint recipients, PhBody *body)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new (SENDER);
  g_autoptr (PhDelivery) delivery = NULL;
  GError *error = NULL;

  for (guint i = 0; i < recipients; i++)
    {
      char address[64];

      g_snprintf (address, sizeof address, "r%u@example.test", i);
      ph_envelope_add_recipient (envelope, address);
    }
  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
  check (delivery != NULL && ph_delivery_get_n_accepted (delivery) == recipients, &error);
}

/* @again: the same object for each; otherwise one of its own, from its URI to its end. */
static void
connect_many (const char *uri, PhSecurityPolicy *policy, guint count, gboolean again)
{
  g_autoptr (PhSession) session = NULL;
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    {
      if (session == NULL)
        {
          session = session_new (uri, policy);
          ph_session_set_password (session, "wonderland");
        }
      check (ph_session_open (session, NULL, &error), &error);
      check (ph_session_close (session, NULL, &error), &error);
      if (!again)
        g_clear_object (&session);
    }
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  gboolean connects = g_str_has_prefix (what, "connect"), with_tls = g_str_equal (what, "connect-tls");
  guint count = argc > 3 ? (guint) strtoul (argv[3], NULL, 10) : 0;
  size_t length;
  char *text = bench_message (argc > 4 ? strtoul (argv[4], NULL, 10) : 4096, &length);
  g_autoptr (GBytes) message = g_bytes_new_take (text, length);
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autofree char *uri = g_strdup_printf ("%s://%s127.0.0.1:%s", with_tls ? "smtps" : "smtp", connects ? "alice@" : "", argc > 2 ? argv[2] : "");
  g_autoptr (PhSession) session = NULL;
  GError *error = NULL;

  if (with_tls)
    ph_security_policy_set_ca_file (policy, g_getenv ("CA_FILE"));
  else
    ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  session = session_new (uri, policy);
  bench_begin ();
  if (connects)
    connect_many (uri, policy, count, g_str_equal (what, "connect-again"));
  else if (g_str_equal (what, "many"))
    send_many (session, count, message);
  else if (g_str_equal (what, "recipients"))
    {
      g_autoptr (PhBody) body = ph_body_new_for_bytes (message);

      send_one (session, count, body);
    }
  else
    {
      g_autoptr (GFile) file = g_file_new_for_path (argv[3]);
      g_autoptr (PhBody) body = ph_body_new_for_file (file, &error);

      check (body != NULL, &error);
      send_one (session, 1, body);
    }
  if (!connects)
    check (ph_session_close (session, NULL, &error), &error);
  bench_end ();
  return 0;
}
