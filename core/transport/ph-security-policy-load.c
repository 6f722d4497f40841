/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A policy becomes GnuTLS' credentials: read once, by the first session that begins TLS, and shared by all. */
#include "transport/ph-security-policy-private.h"

#include <gnutls/x509.h>

static const char *const versions[] = {
  [PH_TLS_V1_0] = "VERS-TLS1.0",
  [PH_TLS_V1_1] = "VERS-TLS1.1",
  [PH_TLS_V1_2] = "VERS-TLS1.2",
  [PH_TLS_V1_3] = "VERS-TLS1.3",
};

static gboolean
fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, PH_ERROR, PH_ERROR_TLS, message);
  return FALSE;
}

static gboolean
load_trust (PhSecurityPolicy *self, gnutls_certificate_credentials_t credentials, GError **error)
{
  int n;

  if (self->ca_file == NULL)
    {
      /* none at all is no error here: then every certificate has an unknown authority */
      gnutls_certificate_set_x509_system_trust (credentials);
      return TRUE;
    }
  n = gnutls_certificate_set_x509_trust_file (credentials, self->ca_file, GNUTLS_X509_FMT_PEM);
  if (n > 0)
    return TRUE;
  return fail (error, "The file of authorities %s can't be used: %s", self->ca_file, n == 0 ? "it holds no certificate" : gnutls_strerror (n));
}

/* GnuTLS itself would go on using a list that has been superseded, and with it take what was revoked since. */
static gboolean
check_crls (const char *path, gnutls_x509_crl_t *lists, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      time_t following = gnutls_x509_crl_get_next_update (lists[i]);
      g_autoptr (GDateTime) time = following != (time_t) -1 ? g_date_time_new_from_unix_utc (following) : NULL;
      g_autofree char *date = time != NULL ? g_date_time_format (time, "%Y-%m-%d") : NULL;

      if (date != NULL && following < g_get_real_time () / G_USEC_PER_SEC)
        return fail (error, "The list of revoked certificates %s is out of date (since %s)", path, date);
    }
  return TRUE;
}

static gboolean
load_crl (const char *path, gnutls_certificate_credentials_t credentials, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *text = NULL;
  gnutls_x509_crl_t *lists = NULL;
  gnutls_datum_t data;
  gboolean success;
  guint n = 0;
  gsize length;
  int result;

  if (!g_file_get_contents (path, &text, &length, &reason))
    return fail (error, "The list of revoked certificates %s can't be read: %s", path, reason->message);
  data.data = (guint8 *) text;
  data.size = length;
  result = gnutls_x509_crl_list_import2 (&lists, &n, &data, GNUTLS_X509_FMT_PEM, 0);
  if (result < 0)
    return fail (error, "The list of revoked certificates %s can't be read: %s", path, gnutls_strerror (result));
  success = check_crls (path, lists, n, error);
  if (success && gnutls_certificate_set_x509_crl (credentials, lists, n) <= 0)
    success = fail (error, "The list of revoked certificates %s is of no authority that is trusted", path);
  for (guint i = 0; i < n; i++)
    gnutls_x509_crl_deinit (lists[i]);
  gnutls_free (lists);
  return success;
}

static gboolean
load_crls (PhSecurityPolicy *self, gnutls_certificate_credentials_t credentials, GError **error)
{
  for (guint i = 0; i < self->crl_files->len; i++)
    if (!load_crl (g_ptr_array_index (self->crl_files, i), credentials, error))
      return FALSE;
  return TRUE;
}

static gboolean
load_files (PhSecurityPolicy *self, gnutls_certificate_credentials_t credentials, GError **error)
{
  const char *key_path = self->key_path != NULL ? self->key_path : self->certificate_path;
  int result;

  result = gnutls_certificate_set_x509_key_file (credentials, self->certificate_path, key_path, GNUTLS_X509_FMT_PEM);
  if (result >= 0)
    return TRUE;
  return fail (error, "The client certificate %s with the key %s can't be used: %s", self->certificate_path, key_path, gnutls_strerror (result));
}

/* First without a password: many have none. */
static gboolean
load_pkcs12 (PhSecurityPolicy *self, gnutls_certificate_credentials_t credentials, GError **error)
{
  int result = gnutls_certificate_set_x509_simple_pkcs12_file (credentials, self->pkcs12_path, GNUTLS_X509_FMT_DER, NULL);

  for (guint attempt = 0; result == GNUTLS_E_MAC_VERIFY_FAILED || result == GNUTLS_E_DECRYPTION_FAILED; attempt++)
    {
      g_autoptr (PhSecret) password = ph_key_password_ask (self, self->pkcs12_path, attempt);

      if (password == NULL)
        return fail (error, "The client certificate %s can't be used: %s", self->pkcs12_path,
                     attempt == 0 ? "it needs a password" : "the password is wrong");
      result = gnutls_certificate_set_x509_simple_pkcs12_file (credentials, self->pkcs12_path, GNUTLS_X509_FMT_DER, ph_secret_get (password, NULL));
    }
  if (result >= 0)
    return TRUE;
  return fail (error, "The client certificate %s can't be used: %s", self->pkcs12_path, gnutls_strerror (result));
}

static gboolean
load_all (PhSecurityPolicy *self, gnutls_certificate_credentials_t credentials, GError **error)
{
  gnutls_certificate_set_pin_function (credentials, ph_key_password_answer, self);
  if (!load_trust (self, credentials, error) || !load_crls (self, credentials, error))
    return FALSE;
  if (self->pkcs12_path != NULL)
    return load_pkcs12 (self, credentials, error);
  return self->certificate_path == NULL || load_files (self, credentials, error);
}

static char *
compose_priority (PhSecurityPolicy *self)
{
  GString *text = g_string_new (self->priority);

  for (int i = PH_TLS_V1_0; self->minimum != PH_TLS_BY_PRIORITY && i <= PH_TLS_V1_3; i++)
    g_string_append_printf (text, ":%c%s", i < (int) self->minimum ? '-' : '+', versions[i]);
  return g_string_free (text, FALSE);
}

static gboolean
load_priority (PhSecurityPolicy *self, gnutls_priority_t *cache, GError **error)
{
  g_autofree char *text = compose_priority (self);
  const char *position;
  int result = gnutls_priority_init (cache, text, &position);

  if (result >= 0)
    return TRUE;
  return fail (error, "The TLS priority can't be read from “%s” on: %s", result == GNUTLS_E_INVALID_REQUEST ? position : text,
               gnutls_strerror (result));
}

static gboolean
load_once (PhSecurityPolicy *self, GError **error)
{
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t cache;
  int result;

  if (ph_security_policy_is_loaded (self))
    return TRUE;
  if (!load_priority (self, &cache, error))
    return FALSE;
  result = gnutls_certificate_allocate_credentials (&credentials);
  if (result < 0)
    g_error ("%s", gnutls_strerror (result)); /* out of memory */
  if (!load_all (self, credentials, error))
    {
      gnutls_certificate_free_credentials (credentials);
      gnutls_priority_deinit (cache);
      return FALSE;
    }
  g_mutex_lock (&self->lock);
  self->credentials = credentials;
  self->cache = cache;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

gboolean
ph_security_policy_load (PhSecurityPolicy *self, GError **error)
{
  gboolean success;

  if (ph_security_policy_is_loaded (self))
    return TRUE;
  /* who waited for the lock here might be who is to answer */
  if (g_atomic_int_get (&self->asking) > 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "The password of the client's key is just being asked for");
      return FALSE;
    }
  g_mutex_lock (&self->loading);
  success = load_once (self, error);
  g_mutex_unlock (&self->loading);
  return success;
}

gboolean
ph_security_policy_is_loaded (PhSecurityPolicy *self)
{
  gboolean is_loaded;

  g_mutex_lock (&self->lock);
  is_loaded = self->credentials != NULL;
  g_mutex_unlock (&self->lock);
  return is_loaded;
}

gnutls_certificate_credentials_t
ph_security_policy_get_tls_credentials (PhSecurityPolicy *self, GError **error)
{
  return ph_security_policy_load (self, error) ? self->credentials : NULL;
}

gnutls_priority_t
ph_security_policy_get_tls_priority (PhSecurityPolicy *self)
{
  return self->cache;
}

static gboolean
is_in_token (const char *path)
{
  return path != NULL && gnutls_url_is_supported (path) != 0;
}

gboolean
ph_security_policy_may_block (PhSecurityPolicy *self)
{
  return is_in_token (self->key_path) || is_in_token (self->certificate_path);
}

PhTlsTickets *
ph_security_policy_get_tickets (PhSecurityPolicy *self)
{
  return self->resumption ? self->tickets : NULL;
}
