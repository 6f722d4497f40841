/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logins of whole sessions: what is asked of credentials and when, what is tried after a refusal, and what remains of a secret. */
#include <posthorn/posthorn.h>

#include "memory-search.h"
#include "ph-scripted-server.h"

#include <string.h>

#define IMAP "send * OK [CAPABILITY IMAP4rev1 SASL-IR %s] ready\n"
#define IMAP_IN "send ${tag} OK [CAPABILITY IMAP4rev1] in\nmatch (?P<tag>\\S+) LOGOUT\nsend * BYE\nsend ${tag} OK bye\nclosed\n"
#define SMTP "send 220 mail.example.org ESMTP\nprefix EHLO \nsend 250-mail.example.org\nsend 250 AUTH %s\n"
#define SMTP_IN "send 235 in\nprefix EHLO \nsend 250 mail.example.org\nexpect QUIT\nsend 221 bye\nclosed\n"
#define SMTPS_IN "send 235 in\nexpect QUIT\nsend 221 bye\nclosed\n"
#define INVALID_TOKEN "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0="  /* {"status":"invalid_token"} */

static PhSession *
session_for (PhScriptedServer *server, const char *base)
{
  g_autofree char *uri = ph_scripted_server_uri (server, base);
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_session_set_policy (session, policy);
  ph_session_set_hello_name (session, "client.example.org");
  return session;
}

static void
assert_opens (PhSession *session, PhScriptedServer *server, const char *mechanism)
{
  g_autoptr (GError) error = NULL;

  if (!ph_session_open (session, NULL, &error))
    {
      g_autofree char *mismatch = ph_scripted_server_get_mismatch (server);

      g_error ("%s; the scripted server: %s", error->message, mismatch != NULL ? mismatch : "all as written");
    }
  g_assert_cmpstr (ph_session_get_mechanism (session), ==, mechanism);
  g_assert_true (ph_session_close (session, NULL, &error));
  g_assert_no_error (error);
  ph_scripted_server_finish (server);
}

static void
assert_fails (PhSession *session, PhScriptedServer *server, PhError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_session_open (session, NULL, &error));
  g_assert_error (error, PH_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  ph_scripted_server_finish (server);
}

/* ---- credentials ---- */

/* Answers with "first", then "second"…; writes down what was asked for */
static void
answer (PhCredentialsRequest *request, gpointer data)
{
  static const char *const answers[] = { "first", "second", "third" };
  GString *asked = data;
  guint n = 0;

  for (const char *at = asked->str; *at != '\0'; at++)
    n += *at == '.';
  g_string_append_printf (asked, "%x%s.", ph_credentials_request_get_needs (request), ph_credentials_request_is_retry (request) ? " again" : "");
  ph_credentials_request_set_password (request, answers[n]);
  ph_credentials_request_set_token (request, answers[n]);
  ph_credentials_request_complete (request);
}

static void
ask_function (PhSession *session, PhSaslNeeds kinds, GString *asked)
{
  g_autoptr (PhCredentials) credentials = ph_credentials_new_function (kinds, answer, asked, NULL);

  ph_session_set_credentials (session, credentials);
}

#define BEARER "match (?P<tag>\\S+) AUTHENTICATE OAUTHBEARER \\S+\n"
#define REFUSE_TOKEN "send + " INVALID_TOKEN "\nexpect AQ==\nsend ${tag} NO [AUTHENTICATIONFAILED] no\n"

static void
test_fresh_token (void)
{
  g_autofree char *script = g_strdup_printf (IMAP BEARER REFUSE_TOKEN BEARER IMAP_IN, "AUTH=OAUTHBEARER");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "imap://alice@localhost");
  g_autoptr (GString) asked = g_string_new (NULL);

  ask_function (session, PH_SASL_NEEDS_TOKEN, asked);
  assert_opens (session, server, "OAUTHBEARER");
  g_assert_cmpstr (asked->str, ==, "4.4 again.");
}

static void
test_fresh_token_once (void)
{
  g_autofree char *script = g_strdup_printf (IMAP BEARER REFUSE_TOKEN BEARER REFUSE_TOKEN "gone", "AUTH=OAUTHBEARER AUTH=XOAUTH2");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "imap://alice@localhost");
  g_autoptr (GString) asked = g_string_new (NULL);

  ask_function (session, PH_SASL_NEEDS_TOKEN, asked);
  assert_fails (session, server, PH_ERROR_AUTHENTICATION, "NO [AUTHENTICATIONFAILED] no (status invalid_token)");
  g_assert_cmpstr (asked->str, ==, "4.4 again.");
}

/* A source without another token is asked, and the server not bothered again. */
static void
test_stale_token (void)
{
  g_autofree char *script = g_strdup_printf (IMAP BEARER REFUSE_TOKEN "gone", "AUTH=OAUTHBEARER");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "imap://alice@localhost");
  g_autoptr (PhSecret) token = ph_secret_new ("stale");
  g_autoptr (PhCredentials) credentials = ph_credentials_new_token (NULL, token);

  ph_session_set_credentials (session, credentials);
  assert_fails (session, server, PH_ERROR_AUTHENTICATION, "by OAUTHBEARER: NO [AUTHENTICATIONFAILED] no (status invalid_token)");
}

/* The plugin promises a token, has a password, and forgets that when it is refused. */
static void
test_source_lacks (void)
{
  g_autofree char *script = g_strdup_printf (IMAP "match (?P<tag>\\S+) AUTHENTICATE PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\n" IMAP_IN,
                                             "AUTH=OAUTHBEARER AUTH=PLAIN");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "imap://localhost");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhCredentials) credentials = ph_credentials_new_named ("test-keeper", &error);

  g_assert_no_error (error);
  ph_session_set_credentials (session, credentials);
  assert_opens (session, server, "PLAIN");
}

static void
test_source_is_told (void)
{
  g_autofree char *script = g_strdup_printf (SMTP "match AUTH PLAIN \\S+\nsend 535 5.7.8 no\ngone", "PLAIN LOGIN");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://localhost");
  g_autoptr (GError) error = NULL;
  g_autoptr (PhCredentials) credentials = ph_credentials_new_named ("test-keeper", &error);
  G_GNUC_UNUSED g_autoptr (PhSaslContext) context = ph_sasl_context_new ("PLAIN", "smtp", "localhost");

  ph_session_set_credentials (session, credentials);
  assert_fails (session, server, PH_ERROR_AUTHENTICATION, "by PLAIN: 535 5.7.8 no");
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_session_open_finish (PH_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
test_fresh_token_async (void)
{
  g_autofree char *script = g_strdup_printf (SMTP "match AUTH XOAUTH2 \\S+\nsend 334 " INVALID_TOKEN "\nexpect \nsend 535 5.7.8 no\n"
                                             "match AUTH XOAUTH2 \\S+\n" SMTP_IN, "XOAUTH2");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://alice@localhost");
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean opened = FALSE;

  ask_function (session, PH_SASL_NEEDS_TOKEN, asked);
  ph_session_open_async (session, NULL, on_opened, &opened);
  while (!opened)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (asked->str, ==, "5.5 again.");
  g_assert_true (ph_session_close (session, NULL, &error));
  ph_scripted_server_finish (server);
}

/* A source that takes its time to hear of a refusal, and does in there what it likes. */
typedef struct {
  GObject parent;

  PhSession *session;
  GString *trace;
  guint n_lookups, n_refused;
} PhTestListener;
typedef GObjectClass PhTestListenerClass;

static PhSaslNeeds
listener_get_kinds (PhCredentials *credentials, const char *uri)
{
  return PH_SASL_NEEDS_TOKEN;
}

static void
listener_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  PhTestListener *self = (PhTestListener *) credentials;
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr (PhSecret) token = ph_secret_new (self->n_lookups++ == 0 ? "first" : "second");

  ph_sasl_context_set_token (context, token);
  g_task_return_boolean (task, TRUE);
}

static gboolean
listener_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
listener_refused (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  PhTestListener *self = (PhTestListener *) credentials;
  g_autoptr (GError) error = NULL;

  self->n_refused++;
  /* what led to it has been told before */
  g_assert_nonnull (strstr (self->trace->str, "NO [AUTHENTICATIONFAILED] no"));
  g_assert_false (ph_session_noop (self->session, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (self->n_lookups, ==, 1);
  /* for the next login */
  ph_session_set_credentials (self->session, NULL);
}

static void
listener_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = listener_get_kinds;
  iface->lookup_async = listener_lookup_async;
  iface->lookup_finish = listener_lookup_finish;
  iface->refused = listener_refused;
}

GType ph_test_listener_get_type (void);
G_DEFINE_TYPE_WITH_CODE (PhTestListener, ph_test_listener, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PH_TYPE_CREDENTIALS, listener_describe))

static void
ph_test_listener_init (PhTestListener *self)
{
}

static void
ph_test_listener_class_init (PhTestListenerClass *klass)
{
}

static void
on_trace (PhSession *session, PhTraceDirection direction, GBytes *bytes, gpointer data)
{
  g_string_append_len (data, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

static void
test_told_behind_the_step (gconstpointer async)
{
  g_autofree char *script = g_strdup_printf (IMAP BEARER REFUSE_TOKEN BEARER IMAP_IN, "AUTH=OAUTHBEARER");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "imap://alice@localhost");
  g_autoptr (GString) trace = g_string_new (NULL);
  PhTestListener *listener = g_object_new (ph_test_listener_get_type (), NULL);
  gboolean opened = async == NULL;

  listener->session = session;
  listener->trace = trace;
  g_signal_connect (session, "trace", G_CALLBACK (on_trace), trace);
  ph_session_set_credentials (session, PH_CREDENTIALS (listener));
  if (async != NULL)
    ph_session_open_async (session, NULL, on_opened, &opened);
  while (!opened)
    g_main_context_iteration (NULL, TRUE);
  assert_opens (session, server, "OAUTHBEARER");
  g_assert_cmpint (listener->n_lookups, ==, 2);
  g_assert_cmpint (listener->n_refused, ==, 1);
  g_object_unref (listener);
}

/* ---- refusals ---- */

static void
test_refused_password (void)
{
  g_autofree char *imap = g_strdup_printf (IMAP "match (?P<tag>\\S+) AUTHENTICATE PLAIN \\S+\nsend ${tag} NO no\ngone",
                                           "AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5");
  g_autofree char *smtp = g_strdup_printf (SMTP "match AUTH PLAIN \\S+\nsend 535 no\ngone", "PLAIN LOGIN CRAM-MD5");
  const char *const scripts[] = { imap, smtp };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (scripts[i], NULL);
      g_autoptr (PhSession) session = session_for (server, i == 0 ? "imap://alice@localhost" : "smtp://alice@localhost");

      ph_session_set_password (session, "wrong");
      assert_fails (session, server, PH_ERROR_AUTHENTICATION, "refused the login of alice by PLAIN: ");
    }
}

/* Announced, and not there (quirk of more than one server) */
static void
test_unusable_mechanism (void)
{
  g_autofree char *imap = g_strdup_printf (IMAP "match (?P<tag>\\S+) AUTHENTICATE PLAIN \\S+\nsend ${tag} NO Unsupported authentication mechanism.\n"
                                           "match (?P<tag>\\S+) AUTHENTICATE LOGIN\nsend + VXNlcm5hbWU6\nexpect YWxpY2U=\n"
                                           "send + UGFzc3dvcmQ6\nexpect c2VjcmV0\n" IMAP_IN, "AUTH=PLAIN AUTH=login");
  g_autofree char *smtp = g_strdup_printf (SMTP "match AUTH PLAIN \\S+\nsend 504 5.5.4 what?\nexpect AUTH LOGIN\nsend 334 VXNlcm5hbWU6\n"
                                           "expect YWxpY2U=\nsend 334 UGFzc3dvcmQ6\nexpect c2VjcmV0\n" SMTP_IN, "PLAIN login");
  const char *const scripts[] = { imap, smtp };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (scripts[i], NULL);
      g_autoptr (PhSession) session = session_for (server, i == 0 ? "imap://alice@localhost" : "smtp://alice@localhost");

      ph_session_set_password (session, "secret");
      assert_opens (session, server, "LOGIN");
    }
}

/* A challenge that is not base64: the mechanism is cancelled, and the next one has its turn. */
static void
test_broken_challenge (void)
{
  g_autofree char *script = g_strdup_printf (SMTP "expect AUTH CRAM-MD5\nsend 334 go ahead\nexpect *\nsend 501 cancelled\n"
                                             "expect AUTH LOGIN\nsend 334 VXNlcm5hbWU6\nexpect YWxpY2U=\nsend 334 UGFzc3dvcmQ6\n"
                                             "expect c2VjcmV0\n" SMTP_IN, "LOGIN CRAM-MD5");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://alice@localhost");

  ph_session_set_password (session, "secret");
  assert_opens (session, server, "LOGIN");
}

/* A mechanism of ours that breaks off cancels, and a fatal reason ends the login. */
static void
test_cancelled (void)
{
  g_autofree char *script = g_strdup_printf (IMAP "match (?P<tag>\\S+) AUTHENTICATE CRAM-MD5\nsend +\nexpect *\nsend ${tag} BAD cancelled\ngone",
                                             "AUTH=CRAM-MD5 AUTH=LOGIN");
  g_autofree char *lying = g_strdup_printf (IMAP "match (?P<tag>\\S+) AUTHENTICATE CRAM-MD5\nsend +\nexpect *\nsend ${tag} OK welcome\ngone",
                                            "AUTH=CRAM-MD5 AUTH=LOGIN");
  const char *const scripts[] = { script, lying };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (scripts[i], NULL);
      g_autoptr (PhSession) session = session_for (server, "imap://alice@localhost");

      ph_session_set_password (session, "secret");
      assert_fails (session, server, PH_ERROR_PROTOCOL, "CRAM-MD5");
    }
}

static void
test_throttled (void)
{
  g_autofree char *script = g_strdup_printf (SMTP "match AUTH PLAIN \\S+\nsend 454 4.7.0 later\ngone", "PLAIN LOGIN");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://alice@localhost");

  ph_session_set_password (session, "secret");
  assert_fails (session, server, PH_ERROR_THROTTLED, "454 4.7.0 later");
}

static void
test_acts_as_another (void)
{
  g_autofree char *script = g_strdup_printf (SMTP "expect AUTH PLAIN Ym9iAGFsaWNlAHNlY3JldA==\n" SMTP_IN, "CRAM-MD5 LOGIN PLAIN");
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
  g_autoptr (PhSession) session = session_for (server, "smtp://alice@localhost");

  ph_session_set_authorization (session, "bob");
  g_assert_cmpstr (ph_session_get_authorization (session), ==, "bob");
  ph_session_set_password (session, "secret");
  assert_opens (session, server, "PLAIN");
}

/* ---- memory ---- */

#define SECRET_LENGTH 64
/* free () writes into the first octets of what it gets */
#define COMPARED_FROM 16
#define COMPARED 45

typedef struct {
  const char *mechanism, *base, *script;
  const char *version; /* of TLS; NULL: the newest */
} Wiped;

static const Wiped wiped[] = {
  { "PLAIN", "imap://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE PLAIN \\S+\n" },
  { "LOGIN", "imap://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE LOGIN\nsend + VXNlcm5hbWU6\nmatch .*\nsend + UGFzc3dvcmQ6\nmatch .*\n" },
  { "CRAM-MD5", "imap://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE CRAM-MD5\nsend + PDFAYT4=\nmatch .*\n" },
  { "XOAUTH2", "imap://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE XOAUTH2 \\S+\n" },
  { "OAUTHBEARER", "imap://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE OAUTHBEARER \\S+\n" },
  { "*", "imap://alice@localhost", "match (?P<tag>\\S+) LOGIN .*\n" },
  { "PLAIN", "smtp://alice@localhost", "match AUTH PLAIN \\S+\n" },
  { "LOGIN", "smtp://alice@localhost", "expect AUTH LOGIN\nsend 334 VXNlcm5hbWU6\nmatch .*\nsend 334 UGFzc3dvcmQ6\nmatch .*\n" },
  { "CRAM-MD5", "smtp://alice@localhost", "expect AUTH CRAM-MD5\nsend 334 PDFAYT4=\nmatch .*\n" },
  { "XOAUTH2", "smtp://alice@localhost", "match AUTH XOAUTH2 \\S+\n" },
  { "OAUTHBEARER", "smtp://alice@localhost", "match AUTH OAUTHBEARER \\S+\n" },
  { "PLAIN", "lmtp://alice@localhost", "match AUTH PLAIN \\S+\n" },
  /* inside TLS, whose records are GnuTLS' */
  { "PLAIN", "imaps://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE PLAIN \\S+\n" },
  { "OAUTHBEARER", "imaps://alice@localhost", "match (?P<tag>\\S+) AUTHENTICATE OAUTHBEARER \\S+\n" },
  { "LOGIN", "smtps://alice@localhost", "expect AUTH LOGIN\nsend 334 VXNlcm5hbWU6\nmatch .*\nsend 334 UGFzc3dvcmQ6\nmatch .*\n" },
  { "PLAIN", "smtps://alice@localhost", "match AUTH PLAIN \\S+\n", "--tls-version=1.2" },
};

/* The secret is computed, so that no copy of it stands anywhere but where the library put it. */
static void
write_secret (char buffer[SECRET_LENGTH + 1])
{
  for (gsize i = 0; i < SECRET_LENGTH; i++)
    buffer[i] = (char) ('a' + (i * i * 7 + i * 3 + 5) % 23);
  buffer[SECRET_LENGTH] = '\0';
}

/* As it is, and in base64, whatever stands before it */
static void
make_patterns (MemoryPattern patterns[4])
{
  char secret[SECRET_LENGTH + 1];

  write_secret (secret);
  memory_pattern_set (&patterns[0], secret + COMPARED_FROM, SECRET_LENGTH - COMPARED_FROM);
  for (guint offset = 0; offset < 3; offset++)
    {
      char *encoded = g_base64_encode ((guchar *) secret + COMPARED_FROM + offset, COMPARED);

      memory_pattern_set (&patterns[1 + offset], encoded, strlen (encoded));
      ph_wipe (encoded, strlen (encoded));
      g_free (encoded);
    }
  ph_wipe (secret, sizeof secret);
}

static gsize
count (const MemoryPattern patterns[4])
{
  gsize found = 0;

  for (guint i = 0; i < 4; i++)
    found += memory_pattern_count (&patterns[i]);
  return found;
}

static void
give_secret (PhSession *session, const char *mechanism)
{
  char buffer[SECRET_LENGTH + 1];
  PhSecret *secret;
  PhCredentials *credentials;

  write_secret (buffer);
  secret = ph_secret_new (buffer);
  ph_wipe (buffer, sizeof buffer);
  credentials = strstr (mechanism, "AUTH") != NULL ? ph_credentials_new_token (NULL, secret) : ph_credentials_new_password (NULL, secret);
  ph_secret_unref (secret);
  ph_session_set_credentials (session, credentials);
  g_object_unref (credentials);
}

static void
ignore_trace (PhSession *session, PhTraceDirection direction, GBytes *bytes, gpointer data)
{
}

/* LMTP's hello has a name of its own (RFC 2033). (transfer full) */
static char *
replace_hello (const char *script, const char *base)
{
  g_auto (GStrv) parts = g_strsplit (script, "EHLO", -1);

  return g_strjoinv (g_str_has_prefix (base, "lmtp") ? "LHLO" : "EHLO", parts);
}

static void
trust (PhSession *session)
{
  g_autofree char *authority = ph_scripted_server_certificate ("ca.pem");

  ph_security_policy_set_ca_file (ph_session_get_policy (session), authority);
}

static void
test_wiped (gconstpointer data)
{
  const Wiped *login = data;
  gboolean is_imap = g_str_has_prefix (login->base, "imap");
  g_autofree char *offer = g_strdup_printf (is_imap ? "AUTH=%s" : "%s", login->mechanism);
  g_autofree char *opening = is_imap ? g_strdup_printf (IMAP, offer) : g_strdup_printf (SMTP, offer);
  gboolean is_tls = strstr (login->base, "s:") != NULL;
  g_autofree char *spoken = g_strconcat (opening, login->script, is_imap ? IMAP_IN : is_tls ? SMTPS_IN : SMTP_IN, NULL);
  g_autofree char *script = replace_hello (spoken, login->base);
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, is_tls ? "--tls" : NULL, login->version, NULL);
  PhSession *session = session_for (server, login->base);
  MemoryPattern patterns[4];

  if (is_tls)
    trust (session);

  make_patterns (patterns);
  g_assert_cmpuint (count (patterns), ==, 0);
  g_signal_connect (session, "trace", G_CALLBACK (ignore_trace), NULL);
  give_secret (session, login->mechanism);
  g_assert_cmpuint (count (patterns), ==, 1);
  assert_opens (session, server, login->mechanism);
  /* what the program gave is kept for the next time, and nothing else */
  g_assert_cmpuint (count (patterns), ==, 1);
  g_assert_finalize_object (session);
  g_assert_cmpuint (count (patterns), ==, 0);
}

static gboolean
under_valgrind (void)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  return preloaded != NULL && strstr (preloaded, "vgpreload") != NULL;
}

/* As smtplib's initial_response_ok=False: nothing behind the mechanism's name. */
static void
test_initial_response (void)
{
  static const struct { const char *uri, *script; } cases[] = {
    { "smtp://alice@localhost", "send 220 hi\nprefix EHLO \nsend 250-hi\nsend 250 AUTH PLAIN\n"
                                "expect AUTH PLAIN\nsend 334 \nexpect AGFsaWNlAHdvbmRlcmxhbmQ=\n" SMTP_IN },
    { "imap://alice@localhost", "send * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\nmatch (?P<tag>\\S+) AUTHENTICATE PLAIN\n"
                                "send + \nexpect AGFsaWNlAHdvbmRlcmxhbmQ=\n" IMAP_IN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (cases[i].script, NULL);
      g_autoptr (PhSession) session = session_for (server, cases[i].uri);

      ph_security_policy_set_initial_response (ph_session_get_policy (session), FALSE);
      ph_session_set_password (session, "wonderland");
      assert_opens (session, server, "PLAIN");
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *path = g_strjoin (":", PH_TEST_FAKES_DIR, g_getenv ("POSTHORN_PLUGIN_PATH"), NULL);

  g_setenv ("POSTHORN_PLUGIN_PATH", path, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/login/credentials/a-fresh-token-is-asked-for", test_fresh_token);
  g_test_add_func ("/login/credentials/a-fresh-token-is-asked-for-in-a-main-loop", test_fresh_token_async);
  g_test_add_func ("/login/credentials/once-and-by-one-mechanism", test_fresh_token_once);
  g_test_add_func ("/login/credentials/a-stale-token-is-not-sent-again", test_stale_token);
  g_test_add_func ("/login/credentials/what-the-source-lacks-is-done-without", test_source_lacks);
  g_test_add_func ("/login/credentials/the-source-is-told", test_source_is_told);
  g_test_add_data_func ("/login/credentials/the-source-is-told-behind-the-step/blocking", NULL, test_told_behind_the_step);
  g_test_add_data_func ("/login/credentials/the-source-is-told-behind-the-step/async", "async", test_told_behind_the_step);
  g_test_add_func ("/login/refused/a-password-is-not-tried-again", test_refused_password);
  g_test_add_func ("/login/refused/what-is-announced-may-not-be-there", test_unusable_mechanism);
  g_test_add_func ("/login/refused/a-broken-challenge-is-cancelled", test_broken_challenge);
  g_test_add_func ("/login/refused/what-was-cancelled-is-no-login", test_cancelled);
  g_test_add_func ("/login/refused/not-now-ends-it", test_throttled);
  g_test_add_func ("/login/initial-response/waits-where-it-is-told", test_initial_response);
  g_test_add_func ("/login/acts-as-another", test_acts_as_another);
  /* valgrind keeps its heap in mappings that the search passes over; every other run has these. */
  for (guint i = 0; i < G_N_ELEMENTS (wiped) && !under_valgrind (); i++)
    {
      const char *name = wiped[i].mechanism[0] == '*' ? "login-command" : wiped[i].mechanism;
      g_autofree char *scheme = g_uri_parse_scheme (wiped[i].base);
      g_autofree char *test = g_strdup_printf ("/login/nothing-remains/%s%s/%s", scheme, wiped[i].version != NULL ? "-tls1.2" : "", name);

      g_test_add_data_func (test, &wiped[i], test_wiped);
    }

  return g_test_run ();
}
