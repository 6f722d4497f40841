/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pin = "sha256:" 64HEXDIG         the whole certificate; colons between octets don't count
 *     / "sha256//" base64          the public key, as RFC 7469 section 2.4 has it
 */
#include "transport/ph-tls-pins.h"

#include "transport/ph-tls-info-private.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#define DIGEST 32

/* A person who says "this very certificate" has no need of an authority, a name or a date. Revocation and weakness are news to him. */
#define EXCUSED \
  (GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_EXPIRED | \
   GNUTLS_CERT_NOT_ACTIVATED | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE | GNUTLS_CERT_PURPOSE_MISMATCH)

typedef struct {
  char    *host;
  gboolean is_key;
  guint8   digest[DIGEST];
} Pin;

static void
pin_free (gpointer data)
{
  Pin *self = data;

  g_free (self->host);
  g_free (self);
}

GPtrArray *
ph_tls_pins_new (void)
{
  return g_ptr_array_new_with_free_func (pin_free);
}

static gboolean
read_hex (const char *text, guint8 *digest)
{
  gsize n = 0;

  for (; n < 2 * DIGEST && *text != '\0'; text++)
    {
      int value = g_ascii_xdigit_value (*text);

      if (*text == ':' && n % 2 == 0)
        continue;
      if (value < 0)
        return FALSE;
      digest[n / 2] = n % 2 == 0 ? value << 4 : digest[n / 2] | value;
      n++;
    }
  return n == 2 * DIGEST && *text == '\0';
}

static gboolean
read_base64 (const char *text, guint8 *digest)
{
  gsize length;
  g_autofree guint8 *octets = g_base64_decode (text, &length);
  g_autofree char *again = g_base64_encode (octets, length);

  if (length != DIGEST || strcmp (again, text) != 0)
    return FALSE;
  memcpy (digest, octets, DIGEST);
  return TRUE;
}

gboolean
ph_tls_pins_add (GPtrArray *self, const char *host, const char *pin, GError **error)
{
  Pin read = { 0 };
  gboolean is_good = FALSE;

  if (g_ascii_strncasecmp (pin, "sha256//", 8) == 0)
    is_good = (read.is_key = TRUE) && read_base64 (pin + 8, read.digest);
  else if (g_ascii_strncasecmp (pin, "sha256:", 7) == 0)
    is_good = read_hex (pin + 7, read.digest);
  if (!is_good)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT,
                   "“%s” is no pin: it takes “sha256:” and a certificate's fingerprint in hexadecimal, or “sha256//” and a public key's in Base64", pin);
      return FALSE;
    }
  read.host = g_strdup (host);
  g_ptr_array_add (self, g_memdup2 (&read, sizeof read));
  return TRUE;
}

static gboolean
read_digests (const gnutls_datum_t *der, guint8 *whole, guint8 *key)
{
  gnutls_x509_crt_t certificate;
  gsize size = DIGEST;
  gboolean success;

  if (gnutls_x509_crt_init (&certificate) < 0)
    return FALSE;
  success = gnutls_x509_crt_import (certificate, der, GNUTLS_X509_FMT_DER) >= 0 &&
            gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, key, &size) >= 0 &&
            gnutls_hash_fast (GNUTLS_DIG_SHA256, der->data, der->size, whole) >= 0;
  gnutls_x509_crt_deinit (certificate);
  return success;
}

static gboolean
is_of_host (const Pin *pin, const char *host)
{
  return pin->host == NULL || g_ascii_strcasecmp (pin->host, host) == 0;
}

static gboolean
has_pins (GPtrArray *self, const char *host)
{
  for (guint i = 0; i < self->len; i++)
    if (is_of_host (g_ptr_array_index (self, i), host))
      return TRUE;
  return FALSE;
}

guint
ph_tls_pins_check (GPtrArray *self, const char *host, const gnutls_datum_t *certificate, guint status)
{
  guint8 whole[DIGEST], key[DIGEST];

  if (!has_pins (self, host))
    return status;
  if (certificate == NULL || !read_digests (certificate, whole, key))
    return status | PH_STATUS_PIN_MISMATCH;
  for (guint i = 0; i < self->len; i++)
    {
      const Pin *pin = g_ptr_array_index (self, i);

      if (is_of_host (pin, host) && memcmp (pin->digest, pin->is_key ? key : whole, DIGEST) == 0)
        return status & ~(guint) EXCUSED;
    }
  return status | PH_STATUS_PIN_MISMATCH;
}
