/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ETRN, XCLIENT and XFORWARD: lines, refusals before an octet is written, and the session behind XCLIENT. */
#include "smtp-test.h"

#define OFFERS "250-hi\r\n250-ETRN\r\n250-XCLIENT NAME ADDR LOGIN\r\n250-XFORWARD NAME ADDR SOURCE\r\n250-DSN\r\n250 PIPELINING\r\n"

typedef struct {
  const char        *name;
  const char        *node;           /* ETRN; NULL: */
  const char        *verb;
  const char *const *attributes;
  const char        *line;           /* NULL: refused */
  int                code;
  const char        *offers;         /* NULL: OFFERS */
} Case;

#define ATTRIBUTES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NONE ((const char *const[]){ NULL })

static const Case cases[] = {
  { "etrn-rfc1985-a-node", "uu.net", .line = "ETRN uu.net\r\n" },
  { "etrn-rfc1985-with-subdomains", "@foo.com", .line = "ETRN @foo.com\r\n" },
  { "etrn-rfc1985-a-queue", "#uunet", .line = "ETRN #uunet\r\n" },
  { "etrn-idna", "@bücher.example", .line = "ETRN @xn--bcher-kva.example\r\n" },
  { "etrn-queue-that-is-not-ascii", "#bü_cher .x", .code = PH_ERROR_INVALID_ARGUMENT },
  { "etrn-with-a-line-end", "x\r\nRSET", .code = PH_ERROR_INVALID_ARGUMENT },
  { "etrn-with-a-blank", "a b", .code = PH_ERROR_INVALID_ARGUMENT },
  { "etrn-of-nothing", "", .code = PH_ERROR_INVALID_ARGUMENT },
  { "etrn-is-not-offered", "uu.net", .code = PH_ERROR_NOT_SUPPORTED, .offers = "250 hi\r\n" },
  { "xclient", .verb = "XCLIENT", .attributes = ATTRIBUTES ("name=spike.porcupine.org", "ADDR=168.100.189.2"),
    .line = "XCLIENT NAME=spike.porcupine.org ADDR=168.100.189.2\r\n" },
  { "xclient-unavailable", .verb = "XCLIENT", .attributes = ATTRIBUTES ("NAME=[UNAVAILABLE]"), .line = "XCLIENT NAME=[UNAVAILABLE]\r\n" },
  { "xclient-encoded", .verb = "XCLIENT", .attributes = ATTRIBUTES ("LOGIN=a b+c=d"), .line = "XCLIENT LOGIN=a+20b+2Bc+3Dd\r\n" },
  { "xclient-ipv6", .verb = "XCLIENT", .attributes = ATTRIBUTES ("ADDR=2001:db8::1"), .line = "XCLIENT ADDR=IPV6:2001:db8::1\r\n" },
  { "xclient-of-no-value", .verb = "XCLIENT", .attributes = ATTRIBUTES ("LOGIN"), .line = "XCLIENT LOGIN=\r\n" },
  { "xclient-of-what-it-does-not-take", .verb = "XCLIENT", .attributes = ATTRIBUTES ("PORT=1"), .code = PH_ERROR_NOT_SUPPORTED },
  { "xclient-with-a-line-end", .verb = "XCLIENT", .attributes = ATTRIBUTES ("NAME=a\r\nRSET"), .code = PH_ERROR_INVALID_ARGUMENT },
  { "xclient-with-a-blank-in-a-name", .verb = "XCLIENT", .attributes = ATTRIBUTES ("NAME ADDR=a"), .code = PH_ERROR_INVALID_ARGUMENT },
  { "xclient-of-nothing", .verb = "XCLIENT", .attributes = NONE, .code = PH_ERROR_INVALID_ARGUMENT },
  { "xclient-is-not-offered", .verb = "XCLIENT", .attributes = ATTRIBUTES ("NAME=a"), .code = PH_ERROR_NOT_SUPPORTED, .offers = "250 hi\r\n" },
  { "xforward", .verb = "XFORWARD", .attributes = ATTRIBUTES ("NAME=spike.porcupine.org", "ADDR=168.100.189.2", "SOURCE=LOCAL"),
    .line = "XFORWARD NAME=spike.porcupine.org ADDR=168.100.189.2 SOURCE=LOCAL\r\n" },
  { "xforward-of-what-it-does-not-take", .verb = "XFORWARD", .attributes = ATTRIBUTES ("LOGIN=x"), .code = PH_ERROR_NOT_SUPPORTED },
};

static PhCommand *
make (PhHarness *harness, const Case *self)
{
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  PhTransportEngineInterface *iface = PH_TRANSPORT_ENGINE_GET_IFACE (engine);

  if (self->node != NULL)
    return iface->make_etrn (engine, self->node);
  return g_str_equal (self->verb, "XCLIENT") ? iface->make_xclient (engine, self->attributes) : iface->make_xforward (engine, self->attributes);
}

static void
test_line (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (PhHarness) harness = smtp_open ("smtp", self->offers != NULL ? self->offers : OFFERS);
  g_autoptr (PhCommand) command = make (harness, self);

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, self->line != NULL ? self->line : "");
  if (self->line == NULL)
    ph_harness_expect_error (harness, command, self->code);
}

/* RFC 1985 section 5.1: which of its replies are refusals */
static void
etrn_replies (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhCommand) taken = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_etrn (engine, "uu.net");
  g_autoptr (PhCommand) refused = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_etrn (engine, "mail.example");

  ph_harness_submit (harness, taken);
  ph_harness_submit (harness, refused);
  ph_harness_expect (harness, "ETRN uu.net\r\n");
  ph_harness_push (harness, "253 OK, 14 pending messages for node uu.net started\r\n");
  ph_harness_expect_done (harness, taken);
  ph_harness_expect (harness, "ETRN mail.example\r\n");
  ph_harness_push (harness, "459 Node mail.example not allowed: Authentication required.\r\n");
  ph_harness_expect_error (harness, refused, PH_ERROR_REFUSED);
  g_assert_cmpint (ph_reply_get_code (ph_command_get_reply (refused)), ==, 459);
}

/* The hello is said again before anything else is sent; what the server offers then is what counts. */
static void
xclient_begins_anew (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhCommand) command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_xclient (engine, ATTRIBUTES ("NAME=spike"));
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);
  g_autoptr (PhCommand) etrn = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_etrn (engine, "uu.net");

  ph_harness_submit (harness, command);
  ph_harness_submit (harness, noop);
  ph_harness_submit (harness, etrn);
  ph_harness_expect (harness, "XCLIENT NAME=spike\r\n");
  ph_harness_push (harness, "220 mail.example.org ready\r\n");
  ph_harness_expect (harness, HELLO);
  ph_harness_push (harness, "250-again\r\n250 SIZE 5\r\n");
  ph_harness_expect_done (harness, command);
  g_assert_cmpstr (ph_reply_get_text (ph_command_get_reply (command)), ==, "again\nSIZE 5");
  ph_harness_expect_capabilities (harness, "SIZE 5");
  ph_harness_expect (harness, "NOOP\r\n");
  ph_harness_push (harness, "250 ok\r\n");
  ph_harness_expect_done (harness, noop);
  ph_harness_expect_error (harness, etrn, PH_ERROR_NOT_SUPPORTED);
}

static void
xclient_refused (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhCommand) command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_xclient (engine, ATTRIBUTES ("NAME=spike"));

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "XCLIENT NAME=spike\r\n");
  ph_harness_push (harness, "550 5.7.0 insufficient authorization\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_REFUSED);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_capabilities (harness, "ETRN, XCLIENT NAME ADDR LOGIN, XFORWARD NAME ADDR SOURCE, DSN, PIPELINING");
}

/* Cancelled meanwhile: the reply is dropped, and the hello is said all the same. */
static void
xclient_cancelled (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhCommand) command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_xclient (engine, ATTRIBUTES ("NAME=spike"));

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "XCLIENT NAME=spike\r\n");
  ph_harness_cancel (harness, command, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
  ph_harness_push (harness, "220 mail.example.org ready\r\n");
  ph_harness_expect (harness, HELLO);
  ph_harness_push (harness, "250-again\r\n250 SIZE 5\r\n");
  ph_harness_expect_capabilities (harness, "SIZE 5");
}

/* No command is longer than AUTH's may be, a raw one neither. */
static void
too_long (gconstpointer data)
{
  g_autoptr (PhHarness) harness = smtp_open ("smtp", OFFERS);
  g_autofree char *line = g_strnfill (12289, 'x');
  g_autoptr (PhCommand) command = ph_command_new_line (line);

  ph_harness_submit (harness, command);
  ph_harness_expect_nothing (harness);
  ph_harness_expect_error (harness, command, PH_ERROR_INVALID_ARGUMENT);
}

static void
add (const char *path, void (*scenario) (gconstpointer data))
{
  g_test_add_data_func (path, scenario, (GTestDataFunc) (void (*) (void)) scenario);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/relay/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_line);
    }
  add ("/smtp/relay/etrn-replies", etrn_replies);
  add ("/smtp/relay/xclient-begins-anew", xclient_begins_anew);
  add ("/smtp/relay/xclient-refused", xclient_refused);
  add ("/smtp/relay/xclient-cancelled", xclient_cancelled);
  add ("/smtp/relay/a-line-that-is-too-long", too_long);
  return g_test_run ();
}
