/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages: cancelled, lost or refused at any moment; their content on the wire; addresses and parameters that can't be sent. */
#include "smtp-test.h"

#define PIPELINING "250-hi\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n"
#define PLAIN "250 hi\r\n"
#define GROUP "MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n"

static PhCommand *
submit_line (PhHarness *harness, const char *line)
{
  PhCommand *command = ph_command_new_line (line);
  ph_harness_submit (harness, command);
  return command;
}

static GError *
cancelled (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
}

static void
expect_cancelled (PhCommand *command)
{
  g_assert_cmpint (ph_command_get_state (command), ==, PH_COMMAND_DONE);
  g_assert_error (ph_command_get_error (command), G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
cancel_send_before_data (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net", "carol@example.net"), "x");
  g_autoptr (PhCommand) noop = submit_line (harness, "NOOP");

  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect (harness, "MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\n");
  ph_harness_cancel (harness, send, cancelled ());
  expect_cancelled (send);
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect (harness, "NOOP\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect_done (harness, noop);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_PENDING, 0);
}

static void
cancel_send_with_data_asked (gconstpointer data)
{
  gboolean refused = GPOINTER_TO_INT (data);
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x");

  ph_harness_expect (harness, GROUP);
  ph_harness_cancel (harness, send, cancelled ());
  ph_harness_push (harness, refused ? "250 ok\r\n550 no\r\n354 go\r\n" : "250 ok\r\n250 ok\r\n354 go\r\n");
  expect_cancelled (send);
  if (refused)
    {
      /* nobody would get the empty message */
      ph_harness_expect (harness, ".\r\n");
      ph_harness_push (harness, "554 none\r\n");
      ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
      return;
    }
  ph_harness_expect_nothing (harness);
  g_assert_true (harness->wants_close);
}

static void
cancel_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_expect (harness, GROUP "x\r\n");
  ph_harness_cancel (harness, send, cancelled ());
  expect_cancelled (send);
  ph_harness_expect_nothing (harness);
  g_assert_true (harness->wants_close);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

static void
cancel_behind_the_dot (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x");
  g_autoptr (PhCommand) next = smtp_send (harness, TO ("bob@example.net"), "y");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, GROUP "x\r\n.\r\n" GROUP);
  ph_harness_cancel (harness, send, cancelled ());
  expect_cancelled (send);
  assert_row (send, 0, PH_FATE_UNKNOWN, PH_DELIVERY_PENDING, 0);
  ph_harness_push (harness, "250 taken\r\n250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, "y\r\n.\r\n");
  ph_harness_push (harness, "250 taken, too\r\n");
  ph_harness_expect_done (harness, next);
  assert_row (send, 0, PH_FATE_UNKNOWN, PH_DELIVERY_PENDING, 0);
}

static void
body_cannot_be_read (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, GROUP);
  harness->body_error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "the disk is gone");
  ph_harness_write_body (harness, 3);
  ph_harness_expect (harness, "x\r\n");
  const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_BODY);
  g_assert_cmpstr (error->message, ==, "the message could not be read to its end: the disk is gone");
  ph_harness_expect_failed (harness, PH_ERROR_BODY);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

static void
refused_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_push (harness, "552 5.3.4 too much\r\n");
  const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_DATA_REFUSED);
  g_assert_cmpstr (error->message, ==, "the message was refused by mail.example.org: 552 5.3.4 too much");
  ph_harness_expect_failed (harness, PH_ERROR_DATA_REFUSED);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_DATA, 552);
  ph_harness_write_body (harness, -1);
}

static void
accepted_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_push (harness, "250 thanks\r\n");
  ph_harness_expect_error (harness, send, PH_ERROR_PROTOCOL);
  ph_harness_expect_failed (harness, PH_ERROR_PROTOCOL);
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

static void
lost_within_the_body (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  harness->hold_body = TRUE;
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), "x\r\ny\r\n");

  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_write_body (harness, 3);
  ph_harness_close (harness, g_error_new (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "Broken pipe"));
  const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, "the connection to mail.example.org was lost before it answered the message: Broken pipe");
  assert_row (send, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, 0);
}

/* The message as the wire has it, wherever body and coder are cut */
static void
content_is_encoded (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autofree char *long_line = g_strnfill (998, 'x');
  g_autofree char *text = g_strconcat ("Subject: x\n\n.\n..\r\n.a\rb\n", long_line, NULL);
  g_autofree char *wire = g_strconcat ("Subject: x\r\n\r\n..\r\n...\r\n..a\r\nb\r\n", long_line, "\r\n.\r\n", NULL);
  G_GNUC_UNUSED g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), text);

  ph_harness_expect (harness, GROUP);
  ph_harness_push (harness, "250 ok\r\n250 ok\r\n354 go\r\n");
  ph_harness_expect (harness, wire);
}

/* Above 64 KiB, and where the size isn't known, DATA waits for the recipients */
static void
large_messages_wait (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autofree char *text = g_strnfill (64 * 1024 + 1, 'x');
  g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net"), text);

  ph_harness_expect (harness, "MAIL FROM:<alice@example.com> SIZE=65537\r\nRCPT TO:<bob@example.net>\r\n");
  ph_harness_push (harness, "250 ok\r\n550 no\r\n");
  ph_harness_expect (harness, "RSET\r\n");
  ph_harness_expect_error (harness, send, PH_ERROR_RECIPIENTS_REFUSED);
}

static void
unknown_size_waits (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data ("x", 1, NULL);
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 0);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (zlib));
  g_autoptr (PhBody) body = ph_body_new_for_stream (stream, -1);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new (NULL);
  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_parameter (envelope, "RET=HDRS");
  ph_envelope_add_recipient_parameter (envelope, 0, "NOTIFY=NEVER");
  g_autoptr (PhCommand) send =
    PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);

  ph_harness_submit (harness, send);
  ph_harness_expect (harness, "MAIL FROM:<> RET=HDRS\r\nRCPT TO:<bob@example.net> NOTIFY=NEVER\r\n");
}

static void
own_parameters_win (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250-SIZE\r\n250 8BITMIME\r\n");
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_parameter (envelope, "body=7BIT");
  ph_envelope_add_parameter (envelope, "Size=99");
  g_autoptr (PhCommand) send =
    PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);

  ph_harness_submit (harness, send);
  ph_harness_expect (harness, "MAIL FROM:<alice@example.com> body=7BIT Size=99\r\n");
}

/* Quirk 2: nothing of it leaves */
static void
test_arguments_that_cannot_be_sent (void)
{
  static const char *const addresses[] = {
    "", "a\r\nDATA@x", "a\nb@x", "a\rb@x", "a b@x", "a@x> SIZE=1", "<a@x>", "\"a@x", "a@x\x7f", "a@x\t", "\"a\\", "\"a\\\r\"@x",
    "caf\xe9@x", "a@\xc3\x28", "a@\xef\xbf\xbd..x",
  };
  static const char *const lines[] = { "", "NOOP\r\nDATA", "NOOP\n", "\r", "DATA", "data x", "BDAT 5 LAST", "starttls" };
  static const char *const parameters[] = { "", "X=a b", "X=a\r\nRSET", "X=\x01" };
  g_autoptr (PhHarness) harness = smtp_open ("smtp", PIPELINING);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PhCommand) send = smtp_send (harness, TO ("bob@example.net", addresses[i]), "x");
      const GError *error = ph_harness_expect_error (harness, send, PH_ERROR_INVALID_ARGUMENT);
      g_assert_null (strpbrk (error->message, "\r\n"));
      g_assert_nonnull (ph_error_get_delivery (error));
    }
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autoptr (PhBody) body = ph_body_new_for_text ("x");
      g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
      ph_envelope_add_recipient (envelope, "bob@example.net");
      ph_envelope_add_parameter (envelope, parameters[i]);
      g_autoptr (PhCommand) send =
        PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);
      ph_harness_submit (harness, send);
      ph_harness_expect_error (harness, send, PH_ERROR_INVALID_ARGUMENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (PhCommand) command = submit_line (harness, lines[i]);
      ph_harness_expect_error (harness, command, PH_ERROR_INVALID_ARGUMENT);
    }
  g_autoptr (PhValue) word = ph_value_new_string ("two words");
  PhValue *items[] = { word };
  g_autoptr (PhValue) list = ph_value_new_list (items, 1);
  g_autoptr (PhCommand) words = ph_command_new ("VRFY", list);
  ph_harness_submit (harness, words);
  ph_harness_expect_error (harness, words, PH_ERROR_INVALID_ARGUMENT);
  g_autoptr (PhCommand) nobody = smtp_send (harness, TO (NULL), "x");
  ph_harness_expect_error (harness, nobody, PH_ERROR_INVALID_ARGUMENT);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_no_event (harness, PH_EVENT_FAILED);
}

static void
test_addresses_that_can (void)
{
  static const char *const addresses[] = {
    "a@x", "\"a b\"@x", "\"<a>\"@x", "\"a\\\" b\"@x", "a@[127.0.0.1]", "a@[IPv6:::1]", "@relay,@other:a@x", "Postmaster", "a+b=c/d@x", "\"@\"@x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PhHarness) harness = smtp_open ("smtp", PLAIN);
      g_autofree char *line = g_strdup_printf ("MAIL FROM:<alice@example.com>\r\nRCPT TO:<%s>\r\n", addresses[i]);
      G_GNUC_UNUSED g_autoptr (PhCommand) send = smtp_send (harness, TO (addresses[i]), "x");
      ph_harness_push (harness, "250 ok\r\n");
      ph_harness_expect (harness, line);
    }
}

static void
test_utf8 (void)
{
  static const struct {
    const char *capabilities, *address, *wire;
    int error;
  } cases[] = {
    { "250 hi\r\n", "bob@b\xc3\xbc" "cher.example", "RCPT TO:<bob@xn--bcher-kva.example>\r\n", -1 },
    { "250 hi\r\n", "b\xc3\xb6" "b@example.net", NULL, PH_ERROR_NOT_SUPPORTED },
    { "250-hi\r\n250 SMTPUTF8\r\n", "b\xc3\xb6" "b@b\xc3\xbc" "cher.example", "RCPT TO:<b\xc3\xb6" "b@b\xc3\xbc" "cher.example>\r\n", -1 },
    { "250-hi\r\n250 SMTPUTF8\r\n", "bob@b\xc3\xbc" "cher.example", "RCPT TO:<bob@b\xc3\xbc" "cher.example>\r\n", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhHarness) harness = smtp_open ("smtp", cases[i].capabilities);
      g_autoptr (PhCommand) send = smtp_send (harness, TO (cases[i].address), "x");
      if (cases[i].error >= 0)
        {
          ph_harness_expect_error (harness, send, cases[i].error);
          ph_harness_expect_nothing (harness);
          continue;
        }
      g_autofree char *wire = g_strconcat ("MAIL FROM:<alice@example.com>", i >= 2 ? " SMTPUTF8\r\n" : "\r\n", cases[i].wire, NULL);
      ph_harness_push (harness, "250 ok\r\n");
      ph_harness_expect (harness, wire);
    }

  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 SMTPUTF8\r\n");
  G_GNUC_UNUSED g_autoptr (PhCommand) vrfy = submit_line (harness, "VRFY b\xc3\xb6" "b");
  ph_harness_expect (harness, "VRFY b\xc3\xb6" "b SMTPUTF8\r\n");
  g_autoptr (PhHarness) other = smtp_open ("smtp", PLAIN);
  g_autoptr (PhCommand) refused = submit_line (other, "VRFY b\xc3\xb6" "b");
  ph_harness_expect_error (other, refused, PH_ERROR_NOT_SUPPORTED);
}

/* 50,000 recipients in one group; what is not linear shows */
static void
test_many_recipients (void)
{
  enum { N = 50000 };
  g_autoptr (PhHarness) harness = smtp_open ("smtp", "250-hi\r\n250 PIPELINING\r\n");
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");
  g_autoptr (GString) replies = g_string_new ("250 ok\r\n");

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *address = g_strdup_printf ("user%u@example.net", i);
      ph_envelope_add_recipient (envelope, address);
      g_string_append (replies, i % 2 != 0 ? "550 5.1.1 no\r\n" : "250 ok\r\n");
    }
  g_string_append (replies, "354 go\r\n");
  g_autoptr (PhCommand) send =
    PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);
  ph_harness_submit (harness, send);
  ph_harness_push (harness, replies->str);
  ph_harness_push (harness, "250 taken\r\n");
  ph_harness_expect_done (harness, send);
  PhDelivery *delivery = ph_command_peek_result (send);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, N / 2);
  assert_row (send, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, 250);
  assert_row (send, N - 1, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, 550);
}

static const struct {
  const char *path;
  void (*scenario) (gconstpointer data);
  gconstpointer data;
} scenarios[] = {
  { "a-send-cancelled-before-data-is-reset", cancel_send_before_data, NULL },
  { "a-send-cancelled-with-data-asked-never-sends-an-empty-message", cancel_send_with_data_asked, GINT_TO_POINTER (FALSE) },
  { "a-send-cancelled-with-all-refused-lives-on", cancel_send_with_data_asked, GINT_TO_POINTER (TRUE) },
  { "a-send-cancelled-within-its-body-closes", cancel_within_the_body, NULL },
  { "a-send-cancelled-behind-the-dot-is-unknown", cancel_behind_the_dot, NULL },
  { "a-body-that-fails-closes-without-a-dot", body_cannot_be_read, NULL },
  { "a-refusal-within-the-body-is-heard", refused_within_the_body, NULL },
  { "an-acceptance-within-the-body-is-none", accepted_within_the_body, NULL },
  { "lost-within-the-body-is-refused", lost_within_the_body, NULL },
  { "quirk-25-content-is-encoded", content_is_encoded, NULL },
  { "large-messages-wait-for-the-recipients", large_messages_wait, NULL },
  { "a-message-of-unknown-size-waits", unknown_size_waits, NULL },
  { "own-parameters-win", own_parameters_win, NULL },
};

static void
run_scenario (gconstpointer index)
{
  ph_harness_every_feed (scenarios[GPOINTER_TO_UINT (index)].scenario, scenarios[GPOINTER_TO_UINT (index)].data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/message/", scenarios[i].path, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), run_scenario);
    }
  g_test_add_func ("/smtp/message/quirk-2-nothing-leaves-of-what-cannot-be-sent", test_arguments_that_cannot_be_sent);
  g_test_add_func ("/smtp/message/addresses-go-as-they-are", test_addresses_that_can);
  g_test_add_func ("/smtp/message/smtputf8-where-it-is-needed", test_utf8);
  g_test_add_func ("/smtp/message/many-recipients-are-linear", test_many_recipients);
  return g_test_run ();
}
