/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mail transactions of SMTP and LMTP as conversations, each fed in every way; and each recipient's fate. */
#include "smtp-test.h"

#define PIPELINING "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 PIPELINING\n! opened\n"
#define PLAIN "S: 220 hi\nC: EHLO client.example.com\nS: 250 hi\n! opened\n"
#define LMTP "! set scheme=lmtp\nS: 220 hi\nC: LHLO client.example.com\nS: 250-hi\nS: 250 PIPELINING\n! opened\n"
#define GROUP_2 "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: RCPT TO:<carol@example.net>\n"
#define GROUP_2_DATA GROUP_2 "C: DATA\n"

/* @to: recipients, a blank between them. @rows: what "! call rows" expects, a row "fate:phase:code" each */
typedef struct {
  const char *name;
  const char *to;
  const char *text;
  const char *conversation;
  const char *rows;
  const char *message;      /* the error's */
  gboolean    require_all;
  PhCommand  *last;         /* the last command sent */
} Conversation;

#define TWO "bob@example.net carol@example.net"

static Conversation conversations[] = {
  { "rfc5321-appendix-d1", "Jones@foo.com Green@foo.com Brown@foo.com", "Blah blah blah...\r\n...etc. etc. etc.\r\n",
    "! set hello=bar.com\n"
    "S: 220 foo.com Simple Mail Transfer Service Ready\n"
    "C: EHLO bar.com\n"
    "S: 250-foo.com greets bar.com\n"
    "S: 250-8BITMIME\n"
    "S: 250-SIZE\n"
    "S: 250-DSN\n"
    "S: 250 HELP\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com> SIZE=38 BODY=8BITMIME\n"
    "S: 250 OK\n"
    "C: RCPT TO:<Jones@foo.com>\n"
    "S: 250 OK\n"
    "C: RCPT TO:<Green@foo.com>\n"
    "S: 550 No such user here\n"
    "C: RCPT TO:<Brown@foo.com>\n"
    "S: 250 OK\n"
    "C: DATA\n"
    "S: 354 Start mail input; end with <CRLF>.<CRLF>\n"
    "C: Blah blah blah...\n"
    "C: ....etc. etc. etc.\n"
    "C: .\n"
    "S: 250 OK\n"
    "! done\n"
    "! call rows\n"
    "! command QUIT\n"
    "C: QUIT\n"
    "S: 221 foo.com Service closing transmission channel\n"
    "! done\n"
    "! closing\n",
    "accepted:data:250 refused:recipient:550 accepted:data:250" },
  { "rfc2920-pipelined", "ned@innosoft.com dan@innosoft.com kvc@innosoft.com", "...",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\n"
    "C: RCPT TO:<ned@innosoft.com>\n"
    "C: RCPT TO:<dan@innosoft.com>\n"
    "C: RCPT TO:<kvc@innosoft.com>\n"
    "C: DATA\n"
    "S: 250 sender <mrose@dbc.mtview.ca.us> OK\n"
    "S: 250 recipient <ned@innosoft.com> OK\n"
    "S: 250 recipient <dan@innosoft.com> OK\n"
    "S: 250 recipient <kvc@innosoft.com> OK\n"
    "S: 354 enter mail, end with line containing only \".\"\n"
    "C: ....\n"
    "C: .\n"
    "S: 250 message sent\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 accepted:data:250 accepted:data:250" },
  { "rfc2920-all-refused", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\n"
    "S: 550 remote mail not allowed\n"
    "S: 551 remote mail not allowed\n"
    "S: 554 no valid recipients given\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n",
    "refused:recipient:550 refused:recipient:551",
    "RCPT TO:<bob@example.net> refused by mail.example.org: 550 remote mail not allowed (and 1 more refused)" },
  { "rfc2920-all-refused-but-354-is-a-lone-dot", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\n"
    "S: 550 5.1.1 no\n"
    "S: 550 5.1.1 no\n"
    "S: 354 go on\n"
    "C: .\n"
    "S: 554 no valid recipients\n"
    "! error recipients-refused\n"
    "! call rows\n"
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\n"
    "S: 250 OK\n"
    "S: 250 OK\n"
    "S: 354 go on\n"
    "C: x\n"
    "C: .\n"
    "S: 250 taken\n"
    "! done\n",
    "refused:recipient:550 refused:recipient:550" },
  { "rfc2033-section-4.2", "pat@foo.edu jones@foo.edu green@foo.edu", "Blah blah blah...\r\n",
    "! set scheme=lmtp\n"
    "S: 220 foo.edu LMTP server ready\n"
    "C: LHLO client.example.com\n"
    "S: 250-foo.edu\n"
    "S: 250-PIPELINING\n"
    "S: 250 SIZE\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com> SIZE=19\n"
    "C: RCPT TO:<pat@foo.edu>\n"
    "C: RCPT TO:<jones@foo.edu>\n"
    "C: RCPT TO:<green@foo.edu>\n"
    "C: DATA\n"
    "S: 250 OK\n"
    "S: 250 OK\n"
    "S: 550 No such user here\n"
    "S: 250 OK\n"
    "S: 354 Start mail input; end with <CRLF>.<CRLF>\n"
    "C: Blah blah blah...\n"
    "C: .\n"
    "S: 250 OK\n"
    "S: 452 <green@foo.edu> is temporarily over quota\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 refused:recipient:550 refused:data:452" },
  { "lmtp-three-fates", "a@x b@x c@x", ".\r\nx",
    LMTP
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: ..\nC: x\nC: .\n"
    "S: 250 2.0.0 one\n"
    "S: 452 4.2.2 full\n"
    "S: 550-5.7.1 not\n"
    "S: 550 5.7.1 here\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 refused:data:452 refused:data:550" },
  { "lmtp-refused-for-all", TWO, "x",
    LMTP
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 452 4.2.2 full\n"
    "S: 552 5.2.2 full\n"
    "! error data-refused\n"
    "! call rows\n"
    "! command NOOP\n"
    "C: NOOP\n",
    "refused:data:452 refused:data:552", "the message was refused by mail.example.org: 452 4.2.2 full" },
  { "lmtp-lost-between-two-replies", TWO, "x",
    LMTP
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 250 2.0.0 one\n"
    "! close\n"
    "! done\n"
    "! call rows\n"
    "! failed closed\n",
    "accepted:data:250 unknown:connection:0" },
  { "lmtp-354-with-nobody-accepted-ends-the-session", "bob@example.net", "x",
    LMTP
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 250 OK\nS: 550 no\nS: 354 go\n"
    "! error recipients-refused\n"
    "! failed protocol\n",
    NULL },
  { "sender-refused", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 550 5.7.1 not you\nS: 503 no\nS: 503 no\nS: 503 no\n"
    "! error sender-refused\n"
    "! call rows\n"
    "! command NOOP\n"
    "C: NOOP\n",
    "refused:sender:550 refused:sender:550", "MAIL FROM:<alice@example.com> refused by mail.example.org: 550 5.7.1 not you" },
  { "sender-refused-without-pipelining", "bob@example.net", "x",
    PLAIN
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\n"
    "S: 451 4.7.1 later\n"
    "! error sender-refused\n"
    "! call rows\n",
    "refused:sender:451" },
  { "sender-refused-and-354-all-the-same", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 550 no\nS: 503 no\nS: 354 go\n"
    "C: .\n"
    "S: 503 no\n"
    "! error sender-refused\n"
    "! call rows\n",
    "refused:sender:550" },
  { "sender-refused-but-the-rest-taken-ends-without-a-dot", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 550 no\nS: 250 ok\nS: 354 go\n"
    "! error sender-refused\n"
    "! failed protocol\n"
    "! call rows\n",
    "refused:sender:550" },
  { "nobody-accepted-without-pipelining", TWO, "x",
    PLAIN
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nS: 250 ok\n"
    "C: RCPT TO:<bob@example.net>\nS: 550 5.1.1 no such user\n"
    "C: RCPT TO:<carol@example.net>\nS: 450 4.2.0 greylisted\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n"
    "! command VRFY x\n"
    "S: 250 reset\n"
    "C: VRFY x\n"
    "S: 252 maybe\n"
    "! done\n",
    "refused:recipient:550 refused:recipient:450" },
  { "one-refused-is-a-sentence", "bob@example.net", "x",
    PLAIN
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nS: 250 ok\n"
    "C: RCPT TO:<bob@example.net>\nS: 550 5.1.1 no such user\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n",
    "refused:recipient:550", "RCPT TO:<bob@example.net> refused by mail.example.org: 550 5.1.1 no such user" },
  { "require-all-waits-and-resets", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2
    "S: 250 OK\nS: 250 OK\nS: 550 no\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n",
    "refused:recipient:550 refused:recipient:550",
    "RCPT TO:<carol@example.net> refused by mail.example.org: 550 no (and the message was to go to all or none)", TRUE },
  { "require-all-goes-to-all", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2
    "S: 250 OK\nS: 250 OK\nS: 251 will forward\n"
    "C: DATA\n"
    "S: 354 go\n"
    "C: x\nC: .\n"
    "S: 250 taken\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 accepted:data:250", NULL, TRUE },
  { "data-refused", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\nS: 550 no\nS: 451 4.3.0 no space\n"
    "C: RSET\n"
    "! error data-refused\n"
    "! call rows\n",
    "refused:data:451 refused:recipient:550", "the message was refused by mail.example.org: 451 4.3.0 no space" },
  { "content-refused", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 554 5.7.1 spam\n"
    "! error data-refused\n"
    "! call rows\n"
    "! command NOOP\n"
    "C: NOOP\n",
    "refused:data:554 refused:data:554" },
  { "quirk-16-421-among-the-recipients", "a@x b@x c@x d@x", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\nC: RCPT TO:<d@x>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 550 no\nS: 421 4.3.2 shutting down\n"
    "! error shutting-down\n"
    "! failed shutting-down\n"
    "! call rows\n",
    "refused:connection:421 refused:recipient:550 refused:recipient:421 refused:connection:421",
    "mail.example.org closes the session: 421 4.3.2 shutting down" },
  { "quirk-16-lost-among-the-recipients", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\n"
    "! close\n"
    "! error closed\n"
    "! failed closed\n"
    "! call rows\n",
    "refused:connection:0 refused:connection:0",
    "mail.example.org closed the connection before it answered RCPT TO:<carol@example.net>" },
  { "421-to-mail", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 421 bye\n"
    "! error shutting-down\n"
    "! call rows\n",
    "refused:sender:421 refused:sender:421" },
  { "421-behind-the-content-is-a-refusal", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\nS: 550 no\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 421 4.3.2 not now\n"
    "! error shutting-down\n"
    "! call rows\n",
    "refused:data:421 refused:recipient:550" },
  { "lmtp-421-behind-the-content", "a@x b@x c@x", "x",
    LMTP
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 450 later\nS: 421 now\n"
    "! error delivery-unknown\n"
    "! call rows\n",
    "refused:data:450 refused:data:421 unknown:connection:421" },
  { "lost-behind-the-dot-is-unknown", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250 OK\nS: 550 no\nS: 354 go\n"
    "C: x\nC: .\n"
    "! close\n"
    "! error delivery-unknown\n"
    "! failed closed\n"
    "! call rows\n",
    "unknown:connection:0 refused:recipient:550",
    "the message may have been delivered or not: mail.example.org closed the connection before it answered the message" },
  { "no-answer-behind-the-dot-is-unknown", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "! wait 599\n"
    "! wait 2\n"
    "! error delivery-unknown\n"
    "! failed timed-out\n"
    "! call rows\n",
    "unknown:connection:0",
    "the message may have been delivered or not: mail.example.org did not answer the message within 600 seconds" },
  { "no-answer-to-rcpt-names-it", "bob@example.net", "x",
    PLAIN
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nS: 250 OK\nC: RCPT TO:<bob@example.net>\n"
    "! wait 301\n"
    "! error timed-out\n"
    "! call rows\n",
    "refused:connection:0", "mail.example.org did not answer RCPT TO:<bob@example.net> within 300 seconds" },
  { "quirk-18-250-asks-for-the-content", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S! 250ok\\n250-ok\\n251 ok\\n250 send it\\n\n"
    "C: x\nC: .\n"
    "S: 250ok\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250" },
  { "a-reply-too-many-is-no-delivery", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 250 and again\n"
    "C: x\nC: .\n"
    "S: 354 go\n"
    "! error delivery-unknown\n"
    "! failed protocol\n"
    "! call rows\n",
    "unknown:connection:0" },
  { "354-to-rcpt-is-fatal", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 354 OK\n"
    "! error protocol\n"
    "! failed protocol\n"
    "! call rows\n",
    "refused:connection:0 refused:connection:0" },
  { "classes-that-change-are-fatal-under-pipelining", TWO, "x",
    PIPELINING
    "! call send\n"
    GROUP_2_DATA
    "S: 250 OK\nS: 250-OK\nS: 550 no\n"
    "! error protocol\n"
    "! call rows\n",
    "refused:connection:0 refused:connection:0" },
  { "garbage-is-fatal", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 250 OK\nS: oops\n"
    "! error protocol\n"
    "! failed protocol\n"
    "! call rows\n",
    "refused:connection:0", "mail.example.org sent what can't be understood: not a reply: “oops”" },
  { "lying-parameters-are-left-out-the-second-time", "bob@example.net", "x",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250-8BITMIME\nS: 250 PIPELINING\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com> BODY=8BITMIME\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 555 5.5.4 unknown parameter\nS: 503 no\nS: 503 no\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 250 OK\n"
    "! done\n"
    "! call rows\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n",
    "accepted:data:250" },
  { "lying-parameters-are-not-asked-thrice", "bob@example.net", "x",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 SIZE\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com> SIZE=1\n"
    "S: 501 no\n"
    "C: MAIL FROM:<alice@example.com>\n"
    "S: 501 no\n"
    "! error sender-refused\n"
    "! call rows\n",
    "refused:sender:501" },
  { "two-in-a-row", "bob@example.net", "x",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "! call send\n"
    "! command NOOP\n"
    "S: 250 OK\nS: 550 no\nS: 554 none\n"
    "C: RSET\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "! error recipients-refused\n"
    "S: 250 reset\nS: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: x\nC: .\n"
    "S: 250 OK\n"
    "C: NOOP\n"
    "! done\n"
    "! call rows\n"
    "S: 250 OK\n"
    "! done\n",
    "accepted:data:250" },
  { "two-in-a-row-without-pipelining", "bob@example.net", "x",
    PLAIN
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\n"
    "! call send\n"
    "S: 250 OK\n"
    "C: RCPT TO:<bob@example.net>\n"
    "S: 550 no\n"
    "C: RSET\n"
    "S: 250 OK\n"
    "C: MAIL FROM:<alice@example.com>\n"
    "! error recipients-refused\n",
    NULL },
  { "a-raw-mail-is-reset-first", "bob@example.net", "x",
    PIPELINING
    "! command MAIL FROM:<x@y>\n"
    "C: MAIL FROM:<x@y>\n"
    "! call send\n"
    "C: RSET\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n",
    NULL },
  { "an-empty-message", "bob@example.net", "",
    PIPELINING
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\nC: DATA\n"
    "S: 250 OK\nS: 250 OK\nS: 354 go\n"
    "C: .\n"
    "S: 250 OK\n"
    "! done\n",
    NULL },
  { "a-limit-is-checked-first", "bob@example.net", "more than ten octets",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 SIZE 10\n"
    "! call send\n"
    "! error too-large\n"
    "! call rows\n",
    "refused:pending:0", "the message has 20 octets, and mail.example.org takes 10 at most" },
};

static PhCommand *
step_send (PhHarness *harness, gpointer data)
{
  Conversation *self = data;
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (PhBody) body = ph_body_new_for_text (self->text);
  g_auto (GStrv) to = g_strsplit (self->to, " ", -1);

  for (guint i = 0; to[i] != NULL; i++)
    ph_envelope_add_recipient (envelope, to[i]);
  ph_envelope_set_require_all (envelope, self->require_all);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  PhCommand *command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, body);
  g_set_object (&self->last, command);
  ph_harness_submit (harness, command);
  return command;
}

static PhCommand *
step_rows (PhHarness *harness, gpointer data)
{
  Conversation *self = data;

  smtp_assert_rows (self->last, self->rows, self->message);
  return NULL;
}

static const PhReplayStep steps[] = { { "send", step_send }, { "rows", step_rows }, { NULL } };

static void
test_conversation (gconstpointer data)
{
  Conversation *self = (Conversation *) data;
  ph_replay_text (G_TYPE_INVALID, self->name, self->conversation, steps, self);
  g_clear_object (&self->last);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/send/", conversations[i].name, NULL);
      g_test_add_data_func (path, &conversations[i], test_conversation);
    }
  return g_test_run ();
}
