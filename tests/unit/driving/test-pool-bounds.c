/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool's bounds: messages on a connection, what the server limits, idleness, descriptors; and who no longer wants to wait. */
#include "pool-fixture.h"

#include <glib/gstdio.h>

static void
test_messages_per_connection (void)
{
  PoolFixture fixture;
  PoolOutcome bob, carol, dave;

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") SENT ("carol") QUIT "accept\n" OPEN SENT ("dave") QUIT);
  g_object_set (fixture.pool, "max-messages", 2, NULL);
  pool_send_to (&fixture, "bob", NULL, &bob);
  pool_send_to (&fixture, "carol", NULL, &carol);
  pool_send_to (&fixture, "dave", NULL, &dave);
  pool_assert_outcome (&bob, -1);
  pool_assert_outcome (&carol, -1);
  pool_assert_outcome (&dave, -1);
  pool_end (&fixture);
}

static void
test_idle_sessions_quit (void)
{
  PoolFixture fixture;
  PoolOutcome bob;

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  g_object_set (fixture.pool, "idle-timeout", 1, NULL);
  pool_send_to (&fixture, "bob", NULL, &bob);
  pool_assert_outcome (&bob, -1);
  while (ph_transport_pool_get_n_connections (fixture.pool) > 0)
    g_main_context_iteration (NULL, TRUE);
  ph_scripted_server_finish (fixture.server);
  ph_scripted_server_free (fixture.server);
  g_assert_finalize_object (fixture.pool);
}

static void
test_cancel_waiting (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PoolFixture fixture;
  PoolOutcome bob, carol;

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  g_object_set (fixture.pool, "in-flight", 1, NULL);
  pool_send_to (&fixture, "bob", NULL, &bob);
  pool_send_to (&fixture, "carol", cancellable, &carol);
  g_cancellable_cancel (cancellable);
  pool_await (&carol);
  g_assert_error (carol.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&carol.error);
  g_clear_object (&carol.result);
  pool_assert_outcome (&bob, -1);
  pool_end (&fixture);
}

static void
on_trace (PhSession *session, PhTraceDirection direction, GBytes *data, gboolean *asked)
{
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  *asked |= direction == PH_TRACE_SENT && g_strstr_len (text, (gssize) length, "MAIL FROM") != NULL;
}

static void
on_new_session_traced (PhTransportPool *pool, PhTransport *session, gpointer data)
{
  g_signal_connect (session, "trace", G_CALLBACK (on_trace), data);
}

/* On its way: its neighbour arrives, whatever becomes of the connection. */
static void
test_cancel_running (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean asked = FALSE;
  PoolFixture fixture;
  PoolOutcome bob, carol;

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN MAIL "wait cancelled\n" OK "expect RSET\n" OK SENT ("carol") QUIT);
  g_signal_connect (fixture.pool, "new-session", G_CALLBACK (on_new_session_traced), &asked);
  pool_send_to (&fixture, "bob", cancellable, &bob);
  pool_send_to (&fixture, "carol", NULL, &carol);
  while (!asked)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  pool_await (&bob);
  ph_scripted_server_release (fixture.server, "cancelled");
  g_assert_error (bob.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&bob.error);
  g_clear_object (&bob.result);
  pool_assert_outcome (&carol, -1);
  pool_end (&fixture);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

typedef struct {
  guint n_done;
  guint n_descriptors;
} Many;

static void
on_one_of_many (GObject *source, GAsyncResult *result, gpointer data)
{
  Many *many = data;
  g_autoptr (GError) error = NULL;
  G_GNUC_UNUSED g_autoptr (PhDelivery) delivery = ph_transport_pool_send_finish (PH_TRANSPORT_POOL (source), result, &error);
  guint n = count_descriptors ();

  g_assert_no_error (error);
  many->n_done++;
  many->n_descriptors = MAX (many->n_descriptors, n);
}

#define MANY 300

static void
test_descriptors (void)
{
  g_autoptr (GString) script = g_string_new (OPEN);
  g_autofree char *path = NULL;
  Many many = { 0, 0 };
  PoolFixture fixture;
  guint n_before;

  for (guint i = 0; i < MANY; i++)
    g_string_append (script, SENT ("bob"));
  g_string_append (script, QUIT);
  pool_begin (&fixture, "smtp://127.0.0.1", script->str);
  g_object_set (fixture.pool, "max-messages", 0, NULL);
  close (g_file_open_tmp ("pool-XXXXXX", &path, NULL));
  g_assert_true (g_file_set_contents (path, "Subject: bob\n\n", -1, NULL));
  n_before = count_descriptors ();
  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (PhBody) body = ph_body_new_for_closed_file (file);
      g_autoptr (PhEnvelope) envelope = pool_envelope_to ("bob");

      ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, on_one_of_many, &many);
    }
  g_assert_cmpuint (count_descriptors (), <=, n_before + 2);
  pool_end (&fixture);
  g_assert_cmpuint (many.n_done, ==, MANY);
  /* a connection, a few files, and what GLib has of its own */
  g_assert_cmpuint (many.n_descriptors, <, n_before + 15);
  g_unlink (path);
}

#define LIMITED_OPEN(limits) "send 220 mail.example.org\nprefix EHLO \nsend 250-mail.example.org\nsend 250 LIMITS " limits "\n"

/* RFC 9422: what a session takes no more of goes over the next one, in its order, however few tries there may be. */
static void
test_mailmax (void)
{
  PoolOutcome outcomes[3];
  PoolFixture fixture;

  pool_begin (&fixture, "smtp://127.0.0.1",
         LIMITED_OPEN ("MAILMAX=1") SENT ("ann") QUIT "accept\n" LIMITED_OPEN ("MAILMAX=1") SENT ("bob") QUIT
         "accept\n" LIMITED_OPEN ("MAILMAX=1") SENT ("eve") QUIT);
  g_object_set (fixture.pool, "max-attempts", 1, NULL);
  pool_send_to (&fixture, "ann", NULL, &outcomes[0]);
  pool_send_to (&fixture, "bob", NULL, &outcomes[1]);
  pool_send_to (&fixture, "eve", NULL, &outcomes[2]);
  for (guint i = 0; i < 3; i++)
    pool_assert_outcome (&outcomes[i], -1);
  pool_end (&fixture);
}

static void
test_mailmax_blocking (void)
{
  PoolFixture fixture;

  pool_begin (&fixture, "smtp://127.0.0.1",
         LIMITED_OPEN ("MAILMAX=1") SENT ("bob") QUIT "accept\n" LIMITED_OPEN ("MAILMAX=1") SENT ("bob") QUIT);
  g_object_set (fixture.pool, "max-attempts", 1, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PhEnvelope) envelope = pool_envelope_to ("bob");
      g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
      g_autoptr (GError) error = NULL;
      g_autoptr (PhDelivery) delivery = ph_transport_pool_send (fixture.pool, envelope, body, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (ph_delivery_is_accepted (delivery, 0));
    }
  pool_end (&fixture);
}

/* One message, a session for each domain: one table of results */
static void
test_rcptdomainmax (void)
{
#define TO_DOMAIN(domain) LIMITED_OPEN ("RCPTDOMAINMAX=1") MAIL OK "expect RCPT TO:<bob@" domain ">\n" OK TEXT ("bob") OK QUIT
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
  PoolOutcome outcome = { NULL, NULL, NULL };
  PoolFixture fixture;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_recipient (envelope, "bob@example.com");
  ph_envelope_add_recipient (envelope, "bob@example.edu");
  pool_begin (&fixture, "smtp://127.0.0.1", TO_DOMAIN ("example.net") "accept\n" TO_DOMAIN ("example.com") "accept\n" TO_DOMAIN ("example.edu"));
  ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, pool_on_sent, &outcome);
  pool_assert_outcome (&outcome, -1);
  pool_end (&fixture);
}

static void
test_drain_can_be_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PoolFixture fixture;
  PoolOutcome bob;

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  pool_send_to (&fixture, "bob", NULL, &bob);
  g_cancellable_cancel (cancellable);
  g_assert_false (ph_transport_pool_drain (fixture.pool, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pool_assert_outcome (&bob, -1);
  pool_end (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/bounds/messages-per-connection", test_messages_per_connection);
  g_test_add_func ("/pool/limits/mailmax", test_mailmax);
  g_test_add_func ("/pool/limits/mailmax-blocking", test_mailmax_blocking);
  g_test_add_func ("/pool/limits/rcptdomainmax", test_rcptdomainmax);
  g_test_add_func ("/pool/bounds/idle-sessions-quit", test_idle_sessions_quit);
  g_test_add_func ("/pool/bounds/descriptors", test_descriptors);
  g_test_add_func ("/pool/cancel/waiting", test_cancel_waiting);
  g_test_add_func ("/pool/cancel/running", test_cancel_running);
  g_test_add_func ("/pool/cancel/drain", test_drain_can_be_cancelled);
  return g_test_run ();
}
