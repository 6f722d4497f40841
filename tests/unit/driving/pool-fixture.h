/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool of one connection to a scripted server: what it says, and what became of each message. */
#pragma once

#include "ph-scripted-server.h"

#include <posthorn/posthorn.h>

#define OPEN "send 220 mail.example.org\nprefix EHLO \nsend 250 mail.example.org\n"
#define LMTP_OPEN "send 220 mail.example.org\nprefix LHLO \nsend 250 mail.example.org\n"
#define MAIL "expect MAIL FROM:<alice@example.org>\n"
#define RCPT(who) "expect RCPT TO:<" who "@example.net>\n"
#define OK "send 250 ok\n"
#define BEGUN(who) MAIL OK RCPT (who) OK
#define TEXT(who) "expect DATA\nsend 354 go\nexpect Subject: " who "\nexpect \nexpect .\n"
#define SENT(who) BEGUN (who) TEXT (who) OK
#define QUIT "expect QUIT\nsend 221 bye\nclosed\n"

typedef struct {
  PhScriptedServer *server;
  PhTransportPool *pool;
} PoolFixture;

typedef struct {
  GAsyncResult *result;
  PhDelivery *delivery;
  GError *error;
} PoolOutcome;

/* Without TLS, and with a wrong password where there is a user */
void        pool_on_new_session (PhTransportPool *pool, PhTransport *session, gpointer data);
void        pool_begin          (PoolFixture *self, const char *base, const char *script);
/* Closes what is open, and sees that the conversation went as written. */
void        pool_end            (PoolFixture *self);
/* @who: "bob carol", of example.net. (transfer full) */
PhEnvelope *pool_envelope_to    (const char *who);
void        pool_send_to        (PoolFixture *self, const char *who, GCancellable *cancellable, PoolOutcome *outcome);
/* The callback of ph_transport_pool_send_async (); @data: a PoolOutcome */
void        pool_on_sent        (GObject *source, GAsyncResult *result, gpointer data);
void        pool_await          (PoolOutcome *outcome);
/* @code -1: delivered to all */
void        pool_assert_outcome (PoolOutcome *outcome, int code);
