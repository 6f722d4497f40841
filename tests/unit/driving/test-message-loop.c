/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other calls inside of a loop over messages: their answers come behind messages that are not taken yet, and more than may wait otherwise. */
#include <posthorn/posthorn.h>

#include "ph-await.h"
#include "ph-scripted-server.h"

#define N_MESSAGES 600 /* more than the 256 that may wait */
#define SELECT \
  "send * PREAUTH [CAPABILITY IMAP4rev1] hello\nmatch (?P<t>\\S+) SELECT \"INBOX\".*\nsend * 1 EXISTS\nsend * OK [UIDVALIDITY 7] x\n" \
  "send * OK [UIDNEXT 2] x\nsend ${t} OK [READ-WRITE] x\n"
#define FLAGS "* 1 FETCH (UID 1 FLAGS (\\\\Seen))\\r\\n"
#define LOOP(response, other) \
  SELECT "match (?P<t>\\S+) UID FETCH 1 .*\nrepeat 1 " response "\n" other "repeat 599 " response "\nsend ${t} OK x\n"
#define NOOP "match (?P<u>\\S+) NOOP\n"
#define BYE "match (?P<t>\\S+) LOGOUT\nsend * BYE x\nsend ${t} OK x\nclosed\n"

typedef struct {
  PhScriptedServer *server;
  PhStore          *store;
  PhMessageIter    *messages;
  guint             n_messages;
} Fixture;

static void
begin (Fixture *fixture, const char *script)
{
  g_autofree char *uri = NULL;
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (1);
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;

  fixture->server = ph_scripted_server_new (script, NULL);
  uri = ph_scripted_server_uri (fixture->server, "imap://localhost");
  fixture->store = PH_STORE (ph_session_new (uri, &error));
  g_assert_no_error (error);
  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_session_set_policy (PH_SESSION (fixture->store), policy);
  ph_session_set_timeout (PH_SESSION (fixture->store), PH_TIMEOUT_COMMAND, 30);
  mailbox = ph_store_select (fixture->store, "INBOX", NULL, &error);
  g_assert_no_error (error);
  fixture->messages = ph_store_fetch (fixture->store, set, PH_FETCH_FLAGS, NULL);
  fixture->n_messages = 0;
}

static void
end (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (fixture->n_messages, ==, N_MESSAGES);
  g_object_unref (fixture->messages);
  ph_session_close (PH_SESSION (fixture->store), NULL, &error);
  g_assert_no_error (error);
  g_object_unref (fixture->store);
  ph_scripted_server_finish (fixture->server);
  ph_scripted_server_free (fixture->server);
}

static gboolean
next (Fixture *fixture, gboolean async)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PhMessage) message = NULL;

  if (!async)
    {
      message = ph_message_iter_next (fixture->messages, NULL, &error);
    }
  else
    {
      ph_message_iter_next_async (fixture->messages, NULL, ph_keep_result, &result);
      ph_await_result (&result);
      message = ph_message_iter_next_finish (fixture->messages, result, &error);
    }
  g_assert_no_error (error);
  fixture->n_messages += message != NULL;
  return message != NULL;
}

static void
noop (Fixture *fixture, gboolean async)
{
  PhSession *session = PH_SESSION (fixture->store);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (async)
    {
      ph_session_noop_async (session, NULL, ph_keep_result, &result);
      ph_await_result (&result);
      ph_session_noop_finish (session, result, &error);
    }
  else
    {
      ph_session_noop (session, NULL, &error);
    }
  g_assert_no_error (error);
}

static const struct {
  const char *name;
  gboolean    async_loop;
  gboolean    async_call;
} ways[] = {
  { "blocking", FALSE, FALSE },
  { "async", TRUE, TRUE },
  { "blocking-in-async", TRUE, FALSE },
};

static void
test_a_call_in_a_loop (gconstpointer data)
{
  guint way = GPOINTER_TO_UINT (data);
  Fixture fixture;

  begin (&fixture, LOOP (FLAGS, NOOP) "send ${u} OK x\n" NOOP "send ${u} OK x\n" BYE);
  g_assert_true (next (&fixture, ways[way].async_loop));
  noop (&fixture, ways[way].async_call);
  while (next (&fixture, ways[way].async_loop))
    ;
  noop (&fixture, ways[way].async_call);
  end (&fixture);
}

/* Two loops of one session, one inside of the other */
static void
test_a_loop_in_a_loop (gconstpointer data)
{
  guint way = GPOINTER_TO_UINT (data);
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (1);
  Fixture fixture, inner;

  begin (&fixture, LOOP (FLAGS, "") "match (?P<t>\\S+) UID FETCH 1 .*\nrepeat 600 " FLAGS "\nsend ${t} OK x\n" BYE);
  inner = fixture;
  inner.messages = ph_store_fetch (fixture.store, set, PH_FETCH_FLAGS, NULL);
  g_assert_true (next (&fixture, ways[way].async_loop));
  while (next (&inner, ways[way].async_call))
    ;
  g_assert_cmpuint (inner.n_messages, ==, N_MESSAGES);
  while (next (&fixture, ways[way].async_loop))
    ;
  g_object_unref (inner.messages);
  end (&fixture);
}

/* Without anybody who waits, no more is read than may wait: the server's octets stay in the sockets. */
static void
test_a_loop_at_rest_reads_no_more (void)
{
  Fixture fixture;

  begin (&fixture, SELECT "match (?P<t>\\S+) UID FETCH 1 .*\nendless 60000000 " FLAGS "\n");
  g_assert_true (next (&fixture, TRUE));
  for (guint i = 0; i < 2000; i++)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (fixture.messages);
  g_object_unref (fixture.store);
  ph_scripted_server_finish (fixture.server);
  ph_scripted_server_free (fixture.server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *call = g_strdup_printf ("/message-loop/call/%s", ways[i].name);
      g_autofree char *loop = g_strdup_printf ("/message-loop/loop/%s", ways[i].name);

      g_test_add_data_func (call, GUINT_TO_POINTER (i), test_a_call_in_a_loop);
      g_test_add_data_func (loop, GUINT_TO_POINTER (i), test_a_loop_in_a_loop);
    }
  g_test_add_func ("/message-loop/at-rest", test_a_loop_at_rest_reads_no_more);
  return g_test_run ();
}
