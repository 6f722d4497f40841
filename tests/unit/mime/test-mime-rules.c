/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a header decides: from whom and to whom, what is transmitted of it, and what can't be. */
#include "mime-test.h"

#include "ph-plain-session.h"

#include <string.h>

#define GREETING "send 220 mail.example.org ESMTP\nprefix EHLO \n"
#define QUIT "expect QUIT\nsend 221 bye\nclosed\n"

/* "sender: recipient recipient", or the error's sentence. (transfer full) */
static char *
describe (const char *text)
{
  g_autoptr (GMimeMessage) message = mime_parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhEnvelope) envelope = ph_mime_make_envelope (message, &error);
  GString *line;

  if (envelope == NULL)
    {
      g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
      return g_strdup (error->message);
    }
  line = g_string_new (ph_envelope_get_sender (envelope));
  g_string_append_c (line, ':');
  for (guint i = 0; i < ph_envelope_get_n_recipients (envelope); i++)
    g_string_append_printf (line, " %s", ph_envelope_get_recipient (envelope, i));
  return g_string_free (line, FALSE);
}

static void
assert_envelope (const char *text, const char *expected)
{
  g_autofree char *got = describe (text);

  g_assert_cmpstr (got, ==, expected);
}

static void
assert_no_envelope (const char *text, const char *part)
{
  g_autofree char *got = describe (text);

  mime_assert_has (got, part);
}

static void
test_sender (void)
{
  assert_envelope ("From: from@x, second@x\nSender: Sec <sender@x>\nTo: to@x\n\n", "sender@x: to@x");
  assert_envelope ("From: \"A, B\" <from@x>, second@x\nTo: to@x\n\n", "from@x: to@x");
  assert_envelope ("From: us: first@x, second@x;\nTo: to@x\n\n", "first@x: to@x");
  assert_no_envelope ("To: to@x\n\n", "names no sender");
  assert_no_envelope ("From: nobody:;\nTo: to@x\n\n", "names no sender");
}

static void
test_recipients (void)
{
  assert_envelope ("From: f@x\nTo: a@x, Bob <b@x>\nCc: c@x\nTo: d@x\nBcc: e@x\ncc: g@x\nBCC: h@x (hidden)\n\n",
                   "f@x: a@x b@x d@x c@x g@x e@x h@x");
  assert_envelope ("From: f@x\nTo: a@x\nCc: a@x, b@x\n\n", "f@x: a@x b@x");
  assert_envelope ("From: f@x\nTo: friends: a@x, \"B b\"@x; , c@x,\n nobody:;\n\n", "f@x: a@x \"B b\"@x c@x");
  assert_no_envelope ("From: f@x\nTo: undisclosed-recipients:;\n\n", "names no recipient");
  assert_no_envelope ("From: f@x\nSubject: x\n\n", "names no recipient");
}

static void
test_resent (void)
{
  assert_envelope ("Resent-Date: Thu, 1 Jan 2026 00:00:00 +0000\nResent-From: r@x\nResent-To: s@x\nResent-Cc: t@x\nResent-Bcc: u@x\nResent-To: v@x\n"
                   "From: f@x\nSender: g@x\nTo: a@x\n\n", "r@x: s@x v@x t@x u@x");
  assert_envelope ("Resent-From: r@x\nResent-Sender: w@x\nResent-To: s@x\nFrom: f@x\nTo: a@x\n\n", "w@x: s@x");
  assert_no_envelope ("Resent-From: r@x\nFrom: f@x\nTo: a@x\n\n", "names no recipient");
  assert_no_envelope ("Resent-To: s@x\nFrom: f@x\nTo: a@x\n\n", "names no sender");
}

static void
test_two_resent_blocks (void)
{
  assert_no_envelope ("Resent-Date: Thu, 1 Jan 2026 00:00:00 +0000\nResent-From: r@x\nResent-To: s@x\n"
                      "Resent-Date: Wed, 31 Dec 2025 00:00:00 +0000\nResent-From: q@x\nResent-To: p@x\nFrom: f@x\nTo: a@x\n\n", "2 blocks");
  assert_no_envelope ("Resent-From: r@x\nResent-From: q@x\nResent-To: p@x\n\n", "2 blocks");
}

static void
test_bad_addresses (void)
{
  g_autofree char *local = g_strnfill (1000, 'a');
  g_autofree char *longest = g_strdup_printf ("From: f@x\nTo:\n %s@x\n\n", local);
  g_autoptr (GMimeMessage) message = mime_parse ("From: f@x\n\n");
  g_autoptr (GError) error = NULL;

  assert_no_envelope (longest, "longer than 998");
  assert_no_envelope ("From: f@x\nTo: a@x, b\xff@x\n\n", "");
  g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_TO, "x", "bob@example.org\r\nRCPT TO:<eve@example.org>");
  {
    g_autoptr (PhEnvelope) envelope = ph_mime_make_envelope (message, &error);

    if (envelope == NULL)
      g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
    for (guint i = 0; envelope != NULL && i < ph_envelope_get_n_recipients (envelope); i++)
      g_assert_null (strpbrk (ph_envelope_get_recipient (envelope, i), "\r\n"));
  }
}

static void
test_bcc (void)
{
  g_autoptr (GMimeMessage) message = mime_parse ("From: f@x\nBcc: hidden@x,\n more@x\nTo: a@x\nbcc: again@x\nResent-Bcc: third@x\nSubject: Bcc: no field\n\nBcc: text\n");
  g_autofree char *written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE);

  g_assert_cmpstr (written, ==, "From: f@x\r\nTo: a@x\r\nSubject: Bcc: no field\r\n\r\nBcc: text\r\n");
}

static void
test_line_ends (void)
{
  g_autoptr (GMimeMessage) message = mime_parse ("From: f@x\nTo: a@x,\n b@x\n\none\ntwo\r\nthree");
  g_autofree char *before = g_mime_object_to_string (GMIME_OBJECT (message), NULL);
  g_autofree char *written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE);
  g_autofree char *after = g_mime_object_to_string (GMIME_OBJECT (message), NULL);

  g_assert_cmpstr (written, ==, "From: f@x\r\nTo: a@x,\r\n b@x\r\n\r\none\r\ntwo\r\nthree");
  g_assert_cmpstr (before, ==, after);
}

static void
test_not_changed (void)
{
  g_autoptr (GMimeMessage) message = g_mime_message_new (TRUE);
  g_autoptr (GMimeTextPart) part = g_mime_text_part_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_FROM, "J\xc3\xb6rg", "j\xc3\xb6rg@example.org");
  g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_TO, NULL, "b@example.org");
  g_mime_message_add_mailbox (message, GMIME_ADDRESS_TYPE_BCC, NULL, "hidden@example.org");
  g_mime_message_set_subject (message, "Gr\xc3\xbc\xc3\x9f" "e", "utf-8");
  g_mime_text_part_set_text (part, "Gr\xc3\xbc\xc3\x9f" "e\n");
  g_mime_message_set_mime_part (message, GMIME_OBJECT (part));
  before = g_mime_object_to_string (GMIME_OBJECT (message), NULL);
  for (int form = PH_MIME_FORM_EIGHT_BIT; form <= PH_MIME_FORM_UTF8; form += PH_MIME_FORM_UTF8 - PH_MIME_FORM_EIGHT_BIT)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhBody) body = ph_mime_make_body (message, (PhMimeForm) form, PH_MIME_CONVERT | PH_MIME_TLS_OPTIONAL, &error);

      g_assert_true (body != NULL ? form == PH_MIME_FORM_UTF8 : g_error_matches (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED));
    }
  after = g_mime_object_to_string (GMIME_OBJECT (message), NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_utf8_header (void)
{
  g_autoptr (GMimeMessage) message = mime_parse (
    "From: =?iso-8859-1?q?J=F6rg?= <j\xc3\xb6rg@example.org>\nTo: b@ex\xc3\xa4mple.org\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?q?_dir?=\n"
    "Content-Type: text/plain; name*=utf-8''h%C3%A4\n\n");
  g_autofree char *written = mime_write (message, PH_MIME_FORM_UTF8, PH_MIME_NONE);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (written, ==, "From: J\xc3\xb6rg <j\xc3\xb6rg@example.org>\r\nTo: b@xn--exmple-cua.org\r\nSubject: Gr\xc3\xbc\xc3\x9f" "e dir\r\n"
                                "Content-Type: text/plain; name*=utf-8''h%C3%A4\r\n\r\n");
  g_assert_null (ph_mime_make_body (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED);
  mime_assert_has (error->message, "From");
}

static void
test_idna_header (void)
{
  g_autoptr (GMimeMessage) message = mime_parse ("From: J\xc3\xb6rg <joerg@ex\xc3\xa4mple.org>\nTo: b@x\nX-Free: Gr\xc3\xbc\xc3\x9f" "e\n\n");
  g_autofree char *written = mime_write (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE);
  g_autoptr (GMimeMessage) again = mime_parse (written);

  mime_assert_has (written, "<joerg@xn--exmple-cua.org>\r\n");
  g_assert_cmpstr (g_mime_object_get_header (GMIME_OBJECT (again), "X-Free"), ==, "Gr\xc3\xbc\xc3\x9f" "e");
  for (const char *c = written; *c != '\0'; c++)
    g_assert_cmpint ((guchar) *c, <, 0x80);
  assert_envelope ("From: joerg@ex\xc3\xa4mple.org\nTo: b@x\n\n", "joerg@xn--exmple-cua.org: b@x");
  assert_envelope ("From: j\xc3\xb6rg@ex\xc3\xa4mple.org\nTo: b@x\n\n", "j\xc3\xb6rg@ex\xc3\xa4mple.org: b@x");
}

/* What a program, or who wrote a template for it, may have put into a field */
static void
test_malformed_fields (void)
{
  g_autofree char *endless = g_strnfill (2000, 'x');
  const struct { const char *name; const char *raw; } cases[] = {
    { "X-Test", " one\nBcc: eve@example.org\n" }, { "X-Test", " one\r\n\r\nanother text\r\n" }, { "X-Test", " one\rtwo\n" },
    { "X-Test", " one\n \n two\n" },              { "X-Test", endless },                        { "X-Test: a\nBcc", " eve@example.org\n" },
    { "X\xc3\xa4", " one\n" },                    { "", " one\n" },                             { "X Test", " one\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GMimeMessage) message = mime_parse ("From: f@x\nTo: a@x\n\n");
      GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (message));
      g_autoptr (GError) error = NULL;

      g_mime_header_list_append (list, cases[i].name, "x", NULL);
      g_mime_header_set_raw_value (g_mime_header_list_get_header_at (list, g_mime_header_list_get_count (list) - 1), cases[i].raw);
      g_assert_null (ph_mime_make_body (message, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
      g_assert_null (strpbrk (error->message, "\r\n"));
      g_test_message ("%s", error->message);
    }
}

static void
test_tls_required (void)
{
  g_autoptr (GMimeMessage) without = mime_parse ("From: f@x\nTo: a@x\n\n");
  g_autoptr (GMimeMessage) with = mime_parse ("From: f@x\nTls-Required: No\nTo: a@x\n\n");
  g_autoptr (GMimeMessage) twice = mime_parse ("From: f@x\nTLS-Required: No\nTLS-Required: No\nTo: a@x\n\n");
  g_autofree char *added = mime_write (without, PH_MIME_FORM_EIGHT_BIT, PH_MIME_TLS_OPTIONAL);
  g_autofree char *kept = mime_write (with, PH_MIME_FORM_EIGHT_BIT, PH_MIME_TLS_OPTIONAL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (added, ==, "From: f@x\r\nTo: a@x\r\nTLS-Required: No\r\n\r\n");
  g_assert_cmpstr (kept, ==, "From: f@x\r\nTls-Required: No\r\nTo: a@x\r\n\r\n");
  g_assert_null (ph_mime_make_body (twice, PH_MIME_FORM_EIGHT_BIT, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

/* --- to a server --- */

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Both forms of the call against the same script. @code 0: it is delivered */
static void
assert_sent (const char *script, const char *text, PhEnvelope *envelope, PhMimeFlags flags, int code)
{
  for (guint async = 0; async < 2; async++)
    {
      g_autoptr (GMimeMessage) message = mime_parse (text);
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
      g_autoptr (PhTransport) transport = PH_TRANSPORT (ph_plain_session_new (server, "smtp://localhost"));
      g_autoptr (PhDelivery) delivery = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      if (async)
        {
          ph_mime_send_async (transport, message, envelope, flags, NULL, on_done, &result);
          while (result == NULL)
            g_main_context_iteration (NULL, TRUE);
          delivery = ph_mime_send_finish (result, &error);
        }
      else
        delivery = ph_mime_send (transport, message, envelope, flags, NULL, &error);
      if (code == 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, PH_ERROR, code);
      g_assert_true ((delivery != NULL) == (code == 0));
      ph_session_close (PH_SESSION (transport), NULL, NULL);
      ph_scripted_server_finish (server);
    }
}

static void
test_bcc_by_hand (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("bounces@x");

  ph_envelope_add_recipient (envelope, "hidden@x");
  assert_sent (GREETING "raw 250-hi\\r\\n250 8BITMIME\\r\\n\nexpect MAIL FROM:<bounces@x> BODY=8BITMIME\nsend 250 ok\nexpect RCPT TO:<hidden@x>\nsend 250 ok\n"
               "expect DATA\nsend 354 go\nexpect From: f@x\nexpect To: a@x\nexpect \nexpect text\nexpect .\nsend 250 ok\n" QUIT,
               "From: f@x\nBcc: hidden@x\nTo: a@x\n\ntext\n", envelope, PH_MIME_NONE, 0);
}

#define NON_ASCII "From: j\xc3\xb6rg@x\nTo: a@x\nSubject: =?utf-8?q?=C3=A4?=\n\ntext\n"

static void
test_needs_smtputf8 (void)
{
  assert_sent (GREETING "raw 250-hi\\r\\n250 8BITMIME\\r\\n\n" QUIT, NON_ASCII, NULL, PH_MIME_CONVERT, PH_ERROR_NOT_SUPPORTED);
  assert_sent (GREETING "raw 250-hi\\r\\n250-SMTPUTF8\\r\\n250 8BITMIME\\r\\n\nmatch MAIL FROM:<j\xc3\xb6rg@x>(?=.* SMTPUTF8)(?=.* BODY=8BITMIME).*\nsend 250 ok\n"
               "expect RCPT TO:<a@x>\nsend 250 ok\nexpect DATA\nsend 354 go\nexpect From: j\xc3\xb6rg@x\nexpect To: a@x\n"
               "expect Subject: \xc3\xa4\nexpect \nexpect text\nexpect .\nsend 250 ok\n" QUIT,
               NON_ASCII, NULL, PH_MIME_NONE, 0);
}

/* Where it isn't the envelope's, but in a field that the reader would answer to */
static void
test_reply_to_needs_smtputf8 (void)
{
  static const char text[] = "From: f@x\nReply-To: j\xc3\xb6rg@x\nTo: a@x\n\ntext\n";

  assert_sent (GREETING "send 250 hi\n" QUIT, text, NULL, PH_MIME_NONE, PH_ERROR_NOT_SUPPORTED);
  assert_sent (GREETING "raw 250-hi\\r\\n250-SMTPUTF8\\r\\n250 8BITMIME\\r\\n\nmatch MAIL FROM:<f@x>(?=.* SMTPUTF8)(?=.* BODY=8BITMIME).*\nsend 250 ok\n"
               "expect RCPT TO:<a@x>\nsend 250 ok\nexpect DATA\nsend 354 go\nuntil .\nsend 250 ok\n" QUIT, text, NULL, PH_MIME_NONE, 0);
}

static void
test_domain_alone (void)
{
  assert_sent (GREETING "send 250 hi\nexpect MAIL FROM:<f@x>\nsend 250 ok\nexpect RCPT TO:<a@xn--exmple-cua.org>\nsend 250 ok\n"
               "expect DATA\nsend 354 go\nexpect From: f@x\nexpect To: a@xn--exmple-cua.org\nexpect \nexpect text\nexpect .\nsend 250 ok\n" QUIT,
               "From: f@x\nTo: a@ex\xc3\xa4mple.org\n\ntext\n", NULL, PH_MIME_NONE, 0);
}

static void
test_seven_bit_server (void)
{
  static const char text[] = "From: f@x\nTo: a@x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\xc3\xa4 and more ASCII\n";

  assert_sent (GREETING "send 250 hi\n" QUIT, text, NULL, PH_MIME_NONE, PH_ERROR_NOT_SUPPORTED);
  assert_sent (GREETING "send 250 hi\nexpect MAIL FROM:<f@x>\nsend 250 ok\nexpect RCPT TO:<a@x>\nsend 250 ok\nexpect DATA\nsend 354 go\n"
               "until Content-Transfer-Encoding: quoted-printable\nexpect \nexpect =C3=A4 and more ASCII\nexpect .\nsend 250 ok\n" QUIT,
               text, NULL, PH_MIME_CONVERT, 0);
}

/* Refused before there is even a connection */
static void
test_nothing_written (void)
{
  g_autoptr (PhSession) session = ph_session_new ("smtp://localhost:1", NULL);
  g_autoptr (GMimeMessage) message = mime_parse ("From: f@x\nTo: a@x\n\n");
  g_autoptr (GMimeMessage) empty = mime_parse ("Subject: x\n\n");
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (message));
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("f@x");
  g_autoptr (GError) error = NULL;

  g_assert_null (ph_mime_send (PH_TRANSPORT (session), empty, NULL, PH_MIME_NONE, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  ph_envelope_set_require_tls (envelope, TRUE);
  g_assert_null (ph_mime_send (PH_TRANSPORT (session), message, envelope, PH_MIME_TLS_OPTIONAL, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (ph_mime_make_send (PH_TRANSPORT (session), message, NULL, PH_MIME_NONE, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_mime_header_set_raw_value (g_mime_header_list_get_header_at (list, 1), " a@x\nX: y\n");
  g_assert_null (ph_mime_send (PH_TRANSPORT (session), message, NULL, PH_MIME_NONE, NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();
  g_test_add_func ("/mime/rules/envelope-sender-is-sender-then-from", test_sender);
  g_test_add_func ("/mime/rules/recipients-are-to-cc-bcc-all-occurrences-and-groups", test_recipients);
  g_test_add_func ("/mime/rules/one-block-of-resent-replaces-the-normal-headers", test_resent);
  g_test_add_func ("/mime/rules/more-than-one-block-of-resent-is-an-error", test_two_resent_blocks);
  g_test_add_func ("/mime/rules/bcc-and-resent-bcc-are-never-transmitted", test_bcc);
  g_test_add_func ("/mime/rules/bcc-is-not-transmitted-with-addresses-by-hand", test_bcc_by_hand);
  g_test_add_func ("/mime/rules/non-ascii-address-needs-smtputf8", test_needs_smtputf8);
  g_test_add_func ("/mime/rules/non-ascii-reply-to-needs-smtputf8", test_reply_to_needs_smtputf8);
  g_test_add_func ("/mime/rules/smtputf8-means-utf8-headers", test_utf8_header);
  g_test_add_func ("/mime/rules/domain-alone-goes-as-idna", test_domain_alone);
  g_test_add_func ("/mime/rules/domain-alone-goes-as-idna-in-the-header", test_idna_header);
  g_test_add_func ("/mime/rules/crlf-line-ends", test_line_ends);
  g_test_add_func ("/mime/rules/the-message-is-not-changed", test_not_changed);
  g_test_add_func ("/mime/rules/seven-bit-server", test_seven_bit_server);
  g_test_add_func ("/mime/rules/tls-required", test_tls_required);
  g_test_add_func ("/mime/bad/addresses", test_bad_addresses);
  g_test_add_func ("/mime/bad/fields", test_malformed_fields);
  g_test_add_func ("/mime/bad/nothing-is-written", test_nothing_written);
  return g_test_run ();
}
