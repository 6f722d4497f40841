/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every mechanism logs in to a real Dovecot and, through Postfix, to its authentication service; wrong passwords do not. */
#include <posthorn/posthorn.h>

#include <string.h>

#define USER "alice@example.test"

typedef struct {
  const char *scheme;
  const char *port;      /* the variable that has it */
  const char *mechanism; /* "*": the protocol's own command */
} Login;

static const Login logins[] = {
  { "imap", "PH_TEST_IMAP_PORT", "*" },
  { "imap", "PH_TEST_IMAP_PORT", "PLAIN" },
  { "imap", "PH_TEST_IMAP_PORT", "LOGIN" },
  { "imap", "PH_TEST_IMAP_PORT", "CRAM-MD5" },
  { "imap", "PH_TEST_IMAP_PORT", "SCRAM-SHA-1" },
  { "imap", "PH_TEST_IMAP_PORT", "SCRAM-SHA-256" },
  { "imaps", "PH_TEST_IMAPS_PORT", "SCRAM-SHA-256" },
  { "smtp", "PH_TEST_SUBMISSION_PORT", "PLAIN" },
  { "smtp", "PH_TEST_SUBMISSION_PORT", "LOGIN" },
  { "smtp", "PH_TEST_SUBMISSION_PORT", "CRAM-MD5" },
  { "smtp", "PH_TEST_SUBMISSION_PORT", "SCRAM-SHA-256" },
  { "smtps", "PH_TEST_SMTPS_PORT", "SCRAM-SHA-256" },
};

/* Postfix runs as root only. */
static gboolean
has_server (const Login *login)
{
  if (g_getenv (login->port) != NULL)
    return TRUE;

  g_test_skip (g_getenv ("PH_TEST_NO_POSTFIX"));
  return FALSE;
}

static PhSession *
new_session (const Login *login, const char *password, const char *mechanism)
{
  g_autofree char *uri = g_strdup_printf ("%s://localhost:%s", login->scheme, g_getenv (login->port));
  g_autofree char *ca = g_build_filename (g_getenv ("PH_TEST_CERTIFICATES"), "ca.pem", NULL);
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, ca);
  if (mechanism != NULL)
    ph_security_policy_set_mechanisms (policy, (const char *const[]){ mechanism, NULL });

  ph_session_set_policy (session, policy);
  ph_session_set_user (session, USER);
  ph_session_set_password (session, password);
  return session;
}

static void
test_right (gconstpointer data)
{
  const Login *login = data;
  g_autoptr (PhSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (!has_server (login))
    return;

  session = new_session (login, g_getenv ("PH_TEST_PASSWORD_ALICE"), login->mechanism);
  g_assert_true (ph_session_open (session, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, login->mechanism);
  g_assert_true (ph_session_close (session, NULL, &error));
  g_assert_no_error (error);
}

static void
test_wrong (gconstpointer data)
{
  const Login *login = data;
  g_autoptr (PhSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (!has_server (login))
    return;

  session = new_session (login, "not-the-password", login->mechanism);
  g_assert_false (ph_session_open (session, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_AUTHENTICATION);
  g_test_message ("%s", error->message);
  g_assert_null (strstr (error->message, "not-the-password"));
}

static void
test_strongest (gconstpointer data)
{
  g_autoptr (PhSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (!has_server (data))
    return;

  session = new_session (data, g_getenv ("PH_TEST_PASSWORD_ALICE"), NULL);
  g_assert_true (ph_session_open (session, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, "SCRAM-SHA-256");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      const char *name = logins[i].mechanism[0] == '*' ? "login-command" : logins[i].mechanism;
      g_autofree char *right = g_strdup_printf ("/logins/%s/%s-logs-in", logins[i].scheme, name);
      g_autofree char *wrong = g_strdup_printf ("/logins/%s/%s-refuses-a-wrong-password", logins[i].scheme, name);

      g_test_add_data_func (right, &logins[i], test_right);
      g_test_add_data_func (wrong, &logins[i], test_wrong);
    }
  g_test_add_data_func ("/logins/imap/the-strongest-is-taken", &logins[0], test_strongest);
  g_test_add_data_func ("/logins/smtp/the-strongest-is-taken", &logins[G_N_ELEMENTS (logins) - 1], test_strongest);

  return g_test_run ();
}
