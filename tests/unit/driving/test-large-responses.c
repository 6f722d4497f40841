/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Responses that are larger than what the driver holds in front of a filter: an engine takes them whole or not at all. */
#include <posthorn/posthorn.h>

#include "ph-await.h"
#include "ph-scripted-server.h"

#define SELECT \
  "send * PREAUTH [CAPABILITY IMAP4rev1] hello\nmatch (?P<t>\\S+) SELECT \"INBOX\".*\nsend * 1 EXISTS\nsend * OK [UIDVALIDITY 7] x\n" \
  "send * OK [UIDNEXT 2] x\nsend ${t} OK [READ-WRITE] x\n"
/* A literal of 5 octets n times over */
#define FETCH(length, n) \
  "match (?P<t>\\S+) UID FETCH 1 .*\nsend * 1 FETCH (UID 1 BODY[TEXT] {" length "}\nrepeat " n " abc\\r\\n\nsend )\nsend ${t} OK x\n"
#define BYE "match (?P<t>\\S+) LOGOUT\nsend * BYE x\nsend ${t} OK x\nclosed\n"

#define RESPONSE_LIMIT 2000000

typedef struct {
  PhScriptedServer *server;
  PhStore          *store;
} Fixture;

static void
begin (Fixture *fixture, const char *script, gboolean tls, gsize limit)
{
  g_autofree char *uri = NULL;
  g_autofree char *ca = ph_scripted_server_certificate ("ca.pem");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  const PhLimits limits = { .line = 10000, .literal = limit, .response = limit, .nesting = 10, .values = 1000, .reply_lines = 10 };

  fixture->server = ph_scripted_server_new (script, tls ? "--tls" : NULL, NULL);
  uri = ph_scripted_server_uri (fixture->server, tls ? "imaps://localhost" : "imap://localhost");
  fixture->store = PH_STORE (ph_session_new (uri, &error));
  g_assert_no_error (error);
  ph_security_policy_set_tls_mode (policy, tls ? PH_TLS_REQUIRED : PH_TLS_NEVER);
  ph_security_policy_set_ca_file (policy, ca);
  ph_session_set_policy (PH_SESSION (fixture->store), policy);
  ph_session_set_limits (PH_SESSION (fixture->store), &limits);
  ph_session_set_timeout (PH_SESSION (fixture->store), PH_TIMEOUT_COMMAND, 30);
  mailbox = ph_store_select (fixture->store, "INBOX", NULL, &error);
  g_assert_no_error (error);
}

static void
end (Fixture *fixture)
{
  g_object_unref (fixture->store);
  ph_scripted_server_finish (fixture->server);
  ph_scripted_server_free (fixture->server);
}

static PhMessage *
fetch (PhStore *store, gboolean async, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!async)
    return ph_store_fetch_one (store, 1, PH_FETCH_TEXT, NULL, error);
  ph_store_fetch_one_async (store, 1, PH_FETCH_TEXT, NULL, ph_keep_result, &result);
  ph_await_result (&result);
  return ph_store_fetch_one_finish (store, result, error);
}

static void
assert_fetches (Fixture *fixture, gboolean async, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessage) message = fetch (fixture->store, async, &error);
  g_autoptr (GBytes) bytes = NULL;
  const char *text;
  gsize got;

  g_assert_no_error (error);
  bytes = ph_message_get_section (message, "TEXT");
  text = g_bytes_get_data (bytes, &got);
  g_assert_cmpuint (got, ==, length);
  for (gsize i = 0; i < length; i++)
    g_assert_cmpint (text[i], ==, "abc\r\n"[i % 5]);
}

/* With no limit to speak of, and one after the other: what the first left behind would hold up the second. */
static void
test_whole (gconstpointer tls)
{
  for (int async = 0; async < 2; async++)
    {
      Fixture fixture;

      begin (&fixture, SELECT FETCH ("270000", "54000") FETCH ("6000000", "1200000") FETCH ("5", "1") BYE, tls != NULL, G_MAXSIZE);
      assert_fetches (&fixture, async, 270000);
      assert_fetches (&fixture, async, 6000000);
      assert_fetches (&fixture, async, 5);
      g_assert_true (ph_session_close (PH_SESSION (fixture.store), NULL, NULL));
      end (&fixture);
    }
}

/* As large as may be, then one octet more, which ends the session. */
static void
test_limit (gconstpointer tls)
{
  for (int async = 0; async < 2; async++)
    {
      Fixture fixture;
      g_autoptr (GError) error = NULL;

      begin (&fixture, SELECT FETCH ("1999900", "399980") "match \\S+ UID FETCH 1 .*\nsend * 1 FETCH (UID 1 BODY[TEXT] {2000001}\ngone\n",
             tls != NULL, RESPONSE_LIMIT);
      assert_fetches (&fixture, async, 1999900);
      g_assert_null (fetch (fixture.store, async, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_LIMIT);
      end (&fixture);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/large-responses/whole/plain", NULL, test_whole);
  g_test_add_data_func ("/large-responses/whole/tls", "tls", test_whole);
  g_test_add_data_func ("/large-responses/limit/plain", NULL, test_limit);
  g_test_add_data_func ("/large-responses/limit/tls", "tls", test_limit);
  return g_test_run ();
}
