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
#define WHOLE \
  "* 1 FETCH (UID 1 FLAGS (\\\\Seen) ENVELOPE (NIL \"a subject\" ((NIL NIL \"ann\" \"example.org\")) NIL NIL NIL NIL NIL NIL \"<1@x>\") BODYSTRUCTURE " \
  "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 5 1))\\r\\n"
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

static void
check_views (PhMessageEnvelope *envelope, PhBodyPart *part)
{
  g_assert_cmpstr (ph_message_envelope_get_subject (envelope), ==, "a subject");
  g_assert_cmpstr (ph_address_get_email (ph_message_envelope_get_address (envelope, PH_ADDRESS_FROM, 0)), ==, "ann@example.org");
  g_assert_cmpstr (ph_body_part_get_section (part), ==, "1");
  g_assert_cmpstr (ph_body_part_get_media_type (part), ==, "text/plain");
}

/* More of them at once than a lent message has room for, and some of them longer than it is lent */
static void
test_views_of_lent_messages (void)
{
  enum { AT_ONCE = 20 };
  g_autoptr (GPtrArray) envelopes = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_envelope_unref);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_body_part_unref);
  g_autoptr (GError) error = NULL;
  Fixture    fixture;
  PhMessage *message;

  begin (&fixture, LOOP (WHOLE, "") BYE);
  while ((message = ph_message_iter_next_borrowed (fixture.messages, NULL, &error)) != NULL)
    {
      guint kept = ++fixture.n_messages % 3 == 0 ? envelopes->len + 1 : envelopes->len;

      for (guint i = 0; i < AT_ONCE; i++)
        {
          g_ptr_array_add (envelopes, ph_message_get_envelope (message));
          g_ptr_array_add (parts, ph_message_get_body_structure (message));
        }
      for (guint i = kept; i < envelopes->len; i++)
        check_views (g_ptr_array_index (envelopes, i), g_ptr_array_index (parts, i));
      g_ptr_array_set_size (envelopes, (int) kept);
      g_ptr_array_set_size (parts, (int) kept);
    }
  g_assert_no_error (error);
  end (&fixture);

  g_assert_cmpuint (envelopes->len, ==, N_MESSAGES / 3);
  for (guint i = 0; i < envelopes->len; i++)
    check_views (g_ptr_array_index (envelopes, i), g_ptr_array_index (parts, i));
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
  g_test_add_func ("/message-loop/views-of-lent-messages", test_views_of_lent_messages);
  return g_test_run ();
}
