/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program sets on a session before it is opened. */
#include "ph-session-private.h"

#include "transport/ph-server-private.h"

/**
 * ph_session_get_uri:
 * @self: a session
 *
 * Returns: the URI that the session was made with
 */
const char *
ph_session_get_uri (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->uri;
}

/**
 * ph_session_get_host:
 * @self: a session
 *
 * Returns: the server's name as the URI has it, "localhost" where it names none
 */
const char *
ph_session_get_host (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->host;
}

/**
 * ph_session_set_connection:
 * @self: a session that isn't open
 * @connection: (nullable): a connection that stands
 *
 * Uses @connection at the next opening in place of the URI's address. It serves once: when it has ended, opening goes to the
 * URI's address again.
 */
void
ph_session_set_connection (PhSession    *self,
                           PhConnection *connection)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (connection == NULL || PH_IS_CONNECTION (connection));

  g_set_object (&ph_session_get_private (self)->connection, connection);
}

/**
 * ph_session_set_connector:
 * @self: a session
 * @connector: (nullable): by which way to connect; %NULL: the system's
 *
 * Sets through which proxy and from which address the server is reached. Counts from the next opening on. Many sessions may share one.
 */
void
ph_session_set_connector (PhSession   *self,
                          PhConnector *connector)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (connector == NULL || PH_IS_CONNECTOR (connector));

  g_set_object (&ph_session_get_private (self)->connector, connector);
}

/**
 * ph_session_get_connector:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): by which way the server is reached; %NULL: the system's
 */
PhConnector *
ph_session_get_connector (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->connector;
}

/**
 * ph_session_set_user:
 * @self: a session
 * @user: (nullable): who logs in; %NULL: nobody
 *
 * Sets the user name, in place of the URI's. Counts from the next opening on.
 */
void
ph_session_set_user (PhSession  *self,
                     const char *user)
{
  PhSessionPrivate *priv;

  g_return_if_fail (PH_IS_SESSION (self));

  priv = ph_session_get_private (self);
  g_free (priv->user);
  priv->user = g_strdup (user);
  ph_session_notify (self, PH_SESSION_USER);
}

/**
 * ph_session_get_user:
 * @self: a session
 *
 * Returns: (nullable): who logs in
 */
const char *
ph_session_get_user (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->user;
}

/**
 * ph_session_set_authorization:
 * @self: a session
 * @authorization: (nullable): whom to act as, UTF-8; %NULL: who logs in
 *
 * Sets the authorization identity (RFC 4422 section 2): an administrator's access to another's mailbox, a shared one. Only mechanisms
 * that can carry it are used then. Counts from the next opening on.
 */
void
ph_session_set_authorization (PhSession  *self,
                              const char *authorization)
{
  PhSessionPrivate *priv;

  g_return_if_fail (PH_IS_SESSION (self));

  priv = ph_session_get_private (self);
  g_free (priv->authorization);
  priv->authorization = g_strdup (authorization);
}

/**
 * ph_session_get_authorization:
 * @self: a session
 *
 * Returns: (nullable): whom to act as; %NULL: who logs in
 */
const char *
ph_session_get_authorization (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->authorization;
}

/**
 * ph_session_set_domain:
 * @self: a session
 * @domain: (nullable): a mail domain, `example.org`, or an address in it; %NULL:
 *   not said
 * @error: return location for an error
 *
 * Sets whose mail the server serves, where it was found by that:
 * [method@Server.get_domain], or what a person has configured. A server of
 * another host can then show a certificate that is made out to the domain, or to
 * its service (`_imaps.example.org`), as well as one for the host (RFC 6186
 * section 4, RFC 7817 section 3). Counts from the next opening on.
 *
 * Returns: %TRUE, or %FALSE with %PH_ERROR_INVALID_ARGUMENT
 */
gboolean
ph_session_set_domain (PhSession   *self,
                       const char  *domain,
                       GError     **error)
{
  PhSessionPrivate *priv;
  g_autofree char *local = NULL;
  g_autofree char *ascii = NULL;

  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);

  if (domain != NULL && !ph_server_read_address (domain, &local, &ascii, error))
    return FALSE;
  priv = ph_session_get_private (self);
  g_free (priv->domain);
  priv->domain = g_steal_pointer (&ascii);
  return TRUE;
}

/**
 * ph_session_get_domain:
 * @self: a session
 *
 * Returns: (nullable): whose mail the server serves, in ASCII and small letters
 */
const char *
ph_session_get_domain (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->domain;
}

/**
 * ph_session_set_password:
 * @self: a session
 * @password: (nullable): the user's password; %NULL forgets it
 *
 * The short form of [method@Session.set_credentials] with a fixed password. The copy that is made is wiped with the session.
 */
void
ph_session_set_password (PhSession  *self,
                         const char *password)
{
  g_autoptr (PhSecret) secret = NULL;
  g_autoptr (PhCredentials) credentials = NULL;

  g_return_if_fail (PH_IS_SESSION (self));

  if (password != NULL)
    {
      secret = ph_secret_new (password);
      credentials = ph_credentials_new_password (NULL, secret);
    }
  ph_session_set_credentials (self, credentials);
}

/**
 * ph_session_set_credentials:
 * @self: a session
 * @credentials: (nullable): where user names, passwords and tokens come from
 *
 * They are asked during opening, once a mechanism that needs them was chosen.
 */
void
ph_session_set_credentials (PhSession     *self,
                            PhCredentials *credentials)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (credentials == NULL || PH_IS_CREDENTIALS (credentials));

  if (g_set_object (&ph_session_get_private (self)->credentials, credentials))
    ph_session_notify (self, PH_SESSION_CREDENTIALS);
}

/**
 * ph_session_get_credentials:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): where user names, passwords and tokens come from
 */
PhCredentials *
ph_session_get_credentials (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->credentials;
}

/**
 * ph_session_set_policy:
 * @self: a session
 * @policy: (nullable): what to demand of channel and login; %NULL: the default policy
 *
 * Before the session is opened. Many sessions may share one policy, and with it the loaded trust store.
 */
void
ph_session_set_policy (PhSession        *self,
                       PhSecurityPolicy *policy)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (policy == NULL || PH_IS_SECURITY_POLICY (policy));

  if (policy == NULL)
    policy = ph_security_policy_get_default ();
  if (g_set_object (&ph_session_get_private (self)->policy, policy))
    ph_session_notify (self, PH_SESSION_POLICY);
}

/**
 * ph_session_get_policy:
 * @self: a session
 *
 * Returns: (transfer none): the policy; the default one where none was set
 */
PhSecurityPolicy *
ph_session_get_policy (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->policy;
}

/**
 * ph_session_set_hello_name:
 * @self: a session
 * @name: (nullable): a domain, or an address in brackets
 *
 * How this host names itself to the server (EHLO, LHLO; RFC 5321 section 4.1.1.1). %NULL: by its fully-qualified name where it has
 * one, otherwise by its address.
 */
void
ph_session_set_hello_name (PhSession  *self,
                           const char *name)
{
  PhSessionPrivate *priv;

  g_return_if_fail (PH_IS_SESSION (self));

  priv = ph_session_get_private (self);
  g_free (priv->hello_name);
  priv->hello_name = g_strdup (name);
  ph_session_notify (self, PH_SESSION_HELLO_NAME);
}

/**
 * ph_session_get_hello_name:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): how this host names itself; %NULL where nothing was set
 */
const char *
ph_session_get_hello_name (PhSession *self)
{
  g_return_val_if_fail (PH_IS_SESSION (self), NULL);

  return ph_session_get_private (self)->hello_name;
}

/**
 * ph_session_set_timeout:
 * @self: a session
 * @stage: which patience
 * @seconds: how long; 0 without end
 *
 * Counts from the next opening on. The defaults stand at [struct@Timeouts].
 */
void
ph_session_set_timeout (PhSession      *self,
                        PhTimeoutStage  stage,
                        guint           seconds)
{
  PhTimeouts *timeouts;
  guint *stages[] = { NULL, NULL, NULL, NULL, NULL, NULL, NULL };

  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (stage <= PH_TIMEOUT_IDLE);

  timeouts = &ph_session_get_private (self)->timeouts;
  stages[PH_TIMEOUT_CONNECT] = &timeouts->connect;
  stages[PH_TIMEOUT_TLS] = &timeouts->tls;
  stages[PH_TIMEOUT_GREETING] = &timeouts->greeting;
  stages[PH_TIMEOUT_COMMAND] = &timeouts->command;
  stages[PH_TIMEOUT_CONTENT] = &timeouts->content;
  stages[PH_TIMEOUT_DELIVERED] = &timeouts->delivered;
  stages[PH_TIMEOUT_IDLE] = &timeouts->idle;
  *stages[stage] = seconds;
}

/**
 * ph_session_set_limits:
 * @self: a session
 * @limits: what a server may make this client hold
 *
 * Counts from the next opening on. The defaults stand at [struct@Limits].
 */
void
ph_session_set_limits (PhSession      *self,
                       const PhLimits *limits)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (limits != NULL);

  ph_session_get_private (self)->limits = *limits;
}

/**
 * ph_session_use:
 * @self: a session that isn't open
 * @feature: a feature that is used only when asked for: "COMPRESS=DEFLATE", "ID", "QRESYNC"
 *
 * Asks for an extension that costs something, or changes what the server says, and so isn't used by itself. An IMAP session ENABLEs
 * `IMAP4rev2`, `UTF8=ACCEPT`, `CONDSTORE`, `QRESYNC` and `UIDONLY` (RFC 5161) where the server has them; [method@Store.get_enabled] tells
 * which it took. After `UIDONLY` (RFC 9586) there are no sequence numbers any more, and what names messages by them fails.
 */
void
ph_session_use (PhSession  *self,
                const char *feature)
{
  g_return_if_fail (PH_IS_SESSION (self));
  g_return_if_fail (feature != NULL);

  if (!ph_session_uses (self, feature))
    {
      PhSessionPrivate *priv = ph_session_get_private (self);
      guint n = priv->uses != NULL ? g_strv_length (priv->uses) : 0;

      priv->uses = g_renew (char *, priv->uses, n + 2);
      priv->uses[n] = g_strdup (feature);
      priv->uses[n + 1] = NULL;
    }
}

/**
 * ph_session_uses:
 * @self: a session
 * @feature: a feature's name
 *
 * Returns: whether it was asked for by [method@Session.use]
 */
gboolean
ph_session_uses (PhSession  *self,
                 const char *feature)
{
  PhSessionPrivate *priv;

  g_return_val_if_fail (PH_IS_SESSION (self), FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);

  priv = ph_session_get_private (self);
  for (guint i = 0; priv->uses != NULL && priv->uses[i] != NULL; i++)
    if (g_ascii_strcasecmp (priv->uses[i], feature) == 0)
      return TRUE;
  return FALSE;
}
