/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session as the common options want it, and its orderly end. */
#include "tool.h"

#include <string.h>

static PhSession *current; /* the one of this run, for its end */

static const PhTimeoutStage stages[] = {
  PH_TIMEOUT_CONNECT, PH_TIMEOUT_TLS,     PH_TIMEOUT_GREETING,
  PH_TIMEOUT_COMMAND, PH_TIMEOUT_CONTENT, PH_TIMEOUT_DELIVERED,
};

/* The one thing that must not be in a URI: everybody on the machine sees a command's arguments. */
static gboolean
check_uri (const char *uri, GError **error)
{
  const char *authority = strstr (uri, "://");
  gsize length = authority != NULL ? strcspn (authority + 3, "/?#") : 0;
  const char *at = authority != NULL ? g_strrstr_len (authority + 3, (gssize) length, "@") : NULL;

  if (at == NULL || memchr (authority + 3, ':', (gsize) (at - authority - 3)) == NULL)
    return TRUE;
  g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_URI,
                       "the URI holds a password, which everybody on this machine can see: leave it out, it is asked for, "
                       "or use --password-file or --password-command");
  return FALSE;
}

static PhSecret *
on_ask_key_password (PhSecurityPolicy *policy G_GNUC_UNUSED, const char *what, guint attempt G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
  g_autofree char *clean = tool_clean (what);
  g_autofree char *prompt = g_strdup_printf ("PIN or password of %s: ", clean);

  return tool_can_ask () ? tool_read_secret (NULL, prompt, NULL) : NULL;
}

static gboolean
set_certificate (PhSecurityPolicy *policy, GError **error)
{
  g_autoptr (PhSecret) password = NULL;

  if (tool_options.cert != NULL)
    ph_security_policy_set_certificate (policy, tool_options.cert, tool_options.key);
  if (tool_options.pkcs12 != NULL)
    ph_security_policy_set_pkcs12 (policy, tool_options.pkcs12);
  g_signal_connect (policy, "ask-key-password", G_CALLBACK (on_ask_key_password), NULL);
  if (tool_options.key_password_file == NULL)
    return TRUE;
  password = tool_read_secret (tool_options.key_password_file, NULL, error);
  ph_security_policy_set_key_password (policy, password);
  return password != NULL;
}

static gboolean
set_trust (PhSecurityPolicy *policy, GError **error)
{
  if (tool_options.ca != NULL)
    ph_security_policy_set_ca_file (policy, tool_options.ca);
  for (char **path = tool_options.crls; path != NULL && *path != NULL; path++)
    ph_security_policy_add_crl_file (policy, *path);
  for (char **pin = tool_options.pins; pin != NULL && *pin != NULL; pin++)
    if (!ph_security_policy_add_pin (policy, NULL, *pin, error))
      return FALSE;
  if (tool_options.dane != NULL)
    ph_security_policy_set_dane (policy, g_str_equal (tool_options.dane, "required") ? PH_DANE_REQUIRED : PH_DANE_PREFER);
  return TRUE;
}

static PhSecurityPolicy *
make_policy (GError **error)
{
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  const char *const mechanisms[] = { tool_options.mechanism, NULL };

  if (g_strcmp0 (tool_options.tls, "prefer") == 0)
    ph_security_policy_set_tls_mode (policy, PH_TLS_PREFER);
  else if (g_strcmp0 (tool_options.tls, "never") == 0)
    ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  if (tool_options.tls_min != NULL)
    ph_security_policy_set_minimum_version (policy, PH_TLS_V1_0 + (tool_options.tls_min[2] - '0'));
  if (tool_options.mechanism != NULL)
    ph_security_policy_set_mechanisms (policy, mechanisms);
  ph_security_policy_set_allow_plaintext (policy, tool_options.allow_plaintext);
  return set_trust (policy, error) && set_certificate (policy, error) ? g_steal_pointer (&policy) : NULL;
}

/* As URIs everywhere: a password is never an argument. (transfer full) */
static char *
complete_proxy (GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (tool_options.proxy, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, NULL);
  g_autoptr (PhSecret) password = NULL;

  if (uri != NULL && g_uri_get_password (uri) != NULL)
    {
      tool_set_error (error, PH_ERROR_INVALID_URI, "the proxy's URI holds a password, which everybody on this machine can see: use --proxy-password-file");
      return NULL;
    }
  if (uri == NULL || tool_options.proxy_password_file == NULL)
    return g_strdup (tool_options.proxy);
  password = tool_read_secret (tool_options.proxy_password_file, NULL, error);
  if (password == NULL)
    return NULL;
  return g_uri_join_with_user (G_URI_FLAGS_NON_DNS, g_uri_get_scheme (uri), g_uri_get_user (uri), ph_secret_get (password, NULL), NULL,
                               g_uri_get_host (uri), g_uri_get_port (uri), g_uri_get_path (uri), NULL, NULL);
}

static PhConnector *
make_connector (GError **error)
{
  g_autoptr (PhConnector) connector = ph_connector_new ();
  g_autofree char *proxy = NULL;

  if (tool_options.proxy != NULL && ((proxy = complete_proxy (error)) == NULL || !ph_connector_set_proxy (connector, proxy, error)))
    return NULL;
  if (!ph_connector_set_source_address (connector, tool_options.source_address, error))
    return NULL;
  return g_steal_pointer (&connector);
}

static void
on_alert (PhSession *session G_GNUC_UNUSED, const char *text, gpointer data G_GNUC_UNUSED)
{
  tool_note ("the server says: %s", text);
}

static void
on_warning (PhSession *session G_GNUC_UNUSED, const GError *error, gpointer data G_GNUC_UNUSED)
{
  tool_note ("warning: %s", error->message);
}

/* Whether anything was given that a login needs; a URI alone asks for none. */
gboolean
tool_session_has_login (PhSession *session)
{
  return ph_session_get_user (session) != NULL || tool_has_password () || tool_has_token () || tool_options.mechanism != NULL ||
         tool_options.credentials != NULL;
}

static gboolean
set_credentials (PhSession *session, GError **error)
{
  g_autoptr (PhCredentials) credentials = NULL;

  if (!tool_session_has_login (session))
    return TRUE;
  credentials = tool_options.credentials != NULL ? ph_credentials_new_named (tool_options.credentials, error)
                                                 : tool_credentials_new (ph_session_get_user (session));
  ph_session_set_credentials (session, credentials);
  return credentials != NULL;
}

static gboolean
check_role (PhSession *session, GType role, GError **error)
{
  const char *wanted = role == PH_TYPE_STORE ? "has no mailboxes: use an imap: or imaps: URI"
                                             : "takes no mail: use an smtp:, smtps: or lmtp: URI";

  if (g_type_is_a (G_OBJECT_TYPE (session), role))
    return TRUE;
  g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "%s %s", ph_session_get_uri (session), wanted);
  return FALSE;
}

/* @role: PH_TYPE_TRANSPORT, PH_TYPE_STORE, or PH_TYPE_SESSION for any. Nothing is connected yet. */
PhSession *
tool_session_new (const char *uri, GType role, GError **error)
{
  g_autoptr (PhSession) session = NULL;
  g_autoptr (PhSecurityPolicy) policy = NULL;
  g_autoptr (PhConnector) connector = NULL;

  if (!check_uri (uri, error))
    return NULL;
  session = ph_session_new (uri, error);
  if (session == NULL || !check_role (session, role, error))
    return NULL;
  policy = make_policy (error);
  connector = policy != NULL ? make_connector (error) : NULL;
  if (connector == NULL)
    return NULL;
  ph_session_set_policy (session, policy);
  ph_session_set_connector (session, connector);
  if (tool_options.user != NULL)
    ph_session_set_user (session, tool_options.user);
  ph_session_set_authorization (session, tool_options.authorize_as);
  if (!set_credentials (session, error))
    return NULL;
  for (gsize i = 0; tool_options.timeout >= 0 && i < G_N_ELEMENTS (stages); i++)
    ph_session_set_timeout (session, stages[i], (guint) tool_options.timeout);
  g_signal_connect (session, "alert", G_CALLBACK (on_alert), NULL);
  g_signal_connect (session, "warning", G_CALLBACK (on_warning), NULL);
  if (tool_options.compress)
    ph_session_use (session, "COMPRESS=DEFLATE");
  if (tool_options.trace)
    tool_trace_session (session);
  g_set_object (&current, session);
  return g_steal_pointer (&session);
}

PhStore *
tool_store_new (const char *uri, GError **error)
{
  return (PhStore *) tool_session_new (uri, PH_TYPE_STORE, error);
}

static void
tell_compression (PhSession *session)
{
  PhExtension *extension = ph_session_get_extension (session, PH_TYPE_COMPRESS);
  guint64 sent, sent_deflated, received, received_deflated;

  if (extension != NULL && ph_compress_get_octets (PH_COMPRESS (extension), &sent, &sent_deflated, &received, &received_deflated))
    tool_note ("%" G_GUINT64_FORMAT " octets went as %" G_GUINT64_FORMAT ", and %" G_GUINT64_FORMAT " came as %" G_GUINT64_FORMAT, sent, sent_deflated,
               received, received_deflated);
}

/*
 * Says goodbye, after a refusal as well. What was asked for is done, or has failed, by then: a server that fails here changes
 * nothing.
 */
void
tool_session_end (void)
{
  if (current == NULL)
    return;
  if (tool_options.compress && ph_session_is_open (current))
    tell_compression (current);
  if (ph_session_is_open (current))
    ph_session_close (current, tool_cancellable (), NULL);
  g_clear_object (&current);
}
