/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTlsInfo: the channel as it was negotiated, and the server's certificate in words. */
#include "transport/ph-tls-info-private.h"

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
  GPtrArray           *chain;
  GTlsCertificateFlags errors;

  /* of the server's own certificate */
  char      *subject;
  char      *issuer;
  char      *names;
  GDateTime *activation;
  GDateTime *expiry;
};

G_DEFINE_BOXED_TYPE (PhTlsInfo, ph_tls_info, ph_tls_info_ref, ph_tls_info_unref)

/* What a server writes into its certificate ends in messages on terminals: nothing in it may steer them. */
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

/* For whom the certificate was made out: "mail.example.org, 192.0.2.1" */
static char *
read_names (gnutls_x509_crt_t certificate)
{
  g_autoptr (GString) names = g_string_new (NULL);
  char name[256];

  for (guint i = 0; i < 8; i++)
    {
      gsize size = sizeof name;
      g_autofree char *text = NULL;
      int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, name, &size, NULL);

      if (type == GNUTLS_SAN_DNSNAME)
        text = make_printable (name, size);
      else if (type == GNUTLS_SAN_IPADDRESS && (size == 4 || size == 16))
        {
          g_autoptr (GInetAddress) address =
            g_inet_address_new_from_bytes ((const guint8 *) name, size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

          text = g_inet_address_to_string (address);
        }
      if (text != NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", text);
    }
  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static void
read_certificate (PhTlsInfo *self, const gnutls_datum_t *der)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t text;

  if (gnutls_x509_crt_init (&certificate) < 0)
    return;
  if (gnutls_x509_crt_import (certificate, der, GNUTLS_X509_FMT_DER) >= 0)
    {
      self->subject = take_text (gnutls_x509_crt_get_dn3 (certificate, &text, 0), &text);
      self->issuer = take_text (gnutls_x509_crt_get_issuer_dn3 (certificate, &text, 0), &text);
      self->names = read_names (certificate);
      self->activation = g_date_time_new_from_unix_utc (gnutls_x509_crt_get_activation_time (certificate));
      self->expiry = g_date_time_new_from_unix_utc (gnutls_x509_crt_get_expiration_time (certificate));
    }
  gnutls_x509_crt_deinit (certificate);
}

PhTlsInfo *
ph_tls_info_new (gnutls_session_t session, const char *host, GTlsCertificateFlags errors)
{
  PhTlsInfo *self = g_atomic_rc_box_new0 (PhTlsInfo);
  const gnutls_datum_t *chain;
  gnutls_datum_t alpn;
  guint n = 0;

  self->host = g_strdup (host);
  self->errors = errors;
  self->protocol = g_strdup (gnutls_protocol_get_name (gnutls_protocol_get_version (session)));
  self->cipher = g_strdup (gnutls_cipher_get_name (gnutls_cipher_get (session)));
  if (gnutls_alpn_get_selected_protocol (session, &alpn) == 0)
    self->alpn = g_strndup ((const char *) alpn.data, alpn.size);

  self->chain = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  chain = gnutls_certificate_get_peers (session, &n);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->chain, g_bytes_new (chain[i].data, chain[i].size));
  if (n > 0)
    read_certificate (self, &chain[0]);
  return self;
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

static void
explain_time (PhTlsInfo *self, GPtrArray *reasons)
{
  g_autofree char *expiry = format_date (self->expiry);
  g_autofree char *activation = format_date (self->activation);

  if (self->errors & G_TLS_CERTIFICATE_EXPIRED)
    g_ptr_array_add (reasons, has_passed (self->expiry) ? g_strdup_printf ("has expired (on %s)", expiry)
                                                        : g_strdup ("has an authority whose certificate has expired"));
  if (self->errors & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    g_ptr_array_add (reasons, has_passed (self->activation) ? g_strdup ("has an authority whose certificate is not valid yet")
                                                            : g_strdup_printf ("is not valid before %s", activation));
}

char *
ph_tls_info_explain (PhTlsInfo *self)
{
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  if (self->chain->len == 0)
    return g_strdup_printf ("%s has shown no certificate", self->host);
  explain_time (self, reasons);
  if (self->errors & G_TLS_CERTIFICATE_BAD_IDENTITY)
    g_ptr_array_add (reasons, self->names != NULL ? g_strdup_printf ("is made out to another (%s)", self->names)
                                                  : g_strdup ("is not made out to it"));
  if (self->errors & G_TLS_CERTIFICATE_REVOKED)
    g_ptr_array_add (reasons, g_strdup ("was revoked"));
  if (self->errors & G_TLS_CERTIFICATE_INSECURE)
    g_ptr_array_add (reasons, g_strdup ("uses an insecure algorithm"));
  if (self->errors & G_TLS_CERTIFICATE_UNKNOWN_CA)
    g_ptr_array_add (reasons, g_strcmp0 (self->subject, self->issuer) == 0 ? g_strdup ("is signed by itself, and not trusted")
                                                                          : g_strdup_printf ("comes from an authority that is not trusted (%s)", self->issuer));
  if (reasons->len == 0)
    g_ptr_array_add (reasons, g_strdup ("is not valid"));
  g_ptr_array_add (reasons, NULL);
  text = g_strjoinv (", and ", (char **) reasons->pdata);
  return g_strdup_printf ("The certificate of %s %s", self->host, text);
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
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->names);
  g_clear_pointer (&self->activation, g_date_time_unref);
  g_clear_pointer (&self->expiry, g_date_time_unref);
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

  return self->subject;
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

  return self->issuer;
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

  return self->expiry;
}
