/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a policy says about certificates, keys and versions. */
#include "transport/ph-security-policy-private.h"
#include "transport/ph-tls-pins.h"

/**
 * ph_security_policy_set_pkcs12:
 * @self: a policy that no session has used yet
 * @path: (nullable) (type filename): a PKCS#12 file with the client's
 *   certificate, its chain and the private key; %NULL for none
 *
 * Sets what this client shows to servers that ask for a certificate, in place of
 * [method@SecurityPolicy.set_certificate]. The file is read when the first
 * session begins TLS. Its password comes from
 * [method@SecurityPolicy.set_key_password] or
 * [signal@SecurityPolicy::ask-key-password].
 */
void
ph_security_policy_set_pkcs12 (PhSecurityPolicy *self, const char *path)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  g_clear_pointer (&self->certificate_path, g_free);
  g_clear_pointer (&self->key_path, g_free);
  g_free (self->pkcs12_path);
  self->pkcs12_path = g_strdup (path);
}

/**
 * ph_security_policy_get_pkcs12:
 * @self: a policy
 *
 * Gets the PKCS#12 file.
 *
 * Returns: (transfer none) (nullable) (type filename): its path; %NULL: none
 */
const char *
ph_security_policy_get_pkcs12 (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), NULL);

  return self->pkcs12_path;
}

/**
 * ph_security_policy_set_key_password:
 * @self: a policy that no session has used yet
 * @password: (nullable): the password, or the PIN; %NULL to have it asked for
 *
 * Sets by what the client's private key is unlocked. It is tried once: where it
 * is wrong, [signal@SecurityPolicy::ask-key-password] is emitted.
 */
void
ph_security_policy_set_key_password (PhSecurityPolicy *self, PhSecret *password)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  if (password != NULL)
    ph_secret_ref (password);
  g_clear_pointer (&self->key_password, ph_secret_unref);
  self->key_password = password;
}

/**
 * ph_security_policy_add_crl_file:
 * @self: a policy that no session has used yet
 * @path: (type filename): a PEM file with lists of revoked certificates (RFC
 *   5280 section 5), signed by authorities that are trusted
 *
 * Refuses the certificates in these lists. The file is read when the first
 * session begins TLS, which fails with %PH_ERROR_TLS where it can't be used or is
 * out of date.
 */
void
ph_security_policy_add_crl_file (PhSecurityPolicy *self, const char *path)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (path != NULL);
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  g_ptr_array_add (self->crl_files, g_strdup (path));
}

/**
 * ph_security_policy_add_pin:
 * @self: a policy that no session has used yet
 * @host: (nullable): the host that the pin is for; %NULL: every host
 * @pin: a fingerprint, as [method@Certificate.get_fingerprint] and
 *   [method@Certificate.get_key_fingerprint] give it: `sha256:` and hexadecimal
 *   for a certificate, `sha256//` and Base64 for a public key
 * @error: return location for an error
 *
 * Tells by what a host is known. A host that has pins must show a certificate
 * that one of them fits; any other is refused, whoever has signed it. One that
 * fits is trusted without an authority, whatever its name and dates say, but not
 * where it is revoked or its algorithms are too weak.
 *
 * Returns: %TRUE, or %FALSE with %PH_ERROR_INVALID_ARGUMENT
 */
gboolean
ph_security_policy_add_pin (PhSecurityPolicy *self, const char *host, const char *pin, GError **error)
{
  g_autofree char *ascii = NULL;

  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), FALSE);
  g_return_val_if_fail (pin != NULL, FALSE);
  g_return_val_if_fail (!ph_security_policy_is_loaded (self), FALSE);

  if (host != NULL && !g_hostname_is_ip_address (host))
    {
      ascii = g_hostname_to_ascii (host);
      if (ascii == NULL)
        {
          g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "“%s” is not a host name", host);
          return FALSE;
        }
    }
  return ph_tls_pins_add (self->pins, ascii != NULL ? ascii : host, pin, error);
}

guint
ph_security_policy_check_pins (PhSecurityPolicy *self, const char *host, const gnutls_datum_t *certificate, guint status)
{
  return ph_tls_pins_check (self->pins, host, certificate, status);
}

/**
 * ph_security_policy_set_minimum_version:
 * @self: a policy that no session has used yet
 * @version: the oldest version of TLS to speak
 *
 * Sets which versions of TLS are allowed: this one and newer ones, whatever the
 * priority says. The default is %PH_TLS_BY_PRIORITY, by which 1.2 is the oldest
 * unless a priority was set. Older ones are broken, and for servers that can't be
 * mended.
 */
void
ph_security_policy_set_minimum_version (PhSecurityPolicy *self, PhTlsVersion version)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (version <= PH_TLS_V1_3);
  g_return_if_fail (!ph_security_policy_is_loaded (self));

  self->minimum = version;
}

/**
 * ph_security_policy_get_minimum_version:
 * @self: a policy
 *
 * Gets which version of TLS is the oldest to speak.
 *
 * Returns: the version that was set; %PH_TLS_BY_PRIORITY: none was
 */
PhTlsVersion
ph_security_policy_get_minimum_version (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), PH_TLS_BY_PRIORITY);

  return self->minimum;
}

/**
 * ph_security_policy_set_resumption:
 * @self: a policy
 * @resumption: whether to resume
 *
 * Sets whether sessions go on from earlier ones with the same server by tickets
 * (RFC 5077, RFC 8446 section 2.2), which saves work and octets. The default is
 * %TRUE. Tickets are kept in memory, with the policy.
 */
void
ph_security_policy_set_resumption (PhSecurityPolicy *self, gboolean resumption)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  self->resumption = resumption;
}

/**
 * ph_security_policy_get_resumption:
 * @self: a policy
 *
 * Gets whether sessions go on from earlier ones.
 *
 * Returns: %TRUE where they do
 */
gboolean
ph_security_policy_get_resumption (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), FALSE);

  return self->resumption;
}

/**
 * ph_security_policy_set_dane:
 * @self: a policy
 * @mode: what to demand
 *
 * Sets whether the domain name system is asked for proof of a server's
 * certificate (DANE, RFC 6698 and RFC 7673): TLSA records that are signed up to
 * a key which is known here (DNSSEC). The default is %PH_DANE_NEVER.
 */
void
ph_security_policy_set_dane (PhSecurityPolicy *self, PhDaneMode mode)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));
  g_return_if_fail (mode <= PH_DANE_REQUIRED);

  self->dane = mode;
}

/**
 * ph_security_policy_get_dane:
 * @self: a policy
 *
 * Gets whether the domain name system is asked.
 *
 * Returns: the mode
 */
PhDaneMode
ph_security_policy_get_dane (PhSecurityPolicy *self)
{
  g_return_val_if_fail (PH_IS_SECURITY_POLICY (self), PH_DANE_NEVER);

  return self->dane;
}

/**
 * ph_security_policy_set_dane_resolver:
 * @self: a policy that no session has used yet
 * @resolver: (nullable): a name server's address, perhaps with a port behind an
 *   `@`: `192.0.2.1@5353`; %NULL for those of the system
 * @anchor_path: (nullable) (type filename): a file of DS or DNSKEY records, the
 *   keys that answers have to be signed by in the end; %NULL for the root's key as
 *   the system has it
 *
 * Sets whom [method@SecurityPolicy.set_dane] asks. Answers are proven here
 * (DNSSEC): the name server is not trusted.
 */
void
ph_security_policy_set_dane_resolver (PhSecurityPolicy *self, const char *resolver, const char *anchor_path)
{
  g_return_if_fail (PH_IS_SECURITY_POLICY (self));

  g_free (self->dane_resolver);
  g_free (self->dane_anchor);
  self->dane_resolver = g_strdup (resolver);
  self->dane_anchor = g_strdup (anchor_path);
}
