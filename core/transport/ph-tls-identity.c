/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of RFC 7817 that GnuTLS does not compare: those of services (SRV-ID, RFC 4985), and that of the mail domain. */
#include "transport/ph-tls-identity.h"

#include <string.h>

#define SRV_NAME "1.3.6.1.5.5.7.8.7" /* id-on-dnsSRV */
#define IA5_STRING 0x16
#define MAX_NAMES 4096

/* An IA5String in DER; a name has 253 octets at most, so that two octets tell its length. */
static char *
read_ia5_string (const guint8 *der, gsize size)
{
  gsize start = 2;
  gsize length = size > 1 ? der[1] : 0;

  if (length == 0x81 && size > 2)
    {
      start = 3;
      length = der[2];
    }
  if (size < 3 || der[0] != IA5_STRING || length == 0 || start + length != size || memchr (der + start, '\0', length) != NULL)
    return NULL;
  return g_strndup ((const char *) der + start, length);
}

char *
ph_tls_identity_read_srv (gnutls_x509_crt_t certificate, guint index)
{
  char oid[64];
  guint8 der[300];
  gsize size = sizeof oid;

  if (gnutls_x509_crt_get_subject_alt_othername_oid (certificate, index, oid, &size) < 0 || strcmp (oid, SRV_NAME) != 0)
    return NULL;
  size = sizeof der;
  if (gnutls_x509_crt_get_subject_alt_name (certificate, index, der, &size, NULL) != GNUTLS_SAN_OTHERNAME)
    return NULL;
  return read_ia5_string (der, size);
}

static gboolean
is_service (const char *name, const char *srv, const char *domain)
{
  g_autofree char *expected = domain != NULL ? g_strdup_printf ("_%s.%s", srv, domain) : NULL;

  return expected != NULL && g_ascii_strcasecmp (name, expected) == 0;
}

typedef struct {
  gboolean fits;
  gboolean names_service;
  gboolean names_host; /* or an address: GnuTLS compares no common name then */
} Names;

static Names
read_names (gnutls_x509_crt_t certificate, const char *srv, const char *host, const char *domain)
{
  Names names = { FALSE, FALSE, FALSE };
  guint8 octets[256];

  for (guint i = 0; i < MAX_NAMES; i++)
    {
      gsize size = sizeof octets;
      int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, octets, &size, NULL);
      g_autofree char *service = NULL;

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      names.names_host |= type == GNUTLS_SAN_DNSNAME || type == GNUTLS_SAN_IPADDRESS;
      service = ph_tls_identity_read_srv (certificate, i);
      if (service == NULL)
        continue;
      names.names_service = TRUE;
      names.fits |= srv != NULL && (is_service (service, srv, host) || is_service (service, srv, domain));
    }
  return names;
}

static guint
check (gnutls_x509_crt_t certificate, const char *srv, const char *host, const char *domain, guint status)
{
  Names names = read_names (certificate, srv, host, domain);
  gboolean by_common_name_only = names.names_service && !names.names_host;

  if (names.fits || (domain != NULL && !by_common_name_only && gnutls_x509_crt_check_hostname (certificate, domain)))
    {
      if (!(status & GNUTLS_CERT_UNEXPECTED_OWNER))
        return status;
      status &= ~(guint) GNUTLS_CERT_UNEXPECTED_OWNER;
      return status == GNUTLS_CERT_INVALID ? 0 : status;
    }
  /* RFC 6125 section 6.4.4 */
  return by_common_name_only ? status | GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_INVALID : status;
}

/* Names of services are rare: a certificate without their OID in it has none. */
static gboolean
may_name_service (const gnutls_datum_t *certificate)
{
  static const guint8 oid[] = { 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x07 };

  return memmem (certificate->data, certificate->size, oid, sizeof oid) != NULL;
}

guint
ph_tls_identity_check (const gnutls_datum_t *certificate, const char *srv, const char *host, const char *domain, guint status)
{
  gnutls_x509_crt_t parsed;

  if (!(status & GNUTLS_CERT_UNEXPECTED_OWNER) && !may_name_service (certificate))
    return status;
  if (gnutls_x509_crt_init (&parsed) < 0)
    return status;
  if (gnutls_x509_crt_import (parsed, certificate, GNUTLS_X509_FMT_DER) >= 0)
    status = check (parsed, srv, host, domain, status);
  gnutls_x509_crt_deinit (parsed);
  return status;
}
