/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool loses connections at every stage: what is safe goes out once more and arrives once, the rest is told. */
#include "pool-fixture.h"

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
  PoolFixture fixture;
  PoolOutcome outcome;

  pool_begin (&fixture, "smtp://127.0.0.1", script);
  pool_send_to (&fixture, "bob", NULL, &outcome);
  pool_assert_outcome (&outcome, -1);
  pool_end (&fixture);
}

/* The blocking call by the same rules */
static void
test_loss_blocking (gconstpointer data)
{
  const Loss *loss = data;
  g_autofree char *script = g_strconcat (loss->script, "accept\n" OPEN SENT ("bob") QUIT, NULL);
  g_autoptr (PhEnvelope) envelope = pool_envelope_to ("bob");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;
  PoolFixture fixture;

  pool_begin (&fixture, "smtp://127.0.0.1", script);
  delivery = ph_transport_pool_send (fixture.pool, envelope, body, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ph_delivery_is_accepted (delivery, 0));
  pool_end (&fixture);
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
  PoolFixture fixture;
  PoolOutcome outcome;

  pool_begin (&fixture, "smtp://127.0.0.1", verdicts[which].script);
  pool_send_to (&fixture, "bob", NULL, &outcome);
  pool_assert_outcome (&outcome, verdicts[which].code);
  pool_end (&fixture);
}

/* LMTP answers for each: the one that was put off goes again, the one that has the message doesn't. */
static void
test_some_again (void)
{
  PoolFixture fixture;
  PoolOutcome outcome;

  pool_begin (&fixture, "lmtp://127.0.0.1",
         LMTP_OPEN MAIL OK RCPT ("bob") OK RCPT ("carol") OK RCPT ("dave") "send 550 who?\n" TEXT ("bob") "send 250 bob has it\nsend 421 closing\ngone\n"
         "accept\n" LMTP_OPEN MAIL OK RCPT ("carol") OK TEXT ("bob") "send 250 carol has it\n" QUIT);
  pool_send_to (&fixture, "bob carol dave", NULL, &outcome);
  pool_await (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (ph_delivery_is_accepted (outcome.delivery, 0));
  g_assert_true (ph_delivery_is_accepted (outcome.delivery, 1));
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (outcome.delivery, 2)), ==, 550);
  g_object_unref (outcome.result);
  ph_delivery_unref (outcome.delivery);
  pool_end (&fixture);
}

/* And the one of whom nobody knows doesn't. */
static void
test_some_unknown (void)
{
  PoolFixture fixture;
  PoolOutcome outcome;

  pool_begin (&fixture, "lmtp://127.0.0.1", LMTP_OPEN MAIL OK RCPT ("bob") OK RCPT ("carol") OK TEXT ("bob") "send 250 bob has it\nclose\n");
  pool_send_to (&fixture, "bob carol", NULL, &outcome);
  pool_await (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (ph_delivery_is_accepted (outcome.delivery, 0));
  g_assert_cmpint (ph_delivery_get_fate (outcome.delivery, 1), ==, PH_FATE_UNKNOWN);
  g_object_unref (outcome.result);
  ph_delivery_unref (outcome.delivery);
  pool_end (&fixture);
}

static void
test_attempts_are_bounded (void)
{
  PoolFixture fixture;
  PoolOutcome bob, carol;

  pool_begin (&fixture, "smtp://127.0.0.1", "close\naccept\nclose\naccept\nclose\n");
  pool_send_to (&fixture, "bob", NULL, &bob);
  pool_send_to (&fixture, "carol", NULL, &carol);
  pool_assert_outcome (&bob, PH_ERROR_CLOSED);
  pool_assert_outcome (&carol, PH_ERROR_CLOSED);
  pool_end (&fixture);
}

/* One password that is wrong is asked for once, not once a message. */
static void
test_wrong_password (void)
{
  PoolFixture fixture;
  PoolOutcome outcomes[20];

  pool_begin (&fixture, "smtp://alice@127.0.0.1",
         "send 220 hi\nprefix EHLO \nsend 250-hi\nsend 250 AUTH PLAIN\nprefix AUTH PLAIN\nsend 535 5.7.8 wrong\ngone\n");
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    pool_send_to (&fixture, "bob", NULL, &outcomes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    pool_assert_outcome (&outcomes[i], PH_ERROR_AUTHENTICATION);
  pool_end (&fixture);
}

/* A message that takes its connection down costs its neighbours nothing: those that were lost go alone. */
static void
test_neighbours (void)
{
  PoolFixture fixture;
  PoolOutcome bob, carol, dave;

  pool_begin (&fixture, "smtp://127.0.0.1",
         OPEN MAIL OK RCPT ("bob") "close\naccept\n" OPEN BEGUN ("bob") "expect DATA\nclose\naccept\n" OPEN SENT ("carol") SENT ("dave")
         BEGUN ("bob") TEXT ("bob") "close\n");
  g_object_set (fixture.pool, "in-flight", 3, NULL);
  pool_send_to (&fixture, "bob", NULL, &bob);
  pool_send_to (&fixture, "carol", NULL, &carol);
  pool_send_to (&fixture, "dave", NULL, &dave);
  pool_assert_outcome (&carol, -1);
  pool_assert_outcome (&dave, -1);
  pool_assert_outcome (&bob, PH_ERROR_DELIVERY_UNKNOWN);
  pool_end (&fixture);
}

/* Its session never hears of it. */
static void
test_missing_file (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/message.eml");
  g_autoptr (PhBody) body = ph_body_new_for_closed_file (file);
  g_autoptr (PhEnvelope) envelope = pool_envelope_to ("bob");
  PoolOutcome nobody = { NULL, NULL, NULL };
  PoolOutcome bob;
  PoolFixture fixture;

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") QUIT);
  ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, pool_on_sent, &nobody);
  pool_send_to (&fixture, "bob", NULL, &bob);
  pool_assert_outcome (&nobody, PH_ERROR_BODY);
  pool_assert_outcome (&bob, -1);
  pool_end (&fixture);
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
  PoolFixture *fixture;
  PoolOutcome first, second;
  gpointer body;
} Nested;

static void
on_first_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Nested *nested = data;

  pool_send_to (nested->fixture, "carol", NULL, &nested->second);
  pool_await (&nested->second);
  pool_on_sent (source, result, &nested->first);
}

static void
test_nested_loop (void)
{
  g_autoptr (PhEnvelope) envelope = pool_envelope_to ("bob");
  PhBody *body = ph_body_new_for_text ("Subject: bob\r\n\r\n");
  PoolFixture fixture;
  Nested nested = { .fixture = &fixture, .body = body };

  pool_begin (&fixture, "smtp://127.0.0.1", OPEN SENT ("bob") SENT ("carol") QUIT);
  g_object_add_weak_pointer (G_OBJECT (body), &nested.body);
  ph_transport_pool_send_async (fixture.pool, envelope, body, NULL, on_first_sent, &nested);
  g_object_unref (body);
  pool_assert_outcome (&nested.first, -1);
  pool_assert_outcome (&nested.second, -1);
  g_assert_null (nested.body);
  pool_end (&fixture);
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
  g_test_add_func ("/pool/a-loop-inside-of-a-callback", test_nested_loop);
  g_test_add_func ("/pool/a-file-that-is-not-there", test_missing_file);
  g_test_add_func ("/pool/not-a-transport", test_not_a_transport);
  return g_test_run ();
}
