/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store that was lost is restored, and its mailbox tells what changed meanwhile; a sleep and a change of the network make it look. */
#include "driving/ph-keeper.h"

#include "ph-scripted-server.h"

#define CAPABLE(words) "send * PREAUTH [CAPABILITY IMAP4rev1 " words "] hello\n"
#define SELECT(validity, next, more) \
  "match (?P<t>\\S+) SELECT \"INBOX\".*\nsend * 3 EXISTS\nsend * OK [UIDVALIDITY " validity "] x\nsend * OK [UIDNEXT " next "] x\n" more \
  "send ${t} OK [READ-WRITE] x\n"
#define MOD_SEQ(n) "send * OK [HIGHESTMODSEQ " n "] x\n"
#define UIDS(uids) "match (?P<t>\\S+) UID SEARCH ALL\nsend * SEARCH " uids "\nsend ${t} OK x\n"
#define NOOP "match (?P<t>\\S+) NOOP\nsend ${t} OK x\n"
#define BYE "gone\n"
/* The program's mailbox before the loss: UIDs 1 to 3 */
#define FIRST CAPABLE ("CONDSTORE") SELECT ("7", "4", MOD_SEQ ("10")) UIDS ("1 2 3")

typedef struct {
  PhScriptedServer *server;
  PhStore *store;
  PhMailbox *mailbox;
  GString *log;
} Fixture;

static void
on_added (PhMailbox *mailbox, guint number, guint uid, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "added %u %u;", number, uid);
}

static void
on_removed (PhMailbox *mailbox, guint number, guint uid, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "removed %u %u;", number, uid);
}

static void
on_flags (PhMailbox *mailbox, PhMessage *message, Fixture *fixture)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autofree char *words = g_strjoinv (" ", flags);

  g_string_append_printf (fixture->log, "flags %u %s;", ph_message_get_uid (message), words);
}

static void
on_validity (PhMailbox *mailbox, guint before, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "validity %u %u;", before, ph_mailbox_get_uid_validity (mailbox));
}

static void
on_restored (PhStore *store, PhMailbox *mailbox, Fixture *fixture)
{
  g_assert_true (mailbox == fixture->mailbox);
  g_assert_true (ph_store_get_selected (store) == mailbox);
  g_assert_true (ph_mailbox_is_selected (mailbox));
  g_assert_false (ph_store_is_restoring (store));
  g_string_append (fixture->log, "restored;");
}

static void
on_trace (PhStore *store, PhTraceDirection direction, GBytes *data, gpointer user_data)
{
  g_test_message ("%d %.*s", direction, (int) g_bytes_get_size (data), (const char *) g_bytes_get_data (data, NULL));
}

static void
on_selected (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  fixture->mailbox = ph_store_select_finish (PH_STORE (source), result, &error);
  g_assert_no_error (error);
}

static void
prepare (Fixture *fixture, const char *script)
{
  g_autofree char *uri = NULL;
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();

  fixture->log = g_string_new (NULL);
  fixture->server = ph_scripted_server_new (script, NULL);
  uri = ph_scripted_server_uri (fixture->server, "imap://localhost");
  fixture->store = PH_STORE (ph_session_new (uri, NULL));
  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_session_set_policy (PH_SESSION (fixture->store), policy);
  ph_session_set_timeout (PH_SESSION (fixture->store), PH_TIMEOUT_CONNECT, 1);
  ph_store_set_restore (fixture->store, TRUE);
  g_signal_connect (fixture->store, "trace", G_CALLBACK (on_trace), NULL);
}

static void
begin (Fixture *fixture, const char *script)
{
  prepare (fixture, script);
  g_signal_connect (fixture->store, "restored", G_CALLBACK (on_restored), fixture);
  ph_store_select_async (fixture->store, "INBOX", NULL, on_selected, fixture);
  while (fixture->mailbox == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_signal_connect (fixture->mailbox, "message-added", G_CALLBACK (on_added), fixture);
  g_signal_connect (fixture->mailbox, "message-removed", G_CALLBACK (on_removed), fixture);
  g_signal_connect (fixture->mailbox, "flags-changed", G_CALLBACK (on_flags), fixture);
  g_signal_connect (fixture->mailbox, "uid-validity-changed", G_CALLBACK (on_validity), fixture);
}

static void
await (Fixture *fixture, const char *end)
{
  while (!g_str_has_suffix (fixture->log->str, end))
    g_main_context_iteration (NULL, TRUE);
}

static void
finish (Fixture *fixture, const char *log)
{
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_clear_object (&fixture->mailbox);
  g_clear_object (&fixture->store);
  ph_scripted_server_finish (fixture->server);
  ph_scripted_server_free (fixture->server);
  g_string_free (fixture->log, TRUE);
}

static void
on_noop (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  ph_session_noop_finish (PH_SESSION (source), result, &error);
  g_assert_no_error (error);
  g_string_append (fixture->log, "noop;");
}

/* What is asked for while there is no session waits until the mailbox is selected again; who would block is told so. */
static void
on_restoring (PhStore *store, GParamSpec *pspec, Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  if (!ph_store_is_restoring (store))
    return;
  g_assert_false (ph_mailbox_is_selected (fixture->mailbox));
  g_assert_false (ph_session_noop (PH_SESSION (store), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  ph_session_noop_async (PH_SESSION (store), NULL, on_noop, fixture);
}

static void
test_what_changed_by_condstore (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, FIRST "close\naccept\n" CAPABLE ("CONDSTORE") SELECT ("7", "5", MOD_SEQ ("20")) UIDS ("1 3 4")
         "match (?P<t>\\S+) UID FETCH 1:\\* \\(UID FLAGS\\) \\(CHANGEDSINCE 10\\)\n"
         "send * 2 FETCH (UID 3 FLAGS (\\\\Seen) MODSEQ (15))\nsend * 3 FETCH (UID 4 FLAGS () MODSEQ (16))\nsend ${t} OK x\n"
         UIDS ("1 3 4") NOOP BYE);
  g_signal_connect (fixture.store, "notify::restoring", G_CALLBACK (on_restoring), &fixture);
  await (&fixture, "noop;");
  g_assert_cmpuint (ph_mailbox_get_number (fixture.mailbox, 4), ==, 3);
  g_assert_cmpuint (ph_mailbox_get_highest_mod_seq (fixture.mailbox), ==, 20);
  finish (&fixture, "removed 2 2;added 3 4;flags 3 \\Seen;restored;noop;");
}

/* Without mod-sequences all flags were fetched when the mailbox was selected. The first two tries fail: one at the greeting, one later. */
static void
test_what_changed_without_condstore (void)
{
#define ALL_FLAGS "match (?P<t>\\S+) UID FETCH 1:\\* \\(UID FLAGS\\)\n"
  Fixture fixture = { 0 };

  begin (&fixture, CAPABLE ("") SELECT ("7", "4", "") UIDS ("1 2 3") ALL_FLAGS
         "send * 1 FETCH (UID 1 FLAGS (\\\\Seen))\nsend * 2 FETCH (UID 2 FLAGS ())\nsend * 3 FETCH (UID 3 FLAGS ())\nsend ${t} OK x\n"
         "send * 3 FETCH (UID 3 FLAGS (\\\\Flagged))\nclose\n"
         "accept\nclose\n"
         "accept\n" CAPABLE ("") SELECT ("7", "4", "") "match (?P<t>\\S+) UID SEARCH ALL\nreset\n"
         "accept\n" CAPABLE ("") SELECT ("7", "4", "") UIDS ("1 2 3") ALL_FLAGS
         "send * 1 FETCH (UID 1 FLAGS ())\nsend * 2 FETCH (UID 2 FLAGS ())\nsend * 3 FETCH (UID 3 FLAGS (\\\\Flagged))\nsend ${t} OK x\n" BYE);
  await (&fixture, "restored;");
  finish (&fixture, "flags 3 \\Flagged;flags 1 ;restored;");
}

static void
test_another_uid_validity (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, FIRST "close\naccept\n" CAPABLE ("CONDSTORE") SELECT ("8", "4", MOD_SEQ ("20")) UIDS ("1 2 3")
         "match (?P<t>\\S+) UID FETCH 1:\\* \\(UID FLAGS\\)\nsend ${t} OK x\n" BYE);
  await (&fixture, "restored;");
  g_assert_true (ph_mailbox_has_uids (fixture.mailbox));
  finish (&fixture, "validity 7 8;restored;");
}

/* A mailbox that is gone is not looked for for ever, and who waits is told. */
static void
on_noop_failed (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_session_noop_finish (PH_SESSION (source), result, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_MAILBOX);
  g_string_append (fixture->log, "gone;");
}

static void
wait_in_vain (PhStore *store, GParamSpec *pspec, Fixture *fixture)
{
  if (ph_store_is_restoring (store))
    ph_session_noop_async (PH_SESSION (store), NULL, on_noop_failed, fixture);
}

static void
test_a_mailbox_that_is_gone (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, FIRST "close\naccept\n" CAPABLE ("CONDSTORE") "match (?P<t>\\S+) SELECT \"INBOX\".*\nsend ${t} NO [NONEXISTENT] none\n" BYE);
  g_signal_connect (fixture.store, "notify::restoring", G_CALLBACK (wait_in_vain), &fixture);
  await (&fixture, "gone;");
  g_assert_false (ph_store_is_restoring (fixture.store));
  finish (&fixture, "gone;");
}

static void
on_status (PhNotify *notify, PhMailboxStatus *status, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%s %u;", ph_mailbox_status_get_name (status), ph_mailbox_status_get_n_messages (status));
}

static void
on_stands (PhStore *store, PhMailbox *mailbox, Fixture *fixture)
{
  g_assert_null (mailbox);
  g_assert_true (ph_session_is_open (PH_SESSION (store)));
  g_string_append (fixture->log, "restored;");
}

/* No mailbox is selected, and the server tells of two by NOTIFY: the session is made again, and asks again. */
static void
test_what_an_extension_listens_to (void)
{
#define NOTIFY_SET(answer) "match (?P<t>\\S+) NOTIFY SET .*\n" answer "send ${t} OK x\n"
  const char *const mailboxes[] = { "one", "two", NULL };
  Fixture fixture = { 0 };
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (GPtrArray) statuses = NULL;
  g_autoptr (GError) error = NULL;
  PhNotify *notify;

  prepare (&fixture, CAPABLE ("NOTIFY") NOTIFY_SET ("send * STATUS one (MESSAGES 1)\n") "close\naccept\n" CAPABLE ("NOTIFY")
           NOTIFY_SET ("send * STATUS one (MESSAGES 2)\nsend * STATUS two (MESSAGES 5)\n") NOOP BYE);
  g_signal_connect (fixture.store, "restored", G_CALLBACK (on_stands), &fixture);
  notify = PH_NOTIFY (ph_session_require_extension (PH_SESSION (fixture.store), PH_TYPE_NOTIFY, NULL, &error));
  g_assert_no_error (error);
  g_signal_connect (notify, "status", G_CALLBACK (on_status), &fixture);
  ph_notify_request_add (request, PH_NOTIFY_MAILBOXES, mailboxes, PH_NOTIFY_MESSAGES);
  statuses = ph_notify_set (notify, request, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (statuses->len, ==, 1);
  ph_store_set_watch (fixture.store, TRUE);
  await (&fixture, "restored;");
  g_assert_true (PH_NOTIFY (ph_session_get_extension (PH_SESSION (fixture.store), PH_TYPE_NOTIFY)) == notify);
  finish (&fixture, "one 2;two 5;restored;");
#undef NOTIFY_SET
}

static void
test_closing_is_no_loss (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;

  begin (&fixture, FIRST NOOP "match (?P<t>\\S+) LOGOUT\nsend * BYE x\nsend ${t} OK x\n" BYE);
  g_assert_true (ph_session_noop (PH_SESSION (fixture.store), NULL, &error));
  g_assert_true (ph_session_close (PH_SESSION (fixture.store), NULL, &error));
  g_assert_no_error (error);
  g_assert_false (ph_store_is_restoring (fixture.store));
  finish (&fixture, "");
}

static void
test_delays (void)
{
  g_assert_cmpuint (ph_keeper_get_delay (0, 1), ==, 0);
  g_assert_cmpuint (ph_keeper_get_delay (1, 0.5), ==, 1000);
  g_assert_cmpuint (ph_keeper_get_delay (4, 0.5), ==, 8000);
  g_assert_cmpuint (ph_keeper_get_delay (4, 0), ==, 6000);
  g_assert_cmpuint (ph_keeper_get_delay (4, 1), ==, 10000);
  g_assert_cmpuint (ph_keeper_get_delay (4000000000u, 1), ==, 375000);
}

/* --- sleep and network --- */

/* Who speaks for logind and NetworkManager on a bus of the test's own; a thread, since GIO asks NetworkManager by blocking calls. */
static GDBusConnection *stand_in;
static GAsyncQueue *ready;
static int connectivity = 4;  /* NM_CONNECTIVITY_FULL */

/* NM_STATE_CONNECTED_GLOBAL, NM_STATE_DISCONNECTED */
static guint32
get_state (guint32 value)
{
  return value == 4 ? 70 : 20;
}

static GVariant *
get_property (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name, GError **error,
              gpointer data)
{
  guint32 value = (guint32) g_atomic_int_get (&connectivity);

  if (g_str_equal (name, "Version"))
    return g_variant_new_string ("1.42");
  return g_variant_new_uint32 (g_str_equal (name, "State") ? get_state (value) : value);
}

static gpointer
serve (gpointer data)
{
  static const GDBusInterfaceVTable vtable = { .get_property = get_property };
  GMainContext *context = g_main_context_new ();
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='org.freedesktop.NetworkManager'><property name='Connectivity' type='u' access='read'/>"
    "<property name='Metered' type='u' access='read'/><property name='State' type='u' access='read'/>"
    "<property name='Version' type='s' access='read'/></interface></node>", NULL);
  const char *const names[] = { "org.freedesktop.login1", "org.freedesktop.NetworkManager" };

  g_main_context_push_thread_default (context);
  stand_in = g_dbus_connection_new_for_address_sync (
    data, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, NULL);
  g_dbus_connection_register_object (stand_in, "/org/freedesktop/NetworkManager", node->interfaces[0], &vtable, NULL, NULL, NULL);
  g_clear_pointer (&node, g_dbus_node_info_unref);    /* this function never ends */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GVariant) owned =
        g_dbus_connection_call_sync (stand_in, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                     g_variant_new ("(su)", names[i], 4), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

      g_assert_nonnull (owned);
    }
  g_async_queue_push (ready, stand_in);
  while (TRUE)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

static void
say_sleep (gboolean begins)
{
  g_dbus_connection_emit_signal (stand_in, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
                                 g_variant_new ("(b)", begins), NULL);
}

static void
say_connectivity (guint32 value)
{
  GVariantBuilder changed;

  g_atomic_int_set (&connectivity, (int) value);
  g_variant_builder_init (&changed, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&changed, "{sv}", "Connectivity", g_variant_new_uint32 (value));
  g_variant_builder_add (&changed, "{sv}", "State", g_variant_new_uint32 (get_state (value)));
  g_dbus_connection_emit_signal (stand_in, NULL, "/org/freedesktop/NetworkManager", "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", "org.freedesktop.NetworkManager", &changed, NULL), NULL);
}

static void
note_asked (PhStore *store, PhTraceDirection direction, GBytes *data, gboolean *asked)
{
  *asked |= direction == PH_TRACE_SENT && g_strstr_len (g_bytes_get_data (data, NULL), (gssize) g_bytes_get_size (data), "NOOP") != NULL;
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The signal may come before the store listens, so it is said again where nothing was heard of it for long. */
static void
wake_up (PhStore *store)
{
  gboolean asked = FALSE;
  gulong handler = g_signal_connect (store, "trace", G_CALLBACK (note_asked), &asked);

  while (!asked)
    {
      gboolean waited = FALSE;
      guint timer = g_timeout_add_seconds (5, set_true, &waited);

      say_sleep (FALSE);
      while (!asked && !waited)
        g_main_context_iteration (NULL, TRUE);
      if (!waited)
        g_source_remove (timer);
    }
  g_signal_handler_disconnect (store, handler);
}

/* The server answers nothing any more, as one behind a router that forgot the connection while the machine slept: another connection is
 * made, without waiting for the patience of a command. */
static void
test_waking_up (void)
{
  Fixture fixture = { 0 };

  begin (&fixture, FIRST "match (?P<t>\\S+) NOOP\ntell asked\nhang\naccept\n" CAPABLE ("CONDSTORE") SELECT ("7", "4", MOD_SEQ ("10"))
         UIDS ("1 2 3") "match (?P<t>\\S+) UID FETCH .*\nsend ${t} OK x\n" UIDS ("1 2 3") BYE);
  say_sleep (TRUE);
  wake_up (fixture.store);
  await (&fixture, "restored;");
  finish (&fixture, "restored;");
}

static void
note_noop (PhStore *store, PhTraceDirection direction, GBytes *data, Fixture *fixture)
{
  if (direction == PH_TRACE_SENT && g_strstr_len (g_bytes_get_data (data, NULL), (gssize) g_bytes_get_size (data), "NOOP") != NULL)
    g_string_append (fixture->log, "asked;");
}

/* The same where the network went and came; and a server that still answers keeps its session. */
static void
test_another_network (void)
{
  Fixture fixture = { 0 };
  gulong handler;

  begin (&fixture, FIRST NOOP NOOP BYE);
  handler = g_signal_connect (fixture.store, "trace", G_CALLBACK (note_noop), &fixture);
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (g_network_monitor_get_default ()), ==, "GNetworkMonitorNM");
  say_connectivity (1);
  while (g_network_monitor_get_network_available (g_network_monitor_get_default ()))
    g_main_context_iteration (NULL, TRUE);
  say_connectivity (4);
  while (!g_network_monitor_get_network_available (g_network_monitor_get_default ()))
    g_main_context_iteration (NULL, TRUE);
  await (&fixture, "asked;");
  g_signal_handler_disconnect (fixture.store, handler);
  ph_session_noop_async (PH_SESSION (fixture.store), NULL, on_noop, &fixture);
  await (&fixture, "noop;");
  g_assert_false (ph_store_is_restoring (fixture.store));
  finish (&fixture, "asked;noop;");
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = NULL;
  int status;

  g_setenv ("GIO_USE_NETWORK_MONITOR", "networkmanager", TRUE);
  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (bus), TRUE);
  ready = g_async_queue_new ();
  g_thread_unref (g_thread_new ("stand-in", serve, (gpointer) g_test_dbus_get_bus_address (bus)));
  g_async_queue_pop (ready);

  g_test_add_func ("/restore/delays", test_delays);
  g_test_add_func ("/restore/what-changed-by-condstore", test_what_changed_by_condstore);
  g_test_add_func ("/restore/what-changed-without-condstore", test_what_changed_without_condstore);
  g_test_add_func ("/restore/another-uid-validity", test_another_uid_validity);
  g_test_add_func ("/restore/a-mailbox-that-is-gone", test_a_mailbox_that_is_gone);
  g_test_add_func ("/restore/what-an-extension-listens-to", test_what_an_extension_listens_to);
  g_test_add_func ("/restore/closing-is-no-loss", test_closing_is_no_loss);
  g_test_add_func ("/restore/waking-up", test_waking_up);
  g_test_add_func ("/restore/another-network", test_another_network);
  status = g_test_run ();
  g_test_dbus_stop (bus);
  return status;
}
