/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What servers are known to get wrong, or say in a way of their own, in their own words: each conversation whole, octet by octet, and cut at
 * every place. The comments name where the words come from: a server's log, its source, or its documentation.
 */
#include "smtp-test.h"

typedef struct {
  const char *name;
  const char *to;
  const char *text;
  const char *conversation;
  const char *rows;
  const char *message;
  PhCommand  *last;
} Quirk;

/* Postfix 3.7, Exim 4.96 and Cyrus 3.6 as they greet on Debian 12, and what an Exchange without TLS offers */
#define POSTFIX \
  "S: 220 localhost ESMTP Postfix\nC: EHLO client.example.com\nS: 250-localhost\nS: 250-PIPELINING\nS: 250-SIZE 67108864\nS: 250-VRFY\n" \
  "S: 250-ETRN\nS: 250-ENHANCEDSTATUSCODES\nS: 250-8BITMIME\nS: 250-DSN\nS: 250-SMTPUTF8\nS: 250 CHUNKING\n! opened\n"
#define EXIM \
  "S: 220 localhost ESMTP Exim 4.96 Fri, 27 Nov 2026 16:51:46 +0000\nC: EHLO client.example.com\n" \
  "S: 250-localhost Hello client.example.com [127.0.0.1]\nS: 250-SIZE 67108864\nS: 250-8BITMIME\nS: 250-PIPELINING\nS: 250-PIPECONNECT\n" \
  "S: 250-CHUNKING\nS: 250 HELP\n! opened\n"
#define OPENSMTPD \
  "S: 220 vm ESMTP OpenSMTPD\nC: EHLO client.example.com\nS: 250-vm Hello client.example.com [127.0.0.1], pleased to meet you\n" \
  "S: 250-8BITMIME\nS: 250-ENHANCEDSTATUSCODES\nS: 250-SIZE 67108864\nS: 250-DSN\nS: 250 HELP\n! opened\n"
#define CYRUS \
  "! set scheme=lmtp secure=yes\nS: 220 localhost Cyrus LMTP 3.6.1-Debian-3.6.1-4+deb12u5 server ready\nC: LHLO client.example.com\n" \
  "S: 250-localhost\nS: 250-8BITMIME\nS: 250-ENHANCEDSTATUSCODES\nS: 250-PIPELINING\nS: 250-SIZE\nS: 250-AUTH EXTERNAL\nS: 250-IGNOREQUOTA\n" \
  "S: 250 Ok SESSIONID=<localhost-1795798307-6-1-5524479838187884321>\n! opened\n"
#define PLAIN_PIPELINING "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 PIPELINING\n! opened\n"
#define MAIL "C: MAIL FROM:<alice@example.com>"
#define RCPT(to) "C: RCPT TO:<" to ">\n"
#define UNKNOWN(to) "S: 550 5.1.1 <" to ">: Recipient address rejected: User unknown in virtual mailbox table\n"

static Quirk quirks[] = {
  /* 16: Gmail's words, from bounces */
  { "16-gmail-421-of-many-lines-among-the-recipients", "a@x b@x c@x", "x",
    PLAIN_PIPELINING "! call send\n" MAIL "\n" RCPT ("a@x") RCPT ("b@x") RCPT ("c@x") "C: DATA\n"
    "S: 250 2.1.0 OK gsmtp\nS: 250 2.1.5 OK gsmtp\n"
    "S: 421-4.7.28 Our system has detected an unusual rate of unsolicited mail originating\nS: 421 4.7.28 from your IP address. gsmtp\n"
    "! error shutting-down\n! failed shutting-down\n! call rows\n",
    "refused:connection:421 refused:recipient:421 refused:connection:421",
    "mail.example.org closes the session: 421 4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP "
    "address. gsmtp" },
  /* 16: Exim's data_timeout_handler (): the content is not taken */
  { "16-exim-421-within-the-content", "a@x", "x",
    PLAIN_PIPELINING "! call send\n" MAIL "\n" RCPT ("a@x") "C: DATA\n"
    "S: 250 OK\nS: 250 Accepted\nS: 354 Enter message, ending with \".\" on a line by itself\nC: x\nC: .\n"
    "S: 421 localhost SMTP incoming data timeout - closing connection.\n"
    "! error shutting-down\n! failed shutting-down\n! call rows\n",
    "refused:data:421" },
  /* 16: RFC 5321 section 3.8, said before the connection goes and instead of an answer to what was asked */
  { "16-rfc5321-3.8-421-and-the-end", "a@x b@x", "x",
    PLAIN_PIPELINING "! call send\n" MAIL "\n" RCPT ("a@x") RCPT ("b@x") "C: DATA\n"
    "S: 421 localhost Service not available, closing transmission channel\n"
    "! error shutting-down\n! failed shutting-down\n! call rows\n",
    "refused:sender:421 refused:sender:421" },
  /* 17: sendmail's srvrsmtp.c refuses DATA without a recipient; others say 354 (RFC 2920 section 3.1) */
  { "17-sendmail-need-rcpt", "a@x", "x",
    PLAIN_PIPELINING "! call send\n" MAIL "\n" RCPT ("a@x") "C: DATA\n"
    "S: 250 2.1.0 <alice@example.com>... Sender ok\nS: 550 5.1.1 <a@x>... User unknown\nS: 503 5.0.0 Need RCPT (recipient)\n"
    "C: RSET\n! error recipients-refused\nS: 250 2.0.0 Reset state\n! call send\n" MAIL "\n" RCPT ("a@x") "C: DATA\n",
    "refused:recipient:550" },
  { "17-all-refused-and-354-then-the-next-message", "a@x b@x c@x", "x",
    PLAIN_PIPELINING "! call send\n" MAIL "\n" RCPT ("a@x") RCPT ("b@x") RCPT ("c@x") "C: DATA\n"
    "S: 250 2.1.0 Ok\n" UNKNOWN ("a@x") UNKNOWN ("b@x") UNKNOWN ("c@x") "S: 354 End data with <CR><LF>.<CR><LF>\n"
    "C: .\nS: 554 5.5.1 Error: no valid recipients\n! error recipients-refused\n! call rows\n"
    "! call send\n" MAIL "\n" RCPT ("a@x") RCPT ("b@x") RCPT ("c@x") "C: DATA\n",
    "refused:recipient:550 refused:recipient:550 refused:recipient:550" },
  /* 18: no blank behind the code, LF alone, a code that changes within its class, 250 for 354 */
  { "18-bare-lf-no-blank-codes-that-change", "a@x", "x",
    "S! 220\\n\nC: EHLO client.example.com\nS! 250-hi\\n250-PIPELINING\\n250SIZE\\n\n! opened\n! call send\n"
    MAIL " SIZE=1\n" RCPT ("a@x") "C: DATA\n"
    "S! 250-ok\\n251ok\\n250-x\\n250\\n250go\\n\nC: x\nC: .\nS! 250-2.0.0\\n252 taken\\n\n! done\n! call rows\n",
    "accepted:data:252" },
  /* 18: Exim answers a BDAT in two lines of unlike form (as recorded) */
  { "18-exim-chunk-total", "a@x", "x\r\n",
    EXIM "! call send\n" MAIL " SIZE=3 BODY=8BITMIME\n" RCPT ("a@x") "C: BDAT 3 LAST\nC: x\n"
    "S: 250 OK\nS: 250 Accepted\nS: 250- 3 byte chunk, total 3\nS: 250 OK id=1xWzAo-000007-1b\n! done\n! call rows\n",
    "accepted:data:250" },
  /* 19: the form before RFC 2554, names in lower case, listed twice and unlike (Exchange, Netscape) */
  { "19-old-form-and-lower-case", NULL, NULL,
    "! set login=yes secure=yes\n! sasl LOGIN\n! answer Username: alice\n! answer Password: secret\n"
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250-auth gssapi ntlm\nS: 250 AUTH=login\n"
    "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YWxpY2U=\nS: 334 UGFzc3dvcmQ6\nC: c2VjcmV0\nS: 235 2.7.0 Authentication successful\n! opened\n",
    NULL },
  /* 19: [MS-SMTPNTLM] section 3.1.5: a challenge that is words, not base64; and Exchange's answer to what it lists but can't do */
  { "19-exchange-ntlm-supported", NULL, NULL,
    "! set login=yes secure=yes\n! sasl NTLM\n! sasl GSSAPI a\n! sasl PLAIN a\n"
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 AUTH GSSAPI NTLM PLAIN\n"
    "C: AUTH NTLM\nS: 334 ntlm supported\nC: *\nS: 501 5.7.0 Authentication canceled\n"
    "C: AUTH GSSAPI YQ==\nS: 504 5.7.4 Unrecognized authentication type\n"
    "C: AUTH PLAIN YQ==\nS: 235 2.7.0 Authentication successful\n! opened\n",
    NULL },
  /* 19: Dovecot's submission service lists no mechanism any more behind the login (as recorded); without TLS the hello is said again */
  { "19-another-list-behind-the-login", NULL, NULL,
    "! set login=yes\n! sasl CRAM-MD5\n! answer <1@vm> digest\n"
    "S: 220 vm Dovecot (Debian) ready.\nC: EHLO client.example.com\nS: 250-vm\nS: 250-AUTH CRAM-MD5\nS: 250 PIPELINING\n"
    "C: AUTH CRAM-MD5\nS: 334 PDFAdm0+\nC: ZGlnZXN0\nS: 235 2.7.0 Logged in.\n"
    "C: EHLO client.example.com\nS: 250-vm\nS: 250-8BITMIME\nS: 250-AUTH\nS: 250-SIZE 41943040\nS: 250 VRFY\n"
    "! opened\n! capabilities 8BITMIME, AUTH, SIZE 41943040, VRFY\n",
    NULL },
  /* 20: 8BITMIME is listed and not understood, in the words of Postfix' smtpd.c */
  { "20-postfix-unsupported-option", "a@x", "x",
    POSTFIX "! call send\n" MAIL " SIZE=1 BODY=8BITMIME\n" RCPT ("a@x") "C: BDAT 1 LAST\nC! x\n"
    "S: 555 5.5.4 Unsupported option: BODY=8BITMIME\nS: 503 5.5.1 Error: need MAIL command\nS: 503 5.5.1 Error: need RCPT command\n"
    "C: RSET\n" MAIL "\n" RCPT ("a@x")
    "S: 250 2.0.0 Ok\nS: 250 2.1.0 Ok\nS: 250 2.1.5 Ok\nC: BDAT 1 LAST\nC! x\nS: 250 2.0.0 Ok: 1 bytes queued as 4982BA73141\n! done\n! call rows\n",
    "accepted:data:250" },
  /* 25: dots at the start, alone, and at the end without a line end, to a server that takes nothing ahead (as recorded) */
  { "25-opensmtpd-dots", "a@x b@x", ".\r\n..\r\n.x\r\n.",
    OPENSMTPD "! call send\n" MAIL " SIZE=12 BODY=8BITMIME\nS: 250 2.0.0 Ok\n" RCPT ("a@x") "S: 550 Invalid recipient: <a@x>\n" RCPT ("b@x")
    "S: 250 2.1.5 Destination address valid: Recipient ok\nC: DATA\nS: 354 Enter mail, end with \".\" on a line by itself\n"
    "C: ..\nC: ...\nC: ..x\nC: ..\nC: .\nS: 250 2.0.0 89e9be1e Message accepted for delivery\n! done\n! call rows\n",
    "refused:recipient:550 accepted:data:250" },
  /* 25: an answer for each who was accepted, of unlike fates; the refusals are those of cyrus-imapd's lmtpengine.c */
  { "25-cyrus-three-fates", "a@x b@x c@x d@x", "x",
    CYRUS "! call send\n" MAIL " SIZE=1 BODY=8BITMIME\n" RCPT ("a@x") RCPT ("b@x") RCPT ("c@x") RCPT ("d@x") "C: DATA\n"
    "S: 250 2.1.0 ok\nS: 250 2.1.5 ok\nS: 550-Mailbox unknown.  Either there is no mailbox associated with this\n"
    "S: 550-name or you do not have authorization to see it.\nS: 550 5.1.1 User unknown\nS: 250 2.1.5 ok\nS: 250 2.1.5 ok\n"
    "S: 354 go ahead\nC: x\nC: .\nS: 250 2.1.5 Success SESSIONID=<localhost-1795798307-6-2-2052990939855731375>\n"
    "S: 552 5.2.2 Over quota\n"
    "S: 451 4.3.0 System I/O error\n! done\n! call rows\n",
    "accepted:data:250 refused:recipient:550 refused:data:552 refused:data:451" },
};

static PhCommand *
step_send (PhHarness *harness, gpointer data)
{
  Quirk *self = data;
  g_auto (GStrv) to = g_strsplit (self->to, " ", -1);
  PhCommand *command = smtp_send (harness, (const char *const *) to, self->text);

  g_set_object (&self->last, command);
  return command;
}

static PhCommand *
step_rows (PhHarness *harness, gpointer data)
{
  Quirk *self = data;

  smtp_assert_rows (self->last, self->rows, self->message);
  return NULL;
}

static const PhReplayStep steps[] = { { "send", step_send }, { "rows", step_rows }, { NULL } };

static void
test_quirk (gconstpointer data)
{
  Quirk *self = (Quirk *) data;

  ph_replay_text (G_TYPE_INVALID, self->name, self->conversation, steps, self);
  g_clear_object (&self->last);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (quirks); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/quirks/", quirks[i].name, NULL);

      g_test_add_data_func (path, &quirks[i], test_quirk);
    }
  return g_test_run ();
}
