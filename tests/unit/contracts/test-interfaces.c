/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may be left out of an interface has a default, and a SASL context and an extension keep what they were given. */
#include <posthorn/posthorn.h>

#include "contracts/ph-extension-private.h"
#include "contracts/ph-sasl-context-private.h"

/* One object with every interface, each with as few functions as its contract allows */
typedef struct {
  GObject parent_instance;
} Bare;
typedef GObjectClass BareClass;
GType bare_get_type (void);

static char *
bare_decode_mailbox (PhStoreEngine *self, const PhValue *name)
{
  return g_strdup ("decoded");
}

static void
bare_store_init (PhStoreEngineInterface *iface)
{
  iface->decode_mailbox = bare_decode_mailbox;
}

G_DEFINE_TYPE_WITH_CODE (Bare, bare, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PH_TYPE_FILTER, NULL)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_CONNECTION, NULL)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_SASL_MECHANISM, NULL)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_CREDENTIALS, NULL)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_ENGINE, NULL)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_TRANSPORT_ENGINE, NULL)
                         G_IMPLEMENT_INTERFACE (PH_TYPE_STORE_ENGINE, bare_store_init))

static void
bare_class_init (BareClass *klass)
{
}

static void
bare_init (Bare *self)
{
}

typedef struct {
  PhExtension parent_instance;
} BareExtension;
typedef PhExtensionClass BareExtensionClass;
GType bare_extension_get_type (void);
G_DEFINE_TYPE_WITH_CODE (BareExtension, bare_extension, PH_TYPE_EXTENSION, G_IMPLEMENT_INTERFACE (PH_TYPE_QUOTA, NULL))

static void
bare_extension_class_init (BareExtensionClass *klass)
{
}

static void
bare_extension_init (BareExtension *self)
{
}

static void
test_filter_and_connection_have_defaults (void)
{
  g_autoptr (GObject) bare = g_object_new (bare_get_type (), NULL);
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();
  g_autofree char *description = ph_connection_describe (PH_CONNECTION (bare));

  g_assert_true (ph_filter_end_of_input (PH_FILTER (bare), NULL));
  ph_filter_finish (PH_FILTER (bare), queue);
  g_assert_cmpuint (ph_byte_queue_get_length (queue), ==, 0);
  g_assert_cmpint (ph_connection_get_fd (PH_CONNECTION (bare), G_IO_IN), ==, -1);
  g_assert_null (ph_connection_create_source (PH_CONNECTION (bare), G_IO_IN));
  g_assert_false (ph_connection_is_local (PH_CONNECTION (bare)));
  g_assert_cmpstr (description, ==, "Bare");
}

static void
test_mechanism_and_credentials_have_defaults (void)
{
  g_autoptr (GObject) bare = g_object_new (bare_get_type (), NULL);
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("X", "imap", "host");
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_sasl_mechanism_finish (PH_SASL_MECHANISM (bare), context, NULL, &error));
  g_assert_null (ph_sasl_mechanism_get_filter (PH_SASL_MECHANISM (bare), context));
  ph_credentials_refused (PH_CREDENTIALS (bare), "imap://host", PH_SASL_NEEDS_SECRET, NULL);
}

static void
test_engine_has_defaults (void)
{
  g_autoptr (GObject) bare = g_object_new (bare_get_type (), NULL);
  PhEngine *engine = PH_ENGINE (bare);
  g_autoptr (PhExtension) extension = g_object_new (bare_extension_get_type (), NULL);
  g_autoptr (GError) error = NULL;
  PhResponse *response;

  ph_engine_body_written (engine, 0, NULL, 0);
  ph_engine_diverted (engine, NULL, 0);
  ph_engine_sasl_reply (engine, NULL, NULL, NULL, 0);
  ph_engine_upgraded (engine, NULL, 0);
  ph_engine_timed_out (engine, 0);
  ph_engine_add_extension (engine, extension);
  ph_engine_set_idle (engine, TRUE, 0);
  g_assert_cmpint (ph_engine_get_deadline (engine), ==, 0);
  g_assert_null (ph_engine_get_capabilities (engine)[0]);
  g_assert_cmpuint (ph_engine_decode (engine, (const guint8 *) "x", 1, TRUE, &response, &error), ==, 1);
  g_assert_null (response);
  g_assert_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED);
}

static void
test_extension_has_defaults (void)
{
  g_autoptr (PhExtension) extension = g_object_new (bare_extension_get_type (), NULL);
  g_autoptr (PhResponse) response = ph_response_new_transient ();

  g_assert_true (PH_IS_QUOTA (extension));
  g_assert_null (ph_extension_get_session (extension));
  g_assert_null (ph_extension_get_name (extension));
  g_assert_false (ph_extension_receive (extension, response));
  ph_extension_receive_code (extension, response);
  g_assert_null (ph_extension_make_command (extension, "X", NULL));
  g_assert_null (ph_extension_make_step (extension, PH_STAGE_SELECTED));
  g_assert_null (ph_extension_make_idle (extension));
  ph_extension_reset (extension);
}

static void
test_extension_decodes_mailboxes_by_its_engine (void)
{
  g_autoptr (PhExtension) extension = g_object_new (bare_extension_get_type (), NULL);
  GObject *bare = g_object_new (bare_get_type (), NULL);
  g_autoptr (PhValue) name = ph_value_new_string ("raw");
  g_autoptr (PhValue) list = ph_value_new_list (&name, 1);

  ph_extension_attach (extension, NULL, PH_ENGINE (bare), "QUOTA", TRUE);
  g_assert_cmpstr (ph_extension_get_name (extension), ==, "QUOTA");
  g_assert_true (ph_extension_is_requested (extension));
  g_assert_true (ph_extension_get_engine (extension) == PH_ENGINE (bare));
  g_autofree char *decoded = ph_extension_decode_mailbox (extension, name);
  g_assert_cmpstr (decoded, ==, "decoded");
  g_assert_null (ph_extension_decode_mailbox (extension, NULL));
  g_assert_null (ph_extension_decode_mailbox (extension, list));

  /* the engine is not held, and without it the name is text */
  ph_extension_detach (extension);
  g_object_unref (bare);
  g_assert_null (ph_extension_get_engine (extension));
  g_autofree char *text = ph_extension_decode_mailbox (extension, name);
  g_assert_cmpstr (text, ==, "raw");
}

static void
test_event_is_cleared (void)
{
  PhEvent event = {
    .kind = PH_EVENT_MAILBOX,
    .command = ph_command_new ("X", NULL),
    .reply = ph_reply_new (PH_STATUS_OK, 0, NULL),
    .error = g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "x"),
  };
  g_autoptr (PhResponse) response = ph_response_new_transient ();

  event.response = ph_response_copy (response);
  event.change.words = g_strsplit ("a b", " ", -1);
  ph_event_clear (&event);
  g_assert_null (event.command);
  g_assert_null (event.reply);
  g_assert_null (event.response);
  g_assert_null (event.error);
  g_assert_null (event.change.words);
  ph_event_clear (&event);
}

static void
test_context_keeps_what_it_was_given (void)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("SCRAM-SHA-256", "smtp", "mail.example.org");
  g_autoptr (PhSecret) secret = ph_secret_new ("pw");
  g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
  const char *type = "?";

  g_assert_null (ph_sasl_context_get_binding (context, &type));
  g_assert_null (type);
  ph_sasl_context_set_user (context, "alice");
  ph_sasl_context_set_authorization (context, "bob");
  ph_sasl_context_set_secret (context, secret);
  ph_sasl_context_set_token (context, secret);
  ph_sasl_context_set_binding (context, "tls-exporter", data);

  g_assert_cmpstr (ph_sasl_context_get_mechanism (context), ==, "SCRAM-SHA-256");
  g_assert_cmpstr (ph_sasl_context_get_service (context), ==, "smtp");
  g_assert_cmpstr (ph_sasl_context_get_host (context), ==, "mail.example.org");
  g_assert_cmpstr (ph_sasl_context_get_user (context), ==, "alice");
  g_assert_cmpstr (ph_sasl_context_get_authorization (context), ==, "bob");
  g_assert_true (ph_sasl_context_get_secret (context) == secret);
  g_assert_true (ph_sasl_context_get_token (context) == secret);
  g_assert_true (ph_sasl_context_get_binding (context, &type) == data);
  g_assert_cmpstr (type, ==, "tls-exporter");

  /* setting what is there already keeps it */
  ph_sasl_context_set_user (context, ph_sasl_context_get_user (context));
  ph_sasl_context_set_secret (context, ph_sasl_context_get_secret (context));
  ph_sasl_context_set_binding (context, "tls-unique", ph_sasl_context_get_binding (context, NULL));
  g_assert_cmpstr (ph_sasl_context_get_user (context), ==, "alice");

  ph_sasl_context_next_step (context);
  g_assert_cmpuint (ph_sasl_context_get_step (context), ==, 1);
  ph_sasl_context_set_mechanism (context, "PLAIN");
  g_assert_cmpuint (ph_sasl_context_get_step (context), ==, 0);
  ph_sasl_context_clear (context);
  g_assert_null (ph_sasl_context_get_user (context));
  g_assert_null (ph_sasl_context_get_secret (context));
  g_assert_null (ph_sasl_context_get_token (context));
}

static void
test_context_joins_a_reply (void)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("PLAIN", "imap", "host");
  g_autoptr (GBytes) plain = ph_sasl_context_reply (context, "", PH_SASL_NUL, "alice", PH_SASL_NUL, "pw", NULL);
  g_autoptr (GBytes) empty = ph_sasl_context_reply (context, "", NULL);

  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), "\0alice\0pw", 9);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/interfaces/filter-and-connection-have-defaults", test_filter_and_connection_have_defaults);
  g_test_add_func ("/interfaces/mechanism-and-credentials-have-defaults", test_mechanism_and_credentials_have_defaults);
  g_test_add_func ("/interfaces/engine-has-defaults", test_engine_has_defaults);
  g_test_add_func ("/interfaces/event-is-cleared", test_event_is_cleared);
  g_test_add_func ("/extension/has-defaults", test_extension_has_defaults);
  g_test_add_func ("/extension/decodes-mailboxes-by-its-engine", test_extension_decodes_mailboxes_by_its_engine);
  g_test_add_func ("/sasl-context/keeps-what-it-was-given", test_context_keeps_what_it_was_given);
  g_test_add_func ("/sasl-context/joins-a-reply", test_context_joins_a_reply);

  return g_test_run ();
}
