/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways into Dovecot's IMAP4: logins, certificates, a child process; what is shown of them, and lines sent as they are. */
#include "live.h"

#include <string.h>

static void
assert_opens (PhSession *session, const char *mechanism, gboolean async)
{
  g_autoptr (GError) error = NULL;

  if (mechanism != NULL)
    ph_security_policy_set_mechanisms (ph_session_get_policy (session), (const char *const[]){ mechanism, NULL });
  g_assert_true (live_call (async, ph_session_open, session, &error));
  g_assert_no_error (error);
  g_assert_nonnull (ph_session_get_tls_info (session));
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, mechanism != NULL ? mechanism : "SCRAM-SHA-256");
  g_assert_true (ph_session_has_capability (session, "IDLE"));
  g_assert_true (live_call (async, ph_session_noop, session, &error));
  g_assert_true (live_call (async, ph_session_close, session, &error));
  g_assert_no_error (error);
}

static void
test_each_mechanism_logs_in (gconstpointer async)
{
  const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "*" };
  const char *const services[] = { "imap", "imaps" };

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (services); j++)
      {
        g_autoptr (PhSession) session = live_session_new (services[j], NULL, "alice");

        assert_opens (session, mechanisms[i], async != NULL);
      }
}

static void
test_an_odd_password_works_everywhere (gconstpointer async)
{
  const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "*" };

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (PhSession) session = live_session_new ("imaps", NULL, "bob");

      assert_opens (session, mechanisms[i], async != NULL);
    }
}

static void
test_a_login_later (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("imap", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (live_call (async != NULL, ph_session_open, session, &error));
  g_assert_false (live_call (async != NULL, ph_session_log_in, session, &error));
  live_assert_error (error, PH_ERROR_NO_CREDENTIALS);
  ph_session_set_user (session, "alice");
  ph_session_set_password (session, live_get_password ("alice"));
  g_assert_true (live_call (async != NULL, ph_session_log_in, session, &error));
  g_assert_no_error (error);
  g_assert_true (ph_session_has_capability (session, "NAMESPACE"));
  g_assert_false (live_call (async != NULL, ph_session_log_in, session, &error));
  live_assert_error (error, PH_ERROR_WRONG_STATE);
  assert_opens (session, NULL, async != NULL);
}

static void
test_the_strongest_mechanism_is_chosen (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("imap", NULL, "alice");

  assert_opens (session, NULL, async != NULL);
}

static void
test_wrong_password (gconstpointer async)
{
  const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "*" };

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (PhSession) session = live_session_new ("imaps", NULL, "alice");
      g_autoptr (GError) error = NULL;

      ph_security_policy_set_mechanisms (ph_session_get_policy (session), (const char *const[]){ mechanisms[i], NULL });
      ph_session_set_password (session, "looking-glass");
      g_assert_false (live_call (async != NULL, ph_session_open, session, &error));
      g_assert_null (strstr (error->message, "looking-glass"));
      live_assert_error (error, PH_ERROR_AUTHENTICATION);
    }
}

static void
test_bad_certificates_are_refused (gconstpointer async)
{
  const char *const services[] = { "imap", "imaps" };
  const char *const hosts[] = { "expired.localhost", "wrong.localhost" };
  const char *const words[] = { "expired", "expired.localhost" };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (hosts); j++)
      {
        g_autoptr (PhSession) session = live_session_new (services[i], hosts[j], "alice");
        g_autoptr (GError) error = NULL;

        g_assert_false (live_call (async != NULL, ph_session_open, session, &error));
        g_assert_error (error, PH_ERROR, PH_ERROR_BAD_CERTIFICATE);
        g_assert_nonnull (strstr (error->message, j == 0 ? words[0] : hosts[1]));
        live_assert_error (error, PH_ERROR_BAD_CERTIFICATE);
      }
}

static gboolean
accept_certificate (PhSession *session, PhTlsInfo *info, GTlsCertificateFlags *seen)
{
  *seen = ph_tls_info_get_errors (info);
  g_assert_cmpuint (ph_tls_info_get_chain (info)->len, >, 0);
  return TRUE;
}

static void
test_a_person_may_accept_a_certificate (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("imaps", "expired.localhost", "alice");
  GTlsCertificateFlags seen = 0;
  g_autoptr (GError) error = NULL;

  g_signal_connect (session, "accept-certificate", G_CALLBACK (accept_certificate), &seen);
  g_assert_true (live_call (async != NULL, ph_session_open, session, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen, ==, G_TLS_CERTIFICATE_EXPIRED);
}

static void
test_raw_commands (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("imap", NULL, "alice");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhReply) id = live_call (async != NULL, ph_session_command, session, &error, "ID NIL");
  g_autoptr (PhReply) bad = live_call (async != NULL, ph_session_command, session, &error, "XYZZY");

  g_assert_no_error (error);
  g_assert_true (ph_reply_is_ok (id));
  g_assert_cmpuint (ph_reply_get_responses (id)->len, ==, 1);
  g_assert_cmpstr (ph_response_get_name (ph_reply_get_responses (id)->pdata[0]), ==, "ID");
  g_assert_cmpint (ph_reply_get_status (bad), ==, PH_STATUS_BAD);
  g_assert_null (live_call (async != NULL, ph_session_command, session, &error, "NOOP\r\na LOGOUT"));
  live_assert_error (error, PH_ERROR_INVALID_ARGUMENT);
}

static void
on_trace (PhSession *session, PhTraceDirection direction, GBytes *bytes, GString *trace)
{
  g_string_append_len (trace, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

static void
test_no_secret_in_the_trace (gconstpointer async)
{
  const char *const mechanisms[] = { "PLAIN", "LOGIN", "*" };

  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (PhSession) session = live_session_new ("imap", NULL, "alice");
      g_autoptr (GString) trace = g_string_new (NULL);
      const char *password = live_get_password ("alice");
      g_autofree char *plain = g_base64_encode ((const guchar *) "\0alice\0wonderland", 17);
      g_autofree char *encoded = g_base64_encode ((const guchar *) password, strlen (password));

      g_signal_connect (session, "trace", G_CALLBACK (on_trace), trace);
      assert_opens (session, mechanisms[i], async != NULL);
      g_assert_nonnull (strstr (trace->str, "***"));
      g_assert_null (strstr (trace->str, password));
      g_assert_null (strstr (trace->str, plain));
      g_assert_null (strstr (trace->str, encoded));
    }
}

/* PREAUTH without a network: a child process that speaks IMAP on its standard input and output. */
static void
test_a_child_process (gconstpointer async)
{
  g_autofree char *configuration = g_build_filename (live_get ("MAIL_DIR"), "..", "dovecot.conf", NULL);
  g_autofree char *pipes = g_strdup_printf ("cat | /usr/lib/dovecot/imap -c %s -u alice | cat", configuration); /* it refuses sockets */
  const char *const argv[] = { "/bin/sh", "-c", pipes, NULL };
  g_autoptr (PhSession) session = live_session_new ("imap", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhConnection) connection = ph_connection_new_for_command (argv, &error);
  g_autoptr (PhMailbox) mailbox = NULL;

  g_assert_no_error (error);
  ph_session_set_connection (session, connection);
  mailbox = live_call (async != NULL, ph_store_select, PH_STORE (session), &error, "INBOX");
  g_assert_no_error (error);
  g_assert_cmpint (ph_reply_get_status (ph_session_get_greeting (session)), ==, PH_STATUS_PREAUTH);
  g_assert_true (live_call (async != NULL, ph_session_close, session, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  live_add ("/live/imap/each-mechanism-logs-in", test_each_mechanism_logs_in);
  live_add ("/live/imap/an-odd-password-works-everywhere", test_an_odd_password_works_everywhere);
  live_add ("/live/imap/a-login-later", test_a_login_later);
  live_add ("/live/imap/the-strongest-mechanism-is-chosen", test_the_strongest_mechanism_is_chosen);
  live_add ("/live/imap/wrong-password", test_wrong_password);
  live_add ("/live/imap/bad-certificates-are-refused", test_bad_certificates_are_refused);
  live_add ("/live/imap/a-person-may-accept-a-certificate", test_a_person_may_accept_a_certificate);
  live_add ("/live/imap/raw-commands", test_raw_commands);
  live_add ("/live/imap/no-secret-in-the-trace", test_no_secret_in_the_trace);
  live_add ("/live/imap/a-child-process", test_a_child_process);
  return g_test_run ();
}
