/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSecurityPolicy: what sessions demand of channel and login, and the trust store that they share. */
#include "transport/ph-security-policy-private.h"
#include "transport/ph-tls-pins.h"

/* %PROFILE_MEDIUM: 112 bits of security; RSA keys of less than 2048 bits and SHA-1 are out */
#define DEFAULT_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

/**
 * PhSecurityPolicy:
 *
 * What a session demands of its channel and login. Any number of sessions can
 * share one, and then share its trust store, too, which is loaded when the first
 * of them begins TLS.
 *
 * Without a word, TLS is required and has to be 1.2 or newer, the server's
 * certificate must be signed by an authority that the system trusts and be made
 * out to the host, and no password passes where others can read it.
 *
 * A policy is set up before the first session uses it. After that it can be used
 * in any thread, but what concerns certificates can't be changed any more.
 *
 * ```c
 * g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
 *
 * ph_security_policy_set_ca_file (policy, "/etc/ssl/our-own-ca.pem");
 * ph_session_set_policy (session, policy);
 * ```
 */
G_DEFINE_FINAL_TYPE (PhSecurityPolicy, ph_security_policy, G_TYPE_OBJECT)

static void
ph_security_policy_finalize (GObject *object)
{
  PhSecurityPolicy *self = PH_SECURITY_POLICY (object);

  g_strfreev (self->mechanisms);
  g_strfreev (self->refused_mechanisms);
  g_free (self->ca_file);
  g_free (self->certificate_path);
  g_free (self->key_path);
  g_free (self->pkcs12_path);
  g_free (self->priority);
  g_free (self->dane_resolver);
  g_free (self->dane_anchor);
  g_ptr_array_unref (self->crl_files);
  g_ptr_array_unref (self->pins);
  g_clear_pointer (&self->key_password, ph_secret_unref);
  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  g_clear_pointer (&self->cache, gnutls_priority_deinit);
  ph_tls_tickets_free (self->tickets);
  g_mutex_clear (&self->loading);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (ph_security_policy_parent_class)->finalize (object);
}

static void
ph_security_policy_class_init (PhSecurityPolicyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_security_policy_finalize;
  ph_key_password_add_signal (G_OBJECT_CLASS (klass));
}

static void
ph_security_policy_init (PhSecurityPolicy *self)
{
  self->tls_mode = PH_TLS_REQUIRED;
  self->priority = g_strdup (DEFAULT_PRIORITY);
  self->resumption = TRUE;
  self->initial_response = TRUE;
  self->crl_files = g_ptr_array_new_with_free_func (g_free);
  self->pins = ph_tls_pins_new ();
  self->tickets = ph_tls_tickets_new ();
  g_mutex_init (&self->loading);
  g_mutex_init (&self->lock);
}

/**
 * ph_security_policy_new:
 *
 * Makes a policy: the system's authorities, TLS required, no password in the
 * clear, any mechanism.
 *
 * Returns: (transfer full): a new policy
 */
PhSecurityPolicy *
ph_security_policy_new (void)
{
  return g_object_new (PH_TYPE_SECURITY_POLICY, NULL);
}

/**
 * ph_security_policy_get_default:
 *
 * Gets what sessions use that are given no policy. Can be called in any thread.
 *
 * Returns: (transfer none): the process' default policy
 */
PhSecurityPolicy *
ph_security_policy_get_default (void)
{
  static PhSecurityPolicy *policy;

  if (g_once_init_enter (&policy))
    g_once_init_leave (&policy, ph_security_policy_new ());
  return policy;
}

/**
 * ph_security_policy_set_tls_mode:
 * @self: a policy
 * @mode: what to demand
 *
 * Sets what is demanded of channels that start in plain text. The default is
 * %PH_TLS_REQUIRED.
 */
void
ph_security_policy_set_tls_mode (PhSecurityPolicy *self, PhTlsMode mode)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  self->tls_mode = mode;
}

/**
 * ph_security_policy_get_tls_mode:
 * @self: a policy
 *
 * Gets what is demanded of channels that start in plain text.
 *
 * Returns: the mode
 */
PhTlsMode
ph_security_policy_get_tls_mode (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), PH_TLS_REQUIRED);

  return self->tls_mode;
}

/**
 * ph_security_policy_set_ca_file:
 * @self: a policy that no session has used yet
 * @path: (nullable) (type filename): a file of PEM certificates; %NULL for the
 *   system's authorities
 *
 * Trusts the authorities in this file and no others. It is read when the first
 * session begins TLS, which fails with %PH_ERROR_TLS where the file can't be used.
 */
void
ph_security_policy_set_ca_file (PhSecurityPolicy *self, const char *path)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  g_free (self->ca_file);
  self->ca_file = g_strdup (path);
}

/**
 * ph_security_policy_get_ca_file:
 * @self: a policy
 *
 * Gets the file of authorities.
 *
 * Returns: (transfer none) (nullable) (type filename): a path; %NULL: the system's
 */
const char *
ph_security_policy_get_ca_file (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), NULL);

  return self->ca_file;
}

/**
 * ph_security_policy_set_certificate:
 * @self: a policy that no session has used yet
 * @certificate_path: (nullable) (type filename): a PEM file with the client's
 *   certificate and its chain, or a PKCS#11 URI (RFC 7512); %NULL for none
 * @key_path: (nullable) (type filename): a PEM file with the private key, or a
 *   PKCS#11 URI; %NULL where it is in @certificate_path
 *
 * Sets what this client shows to servers that ask for a certificate, in place of
 * [method@SecurityPolicy.set_pkcs12]. The files are read, and the token is looked
 * for, when the first session begins TLS.
 *
 * A key that needs a password or PIN has it from
 * [method@SecurityPolicy.set_key_password] or
 * [signal@SecurityPolicy::ask-key-password]. A token signs in each handshake:
 * asynchronous calls have it done in a worker thread.
 */
void
ph_security_policy_set_certificate (PhSecurityPolicy *self, const char *certificate_path, const char *key_path)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  g_free (self->certificate_path);
  g_free (self->key_path);
  g_clear_pointer (&self->pkcs12_path, g_free);
  self->certificate_path = g_strdup (certificate_path);
  self->key_path = g_strdup (key_path);
}

/**
 * ph_security_policy_get_certificate:
 * @self: a policy
 * @key_path: (out) (optional) (nullable) (transfer none) (type filename): the
 *   file of the private key; %NULL: the same
 *
 * Gets the client's certificate.
 *
 * Returns: (transfer none) (nullable) (type filename): the certificate's file
 */
const char *
ph_security_policy_get_certificate (PhSecurityPolicy *self, const char **key_path)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), NULL);

  if (key_path != NULL)
    *key_path = self->key_path;
  return self->certificate_path;
}

/**
 * ph_security_policy_set_priority:
 * @self: a policy that no session has used yet
 * @priority: (nullable): a GnuTLS priority string; %NULL for
 *   `NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM`
 *
 * Sets which versions and algorithms are allowed, and in which order.
 */
void
ph_security_policy_set_priority (PhSecurityPolicy *self, const char *priority)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  g_free (self->priority);
  self->priority = g_strdup (priority != NULL ? priority : DEFAULT_PRIORITY);
}

/**
 * ph_security_policy_get_priority:
 * @self: a policy
 *
 * Gets the GnuTLS priority string.
 *
 * Returns: (transfer none): the string
 */
const char *
ph_security_policy_get_priority (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), NULL);

  return self->priority;
}

/**
 * ph_security_policy_set_allow_plaintext:
 * @self: a policy
 * @allow: whether to allow it
 *
 * Allows passwords to be sent as they are over a channel that others can read.
 * The default is %FALSE: mechanisms that send them so need TLS, a unix socket,
 * or an address of this machine.
 */
void
ph_security_policy_set_allow_plaintext (PhSecurityPolicy *self, gboolean allow)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  self->allow_plaintext = allow;
}

/**
 * ph_security_policy_get_allow_plaintext:
 * @self: a policy
 *
 * Gets whether passwords may pass where others can read them.
 *
 * Returns: %TRUE where they may
 */
gboolean
ph_security_policy_get_allow_plaintext (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), FALSE);

  return self->allow_plaintext;
}

/**
 * ph_security_policy_set_initial_response:
 * @self: a policy
 * @initial_response: %FALSE: wait for the server's question
 *
 * Sets whether a mechanism's first response goes along with its choice (RFC 4954
 * section 4, RFC 4959), which saves a round trip. The default is %TRUE; %FALSE is for
 * servers that take AUTH, and fail where something stands behind the mechanism's name.
 */
void
ph_security_policy_set_initial_response (PhSecurityPolicy *self, gboolean initial_response)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  self->initial_response = initial_response;
}

/**
 * ph_security_policy_get_initial_response:
 * @self: a policy
 *
 * Gets whether a mechanism's first response goes along with its choice.
 *
 * Returns: %TRUE where it does
 */
gboolean
ph_security_policy_get_initial_response (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), FALSE);

  return self->initial_response;
}

/**
 * ph_security_policy_set_mechanisms:
 * @self: a policy
 * @mechanisms: (nullable) (array zero-terminated=1): names of SASL mechanisms
 *   in the order in which to try them, `*` for the protocol's own login command;
 *   %NULL for all that are installed, the strongest first
 *
 * Sets which mechanisms come into question.
 */
void
ph_security_policy_set_mechanisms (PhSecurityPolicy *self, const char *const *mechanisms)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  g_strfreev (self->mechanisms);
  self->mechanisms = g_strdupv ((char **) mechanisms);
}

/**
 * ph_security_policy_get_mechanisms:
 * @self: a policy
 *
 * Gets which mechanisms come into question.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): their names;
 *   %NULL for all
 */
const char *const *
ph_security_policy_get_mechanisms (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), NULL);

  return (const char *const *) self->mechanisms;
}

/**
 * ph_security_policy_set_refused_mechanisms:
 * @self: a policy
 * @mechanisms: (nullable) (array zero-terminated=1): names of SASL mechanisms in any
 *   case, `*` for the protocol's own login command, or patterns such as `SCRAM-SHA-1*`
 *   or `*-MD5`; %NULL for none
 *
 * Sets which mechanisms are never used, even where [method@SecurityPolicy.set_mechanisms]
 * names them.
 */
void
ph_security_policy_set_refused_mechanisms (PhSecurityPolicy *self, const char *const *mechanisms)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  g_strfreev (self->refused_mechanisms);
  self->refused_mechanisms = g_strdupv ((char **) mechanisms);
}

/**
 * ph_security_policy_get_refused_mechanisms:
 * @self: a policy
 *
 * Gets which mechanisms are never used.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): their names and
 *   patterns; %NULL for none
 */
const char *const *
ph_security_policy_get_refused_mechanisms (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), NULL);

  return (const char *const *) self->refused_mechanisms;
}

/* "*" by itself is a name: the login command's */
static gboolean
refuses (const char *pattern, const char *mechanism)
{
  g_autofree char *folded_pattern = g_ascii_strup (pattern, -1), *folded = g_ascii_strup (mechanism, -1);

  if (g_str_equal (folded_pattern, "*"))
    return g_str_equal (folded, "*");

  return g_pattern_match_simple (folded_pattern, folded);
}

/**
 * ph_security_policy_is_mechanism_refused:
 * @self: a policy
 * @mechanism: a mechanism's name, or `*`
 *
 * Tells whether a mechanism is among those that are never used.
 *
 * Returns: %TRUE where it is
 */
gboolean
ph_security_policy_is_mechanism_refused (PhSecurityPolicy *self, const char *mechanism)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), FALSE);
  g_return_val_if_fail (mechanism != NULL, FALSE);

  for (guint i = 0; self->refused_mechanisms != NULL && self->refused_mechanisms[i] != NULL; i++)
    if (refuses (self->refused_mechanisms[i], mechanism))
      return TRUE;

  return FALSE;
}
