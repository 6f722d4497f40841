/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRAM-MD5 (RFC 2195): proves that the password is known without sending it.
 *
 *   response = user SP hex (HMAC-MD5 (password, challenge))
 *
 * HMAC by GnuTLS and not by GHmac, which leaves the key in memory that it gives back.
 */
#include <posthorn/posthorn-plugin.h>

#include <gnutls/crypto.h>

#define DIGEST_SIZE 16

static gboolean
compute_digest (PhSecret *key, GBytes *challenge, char *hex, GError **error)
{
  guint8 digest[DIGEST_SIZE];
  gsize key_length, length;
  const char *key_data = ph_secret_get (key, &key_length);
  gconstpointer data = g_bytes_get_data (challenge, &length);
  int code = gnutls_hmac_fast (GNUTLS_MAC_MD5, key_data, key_length, data, length, digest);

  if (code < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "CRAM-MD5 can't be used on this system: %s", gnutls_strerror (code));
      return FALSE;
    }

  for (int i = 0; i < DIGEST_SIZE; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", digest[i]);

  return TRUE;
}

static GBytes *
cram_md5_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  char hex[2 * DIGEST_SIZE + 1];

  /* an answer to an empty challenge is the same every time: whoever got one could look the password up */
  if (ph_sasl_context_get_step (context) > 0 || g_bytes_get_size (challenge) == 0)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_PROTOCOL, "The server sent no challenge, or more than one, for CRAM-MD5");
      return NULL;
    }

  if (!compute_digest (ph_sasl_context_get_secret (context), challenge, hex, error))
    return NULL;

  return ph_sasl_context_reply (context, ph_sasl_context_get_user (context), " ", hex, NULL);
}

static void
cram_md5_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = cram_md5_respond;
}

PH_DEFINE_SASL_MECHANISM_FULL (CramMd5, cram_md5, "cram-md5", "CRAM-MD5", PH_SASL_DEPRECATED, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET,
                               PH_RANK_SECONDARY, "Challenge and keyed MD5 digest (RFC 2195)")
