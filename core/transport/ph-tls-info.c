/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTlsInfo: the channel as it was negotiated, and the server's certificate in words. */
#include "transport/ph-tls-info-private.h"

#include <gnutls/ocsp.h>
#include <gnutls/x509.h>
#include <string.h>

/**
 * PhTlsInfo:
 *
 * A TLS channel as it was negotiated: protocol, cipher, and the server's
 * certificate with what is wrong with it. It does not change, and any thread can
 * use it.
 */
struct _PhTlsInfo {
  char                *host;
  char                *protocol;
  char                *cipher;
  char                *alpn;
  GPtrArray           *chain;        /* GBytes */
  GPtrArray           *certificates; /* PhCertificate; read when asked for, by get_certificates () */
  GTlsCertificateFlags errors;
  char                *explanation;
  gboolean             is_resumed;
  gboolean             has_staple;
  char               **bindings;     /* looked for when asked for */
  gboolean             has_exporter;
  gboolean             has_unique;
  PhDaneResult         dane;
};

G_DEFINE_BOXED_TYPE (PhTlsInfo, ph_tls_info, ph_tls_info_ref, ph_tls_info_unref)

static const struct { guint status; GTlsCertificateFlags flag; } status_flags[] = {
  { GNUTLS_CERT_SIGNER_NOT_FOUND, G_TLS_CERTIFICATE_UNKNOWN_CA }, { GNUTLS_CERT_SIGNER_NOT_CA, G_TLS_CERTIFICATE_UNKNOWN_CA },
  { GNUTLS_CERT_UNEXPECTED_OWNER, G_TLS_CERTIFICATE_BAD_IDENTITY }, { GNUTLS_CERT_EXPIRED, G_TLS_CERTIFICATE_EXPIRED },
  { GNUTLS_CERT_NOT_ACTIVATED, G_TLS_CERTIFICATE_NOT_ACTIVATED }, { GNUTLS_CERT_REVOKED, G_TLS_CERTIFICATE_REVOKED },
  { GNUTLS_CERT_INSECURE_ALGORITHM, G_TLS_CERTIFICATE_INSECURE },
};

static GTlsCertificateFlags
translate_status (guint status)
{
  GTlsCertificateFlags result = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (status_flags); i++)
    if (status & status_flags[i].status)
      {
        result |= status_flags[i].flag;
        status &= ~status_flags[i].status;
      }
  if (status & ~(guint) GNUTLS_CERT_INVALID)
    result |= G_TLS_CERTIFICATE_GENERIC_ERROR;
  /* invalid, and nothing said why */
  return result == 0 && status != 0 ? G_TLS_CERTIFICATE_GENERIC_ERROR : result;
}

/* Few programs look at them, and reading two costs as much as a quarter of a resumed handshake. Any thread. */
static GPtrArray *
get_certificates (PhTlsInfo *self)
{
  if (g_once_init_enter (&self->certificates))
    {
      GPtrArray *certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_certificate_unref);

      for (guint i = 0; i < self->chain->len; i++)
        {
          PhCertificate *certificate = ph_certificate_new (g_ptr_array_index (self->chain, i), NULL);

          if (certificate != NULL)
            g_ptr_array_add (certificates, certificate);
        }
      g_once_init_leave (&self->certificates, certificates);
    }
  return self->certificates;
}

static PhCertificate *
get_own (PhTlsInfo *self)
{
  GPtrArray *certificates = get_certificates (self);

  return certificates->len > 0 ? g_ptr_array_index (certificates, 0) : NULL;
}

static char *
format_date (GDateTime *time)
{
  return time != NULL ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("?");
}

static gboolean
has_passed (GDateTime *time)
{
  return time != NULL && g_date_time_to_unix (time) < g_get_real_time () / G_USEC_PER_SEC;
}

static char *
explain_expired (PhTlsInfo *self)
{
  GDateTime *expiry = ph_certificate_get_expiry (get_own (self));
  g_autofree char *date = format_date (expiry);

  return has_passed (expiry) ? g_strdup_printf ("has expired (on %s)", date) : g_strdup ("has an authority whose certificate has expired");
}

static char *
explain_not_activated (PhTlsInfo *self)
{
  GDateTime *activation = ph_certificate_get_activation (get_own (self));
  g_autofree char *date = format_date (activation);

  return has_passed (activation) ? g_strdup ("has an authority whose certificate is not valid yet")
                                 : g_strdup_printf ("is not valid before %s", date);
}

static char *
explain_identity (PhTlsInfo *self)
{
  const char *const *names = ph_certificate_get_names (get_own (self));
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL && i < 8; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", names[i]);
  return list->len > 0 ? g_strdup_printf ("is made out to another (%s)", list->str) : g_strdup ("is not made out to it");
}

/* As the default priority has it: at least 112 bits of security. */
static gboolean
has_short_key (PhCertificate *certificate)
{
  guint size = ph_certificate_get_key_size (certificate);

  return size != 0 && size < (g_str_has_prefix (ph_certificate_get_key_algorithm (certificate), "E") ? 224 : 2048);
}

static char *
explain_insecure (PhTlsInfo *self)
{
  PhCertificate *own = get_own (self);

  if (has_short_key (own))
    return g_strdup_printf ("has a key that is too short (%s, %u bits)", ph_certificate_get_key_algorithm (own),
                            ph_certificate_get_key_size (own));
  for (guint i = 1; i < get_certificates (self)->len; i++)
    if (has_short_key (g_ptr_array_index (get_certificates (self), i)))
      return g_strdup ("has an authority whose key is too short");
  return g_strdup_printf ("is signed by too weak an algorithm (%s)", ph_certificate_get_signature_algorithm (own));
}

static char *
explain_authority (PhTlsInfo *self)
{
  PhCertificate *own = get_own (self);
  const char *issuer = ph_certificate_get_issuer (own);

  if (g_strcmp0 (ph_certificate_get_subject (own), issuer) == 0)
    return g_strdup ("is signed by itself, and not trusted");
  return g_strdup_printf ("comes from an authority that is not trusted (%s)%s", issuer != NULL ? issuer : "?",
                          get_certificates (self)->len == 1 ? ", whose own certificate the server did not send" : "");
}

static char *
explain_pin (PhTlsInfo *self)
{
  return g_strdup_printf ("is not the one that is expected there (it is %s)", ph_certificate_get_fingerprint (get_own (self)));
}

static const struct { guint status; char *(*explain) (PhTlsInfo *self); const char *text; } reasons[] = {
  { PH_STATUS_NOT_CHECKED, NULL, "can't be checked: the server has sent a chain that can't be read" },
  { PH_STATUS_PIN_MISMATCH, explain_pin, NULL },
  { PH_STATUS_DANE_MISMATCH, NULL, "is not the one that its domain has published (DANE)" },
  { PH_STATUS_DANE_MISSING, NULL, "has no signed record in the domain name system to prove it (DANE)" },
  { GNUTLS_CERT_EXPIRED, explain_expired, NULL },
  { GNUTLS_CERT_NOT_ACTIVATED, explain_not_activated, NULL },
  { GNUTLS_CERT_UNEXPECTED_OWNER, explain_identity, NULL },
  { GNUTLS_CERT_REVOKED, NULL, "was revoked" },
  { GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, NULL, "can't be told from revoked ones: what says so is out of date" },
  { GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, NULL, "can't be told from revoked ones: what says so is from the future" },
  { GNUTLS_CERT_INVALID_OCSP_STATUS, NULL, "came with a statement that it is not revoked (OCSP), which can't be believed" },
  { GNUTLS_CERT_MISSING_OCSP_STATUS, NULL, "must come with a statement that it is not revoked (OCSP), and came without" },
  { GNUTLS_CERT_INSECURE_ALGORITHM, explain_insecure, NULL },
  { GNUTLS_CERT_SIGNATURE_FAILURE, NULL, "has a false signature" },
  { GNUTLS_CERT_PURPOSE_MISMATCH, NULL, "is not meant for servers" },
  { GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, NULL, "is one that its authority may not sign" },
  { GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, NULL, "demands what is not understood here" },
  { GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA, explain_authority, NULL },
};

static char *
explain (PhTlsInfo *self, guint status)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  if (get_own (self) == NULL)
    return g_strdup_printf ("%s has shown no certificate", self->host);
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (status & reasons[i].status)
      g_ptr_array_add (parts, reasons[i].explain != NULL ? reasons[i].explain (self) : g_strdup (reasons[i].text));
  if (parts->len == 0)
    g_ptr_array_add (parts, g_strdup ("is not valid"));
  g_ptr_array_add (parts, NULL);
  text = g_strjoinv (", and ", (char **) parts->pdata);
  return g_strdup_printf ("The certificate of %s %s", self->host, text);
}

static void
copy_chain (PhTlsInfo *self, gnutls_session_t session)
{
  guint n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &n);

  self->chain = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->chain, g_bytes_new (chain[i].data, chain[i].size));
}

/* RFC 5929 section 4.1: the hash is the one of the certificate's signature. */
static gboolean
has_end_point (PhTlsInfo *self)
{
  const char *name = get_own (self) != NULL ? ph_certificate_get_signature_algorithm (get_own (self)) : NULL;
  gnutls_digest_algorithm_t hash = name != NULL ? gnutls_sign_get_hash_algorithm (gnutls_sign_get_id (name)) : GNUTLS_DIG_UNKNOWN;

  return hash != GNUTLS_DIG_UNKNOWN && hash != GNUTLS_DIG_NULL;
}

/* The strongest first */
static char **
make_bindings (PhTlsInfo *self)
{
  GPtrArray *bindings = g_ptr_array_new ();

  if (self->has_exporter)
    g_ptr_array_add (bindings, g_strdup ("tls-exporter"));
  if (has_end_point (self))
    g_ptr_array_add (bindings, g_strdup ("tls-server-end-point"));
  if (self->has_unique)
    g_ptr_array_add (bindings, g_strdup ("tls-unique"));
  g_ptr_array_add (bindings, NULL);
  return (char **) g_ptr_array_free (bindings, FALSE);
}

PhTlsInfo *
ph_tls_info_new (gnutls_session_t session, const char *host, guint status, PhDaneResult dane, gboolean exporter, gboolean unique)
{
  PhTlsInfo *self = g_atomic_rc_box_new0 (PhTlsInfo);
  gnutls_datum_t alpn;

  self->host = g_strdup (host);
  self->protocol = g_strdup (gnutls_protocol_get_name (gnutls_protocol_get_version (session)));
  self->cipher = g_strdup (gnutls_cipher_get_name (gnutls_cipher_get (session)));
  if (gnutls_alpn_get_selected_protocol (session, &alpn) == 0)
    self->alpn = g_strndup ((const char *) alpn.data, alpn.size);
  self->is_resumed = gnutls_session_is_resumed (session) != 0;
  self->has_staple = gnutls_ocsp_status_request_is_checked (session, 0) != 0;
  self->has_exporter = exporter;
  self->has_unique = unique;
  self->dane = dane;
  copy_chain (self, session);
  self->errors = translate_status (status);
  if (self->errors != 0)
    self->explanation = explain (self, status);
  return self;
}

static void
ph_tls_info_clear (gpointer data)
{
  PhTlsInfo *self = data;

  g_free (self->host);
  g_free (self->protocol);
  g_free (self->cipher);
  g_free (self->alpn);
  g_ptr_array_unref (self->chain);
  g_clear_pointer (&self->certificates, g_ptr_array_unref);
  g_free (self->explanation);
  g_strfreev (self->bindings);
}

/**
 * ph_tls_info_ref:
 * @self: a #PhTlsInfo
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhTlsInfo *
ph_tls_info_ref (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * ph_tls_info_unref:
 * @self: (transfer full): a #PhTlsInfo
 *
 * Drops a reference.
 */
void
ph_tls_info_unref (PhTlsInfo *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, ph_tls_info_clear);
}

/**
 * ph_tls_info_get_protocol:
 * @self: a #PhTlsInfo
 *
 * Gets the protocol's version.
 *
 * Returns: (transfer none): `TLS1.3` or `TLS1.2`
 */
const char *
ph_tls_info_get_protocol (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->protocol;
}

/**
 * ph_tls_info_get_cipher:
 * @self: a #PhTlsInfo
 *
 * Gets the cipher that the octets are encrypted with.
 *
 * Returns: (transfer none): its name, such as `AES-256-GCM`
 */
const char *
ph_tls_info_get_cipher (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cipher;
}

/**
 * ph_tls_info_get_alpn:
 * @self: a #PhTlsInfo
 *
 * Gets the application protocol that the server has chosen (RFC 7301).
 *
 * Returns: (transfer none) (nullable): its name, such as `imap`; %NULL where
 *   none was agreed upon
 */
const char *
ph_tls_info_get_alpn (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->alpn;
}

/**
 * ph_tls_info_get_chain:
 * @self: a #PhTlsInfo
 *
 * Gets the certificates that the server has shown.
 *
 * Returns: (transfer none) (element-type GLib.Bytes): in DER, the server's own first
 */
GPtrArray *
ph_tls_info_get_chain (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->chain;
}

/**
 * ph_tls_info_get_errors:
 * @self: a #PhTlsInfo
 *
 * Gets what is wrong with the certificate.
 *
 * Returns: flags; 0 where everything is right
 */
GTlsCertificateFlags
ph_tls_info_get_errors (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->errors;
}

/**
 * ph_tls_info_get_subject:
 * @self: a #PhTlsInfo
 *
 * Gets to whom the server's certificate is made out.
 *
 * Returns: (transfer none) (nullable): a distinguished name (RFC 4514); %NULL
 *   where it can't be read
 */
const char *
ph_tls_info_get_subject (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_own (self) != NULL ? ph_certificate_get_subject (get_own (self)) : NULL;
}

/**
 * ph_tls_info_get_issuer:
 * @self: a #PhTlsInfo
 *
 * Gets who has signed the server's certificate.
 *
 * Returns: (transfer none) (nullable): a distinguished name (RFC 4514); %NULL
 *   where it can't be read
 */
const char *
ph_tls_info_get_issuer (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_own (self) != NULL ? ph_certificate_get_issuer (get_own (self)) : NULL;
}

/**
 * ph_tls_info_get_expiry:
 * @self: a #PhTlsInfo
 *
 * Gets the last moment at which the server's certificate is valid.
 *
 * Returns: (transfer none) (nullable): a time in UTC; %NULL where it can't be read
 */
GDateTime *
ph_tls_info_get_expiry (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_own (self) != NULL ? ph_certificate_get_expiry (get_own (self)) : NULL;
}

/**
 * ph_tls_info_get_certificates:
 * @self: a #PhTlsInfo
 *
 * Gets the certificates that the server has shown, in words.
 *
 * Returns: (transfer none) (element-type PhCertificate): the server's own first;
 *   without those that can't be read
 */
GPtrArray *
ph_tls_info_get_certificates (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_certificates (self);
}

/**
 * ph_tls_info_get_explanation:
 * @self: a #PhTlsInfo
 *
 * Gets what is wrong with the certificate, as the sentence that the error
 * %PH_ERROR_BAD_CERTIFICATE has: "The certificate of mail.example.org has
 * expired (on 2026-01-31)".
 *
 * Returns: (transfer none) (nullable): a sentence; %NULL where everything is right
 */
const char *
ph_tls_info_get_explanation (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->explanation;
}

/**
 * ph_tls_info_is_resumed:
 * @self: a #PhTlsInfo
 *
 * Gets whether the channel goes on from an earlier one with the same server, by
 * a ticket, which saves the exchange of certificates. The certificate of then
 * is checked again all the same.
 *
 * Returns: %TRUE where it does
 */
gboolean
ph_tls_info_is_resumed (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_resumed;
}

/**
 * ph_tls_info_has_staple:
 * @self: a #PhTlsInfo
 *
 * Gets whether the server has sent a statement of the authority, valid and of
 * now, that its certificate is not revoked (OCSP stapling, RFC 6066 section 8).
 * A resumed channel has none.
 *
 * Returns: %TRUE where it has
 */
gboolean
ph_tls_info_has_staple (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_staple;
}

/**
 * ph_tls_info_get_bindings:
 * @self: a #PhTlsInfo
 *
 * Gets by what a login can be bound to the channel (RFC 5056).
 *
 * Returns: (transfer none) (array zero-terminated=1): of `tls-exporter`,
 *   `tls-server-end-point` and `tls-unique` those that are there and safe
 */
const char *const *
ph_tls_info_get_bindings (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (g_once_init_enter (&self->bindings))
    g_once_init_leave (&self->bindings, make_bindings (self));
  return (const char *const *) self->bindings;
}

/**
 * ph_tls_info_get_dane:
 * @self: a #PhTlsInfo
 *
 * Gets what came of asking the domain name system for proof (DANE, RFC 7673).
 *
 * Returns: the result; %PH_DANE_NOT_ASKED where the policy does not ask
 */
PhDaneResult
ph_tls_info_get_dane (PhTlsInfo *self)
{
  g_return_val_if_fail (self != NULL, PH_DANE_NOT_ASKED);

  return self->dane;
}
