/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCertificate: what a certificate says, in words that are safe to print. */
#include "transport/ph-tls-identity.h"

#include <posthorn/posthorn.h>
#include <gnutls/abstract.h>
#include <string.h>

#define MAX_NAMES 64

/**
 * PhCertificate:
 *
 * A certificate (X.509, RFC 5280) in words. What it holds was written by whoever
 * made it: control characters are replaced, so that it can be shown. It does not
 * change, and any thread can use it.
 *
 * A program that remembers a person's decision about a certificate remembers
 * its [method@Certificate.get_fingerprint], and gives it to
 * [method@SecurityPolicy.add_pin] the next time.
 */
struct _PhCertificate {
  GBytes     *der;
  char       *subject;
  char       *issuer;
  char      **names;
  GDateTime  *activation;
  GDateTime  *expiry;
  const char *key_algorithm;
  guint       key_size;
  const char *signature_algorithm;
  char       *fingerprint;
  char       *key_fingerprint;
};

G_DEFINE_BOXED_TYPE (PhCertificate, ph_certificate, ph_certificate_ref, ph_certificate_unref)

static char *
make_printable (const char *data, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (data, length);
  GString *text = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (text, g_unichar_isprint (g_utf8_get_char (p)) ? g_utf8_get_char (p) : '?');
  return g_string_free (text, FALSE);
}

static char *
take_text (int result, gnutls_datum_t *text)
{
  char *copy;

  if (result < 0)
    return NULL;
  copy = make_printable ((const char *) text->data, text->size);
  gnutls_free (text->data);
  return copy;
}

static char *
format_address (const char *octets, gsize size)
{
  g_autoptr (GInetAddress) address = NULL;

  if (size != 4 && size != 16)
    return NULL;
  address = g_inet_address_new_from_bytes ((const guint8 *) octets, size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (address);
}

static char *
read_service (gnutls_x509_crt_t certificate, guint index)
{
  g_autofree char *name = ph_tls_identity_read_srv (certificate, index);

  return name != NULL ? make_printable (name, strlen (name)) : NULL;
}

static char **
read_names (gnutls_x509_crt_t certificate)
{
  GPtrArray *names = g_ptr_array_new ();
  char name[256];

  for (guint i = 0; i < MAX_NAMES; i++)
    {
      gsize size = sizeof name;
      char *text = NULL;
      int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, name, &size, NULL);

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (type == GNUTLS_SAN_DNSNAME)
        text = make_printable (name, size);
      else if (type == GNUTLS_SAN_IPADDRESS)
        text = format_address (name, size);
      else if (type == GNUTLS_SAN_OTHERNAME)
        text = read_service (certificate, i);
      if (text != NULL)
        g_ptr_array_add (names, text);
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static char *
format_fingerprint (GBytes *der)
{
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, der);
  GString *text = g_string_new ("sha256");

  for (const char *p = hex; *p != '\0'; p += 2)
    g_string_append_printf (text, ":%c%c", g_ascii_toupper (p[0]), g_ascii_toupper (p[1]));
  return g_string_free (text, FALSE);
}

static char *
format_key_fingerprint (gnutls_x509_crt_t certificate)
{
  guint8 digest[32];
  gsize size = sizeof digest;
  g_autofree char *text = NULL;

  if (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, digest, &size) < 0)
    return NULL;
  text = g_base64_encode (digest, size);
  return g_strconcat ("sha256//", text, NULL);
}

static void
read_key (PhCertificate *self, gnutls_x509_crt_t certificate)
{
  guint bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (certificate, &bits);
  int signature = gnutls_x509_crt_get_signature_algorithm (certificate);

  self->key_algorithm = algorithm >= 0 ? gnutls_pk_algorithm_get_name (algorithm) : NULL;
  self->key_size = bits;
  self->signature_algorithm = signature >= 0 ? gnutls_sign_get_name (signature) : NULL;
}

static GDateTime *
read_time (time_t seconds)
{
  return seconds != (time_t) -1 ? g_date_time_new_from_unix_utc (seconds) : NULL;
}

/**
 * ph_certificate_new:
 * @der: a certificate in DER
 * @error: return location for an error
 *
 * Reads a certificate.
 *
 * Returns: (transfer full): the certificate, or %NULL with
 *   %PH_ERROR_INVALID_ARGUMENT
 */
PhCertificate *
ph_certificate_new (GBytes *der, GError **error)
{
  PhCertificate *self;
  gnutls_x509_crt_t certificate;
  gnutls_datum_t octets, text;
  gsize size;
  int result;

  g_return_val_if_fail (der != NULL, NULL);

  octets.data = (guint8 *) g_bytes_get_data (der, &size);
  octets.size = size;
  result = gnutls_x509_crt_init (&certificate);
  if (result < 0)
    g_error ("%s", gnutls_strerror (result)); /* out of memory */
  result = gnutls_x509_crt_import (certificate, &octets, GNUTLS_X509_FMT_DER);
  if (result < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The certificate can't be read: %s", gnutls_strerror (result));
      gnutls_x509_crt_deinit (certificate);
      return NULL;
    }

  self = g_atomic_rc_box_new0 (PhCertificate);
  self->der = g_bytes_ref (der);
  self->subject = take_text (gnutls_x509_crt_get_dn3 (certificate, &text, 0), &text);
  self->issuer = take_text (gnutls_x509_crt_get_issuer_dn3 (certificate, &text, 0), &text);
  self->names = read_names (certificate);
  self->activation = read_time (gnutls_x509_crt_get_activation_time (certificate));
  self->expiry = read_time (gnutls_x509_crt_get_expiration_time (certificate));
  self->fingerprint = format_fingerprint (der);
  self->key_fingerprint = format_key_fingerprint (certificate);
  read_key (self, certificate);
  gnutls_x509_crt_deinit (certificate);
  return self;
}

static void
clear (gpointer data)
{
  PhCertificate *self = data;

  g_bytes_unref (self->der);
  g_free (self->subject);
  g_free (self->issuer);
  g_strfreev (self->names);
  g_clear_pointer (&self->activation, g_date_time_unref);
  g_clear_pointer (&self->expiry, g_date_time_unref);
  g_free (self->fingerprint);
  g_free (self->key_fingerprint);
}

/**
 * ph_certificate_ref:
 * @self: a certificate
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhCertificate *
ph_certificate_ref (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * ph_certificate_unref:
 * @self: (transfer full): a certificate
 *
 * Drops a reference.
 */
void
ph_certificate_unref (PhCertificate *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

/**
 * ph_certificate_get_der:
 * @self: a certificate
 *
 * Gets the certificate itself.
 *
 * Returns: (transfer none): its DER form
 */
GBytes *
ph_certificate_get_der (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->der;
}

/**
 * ph_certificate_get_subject:
 * @self: a certificate
 *
 * Gets to whom it is made out.
 *
 * Returns: (transfer none) (nullable): a distinguished name (RFC 4514); %NULL
 *   where it can't be read
 */
const char *
ph_certificate_get_subject (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->subject;
}

/**
 * ph_certificate_get_issuer:
 * @self: a certificate
 *
 * Gets who has signed it.
 *
 * Returns: (transfer none) (nullable): a distinguished name (RFC 4514); %NULL
 *   where it can't be read
 */
const char *
ph_certificate_get_issuer (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->issuer;
}

/**
 * ph_certificate_get_names:
 * @self: a certificate
 *
 * Gets the host names, addresses and services (`_imaps.example.org`, RFC 4985)
 * that it is made out to.
 *
 * Returns: (transfer none) (array zero-terminated=1): the first 64 of them
 */
const char *const *
ph_certificate_get_names (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->names;
}

/**
 * ph_certificate_get_activation:
 * @self: a certificate
 *
 * Gets the first moment at which it is valid.
 *
 * Returns: (transfer none) (nullable): a time in UTC; %NULL where it can't be read
 */
GDateTime *
ph_certificate_get_activation (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->activation;
}

/**
 * ph_certificate_get_expiry:
 * @self: a certificate
 *
 * Gets the last moment at which it is valid.
 *
 * Returns: (transfer none) (nullable): a time in UTC; %NULL where it can't be read
 */
GDateTime *
ph_certificate_get_expiry (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->expiry;
}

/**
 * ph_certificate_get_key_algorithm:
 * @self: a certificate
 *
 * Gets what its public key is for.
 *
 * Returns: (transfer none) (nullable): `RSA`, `EC/ECDSA`, `EdDSA (Ed25519)`;
 *   %NULL where it is unknown
 */
const char *
ph_certificate_get_key_algorithm (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key_algorithm;
}

/**
 * ph_certificate_get_key_size:
 * @self: a certificate
 *
 * Gets how long its public key is.
 *
 * Returns: bits; 0 where that is unknown
 */
guint
ph_certificate_get_key_size (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->key_size;
}

/**
 * ph_certificate_get_signature_algorithm:
 * @self: a certificate
 *
 * Gets how it was signed.
 *
 * Returns: (transfer none) (nullable): `RSA-SHA256`; %NULL where it is unknown
 */
const char *
ph_certificate_get_signature_algorithm (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->signature_algorithm;
}

/**
 * ph_certificate_get_fingerprint:
 * @self: a certificate
 *
 * Gets the SHA-256 fingerprint of the whole certificate, which its renewal
 * changes.
 *
 * Returns: (transfer none): `sha256:` and 32 octets in hexadecimal, with colons
 *   between them
 */
const char *
ph_certificate_get_fingerprint (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fingerprint;
}

/**
 * ph_certificate_get_key_fingerprint:
 * @self: a certificate
 *
 * Gets the SHA-256 fingerprint of the public key (RFC 7469 section 2.4), which
 * stays where a certificate is renewed with the same key.
 *
 * Returns: (transfer none) (nullable): `sha256//` and 32 octets in Base64; %NULL
 *   where the key can't be read
 */
const char *
ph_certificate_get_key_fingerprint (PhCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key_fingerprint;
}
