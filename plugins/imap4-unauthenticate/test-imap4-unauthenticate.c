/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UNAUTHENTICATE: RFC 8437 has no example, but says what the command ends (sections 3 and 4.1); that is what is looked at here. */
#include "imap-extension-test.h"

GType ph_imap_unauthenticate_get_type (void);

static PhCommand *
make (PhExtension *extension)
{
  return PH_UNAUTHENTICATE_GET_IFACE (PH_UNAUTHENTICATE (extension))->make_run (PH_UNAUTHENTICATE (extension));
}

static void
expect_change (PhHarness *harness, PhMailboxChangeKind kind)
{
  PhEvent *event = ph_harness_expect_event (harness, PH_EVENT_MAILBOX);

  g_assert_cmpint (event->change.kind, ==, kind);
}

/* Selected, something enabled, a search saved: none of it is the next user's. */
static void
test_next_user (gconstpointer data)
{
  g_autoptr (PhExtension) extension = g_object_new (ph_imap_unauthenticate_get_type (), NULL);
  g_autoptr (PhHarness) harness = imap_harness_new ();
  const char *const uses[] = { "UTF8=ACCEPT", NULL };
  PhStoreEngine *store = PH_STORE_ENGINE (harness->engine);
  g_autoptr (PhCommand) select = imap_make (harness, select, "Entw\303\274rfe", FALSE);
  g_autoptr (PhCommand) again = imap_make (harness, select, "Entw\303\274rfe", FALSE);
  g_autoptr (PhCommand) out = NULL;
  g_autoptr (PhCommand) in = ph_engine_make_login (harness->engine);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  ph_extension_attach (extension, NULL, harness->engine, "UNAUTHENTICATE", FALSE);
  out = make (extension);
  harness->on_event = ext_add;
  harness->user_data = extension;
  harness->setup.login = TRUE;
  harness->setup.uses = uses;
  ph_harness_sasl_start (harness, "PLAIN", "alice");
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n");
  ph_harness_expect (harness, "A1 AUTHENTICATE PLAIN YWxpY2U=\r\n");
  ph_harness_push (harness, "A1 OK [CAPABILITY IMAP4rev1 SASL-IR ENABLE UTF8=ACCEPT UNAUTHENTICATE] in\r\n");
  ph_harness_expect (harness, "A2 ENABLE UTF8=ACCEPT\r\n");
  ph_harness_push (harness, "* ENABLED UTF8=ACCEPT\r\nA2 OK done\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  ph_harness_submit (harness, select);
  ph_harness_expect (harness, "A3 SELECT \"Entw\303\274rfe\"\r\n");
  ph_harness_push (harness, "* 3 EXISTS\r\nA3 OK [READ-WRITE] done\r\n");
  ph_harness_expect_done (harness, select);

  /* what is submitted behind it waits until it is known who asks */
  ph_harness_submit (harness, out);
  ph_harness_submit (harness, in);
  ph_harness_submit (harness, noop);
  ph_harness_sasl_start (harness, "PLAIN", "bob");
  ph_harness_expect (harness, "A4 UNAUTHENTICATE\r\n");
  ph_harness_push (harness, "A4 OK done\r\n");
  expect_change (harness, PH_CHANGE_DESELECTED);
  ph_harness_expect (harness, "A5 CAPABILITY\r\n");
  g_assert_cmpuint (g_strv_length ((char **) PH_STORE_ENGINE_GET_IFACE (store)->get_enabled (store)), ==, 0);
  ph_harness_push (harness, "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\nA5 OK done\r\n");
  ph_harness_expect_done (harness, out);
  ph_harness_expect (harness, "A6 AUTHENTICATE PLAIN Ym9i\r\n");
  ph_harness_push (harness, "A6 OK [CAPABILITY IMAP4rev1] in as bob\r\n");
  ph_harness_expect_done (harness, in);
  g_assert_cmpstr (ph_reply_get_text (ph_command_get_reply (in)), ==, "in as bob");
  ph_harness_expect_no_event (harness, PH_EVENT_OPENED);
  ph_harness_expect (harness, "A7 NOOP\r\n");
  ph_harness_push (harness, "A7 OK done\r\n");
  ph_harness_expect_done (harness, noop);
  ph_harness_submit (harness, again);
  ph_harness_expect (harness, "A8 SELECT \"Entw&APw-rfe\"\r\n");
}

/* The command of a server that tells its capabilities with the OK; a login that is refused leaves the session as it was. */
static void
test_refused_login (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_unauthenticate_get_type (), "UNAUTHENTICATE", "UNAUTHENTICATE");
  g_autoptr (PhCommand) out = ext_make (test, "UNAUTHENTICATE", NULL);
  g_autoptr (PhCommand) early = ph_engine_make_login (test->harness->engine);
  g_autoptr (PhCommand) in = ph_engine_make_login (test->harness->engine);
  g_autoptr (PhCommand) next = ph_engine_make_login (test->harness->engine);
  g_autoptr (PhCommand) fetch = NULL;
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);

  fetch = imap_make (test->harness, fetch, set, PH_FETCH_FLAGS, NULL, NULL);
  ext_refuse (test, early, PH_ERROR_WRONG_STATE);
  ext_select (test, "SELECT \"INBOX\"");
  ext_say (test, out, "UNAUTHENTICATE", "", "OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] done");
  ph_harness_expect_done (test->harness, out);
  ext_refuse (test, fetch, PH_ERROR_WRONG_STATE);
  ph_harness_sasl_start (test->harness, "PLAIN", NULL);
  ph_harness_sasl_challenge (test->harness, "", "x");
  ext_say (test, in, "AUTHENTICATE PLAIN", "+ \r\n", "NO [AUTHENTICATIONFAILED] no");
  ph_harness_expect (test->harness, "eA==\r\n");
  ph_harness_expect_error (test->harness, in, PH_ERROR_AUTHENTICATION);
  ph_harness_expect_no_event (test->harness, PH_EVENT_FAILED);
  ph_harness_sasl_start (test->harness, "PLAIN", NULL);
  ph_harness_sasl_challenge (test->harness, "", "y");
  ext_say (test, next, "AUTHENTICATE PLAIN", "+ \r\n", "OK [CAPABILITY IMAP4rev1] in");
  ph_harness_expect (test->harness, "eQ==\r\n");
  ph_harness_expect_done (test->harness, next);
}

static void
test_lacking_and_bad (gconstpointer data)
{
  g_autoptr (ExtTest) without = ext_open (ph_imap_unauthenticate_get_type (), "UNAUTHENTICATE", "");
  g_autoptr (ExtTest) test = ext_open (ph_imap_unauthenticate_get_type (), "UNAUTHENTICATE", "UNAUTHENTICATE");
  g_autoptr (PhCommand) lacking = make (without->extension);
  g_autoptr (PhCommand) bad = make (test->extension);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (test->harness->engine);

  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
  ext_select (test, "SELECT \"INBOX\"");
  ext_fail (test, bad, "UNAUTHENTICATE", "BAD not now", PH_ERROR_BAD_COMMAND);
  ph_harness_expect_no_event (test->harness, PH_EVENT_FAILED);
  ext_ask (test, noop, "NOOP", "");
}

/* "Servers MAY close the connection with an untagged BYE" (section 3) */
static void
test_goodbye (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_unauthenticate_get_type (), "UNAUTHENTICATE", "UNAUTHENTICATE");
  g_autoptr (ExtTest) lost = ext_open (ph_imap_unauthenticate_get_type (), "UNAUTHENTICATE", "UNAUTHENTICATE");
  g_autoptr (PhCommand) command = make (test->extension);
  g_autoptr (PhCommand) other = make (lost->extension);

  ph_harness_submit (test->harness, command);
  ph_harness_push (test->harness, "* BYE can't\r\n");
  ph_harness_expect_error (test->harness, command, PH_ERROR_SHUTTING_DOWN);
  ph_harness_submit (lost->harness, other);
  ph_harness_push (lost->harness, "A1 OK done\r\n");
  ph_harness_expect (lost->harness, "A1 UNAUTHENTICATE\r\nA2 CAPABILITY\r\n");
  ph_harness_close (lost->harness, NULL);
  ph_harness_expect_error (lost->harness, other, PH_ERROR_CLOSED);
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_unauthenticate_get_type (), "UNAUTHENTICATE", "UNAUTHENTICATE");
  g_autoptr (PhCommand) out = make (test->extension);
  g_autoptr (PhCommand) in = ph_engine_make_login (test->harness->engine);

  ph_harness_submit (test->harness, out);
  ph_harness_push (test->harness, "A1 OK done\r\n");
  ph_harness_cancel (test->harness, out, g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "x"));
  ph_harness_expect_error (test->harness, out, PH_ERROR_FAILED);
  ph_harness_expect (test->harness, "A1 UNAUTHENTICATE\r\nA2 CAPABILITY\r\n");
  ph_harness_push (test->harness, "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nA2 OK done\r\n");
  ph_harness_sasl_start (test->harness, "PLAIN", "x");
  ph_harness_submit (test->harness, in);
  ph_harness_expect (test->harness, "A3 AUTHENTICATE PLAIN eA==\r\n");
  ph_harness_cancel (test->harness, in, g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "x"));
  ph_harness_expect_error (test->harness, in, PH_ERROR_FAILED);
  ph_harness_expect_failed (test->harness, PH_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("unauthenticate/next-user", test_next_user);
  imap_test ("unauthenticate/refused-login", test_refused_login);
  imap_test ("unauthenticate/lacking-and-bad", test_lacking_and_bad);
  imap_test ("unauthenticate/goodbye", test_goodbye);
  imap_test ("unauthenticate/cancelled", test_cancelled);
  return g_test_run ();
}
