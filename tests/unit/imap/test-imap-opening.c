/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the greeting to the session that is open: every order of capabilities, STARTTLS and login, and every way it ends early. */
#include "imap-engine-test.h"

#define GREETING "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN] hi\r\n"

static void
test_shortest (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 IDLE] hi\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_expect_capabilities (harness, "IMAP4rev1, IDLE");
  g_assert_cmpstr (ph_reply_get_text (ph_harness_expect_event (harness, PH_EVENT_OPENED)->reply), ==, "hi");
}

static void
test_asks (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  ph_harness_start (harness);
  ph_harness_push (harness, "* OK hi\r\n");
  ph_harness_expect (harness, "A1 CAPABILITY\r\n");
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1 X\r\nA1 OK done\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  ph_harness_expect_capabilities (harness, "IMAP4rev1, X");
}

static void
test_no_capabilities (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  ph_harness_start (harness);
  ph_harness_push (harness, "* OK hi\r\n");
  ph_harness_push (harness, "A1 BAD what?\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_HELLO);
}

static void
test_greetings (gconstpointer data)
{
  static const struct {
    const char *greeting;
    int         code;
  } cases[] = {
    { "* BYE go away\r\n", PH_ERROR_GREETING },
    { "* NO not today\r\n", PH_ERROR_GREETING },
    { "* BAD x\r\n", PH_ERROR_GREETING },
    { "220 mail.example.org ESMTP\r\n", PH_ERROR_PROTOCOL },
    { "HTTP/1.1 400 Bad Request\r\n", PH_ERROR_PROTOCOL },
    { "* 5 EXISTS\r\n", PH_ERROR_PROTOCOL },
    { "A1 OK hi\r\n", PH_ERROR_PROTOCOL },
    { "+ hi\r\n", PH_ERROR_PROTOCOL },
    { "\xff\xfe\x01\r\n", PH_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_new ();

      ph_harness_start (harness);
      ph_harness_push (harness, cases[i].greeting);
      ph_harness_expect_failed (harness, cases[i].code);
      ph_harness_expect_nothing (harness);
    }
}

static void
test_starttls (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.tls_mode = PH_TLS_REQUIRED;
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n");
  ph_harness_expect (harness, "A1 STARTTLS\r\n");
  ph_harness_push (harness, "A1 OK go\r\n");
  g_assert_cmpuint (harness->n_tls, ==, 1);
  /* nothing said in plain text counts any more */
  ph_harness_expect (harness, "A2 CAPABILITY\r\n");
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1\r\nA2 OK done\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

/* The engine stops behind the reply: what follows is for the driver to refuse. */
static void
test_starttls_stops (void)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();
  static const char reply[] = "A1 OK go\r\n* CAPABILITY EVIL\r\n";
  PhWant            want;

  harness->setup.tls_mode = PH_TLS_REQUIRED;
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
  g_assert_cmpuint (ph_engine_receive (harness->engine, (const guint8 *) reply, strlen (reply), 0), ==, 10);
  ph_engine_poll (harness->engine, &want, 0);
  g_assert_cmpint (want.kind, ==, PH_WANT_TLS);
  g_assert_cmpuint (ph_engine_receive (harness->engine, (const guint8 *) reply + 10, strlen (reply) - 10, 0), ==, 0);
}

static void
test_starttls_absent (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.tls_mode = PH_TLS_REQUIRED;
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1] hi\r\n");
  /* the greeting's list may be short */
  ph_harness_expect (harness, "A1 CAPABILITY\r\n");
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1\r\nA1 OK done\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_TLS_REQUIRED);
}

static void
test_starttls_refused (gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_new ();

      harness->setup.tls_mode = i == 0 ? PH_TLS_REQUIRED : PH_TLS_PREFER;
      ph_harness_start (harness);
      ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
      ph_harness_expect (harness, "A1 STARTTLS\r\n");
      ph_harness_push (harness, "A1 NO not now\r\n");
      if (i == 0)
        ph_harness_expect_failed (harness, PH_ERROR_TLS_REQUIRED);
      else
        ph_harness_expect_event (harness, PH_EVENT_OPENED);
    }
}

static void
test_starttls_fails (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.tls_mode = PH_TLS_PREFER;
  harness->tls_error = g_error_new_literal (PH_ERROR, PH_ERROR_BAD_CERTIFICATE, "no");
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
  ph_harness_push (harness, "A1 OK go\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_BAD_CERTIFICATE);
}

static void
test_secure (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.tls_mode = PH_TLS_REQUIRED;
  harness->setup.channel_secure = TRUE;
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_preauth (gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_new ();

      harness->setup.tls_mode = i == 1 ? PH_TLS_PREFER : PH_TLS_REQUIRED;
      harness->setup.channel_secure = i == 2;
      harness->setup.login = TRUE;
      ph_harness_start (harness);
      ph_harness_push (harness, "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\r\n");
      ph_harness_expect_nothing (harness);
      if (i == 0)
        ph_harness_expect_failed (harness, PH_ERROR_TLS_REQUIRED);
      else
        ph_harness_expect_event (harness, PH_EVENT_OPENED);
    }
}

static PhHarness *
new_login (const char *greeting)
{
  PhHarness *harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_start (harness);
  ph_harness_push (harness, greeting);
  return harness;
}

static void
test_initial_response (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "PLAIN", "xuser");
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_expect (harness, "A1 AUTHENTICATE PLAIN eHVzZXI=\r\n");
  g_assert_null (strstr (ph_harness_get_trace (harness), "eHVz"));
  ph_harness_push (harness, "A1 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_expect_capabilities (harness, "IMAP4rev1, IDLE");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_empty_initial_response (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "EXTERNAL", "");
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_expect (harness, "A1 AUTHENTICATE EXTERNAL =\r\n");
}

/* RFC 9051 section 6.2.2's shape: no SASL-IR, an empty challenge first; some put words into it. */
static void
test_no_initial_response (gconstpointer data)
{
  const char *const challenges[] = { "+ \r\n", "+\r\n", "+ go ahead\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_new ();

      harness->setup.login = TRUE;
      ph_harness_sasl_start (harness, "PLAIN", NULL);
      ph_harness_sasl_challenge (harness, "", "xuser");
      ph_harness_start (harness);
      ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n");
      ph_harness_expect (harness, "A1 AUTHENTICATE PLAIN\r\n");
      ph_harness_push (harness, challenges[i]);
      ph_harness_expect (harness, "eHVzZXI=\r\n");
      ph_harness_push (harness, "* CAPABILITY IMAP4rev1 B\r\nA1 OK in\r\n");
      ph_harness_expect_capabilities (harness, "IMAP4rev1, B");
      ph_harness_expect_event (harness, PH_EVENT_OPENED);
    }
}

/* The server's last word comes as a challenge and is answered by an empty line. */
static void
test_dialogue (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "SCRAM-SHA-256", "n,,n=u");
  ph_harness_sasl_challenge (harness, "r=1", "p=2");
  ph_harness_sasl_challenge (harness, "v=3", NULL);
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_expect (harness, "A1 AUTHENTICATE SCRAM-SHA-256 biwsbj11\r\n");
  ph_harness_push (harness, "+ cj0x\r\n");
  ph_harness_expect (harness, "cD0y\r\n");
  ph_harness_push (harness, "+ dj0z\r\n");
  ph_harness_expect (harness, "\r\n");
  ph_harness_push (harness, "A1 OK [CAPABILITY IMAP4rev1] in\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_next_mechanism (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "PLAIN", "a");
  ph_harness_sasl_start (harness, "LOGIN", NULL);
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_expect (harness, "A1 AUTHENTICATE PLAIN YQ==\r\n");
  ph_harness_push (harness, "A1 NO [AUTHENTICATIONFAILED] no\r\n");
  ph_harness_expect (harness, "A2 AUTHENTICATE LOGIN\r\n");
  /* the script has ended: none is left */
  ph_harness_push (harness, "A2 NO no\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_AUTHENTICATION);
}

static void
test_nothing_to_use (gconstpointer data)
{
  g_autoptr (PhHarness) harness = new_login ("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n");

  ph_harness_expect_nothing (harness);
  ph_harness_expect_failed (harness, PH_ERROR_NO_MECHANISM);
}

static void
check_offer (PhHarness *harness, const PhWant *want)
{
  g_autofree char *mechanisms = g_strjoinv (",", (char **) want->mechanisms);
  g_autofree char *offer = g_strdup_printf ("%s%s%s", mechanisms, want->initial_response ? " ir" : "", want->login_command ? " login" : "");

  g_assert_cmpstr (offer, ==, harness->user_data);
  harness->user_data = (gpointer) "seen";
}

static void
test_offers (gconstpointer data)
{
  const char *const cases[][2] = {
    { "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN auth=Login SASL-IR] hi\r\n", "PLAIN,Login ir login" },
    { "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=] hi\r\n", "" },
    { "* OK [CAPABILITY IMAP4rev2 AUTH=X] hi\r\n", "X ir login" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_new ();

      harness->setup.login = TRUE;
      harness->on_sasl = check_offer;
      harness->user_data = (gpointer) cases[i][1];
      ph_harness_start (harness);
      ph_harness_push (harness, cases[i][0]);
      g_assert_cmpstr (harness->user_data, ==, "seen");
    }
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "CRAM-MD5", NULL);
  ph_harness_sasl_error (harness, g_error_new_literal (PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "liar"));
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_push (harness, "+ YQ==\r\n");
  ph_harness_expect (harness, "A1 AUTHENTICATE CRAM-MD5\r\n*\r\n");
  /* the driver decides what comes next: another mechanism, or the end */
  ph_harness_sasl_error (harness, g_error_new_literal (PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "liar"));
  ph_harness_push (harness, "A1 BAD cancelled\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_SERVER_UNPROVEN);
}

static void
test_cancelled_goes_on (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "CRAM-MD5", NULL);
  ph_harness_sasl_error (harness, g_error_new_literal (PH_ERROR, PH_ERROR_NOT_SUPPORTED, "no MD5 on this system"));
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_push (harness, "+ YQ==\r\n");
  ph_harness_expect (harness, "A1 AUTHENTICATE CRAM-MD5\r\n*\r\n");
  ph_harness_sasl_start (harness, "LOGIN", NULL);
  ph_harness_push (harness, "A1 BAD cancelled\r\n");
  ph_harness_expect (harness, "A2 AUTHENTICATE LOGIN\r\n");
}

/* What was cancelled has not succeeded, whatever the server says. */
static void
test_cancelled_succeeds (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "CRAM-MD5", NULL);
  ph_harness_sasl_error (harness, g_error_new_literal (PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "liar"));
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_push (harness, "+ YQ==\r\n");
  ph_harness_push (harness, "A1 OK welcome\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_SERVER_UNPROVEN);
}

/* The first garbage may be meant as "go on"; a later one can't. */
static void
test_garbage_challenge (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "X", NULL);
  ph_harness_sasl_challenge (harness, "", "a");
  ph_harness_sasl_start (harness, "PLAIN", "b");
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_push (harness, "+ %%%\r\n");
  ph_harness_push (harness, "+ %%%\r\n");
  ph_harness_expect (harness, "A1 AUTHENTICATE X\r\nYQ==\r\n*\r\n");
  ph_harness_push (harness, "A1 BAD cancelled\r\n");
  ph_harness_expect (harness, "A2 AUTHENTICATE PLAIN Yg==\r\n");
}

static void
test_unproven (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();

  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "SCRAM-SHA-1", "a");
  ph_harness_sasl_error (harness, g_error_new_literal (PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "too early"));
  ph_harness_start (harness);
  ph_harness_push (harness, GREETING);
  ph_harness_push (harness, "A1 OK in\r\n");
  ph_harness_expect_failed (harness, PH_ERROR_SERVER_UNPROVEN);
}

static void
sasl_login (PhHarness *harness, const char *user, const char *password)
{
  PhWant want;
  g_autoptr (GString) response = g_string_new (user);
  g_autoptr (GBytes) bytes = NULL;

  g_string_append_c (response, '\0');
  g_string_append (response, password);
  bytes = g_bytes_new (response->str, response->len);
  ph_engine_poll (harness->engine, &want, harness->now);
  g_assert_cmpint (want.kind, ==, PH_WANT_SASL_START);
  ph_engine_sasl_reply (harness->engine, "*", bytes, NULL, harness->now);
  ph_harness_pump (harness);
}

/* Starts without the harness' own answer to SASL_START. */
static PhHarness *
begin_login (const char *greeting)
{
  PhHarness *harness = imap_harness_new ();
  PhEvent    event = { 0 };
  PhWant     want;

  harness->setup.login = TRUE;
  ph_harness_start (harness);
  ph_engine_receive (harness->engine, (const guint8 *) greeting, strlen (greeting), harness->now);
  while (ph_engine_take_event (harness->engine, &event))
    ph_event_clear (&event);
  ph_engine_poll (harness->engine, &want, harness->now);
  return harness;
}

static void
test_login_command (gconstpointer data)
{
  g_autoptr (PhHarness) harness = begin_login ("* OK [CAPABILITY IMAP4rev1] hi\r\n");

  sasl_login (harness, "al\"ice", "won der");
  ph_harness_expect (harness, "A1 LOGIN \"al\\\"ice\" \"won der\"\r\n");
  g_assert_null (strstr (ph_harness_get_trace (harness), "won der"));
  ph_harness_push (harness, "A1 OK in\r\n");
  ph_harness_expect (harness, "A2 CAPABILITY\r\n");
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1 X\r\nA2 OK done\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_login_literals (gconstpointer data)
{
  g_autoptr (PhHarness) harness = begin_login ("* OK [CAPABILITY IMAP4rev1] hi\r\n");

  sasl_login (harness, "j\xc3\xb6rg", "\xc3\xa4");
  ph_harness_expect (harness, "A1 LOGIN {5}\r\n");
  ph_harness_push (harness, "+ ok\r\n");
  ph_harness_expect (harness, "j\xc3\xb6rg {2}\r\n");
  ph_harness_push (harness, "+ ok\r\n");
  ph_harness_expect (harness, "\xc3\xa4\r\n");
  ph_harness_push (harness, "A1 OK [CAPABILITY IMAP4rev1] in\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_last_capabilities_win (gconstpointer data)
{
  g_autoptr (PhHarness) harness = begin_login (GREETING);

  sasl_login (harness, "a", "b");
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1 ONE\r\nA1 OK [CAPABILITY IMAP4rev1 TWO] in\r\n");
  ph_harness_expect_capabilities (harness, "IMAP4rev1, TWO");
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1 THREE\r\n");
  ph_harness_expect_capabilities (harness, "IMAP4rev1, THREE");
}

static void
test_silence (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();
  g_autoptr (PhHarness) deaf = imap_harness_new ();

  ph_harness_start (harness);
  ph_harness_advance (harness, 299);
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
  ph_harness_advance (harness, 2);
  ph_harness_expect_failed (harness, PH_ERROR_TIMED_OUT);

  ph_harness_start (deaf);
  ph_harness_push (deaf, "* OK hi\r\n");
  ph_harness_advance (deaf, 301);
  ph_harness_expect_failed (deaf, PH_ERROR_TIMED_OUT);
}

static void
test_closed (gconstpointer data)
{
  const char *const cases[] = { "", "* O", "* OK hi\r\n", "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_new ();

      harness->setup.login = TRUE;
      ph_harness_sasl_start (harness, "PLAIN", "a");
      ph_harness_start (harness);
      ph_harness_push (harness, cases[i]);
      ph_harness_close (harness, NULL);
      ph_harness_expect_failed (harness, PH_ERROR_CLOSED);
    }
}

static void
test_waiting_commands (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_new ();
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);
  g_autoptr (PhCommand) late = ph_engine_make_noop (harness->engine);

  ph_harness_start (harness);
  ph_harness_submit (harness, noop);
  ph_harness_expect_nothing (harness);
  ph_harness_push (harness, "* BYE no\r\n");
  ph_harness_expect_error (harness, noop, PH_ERROR_GREETING);
  ph_harness_expect_failed (harness, PH_ERROR_GREETING);
  ph_harness_submit (harness, late);
  ph_harness_expect_error (harness, late, PH_ERROR_GREETING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("opening/a-greeting-can-be-enough", test_shortest);
  imap_test ("opening/asks-for-capabilities", test_asks);
  imap_test ("opening/capabilities-are-needed", test_no_capabilities);
  imap_test ("opening/greetings-that-are-none", test_greetings);
  imap_test ("opening/starttls", test_starttls);
  g_test_add_func ("/imap/opening/stops-behind-starttls", test_starttls_stops);
  imap_test ("opening/starttls-not-offered", test_starttls_absent);
  imap_test ("opening/starttls-refused", test_starttls_refused);
  imap_test ("opening/starttls-fails", test_starttls_fails);
  imap_test ("opening/a-secure-channel-needs-no-starttls", test_secure);
  imap_test ("opening/preauth", test_preauth);
  imap_test ("login/initial-response", test_initial_response);
  imap_test ("login/empty-initial-response", test_empty_initial_response);
  imap_test ("login/without-initial-response", test_no_initial_response);
  imap_test ("login/dialogue", test_dialogue);
  imap_test ("login/the-next-mechanism", test_next_mechanism);
  imap_test ("login/nothing-to-use", test_nothing_to_use);
  imap_test ("login/what-the-driver-is-offered", test_offers);
  imap_test ("login/cancelled", test_cancelled);
  imap_test ("login/cancelled-goes-on", test_cancelled_goes_on);
  imap_test ("login/cancelled-is-no-success", test_cancelled_succeeds);
  imap_test ("login/garbage-as-challenge", test_garbage_challenge);
  imap_test ("login/success-too-early", test_unproven);
  imap_test ("login/command", test_login_command);
  imap_test ("login/command-with-literals", test_login_literals);
  imap_test ("login/the-last-capabilities-win", test_last_capabilities_win);
  imap_test ("opening/silence", test_silence);
  imap_test ("opening/closed", test_closed);
  imap_test ("opening/commands-wait", test_waiting_commands);
  return g_test_run ();
}
