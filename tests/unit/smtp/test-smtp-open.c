/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the greeting to an open session: hello, STARTTLS, AUTH; each conversation fed in every way. */
#include "smtp-test.h"

typedef struct {
  const char *name;
  const char *text;
} Conversation;

static const Conversation conversations[] = {
  { "opens-with-ehlo",
    "S: 220 mail.example.org ready\n"
    "C: EHLO client.example.com\n"
    "S: 250-mail.example.org at your service\n"
    "S: 250-SIZE 1000\n"
    "S: 250-8bitmime\n"
    "S: 250-AUTH plain LOGIN\n"
    "S: 250-AUTH=LOGIN CRAM-MD5\n"
    "S: 250 STARTTLS\n"
    "! capabilities SIZE 1000, 8BITMIME, AUTH PLAIN LOGIN CRAM-MD5, STARTTLS\n"
    "! opened\n" },
  { "greeting-of-many-lines",
    "S: 220-mail.example.org\n"
    "S: 220-\n"
    "S: 220 ready\n"
    "C: EHLO client.example.com\n"
    "S: 250 mail.example.org\n"
    "! capabilities \n"
    "! opened\n" },
  { "falls-back-to-helo",
    "S: 220 old\n"
    "C: EHLO client.example.com\n"
    "S: 502 what?\n"
    "C: HELO client.example.com\n"
    "S: 250 old\n"
    "! opened\n"
    "! capabilities \n" },
  { "helo-refused",
    "S: 220 old\n"
    "C: EHLO client.example.com\n"
    "S: 500 what?\n"
    "C: HELO client.example.com\n"
    "S: 550 not you\n"
    "! failed hello\n" },
  { "ehlo-refused-for-now",
    "S: 220 old\n"
    "C: EHLO client.example.com\n"
    "S: 451 later\n"
    "! failed hello\n" },
  { "greeting-refused",
    "S: 554 5.3.2 no service here\n"
    "! failed greeting\n" },
  { "greeting-refused-for-now",
    "S: 421 busy\n"
    "! failed greeting\n" },
  { "greeting-is-garbage",
    "S: SSH-2.0-OpenSSH_9.2p1\n"
    "! failed protocol\n" },
  { "greeting-asks-for-more",
    "S: 354 go on\n"
    "! failed protocol\n" },
  { "closed-before-the-greeting",
    "! start\n"
    "! close\n"
    "! failed closed\n" },
  { "no-greeting-in-time",
    "! start\n"
    "! wait 301\n"
    "! failed timed-out\n" },
  { "no-answer-to-ehlo-in-time",
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "! wait 299\n"
    "! wait 2\n"
    "! failed timed-out\n" },
  { "shut-down-at-ehlo",
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 421 4.3.2 going down\n"
    "! failed shutting-down\n" },
  { "starttls-and-hello-again",
    "! set tls=required\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250-AUTH PLAIN\n"
    "S: 250 STARTTLS\n"
    "C: STARTTLS\n"
    "S: 220 go ahead\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250-STARTTLS\n"
    "S: 250 SIZE\n"
    "! opened\n"
    "! capabilities STARTTLS, SIZE\n" },
  { "tls-required-and-not-offered",
    "! set tls=required login=yes\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN\n"
    "! failed tls-required\n" },
  { "tls-required-and-only-helo",
    "! set tls=required\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 500 hi\n"
    "C: HELO client.example.com\n"
    "S: 250 hi\n"
    "! failed tls-required\n" },
  { "tls-required-and-refused",
    "! set tls=required\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 STARTTLS\n"
    "C: STARTTLS\n"
    "S: 454 4.7.0 not now\n"
    "! failed tls-required\n" },
  { "tls-preferred-and-refused",
    "! set tls=prefer\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 STARTTLS\n"
    "C: STARTTLS\n"
    "S: 454 4.7.0 not now\n"
    "! opened\n" },
  { "tls-never",
    "! set tls=never\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 STARTTLS\n"
    "! opened\n" },
  { "a-secure-channel-needs-no-tls",
    "! set tls=required secure=yes\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 STARTTLS\n"
    "! opened\n" },
  { "auth-with-initial-response",     /* RFC 4954 section 4.4 */
    "! set login=yes secure=yes\n"
    "! sasl PLAIN test\\0test\\01234\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN\n"
    "C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=\n"
    "S: 235 2.7.0 Authentication successful\n"
    "! opened\n" },
  { "auth-with-empty-initial-response",
    "! set login=yes secure=yes\n"
    "! sasl EXTERNAL \n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH EXTERNAL\n"
    "C: AUTH EXTERNAL =\n"
    "S: 235 ok\n"
    "! opened\n" },
  { "auth-with-challenge",            /* RFC 4954 section 4.4 */
    "! set login=yes secure=yes\n"
    "! sasl CRAM-MD5\n"
    "! answer <80.12345@example.org> rjs3\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH CRAM-MD5\n"
    "C: AUTH CRAM-MD5\n"
    "S: 334 PDgwLjEyMzQ1QGV4YW1wbGUub3JnPg==\n"
    "C: cmpzMw==\n"
    "S: 235 ok\n"
    "! opened\n" },
  { "auth-with-empty-challenge-and-response",
    "! set login=yes secure=yes\n"
    "! sasl X\n"
    "! answer  \n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH X\n"
    "C: AUTH X\n"
    "S: 334 \n"
    "C: \n"
    "S: 235 ok\n"
    "! opened\n" },
  { "next-mechanism-after-a-refusal",
    "! set login=yes secure=yes\n"
    "! sasl PLAIN a\n"
    "! sasl LOGIN\n"
    "! answer User alice\n"
    "! answer Pass secret\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN LOGIN\n"
    "C: AUTH PLAIN YQ==\n"
    "S: 504 5.5.4 not that one\n"
    "C: AUTH LOGIN\n"
    "S: 334 VXNlcg==\n"
    "C: YWxpY2U=\n"
    "S: 334 UGFzcw==\n"
    "C: c2VjcmV0\n"
    "S: 235 ok\n"
    "! opened\n" },
  { "challenge-that-is-not-base64-is-cancelled",
    "! set login=yes secure=yes\n"
    "! sasl CRAM-MD5\n"
    "! sasl PLAIN a\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH CRAM-MD5 PLAIN\n"
    "C: AUTH CRAM-MD5\n"
    "S: 334 send it, please\n"
    "C: *\n"
    "S: 501 cancelled\n"
    "C: AUTH PLAIN YQ==\n"
    "S: 235 ok\n"
    "! opened\n" },
  { "login-refused-by-all",
    "! set login=yes secure=yes\n"
    "! sasl PLAIN a\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN\n"
    "C: AUTH PLAIN YQ==\n"
    "S: 535 5.7.8 wrong\n"
    "! failed authentication\n" },
  { "login-wanted-and-not-offered",
    "! set login=yes secure=yes\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250 hi\n"
    "! failed no-mechanism\n" },
  { "login-wanted-and-none-usable",
    "! set login=yes secure=yes\n"
    "! sasl -\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH GSSAPI\n"
    "! failed no-mechanism\n" },
  { "already-logged-in-is-success",
    "! set login=yes secure=yes\n"
    "! sasl PLAIN a\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN\n"
    "C: AUTH PLAIN YQ==\n"
    "S: 503 already authenticated\n"
    "! opened\n" },
  { "shut-down-at-auth",
    "! set login=yes secure=yes\n"
    "! sasl PLAIN a\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN\n"
    "C: AUTH PLAIN YQ==\n"
    "S: 421 4.7.0 too many errors\n"
    "! failed shutting-down\n" },
  { "hello-again-behind-a-login-without-tls",
    "! set login=yes tls=never\n"
    "! sasl PLAIN a\n"
    "S: 220 hi\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 AUTH PLAIN\n"
    "C: AUTH PLAIN YQ==\n"
    "S: 235 ok\n"
    "C: EHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 SIZE 5\n"
    "! opened\n"
    "! capabilities SIZE 5\n" },
  { "lmtp-says-lhlo",
    "! set scheme=lmtp\n"
    "S: 220 hi\n"
    "C: LHLO client.example.com\n"
    "S: 250-hi\n"
    "S: 250 PIPELINING\n"
    "! opened\n"
    "! capabilities PIPELINING\n" },
  { "lmtp-knows-no-helo",
    "! set scheme=lmtp\n"
    "S: 220 hi\n"
    "C: LHLO client.example.com\n"
    "S: 500 what?\n"
    "! failed hello\n" },
};

static void
test_conversation (gconstpointer data)
{
  const Conversation *conversation = data;
  ph_replay_text (G_TYPE_INVALID, conversation->name, conversation->text, NULL, NULL);
}

static void
check_injection (gconstpointer data)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  harness->setup.tls_mode = PH_TLS_REQUIRED;
  ph_harness_start (harness);
  ph_harness_push (harness, "220 hi\r\n");
  ph_harness_push (harness, "250-hi\r\n250 STARTTLS\r\n");
  ph_harness_push (harness, "220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n");
  g_assert_cmpuint (harness->n_tls, ==, 1);
  ph_harness_expect_failed (harness, PH_ERROR_INJECTED);
}

/* Only whole is there anything behind the reply: what comes after TLS has begun is TLS' own business. */
static void
test_injection (void)
{
  check_injection (NULL);
}

static void
test_tls_fails (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  harness->setup.tls_mode = PH_TLS_REQUIRED;
  harness->tls_error = g_error_new (PH_ERROR, PH_ERROR_BAD_CERTIFICATE, "the certificate has expired");
  ph_harness_start (harness);
  ph_harness_push (harness, "220 hi\r\n");
  ph_harness_push (harness, "250-hi\r\n250 STARTTLS\r\n");
  ph_harness_push (harness, "220 go\r\n");
  const GError *error = ph_harness_expect_failed (harness, PH_ERROR_BAD_CERTIFICATE);
  g_assert_cmpstr (error->message, ==, "the certificate has expired");
}

static void
login (PhHarness *harness, const char *auth)
{
  harness->setup.login = TRUE;
  harness->setup.channel_secure = TRUE;
  ph_harness_start (harness);
  ph_harness_push (harness, "220 hi\r\n");
  ph_harness_push (harness, auth);
}

static void
long_response (gconstpointer data)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  g_autofree char *token = g_strnfill (375, 'x');
  g_autofree char *base64 = g_base64_encode ((const guchar *) token, strlen (token));
  g_autofree char *line = g_strconcat (base64, "\r\n", NULL);

  ph_harness_sasl_start (harness, "XOAUTH2", token);
  login (harness, "250-hi\r\n250 AUTH XOAUTH2\r\n");
  ph_harness_expect (harness, HELLO "AUTH XOAUTH2\r\n");
  ph_harness_push (harness, "334 \r\n");
  ph_harness_expect (harness, line);
  ph_harness_push (harness, "235 ok\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

/* "AUTH XOAUTH2 " + 496 + CRLF is 511 octets */
static void
test_long_response (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  g_autofree char *token = g_strnfill (372, 'x');
  g_autofree char *base64 = g_base64_encode ((const guchar *) token, strlen (token));
  g_autofree char *line = g_strconcat (HELLO "AUTH XOAUTH2 ", base64, "\r\n", NULL);

  ph_harness_every_feed (long_response, NULL);
  ph_harness_sasl_start (harness, "XOAUTH2", token);
  login (harness, "250-hi\r\n250 AUTH XOAUTH2\r\n");
  ph_harness_expect (harness, line);
}

static void
test_secrets_are_hidden (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");

  ph_harness_sasl_start (harness, "LOGIN", NULL);
  ph_harness_sasl_challenge (harness, "User", "alice");
  login (harness, "250-hi\r\n250 AUTH LOGIN PLAIN\r\n");
  ph_harness_push (harness, "334 VXNlcg==\r\n");
  g_assert_null (strstr (ph_harness_get_trace (harness), "YWxpY2U"));
  g_assert_nonnull (strstr (ph_harness_get_trace (harness), "***"));

  g_autoptr (PhHarness) other = ph_harness_new_for_scheme ("smtp");
  ph_harness_sasl_start (other, "PLAIN", "alice");
  login (other, "250-hi\r\n250 AUTH LOGIN PLAIN\r\n");
  ph_harness_expect (other, HELLO "AUTH PLAIN YWxpY2U=\r\n");
  g_assert_null (strstr (ph_harness_get_trace (other), "YWxpY2U"));
  g_assert_nonnull (strstr (ph_harness_get_trace (other), "AUTH PLAIN"));
}

static void
cancelled_login (gconstpointer data)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");

  ph_harness_sasl_start (harness, "CRAM-MD5", NULL);
  ph_harness_sasl_error (harness, g_error_new (PH_ERROR, PH_ERROR_NO_CREDENTIALS, "nobody knows the password"));
  login (harness, "250-hi\r\n250 AUTH CRAM-MD5\r\n");
  ph_harness_expect (harness, HELLO "AUTH CRAM-MD5\r\n");
  ph_harness_push (harness, "334 PDE+\r\n");
  ph_harness_expect (harness, "*\r\n");
  /* the driver decides what comes next: another mechanism, or the end */
  ph_harness_sasl_error (harness, g_error_new (PH_ERROR, PH_ERROR_NO_CREDENTIALS, "nobody knows the password"));
  ph_harness_push (harness, "501 5.7.0 cancelled\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_NO_CREDENTIALS);
}

static void
cancelled_login_goes_on (gconstpointer data)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");

  ph_harness_sasl_start (harness, "CRAM-MD5", NULL);
  ph_harness_sasl_error (harness, g_error_new (PH_ERROR, PH_ERROR_NOT_SUPPORTED, "no MD5 on this system"));
  login (harness, "250-hi\r\n250 AUTH CRAM-MD5 PLAIN\r\n");
  ph_harness_expect (harness, HELLO "AUTH CRAM-MD5\r\n");
  ph_harness_push (harness, "334 PDE+\r\n");
  ph_harness_expect (harness, "*\r\n");
  ph_harness_sasl_start (harness, "PLAIN", "alice");
  ph_harness_push (harness, "501 5.7.0 cancelled\r\n");
  ph_harness_expect (harness, "AUTH PLAIN YWxpY2U=\r\n");
}

/* What was cancelled has not succeeded, whatever the server says. */
static void
cancelled_login_succeeds (gconstpointer data)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");

  ph_harness_sasl_start (harness, "CRAM-MD5", NULL);
  ph_harness_sasl_error (harness, g_error_new (PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "liar"));
  login (harness, "250-hi\r\n250 AUTH CRAM-MD5\r\n");
  ph_harness_expect (harness, HELLO "AUTH CRAM-MD5\r\n");
  ph_harness_push (harness, "334 PDE+\r\n");
  ph_harness_expect (harness, "*\r\n");
  ph_harness_push (harness, "235 welcome\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_SERVER_UNPROVEN);
}

static void
test_cancelled_login (void)
{
  ph_harness_every_feed (cancelled_login, NULL);
  ph_harness_every_feed (cancelled_login_goes_on, NULL);
  ph_harness_every_feed (cancelled_login_succeeds, NULL);
}

static void
note_offer (PhHarness *harness, const PhWant *want)
{
  if (want->kind != PH_WANT_SASL_START)
    return;
  g_autofree char *joined = g_strjoinv (" ", (char **) want->mechanisms);
  g_assert_cmpstr (joined, ==, "PLAIN LOGIN");
  g_assert_true (want->initial_response);
  g_assert_false (want->login_command);
  int *n = harness->user_data;
  int code = want->reply != NULL ? ph_reply_get_code (want->reply) : 0;
  g_assert_cmpint (code, ==, *n == 0 ? 0 : 535);
  (*n)++;
}

static void
test_wants (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  int n = 0;

  harness->on_sasl = note_offer;
  harness->user_data = &n;
  ph_harness_sasl_start (harness, "PLAIN", "a");
  login (harness, "250-hi\r\n250 AUTH PLAIN LOGIN PLAIN sp,cial\r\n");
  ph_harness_push (harness, "535-5.7.8 wrong\r\n535 5.7.8 quite wrong\r\n");
  const GError *error = ph_harness_expect_failed (harness, PH_ERROR_AUTHENTICATION);
  g_assert_cmpint (n, ==, 2);
  g_assert_cmpstr (error->message, ==, "the login was refused by mail.example.org: 535 5.7.8 wrong quite wrong");
  g_assert_cmpint (ph_reply_get_code (ph_error_get_reply (error)), ==, 535);
}

static void
test_hello_name (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");

  harness->setup.hello_name = "evil\r\nMAIL FROM:<>";
  ph_harness_start (harness);
  ph_harness_push (harness, "220 hi\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_expect_failed (harness, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_sentences (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");
  ph_harness_start (harness);
  ph_harness_push (harness, "554-5.3.2 go\r\n554 5.3.2 away\r\n");
  g_assert_cmpstr (ph_harness_expect_failed (harness, PH_ERROR_GREETING)->message, ==,
                   "the session was refused by mail.example.org: 554 5.3.2 go away");

  g_autoptr (PhHarness) other = ph_harness_new_for_scheme ("smtp");
  ph_harness_start (other);
  ph_harness_advance (other, 300);
  g_assert_cmpstr (ph_harness_expect_failed (other, PH_ERROR_TIMED_OUT)->message, ==,
                   "mail.example.org sent no greeting within 300 seconds");
}

static void
test_endless_challenges (void)
{
  g_autoptr (PhHarness) harness = ph_harness_new_for_scheme ("smtp");

  ph_harness_sasl_start (harness, "X", NULL);
  for (guint i = 0; i < 100; i++)
    ph_harness_sasl_challenge (harness, "", "");
  login (harness, "250-hi\r\n250 AUTH X\r\n");
  for (guint i = 0; i < 65; i++)
    ph_harness_push (harness, "334\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/open/", conversations[i].name, NULL);
      g_test_add_data_func (path, &conversations[i], test_conversation);
    }
  g_test_add_func ("/smtp/open/plain-text-behind-starttls-is-an-error", test_injection);
  g_test_add_func ("/smtp/open/a-failed-handshake-is-told", test_tls_fails);
  g_test_add_func ("/smtp/open/a-long-response-waits-for-the-challenge", test_long_response);
  g_test_add_func ("/smtp/open/secrets-are-hidden", test_secrets_are_hidden);
  g_test_add_func ("/smtp/open/a-login-without-secret-is-cancelled", test_cancelled_login);
  g_test_add_func ("/smtp/open/the-driver-learns-what-was-refused", test_wants);
  g_test_add_func ("/smtp/open/hello-name-is-one-word", test_hello_name);
  g_test_add_func ("/smtp/open/errors-are-sentences", test_sentences);
  g_test_add_func ("/smtp/open/endless-challenges-end", test_endless_challenges);
  return g_test_run ();
}
