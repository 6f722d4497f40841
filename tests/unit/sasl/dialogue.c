/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dialogue.h"

#include <string.h>

void
dialogue_begin_as (Dialogue *fixture, const char *user, const char *authorization, PhSaslNeeds kinds, gboolean secure)
{
  const PhSaslDialogueSetup setup = { .policy = fixture->policy, .service = "imap", .host = HOST, .user = user,
                                      .authorization = authorization, .kinds = kinds, .secure = secure };

  g_clear_pointer (&fixture->dialogue, ph_sasl_dialogue_free);
  fixture->dialogue = ph_sasl_dialogue_new (&setup);
}

void
dialogue_begin (Dialogue *fixture, const char *user, PhSaslNeeds kinds, gboolean secure)
{
  dialogue_begin_as (fixture, user, NULL, kinds, secure);
}

void
dialogue_begin_bound (Dialogue *fixture)
{
  g_autoptr (GBytes) binding = g_bytes_new_static ("0123", 4);

  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
  ph_sasl_dialogue_add_binding (fixture->dialogue, "tls-exporter", binding);
}

void
dialogue_set_up (Dialogue *fixture, gconstpointer data)
{
  fixture->policy = ph_security_policy_new ();
  dialogue_begin (fixture, "alice", PASSWORD, TRUE);
}

void
dialogue_tear_down (Dialogue *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->dialogue, ph_sasl_dialogue_free);
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->policy);
}

const char *
dialogue_choose (Dialogue *fixture, const char *offered, PhReply *refusal)
{
  g_auto (GStrv) names = g_strsplit (offered, " ", -1);
  gboolean login_command = g_strv_contains ((const char *const *) names, "*");

  g_clear_error (&fixture->error);
  return ph_sasl_dialogue_choose (fixture->dialogue, (const char *const *) names, login_command, refusal, &fixture->error);
}

void
dialogue_allow (Dialogue *fixture, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  ph_security_policy_set_mechanisms (fixture->policy, (const char *const *) list);
}

void
dialogue_assert_error (Dialogue *fixture, PhError code, const char *words)
{
  g_assert_error (fixture->error, PH_ERROR, (int) code);
  g_test_message ("%s", fixture->error->message);
  g_assert_nonnull (strstr (fixture->error->message, words));
}

void
dialogue_give_credentials (Dialogue *fixture)
{
  PhSaslContext *context = ph_sasl_dialogue_get_context (fixture->dialogue);
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");

  ph_sasl_context_set_secret (context, secret);
}

void
dialogue_assert_response (Dialogue *fixture, const char *challenge, const char *expected)
{
  g_autoptr (GBytes) question = challenge != NULL ? g_bytes_new (challenge, strlen (challenge)) : NULL;
  g_autoptr (GBytes) response = ph_sasl_dialogue_respond (fixture->dialogue, question, &fixture->error);

  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), g_bytes_get_size (response), expected, strlen (expected));
}
