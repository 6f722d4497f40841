/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A login by the mechanisms of modules/, for tests of what is chosen and of what is said. */
#pragma once

#include "driving/ph-sasl-dialogue.h"

#define HOST "mail.example.test"
#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)

typedef struct {
  PhSecurityPolicy *policy;
  PhSaslDialogue *dialogue;
  GError *error;
} Dialogue;

void        dialogue_begin_as         (Dialogue *fixture, const char *user, const char *authorization, PhSaslNeeds kinds, gboolean secure);
void        dialogue_begin            (Dialogue *fixture, const char *user, PhSaslNeeds kinds, gboolean secure);
/* To a channel that can be bound to */
void        dialogue_begin_bound      (Dialogue *fixture);
void        dialogue_set_up           (Dialogue *fixture, gconstpointer data);
void        dialogue_tear_down        (Dialogue *fixture, gconstpointer data);
/* @offered: names with spaces between; "*" stands for the login command */
const char *dialogue_choose           (Dialogue *fixture, const char *offered, PhReply *refusal);
/* @names: with spaces between */
void        dialogue_allow            (Dialogue *fixture, const char *names);
void        dialogue_assert_error     (Dialogue *fixture, PhError code, const char *words);
void        dialogue_give_credentials (Dialogue *fixture);
void        dialogue_assert_response  (Dialogue *fixture, const char *challenge, const char *expected);

#define DIALOGUE_TEST(path, function) \
  g_test_add ("/sasl-dialogue/" path, Dialogue, NULL, dialogue_set_up, function, dialogue_tear_down)
