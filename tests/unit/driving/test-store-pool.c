/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool that watches by NOTIFY (RFC 5465): what it is told, what becomes of it with its connection, and what is left without it. */
#include "ph-scripted-server.h"

#include <posthorn/posthorn.h>

#define CAPABLE "send * PREAUTH [CAPABILITY IMAP4rev1 CONDSTORE IDLE NOTIFY] hello\n"
#define NOTIFY(statuses, answer) \
  "match (?P<t>\\S+) NOTIFY SET STATUS \\(SELECTED-DELAYED \\(MessageNew MessageExpunge FlagChange\\)\\) \\(MAILBOXES \\(\"one\" \"two\" \"three\"\\) " \
  "\\(MessageNew MessageExpunge FlagChange MailboxName\\)\\)\n" statuses "send ${t} " answer "\n"
#define STATUS(name, messages, uid_next) "send * STATUS " name " (MESSAGES " messages " UIDNEXT " uid_next " UIDVALIDITY 7)\n"
#define EXAMINE(name, next) \
  "match (?P<t>\\S+) EXAMINE \"" name "\".*\nsend * 3 EXISTS\nsend * OK [UIDVALIDITY 7] x\nsend * OK [UIDNEXT " next "] x\n" \
  "send * OK [HIGHESTMODSEQ 10] x\nsend ${t} OK [READ-ONLY] x\n"
#define UIDS "match (?P<t>\\S+) UID SEARCH ALL\nsend * SEARCH 1 2 3\nsend ${t} OK x\n"
#define IDLE "match (?P<t>\\S+) IDLE\nsend + idling\n"
#define LEAVE_IDLE "expect DONE\nsend ${t} OK x\n"
#define ASKED(name, answer) "match (?P<t>\\S+) STATUS \"" name "\" \\(MESSAGES UIDNEXT UIDVALIDITY UNSEEN\\)\n" answer
#define ALL_THERE STATUS ("one", "3", "4") STATUS ("two", "1", "2") STATUS ("three", "5", "6")

typedef struct {
  PhScriptedServer *server;
  PhStorePool *pool;
  GString *log;
} Fixture;

static void
on_news (PhStorePool *pool, const char *mailbox, PhMailboxStatus *status, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%s %u %u;", mailbox, ph_mailbox_status_get_n_messages (status), ph_mailbox_status_get_uid_next (status));
}

static void
on_failed (PhStorePool *pool, const char *mailbox, const GError *error, Fixture *fixture)
{
  g_assert_true (error->domain == PH_ERROR);
  g_string_append_printf (fixture->log, "%s failed %d;", mailbox, error->code);
}

static void
begin (Fixture *fixture, const char *script)
{
  static const char *const mailboxes[] = { "one", "two", "three", NULL };
  g_autofree char *uri = NULL;
  g_autoptr (PhSession) model = NULL;
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();

  fixture->log = g_string_new (NULL);
  fixture->server = ph_scripted_server_new (script, NULL);
  uri = ph_scripted_server_uri (fixture->server, "imap://localhost");
  model = ph_session_new (uri, NULL);
  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_session_set_policy (model, policy);
  fixture->pool = ph_store_pool_new (PH_STORE (model));
  g_signal_connect (fixture->pool, "news", G_CALLBACK (on_news), fixture);
  g_signal_connect (fixture->pool, "failed", G_CALLBACK (on_failed), fixture);
  ph_store_pool_set_max_connections (fixture->pool, 2);
  ph_store_pool_watch (fixture->pool, mailboxes);
}

static void
await (Fixture *fixture, const char *log)
{
  while (strlen (fixture->log->str) < strlen (log))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->log->str, ==, log);
}

static void
finish (Fixture *fixture)
{
  ph_store_pool_close (fixture->pool);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->pool);
  ph_scripted_server_finish (fixture->server);
  ph_scripted_server_free (fixture->server);
  g_string_free (fixture->log, TRUE);
}

/* Behind a loss everything is told again, and what is as it was is no news. */
static void
test_told_and_restored (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, CAPABLE NOTIFY (ALL_THERE, "OK x") EXAMINE ("one", "4") UIDS IDLE
         "send * STATUS two (MESSAGES 2 UIDNEXT 3)\nsend * STATUS unasked (MESSAGES 9)\nsend * 4 EXISTS\n" LEAVE_IDLE
         "match (?P<t>\\S+) UID FETCH 4:\\* \\(UID\\)\nsend * 4 FETCH (UID 4)\nsend ${t} OK x\n" IDLE "wait loss\nclose\n"
         "accept\n" CAPABLE NOTIFY (STATUS ("one", "3", "4") STATUS ("two", "2", "3") STATUS ("three", "6", "7"), "OK x")
         EXAMINE ("one", "5") UIDS "match (?P<t>\\S+) UID FETCH .*\nsend ${t} OK x\n" UIDS IDLE
         "wait told\nsend * STATUS two (UIDVALIDITY 8 HIGHESTMODSEQ 99)\ngone\n");
  await (&fixture, "two 2 3;one 4 5;");
  g_assert_cmpuint (ph_store_pool_get_n_connections (fixture.pool), ==, 1);
  g_string_truncate (fixture.log, 0);
  ph_scripted_server_release (fixture.server, "loss");
  await (&fixture, "three 6 7;one 3 5;");
  ph_scripted_server_release (fixture.server, "told");
  await (&fixture, "three 6 7;one 3 5;two 2 3;");
  finish (&fixture);
}

/* The followed mailbox by IDLE, the others by STATUS, as where there is no NOTIFY. */
static void
test_refused (void)
{
  Fixture fixture = { 0 };
  g_autofree char *expected = g_strdup_printf ("one 4 5;two 2 3;three failed %d;", PH_ERROR_NO_MAILBOX);

  begin (&fixture, CAPABLE NOTIFY ("", "NO [NOTIFICATIONOVERFLOW] too much") EXAMINE ("one", "4")
         ASKED ("two", STATUS ("two", "1", "2") "send ${t} OK x\n") ASKED ("three", STATUS ("three", "1", "2") "send ${t} OK x\n") UIDS
         IDLE "send * 4 EXISTS\n" LEAVE_IDLE "match (?P<t>\\S+) UID FETCH 4:\\* \\(UID\\)\nsend * 4 FETCH (UID 4)\nsend ${t} OK x\n"
         IDLE LEAVE_IDLE ASKED ("two", STATUS ("two", "2", "3") "send ${t} OK x\n") ASKED ("three", "send ${t} NO [NONEXISTENT] x\n") "gone\n");
  await (&fixture, "one 4 5;");
  ph_store_pool_poll (fixture.pool);
  await (&fixture, expected);
  finish (&fixture);
}

static void
test_overflow (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, CAPABLE NOTIFY (ALL_THERE, "OK x") EXAMINE ("one", "4") UIDS IDLE "send * STATUS two (MESSAGES 2 UIDNEXT 3)\n"
         "send * OK [NOTIFICATIONOVERFLOW] ...A comment can go here...\n" LEAVE_IDLE
         ASKED ("two", STATUS ("two", "2", "3") "send ${t} OK x\n") ASKED ("three", STATUS ("three", "6", "7") "send ${t} OK x\n") "gone\n");
  await (&fixture, "two 2 3;three 6 7;");
  finish (&fixture);
}

/* One that has no status is asked after; one that goes, or to which access goes, is no longer watched. */
static void
test_gone (void)
{
  Fixture fixture = { 0 };
  g_autofree char *expected =
    g_strdup_printf ("two failed %d;one failed %d;three failed %d;", PH_ERROR_NO_PERMISSION, PH_ERROR_NO_MAILBOX, PH_ERROR_CLOSED);

  begin (&fixture, CAPABLE NOTIFY (STATUS ("two", "1", "2") STATUS ("three", "5", "6"), "OK x")
         "match (?P<t>\\S+) EXAMINE \"two\".*\nsend ${t} NO [NOPERM] x\n" ASKED ("one", "send ${t} NO [NONEXISTENT] x\n")
         EXAMINE ("three", "6") UIDS IDLE "close\naccept\n" CAPABLE NOTIFY ("", "OK x")
         "match (?P<t>\\S+) EXAMINE \"three\".*\nsend ${t} NO [NONEXISTENT] x\ngone\n");
  await (&fixture, expected);
  finish (&fixture);
}

static void
test_deleted_and_renamed (void)
{
  Fixture fixture = { 0 };
  g_autofree char *expected = g_strdup_printf ("two failed %d;three failed %d;", PH_ERROR_NO_MAILBOX, PH_ERROR_NO_MAILBOX);

  begin (&fixture, CAPABLE NOTIFY (ALL_THERE, "OK x") EXAMINE ("one", "4") UIDS IDLE "send * LIST (\\\\NonExistent) \"/\" \"two\"\n"
         "send * LIST () \"/\" \"four\" (\"OLDNAME\" (\"three\"))\nsend * STATUS two (MESSAGES 2 UIDNEXT 3)\ngone\n");
  await (&fixture, expected);
  finish (&fixture);
}

static void
on_first_news (PhStorePool *pool, const char *mailbox, PhMailboxStatus *status, gpointer data)
{
  ph_store_pool_watch (pool, NULL);
}

/* The watch may end in a handler. */
static void
test_ended_in_a_handler (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, CAPABLE NOTIFY (ALL_THERE, "OK x") EXAMINE ("one", "4") UIDS IDLE "send * STATUS two (MESSAGES 2)\nsend * STATUS three (MESSAGES 7)\ngone\n");
  g_signal_connect (fixture.pool, "news", G_CALLBACK (on_first_news), NULL);
  await (&fixture, "two 2 2;");
  finish (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-pool/told-and-restored", test_told_and_restored);
  g_test_add_func ("/store-pool/refused", test_refused);
  g_test_add_func ("/store-pool/overflow", test_overflow);
  g_test_add_func ("/store-pool/gone", test_gone);
  g_test_add_func ("/store-pool/deleted-and-renamed", test_deleted_and_renamed);
  g_test_add_func ("/store-pool/ended-in-a-handler", test_ended_in_a_handler);
  return g_test_run ();
}
