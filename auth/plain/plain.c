/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PLAIN (RFC 4616): name and password in one message, as they are.
 *
 *   message = [authzid] UTF8NUL authcid UTF8NUL passwd
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

static GBytes *
plain_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  const char *authorization = ph_sasl_context_get_authorization (context);
  gsize length = 0;
  const char *secret = ph_secret_get (ph_sasl_context_get_secret (context), &length);

  if (ph_sasl_context_get_step (context) > 0)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_PROTOCOL, "The server asked for more after PLAIN's only message");
      return NULL;
    }

  /* NUL is what separates the parts; a longer password would be cut off in silence */
  if (strlen (secret) != length)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "PLAIN can't carry a password with a NUL octet");
      return NULL;
    }

  return ph_sasl_context_reply (context, authorization != NULL ? authorization : "", PH_SASL_NUL,
                                ph_sasl_context_get_user (context), PH_SASL_NUL, secret, NULL);
}

static void
plain_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = plain_respond;
}

PH_DEFINE_SASL_MECHANISM_FULL (Plain, plain, "plain", "PLAIN", PH_SASL_PLAINTEXT | PH_SASL_CLIENT_FIRST | PH_SASL_AUTHORIZATION,
                               PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET, PH_RANK_PRIMARY, "Name and password, as they are (RFC 4616)")
