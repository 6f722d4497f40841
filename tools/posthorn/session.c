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

static PhSecurityPolicy *
make_policy (void)
{
  PhSecurityPolicy *policy = ph_security_policy_new ();
  const char *const mechanisms[] = { tool_options.mechanism, NULL };

  if (g_strcmp0 (tool_options.tls, "prefer") == 0)
    ph_security_policy_set_tls_mode (policy, PH_TLS_PREFER);
  else if (g_strcmp0 (tool_options.tls, "never") == 0)
    ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  if (tool_options.ca != NULL)
    ph_security_policy_set_ca_file (policy, tool_options.ca);
  if (tool_options.cert != NULL)
    ph_security_policy_set_certificate (policy, tool_options.cert, tool_options.key);
  if (tool_options.mechanism != NULL)
    ph_security_policy_set_mechanisms (policy, mechanisms);
  ph_security_policy_set_allow_plaintext (policy, tool_options.allow_plaintext);
  return policy;
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
  return ph_session_get_user (session) != NULL || tool_has_password () || tool_has_token () || tool_options.mechanism != NULL;
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

  if (!check_uri (uri, error))
    return NULL;
  session = ph_session_new (uri, error);
  if (session == NULL || !check_role (session, role, error))
    return NULL;
  policy = make_policy ();
  ph_session_set_policy (session, policy);
  if (tool_options.user != NULL)
    ph_session_set_user (session, tool_options.user);
  ph_session_set_authorization (session, tool_options.authorize_as);
  if (tool_session_has_login (session))
    {
      g_autoptr (PhCredentials) credentials = tool_credentials_new (ph_session_get_user (session));

      ph_session_set_credentials (session, credentials);
    }
  for (gsize i = 0; tool_options.timeout >= 0 && i < G_N_ELEMENTS (stages); i++)
    ph_session_set_timeout (session, stages[i], (guint) tool_options.timeout);
  g_signal_connect (session, "alert", G_CALLBACK (on_alert), NULL);
  g_signal_connect (session, "warning", G_CALLBACK (on_warning), NULL);
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

/*
 * Says goodbye, after a refusal as well. What was asked for is done, or has failed, by then: a server that fails here changes
 * nothing.
 */
void
tool_session_end (void)
{
  if (current == NULL)
    return;
  if (ph_session_is_open (current))
    ph_session_close (current, tool_cancellable (), NULL);
  g_clear_object (&current);
}
