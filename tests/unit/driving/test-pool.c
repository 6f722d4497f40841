/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool loses connections at every stage: what is safe goes out once more and arrives once, the rest is told. */
#include <posthorn/posthorn.h>

#include "ph-scripted-server.h"

#include <glib/gstdio.h>
#include <string.h>

#define OPEN "send 220 mail.example.org\nprefix EHLO \nsend 250 mail.example.org\n"
#define LMTP_OPEN "send 220 mail.example.org\nprefix LHLO \nsend 250 mail.example.org\n"
#define MAIL "expect MAIL FROM:<alice@example.org>\n"
#define RCPT(who) "expect RCPT TO:<" who "@example.net>\n"
#define OK "send 250 ok\n"
#define BEGUN(who) MAIL OK RCPT (who) OK
#define TEXT(who) "expect DATA\nsend 354 go\nexpect Subject: " who "\nexpect \nexpect .\n"
#define SENT(who) BEGUN (who) TEXT (who) OK
#define QUIT "expect QUIT\nsend 221 bye\nclosed\n"

typedef struct {
  PhScriptedServer *server;
  PhTransportPool *pool;
} Fixture;

static void
on_new_session (PhTransportPool *pool, PhTransport *session, gpointer data)
{
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  const char *const plain[] = { "PLAIN", NULL };

  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_security_policy_set_mechanisms (policy, plain);
  ph_session_set_policy (PH_SESSION (session), policy);
  if (ph_session_get_user (PH_SESSION (session)) != NULL)
    ph_session_set_password (PH_SESSION (session), "wrong");
}

static void
begin (Fixture *self, const char *base, const char *script)
{
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;

  self->server = ph_scripted_server_new (script, NULL);
  uri = ph_scripted_server_uri (self->server, base);
  self->pool = ph_transport_pool_new (uri, &error);
  g_assert_no_error (error);
  g_object_set (self->pool, "max-connections", 1, "back-off", 1, "max-attempts", 3, NULL);
  g_signal_connect (self->pool, "new-session", G_CALLBACK (on_new_session), NULL);
}

/* Closes what is open, and sees that the conversation went as written. */
static void
end (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  ph_transport_pool_drain (self->pool, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_transport_pool_get_n_connections (self->pool), ==, 0);
  g_assert_cmpuint (ph_transport_pool_get_n_messages (self->pool), ==, 0);
  ph_scripted_server_finish (self->server);
  ph_scripted_server_free (self->server);
  g_assert_finalize_object (self->pool);
}

static PhEnvelope *
envelope_to (const char *who)
{
  PhEnvelope *envelope = ph_envelope_new ("alice@example.org");
  g_auto (GStrv) names = g_strsplit (who, " ", -1);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *address = g_strconcat (*name, "@example.net", NULL);

      ph_envelope_add_recipient (envelope, address);
    }
  return envelope;
}

typedef struct {
  GAsyncResult *result;
  PhDelivery *delivery;
  GError *error;
} Outcome;

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  g_assert_null (outcome->result);
  outcome->result = g_object_ref (result);
  outcome->delivery = ph_transport_pool_send_finish (PH_TRANSPORT_POOL (source), result, &outcome->error);
}

static void
send_to (Fixture *self, const char *who, GCancellable *cancellable, Outcome *outcome)
{
  g_autoptr (PhEnvelope) envelope = envelope_to (who);
  g_auto (GStrv) names = g_strsplit (who, " ", 2);
  g_autofree char *text = g_strdup_printf ("Subject: %s\r\n\r\n", names[0]);
  g_autoptr (PhBody) body = ph_body_new_for_text (text);

  *outcome = (Outcome){ NULL, NULL, NULL };
  ph_transport_pool_send_async (self->pool, envelope, body, cancellable, on_sent, outcome);
}

static void
await (Outcome *outcome)
{
  while (outcome->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* @code -1: delivered to all */
static void
assert_outcome (Outcome *outcome, int code)
{
  await (outcome);
  if (code < 0)
    g_assert_no_error (outcome->error);
  else
    g_assert_error (outcome->error, PH_ERROR, code);
  g_assert_true ((outcome->delivery != NULL) == (code < 0));
  if (outcome->delivery != NULL)
    g_assert_cmpuint (ph_delivery_get_n_accepted (outcome->delivery), ==, ph_delivery_get_n_recipients (outcome->delivery));
  g_clear_object (&outcome->result);
  g_clear_pointer (&outcome->delivery, ph_delivery_unref);
  g_clear_error (&outcome->error);
}

/* What becomes of the first connection; the second takes the message. */
typedef struct {
  const char *name;
  const char *script;
} Loss;

static const Loss losses[] = {
  { "before-the-greeting", "close\n" },
  { "greeting-421", "send 421 4.3.2 too busy\ngone\n" },
  { "at-hello", "send 220 hi\nprefix EHLO \nreset\n" },
  { "hello-421", "send 220 hi\nprefix EHLO \nsend 421 later\ngone\n" },
  { "at-mail", OPEN MAIL "close\n" },
  { "mail-421", OPEN MAIL "send 421 closing\ngone\n" },
  { "at-rcpt", OPEN MAIL OK RCPT ("bob") "reset\n" },
  { "rcpt-421", OPEN MAIL OK RCPT ("bob") "send 421 closing\ngone\n" },
  { "at-data", OPEN BEGUN ("bob") "expect DATA\nclose\n" },
  { "data-421", OPEN BEGUN ("bob") "expect DATA\nsend 421 closing\ngone\n" },
  { "content-421", OPEN BEGUN ("bob") TEXT ("bob") "send 421 4.3.2 closing, not taken\ngone\n" },
  { "out-of-step", OPEN MAIL "send 354 what?\ngone\n" },
};

static void
test_loss (gconstpointer data)
{
  const Loss *loss = data;
  g_autofree char *script = g_strconcat (loss->script, "accept\n" OPEN SENT ("bob") QUIT, NULL);
  Fixture fixture;
  Outcome outcome;

  begin (&fixture, "smtp://127.0.0.1", script);
  send_to (&fixture, "bob", NULL, &outcome);
  assert_outcome (&outcome, -1);
  end (&fixture);
}

/* The blocking call by the same rules */
static void
test_loss_blocking (gconstpointer data)
{
  const Loss *loss = data;
  g_autofree char *script = g_strconcat (loss->script, "accept\n" OPEN SENT ("bob") QUIT, NULL);
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  begin (&fixture, "smtp://127.0.0.1", script);
  delivery = ph_transport_pool_send (fixture.pool, envelope, body, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ph_delivery_is_accepted (delivery, 0));
  end (&fixture);
}

/* What is told and not tried again: there is no second connection, or it has another message. */
static const struct {
  const char *name;
  const char *script;
  int code;
} verdicts[] = {
  { "lost-behind-the-final-dot", OPEN BEGUN ("bob") TEXT ("bob") "close\n", PH_ERROR_DELIVERY_UNKNOWN },
  { "sender-refused", OPEN MAIL "send 550 no\n" QUIT, PH_ERROR_SENDER_REFUSED },
  { "recipient-refused", OPEN MAIL OK RCPT ("bob") "send 550 5.1.1 who?\nexpect RSET\n" OK QUIT, PH_ERROR_RECIPIENTS_REFUSED },
  { "recipient-refused-for-now", OPEN MAIL OK RCPT ("bob") "send 450 4.2.0 greylisted\nexpect RSET\n" OK QUIT, PH_ERROR_RECIPIENTS_REFUSED },
  { "content-refused", OPEN BEGUN ("bob") TEXT ("bob") "send 554 spam\n" QUIT, PH_ERROR_DATA_REFUSED },
  { "greeting-refused", "send 554 go away\ngone\n", PH_ERROR_GREETING },
};

static void
test_verdict (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data);
  Fixture fixture;
  Outcome outcome;

  begin (&fixture, "smtp://127.0.0.1", verdicts[which].script);
  send_to (&fixture, "bob", NULL, &outcome);
  assert_outcome (&outcome, verdicts[which].code);
  end (&fixture);
}

/* LMTP answers for each: the one that was put off goes again, the one that has the message doesn't. */
static void
test_some_again (void)
{
  Fixture fixture;
  Outcome outcome;

  begin (&fixture, "lmtp://127.0.0.1",
         LMTP_OPEN MAIL OK RCPT ("bob") OK RCPT ("carol") OK RCPT ("dave") "send 550 who?\n" TEXT ("bob") "send 250 bob has it\nsend 421 closing\ngone\n"
         "accept\n" LMTP_OPEN MAIL OK RCPT ("carol") OK TEXT ("bob") "send 250 carol has it\n" QUIT);
  send_to (&fixture, "bob carol dave", NULL, &outcome);
  await (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (ph_delivery_is_accepted (outcome.delivery, 0));
  g_assert_true (ph_delivery_is_accepted (outcome.delivery, 1));
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (outcome.delivery, 2)), ==, 550);
  g_object_unref (outcome.result);
  ph_delivery_unref (outcome.delivery);
  end (&fixture);
}

/* And the one of whom nobody knows doesn't. */
static void
test_some_unknown (void)
{
  Fixture fixture;
  Outcome outcome;

  begin (&fixture, "lmtp://127.0.0.1", LMTP_OPEN MAIL OK RCPT ("bob") OK RCPT ("carol") OK TEXT ("bob") "send 250 bob has it\nclose\n");
  send_to (&fixture, "bob carol", NULL, &outcome);
  await (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (ph_delivery_is_accepted (outcome.delivery, 0));
  g_assert_cmpint (ph_delivery_get_fate (outcome.delivery, 1), ==, PH_FATE_UNKNOWN);
  g_object_unref (outcome.result);
  ph_delivery_unref (outcome.delivery);
  end (&fixture);
}

static void
test_attempts_are_bounded (void)
{
  Fixture fixture;
  Outcome bob, carol;

  begin (&fixture, "smtp://127.0.0.1", "close\naccept\nclose\naccept\nclose\n");
  send_to (&fixture, "bob", NULL, &bob);
  send_to (&fixture, "carol", NULL, &carol);
  assert_outcome (&bob, PH_ERROR_CLOSED);
  assert_outcome (&carol, PH_ERROR_CLOSED);
  end (&fixture);
}

/* One password that is wrong is asked for once, not once a message. */
static void
test_wrong_password (void)
{
  Fixture fixture;
  Outcome outcomes[20];

  begin (&fixture, "smtp://alice@127.0.0.1",
         "send 220 hi\nprefix EHLO \nsend 250-hi\nsend 250 AUTH PLAIN\nprefix AUTH PLAIN\nsend 535 5.7.8 wrong\ngone\n");
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    send_to (&fixture, "bob", NULL, &outcomes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    assert_outcome (&outcomes[i], PH_ERROR_AUTHENTICATION);
  end (&fixture);
}

/* A message that takes its connection down costs its neighbours nothing: those that were lost go alone. */
static void
test_neighbours (void)
{
  Fixture fixture;
  Outcome bob, carol, dave;

  begin (&fixture, "smtp://127.0.0.1",
         OPEN MAIL OK RCPT ("bob") "close\naccept\n" OPEN BEGUN ("bob") "expect DATA\nclose\naccept\n" OPEN SENT ("carol") SENT ("dave")
         BEGUN ("bob") TEXT ("bob") "close\n");
  g_object_set (fixture.pool, "in-flight", 3, NULL);
  send_to (&fixture, "bob", NULL, &bob);
  send_to (&fixture, "carol", NULL, &carol);
  send_to (&fixture, "dave", NULL, &dave);
  assert_outcome (&carol, -1);
  assert_outcome (&dave, -1);
  assert_outcome (&bob, PH_ERROR_DELIVERY_UNKNOWN);
  end (&fixture);
}

static void
test_messages_per_connection (void)
{
  Fixture fixture;
  Outcome bob, carol, dave;

  begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") SENT ("carol") QUIT "accept\n" OPEN SENT ("dave") QUIT);
  g_object_set (fixture.pool, "max-messages", 2, NULL);
  send_to (&fixture, "bob", NULL, &bob);
  send_to (&fixture, "carol", NULL, &carol);
  send_to (&fixture, "dave", NULL, &dave);
  assert_outcome (&bob, -1);
  assert_outcome (&carol, -1);
  assert_outcome (&dave, -1);
  end (&fixture);
}

static void
test_idle_sessions_quit (void)
{
  Fixture fixture;
  Outcome bob;

  begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  g_object_set (fixture.pool, "idle-timeout", 1, NULL);
  send_to (&fixture, "bob", NULL, &bob);
  assert_outcome (&bob, -1);
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
  Fixture fixture;
  Outcome bob, carol;

  begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  g_object_set (fixture.pool, "in-flight", 1, NULL);
  send_to (&fixture, "bob", NULL, &bob);
  send_to (&fixture, "carol", cancellable, &carol);
  g_cancellable_cancel (cancellable);
  await (&carol);
  g_assert_error (carol.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&carol.error);
  g_clear_object (&carol.result);
  assert_outcome (&bob, -1);
  end (&fixture);
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
  Fixture fixture;
  Outcome bob, carol;

  begin (&fixture, "smtp://127.0.0.1", OPEN MAIL "wait cancelled\n" OK "expect RSET\n" OK SENT ("carol") QUIT);
  g_signal_connect (fixture.pool, "new-session", G_CALLBACK (on_new_session_traced), &asked);
  send_to (&fixture, "bob", cancellable, &bob);
  send_to (&fixture, "carol", NULL, &carol);
  while (!asked)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  await (&bob);
  ph_scripted_server_release (fixture.server, "cancelled");
  g_assert_error (bob.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&bob.error);
  g_clear_object (&bob.result);
  assert_outcome (&carol, -1);
  end (&fixture);
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
  Fixture fixture;
  guint n_before;

  for (guint i = 0; i < MANY; i++)
    g_string_append (script, SENT ("bob"));
  g_string_append (script, QUIT);
  begin (&fixture, "smtp://127.0.0.1", script->str);
  g_object_set (fixture.pool, "max-messages", 0, NULL);
  close (g_file_open_tmp ("pool-XXXXXX", &path, NULL));
  g_assert_true (g_file_set_contents (path, "Subject: bob\n\n", -1, NULL));
  n_before = count_descriptors ();
  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (PhBody) body = ph_body_new_for_closed_file (file);
      g_autoptr (PhEnvelope) envelope = envelope_to ("bob");

      ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, on_one_of_many, &many);
    }
  g_assert_cmpuint (count_descriptors (), <=, n_before + 2);
  end (&fixture);
  g_assert_cmpuint (many.n_done, ==, MANY);
  /* a connection, a few files, and what GLib has of its own */
  g_assert_cmpuint (many.n_descriptors, <, n_before + 15);
  g_unlink (path);
}

/* Its session never hears of it. */
static void
test_missing_file (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/message.eml");
  g_autoptr (PhBody) body = ph_body_new_for_closed_file (file);
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob");
  Outcome nobody = { NULL, NULL, NULL };
  Outcome bob;
  Fixture fixture;

  begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, on_sent, &nobody);
  send_to (&fixture, "bob", NULL, &bob);
  assert_outcome (&nobody, PH_ERROR_BODY);
  assert_outcome (&bob, -1);
  end (&fixture);
}

#define LIMITED_OPEN(limits) "send 220 mail.example.org\nprefix EHLO \nsend 250-mail.example.org\nsend 250 LIMITS " limits "\n"

/* RFC 9422: what a session takes no more of goes over the next one, in its order, however few tries there may be. */
static void
test_mailmax (void)
{
  Outcome outcomes[3];
  Fixture fixture;

  begin (&fixture, "smtp://127.0.0.1",
         LIMITED_OPEN ("MAILMAX=1") SENT ("ann") QUIT "accept\n" LIMITED_OPEN ("MAILMAX=1") SENT ("bob") QUIT
         "accept\n" LIMITED_OPEN ("MAILMAX=1") SENT ("eve") QUIT);
  g_object_set (fixture.pool, "max-attempts", 1, NULL);
  send_to (&fixture, "ann", NULL, &outcomes[0]);
  send_to (&fixture, "bob", NULL, &outcomes[1]);
  send_to (&fixture, "eve", NULL, &outcomes[2]);
  for (guint i = 0; i < 3; i++)
    assert_outcome (&outcomes[i], -1);
  end (&fixture);
}

static void
test_mailmax_blocking (void)
{
  Fixture fixture;

  begin (&fixture, "smtp://127.0.0.1",
         LIMITED_OPEN ("MAILMAX=1") SENT ("bob") QUIT "accept\n" LIMITED_OPEN ("MAILMAX=1") SENT ("bob") QUIT);
  g_object_set (fixture.pool, "max-attempts", 1, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PhEnvelope) envelope = envelope_to ("bob");
      g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
      g_autoptr (GError) error = NULL;
      g_autoptr (PhDelivery) delivery = ph_transport_pool_send (fixture.pool, envelope, body, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (ph_delivery_is_accepted (delivery, 0));
    }
  end (&fixture);
}

/* One message, a session for each domain: one table of results */
static void
test_rcptdomainmax (void)
{
#define TO_DOMAIN(domain) LIMITED_OPEN ("RCPTDOMAINMAX=1") MAIL OK "expect RCPT TO:<bob@" domain ">\n" OK TEXT ("bob") OK QUIT
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
  Outcome outcome = { NULL, NULL, NULL };
  Fixture fixture;

  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_recipient (envelope, "bob@example.com");
  ph_envelope_add_recipient (envelope, "bob@example.edu");
  begin (&fixture, "smtp://127.0.0.1", TO_DOMAIN ("example.net") "accept\n" TO_DOMAIN ("example.com") "accept\n" TO_DOMAIN ("example.edu"));
  ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, on_sent, &outcome);
  assert_outcome (&outcome, -1);
  end (&fixture);
}

static void
test_drain_can_be_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  Outcome bob;

  begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  send_to (&fixture, "bob", NULL, &bob);
  g_cancellable_cancel (cancellable);
  g_assert_false (ph_transport_pool_drain (fixture.pool, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_outcome (&bob, -1);
  end (&fixture);
}

static void
test_not_a_transport (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_transport_pool_new ("imap://localhost", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (ph_transport_pool_new ("nothing", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_URI);
}

/* A caller who hears of an end may run a main loop, in which the pool goes on; and a message that has ended is let go of. */
typedef struct {
  Fixture *fixture;
  Outcome first, second;
  gpointer body;
} Nested;

static void
on_first_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Nested *nested = data;

  send_to (nested->fixture, "carol", NULL, &nested->second);
  await (&nested->second);
  on_sent (source, result, &nested->first);
}

static void
test_nested_loop (void)
{
  g_autoptr (PhEnvelope) envelope = envelope_to ("bob");
  PhBody *body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
  Fixture fixture;
  Nested nested = { .fixture = &fixture, .body = body };

  begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") SENT ("carol") QUIT);
  g_object_add_weak_pointer (G_OBJECT (body), &nested.body);
  ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, on_first_sent, &nested);
  g_object_unref (body);
  assert_outcome (&nested.first, -1);
  assert_outcome (&nested.second, -1);
  g_assert_null (nested.body);
  end (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (losses); i++)
    {
      g_autofree char *path = g_strconcat ("/pool/sends-again/", losses[i].name, NULL);
      g_autofree char *blocking = g_strconcat ("/pool/sends-again-blocking/", losses[i].name, NULL);

      g_test_add_data_func (path, &losses[i], test_loss);
      g_test_add_data_func (blocking, &losses[i], test_loss_blocking);
    }
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      g_autofree char *path = g_strconcat ("/pool/tells/", verdicts[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_verdict);
    }
  g_test_add_func ("/pool/some-rows/sends-again-what-is-safe", test_some_again);
  g_test_add_func ("/pool/some-rows/leaves-what-is-unknown", test_some_unknown);
  g_test_add_func ("/pool/bounds/attempts", test_attempts_are_bounded);
  g_test_add_func ("/pool/bounds/a-wrong-password-once", test_wrong_password);
  g_test_add_func ("/pool/bounds/neighbours-of-a-bad-message", test_neighbours);
  g_test_add_func ("/pool/bounds/messages-per-connection", test_messages_per_connection);
  g_test_add_func ("/pool/limits/mailmax", test_mailmax);
  g_test_add_func ("/pool/limits/mailmax-blocking", test_mailmax_blocking);
  g_test_add_func ("/pool/limits/rcptdomainmax", test_rcptdomainmax);
  g_test_add_func ("/pool/bounds/idle-sessions-quit", test_idle_sessions_quit);
  g_test_add_func ("/pool/bounds/descriptors", test_descriptors);
  g_test_add_func ("/pool/cancel/waiting", test_cancel_waiting);
  g_test_add_func ("/pool/cancel/running", test_cancel_running);
  g_test_add_func ("/pool/cancel/drain", test_drain_can_be_cancelled);
  g_test_add_func ("/pool/a-loop-inside-of-a-callback", test_nested_loop);
  g_test_add_func ("/pool/a-file-that-is-not-there", test_missing_file);
  g_test_add_func ("/pool/not-a-transport", test_not_a_transport);
  return g_test_run ();
}
