/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The notifier of examples/ on a screen of its own, at a real server: logs in, keeps the password, lists, tells of new mail, loses its connection. Run by
 * servers.py and desktop.py --keyring --display. PH_TEST_SCREENSHOT: where to put a picture of the window.
 */
#include "notifier-application.h"
#include "notifier-window.h"
#include "ph-await.h"

#include <string.h>

/* ---- waiting, and looking at the window ---- */

typedef gboolean (*Test) (gconstpointer data);

static void
wait_until (Test test, gconstpointer data)
{
  while (!test (data))
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
get_window (void)
{
  return GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (g_application_get_default ())));
}

/* The first that a person can see: of @type, and with @text where it is a label or button. */
static GtkWidget *
find (GtkWidget *widget, GType type, const char *text)
{
  const char *shown = NULL;

  if (widget == NULL || !gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_LABEL (widget))
    shown = gtk_label_get_text (GTK_LABEL (widget));
  else if (GTK_IS_BUTTON (widget))
    shown = gtk_button_get_label (GTK_BUTTON (widget));
  if (g_type_is_a (G_OBJECT_TYPE (widget), type) && (text == NULL || (shown != NULL && strstr (shown, text) != NULL)))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
shows (gconstpointer text)
{
  return find (get_window (), GTK_TYPE_LABEL, text) != NULL;
}

static gboolean
shows_not (gconstpointer text)
{
  return !shows (text);
}

static gboolean
has_count (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "count") && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_count (child, text))
      return TRUE;
  return FALSE;
}

/* unread messages, of any mailbox */
static gboolean
counts (gconstpointer text)
{
  return has_count (get_window (), text);
}

static gboolean
asks_for_password (gconstpointer data)
{
  return find (get_window (), GTK_TYPE_PASSWORD_ENTRY, NULL) != NULL;
}

static void
type_password (const char *password)
{
  wait_until (asks_for_password, NULL);
  gtk_editable_set_text (GTK_EDITABLE (find (get_window (), GTK_TYPE_PASSWORD_ENTRY, NULL)), password);
  g_signal_emit_by_name (find (get_window (), GTK_TYPE_BUTTON, "Log In"), "clicked");
}

/* ---- who shows notifications ---- */

static GPtrArray *notified; /* "title: body" */

static void
on_notify (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method, GVariant *arguments,
           GDBusMethodInvocation *invocation, gpointer data)
{
  if (g_str_equal (method, "Notify"))
    {
      const char *title, *body;

      g_variant_get_child (arguments, 3, "&s", &title);
      g_variant_get_child (arguments, 4, "&s", &body);
      g_ptr_array_add (notified, g_strdup_printf ("%s: %s", title, body));
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", notified->len));
    }
  else if (g_str_equal (method, "GetCapabilities"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(^as)", (const char *[]){ "actions", "body", NULL }));
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
take_notifications (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_notify };
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='org.freedesktop.Notifications'><method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method><method name='Notify'><arg type='s' direction='in'/>"
    "<arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
    "</interface></node>", NULL);

  notified = g_ptr_array_new_with_free_func (g_free);
  g_dbus_connection_register_object (connection, "/org/freedesktop/Notifications", node->interfaces[0], &vtable, NULL, NULL, NULL);
  g_bus_own_name_on_connection (connection, "org.freedesktop.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
}

static gboolean
was_notified (gconstpointer text)
{
  for (guint i = 0; i < notified->len; i++)
    if (g_str_equal (notified->pdata[i], text))
      return TRUE;
  return FALSE;
}

/* ---- the server, and a way to it that can be cut ---- */

static GMutex lock;
static GPtrArray *ends; /* GIOStream: both ends of each way */
static gboolean is_cut;

static gpointer
carry (gpointer data)
{
  GIOStream **pair = data;

  g_output_stream_splice (g_io_stream_get_output_stream (pair[1]), g_io_stream_get_input_stream (pair[0]), G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (pair[1])), FALSE, TRUE, NULL);
  return NULL;
}

static gboolean
on_incoming (GThreadedSocketService *service, GSocketConnection *incoming, GObject *source, gpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) onward = g_socket_client_connect_to_host (client, data, 0, NULL, NULL);
  GIOStream *there[] = { G_IO_STREAM (incoming), G_IO_STREAM (onward) }, *back[] = { G_IO_STREAM (onward), G_IO_STREAM (incoming) };
  GThread *thread;

  g_mutex_lock (&lock);
  for (guint i = 0; i < 2; i++)
    g_ptr_array_add (ends, g_object_ref (there[i]));
  g_mutex_unlock (&lock);
  if (g_atomic_int_get (&is_cut))
    return TRUE;
  thread = g_thread_new ("back", carry, back);
  carry (there);
  g_thread_join (thread);
  return TRUE;
}

static void
cut (gboolean value)
{
  g_atomic_int_set (&is_cut, value);
  g_mutex_lock (&lock);
  for (guint i = 0; value && i < ends->len; i++)
    g_socket_shutdown (g_socket_connection_get_socket (ends->pdata[i]), TRUE, TRUE, NULL);
  g_mutex_unlock (&lock);
}

static PhSession *
open_session (const char *base, const char *port)
{
  g_autofree char *uri = g_strdup_printf ("%s:%s", base, g_getenv (port));
  g_autofree char *ca = g_build_filename (g_getenv ("PH_TEST_CERTIFICATES"), "ca.pem", NULL);
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, ca);
  ph_security_policy_set_tls_mode (policy, PH_TLS_PREFER);
  ph_session_set_policy (session, policy);
  ph_session_set_password (session, "wonderland");
  return session;
}

static void
append (PhStore *store, const char *mailbox, const char *from, const char *subject, int minutes_ago, gboolean seen)
{
  g_autofree char *text = g_strdup_printf ("From: %s\r\nTo: alice@example.test\r\nSubject: %s\r\n\r\nHello.\r\n", from, subject);
  g_autoptr (PhBody) body = ph_body_new_for_text (text);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) date = g_date_time_add_minutes (now, -minutes_ago);
  const char *const flags[] = { seen ? "\\Seen" : NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMessageSet) uids = ph_store_append (store, mailbox, body, flags, date, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (uids);
}

static void
fill_account (void)
{
  static const char *const mailboxes[] = { "Family", "Lists", "Work" };
  g_autoptr (PhSession) session = open_session ("imap://alice@localhost", "PH_TEST_IMAP_PORT");
  PhStore *store = PH_STORE (session);

  for (gsize i = 0; i < G_N_ELEMENTS (mailboxes); i++)
    g_assert_true (ph_store_create (store, mailboxes[i], NULL, NULL));
  append (store, "INBOX", "The White Rabbit <rabbit@example.org>", "I shall be late", 3000, TRUE);
  append (store, "INBOX", "Dinah <dinah@example.org>", "=?UTF-8?Q?Mice=2C_caf=C3=A9_and_cream?=", 1700, TRUE);
  append (store, "INBOX", "Cheshire Cat <cat@example.net>", "Where do you want to get to?", 190, FALSE);
  append (store, "INBOX", "Humpty Dumpty <humpty@wall.example>", "What words mean", 120, TRUE);
  append (store, "INBOX", "The Mad Hatter <hatter@example.net>", "It's always tea-time", 75, FALSE);
  append (store, "INBOX", "Caterpillar <caterpillar@example.org>", "Who are you?", 20, TRUE);
  append (store, "Lists", "gtk <gtk@example.org>", "List models", 60, FALSE);
  append (store, "Lists", "gtk <gtk@example.org>", "Re: List models", 50, FALSE);
  ph_session_close (session, NULL, NULL);
}

static void
deliver (const char *from, const char *subject)
{
  g_autoptr (PhSession) session = open_session ("lmtp://localhost", "PH_TEST_LMTP_PORT");
  g_autofree char *text = g_strdup_printf ("From: %s\r\nSubject: %s\r\n\r\nHello.\r\n", from, subject);
  g_autoptr (PhBody) body = ph_body_new_for_text (text);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("queen@example.org");
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  ph_session_set_credentials (session, NULL);
  ph_envelope_add_recipient (envelope, "alice@example.test");
  delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
  g_assert_no_error (error);
}

/* ---- the story ---- */

static char *uri;

static gboolean
is_in_keyring (gconstpointer keyring)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("PLAIN", "imap", "localhost");
  g_autoptr (GAsyncResult) result = NULL;

  ph_sasl_context_set_user (context, "alice");
  ph_credentials_lookup_async ((PhCredentials *) keyring, uri, PH_SASL_NEEDS_SECRET, context, NULL, ph_keep_result, &result);
  ph_await_result (&result);
  return ph_credentials_lookup_finish ((PhCredentials *) keyring, result, NULL) &&
         g_str_equal (ph_secret_get (ph_sasl_context_get_secret (context), NULL), "wonderland");
}

/* What a widget looks like is there once a frame was drawn. */
static void
take_picture (const char *path)
{
  GtkWidget *window = get_window ();
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  while (node == NULL)
    {
      GtkSnapshot *snapshot = gtk_snapshot_new ();

      gtk_widget_queue_draw (window);
      g_main_context_iteration (NULL, TRUE);
      gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window), gtk_widget_get_height (window));
      node = gtk_snapshot_free_to_node (snapshot);
    }
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

/* All of it in one go: each step begins where the one before has ended. */
static gboolean
tell_story (gpointer data)
{
  g_autoptr (PhCredentials) keyring = ph_credentials_new_named ("secret-service", NULL);

  g_test_message ("a password is asked for where none is known, and again where it is wrong");
  type_password ("looking-glass");
  wait_until (shows, "refused the login of alice");
  g_assert_false (is_in_keyring (keyring));

  g_test_message ("what was right is kept, and the mailbox is shown");
  type_password ("wonderland");
  wait_until (shows, "Humpty Dumpty");
  wait_until (shows, "Mice, café and cream");
  wait_until (shows, "Family");
  wait_until (is_in_keyring, keyring);
  g_assert_cmpint (notified->len, ==, 0);

  g_test_message ("new mail appears, and is told");
  deliver ("The Queen of Hearts <queen@example.org>", "Croquet at five");
  wait_until (shows, "Croquet at five");
  wait_until (was_notified, "The Queen of Hearts: Croquet at five");
  wait_until (counts, "3");
  if (g_getenv ("PH_TEST_SCREENSHOT") != NULL)
    take_picture (g_getenv ("PH_TEST_SCREENSHOT"));

  g_test_message ("and so it is in the other mailboxes");
  {
    g_autoptr (PhSession) other = open_session ("imap://alice@localhost", "PH_TEST_IMAP_PORT");

    append (PH_STORE (other), "Work", "The King <king@example.org>", "The trial", 0, FALSE);
    ph_session_close (other, NULL, NULL);
  }
  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "refresh", NULL);
  wait_until (was_notified, "Work: A new message");

  g_test_message ("a lost connection is said, and restored with what came meanwhile");
  cut (TRUE);
  wait_until (shows, "The connection was lost, and is tried again.");
  deliver ("The Knave <knave@example.org>", "About the tarts");
  cut (FALSE);
  wait_until (shows, "About the tarts");
  wait_until (was_notified, "The Knave: About the tarts");
  wait_until (shows_not, "The connection was lost");

  g_application_quit (g_application_get_default ());
  return G_SOURCE_REMOVE;
}

static void
test_story (void)
{
  g_autoptr (GtkApplication) application = notifier_application_new ();
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (8);
  g_autofree char *server = g_strdup_printf ("localhost:%s", g_getenv ("PH_TEST_IMAP_PORT"));
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *ca = g_build_filename (g_getenv ("PH_TEST_CERTIFICATES"), "ca.pem", NULL), *option = g_strconcat ("--ca=", ca, NULL);

  ends = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (service, "run", G_CALLBACK (on_incoming), server);
  uri = g_strdup_printf ("imap://alice@localhost:%u", port);
  fill_account ();
  take_notifications ();
  g_idle_add (tell_story, NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 3, (char *[]){ (char *) "posthorn-notifier", option, uri, NULL }), ==, 0);
  cut (TRUE);
  g_socket_service_stop (service);
  g_ptr_array_unref (notified);
  g_free (uri);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", "gtk-enable-animations", FALSE, NULL);
  g_test_add_func ("/notifier/a-day-with-alice", test_story);
  return g_test_run ();
}
