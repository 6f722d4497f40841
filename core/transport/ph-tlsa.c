/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * TLSA = usage selector type data                                   (RFC 6698 section 2.1)
 *   usage     0, 1: the authorities known here have to agree (PKIX-TA, PKIX-EE); 2: this authority (DANE-TA); 3: this certificate (DANE-EE)
 *   selector  0: the whole certificate; 1: its public key
 *   type      0: as it is; 1: SHA-256; 2: SHA-512
 */
#include "transport/ph-tlsa.h"

#include "transport/ph-tls-info-private.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

enum { PKIX_TA, PKIX_EE, DANE_TA, DANE_EE };

/* What an authority of the domain's own, or the very certificate, has no need of (RFC 7671 sections 5.1 and 5.2) */
#define ABOUT_AUTHORITY (GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)
#define ABOUT_IDENTITY (GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED | GNUTLS_CERT_PURPOSE_MISMATCH)

typedef struct {
  guint         usage, selector, type;
  const guint8 *data;
  gsize         length;
} Tlsa;

/* FALSE: not one that can be used (RFC 7671 section 10.1.1). */
static gboolean
read_record (GBytes *record, Tlsa *tlsa)
{
  static const gsize lengths[] = { 0, 32, 64 };
  gsize length;
  const guint8 *octets = g_bytes_get_data (record, &length);

  if (length < 4 || octets[0] > DANE_EE || octets[1] > 1 || octets[2] > 2 || (octets[2] > 0 && length - 3 != lengths[octets[2]]))
    return FALSE;
  tlsa->usage = octets[0];
  tlsa->selector = octets[1];
  tlsa->type = octets[2];
  tlsa->data = octets + 3;
  tlsa->length = length - 3;
  return TRUE;
}

/* The public key's SubjectPublicKeyInfo; TRUE: @key->data is to be freed */
static gboolean
read_key (const gnutls_datum_t *certificate, gnutls_datum_t *key)
{
  gnutls_pubkey_t public_key;
  gnutls_x509_crt_t parsed;
  gboolean success;

  if (gnutls_x509_crt_init (&parsed) < 0)
    return FALSE;
  gnutls_pubkey_init (&public_key);
  success = gnutls_x509_crt_import (parsed, certificate, GNUTLS_X509_FMT_DER) >= 0 &&
            gnutls_pubkey_import_x509 (public_key, parsed, 0) >= 0 &&
            gnutls_pubkey_export2 (public_key, GNUTLS_X509_FMT_DER, key) >= 0;
  gnutls_pubkey_deinit (public_key);
  gnutls_x509_crt_deinit (parsed);
  return success;
}

static gboolean
fits_octets (const Tlsa *tlsa, const gnutls_datum_t *octets)
{
  guint8 digest[64];

  if (tlsa->type == 0)
    return octets->size == tlsa->length && memcmp (octets->data, tlsa->data, tlsa->length) == 0;
  return gnutls_hash_fast (tlsa->type == 1 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512, octets->data, octets->size, digest) >= 0 &&
         memcmp (digest, tlsa->data, tlsa->length) == 0;
}

static gboolean
fits (const Tlsa *tlsa, const gnutls_datum_t *certificate)
{
  gnutls_datum_t key;
  gboolean does_fit;

  if (tlsa->selector == 0)
    return fits_octets (tlsa, certificate);
  if (!read_key (certificate, &key))
    return FALSE;
  does_fit = fits_octets (tlsa, &key);
  gnutls_free (key.data);
  return does_fit;
}

/* RFC 7671 section 5.2: the chain up to @anchor, with names and dates. */
static guint
verify_below (const gnutls_datum_t *chain, guint n, const gnutls_datum_t *anchor, const char *host)
{
  gnutls_typed_vdata_st data[] = {
    { .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (guint8 *) GNUTLS_KP_TLS_WWW_SERVER },
    { .type = GNUTLS_DT_DNS_HOSTNAME, .data = (guint8 *) host },
  };
  g_autofree gnutls_x509_crt_t *certificates = g_new0 (gnutls_x509_crt_t, n);
  gnutls_x509_trust_list_t list;
  guint status = GNUTLS_CERT_INVALID;
  guint imported = 0;

  gnutls_x509_trust_list_init (&list, 0);
  if (gnutls_x509_trust_list_add_trust_mem (list, anchor, NULL, GNUTLS_X509_FMT_DER, 0, 0) > 0)
    for (; imported < n && gnutls_x509_crt_init (&certificates[imported]) >= 0; imported++)
      if (gnutls_x509_crt_import (certificates[imported], &chain[imported], GNUTLS_X509_FMT_DER) < 0)
        {
          gnutls_x509_crt_deinit (certificates[imported]);
          break;
        }
  if (imported == n && gnutls_x509_trust_list_verify_crt2 (list, certificates, n, data, G_N_ELEMENTS (data), 0, &status, NULL) < 0)
    status = GNUTLS_CERT_INVALID;
  for (guint i = 0; i < imported; i++)
    gnutls_x509_crt_deinit (certificates[i]);
  gnutls_x509_trust_list_deinit (list, 1);
  return status;
}

/* TRUE where @tlsa fits; @status then is what is wrong all the same. */
static gboolean
apply (const Tlsa *tlsa, const gnutls_datum_t *chain, guint n, const char *host, guint *status)
{
  gboolean is_own = tlsa->usage == PKIX_EE || tlsa->usage == DANE_EE;

  if (is_own && !fits (tlsa, &chain[0]))
    return FALSE;
  if (tlsa->usage == DANE_EE)
    *status &= ~(guint) (ABOUT_AUTHORITY | ABOUT_IDENTITY);
  if (is_own)
    return TRUE;

  for (guint i = 1; i < n; i++)
    {
      if (!fits (tlsa, &chain[i]))
        continue;
      if (tlsa->usage == DANE_TA)
        *status = (*status & ~(guint) (ABOUT_AUTHORITY | ABOUT_IDENTITY)) | verify_below (chain, n, &chain[i], host);
      return TRUE;
    }
  return FALSE;
}

guint
ph_tlsa_check (GPtrArray *records, PhDaneMode mode, gnutls_session_t session, const char *host, guint status, PhDaneResult *result)
{
  guint n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &n);
  guint usable = 0;

  for (guint i = 0; i < records->len && n > 0; i++)
    {
      guint outcome = status;
      Tlsa tlsa;

      if (!read_record (g_ptr_array_index (records, i), &tlsa))
        continue;
      usable++;
      if (!apply (&tlsa, chain, n, host, &outcome))
        continue;
      *result = PH_DANE_MATCH;
      return outcome;
    }
  *result = usable > 0 ? PH_DANE_MISMATCH : PH_DANE_NO_RECORD;
  if (usable > 0)
    return status | PH_STATUS_DANE_MISMATCH;
  return mode == PH_DANE_REQUIRED ? status | PH_STATUS_DANE_MISSING : status;
}
