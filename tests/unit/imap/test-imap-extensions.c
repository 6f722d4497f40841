/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an extension can do without a line changed in the engine, tried with one that does it all. */
#include "imap-engine-test.h"

#include "contracts/ph-extension-private.h"

/* A command of any shape: by the word it writes */
typedef struct {
  PhCommand   parent;
  const char *verb;
} TestCommand;
typedef PhCommandClass TestCommandClass;

GType test_command_get_type (void);
G_DEFINE_TYPE (TestCommand, test_command, PH_TYPE_COMMAND)

static void
test_command_write (PhCommand *command, PhWriter *writer)
{
  ph_writer_line (writer, ((TestCommand *) command)->verb);
}

static gboolean
test_command_proceed (PhCommand *command, const PhResponse *continuation, PhWriter *writer)
{
  if (g_str_equal (((TestCommand *) command)->verb, "ASK"))
    ph_writer_atom (writer, "ANSWER");
  return !g_str_equal (((TestCommand *) command)->verb, "MUTE");
}

static void
test_command_interrupt (PhCommand *command, PhWriter *writer)
{
  ph_writer_atom (writer, "DONE");
}

static PhFilter *
test_command_get_filter (PhCommand *command)
{
  g_autoptr (GZlibDecompressor) in = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GZlibCompressor) out = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1);

  if (!g_str_equal (((TestCommand *) command)->verb, "COMPRESS"))
    return NULL;
  return ph_filter_new_converter (G_CONVERTER (in), G_CONVERTER (out));
}

static GError *
test_command_refuse (PhCommand *command, PhReply *reply)
{
  if (g_strcmp0 (ph_reply_get_response_code (reply), "XOWN") != 0)
    return NULL;
  return ph_error_new (PH_ERROR_IN_USE, reply, NULL, "taken");
}

static void
test_command_class_init (TestCommandClass *klass)
{
  klass->write = test_command_write;
  klass->proceed = test_command_proceed;
  klass->interrupt = test_command_interrupt;
  klass->get_filter = test_command_get_filter;
  klass->refuse = test_command_refuse;
}

static void
test_command_init (TestCommand *self)
{
}

static PhCommand *
make_command (const char *verb, PhCommandFlags flags)
{
  TestCommand *command = g_object_new (test_command_get_type (), NULL);

  command->verb = verb;
  ph_command_set_name (PH_COMMAND (command), verb);
  ph_command_set_flags (PH_COMMAND (command), flags);
  return PH_COMMAND (command);
}

typedef struct {
  PhExtension parent;
  gboolean    steps, idle, compress;
  PhListening listening;
  guint       n_responses, n_codes;
} TestExtension;
typedef PhExtensionClass TestExtensionClass;

GType test_extension_get_type (void);
G_DEFINE_TYPE (TestExtension, test_extension, PH_TYPE_EXTENSION)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestExtension, g_object_unref)

static gboolean
test_extension_receive (PhExtension *extension, const PhResponse *response)
{
  ((TestExtension *) extension)->n_responses++;
  if (g_str_equal (ph_response_get_name (response), "XDATA"))
    ph_extension_post (extension, PH_TYPE_RESPONSE, ph_response_copy (response));
  return ph_response_get_number (response) != 9;
}

static void
test_extension_receive_code (PhExtension *extension, const PhResponse *response)
{
  g_assert_cmpstr (ph_response_get_code (response), ==, "XCODE");
  ((TestExtension *) extension)->n_codes++;
}

static PhCommand *
test_extension_make_step (PhExtension *extension, PhStage stage)
{
  static const char *const verbs[] = { "STEP-CONNECTED", "STEP-AUTHENTICATED", "STEP-SELECTED" };
  TestExtension *self = (TestExtension *) extension;

  if (self->compress && stage == PH_STAGE_AUTHENTICATED)
    return make_command ("COMPRESS", PH_COMMAND_ALONE);
  return self->steps ? make_command (verbs[stage], PH_COMMAND_NONE) : NULL;
}

static PhCommand *
test_extension_make_idle (PhExtension *extension)
{
  return ((TestExtension *) extension)->idle ? make_command ("IDLE", PH_COMMAND_IDLE) : NULL;
}

static PhListening
test_extension_listening (PhExtension *extension)
{
  return ((TestExtension *) extension)->listening;
}

static void
test_extension_class_init (TestExtensionClass *klass)
{
  static const char *const responses[] = { "XDATA", "EXISTS", NULL };
  static const char *const codes[] = { "XCODE", NULL };
  static const char *const enable[] = { "UTF8=ACCEPT", "NOTOFFERED", NULL };

  klass->responses = responses;
  klass->response_codes = codes;
  klass->enable = enable;
  klass->receive = test_extension_receive;
  klass->receive_code = test_extension_receive_code;
  klass->make_step = test_extension_make_step;
  klass->make_idle = test_extension_make_idle;
  klass->listening = test_extension_listening;
}

static void
test_extension_init (TestExtension *self)
{
}

/* As the session does: right behind the event, before the next poll. */
static void
add_extension (PhHarness *harness, PhEvent *event)
{
  if (event->kind != PH_EVENT_CAPABILITIES || harness->user_data == NULL)
    return;

  ph_extension_attach (harness->user_data, NULL, harness->engine, "TEST", FALSE);
  ph_engine_add_extension (harness->engine, harness->user_data);
  harness->user_data = NULL;
}

static PhHarness *
new_harness (TestExtension *extension)
{
  PhHarness *harness = imap_harness_new ();

  harness->on_event = add_extension;
  harness->user_data = extension;
  ph_harness_start (harness);
  return harness;
}

static TestExtension *
new_extension (void)
{
  return g_object_new (test_extension_get_type (), NULL);
}

/* With the mailbox selected by A1 */
static PhHarness *
select_with (TestExtension *extension)
{
  PhHarness *harness = new_harness (extension);
  g_autoptr (PhCommand) select = NULL;

  ph_harness_push (harness, "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  select = imap_make (harness, select, "INBOX", FALSE);
  ph_harness_submit (harness, select);
  ph_harness_expect (harness, "A1 SELECT \"INBOX\"\r\n");
  ph_harness_push (harness, "* 3 EXISTS\r\nA1 OK done\r\n");
  ph_harness_expect_done (harness, select);
  return harness;
}

static void
set_idle (PhHarness *harness, gboolean idle)
{
  ph_engine_set_idle (harness->engine, idle, harness->now);
  ph_harness_pump (harness);
}

static void
test_steps (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = NULL;
  g_autoptr (PhCommand) select = NULL, noop = NULL;

  extension->steps = TRUE;
  harness = new_harness (extension);
  harness->setup.login = TRUE;
  ph_harness_push (harness, "* PREAUTH [CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT] hi\r\n");
  ph_harness_expect (harness, "A1 STEP-CONNECTED\r\n");
  ph_harness_push (harness, "A1 OK done\r\n");
  /* in one write; only what is offered is enabled */
  ph_harness_expect (harness, "A2 ENABLE UTF8=ACCEPT\r\nA3 STEP-AUTHENTICATED\r\n");
  ph_harness_push (harness, "* ENABLED UTF8=ACCEPT\r\nA2 OK done\r\nA3 NO not today\r\n");
  /* a step that fails is no reason to give up */
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);

  select = imap_make (harness, select, "\xc3\xa4", FALSE);
  noop = ph_engine_make_noop (harness->engine);
  ph_harness_submit (harness, select);
  ph_harness_submit (harness, noop);
  ph_harness_expect (harness, "A4 SELECT \"\xc3\xa4\"\r\n");
  ph_harness_push (harness, "A4 OK done\r\n");
  ph_harness_expect (harness, "A5 STEP-SELECTED\r\nA6 NOOP\r\n");
}

static void
test_responses (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = select_with (extension);
  guint before = extension->n_responses;

  ph_harness_push (harness, "* XDATA (a)\r\n* 9 XDATA\r\n* OTHER\r\n* 5 EXISTS\r\n* OK [XCODE 1] x\r\n");
  g_assert_cmpuint (extension->n_responses - before, ==, 3);
  g_assert_cmpuint (extension->n_codes, ==, 1);
  /* what it did not claim; and the bookkeeping can't be taken from the engine */
  g_assert_cmpstr (ph_response_get_name (ph_harness_expect_event (harness, PH_EVENT_RESPONSE)->response), ==, "XDATA");
  g_assert_cmpstr (ph_response_get_name (ph_harness_expect_event (harness, PH_EVENT_RESPONSE)->response), ==, "OTHER");
  ph_harness_expect_no_event (harness, PH_EVENT_RESPONSE);
  /* what it posted comes as an event of its own, each in its place */
  for (guint i = 0; i < 2; i++)
    {
      PhEvent *event = ph_harness_expect_event (harness, PH_EVENT_EXTENSION);

      g_assert_true (event->extension == PH_EXTENSION (extension) && event->type == PH_TYPE_RESPONSE);
      g_assert_cmpuint (ph_response_get_number (event->boxed), ==, i == 0 ? 0 : 9);
    }
  g_assert_cmpuint (ph_harness_expect_event (harness, PH_EVENT_MAILBOX)->change.number, ==, 5);
}

static void
test_proceed (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) ask = make_command ("ASK", PH_COMMAND_ALONE);

  ph_harness_submit (harness, ask);
  ph_harness_expect (harness, "A1 ASK\r\n");
  ph_harness_push (harness, "+ what?\r\n");
  ph_harness_expect (harness, "ANSWER\r\n");
  ph_harness_push (harness, "A1 OK done\r\n");
  ph_harness_expect_done (harness, ask);
}

static void
test_own_refusal (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) ask = make_command ("ASK", PH_COMMAND_NONE);
  g_autoptr (PhCommand) again = make_command ("ASK", PH_COMMAND_NONE);

  ph_harness_submit (harness, ask);
  ph_harness_push (harness, "A1 NO [XOWN] mine\r\n");
  ph_harness_expect_error (harness, ask, PH_ERROR_IN_USE);
  ph_harness_submit (harness, again);
  ph_harness_push (harness, "A2 NO [NOPERM] everybody's\r\n");
  ph_harness_expect_error (harness, again, PH_ERROR_NO_PERMISSION);
}

/* Where the server tells of more than the selected mailbox, there is something to wait for without one. */
static void
test_idle_without_a_mailbox (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = new_harness (extension);

  extension->idle = TRUE;
  ph_harness_push (harness, "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n");
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  set_idle (harness, TRUE);
  ph_harness_expect_nothing (harness);
  extension->listening = PH_LISTENING_ELSEWHERE;
  ph_harness_pump (harness);
  ph_harness_expect (harness, "A1 IDLE\r\n");
  ph_harness_push (harness, "+ idling\r\n");
  set_idle (harness, FALSE);
  ph_harness_expect (harness, "DONE\r\n");
}

/* RFC 2177 */
static void
test_idle (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = NULL;
  g_autoptr (PhCommand) noop = NULL;

  extension->idle = TRUE;
  harness = select_with (extension);
  ph_harness_expect_nothing (harness);
  set_idle (harness, TRUE);
  ph_harness_expect (harness, "A2 IDLE\r\n");
  ph_harness_push (harness, "* 4 EXISTS\r\n+ idling\r\n* 5 EXISTS\r\n");
  ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
  ph_harness_expect_event (harness, PH_EVENT_MAILBOX);

  /* out of the way at once, and back when nothing is left to be done */
  noop = ph_engine_make_noop (harness->engine);
  ph_harness_submit (harness, noop);
  ph_harness_expect (harness, "DONE\r\nA3 NOOP\r\n");
  ph_harness_push (harness, "A2 OK done\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_push (harness, "A3 OK done\r\n");
  ph_harness_expect_done (harness, noop);
  ph_harness_expect (harness, "A4 IDLE\r\n");
  ph_harness_push (harness, "+ idling\r\n");

  /* renewed before the server gives up, and no timeout while it listens */
  ph_harness_advance (harness, 1739);
  ph_harness_expect_nothing (harness);
  ph_harness_advance (harness, 2);
  ph_harness_expect (harness, "DONE\r\n");
  ph_harness_push (harness, "A4 OK done\r\n");
  ph_harness_expect (harness, "A5 IDLE\r\n");
  ph_harness_push (harness, "+ idling\r\n");
  set_idle (harness, FALSE);
  ph_harness_expect (harness, "DONE\r\n");
  ph_harness_push (harness, "A5 OK done\r\n");
  ph_harness_expect_nothing (harness);
  ph_harness_expect_no_event (harness, PH_EVENT_COMMAND);
  ph_harness_expect_no_event (harness, PH_EVENT_WARNING);
}

/* The command comes before the server's "+"; and a server that never says it */
static void
test_idle_without_go_ahead (gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (TestExtension) extension = new_extension ();
      g_autoptr (PhHarness) harness = NULL;
      g_autoptr (PhCommand) noop = NULL;

      extension->idle = TRUE;
      harness = select_with (extension);
      set_idle (harness, TRUE);
      noop = ph_engine_make_noop (harness->engine);
      ph_harness_submit (harness, noop);
      ph_harness_expect (harness, "A2 IDLE\r\n");
      if (i == 0)
        ph_harness_push (harness, "+ idling\r\n");
      else
        ph_harness_advance (harness, 6);
      ph_harness_expect (harness, "DONE\r\nA3 NOOP\r\n");
      ph_harness_push (harness, "A2 OK x\r\nA3 OK x\r\n");
      ph_harness_expect_done (harness, noop);
    }
}

static void
test_idle_refused (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = NULL;

  extension->idle = TRUE;
  harness = select_with (extension);
  set_idle (harness, TRUE);
  ph_harness_expect (harness, "A2 IDLE\r\n");
  ph_harness_push (harness, "A2 BAD what?\r\n");
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_nothing (harness);
  ph_harness_advance (harness, 61);
  ph_harness_expect (harness, "A3 NOOP\r\n");
}

static void
test_polling (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = select_with (extension);

  set_idle (harness, TRUE);
  ph_harness_advance (harness, 59);
  ph_harness_expect_nothing (harness);
  ph_harness_advance (harness, 2);
  ph_harness_expect (harness, "A2 NOOP\r\n");
  ph_harness_push (harness, "* 4 EXISTS\r\nA2 OK x\r\n");
  ph_harness_expect_event (harness, PH_EVENT_MAILBOX);
  ph_harness_advance (harness, 61);
  ph_harness_expect (harness, "A3 NOOP\r\n");
  ph_harness_push (harness, "A3 OK x\r\n");
  set_idle (harness, FALSE);
  ph_harness_advance (harness, 1000);
  ph_harness_expect_nothing (harness);
}

/* A program's own IDLE: ended by the next command, and by cancelling */
static void
test_own_idle (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_select ("");
  g_autoptr (PhCommand) idle = make_command ("IDLE", PH_COMMAND_IDLE);
  g_autoptr (PhCommand) again = make_command ("IDLE", PH_COMMAND_IDLE);
  g_autoptr (PhCommand) noop = ph_engine_make_noop (harness->engine);

  ph_harness_submit (harness, idle);
  ph_harness_push (harness, "+ idling\r\n");
  ph_harness_submit (harness, noop);
  ph_harness_expect (harness, "A2 IDLE\r\nDONE\r\nA3 NOOP\r\n");
  ph_harness_push (harness, "A2 OK x\r\nA3 OK x\r\n");
  ph_harness_expect_done (harness, idle);

  ph_harness_submit (harness, again);
  ph_harness_push (harness, "+ idling\r\n");
  ph_harness_cancel (harness, again, g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "x"));
  ph_harness_expect (harness, "A4 IDLE\r\nDONE\r\n");
  ph_harness_push (harness, "A4 OK x\r\n");
  ph_harness_expect_error (harness, again, PH_ERROR_FAILED);
}

/* The engine stops behind the OK: what follows is the filter's input. */
static void
test_filter (void)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = NULL;
  static const char reply[] = "A1 OK deflating\r\n\x01\x02\x03";
  PhWant want;

  extension->compress = TRUE;
  harness = new_harness (extension);
  ph_harness_push (harness, "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n");
  ph_harness_expect (harness, "A1 COMPRESS\r\n");
  ph_harness_expect_no_event (harness, PH_EVENT_OPENED);
  g_assert_cmpuint (ph_engine_receive (harness->engine, (const guint8 *) reply, strlen (reply), harness->now), ==, 17);
  ph_engine_poll (harness->engine, &want, harness->now);
  g_assert_cmpint (want.kind, ==, PH_WANT_FILTER);
  g_assert_true (PH_IS_FILTER (want.filter));
  g_assert_cmpuint (ph_engine_receive (harness->engine, (const guint8 *) reply + 17, 3, harness->now), ==, 0);
  ph_engine_upgraded (harness->engine, NULL, harness->now);
  ph_harness_pump (harness);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_filter_refused (gconstpointer data)
{
  g_autoptr (TestExtension) extension = new_extension ();
  g_autoptr (PhHarness) harness = NULL;

  extension->compress = TRUE;
  harness = new_harness (extension);
  ph_harness_push (harness, "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n");
  ph_harness_push (harness, "A1 NO [COMPRESSIONACTIVE] already\r\n");
  g_assert_null (harness->filter);
  ph_harness_expect_event (harness, PH_EVENT_WARNING);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
}

static void
test_names (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhValue) name = ph_value_new_string ("Entw&APw-rfe");
  g_autofree char *decoded = PH_STORE_ENGINE_GET_IFACE (imap_store (harness))->decode_mailbox (imap_store (harness), name);

  g_assert_cmpstr (decoded, ==, "Entw\xc3\xbcrfe");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("extension/steps-of-each-stage", test_steps);
  imap_test ("extension/responses-and-codes", test_responses);
  imap_test ("extension/continuation", test_proceed);
  imap_test ("extension/its-own-refusal", test_own_refusal);
  imap_test ("idle/without-a-mailbox", test_idle_without_a_mailbox);
  imap_test ("idle/comes-and-goes", test_idle);
  imap_test ("idle/without-go-ahead", test_idle_without_go_ahead);
  imap_test ("idle/refused", test_idle_refused);
  imap_test ("idle/noop-where-there-is-none", test_polling);
  imap_test ("idle/the-program-s-own", test_own_idle);
  g_test_add_func ("/imap/extension/filter-and-leftovers", test_filter);
  imap_test ("extension/filter-refused", test_filter_refused);
  imap_test ("extension/mailbox-names", test_names);
  return g_test_run ();
}
