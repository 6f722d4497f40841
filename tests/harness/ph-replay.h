/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversations as text, run against an engine through the harness, fed in every way. */
#pragma once

#include "ph-engine-harness.h"

G_BEGIN_DECLS

/*
 * A transcript is lines; what may stand at their start:
 *
 *   #                     a comment
 *   S: TEXT               the server says TEXT CRLF. Lines that follow each other are pushed as one
 *   C: TEXT               the engine wrote TEXT CRLF; nothing else may have been written where S: or ! follows
 *   S! TEXT, C! TEXT      the same with C escapes (\r \n \\ \x00 \0) and no line end of its own
 *   ! set NAME=VALUE …    before the start: scheme, host, hello, tls (required, prefer, never), secure, login (yes, no),
 *                         uses (names, with commas)
 *   ! start               starts the engine; done by itself before the first line that needs it
 *   ! command LINE        submits a raw line
 *   ! call NAME [TEXT]    calls the step of that name
 *   ! sasl NAME [TEXT]    the login's next start: mechanism and initial response ("-" for no mechanism)
 *   ! answer CHALLENGE RESPONSE     its next challenge; both with C escapes
 *   ! wait SECONDS        lets time pass
 *   ! close               the connection ends
 *   ! opened              opening is complete
 *   ! done                the oldest command that was not yet asked for ended well
 *   ! error NICK [DELAY]  it ended with this error: "sender-refused"; the server asks to be left alone for DELAY seconds
 *   ! failed NICK         the session failed with this error
 *   ! closing             the engine wants the connection closed
 *   ! warning TEXT        a warning came whose message has TEXT in it; the first that wasn't asked for yet
 *   ! quiet               no warning came that wasn't asked for
 *   ! capabilities A, B   what get_capabilities () gives
 */
typedef struct {
  const char *name;
  /* a command that was submitted, for done and error, or NULL. (transfer full) */
  PhCommand *(*run) (PhHarness *harness, gpointer data);
  /* the same with the line's text behind the name, where a step wants it */
  PhCommand *(*run_text) (PhHarness *harness, const char *text, gpointer data);
} PhReplayStep;

/* A step of this name is not for transcripts: it is run with each harness that is made, before all else. */
#define PH_REPLAY_NEW "new harness"

/* @type: the engine's; G_TYPE_INVALID: by the scheme, from the registry. @steps: up to one without a name, or NULL */
void ph_replay_text (GType type, const char *name, const char *text, const PhReplayStep *steps, gpointer data);
void ph_replay_file (GType type, const char *path, const PhReplayStep *steps, gpointer data);

G_END_DECLS
