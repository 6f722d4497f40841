/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CHUNKING, BINARYMIME, LIMITS and many messages in flight, as conversations, each fed in every way. */
#include "smtp-test.h"

#define CHUNKING "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250-8BITMIME\nS: 250-PIPELINING\nS: 250 CHUNKING\n! opened\n"
#define ALONE "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250-8BITMIME\nS: 250 CHUNKING\n! opened\n"
#define LMTP "! set scheme=lmtp\nS: 220 hi\nC: LHLO client.example.com\nS: 250-hi\nS: 250-8BITMIME\nS: 250-PIPELINING\nS: 250 CHUNKING\n! opened\n"
#define MAIL "C: MAIL FROM:<alice@example.com> BODY=8BITMIME\n"
#define ENVELOPE MAIL "C: RCPT TO:<bob@example.net>\n"
#define X "C: BDAT 1 LAST\nC! x"
#define OK "S: 250 OK\n"
#define LIMITS(limits) "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 LIMITS " limits "\n! opened\n"
#define LIMITED(to) \
  "C: MAIL FROM:<alice@example.com>\nS: 250 ok\nC: RCPT TO:<" to ">\nS: 250 ok\nC: DATA\nS: 354 go\nC: x\nC: .\nS: 250 ok\n"

/* As in test-smtp-send.c; @bytes: in place of text, with its length */
typedef struct {
  const char *name;
  const char *to;
  const char *text;
  const char *conversation;
  const char *rows;
  const char *message;
  gboolean    require_all;
  gboolean    stream;       /* length unknown */
  gssize      length;       /* of @text, where it has NUL in it */
  PhCommand  *last;
} Conversation;

#define TWO "bob@example.net carol@example.net"

static Conversation conversations[] = {
  { "rfc3030-4.1-simple", "bob@example.net", "To: Susan@random.com\r\n\r\n",
    CHUNKING
    "! call send\n"
    ENVELOPE
    "C: BDAT 24 LAST\n"
    "C: To: Susan@random.com\n"
    "C: \n"
    "S: 250 <alice@example.com> Sender ok\n"
    "S: 250 <bob@example.net> Recipient ok\n"
    "S: 250 Message OK, 24 octets received\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250" },
  { "octets-stay-as-they-are", "bob@example.net", ".\r\nx\r\n.y",
    CHUNKING
    "! call send\n"
    ENVELOPE
    "C: BDAT 8 LAST\n"
    "C: .\nC: x\nC! .y\n"
    OK OK OK
    "! done\n",
    NULL },
  { "an-empty-message", "bob@example.net", "",
    CHUNKING "! call send\n" ENVELOPE "C: BDAT 0 LAST\n" OK OK OK "! done\n", NULL },
  { "bare-line-ends-go-by-data", "bob@example.net", "a\n.b",
    CHUNKING
    "! call send\n"
    ENVELOPE
    "C: DATA\n"
    OK OK "S: 354 go\n"
    "C: a\nC: ..b\nC: .\n"
    OK
    "! done\n",
    NULL },
  /* "The BDAT command … octets": what stands behind the first line is the program's; whether bare ones may be there (RFC 5321 section
   * 2.3.8, RFC 3030 section 2) is the server's to say */
  { "later-bare-line-ends-are-octets", "bob@example.net", "a\r\nb\nc\rd",
    CHUNKING
    "! call send\n"
    ENVELOPE
    "C: BDAT 8 LAST\n"
    "C! a\\r\\nb\\nc\\rd\n"
    OK OK "S: 550 5.5.2 bare LF\n"
    "C: RSET\n"
    "! error data-refused\n"
    "! call rows\n",
    "refused:data:550" },
  { "a-lone-cr-goes-by-data", "bob@example.net", "a\rb\r",
    CHUNKING
    "! call send\n"
    ENVELOPE
    "C: DATA\n"
    OK OK "S: 354 go\n"
    "C: a\nC: b\nC: .\n"
    OK
    "! done\n",
    NULL },
  { "a-missing-last-line-end-stays-missing", "bob@example.net", "a\r\nb",
    CHUNKING
    "! call send\n"
    ENVELOPE
    "C: BDAT 4 LAST\n"
    "C! a\\r\\nb\n"
    OK OK OK
    "! done\n",
    NULL },
  { "a-stream's-line-ends-are-its-own", "bob@example.net", "\n",
    CHUNKING
    "! call send\n"
    ENVELOPE
    OK OK
    "C! BDAT 1\\r\\n\\nBDAT 0 LAST\\r\\n\n"
    OK "S: 250 all\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250", NULL, FALSE, TRUE },
  { "without-pipelining-nothing-goes-ahead", "bob@example.net", "x",
    ALONE
    "! call send\n"
    MAIL OK
    "C: RCPT TO:<bob@example.net>\n" OK
    X "\n" OK
    "! done\n",
    NULL },
  { "a-stream-goes-in-chunks-of-what-there-is", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE
    OK OK
    "C! BDAT 1\\r\\nxBDAT 0 LAST\\r\\n\n"
    OK "S: 250 all\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250", NULL, FALSE, TRUE },
  { "a-stream-without-a-known-8bit-server-goes-by-data", "bob@example.net", "xy",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250-PIPELINING\nS: 250 CHUNKING\n! opened\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\n"
    OK OK
    "C: DATA\n"
    "S: 354 go\n"
    "C: xy\nC: .\n"
    OK
    "! done\n",
    NULL, NULL, FALSE, TRUE },
  { "everybody-refused", TWO, "x",
    CHUNKING
    "! call send\n"
    ENVELOPE "C: RCPT TO:<carol@example.net>\n" X "\n"
    OK "S: 550 5.1.1 no\nS: 550 5.1.1 no\nS: 554 5.5.1 no valid recipients\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n",
    "refused:recipient:550 refused:recipient:550" },
  { "the-sender-refused", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "S: 550 5.7.1 not you\nS: 503 no\nS: 503 no\n"
    "C: RSET\n"
    "! error sender-refused\n"
    "! call rows\n",
    "refused:sender:550" },
  { "the-sender-refused-and-the-content-taken", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "S: 550 5.7.1 not you\nS: 250 ok\nS: 250 ok\n"
    "! error sender-refused\n"
    "! failed protocol\n"
    "! call rows\n",
    "refused:sender:550" },
  { "taken-though-nobody-was", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "S: 250 OK\nS: 550 no\nS: 250 thanks\n"
    "! error protocol\n"
    "! failed protocol\n"
    "! call rows\n",
    "refused:recipient:550" },
  { "require-all-waits", TWO, "x",
    CHUNKING
    "! call send\n"
    ENVELOPE "C: RCPT TO:<carol@example.net>\n"
    OK OK "S: 550 no\n"
    "C: RSET\n"
    "! error recipients-refused\n",
    NULL, NULL, TRUE },
  { "the-content-refused", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    OK OK "S: 554 5.7.1 spam\n"
    "C: RSET\n"
    "! error data-refused\n"
    "! call rows\n",
    "refused:data:554", "the message was refused by mail.example.org: 554 5.7.1 spam" },
  { "lying-parameters", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "S: 555 5.5.4 what\nS: 503 no\nS: 503 no\n"
    "C: RSET\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<bob@example.net>\n"
    OK OK OK
    X "\n" OK
    "! done\n"
    "! call rows\n",
    "accepted:data:250" },
  { "lmtp-answers-each", "a@x b@x c@x", "x",
    LMTP
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\n" X "\n"
    OK OK "S: 550 no\n" OK
    "S: 250 2.0.0 one\nS: 452 4.2.2 full\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 refused:recipient:550 refused:data:452" },
  { "lmtp-nobody", "a@x", "x",
    LMTP
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\n" X "\n"
    OK "S: 550 no\nS: 554 none\n"
    "C: RSET\n"
    "! error recipients-refused\n",
    NULL },
  { "lost-in-flight-is-unknown-where-no-reply-refused", TWO, "x",
    CHUNKING
    "! call send\n"
    ENVELOPE "C: RCPT TO:<carol@example.net>\n" X "\n"
    OK "S: 550 no\n"
    "! close\n"
    "! error delivery-unknown\n"
    "! failed closed\n"
    "! call rows\n",
    "refused:recipient:550 unknown:connection:0" },
  { "binary-is-refused-where-it-is-not-offered", "bob@example.net", "a\0b",
    CHUNKING
    "! call send\n"
    "! error not-supported\n"
    "! call rows\n",
    "refused:pending:0", "the message has NUL octets in it, which mail.example.org does not take", FALSE, FALSE, 3 },
  { "eight-bits-are-refused-before-an-octet-is-sent", "bob@example.net", "Gr\xc3\xbc\xc3\x9f" "e",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250 hi\n! opened\n"
    "! call send\n"
    "! error not-supported\n"
    "! call rows\n",
    "refused:pending:0", "the message has octets above 127 in it (8BITMIME), which mail.example.org does not take" },
  { "several-in-flight", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "! call send\n"
    "C: RSET\n" ENVELOPE X "\n"
    "! call send\n"
    "C: RSET\n" ENVELOPE
    "! call send\n"
    OK OK OK
    "! done\n"
    OK OK OK OK
    "! done\n"
    OK OK OK
    X "\nC: RSET\n" ENVELOPE X "\n"
    OK
    "! done\n",
    NULL },
  { "a-refusal-closes-the-window", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "! call send\n"
    "C: RSET\n" ENVELOPE X "\n"
    OK "S: 550 5.1.1 no\nS: 554 none\n"
    "! error recipients-refused\n"
    OK OK OK OK
    "! done\n"
    "! call send\n"
    ENVELOPE
    OK OK
    X "\n" OK
    "! done\n",
    NULL },
  { "each-in-flight-has-its-own-truth", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "! call send\n"
    "C: RSET\n" ENVELOPE X "\n"
    "! call send\n"
    "C: RSET\n" ENVELOPE
    OK OK OK
    OK OK OK
    "! close\n"
    "! done\n"
    "! error delivery-unknown\n"
    "! error closed\n"
    "! call rows\n",
    "refused:connection:0" },
  { "421-among-those-in-flight", "bob@example.net", "x",
    CHUNKING
    "! call send\n"
    ENVELOPE X "\n"
    "! call send\n"
    "C: RSET\n" ENVELOPE X "\n"
    OK "S: 421 4.3.2 bye\n"
    "! error shutting-down\n"
    "! error delivery-unknown\n"
    "! call rows\n",
    "unknown:connection:421" },
  /* as Postfix says it */
  { "quirk-16-postfix-too-many-errors", "a@x b@x", "x",
    CHUNKING
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\n" X "\n"
    "S: 250 2.1.0 Ok\nS: 550 5.1.1 <a@x>: Recipient address rejected: User unknown in virtual mailbox table\n"
    "S: 421 4.7.0 localhost Error: too many errors\n"
    "! error shutting-down\n"
    "! failed shutting-down\n"
    "! call rows\n",
    "refused:recipient:550 refused:recipient:421" },
  { "quirk-17-postfix-no-valid-recipients", "a@x", "x",
    CHUNKING
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\n" X "\n"
    "S: 250 2.1.0 Ok\nS: 550 5.1.1 <a@x>: Recipient address rejected: User unknown in virtual mailbox table\n"
    "S: 554 5.5.1 Error: no valid recipients\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "S: 250 2.0.0 Ok\n"
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\n",
    NULL },
  /* as Exim says it, over several lines */
  { "quirk-17-exim-no-valid-recipients", "a@x", "x",
    CHUNKING
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\n" X "\n"
    "S: 250 OK\nS: 550 Unrouteable address\n"
    "S: 503-All RCPT commands were rejected with this error:\nS: 503-Unrouteable address\nS: 503 Valid RCPT command must precede BDAT\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n",
    "refused:recipient:550" },
  { "rcptmax-splits", "a@x b@x c@x", "x",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250-PIPELINING\nS: 250 LIMITS RCPTMAX=2 FOO=1 MAILMAX=0\n! opened\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: DATA\n"
    OK OK "S: 550 no\nS: 354 go\n"
    "C: x\nC: .\n"
    OK
    "C: MAIL FROM:<alice@example.com>\nC: RCPT TO:<c@x>\nC: DATA\n"
    OK OK "S: 354 go\n"
    "C: x\nC: .\n"
    "S: 251 OK\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 refused:recipient:550 accepted:data:251" },
  { "all-or-none-can-not-be-split", "a@x b@x c@x", "x",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 LIMITS RCPTMAX=2\n! opened\n"
    "! call send\n"
    "! error not-supported\n",
    NULL, NULL, TRUE },
  { "a-stream-can-not-be-split", "a@x b@x c@x", "x",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 LIMITS RCPTMAX=2\n! opened\n"
    "! call send\n"
    "! error not-supported\n",
    NULL, NULL, FALSE, TRUE },
  { "rfc5321-4.5.3.1.10-one-too-many", "a@x b@x c@x", "x",
    CHUNKING
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\n" X "\n"
    OK OK "S: 452 4.5.3 too many\nS: 452 4.5.3 too many\n" OK
    MAIL "C: RCPT TO:<b@x>\nC: RCPT TO:<c@x>\n" X "\n"
    "! command NOOP\n"
    OK OK "S: 550 5.1.1 no\n" OK
    "C: NOOP\n"
    "! done\n"
    "! call rows\n",
    "accepted:data:250 accepted:data:250 refused:recipient:550" },
  { "452-for-the-first-is-the-last-word", "a@x b@x", "x",
    CHUNKING
    "! call send\n"
    MAIL "C: RCPT TO:<a@x>\nC: RCPT TO:<b@x>\n" X "\n"
    OK "S: 452 4.5.3 too many\nS: 452 4.5.3 too many\nS: 554 none\n"
    "C: RSET\n"
    "! error recipients-refused\n"
    "! call rows\n",
    "refused:recipient:452 refused:recipient:452" },
  { "mailmax-is-obeyed", "a@x", "x",
    "S: 220 hi\nC: EHLO client.example.com\nS: 250-hi\nS: 250 LIMITS MAILMAX=1\n! opened\n"
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nS: 250 ok\nC: RCPT TO:<a@x>\nS: 250 ok\nC: DATA\nS: 354 go\nC: x\nC: .\nS: 250 ok\n"
    "! done\n"
    "! call send\n"
    "! error throttled\n"
    "! call rows\n",
    "refused:limit:0", .message = "mail.example.org limits a session to 1 message; another session takes the rest" },
  /* a message in parts spends the session's transactions; "1*5DIGIT" values only (RFC 9422 section 4) */
  { "mailmax-cuts-a-split-message-short", "a@x b@x c@x", "x",
    LIMITS ("RCPTMAX=1 MAILMAX=2 RCPTDOMAINMAX=0 UNKNOWN=1") "! call send\n" LIMITED ("a@x") LIMITED ("b@x") "! done\n! call rows\n",
    "accepted:data:250 accepted:data:250 refused:limit:0" },
  { "mailmax-counts-what-was-refused", "a@x b@x", "x",
    LIMITS ("RCPTMAX=1 MAILMAX=1")
    "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nS: 250 ok\nC: RCPT TO:<a@x>\nS: 550 no\nC: RSET\nS: 250 ok\n"
    "! error throttled\n! call rows\n",
    "refused:recipient:550 refused:limit:0" },
  { "rcptdomainmax-takes-those-that-fit", "a@X b@y c@x d@z", "x",
    LIMITS ("RCPTDOMAINMAX=2") "! call send\n"
    "C: MAIL FROM:<alice@example.com>\nS: 250 ok\nC: RCPT TO:<a@X>\nS: 250 ok\nC: RCPT TO:<b@y>\nS: 250 ok\nC: RCPT TO:<c@x>\nS: 250 ok\n"
    "C: DATA\nS: 354 go\nC: x\nC: .\nS: 250 ok\n"
    "! done\n! call rows\n",
    "accepted:data:250 accepted:data:250 accepted:data:250 refused:limit:0" },
  { "rcptdomainmax-is-the-session's", "a@x", "x",
    LIMITS ("RCPTDOMAINMAX=1") "! call send\n" LIMITED ("a@x") "! done\n"
    "! call send-elsewhere\n! error throttled\n! call rows\n"
    "! call send\n" LIMITED ("a@x") "! done\n",
    "refused:limit:0", .message = "mail.example.org limits a session to 1 recipient domain; another session takes the rest" },
  { "all-or-none-waits-for-a-session-that-takes-all", "a@x", "x",
    LIMITS ("RCPTDOMAINMAX=2") "! call send\n" LIMITED ("a@x") "! done\n"
    "! call send-all-elsewhere\n! error throttled\n! call rows\n"
    /* what was not sent has used nothing up */
    "! call send-elsewhere\n" LIMITED ("a@elsewhere") "! done\n",
    "refused:limit:0 refused:limit:0" },
};

static PhBody *
make_body (Conversation *self)
{
  gsize length = self->length > 0 ? (gsize) self->length : strlen (self->text);
  g_autoptr (GBytes) bytes = g_bytes_new_static (self->text, length);

  if (!self->stream)
    return ph_body_new_for_bytes (bytes);
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GCharsetConverter) same = g_charset_converter_new ("ISO-8859-1", "ISO-8859-1", NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (same));
  return ph_body_new_for_stream (stream, -1);
}

static PhCommand *
step_send (PhHarness *harness, gpointer data)
{
  Conversation *self = data;
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (PhBody) body = make_body (self);
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

static PhCommand *
send_to (PhHarness *harness, Conversation *self, const char *to, gboolean require_all)
{
  Conversation other = *self;
  PhCommand *command;

  other.to = to;
  other.require_all = require_all;
  command = step_send (harness, &other);
  self->last = other.last;
  return command;
}

static PhCommand *
step_send_elsewhere (PhHarness *harness, gpointer data)
{
  return send_to (harness, data, "a@elsewhere", FALSE);
}

static PhCommand *
step_send_all_elsewhere (PhHarness *harness, gpointer data)
{
  return send_to (harness, data, "a@elsewhere b@nowhere", TRUE);
}

static const PhReplayStep steps[] = { { "send", step_send },
                                      { "send-elsewhere", step_send_elsewhere },
                                      { "send-all-elsewhere", step_send_all_elsewhere },
                                      { "rows", step_rows },
                                      { NULL } };

static void
test_conversation (gconstpointer data)
{
  Conversation *self = (Conversation *) data;
  ph_replay_text (G_TYPE_INVALID, self->name, self->conversation, steps, self);
  g_clear_object (&self->last);
}

static void
binary_is_found (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-BINARYMIME\r\n250 CHUNKING\r\n");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);
  g_autoptr (PhBody) body = ph_body_new_for_bytes (bytes);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);

  ph_envelope_add_recipient (envelope, "bob@example.net");
  g_autoptr (PhCommand) send = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, body);
  harness->hold_body = TRUE;
  ph_harness_submit (harness, send);
  ph_harness_expect (harness, "MAIL FROM:<alice@example.com> BODY=BINARYMIME\r\nRCPT TO:<bob@example.net>\r\nBDAT 3 LAST\r\n");
}

/* A chunk that was announced has to be written whole, and then it would be delivered: only the connection's end takes it back. */
static void
cancel_within_a_chunk (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_write_body (harness, 3);
  ph_harness_expect (harness, "MAIL FROM:<alice@example.com> BODY=8BITMIME\r\nRCPT TO:<bob@example.net>\r\nBDAT 6 LAST\r\nx\r\n");
  ph_harness_cancel (harness, send, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
  g_assert_error (ph_command_get_error (send), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ph_harness_expect_nothing (harness);
  g_assert_true (harness->wants_close);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

/* What never left was not delivered: only the first of two is unknown. */
static void
unwritten_is_not_unknown (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
  g_autoptr (PhCommand) one = smtp_send (harness, TO ("bob@example.net"), "x");
  g_autoptr (PhCommand) two = smtp_send (harness, TO ("bob@example.net"), "y");

  ph_engine_unwritten (harness->engine, 1);
  ph_harness_close (harness, NULL);
  ph_harness_expect_error (harness, one, PH_ERROR_DELIVERY_UNKNOWN);
  ph_harness_expect_error (harness, two, PH_ERROR_CLOSED);
  assert_row (one, 0, PH_FATE_UNKNOWN, PH_DELIVERY_CONNECTION, 0);
  assert_row (two, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

/* Nothing is waited for but the answers to all of it: one round trip, where DATA takes two. */
static void
a_thousand_recipients (gconstpointer data)
{
  gboolean chunking = data != NULL;
  g_autoptr (PhHarness) harness = smtp_open ("smtp", chunking ? "250-hi\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 CHUNKING\r\n"
                                                              : "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (GString) expected = g_string_new (chunking ? "MAIL FROM:<alice@example.com> BODY=8BITMIME\r\n" : "MAIL FROM:<alice@example.com>\r\n");
  g_autoptr (GString) answers = g_string_new ("250 ok\r\n");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *address = g_strdup_printf ("user%u@example.net", i);
      g_strv_builder_add (builder, address);
      g_string_append_printf (expected, "RCPT TO:<%s>\r\n", address);
      g_string_append (answers, i == 500 ? "550 no\r\n" : "250 ok\r\n");
    }
  g_string_append (expected, chunking ? "BDAT 1 LAST\r\nx" : "DATA\r\n");
  g_auto (GStrv) addresses = g_strv_builder_end (builder);
  g_autoptr (PhCommand) send = smtp_send (harness, (const char *const *) addresses, "x");
  ph_harness_expect (harness, expected->str);
  ph_harness_push (harness, answers->str);
  if (!chunking)
    {
      ph_harness_push (harness, "354 go\r\n");
      ph_harness_expect (harness, "x\r\n.\r\n");
    }
  ph_harness_push (harness, "250 taken\r\n");
  ph_harness_expect_done (harness, send);
  g_assert_cmpuint (ph_delivery_get_n_accepted (ph_command_peek_result (send)), ==, 999);
  assert_row (send, 500, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, 550);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/chunks/", conversations[i].name, NULL);
      g_test_add_data_func (path, &conversations[i], test_conversation);
    }
  g_test_add_data_func ("/smtp/chunks/binary-is-found", NULL, binary_is_found);
  g_test_add_data_func ("/smtp/chunks/cancelled-within-a-chunk-closes", NULL, cancel_within_a_chunk);
  g_test_add_data_func ("/smtp/chunks/what-did-not-leave-is-not-unknown", NULL, unwritten_is_not_unknown);
  g_test_add_data_func ("/smtp/chunks/a-thousand-recipients-in-one-round-trip", "chunking", a_thousand_recipients);
  g_test_add_data_func ("/smtp/chunks/a-thousand-recipients-in-two-round-trips", NULL, a_thousand_recipients);
  return g_test_run ();
}
