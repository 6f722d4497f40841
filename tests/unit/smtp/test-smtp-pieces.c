/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of which the server fetches all or a part: BURL alone, BURL and BDAT mixed, and what is refused. */
#include "smtp-test.h"

#define URL "imap://harry@gryffindor.example.com/outbox;uidvalidity=1078863300/;uid=25;urlauth=submit+harry:internal:91354a473744909de610943775f92038"
#define OFFERS "250-hi\r\n250-8BITMIME\r\n250-BURL imap\r\n250-CHUNKING\r\n250 PIPELINING\r\n"
#define MAIL "MAIL FROM:<alice@example.com> BODY=8BITMIME\r\nRCPT TO:<bob@example.net>\r\n"
#define TAKEN "250 2.5.0 Address Ok.\r\n250 2.1.5 OK.\r\n"

/* "text", or "<url>", up to NULL */
static PhCommand *
submit (PhHarness *harness, const char *const *pieces)
{
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_object_unref);

  ph_envelope_add_recipient (envelope, "bob@example.net");
  for (; *pieces != NULL; pieces++)
    if (**pieces == '<')
      g_ptr_array_add (parts, ph_body_new_for_url (*pieces + 1));
    else
      g_ptr_array_add (parts, ph_body_new_for_text (*pieces));
  g_autoptr (PhBody) body = ph_body_new_for_parts ((PhBody **) parts->pdata, parts->len);
  PhCommand *command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, body);
  ph_harness_submit (harness, command);
  return command;
}

/* RFC 4468 section 3.4; where recipients are answered first */
static void
url_alone (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (PhBody) body = ph_body_new_for_url (URL);

  ph_envelope_add_recipient (envelope, "bob@example.net");
  g_autoptr (PhCommand) command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, body);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, MAIL);
  ph_harness_push (harness, TAKEN);
  ph_harness_expect (harness, "BURL " URL " LAST\r\n");
  ph_harness_push (harness, "250 2.5.0 Ok.\r\n");
  ph_harness_expect_done (harness, command);
  assert_row (command, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, 250);
}

static void
mixed (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  g_autoptr (PhCommand) command = submit (harness, TO ("Subject: x\r\n\r\n", "<imap://h/a", "<imap://h/b", "end\r\n"));

  ph_harness_expect (harness, MAIL);
  ph_harness_push (harness, TAKEN);
  ph_harness_expect (harness, "BDAT 14\r\nSubject: x\r\n\r\nBURL imap://h/a\r\nBURL imap://h/b\r\nBDAT 5 LAST\r\nend\r\n");
  ph_harness_push (harness, "250 2.5.0 Waiting\r\n250 2.5.0 Waiting\r\n250 2.5.0 Waiting\r\n");
  ph_harness_push (harness, "250 2.5.0 Ok.\r\n");
  ph_harness_expect_done (harness, command);
  assert_row (command, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, 250);
}

static void
url_last (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  g_autoptr (PhCommand) command = submit (harness, TO ("x\r\n", "<imap://h/a"));

  ph_harness_expect (harness, MAIL);
  ph_harness_push (harness, TAKEN);
  ph_harness_expect (harness, "BDAT 3\r\nx\r\nBURL imap://h/a LAST\r\n");
  ph_harness_push (harness, "250 ok\r\n554 5.7.0 IMAP URL authorization failed\r\n");
  const GError *error = ph_harness_expect_error (harness, command, PH_ERROR_DATA_REFUSED);
  g_assert_nonnull (strstr (error->message, "5.7.0"));
  ph_harness_expect (harness, "RSET\r\n");
}

/* A refused piece in the midst decides, whatever is said of what follows. */
static void
piece_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  g_autoptr (PhCommand) command = submit (harness, TO ("<imap://h/a", "x\r\n"));

  ph_harness_expect (harness, MAIL);
  ph_harness_push (harness, TAKEN);
  ph_harness_expect (harness, "BURL imap://h/a\r\nBDAT 3 LAST\r\nx\r\n");
  ph_harness_push (harness, "554 5.6.6 IMAP URL resolution failed\r\n503 5.5.0 no transaction\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_DATA_REFUSED);
  assert_row (command, 0, PH_FATE_REFUSED, PH_DELIVERY_DATA, 554);
  ph_harness_expect (harness, "RSET\r\n");
}

static void
nobody (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  g_autoptr (PhCommand) command = submit (harness, TO ("<imap://h/a"));

  ph_harness_expect (harness, MAIL);
  ph_harness_push (harness, "250 ok\r\n550 5.7.1 Relaying not allowed\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_RECIPIENTS_REFUSED);
  ph_harness_expect (harness, "RSET\r\n");
}

static void
lost (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  g_autoptr (PhCommand) command = submit (harness, TO ("<imap://h/a"));

  ph_harness_expect (harness, MAIL);
  ph_harness_push (harness, TAKEN);
  ph_harness_expect (harness, "BURL imap://h/a LAST\r\n");
  ph_harness_close (harness, NULL);
  ph_harness_expect_error (harness, command, PH_ERROR_DELIVERY_UNKNOWN);
  assert_row (command, 0, PH_FATE_UNKNOWN, PH_DELIVERY_CONNECTION, 0);
}

static void
expect_refused (const char *offers, const char *const *pieces, int code)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", offers);
  g_autoptr (PhCommand) command = submit (harness, pieces);

  ph_harness_expect_error (harness, command, code);
  ph_harness_expect_nothing (harness);
}

static void
test_refused_first (void)
{
  expect_refused ("250-hi\r\n250 CHUNKING\r\n", TO ("<imap://h/a"), PH_ERROR_NOT_SUPPORTED);
  expect_refused ("250-hi\r\n250 BURL imap\r\n", TO ("x\r\n", "<imap://h/a"), PH_ERROR_NOT_SUPPORTED);
  expect_refused (OFFERS, TO ("<imap://h/a\r\nRSET"), PH_ERROR_INVALID_ARGUMENT);
  expect_refused (OFFERS, TO ("<imap://h/a b"), PH_ERROR_INVALID_ARGUMENT);
  expect_refused (OFFERS, TO ("<imap://h/ü"), PH_ERROR_INVALID_ARGUMENT);
  expect_refused (OFFERS, TO ("<outbox"), PH_ERROR_INVALID_ARGUMENT);
  expect_refused (OFFERS, TO ("<"), PH_ERROR_INVALID_ARGUMENT);
}

static void
test_scenario (gconstpointer data)
{
  ph_harness_every_feed ((void (*) (gconstpointer)) (void (*) (void)) data, NULL);
}

static void
add (const char *path, void (*scenario) (gconstpointer data))
{
  g_test_add_data_func (path, (gconstpointer) (void (*) (void)) scenario, test_scenario);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/smtp/pieces/rfc4468-section-3.4-a-url-alone", url_alone);
  add ("/smtp/pieces/burl-and-bdat-mixed", mixed);
  add ("/smtp/pieces/a-url-at-the-end-refused", url_last);
  add ("/smtp/pieces/a-piece-refused", piece_refused);
  add ("/smtp/pieces/nobody-accepted", nobody);
  add ("/smtp/pieces/lost-behind-the-last-is-unknown", lost);
  g_test_add_func ("/smtp/pieces/what-can-not-go-is-refused-first", test_refused_first);
  return g_test_run ();
}
