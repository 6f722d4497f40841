/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tokens, tickets and client certificates log in to a real Dovecot and, through Postfix, to its authentication service. */
#include <posthorn/posthorn.h>

#include <string.h>

#define USER "alice"

typedef struct {
  PhSession *session;
  PhSecurityPolicy *policy;
  GString *trace;     /* all that was sent, received and noted */
  GError *error;
  guint n_asked;
} Fixture;

static const char *
get (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s is not set: run this by login_servers.py", name);
  return value;
}

static void
on_trace (PhSession *session, PhTraceDirection direction, GBytes *bytes, gpointer data)
{
  g_string_append_len (data, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_string_append_c (data, '\n');
}

/* "imap", "imaps", "submission", "smtps"; @mechanism NULL: whichever is taken */
static void
begin (Fixture *fixture, const char *service, const char *mechanism)
{
  g_autofree char *variable = g_ascii_strup (service, -1);
  g_autofree char *port = g_strdup_printf ("PH_TEST_%s_PORT", variable);
  g_autofree char *uri = g_strdup_printf ("%s://" USER "@localhost:%s", g_str_equal (service, "submission") ? "smtp" : service, get (port));
  g_autofree char *ca = g_build_filename (get ("PH_TEST_CERTIFICATES"), "ca.pem", NULL);
  g_autoptr (GError) error = NULL;

  fixture->session = ph_session_new (uri, &error);
  g_assert_no_error (error);
  fixture->policy = ph_security_policy_new ();
  fixture->trace = g_string_new (NULL);
  ph_security_policy_set_ca_file (fixture->policy, ca);
  if (mechanism != NULL)
    ph_security_policy_set_mechanisms (fixture->policy, (const char *const[]){ mechanism, NULL });
  ph_session_set_policy (fixture->session, fixture->policy);
  g_signal_connect (fixture->session, "trace", G_CALLBACK (on_trace), fixture->trace);
}

static void
end (Fixture *fixture)
{
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->policy);
  g_string_free (fixture->trace, TRUE);
  *fixture = (Fixture){ 0 };
}

/* Neither as it is nor in base64, at any of its three offsets */
static void
assert_not_shown (Fixture *fixture, const char *secret)
{
  for (guint offset = 0; offset < 3; offset++)
    {
      gsize length = (strlen (secret) - offset) / 3 * 3;
      g_autofree char *encoded = g_base64_encode ((const guchar *) secret + offset, length);

      g_assert_null (strstr (fixture->trace->str, encoded));
      g_assert_true (fixture->error == NULL || strstr (fixture->error->message, encoded) == NULL);
    }
  g_assert_null (strstr (fixture->trace->str, secret));
  g_assert_true (fixture->error == NULL || strstr (fixture->error->message, secret) == NULL);
}

static void
assert_logs_in (Fixture *fixture, const char *mechanism)
{
  if (!ph_session_open (fixture->session, NULL, &fixture->error))
    g_error ("%s\n%s", fixture->error->message, fixture->trace->str);
  g_assert_cmpstr (ph_session_get_mechanism (fixture->session), ==, mechanism);
  g_assert_true (ph_session_noop (fixture->session, NULL, &fixture->error));
  g_assert_no_error (fixture->error);
  g_assert_true (ph_session_close (fixture->session, NULL, &fixture->error));
  g_assert_no_error (fixture->error);
}

static void
assert_fails (Fixture *fixture, PhError code, const char *words)
{
  g_assert_false (ph_session_open (fixture->session, NULL, &fixture->error));
  g_assert_error (fixture->error, PH_ERROR, (int) code);
  g_test_message ("%s", fixture->error->message);
  g_assert_nonnull (strstr (fixture->error->message, words));
}

static guint
count_tries (Fixture *fixture)
{
  guint n = 0;

  for (const char *at = strstr (fixture->trace->str, "logging in by "); at != NULL; at = strstr (at + 1, "logging in by "))
    n++;
  return n;
}

/* ---- tokens ---- */

typedef struct {
  const char *service, *mechanism;
} Login;

static const Login token_logins[] = {
  { "imap", "OAUTHBEARER" },
  { "imaps", "XOAUTH2" },
  { "submission", "OAUTHBEARER" },
  { "smtps", "XOAUTH2" },
};

static gboolean
has_server (const char *service)
{
  if (g_str_has_prefix (service, "imap") || g_getenv ("PH_TEST_NO_POSTFIX") == NULL)
    return TRUE;

  g_test_skip (g_getenv ("PH_TEST_NO_POSTFIX"));
  return FALSE;
}

static void
set_token (Fixture *fixture, const char *token)
{
  g_autoptr (PhSecret) secret = ph_secret_new (token);
  g_autoptr (PhCredentials) credentials = ph_credentials_new_token (NULL, secret);

  ph_session_set_credentials (fixture->session, credentials);
}

static void
test_token (gconstpointer data)
{
  const Login *login = data;
  Fixture fixture = { 0 };

  if (!has_server (login->service))
    return;

  begin (&fixture, login->service, login->mechanism);
  set_token (&fixture, get ("PH_TEST_TOKEN_ALICE"));
  assert_logs_in (&fixture, login->mechanism);
  assert_not_shown (&fixture, get ("PH_TEST_TOKEN_ALICE"));
  end (&fixture);

  begin (&fixture, login->service, NULL);
  set_token (&fixture, get ("PH_TEST_TOKEN_ALICE"));
  assert_logs_in (&fixture, "OAUTHBEARER");
  end (&fixture);
}

static void
test_wrong_token (gconstpointer data)
{
  static const char *const tokens[] = { "PH_TEST_TOKEN_EXPIRED", "PH_TEST_TOKEN_BOB" };
  const Login *login = data;
  Fixture fixture = { 0 };

  if (!has_server (login->service))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      begin (&fixture, login->service, login->mechanism);
      set_token (&fixture, get (tokens[i]));
      assert_fails (&fixture, PH_ERROR_AUTHENTICATION, "(status ");
      assert_not_shown (&fixture, get (tokens[i]));
      end (&fixture);
    }
}

static void
renew (PhCredentialsRequest *request, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (ph_credentials_request_is_retry (request) == (fixture->n_asked > 0));
  ph_credentials_request_set_token (request, get (fixture->n_asked++ == 0 ? "PH_TEST_TOKEN_EXPIRED" : "PH_TEST_TOKEN_ALICE"));
  ph_credentials_request_complete (request);
}

static void
test_fresh_token (gconstpointer data)
{
  const Login *login = data;
  Fixture fixture = { 0 };
  g_autoptr (PhCredentials) credentials = ph_credentials_new_function (PH_SASL_NEEDS_TOKEN, renew, &fixture, NULL);

  if (!has_server (login->service))
    return;

  begin (&fixture, login->service, login->mechanism);
  ph_session_set_credentials (fixture.session, credentials);
  assert_logs_in (&fixture, login->mechanism);
  g_assert_cmpuint (fixture.n_asked, ==, 2);
  end (&fixture);
}

/* ---- client certificates ---- */

static void
show_certificate (Fixture *fixture)
{
  g_autofree char *certificate = g_build_filename (get ("PH_TEST_CERTIFICATES"), "client.pem", NULL);
  g_autofree char *key = g_build_filename (get ("PH_TEST_CERTIFICATES"), "client.key", NULL);

  ph_security_policy_set_certificate (fixture->policy, certificate, key);
}

static void
test_certificate (void)
{
  static const char *const services[] = { "imap", "imaps" };

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      Fixture fixture = { 0 };

      begin (&fixture, services[i], NULL);
      show_certificate (&fixture);
      assert_logs_in (&fixture, "EXTERNAL");
      end (&fixture);

      /* stronger than a password, and nothing is asked for */
      begin (&fixture, services[i], NULL);
      show_certificate (&fixture);
      ph_session_set_password (fixture.session, "not-the-password");
      assert_logs_in (&fixture, "EXTERNAL");
      end (&fixture);
    }
}

/* Whose certificate it is says nothing of who logs in later: the password that is given for that counts, and is judged. */
static void
test_certificate_and_a_later_login (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, "imaps", NULL);
  show_certificate (&fixture);
  ph_session_set_user (fixture.session, NULL);
  g_assert_true (ph_session_open (fixture.session, NULL, &fixture.error));
  ph_session_set_user (fixture.session, USER);
  ph_session_set_password (fixture.session, "not-the-password");
  g_assert_false (ph_session_log_in (fixture.session, NULL, &fixture.error));
  g_assert_error (fixture.error, PH_ERROR, PH_ERROR_AUTHENTICATION);
  g_clear_error (&fixture.error);
  g_assert_true (ph_session_is_open (fixture.session));
  ph_session_set_password (fixture.session, get ("PH_TEST_PASSWORD_ALICE"));
  g_assert_true (ph_session_log_in (fixture.session, NULL, &fixture.error));
  assert_logs_in (&fixture, "SCRAM-SHA-256");
  end (&fixture);

  begin (&fixture, "imaps", NULL);
  show_certificate (&fixture);
  ph_session_set_user (fixture.session, NULL);
  g_assert_true (ph_session_open (fixture.session, NULL, &fixture.error));
  ph_session_set_user (fixture.session, USER);
  g_assert_true (ph_session_log_in (fixture.session, NULL, &fixture.error));
  assert_logs_in (&fixture, "EXTERNAL");
  end (&fixture);
}

static void
test_no_certificate (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, "imaps", NULL);
  ph_session_set_password (fixture.session, get ("PH_TEST_PASSWORD_ALICE"));
  assert_logs_in (&fixture, "SCRAM-SHA-256");
  end (&fixture);

  /* named, and so tried */
  begin (&fixture, "imaps", "EXTERNAL");
  assert_fails (&fixture, PH_ERROR_AUTHENTICATION, "by EXTERNAL");
  end (&fixture);
}

/* ---- tickets ---- */

static gboolean
has_kerberos (void)
{
  if (g_getenv ("PH_TEST_KRB5_CONFIG") != NULL)
    return TRUE;

  g_test_fail_printf ("there is no Kerberos: %s", g_getenv ("PH_TEST_NO_KERBEROS"));
  return FALSE;
}

static void
test_ticket (gconstpointer data)
{
  const char *mechanism = data;
  Fixture fixture = { 0 };

  if (!has_kerberos ())
    return;

  g_setenv ("KRB5CCNAME", get ("PH_TEST_KRB5CCNAME"), TRUE);
  begin (&fixture, "imap", mechanism);
  assert_logs_in (&fixture, mechanism);
  end (&fixture);

  /* where there is no password, a ticket is looked for without being asked to */
  begin (&fixture, "imaps", NULL);
  assert_logs_in (&fixture, "GSSAPI");
  end (&fixture);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  ph_session_open_finish (PH_SESSION (source), result, &fixture->error);
  fixture->n_asked = 1;
}

static void
test_ticket_async (void)
{
  Fixture fixture = { 0 };

  if (!has_kerberos ())
    return;

  g_setenv ("KRB5CCNAME", get ("PH_TEST_KRB5CCNAME"), TRUE);
  begin (&fixture, "imap", "GSSAPI");
  ph_session_open_async (fixture.session, NULL, on_opened, &fixture);
  while (fixture.n_asked == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (fixture.error);
  g_assert_true (ph_session_close (fixture.session, NULL, &fixture.error));
  end (&fixture);
}

static void
test_no_ticket (void)
{
  Fixture fixture = { 0 };

  if (!has_kerberos ())
    return;

  g_setenv ("KRB5CCNAME", "FILE:/nonexistent/no-tickets", TRUE);
  begin (&fixture, "imaps", "GSSAPI");
  assert_fails (&fixture, PH_ERROR_NO_CREDENTIALS, "GSSAPI");
  end (&fixture);

  /* the next one has its turn */
  begin (&fixture, "imaps", NULL);
  ph_security_policy_set_mechanisms (fixture.policy, (const char *const[]){ "GSSAPI", "SCRAM-SHA-256", NULL });
  ph_session_set_password (fixture.session, get ("PH_TEST_PASSWORD_ALICE"));
  assert_logs_in (&fixture, "SCRAM-SHA-256");
  g_assert_cmpuint (count_tries (&fixture), ==, 2);
  end (&fixture);
}

/* libsasl2 and Dovecot mean two things by the name. The login goes on with the next one. */
static void
test_spnego (void)
{
  Fixture fixture = { 0 };

  if (!has_kerberos ())
    return;

  g_setenv ("KRB5CCNAME", get ("PH_TEST_KRB5CCNAME"), TRUE);
  begin (&fixture, "imaps", "GSS-SPNEGO");
  assert_fails (&fixture, PH_ERROR_NOT_SUPPORTED, "localhost means another GSS-SPNEGO than libsasl2 has");
  end (&fixture);

  begin (&fixture, "imaps", NULL);
  ph_security_policy_set_mechanisms (fixture.policy, (const char *const[]){ "GSS-SPNEGO", "GSSAPI", NULL });
  assert_logs_in (&fixture, "GSSAPI");
  g_assert_cmpuint (count_tries (&fixture), ==, 2);
  end (&fixture);
}

/* ---- passwords ---- */

static void
test_password_once (gconstpointer data)
{
  Fixture fixture = { 0 };

  if (!has_server (data))
    return;

  begin (&fixture, data, NULL);
  ph_session_set_password (fixture.session, "not-the-password");
  assert_fails (&fixture, PH_ERROR_AUTHENTICATION, "refused the login of " USER " by SCRAM-SHA-256: ");
  g_assert_cmpuint (count_tries (&fixture), ==, 1);
  assert_not_shown (&fixture, "not-the-password");
  end (&fixture);
}

/* The server offers SCRAM to everybody, and keeps a hash for this user that serves PLAIN alone. */
static void
test_hashed_password (gconstpointer data)
{
  Fixture fixture = { 0 };

  if (!has_server (data))
    return;

  begin (&fixture, data, NULL);
  ph_session_set_user (fixture.session, "hashed");
  ph_session_set_password (fixture.session, "looking-glass");
  assert_logs_in (&fixture, "PLAIN");
  assert_not_shown (&fixture, "looking-glass");
  end (&fixture);
}

static void
test_password_mechanisms (gconstpointer data)
{
  static const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256" };

  if (!has_server (data))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      Fixture fixture = { 0 };

      begin (&fixture, data, mechanisms[i]);
      ph_session_set_password (fixture.session, get ("PH_TEST_PASSWORD_ALICE"));
      assert_logs_in (&fixture, mechanisms[i]);
      assert_not_shown (&fixture, get ("PH_TEST_PASSWORD_ALICE"));
      end (&fixture);

      begin (&fixture, data, mechanisms[i]);
      ph_session_set_password (fixture.session, "not-the-password");
      assert_fails (&fixture, PH_ERROR_AUTHENTICATION, mechanisms[i]);
      assert_not_shown (&fixture, "not-the-password");
      end (&fixture);
    }
}

int
main (int argc, char **argv)
{
  if (g_getenv ("PH_TEST_KRB5_CONFIG") != NULL)
    g_setenv ("KRB5_CONFIG", g_getenv ("PH_TEST_KRB5_CONFIG"), TRUE);
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (token_logins); i++)
    {
      const Login *login = &token_logins[i];
      g_autofree char *right = g_strdup_printf ("/mechanisms/%s/%s-logs-in", login->service, login->mechanism);
      g_autofree char *wrong = g_strdup_printf ("/mechanisms/%s/%s-refuses-a-wrong-token", login->service, login->mechanism);
      g_autofree char *fresh = g_strdup_printf ("/mechanisms/%s/%s-asks-for-a-fresh-token", login->service, login->mechanism);

      g_test_add_data_func (right, login, test_token);
      g_test_add_data_func (wrong, login, test_wrong_token);
      g_test_add_data_func (fresh, login, test_fresh_token);
    }
  g_test_add_func ("/mechanisms/certificate/logs-in", test_certificate);
  g_test_add_func ("/mechanisms/certificate/and-a-later-login", test_certificate_and_a_later_login);
  g_test_add_func ("/mechanisms/certificate/is-not-missed-where-there-is-none", test_no_certificate);
  g_test_add_data_func ("/mechanisms/ticket/gssapi-logs-in", "GSSAPI", test_ticket);
  g_test_add_func ("/mechanisms/ticket/logs-in-from-a-main-loop", test_ticket_async);
  g_test_add_func ("/mechanisms/ticket/dovecots-spnego-is-another", test_spnego);
  g_test_add_func ("/mechanisms/ticket/is-not-missed-where-there-is-none", test_no_ticket);
  g_test_add_data_func ("/mechanisms/password/imap-logs-in-by-each-mechanism", "imap", test_password_mechanisms);
  g_test_add_data_func ("/mechanisms/password/smtp-logs-in-by-each-mechanism", "submission", test_password_mechanisms);
  g_test_add_data_func ("/mechanisms/password/imap-tries-a-wrong-one-once", "imap", test_password_once);
  g_test_add_data_func ("/mechanisms/password/smtp-tries-a-wrong-one-once", "smtps", test_password_once);
  g_test_add_data_func ("/mechanisms/password/imap-goes-on-to-what-serves-this-user", "imap", test_hashed_password);
  g_test_add_data_func ("/mechanisms/password/smtp-goes-on-to-what-serves-this-user", "submission", test_hashed_password);

  return g_test_run ();
}
