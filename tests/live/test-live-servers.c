/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds at every server that takes mail, by each way in and each login: a table of both. */
#include "live.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *service;
  const char *user;
  const char *mechanism;
  const char *mailboxes; /* the service that shows what was delivered */
} Way;

static const Way ways[] = {
  { "postfix/starttls", "submission", "alice", "PLAIN", "imaps" },
  { "postfix/tls-at-once", "smtps", "bob", "LOGIN", "imaps" },
  { "postfix/in-plain-text", "smtp", NULL, NULL, "imaps" },
  { "exim/plain", "exim-submission", "alice", "PLAIN", "imaps" },
  { "exim/login", "exim-submission", "bob", "LOGIN", "imaps" },
  { "exim/cram-md5", "exim-submission", "bob", "CRAM-MD5", "imaps" },
  { "exim/tls-at-once", "exim-smtps", "alice", "CRAM-MD5", "imaps" },
  { "exim/in-plain-text", "exim-smtp", NULL, NULL, "imaps" },
  { "opensmtpd", "opensmtpd-smtp", NULL, NULL, "imaps" },
  { "dovecot-lmtp/tcp", "lmtp", NULL, NULL, "imaps" },
  { "dovecot-lmtp/unix", "lmtp+unix", NULL, NULL, "imaps" },
  { "cyrus-lmtp/tcp", "cyrus-lmtp", NULL, NULL, "cyrus-imaps" },
  { "cyrus-lmtp/unix", "cyrus-lmtp+unix", NULL, NULL, "cyrus-imaps" },
};

#define MANY 40
/* Exim takes a fifth of a second for each: many over one way, a few over the others */
#define FEW  10

typedef struct {
  const Way *way;
  gboolean async;
} Case;

static PhSession *
session_new (const Way *way)
{
  PhSession *session = live_session_new (way->service, way->user != NULL ? NULL : "127.0.0.1", way->user);

  if (way->user == NULL)
    ph_security_policy_set_tls_mode (ph_session_get_policy (session), PH_TLS_NEVER);
  else
    ph_security_policy_set_mechanisms (ph_session_get_policy (session), (const char *const[]){ way->mechanism, NULL });
  return session;
}

static PhEnvelope *
envelope_to (const char *const *recipients)
{
  PhEnvelope *envelope = ph_envelope_new ("alice@example.test");

  for (gsize i = 0; recipients[i] != NULL; i++)
    ph_envelope_add_recipient (envelope, recipients[i]);
  return envelope;
}

#define TO_BOB ((const char *const[]){ "bob@example.test", NULL })
#define TO_TWO ((const char *const[]){ "nobody@example.test", "bob@example.test", NULL })
#define TO_NOBODY ((const char *const[]){ "nobody@example.test", "noone@example.test", NULL })

static PhDelivery *
send_to (PhSession *session, const char *const *recipients, const char *subject, const char *text, gboolean async, GError **error)
{
  g_autoptr (PhEnvelope) envelope = envelope_to (recipients);
  g_autoptr (PhBody) body = live_body_new (subject, text);

  return live_call (async, ph_transport_send, PH_TRANSPORT (session), error, envelope, body);
}

static void
assert_sends (PhSession *session, const char *subject, const char *text, gboolean async)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = send_to (session, TO_BOB, subject, text, async, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, 0)), ==, 250);
}

static void
test_logs_in_as_told (gconstpointer data)
{
  const Case *here = data;
  g_autoptr (PhSession) session = session_new (here->way);
  g_autoptr (GError) error = NULL;

  g_assert_true (live_call (here->async, ph_session_open, session, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, here->way->mechanism);
  g_assert_cmpint (ph_session_get_tls_info (session) != NULL, ==, here->way->user != NULL);
  g_assert_true (live_call (here->async, ph_session_close, session, &error));
  g_assert_no_error (error);
}

static void
test_refuses_a_wrong_password (gconstpointer data)
{
  const Case *here = data;
  g_autoptr (PhSession) session = session_new (here->way);
  g_autoptr (GError) error = NULL;

  ph_session_set_password (session, "looking-glass");
  g_assert_false (live_call (here->async, ph_session_open, session, &error));
  g_assert_null (strstr (error->message, "looking-glass"));
  g_assert_cmpint (ph_reply_get_code (ph_error_get_reply (error)), ==, 535);
  live_assert_error (error, PH_ERROR_AUTHENTICATION);
}

/* Twice, so that what a refusal leaves behind would be seen. */
static void
test_each_recipient_has_a_fate (gconstpointer data)
{
  const Case *here = data;
  g_autoptr (PhSession) session = session_new (here->way);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhDelivery) delivery = send_to (session, TO_TWO, "to one of two", "Hello.\r\n", here->async, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
      g_assert_cmpint (ph_delivery_get_fate (delivery, 0), ==, PH_FATE_REFUSED);
      g_assert_cmpint (ph_delivery_get_phase (delivery, 0), ==, PH_DELIVERY_RECIPIENT);
      g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, 0)), ==, 550);
      g_assert_true (ph_delivery_is_accepted (delivery, 1));
    }
}

static void
test_all_refused_and_the_session_lives_on (gconstpointer data)
{
  const Case *here = data;
  g_autoptr (PhSession) session = session_new (here->way);
  g_autoptr (GError) error = NULL;

  assert_sends (session, "before a refusal", "Hello.\r\n", here->async);
  g_assert_null (send_to (session, TO_NOBODY, "to nobody", "Hello.\r\n", here->async, &error));
  g_assert_cmpuint (ph_delivery_get_n_accepted (ph_error_get_delivery (error)), ==, 0);
  live_assert_error (error, PH_ERROR_RECIPIENTS_REFUSED);
  assert_sends (session, "after a refusal", "Hello.\r\n", here->async);
}

/* Where bob's mail arrives, selected. (transfer full) */
static PhStore *
open_mailbox (const Way *way)
{
  PhStore *store = PH_STORE (live_session_new (way->mailboxes, NULL, "bob"));
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;

  mailbox = ph_store_select (store, "INBOX", NULL, &error);
  g_assert_no_error (error);
  return store;
}

/* The messages with @subject, once @count have come; never more. (transfer full) */
static PhMessageSet *
wait_for (PhStore *store, const char *subject, guint count)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhQuery) query = ph_query_subject (ph_query_new (), subject);
      g_autoptr (PhMessageSet) found = ph_store_search (store, query, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_assert_cmpuint (ph_message_set_get_count (found), <=, count);
      if (ph_message_set_get_count (found) == count)
        return g_steal_pointer (&found);
    }
}

/* @items of the one message with @subject, once it has come. (transfer full) */
static PhMessage *
fetch (const Way *way, const char *subject, PhFetch items)
{
  g_autoptr (PhStore) store = open_mailbox (way);
  g_autoptr (PhMessageSet) found = wait_for (store, subject, 1);
  g_autoptr (GError) error = NULL;
  PhMessage *message;
  guint32 uid;

  ph_message_set_get_range (found, 0, &uid, &uid);
  message = ph_store_fetch_one (store, uid, items, NULL, &error);
  g_assert_no_error (error);
  return message;
}

/* Sends @text with a subject of its own. (transfer full) */
static PhMessage *
send_and_fetch (const Case *here, const char *what, const char *text, PhFetch items)
{
  g_autofree char *subject = g_strdup_printf ("%s %s %s", what, here->way->name, here->async ? "async" : "sync");
  g_autoptr (PhSession) session = session_new (here->way);

  assert_sends (session, subject, text, here->async);
  return fetch (here->way, subject, items);
}

static void
test_octets_arrive_as_they_were (gconstpointer data)
{
  const char *text = ".\r\n..\r\n.dot\r\nBe\xc3\xa9\r\n\r\n.\r\nA last line\r\n";
  g_autoptr (PhMessage) message = send_and_fetch (data, "octets", text, PH_FETCH_TEXT);
  g_autofree char *arrived = live_get_section (message, "TEXT");

  g_assert_cmpstr (arrived, ==, text);
}

/* 6 MB, each line with a dot in front: more than any buffer on the way. */
static void
test_a_large_message_arrives (gconstpointer data)
{
  g_autoptr (GString) text = g_string_sized_new (6 << 20);
  g_autoptr (PhMessage) message = NULL;
  g_autofree char *arrived = NULL;

  while (text->len < 6 << 20)
    g_string_append_printf (text, ".%u and a line of a large message that leads on to the next one\r\n", (guint) text->len);
  message = send_and_fetch (data, "large", text->str, PH_FETCH_TEXT);
  arrived = live_get_section (message, "TEXT");
  g_assert_cmpuint (strlen (arrived), ==, text->len);
  g_assert_true (g_str_equal (arrived, text->str));
}

/* All queued before the first has left; one in ten goes to nobody, and only that one fails. What was accepted arrives, once each. */
static void
test_many_messages_share_a_session (gconstpointer data)
{
  const Case *here = data;
  const guint n = g_str_has_prefix (here->way->name, "exim/") && !g_str_has_suffix (here->way->name, "/plain") ? FEW : MANY;
  g_autofree char *subject = g_strdup_printf ("one of many by %s", here->way->name);
  g_autoptr (PhSession) session = session_new (here->way);
  g_autoptr (PhStore) store = open_mailbox (here->way);
  g_autoptr (PhMessageSet) arrived = NULL;
  GAsyncResult *results[MANY] = { NULL };

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (PhBody) body = live_body_new (subject, "Hello.\r\n");
      g_autoptr (PhEnvelope) envelope = envelope_to (i % 10 == 7 ? TO_NOBODY : i % 10 == 3 ? TO_TWO : TO_BOB);

      ph_transport_send_async (PH_TRANSPORT (session), envelope, body, NULL, live_done, &results[i]);
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhDelivery) delivery = NULL;

      while (results[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      delivery = ph_transport_send_finish (PH_TRANSPORT (session), results[i], &error);
      if (i % 10 == 7)
        {
          g_assert_error (error, PH_ERROR, PH_ERROR_RECIPIENTS_REFUSED);
        }
      else
        {
          g_assert_no_error (error);
          g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
        }
      g_object_unref (results[i]);
    }
  arrived = wait_for (store, subject, n - n / 10);
}

/* Cyrus 3.6 offers -PLUS in TLS 1.3, and binds to tls-unique, which TLS 1.3 has not. */
static void
test_cyrus_cant_bind (void)
{
  static const struct { const char *refused[6]; const char *password; const char *mechanism; const char *words; } cases[] = {
    { { NULL }, NULL, "SCRAM-SHA-512", NULL },
    { { NULL }, "looking-glass", NULL, "then SCRAM-SHA-512: NO authentication failure" },
    { { "*-PLUS", NULL }, NULL, "SCRAM-SHA-512", NULL },
    /* where the password is never to be shown, nor is it to be given away unbound */
    { { "PLAIN", "LOGIN", "*", "*-MD5", NULL }, NULL, NULL, "either the server can't do what it offers, or somebody stands in between" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhSession) session = live_session_new ("cyrus-imaps", NULL, "alice");
      g_autoptr (GError) error = NULL;

      ph_security_policy_set_refused_mechanisms (ph_session_get_policy (session), cases[i].refused);
      if (cases[i].password != NULL)
        ph_session_set_password (session, cases[i].password);
      g_assert_cmpint (ph_session_open (session, NULL, &error), ==, cases[i].words == NULL);
      if (cases[i].words == NULL)
        {
          g_assert_cmpstr (ph_session_get_mechanism (session), ==, cases[i].mechanism);
          continue;
        }
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      live_assert_error (error, PH_ERROR_AUTHENTICATION);
    }
}

static void
add (const Way *way, const char *name, gboolean async, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/live/%s/%s/%s", way->name, name, async ? "async" : "sync");
  Case *here = g_new (Case, 1);

  *here = (Case){ way, async };
  g_test_add_data_func_full (path, here, test, g_free);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      for (int async = 0; async < 2; async++)
        {
          add (&ways[i], "logs-in-as-told", async, test_logs_in_as_told);
          if (ways[i].user != NULL)
            add (&ways[i], "refuses-a-wrong-password", async, test_refuses_a_wrong_password);
          add (&ways[i], "each-recipient-has-a-fate", async, test_each_recipient_has_a_fate);
          add (&ways[i], "all-refused-and-the-session-lives-on", async, test_all_refused_and_the_session_lives_on);
          add (&ways[i], "octets-arrive-as-they-were", async, test_octets_arrive_as_they_were);
        }
      add (&ways[i], "a-large-message-arrives", FALSE, test_a_large_message_arrives);
      add (&ways[i], "many-messages-share-a-session", TRUE, test_many_messages_share_a_session);
    }
  live_logins_add ();
  g_test_add_func ("/live/cyrus-imap/logs-in-though-it-cant-bind", test_cyrus_cant_bind);
  return g_test_run ();
}
