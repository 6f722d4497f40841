/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libsasl2's server side, as the peer of a mechanism in a test. No sockets. */
#pragma once

#include <posthorn/posthorn-plugin.h>
#include <sasl/sasl.h>

G_BEGIN_DECLS

/* The only host that it knows */
#define PH_SASL_PEER_HOST "mail.example.test"

typedef enum {
  PH_SASL_PEER_LOGGED_IN,
  PH_SASL_PEER_REFUSED, /* by the server */
  PH_SASL_PEER_FAILED   /* on the client's side: see error */
} PhSaslPeerOutcome;

/* One login to be tried; then, what came of it. Zeroed, then filled. */
typedef struct {
  const char *mechanism;
  const char *user;
  const char *authorization;
  const char *password;
  const char *token;
  const char *external;      /* whom the server knows the client to be from the channel */

  /* a channel binding, the same on both sides unless @server_binding says otherwise */
  const char *binding_type;
  const char *binding;
  const char *server_binding;

  gboolean success_data;     /* SMTP's way: the last message comes with the success. Else IMAP's: as a challenge */
  gboolean no_initial;       /* the first challenge is empty, and asks for what would be the initial response */
  gboolean early_success;    /* a server that says yes to whatever was sent first */
  guint    max_strength;     /* of a security layer that the server offers */
  /* changes the server's message number @message, from 0, on its way; takes @bytes */
  GBytes  *(*tamper) (guint message, GBytes *bytes);

  PhSaslPeerOutcome outcome;
  GError     *error;
  char       *logged_in_as;  /* what the server says */
  PhFilter   *layer;
  sasl_conn_t *server;
} PhSaslPeerTalk;

/* Makes a database of users in a directory of its own; once per test program. */
void ph_sasl_peer_init       (void);
void ph_sasl_peer_add_user   (const char *user, const char *password);
/* Removes the directory */
void ph_sasl_peer_exit       (void);
/* The installed mechanism of that name, with what @talk says, against the server */
void ph_sasl_peer_run        (PhSaslPeerTalk *talk);
void ph_sasl_peer_talk_clear (PhSaslPeerTalk *talk);

/* Runs, asserts the outcome, clears */
void ph_sasl_peer_assert     (PhSaslPeerTalk talk, PhSaslPeerOutcome outcome);
/* As above for a failure on the client's side: a code of PH_ERROR */
void ph_sasl_peer_assert_error (PhSaslPeerTalk talk, PhError code);

G_END_DECLS
