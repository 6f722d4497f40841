/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logins that are bound to their channel: to which type, and where none can be used. */
#include "dialogue.h"

#include <string.h>

/* "y" of RFC 5802: could bind, and nobody offered it */
static void
test_binding (Dialogue *fixture, gconstpointer data)
{
  dialogue_begin_bound (fixture);
  dialogue_choose (fixture, "X-MUTUAL", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - tls-exporter");

  dialogue_begin_bound (fixture);
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-exporter");

  /* an offer that only looks like one */
  dialogue_begin_bound (fixture);
  dialogue_choose (fixture, "X-MUTUAL OTHER-PLUS", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - tls-exporter");

  /* offered, and ruled out */
  dialogue_allow (fixture, "X-MUTUAL");
  dialogue_begin_bound (fixture);
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");

  dialogue_allow (fixture, "X-MUTUAL-PLUS");
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL));
  dialogue_assert_error (fixture, PH_ERROR_NO_MECHANISM, "X-MUTUAL-PLUS (there is no TLS channel to bind it to)");
}

/* A server may not know every type; and one that refuses them all is told that it could have been bound to. */
static void
test_binding_types (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "no");
  g_autoptr (GBytes) other = g_bytes_new_static ("4567", 4);

  dialogue_begin_bound (fixture);
  ph_sasl_dialogue_add_binding (fixture->dialogue, "tls-server-end-point", other);
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-exporter");
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-server-end-point");
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal));
}

static void
add_another (PhSaslDialogue *dialogue, gpointer n_asked)
{
  g_autoptr (GBytes) other = g_bytes_new_static ("4567", 4);

  if ((*(guint *) n_asked)++ == 0)
    ph_sasl_dialogue_add_binding (dialogue, "tls-server-end-point", other);
}

/* What the server may never want is not computed beforehand. */
static void
test_later_bindings (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "no");
  guint n_asked = 0;

  dialogue_begin_bound (fixture);
  ph_sasl_dialogue_set_more_bindings (fixture->dialogue, add_another, &n_asked);
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", NULL);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-exporter");
  g_assert_cmpint (n_asked, ==, 0);
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL-PLUS 0 - tls-server-end-point");
  g_assert_cmpint (n_asked, ==, 1);
  dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal);
  dialogue_give_credentials (fixture);
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
  g_assert_cmpint (n_asked, ==, 2);
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal));
}

static void
lose_binding (Dialogue *fixture, const char *offered)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "bad protocol / cancel");
  g_autoptr (GBytes) other = g_bytes_new_static ("4567", 4);

  dialogue_begin_bound (fixture);
  ph_sasl_dialogue_add_binding (fixture->dialogue, "tls-server-end-point", other);
  dialogue_choose (fixture, offered, NULL);
  for (int i = 0; i < 2; i++)
    {
      dialogue_give_credentials (fixture);
      dialogue_assert_response (fixture, NULL, i == 0 ? "X-MUTUAL-PLUS 0 - tls-exporter" : "X-MUTUAL-PLUS 0 - tls-server-end-point");
      dialogue_assert_response (fixture, "salt", i == 0 ? "X-MUTUAL-PLUS 1 salt tls-exporter" : "X-MUTUAL-PLUS 1 salt tls-server-end-point");
      dialogue_choose (fixture, offered, refusal);
    }
  dialogue_give_credentials (fixture);
}

/* What Cyrus IMAP 3.6 does in TLS 1.3: each binding is refused behind the proof. Whoever could be in between could have had the password by
 * offering PLAIN alone; where the policy never shows it, the server is told the truth. */
static void
test_lost_binding (Dialogue *fixture, gconstpointer data)
{
  g_autoptr (PhReply) refusal = ph_reply_new (PH_STATUS_NO, 0, "bad protocol / cancel");
  g_autoptr (PhReply) wrong = ph_reply_new (PH_STATUS_NO, 0, "authentication failure");

  lose_binding (fixture, "X-PLAIN X-MUTUAL X-MUTUAL-PLUS");
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - unbound");
  dialogue_assert_response (fixture, "salt", "X-MUTUAL 1 salt unbound");
  g_assert_null (dialogue_choose (fixture, "X-PLAIN X-MUTUAL X-MUTUAL-PLUS", wrong));
  dialogue_assert_error (fixture, PH_ERROR_AUTHENTICATION, "by X-MUTUAL-PLUS, then X-MUTUAL-PLUS, then X-MUTUAL: NO authentication failure");
  g_assert_null (strstr (fixture->error->message, "bound to the channel"));

  lose_binding (fixture, "X-MUTUAL X-MUTUAL-PLUS");
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
  g_assert_null (dialogue_choose (fixture, "X-MUTUAL X-MUTUAL-PLUS", refusal));
  dialogue_assert_error (fixture, PH_ERROR_AUTHENTICATION, "bound to the channel the login is refused as well");

  ph_security_policy_set_refused_mechanisms (fixture->policy, (const char *const[]){ "X-PLAIN", NULL });
  lose_binding (fixture, "X-PLAIN X-MUTUAL X-MUTUAL-PLUS");
  dialogue_assert_response (fixture, NULL, "X-MUTUAL 0 - tls-server-end-point");
}

int
main (int argc, char **argv)
{
  g_setenv ("POSTHORN_PLUGIN_PATH", PH_TEST_FAKES_DIR, TRUE);
  g_test_init (&argc, &argv, NULL);

  DIALOGUE_TEST ("tells-of-the-binding-where-that-is-true", test_binding);
  DIALOGUE_TEST ("tries-each-type-of-binding", test_binding_types);
  DIALOGUE_TEST ("computes-bindings-when-wanted", test_later_bindings);
  DIALOGUE_TEST ("goes-on-unbound-where-nothing-is-lost-by-it", test_lost_binding);

  return g_test_run ();
}
