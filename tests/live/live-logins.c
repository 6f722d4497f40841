/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every mechanism of every server beside Dovecot: the right secret logs in, a wrong one does not, and neither is ever shown. */
#include "live.h"

#include <string.h>

typedef struct {
  const char *service;
  const char *mechanism;
  gboolean tls_1_2; /* where tls-unique still is */
} Login;

#define WRONG "not-the-password"

static const Login logins[] = {
  { "cyrus-imaps", "*" },
  { "cyrus-imaps", "PLAIN" },
  { "cyrus-imap", "LOGIN" },
  { "cyrus-imaps", "CRAM-MD5" },
  { "cyrus-imaps", "DIGEST-MD5" },
  { "cyrus-imaps", "SCRAM-SHA-1" },
  { "cyrus-imap", "SCRAM-SHA-224" },
  { "cyrus-imaps", "SCRAM-SHA-256" },
  { "cyrus-imap", "SCRAM-SHA-384" },
  { "cyrus-imaps", "SCRAM-SHA-512" },
  { "cyrus-imaps", "SCRAM-SHA-1-PLUS", TRUE },
  { "cyrus-imaps", "SCRAM-SHA-256-PLUS", TRUE },
  { "cyrus-imap", "SCRAM-SHA-512-PLUS", TRUE },
  { "sasl", "PLAIN" },
  { "sasl", "LOGIN" },
  { "sasl", "CRAM-MD5" },
  { "sasl", "DIGEST-MD5" },
  { "sasl", "SCRAM-SHA-1" },
  { "sasl", "SCRAM-SHA-224" },
  { "sasl", "SCRAM-SHA-256" },
  { "sasl", "SCRAM-SHA-384" },
  { "sasl", "SCRAM-SHA-512" },
  { "exim-submission", "PLAIN" },
  { "exim-smtps", "LOGIN" },
  { "exim-submission", "CRAM-MD5" },
  { "exim-submission", "EXTERNAL" },
  { "exim-smtps", "EXTERNAL" },
};

static void
on_trace (PhSession *session, PhTraceDirection direction, GBytes *bytes, gpointer data)
{
  g_string_append_len (data, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

/* Neither as it is nor in base64, at any of its three offsets */
static void
assert_not_shown (const char *text, const char *secret)
{
  g_assert_null (strstr (text, secret));
  for (guint offset = 0; offset < 3; offset++)
    {
      gsize length = (strlen (secret) - offset) / 3 * 3;
      g_autofree char *encoded = g_base64_encode ((const guchar *) secret + offset, length);

      g_assert_null (strstr (text, encoded));
    }
}

static gboolean
try_login (const Login *login, const char *password, GString *trace, char **mechanism, GError **error)
{
  g_autoptr (PhSession) session = live_session_new (login->service, NULL, "alice");
  PhSecurityPolicy *policy = ph_session_get_policy (session);
  g_autofree char *certificate = g_build_filename (live_get ("CERTIFICATES"), "client.pem", NULL);
  g_autofree char *key = g_build_filename (live_get ("CERTIFICATES"), "client.key", NULL);
  gboolean success;

  ph_security_policy_set_mechanisms (policy, (const char *const[]){ login->mechanism, NULL });
  if (login->tls_1_2)
    ph_security_policy_set_priority (policy, "NORMAL:-VERS-TLS1.3");
  if (strcmp (login->mechanism, "EXTERNAL") == 0 && password == NULL)
    ph_security_policy_set_certificate (policy, certificate, key);
  if (password != NULL)
    ph_session_set_password (session, password);
  g_signal_connect (session, "trace", G_CALLBACK (on_trace), trace);
  success = ph_session_open (session, NULL, error) && ph_session_noop (session, NULL, error);
  *mechanism = g_strdup (ph_session_get_mechanism (session));
  ph_session_close (session, NULL, NULL);
  return success;
}

static void
test_right (gconstpointer data)
{
  const Login *login = data;
  g_autoptr (GString) trace = g_string_new (NULL);
  g_autofree char *mechanism = NULL;
  g_autoptr (GError) error = NULL;

  if (!try_login (login, NULL, trace, &mechanism, &error))
    g_error ("%s\n%s", error->message, trace->str);
  g_assert_cmpstr (mechanism, ==, login->mechanism);
  assert_not_shown (trace->str, live_get_password ("alice"));
}

/* EXTERNAL's wrong secret is no certificate: Exim does not even offer it then. */
static void
test_wrong (gconstpointer data)
{
  const Login *login = data;
  int code = strcmp (login->mechanism, "EXTERNAL") == 0 ? PH_ERROR_NO_MECHANISM : PH_ERROR_AUTHENTICATION;
  g_autoptr (GString) trace = g_string_new (NULL);
  g_autofree char *mechanism = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (try_login (login, WRONG, trace, &mechanism, &error));
  g_assert_error (error, PH_ERROR, code);
  g_test_message ("%s", error->message);
  assert_not_shown (trace->str, WRONG);
  assert_not_shown (error->message, WRONG);
}

/* Who sits between two channels passes on everything, and gets in by what is not bound; what is bound is refused by the server. */
static void
test_middle (void)
{
  static const struct { Login login; gboolean refused; } cases[] = {
    { { "middle-imaps", "SCRAM-SHA-256-PLUS", TRUE }, TRUE },
    { { "middle-imaps", "SCRAM-SHA-1-PLUS", TRUE }, TRUE },
    { { "middle-imaps", "CRAM-MD5", TRUE }, FALSE },
    { { "middle-imaps", "SCRAM-SHA-256", TRUE }, FALSE }, /* by name alone: the program has ruled out the bound one */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) trace = g_string_new (NULL);
      g_autofree char *mechanism = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (try_login (&cases[i].login, NULL, trace, &mechanism, &error), ==, !cases[i].refused);
      if (error != NULL)
        g_test_message ("%s", error->message);
      g_assert_true (!cases[i].refused || g_error_matches (error, PH_ERROR, PH_ERROR_AUTHENTICATION));
    }
}

void
live_logins_add (void)
{
  g_test_add_func ("/live/logins/middle/what-is-bound-is-refused", test_middle);
  for (gsize i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      const char *name = strcmp (logins[i].mechanism, "*") == 0 ? "login-command" : logins[i].mechanism;
      g_autofree char *right = g_strdup_printf ("/live/logins/%s/%s-logs-in", logins[i].service, name);
      g_autofree char *wrong = g_strdup_printf ("/live/logins/%s/%s-refuses-a-wrong-secret", logins[i].service, name);

      g_test_add_data_func (right, &logins[i], test_right);
      g_test_add_data_func (wrong, &logins[i], test_wrong);
    }
}
